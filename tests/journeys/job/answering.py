"""Codes printed, links mailed, and staff at the respondents' door: on phones, by letter, in Spanish, no script."""

import random
import re
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx
from playwright.sync_api import Page, expect

from commonground.demo import respond
from commonground.sealing.codes import read_code, write_code
from commonground.sealing.paper import read_paper
from tests.journeys.job import piles
from tests.journeys.job.story import QUESTIONS, SAY, STAFF, TITLE, TITULO, WITH_MAILBOX, Answers, Worker, answers
from tests.journeys.job.town import SOON, Member, Town

PRINTED = 60
BY_LETTER, ON_PAPER = 24, 50
"""How many answer by the link of their letter and by printed code."""
IN_PDF = rb"/Alt<([0-9A-F]+)>"
"""The words that stand for each square of the printed codes, in UTF-16; the code comes last."""
IN_LETTER = r"(http\S+/s/\S+#k=\S+)"


@dataclass(frozen=True)
class Codes:
    """What is out: printed codes, and the personal link of each letter by mailbox."""

    printed: list[str]
    letters: dict[str, str]


@dataclass(frozen=True)
class Given:
    """What somebody holds who answered in a browser."""

    receipt: str
    line: str


def give_out(coordinator: Member) -> Codes:
    """Print codes and mail links, from their page."""
    coordinator.at_home()
    to_codes(coordinator)
    coordinator.fill(count=str(PRINTED))
    coordinator.look("codes")
    with coordinator.page.expect_download() as coming:
        coordinator.press("Make the file")
    pdf = coming.value.path().read_bytes()
    squares = [bytes.fromhex(found.decode()).decode("utf-16") for found in re.findall(IN_PDF, pdf)]
    printed = [write_code(read_code(words.rpartition(". ")[2])) for words in squares]
    assert len(set(printed)) == PRINTED
    coordinator.press("Send the letters")
    coordinator.says("The letters are on their way.")
    mailboxes = {worker.email for worker in WITH_MAILBOX}
    mail = coordinator.town.mail
    mail.wait_for(mailboxes, "#k=")
    letters = {mailbox: mail.newest(mailbox, IN_LETTER) for mailbox in mailboxes}
    assert len(set(letters.values())) == len(mailboxes)
    coordinator.until("All of them were written to.")
    sums = coordinator.page.locator(".sums")
    expect(sums).to_contain_text(re.compile(rf"written to\s*{len(mailboxes)}\s*codes printed\s*{PRINTED}", re.I))
    return Codes(printed, letters)


def to_codes(member: Member) -> None:
    """Go to the codes of the survey, the way the navigation leads."""
    member.part("Voice")
    member.follow(TITLE)
    member.page.locator(".nav.sub").get_by_role("link", name="Codes").click()


# One person at a browser


def on_a_phone(town: Town, code: str, given: Answers) -> Given:
    """Type the printed code at the door's first page: it finds its survey."""
    page = town.page(360, has_touch=True, is_mobile=True)
    page.goto(town.place.respond)
    town.look(page, "door-entrance")
    page.get_by_label("Your code").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Find my survey").click()
    page.get_by_role("heading", name=TITLE).wait_for()
    town.look(page, "door-front")
    page.get_by_role("button", name="Start the survey").click()
    town.look(page, "door-questions")
    return _through(town, page, given, "en", "door-receipt")


def by_letter(town: Town, link: str, given: Answers) -> Given:
    """Open the link of the letter: what stands behind `#` leaves the address, and the page seals in the browser."""
    page = town.page(390)
    page.goto(link)
    page.get_by_role("heading", name=TITLE).wait_for()
    assert not urlsplit(page.url).fragment
    town.look(page, "link-front")
    page.get_by_role("button", name="Start the survey").click()
    town.look(page, "link-questions")
    return _sealed_here(town, page, given, "en", "link-receipt")


def in_spanish(town: Town, link: str, given: Answers) -> Given:
    """Answer in Spanish, as the letter's first language is."""
    assert link.endswith("&l=es")
    page = town.page(390, locale="es-US")
    page.goto(link)
    page.get_by_role("heading", name=TITULO).wait_for()
    town.look(page, "link-front-spanish")
    page.get_by_role("button", name="Empezar la encuesta").click()
    return _sealed_here(town, page, given, "es", "link-receipt-spanish")


def _sealed_here(town: Town, page: Page, given: Answers, language: str, station: str) -> Given:
    """Answer screen by screen; the browser takes the pass, seals, sends, and shows the receipt."""
    _fill(page, given, language)
    forward = page.locator("#answers button.big")
    while forward.inner_text() not in ("Send my answers", "Enviar mis respuestas"):
        forward.click()
        _fill(page, given, language)
    forward.click()
    own = page.locator("#receipt.on")
    expect(own).to_have_count(1, timeout=SOON)
    town.look(page, station)
    kept = Given(own.locator("[data-t=ownReceipt]").inner_text(), own.locator("[data-t=ownLine]").inner_text())
    with page.expect_download() as coming:
        own.locator("[data-do=saveReceipt]").click()
    text = coming.value.path().read_text()
    assert kept.receipt in text and kept.line in text
    page.context.close()
    return kept


def without_script(town: Town, code: str, given: Answers) -> Given:
    """Answer in a browser that runs no script, and go back and forth on the way."""
    page = town.page(390, java_script_enabled=False)
    page.goto(town.place.respond)
    page.get_by_role("link", name=TITLE).click()
    page.get_by_label("Your code").fill(code)
    page.get_by_role("button", name="Start the survey").click()
    _fill(page, given, "en")
    page.get_by_role("button", name="Next", exact=True).last.click()
    page.get_by_role("button", name="Back").click()
    return _through(town, page, given, "en")


def _through(town: Town, page: Page, given: Answers, language: str, station: str = "") -> Given:
    """Answer screen by screen up to the receipt, and save it."""
    _fill(page, given, language)
    while not page.locator("button[value=send]").count():
        page.locator("button.big[value=next]").click()
        _fill(page, given, language)
    page.locator("button[value=send]").click()
    receipt, line = page.locator("input[name=receipt]"), page.locator("input[name=line]")
    expect(receipt).to_have_count(1, timeout=SOON)
    if station:
        town.look(page, station)
    kept = Given(receipt.input_value(), line.input_value())
    _save(page, kept)
    page.context.close()
    return kept


def _fill(page: Page, given: Answers, language: str) -> None:
    """Answer the questions that stand on this screen."""
    page.wait_for_load_state()
    for question in QUESTIONS:
        words = question.en if language == "en" else question.es
        answer = given[question.en]
        if question is SAY:
            field = page.get_by_label(words)
            if field.count() and answer is not None:
                field.fill(str(answer))
            continue
        _choose(page, words, answer)


def _choose(page: Page, words: str, answer: int | tuple[int, ...] | str | None) -> None:
    options = page.get_by_role("group", name=words).locator("input")
    if not options.count() or answer is None:
        return
    for place in answer if isinstance(answer, tuple) else (answer,):
        options.nth(int(place)).check()


def _save(page: Page, kept: Given) -> None:
    """Take the receipt as a file; without script this is a form like any other."""
    with page.expect_download() as coming:
        page.locator("form#save button.btn").click()
    text = coming.value.path().read_text()
    assert kept.receipt in text and kept.line in text


def refused(town: Town, code: str, words: str) -> None:
    """See that a code is not taken, and that the page says why."""
    page = town.page(390)
    page.goto(town.place.respond)
    page.get_by_role("link", name=TITLE).click()
    page.get_by_label("Your code").fill(code)
    page.get_by_role("button", name="Start the survey").click()
    expect(page.get_by_text(words).first).to_be_visible(timeout=SOON)
    page.context.close()


# Everybody


@dataclass(frozen=True)
class Turnout:
    """Who answered what, and what the four at their browsers hold."""

    rows: list[tuple[Worker, Answers]]
    kept: list[Given]
    survey: str


def everybody(town: Town, codes: Codes) -> Turnout:
    """Four people answer in browsers, the others over the same door as browsers without script do."""
    draw = random.Random(27)
    people = [(worker, answers(worker, draw)) for worker in _coming()]
    letters = {worker.email: given for worker, given in people[:BY_LETTER]}
    on_paper = [given for _worker, given in people[BY_LETTER:]]
    english, spanish = (_first(people, language) for language in ("en", "es"))
    kept = [
        on_a_phone(town, codes.printed[0], on_paper[0]),
        without_script(town, codes.printed[1], on_paper[1]),
        by_letter(town, codes.letters[english], letters.pop(english)),
        in_spanish(town, codes.letters[spanish], letters.pop(spanish)),
    ]
    survey = urlsplit(codes.letters[english]).path.split("/")[2]
    slips = zip(codes.printed[2:], on_paper[2:], strict=False)
    bulk = [respond.Respondent(code, _by_place(given)) for code, given in slips]
    linked = [
        respond.Linked(_secret_in(codes.letters[mailbox]), _by_place(given)) for mailbox, given in letters.items()
    ]
    paper = read_paper(httpx.get(f"{town.place.respond}/s/{survey}/paper.json").content)
    done = respond.answer(town.place.respond, survey, bulk)
    done += respond.answer_by_link(town.place.site, town.place.respond, paper, linked)
    assert done == len(people) - len(kept)
    return Turnout(people, kept, survey)


def drawing() -> list[Worker]:
    """Those who draw a printed code."""
    return _coming()[BY_LETTER:]


def _coming() -> list[Worker]:
    """Those who answer: some by their letter first, then some of the others, from every place."""
    by_letter = [worker for worker in WITH_MAILBOX if worker.number[-1] in "02468"][:BY_LETTER]
    others = [worker for worker in STAFF if worker not in by_letter]
    return [*by_letter, *random.Random(90).sample(others, ON_PAPER)]


def _first(people: list[tuple[Worker, Answers]], language: str) -> str:
    return next(worker.email for worker, _given in people if worker.email and worker.language == language)


def _secret_in(link: str) -> bytes:
    return urlsafe_b64decode(parse_qs(urlsplit(link).fragment)["k"][0] + "==")


def _by_place(given: Answers) -> dict[str, int | tuple[int, ...] | str | None]:
    """Return answers by the names that the questions have in the paper."""
    return {f"q{number}": given[question.en] for number, question in enumerate(QUESTIONS, start=1)}


def turned_away(town: Town, codes: Codes, witness: Member) -> None:
    """A used code, a mistyped one and a cancelled one are each refused in words of their own."""
    used, left = codes.printed[0], codes.printed[ON_PAPER:]
    refused(town, used, "We already have an answer with this code")
    refused(town, used[:-1] + ("A" if used[-1] != "A" else "B"), "One of the characters is mistyped.")
    piles.cancel_what_is_left(witness, left, used)
    refused(town, left[0], "This code was cancelled")
