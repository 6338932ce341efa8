"""The faulty lines as a table to take away, repair and send again."""

from collections.abc import Iterator, Mapping

from commonground.partnership.stafflist.cells import clean, escape_formula, is_social_security
from commonground.partnership.stafflist.check import Checked
from commonground.partnership.stafflist.columns import Field
from commonground.partnership.stafflist.faults import Fault, Translate, gettext_noop
from commonground.partnership.stafflist.sheet import Sheet

_ = gettext_noop


def faults_as_rows(
    sheet: Sheet, checked: Checked, mapping: Mapping[Field, int], translate: Translate = gettext_noop
) -> Iterator[list[str]]:
    """Yield a table of the faulty lines for download: headings first, then line, what, what to do, and cells.

    Only mapped columns are in it, so that it can be repaired and sent again; nothing in it is a formula.
    """
    columns = sorted(set(mapping.values()))
    titles = [translate(_("Line")), translate(_("What we found")), translate(_("What to do"))]
    yield [*titles, *(escape_formula(sheet.headers[index]) for index in columns)]
    by_line: dict[int, list[Fault]] = {}
    for fault in checked.faults:
        by_line.setdefault(fault.line, []).append(fault)
    for line, cells in sheet.rows():
        if line in by_line:
            faults = by_line[line]
            what = "; ".join(
                f"{fault.heading(translate)}: {fault.what.text(translate)}".strip(": ") for fault in faults
            )
            do = "; ".join(fault.do.text(translate) for fault in faults)
            own = [clean(cells[index]) if index < len(cells) else "" for index in columns]
            yield [str(line), what, do, *("" if is_social_security(c) else escape_formula(c) for c in own)]
