"""A table of which too much would be hidden: its groups are put together with one press, or it is left out."""

import json

import pytest

from commonground.demo import cast
from commonground.kernel.errors import Refused
from commonground.surveys import actions, drafts, groups, paper, stands
from commonground.surveys.actions import Stale
from commonground.surveys.models import Question, Stand, TablePair
from commonground.surveys.tests import writing
from commonground.surveys.tests.test_screens import sign_in, url

pytestmark = pytest.mark.django_db(databases=["default", "responses"])


@pytest.fixture
def crossed(valley):
    """A draft that crosses places with jobs: three places, of which two are elementary, and two kinds of jobs."""
    steps = writing.drafted(valley, jobs=True)
    site, job = of(steps, "site"), of(steps, "job_family")
    actions.set_plan(steps.actor(cast.SAM), steps.survey.pk, margins=[site.pk, job.pk], pairs=[(site.pk, job.pk)])
    return steps


def of(steps, dimension):
    return Question.rows.within(steps.valley.partnership.pk).get(dimension=dimension)


def offered(steps, dimension):
    asked = next(each for each in drafts.read(steps.survey).asked if each.dimension == dimension)
    return [(group.words.en, group.roster) for group in asked.groups]


def row_of(client, steps, percent):
    page = client.get(f"{url(steps, 'survey-rehearsal')}?response={percent}")
    return page.context["card"].rows[-1], page


def press(client, steps, joining, codes=None):
    at = url(steps, "survey-question-groups", question_id=joining.question_id)
    sent = {"codes": joining.codes if codes is None else codes, "mark": joining.mark, "response": 70}
    return client.post(at, sent, follow=True)


APART = [("Mill Creek and Cedar", 26), ("Oak", 30), ("High", 40)]


def test_with_one_press_groups_are_one_choice_and_the_table_shows_more(client, valley, crossed):
    sign_in(client, valley, cast.SAM)
    row, page = row_of(client, crossed, 70)
    assert "2 of 6 groups would be shown, 4 hidden." in row.words
    assert "Question 4 in 2 groups instead of 3 would show 4 of 4." in row.words
    assert "Put these groups together" in page.content.decode()
    after = press(client, crossed, row.joining)
    assert after.redirect_chain[0][0].endswith("?response=70")
    assert "4 of 4 groups would be shown, 0 hidden." in after.context["card"].rows[-1].words
    told = [("Mill Creek, Cedar and Oak", 56), ("High", 40)]
    assert offered(crossed, "site") == told
    assert "Question 4: Mill Creek, Cedar and Oak." in after.content.decode()
    (question,) = (
        each for each in paper.grouping(drafts.read(crossed.survey))["questions"] if each["group"] == "site"
    )
    assert [(each["text"]["en"], each["roster"]) for each in question["options"]] == told
    assert question["options"][0]["level"]["en"] == "Elementary"
    (joining,) = after.context["card"].together
    assert "The groups are those of the staff list again." in press(client, crossed, joining).content.decode()
    assert offered(crossed, "site") == APART


def test_the_parties_speak_anew_of_a_question_whose_groups_change(valley, crossed):
    site = of(crossed, "site")
    spoken = Stand.rows.within(valley.partnership.pk).filter(question=site).exclude(says="")
    stands.say(crossed.actor(cast.ELENA), site.pk, "fine")
    assert spoken.exists()
    codes = [["w-Mill Creek", "w-Cedar", "w-Oak"]]
    actions.put_together(crossed.actor(cast.SAM), site.pk, codes)
    assert not spoken.exists(), "Sam speaks for no party"
    actions.put_together(crossed.actor(cast.LUZ), site.pk, [])
    assert [each.party_id for each in spoken] == [crossed.actor(cast.LUZ).party_id]
    actions.edit_question(
        crossed.actor(cast.SAM),
        site.pk,
        part_id=site.part_id,
        kind="one",
        text_en="Which shift?",
        dimension="shift",
    )
    assert of(crossed, "shift").together == ""


@pytest.mark.parametrize(
    "codes",
    [
        [["w-Oak", "w-High"]],
        [["w-Cedar", "w-Oak"]],
        [["w-Mill Creek", "w-Cedar", "w-Oak", "elsewhere"]],
        [["w-Mill Creek", "w-Cedar", "w-Oak"], ["w-Oak"]],
        [["w-aides", "w-teach"]],
    ],
)
def test_only_whole_groups_of_one_level_are_put_together_and_two_are_left(crossed, codes):
    question = of(crossed, "job_family" if codes[0][0] == "w-aides" else "site")
    with pytest.raises(Refused, match="Nothing was saved"):
        actions.put_together(crossed.actor(cast.SAM), question.pk, codes)
    assert offered(crossed, "site") == APART and len(offered(crossed, "job_family")) == 2


def test_own_choices_are_not_put_together_nor_is_what_another_changed(crossed):
    sam, site = crossed.actor(cast.SAM), of(crossed, "site")
    tenure = actions.add_question(
        sam, crossed.survey.pk, site.part_id, kind="one", text_en="How long?", dimension="tenure",
        options=[("Short", "Poco"), ("Long", "Mucho")],
    )  # fmt: skip
    with pytest.raises(Refused, match="cannot be put together"):
        actions.put_together(sam, tenure.pk, [])
    with pytest.raises(Stale):
        actions.put_together(sam, site.pk, [["w-Mill Creek", "w-Cedar", "w-Oak"]], mark="0" * 16)


def test_a_place_that_came_since_stands_alone(valley, crossed):
    """What was put together stays so, whoever comes and goes; the rest is joined by its roster."""
    tenant = valley.partnership.pk
    found = groups.from_structure(tenant, "site", 10, (), [["w-Oak", "w-Cedar", "gone"]]).groups
    assert [group.codes for group in found] == [("w-Mill Creek",), ("w-Oak", "w-Cedar"), ("w-High",)]
    kept = groups.from_structure(tenant, "site", 10, [["w-High"]], [["w-Oak", "w-Cedar"]]).groups
    assert kept[0].codes == ("w-High",) and ("w-Oak", "w-Cedar") not in [group.codes for group in kept]


def test_where_nothing_helps_the_table_is_left_out_with_one_press(client, valley, crossed):
    sign_in(client, valley, cast.SAM)
    row, page = row_of(client, crossed, 55)
    assert "Too much would be hidden: better leave it out." in row.words and row.joining is None
    at, mark = url(crossed, "survey-tables-leave-out"), page.context["card"].mark
    assert (
        "Someone saved another text meanwhile."
        in client.post(at, {"pair": row.thin, "mark": "0" * 16}, follow=True).content.decode()
    )
    assert TablePair.rows.within(valley.partnership.pk).count() == 1
    after = client.post(at, {"pair": row.thin, "mark": mark, "response": "55"}, follow=True)
    assert "The table was left out." in after.content.decode()
    assert not TablePair.rows.within(valley.partnership.pk).exists()
    assert [each.name for each in after.context["card"].rows] == [
        "By the place where people work (question 4)",
        "By the kind of job (question 5)",
    ]


def test_without_the_table_all_else_of_the_plan_stays(crossed):
    """Also how comments are kept, which the parties agree on apart."""
    sam, site, job = crossed.actor(cast.SAM), of(crossed, "site"), of(crossed, "job_family")
    margins, pairs = [site.pk, job.pk], [(site.pk, job.pk)]
    actions.set_plan(sam, crossed.survey.pk, margins=margins, pairs=pairs, comments_by_level=True)
    actions.leave_table_out(sam, crossed.survey.pk, f"{job.pk.hex}:{site.pk.hex}")
    assert TablePair.rows.within(crossed.valley.partnership.pk).count() == 1, "no such table"
    actions.leave_table_out(sam, crossed.survey.pk, f"{site.pk.hex}:{job.pk.hex}")
    crossed.survey.refresh_from_db()
    assert crossed.survey.comments_by_level and not TablePair.rows.within(crossed.valley.partnership.pk).exists()
    assert of(crossed, "site").margin and of(crossed, "job_family").margin


def test_readers_see_what_would_help_and_cannot_press(client, valley, crossed):
    sign_in(client, valley, cast.HELEN)
    row, page = row_of(client, crossed, 70)
    assert row.joining and "Put these groups together" not in page.content.decode()
    assert press(client, crossed, row.joining).status_code == 403
    sign_in(client, valley, cast.SAM)
    for codes in ("", "7", "[7]", "{}"):
        assert press(client, crossed, row.joining, codes).status_code == 404
    assert json.loads(row.joining.codes) == [["w-Mill Creek", "w-Cedar", "w-Oak"]]
