"""A page rendered once, with gaps for what depends on the person: filling them takes microseconds."""

import re
from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

_GAP = re.compile("\x02([^\x03]*)\x03")


def gap(name: str) -> SafeString:
    """What a template prints where the value of this name goes; no text of a paper can hold these characters."""
    return SafeString(f"\x02{name}\x03")


class GappedPage:
    """Text and gaps in turn; a gap without a value stays empty."""

    def __init__(self, text: str) -> None:
        pieces = _GAP.split(text)
        self._texts = [piece.encode() for piece in pieces[::2]]
        self._names = pieces[1::2]

    @classmethod
    def of(cls, template: str, context: Mapping[str, Any]) -> "GappedPage":
        """Render a template whose context holds gaps."""
        return cls(render_to_string(template, dict(context)))

    def fill(self, values: Mapping[str, str]) -> bytes:
        """The page with these values, which are HTML already."""
        filled = [self._texts[0]]
        for name, text in zip(self._names, self._texts[1:], strict=True):
            if value := values.get(name):
                filled.append(value.encode())
            filled.append(text)
        return b"".join(filled)
