"""What two decisions on one comment make together, and which themes may be told. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from commonground.screening.kappa import kappa

Span = tuple[int, int]


class Verdict(StrEnum):
    """What a reviewer decides, from the freest to the strictest."""

    PUBLISH = "publish"
    REDACT = "redact"
    PARAPHRASE = "paraphrase"
    THEME = "theme"
    HOLD = "hold"
    NOW = "now"


class Reason(StrEnum):
    """Why a comment is not published as it was written."""

    NAMES = "names"
    TELLS_WHO = "tells_who"
    HEALTH = "health"
    UNKIND = "unkind"
    DANGER = "danger"
    OTHER = "other"


STRICTNESS = list(Verdict)
QUOTED = (Verdict.PUBLISH, Verdict.REDACT, Verdict.PARAPHRASE)


@dataclass(frozen=True)
class Decision:
    """One reviewer's decision: `spans` are the places to be taken out, `themes` the themes by id."""

    verdict: Verdict
    spans: tuple[Span, ...] = ()
    reason: str = ""
    themes: frozenset[str] = frozenset()


Pairs = Sequence[tuple[Decision, Decision]]
"""The decisions of both reviewers on each comment."""


@dataclass(frozen=True)
class Outcome:
    """What becomes of a comment, and what is taken out of it."""

    verdict: Verdict
    spans: tuple[Span, ...] = ()

    @property
    def is_quoted(self) -> bool:
        """Whether words of it are published."""
        return self.verdict in QUOTED


def faults(decision: Decision) -> str:
    """Return why a decision is no decision, as a word, or nothing."""
    if decision.verdict is Verdict.REDACT and not decision.spans:
        return "spans"
    if decision.verdict is not Verdict.PUBLISH and not decision.reason:
        return "reason"
    return ""


def outcome(first: Decision, second: Decision, *, may_quote: bool) -> Outcome:
    """Return what two decisions make together: what both say, otherwise the stricter.

    Places to be taken out are those of either. Without the writer's consent no words are published. A comment that
    needs a person now is held.
    """
    verdict = max(first.verdict, second.verdict, key=STRICTNESS.index)
    if verdict is Verdict.NOW:
        return Outcome(Verdict.HOLD)
    if verdict in QUOTED and not may_quote:
        return Outcome(Verdict.THEME)
    if verdict is Verdict.REDACT:
        return Outcome(verdict, joined([*first.spans, *second.spans]))
    return Outcome(verdict)


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return places in order, those that touch as one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def is_agreed(first: Decision, second: Decision) -> bool:
    """Say whether two decisions were the same one."""
    return first.verdict is second.verdict


@dataclass(frozen=True)
class Told:
    """A theme that may be told: comments in which both found it, and kappa on it; None where not to be told.

    A number is not told where nearly all have the theme. Kappa goes with it, since in half of all ways in which two
    readers can differ it fits one number only.
    """

    theme: str
    mentions: int | None
    kappa: float | None


def themes(pairs: Pairs, known: Iterable[str], least: int) -> list[Told]:
    """Return the themes that both reviewers found in `least` comments or more, most often first.

    A number that leaves fewer than `least` comments, but some, is not told. Held comments count with the rest:
    their themes say nothing of their words.
    """
    told = []
    for theme in known:
        first = [theme in one.themes for one, _other in pairs]
        second = [theme in other.themes for _one, other in pairs]
        both = mentions(pairs, theme)
        if both >= least:
            number = safe_count(both, len(pairs), least)
            told.append(Told(theme, number, None if number is None else round(kappa(first, second), 2)))
    return sorted(told, key=lambda one: (-(one.mentions or len(pairs)), one.theme))


def uncounted(told: Iterable[Told]) -> list[Told]:
    """Return themes without their numbers and in an order without them.

    Where it is not told how many wrote, each number and each kappa would narrow it down.
    """
    return [Told(theme, None, None) for theme in sorted(one.theme for one in told)]


def mentions(pairs: Pairs, theme: str) -> int:
    """Return in how many comments both found a theme."""
    return sum(theme in one.themes and theme in other.themes for one, other in pairs)


def by_list(lists: Sequence[tuple[int, int]], least: int) -> list[int | None]:
    """Return for each list how often a theme is told in it, None where it is not told there.

    `lists` are mentions and comments, ordered by what is given up last. Told is what holds `least` mentions or
    more, and as many without, or none. Of the lists in which it is not told the same is true together, or one more
    is given up, from the end: so that no subtraction from the number of all lists leaves a few.
    """
    told = [found if found >= least and _is_safe(written - found, least) else None for found, written in lists]
    for place in reversed(range(len(lists))):
        if _rest_is_safe(lists, told, least):
            break
        told[place] = None
    return told


def _rest_is_safe(lists: Sequence[tuple[int, int]], told: Sequence[int | None], least: int) -> bool:
    left = [numbers for numbers, said in zip(lists, told, strict=True) if said is None]
    found, written = sum(found for found, _written in left), sum(written for _found, written in left)
    return _is_safe(found, least) and _is_safe(written - found, least)


def _is_safe(people: int, least: int) -> bool:
    return not 0 < people < least


def safe_count(part: int, whole: int, least: int) -> int | None:
    """Return a number of people as it may be told beside the whole: None where it leaves a few, under `least`."""
    return None if 0 < whole - part < least else part


def evened(text: str) -> str:
    """Return the words without what a hand leaves in them: spaces, lines, a missing capital, all capitals."""
    plain = " ".join(text.split())
    letters = [sign for sign in plain if sign.isalpha()]
    if len(letters) > SHOUTED and sum(sign.isupper() for sign in letters) > 0.6 * len(letters):
        plain = plain.lower()
    return plain[:1].upper() + plain[1:]


SHOUTED = 12
"""With more letters than this, words mostly in capitals are written small."""


def quotations(texts: Iterable[str]) -> list[str]:
    """Return the words to be published, evened out, in the order of the alphabet, each once."""
    return sorted({evened(text) for text in texts}, key=lambda text: (text.casefold(), text))
