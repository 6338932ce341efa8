"""Traces beside people and answers that the whole program must not leave; docs/traces.md names them all."""

import inspect
from datetime import timedelta
from importlib import import_module
from pkgutil import iter_modules

import pytest
from django.apps import apps
from django.conf import settings as committee
from django.db import connections
from django.test import Client
from django_tasks.base import Task

import commonground
from commonground.config import settings_respond
from commonground.kernel import time
from commonground.responses import passing
from commonground.surveys.models import Eligible
from commonground.surveys.tests import writing
from commonground.surveys.tests.test_passes import somebody

OCTETS = "application/octet-stream"


def test_the_door_has_no_session_cache_sign_in_or_forgery_cookie():
    assert not any(
        word in name.lower()
        for name in (*settings_respond.MIDDLEWARE, *settings_respond.INSTALLED_APPS)
        for word in ("session", "csrf", "auth", "message", "ratelimit", "axes")
    )
    assert not hasattr(settings_respond, "CACHES") and "default" in settings_respond.DATABASES
    assert settings_respond.DATABASES["default"]["ENGINE"].endswith("dummy")


def test_what_is_sent_is_never_spooled_to_a_file():
    assert committee.FILE_UPLOAD_HANDLERS == ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
    assert settings_respond.FILE_UPLOAD_HANDLERS == committee.FILE_UPLOAD_HANDLERS
    assert settings_respond.DATA_UPLOAD_MAX_MEMORY_SIZE <= 1 << 20


def test_a_queue_is_given_ids_of_surveys_and_lists_alone():
    """A queue keeps arguments in clear, with the microsecond."""
    given = {
        (name, argument)
        for module in _jobs()
        for name, job in inspect.getmembers(module, lambda value: isinstance(value, Task))
        for argument in inspect.signature(job.func).parameters
    }
    assert given and {argument for _name, argument in given} <= {"survey_id", "import_id"}


def _jobs():
    for found in iter_modules(commonground.__path__):
        if apps.is_installed(f"commonground.{found.name}"):
            names = {inside.name for inside in iter_modules(import_module(f"commonground.{found.name}").__path__)}
            if "jobs" in names:
                yield import_module(f"commonground.{found.name}.jobs")


@pytest.mark.django_db(databases=["default", "responses"])
def test_a_pass_touches_the_side_of_people_and_an_answer_the_side_of_answers_alone(valley):
    """No transaction spans both: on PostgreSQL its number would stand on both rows."""
    steps = writing.launched(valley)
    assert steps.survey.opens_at
    touched = []

    def note(side):
        def watch(execute, sql, params, many, context):
            touched.append(side)
            return execute(sql, params, many, context)

        return watch

    with (
        connections["default"].execute_wrapper(note("people")),
        connections["responses"].execute_wrapper(note("answers")),
        time.at(steps.survey.opens_at + timedelta(days=1)),
    ):
        person = somebody(steps)
        touched.clear()
        person.take(Client().post("/pass/", person.request().to_bytes(), content_type=OCTETS).content)
        assert set(touched) == {"people"}
        touched.clear()
        passing.take(person.paper, person.answer(person.paper.layout.encode({})))
        assert set(touched) == {"answers"}


def test_ids_of_rows_beside_people_are_random():
    """An id that counts would keep the order in which people were asked, or marked."""
    made = [Eligible().pk.int for _ in range(64)]
    assert made != sorted(made) and len(set(made)) == 64 and Eligible().pk.version == 4
