"""What agreements, their standings, gaps and cautions are called on the screen."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commonground.agreements.rules import Caution, Standing, TermsGap
from commonground.agreements.terms import AgreementKind

Words = str | Promise

KINDS: dict[AgreementKind, Words] = {
    AgreementKind.GROUND_RULES: _("Ground rules"),
    AgreementKind.MEMORANDUM: _("Memorandum"),
    AgreementKind.SIDE_LETTER: _("Side letter"),
    AgreementKind.DECISION: _("Joint decision"),
    AgreementKind.PAUSE: _("Pause"),
    AgreementKind.RECONVENE: _("Coming together again"),
}

WHAT_FOR: dict[AgreementKind, Words] = {
    AgreementKind.GROUND_RULES: _(
        "How we treat each other at the table: who speaks, how we listen, what stays in the room."
    ),
    AgreementKind.MEMORANDUM: _("What the parties will do together, such as a monthly meeting in work time."),
    AgreementKind.SIDE_LETTER: _(
        "Belongs to a contract and ends on a day, such as paid hours for champions in a school year."
    ),
    AgreementKind.DECISION: _("One matter that every party says yes to, such as how the money for teams is spent."),
    AgreementKind.PAUSE: _("Stops the common work for a time. It names what goes on and the day we meet again."),
    AgreementKind.RECONVENE: _("Ends a pause and says how we go on."),
}

STANDINGS: dict[Standing, Words] = {
    Standing.IN_FORCE: _("In force"),
    Standing.EXPIRES_SOON: _("Expires soon"),
    Standing.STARTS_LATER: _("Starts later"),
    Standing.WAITING: _("Waiting for keys"),
    Standing.SENT_BACK: _("Sent back"),
    Standing.DRAFTING: _("Draft"),
    Standing.EXPIRED: _("Expired"),
    Standing.ENDED: _("Replaced"),
}
OF_A_PAUSE: dict[Standing, Words] = {Standing.IN_FORCE: _("Now"), Standing.ENDED: _("Over")}
OF_RECONVENING: dict[Standing, Words] = {Standing.IN_FORCE: _("Done")}


def standing_name(kind: AgreementKind, standing: Standing) -> str:
    """Return what a standing of this kind of text is called."""
    own = {AgreementKind.PAUSE: OF_A_PAUSE, AgreementKind.RECONVENE: OF_RECONVENING}.get(kind, {})
    return str(own.get(standing, STANDINGS[standing]))


HEADINGS: dict[str, Words] = {
    "text": _("What we agree"),
    "goes_on": _("What goes on"),
    "waits": _("What waits"),
    "message": _("Our message to all staff"),
}
OF_PAUSES: dict[AgreementKind, Words] = {
    AgreementKind.PAUSE: _("Why we pause"),
    AgreementKind.RECONVENE: _("How we go on"),
}


def heading(kind: AgreementKind, part: str) -> str:
    """Return the heading of a worded part."""
    return str(OF_PAUSES.get(kind, HEADINGS[part]) if part == "text" else HEADINGS[part])


GAPS: dict[TermsGap, Words] = {
    TermsGap.TITLE: _("The title is missing in one language or both."),
    TermsGap.TEXT: _("The text is missing in one language or both."),
    TermsGap.ASKED_BY: _("Say which party asked for the pause."),
    TermsGap.GOES_ON: _("What goes on during the pause is missing in one language or both."),
    TermsGap.WAITS: _("What waits during the pause is missing in one language or both."),
    TermsGap.MEETS_ON: _("The day on which we meet again is missing."),
    TermsGap.MEETS_TOO_EARLY: _("The day on which we meet again must lie ahead."),
    TermsGap.MESSAGE: _("The message to all staff is missing in one language or both."),
    TermsGap.NO_LAST_DAY: _("A side letter needs a last day."),
    TermsGap.LAST_DAY_TOO_EARLY: _("The last day comes before the first."),
    TermsGap.LAST_DAY_OVER: _("The last day has passed already."),
    TermsGap.RANKS: _(
        "The text ranks or punishes single people. The protections in the charter rule that out, so it cannot be "
        "frozen. Speak of teams, or take it out."
    ),
    TermsGap.NOT_ACTIVE: _(
        "Only an active partnership can pause: its charter is in force and it is not paused yet."
    ),
    TermsGap.NOT_PAUSED: _("The partnership is not paused, so there is no pause to end."),
}

CAUTIONS: dict[Caution, Words] = {
    Caution.RANKS: _(
        "This ranks or punishes single people. The protections in the charter rule that out, and the text cannot "
        "be frozen with it."
    ),
    Caution.BARGAIN: _("A link to premiums or co-pays needs bargaining first. It cannot be settled here."),
    Caution.TAXABLE: _(
        "Gift cards and cash cards may be taxable, even small ones. Ask payroll who reports the tax."
    ),
    Caution.HOURS: _(
        "Paid time of hourly workers: the hours must be paid and logged. Say who logs them and where."
    ),
}


def cautions(found: Iterable[Caution]) -> list[str]:
    """Return cautions in sentences."""
    return [str(CAUTIONS[caution]) for caution in found]
