"""Settings: each is read by its name, a wrong one is named, and all of them stand in the documentation."""

import stat
from dataclasses import fields
from pathlib import Path

import pytest

from commonground.config import environment
from commonground.config.environment import Environment

PAGE = Path(__file__).resolve().parents[3] / "docs" / "configuration.md"


def variable(field):
    return f"COMMONGROUND_{field.name.upper()}"


@pytest.mark.parametrize("field", fields(Environment), ids=variable)
def test_each_setting_stands_in_the_documentation_with_its_default(field):
    (line,) = [line for line in PAGE.read_text().splitlines() if line.startswith(f"| `{variable(field)}` |")]
    told = line.rstrip(" |").rsplit("|", 1)[1].strip().strip("`")
    default = "no" if field.default is False else str(field.default)
    assert told == (default or "empty")


@pytest.mark.parametrize("field", fields(Environment), ids=variable)
def test_each_setting_is_read_by_its_name(field):
    text, value = {bool: ("yes", True), int: ("7", 7)}.get(type(field.default), ("words", "words"))
    assert getattr(environment.read({variable(field): text}), field.name) == value
    assert getattr(environment.read({}), field.name) == field.default


@pytest.mark.parametrize("text", ["yes", "YES", "true", "1"])
def test_yes_has_several_words(text):
    assert environment.read({"COMMONGROUND_DEVELOPMENT": text}).development is True


@pytest.mark.parametrize(
    ("name", "text"), [("DEVELOPMENT", "maybe"), ("DEVELOPMENT", ""), ("WORKERS", "two"), ("CLOCK_OFFSET", "1.5")]
)
def test_a_value_of_the_wrong_kind_is_named(name, text):
    with pytest.raises(ValueError, match=f"COMMONGROUND_{name} must be") as fault:
        environment.read({f"COMMONGROUND_{name}": text})
    assert repr(text) in str(fault.value)


def test_an_address_of_postgresql_is_taken_apart():
    found = environment.database("postgresql://me:p%40ss@db.example:5433/ground", Path("x"))
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("ground", "me", "p@ss")
    assert (found["HOST"], found["PORT"]) == ("db.example", 5433)
    socket = environment.database("postgresql://me@/ground?host=/run/pg", Path("x"))
    assert (socket["HOST"], socket["PORT"]) == ("/run/pg", "")


def test_without_an_address_a_tuned_file_is_used(tmp_path):
    for url in ("", f"sqlite://{tmp_path}/ground"):
        found = environment.database(url, tmp_path / "ground")
        assert found["NAME"] == str(tmp_path / "ground")
        assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        assert "secure_delete=ON" in found["OPTIONS"]["init_command"]


def test_another_kind_of_database_is_refused():
    with pytest.raises(ValueError, match="not mysql://"):
        environment.database("mysql://localhost/ground", Path("x"))


def test_mail_goes_where_its_address_says():
    backend, given = environment.mail("smtp+tls://me:p%40ss@mail.example:587")
    assert backend.endswith("smtp.EmailBackend")
    assert given == {"host": "mail.example", "port": 587, "user": "me", "password": "p@ss", "tls": True}
    assert environment.mail("smtp://mail.example")[1]["tls"] is False
    assert environment.mail("console:")[0].endswith("console.EmailBackend")
    with pytest.raises(ValueError, match="COMMONGROUND_MAIL starts with"):
        environment.mail("mail.example")


def test_the_secret_is_made_once_and_for_its_owner_only(tmp_path):
    place = Environment(data=str(tmp_path / "new"))
    secret = place.secret()
    assert len(secret) >= 48 and place.secret() == secret
    assert stat.S_IMODE((place.folder / "secret").stat().st_mode) == 0o600
    assert Environment(data=str(tmp_path / "other")).secret() != secret
