"""Every table stands behind its door, and the sealed side knows no person."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from commonground.access.tenancy import TenantTable
from commonground.ledger.models import LedgerEntry

OURS = [model for model in apps.get_models() if model.__module__.startswith("commonground.")]
NO_TENANT = {"partnership.Partnership", "people.Person", "keeping.Backup"}
"""The tenant itself, accounts, which may serve in several districts, and backups, which hold all of them."""

SEALED = [model for model in OURS if model._meta.app_label == "responses"]
WINDOW = {("Paper", "opens_at"), ("Paper", "closes_at")}


def _label(model: type[models.Model]) -> str:
    return model._meta.label


@pytest.mark.parametrize("model", [m for m in OURS if m not in SEALED], ids=_label)
def test_tenant_tables_stand_behind_the_door(model):
    if _label(model) in NO_TENANT:
        assert not issubclass(model, TenantTable)
    else:
        assert issubclass(model, TenantTable)
        assert not hasattr(model, "objects")


@pytest.mark.parametrize("model", SEALED, ids=_label)
def test_sealed_side_points_at_nobody(model):
    for field in model._meta.get_fields():
        assert not field.is_relation, f"{model.__name__}.{field.name} points somewhere"
        if isinstance(field, (models.DateField, models.TimeField)):
            assert (model.__name__, field.name) in WINDOW, f"{model.__name__}.{field.name} keeps a time"


@pytest.mark.parametrize("model", [m for m in SEALED if m.__name__ in {"Code", "SealedAnswer"}], ids=_label)
def test_answers_have_no_sequence(model):
    assert not isinstance(model._meta.pk, models.AutoField)


ORDER = [
    "ledger",
    "people",
    "approvals",
    "partnership",
    "agreements",
    "releases",
    "surveys",
    "comments",
    "counts",
    "comparisons",
]


@pytest.mark.parametrize("model", [m for m in OURS if m not in SEALED], ids=_label)
def test_foreign_keys_point_down_or_at_the_partnership(model):
    for field in model._meta.get_fields():
        target = getattr(field, "related_model", None)
        if not field.is_relation or field.auto_created or target is None:
            continue
        label = target._meta.app_label
        downward = ORDER.index(label) <= ORDER.index(model._meta.app_label)
        assert downward or label == "partnership", f"{model.__name__}.{field.name} points up"


@pytest.mark.django_db(databases=["default", "responses"])
def test_migrations_hold_every_model():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_door_is_the_only_way():
    assert {name for name in ("within", "across_all", "one") if hasattr(LedgerEntry.rows, name)} == {
        "within",
        "across_all",
        "one",
    }
    assert not hasattr(LedgerEntry.rows, "filter")
