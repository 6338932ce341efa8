"""A count that waits for its certificate: kept so that the worker goes on with it, and so that nobody sees it.

What was counted lies in two files of the data folder, for its owner's eyes alone, in no database and no backup:
what is told less by the certificate was never anywhere else. A count whose files are gone is done again, with the
shares of every party; the sealed list stays until the release is registered.
"""

import fcntl
import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from commonground.access.actor import Actor, Role
from commonground.disclosure.certifying import Certifying
from commonground.keeping import files
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.kernel.text import canonical, sha256
from commonground.sealing.comments import SealedTwice
from commonground.surveys.models import ReleaseDraft, Reopening, Survey, SurveyState

REST, WORK = "rest", "work"
CELLS_A_SECOND = 1500
"""Answers of one group to one question for which a first decoy takes about a second."""

Enough = Callable[[], bool]


@dataclass(frozen=True)
class Counted:
    """What leaves a count besides its tables: the rest of the release, receipts, and comments sealed to reviewers.

    `beside` are the hashes of the releases that left before, with which the tables were judged.
    """

    content: dict[str, Any]
    receipts: tuple[bytes, ...]
    signed: tuple[bytes, ...]
    comments: tuple[SealedTwice, ...]
    beside: tuple[str, ...]

    def to_bytes(self) -> bytes:
        """Return it as it lies in its file; comments lie in the order of their seals, which says nothing."""
        comments = sorted(
            ([c.question, c.may_quote, *(s.hex() for s in c.seals), c.level] for c in self.comments), key=_seal
        )
        return canonical(
            {
                "content": self.content,
                "receipts": [receipt.hex() for receipt in self.receipts],
                "signed": [receipt.hex() for receipt in self.signed],
                "comments": comments,
                "beside": self.beside,
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> "Counted":
        """Return what `to_bytes` gave."""
        kept = json.loads(data)
        return cls(
            kept["content"],
            tuple(map(bytes.fromhex, kept["receipts"])),
            tuple(map(bytes.fromhex, kept["signed"])),
            tuple(
                SealedTwice(c[0], c[1], (bytes.fromhex(c[2]), bytes.fromhex(c[3])), c[4]) for c in kept["comments"]
            ),
            tuple(kept["beside"]),
        )


def _seal(comment: list[Any]) -> str:
    return str(comment[2])


def beside(releases: Iterable[str]) -> tuple[str, ...]:
    """Return the hashes of releases, in their order."""
    return tuple(sha256(text.encode()) for text in releases)


# While it waits


def waits(survey: Survey) -> bool:
    """Say whether the survey is counted and its certificate is still being made."""
    return of(survey) is not None


def of(survey: Survey) -> ReleaseDraft | None:
    """Return what waits of a survey, or None."""
    return ReleaseDraft.rows.within(survey.partnership_id).filter(survey=survey).first()


def require_none(tenant: UUID) -> None:
    """Refuse where a count of the district waits: what is judged beside all that left has to wait for it."""
    if ReleaseDraft.rows.within(tenant).exists():
        words = _(
            "The answers to a survey are counted, and the computer still looks for other answers that print the "
            "same numbers. Please come back when it is done. Nothing was changed."
        )
        raise Refused(words, "certifying")


def keep(actor: Actor, survey: Survey, counted: Counted, work: Certifying) -> ReleaseDraft:
    """Keep a count until its certificate is made. Called inside the counting act."""
    reached, goals = work.progress
    draft = ReleaseDraft(
        partnership_id=actor.tenant,
        survey=survey,
        person=actor.person_id,
        party_id=actor.party_id,
        roles=sorted(actor.roles),
        reached=reached,
        goals=goals,
        counted_at=time.now(),
    )
    draft.save(force_insert=True)
    _put(survey, REST, counted.to_bytes())
    _put(survey, WORK, work.to_bytes())
    return draft


def who_counted(draft: ReleaseDraft) -> Actor:
    """Return whoever counted, with the roles of that moment: the act was theirs then, and is finished for them."""
    return Actor(
        person_id=draft.person,
        partnership_id=draft.partnership_id,
        party_id=draft.party_id,
        is_labor=draft.party is not None and draft.party.is_labor,
        roles=frozenset(map(Role, draft.roles)),
    )


def waiting() -> list[ReleaseDraft]:
    """Return every count that waits, the oldest first."""
    rows = ReleaseDraft.rows.across_all(reason="a job serves all districts")
    return list(rows.select_related("survey", "party").order_by("counted_at"))


# The work


def soon(work: Certifying, seconds: float) -> bool:
    """Work for so many seconds; say whether the certificate is made. A release too large for them is not begun."""
    cells, questions = len(work.document["cells"]), len(work.document["questions"])
    return cells * questions <= CELLS_A_SECOND * seconds and work.go_on(a_step_and(seconds))


def after(seconds: float) -> Enough:
    """Return what says that so many seconds are over."""
    end = monotonic() + seconds
    return lambda: monotonic() >= end


def a_step_and(seconds: float) -> Enough:
    """Return what says so of a slice of work: never when first asked, so that each slice comes further."""
    over, begins = after(seconds), iter([True])
    return lambda: not next(begins, False) and over()


@contextmanager
def alone(draft: ReleaseDraft) -> Iterator[bool]:
    """Keep other workers away from a count; say whether this one is alone with it."""
    try:
        file = _path(draft.survey, REST).open("rb")
    except FileNotFoundError:
        yield True
        return
    with file:
        yield _is_locked(file)


def _is_locked(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def take(draft: ReleaseDraft) -> tuple[Counted, Certifying] | None:
    """Return what was counted and how far its certificate is; None where the files are gone."""
    try:
        rest, work = (_path(draft.survey, part).read_bytes() for part in (REST, WORK))
    except FileNotFoundError:
        return None
    return Counted.from_bytes(rest), Certifying.from_bytes(work)


def note(draft: ReleaseDraft, work: Certifying) -> bool:
    """Keep how far the work is; False where the count was ended meanwhile."""
    reached, goals = work.progress
    rows = ReleaseDraft.rows.within(draft.partnership_id).filter(pk=draft.pk)
    if not rows.update(reached=reached, goals=goals):
        return False
    _put(draft.survey, WORK, work.to_bytes())
    return True


# Its end


def end(survey: Survey) -> None:
    """Let a count wait no more. Called inside the act that ends it; `clear_away` erases its files."""
    ReleaseDraft.rows.within(survey.partnership_id).filter(survey=survey).delete()


def clear_away() -> None:
    """Erase the files of every count that waits no more; one that is done again writes its own over them."""
    kept = {path.stem for path in _folder().glob("*.*")}
    if kept:
        for survey in kept - _may_be_counted(kept):
            erase(survey)


def _may_be_counted(surveys: Collection[str]) -> set[str]:
    """Return those that are being opened, for the first time or anew."""
    why = "a job serves all districts"
    closed = Survey.rows.across_all(reason=why).filter(state=SurveyState.CLOSED, public_id__in=surveys)
    anew = Reopening.rows.across_all(reason=why).filter(ended_at=None, survey__public_id__in=surveys)
    names = (*closed.values_list("public_id", flat=True), *anew.values_list("survey__public_id", flat=True))
    return set(names)


def erase(survey: str) -> None:
    """Erase the files of a survey's count, if there are any."""
    for path in _folder().glob(f"{survey}.*"):
        with suppress(FileNotFoundError):
            files.erase(path)


def _put(survey: Survey, part: str, data: bytes) -> None:
    """Write a file in the place of the one before; a crash leaves the old one or the new one."""
    path = _path(survey, part)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{part}-new")
    fresh.unlink(missing_ok=True)
    with files.new(fresh) as file:
        file.write(data)
    if path.exists():
        files.replace(path, fresh)
    else:
        os.replace(fresh, path)


def _path(survey: Survey, part: str) -> Path:
    return _folder() / f"{survey.public_id}.{part}"


def _folder() -> Path:
    folder: Path = settings.ENVIRONMENT.folder / "uncertified"
    return folder
