"""Whether a page for answering, on the district's server or a union's own, is the one that a paper names.

This file needs nothing but Python, so that it can be read and run alone: `python client.py URL PAPER_FILE`.
"""

import json
import sys
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin
from urllib.request import Request, urlopen

HERE = "here.js"
"""The one file that differs on a union's own server: it says for which paper and which door the page is."""

_HERE = """// Where a union hosts this page: the hash of the paper, the address of the survey.
export const PAPER = "{paper}";
export const DOOR = "{door}";
"""
_SECONDS = 30
_MOST_BYTES = 1 << 20

Fetch = Callable[[str], bytes]


@dataclass(frozen=True)
class Found:
    """What was found of one file, in words; `same` says whether it is as it should be."""

    name: str
    same: bool
    words: str

    def __str__(self) -> str:
        return f"{self.name}: {self.words}"


def here_js(paper_hash: bytes | None = None, door: str = "") -> bytes:
    """`here.js` of a page for this paper that sends to this door; without a paper, the one of the district's."""
    paper = urlsafe_b64encode(paper_hash).decode().rstrip("=") if paper_hash else ""
    return _HERE.format(paper=paper, door=door).encode()


def door_of(content: Mapping[str, Any]) -> str:
    """The address of the survey at the respondents' door, as its paper names it."""
    return f"{content['addresses']['answer']}/s/{content['survey']}/"


def fetch(url: str) -> bytes:
    """The bytes at an address, asked for as browsers ask. Raises OSError, ValueError for no address."""
    with urlopen(Request(url, headers={"User-Agent": "Mozilla/5.0"}), timeout=_SECONDS) as answer:
        return bytes(answer.read(_MOST_BYTES))


def compare(url: str, paper: bytes, get: Fetch = fetch) -> Iterator[Found]:
    """What is served at `url`, file by file, against the hashes in the paper.

    `url` is the address of the page or of its folder; what stands behind `#` is a person's secret and goes nowhere.
    Raises ValueError where `paper` is no paper that names its page.
    """
    content = json.loads(paper)
    if not isinstance(content, dict) or not content.get("client") or "addresses" not in content:
        raise ValueError("the file is no paper that names its page")
    own = here_js(sha256(paper).digest(), door_of(content))
    folder = _folder(url, content["client"])
    for name, expected in sorted(content["client"].items()):
        yield _found(name, expected, own, get, urljoin(folder, name))


def _folder(url: str, names: Mapping[str, str]) -> str:
    page = urldefrag(url).url
    return page if page.endswith("/") or page.rpartition("/")[2] in names else f"{page}/"


def _found(name: str, expected: str, own: bytes, get: Fetch, address: str) -> Found:
    try:
        data = get(address)
    except OSError as error:
        return Found(name, False, f"could not be fetched ({error})")
    if sha256(data).hexdigest() == expected:
        return Found(name, True, "the same as in the paper")
    if name == HERE and data == own:
        return Found(name, True, "set for this paper and for the door that the paper names")
    return Found(name, False, f"DIFFERS from the paper: {sha256(data).hexdigest()} instead of {expected}")


def main(arguments: Sequence[str]) -> int:
    """Print what was found of each file of the page; return 1 where one is not as it should be."""
    url, file = arguments
    try:
        found = list(compare(url, Path(file).read_bytes()))
    except (OSError, ValueError) as error:
        sys.stdout.write(f"This could not be checked: {error}\n")
        return 1
    same = all(one.same for one in found)
    sys.stdout.write("\n".join([*map(str, found), _SAME if same else _DIFFERS, ""]))
    return 0 if same else 1


_SAME = "This page is the one that the paper names. Compare the fingerprint of the paper with your letter or card."
_DIFFERS = "This page is NOT the one that the paper names. Nobody should answer there until it is known why."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
