"""What a charter or an agreement needs before it is frozen, where an agreement stands, what to be careful about.

No database.
"""

import re
from collections.abc import Iterator, Mapping, Set
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from commonground.agreements.contents import Contents
from commonground.agreements.terms import AgreementKind, Terms


class Gap(StrEnum):
    """What is still missing in a charter."""

    PURPOSE = "purpose"
    STUDENTS = "students"
    RECONVENE = "reconvene"
    PROTECTION = "protection"
    NO_RIGHTS = "no_rights"
    RIGHT = "right"
    KEY_HOLDERS = "key_holders"
    NOT_A_MEMBER = "not_a_member"


def gaps(contents: Contents, members: Mapping[UUID, Set[UUID]]) -> Iterator[Gap]:
    """Yield what is missing; `members` holds by party the people who may be named as its key holders."""
    for gap, words in (
        (Gap.PURPOSE, contents.purpose),
        (Gap.STUDENTS, contents.students),
        (Gap.RECONVENE, contents.reconvene),
    ):
        if not words.whole:
            yield gap
    if not all(words.whole for words in contents.protections):
        yield Gap.PROTECTION
    if not contents.rights:
        yield Gap.NO_RIGHTS
    if not all(right.matter.whole for right in contents.rights):
        yield Gap.RIGHT
    yield from _gaps_of_holders(contents, members)


def _gaps_of_holders(contents: Contents, members: Mapping[UUID, Set[UUID]]) -> Iterator[Gap]:
    named = [contents.holders.get(party) for party in members]
    if not all(holders and holders.first and holders.alternates for holders in named):
        yield Gap.KEY_HOLDERS
    for party, holders in contents.holders.items():
        if not members.get(party, frozenset()) >= {*holders.first, *holders.alternates}:
            yield Gap.NOT_A_MEMBER
            return


# Agreements: what is missing


class TermsGap(StrEnum):
    """What is missing in an agreement, or stands in its way; the worded parts have the names of the parts."""

    TITLE = "title"
    TEXT = "text"
    ASKED_BY = "asked_by"
    GOES_ON = "goes_on"
    WAITS = "waits"
    MEETS_ON = "meets_on"
    MEETS_TOO_EARLY = "meets_too_early"
    MESSAGE = "message"
    NO_LAST_DAY = "no_last_day"
    LAST_DAY_TOO_EARLY = "last_day_too_early"
    LAST_DAY_OVER = "last_day_over"
    RANKS = "ranks"
    NOT_ACTIVE = "not_active"
    NOT_PAUSED = "not_paused"


def terms_gaps(terms: Terms, today: date, *, active: bool, paused: bool) -> Iterator[TermsGap]:
    """Yield what is missing; `active` and `paused` say where the partnership itself stands."""
    for part, words in terms.words:
        if not words.whole:
            yield TermsGap(part)
    yield from _gaps_of_days(terms, today)
    if terms.kind is AgreementKind.PAUSE and not active:
        yield TermsGap.NOT_ACTIVE
    if terms.kind is AgreementKind.RECONVENE and not paused:
        yield TermsGap.NOT_PAUSED
    if Caution.RANKS in cautions_of(terms):
        yield TermsGap.RANKS


def _gaps_of_days(terms: Terms, today: date) -> Iterator[TermsGap]:
    if terms.kind is AgreementKind.PAUSE:
        if terms.asked_by is None:
            yield TermsGap.ASKED_BY
        if terms.meets_on is None:
            yield TermsGap.MEETS_ON
        elif terms.meets_on <= today:
            yield TermsGap.MEETS_TOO_EARLY
    if terms.kind is AgreementKind.SIDE_LETTER and terms.expires_on is None:
        yield TermsGap.NO_LAST_DAY
    if terms.expires_on is not None:
        if terms.effective_on and terms.expires_on < terms.effective_on:
            yield TermsGap.LAST_DAY_TOO_EARLY
        if terms.expires_on < today:
            yield TermsGap.LAST_DAY_OVER


# Agreements: where they stand


def last_day(expires_on: date | None, ended_on: date | None) -> date | None:
    """Return the day on which an agreement ends, if there is one: by its own words or by what replaces it."""
    return min((day for day in (expires_on, ended_on) if day), default=None)


class Stored(StrEnum):
    """What a row remembers: who acted last. What a calendar adds is worked out by `standing`."""

    DRAFTING = "drafting"
    WAITING = "waiting"
    SENT_BACK = "sent_back"
    IN_FORCE = "in_force"
    ENDED = "ended"


WRITABLE = (Stored.DRAFTING, Stored.SENT_BACK)
"""States in which the words may change."""


class Standing(StrEnum):
    """Where an agreement stands on a day."""

    IN_FORCE = "in_force"
    EXPIRES_SOON = "expires_soon"
    STARTS_LATER = "starts_later"
    WAITING = "waiting"
    SENT_BACK = "sent_back"
    DRAFTING = "drafting"
    EXPIRED = "expired"
    ENDED = "ended"


HOLDS = (Standing.IN_FORCE, Standing.EXPIRES_SOON)
"""Standings in which an agreement binds."""

SOON = timedelta(days=60)
"""An agreement expires soon when its last day is no further away than this."""


def standing(
    stored: str, effective_on: date | None, expires_on: date | None, ended_on: date | None, today: date
) -> Standing:
    """Return where an agreement stands today; it holds to the end of its last day.

    One that a renewal replaces holds until the day on which the renewal begins.
    """
    if stored == Stored.ENDED and ended_on and ended_on > today:
        stored, expires_on = Stored.IN_FORCE, last_day(expires_on, ended_on)
    if stored != Stored.IN_FORCE:
        return Standing(stored)
    if expires_on and expires_on < today:
        return Standing.EXPIRED
    if effective_on and effective_on > today:
        return Standing.STARTS_LATER
    return Standing.EXPIRES_SOON if expires_on and expires_on - today <= SOON else Standing.IN_FORCE


# Cautions: words that have brought joint texts into trouble


class Caution(StrEnum):
    """What to be careful about in a text; one that ranks or punishes people is refused."""

    RANKS = "ranks"
    BARGAIN = "bargain"
    TAXABLE = "taxable"
    HOURS = "hours"


_PEOPLE = (
    r"(?:staff|people|persons?|employees?|members?|workers?|individuals?|participants?|everyone|teachers?|drivers?"
    r"|aides?|cooks?|custodians?|champions?)"
)
_PERSONAS = (
    r"(?:personal|personas?|emplead[oa]s?|miembros?|trabajador(?:es|as?)?|participantes?|docentes?|maestr[oa]s?"
    r"|conductor(?:es|as?)?|conserjes?|promotor(?:es|as?)?)"
)
_GAP = r"(?:[^\W\d_]+\s+){0,3}"
_THE = r"(?:(?:of|the|all|each|every|our|single|individual)\s+){0,4}"
_LOS = r"(?:a|al)\s+(?:(?:el|la|los|las|tod[oa]s?|cada|nuestr[oa]s?)\s+){0,3}"
_SIGNS: dict[Caution, tuple[str, ...]] = {
    Caution.RANKS: (
        rf"\brank(?:s|ed|ing|ings)?\s+{_THE}{_PEOPLE}\b",
        rf"\b{_PEOPLE}\s+{_GAP}(?:are|is|be|been|get|gets)\s+(?:[^\W\d_]+\s+)?ranked\b",
        r"\bindividual(?:ly)?\s+(?:rank\w*|scores?|standings?|leaderboards?)",
        r"(?<!team )\bleaderboards?\b",
        r"\bpenal(?:ty|ties|i[sz]e[sd]?|i[sz]ing)\b",
        r"\bpunish\w*",
        r"\bdisciplinary\s+(?:action|measure|step)s?",
        r"\blos(?:e|es|ing)\s+(?:pay|leave|sick\s+days?|a\s+day.s\s+pay)\b",
        rf"\bclasific(?:a|an|ar|amos|ar[aá]n?|aremos)\s+{_LOS}{_PERSONAS}\b",
        rf"\branking\s+{_GAP}{_PERSONAS}\b",
        r"\b(?:clasificaci[oó]n|puntuaci[oó]n|puntaje|ranking)(?:es)?\s+individual(?:es)?",
        rf"\b{_PERSONAS}\s+{_GAP}(?:es|son|ser|sea|sean|ser[aá]n?)\s+clasificad[oa]s?\b",
        r"\bsanci(?:[oó]n|ones)\b|\bsancion(?:a|an|ar|ará|arán|ad[oa]s?)\b",
        r"\bmultas?\b|\bcastig\w+|\bpenaliza\w*|\bmedidas?\s+disciplinarias?",
    ),
    Caution.BARGAIN: (
        r"\bpremiums?\b",
        r"\bco-?\s?pay(?:s|ments?)?\b",
        r"\bdeductibles?\b",
        r"\bprimas\b|\bprima\s+(?:del?|de\s+la)\s+(?:seguro|salud|plan)",
        r"\bcopagos?\b",
        r"\bdeducibles?\b",
    ),
    Caution.TAXABLE: (
        r"\b(?:gift|cash|prepaid|debit)[\s-]+cards?\b",
        r"\bgift\s+certificates?\b",
        r"\bcash\s+(?:prizes?|awards?|bonus(?:es)?|gifts?)\b",
        r"\bcards?\s+(?:of|worth|for|with|over)\s+\$\s?\d",
        r"\$\s?\d[\d.,]*\s+(?:[\w-]+\s+){0,2}cards?\b",
        r"\btarjetas?\s+(?:de\s+)?(?:regalo|efectivo|prepago|prepagadas?|d[eé]bito)",
        r"\btarjetas?\s+(?:[\w-]+\s+){0,4}(?:\$\s?\d|\d+\s+d[oó]lares)",
        r"\bvales?\s+de\s+(?:regalo|compra|despensa)|\bcertificados?\s+de\s+regalo",
        r"\b(?:premios?|bonos?|regalos?|dinero)\s+en\s+efectivo",
    ),
    Caution.HOURS: (
        r"\bhourly\b",
        r"\bpaid\s+(?:time|hours?|release)\b",
        r"\b(?:release|lost)\s+time\b",
        r"\bhours?\s+(?:are|is|will\s+be|must\s+be)\s+paid\b",
        r"\btiempo\s+(?:pagado|remunerado|liberado)",
        r"\bhoras?\s+(?:se\s+pagan|(?:son\s+|est[aá]n\s+)?(?:pagadas?|remuneradas?))",
        rf"\b(?:pagad[oa]s?|contratad[oa]s?|{_PERSONAS})\s+{_GAP}por\s+horas?\b",
    ),
}
_FOUND = {caution: [re.compile(sign, re.IGNORECASE) for sign in signs] for caution, signs in _SIGNS.items()}
_NEAR = re.compile(r"\b(?:no|not|never|nunca|jam[aá]s)\s+(?:[^\W\d_]+\s+)?$", re.IGNORECASE)
_FAR = re.compile(
    r"\b(?:nobody|nothing|none|without|nor|neither|nadie|nada|sin|ni|ning[uú]n|ninguna|tampoco)\s+"
    r"(?:[^\W\d_]+,?\s+){0,3}$|^\s*no\s+(?:[^\W\d_]+\s+){0,3}$",
    re.IGNORECASE,
)
_WITHIN = re.compile(r"\s(?:not|never|no|nunca|jam[aá]s)\s", re.IGNORECASE)


def cautions(text: str) -> list[Caution]:
    """Return what to be careful about in a text in English or Spanish, the gravest first.

    Words that deny are heard where they stand close by: "nobody is ranked" and "sin sanciones" raise nothing.
    """
    return [caution for caution, signs in _FOUND.items() if any(_raised(caution, s, text) for s in signs)]


def _raised(caution: Caution, sign: re.Pattern[str], text: str) -> bool:
    if caution is not Caution.RANKS:
        return sign.search(text) is not None
    sentences = re.split(r"[.;:\n]", text)
    return any(not _denied(found) for sentence in sentences for found in sign.finditer(sentence))


def _denied(found: re.Match[str]) -> bool:
    before = found.string[: found.start()]
    return bool(_NEAR.search(before) or _FAR.search(before) or _WITHIN.search(found[0]))


def cautions_of(terms: Terms) -> list[Caution]:
    """Return what to be careful about in any worded part of an agreement, in either language."""
    return cautions("\n".join(words for _part, both in terms.words for words in (both.en, both.es)))
