"""A page for answering against its paper: the district's, a union's own, and those that were changed."""

import json
import subprocess
import sys
from hashlib import sha256

import pytest

from commonground.sealing import client

FILES = {"answer.html": b"<!doctype html>", "page.js": b"import './here.js'", "here.js": client.here_js()}
PAPER = json.dumps(
    {
        "survey": "ab" * 16,
        "addresses": {"answer": "https://respond.example", "pass": "https://site.example/pass/"},
        "client": {name: sha256(data).hexdigest() for name, data in FILES.items()},
    }
).encode()
DOOR = f"https://respond.example/s/{'ab' * 16}/"
PAGE = f"{DOOR}client/answer.html"
OWN = client.here_js(sha256(PAPER).digest(), DOOR)


def compared(files: dict[str, bytes], url: str = PAGE) -> dict[str, client.Found]:
    asked: list[str] = []

    def get(address: str) -> bytes:
        asked.append(address)
        name = address.removeprefix(f"{DOOR}client/")
        if name not in files:
            raise OSError("404")
        return files[name]

    found = {one.name: one for one in client.compare(url, PAPER, get)}
    assert "#" not in "".join(asked)
    return found


def test_the_page_that_the_paper_names_is_the_same():
    found = compared(FILES)
    assert found.keys() == FILES.keys() and all(one.same for one in found.values())


@pytest.mark.parametrize("url", [PAGE, f"{PAGE}#k=secret&p=x", f"{DOOR}client/", f"{DOOR}client"])
def test_the_page_is_found_by_its_address_or_its_folder_and_no_secret_is_sent(url):
    assert all(one.same for one in compared(FILES, url).values())


@pytest.mark.parametrize("name", FILES)
def test_one_changed_byte_is_told_of(name):
    found = compared({**FILES, name: FILES[name] + b" "})
    assert [one.name for one in found.values() if not one.same] == [name] and "DIFFERS" in str(found[name])


def test_a_file_that_lacks_is_told_of():
    found = compared({name: data for name, data in FILES.items() if name != "page.js"})
    assert not found["page.js"].same and "could not be fetched" in str(found["page.js"])


def test_a_unions_own_page_may_differ_in_where_it_belongs_and_only_so():
    assert all(one.same for one in compared({**FILES, "here.js": OWN}).values())
    elsewhere = client.here_js(sha256(PAPER).digest(), DOOR.replace("respond", "evil"))
    for here in (elsewhere, client.here_js(sha256(b"another").digest(), DOOR), OWN + b"\n"):
        assert not compared({**FILES, "here.js": here})["here.js"].same


@pytest.mark.parametrize("paper", [b"", b"[]", b"{}", b'{"client": {}, "addresses": {}}'])
def test_what_is_no_paper_is_refused(paper):
    with pytest.raises(ValueError, match=r"paper|Expecting"):
        list(client.compare(PAGE, paper, FILES.__getitem__))


def test_the_file_runs_alone_with_nothing_but_python(tmp_path):
    (tmp_path / "paper.json").write_bytes(PAPER)
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)

    def run() -> subprocess.CompletedProcess[str]:
        command = [
            sys.executable,
            "-I",
            "-S",
            client.__file__,
            tmp_path.as_uri() + "/",
            str(tmp_path / "paper.json"),
        ]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    done = run()
    assert done.returncode == 0 and done.stdout.count("the same as in the paper") == 3, done.stderr
    (tmp_path / "page.js").write_bytes(b"another")
    done = run()
    assert done.returncode == 1 and "page.js: DIFFERS" in done.stdout and "NOT" in done.stdout
