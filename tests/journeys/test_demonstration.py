"""The demonstration as it is made: who was asked how, what was answered, what is shown, and what stays sealed."""

import json
import subprocess
import sys

import pytest

from commonground.demo import answers
from commonground.disclosure.attack import learn
from tests.server import place, seeded

pytestmark = pytest.mark.journey

FACTS = """
import json

import django

django.setup()
from commonground.demo import cast
from commonground.partnership.queries import actor_of
from commonground.partnership.models import Partnership
from commonground.people.models import Person
from commonground.releases.models import Release
from commonground.responses import queries as responses
from commonground.surveys import draft_cards, drafts
from commonground.surveys.models import CodeBatch, Eligible, Survey

tenant = Partnership.objects.get(slug=cast.SLUG).pk
surveys = {row.title_en: row for row in Survey.rows.within(tenant)}
draft = next(row for row in surveys.values() if row.state == "drafting" and row.opens_at)
luz = actor_of(Person.objects.get(email=cast.LUZ.email).pk, tenant)
card = draft_cards.draft(luz, draft.pk)
batches = CodeBatch.rows.within(tenant)
print(json.dumps({
    "release": json.loads(bytes(Release.rows.within(tenant).get(number=1).data)),
    "printed": {
        title: sum(batches.filter(survey=row).values_list("count", flat=True)) for title, row in surveys.items()
    },
    "mailed": {
        title: Eligible.rows.within(tenant).filter(survey=row, letters__gt=0).count()
        for title, row in surveys.items()
    },
    "piles": {
        title: list(row.handovers.values_list("brought", "drawn", "cancelled")) for title, row in surveys.items()
    },
    "closing": dict(responses.bulletin(surveys["How is work going for you?"].public_id).closing),
    "states": {title: row.state for title, row in surveys.items()},
    "paper": json.loads(surveys["How is work going for you?"].paper),
    "parked": [q.text.en for part in card.parts for q in part.questions if q.talk.is_parked],
    "asked": [asked.text.en for asked in drafts.read(draft).asked],
    "comments": sum(len(q.talk.remarks) for part in card.parts for q in part.questions),
    "tables": [[table.name, *table.words] for table in card.tables],
}))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return seeded(tmp_path_factory.mktemp("demonstration") / "data")


@pytest.fixture(scope="module")
def facts(folder):
    variables = {**place(folder).variables, "DJANGO_SETTINGS_MODULE": "commonground.config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", FACTS], env=variables, capture_output=True, text=True, check=True, timeout=120
    )
    return json.loads(done.stdout.splitlines()[-1])


def labels(facts, id, *names):
    """Return the place of the reported group of a breakdown that holds these labels, and no other."""
    asked = next(question for question in facts["release"]["words"]["questions"] if question["id"] == id)
    wanted = {place for place, option in enumerate(asked["options"]) if set(option["holds"]) & set(names)}
    groups = next(group for group in facts["release"]["tables"]["groups"] if group["id"] == id)["reporting"]
    return next(place for place, group in enumerate(groups) if set(group["holds"]) >= wanted)


def cell(facts, **at):
    return next(each for each in facts["release"]["tables"]["cells"] if each["at"] == at)


def test_814_answers_of_1482_people_are_counted_with_the_exact_number_of_each_unit(facts):
    counts = facts["release"]["counts"]
    assert (counts["eligible"], counts["sealed"], counts["counted"]) == (1482, 814, 814)
    unit = next(q for q in facts["release"]["words"]["questions"] if q["group"] == "unit")
    numbers = [cell(facts, **{unit["id"]: place})["n"] for place in range(4)]
    assert numbers == list(answers.ANSWERED.values()) == [475, 243, 32, 64]


def test_who_has_a_mailbox_got_a_link_and_the_others_a_code_to_draw(facts):
    for title in ("How is work going for you?", "Did breaks get better?"):
        assert (facts["printed"][title], facts["mailed"][title]) == (282, 1200)
    assert round(100 * 1200 / 1482) == 81


def test_printed_codes_were_drawn_or_cancelled_before_two_witnesses_and_one_is_missing(facts):
    (brought, drawn, _), (left, _, cancelled) = sorted(facts["piles"]["How is work going for you?"])
    closing = facts["closing"]
    assert (brought, left) == (drawn, cancelled)
    assert closing["codes_drawn"] == drawn >= closing["codes_used"] > 100
    assert closing["codes_drawn"] + closing["codes_cancelled"] + closing["codes_missing"] == 282
    assert closing["codes_missing"] == 1 and closing["answers_by_pass"] <= closing["passes"]


def test_the_small_school_stands_in_no_line_of_its_own(facts):
    site = next(question for question in facts["paper"]["questions"] if question["group"] == "site")
    (joined,) = [option for option in site["options"] if "Cedar Continuation" in option["holds"]]
    assert len(joined["holds"]) == 2 and joined["roster"] == 118
    assert joined["text"]["es"] == "Intermedia Mill Creek y Escuela de continuación Cedar"
    assert joined["level"] == {"en": "Middle and high schools", "es": "Escuelas intermedias y preparatorias"}


def test_the_cells_that_a_simple_rule_gives_away_are_not_told_by_the_release(facts):
    ids = {question["group"]: question["id"] for question in facts["paper"]["questions"] if question["group"]}
    trades = labels(facts, ids["job_family"], "Skilled trades")
    places = [labels(facts, ids["site"], name) for name in ("Transport yard", "District office and maintenance")]
    yard, office = (cell(facts, **{ids["site"]: place, ids["job_family"]: trades})["n"] for place in places)
    everywhere = cell(facts, **{ids["job_family"]: trades})["n"]
    assert yard is None and None in (office, everywhere)
    assert learn(facts["release"]["tables"]) == []


def test_a_comment_that_names_a_principal_stays_sealed(facts, folder):
    assert any(question["kind"] == "text" for question in facts["paper"]["questions"])
    secret = answers.NAMING.encode()
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 2 and not [path for path in files if secret in path.read_bytes()]


def test_one_item_of_the_draft_went_to_the_bargaining_table(facts):
    assert facts["parked"] == ["Would you trade a paid holiday for a shorter day in June?"]
    assert facts["parked"][0] not in facts["asked"] and facts["comments"] == 4


def test_the_draft_says_what_its_tables_can_show(facts):
    words = {name: " ".join(said) for name, *said in facts["tables"]}
    assert "Tagalog and Another language" in words["By the preferred language (question 2)"]
    crossed = words["By the place where people work, crossed with the preferred language"]
    assert "32 of 59 groups have 10 people or more on the staff list." in crossed


def test_one_survey_is_counted_one_open_one_waits_and_one_is_written(facts):
    assert sorted(facts["states"].values()) == ["counted", "drafting", "launched", "waiting"]
