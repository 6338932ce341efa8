"""The kiosk's files: every sentence in both languages, every file that is kept for a time without a network."""

import json
import re

from commonground.responses import client_files

SAID = {"title", "purpose", "initiative", "heading", "forward", "remains", "became", "keptNow", "sentNow"}
"""What the page says of the survey or of the moment, made of other sentences."""


def text(name: str) -> str:
    return client_files.files()[name].decode()


def test_every_sentence_of_the_kiosk_is_there_in_both_languages():
    own, shared = json.loads(text("kiosk.json")), json.loads(text("words.json"))
    named = set(re.findall(r'data-t="(\w+)"', text("kiosk.html"))) - SAID
    named |= set(re.findall(r'say\("(\w+)"', text("kiosk.js")))
    assert len(named) > 40 and own["en"].keys() == own["es"].keys()
    for language in ("en", "es"):
        assert named - own[language].keys() - shared[language].keys() == set()


def test_each_reason_of_a_refusal_has_its_sentence():
    reasons = set(re.findall(r'\d: "(\w+)"', text("shelf.js")))
    assert reasons == {"unknown", "cancelled", "used", "late"} <= json.loads(text("kiosk.json"))["en"].keys()


def test_the_worker_keeps_every_file_that_the_page_loads_and_no_other():
    (listed,) = re.findall(r"const FILES = \[(.*?)\];", text("kiosk-worker.js"), re.S)
    kept = set(re.findall(r'"([^"]+)"', listed)) - {"../paper.json"}
    wanted, waiting = {"kiosk.html", "kiosk.json", "words.json"}, ["kiosk.html"]
    while waiting:
        loads = r'(?:href|src)="([\w.-]+)"|(?:from |import |import\()"\./([\w.-]+)"|fetch\("([\w.-]+)"'
        found = {name for pair in re.findall(loads, text(waiting.pop())) for name in pair if name} - wanted
        wanted |= found
        waiting += found
    assert kept == wanted <= client_files.files().keys()


def test_the_page_leads_nowhere():
    html = text("kiosk.html")
    assert not re.search(r"<a\s|<iframe|target=|action=|https?:", html)
    assert "window.open" not in text("kiosk.js") and "http" not in text("kiosk.js")
