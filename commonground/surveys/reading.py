"""The frozen paper as people read it: on the page of its keys, in print, and as a PDF for members."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, gettext_noop, override
from django.utils.translation import gettext as _

from commonground.approvals.reading import Line, Section
from commonground.kernel import dates, documents
from commonground.sealing.formats import fingerprint, key_fingerprint

Text = Mapping[str, str]
LANGUAGES = ("en", "es")
KINDS = {
    "agreement": gettext_noop("Five answers, from strongly disagree to strongly agree"),
    "frequency": gettext_noop("Five answers, from never to always"),
    "scale10": gettext_noop("A number from 0 to 10"),
    "one": gettext_noop("One choice"),
    "several": gettext_noop("Several choices"),
    "text": gettext_noop("A short text of up to %(limit)s bytes"),
}
PUBLISH = {
    "joint_key": gettext_noop("to all staff, once every party has turned its key on the release"),
    "at_once": gettext_noop("to all staff at once"),
}


def _in_both(words: str, **values: object) -> Text:
    """Return a sentence of ours in both languages; values may differ by language."""
    found = {}
    for language in LANGUAGES:
        with override(language):
            own = {name: value(language) if callable(value) else value for name, value in values.items()}
            found[language] = _(words) % own
    return found


def facts(paper: Mapping[str, Any]) -> list[tuple[Text, Text]]:
    """Return what was agreed, as pairs of term and value in both languages."""
    zone = paper["timezone"]
    seals = [party["name"] for party in paper["parties"] if party["seals"]]
    named = ", ".join(seals)
    return [
        (_in_both(gettext_noop("Asked")), _in_both(gettext_noop("all %(n)s staff"), n=f"{paper['eligible']:,}")),
        (
            _in_both(gettext_noop("Open")),
            _in_both(
                gettext_noop("%(opens)s, to %(closes)s"),
                opens=lambda _l: dates.day_and_hour(_moment(paper, "opens"), zone, year=True),
                closes=lambda _l: dates.day_and_hour(_moment(paper, "closes"), zone, year=True),
            ),
        ),
        *_reminders(paper),
        *_series(paper),
        (_in_both(gettext_noop("Sealed by")), {"en": named, "es": named}),
        (_in_both(gettext_noop("Opened together")), _day(paper["opening_on"])),
        (_in_both(gettext_noop("Results")), _in_both(PUBLISH[paper["publish"]])),
        (_in_both(gettext_noop("Results by")), _day(paper["results_by"])),
        (
            _in_both(gettext_noop("Shown")),
            _in_both(gettext_noop("nothing about fewer than %(k)s people"), k=paper["minimum_group"]),
        ),
        (
            _in_both(gettext_noop("Destroyed")),
            _in_both(
                gettext_noop("sealed answers %(days)s days after the count, or %(unopened)s days if never opened"),
                days=paper["destroy_after_days"],
                unopened=paper["unopened_after_days"],
            ),
        ),
        *_comments(paper),
        (_in_both(gettext_noop("Contact")), paper["contact"]),
    ]


def _comments(paper: Mapping[str, Any]) -> list[tuple[Text, Text]]:
    """Return who reads comments, and whom they tell; nothing for a paper without them."""
    if not paper.get("comments"):
        return []
    parties = {party["id"]: party["short"] or party["name"] for party in paper["parties"]}
    readers = ", ".join(f"{one['name']} ({parties[one['party']]})" for one in paper["comments"]["reviewers"])
    return [
        (_in_both(gettext_noop("Comments read by")), {"en": readers, "es": readers}),
        (_in_both(gettext_noop("Told when somebody is in danger")), paper["comments"]["alert"]),
    ]


def facts_here(paper: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what was agreed in the reader's language."""
    return [(_here(term), _here(value)) for term, value in facts(paper)]


def _reminders(paper: Mapping[str, Any]) -> list[tuple[Text, Text]]:
    days = paper.get("reminders", [])
    if not days:
        return []
    said = _in_both(
        "%(days)s", days=lambda _l: "; ".join(dates.day(date.fromisoformat(day), year=True) for day in days)
    )
    return [(_in_both(gettext_noop("Reminders")), said)]


def _series(paper: Mapping[str, Any]) -> list[tuple[Text, Text]]:
    series = paper.get("series")
    if series is None:
        return []
    values = {"n": len(series["surveys"]) + 1, "code": fingerprint(bytes.fromhex(series["release"]))}
    return [
        (
            _in_both(gettext_noop("Series")),
            _in_both(gettext_noop("wave %(n)s, after the release %(code)s"), **values),
        )
    ]


def _moment(paper: Mapping[str, Any], name: str) -> datetime:
    return datetime.fromisoformat(paper["window"][name])


def _day(value: str) -> Text:
    return _in_both("%(day)s", day=lambda _l: dates.day(date.fromisoformat(value), year=True))


def tables(paper: Mapping[str, Any]) -> list[Text]:
    """Return a sentence for each table that may be shown."""
    texts = {question["id"]: question["text"] for question in paper["questions"]}
    whole = [_in_both(gettext_noop("For the whole district"))]
    margins = [
        _in_both(gettext_noop("By: %(group)s"), group=_by_language(texts[name]))
        for name in paper["table_plan"]["margins"]
    ]
    pairs = [
        _in_both(
            gettext_noop("Crossed: %(first)s with: %(second)s"),
            first=_by_language(texts[first]),
            second=_by_language(texts[second]),
        )
        for first, second in paper["table_plan"]["pairs"]
    ]
    return [*whole, *margins, *pairs, *_comments_by(paper)]


def _comments_by(paper: Mapping[str, Any]) -> list[Text]:
    if "comments" not in paper["table_plan"]:
        return []
    kept = gettext_noop(
        "Comments by kind of place, never by place: a kind has a list of its own only where 20 answered and 10 "
        "wrote, and as many are left of the rest"
    )
    return [_in_both(kept)]


def _by_language(text: Text) -> Any:
    return lambda language: text[language]


def asks(question: Mapping[str, Any]) -> Text:
    """Say what a question asks for."""
    return _in_both(KINDS[question["kind"]], limit=question["limit"])


def choices(question: Mapping[str, Any]) -> list[Text]:
    """Return the choices that are a question's own; a reporting group with the number of people in it."""
    if question["kind"] not in ("one", "several"):
        return []
    return [_choice(option) for option in question["options"]]


def _choice(option: Mapping[str, Any]) -> Text:
    text: Text = option["text"]
    if option.get("roster") is None:
        return text
    people = _in_both(gettext_noop("(%(n)s people)"), n=option["roster"])
    return {language: f"{text[language]} {people[language]}" for language in LANGUAGES}


def sections(partnership_id: UUID, body: str) -> list[Section]:
    """Return the paper as the page of its keys shows it; `partnership_id` is not needed for it."""
    return list(_sections(json.loads(body)))


def _sections(paper: Mapping[str, Any]) -> Iterator[Section]:
    yield Section("", (_line(paper["purpose"]), _line(paper["message"])))
    yield Section(_("What is agreed"), tuple(_line(value, _here(term)) for term, value in facts(paper)))
    by_id = {question["id"]: question for question in paper["questions"]}
    for part in paper["parts"]:
        heading = " / ".join(dict.fromkeys(part["title"][language] for language in LANGUAGES))
        lines = [line for name in part["questions"] for line in _question_lines(by_id[name])]
        yield Section(heading, tuple(lines))
    yield Section(_("Tables that may be shown"), tuple(_line(table) for table in tables(paper)))
    if paper["help_lines"]:
        yield Section(_("Help lines, shown at the end"), tuple(_line(line) for line in paper["help_lines"]))
    yield Section(_("Public keys of the seals"), tuple(_key_lines(paper)))


def _question_lines(question: Mapping[str, Any]) -> Iterator[Line]:
    yield _line(question["text"], _("Question %(number)s") % {"number": question["id"][1:]})
    if question["help"]:
        yield _line(question["help"])
    yield Line(_here(asks(question)))
    yield from (_line(choice) for choice in choices(question))


def _key_lines(paper: Mapping[str, Any]) -> Iterator[Line]:
    names = {party["id"]: party["name"] for party in paper["parties"]}
    seals = paper["seals"]
    for party, key in zip(seals["party_ids"], seals["parties"], strict=True):
        yield Line(key_fingerprint(bytes.fromhex(key)), label=names[party])
    for reviewer in paper.get("comments", {}).get("reviewers", []):
        label = _("Reading key of %(name)s") % {"name": reviewer["name"]}
        yield Line(key_fingerprint(bytes.fromhex(reviewer["key"])), label=label)


def _line(text: Text, label: str = "") -> Line:
    return Line(text["en"], "" if text["es"] == text["en"] else text["es"], label)


def _here(text: Text) -> str:
    return text["es" if get_language() == "es" else "en"]


def pdf(paper: Mapping[str, Any], paper_hash: str) -> bytes:
    """Return the whole paper as a PDF for members, each language whole, the reader's own first."""
    return documents.render_frozen(
        {
            "languages": sorted(LANGUAGES, key=lambda name: name != get_language()),
            "partnership": dict.fromkeys(LANGUAGES, paper["district"]),
            "title": paper["title"],
            "facts": [{"term": term, "value": value} for term, value in facts(paper)],
            "sections": [
                {"heading": _in_both(gettext_noop("Purpose")), "paragraphs": [paper["purpose"]]},
                {"heading": _in_both(gettext_noop("Our message")), "paragraphs": [paper["message"]]},
                {"heading": _in_both(gettext_noop("Tables that may be shown")), "paragraphs": tables(paper)},
            ],
            "questions": [
                {
                    "number": number,
                    "text": question["text"],
                    "options": choices(question) or [asks(question)],
                }
                for number, question in enumerate(paper["questions"], start=1)
            ],
            "fingerprint": fingerprint(bytes.fromhex(paper_hash)),
        }
    )
