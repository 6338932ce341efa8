"""What can be wrong with a staff list: one table of kinds with the words that screens translate."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

MAX_FOUND = 80  # characters of a cell that are shown again


def gettext_noop(message: str) -> str:
    """Mark a text for the catalogue; it is translated where it is shown."""
    return message


_ = gettext_noop

Translate = Callable[[str], str]


class Translatable(str):
    """A parameter that is itself a text of the catalogue, such as the name of a field."""

    __slots__ = ()


Param = str | int | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A text of the catalogue with its parameters, put into words by `text`."""

    template: str
    params: Mapping[str, Param]

    def text(self, translate: Translate = gettext_noop) -> str:
        """Return the sentence in the language of `translate`; several choices are joined with "or"."""
        words = {name: _word(value, translate) for name, value in self.params.items()}
        return translate(self.template) % words


def _word(value: Param, translate: Translate) -> str:
    if isinstance(value, Translatable):
        return translate(value)
    if not isinstance(value, tuple):
        return str(value)
    words = [_word(each, translate) for each in value]
    if len(words) < 2:
        return "".join(words)
    return translate(_("%(all_but_last)s or %(last)s")) % {
        "all_but_last": ", ".join(words[:-1]),
        "last": words[-1],
    }


class Kind(StrEnum):
    """Kinds of fault. Some end the reading, some keep one line out, some only tell (see `Weight`)."""

    EMPTY_FILE = "empty_file"
    FILE_TOO_BIG = "file_too_big"
    UNPACKS_TOO_BIG = "unpacks_too_big"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    OLD_EXCEL = "old_excel"
    OTHER_ARCHIVE = "other_archive"
    NOT_A_TABLE = "not_a_table"
    BROKEN_FILE = "broken_file"
    UNKNOWN_ENCODING = "unknown_encoding"
    OPEN_QUOTE = "open_quote"
    NO_ROWS = "no_rows"
    MISSING_COLUMN = "missing_column"
    PRIVATE_COLUMN = "private_column"
    ROLES_MISSING = "roles_missing"
    UNKNOWN_FOR_ALL = "unknown_for_all"

    WRONG_WIDTH = "wrong_width"
    EMPTY_CELL = "empty_cell"
    EMPTY_NAME = "empty_name"
    EMPTY_UNIT = "empty_unit"
    UNKNOWN_SITE = "unknown_site"
    UNKNOWN_SHIFT = "unknown_shift"
    UNKNOWN_JOB_CLASS = "unknown_job_class"
    UNKNOWN_UNIT = "unknown_unit"
    UNKNOWN_LANGUAGE = "unknown_language"
    TWO_SITES = "two_sites"
    TWO_SHIFTS = "two_shifts"
    TWO_JOB_CLASSES = "two_job_classes"
    TWO_UNITS = "two_units"
    TWO_LANGUAGES = "two_languages"
    TWO_EMAILS = "two_emails"
    SAME_NUMBER = "same_number"
    SAME_EMAIL = "same_email"
    EMAIL_FORM = "email_form"
    DATE_CELL = "date_cell"
    SCIENTIFIC = "scientific"
    DECIMAL_POINT = "decimal_point"
    ZEROS_EATEN = "zeros_eaten"
    ERROR_CELL = "error_cell"
    BROKEN_LETTERS = "broken_letters"
    TOO_LONG = "too_long"
    SOCIAL_SECURITY = "social_security"

    ENCODING_GUESSED = "encoding_guessed"
    OTHER_SHEETS = "other_sheets"
    LINES_ABOVE = "lines_above"
    COLUMN_TWICE = "column_twice"
    SAME_LINE = "same_line"
    ZEROS_RESTORED = "zeros_restored"
    DATE_FORM = "date_form"


class Weight(StrEnum):
    """What a fault does: end the reading of the file, keep its line out, or only be told."""

    FILE = "file"
    LINE = "line"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Wording:
    """English words of a kind: what we found, what to do, and what to do without choices to offer."""

    weight: Weight
    what: str
    do: str
    do_without_choices: str = ""


def _file(what: str, do: str, without: str = "") -> Wording:
    return Wording(Weight.FILE, what, do, without)


def _line(what: str, do: str, without: str = "") -> Wording:
    return Wording(Weight.LINE, what, do, without)


def _note(what: str, do: str, without: str = "") -> Wording:
    return Wording(Weight.NOTE, what, do, without)


WORDINGS: Mapping[Kind, Wording] = {
    Kind.EMPTY_FILE: _file(
        _("There is nothing in this file."),
        _("Export the list again, and look into the file before you send it."),
    ),
    Kind.FILE_TOO_BIG: _file(
        _("The file is larger than %(limit)s MB."),
        _("Leave out columns that are not needed, or send the list in parts."),
    ),
    Kind.UNPACKS_TOO_BIG: _file(
        _("Unpacked, this file would be larger than %(limit)s MB."),
        _("Save the list as CSV and send that."),
    ),
    Kind.TOO_MANY_ROWS: _file(
        _("The file has more than %(limit)s lines."),
        _("Send the list in parts."),
    ),
    Kind.TOO_MANY_COLUMNS: _file(
        _("The file has more than %(limit)s columns."),
        _("Keep only the columns that are needed."),
    ),
    Kind.OLD_EXCEL: _file(
        _("This is an old Excel file or one locked with a password."),
        _("Save it as XLSX without a password, or as CSV."),
    ),
    Kind.OTHER_ARCHIVE: _file(
        _("This is a packed file and not an Excel sheet."),
        _("Unpack it and send the list inside it as XLSX or CSV."),
    ),
    Kind.NOT_A_TABLE: _file(
        _("This is not a list that we can read."),
        _("Save the list as XLSX or CSV and send that."),
    ),
    Kind.BROKEN_FILE: _file(
        _("The file is damaged or not complete."),
        _("Export it again. If it fails again, save the list as CSV."),
    ),
    Kind.UNKNOWN_ENCODING: _file(
        _("We cannot tell which letters are meant: the file is neither UTF-8 nor Windows text."),
        _("Save it as CSV UTF-8."),
    ),
    Kind.OPEN_QUOTE: _file(
        _("A quotation mark opens here and does not close."),
        _("Close it or take it out, then send the file again."),
    ),
    Kind.NO_ROWS: _file(
        _("The file has a line of headings and no people."),
        _("Export the list again."),
    ),
    Kind.MISSING_COLUMN: _file(
        _("No column is chosen for: %(field)s."),
        _("Choose the column, or say one value for the whole file where that is true for everyone."),
    ),
    Kind.PRIVATE_COLUMN: _file(
        _("This column holds something that we never keep."),
        _("Choose another column."),
    ),
    Kind.ROLES_MISSING: _file(
        _("This is a OneRoster 1.2 file. Who is a pupil stands in roles.csv and not here."),
        _("Send roles.csv as well, so that no pupil comes onto the staff list."),
    ),
    Kind.UNKNOWN_FOR_ALL: _file(
        _("We do not know the value that you gave for the whole file."),
        _("Choose one of: %(choices)s."),
        _("Choose one from your own list."),
    ),
    Kind.WRONG_WIDTH: _line(
        _("This line has %(cells)s cells, the headings have %(headings)s. Something slipped sideways."),
        _("Put a text that holds a comma into quotation marks."),
    ),
    Kind.EMPTY_CELL: _line(_("Empty."), _("Fill in: %(field)s.")),
    Kind.EMPTY_NAME: _line(_("There is no name."), _("Write the first or last name.")),
    Kind.EMPTY_UNIT: _line(
        _("Empty. We do not guess."),
        _("Write %(choices)s."),
        _("Write the bargaining unit, or none."),
    ),
    Kind.UNKNOWN_SITE: _line(
        _("There is no place with this code or name."),
        _("Use %(choices)s, or add the place."),
        _("Use a code from your list of places, or add the place."),
    ),
    Kind.UNKNOWN_SHIFT: _line(
        _("Not a shift we know."),
        _("Write %(choices)s."),
        _("Use a shift of this place, or add the shift."),
    ),
    Kind.UNKNOWN_JOB_CLASS: _line(
        _("Not a job class we know."),
        _("Use %(choices)s, or add the job class."),
        _("Use one from your list of job classes, or add it."),
    ),
    Kind.UNKNOWN_UNIT: _line(
        _("Not a bargaining unit we know."),
        _("Write %(choices)s."),
        _("Write the code of the unit, or none."),
    ),
    Kind.UNKNOWN_LANGUAGE: _line(
        _("Not a language we know."),
        _("Write %(choices)s."),
        _("Use a language from your list, or leave the cell empty."),
    ),
    Kind.TWO_SITES: _line(_("More than one place in one cell."), _("Choose one: %(choices)s.")),
    Kind.TWO_SHIFTS: _line(_("More than one shift in one cell."), _("Choose one: %(choices)s.")),
    Kind.TWO_JOB_CLASSES: _line(_("More than one job class in one cell."), _("Choose one: %(choices)s.")),
    Kind.TWO_UNITS: _line(_("More than one bargaining unit in one cell."), _("Choose one: %(choices)s.")),
    Kind.TWO_LANGUAGES: _line(_("Two languages in one cell."), _("Choose one: %(choices)s.")),
    Kind.TWO_EMAILS: _line(_("More than one e-mail address in one cell."), _("Keep the work address.")),
    Kind.SAME_NUMBER: _line(
        _("The same number as in line %(other)s."),
        _("Keep one of the two lines. Until then neither comes in."),
    ),
    Kind.SAME_EMAIL: _line(
        _("The same e-mail address as in line %(other)s. A code sent there would reach two people."),
        _("Give each person their own address, or leave the cell empty."),
    ),
    Kind.EMAIL_FORM: _line(
        _("Not an e-mail address."),
        _("Correct it, or leave the cell empty."),
    ),
    Kind.DATE_CELL: _line(
        _("A spreadsheet made a date of this."),
        _("Write %(choices)s, and format the column as text."),
        _("Write it as it was, and format the column as text."),
    ),
    Kind.SCIENTIFIC: _line(
        _("A spreadsheet shortened this number, and digits are lost."),
        _("Export it again with this column formatted as text."),
    ),
    Kind.DECIMAL_POINT: _line(
        _("A program made a decimal number of this."),
        _("Write %(choices)s, and format the column as text."),
    ),
    Kind.ZEROS_EATEN: _line(
        _("It seems that a spreadsheet ate the zeros in front."),
        _("Write %(choices)s, and format the column as text."),
    ),
    Kind.ERROR_CELL: _line(
        _("A spreadsheet formula failed here."),
        _("Write the value itself."),
    ),
    Kind.BROKEN_LETTERS: _line(
        _("Letters were damaged before this file was made."),
        _("Write %(choices)s."),
        _("Write it again, or export the list as CSV UTF-8."),
    ),
    Kind.TOO_LONG: _line(_("Longer than %(limit)s characters."), _("Shorten it.")),
    Kind.SOCIAL_SECURITY: _line(
        _("This looks like a Social Security number. We never keep those, and do not show it here."),
        _("Use the employee number."),
    ),
    Kind.ENCODING_GUESSED: _note(
        _("The file is not UTF-8. We read it as Windows text (Windows-1252)."),
        _("Look at a few names with accents. If they are wrong, save the list as CSV UTF-8."),
    ),
    Kind.OTHER_SHEETS: _note(
        _("The file has several sheets. We read the first that is not empty: %(sheet)s."),
        _("If that is the wrong one, move yours to the front. Not read: %(others)s."),
    ),
    Kind.LINES_ABOVE: _note(
        _("The headings are in line %(line)s. What stands above was not read."),
        _("Nothing to do, if that is right."),
    ),
    Kind.COLUMN_TWICE: _note(
        _("Several columns have this heading. We read the first."),
        _("If that is wrong, choose the other column."),
    ),
    Kind.SAME_LINE: _note(
        _("This line says the same as line %(other)s. It counts once."),
        _("Nothing to do."),
    ),
    Kind.ZEROS_RESTORED: _note(
        _("The zeros in front were missing. We read it as %(choices)s."),
        _("Nothing to do, if that is right."),
    ),
    Kind.DATE_FORM: _note(
        _("Not a date and time as OneRoster asks for (2026-09-15T14:00:00.000Z)."),
        _("Nothing to do here, we do not keep it. Your vendor may want to know."),
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at one place: file, line (from 1; 0 is the whole file), heading of the column."""

    kind: Kind
    file: str
    line: int = 0
    column: str = ""
    found: str = ""
    params: Mapping[str, Param] = field(default_factory=dict, hash=False)

    @property
    def weight(self) -> Weight:
        """Whether it ends the reading, keeps the line out, or only tells."""
        return WORDINGS[self.kind].weight

    def heading(self, translate: Translate = gettext_noop) -> str:
        """Return the heading as the file has it, or the name of the field in the language of `translate`."""
        return _word(self.column, translate)

    @property
    def what(self) -> Message:
        """What is wrong."""
        return Message(WORDINGS[self.kind].what, self.params)

    @property
    def do(self) -> Message:
        """What the person can do about it."""
        wording = WORDINGS[self.kind]
        no_choices = wording.do_without_choices and not self.params.get("choices")
        return Message(wording.do_without_choices if no_choices else wording.do, self.params)


class Unreadable(Exception):
    """The file cannot be read as a whole; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.file}, line {fault.line}: {fault.kind}")
        self.fault = fault


def shown(cell: str) -> str:
    """Return a cell short enough to be shown again."""
    return cell if len(cell) <= MAX_FOUND else cell[: MAX_FOUND - 1] + "…"
