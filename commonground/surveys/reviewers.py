"""Who reads the comments of a survey, with which keys; and the comments, sealed, from the count to the end.

A reviewer's key is made like a party's, but stands in the paper beside the block of seals: nobody needs it to open
an answer, and no trial is made of it, since the words are typed from the sheet when it is made.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db import OperationalError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from commonground.access.actor import Actor
from commonground.access.table import Action
from commonground.kernel import compaction
from commonground.kernel.errors import Refused
from commonground.kernel.text import sha256
from commonground.ledger.acts import act, record
from commonground.partnership.models import Membership
from commonground.sealing.comments import SealedTwice, in_lists
from commonground.sealing.errors import SealingError
from commonground.sealing.formats import TradingFile, read_file
from commonground.sealing.levels import REST, levels_of, printed
from commonground.surveys import drafting
from commonground.surveys.models import Reviewer, SealedComment, Survey
from commonground.surveys.opening_files import paper_of
from commonground.surveys.seals import in_words, key_in

LABOR, MANAGEMENT = 1, 2


@act(Action.NAME_REVIEWER)
def name(actor: Actor, survey_id: UUID, person_id: UUID) -> Reviewer:
    """Name who reads the comments for a side; whoever was named before is so no more, and that key is void."""
    survey = drafting.open_draft(actor, survey_id)
    members = Membership.rows.within(actor.tenant).filter(person=person_id, until=None, party__isnull=False)
    member = members.select_related("party").order_by("since", "pk").first()
    if member is None or member.party is None:
        raise Refused(_("A reviewer holds a role of a party. Invite the person first."))
    place = LABOR if member.party.is_labor else MANAGEMENT
    of_survey(survey).filter(place=place).exclude(person=person_id).delete()
    reviewer, _new = Reviewer.rows.within(actor.tenant).get_or_create(
        partnership_id=actor.tenant, survey=survey, place=place, person_id=person_id, party=member.party
    )
    record(actor, survey=survey.pk, for_party=member.party_id, reviewer=person_id)
    return reviewer


@act(Action.NAME_REVIEWER)
def say_whom_to_tell(actor: Actor, survey_id: UUID, *, en: str, es: str) -> None:
    """Say whom the reviewers tell when a comment speaks of a threat or of a child in danger."""
    survey = drafting.open_draft(actor, survey_id)
    survey.alert_en, survey.alert_es = en.strip(), es.strip()
    survey.save(update_fields=["alert_en", "alert_es"])
    record(actor, survey=survey.pk)


def of_survey(survey: Survey) -> QuerySet[Reviewer]:
    """Return the reviewers of a survey, labor first."""
    return Reviewer.rows.within(survey.partnership_id).filter(survey=survey)


def own(actor: Actor, survey: Survey) -> Reviewer:
    """Return the reviewer who the actor is; raises Refused for anybody else."""
    reviewer = of_survey(survey).filter(person=actor.person_id).select_related("party").first()
    if reviewer is None:
        raise Refused(_("Only the two reviewers whom the survey names do this. Nothing was changed."), "reviewer")
    return reviewer


# The reading key


def key_task(actor: Actor, survey_id: UUID) -> bytes:
    """Return the file with which a reviewer makes the own key in the keepers' page."""
    survey = Survey.rows.one(actor.tenant, survey_id)
    return TradingFile({"task": "make-key", "reads": True, **heading(survey, own(actor, survey))}).to_bytes()


def heading(survey: Survey, reviewer: Reviewer) -> dict[str, Any]:
    """Return what every task file of a reviewer begins with."""
    return {
        "survey": survey.public_id,
        "survey_title": survey.title_en,
        "party": reviewer.party_id.hex,
        "party_name": reviewer.party.name,
    }


@act(Action.MAKE_READING_KEY)
def receive_key(actor: Actor, survey_id: UUID, data: bytes) -> Reviewer:
    """Take the public half of the own key, and the private half wrapped; a second key replaces the first."""
    survey = drafting.open_draft(actor, survey_id)
    reviewer = own(actor, survey)
    reviewer.public_key, reviewer.wrapped = key_in(answer(data, "party-key", survey, reviewer))
    reviewer.save(update_fields=["public_key", "wrapped"])
    record(actor, survey=survey.pk, key=sha256(bytes.fromhex(reviewer.public_key)))
    return reviewer


def answer(data: bytes, expected: str, survey: Survey, reviewer: Reviewer) -> dict[str, Any]:
    """Return what a result file of a reviewer says. Raises Refused for any other file."""
    try:
        message = dict(read_file(data).message)
    except SealingError as error:
        raise in_words(error) from error
    if message.get("result") != expected:
        raise Refused(_("This is not the file that this step asks for. Nothing was changed."), "other_file")
    if message.get("survey") != survey.public_id or message.get("party") != reviewer.party_id.hex:
        raise Refused(_("This file belongs to another survey or party. Nothing was changed."), "other_survey")
    return message


# From the count to the end


def keep(survey: Survey, comments: Iterable[SealedTwice], release: Mapping[str, Any]) -> None:
    """Store sealed comments in the order of random ids. Called inside the counting act.

    A comment keeps its level where the release tells of a list of its own, and else loses it here.
    """
    tenant = survey.partnership_id
    levels = levels_of(paper_of(survey).content)
    unplaced = printed(levels, release["tables"]).unplaced if levels else REST
    rows = [
        SealedComment(
            partnership_id=tenant,
            survey=survey,
            question=one.question,
            may_quote=one.may_quote,
            level=one.level,
            first=one.seals[0],
            second=one.seals[1],
        )
        for one in in_lists(comments, release.get("comment_levels", {}), unplaced)
    ]
    SealedComment.rows.within(tenant).bulk_create(sorted(rows, key=lambda row: row.pk))


def comments_of(survey: Survey) -> QuerySet[SealedComment]:
    """Return the comments of a survey that were sealed to the reviewers."""
    return SealedComment.rows.within(survey.partnership_id).filter(survey=survey)


def erase(survey: Survey) -> None:
    """Erase seals and level of every comment, and the reviewers' locked keys: nobody can read one from now on."""
    comments_of(survey).update(first=b"", second=b"", level="", proposed=b"", proposed_hash="")
    of_survey(survey).update(wrapped="")


def clear_away(*more: type[Model]) -> None:
    """Clear old copies of what was erased out of files and logs, of `more` tables too.

    What is being read goes the next time.
    """
    with suppress(OperationalError):
        compaction.compact("default", SealedComment, Reviewer, *more)
