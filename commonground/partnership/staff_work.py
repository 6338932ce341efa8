"""The worker's side of large staff lists: reads them, brings them in, and says in words where it could not."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from commonground.access.actor import operator
from commonground.kernel import time
from commonground.kernel.errors import Refused
from commonground.partnership import queries, staff, uploads
from commonground.partnership.models import ImportStage, StaffImport
from commonground.partnership.stafflist.columns import Field

PATIENCE = timedelta(hours=1)
"""After so long a list that is neither read nor brought in is given up; its worker was stopped."""
UNDECIDED = timedelta(days=30)
"""After so long a list that was read and that nobody decided on is left, with the names in it."""

_AFTERWARDS = {ImportStage.QUEUED: ImportStage.REFUSED, ImportStage.CARRYING: ImportStage.READ}
"""What a list becomes when the work on it did not succeed."""


def read(import_id: UUID) -> None:
    """Read a list that was sent; what came of it stands on its page. May be repeated."""
    waiting = _row(import_id)
    found = uploads.take(waiting.pk)
    if waiting.stage == ImportStage.QUEUED and found is not None:
        _in_words(waiting, lambda: _read(waiting, *found))


def _read(waiting: StaffImport, data: bytes, roles: bytes) -> None:
    assert waiting.started_by is not None
    actor = queries.actor_of(waiting.started_by, waiting.partnership_id)
    seen = staff.look_at(actor.tenant, waiting.file_name, data, _asked(waiting, roles), tell=_telling(waiting))
    staff.keep(actor, waiting, seen)


def _asked(waiting: StaffImport, roles: bytes) -> staff.Asked:
    mapping, given = waiting.asked["mapping"], waiting.asked["given"]
    return staff.Asked(
        None if mapping is None else {Field(name): index for name, index in mapping.items()},
        {Field(name): value for name, value in given.items()},
        roles,
    )


def _telling(waiting: StaffImport) -> staff.Tell:
    rows = StaffImport.rows.within(waiting.partnership_id).filter(pk=waiting.pk)

    def tell(lines: int) -> None:
        if not rows.filter(stage=ImportStage.QUEUED).update(lines_read=lines, moved_at=time.now()):
            raise Refused(_("This list was left meanwhile. Nothing was changed."), code="left")

    return tell


def carry_out(import_id: UUID) -> None:
    """Bring a list in for the person who decided it; what came of it stands on its page. May be repeated."""
    waiting = _row(import_id)
    if waiting.stage == ImportStage.CARRYING:
        _in_words(waiting, lambda: _carry_out(waiting))


def _carry_out(waiting: StaffImport) -> None:
    assert waiting.decided_by is not None
    staff.carry_out(queries.actor_of(waiting.decided_by, waiting.partnership_id), waiting.pk)


def _in_words(waiting: StaffImport, work: Callable[[], None]) -> None:
    """Do the work in the language of who asked for it; where it fails, write why on the list's page."""
    otherwise = _AFTERWARDS[ImportStage(waiting.stage)]
    with override(waiting.language):
        try:
            work()
        except Refused as refusal:
            _give_back(waiting, otherwise, str(refusal.message))
        except Exception as fault:  # the queue keeps its words in clear, and they may quote a cell
            _give_back(waiting, otherwise, _stopped())
            raise RuntimeError(type(fault).__name__) from None


def _stopped() -> str:
    return _("The work stopped before its end. Nothing was changed.")


def _give_back(waiting: StaffImport, stage: ImportStage, words: str) -> None:
    rows = StaffImport.rows.within(waiting.partnership_id).filter(pk=waiting.pk, decided_at=None)
    rows.update(stage=stage, refusal=words)


def tick() -> None:
    """Give up lists whose worker was stopped, and leave those that nobody decided on: no file and no name stays."""
    rows = StaffImport.rows.across_all(reason="a job serves all districts")
    for waiting in rows.filter(stage=ImportStage.READ, decided_at=None, moved_at__lt=time.now() - UNDECIDED):
        staff.leave(operator(waiting.partnership_id), waiting.pk)
    stuck = rows.filter(stage__in=_AFTERWARDS, moved_at__lt=time.now() - PATIENCE)
    for waiting in stuck:
        uploads.erase(waiting.pk)
        with override(waiting.language):
            _give_back(waiting, _AFTERWARDS[ImportStage(waiting.stage)], _stopped())


def _row(import_id: UUID) -> StaffImport:
    return StaffImport.rows.across_all(reason="a job is given the list alone").get(pk=import_id)
