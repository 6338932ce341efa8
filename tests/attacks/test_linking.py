"""Two hundred people in a known order, a full copy afterwards: no way of looking does better than chance.

The same ways of looking find the order on servers that leak: one that does not write its tables anew at closing,
and one whose database counts. Every test here runs on SQLite and on PostgreSQL.
"""

import json
from itertools import product

import pytest

from tests.attacks import chance
from tests.attacks.attackers import guesses
from tests.attacks.copying import dump, hidden, played

PEOPLE = 200
KNOWN = "the order in which they came"
SCENARIOS = (
    "one_at_a_time", "reminders", "codes_mixed_in", "changes_of_mind", "late_answers", "kiosk_batch", "backed_up",
    "restored", "killed_in_mid_write", "crash_of_the_mail_job",
)  # fmt: skip


def attack(machine, folder, out):
    """Guesses at the order of answers, at the order of people, at who gave which: how often chance does as well.

    Whether an answer came by pass or by code is no secret, so each kind is guessed at by itself.
    """
    files, numbers = dump(machine, out), hidden(machine, out)
    truth = json.loads((folder / "truth.json").read_text())
    kinds = {"by pass": 130, "by code": 64}
    found: dict[str, float] = {}
    for kind, size in kinds.items():
        came = [entry for entry in truth if len(entry["key"]) == size]
        odds = attack_kind(came, files, numbers, folder / "mail.log") if len(came) > 1 else {}
        found |= {f"{way}, {kind}": how_often for way, how_often in odds.items()}
    return found


def attack_kind(truth, files, numbers, letters):
    came = {entry["key"]: place for place, entry in enumerate(truth)}
    people = {entry["person"]: place for place, entry in enumerate(truth)}
    answers, persons = guesses(files, numbers, set(came)), guesses(files, numbers, set(people), letters)
    found = {way: chance.by_order([came[key] for key in order]) for way, order in answers.items()}
    found |= {way: chance.by_order([people[name] for name in order]) for way, order in persons.items()}
    for (mine, keys), (theirs, names) in product(answers.items(), [*persons.items(), (KNOWN, list(people))]):
        hits = sum(came[key] == people[name] for key, name in zip(keys, names, strict=True))
        found[f"{mine} beside {theirs}"] = chance.by_hits(len(truth), hits)
    return found


def better_than_chance(found):
    return {way: odds for way, odds in found.items() if odds < 1 / chance.ONE_IN}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_after_closing_no_copy_ties_an_answer_to_a_person(scenario, empty, tmp_path):
    with played(empty, tmp_path, scenario, people=PEOPLE) as machine:
        found = attack(machine, tmp_path, tmp_path / "dump")
    assert len(json.loads((tmp_path / "truth.json").read_text())) == PEOPLE
    assert len(found) > 5
    assert better_than_chance(found) == {}


@pytest.mark.parametrize("leaky", ["no rewriting", "counter"])
def test_the_same_attacks_succeed_on_a_server_that_leaks(leaky, empty, tmp_path):
    with played(empty, tmp_path, "one_at_a_time", people=PEOPLE, leaky=leaky) as machine:
        found = attack(machine, tmp_path, tmp_path / "dump")
    known = better_than_chance(found)
    assert any(f"beside {KNOWN}" in way for way in known), "the order names everybody"
    assert min(known.values()) < 1e-100


def test_while_a_survey_is_open_the_order_of_sealed_answers_is_known(empty, tmp_path):
    """What closing has to erase, and does: said in `audit-anonymity` and in docs/traces.md."""
    with played(empty, tmp_path, "one_at_a_time", people=PEOPLE, close=False) as machine:
        found = attack(machine, tmp_path, tmp_path / "dump")
    assert found["responses_sealedanswer: rows, by pass"] < 1e-100


def test_a_backup_made_while_a_survey_is_open_keeps_no_order(empty, tmp_path):
    with played(empty, tmp_path, "backed_up", people=PEOPLE):
        truth = json.loads((tmp_path / "truth.json").read_text())
    before = {entry["key"]: place for place, entry in enumerate(truth[: PEOPLE // 2])}
    found = guesses([tmp_path / "while-open.backup"], [], set(before))
    assert "responses_sealedanswer: rows" in found
    assert all(chance.by_order([before[key] for key in order]) > 1 / chance.ONE_IN for order in found.values())


# Chance itself


def test_the_odds_of_chance_are_exact_for_small_numbers():
    from itertools import permutations

    orders = list(permutations(range(5)))
    hits = [sum(place == one for place, one in enumerate(order)) for order in orders]
    for right in range(6):
        assert chance.by_hits(5, right) == pytest.approx(sum(hit >= right for hit in hits) / len(orders))
    wrong = [sum(a > b for i, a in enumerate(order) for b in order[i + 1 :]) for order in orders]
    assert chance.by_order([0, 1, 2, 4, 3]) == pytest.approx(2 * sum(one <= 1 for one in wrong) / len(orders))
    assert chance.by_order([2, 0, 1, 4, 3]) == pytest.approx(2 * sum(one <= 3 for one in wrong) / len(orders))
