"""The page for answering as files that a labor organization can put on a server of its own."""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.template.loader import render_to_string
from django.utils import translation

from commonground.responses.editions import LANGUAGES, Edition
from commonground.responses.models import ClientFile
from commonground.responses.queries import paper_bytes
from commonground.responses.screens import in_language
from commonground.sealing.client import HERE, door_of, here_js

ROOT = "survey"
"""The folder in the file; its `client` holds the page, and beside it lead the ways to printed codes."""


def own_copy(edition: Edition) -> bytes:
    """A ZIP file, always the same bytes: the frozen page set for this paper and its door, the paper, how to use it.

    Raises KeyError where a file that the paper names is not kept.
    """
    door = door_of(edition.paper.content)
    page = {f"client/{name}": data for name, data in _frozen(edition.paper.content["client"]).items()}
    page[f"client/{HERE}"] = here_js(edition.paper.hash, door)
    ways = {f"{code}/index.html": _way(f"{door}{code}/", code) for code in LANGUAGES}
    return _zipped(
        {"README.txt": _read_me(edition, door), "paper.json": paper_bytes(edition.survey), **ways, **page}
    )


def _frozen(named: Mapping[str, str]) -> dict[str, bytes]:
    kept = {row.hash: bytes(row.data) for row in ClientFile.objects.filter(pk__in=named.values())}
    return {name: kept[digest] for name, digest in named.items()}


def _way(address: str, language: str) -> bytes:
    """Where a browser without script is led from the page's own folder."""
    return render_to_string("responses/way.html", {"address": address, "language": language}).encode()


def _read_me(edition: Edition, door: str) -> bytes:
    texts = []
    for code in LANGUAGES:
        with translation.override(code):
            content = in_language(edition.paper.content, code)
            context = {"content": content, "door": door, "fingerprint": edition.paper.fingerprint}
            texts.append(render_to_string("responses/own_copy.txt", context))
    return "\n".join(texts).encode()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, data in sorted(files.items()):
            archive.writestr(ZipInfo(f"{ROOT}/{name}"), data, ZIP_DEFLATED)
    return packed.getvalue()
