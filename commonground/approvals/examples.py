"""A text for each address and a call for each act, so that the guards can walk everything."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

from commonground.access.actor import Actor
from commonground.approvals import actions
from commonground.approvals.models import FrozenText
from commonground.kernel.text import canonical

KIND = "founding"
BODY = {"format": "cg1-example", "purpose_en": "We listen first.", "purpose_es": "Primero escuchamos."}


def frozen(valley: Any, by: str = "Luz Ortega", **changed: Any) -> FrozenText:
    """Freeze a small text that binds all parties, as this person; `changed` overrides arguments of `freeze`."""
    arguments: dict[str, Any] = {
        "kind": KIND,
        "subject_id": uuid4(),
        "title": "Ground rules",
        "body": canonical(BODY).decode(),
        "changes": ["The ground rules hold from now on."],
        "bound": [party.pk for party in valley.parties.values()],
    }
    return actions.freeze(_actor(valley, by), **{**arguments, **changed})


def turned(valley: Any, text: FrozenText, people: Iterable[str]) -> FrozenText:
    """Turn the keys of these people's parties on the text."""
    for name in people:
        actions.turn_key(_actor(valley, name), text.pk, text.hash)
    return text


def _actor(valley: Any, name: str) -> Actor:
    from commonground.demo import cast

    return valley.actor(next(member for member in cast.EVERYBODY if member.name == name))  # type: ignore[no-any-return]


def urls(valley: Any) -> dict[str, dict[str, object]]:
    """Return the arguments of each address besides the district."""
    text = frozen(valley)
    names = ("text", "text-print", "text-turn", "text-send-back", "text-take-back")
    return {name: {"text_id": text.pk} for name in names}


def acts(valley: Any) -> dict[str, Callable[[Actor], object]]:
    """Return one valid call for each act; a co-chair of labor may do all of them."""
    fresh = frozen(valley)
    ours = turned(valley, frozen(valley), ("Dana Whitfield", "Luz Ortega", "Ray Tran"))
    other = frozen(valley)
    parties = [party.pk for party in valley.parties.values()]
    place = "commonground.approvals.actions."
    return {
        place + "freeze": lambda actor: actions.freeze(
            actor, kind=KIND, subject_id=uuid4(), title="T", body="B", changes=[], bound=parties
        ),
        place + "turn_key": lambda actor: actions.turn_key(actor, fresh.pk, fresh.hash),
        place + "take_key_back": lambda actor: actions.take_key_back(actor, ours.pk),
        place + "send_back": lambda actor: actions.send_back(actor, other.pk, about="question", reason="Why now?"),
    }
