"""The published list of tables and columns is what the program has, nothing more and nothing less."""

from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models, router

from commonground.audit import allowed, docs

BESIDE = {
    "django_migrations": {"id": "number", "app": "text", "name": "text", "applied": "time"},
    settings.CACHES["default"]["LOCATION"]: {"cache_key": "text", "value": "text", "expires": "time"},
}
"""Tables that belong to no model: Django's own of migrations, and the shared cache."""
KINDS: list[tuple[tuple[Any, ...], str]] = [
    ((models.DateField, models.TimeField), "time"),
    ((models.BinaryField,), "bytes"),
    ((models.BooleanField,), "yes or no"),
    ((models.IntegerField, models.FloatField, models.DecimalField), "number"),
]


def kind(field):
    while field.is_relation:
        field = field.target_field
    return next((name for classes, name in KINDS if isinstance(field, classes)), "text")


def tables(side):
    found = {
        model._meta.db_table: {field.column: kind(field) for field in model._meta.local_concrete_fields}
        for model in apps.get_models(include_auto_created=True)
        if router.db_for_write(model) == side and not model._meta.proxy
    }
    beside = BESIDE if side == "default" else {"django_migrations": BESIDE["django_migrations"]}
    return found | beside


@pytest.mark.parametrize("side", [allowed.RESPONSES, allowed.DEFAULT])
def test_the_published_list_is_what_the_program_has(side):
    listed = {
        table: {column: about.partition(":")[0] for column, about in columns.items()}
        for table, columns in allowed.columns(side).items()
    }
    assert listed == tables(side), "change commonground/audit/allowed.json, then run ./dev docs"


@pytest.mark.parametrize("table", [*allowed.columns(allowed.RESPONSES), allowed.ASKED])
def test_what_each_column_beside_an_answer_or_a_person_is_for_is_said(table):
    if table != "django_migrations":
        assert all(": " in about for about in allowed.columns(allowed.side_of(table))[table].values())


def test_the_printed_list_is_current():
    assert docs.PATH.read_text(encoding="utf-8") == docs.page(), "run ./dev docs"
