"""The check of a server: what databases, keys and backups weaken."""

import shutil

import pytest
from django.db import connections

from commonground.config import doctor_storage
from commonground.config.tests.test_doctor import environment, found
from commonground.keeping.models import Backup
from commonground.kernel import key_folder
from commonground.kernel.key_folder import Kind
from commonground.surveys import ending
from commonground.surveys.tests import writing

__all__ = ["environment"]
DATABASES = ["default", "responses"]


class PostgreSQL:
    """Stands where a connection stands; its settings are those of the test."""

    vendor = "postgresql"

    def __init__(self, told):
        self.told = told


@pytest.fixture
def told(monkeypatch, environment):
    """Two servers of PostgreSQL that are set up as `deploy` says, each setting to be changed by the test."""
    environment(development=False)
    values = {
        alias: {name: kept[0] or "" for name, (kept, _) in doctor_storage.SETTINGS.items()} for alias in DATABASES
    }
    monkeypatch.setattr(doctor_storage, "connections", {alias: PostgreSQL(values[alias]) for alias in DATABASES})
    monkeypatch.setattr(doctor_storage, "_shown", lambda alias, name: values[alias].get(name))
    return values


HARM = {
    "log_statement": "all", "log_min_error_statement": "error", "log_min_messages": "warning",
    "log_min_duration_statement": "250", "log_min_duration_sample": "0", "log_transaction_sample_rate": "1",
    "log_duration": "on", "log_parameter_max_length": "-1", "log_parameter_max_length_on_error": "64",
    "log_connections": "on", "log_disconnections": "on", "log_lock_waits": "on", "track_commit_timestamp": "on",
    "archive_mode": "on", "max_wal_senders": "10", "shared_preload_libraries": "pg_stat_statements",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(HARM))
def test_a_setting_of_postgresql_that_leaves_a_trace_is_named(told, name):
    assert not found(doctor_storage.postgresql_logs)
    told["responses"][name] = HARM[name]
    words = found(doctor_storage.postgresql_logs)
    assert f"PostgreSQL of the sealed answers: {name} is {HARM[name]!r}" in words
    assert words.count("PostgreSQL of") == 1 and "See deploy/postgresql." in words
    told["default"][name] = HARM[name]
    assert "PostgreSQL of the committee's side" in found(doctor_storage.postgresql_logs)


def test_every_setting_that_is_checked_is_tried_here_and_kept_in_the_sample():
    assert HARM.keys() == doctor_storage.SETTINGS.keys()
    from commonground.config.tests.test_deploy import statements

    for line in statements("postgresql/answers.conf"):
        name, _, value = line.partition(" = ")
        if name in doctor_storage.SETTINGS:
            assert value.strip("'") in doctor_storage.SETTINGS[name][0], line


@pytest.mark.django_db(databases=DATABASES)
def test_a_real_server_is_asked(environment):
    environment(development=False)
    on_postgresql = connections["responses"].vendor == "postgresql"
    words = found(doctor_storage.postgresql_logs)
    assert ("log_min_error_statement is 'error'" in words) == on_postgresql
    if on_postgresql:
        assert doctor_storage._shown("responses", "no_such_setting") is None
    environment(development=True)
    assert not found(doctor_storage.postgresql_logs)


@pytest.mark.django_db(databases=DATABASES, transaction=True)
def test_a_file_of_sqlite_that_keeps_what_is_deleted_is_named():
    if connections["responses"].vendor != "sqlite":
        pytest.skip("this runs on PostgreSQL")
    assert not found(doctor_storage.sqlite_traces)
    with connections["responses"].cursor() as cursor:
        cursor.execute("PRAGMA secure_delete=OFF")
        try:
            assert "The file of the sealed answers keeps what is deleted" in found(doctor_storage.sqlite_traces)
        finally:
            cursor.execute("PRAGMA secure_delete=ON")


def backup_at(path, **values):
    return Backup.objects.create(
        hash="ab" * 32, present_hash="ab" * 32, path=str(path), made_on="2026-10-01", **values
    )


@pytest.mark.django_db
def test_keys_beside_backups_are_named(environment, tmp_path):
    environment(data=str(tmp_path / "data"))
    backup = backup_at(tmp_path / "backups" / "one.tar.gz")
    assert not found(doctor_storage.keys_beside_backups)
    for folder in (tmp_path / "data" / "keys", tmp_path / "data", tmp_path / "data" / "keys" / "old"):
        Backup.objects.update(path=str(folder / "one.tar.gz"))
        assert "with the key folder" in found(doctor_storage.keys_beside_backups), folder
    assert backup.pk


@pytest.mark.django_db(databases=DATABASES)
def test_an_open_survey_without_its_keys_and_keys_that_others_read_are_named(valley, environment, tmp_path):
    survey = writing.launched(valley).survey
    folder = key_folder.path(survey.public_id, Kind.DOOR).parent
    environment(data=str(tmp_path))
    shutil.copytree(folder, tmp_path / "keys")
    assert not found(doctor_storage.keys_of_open_surveys)
    key = key_folder.path(survey.public_id, Kind.PASS)
    key.chmod(0o640)
    assert f"The key {key.name} can be read by other users" in found(doctor_storage.keys_of_open_surveys)
    key.unlink()
    words = found(doctor_storage.keys_of_open_surveys)
    assert f"Survey {survey.public_id} is open without its keys (pass)" in words


@pytest.mark.django_db(databases=DATABASES)
def test_backups_that_keep_what_was_to_be_erased_are_named(monkeypatch, tmp_path):
    assert not found(doctor_storage.backups)
    backup_at(tmp_path / "one.tar.gz", marks=["aa"], cleared=["bb"])
    assert "is not in its place" in found(doctor_storage.backups)
    monkeypatch.setattr("commonground.keeping.register.is_in_place", lambda backup: True)
    assert not found(doctor_storage.backups)
    monkeypatch.setattr(ending, "destroyed", lambda: ["bb", "cc"])
    monkeypatch.setattr(ending, "closed", lambda: {"aa"})
    words = found(doctor_storage.backups)
    assert "still holds destroyed answers" in words and "who took a pass in a closed survey" in words


@pytest.mark.django_db(databases=DATABASES)
def test_tables_that_closing_could_not_write_anew_are_named(monkeypatch):
    assert not found(doctor_storage.rewriting), "whoever made the tables owns them"
    others = {"default": ("surveys_eligible", "pg_class"), "responses": ("responses_code",)}
    monkeypatch.setattr(doctor_storage, "REWRITTEN", others)
    words = found(doctor_storage.rewriting)
    on_postgresql = connections["default"].vendor == "postgresql"
    assert ("does not own pg_class," in words) == on_postgresql and "responses_code" not in words
