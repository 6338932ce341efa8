"""The draft of an agreement as a form: the parts that its kind has, both languages side by side."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.agreements import sayings
from commonground.agreements.contents import Both
from commonground.agreements.forms import LONG
from commonground.agreements.terms import DATES, PARTS, WORDS, AgreementKind, Terms
from commonground.partnership.queries import PartyCard

DAY_LABELS = {
    "effective_on": _("Holds from"),
    "expires_on": _("Last day"),
    "meets_on": _("We meet again on"),
    "needed_by": _("The keys are needed by"),
}
DAY_HELP = {
    "effective_on": _("Left empty, it holds from the day of the last key."),
    "expires_on": _("The last day on which it holds. Well before it, this place reminds every party."),
    "meets_on": _("Agreed before we stop, so that the pause has an end."),
}
SHORT = 160
ROWS = {"text": 10, "goes_on": 4, "waits": 4, "message": 6}


def _words(part: str, label: Any, language: str) -> forms.CharField:
    if part == "title":
        short = forms.TextInput(attrs={"lang": language})
        return forms.CharField(label=label, widget=short, max_length=SHORT, required=False)
    area = forms.Textarea(attrs={"rows": ROWS[part], "lang": language})
    return forms.CharField(label=label, widget=area, max_length=LONG, required=False)


def _day(name: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    help_text = DAY_HELP.get(name, "")
    return forms.DateField(label=DAY_LABELS[name], help_text=help_text, required=False, widget=widget)


class AgreementForm(forms.Form):
    """The parts of a kind of agreement. A draft may be unfinished, so nothing is required."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, typed: Any = None, *, kind: AgreementKind, parties: list[PartyCard], **kwargs: Any) -> None:
        super().__init__(typed, **kwargs)
        self.kind = kind
        for part in (part for part in WORDS if part in PARTS[kind]):
            self.fields[f"{part}_en"] = _words(part, _("English"), "en")
            self.fields[f"{part}_es"] = _words(part, _("Spanish"), "es")
        if "asked_by" in PARTS[kind]:
            names = [("", _("choose")), *((str(party.id), party.name) for party in parties)]
            self.fields["asked_by"] = forms.ChoiceField(label=_("Asked for by"), choices=names, required=False)
        for name in (*(day for day in DATES if day in PARTS[kind]), "needed_by"):
            self.fields[name] = _day(name)

    @property
    def worded(self) -> list[tuple[str, str, forms.BoundField, forms.BoundField]]:
        """The worded parts after the title: name, heading, and the fields of both languages."""
        parts = [part for part in WORDS[1:] if part in PARTS[self.kind]]
        return [(part, sayings.heading(self.kind, part), self[f"{part}_en"], self[f"{part}_es"]) for part in parts]

    @property
    def days(self) -> list[forms.BoundField]:
        """The fields of days and of the party that asked."""
        return [self[name] for name in ("asked_by", *DATES) if name in PARTS[self.kind]]

    def terms(self) -> Terms:
        """Return what was typed."""
        given = self.cleaned_data
        worded = [part for part in WORDS if part in PARTS[self.kind]]
        parts: dict[str, Any] = {part: Both(given[f"{part}_en"], given[f"{part}_es"]) for part in worded}
        parts |= {name: given.get(name) for name in DATES}
        asked_by = given.get("asked_by")
        return Terms(self.kind, asked_by=UUID(asked_by) if asked_by else None, **parts)


def initial(terms: Terms, revision: int) -> dict[str, Any]:
    """Return what the form shows of a draft."""
    first: dict[str, Any] = {"revision": revision, "asked_by": str(terms.asked_by or "")}
    for part, both in terms.words:
        first |= {f"{part}_en": both.en, f"{part}_es": both.es}
    return first | {name: getattr(terms, name) for name in DATES}
