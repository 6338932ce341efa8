"""One line of a staff list: a person, or faults in a log."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from commonground.partnership.stafflist import oneroster
from commonground.partnership.stafflist.cells import (
    broken_letters,
    clean,
    codes_before_date,
    fold,
    is_error,
    is_scientific,
    is_social_security,
    looks_like_date,
    without_decimal,
)
from commonground.partnership.stafflist.columns import LABELS, NAMES, REQUIRED, Field
from commonground.partnership.stafflist.faults import WORDINGS, Fault, Kind, Param, Translatable, Weight, shown
from commonground.partnership.stafflist.known import Known, Vocabulary, language_codes
from commonground.partnership.stafflist.people import Person
from commonground.partnership.stafflist.sheet import Sheet

MAX_KEPT = 10_000  # faults, and notes, that are kept one by one; all are counted
NO_UNIT = "none"
_NO_UNIT_WORDS = frozenset(
    {"none", "not represented", "unrepresented", "non represented", "ninguno", "ninguna", "no representado"}
    | {"no representada", "sin representacion", "sin unidad"}
)
_NOTHING = frozenset({"-", "--", "n/a", "na", "none", "null", "ninguno", "ninguna"})
_LONG_LISTS = frozenset({Field.SITE, Field.JOB_CLASS})  # where a near miss says more than the list
_REMEMBERED = 20_000  # cells of codes whose meaning is kept
_SHORT = 64
_LIMITS = {Field.NUMBER: _SHORT, Field.GIVEN_NAME: 150, Field.FAMILY_NAME: 150, Field.FULL_NAME: 150}
_LONGEST_EMAIL = 254  # RFC 5321, 4.5.3.1.3 less the angle brackets
_EMAIL = re.compile(r"[^\s@<>()\[\]\\,;:\"]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_](?:[\w-]{0,61}[^\W_])")
_SEVERAL = re.compile(r"\s*[/;,&|+]\s*|\s+(?:and|y|o|or)\s+", re.IGNORECASE)
_UNKNOWN = {
    Field.SITE: (Kind.UNKNOWN_SITE, Kind.TWO_SITES),
    Field.SHIFT: (Kind.UNKNOWN_SHIFT, Kind.TWO_SHIFTS),
    Field.JOB_CLASS: (Kind.UNKNOWN_JOB_CLASS, Kind.TWO_JOB_CLASSES),
    Field.UNIT: (Kind.UNKNOWN_UNIT, Kind.TWO_UNITS),
    Field.LANGUAGE: (Kind.UNKNOWN_LANGUAGE, Kind.TWO_LANGUAGES),
}


def is_mailbox(text: str) -> bool:
    """Say whether a text has the form of one mail address."""
    return len(text) <= _LONGEST_EMAIL and _EMAIL.fullmatch(text) is not None


@dataclass
class Log:
    """Faults and notes of a file: the first `MAX_KEPT` of each are kept, all are counted."""

    file: str
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    counts: Counter[Kind] = field(default_factory=Counter)
    faulty: set[int] = field(default_factory=set)

    def add(self, kind: Kind, line: int, column: str, found: str = "", **params: Param) -> None:
        self.keep(Fault(kind, self.file, line, column, shown(found), params))

    def keep(self, fault: Fault) -> None:
        self.counts[fault.kind] += 1
        note = WORDINGS[fault.kind].weight is Weight.NOTE
        kept = self.notes if note else self.faults
        if len(kept) < MAX_KEPT:
            kept.append(fault)
        if not note:
            self.faulty.add(fault.line)


class LineReader:
    """Reads lines by a mapping against what the district knows; whatever is wrong goes into the log."""

    def __init__(
        self,
        sheet: Sheet,
        mapping: Mapping[Field, int],
        known: Known,
        given: Mapping[Field, str],
        roles: Mapping[str, oneroster.RosterRole] | None,
        log: Log,
    ) -> None:
        self.sheet, self.mapping, self.known, self.given = sheet, mapping, known, given
        self.roles, self.log = roles, log
        self.stamp = _column(sheet, "datelastmodified") if _column(sheet, "sourcedid") is not None else None
        self.remembered: dict[tuple[Field, Vocabulary, str], str] = {}
        self.sorts = bool(roles) or Field.ROLE in mapping or Field.STATUS in mapping
        self.padded = {n.lstrip("0"): n for n in known.numbers if n.startswith("0") and n.isdecimal()}

    def left_out(self, cells: Sequence[str]) -> str:
        """Return the role or status for which this line is no member of staff, or nothing if it is one."""
        if not self.sorts:
            return ""
        role, status = self._cell(Field.ROLE, cells), self._cell(Field.STATUS, cells)
        told = self.roles.get(self._cell(Field.NUMBER, cells)) if self.roles and not role else None
        role = told.role if told else role
        if not oneroster.is_staff(role):
            return role.casefold()
        return status.casefold() if oneroster.has_left(status) else ""

    def check_stamp(self, line: int, cells: Sequence[str]) -> None:
        """Note a time stamp that OneRoster would not accept, in any line of such a file."""
        if self.stamp is None or self.stamp >= len(cells):
            return
        text = cells[self.stamp]
        if text and not oneroster.is_stamp(text):
            self.log.add(Kind.DATE_FORM, line, self.sheet.headers[self.stamp], text)

    def person(self, line: int, cells: Sequence[str]) -> Person:
        """Return the person of a line, complete only if the log has no fault of that line."""
        width = len(self.sheet.headers)
        if len(cells) < width or any(cells[width:]):
            self.log.add(Kind.WRONG_WIDTH, line, "", cells=len(cells), headings=width)
            return Person(self._cell(Field.NUMBER, cells), "", "", "", "", "", line=line)
        number = self._number(line, cells)
        given_name, family_name = self._names(line, cells)
        site = self._site(line, number, cells)
        return Person(
            number=number,
            given_name=given_name,
            family_name=family_name,
            email=self._email(line, cells),
            site=site,
            shift=self._code(Field.SHIFT, line, cells, self.known.shifts_at.get(site, self.known.shifts)),
            job_class=self._code(Field.JOB_CLASS, line, cells, self.known.job_classes),
            unit=self._code(Field.UNIT, line, cells, self.known.units),
            language=self._code(Field.LANGUAGE, line, cells, self.known.languages),
            line=line,
        )

    # One cell

    def heading(self, each: Field) -> str:
        """Return the heading of the column of a field, or the name of the field where there is none."""
        index = self.mapping.get(each)
        return Translatable(LABELS[each]) if index is None else self.sheet.headers[index]

    def _cell(self, each: Field, cells: Sequence[str]) -> str:
        index = self.mapping.get(each)
        return clean(cells[index]) if index is not None and index < len(cells) else ""

    def fault(self, kind: Kind, each: Field, line: int, found: str = "", **params: Param) -> None:
        """Log a fault of one field of one line."""
        self.log.add(kind, line, self.heading(each), found, **params)

    def _text(self, each: Field, line: int, cells: Sequence[str]) -> str:
        text = self._cell(each, cells)
        if not text.isascii() or text[:1] in {"#", "E"} or len(text) > _SHORT:
            self._tell_spoilt(each, line, text)
        return text

    def _tell_spoilt(self, each: Field, line: int, text: str) -> bool:
        """Log what spoils any cell, whatever it should hold; say whether there was something."""
        mended = broken_letters(text)
        if is_error(text):
            self.fault(Kind.ERROR_CELL, each, line, text)
        elif mended is not None:
            self.fault(Kind.BROKEN_LETTERS, each, line, text, choices=(mended,) if mended else ())
        elif len(text) > _LIMITS.get(each, len(text)):
            self.fault(Kind.TOO_LONG, each, line, text, limit=_LIMITS[each])
        else:
            return False
        return True

    def _number(self, line: int, cells: Sequence[str]) -> str:
        number = self._text(Field.NUMBER, line, cells)
        if number in self.known.numbers:
            return number
        if not number:
            self._tell_empty(Field.NUMBER, line)
        elif padded := self.padded.get(number):
            self.fault(Kind.ZEROS_EATEN, Field.NUMBER, line, number, choices=(padded,))
        elif is_social_security(number):
            self.fault(Kind.SOCIAL_SECURITY, Field.NUMBER, line)
            return ""
        elif not number.isalnum():
            self._tell_reshaped(line, number)
        return number

    def _tell_reshaped(self, line: int, number: str) -> None:
        """Log what a spreadsheet has made of a number."""
        if looks_like_date(number):
            self.fault(Kind.DATE_CELL, Field.NUMBER, line, number, choices=())
        elif is_scientific(number):
            self.fault(Kind.SCIENTIFIC, Field.NUMBER, line, number)
        elif whole := without_decimal(number):
            self.fault(Kind.DECIMAL_POINT, Field.NUMBER, line, number, choices=(whole,))

    def _names(self, line: int, cells: Sequence[str]) -> tuple[str, str]:
        given_name = self._text(Field.GIVEN_NAME, line, cells)
        family_name = self._text(Field.FAMILY_NAME, line, cells)
        if not (given_name or family_name):
            full = self._text(Field.FULL_NAME, line, cells)
            before, comma, after = full.partition(",")
            given_name, family_name = (after.strip(), before.strip()) if comma else (full, "")
        if not (given_name or family_name):
            each = next(name for name in Field if name in NAMES and name in self.mapping)
            self.fault(Kind.EMPTY_NAME, each, line)
        return given_name, family_name

    def _email(self, line: int, cells: Sequence[str]) -> str:
        email = self._text(Field.EMAIL, line, cells).lower()
        if not email or email in _NOTHING:
            return ""
        if email.count("@") > 1:
            self.fault(Kind.TWO_EMAILS, Field.EMAIL, line, email)
        elif not is_mailbox(email):
            self.fault(Kind.EMAIL_FORM, Field.EMAIL, line, email)
        return email

    def _site(self, line: int, number: str, cells: Sequence[str]) -> str:
        if self.roles and number in self.roles and not self._cell(Field.SITE, cells):
            return self._resolve(Field.SITE, line, self.roles[number].site, self.known.sites)
        return self._code(Field.SITE, line, cells, self.known.sites)

    def _code(self, each: Field, line: int, cells: Sequence[str], terms: Vocabulary) -> str:
        """Return the code that a cell means; what was understood without a word is remembered."""
        index = self.mapping.get(each)
        key = each, terms, "" if index is None else cells[index]
        if key in self.remembered:
            return self.remembered[key]
        told = self.log.counts.total()
        code = self._resolve(each, line, self._cell(each, cells) or self.given.get(each, ""), terms)
        if told == self.log.counts.total() and len(self.remembered) < _REMEMBERED:
            self.remembered[key] = code
        return code

    def find(self, each: Field, text: str) -> str | None:
        """Return the code that a text means in a field, or None; "" is a unit that is expressly none."""
        return self._find_in(each, self.vocabulary(each), text) if each in _UNKNOWN else ""

    def vocabulary(self, each: Field) -> Vocabulary:
        """Return the list of the district that a field is looked up in."""
        return {
            Field.SITE: self.known.sites,
            Field.SHIFT: self.known.shifts,
            Field.JOB_CLASS: self.known.job_classes,
            Field.UNIT: self.known.units,
            Field.LANGUAGE: self.known.languages,
        }[each]

    def _find_in(self, each: Field, terms: Vocabulary, text: str) -> str | None:
        code = terms.find(text)
        if code is None and each is Field.LANGUAGE:
            return next(filter(None, map(terms.find, language_codes(text))), None)
        if code is None and each is Field.UNIT and fold(text) in _NO_UNIT_WORDS:
            return ""
        return code

    def _resolve(self, each: Field, line: int, text: str, terms: Vocabulary) -> str:
        if not text or (each not in REQUIRED and text.casefold() in _NOTHING):
            self._tell_empty(each, line)
            return ""
        code = self._find_in(each, terms, text)
        if code is not None:
            return code
        padded = terms.find_unpadded(text)
        if padded is not None:
            self.fault(Kind.ZEROS_RESTORED, each, line, text, choices=(padded,))
            return padded
        self._tell_unknown(each, line, text, terms)
        return ""

    def _tell_empty(self, each: Field, line: int) -> None:
        if each is Field.UNIT:
            choices = self.known.units.choices
            self.fault(Kind.EMPTY_UNIT, each, line, choices=(*choices, NO_UNIT) if choices else ())
        elif each in REQUIRED:
            self.fault(Kind.EMPTY_CELL, each, line, field=Translatable(LABELS[each]))

    def _codes_in(self, each: Field, terms: Vocabulary, text: str) -> tuple[str, ...]:
        """Return the codes that stand side by side in one cell, or nothing if that is not what it holds."""
        parts = _SEVERAL.split(text)
        codes = [self._find_in(each, terms, part) for part in parts] if len(parts) > 1 else [None]
        return () if None in codes else tuple(dict.fromkeys(code or NO_UNIT for code in codes))

    def _tell_unknown(self, each: Field, line: int, text: str, terms: Vocabulary) -> None:
        if self._tell_spoilt(each, line, text):
            return
        unknown, several = _UNKNOWN[each]
        both = self._codes_in(each, terms, text)
        before = tuple(dict.fromkeys(filter(None, map(terms.find, codes_before_date(text)))))
        if both:
            self.fault(several, each, line, text, choices=both)
        elif before or looks_like_date(text):
            self.fault(Kind.DATE_CELL, each, line, text, choices=before)
        else:
            near = terms.near(text) if each in _LONG_LISTS else terms.choices or terms.near(text)
            none = (NO_UNIT,) if near and each is Field.UNIT else ()
            self.fault(unknown, each, line, text, choices=near + none)


def _column(sheet: Sheet, heading: str) -> int | None:
    return next((i for i, text in enumerate(sheet.headers) if fold(text) == heading), None)
