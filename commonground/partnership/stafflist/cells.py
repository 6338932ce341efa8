"""One cell: cleaning, comparing without case and accents, and the marks that spreadsheets leave behind."""

import re
from datetime import date, timedelta
from unicodedata import combining, normalize

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_INVISIBLE = re.compile("[\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]+")
_NOT_WORD = re.compile(r"[\W_]+")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.]+Z?)?")
_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(?:\d{4}|\d{2})(?: [\d:]+(?: ?[AP]M)?)?")
_DAY_MONTH = re.compile(r"(\d{1,2})-([A-Za-z]{3})(?:-\d{2,4})?")
_MONTH_NUMBER = re.compile(r"([A-Za-z]{3})-(\d{1,2})")
_SERIAL = re.compile(r"[3-6]\d{4}")
_SERIAL_ZERO = date(1899, 12, 30)  # day 0 of spreadsheet dates, as all spreadsheets count from March 1900 on
_SCIENTIFIC = re.compile(r"[+-]?\d(?:[.,]\d+)?[Ee]\+?\d{1,3}")
_DECIMAL_ID = re.compile(r"(\d+)[.,]0+")
_SSN = re.compile(r"(?!000|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}")
_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)|Err:\d{3}")
_MOJIBAKE = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u2122]")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2}(?:\.0+)?)?(?: ?([AaPp])\.?[Mm]\.?)?")


def clean(cell: str) -> str:
    """Return the text in NFC without control marks, invisible marks and needless spaces.

    Marks that some scripts need (zero-width joiner and non-joiner) stay. An apostrophe that our own download
    puts before a formula sign is taken away again.
    """
    if not cell.isprintable():
        cell = _INVISIBLE.sub("", _CONTROLS.sub(" ", cell))
    if not cell.isascii():
        cell = normalize("NFC", cell)
    text = " ".join(cell.split())
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def escape_formula(cell: str) -> str:
    """Return the cell so that no spreadsheet takes it for a formula; `clean` undoes it."""
    return "'" + cell if _FORMULA.match(cell) else cell


def fold(text: str) -> str:
    """Return the text for comparing: no case, no accents, every run of other signs one space."""
    plain = text.casefold()
    if not plain.isascii():
        parted = normalize("NFKD", plain.replace("đ", "d"))
        plain = "".join(letter for letter in parted if not combining(letter))
    return _NOT_WORD.sub(" ", plain).strip()


def clock(text: str) -> str | None:
    """Return a time of day such as "5:00 AM" or "05:00:00" as "05:00", or None if it is none."""
    match = _CLOCK.fullmatch(text)
    if not match:
        return None
    hour, minute, half = int(match[1]), match[2], (match[3] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02}:{minute}" if hour < 24 and int(minute) < 60 else None


def looks_like_date(text: str) -> bool:
    """Say whether a code has the shape that spreadsheets give to dates (25-Jun, 2026-06-25, 6/25/2026)."""
    return _month_day(text) is not None


def codes_before_date(text: str) -> tuple[str, ...]:
    """Return the codes that a spreadsheet may have turned into this date or day number, such as 6-25."""
    pair = _month_day(text) or _serial_month_day(text)
    if pair is None:
        return ()
    month, day = pair
    both = ((month, day), (day, month))
    return tuple(form % pair for pair in both for form in ("%d-%d", "%02d-%02d", "%d/%d"))


def _month_day(text: str) -> tuple[int, int] | None:
    if match := _ISO_DATE.fullmatch(text):
        pair = int(match[2]), int(match[3])
    elif match := _US_DATE.fullmatch(text):
        pair = int(match[1]), int(match[2])
    elif (match := _DAY_MONTH.fullmatch(text)) and match[2].lower() in _MONTHS:
        pair = _MONTHS.index(match[2].lower()) + 1, int(match[1])
    elif (match := _MONTH_NUMBER.fullmatch(text)) and match[1].lower() in _MONTHS:
        pair = _MONTHS.index(match[1].lower()) + 1, int(match[2])
    else:
        return None
    return pair if min(pair) >= 1 and max(pair) <= 99 else None


def _serial_month_day(text: str) -> tuple[int, int] | None:
    if not _SERIAL.fullmatch(text):
        return None
    day = _SERIAL_ZERO + timedelta(days=int(text))
    return day.month, day.day


def is_scientific(text: str) -> bool:
    """Say whether it is a number like 1.23457E+11, of which digits are lost."""
    return bool(_SCIENTIFIC.fullmatch(text)) and ("+" in text or "." in text or "," in text)


def without_decimal(text: str) -> str | None:
    """Return 4471 for 4471.0, or None where nothing of that kind stands."""
    match = _DECIMAL_ID.fullmatch(text)
    return match[1] if match else None


def is_social_security(text: str) -> bool:
    """Say whether it has the form of a United States Social Security number with its hyphens."""
    return bool(_SSN.fullmatch(text))


def is_error(text: str) -> bool:
    """Say whether a spreadsheet left an error here, such as #N/A."""
    return text[:1] in "#E" and bool(_ERROR.fullmatch(text))


def broken_letters(text: str) -> str | None:
    """Return what damaged letters should be (José for JosÃ©), "" if that is lost, None if they are sound."""
    if text.isascii():
        return None
    if "�" in text:
        return ""
    if not _MOJIBAKE.search(text):
        return None
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return None
