"""What happens when the keys of a kind of text are turned: exactly one handler a kind, registered by its owner."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from commonground.access.actor import Actor
from commonground.approvals.models import FrozenText
from commonground.approvals.reading import Section, sections

Handler = Callable[[Actor, FrozenText], None]
Render = Callable[[UUID, str], list[Section]]
"""Takes the partnership and the frozen body; returns the text as people read it."""
Warn = Callable[[str], list[str]]
"""Takes the frozen body; returns what to be careful about before a key is turned, in sentences."""


def as_written(partnership_id: UUID, body: str) -> list[Section]:
    """Read a body by its own structure, for kinds that have no wording of their own."""
    return sections(body)


def nothing(actor: Actor, text: FrozenText) -> None:
    """Do nothing further."""


def no_cautions(body: str) -> list[str]:
    """Warn of nothing, for kinds whose texts need no caution."""
    return []


@dataclass(frozen=True)
class Kind:
    """A kind of joint text. The handlers run in the transaction of the last key, or of the sending back."""

    name: str
    in_force: Handler
    sent_back: Handler = nothing
    url_name: str = ""
    """Route of the page where the text's subject is worked on; takes the district's slug and `subject_id`."""
    render: Render = as_written
    cautions: Warn = no_cautions


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Register the one handler of a kind; a second one is a programming error."""
    if kind.name in KINDS:
        raise ValueError(f"the kind {kind.name} has its handler already")
    KINDS[kind.name] = kind
