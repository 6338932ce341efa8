"""The page on which people answer, as files: what a paper names by hash and a union can host itself."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders

from commonground.screening.screening import RULES

SOURCE = Path(__file__).parent / "client"
SCREENING = (RULES, RULES.with_name("screening.js"))
LOOK = ("cg/tokens.css", "cg/components.css", "cg/favicon.svg", "respond/door.css")


@cache
def files() -> Mapping[str, bytes]:
    """Return the files of this version by name; the look is the one of every other page."""
    own = {path.name: path.read_bytes() for path in sorted(SOURCE.glob("*.*"))}
    own |= {path.name: path.read_bytes() for path in SCREENING}
    look = {Path(name).name: Path(str(finders.find(name))).read_bytes() for name in LOOK}
    return own | look


@cache
def hashes() -> Mapping[str, str]:
    """Return the SHA-256 of each file in hexadecimal, as papers name them."""
    return {name: sha256(data).hexdigest() for name, data in sorted(files().items())}
