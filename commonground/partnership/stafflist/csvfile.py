"""Text tables: which letters, which sign between cells, and the lines."""

import codecs
import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO, TextIOWrapper
from itertools import islice

from commonground.partnership.stafflist.columns import recognised
from commonground.partnership.stafflist.faults import Fault, Kind, Unreadable

_DELIMITERS = (",", ";", "\t")
_MAX_LINE = 200_000  # characters; 200 columns of ordinary cells stay far below
_MAX_LINES_IN_A_RECORD = 10
_SAMPLE_LINES = 40
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

Line = tuple[int, Sequence[str]]


def source(name: str, data: bytes) -> tuple[Callable[[int], Iterator[Line]], list[Fault]]:
    """Return a reader of the lines (it may be called again) and what was noticed about the letters.

    Raises `Unreadable` if this is no text, or text in an encoding that we cannot tell.
    """
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Unreadable(Fault(Kind.EMPTY_FILE, name))
    encoding = _encoding(name, data)
    notes = [Fault(Kind.ENCODING_GUESSED, name)] if encoding == "cp1252" else []
    delimiter = _delimiter(data, encoding)

    def lines(_width: int) -> Iterator[Line]:
        return _lines(name, data, encoding, delimiter)

    return lines, notes


def _encoding(name: str, data: bytes) -> str:
    for candidate in _candidates(data):
        try:
            text = data.decode(candidate)
        except UnicodeDecodeError:
            continue
        if "\x00" in text or text.startswith("%PDF-"):
            raise Unreadable(Fault(Kind.NOT_A_TABLE, name))
        return candidate
    raise Unreadable(Fault(Kind.UNKNOWN_ENCODING, name))


def _candidates(data: bytes) -> list[str]:
    marked = next((encoding for bom, encoding in _BOMS if data.startswith(bom)), None)
    if marked:
        return [marked]
    even, odd = data[0:2000:2].count(0), data[1:2000:2].count(0)
    half = min(len(data), 2000) // 4
    if odd > half > even:
        return ["utf-16-le"]
    if even > half > odd:
        return ["utf-16-be"]
    return ["utf-8", "cp1252"]


def _text(data: bytes, encoding: str) -> TextIOWrapper:
    return TextIOWrapper(BytesIO(data), encoding=encoding, newline="")


def _delimiter(data: bytes, encoding: str) -> str:
    sample = [line[:20_000] for line in islice(_text(data, encoding), _SAMPLE_LINES) if line.strip()]
    hint = sample[0].rstrip("\r\n") if sample else ""
    if hint.lower() in {f"sep={each}" for each in _DELIMITERS}:
        return hint[-1]
    return max(_DELIMITERS, key=lambda each: _fits(sample, each))


def _fits(sample: list[str], delimiter: str) -> tuple[int, float, int]:
    """Return how well a delimiter explains the lines: known headings, share of equal widths, width."""
    try:
        rows = [row for row in csv.reader(sample, delimiter=delimiter) if row]
    except csv.Error:
        return 0, 0.0, 0
    if not rows:
        return 0, 0.0, 0
    width, count = Counter(map(len, rows)).most_common(1)[0]
    headings = max(recognised(row[:250]) for row in rows) if width > 1 else 0
    return headings, count / len(rows) if width > 1 else 0.0, width


def _lines(name: str, data: bytes, encoding: str, delimiter: str) -> Iterator[Line]:
    reader = csv.reader(_bounded(name, _text(data, encoding)), delimiter=delimiter)
    start = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(Fault(Kind.OPEN_QUOTE, name, start)) from error
        if reader.line_num - start >= _MAX_LINES_IN_A_RECORD:
            raise Unreadable(Fault(Kind.OPEN_QUOTE, name, start))
        if not (start == 1 and cells and cells[0].lower() == "sep="):
            yield start, cells
        start = reader.line_num + 1


def _bounded(name: str, text: TextIOWrapper) -> Iterator[str]:
    for number, line in enumerate(text, start=1):
        if len(line) > _MAX_LINE:
            raise Unreadable(Fault(Kind.NOT_A_TABLE, name, number))
        yield line
