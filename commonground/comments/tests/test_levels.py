"""Comments by level, from the plan to the release: what rests with a comment, and what its lists may tell."""

import dataclasses
import json
from typing import Any

import pytest

from commonground.comments import content
from commonground.comments.tests import reviewing
from commonground.comments.tests.reviewing import LABOR, MANAGEMENT, publish, theme
from commonground.config import checking
from commonground.demo import cast
from commonground.disclosure.weaker import hide
from commonground.kernel.text import canonical
from commonground.releases.models import Release
from commonground.sealing.kit import read_kit
from commonground.surveys import certification, certifier, reading, tally
from commonground.surveys.models import SealedComment
from commonground.surveys.tests.meeting import ORDER, Meeting
from commonground.surveys.tests.test_recount import again

pytestmark = pytest.mark.django_db(databases=["default", "responses"], transaction=True)

EVERYWHERE = (0, 1, 2, 3)


def counted(valley, people=60, writers=40, places=EVERYWHERE) -> tuple[reviewing.Review, dict[str, Any]]:
    """A counted survey whose comments are kept by level, and the release of its numbers."""
    held = reviewing.answered(valley, people, writers, places=places)
    release: Any = held.close().peel(*ORDER).count()
    return reviewing.Review(held), json.loads(bytes(release.data))


def rows(held: Meeting) -> list[SealedComment]:
    return list(SealedComment.rows.within(held.survey.partnership_id).filter(survey=held.id))


def finds_shade_at_high_schools(words, task):
    """Find the theme of heat in what few wrote, so that it is told of all and of no level."""
    number = int("".join(sign for sign in words if sign.isdigit()))
    own = {**publish(words, task)}
    if number < 22:
        own["themes"] = [*own["themes"], theme(task, "Buildings, heat and equipment")]
    return own


@pytest.fixture
def reviewed(valley):
    """A review done by both, with a theme in every comment and another in 22 of 40."""
    review, numbers = counted(valley)
    review.decide(LABOR, finds_shade_at_high_schools)
    review.decide(MANAGEMENT, finds_shade_at_high_schools)
    review.write(LABOR)
    release: Any = review.agree(MANAGEMENT)
    return review, numbers, json.loads(bytes(release.data))


def test_comments_stand_in_lists_by_level_and_nothing_finer_rests_with_them(valley):
    review, numbers = counted(valley)
    assert numbers["comment_levels"] == {"q3": ["Elementary", "High"]}
    kept = rows(review.meeting)
    assert sorted(one.level for one in kept) == ["Elementary"] * 20 + ["High"] * 20
    assert {len(bytes(seal)) for one in kept for seal in (one.first, one.second)} == {200 + 2 + 81}
    task, words = review.opened(LABOR)
    assert task["levels"] == {
        "Elementary": {"en": "Elementary", "es": "Primaria"},
        "High": {"en": "High", "es": "Preparatoria"},
    }
    levels = {one["id"]: one["level"] for one in task["comments"]}
    wrote = {reviewing.wrote(number): "High" if number % 4 > 1 else "Elementary" for number in range(40)}
    assert {words[key]: level for key, level in levels.items()} == wrote


def test_the_release_tells_each_list_and_no_few_between_them(reviewed):
    review, _numbers, told = reviewed
    both = told["comments"]["q3"]
    assert [(one["level"] or {}).get("en") for one in both["lists"]] == ["Elementary", "High"]
    assert [(one["answered"], one["written"]) for one in both["lists"]] == [(30, 20), (30, 20)]
    assert both["quotes"] == [] and both["written"] == 40
    for one in both["lists"]:
        assert one["quotes"] == sorted(one["quotes"], key=str.casefold) and len(one["quotes"]) == 10
        assert next((each["en"], each["mentions"]) for each in one["themes"]) == ("Breaks and rest", 20)
        assert all("kappa" not in each for each in one["themes"])
    heat = [each["mentions"] for each in both["themes"] if each["en"].startswith("Buildings")]
    here = [
        each["mentions"] for one in both["lists"] for each in one["themes"] if each["en"].startswith("Buildings")
    ]
    assert heat == [22] and here == []
    assert content.faults(told) == []
    assert {one.level for one in rows(review.meeting)} == {""}


def test_where_one_level_has_few_comments_all_stand_together(valley):
    review, numbers = counted(valley, writers=12, places=(0, 1, 0, 1, 2, 3))
    assert numbers["comment_levels"] == {"q3": []}
    assert [one.level for one in rows(review.meeting)] == [""] * 12


@pytest.mark.parametrize("hidden", [0, 1])
def test_a_level_that_the_certificate_hides_has_no_list_and_its_comments_lose_it(valley, own_files, hidden):
    held = reviewing.answered(valley, 60, 40, places=EVERYWHERE)
    held.close().peel(*ORDER).drafted()
    taken = certification.take(certification.waiting()[0])
    assert taken
    counted, work = taken
    assert {one.level for one in counted.comments} == {"Elementary", "High"}
    work.document = hide(work.document, [frozenset({("q4/level", hidden)})])
    certification._put(held.survey, certification.WORK, work.to_bytes())
    with held.on_opening_day():
        certifier.certify(60)
    release = json.loads(bytes(Release.rows.within(held.survey.partnership_id).get(survey_id=held.id).data))
    shown = ["High", "Elementary"][hidden]
    assert release["comment_levels"] == {"q3": [shown]}
    assert sorted({one.level for one in rows(held)}) == ["", shown]


def test_counting_again_gives_the_same_lists_and_sees_others(valley):
    review, numbers = counted(valley)
    kit = read_kit(tally.recount_kit(review.meeting.keeper(cast.TEACHERS), review.meeting.id))
    assert again(review.meeting, kit).is_same()
    others: tuple[dict[str, list[str]], ...] = ({"q3": ["Elementary"]}, {"q3": []}, {})
    for lists in others:
        other = canonical({**numbers, "comment_levels": lists}).decode()
        assert not again(review.meeting, dataclasses.replace(kit, release=other)).is_same()
    assert not again(review.meeting, dataclasses.replace(kit, release="{}")).is_same()


def test_every_command_finds_the_lists_well_and_sees_changes(reviewed, tmp_path, capsys):
    review, _numbers, told = reviewed
    files = [tmp_path / name for name in ("comments.json", "numbers.json")]
    for row, file in zip(
        Release.rows.within(review.meeting.survey.partnership_id).order_by("-number"), files, strict=True
    ):
        file.write_bytes(bytes(row.data))
    assert checking.verify_release(files[0], [files[1]]) == 0, capsys.readouterr()
    export = tmp_path / "survey.cg"
    export.write_bytes(tally.export(review.actor(cast.DANA), review.meeting.id))
    assert checking.main(export) == 0
    first = told["comments"]["q3"]["lists"][0]
    for change in (
        {"answered": 31},
        {"answered": 19},
        {"written": 9},
        {"quotes": first["quotes"][::-1]},
        {"themes": [{"en": "Breaks and rest", "es": "Descansos", "mentions": 12}]},
        {"themes": [{"en": "Nowhere else", "es": "En ningún otro lugar", "mentions": 12}]},
        {"level": {"en": "Oak", "es": "Oak"}},
    ):
        other = json.loads(json.dumps(told))
        other["comments"]["q3"]["lists"][0] |= change
        files[0].write_text(json.dumps(other))
        assert checking.verify_release(files[0], [files[1]]) == 1, change
    files[1].write_text("{}")
    assert checking.verify_release(files[0], [files[1]]) == 1


def test_the_paper_and_the_page_of_protection_say_it_before_anyone_answers(valley, client, settings):
    held = reviewing.answered(valley, 2, 0, places=EVERYWHERE)
    survey = held.survey
    paper = json.loads(survey.paper)
    assert paper["table_plan"]["comments"] == "q4"
    assert [each["id"] for each in paper["questions"] if each.get("by_level")] == ["q3"]
    assert any("never by place" in table["en"] for table in reading.tables(paper))
    settings.ROOT_URLCONF = "commonground.config.urls_respond"
    for language, words in (("en", "the kind of place where you work"), ("es", "el tipo de lugar donde trabaja")):
        page = client.get(f"/s/{survey.public_id}/{language}/protection/", headers={"accept-language": language})
        assert words in page.content.decode()


@pytest.mark.parametrize("few", [3, 7])
def test_what_is_kept_is_the_same_whichever_level_the_few_wrote_in(valley, few):
    """Twins: so many wrote at one high school, or so many; what rests and what the release says is the same."""
    at_high, elsewhere = ([number for number in range(60) if (number % 4 > 1) is high] for high in (True, False))
    held = reviewing.answered(valley, 60, at_high[:few] + elsewhere[: 25 - few], places=EVERYWHERE)
    held.close().peel(*ORDER).count()
    release = Release.rows.within(held.survey.partnership_id).get(survey_id=held.id)
    assert json.loads(bytes(release.data))["comment_levels"] == {"q3": []}
    assert [one.level for one in rows(held)] == [""] * 25
