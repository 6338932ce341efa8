"""The real servers on a data folder of their own, for journeys and pictures."""

import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import httpx

COMMAND = str(Path(sys.executable).with_name("commonground"))
PATIENCE = 180.0


@dataclass(frozen=True)
class Place:
    """Where both doors are served, and the folder they live in."""

    site: str
    respond: str
    folder: Path
    variables: dict[str, str]

    def command(self, *arguments: str) -> str:
        """Run a `commonground` command in this place; return what it printed."""
        done = subprocess.run(
            [COMMAND, *arguments], env=self.variables, capture_output=True, text=True, check=True, timeout=300
        )
        return done.stdout

    def later(self, ahead: timedelta) -> "Place":
        """Return the same place with a clock that runs ahead by so much."""
        offset = {"COMMONGROUND_CLOCK_OFFSET": str(int(ahead.total_seconds()))}
        return replace(self, variables=self.variables | offset)

    def tick(self) -> None:
        """Do once what the worker does every minute."""
        program = "import django; django.setup(); from commonground.config.serving import tick; tick()"
        variables = {**self.variables, "DJANGO_SETTINGS_MODULE": "commonground.config.settings"}
        subprocess.run([sys.executable, "-c", program], env=variables, check=True, timeout=300)

    def code(self, email: str) -> str:
        """Return the newest sign-in code that was mailed to this mailbox, waiting a little for it."""
        return self._mailed(email, r"^([A-Z0-9-]{6,})$", "Type this code")

    def invitation(self, email: str) -> str:
        """Return the link of the newest invitation that was mailed to this mailbox, waiting a little for it."""
        return self._mailed(email, r"(http\S+/invitation/\S+)", "Open this link")

    def _mailed(self, email: str, wanted: str, words: str) -> str:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            letters = (self.folder / "console").read_text().split("Content-Type: text/plain")
            mine = [letter for letter in letters if f"To: {email}" in letter and words in letter]
            if mine and (found := re.search(wanted, mine[-1], re.M)):
                return found[1]
            time.sleep(0.1)
        raise RuntimeError(f"nothing was mailed to {email}")


PORTS = range(20_000, 32_000)
"""Below those that the kernel hands to clients, so that none is taken while a server starts again."""


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port


def place(folder: Path, ahead: timedelta = timedelta(), mail: str = "console:") -> Place:
    """Choose addresses for both doors over this data folder, whose clock runs ahead by so much."""
    site, respond = f"http://localhost:{free_port()}", f"http://127.0.0.1:{free_port()}"
    variables = {
        **{name: value for name, value in os.environ.items() if not name.startswith("COMMONGROUND_")},
        "COMMONGROUND_DATA": str(folder),
        "COMMONGROUND_CLOCK_OFFSET": str(int(ahead.total_seconds())),
        "COMMONGROUND_DEVELOPMENT": "yes",
        "COMMONGROUND_MAIL": mail,
        "COMMONGROUND_WORKERS": "1",
        "COMMONGROUND_CERTIFY_SECONDS": "600",
        "COMMONGROUND_SITE_URL": site,
        "COMMONGROUND_RESPOND_URL": respond,
        "PYTHONUNBUFFERED": "1",
    }
    return Place(site, respond, folder, variables)


def seeded(folder: Path) -> Path:
    """Make the demonstration in a folder, once; later runs copy it."""
    made = place(folder)
    made.command("migrate")
    made.command("seed-demo")
    return folder


@contextmanager
def served(folder: Path, ahead: timedelta = timedelta()) -> Iterator[Place]:
    """Serve both doors over a data folder while the code inside runs, by a clock that runs ahead by so much."""
    with running(place(folder, ahead)) as here:
        yield here


@contextmanager
def running(here: Place, *options: str) -> Iterator[Place]:
    """Serve both doors at the addresses of a place while the code inside runs."""
    with (here.folder / "console").open("a") as console:
        command = [COMMAND, "serve", *options]
        server = subprocess.Popen(command, env=here.variables, stdout=console, stderr=subprocess.STDOUT)
        try:
            for address in (here.site, here.respond):
                _wait(address, server)
            yield here
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE)


def _wait(address: str, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            httpx.get(address, timeout=5)
            return
        except httpx.TransportError:
            time.sleep(0.2)
    raise RuntimeError(f"{address} did not open")


@contextmanager
def demonstration(template: Path | None = None) -> Iterator[Place]:
    """Serve the demonstration over a fresh copy of its data folder."""
    with tempfile.TemporaryDirectory(prefix="commonground-place-") as name:
        folder = Path(name) / "data"
        if template is None:
            seeded(folder)
        else:
            shutil.copytree(template, folder)
        with served(folder) as here:
            yield here
