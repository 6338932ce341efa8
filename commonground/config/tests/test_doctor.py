"""The check of a server: each weakness is named in words, and a sound server has none."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connections

from commonground.access import rowsecurity
from commonground.config import doctor, settings_common
from commonground.disclosure import noise


def found(check):
    """What a check says, in one line."""
    return " ".join(check())


@pytest.fixture
def environment(monkeypatch):
    """A way to change what the server reads from its environment."""

    def change(**values):
        monkeypatch.setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, **values))

    return change


def databases(monkeypatch, default, responses):
    for name, given in (("default", default), ("responses", responses)):
        merged = {**connections[name].settings_dict, "HOST": "", "PORT": "", **given}
        monkeypatch.setattr(connections[name], "settings_dict", merged)


SQLITE = "django.db.backends.sqlite3"
POSTGRESQL = "commonground.config.postgresql"
PLAIN = "django.db.backends.postgresql"


def test_one_host_name_for_both_doors_is_named(monkeypatch):
    assert not found(doctor.hosts)
    monkeypatch.setattr(doctor, "RESPOND_HOST", settings_common.SITE_HOST)
    assert "share a host name" in found(doctor.hosts)


def test_a_door_without_https_is_named(environment):
    environment(development=True, site_url="http://a.example", respond_url="http://b.example")
    assert not found(doctor.encryption)
    environment(development=False, site_url="https://a.example")
    assert "http://b.example is not served over HTTPS" in found(doctor.encryption)
    assert "a.example" not in found(doctor.encryption)


def test_a_moved_clock_is_named(environment):
    assert not found(doctor.clock)
    environment(clock_offset=3600)
    assert "clock is moved" in found(doctor.clock)


@pytest.mark.parametrize(
    ("default", "responses", "words"),
    [
        ({"ENGINE": SQLITE, "NAME": "a"}, {"ENGINE": SQLITE, "NAME": "b"}, ""),
        ({"ENGINE": SQLITE, "NAME": "a"}, {"ENGINE": SQLITE, "NAME": "a"}, "use one database"),
        (
            {"ENGINE": POSTGRESQL, "NAME": "a", "HOST": "one"},
            {"ENGINE": PLAIN, "NAME": "a", "HOST": "one"},
            "use one database",
        ),
        (
            {"ENGINE": POSTGRESQL, "NAME": "a", "HOST": "one"},
            {"ENGINE": PLAIN, "NAME": "b", "HOST": "one"},
            "one PostgreSQL server",
        ),
        (
            {"ENGINE": POSTGRESQL, "NAME": "a", "HOST": "one"},
            {"ENGINE": PLAIN, "NAME": "a", "HOST": "two"},
            "",
        ),
        ({"ENGINE": POSTGRESQL, "NAME": "a", "HOST": "one"}, {"ENGINE": SQLITE, "NAME": "b"}, ""),
    ],
)
def test_databases_that_can_be_tied_together_are_named(monkeypatch, default, responses, words):
    databases(monkeypatch, default, responses)
    assert words in found(doctor.databases) and bool(found(doctor.databases)) == bool(words)


@pytest.mark.django_db(databases=["default", "responses"])
def test_databases_of_this_version_are_well():
    assert not found(doctor.migrations)


@pytest.mark.parametrize(
    ("fault", "words"), [(SystemExit(1), "not at this version"), (DatabaseError("gone"), "gone")]
)
def test_a_database_of_another_version_or_out_of_reach_is_named(monkeypatch, fault, words):
    def migrate(*names, database, **options):
        if database == "responses":
            raise fault

    monkeypatch.setattr(doctor, "call_command", migrate)
    assert "database responses" in found(doctor.migrations) and words in found(doctor.migrations)
    assert "default" not in found(doctor.migrations)


@pytest.mark.django_db
def test_walls_that_stand_are_well():
    assert not found(doctor.walls)


@pytest.mark.django_db
def test_walls_that_do_not_stand_are_named(monkeypatch):
    if connections["default"].vendor != "postgresql":
        pytest.skip("SQLite has no row-level security")
    with connections["default"].cursor() as cursor:
        cursor.execute("ALTER TABLE partnership_party NO FORCE ROW LEVEL SECURITY")
    assert "no wall between districts" in found(doctor.walls)
    monkeypatch.setattr(rowsecurity, "is_passed_by", lambda connection: True)
    assert "sees past the walls" in found(doctor.walls)


def test_secrets_that_others_can_read_are_named(environment, tmp_path):
    environment(data=str(tmp_path))
    assert not found(doctor.secrets)
    for name, make in (("secret", lambda path: path.write_text("x")), ("keys", lambda path: path.mkdir())):
        make(tmp_path / name)
        (tmp_path / name).chmod(0o700)
        assert not found(doctor.secrets)
        (tmp_path / name).chmod(0o740)
        assert f"{name} in the data folder can be read by other users" in found(doctor.secrets)
        (tmp_path / name).chmod(0o700)


def test_letters_that_reach_nobody_are_named(environment, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    environment(development=True)
    assert not found(doctor.mail)
    environment(development=False)
    assert "nobody gets a sign-in code" in found(doctor.mail)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert not found(doctor.mail)


def test_the_status_says_whether_something_was_found(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "CHECKS", (lambda: iter(()),))
    assert doctor.main() == 0 and "All that can be checked is well." in capsys.readouterr().out
    monkeypatch.setattr(doctor, "CHECKS", (lambda: iter(["One."]), lambda: iter(["Two."])))
    assert doctor.main() == 1 and "- One.\n- Two.\n2 to look at." in capsys.readouterr().out


def test_every_check_has_a_test():
    files = sorted(Path(__file__).parent.glob("test_doctor*.py"))
    tried = "".join(file.read_text(encoding="utf-8") for file in files)
    for check in doctor.CHECKS:
        module = check.__module__.rpartition(".")[2]
        assert f"found({module}.{check.__name__})" in tried


def test_an_extra_that_is_missing_is_said_and_is_no_weakness(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "CHECKS", ())
    monkeypatch.setattr(noise, "installed", lambda: False)
    assert doctor.main() == 0 and "the extra `noise` is not installed" in capsys.readouterr().out
    monkeypatch.setattr(noise, "installed", lambda: True)
    assert doctor.main() == 0 and "noise" not in capsys.readouterr().out
