"""The worker's part of a count that waits for its certificate: it goes on in slices, and releases what is done."""

from commonground.disclosure.certifying import Certifying
from commonground.disclosure.search import NoDecoy
from commonground.kernel.errors import Refused
from commonground.surveys import certification, reopening, tally
from commonground.surveys.certification import Counted
from commonground.surveys.models import ReleaseDraft, SurveyState

SLICE_SECONDS = 5.0
"""How long a count is worked on before what came of it is kept."""
WORK_SECONDS = 45.0
"""How long each minute the worker goes on with counts that wait for their certificate."""


def certify(seconds: float = WORK_SECONDS) -> None:
    """Go on with every count that waits for its certificate, for so many seconds; release what is done.

    Works in slices, each kept, so that it may be killed at any point and goes on from there.
    """
    over = certification.after(seconds)
    for draft in certification.waiting():
        with certification.alone(draft) as alone:
            while alone and not _worked_on(draft) and not over():
                pass


def _worked_on(draft: ReleaseDraft) -> bool:
    """Work on a count for a slice; say whether nothing is left to do."""
    taken = certification.take(draft)
    if taken is None:
        return _done_again(draft)
    counted, work = taken
    try:
        is_done = work.go_on(certification.a_step_and(SLICE_SECONDS))
    except NoDecoy as refusal:
        if draft.survey.state == SurveyState.CLOSED:
            raise
        reopening.refuse(certification.who_counted(draft), draft.survey, refusal, waited=True)
        return True
    if not certification.note(draft, work):
        return True
    return is_done and _released(draft, counted, work)


def _released(draft: ReleaseDraft, counted: Counted, work: Certifying) -> bool:
    try:
        release = tally.release if draft.survey.state == SurveyState.CLOSED else reopening.release
        release(certification.who_counted(draft), draft.survey, counted, work, waited=True)
    except Refused as refusal:
        if refusal.code == "beside":
            _done_again(draft)
    return True


def _done_again(draft: ReleaseDraft) -> bool:
    """Let a count be done again, with all shares, that cannot become a release: its files are gone, or are late."""
    if certification.waits(draft.survey):
        tally.note_void(certification.who_counted(draft), draft.survey_id)
    certification.erase(draft.survey.public_id)
    return True
