"""The reviewers' page: one file that also works from the reviewer's own disk.

It is put together from the page itself, what it shares with the keepers' page (look, sealing, words, files), and
the rules by which comments are screened; the same parts always give the same bytes.
"""

import re
from functools import cache
from pathlib import Path

from commonground.screening.screening import RULES
from commonground.surveys.views_seals import KEYS_PAGE, policy_of

SOURCE = Path(__file__).parent / "page" / "review.html"


@cache
def page() -> tuple[bytes, str]:
    """Return the page and the policy under which it is served."""
    keys, own = KEYS_PAGE.read_text(), SOURCE.read_text()
    own = own.replace("/* look */\n", _between(keys, "<style>\n", "</style>"))
    for names in ("rules, characters", "words, files, screening"):
        parts = (_part(keys, name) for name in names.split(", "))
        own = own.replace(f"/* program: {names} */\n", "\n".join(parts))
    return own.encode(), policy_of(own)


def _part(keys: str, name: str) -> str:
    if name != "screening":
        return _between(keys, f"/* shared: {name} */\n", "/* end of shared */")
    script = RULES.with_name("screening.js").read_text()
    return re.sub(r"^export ", "", script, flags=re.MULTILINE) + f"\nconst RULES = {RULES.read_text()};\n"


def _between(text: str, start: str, end: str) -> str:
    found = text.index(start) + len(start)
    return text[found : text.index(end, found)]
