"""Every act asks the table, refuses the powerless without a trace, and records what the table says."""

import pytest
from django.apps import apps
from django.db import models

from commonground.access import walls
from commonground.access.actor import operator
from commonground.access.decide import allowed
from commonground.access.table import TABLE, Action, Record
from commonground.demo.cast import CAST
from commonground.kernel.errors import NotAllowed
from commonground.ledger.acts import ACTS
from commonground.ledger.models import LedgerEntry
from tests.guards.walk import examples

DATABASES = ["default", "responses"]


def _ours():
    return {name: action for name, action in ACTS.items() if ".tests." not in name}


def _rows() -> dict[str, int]:
    ours = [m for m in apps.get_models() if m.__module__.startswith("commonground.")]
    with walls.everything(reason="nothing may be written for any district"):
        return {model._meta.label: models.QuerySet(model).count() for model in ours}


def test_every_row_of_the_table_is_used():
    screens = set(Action) - set(_ours().values())
    assert all(TABLE[action].records is Record.NONE or action in _PLANNED for action in screens)


_PLANNED: set[Action] = set()


def test_unrecorded_acts_say_why():
    assert all(rule.why_unrecorded for rule in TABLE.values() if rule.records is Record.NONE)


def test_every_rule_has_its_sentence():
    assert all(rule.sentence.endswith(".") for rule in TABLE.values())


@pytest.mark.django_db(databases=DATABASES)
@pytest.mark.parametrize("name", sorted(_ours()))
def test_act_refuses_the_powerless_and_records(name, valley):
    calls = examples("acts", name, valley)
    assert name in calls, f"examples.py offers no call for {name}"
    rule = TABLE[_ours()[name]]
    powerless = [m for m in CAST if not allowed(valley.actor(m), _ours()[name])]
    before = _rows()
    for member in powerless:
        with pytest.raises(NotAllowed):
            calls[name](valley.actor(member))
    assert _rows() == before, "a refused act wrote something"
    powerful = next((valley.actor(m) for m in CAST if m not in powerless), operator(valley.partnership.pk))
    entries: models.QuerySet[LedgerEntry] = models.QuerySet(LedgerEntry)
    length = entries.count()
    calls[name](powerful)
    if rule.records is Record.JOINT:
        assert entries.count() > length
