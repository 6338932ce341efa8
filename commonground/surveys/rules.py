"""When a survey may be frozen, and what is worth a second look: plain values in, reasons out. No database."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import prod
from uuid import UUID
from zoneinfo import ZoneInfo

from commonground.disclosure.plan import GroupQuestion, NeverShown, TablePlan
from commonground.sealing.levels import Level, Levels, Printed, own_lists
from commonground.surveys.caution import cautions
from commonground.surveys.wording import AIM_EASE, AIM_GRADE, AIM_MINUTES, ease, grade, minutes

MOST_REMINDERS = 5
DAYS_TO_LOOK = 3
"""Days between closing and opening in which everyone can look for the own answer in the list."""
LATEST_RESULTS = 31
"""Days after closing by which results go back to staff."""
LARGEST_CROSS = 250
"""Cells that the crossed groups of one place may have at most, so that every table can be certified."""
MOST_OPTIONS = 40
MOST_GROUPS = 250
REVIEWERS = 2
"""One of each side reads the comments."""
LEAST_KEEPERS = 2
HALF, WRITERS = 0.5, 0.25
"""Who may answer, and who of these may write a comment, for a look ahead."""
FROM_STRUCTURE = frozenset({"site", "job_family", "shift", "language", "unit"})
"""Dimensions whose groups follow from the district's structure and staff list."""


class Gap(StrEnum):
    """What is missing before the survey can be frozen."""

    NO_QUESTIONS = "no_questions"
    EMPTY_PART = "empty_part"
    NO_WORDS = "no_words"
    NO_ENGLISH = "no_english"
    NO_SPANISH = "no_spanish"
    FEW_OPTIONS = "few_options"
    MANY_OPTIONS = "many_options"
    CHANGE_WANTED = "change_wanted"
    NO_HELP_LINES = "no_help_lines"
    NOBODY_ASKED = "nobody_asked"
    NO_WINDOW = "no_window"
    WINDOW_PAST = "window_past"
    WINDOW_BACKWARDS = "window_backwards"
    REMINDER_OUTSIDE = "reminder_outside"
    MANY_REMINDERS = "many_reminders"
    NO_OPENING = "no_opening"
    OPENING_TOO_SOON = "opening_too_soon"
    NO_RESULTS_DAY = "no_results_day"
    RESULTS_TOO_SOON = "results_too_soon"
    RESULTS_BEFORE_CLOSING = "results_before_closing"
    NEVER_SHOWN = "never_shown"
    PAIR_NEVER_SHOWN = "pair_never_shown"
    CROSS_TOO_LARGE = "cross_too_large"
    FEW_KEEPERS = "few_keepers"
    SEAL_NOT_MADE = "seal_not_made"
    NO_COUNTING_KEY = "no_counting_key"
    ONE_REVIEWER = "one_reviewer"
    NO_READING_KEY = "no_reading_key"
    NO_ALERT = "no_alert"
    NO_LEVELS = "no_levels"
    SEAL_NOT_TRIED = "seal_not_tried"
    GROUPS_NOT_KEPT = "groups_not_kept"
    MINIMUM_NOT_KEPT = "minimum_not_kept"


class Advice(StrEnum):
    """What is worth a second look; it stops nobody."""

    LONG = "long"
    HARD = "hard"
    RESULTS_LATE = "results_late"
    TOO_PERSONAL = "too_personal"
    BARGAINED = "bargained"
    OFF_SCOPE = "off_scope"
    HARD_SPANISH = "hard_spanish"
    TOO_SMALL_TO_SHOW = "too_small_to_show"
    TOO_SMALL_TO_CROSS = "too_small_to_cross"
    LIST_INCOMPLETE = "list_incomplete"
    NOBODY_READS = "nobody_reads"


@dataclass(frozen=True)
class Finding:
    """A gap or an advice, what it is about (a place of the draft by name), and the values of its sentence."""

    code: Gap | Advice
    about: str = ""
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Words:
    """One text in both languages."""

    en: str = ""
    es: str = ""


@dataclass(frozen=True)
class Group:
    """One choice of a group question: people on the staff list who belong to it (None: not known), its level.

    `holds` are the names of what was joined in it, `codes` what the staff list calls them. `people` is a hash of
    who is in it: by it two papers tell that a group has the same people, and nothing else.
    """

    words: Words
    roster: int | None = None
    holds: tuple[str, ...] = ()
    level: Words | None = None
    codes: tuple[str, ...] = ()
    people: str = ""


@dataclass(frozen=True)
class Asked:
    """One question of the draft. `groups` are the choices of a group question as the paper will offer them.

    `uncounted` people on the staff list have nothing recorded for the dimension. `fine_by` and `change_wanted_by`
    name the parties that said so of these words.
    """

    id: str
    number: int
    kind: str
    text: Words
    help: Words = Words()
    options: tuple[Words, ...] = ()
    health: bool = False
    dimension: str = ""
    margin: bool = False
    groups: tuple[Group, ...] = ()
    uncounted: int = 0
    fine_by: tuple[str, ...] = ()
    change_wanted_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kept:
    """A group question of the wave before: what it groups by, its words, its choices if people wrote them."""

    key: str
    text: Words
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Crossing:
    """Two crossed group questions by id, and by the staff list how many people are in each cell that holds any."""

    pair: tuple[str, str]
    people: tuple[int, ...]


@dataclass(frozen=True)
class Outlook:
    """What the staff list says of a breakdown before anyone answers; `shown` of its `cells` could be shown.

    `likely` could also where half of the people answer. `joined` names groups made of several, `small` those never
    shown alone.
    """

    cells: int
    shown: int
    likely: int
    joined: tuple[Words, ...] = ()
    small: tuple[Words, ...] = ()


@dataclass(frozen=True)
class ByLevel:
    """Which levels would have a list of comments of their own if half answered and one in four of them wrote.

    What people write in the levels of `rest` is read together.
    """

    own: tuple[Words, ...]
    rest: tuple[Words, ...]


@dataclass(frozen=True)
class Seal:
    """A sealing party: its keepers who still hold a role, whether its key is in and was tried."""

    party: str
    keepers: int
    made: bool
    tried: bool


@dataclass(frozen=True)
class Draft:
    """Everything that a paper is made from. `pairs` name questions by id; `texts` are the required ones by name.

    `reviewers` says of each named reviewer of comments whether the reading key is in, `by_level` whether comments
    are kept by the level of the place.
    """

    texts: dict[str, Words]
    parts: tuple[tuple[Words, int], ...]
    questions: tuple[Asked, ...]
    pairs: tuple[tuple[str, str], ...]
    help_lines: Words
    zone: str
    opens_at: datetime | None
    closes_at: datetime | None
    opening_on: date | None
    results_by: date | None
    minimum: int
    eligible: int
    seals: tuple[Seal, ...]
    has_counting_key: bool
    parties: int = 0
    crossings: tuple[Crossing, ...] = ()
    reminders: tuple[date, ...] = ()
    kept: tuple[Kept, ...] = ()
    kept_minimum: int | None = None
    reviewers: tuple[bool, ...] = ()
    alert: Words = Words()
    by_level: bool = False


def gaps(draft: Draft, now: datetime) -> list[Finding]:
    """Return everything that stands between the draft and its freezing, in the order of the draft."""
    return [
        *_missing_words(draft),
        *_question_gaps(draft),
        *_window_gaps(draft, now),
        *_table_gaps(draft),
        *_series_gaps(draft),
        *_seal_gaps(draft),
        *_reviewer_gaps(draft),
    ]


def _missing_words(draft: Draft) -> Iterator[Finding]:
    for name, words in draft.texts.items():
        if not words.en and not words.es:
            yield Finding(Gap.NO_WORDS, name)
        else:
            yield from _one_language(words, name)
    for position, (title, count) in enumerate(draft.parts, start=1):
        yield from _one_language(title, f"part {position}")
        if not count:
            yield Finding(Gap.EMPTY_PART, f"part {position}", {"part": position})


def _question_gaps(draft: Draft) -> Iterator[Finding]:
    if not draft.questions:
        yield Finding(Gap.NO_QUESTIONS, "questions")
    for question in draft.questions:
        about = f"question {question.number}"
        for words in (question.text, question.help, *question.options):
            yield from _one_language(words, about)
        yield from _option_gaps(question, about)
        if question.change_wanted_by:
            values: dict[str, object] = {"number": question.number, "parties": ", ".join(question.change_wanted_by)}
            yield Finding(Gap.CHANGE_WANTED, about, values)
    if any(question.health for question in draft.questions) and not draft.help_lines.en:
        yield Finding(Gap.NO_HELP_LINES, "help_lines")
    if len(draft.help_lines.en.splitlines()) != len(draft.help_lines.es.splitlines()):
        yield Finding(Gap.NO_SPANISH, "help_lines")


def _one_language(words: Words, about: str) -> Iterator[Finding]:
    if words.en and not words.es:
        yield Finding(Gap.NO_SPANISH, about)
    if words.es and not words.en:
        yield Finding(Gap.NO_ENGLISH, about)


def _option_gaps(question: Asked, about: str) -> Iterator[Finding]:
    if question.kind not in ("one", "several"):
        return
    choices = len(question.groups or question.options)
    most = MOST_GROUPS if question.dimension in FROM_STRUCTURE else MOST_OPTIONS
    values: dict[str, object] = {"number": question.number, "most": most}
    if choices < 2:
        yield Finding(Gap.FEW_OPTIONS, about, values)
    if choices > most:
        yield Finding(Gap.MANY_OPTIONS, about, values)


def _window_gaps(draft: Draft, now: datetime) -> Iterator[Finding]:
    if not draft.eligible:
        yield Finding(Gap.NOBODY_ASKED, "terms")
    if draft.opens_at is None or draft.closes_at is None:
        yield Finding(Gap.NO_WINDOW, "terms")
        return
    if draft.opens_at <= now:
        yield Finding(Gap.WINDOW_PAST, "terms")
    if draft.closes_at <= draft.opens_at:
        yield Finding(Gap.WINDOW_BACKWARDS, "terms")
    opens_on, closes_on = (
        moment.astimezone(ZoneInfo(draft.zone)).date() for moment in (draft.opens_at, draft.closes_at)
    )
    if any(not opens_on < day <= closes_on for day in draft.reminders):
        yield Finding(Gap.REMINDER_OUTSIDE, "terms")
    if len(draft.reminders) > MOST_REMINDERS:
        yield Finding(Gap.MANY_REMINDERS, "terms", {"most": MOST_REMINDERS})
    yield from _dates_after(draft, closes_on)


def _dates_after(draft: Draft, closes_on: date) -> Iterator[Finding]:
    if draft.opening_on is None:
        yield Finding(Gap.NO_OPENING, "terms")
    elif draft.opening_on < closes_on + timedelta(days=DAYS_TO_LOOK):
        yield Finding(Gap.OPENING_TOO_SOON, "terms", {"days": DAYS_TO_LOOK})
    if draft.results_by is None:
        yield Finding(Gap.NO_RESULTS_DAY, "terms")
    elif draft.results_by < closes_on:
        yield Finding(Gap.RESULTS_BEFORE_CLOSING, "terms")
    elif draft.opening_on and draft.results_by < draft.opening_on:
        yield Finding(Gap.RESULTS_TOO_SOON, "terms")


def group_question(question: Asked) -> GroupQuestion:
    """Return a group question as the release gate reads it."""
    return GroupQuestion(
        question.id,
        len(question.groups),
        tuple(group.roster for group in question.groups),
        tuple(group.level.en if group.level else None for group in question.groups),
    )


def may_be_together(question: Asked, together: Sequence[Collection[str]]) -> bool:
    """Say whether lists of codes put whole groups of one level together, each once, and leave two or more."""
    placed = [code for codes in together for code in codes]
    touched = [[group for group in question.groups if set(group.codes) & set(codes)] for codes in together]
    held = [code for groups in touched for group in groups for code in group.codes]
    one_level = all(len({group.level for group in groups}) == 1 for groups in touched)
    left = len(question.groups) - sum(len(groups) - 1 for groups in touched)
    return len(placed) == len(set(placed)) and sorted(placed) == sorted(held) and one_level and left >= 2


def outlook(question: Asked, minimum: int) -> Outlook | None:
    """Return what the staff list says of a breakdown, or None where it does not know how many people are in it."""
    rosters = [group.roster for group in question.groups if group.roster is not None]
    if not rosters or len(rosters) < len(question.groups):
        return None
    joined = tuple(group.words for group in question.groups if len(group.holds) > 1)
    return Outlook(*_reach(rosters, minimum), joined, tuple(_smaller_than(question, minimum)))


def outlook_crossed(crossing: Crossing, minimum: int) -> Outlook:
    """Return what the staff list says of two crossed breakdowns."""
    return Outlook(*_reach(crossing.people, minimum))


def _reach(people: Collection[int], minimum: int) -> tuple[int, int, int]:
    """Return the number of cells, of those with `minimum` people, and of those that keep them if half answer."""
    shown, likely = (sum(count >= least for count in people) for least in (minimum, 2 * minimum))
    return len(people), shown, likely


def inner_cross(draft: Draft) -> int:
    """Return how many cells the crossed group questions other than the site make inside one place."""
    crossed = {name for pair in draft.pairs for name in pair}
    inner = [q for q in draft.questions if q.id in crossed and q.dimension != "site"]
    return prod(max(1, len(question.groups)) for question in inner)


def _table_gaps(draft: Draft) -> Iterator[Finding]:
    for question in draft.questions:
        if question.margin and question.groups and _never_shown(draft, question):
            values: dict[str, object] = {"number": question.number, "minimum": draft.minimum}
            yield Finding(Gap.NEVER_SHOWN, "tables", values)
    yield from _crossings_never_shown(draft)
    if (cells := inner_cross(draft)) > LARGEST_CROSS:
        yield Finding(Gap.CROSS_TOO_LARGE, "tables", {"cells": cells, "most": LARGEST_CROSS})


def _series_gaps(draft: Draft) -> Iterator[Finding]:
    """A later wave keeps the group questions and the minimum of the wave before, or its numbers compare nothing."""
    asked = {_key(question): question for question in draft.questions if question.dimension}
    for kept in draft.kept:
        question = asked.get(kept.key)
        choices = tuple(option.en for option in question.options) if question else ()
        if question is None or (question.dimension not in FROM_STRUCTURE and choices != kept.choices):
            yield Finding(Gap.GROUPS_NOT_KEPT, "tables", {"question": [kept.text]})
    if draft.kept_minimum is not None and draft.minimum != draft.kept_minimum:
        yield Finding(Gap.MINIMUM_NOT_KEPT, "terms", {"minimum": draft.kept_minimum})


def _key(question: Asked) -> str:
    return question.text.en if question.dimension == "other" else question.dimension


def _crossings_never_shown(draft: Draft) -> Iterator[Finding]:
    planned = {frozenset(pair) for pair in draft.pairs}
    for crossing in draft.crossings:
        if frozenset(crossing.pair) in planned and not outlook_crossed(crossing, draft.minimum).shown:
            one, other = (name[1:] for name in crossing.pair)
            values: dict[str, object] = {"one": one, "other": other, "minimum": draft.minimum}
            yield Finding(Gap.PAIR_NEVER_SHOWN, "tables", values)


def _never_shown(draft: Draft, question: Asked) -> bool:
    try:
        TablePlan((), (group_question(question),), (question.id,), (), draft.minimum, draft.eligible)
    except NeverShown:
        return True
    return False


def _seal_gaps(draft: Draft) -> Iterator[Finding]:
    for seal in draft.seals:
        values: dict[str, object] = {"party": seal.party, "least": LEAST_KEEPERS}
        if seal.keepers < LEAST_KEEPERS:
            yield Finding(Gap.FEW_KEEPERS, "seals", values)
        if not seal.made:
            yield Finding(Gap.SEAL_NOT_MADE, "seals", values)
        elif draft.has_counting_key and not seal.tried:
            yield Finding(Gap.SEAL_NOT_TRIED, "seals", values)
    if not draft.has_counting_key and all(seal.made for seal in draft.seals):
        yield Finding(Gap.NO_COUNTING_KEY, "seals")


def reads_comments(draft: Draft) -> bool:
    """Say whether words are asked for and reviewers are named to read them."""
    return bool(draft.reviewers) and asks_words(draft)


def asks_words(draft: Draft) -> bool:
    """Say whether a question asks for own words."""
    return any(question.kind == "text" for question in draft.questions)


def levels_question(draft: Draft) -> Asked | None:
    """Return the question for the place by whose levels comments can be kept: results are shown by it."""
    return next((question for question in draft.questions if question.margin and has_levels(question)), None)


def has_levels(question: Asked) -> bool:
    """Say whether the groups of a question are of two levels or more."""
    return len({group.level.en for group in question.groups if group.level}) > 1


def by_level(question: Asked) -> ByLevel | None:
    """Return what the staff list says of comments by level, or None where it does not know everyone."""
    levels = Levels(question.id, tuple(_levels(question)))
    if any(level.roster is None for level in levels.all):
        return None
    numbers = {level.name: int((level.roster or 0) * HALF) for level in levels.all}
    written = {name: int(number * WRITERS) for name, number in numbers.items()}
    own = own_lists(levels, sum(numbers.values()), Printed(numbers), written)
    names = {level.name: Words(**level.text) for level in levels.all}
    return ByLevel(tuple(names[n] for n in own), tuple(names[n] for n in names if n not in own))


def _levels(question: Asked) -> Iterator[Level]:
    places: dict[str, list[int]] = {}
    for place, group in enumerate(question.groups):
        if group.level:
            places.setdefault(group.level.en, []).append(place)
    for options in places.values():
        held = [question.groups[place] for place in options]
        words = held[0].level or Words()
        rosters = [group.roster for group in held if group.roster is not None]
        roster = sum(rosters) if len(rosters) == len(held) else None
        text = {"en": words.en, "es": words.es}
        yield Level(text, frozenset(options), sum(max(1, len(group.holds)) for group in held), roster)


def _reviewer_gaps(draft: Draft) -> Iterator[Finding]:
    if not reads_comments(draft):
        return
    if len(draft.reviewers) < REVIEWERS:
        yield Finding(Gap.ONE_REVIEWER, "reviewers")
    if not all(draft.reviewers):
        yield Finding(Gap.NO_READING_KEY, "reviewers")
    if not draft.alert.en or not draft.alert.es:
        yield Finding(Gap.NO_ALERT, "reviewers")
    if draft.by_level and levels_question(draft) is None:
        yield Finding(Gap.NO_LEVELS, "tables")


def _comment_advice(draft: Draft) -> Iterator[Finding]:
    if not draft.reviewers and asks_words(draft):
        yield Finding(Advice.NOBODY_READS, "reviewers")


def advice(draft: Draft) -> list[Finding]:
    """Return what is worth a second look, without stopping anybody."""
    return [
        *_wording_advice(draft),
        *_cautions(draft),
        *_results_advice(draft),
        *_roster_advice(draft),
        *_group_advice(draft),
        *_comment_advice(draft),
    ]


def spoken(draft: Draft) -> list[Words]:
    """Return the sentences that people read, for the reading level of either language."""
    options = [words for question in draft.questions for words in question.options]
    return [*draft.texts.values(), *(question.text for question in draft.questions), *options]


def length(draft: Draft) -> float:
    """Return the minutes that answering takes, by the estimate of `wording.minutes`."""
    return minutes(
        (question.kind, " ".join((question.text.en, *(words.en for words in question.options))))
        for question in draft.questions
    )


def _wording_advice(draft: Draft) -> Iterator[Finding]:
    if (long := length(draft)) > AIM_MINUTES:
        yield Finding(Advice.LONG, "questions", {"minutes": round(long), "aim": AIM_MINUTES})
    read = grade(words.en for words in spoken(draft))
    if read is not None and read > AIM_GRADE + 1:
        yield Finding(Advice.HARD, "questions", {"grade": f"{read:.1f}", "aim": AIM_GRADE})
    easy = ease(words.es for words in spoken(draft))
    if easy is not None and easy < AIM_EASE - 5:
        yield Finding(Advice.HARD_SPANISH, "questions", {"ease": round(easy), "aim": AIM_EASE})


def _cautions(draft: Draft) -> Iterator[Finding]:
    for question in draft.questions:
        both = (question.text, question.help, *question.options)
        for why, word in cautions(text for words in both for text in (words.en, words.es)):
            values: dict[str, object] = {"number": question.number, "word": word}
            yield Finding(Advice(why), f"question {question.number}", values)


def _results_advice(draft: Draft) -> Iterator[Finding]:
    if draft.closes_at and draft.results_by:
        latest = draft.closes_at.astimezone(ZoneInfo(draft.zone)).date() + timedelta(days=LATEST_RESULTS)
        if draft.results_by > latest:
            yield Finding(Advice.RESULTS_LATE, "terms", {"days": LATEST_RESULTS})


def _roster_advice(draft: Draft) -> Iterator[Finding]:
    for question in draft.questions:
        if question.margin and question.uncounted:
            values: dict[str, object] = {"number": question.number, "people": question.uncounted}
            yield Finding(Advice.LIST_INCOMPLETE, "tables", values)


def _group_advice(draft: Draft) -> Iterator[Finding]:
    by_id = {question.id: question for question in draft.questions}
    for question in draft.questions:
        small = _smaller_than(question, draft.minimum) if question.margin else []
        if small:
            values: dict[str, object] = {"number": question.number, "groups": small, "minimum": draft.minimum}
            yield Finding(Advice.TOO_SMALL_TO_SHOW, "tables", values)
    for pair in draft.pairs:
        for split, other in (pair, pair[::-1]):
            if small := _smaller_than(by_id[split], 2 * draft.minimum):
                crossed: dict[str, object] = {"groups": small, "other": by_id[other].number}
                yield Finding(Advice.TOO_SMALL_TO_CROSS, "tables", crossed)


def _smaller_than(question: Asked, least: int) -> list[Words]:
    return [group.words for group in question.groups if group.roster is not None and group.roster < least]


def sealing_order_is_right(kinds: list[bool]) -> bool:
    """Say whether parties (True for labor) stand labor first, with labor at least once and management last."""
    return len(kinds) >= 2 and all(kinds[:-1]) and not kinds[-1]


# The opening


def may_open_seal(person: UUID | None, keepers: Collection[UUID], is_own_cochair: bool) -> bool:
    """Say whether a person may open a party's seal: a keeper whom the party named, or its co-chair."""
    return person is not None and (is_own_cochair or person in keepers)


def opens_from(planned: date | None, closed_on: date) -> date:
    """Return the day from which seals come off: the planned one, but never before all had their days to look."""
    earliest = closed_on + timedelta(days=DAYS_TO_LOOK)
    return max(planned, earliest) if planned else earliest


# The hand-over

MINUTES_THERE = 10
"""Minutes without a sign of life after which a witness counts as away; kept up to the next five minutes."""
STEP_OF_REPEATS = 10
"""How many may have answered twice is told in such steps, rounded up, so that it tells of nobody at a table."""


@dataclass(frozen=True)
class Pile:
    """Envelopes: how many came (all printed codes, or those brought to one hand-over), and where they went."""

    came: int
    drawn: int = 0
    cancelled: int = 0
    left: int = 0

    @property
    def inside(self) -> int:
        """Envelopes that should be on the pile still; what is missing among them cannot be known yet."""
        return self.came - self.drawn - self.cancelled

    @property
    def missing(self) -> int:
        """Envelopes of which nobody can say where they are."""
        return self.inside - self.left


def there_until(now: datetime) -> datetime:
    """Return until when somebody who gave a sign of life now counts as there, rounded up to five minutes."""
    late = (now + timedelta(minutes=MINUTES_THERE)).replace(second=0, microsecond=0)
    return late + timedelta(minutes=5 - late.minute % 5)


def both_are_there(sides: Collection[tuple[bool, datetime]], now: datetime) -> bool:
    """Say whether somebody from labor (True) and somebody from management is there, by side and until when."""
    return {is_labor for is_labor, until in sides if until > now} == {True, False}


def may_have_answered_twice(repeats: int, drawn: int) -> int:
    """Return the number of draws by people marked before as it may be told: never less, and at most all draws."""
    return min(drawn, STEP_OF_REPEATS * (repeats // STEP_OF_REPEATS + 1))
