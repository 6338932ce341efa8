"""Starting what runs: both doors, the worker, and the migrations before them."""

import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from time import monotonic
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections
from django_tasks.signals import task_started

from commonground.access import walls
from commonground.kernel.errors import Refused
from commonground.partnership import staff_work
from commonground.surveys import campaign, certifier, ending, letters, reminders, reopening, tally

HERE = "127.0.0.1"
"""A proxy on the same machine stands in front of both doors."""
DOORS = {
    "signed-in": ("commonground.config.wsgi:application", "site_url", "site_port"),
    "respondents": ("commonground.config.wsgi_respond:application", "respond_url", "respond_port"),
}
"""Each door: what is served, its address, and the port of this machine where a proxy with HTTPS finds it."""

FAREWELL = 30
"""Seconds in which a process ends what it is at; one that was told to stop while it was starting never hears it."""


def serve(*, with_worker: bool = False, only: str = "") -> int:
    """Serve the doors until a signal or until one of them ends; return 0 after a signal.

    Raises Refused where the port of a door is taken.
    """
    for name in DOORS:
        if only in ("", name):
            _refuse_unless_free(name)
    commands = [_door(name) for name in DOORS if only in ("", name)]
    if with_worker:
        commands.append([str(Path(sys.executable).with_name("commonground")), "worker"])
    _tell_where(only)
    return _together(commands)


def _address(name: str) -> tuple[str, int]:
    _application, url, port = DOORS[name]
    at = urlsplit(getattr(settings.ENVIRONMENT, url))
    return HERE, getattr(settings.ENVIRONMENT, port) if at.scheme == "https" else at.port or 80


def _refuse_unless_free(name: str) -> None:
    address = _address(name)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as fault:
            where = f"{address[0]}:{address[1]}"
            raise Refused(f"The {name} door cannot open at {where}: {fault.strerror}.") from None


def _door(name: str) -> list[str]:
    host, port = _address(name)
    granian = str(Path(sys.executable).with_name("granian"))
    return [
        granian, "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(settings.ENVIRONMENT.workers), "--blocking-threads", "16",
        "--workers-kill-timeout", str(FAREWELL), "--no-access-log", "--log-level", "error", DOORS[name][0],
    ]  # fmt: skip


def _tell_where(only: str) -> None:
    environment = settings.ENVIRONMENT
    lines = {"signed-in": f"Committee: {environment.site_url}", "respondents": f"Staff: {environment.respond_url}"}
    print("\n".join(line for name, line in lines.items() if only in ("", name)), flush=True)


def _together(commands: list[list[str]]) -> int:
    processes = [subprocess.Popen(command) for command in commands]
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()
        for process in processes:
            process.terminate()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    statuses: list[int | None] = []
    while not statuses:
        statuses = [process.poll() for process in processes if process.poll() is not None]
        stopping.wait(0.2)
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait()
    return 0 if stopping.is_set() else max(status or 0 for status in statuses) or 1


TICK_SECONDS = 60


def work() -> int:
    """Carry out background work until a signal, and once a minute what the calendar asks for."""
    task_started.connect(_begin)
    threading.Thread(target=_tick_forever, daemon=True).start()
    call_command("db_worker", "--queue-name", "*")
    return 0


def _begin(**given: Any) -> None:
    walls.shut()


def _tick_forever() -> None:
    pause = threading.Event()
    while True:
        due = monotonic() + TICK_SECONDS
        tick()
        pause.wait(max(0.0, due - monotonic()))


def tick() -> None:
    """Copy, close, count, destroy and remind of what is due, give up what was stopped, and go on certifying.

    A fault is named without its values, and its step tried again.
    """
    on_time = (
        campaign.tick,
        letters.tick,
        tally.tick,
        reopening.tick,
        ending.tick,
        reminders.tick,
        staff_work.tick,
    )
    for step in (*on_time, certifier.certify):
        walls.shut()
        try:
            step()
        except Exception as fault:
            print(f"{step.__module__} will be tried again: {type(fault).__name__}", file=sys.stderr)
    close_old_connections()


def migrate() -> int:
    """Bring both databases to this version, make the table of the shared cache, and lay out style and scripts."""
    with walls.everything(reason="a migration may rewrite the rows of every district"):
        call_command("migrate", verbosity=0, interactive=False)
    call_command("migrate", database="responses", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    return 0
