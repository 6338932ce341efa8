"""Saving a draft that several people may have open: only over the revision that was read."""

from collections.abc import Mapping
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from commonground.kernel.errors import Refused

STALE = _(
    "Someone else saved this draft while you wrote. Nothing was saved yet, and what you wrote is still "
    "here. Open the draft in a second window, take over what is new, and save again."
)


class Draft(Protocol):
    """A row that counts its savings."""

    revision: int

    def save(self) -> None:
        """Write the row."""


def save_over(draft: Draft, revision: int, values: Mapping[str, Any]) -> None:
    """Write these fields of a locked draft, and count the saving. Raises Refused when another saved meanwhile."""
    if draft.revision != revision:
        raise Refused(STALE, code="stale")
    for name, value in values.items():
        setattr(draft, name, value)
    draft.revision += 1
    draft.save()
