"""The page for answering in a real browser, at the real door: sending, lost lines, refusals, change of mind."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from commonground.responses import client_files
from commonground.responses.screens import cut_in_screens, in_language
from commonground.responses.tests.client_page import CLIENT, chromium, served
from commonground.responses.tests.client_stage import Answering, Stage, answering, stage
from commonground.sealing.answers import Quotable
from commonground.sealing.formats import hash_in_links, in_list_line
from commonground.sealing.passes import read_pass_request
from commonground.sealing.proof import Standing, check_proof, read_proof, standing
from tests.browser import faults

pytestmark = pytest.mark.browser

WORDS: dict[str, dict[str, str]] = json.loads((CLIENT / "words.json").read_text())
EVERY_KIND = {"q1": 3, "q15": 0, "q23": 10, "q25": (0, 2), "q26": "Más tiempo, ¿sí?", "q28": 1}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("respond")) as made:
        yield made


@pytest.fixture
def here(shared: Stage) -> Stage:
    """The door without answers, and a pass point that nobody asked yet."""
    shared.forget()
    return shared


@pytest.fixture
def person(browser: Browser) -> Iterator[Answering]:
    with answering(browser) as person:
        yield person


def fill_in(person: Answering, answers: dict[str, Any]) -> None:
    """Answer on every screen, as far as the last."""
    for question, answer in answers.items():
        while not person.page.locator(f"[name={question}]").first.is_visible():
            person.next()
        if isinstance(answer, str):
            person.write(question, answer)
        else:
            person.choose(question, *([answer] if isinstance(answer, int) else answer))


# Sending


def test_an_answer_by_pass_arrives_as_it_was_given_and_nothing_stays(person: Answering, here: Stage):
    person.open(here.link())
    assert "#" not in person.page.url
    person.begin()
    fill_in(person, EVERY_KIND)
    person.to_the_last()
    assert here.point.asked == [], "the pass point was asked before anybody pressed Send"
    person.send()
    assert here.answers() == [EVERY_KIND]
    [(version, item)] = here.rows()
    receipt = here.opened(item).receipt
    assert 0 < version <= 1 << 28 and here.receipt_line(receipt) in person.codes()
    assert in_list_line(here.keys()[0]) in person.codes()
    [tab, device] = json.loads(person.stored())
    kept = json.loads(next(iter(tab.values())))
    assert set(kept) == {"l", "p", "done"} and device == {}
    assert set(kept["done"]) == {"ownReceipt", "ownLine", "row", "thanks"}


@pytest.mark.parametrize("says_yes", [False, True])
def test_words_are_quoted_only_if_the_box_is_ticked(person: Answering, here: Stage, says_yes: bool):
    person.open(here.link())
    person.begin()
    fill_in(person, {"q26": "Shade, please."})
    assert WORDS["en"]["twoRead"] in person.text
    box = person.page.locator("[name='q26?']")
    assert not box.is_checked() and person.page.locator("[name='q27?']").count() == 0
    if says_yes:
        box.check()
        person.page.reload()
        person.wait("screen")
        assert box.is_checked()
    person.to_the_last()
    person.send()
    [answer] = here.answers()
    assert answer == {"q26": "Shade, please."}
    assert isinstance(answer["q26"], Quotable) == says_yes


def test_while_typing_a_word_of_care_comes_from_rules_that_load_then_and_nothing_is_sent(
    person: Answering, here: Stage
):
    asked: list[tuple[str, str]] = []
    person.page.on("request", lambda request: asked.append((request.method, request.url.rpartition("/")[2])))
    person.open(here.link())
    person.begin()
    fill_in(person, {"q26": "We need shade."})
    person.page.wait_for_timeout(1500)
    assert "This may show" not in person.text
    person.page.locator("#q-q26").press_sequentially(" Ask Denise Park in room 12.", delay=5)
    person.page.get_by_text("This may show who you are").wait_for()
    assert "“Denise Park”, “room 12”" in person.text
    assert {method for method, _file in asked} == {"GET"}
    files = [file for _method, file in asked]
    assert files.count("rules.json") == 1 and files.index("rules.json") > files.index("text.js")


def test_looking_at_a_link_asks_for_no_pass_and_sends_nothing(person: Answering, here: Stage):
    sent = []
    person.page.on("request", lambda request: sent.append(request.method))
    person.open(here.link()).begin()
    person.page.reload()
    person.wait("screen")
    assert set(sent) == {"GET"} and here.point.asked == []


def test_the_receipt_is_saved_as_a_text_file_and_is_still_there_after_loading_again(person: Answering, here: Stage):
    person.open(here.link()).begin().send()
    with person.page.expect_download() as download:
        person.press("saveReceipt")
    text = Path(download.value.path()).read_text()
    assert download.value.suggested_filename == "receipt.txt"
    assert all(code in text for code in (*person.codes(), here.paper.fingerprint))
    person.page.reload()
    person.wait("receipt")
    assert all(code in text for code in person.codes())


def test_the_proof_is_saved_in_the_form_in_which_it_is_handed_in(person: Answering, here: Stage):
    person.open(here.link()).begin().send()
    with person.page.expect_download() as download:
        person.press("saveProof")
    proof = read_proof(Path(download.value.path()).read_bytes())
    check_proof(proof, here.paper)
    [(version, item)] = here.rows()
    assert standing(proof, version, sha256(item).digest()) is Standing.LISTED
    assert proof.key == here.keys()[0]


@pytest.mark.parametrize("language", ["en", "es"])
def test_screens_are_those_of_the_servers_own_pages(person: Answering, here: Stage, language: str):
    person.open(here.link(language)).begin()
    for screen in cut_in_screens(in_language(here.paper.content, language)):
        asked = person.page.locator(".view.on .asked").all_inner_texts()
        assert asked == [question.text for question in screen.questions]
        assert person.page.locator(".view.on h1").inner_text() == screen.heading
        words = "left1" if screen.minutes_left == 1 else "left"
        assert WORDS[language][words].replace("{left}", str(screen.minutes_left)) in person.text
        last = person.page.locator("[data-do=clear]").is_visible()
        if not last:
            person.next()
    assert last


def test_what_is_typed_stays_through_loading_again_switching_language_and_going_back(
    person: Answering, here: Stage
):
    person.open(here.link()).begin()
    person.choose("q1", 4)
    person.page.reload()
    person.wait("screen")
    person.page.locator("button[lang=es]:visible").click()
    assert person.page.locator("html").get_attribute("lang") == "es"
    assert person.page.locator("[name=q1][value='4']").is_checked()
    person.next()
    person.page.go_back()
    assert person.page.locator("[name=q1][value='4']").is_checked()
    person.press("back")
    person.wait("front")
    assert WORDS["es"]["goOn"] in person.text
    person.begin().send()
    assert here.answers() == [{"q1": 4}]


def test_skipping_and_clearing_leave_a_screen_unanswered(person: Answering, here: Stage):
    person.open(here.link()).begin()
    person.choose("q1", 4)
    person.press("skip")
    person.to_the_last()
    person.choose("q28", 1)
    person.press("clear")
    assert not person.page.locator("[name=q28]:checked").count()
    person.send()
    assert here.answers() == [{}]


def test_a_text_that_is_too_long_is_held_back_and_told_of(person: Answering, here: Stage):
    person.open(here.link()).begin()
    while not person.page.locator("#q-q26").is_visible():
        person.next()
    person.write("q26", "ñ" * 251)
    person.next()
    assert WORDS["en"]["over"].replace("{over}", "2") in person.text
    assert person.page.evaluate("document.activeElement.id") == "q-q26"
    person.write("q26", "ñ" * 250)
    person.send()
    assert here.answers() == [{"q26": "ñ" * 250}]


# A lost line


def before(route: Route) -> None:
    route.abort("internetdisconnected")


def after(route: Route) -> None:
    route.fetch()
    route.abort("connectionreset")


@pytest.mark.parametrize("where", ["**/pass/", "**/answer/"])
@pytest.mark.parametrize("lose", [before, after])
@pytest.mark.parametrize("meanwhile", ["retry", "reload", "edit"])
def test_a_lost_line_costs_no_pass_and_makes_no_second_answer(
    person: Answering, here: Stage, where: str, lose: Callable[[Route], None], meanwhile: str
):
    person.open(here.link()).begin()
    person.choose("q1", 2)
    person.page.route(where, lose)
    person.send()
    assert WORDS["en"]["0"] in person.text
    person.page.unroute(where)
    if meanwhile == "reload":
        person.page.on("dialog", lambda dialog: dialog.accept())
        person.page.reload()
        person.wait("stopped")
    if meanwhile == "edit":
        person.press("toAnswers")
        person.choose("q28", 1)
        person.next()
    else:
        person.press("retry")
    person.wait("receipt")
    assert here.answers() == [{"q1": 2} | ({"q28": 1} if meanwhile == "edit" else {})]
    assert len(set(here.point.asked)) == 1
    assert here.receipt_line(here.opened(here.rows()[0][1]).receipt) in person.codes()


# What the servers say


def refusing(status: int, body: bytes = b"") -> Callable[[Route], None]:
    headers = {"Access-Control-Allow-Origin": "*"}
    return lambda route: route.fulfill(status=status, body=body, headers=headers)


REFUSALS = [
    *[("pass", status, name) for status, name in ((400, "400"), (404, "pass404"), (409, "pass409"))],
    *[("pass", status, name) for status, name in ((410, "pass410"), (425, "425"), (503, "busy"), (500, "busy"))],
    ("pass", 200, "forged"),
    *[("answer", status, name) for status, name in ((400, "400"), (403, "door403"), (410, "door410"))],
    *[("answer", status, name) for status, name in ((425, "425"), (503, "busy"), (413, "busy"))],
    ("answer", 200, "unthanked"),
]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("where", "status", "name"), REFUSALS)
def test_every_refusal_has_plain_words_and_no_answer_is_lost(
    person: Answering, here: Stage, where: str, status: int, name: str, language: str
):
    person.open(here.link(language)).begin()
    person.choose("q1", 2)
    person.page.route(f"**/{where}/", refusing(status))
    person.send()
    words = re.split(r"\{\w+\}", WORDS[language][name])
    assert all(part in person.text for part in words) and "{" not in person.text
    assert here.rows() == [] and '\\"q1\\":2' in person.stored()
    assert faults(person.page) == []
    person.page.unroute(f"**/{where}/")
    if name not in ("pass404", "pass409", "pass410", "door410"):
        person.press("retry")
        person.wait("receipt")
        assert here.answers() == [{"q1": 2}]
    else:
        assert not person.page.locator("[data-do=retry]").is_visible()


def test_signatures_by_other_keys_are_refused_before_anything_is_sent(person: Answering, here: Stage):
    here.point.confused = True
    person.open(here.link()).begin().send()
    assert WORDS["en"]["forged"].split("{")[0] in person.text and here.rows() == []


@pytest.mark.parametrize(("phase", "words"), [("before", "opensOn"), ("after", "closedOn")])
def test_outside_its_window_the_survey_cannot_be_begun(person: Answering, here: Stage, phase: str, words: str):
    paper = bytes.fromhex(here.told["paper"])
    headers = {"Survey-Phase": phase}
    person.page.route("**/paper.json", lambda route: route.fulfill(body=paper, headers=headers))
    person.open(here.link("es"))
    assert WORDS["es"][words].split("{")[0] in person.text and faults(person.page) == []
    assert not person.page.locator("[data-do=start]").is_visible()


def test_corrections_beside_the_paper_are_shown(person: Answering, here: Stage):
    entry = {"en": "The count is on Tuesday.", "es": "El conteo es el martes.", "on": "2026-11-20"}
    person.page.route("**/errata.json", lambda route: route.fulfill(json=[entry]))
    person.open(here.link())
    assert "Correction of Friday, November 20: The count is on Tuesday." in person.text
    person.page.locator("button[lang=es]:visible").click()
    assert "Corrección del viernes 20 de noviembre: El conteo es el martes." in person.text
    assert faults(person.page) == []


@pytest.mark.parametrize("word", ["anonymous", "confidential"])
def test_the_page_uses_the_word_of_the_paper_and_says_why(person: Answering, here: Stage, word: str):
    stated = b'"word":"anonymous"'
    paper = bytes.fromhex(here.told["paper"])
    assert stated in paper
    other = paper.replace(stated, f'"word":"{word}"'.encode())
    person.page.route("**/paper.json", lambda route: route.fulfill(body=other))
    person.open(here.link("es", p=hash_in_links(sha256(other).digest())))
    rest = "confidential" if word == "anonymous" else "anonymous"
    assert WORDS["es"][f"{word}Why"] in person.text and WORDS["es"][f"{rest}Why"] not in person.text


# Another paper


def test_another_survey_than_the_links_stops_with_an_alarm(person: Answering, here: Stage):
    person.open(here.link(p=hash_in_links(bytes(32))))
    assert person.text.startswith(WORDS["en"]["stop"]) and not person.page.locator("[data-do=start]").is_visible()


def test_a_foreign_issuing_key_in_the_paper_stops_with_an_alarm(person: Answering, here: Stage):
    paper = bytes.fromhex(here.told["paper"])
    foreign = paper.replace(here.point.issuing[0].modulus.hex().encode(), b"f" * 512)
    assert foreign != paper
    person.page.route("**/paper.json", lambda route: route.fulfill(body=foreign))
    person.open(here.link("es"))
    assert person.text.startswith(WORDS["es"]["stop"]) and here.point.asked == []


def test_a_survey_that_does_not_load_can_be_tried_again(person: Answering, here: Stage):
    person.page.route("**/paper.json", before)
    person.open(here.link())
    person.page.unroute("**/paper.json")
    assert "could not be loaded" in person.text and "No se pudo" in person.text
    person.press("begin")
    person.wait("front")


def test_without_its_link_the_page_asks_for_it(person: Answering, here: Stage):
    person.open(f"{here.base}client/answer.html")
    assert not person.page.locator("[data-do=start]").is_visible() and faults(person.page) == []
    person.page.fill("#link", here.link()[:-30])
    person.page.locator("#enter button").click()
    person.page.wait_for_selector("#link-fault:visible")
    person.page.fill("#link", here.link("es"))
    person.page.locator("#enter button").click()
    person.page.wait_for_selector("[data-do=start]:visible")
    person.begin().send()
    assert len(here.rows()) == 1


def test_another_persons_link_in_the_same_tab_begins_anew(person: Answering, here: Stage):
    person.open(here.link()).begin()
    person.choose("q1", 4)
    person.page.goto(here.link())
    person.page.wait_for_selector("#front.on [data-do=start]")
    assert '\\"q1\\"' not in person.stored()
    person.begin().send()
    assert here.answers() == [{}]


# Change of mind


def kept_file(person: Answering) -> Path:
    person.page.locator("#receipt summary").click()
    with person.page.expect_download() as download:
        person.press("keepFile")
    kept = Path(str(download.value.path())).with_name("my-pass.txt")
    shutil.copy(download.value.path(), kept)
    return kept


def bring(person: Answering, here: Stage, file: Path) -> None:
    person.open(f"{here.base}client/answer.html")
    person.page.locator("#front summary").first.click()
    person.page.set_input_files("#file", file)
    person.page.wait_for_selector("[data-do=start]:visible")


def test_a_kept_file_replaces_the_answer_once_more_and_keeps_the_receipt(
    browser: Browser, person: Answering, here: Stage
):
    person.open(here.link()).begin()
    person.choose("q1", 0)
    file = kept_file(person.send())
    first, [(sent, _)] = person.codes(), here.rows()
    for is_again, value in ((False, 4), (True, 1)):
        with answering(browser, locale="es-MX") as again:
            bring(again, here, file)
            again.begin()
            again.choose("q1", value)
            again.send()
            if is_again and WORDS["en"]["door409"] in again.text:  # an old file may name an old version
                again.press("replace")
                again.wait("receipt")
            assert again.codes() == first
        assert here.answers() == [{"q1": value}] and here.rows()[0][0] > sent
        sent = here.rows()[0][0]
    assert len(here.point.asked) == 1


def test_a_file_without_a_pass_is_told_of(person: Answering, here: Stage, tmp_path: Path):
    (tmp_path / "other.txt").write_text("Nothing")
    person.open(f"{here.base}client/answer.html")
    person.page.locator("#front summary").first.click()
    person.page.set_input_files("#file", tmp_path / "other.txt")
    person.page.wait_for_selector("#file-fault:visible")


def test_a_device_keeps_the_pass_only_when_asked_and_can_erase_it(person: Answering, here: Stage):
    person.open(here.link()).begin().send()
    assert json.loads(person.stored())[1] == {}
    person.page.locator("#receipt summary").click()
    person.press("keepHere")
    person.page.wait_for_selector("#told:visible")
    assert WORDS["en"]["passStored"] in person.text and WORDS["en"]["passHereWarn"] in person.text
    [(sent, _)] = here.rows()
    for value in (2, 3):
        person.page.evaluate("sessionStorage.clear()")
        person.open(f"{here.base}client/answer.html")
        person.press("useKept")
        person.begin()
        person.choose("q1", value)
        person.send()
        assert here.answers() == [{"q1": value}] and here.rows()[0][0] > sent
        sent = here.rows()[0][0]
    person.page.evaluate("sessionStorage.clear()")
    person.open(f"{here.base}client/answer.html")
    person.press("forgetKept")
    person.page.wait_for_selector("[data-do=forgetKept]", state="hidden")
    assert json.loads(person.stored())[1] == {}


def test_the_code_to_scan_holds_a_link_that_changes_the_answer(browser: Browser, person: Answering, here: Stage):
    person.open(here.link("es")).begin().send()
    [(sent, _)] = here.rows()
    link = re.search(r"http\S+", kept_file(person).read_text())
    assert link
    person.press("keepCode")
    person.page.wait_for_selector(".qr")
    drawn = person.page.locator("#qr path").get_attribute("d")
    shown = person.page.evaluate(
        "async (text) => (await import('./qr.js')).draw(text).firstChild.getAttribute('d')", link[0]
    )
    assert drawn == shown
    with answering(browser) as phone:
        phone.open(link[0])
        assert WORDS["es"]["changing"] in phone.text
        phone.begin()
        phone.choose("q1", 1)
        phone.send()
    assert here.answers() == [{"q1": 1}] and here.rows()[0][0] > sent


# Where it works, and for whom


def test_a_unions_own_host_sends_to_the_district_and_holds_nothing(browser: Browser, here: Stage, tmp_path: Path):
    for name, data in client_files.files().items():
        (tmp_path / name).write_bytes(data)
    own = f'export const PAPER = "{hash_in_links(here.paper.hash)}";\nexport const DOOR = "{here.base}";\n'
    (tmp_path / "here.js").write_text(own)
    with served(tmp_path) as union, answering(browser) as person:
        person.open(f"{union}/answer.html#{here.link('es').split('#')[1]}").begin()
        person.choose("q1", 4)
        person.send()
        assert here.answers() == [{"q1": 4}]
        person.page.goto(f"{union}/answer.html#{here.link(p=hash_in_links(bytes(32))).split('#')[1]}")
        person.wait("alarm")


@pytest.mark.parametrize("lacking", ["BigInt", "TextEncoder", "crypto.subtle", "modules"])
def test_an_older_browser_is_led_to_a_printed_code(browser: Browser, here: Stage, lacking: str):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.add_init_script(
        {
            "BigInt": "delete window.BigInt",
            "TextEncoder": "delete window.TextEncoder",
            "crypto.subtle": "Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })",
            "modules": "delete HTMLScriptElement.prototype.noModule",
        }[lacking]
    )
    page = context.new_page()
    page.goto(here.link())
    led_to_a_code(page, here)
    context.close()


def test_without_script_a_printed_code_is_the_way(browser: Browser, here: Stage):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(here.link("es"))
    led_to_a_code(page, here)
    context.close()


def test_a_part_that_does_not_load_leaves_the_plain_words(browser: Browser, here: Stage):
    page = browser.new_page()
    page.route("**/sealing.js", before)
    page.goto(here.link())
    led_to_a_code(page, here)
    page.close()


def led_to_a_code(page: Any, here: Stage) -> None:
    page.wait_for_selector("#plain h1:visible")
    assert page.locator(".view:visible").count() == 1
    for language, place in (("en", 0), ("es", 1)):
        link = page.locator("#plain a").nth(place)
        assert link.evaluate("(node) => node.href") == f"{here.base}{language}/"
    page.locator("#plain a").first.click()
    page.wait_for_selector("input[name=code]")


def test_the_keyboard_alone_is_enough(person: Answering, here: Stage):
    person.open(here.link())
    keys = person.page.keyboard

    def to(selector: str) -> None:
        for _ in range(80):
            if person.page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                return
            keys.press("Tab")
        raise AssertionError(f"{selector} is out of reach")

    to("[data-do=start]")
    keys.press("Enter")
    person.wait("screen")
    assert person.page.evaluate("document.activeElement.localName") == "h1"
    to("[name=q1]")
    keys.press("Space")
    keys.press("ArrowDown")
    while not person.page.locator("[data-do=clear]").is_visible():
        to("#answers button:not([type=button])")
        keys.press("Enter")
    to("#answers button:not([type=button])")
    keys.press("Enter")
    person.wait("receipt")
    assert here.answers() == [{"q1": 1}]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_stands_up_to_the_rules(browser: Browser, here: Stage, language: str, width: int, scheme: Any):
    with answering(browser, viewport={"width": width, "height": 844}, color_scheme=scheme) as person:
        found = {"front": faults(person.open(here.link(language)).page)}
        person.begin()
        for _ in range(12):
            found[f"screen {len(found)}"] = faults(person.page)
            if person.page.locator("[data-do=clear]").is_visible():
                break
            person.next()
        person.send()
        person.page.locator("#receipt summary").click()
        person.press("keepCode")
        person.page.wait_for_selector(".qr")
        found["receipt"] = faults(person.page)
        person.open(here.link(language, p=hash_in_links(bytes(32))))
        found["alarm"] = faults(person.page)
        assert not any(found.values()), found


def test_requests_say_nothing_but_what_the_formats_hold(person: Answering, here: Stage):
    person.open(here.link(k=hash_in_links(b"s" * 16))).begin().send()
    request = read_pass_request(here.point.asked[0])
    assert (request.survey, request.secret) == (here.paper.survey, b"s" * 16)
