"""Why some numbers are not shown: each reason in plain words with a small picture, the same for everyone.

Every number on the pictures is made up. A reason is told by what someone could work out, never by what is there: on
the pages of results the words for a small group and for the neighbor that shields it are the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

WIDTH, HEIGHT = 320, 116
APART = 12
"""From dot to dot of people."""


@dataclass(frozen=True)
class Case:
    """A reason for which something is not shown: an anchor, a title, its words, and a picture with a caption."""

    id: str
    title: str
    words: str
    caption: str
    drawn: str

    @property
    def picture(self) -> SafeString:
        """The drawing; its text alternative is the caption that stands under it."""
        covered = f'<pattern id="{self.id}-cover" width="6" height="6" patternUnits="userSpaceOnUse">'
        return format_html(
            '<svg class="drawn" viewBox="0 0 {} {}" role="img" aria-label="{}"><defs>{}</defs>{}</svg>',
            WIDTH,
            HEIGHT,
            self.caption,
            mark_safe(f'{covered}<path class="x" d="M0 6L6 0"/></pattern>'),
            mark_safe(self.drawn.replace("#cover", f"#{self.id}-cover")),
        )


def cases(minimum: int) -> list[Case]:
    """Return every reason in the reader's language; `minimum` is the smallest group that may be shown."""
    return [*_of_groups(minimum), *_of_numbers(), *_of_later(minimum)]


def _of_groups(minimum: int) -> Iterator[Case]:
    yield Case(
        "small",
        _("A small group"),
        _(
            "What a few people say can point at one of them. So nothing is shown about fewer than %(minimum)s"
            " people. A group in which nobody answered looks just the same."
        )
        % {"minimum": minimum},
        _("Sixty people are shown. A small group beside them is covered."),
        _small(),
    )
    yield Case(
        "neighbor",
        _("The group beside it"),
        _(
            "If all others were shown, the covered group would follow by taking away. So a second group is "
            "covered too, even a large one. Then only the two together can be worked out. Nobody is told "
            "which is which."
        ),
        _(
            "With one group covered: 100 less 60 less 34 leaves 6. With two covered: 100 less 60 leaves 40 "
            "for both."
        ),
        _neighbor(),
    )
    yield Case(
        "merged",
        _("Groups shown together"),
        _(
            "Two small groups can be told together where each alone could not. The name says what is in it. "
            "Which groups go together is fixed before anyone answers."
        ),
        _("A group of 14 and a group of 12 are shown as one group of 26."),
        _merged(),
    )
    yield Case(
        "crossed",
        _("Two groups crossed"),
        _(
            "A place split by kind of job makes many small boxes. Some are covered, so that none follows from"
            " its row or its column. The others show one share, not every answer."
        ),
        _("A grid of sixteen boxes. Six of them are covered, at least two in each row and column that has any."),
        _crossed(),
    )


def _of_numbers() -> Iterator[Case]:
    yield Case(
        "ends",
        _("Ranges at the ends"),
        _(
            "“0%” or “100%” would tell what each one said. So a very small share reads “5% or fewer”, a very "
            "large one “95% or more”. In a small group these ranges are wider. Then an answer beside it may "
            "be a range too, or the rest would give it away."
        ),
        _("A scale from 0 to 100 percent. Both ends are covered. A share in the middle is one number."),
        _ends(),
    )
    yield Case(
        "nearly_all",
        _("Nearly everyone answered"),
        _(
            "If a page said that all of a group answered, everyone would know that each colleague is in its "
            "numbers. So the number reads “18 or more of 20”, and shares go in steps of five."
        ),
        _("Twenty people. At least eighteen answered; whether all did is not told."),
        _nearly_all(),
    )
    yield Case(
        "few",
        _("Few answers"),
        _(
            "With fewer than 30 answers only one share is shown, not every answer apart. With fewer than 20 "
            "it goes in wide steps. Too many exact numbers about a few people would give back each single answer. "
            "Larger groups show one share too, where a range could not hide how few gave an answer."
        ),
        _("Five answers side by side become one share and the covered rest."),
        _few(),
    )
    yield Case(
        "steps",
        _("Shares in steps"),
        _(
            "Many exact shares together could tell how small a hidden group is, or what all of it said. So some "
            "go in steps of five or ten. The computer goes on until it finds other, made-up answers that would "
            "give the same page."
        ),
        _("42 percent and 48 percent are both told as 40 to 50 percent."),
        _steps(),
    )
    yield Case(
        "bounds",
        _("A number between two bounds"),
        _(
            "Some people leave a question out. If only a few did, an exact number would tell that of "
            "them. So the number reads “30 to 40 answers”."
        ),
        _("A bar that ends somewhere between 30 and 40."),
        _bounds(),
    )


def _of_later(minimum: int) -> Iterator[Case]:
    yield Case(
        "waves",
        _("Two surveys of the same people"),
        _(
            "If one person joined a group between two surveys, the two results side by side could tell what "
            "that person said. So all that was ever shown is looked at together before anything new is shown."
        ),
        _("Thirty people last time. The same thirty and one more this time: the difference is one person."),
        _waves(),
    )
    yield Case(
        "comments",
        _("What people wrote"),
        _(
            "Words can show who wrote them. Two named people, one of each party, read them first and take out"
            " names and hints. They are never told by job, years or answers, and only where at least 20 "
            "people answered and %(minimum)s wrote."
        )
        % {"minimum": minimum},
        _("A page of lines. One word in it is blacked out."),
        _comments(),
    )


# Drawings: a dot is a person, hatching covers what is not shown


def _dots(x: float, y: float, many: int, across: int, css: str = "f-common") -> str:
    places = ((x + APART * (n % across), y + APART * (n // across)) for n in range(many))
    return "".join(f'<circle class="{css}" cx="{left:g}" cy="{top:g}" r="4"/>' for left, top in places)


def _word(x: float, y: float, words: str, anchor: str = "middle") -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}">{words}</text>'


def _bar(x: float, y: float, width: float, words: str = "", css: str = "f-common") -> str:
    bar = f'<rect class="{css}" x="{x:g}" y="{y:g}" width="{width:g}" height="24" rx="2"/>'
    return f'{bar}<text class="on" x="{x + width / 2:g}" y="{y + 17:g}" text-anchor="middle">{words}</text>'


def _covered(x: float, y: float, width: float, height: float = 24) -> str:
    box = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="2"'
    return f'<rect class="f-track" {box}/><rect fill="url(#cover)" {box}/>'


def _small() -> str:
    return _dots(50, 14, 60, 10) + _word(104, 104, "60") + _covered(206, 8, 64, 76) + _word(238, 104, "?")


def _neighbor() -> str:
    one = _bar(10, 4, 300, "100") + _bar(10, 32, 178, "60") + _bar(192, 32, 96, "34") + _covered(292, 32, 18)
    two = _bar(10, 84, 178, "60") + _covered(192, 84, 58) + _covered(252, 84, 58)
    return one + _word(160, 74, "100 − 60 − 34 = 6") + two


def _merged() -> str:
    arrow = '<path class="gap" fill="none" d="M156 44h18m-7 -7l7 7l-7 7"/>'
    numbers = _word(38, 96, "14") + _word(110, 96, "12") + _word(244, 96, "26")
    return _dots(14, 32, 14, 5) + _dots(92, 32, 12, 4) + arrow + _dots(196, 32, 26, 9) + numbers


def _crossed() -> str:
    hidden = {(1, 1), (1, 2), (2, 1), (2, 2), (0, 1), (0, 2)}
    boxes = ((66 + 48 * x, 4 + 28 * y, (x, y) in hidden) for y in range(4) for x in range(4))
    return "".join(_covered(x, y, 44) if covered else _bar(x, y, 44) for x, y, covered in boxes)


def _ends() -> str:
    scale = _covered(10, 34, 36) + _bar(46, 34, 228, css="f-track") + _covered(274, 34, 36)
    ticks = _word(10, 84, "0%", "start") + _word(160, 84, "50%") + _word(310, 84, "100%", "end")
    return f'{scale}<circle class="f-common" cx="196" cy="46" r="8"/>{ticks}'


def _nearly_all() -> str:
    return _dots(106, 26, 18, 10) + _covered(196, 32, 24, 12) + _word(160, 84, "18 – 20")


def _few() -> str:
    widths = (40, 70, 50, 90, 50)
    starts = accumulate((10, *widths[:-1]))
    names = ("k1", "k2", "k3", "k4", "k5")
    parts = (_bar(x, 8, width, css=css) for x, width, css in zip(starts, widths, names, strict=True))
    return "".join(parts) + _covered(10, 62, 156) + _bar(170, 62, 140, "45%")


def _steps() -> str:
    one = _bar(10, 14, 59, "42%") + _bar(71, 14, 79, css="f-track")
    other = _bar(10, 54, 67, "48%") + _bar(79, 54, 71, css="f-track")
    arrow = '<path class="gap" fill="none" d="M164 46h18m-7 -7l7 7l-7 7"/>'
    told = _bar(196, 34, 46) + _covered(242, 34, 12) + _bar(254, 34, 56, css="f-track")
    return one + other + arrow + told + _word(248, 84, "40 – 50%")


def _bounds() -> str:
    return _bar(60, 30, 140, "30") + _covered(200, 30, 60) + _word(200, 84, "30") + _word(260, 84, "40")


def _waves() -> str:
    new = '<circle class="f-open" cx="284" cy="26" r="5"/>'
    return _dots(26, 26, 30, 10) + _dots(164, 26, 30, 10) + new + _word(80, 92, "30") + _word(224, 92, "30 + 1")


def _comments() -> str:
    lines = ((20, 140), (42, 60), (64, 120), (86, 90))
    drawn = "".join(f'<rect class="f-track" x="90" y="{y}" width="{width}" height="10"/>' for y, width in lines)
    page = '<rect class="f-open" x="74" y="4" width="172" height="106"/>'
    return f'{page}{drawn}<rect class="black" x="156" y="40" width="66" height="14"/>'
