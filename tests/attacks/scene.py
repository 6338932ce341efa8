"""A survey that people answer in a known order, through the real addresses of both doors, and that is then closed.

Runs in processes of its own over the databases of a `Machine`, which set Django up first.
"""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.db import connections
from django.test import Client, override_settings

import conftest
from commonground.access.actor import operator
from commonground.config import settings_respond
from commonground.demo import cast
from commonground.kernel import time
from commonground.partnership.models import StaffRecord
from commonground.responses import editions, sending
from commonground.sealing import codes as sealing
from commonground.sealing.lists import item_hash
from commonground.sealing.passes import PassRow, Respondent
from commonground.surveys import actions, campaign, codes, letters, passes, tally
from commonground.surveys.models import Eligible, Part, Survey
from commonground.surveys.opening_files import paper_of
from commonground.surveys.tests import meeting, writing
from tests.server import COMMAND

SETUP = "import django; django.setup(); from tests.attacks import scene"
BACKUP = "while-open.backup"
OCTETS, FORM = "application/octet-stream", "application/x-www-form-urlencoded"


class AtTheDoor:
    """Leads a request of the test client to the addresses of the respondents' door."""

    def __init__(self, get_response: Callable[..., Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        request.urlconf = "commonground.config.urls_respond"
        return self.get_response(request)


def door() -> Client:
    """A client of the respondents' door, with the door's own middleware."""
    client = Client()
    own = [f"{__name__}.AtTheDoor", *(name for name in settings_respond.MIDDLEWARE if "whitenoise" not in name)]
    with override_settings(MIDDLEWARE=own):
        client.handler.load_middleware()
    return client


@dataclass
class Scene:
    """An open survey, those who are asked in the order in which they will come, and what is known of them."""

    steps: writing.Steps
    draw: random.Random
    site: Client = field(default_factory=Client)
    door: Client = field(default_factory=door)
    truth: list[dict[str, str]] = field(default_factory=list)
    waiting: list[Eligible] = field(default_factory=list)

    @property
    def survey(self) -> Survey:
        return self.steps.survey

    @contextmanager
    def after(self, **wait: float) -> Iterator[None]:
        """So long after the survey opened."""
        assert self.survey.opens_at
        with time.at(self.survey.opens_at + timedelta(**wait)):
            yield

    def person(self, row: Eligible) -> Respondent:
        """Somebody with a personal link, who has taken the pass."""
        secret = passes.link_secrets(self.survey, [row.pk])[row.pk]
        somebody = Respondent(paper_of(self.survey), secret)
        given = self.site.post("/pass/", somebody.request().to_bytes(), content_type=OCTETS)
        assert given.status_code == 200, given.status_code
        somebody.take(given.content)
        return somebody

    def answers(self) -> bytes:
        """What one person answers, encoded."""
        encoded: bytes = paper_of(self.survey).layout.encode(meeting.an_answer(self.draw))
        return encoded

    def send(self, somebody: Respondent) -> PassRow:
        """Post an answer, or the next version of one."""
        row = somebody.answer(self.answers())
        sent = self.door.post(f"/s/{self.survey.public_id}/answer/", row.to_bytes(), content_type=OCTETS)
        assert sent.status_code == 200, sent.status_code
        return row

    def by_link(self, number: int) -> list[Respondent]:
        """So many people come by their links, one after the other."""
        found = []
        for _ in range(number):
            row = self.waiting.pop()
            found.append(self.person(row))
            sent = self.send(found[-1])
            self.truth.append({"person": row.pk.hex, "key": sent.key.hex(), "row": sent.to_bytes().hex()})
        return found

    def drew(self, row: Eligible) -> None:
        """Mark somebody who drew an envelope from the pile, as its page does."""
        Eligible.rows.within(row.partnership_id).filter(pk=row.pk).update(marked=True)

    def by_code(self, number: int, codes_drawn: list[bytes]) -> None:
        """So many people type a code from the pile into the form."""
        for _ in range(number):
            row, code = self.waiting.pop(), codes_drawn.pop()
            form = urlencode({"code": sealing.write_code(code), "screen": "0", "go": "send"})
            sent = self.door.post(f"/s/{self.survey.public_id}/en/", form, content_type=FORM)
            assert sent.status_code == 200, sent.status_code
            self.drew(row)
            key = sealing.code_hash(bytes.fromhex(self.survey.public_id), code)
            self.truth.append({"person": row.pk.hex, "key": key.hex()})

    def by_kiosk(self, number: int, codes_drawn: list[bytes]) -> None:
        """So many people answer at a shared device; it sends what it kept in one batch, sorted by hash."""
        paper, kept = paper_of(self.survey), []
        for _ in range(number):
            row, code = self.waiting.pop(), codes_drawn.pop()
            kept.append((code, sending.seal(paper, code, self.answers())))
            self.drew(row)
            self.truth.append({"person": row.pk.hex, "key": sealing.code_hash(paper.survey, code).hex()})
        kept.sort(key=lambda pair: item_hash(pair[1]))
        batch = b"".join(code + item for code, item in kept)
        sent = self.door.post(f"/s/{self.survey.public_id}/codes/", batch, content_type=OCTETS)
        assert sent.status_code == 200 and sent.content == bytes(number), sent.content

    def codes(self, number: int) -> list[bytes]:
        """Draw so many codes for the pile."""
        return [sealing.read_code(code) for code in codes.draw(self.steps.actor(cast.SAM), self.survey.pk, number)]

    def close(self) -> None:
        """Close when the time is over, as the worker does."""
        with time.at(self.closing_time):
            tally.tick()

    @property
    def closing_time(self) -> datetime:
        assert self.survey.closes_at
        return self.survey.closes_at + timedelta(minutes=16)

    def keep(self, folder: Path) -> None:
        """Write down who came in which order, and every letter that went out, for the attacker's judge."""
        letters = "".join(f"to=<{letter.to[0]}> status=sent\n" for letter in getattr(mail, "outbox", []))
        (folder / "mail.log").write_text(letters)
        (folder / "truth.json").write_text(json.dumps(self.truth))


def begun(people: int, seed: int) -> Scene:
    """A launched survey for so many people, with their order of arrival drawn."""
    settings.TEMPLATES, settings.ALLOWED_HOSTS = settings_respond.TEMPLATES, ["*"]
    editions.SECONDS_TO_KEEP = 0
    valley = conftest._district(cast.SLUG, cast.DISTRICT, cast.LABOR, cast.MANAGEMENT, (*cast.CAST, cast.LEFT))
    writing.people(valley)
    _more_people(valley, people)
    with _long_texts():
        scene = Scene(writing.launched(valley), random.Random(seed))
    scene.waiting = asked(scene)
    scene.draw.shuffle(scene.waiting)
    return scene


@contextmanager
def _long_texts() -> Iterator[None]:
    """Let rows be so long that both kinds of database store a part of them elsewhere."""
    whole = actions.set_plan

    def with_more(actor: Any, survey_id: Any, **given: Any) -> Any:
        part = Part.rows.within(actor.tenant).get(survey=survey_id)
        for words in ("What helps?", "What does not?"):
            actions.add_question(actor, survey_id, part.pk, kind="text", text_en=words, text_es=words, limit=1000)
        return whole(actor, survey_id, **given)

    with patch.object(actions, "set_plan", with_more):
        yield


def _more_people(valley: Any, people: int) -> None:
    rows = StaffRecord.rows.within(valley.partnership.pk)
    like = rows.select_related("site", "job_class").filter(site__name_en="High")[0]
    for number in range(people - rows.count()):
        StaffRecord(
            partnership_id=valley.partnership.pk, number=f"more-{number}", given_name=f"More {number}",
            email=f"more{number}@staff.example", site=like.site, job_class=like.job_class,
        ).save()  # fmt: skip


def asked(scene: Scene) -> list[Eligible]:
    """Those who are asked."""
    return list(Eligible.rows.within(scene.steps.valley.partnership.pk).filter(survey=scene.survey))


# What happens


def one_at_a_time(scene: Scene, folder: Path) -> None:
    """Everybody comes by link, one after the other."""
    with scene.after(hours=1):
        scene.by_link(len(scene.waiting))


def codes_mixed_in(scene: Scene, folder: Path) -> None:
    """Between those with links come people with codes from the pile."""
    with scene.after(hours=1):
        pile = scene.codes(len(scene.waiting) // 4 + 5)
        while scene.waiting:
            scene.by_link(min(3, len(scene.waiting)))
            scene.by_code(min(1, len(scene.waiting)), pile)


def changes_of_mind(scene: Scene, folder: Path) -> None:
    """A third come back and replace their answers, in another order."""
    with scene.after(hours=1):
        people = scene.by_link(len(scene.waiting))
    with scene.after(days=2):
        for somebody in scene.draw.sample(people, len(people) // 3):
            scene.send(somebody)


def all_in_a_day(scene: Scene, folder: Path) -> None:
    """A small survey with passes, codes, one cancelled code, and answers that were replaced."""
    with scene.after(hours=1):
        pile = scene.codes(14)
        people = scene.by_link(30)
        scene.by_code(10, pile)
        campaign.cancel_code(scene.survey, sealing.code_hash(bytes.fromhex(scene.survey.public_id), pile[0]))
        for somebody in people[::5]:
            scene.send(somebody)


def late_answers(scene: Scene, folder: Path) -> None:
    """Some take their pass in the last minute, and send while only the door is still open."""
    with scene.after(hours=1):
        scene.by_link(len(scene.waiting) - 30)
    assert scene.survey.closes_at
    with time.at(scene.survey.closes_at - timedelta(minutes=1)):
        rows = list(scene.waiting)
        people = [scene.person(row) for row in rows]
    with time.at(scene.survey.closes_at + timedelta(minutes=5)):
        for row, somebody in zip(rows, people, strict=True):
            scene.send(somebody)
            scene.truth.append({"person": row.pk.hex, "key": somebody.public_key.hex()})


def backed_up(scene: Scene, folder: Path) -> None:
    """A backup is made when half have answered."""
    with scene.after(hours=1):
        scene.by_link(len(scene.waiting) // 2)
    _commonground("backup", folder / BACKUP)
    with scene.after(hours=3):
        scene.by_link(len(scene.waiting))


def killed_in_mid_write(scene: Scene, folder: Path) -> None:
    """A server process is killed while it holds an answer that is not stored yet, then another while it closes."""
    with scene.after(hours=1):
        scene.by_link(len(scene.waiting) // 2)
    _killed("scene.write_and_die()")
    with scene.after(hours=2):
        scene.by_link(len(scene.waiting))
    _killed(f"scene.close_and_die({scene.closing_time.isoformat()!r})")


def _killed(program: str) -> None:
    connections.close_all()
    done = subprocess.run([sys.executable, "-c", f"{SETUP}; {program}"], check=False)
    assert done.returncode == -signal.SIGKILL, done.returncode


def write_and_die() -> None:
    """Store an answer in a transaction that never ends."""
    with connections["responses"].cursor() as cursor:
        cursor.execute("BEGIN" if connections["responses"].vendor == "postgresql" else "BEGIN IMMEDIATE")
        cursor.execute(
            "INSERT INTO responses_sealedanswer (key, survey, kind, version, pass_signature, item, signature) "
            "SELECT %s, survey, 1, 1, pass_signature, item, signature FROM responses_sealedanswer LIMIT 1",
            [b"\4" + bytes(64)],
        )
        os.kill(os.getpid(), signal.SIGKILL)


def close_and_die(moment: str) -> None:
    """Close the survey, and be killed when the door is shut but nothing is written anew."""
    from commonground.kernel import compaction

    def die(*tables: Any) -> bool:
        os.kill(os.getpid(), signal.SIGKILL)
        return False

    with patch.object(compaction, "rewrite", die), time.at(datetime.fromisoformat(moment)):
        for survey in Survey.rows.across_all(reason="the only one of a test"):
            tally.close(operator(survey.partnership_id), survey.pk)


def crash_of_the_mail_job(scene: Scene, folder: Path) -> None:
    """The job that mails links stops half way, and is run again; then people answer."""
    whole, calls = letters._send, [1, 2]

    def stops(writer: Any, batch: Any, number: int) -> None:
        calls.pop()
        whole(writer, batch, number)

    with scene.after(hours=1):
        with patch.object(letters, "_send", stops), suppress(IndexError):
            letters.send(scene.survey.pk)
        assert not calls, "the job did not stop"
        letters.send(scene.survey.pk)
    one_at_a_time(scene, folder)


def reminders(scene: Scene, folder: Path) -> None:
    """Half answer after the invitation, the rest after a reminder, which goes to everybody."""
    with scene.after(hours=1):
        letters.send(scene.survey.pk)
        scene.by_link(len(scene.waiting) // 2)
    with scene.after(days=5):
        letters.send(scene.survey.pk, letters.INVITATION + 1)
        scene.by_link(len(scene.waiting))


def _commonground(*arguments: object) -> None:
    """Run a command beside this process, as an administrator does."""
    connections.close_all()
    subprocess.run([COMMAND, *map(str, arguments)], check=True)


def restored(scene: Scene, folder: Path) -> None:
    """When half have answered the server is lost, and a backup is read into empty databases."""
    with scene.after(hours=1):
        scene.by_link(len(scene.waiting) // 2)
    _commonground("backup", folder / BACKUP)
    for alias in connections:
        call_command("flush", database=alias, interactive=False, verbosity=0)
    _commonground("restore", folder / BACKUP)
    with scene.after(hours=3):
        scene.by_link(len(scene.waiting))


def kiosk_batch(scene: Scene, folder: Path) -> None:
    """Some answer at a shared device without network, which sends their sealed answers later, sorted."""
    with scene.after(hours=1):
        pile = scene.codes(60)
        scene.by_link(len(scene.waiting) - 50)
    with scene.after(hours=5):
        scene.by_kiosk(len(scene.waiting), pile)


SCENARIOS: dict[str, Callable[[Scene, Path], None]] = {
    each.__name__: each
    for each in (
        one_at_a_time, all_in_a_day, reminders, codes_mixed_in, changes_of_mind, late_answers, kiosk_batch,
        backed_up, restored, killed_in_mid_write, crash_of_the_mail_job,
    )
}  # fmt: skip


# Servers that leak, to see that the attacks work


def without_rewriting() -> None:
    """A server that closes without writing its tables anew."""
    from commonground.kernel import compaction

    def nothing(*tables: Any) -> bool:
        return True

    patch.object(compaction, "rewrite", nothing).start()
    patch.object(passes, "rewrite_some", nothing).start()


def with_a_counter() -> None:
    """A server whose database counts answers as they come, and notes who took a pass, in tables of its own."""
    for alias, table, key in (
        ("responses", "responses_sealedanswer", "key"),
        ("default", "surveys_eligible", "id"),
    ):
        with connections[alias].cursor() as cursor:
            for statement in _counter(connections[alias].vendor, table, key):
                cursor.execute(statement)


def _counter(vendor: str, table: str, key: str) -> list[str]:
    """Statements that note the key of a row when it is written, with the next number."""
    event = "INSERT" if table.startswith("responses") else "UPDATE OF marked"
    note = f"INSERT INTO {table}_seen (key) VALUES (NEW.{key})"
    if vendor == "sqlite":
        return [
            f"CREATE TABLE {table}_seen (n INTEGER PRIMARY KEY AUTOINCREMENT, key)",
            f"CREATE TRIGGER {table}_seeing AFTER {event} ON {table} BEGIN {note}; END",
        ]
    kind = "bytea" if table.startswith("responses") else "uuid"
    return [
        f"CREATE TABLE {table}_seen (n bigint GENERATED BY DEFAULT AS IDENTITY, key {kind})",
        f"CREATE FUNCTION {table}_see() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN {note}; RETURN NEW; END$$",
        f"CREATE TRIGGER {table}_seeing AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_see()",
    ]


LEAKY: dict[str, Callable[[], None]] = {
    "": lambda: None,
    "no rewriting": without_rewriting,
    "counter": with_a_counter,
}


def play(name: str, folder: str, people: int = 200, seed: int = 7, leaky: str = "", close: bool = True) -> None:
    """Let a scenario happen on an honest server, or on one that leaks; then close, and write down who came when."""
    scene = begun(people, seed)
    LEAKY[leaky]()
    SCENARIOS[name](scene, Path(folder))
    if close:
        scene.close()
    scene.keep(Path(folder))
