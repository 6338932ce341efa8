"""What the door keeps in memory: each paper in each language, rendered, and where its survey stands.

A paper never changes, so an edition is made once. Where the survey stands (open, closed, counted, published,
corrections) is read again after five seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from time import monotonic
from typing import Any

from django.http import Http404
from django.template.loader import render_to_string
from django.utils import translation

from commonground.kernel import dates, figures
from commonground.kernel.time import now
from commonground.responses.gaps import GappedPage, gap
from commonground.responses.models import Bulletin, Paper
from commonground.responses.screens import Question, Screen, cut_in_screens, in_language, minutes
from commonground.responses.sending import Receipt
from commonground.responses.sheet import BlankSheet
from commonground.sealing import paper as sealing_paper
from commonground.sealing.formats import hash_in_links
from commonground.sealing.promise import ANONYMOUS

SECONDS_TO_KEEP = 5.0
EDITIONS_TO_KEEP = 64

LANGUAGES = {"en": "English", "es": "Español"}
_SIDES = {"labor_organization": "labor", "management": "management", "staff_representatives": "staff"}


@dataclass(frozen=True)
class State:
    """Where a survey stands. `listed`, `counted` and `published` say what the bulletin holds."""

    opens_at: datetime
    closes_at: datetime
    closed: bool
    errata: tuple[Mapping[str, str], ...]
    listed: bool = False
    counted: bool = False
    published: bool = False

    @property
    def phase(self) -> str:
        """`before`, `open` or `after`."""
        moment = now()
        if self.closed or moment >= self.closes_at:
            return "after"
        return "open" if moment >= self.opens_at else "before"


class Edition:
    """A paper in one language, with everything rendered that does not depend on the person."""

    def __init__(self, paper: sealing_paper.Paper, language: str) -> None:
        self.paper = paper
        self.language = language
        self.survey = paper.survey.hex()
        self.content: dict[str, Any] = in_language(paper.content, language)
        self.zone: str = self.content["timezone"]
        with translation.override(language):
            self.screens: tuple[Screen, ...] = cut_in_screens(self.content)
            self._screen_pages = [self._screen_page(number) for number in range(len(self.screens))]
        self._fronts: dict[tuple[object, ...], bytes] = {}

    @cached_property
    def blank_sheet(self) -> BlankSheet:
        """The answer sheet with nothing on it."""
        return BlankSheet(self.paper.layout)

    @property
    def url(self) -> str:
        """The address of the survey in this language."""
        return f"/s/{self.survey}/{self.language}/"

    @property
    def title(self) -> str:
        """The survey's title."""
        return str(self.content["title"])

    @cached_property
    def frame(self) -> dict[str, Any]:
        """What every page of the survey needs."""
        return {
            "edition": self,
            "content": self.content,
            "initiative": self.content["initiative"],
            "home_url": f"/{self.language}/",
            "languages": self.languages(""),
            "fingerprint": figures.code(self.paper.fingerprint),
            "hash_in_links": hash_in_links(self.paper.hash),
            "parties": self.parties,
            "sealing": self.sealing,
            "all_seal": len(self.sealing) == len(self.content["parties"]),
            "minutes": minutes(self.content["questions"]),
            "closes": self.moment("closes"),
            "opens": self.moment("opens"),
            "opening_on": self.day("opening_on"),
            "results_by": self.day("results_by"),
            "anonymous": self.content["promise"]["word"] == ANONYMOUS,
            "health": any(question.get("health") for question in self.content["questions"]),
        }

    def languages(self, rest: str) -> list[dict[str, Any]]:
        """The same page in each language of the paper."""
        return [
            {
                "code": code,
                "label": LANGUAGES[code],
                "url": f"/s/{self.survey}/{code}/{rest}",
                "current": code == self.language,
            }
            for code in self.content["languages"]
        ]

    @cached_property
    def parties(self) -> list[dict[str, Any]]:
        """Plate and name of each party, in the paper's order."""
        plates, labor = [], 0
        for party in self.content["parties"]:
            side = _SIDES[party["kind"]]
            plates.append({"name": party["name"], "plate": figures.plate(party["name"], side, labor)})
            labor += side != figures.MANAGEMENT
        return plates

    @cached_property
    def sealing(self) -> list[str]:
        """Names of the parties that hold a lock."""
        return [party["name"] for party in self.content["parties"] if party["seals"]]

    def moment(self, name: str) -> str:
        """The opening or closing moment in words."""
        return dates.day_and_hour(datetime.fromisoformat(self.content["window"][name]), self.zone)

    def day(self, name: str) -> str:
        """A day that the paper names, in words."""
        return self.calendar_day(self.content[name])

    def calendar_day(self, day: str) -> str:
        """An ISO day in words."""
        return dates.day(date.fromisoformat(day))

    def front(self, state: State) -> bytes:
        """The front page as anyone gets it."""
        wanted = (state.phase, state.listed, state.counted, state.published, repr(state.errata))
        if wanted not in self._fronts:
            self._fronts = {wanted: self.front_for(state, {})}
        return self._fronts[wanted]

    def front_for(self, state: State, person: Mapping[str, Any]) -> bytes:
        """The front page with what a person typed: `code`, `kept`, and `fault` in words."""
        context = {**self.frame, "state": state, "errata": self._errata(state), **person}
        return GappedPage.of("responses/front.html", context).fill({})

    def _errata(self, state: State) -> list[dict[str, str]]:
        return [
            {"day": dates.day(date.fromisoformat(entry["on"])), "text": entry[self.language]}
            for entry in state.errata
        ]

    def screen(self, number: int, values: Mapping[str, str]) -> bytes:
        """A screen with its gaps filled: see `_screen_page` for their names."""
        return self._screen_pages[number].fill(values)

    def _screen_page(self, number: int) -> GappedPage:
        """Names of the gaps: `code`, `kept`, `note`; `checked:ID:OPTION`.

        Of a text `text:ID`, `fault:ID`, `wrong:ID`, and `checked:ID:quote` for consent.
        """
        screen = self.screens[number]
        context = {
            **self.frame,
            "screen": screen,
            "number": number,
            "last": number == len(self.screens) - 1,
            "questions": [_card(question) for question in screen.questions],
            "gaps": {name: gap(name) for name in ("code", "kept", "note")},
        }
        return GappedPage.of("responses/screen.html", context)

    @cached_property
    def _receipts(self) -> dict[bool, GappedPage]:
        """The receipt page by whether the answer was here before; see `receipt`."""
        gaps = {name: gap(name) for name in ("receipt", "line", "receipt_groups", "line_groups")}
        with translation.override(self.language):
            return {
                before: GappedPage.of("responses/receipt.html", {**self.frame, "before": before, "gaps": gaps})
                for before in (False, True)
            }

    def receipt(self, shown: Receipt, before: bool) -> bytes:
        """The receipt page; `before` when the answer was here already."""
        return self._receipts[before].fill(
            {
                "receipt": shown.receipt,
                "line": shown.line,
                "receipt_groups": figures.code(shown.receipt),
                "line_groups": figures.code(shown.line),
            }
        )

    def receipt_text(self, shown: Receipt) -> str:
        """The receipt as a text file."""
        with translation.override(self.language):
            return render_to_string("responses/receipt.txt", {**self.frame, "shown": shown})


def _card(question: Question) -> dict[str, Any]:
    """A question for the template, with a gap for each thing that the person may have said."""
    return {
        "id": question.id,
        "kind": question.kind,
        "text": question.text,
        "help": question.help,
        "limit": question.limit,
        "options": [
            {"value": place, "label": label, "gap": gap(f"checked:{question.id}:{place}")}
            for place, label in enumerate(question.options)
        ],
        "said": gap(f"text:{question.id}"),
        "fault": gap(f"fault:{question.id}"),
        "wrong": gap(f"wrong:{question.id}"),
        "quote": question.quote,
        "by_level": question.by_level,
        "quotable": gap(f"checked:{question.id}:quote"),
    }


_papers: dict[str, sealing_paper.Paper] = {}
_editions: dict[tuple[str, str], Edition] = {}
_states: dict[str, tuple[float, State]] = {}


def forget() -> None:
    """Empty the memory, as after a restart."""
    for kept in (_papers, _editions, _states):
        kept.clear()


def read_paper(survey: str) -> sealing_paper.Paper:
    """The paper of a survey. Raises Http404."""
    if survey not in _papers:
        data = Paper.objects.filter(pk=survey).values_list("data", flat=True).first()
        if data is None:
            raise Http404
        if len(_papers) >= EDITIONS_TO_KEEP:
            _papers.clear()
        _papers[survey] = sealing_paper.read_paper(bytes(data))
    return _papers[survey]


def edition(survey: str, language: str) -> Edition:
    """The paper of a survey in one of its languages. Raises Http404."""
    found = _editions.get((survey, language))
    if found is None:
        if len(_editions) >= EDITIONS_TO_KEEP:
            _editions.clear()
        found = _editions[survey, language] = _read(survey, language)
    return found


def _read(survey: str, language: str) -> Edition:
    paper = read_paper(survey)
    if language not in paper.content["languages"]:
        raise Http404
    return Edition(paper, language)


def in_any_language(survey: str, language: str) -> Edition:
    """The paper in this language, or in its first one. Raises Http404."""
    try:
        return edition(survey, language)
    except Http404:
        return edition(survey, next(code for code in LANGUAGES if code != language))


def state(survey: str) -> State:
    """Where the survey stands, as of at most five seconds ago. Raises Http404."""
    kept = _states.get(survey)
    if kept is None or monotonic() - kept[0] >= SECONDS_TO_KEEP:
        kept = _states[survey] = (monotonic(), _read_state(survey))
        if len(_states) > EDITIONS_TO_KEEP:
            _states.clear()
    return kept[1]


def _read_state(survey: str) -> State:
    row = Paper.objects.defer("data").filter(pk=survey).first()
    if row is None:
        raise Http404
    read = State(row.opens_at, row.closes_at, row.closed, tuple(row.errata))
    if read.phase != "after":
        return read
    board = Bulletin.objects.filter(pk=survey).first() or Bulletin()
    return replace(
        read, listed="list_hash" in board.closing, counted=bool(board.receipts), published=bool(board.page)
    )
