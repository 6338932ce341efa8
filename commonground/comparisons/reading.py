"""The frozen text about lending as people read it before turning a key."""

import json
from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.utils.translation import gettext as _

from commonground.approvals.reading import Line, Section
from commonground.disclosure import noise
from commonground.kernel.languages import both
from commonground.sealing.formats import fingerprint


def sections(partnership_id: UUID, body: str) -> list[Section]:
    """Return which numbers are lent, and by which rules they are compared."""
    frozen = json.loads(body)
    numbers = [Line(each["text"]["en"], each["text"]["es"], f"{each['value']}%") for each in frozen["indices"]]
    numbers.append(Line(fingerprint(bytes.fromhex(frozen["release"])), label=_("Fingerprint of the release")))
    lent = [Section(_("What we lend"), tuple(numbers))]
    if scale := frozen.get("noise"):
        lent.append(Section(_("With noise"), _lines(partial(_noise, scale))))
    return [*lent, Section(_("How it is compared"), _lines(rules))]


def _lines(words: Callable[[], list[str]]) -> tuple[Line, ...]:
    """Return sentences in both languages side by side."""
    said = [both(partial(_at, words, place)) for place in range(len(words()))]
    return tuple(Line(each["en"], each["es"]) for each in said)


def _at(words: Callable[[], list[str]], place: int) -> str:
    return words()[place]


def _noise(scale: int) -> list[str]:
    return [
        _("Chance moves each number before it is lent. This is drawn once, with the last key, and never again."),
        _("In nine of ten cases it moves a number by %(far)s points or less.") % {"far": noise.within([scale])},
        _(
            "Who learns a number that we lend learns little of any one person: whatever that person answered, the "
            "number was at most 2.7 times as likely (epsilon %(budget)s, all that this survey may spend)."
        )
        % {"budget": noise.BUDGET},
        _("Later no other number of this survey can be lent with noise, and none of it without."),
        _("What staff see of the results stays as it is, without noise."),
    ]


def rules() -> list[str]:
    """Return by which rules districts are compared, in the reader's language."""
    return [
        _("Only numbers that staff see already are lent, and only the numbers above."),
        _("A comparison takes at least five districts, each with 200 answers or more, none with more than half."),
        _("Others see the mean of all, never our own number, and no district is named."),
        _("Each comparison is judged with all earlier ones: together they may tell of no few districts."),
        _("Any party can end it at any time. What was compared before stays."),
        _("A district may lend its numbers with noise. Each comparison says how far that may move the mean."),
    ]
