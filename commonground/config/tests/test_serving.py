"""The servers and the worker as processes, migrations, the demonstration, and the check of a server."""

import re
import signal
import socket
import time
from datetime import timedelta

import httpx
import pytest

from commonground.config.tests.conftest import FOUNDING
from tests.server import free_port

PATIENCE = 60


def opens(address):
    """Wait until a door answers; say what with."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            return httpx.get(address, timeout=5, follow_redirects=True).status_code
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError(f"{address} did not open")


def is_shut(address):
    host, port = address.removeprefix("http://").split(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) != 0


def ended(process):
    """Ask a process to end; return its status."""
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=PATIENCE)


def test_both_doors_are_served_until_a_signal(machine):
    site, respond = (machine.variables[f"COMMONGROUND_{name}_URL"] for name in ("SITE", "RESPOND"))
    with machine.running("serve") as server:
        assert opens(f"{site}/sign-in/") == 200
        assert opens(respond) in {200, 404}
        assert ended(server) == 0
    assert is_shut(site) and is_shut(respond)
    assert f"Committee: {site}" in machine.console and f"Staff: {respond}" in machine.console


def test_one_door_alone_leaves_the_other_shut(machine):
    site, respond = (machine.variables[f"COMMONGROUND_{name}_URL"] for name in ("SITE", "RESPOND"))
    with machine.running("serve", "--only", "respondents") as server:
        assert opens(respond) in {200, 404}
        assert is_shut(site)
        assert ended(server) == 0


def test_a_door_that_cannot_open_ends_the_command_with_a_fault(machine):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(machine.variables["COMMONGROUND_RESPOND_URL"].rsplit(":", 1)[1])))
        taken.listen()
        told = machine.refused("serve", "--only", "respondents")
    assert "The respondents door cannot open at 127.0.0.1:" in told and "already in use" in told


def test_behind_a_proxy_with_https_both_doors_wait_at_ports_of_their_own_and_forms_are_taken(machine):
    """A browser says "https", the proxy speaks plainly; without its word every form would be refused."""
    ports = {name: free_port() for name in ("SITE", "RESPOND")}
    for name, host in (("SITE", "wellbeing.example.org"), ("RESPOND", "answers.example.org")):
        machine.variables[f"COMMONGROUND_{name}_URL"] = f"https://{host}"
        machine.variables[f"COMMONGROUND_{name}_PORT"] = str(ports[name])
    told = {"Host": "wellbeing.example.org", "X-Forwarded-Proto": "https"}
    with machine.running("serve") as server:
        for port in ports.values():
            opens(f"http://127.0.0.1:{port}/")
        address = f"http://127.0.0.1:{ports['SITE']}/sign-in/"
        page = httpx.get(address, headers=told)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token
        form = {"csrfmiddlewaretoken": token[1], "email": "ida@maple.example"}
        cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in page.cookies.items())}
        given = {
            **told,
            **cookie,
            "Origin": "https://wellbeing.example.org",
            "Referer": "https://wellbeing.example.org/",
        }
        assert httpx.post(address, data=form, headers=given).status_code == 302
        assert (
            httpx.post(address, data=form, headers={**given, "Origin": "https://evil.example"}).status_code == 403
        )
        assert ended(server) == 0


def test_an_unknown_door_is_refused(bare):
    assert "invalid choice" in bare.refused("serve", "--only", "staff", status=2)


LETTER = """
import django; django.setup()
from commonground.surveys import jobs
print(jobs.publish.enqueue().id)
"""


def test_the_worker_carries_out_what_waits_and_ends_on_a_signal(machine):
    machine.python(LETTER)
    with machine.running("worker") as worker:
        end = time.monotonic() + PATIENCE
        while "SUCCESSFUL" not in str(machine.rows()) and time.monotonic() < end:
            time.sleep(0.3)
        assert "SUCCESSFUL" in str(machine.rows()), machine.console
        assert ended(worker) == 0, machine.console


def test_databases_are_brought_to_this_version_and_again_without_harm(bare):
    assert "commonground migrate" in bare.refused(*FOUNDING)
    assert "Run `commonground migrate`" in bare.refused("doctor")
    bare.well("migrate")
    before = bare.rows()
    bare.well("migrate")
    assert bare.rows() == before
    assert "migrate" not in bare.run("doctor").stdout


def test_a_setting_of_the_wrong_kind_is_named(bare):
    bare.variables["COMMONGROUND_WORKERS"] = "many"
    assert "COMMONGROUND_WORKERS must be a whole number" in bare.refused("doctor")
    bare.variables["COMMONGROUND_WORKERS"] = "1"
    bare.variables["COMMONGROUND_DATABASE"] = "postgresql://nobody@127.0.0.1:9/x"
    told = bare.refused("doctor")
    assert "The database default cannot be reached" in told
    bare.variables["COMMONGROUND_DATABASE"] = "mysql://localhost/x"
    assert "starts with postgresql:// or sqlite://" in bare.refused("doctor")


@pytest.mark.journey
def test_the_demonstration_is_made_once_and_lives_on(machine):
    told = machine.well("seed-demo")
    assert "Alder Valley Unified is made" in told and "luz@chapter212.example" in told
    before = machine.rows()
    assert "exists already" in machine.refused("seed-demo")
    assert "exists already" in machine.well("seed-demo", "--unless-seeded")
    assert machine.rows() == before
    states = [row for row in before["surveys_survey"] if "'launched'" in row]
    assert len(states) == 1
    machine.variables["COMMONGROUND_CLOCK_OFFSET"] = str(int(timedelta(days=40).total_seconds()))
    with machine.running("worker"):
        end = time.monotonic() + PATIENCE
        while any("'launched'" in row for row in machine.rows()["surveys_survey"]) and time.monotonic() < end:
            time.sleep(0.5)
    assert not [row for row in machine.rows()["surveys_survey"] if "'launched'" in row], machine.console
