"""Where a survey stands, in words: one sentence for path and headline, its days and its count for the list."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commonground.home.facts import Asked, Facts, Stage

STEP_WHILE_OPEN = 25
"""The count of an open survey moves in steps of so many answers, so that nobody can be seen to arrive."""

MOST_URGENT = (
    Stage.STOPPED,
    Stage.OVER,
    Stage.OPENING,
    Stage.COUNTING,
    Stage.OPEN,
    Stage.CERTIFYING,
    Stage.LOOKING,
    Stage.WAITING,
    Stage.LAUNCHED,
    Stage.DRAFTING,
)


def in_hand(facts: Facts) -> Asked | None:
    """Return the survey that asks most for attention; one that waits for our key before all, then the newest."""
    running = [survey for survey in facts.surveys if not survey.is_done]
    ours = [survey for survey in running if survey.paper and survey.paper.ours]
    return min(ours or running, key=lambda survey: MOST_URGENT.index(survey.stage), default=None)


SAYINGS = {
    Stage.DRAFTING: gettext_lazy("“%(title)s” is being written."),
    Stage.WAITING: gettext_lazy("“%(title)s” waits for the key of %(missing)s."),
    Stage.LAUNCHED: gettext_lazy("“%(title)s” opens on %(opens)s."),
    Stage.OPEN: gettext_lazy("“%(title)s” is open until %(closes)s."),
    Stage.OVER: gettext_lazy("The time for answering “%(title)s” is over. Closing comes next."),
    Stage.LOOKING: gettext_lazy("“%(title)s” is closed. Its seals come off from %(seals)s on."),
    Stage.OPENING: gettext_lazy("“%(title)s” is being opened. The seal of %(party)s comes off next."),
    Stage.STOPPED: gettext_lazy("The opening of “%(title)s” stands still until every party agrees to go on."),
    Stage.COUNTING: gettext_lazy("Every seal of “%(title)s” is off. Counting it together comes next."),
    Stage.CERTIFYING: gettext_lazy(
        "“%(title)s” is counted. Now the computer looks for other answers that would print the same numbers: "
        "%(reached)s of %(goals)s groups done. Nobody sees a number before that is finished."
    ),
    Stage.COUNTED: gettext_lazy("“%(title)s” is counted."),
    Stage.DESTROYED: gettext_lazy("The answers to “%(title)s” are destroyed, as agreed."),
}


def survey_words(survey: Asked, facts: Facts) -> str:
    """Say in one or two sentences where a survey stands."""
    day = facts.calendar.day
    return SAYINGS[survey.stage] % {
        "title": survey.title,
        "missing": ", ".join(survey.paper.missing) if survey.paper else "",
        "opens": day(survey.opens_at) if survey.opens_at else "",
        "closes": day(survey.closes_at) if survey.closes_at else "",
        "seals": day(survey.seals_open_on) if survey.seals_open_on else "",
        "party": survey.next_seal.party if survey.next_seal else "",
        "reached": f"{survey.certified[0]:,}",
        "goals": f"{survey.certified[1]:,}",
    }


STAGES = {
    Stage.DRAFTING: gettext_lazy("Draft"),
    Stage.WAITING: gettext_lazy("Waiting for keys"),
    Stage.LAUNCHED: gettext_lazy("Signed by all"),
    Stage.OPEN: gettext_lazy("Open"),
    Stage.OVER: gettext_lazy("Ready to close"),
    Stage.LOOKING: gettext_lazy("Closed"),
    Stage.OPENING: gettext_lazy("Being opened"),
    Stage.STOPPED: gettext_lazy("Stands still"),
    Stage.COUNTING: gettext_lazy("Ready to count"),
    Stage.CERTIFYING: gettext_lazy("Counted, results to come"),
}


def survey_dates(survey: Asked, facts: Facts) -> str:
    """Say what is known of a survey's days: when it was saved, when it is open, when its seals come off."""
    day = facts.calendar.day
    if survey.stage is Stage.DRAFTING and survey.saved_at:
        words = ngettext(
            "%(n)s question. Saved on %(day)s.", "%(n)s questions. Saved on %(day)s.", survey.questions
        )
        return words % {"n": survey.questions, "day": day(survey.saved_at)}
    if survey.stage is Stage.WAITING and survey.paper:
        return _("Waits for the key of %(missing)s.") % {"missing": ", ".join(survey.paper.missing)}
    if survey.stage is Stage.OPENING and survey.next_seal:
        return _("The seal of %(party)s comes off next.") % {"party": survey.next_seal.party}
    if survey.seals_open_on and survey.closed_at:
        words = _("Closed on %(closed)s. Seals come off from %(seals)s on.")
        return words % {"closed": day(survey.closed_at), "seals": day(survey.seals_open_on)}
    if survey.opens_at and survey.closes_at:
        words = _("From %(opens)s to %(closes)s.")
        return words % {"opens": day(survey.opens_at), "closes": day(survey.closes_at)}
    return ""


def survey_count(survey: Asked, facts: Facts) -> str:
    """Say the one number there is while a survey is open: that of the whole district, on the day it was taken."""
    if survey.answers is None or survey.answers_on is None:
        return _("Answers are first counted on the day after it opens.")
    if survey.answers < STEP_WHILE_OPEN:
        words = _("Fewer than %(step)s answers on %(day)s.")
    else:
        words = _("%(n)s answers or more on %(day)s, counted in steps of %(step)s.")
    return words % {
        "n": f"{survey.answers:,}",
        "step": STEP_WHILE_OPEN,
        "day": facts.calendar.day(survey.answers_on),
    }
