"""The frozen text about lending as people read it before turning a key."""

import json
from uuid import UUID

from django.utils.translation import gettext as _

from commonground.approvals.reading import Line, Section
from commonground.kernel.languages import both
from commonground.sealing.formats import fingerprint


def sections(partnership_id: UUID, body: str) -> list[Section]:
    """Return which numbers are lent, and by which rules they are compared."""
    frozen = json.loads(body)
    numbers = [Line(each["text"]["en"], each["text"]["es"], f"{each['value']}%") for each in frozen["indices"]]
    numbers.append(Line(fingerprint(bytes.fromhex(frozen["release"])), label=_("Fingerprint of the release")))
    return [Section(_("What we lend"), tuple(numbers)), Section(_("How it is compared"), tuple(map(_line, RULES)))]


def rules() -> list[str]:
    """Return by which rules districts are compared, in the reader's language."""
    return [
        _("Only numbers that staff see already are lent, and only the numbers above."),
        _("A comparison takes at least five districts, each with 200 answers or more, none with more than half."),
        _("Others see the mean of all, never our own number, and no district is named."),
        _("Each comparison is judged with all earlier ones: together they may tell of no few districts."),
        _("Any party can end it at any time. What was compared before stays."),
    ]


RULES = range(5)


def _line(place: int) -> Line:
    said = both(lambda: rules()[place])
    return Line(said["en"], said["es"])
