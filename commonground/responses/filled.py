"""What a respondent's form says: the code, the answers so far, and where to go next.

Answers travel from form to form as the bytes that will be sealed, in one hidden field; what is on the screen that
was sent comes from its own fields. Nothing here is stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from django.core.exceptions import BadRequest
from django.utils.html import conditional_escape as escape
from django.utils.translation import gettext, ngettext

from commonground.responses.screens import Question, Screen
from commonground.responses.sheet import BlankSheet, Sheet
from commonground.sealing.answers import Quotable
from commonground.sealing.codes import read_code, write_code
from commonground.sealing.errors import Malformed

Fields = Mapping[str, list[str]]

MOST_FIELDS = 500

CLEARING = ("skip", "clear")
"""What a person presses to leave the questions of a screen unanswered."""


@dataclass
class Filled:
    """A form as sent. `code` is None when what was `typed` is no code; `fault` then says why."""

    typed: str
    go: str
    number: int | None
    sheet: Sheet
    code: bytes | None = None
    fault: str = ""
    too_long: dict[str, str] = field(default_factory=dict)

    def clear(self, screen: Screen) -> None:
        """Leave the questions of a screen unanswered."""
        self.too_long.clear()
        for question in screen.questions:
            self.sheet[question.id] = None


def read(body: bytes, screens: tuple[Screen, ...], blank: BlankSheet) -> Filled:
    """Read a form as sent. Raises BadRequest for one that this server never made."""
    post = _fields(body)
    number, sheet = _number(post.get("screen"), len(screens)), blank.unpack(_one(post, "kept"))
    filled = Filled(_one(post, "code"), _one(post, "go"), number, sheet)
    try:
        filled.code = read_code(filled.typed)
    except Malformed as error:
        filled.fault = gettext(error.text) % error.values
    if number is not None:
        for question in screens[number].questions:
            _take(post, question, filled)
    return filled


def values(filled: Filled, screen: Screen, note: str = "") -> dict[str, str]:
    """What goes into the gaps of a screen, as HTML."""
    gaps = {
        "code": write_code(filled.code or b""),
        "kept": filled.sheet.pack(),
        "note": f'<p class="note fault" role="alert">{escape(note)}</p>' if note else "",
    }
    for question in screen.questions:
        answer = filled.sheet[question.id]
        if isinstance(answer, str):
            gaps[f"text:{question.id}"] = escape(str(answer))
            gaps[f"checked:{question.id}:quote"] = " checked" if isinstance(answer, Quotable) else ""
        elif answer is not None:
            chosen = answer if isinstance(answer, tuple) else (answer,)
            gaps.update({f"checked:{question.id}:{option}": " checked" for option in chosen})
        if question.id in filled.too_long:
            gaps |= _fault_gaps(question, filled.too_long[question.id])
    return gaps


def _fault_gaps(question: Question, said: str) -> dict[str, str]:
    name, over = question.id, len(said.encode()) - question.limit
    words = ngettext(
        "This is %(over)d letter too long. Please shorten it. Nothing is lost.",
        "This is %(over)d letters too long. Please shorten it. Nothing is lost.",
        over,
    )
    fault = f'<p class="note fault" role="alert" id="fault-{name}">{escape(words % {"over": over})}</p>'
    return {f"text:{name}": escape(said), f"fault:{name}": fault, f"wrong:{name}": ' aria-invalid="true"'}


def _fields(body: bytes) -> Fields:
    try:
        return parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise BadRequest from error


def _one(post: Fields, name: str) -> str:
    return post.get(name, [""])[0]


def _number(given: list[str] | None, screens: int) -> int | None:
    if given is None:
        return None
    if not given[0].isdecimal() or int(given[0]) >= screens:
        raise BadRequest
    return int(given[0])


def _take(post: Fields, question: Question, filled: Filled) -> None:
    name = f"a.{question.id}"
    if question.kind == "text":
        may_quote = question.quote and bool(_one(post, f"consent.{question.id}"))
        _take_text(_one(post, name), question, filled, may_quote=may_quote)
    else:
        chosen = tuple(sorted({_option(value, question) for value in post.get(name, [])}))
        several = question.kind == "several"
        filled.sheet[question.id] = (chosen if several else chosen[0]) if chosen else None


def _take_text(said: str, question: Question, filled: Filled, *, may_quote: bool) -> None:
    said = said.replace("\r\n", "\n").replace("\0", "").strip()
    if len(said.encode()) > question.limit:
        filled.too_long[question.id] = said
    else:
        filled.sheet[question.id] = (Quotable(said) if may_quote else said) or None


def _option(value: str, question: Question) -> int:
    if not value.isdecimal() or int(value) >= len(question.options):
        raise BadRequest
    return int(value)
