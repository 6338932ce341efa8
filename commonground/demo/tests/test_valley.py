"""The invented district is what it says: its numbers, its small school, and cells that a simple rule would leak."""

from collections import Counter
from collections.abc import Iterator

from commonground.demo import answers, cast, questions, roster, valley
from commonground.surveys.caution import Caution, cautions

CEDAR, YARD, OFFICE = "113", "114", "116"
NAIVE_MINIMUM = 10


def test_1482_people_at_16_places_in_four_units():
    people = roster.workers()
    assert (len(people), len({worker.site for worker in people})) == (1482, 16)
    units = Counter(worker.unit for worker in people)
    assert units == {"AVTA": 742, "CEC212": 565, "BTL27": 84, "none": 91}
    assert Counter(worker.site for worker in people) == {site.code: site.staff for site in valley.SITES}


def test_languages_and_mailboxes_are_those_of_the_district():
    people = roster.workers()
    languages = Counter(worker.language for worker in people)
    assert {code: round(100 * n / len(people)) for code, n in languages.items()} == {
        "en": 71,
        "es": 22,
        "vi": 4,
        "tl": 2,
        "other": 1,
    }
    assert round(100 * sum(bool(worker.email) for worker in people) / len(people)) == 81


def test_the_small_school_is_under_ten_in_every_kind_of_job():
    kinds = Counter(worker.job for worker in roster.workers() if worker.site == CEDAR)
    assert sum(kinds.values()) == 14 and max(kinds.values()) < 10
    families = Counter(answers.FAMILY_OF[worker.job] for worker in roster.workers() if worker.site == CEDAR)
    assert max(families.values()) < 10


def test_814_answer_in_fall_as_many_of_each_unit_as_are_told():
    replies = answers.fall()
    assert Counter(reply.unit for reply in replies) == {"AVTA": 475, "CEC212": 243, "BTL27": 32, "none": 64}
    assert len(replies) == 814
    mailed = sum(bool(reply.mailbox) for reply in replies)
    assert 0 < 814 - mailed < mailed, "some answer on paper, more by mail"


def shown_by_a_simple_rule() -> tuple[Counter[tuple[str | None, str | None]], set[tuple[str | None, str | None]]]:
    """Count answers by place and kind of job; return all cells, and those that "n >= 10" alone would show."""
    cells = Counter((reply.site, reply.family) for reply in answers.fall())
    return cells, {cell for cell, people in cells.items() if people >= NAIVE_MINIMUM}


def follow_by_subtraction() -> Iterator[tuple[str | None, str | None]]:
    """Count answers by place and kind of job; return all cells, and those that "n >= 10" shows."""
    cells, shown = shown_by_a_simple_rule()
    for side in (0, 1):
        for name in {cell[side] for cell in cells}:
            line = [cell for cell in cells if cell[side] == name]
            hidden = [cell for cell in line if cell not in shown]
            if len(hidden) == 1 and sum(cells[cell] for cell in line) >= NAIVE_MINIMUM:
                yield hidden[0]


def test_a_simple_rule_would_give_a_small_cell_away_through_its_neighbor():
    cells, shown = shown_by_a_simple_rule()
    assert (OFFICE, "trades") in shown and (YARD, "trades") not in shown
    assert {cell for cell in cells if cell[1] == "trades"} == {(OFFICE, "trades"), (YARD, "trades")}
    assert (YARD, "trades") in set(follow_by_subtraction()) and 0 < cells[YARD, "trades"] < NAIVE_MINIMUM


def test_somebody_names_a_principal():
    written = [reply.values["else"] for reply in answers.fall() if reply.values.get("else")]
    assert written.count(answers.NAMING) == 1 and len(written) > 50
    assert all(reply.values["else"] in answers.COMMENTS["es"] for reply in answers.fall() if _wrote_spanish(reply))


def _wrote_spanish(reply: answers.Reply) -> bool:
    return reply.language == "es" and bool(reply.values.get("else"))


def test_no_question_that_was_asked_is_too_personal_and_the_parked_one_is_flagged():
    for script in (questions.FALL, questions.PULSE):
        for _title, part in script.parts:
            assert not [found for ask in part for found in cautions([ask.en, ask.es, *map(" ".join, ask.options)])]
    assert list(cautions([questions.HOLIDAY.en])) == [(Caution.BARGAINED, "paid holiday")]


def test_every_party_writes_and_two_of_them_comment_on_the_same_question():
    said = Counter(name for _member, name, _words in questions.TALK)
    assert said["breaks"] == 2 and {member.party for member, _name, _words in questions.TALK} == {
        *cast.LABOR,
        cast.MANAGEMENT,
    }
