"""What an opening costs: closing, each layer in turn, the meeting, for 1,000 and 100,000 answers.

    python bench/opening.py [--answers 1000,100000] [--json]

A district of its own in a temporary folder, random answers to 19 items in 49 groups from a fixed seed, three
sealing parties. Each size is answered in one process and opened in another. Keepers' work is done by `commonground
peel` as a process, and for the first layer by `keys.html` in the system's Chromium too, where there is one. Server
stages: CPU seconds and the most memory of its own. One result a line: `name`, `value`, `unit`, `reference`: for
memory the size of the list that is worked on, for the keepers' seconds bare ECDH with the same key, for the server
5 s for each 10,000 answers.
"""

import argparse
import ctypes
import gc
import hashlib
import json
import os
import pickle
import subprocess
import sys
import tempfile
import time as stopwatch
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psutil  # type: ignore[import-untyped]

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.tally import bare, invented
from commonground.demo.trial.__main__ import settle_server
from commonground.demo.trial.sheet import Sheet
from commonground.sealing.formats import Chunk

MIB = 1 << 20
PIECE = 1_000_000
AT_ONCE = 2000
COMMAND = str(Path(sys.executable).with_name("commonground"))


def main() -> None:
    """Measure each size in a process of its own, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--answers", default="1000,100000", help="sizes, the smallest first")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--part", nargs=3, metavar=("NAME", "NUMBER", "FOLDER"), help="what each process does")
    given = parser.parse_args()
    if given.part:
        _part(given.part[0], int(given.part[1]), Path(given.part[2]))
        return
    for number in map(int, given.answers.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            for part in ("answer", "open"):
                _in_own_process([part, str(number), folder], given.json)


def _in_own_process(part: list[str], in_json: bool) -> None:
    command = [sys.executable, __file__, "--part", *part]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            told = json.loads(line)
            words = "{name:36} {value:9.2f} {unit:6} reference {reference:.2f}".format(**told)
            print(line.strip() if in_json else words, flush=True)
    assert process.returncode == 0


def _part(name: str, number: int, folder: Path) -> None:
    settle_server(str(folder))
    bench, kept = Bench(number, folder), folder / "kept"
    if name == "answer":
        kept.write_bytes(pickle.dumps(bench.prepare(invented(number))))
    else:
        bench.open(*pickle.loads(kept.read_bytes()))
    from django.db import connections

    connections.close_all()


@dataclass
class Bench:
    """One opening; what it measures goes to standard output as it comes."""

    number: int
    folder: Path
    seconds: float = field(default=0.0)

    def tell(self, name: str, value: float, unit: str, reference: float) -> None:
        told = {"name": f"opening.{self.number}.{name}", "value": round(value, 3), "unit": unit}
        print(json.dumps({**told, "reference": round(reference, 3)}), flush=True)

    @contextmanager
    def server(self, name: str, size: int) -> Iterator[None]:
        """Measure a stage of the server; `size` is that of the list in bytes."""
        _give_back()
        began = stopwatch.process_time()
        with _watched([psutil.Process()]) as memory:
            yield
        spent = stopwatch.process_time() - began
        self.seconds += spent
        self.tell(f"{name}.cpu", spent, "s CPU", self.number * 5 / 10_000)
        self.tell(f"{name}.memory", max(memory), "MiB", size / MIB)

    def prepare(self, sheet: Sheet) -> tuple[Any, ...]:
        """Launch and answer; return what the other process needs."""
        from commonground.demo.trial import district, survey
        from commonground.kernel import time

        start = time.now()
        made = district.build(sheet, 1.1)
        row, keepers = survey.launch(sheet, made, None, start)
        with time.at(start + survey.DURING):
            self.answer(sheet, row, survey.draw(made, row, self.number))
        return start, made, row.pk, keepers

    def open(self, start: Any, made: Any, survey_id: Any, keepers: Any) -> None:
        """Close, open, count."""
        from commonground.demo.trial import survey
        from commonground.kernel import time
        from commonground.surveys import tally
        from commonground.surveys.models import Survey

        row = Survey.rows.one(made.id, survey_id)
        size = _list_bytes(row)
        with time.at(start + survey.CLOSES + timedelta(hours=1)), self.server("close", size):
            tally.close(made.coordinator, row.pk)
        with time.at(start + survey.OPENING):
            for layer, (party, actor) in enumerate(keepers.actors.items(), start=1):
                self.layer(layer, actor, row.pk, keepers.phrases[party], size)
            shares = keepers.shares(row.pk)
            with self.server("count", size):
                tally.count(made.labor, row.pk, shares)
        self.tell("server", self.seconds, "s CPU", self.number * 5 / 10_000)

    def answer(self, sheet: Sheet, row: Any, drawn: list[str]) -> None:
        """Seal every answer as the respondents' door does, and store them by thousands."""
        from commonground.demo.trial import survey
        from commonground.responses import sending
        from commonground.responses.models import SealedAnswer
        from commonground.sealing.codes import code_hash, read_code
        from commonground.sealing.paper import read_paper

        paper = read_paper(row.paper.encode())
        chosen = survey.options(sheet, paper.content["questions"])
        began, batch = stopwatch.process_time(), []
        for typed, each in zip(drawn, sheet.rows, strict=True):
            code = read_code(typed)
            item = sending.seal(paper, code, paper.layout.encode(survey.said(each, chosen)))
            key = code_hash(paper.survey, code)
            batch.append(SealedAnswer(key=key, survey=row.public_id, kind=2, item=item))
            if len(batch) == AT_ONCE:
                SealedAnswer.objects.bulk_create(batch)
                batch = []
        SealedAnswer.objects.bulk_create(batch)
        self.tell("seal", (stopwatch.process_time() - began) * 1000 / self.number, "ms", 8)

    def layer(self, layer: int, actor: Any, survey_id: Any, phrase: bytes, size: int) -> None:
        """Hand the task out, have it done, take the result in by pieces."""
        from commonground.surveys import tally

        with self.server(f"layer_{layer}.hand_out", size):
            task = tally.peel_task(actor, survey_id)
        (self.folder / "task.cg").write_bytes(task)
        self.command(layer, task, phrase)
        if layer == 1:
            self.browser(task, phrase)
        del task
        with self.server(f"layer_{layer}.take_in", size):
            taken = [tally.receive_piece(actor, survey_id, piece) for piece in _pieces(self.folder / "result.cg")]
        assert taken[-1]

    def command(self, layer: int, task: bytes, phrase: bytes) -> None:
        """Peel with the command, as a process."""
        from commonground.sealing import seals
        from commonground.sealing.formats import fingerprint, read_file, read_list

        listing = read_list(read_file(task).binary)
        began = stopwatch.process_time()
        bare(seals.new_private_key(), listing.items)
        reference = stopwatch.process_time() - began
        typed = f"{fingerprint(listing.hash)}\n{seals.write_words(phrase)}\n".encode()
        del listing
        paths = [str(self.folder / name) for name in ("task.cg", "result.cg")]
        before = os.times()
        with _watched() as memory:
            subprocess.run([COMMAND, "peel", *paths], input=typed, capture_output=True, check=True)
        after = os.times()
        spent = after.children_user + after.children_system - before.children_user - before.children_system
        self.tell(f"layer_{layer}.command.cpu", spent, "s CPU", reference)
        self.tell(f"layer_{layer}.command.memory", max(memory), "MiB", len(task) / MIB)

    def browser(self, task: bytes, phrase: bytes) -> None:
        """Peel in keys.html from the disk, in headless Chromium; the same bytes must come out."""
        from commonground.sealing.seals import write_words
        from commonground.surveys.tests.keys_page import CHROMIUM, KEYS_HTML, KeysPage, chromium

        if not Path(CHROMIUM).exists():
            return
        with chromium() as browser:
            keys = KeysPage(browser.new_page())
            keys.page.set_default_timeout(600_000)
            keys.page.goto(KEYS_HTML.as_uri())
            began = stopwatch.monotonic()
            keys.page.set_input_files("#file", self.folder / "task.cg")
            keys.wait_for("open", "fault")
            self.tell("layer_1.browser.check", stopwatch.monotonic() - began, "s", 0)
            keys.compare()
            began = stopwatch.monotonic()
            with _watched() as memory:
                keys.open_with(write_words(phrase))
            self.tell("layer_1.browser.peel", stopwatch.monotonic() - began, "s", 0)
            self.tell("layer_1.browser.memory", max(memory), "MiB", len(task) / MIB)
            assert keys.result() == (self.folder / "result.cg").read_bytes() and not keys.errors


def _pieces(file: Path) -> Iterator[bytes]:
    """The file in pieces, as the page sends them."""
    with file.open("rb") as result:
        digest = hashlib.file_digest(result, "sha256").digest()
        of = -(-file.stat().st_size // PIECE)
        result.seek(0)
        for index in range(of):
            yield Chunk(digest, index, of, result.read(PIECE)).to_bytes()


@contextmanager
def _watched(processes: Sequence[psutil.Process] = ()) -> Iterator[list[float]]:
    """Look at the memory of these processes, or of every one below this, in MiB, twenty times a second."""
    seen, over = [0.0], Event()

    def watch() -> None:
        while not over.wait(0.05):
            for process in processes or psutil.Process().children(recursive=True):
                with suppress(OSError, psutil.Error):
                    seen.append(_own_memory(process.pid))

    thread = Thread(target=watch)
    thread.start()
    yield seen
    over.set()
    thread.join()


def _own_memory(process: int) -> float:
    """What a process holds by itself now, in MiB: without files that it only maps."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon")), 0.0)


def _give_back() -> None:
    """Return to the system what an earlier stage used and freed, so that each stage shows its own."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)


def _list_bytes(row: Any) -> int:
    from commonground.responses.models import Paper, SealedAnswer

    item = Paper.objects.values_list("item_size", flat=True).get(pk=row.public_id)
    return int(item) * SealedAnswer.objects.filter(survey=row.public_id).count()


if __name__ == "__main__":
    main()
