"""The files of the page for answering: small, in both languages, nothing inline, and kept to by the server."""

import gzip
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import qrcode  # type: ignore[import-untyped]
from django.test import Client
from django.utils import translation

from commonground.responses import actions, client_files, editions
from commonground.responses.tests.client_page import CLIENT, chromium, served
from commonground.responses.tests.sample import Sample, make_sample
from commonground.sealing.promise import ANONYMOUS, CONFIDENTIAL

MOST_BYTES = 12_000
PAGE = (CLIENT / "answer.html").read_text()
WORDS: dict[str, dict[str, str]] = json.loads((CLIENT / "words.json").read_text())


def script(name: str) -> str:
    return (CLIENT / name).read_text()


def loaded_with(name: str) -> set[str]:
    """The modules that a module needs before it runs."""
    found = {name}
    for needed in re.findall(r'from "\./([a-z]+\.js)"', script(name)):
        found |= loaded_with(needed)
    return found


def test_what_loads_for_answering_is_small():
    begins = re.findall(r'<script[^>]* src="([a-z.]+)"', PAGE)
    loaded = set.union(*map(loaded_with, begins))
    assert loaded == {"check.js", "here.js", "page.js", "screens.js", "sealing.js", "send.js"}
    packed = {name: len(gzip.compress((CLIENT / name).read_bytes(), 9)) for name in loaded}
    assert sum(packed.values()) < MOST_BYTES, packed


def test_both_languages_have_the_same_sentences_with_the_same_values():
    assert list(WORDS["en"]) == list(WORDS["es"])
    for name, sentence in WORDS["en"].items():
        assert re.findall(r"\{\w+\}", sentence) == sorted_as(sentence, WORDS["es"][name]), name


def sorted_as(sentence: str, other: str) -> list[str]:
    """The values of the other sentence, in the order of this one."""
    return sorted(re.findall(r"\{\w+\}", other), key=sentence.find)


def test_sentences_that_the_servers_pages_say_too_are_the_same_in_spanish():
    """The page and the server's own pages do not drift apart."""
    shared = 0
    for name, sentence in WORDS["en"].items():
        asked = re.sub(r"\{(\w+)\}", r"%(\1)s", sentence)
        with translation.override("es"):
            told = re.sub(r"%\((\w+)\)s", r"{\1}", str(translation.gettext(asked)))
        if told != sentence:
            shared += 1
            assert WORDS["es"][name] == told
    assert shared > 40


def test_every_sentence_is_used_and_every_name_on_the_page_has_one():
    scripts = "".join(path.read_text() for path in CLIENT.glob("*.js"))
    shown = set(re.findall(r'data-t="(\w+)"', PAGE))
    statuses = {name for name in WORDS["en"] if re.fullmatch(r"(pass|door)?\d+", name)}
    promised = {f"{word}{end}" for word in (ANONYMOUS, CONFIDENTIAL) for end in ("", "Why")}
    assert [
        name for name in WORDS["en"] if name not in shown | statuses | promised and f'"{name}"' not in scripts
    ] == []
    assert promised <= set(WORDS["en"])
    values = shown - set(WORDS["en"])
    assert [
        name
        for name in values
        if not re.search(rf"\b{name}\b", scripts) and name not in make_sample().paper.content
    ] == []
    done = set(re.findall(r'data-do="(\w+)"', PAGE))
    assert [name for name in done if not re.search(rf"\b{name}: |\bbegin, |function {name}\(", scripts)] == []


def test_nothing_on_the_page_is_inline_and_nothing_comes_from_elsewhere():
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", PAGE)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", PAGE))
    assert not re.search(r'(src|href)="(https?:)?//', PAGE)
    scripts = "".join(path.read_text() for path in CLIENT.glob("*.js"))
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function", scripts)


@pytest.mark.django_db(databases=["responses"])
def test_the_door_serves_each_file_as_the_paper_names_it(sample: Sample):
    for name, data in client_files.files().items():
        answer = Client().get(f"/s/{sample.survey}/client/{name}")
        assert answer.status_code == 200 and answer.content == data
        kinds = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json"}
        assert answer["Content-Type"].startswith(kinds.get(Path(name).suffix, "image/svg+xml"))


@pytest.mark.django_db(databases=["responses"])
def test_the_door_serves_the_corrections_beside_the_paper(sample: Sample):
    assert Client().get(f"/s/{sample.survey}/errata.json").json() == []
    actions.add_erratum(sample.survey, {"en": "A word.", "es": "Una palabra."}, date(2026, 11, 17))
    editions.forget()
    told = Client().get(f"/s/{sample.survey}/errata.json")
    assert told.json() == [{"en": "A word.", "es": "Una palabra.", "on": "2026-11-17"}]
    assert told["Access-Control-Allow-Origin"] == "*"
    assert Client().get(f"/s/{'0' * 32}/errata.json").status_code == 404


@pytest.mark.django_db(databases=["responses"])
def test_the_page_may_ask_the_door_and_the_pass_point_and_nobody_else(sample: Sample):
    policy = Client().get(f"/s/{sample.survey}/client/answer.html")["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "style-src 'self'" in policy
    assert f"connect-src 'self' {sample.paper.content['addresses']['pass']}" in policy
    assert "unsafe" not in str(policy)


@pytest.mark.browser
@pytest.mark.parametrize("length", [200, 700, 955, 1063, 1900, 2900])
def test_a_code_to_scan_is_drawn_as_the_standard_says(length: int):
    """Against a library that chooses the same version, mask and weakest correction."""
    text = "https://respond.example/" + "Az09-_"[:6] * 500
    with served() as address, chromium() as browser:
        page = browser.new_page()
        page.goto(f"{address}/here.js")
        drawn = page.evaluate("async (text) => (await import('./qr.js')).squares(text)", text[:length])
    correction = qrcode.constants.ERROR_CORRECT_L
    code = qrcode.QRCode((len(drawn) - 17) // 4, error_correction=correction, mask_pattern=0, border=0)
    code.add_data(qrcode.util.QRData(text[:length].encode(), mode=qrcode.util.MODE_8BIT_BYTE))
    code.make(fit=False)
    assert drawn == [[bool(square) for square in row] for row in code.modules]
    assert len(drawn) == 57 or smallest(code, text[:length])


def smallest(code: Any, text: str) -> bool:
    """Whether no smaller code holds the text."""
    other = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_L)
    other.add_data(qrcode.util.QRData(text.encode(), mode=qrcode.util.MODE_8BIT_BYTE))
    return bool(other.best_fit() == code.version)
