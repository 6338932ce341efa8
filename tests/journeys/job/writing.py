"""The survey in both languages: texts, parts, questions, tables, dates; frozen, sent back, repaired, signed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.journeys.job import founding
from tests.journeys.job.story import (
    BREAKS,
    JOB,
    JUNE,
    MEI,
    MISSPELT,
    OMAR,
    PARTS,
    PAUL,
    ROSA,
    SHIFT,
    SITE,
    SITES,
    TITLE,
    TITULO,
    Asked,
    Someone,
)
from tests.journeys.job.town import SOON, Member

ZONE = ZoneInfo("America/Los_Angeles")
MOMENT, DAY = "%Y-%m-%dT%H:%M", "%Y-%m-%d"


@dataclass(frozen=True)
class Calendar:
    """When the survey opens, closes, is opened together and told, by the district's clock."""

    opens: datetime
    closes: datetime
    opening: datetime
    results: datetime

    @classmethod
    def from_tomorrow(cls) -> "Calendar":
        opens = (datetime.now(ZONE) + timedelta(days=1)).replace(hour=7, minute=0, second=0, microsecond=0)
        closes = (opens + timedelta(days=14)).replace(hour=17)
        return cls(opens, closes, closes + timedelta(days=4), closes + timedelta(days=20))


def draft(writer: Member, calendar: Calendar) -> None:
    """Write everything that a paper needs, except the seals."""
    writer.part("Voice")
    writer.follow("Begin a survey")
    writer.fill(title_en=TITLE, title_es=TITULO)
    writer.press("Begin")
    writer.look("survey-begun")
    _texts(writer)
    for title, questions in PARTS.items():
        _part(writer, title)
        for question in questions:
            _propose(writer, title[0], question)
    _tables(writer)
    _dates(writer, calendar)
    writer.reads(f"{calendar.opens:%A, %B} {calendar.opens.day}")
    writer.look("survey-draft")


def _texts(writer: Member) -> None:
    writer.follow("Write the texts")
    writer.fill(
        purpose_en="To learn what helps you at work, so that labor and management can act on it.",
        purpose_es="Para saber qué le ayuda en el trabajo, y que las dos partes actúen.",
        message_en="We ask together and we read the answers together.",
        message_es="Preguntamos juntos y leemos juntos las respuestas.",
        contact_en="Call 555-0142.",
        contact_es="Llame al 555-0142.",
    )
    writer.look("survey-texts")
    writer.press("Save")
    writer.says("Saved.")


def _part(writer: Member, title: tuple[str, str]) -> None:
    writer.follow("Add a part")
    writer.fill(title_en=title[0], title_es=title[1])
    writer.press("Save")
    writer.says("Saved.")


def _propose(writer: Member, part: str, question: Asked) -> None:
    writer.follow("Propose a question")
    page = writer.page
    page.get_by_label("Part", exact=True).select_option(label=part)
    page.get_by_label("What it asks for").select_option(label=question.kind)
    english = MISSPELT if question is BREAKS else question.en
    writer.fill(text_en=english, text_es=question.es)
    if question.options:
        choices = zip(*question.options, strict=True)
        writer.fill(choices_en="\n".join(next(choices)), choices_es="\n".join(next(choices)))
    if question.group:
        page.get_by_label("Does it group people").select_option(label=question.group)
    if question is SITE:
        writer.look("survey-question")
    writer.press("Save")
    writer.says("Saved.")
    writer.reads(english)


def _tables(writer: Member) -> None:
    writer.follow("Choose tables")
    breakdowns = writer.page.get_by_role("group", name="Break results down by")
    for question in (SITE, JOB, SHIFT):
        breakdowns.get_by_label(question.en).check()
    writer.press("Save")
    writer.says("Saved.")
    writer.follow("Choose tables")
    writer.look("survey-tables")
    crossed = writer.page.get_by_role("group", name="Cross two of them").locator("label")
    crossed.filter(has_text=JOB.en).filter(has_text=SHIFT.en).locator("input").check()
    writer.press("Save")
    writer.says("Saved.")
    for site in SITES:
        expect(writer.page.get_by_text(site, exact=True).first).to_be_attached(timeout=SOON)


def _dates(writer: Member, calendar: Calendar) -> None:
    writer.follow("Set dates")
    writer.reads("Times are those of Los Angeles.")
    writer.fill(
        opens_at=calendar.opens.strftime(MOMENT),
        closes_at=calendar.closes.strftime(MOMENT),
        opening_on=calendar.opening.strftime(DAY),
        results_by=calendar.results.strftime(DAY),
    )
    writer.look("survey-dates")
    writer.press("Save")
    writer.says("Saved.")


def agree(founders: dict[Someone, Member], alternates: dict[Someone, Member]) -> None:
    """Freeze the paper, have it sent back, repair it, freeze it anew and turn every key: one by an alternate."""
    writer, teacher = founders[PAUL], founders[ROSA]
    _freeze(writer)
    writer.look("paper-frozen")
    founding.read(teacher, TITLE)
    founding.turn(teacher)
    _send_back(alternates[OMAR])
    _repair(writer)
    _freeze(writer)
    signers = [teacher, alternates[MEI], founders[JUNE]]
    for member in signers:
        _sign(member, last=member is signers[-1])


def _freeze(writer: Member) -> None:
    writer.part("Voice")
    writer.follow(TITLE)
    writer.press("Freeze and ask for keys")
    writer.says("The paper is frozen and waits for the keys of all parties.")


def _send_back(member: Member) -> None:
    founding.read(member, TITLE)
    member.page.get_by_text("Send it back with a reason").click()
    member.page.get_by_label("The wording").check()
    member.page.get_by_label("What would have to change?").fill("“Brake” should be “break” in question 1.")
    member.press("Send it back")
    member.says("The text went back to drafting.")
    member.reads("“Brake” should be “break” in question 1.")
    member.look("paper-sent-back")


def _repair(writer: Member) -> None:
    writer.part("Voice")
    writer.follow(TITLE)
    writer.follow("Edit question 1")
    writer.fill(text_en=BREAKS.en)
    writer.press("Save")
    writer.says("Saved.")
    first = writer.page.get_by_role("heading", name="Question 1", exact=True)
    expect(writer.page.locator("article").filter(has=first)).to_contain_text(BREAKS.en, timeout=SOON)


def _sign(member: Member, last: bool) -> None:
    founding.read(member, TITLE)
    member.reads("What changed since version 1")
    assert "brake" in member.page.locator("del").first.inner_text()
    member.look("paper-second-version")
    founding.turn(member, last)
