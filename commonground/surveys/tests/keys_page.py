"""The keepers' page in a real browser, and a small survey whose seals it works on."""

import base64
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Browser, FilePayload, Page, sync_playwright

from commonground.sealing.formats import (
    CODE,
    NO_SIGNATURE,
    PlainAnswer,
    SealedList,
    TradingFile,
    canonical_json,
    read_file,
)
from commonground.sealing.hpke import Purpose, open_seal, public_bytes, seal, seal_answer
from commonground.sealing.keeper import answer_task
from commonground.sealing.lists import sorted_list
from commonground.sealing.paper import Paper, read_paper
from commonground.sealing.seals import make_counting_key, new_private_key, wrap, write_words

CHROMIUM = "/usr/bin/chromium"
KEYS_HTML = Path(__file__).parents[1] / "keys" / "keys.html"
CEREMONY_JS = Path(__file__).parents[1] / "static" / "surveys" / "ceremony.js"

PARTIES = (
    ("a1" * 16, "Classified Employees Chapter 212", "labor_organization"),
    ("b2" * 16, "Bus and Trades Local 27", "labor_organization"),
    ("c3" * 16, "Alder Valley Unified School District", "management"),
)
QUESTIONS = (
    {"id": "q1", "kind": "agreement", "options": []},
    {"id": "q2", "kind": "several", "options": [{"text": {"en": str(n)}} for n in range(9)]},
    {"id": "q3", "kind": "text", "options": [], "limit": 60},
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium; skips without it, unless COMMONGROUND_REQUIRE_BROWSER=1 makes that a failure."""
    if not Path(CHROMIUM).exists():
        if os.environ.get("COMMONGROUND_REQUIRE_BROWSER") == "1":
            pytest.fail(f"{CHROMIUM} is missing and COMMONGROUND_REQUIRE_BROWSER=1 asks for it")
        pytest.skip(f"{CHROMIUM} is missing: the keepers' page was not tried in a browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def content_policy() -> str:
    """The policy that the page is served with: its one script, its one style and its worker, nothing else."""
    text = KEYS_HTML.read_text(encoding="utf-8")

    def digest(tag: str) -> str:
        found = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert found
        return "'sha256-" + base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode() + "'"

    return (
        f"default-src 'none'; script-src {digest('script')}; style-src {digest('style')}; worker-src blob:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


@dataclass(frozen=True)
class Sheet:
    """A party's seal as its keeper knows it."""

    phrase: bytes
    wrapped: bytes

    @property
    def words(self) -> str:
        return write_words(self.phrase)


class SealedSurvey:
    """Three parties, their sheets, a paper and `count` sealed answers."""

    def __init__(self, count: int) -> None:
        self.survey = os.urandom(16)
        self.private_keys = [new_private_key() for _ in PARTIES]
        phrases = [os.urandom(16) for _ in PARTIES]
        self.sheets = [Sheet(p, wrap(k, p, self.survey)) for p, k in zip(phrases, self.private_keys, strict=True)]
        ids = [party for party, _, _ in PARTIES]
        keys = [public_bytes(key) for key in self.private_keys]
        door = public_bytes(new_private_key())
        self.block, self.counting = make_counting_key(self.survey, list(zip(ids, keys, strict=True)), door, None)
        self.plain = [self._plain_answer(number) for number in range(count)]

    @cached_property
    def paper_text(self) -> str:
        return self.text_of({})

    @cached_property
    def paper(self) -> Paper:
        return read_paper(self.paper_text.encode())

    @cached_property
    def items(self) -> list[bytes]:
        return [seal_answer(plain, self.block.keys, self.paper.hash) for plain in self.plain]

    @cached_property
    def closed(self) -> SealedList:
        return sorted_list(self.paper, 1, self.items)

    def text_of(self, changes: dict[str, Any]) -> str:
        """The paper's text with some entries changed."""
        content = {
            "format": "cg1-paper",
            "survey": self.survey.hex(),
            "title": {"en": "Staff survey, fall 2026", "es": "Encuesta del personal, otoño de 2026"},
            "parties": [{"id": i, "name": n, "short": n, "kind": k, "seals": True} for i, n, k in PARTIES],
            "questions": QUESTIONS,
            "seals": self.block.to_json(),
        }
        return canonical_json({**content, **changes}).decode()

    def resealed(self, inside: bytes, layer: int = 1) -> bytes:
        """A new seal of `layer` around something."""
        return seal(inside, Purpose.TALLY, self.paper.hash, layer, self.block.key_of_layer(layer))

    def open_core(self, core: ec.EllipticCurvePrivateKey, item: bytes) -> bytes:
        """A plain answer out of the innermost seal."""
        return open_seal(item, Purpose.TALLY, self.paper.hash, 0, core)

    def task(self, name: str, party_layer: int, binary: bytes = b"", /, **values: object) -> bytes:
        """A task file for the party of `party_layer`."""
        party, party_name, _ = PARTIES[party_layer - 1]
        shown = {"survey_title": "Staff survey, fall 2026", "party_name": party_name}
        own = {"task": name, "survey": self.survey.hex(), "party": party, **shown}
        return TradingFile({**own, **values}, binary).to_bytes()

    def make_task(self) -> bytes:
        return self.task("make-key", 1)

    def trial_task(self, layer: int, /, **changes: object) -> bytes:
        block = self.block.to_bytes().decode()
        wrapped = self.sheets[layer - 1].wrapped.hex()
        return self.task("trial", layer, **{"block": block, "wrapped": wrapped, **changes})

    def peel_task(self, layer: int, listing: bytes, /, **changes: object) -> bytes:
        known = {"paper_text": self.paper_text, "layer": layer, "list_hash": sha256(listing).hexdigest()}
        wrapped = self.sheets[layer - 1].wrapped.hex()
        return self.task("peel", layer, listing, **{**known, "wrapped": wrapped, **changes})

    def share_task(self, layer: int, final_hash: bytes, /, **changes: object) -> bytes:
        known = {"paper_text": self.paper_text, "layer": layer, "final_hash": final_hash.hex()}
        own = {"wrapped": self.sheets[layer - 1].wrapped.hex()}
        share = {"sealed_share": self.counting.sealed_shares[layer - 1].hex()}
        return self.task("share", layer, **{**known, **own, **share, **changes})

    def answer(self, task: bytes, layer: int) -> bytes:
        """What the Python keeper answers to the same task."""
        return answer_task(task, self.sheets[layer - 1].phrase)

    def _plain_answer(self, number: int) -> bytes:
        layout = self.paper.layout
        answers = layout.encode({"q1": number % 5, "q2": (number % 9,), "q3": f"¿{number}?"})
        receipt = number.to_bytes(16, "big")
        return PlainAnswer(CODE, receipt, NO_SIGNATURE, answers).to_bytes(layout.plain_size)


class KeysPage:
    """What a keeper does on the page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)

    def give(self, task: bytes) -> None:
        file = FilePayload(name="task.cg", mimeType="application/octet-stream", buffer=task)
        self.page.set_input_files("#file", file)

    def wait_for(self, *screens: str) -> None:
        self.page.wait_for_selector(", ".join(f"#{screen}:not([hidden])" for screen in screens))

    def begin(self, task: bytes) -> None:
        """Give a task that asks for words."""
        self.give(task)
        self.wait_for("open", "fault")
        assert not self.page.locator("#fault").is_visible(), self.page.inner_text("#fault")

    def compare(self) -> None:
        for box in self.page.locator("#compare-boxes input").all():
            box.check()

    def open_with(self, words: str) -> None:
        self.page.fill("#phrase", words)
        self.page.click("#open-button")
        self.wait_for("done", "fault", "phrase-fault")

    def carry_out(self, task: bytes, words: str) -> bytes:
        """A whole task of trial, peel or share, and its result file."""
        self.begin(task)
        self.compare()
        self.open_with(words)
        return self.result()

    def result(self) -> bytes:
        self.wait_for("done")
        with self.page.expect_download() as download:
            self.page.click("#save")
        return Path(download.value.path()).read_bytes()

    def refused(self, task: bytes) -> str:
        """The sentence with which a task is refused before any words are asked for."""
        self.give(task)
        self.wait_for("fault", "open")
        assert not self.page.locator("#open").is_visible(), "the page goes on"
        return self.page.inner_text("#fault")


def message_of(result: bytes) -> dict[str, Any]:
    """The JSON of a result file."""
    return dict(read_file(result).message)
