"""A survey and its next wave: what is taken over, what is refused, and what the gate keeps in mind."""

import json
from datetime import timedelta
from random import Random

import pytest

from commonground.demo import cast
from commonground.disclosure.together import learn_together, not_remembered
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.partnership.models import Site, StaffRecord
from commonground.releases.models import Release
from commonground.sealing import codes as sealing
from commonground.sealing.formats import fingerprint
from commonground.sealing.kit import read_kit
from commonground.surveys import actions, campaign, codes, drafts, following, rules, seals, tally
from commonground.surveys.models import Question, SurveyState
from commonground.surveys.reading import facts_here
from commonground.surveys.recount import Recount
from commonground.surveys.rehearsal_cards import rehearsal_card
from commonground.surveys.sentences import sentence
from commonground.surveys.tests import piles, writing
from commonground.surveys.tests.meeting import ORDER, Meeting, an_answer, give, peeled, refused

pytestmark = pytest.mark.django_db(databases=["default", "responses"])


def counted(valley, people=60):
    meeting = peeled(valley, people)
    meeting.count()
    return meeting


def next_wave(meeting):
    """The next wave as a draft with its dates, half a year later."""
    survey = following.next_wave(
        meeting.steps.actor(cast.SAM), meeting.id, title_en="Staff survey, spring", title_es="Encuesta, primavera"
    )
    opens = time.now() + timedelta(days=7)
    actions.set_terms(
        meeting.steps.actor(cast.SAM),
        survey.pk,
        opens_at=opens,
        closes_at=opens + timedelta(days=14),
        opening_on=(opens + timedelta(days=18)).date(),
        results_by=(opens + timedelta(days=40)).date(),
    )
    return writing.Steps(meeting.steps.valley, survey, {})


def launched(steps):
    for party, keepers in writing.KEEPERS.items():
        writing.name_keepers(steps, party, *keepers)
        writing.make_key(steps, party)
    seals.make_counting_key(steps.actor(cast.SAM), steps.survey.pk)
    for party in writing.KEEPERS:
        writing.try_seal(steps, party)
    actions.freeze(steps.actor(cast.LUZ), steps.survey.pk)
    writing.turn_all(steps, steps.survey.pk)
    campaign.publish_papers()
    steps.again()
    return steps


def answered(steps, people, seed=9):
    assert steps.survey.opens_at
    with time.at(steps.survey.opens_at + timedelta(days=1)):
        written = codes.draw(steps.actor(cast.SAM), steps.survey.pk, people)
        piles.handed_over(steps, people)
        meeting = Meeting(steps, [sealing.read_code(code) for code in written])
        draw = Random(seed)
        for code in meeting.codes:
            give(meeting, code, an_answer(draw))
    return meeting


def findings(steps):
    written = drafts.read(steps.again())
    return rules.gaps(written.draft, time.now())


@pytest.fixture
def first(valley):
    with time.at(writing.TODAY):
        return counted(valley)


def half_a_year_later(first):
    return time.at(first.closing_time + timedelta(days=180))


def test_a_next_wave_takes_over_questions_tables_and_minimum(first):
    with half_a_year_later(first):
        steps = next_wave(first)
        before, after = (drafts.read(survey) for survey in (first.survey, steps.again()))
        assert [row.text_en for row in after.questions] == [row.text_en for row in before.questions]
        assert [row.margin for row in after.questions] == [row.margin for row in before.questions]
        assert [[each.en for each in asked.options] for asked in after.asked] == [
            [each.en for each in asked.options] for asked in before.asked
        ]
        assert after.survey.minimum_group == before.survey.minimum_group
        assert after.before is not None
        assert after.before.surveys == (first.survey.public_id,)
        assert not {rules.Gap.GROUPS_NOT_KEPT, rules.Gap.MINIMUM_NOT_KEPT} & {each.code for each in findings(steps)}


def test_only_a_counted_survey_has_a_next_wave(valley):
    with time.at(writing.TODAY):
        steps = writing.launched(valley)
        with pytest.raises(Refused):
            following.next_wave(steps.actor(cast.SAM), steps.survey.pk, title_en="Next")


def test_a_changed_group_question_and_another_minimum_are_refused_in_words(first):
    with half_a_year_later(first):
        steps = next_wave(first)
        site = Question.rows.within(steps.survey.partnership_id).get(survey=steps.survey, dimension="site")
        actions.delete_question(steps.actor(cast.SAM), site.pk)
        survey = steps.again()
        actions.set_terms(
            steps.actor(cast.SAM),
            survey.pk,
            opens_at=survey.opens_at,
            closes_at=survey.closes_at,
            opening_on=survey.opening_on,
            results_by=survey.results_by,
            minimum_group=12,
        )
        said = [sentence(each) for each in findings(steps)]
        assert any("“Where do you work?”" in each for each in said)
        assert any("fewer than 10 people" in each for each in said)
        refused("not_ready", actions.freeze, steps.actor(cast.SAM), survey.pk)


def test_groups_of_the_first_wave_stay_together_though_the_staff_list_grew(first):
    """Mill Creek and Cedar were joined with few people; by today's roster each would stand alone."""
    tenant = first.steps.valley.partnership.pk
    small = Site.rows.within(tenant).get(name_en="Mill Creek")
    one = StaffRecord.rows.within(tenant).filter(site=small)[0]
    for number in range(20):
        StaffRecord(
            partnership_id=tenant, number=f"new-{number}", given_name="New", site=small, job_class=one.job_class
        ).save()
    with half_a_year_later(first):
        steps = next_wave(first)
        (site,) = (each for each in drafts.read(steps.again()).asked if each.dimension == "site")
        assert [group.holds for group in site.groups] == [("Mill Creek", "Cedar"), ("Oak",), ("High",)]
        alone = drafts.read(first.survey)
        assert alone.before is None


def test_the_planner_of_the_next_wave_keeps_the_last_release_in_mind(first):
    """With one person gone from Oak, its number beside the last one would tell of few."""

    def forbidden():
        card = rehearsal_card(steps.actor(cast.SAM), steps.survey.pk)
        assert card.earlier == 1 and card.rows
        return [word for row in card.rows for word in row.words if "because of an earlier survey" in word]

    with half_a_year_later(first):
        steps = next_wave(first)
        assert forbidden() == []
        gone = StaffRecord.rows.within(first.steps.valley.partnership.pk).filter(site__name_en="Oak")[0]
        gone.gone_on = first.closing_time.date()
        gone.save()
        assert forbidden() != []


def test_the_paper_names_the_series_and_the_release_what_it_was_judged_beside(first):
    with half_a_year_later(first):
        second = answered(launched(next_wave(first)), 50).close().peel(*ORDER)
        second.count()
        old, new = (
            Release.rows.within(each.survey.partnership_id).get(survey_id=each.id) for each in (first, second)
        )
        paper = json.loads(second.survey.paper)
        assert ("Series", f"wave 2, after the release {fingerprint(bytes.fromhex(old.hash))}") in facts_here(paper)
        assert paper["series"] == {"surveys": [first.survey.public_id], "release": old.hash}
        before, after = (json.loads(bytes(each.data)) for each in (old, new))
        assert before["tables"]["earlier"] == []
        assert after["tables"]["earlier"] == [{"hash": old.hash, "how": "wave", "same": {"q4": [0, 1, 2]}}]
        assert not_remembered(after, [before]) == []
        assert learn_together([before, after]) == []
        after["words"]["questions"][-1]["options"][1]["people"] = "0" * 64
        assert not_remembered(after, [before]) == ["The release calls Oak the same people as then without ground."]


def test_a_recount_of_a_later_wave_says_the_same(first):
    with half_a_year_later(first):
        second = answered(launched(next_wave(first)), 50).close().peel(*ORDER)
        second.count()
        kit = read_kit(tally.recount_kit(second.keeper(cast.TEACHERS), second.id))
    assert [json.loads(text)["survey"] for text in kit.earlier] == [first.survey.public_id]
    again = Recount(kit)
    for party in ORDER:
        again.take(second.steps.phrases[party], fingerprint(again.listing.hash))
    assert again.is_same()
    assert second.survey.state == SurveyState.COUNTED


def test_a_group_of_which_one_person_changed_is_not_called_the_same(first):
    tenant = first.steps.valley.partnership.pk
    gone = StaffRecord.rows.within(tenant).filter(site__name_en="Oak")[0]
    gone.gone_on = first.closing_time.date()
    gone.save()
    StaffRecord(
        partnership_id=tenant, number="new", given_name="New", site=gone.site, job_class=gone.job_class
    ).save()
    with half_a_year_later(first):
        (before, after) = (
            next(each for each in drafts.read(survey).asked if each.dimension == "site")
            for survey in (first.survey, next_wave(first).again())
        )
        paper = json.loads(first.survey.paper)
        was = [option["people"] for option in paper["questions"][-1]["options"]]
        assert [group.people == old for group, old in zip(after.groups, was, strict=True)] == [True, False, True]
        assert [group.roster for group in after.groups] == [26, 30, 40]
        assert before.groups[1].people == after.groups[1].people


def test_another_survey_of_the_same_people_is_judged_beside_the_first(first):
    with half_a_year_later(first):
        second = answered(writing.launched(first.steps.valley), 50).close().peel(*ORDER)
        second.count()
        old, new = (
            Release.rows.within(each.survey.partnership_id).get(survey_id=each.id) for each in (first, second)
        )
        assert "series" not in json.loads(second.survey.paper)
        before, after = (json.loads(bytes(each.data)) for each in (old, new))
        assert [(each["hash"], each["how"]) for each in after["tables"]["earlier"]] == [(old.hash, "people")]
        assert not_remembered(after, [before]) == []
