"""Further tables in words: what a table is called, why one cannot be told, and a request as people read it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from commonground.approvals.reading import Line, Section
from commonground.kernel.languages import both
from commonground.sealing.formats import fingerprint
from commonground.surveys import further
from commonground.surveys.further import Never, Table
from commonground.surveys.models import Dimension, Survey
from commonground.surveys.opening_files import paper_of
from commonground.surveys.queries import DIMENSION_NAMES


def name(paper: Mapping[str, Any], table: Table) -> str:
    """Return what a table is called, in the reader's language."""
    groups = [_group(paper, each) for each in table]
    if len(groups) == 1:
        number = table[0].removeprefix("q")
        return _("By %(group)s (question %(number)s)") % {"group": groups[0], "number": number}
    return _("By %(first)s, crossed with %(second)s") % {"first": groups[0], "second": groups[1]}


def _group(paper: Mapping[str, Any], name: str) -> str:
    question = next((each for each in paper["questions"] if each["id"] == name and each["group"]), None)
    if question is None:
        return name
    if question["group"] == Dimension.OTHER:
        text: Mapping[str, str] = question["text"]
        return text.get(get_language() or "en") or text["en"]
    return str(DIMENSION_NAMES[Dimension(question["group"])])


def why_never(paper: Mapping[str, Any], one: Never) -> str:
    """Return why a table can never be told, in a sentence that tells nothing of the answers."""
    values = {"table": name(paper, one.table), "minimum": paper["minimum_group"]}
    words = {
        "unknown": _("The paper of this survey has no such groups."),
        "told": _("%(table)s: it is in the results already."),
        "roster": _(
            "%(table)s: no group in it has %(minimum)s people on the list of those asked, so nothing could be "
            "shown."
        ),
        "cross": _("%(table)s: crossed with the others it has too many cells to be protected."),
    }
    return words[one.why] % values


def why_left_out(reason: str) -> str:
    """Return why the gate told nothing of a table, in a sentence that tells nothing of the answers."""
    if reason == "hidden":
        return _("Nothing of it could be shown, to protect people.")
    return _(
        "Together with what was released before, it would tell of few people. What was released cannot be taken "
        "back."
    )


def sections(partnership_id: UUID, body: str) -> list[Section]:
    """Return a request as people read it, in both languages."""
    request = further.read_request(body)
    survey = Survey.rows.within(partnership_id).filter(paper_hash=request.paper).first()
    paper = paper_of(survey).content if survey else {"questions": []}
    tables = tuple(_line(partial(name, paper, table)) for table in request.tables)
    facts = (
        Line(fingerprint(bytes.fromhex(request.paper)), label=_("Paper of the survey")),
        Line(fingerprint(bytes.fromhex(request.list_hash)), label=_("List at closing")),
        *(Line(fingerprint(bytes.fromhex(each)), label=_("Released before")) for each in request.releases),
    )
    how = _line(
        lambda: _(
            "Every party takes its layer off the same list once more and gives its share. The answers are opened "
            "in memory only. The gate judges the new tables together with everything released before. It may hide "
            "more, leave a table out, or refuse. What was released stays as it is."
        )
    )
    end = _line(partial(_ends, survey.unopened_after_days if survey else 0))
    return [
        Section(_("Tables asked for"), tables),
        Section(_("Why"), (Line(request.reason),)),
        Section(_("What happens with the last key"), (how, end) if survey else (how,)),
        Section(_("What it rests on"), facts),
    ]


def _ends(days: int) -> str:
    return ngettext(
        "If not every party comes within %(n)s day, it ends by itself. Nothing is lost then.",
        "If not every party comes within %(n)s days, it ends by itself. Nothing is lost then.",
        days,
    ) % {"n": days}


def _line(say: Callable[[], str]) -> Line:
    words = both(say)
    return Line(words["en"], words["es"])
