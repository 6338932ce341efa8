"""For each address of surveys a page, for each act a call that performs it; the guards walk them all."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from commonground.access.actor import Actor
from commonground.demo import cast
from commonground.kernel import time
from commonground.sealing.keeper import answer_task
from commonground.sealing.seals import new_phrase
from commonground.surveys import (
    actions,
    campaign,
    codes,
    handover,
    letters,
    opening_examples,
    reviewers,
    seals,
    stands,
)
from commonground.surveys.models import Part, Question, Survey
from commonground.surveys.tests import piles, writing
from commonground.surveys.tests.writing import Steps

OF_A_DRAFT = (
    "survey",
    "survey-texts",
    "survey-terms",
    "survey-tables",
    "survey-rehearsal",
    "survey-tables-leave-out",
    "survey-part-new",
    "survey-question-new",
    "survey-freeze",
    "survey-print",
    "survey-seals",
    "survey-seals-parties",
    "survey-seals-count",
    "survey-seals-result",
    "survey-reviewers",
    "survey-reading-task",
    "survey-reading-key",
)
OF_A_QUESTION = (
    "survey-question",
    "survey-question-change",
    "survey-question-groups",
    "survey-talk",
    "survey-talk-say",
    "survey-talk-remark",
    "survey-talk-screen",
)
OF_A_LAUNCHED = (
    "survey-pdf",
    "survey-codes",
    "survey-codes-print",
    "survey-codes-mail",
    "survey-handovers",
    "survey-kiosk",
    "survey-erratum",
    "survey-next",
)

OF_A_PILE = ("survey-pile", "survey-pile-here", "survey-pile-draw", "survey-pile-cancel", "survey-pile-close")


def urls(valley: Any) -> dict[str, dict[str, object]]:
    """Return the arguments of each address besides the district."""
    draft, launched = writing.sealed(valley), writing.launched(valley)
    part = Part.rows.within(valley.partnership.pk).filter(survey=draft.survey).first()
    question = Question.rows.within(valley.partnership.pk).filter(survey=draft.survey).first()
    assert part and question
    pile = piles.watched(launched)
    ours = valley.parties[cast.CLASSIFIED].pk
    return {
        **{name: {"survey_id": draft.survey.pk} for name in OF_A_DRAFT},
        **{name: {"survey_id": launched.survey.pk} for name in OF_A_LAUNCHED},
        **{name: {"pile_id": pile.pk} for name in OF_A_PILE},
        **{name: {"part_id": part.pk} for name in ("survey-part", "survey-part-change")},
        **{name: {"question_id": question.pk} for name in OF_A_QUESTION},
        "survey-seals-keepers": {"survey_id": draft.survey.pk, "party_id": ours},
        "survey-seals-task": {"survey_id": draft.survey.pk, "name": "trial"},
        **opening_examples.urls(launched.survey.pk),
    }


def acts(valley: Any) -> dict[str, Callable[[Actor], object]]:
    """Return one valid call for each act; the labor co-chair of Chapter 212 may do any one of them."""
    draft, launched = writing.sealed(valley), writing.launched(valley)
    spare = actions.create_survey(draft.actor(cast.SAM), title_en="Another")
    return {
        **_drafting(draft, spare),
        **_sealing(draft),
        **_reading(writing.drafted(valley)),
        **_launched(launched),
        **_handing_over(launched),
        **opening_examples.acts(valley),
    }


def _drafting(draft: Steps, spare: Survey) -> dict[str, Callable[[Actor], object]]:
    survey, tenant, here = draft.survey.pk, draft.survey.partnership_id, "commonground.surveys.actions."
    part = Part.rows.within(tenant).filter(survey=survey)[0]
    question, *_rest, site = Question.rows.within(tenant).filter(survey=survey)
    empty = actions.add_part(draft.actor(cast.SAM), spare.pk, title_en="Later")
    opens = time.now() + timedelta(days=7)
    dates: dict[str, Any] = {
        "opens_at": opens,
        "closes_at": opens + timedelta(days=14),
        "opening_on": None,
        "results_by": None,
    }
    words: dict[str, Any] = {"kind": "agreement", "text_en": "I feel respected at work."}
    return {
        here + "create_survey": lambda actor: actions.create_survey(actor, title_en="Spring pulse"),
        here + "edit_texts": lambda actor: actions.edit_texts(actor, survey, contact_en="Call 555-0100."),
        here + "set_terms": lambda actor: actions.set_terms(actor, survey, **dates),
        here + "add_part": lambda actor: actions.add_part(actor, survey, title_en="More"),
        here + "edit_part": lambda actor: actions.edit_part(actor, part.pk, title_en="Your day"),
        here + "move_part": lambda actor: actions.move_part(actor, part.pk, 1),
        here + "delete_part": lambda actor: actions.delete_part(actor, empty.pk),
        here + "add_question": lambda actor: actions.add_question(actor, survey, part.pk, **words),
        here + "edit_question": lambda actor: actions.edit_question(actor, question.pk, part_id=part.pk, **words),
        here + "move_question": lambda actor: actions.move_question(actor, question.pk, 1),
        here + "delete_question": lambda actor: actions.delete_question(actor, question.pk),
        "commonground.surveys.stands.say": lambda actor: stands.say(actor, question.pk, "change"),
        "commonground.surveys.stands.remark": lambda actor: stands.remark(
            actor, question.pk, "Could it be shorter?"
        ),
        "commonground.surveys.stands.screen": lambda actor: stands.screen(actor, question.pk, "consult"),
        here + "set_plan": lambda actor: actions.set_plan(actor, survey, margins=[site.pk]),
        here + "leave_table_out": lambda actor: actions.leave_table_out(actor, survey, ""),
        here + "put_together": lambda actor: actions.put_together(actor, site.pk, []),
        here + "freeze": lambda actor: actions.freeze(actor, survey),
    }


def _sealing(draft: Steps) -> dict[str, Callable[[Actor], object]]:
    survey, valley, here = draft.survey.pk, draft.valley, "commonground.surveys.seals."
    ours, luz = valley.parties[cast.CLASSIFIED].pk, draft.actor(cast.LUZ)
    keepers = [valley.people[name].pk for name in (cast.LUZ.name, cast.ELENA.name)]
    order = writing.party_ids(valley)
    key = answer_task(seals.key_task(luz, survey), new_phrase())
    trial = answer_task(seals.trial_task(luz, survey), draft.phrases[cast.CLASSIFIED])
    return {
        here + "set_sealing_parties": lambda actor: seals.set_sealing_parties(actor, survey, order),
        here + "name_keepers": lambda actor: seals.name_keepers(actor, survey, ours, keepers),
        here + "receive_key": lambda actor: seals.receive_key(actor, survey, key),
        here + "make_counting_key": lambda actor: seals.make_counting_key(actor, survey),
        here + "receive_trial": lambda actor: seals.receive_trial(actor, survey, trial),
    }


def _reading(draft: Steps) -> dict[str, Callable[[Actor], object]]:
    survey, here, luz = draft.survey.pk, "commonground.surveys.reviewers.", draft.actor(cast.LUZ)
    ours = draft.valley.people[cast.LUZ.name].pk
    reviewers.name(luz, survey, ours)
    key = answer_task(reviewers.key_task(luz, survey), new_phrase())
    return {
        here + "name": lambda actor: reviewers.name(actor, survey, ours),
        here + "say_whom_to_tell": lambda actor: reviewers.say_whom_to_tell(actor, survey, en="Priya", es="Priya"),
        here + "receive_key": lambda actor: reviewers.receive_key(actor, survey, key),
    }


def _launched(launched: Steps) -> dict[str, Callable[[Actor], object]]:
    survey, here = launched.survey, "commonground.surveys.codes."
    return {
        "commonground.surveys.campaign.propose_erratum": lambda actor: campaign.propose_erratum(
            actor, survey.pk, text_en="Call 555-0199.", text_es="Llame al 555-0199."
        ),
        here + "enter_batch": lambda actor: codes.enter_batch(actor, survey, "00" * 32 + "\n"),
        "commonground.surveys.letters.order": lambda actor: letters.order(actor, survey.pk),
        "commonground.surveys.letters.note_reminder": lambda actor: letters.note_reminder(actor, survey, 1, 48),
    }


def _handing_over(launched: Steps) -> dict[str, Callable[[Actor], object]]:
    survey, here = launched.survey.pk, "commonground.surveys.handover."
    pile, person = piles.watched(launched).pk, piles.asked(launched)[0]
    code = "0000-0000-0000-0000-0"
    return {
        here + "open_pile": lambda actor: handover.open_pile(actor, survey, place="High", brought=2),
        here + "join": lambda actor: handover.join(actor, pile),
        here + "stay": lambda actor: handover.stay(actor, pile),
        here + "draw": lambda actor: handover.draw(actor, pile, person, turn="a"),
        here + "_have_room": lambda actor: handover.cancel(actor, pile, "no code"),
        here + "publish_cancelled": lambda actor: handover.publish_cancelled(actor, pile, [code], came_back=False),
        here + "close_pile": lambda actor: handover.close_pile(actor, pile, left=9),
    }
