"""What a district already knows: its places, shifts, job classes, units and languages, found by code or name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from commonground.partnership.stafflist.cells import clock, fold

_SUGGESTIONS_SOUGHT = 100  # near misses are looked for in so many different cells, as this is slow
_LIKENESS = 0.7
_CHOICES_SHOWN = 6

# ISO 639-2 to ISO 639-1, for the languages most spoken in school districts of the United States.
_LONG_LANGUAGE_CODES = {
    "eng": "en", "spa": "es", "vie": "vi", "zho": "zh", "chi": "zh", "tgl": "tl", "fil": "tl", "hat": "ht",
    "ara": "ar", "som": "so", "hmn": "hmn", "hye": "hy", "arm": "hy", "pan": "pa", "por": "pt", "kor": "ko",
    "rus": "ru", "fra": "fr", "fre": "fr",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """A code of the district's own list with its names in every language."""

    code: str
    names: tuple[str, ...] = ()


class Vocabulary:
    """A list of terms that finds a cell by code or name, without regard to case, accents and signs.

    What two terms share finds neither: we do not guess.
    """

    def __init__(self, terms: Iterable[Term] = ()) -> None:
        self.terms = tuple(terms)
        self._exact = {term.code: term.code for term in self.terms}
        codes = _unambiguous((fold(term.code), term.code) for term in self.terms)
        names = _unambiguous((fold(name), term.code) for term in self.terms for name in term.names)
        times = _unambiguous((clock(term.code) or "", term.code) for term in self.terms)
        self._folded = {**times, **names, **codes}
        self._unpadded = _unambiguous(
            (term.code.lstrip("0"), term.code) for term in self.terms if term.code.isdecimal()
        )
        self._near: dict[str, tuple[str, ...]] = {}

    def find(self, cell: str) -> str | None:
        """Return the code that a cell means, or None."""
        if cell in self._exact:
            return cell
        return self._folded.get(fold(cell) or "\n") or self._folded.get(clock(cell) or "\n")

    def find_unpadded(self, cell: str) -> str | None:
        """Return the one code of digits that differs from the cell by zeros in front, or None."""
        return self._unpadded.get(cell.lstrip("0") or "\n") if cell.isdecimal() else None

    def near(self, cell: str) -> tuple[str, ...]:
        """Return codes the cell may have meant, or all of a short list, or nothing."""
        if cell not in self._near and len(self._near) < _SUGGESTIONS_SOUGHT:
            close = get_close_matches(fold(cell)[:100], self._folded, n=3, cutoff=_LIKENESS)
            self._near[cell] = tuple(dict.fromkeys(self._folded[each] for each in close))
        return self._near.get(cell) or self.choices

    @property
    def choices(self) -> tuple[str, ...]:
        """All codes, if they are few enough to be listed in a sentence."""
        return tuple(term.code for term in self.terms) if len(self.terms) <= _CHOICES_SHOWN else ()


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return key to code for the keys that mean one code only."""
    found: dict[str, str | None] = {}
    for key, code in pairs:
        found[key] = code if found.get(key, code) == code else None
    return {key: code for key, code in found.items() if key and code is not None}


def language_codes(cell: str) -> Iterable[str]:
    """Yield what a language cell may stand for in short: es for spa, es-MX, es_US."""
    first = cell.replace("_", "-").split("-")[0].casefold()
    return (first, _LONG_LANGUAGE_CODES.get(first, first))


@dataclass(frozen=True, slots=True)
class Known:
    """The lists of a district against which a file is read.

    `shifts_at` holds the shifts of single places by the code of the place; elsewhere `shifts` counts.
    `numbers` are the employee numbers of the present list, which tell whether zeros in front were lost.
    """

    sites: Vocabulary
    job_classes: Vocabulary
    units: Vocabulary
    shifts: Vocabulary = field(default_factory=Vocabulary)
    languages: Vocabulary = field(default_factory=Vocabulary)
    shifts_at: Mapping[str, Vocabulary] = field(default_factory=dict)
    numbers: frozenset[str] = frozenset()
