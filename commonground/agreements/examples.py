"""A charter and agreements that could be frozen, addresses and a call for each act, for guards and tests."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from commonground.access.actor import Actor
from commonground.agreements import actions, writing
from commonground.agreements.contents import Both, Contents, DecisionRight, Holders, Right
from commonground.agreements.models import Agreement
from commonground.agreements.terms import PARTS, AgreementKind, Terms
from commonground.approvals.actions import turn_key
from commonground.demo import cast
from commonground.kernel import time

KEY_HOLDERS = {
    cast.TEACHERS: (cast.DANA, cast.GRACE),
    cast.CLASSIFIED: (cast.LUZ, cast.ELENA),
    cast.TRADES: (cast.RAY, cast.ANA),
    cast.MANAGEMENT: (cast.HELEN, cast.DENISE),
}
FOUNDERS = (cast.DANA, cast.LUZ, cast.RAY, cast.DENISE)
SURVEY = Both("What the survey asks", "Qué pregunta la encuesta")


def contents(valley: Any, **changed: Any) -> Contents:
    """Return a whole charter for the cast: the superintendent holds management's key, her co-chair is alternate."""
    parts: dict[str, Any] = {
        "purpose": Both("We make work here better, together.", "Mejoramos juntos el trabajo aquí."),
        "students": Both("Rested adults teach better.", "Los adultos descansados enseñan mejor."),
        "rights": (
            Right(Both("What the survey asks", "Qué pregunta la encuesta"), DecisionRight.COMMITTEE_DECIDES),
        ),
        "reconvene": Both("We meet within 30 days.", "Nos reunimos en 30 días."),
        "holders": {
            valley.parties[party].pk: Holders((valley.people[one.name].pk,), (valley.people[other.name].pk,))
            for party, (one, other) in KEY_HOLDERS.items()
        },
    }
    return Contents(**{**parts, **changed})


def drafted(valley: Any, **changed: Any) -> tuple[UUID, int]:
    """Write a whole draft as the labor co-chair; return its id and revision."""
    luz = valley.actor(cast.LUZ)
    draft = actions.start_charter(luz)
    draft = actions.save_charter(luz, draft.pk, draft.revision, contents(valley, **changed))
    return draft.pk, draft.revision


def terms(valley: Any, kind: AgreementKind = AgreementKind.GROUND_RULES, **changed: Any) -> Terms:
    """Return a whole text of this kind."""
    words = {
        "title": Both("Ground rules", "Reglas de trato"),
        "text": Both("We listen to the end.", "Escuchamos hasta el final."),
        "goes_on": Both("What was promised to staff.", "Lo prometido al personal."),
        "waits": Both("New surveys.", "Encuestas nuevas."),
        "message": Both("We pause, and we come back.", "Hacemos una pausa y volveremos."),
    }
    today = time.now().date()
    facts: dict[str, Any] = {
        "expires_on": today + timedelta(days=200),
        "meets_on": today + timedelta(days=21),
        "asked_by": valley.parties[cast.TRADES].pk,
    }
    whole = {part: value for part, value in (words | facts).items() if part in PARTS[kind]}
    return Terms(kind, **{**whole, **changed})


def written(valley: Any, kind: AgreementKind = AgreementKind.GROUND_RULES, **changed: Any) -> Agreement:
    """Write a whole draft of this kind as the labor co-chair."""
    luz = valley.actor(cast.LUZ)
    draft = writing.start(luz, kind)
    return writing.save(luz, draft.pk, draft.revision, terms(valley, kind, **changed))


def signed(valley: Any, kind: AgreementKind = AgreementKind.GROUND_RULES, **changed: Any) -> Agreement:
    """Bring a text of this kind into force with the keys of the four co-chairs."""
    draft = written(valley, kind, **changed)
    text = writing.lay_before_parties(valley.actor(cast.LUZ), draft.pk, draft.revision)
    for member in FOUNDERS:
        turn_key(valley.actor(member), text.pk, text.hash)
    draft.refresh_from_db()
    return draft


def active(valley: Any) -> None:
    """Bring the charter into force with the keys of the four co-chairs, so that the partnership is active."""
    text = actions.lay_before_parties(valley.actor(cast.LUZ), *drafted(valley))
    for member in FOUNDERS:
        turn_key(valley.actor(member), text.pk, text.hash)


def urls(valley: Any) -> dict[str, dict[str, object]]:
    """Return the arguments of each address besides the district."""
    drafted(valley)
    in_force: dict[str, object] = {"agreement_id": signed(valley).pk}
    return {
        **{name: {} for name in ("charter", "charter-start", "charter-draft")},
        **{name: {} for name in ("agreements", "agreement-new", "pauses")},
        "agreement": in_force,
        "agreement-renew": in_force,
        "agreement-draft": {"agreement_id": written(valley).pk},
    }


def acts(valley: Any) -> dict[str, Callable[[Actor], object]]:
    """Return one valid call for each act."""
    place = "commonground.agreements."
    draft_id, revision = drafted(valley)
    whole, rules = contents(valley), terms(valley)
    in_force, draft = signed(valley).pk, written(valley)
    return {
        place + "actions.start_charter": actions.start_charter,
        place + "actions.save_charter": lambda actor: actions.save_charter(actor, draft_id, revision, whole),
        place + "writing.start": lambda actor: writing.start(actor, AgreementKind.DECISION),
        place + "writing.renew": lambda actor: writing.renew(actor, in_force),
        place + "writing.save": lambda actor: writing.save(actor, draft.pk, draft.revision, rules),
    }
