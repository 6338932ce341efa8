"""The check of a server: what the machine, its doors and its letters weaken."""

import resource

import pytest
from django.conf import settings as current

from commonground.config import doctor_machine, settings_respond
from commonground.config.tests.test_doctor import environment, found

__all__ = ["environment"]


@pytest.fixture
def proc(monkeypatch, tmp_path, environment):
    """A machine in use, whose kernel says what the test writes."""
    environment(development=False)
    monkeypatch.setattr(doctor_machine, "PROC", tmp_path)
    (tmp_path / "sys" / "kernel").mkdir(parents=True)
    return tmp_path


def test_debugging_is_named(settings):
    assert not found(doctor_machine.debug)
    settings.DEBUG = True
    assert "answers and keys on a page" in found(doctor_machine.debug)


def test_a_respondents_door_that_logs_or_remembers_is_named(monkeypatch):
    assert not found(doctor_machine.respondents_log)
    logging = {**settings_respond.LOGGING, "root": {"handlers": ["console"], "level": "INFO"}}
    monkeypatch.setattr(settings_respond, "LOGGING", logging)
    assert "a visit can leave a line" in found(doctor_machine.respondents_log)
    session = "django.contrib.sessions.middleware.SessionMiddleware"
    monkeypatch.setattr(settings_respond, "MIDDLEWARE", [session, *settings_respond.MIDDLEWARE])
    assert f"remembers visitors: {session}" in found(doctor_machine.respondents_log)


def test_a_door_that_believes_a_proxy_too_much_is_named(settings, environment):
    assert not found(doctor_machine.proxy_headers)
    settings.USE_X_FORWARDED_HOST = True
    assert "links can be turned elsewhere" in found(doctor_machine.proxy_headers)
    settings.USE_X_FORWARDED_HOST = False
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    environment(site_url="http://wellbeing.example")
    assert "that its address does not promise" in found(doctor_machine.proxy_headers)
    environment(site_url="https://wellbeing.example")
    assert not found(doctor_machine.proxy_headers)


def test_a_sender_of_letters_that_follows_people_or_speaks_openly_is_named(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "localhost", False
    assert not found(doctor_machine.mail_tracking)
    settings.EMAIL_HOST = "smtp.sendgrid.net"
    assert "counts openings" in found(doctor_machine.mail_tracking)
    assert "anyone on the way reads personal links" in found(doctor_machine.mail_tracking)
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "mail.avusd.example", True
    assert not found(doctor_machine.mail_tracking)
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = (
        "django.core.mail.backends.locmem.EmailBackend",
        "smtp.mailgun.org",
    )
    assert not found(doctor_machine.mail_tracking)


def test_pictures_of_the_memory_after_a_crash_are_named(proc, monkeypatch, environment):
    pattern = proc / "sys" / "kernel" / "core_pattern"
    limit = {"soft": 0}
    monkeypatch.setattr(resource, "getrlimit", lambda which: (limit["soft"], -1))
    pattern.write_text("core\n")
    assert not found(doctor_machine.memory_dumps)
    limit["soft"] = -1
    assert "set LimitCORE=0" in found(doctor_machine.memory_dumps)
    pattern.write_text("|/usr/share/apport/apport -p%p\n")
    assert "handed to /usr/share/apport/apport" in found(doctor_machine.memory_dumps)
    environment(development=True)
    assert not found(doctor_machine.memory_dumps)


def test_memory_that_may_be_written_to_a_disk_is_named(proc):
    head = "Filename\tType\tSize\tUsed\tPriority\n"
    assert not found(doctor_machine.swap), "a machine without the file has no swap"
    (proc / "swaps").write_text(head)
    assert not found(doctor_machine.swap)
    (proc / "swaps").write_text(head + "/dev/dm-1 partition 1 0 -2\n/dev/zram0 partition 1 0 -2\n")
    assert not found(doctor_machine.swap)
    (proc / "swaps").write_text(head + "/swapfile file 1 0 -2\n")
    assert "written to /swapfile" in found(doctor_machine.swap)
    assert current.ENVIRONMENT.development is False
