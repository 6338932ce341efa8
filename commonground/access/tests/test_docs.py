"""The printed permission table is the table in force, and whole."""

from commonground.access import docs
from commonground.access.table import TABLE, Keys, Record


def test_the_printed_table_is_current():
    assert docs.PATH.read_text(encoding="utf-8") == docs.page(), "run: python -m commonground.access.docs"


def test_every_rule_is_printed_with_its_sentence():
    page = docs.page()
    assert all(rule.sentence in page for rule in TABLE.values())


def test_what_is_not_recorded_says_why():
    assert all(rule.why_unrecorded for rule in TABLE.values() if rule.records is Record.NONE)


def test_a_turned_key_is_said_to_be_the_own_partys():
    row = next(line for line in docs.page().splitlines() if line.startswith("| Turn key "))
    assert Keys.ONE.value in row and Record.JOINT.value in row and "named to turn the party's key" in row
