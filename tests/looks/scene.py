"""The demonstration with its stage set, made once for all workers, and what a walk through it found."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Any

from commonground.demo import cast
from tests.looks.crawl import EVERYBODY, Crawl, Found, accept, sign_in
from tests.server import Place, place, seeded, served

PATIENCE = 420.0
FOUNDER = "ida@maple.example"
SETTINGS = "commonground.config.settings"


@dataclass(frozen=True)
class Scene:
    """A served copy: its pages, the routes that a link or form leads to, sessions by mailbox, and the stage."""

    place: Place
    pages: list[Found]
    reached: set[str]
    cookies: dict[str, dict[str, str]]
    stage: dict[str, Any]


@contextmanager
def scene(shared: Path, own: Path) -> Iterator[Scene]:
    """Serve a copy of the scene in `own`; the first worker makes it in `shared`, the others wait for it."""
    made = shared / "scene"
    try:
        made.mkdir()
    except FileExistsError:
        _wait(made)
    else:
        _make(made)
    copytree(made, own)
    told = json.loads((own / "told.json").read_text())
    with served(own) as here:
        pages = [Found(*found) for found in told["pages"]]
        yield Scene(here, pages, set(told["reached"]), told["cookies"], told["stage"])


def _make(folder: Path) -> None:
    seeded(folder)
    run(place(folder), "tests.looks.stage", str(folder / "stage.json"))
    stage = json.loads((folder / "stage.json").read_text())
    with served(folder) as here:
        clients = {member.email: sign_in(here, member.email) for member in EVERYBODY}
        clients[FOUNDER] = accept(here, f"/invitation/{stage['founder']}/")
        walk = Crawl()
        for email, client in clients.items():
            walk.walk(client, email, "/d/maple/" if email == FOUNDER else f"/d/{cast.SLUG}/")
    told = {
        "pages": [[page.route, page.path, page.email] for page in walk.pages],
        "reached": sorted(walk.reached),
        "cookies": {email: dict(client.cookies) for email, client in clients.items()},
        "stage": stage,
    }
    ready = folder / "told.part"
    ready.write_text(json.dumps(told))
    ready.rename(folder / "told.json")


def _wait(folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not (folder / "told.json").exists():
        if time.monotonic() > deadline:
            raise RuntimeError("the scene was not made by the worker that began it")
        time.sleep(0.5)


def run(here: Place, module: str, *arguments: str) -> str:
    """Run a module with the signed-in door's settings over the data of this place; return what it printed."""
    variables = {**os.environ, **here.variables, "DJANGO_SETTINGS_MODULE": SETTINGS}
    program = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(program, env=variables, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    return done.stdout
