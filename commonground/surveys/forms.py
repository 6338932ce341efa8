"""Requests into clean values. An edit carries the mark of what was read, and shows what another saved meanwhile."""

from collections.abc import Iterable
from itertools import zip_longest
from typing import Any, cast
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from commonground.kernel.errors import Refused
from commonground.surveys.actions import TEXTS, Stale
from commonground.surveys.models import Publish
from commonground.surveys.queries import DIMENSION_NAMES, KIND_NAMES
from commonground.surveys.table_cards import PlanCard, TableChoice

GROUPS = [(key, format_lazy("{} {}", _("Yes, by"), name)) for key, name in DIMENSION_NAMES.items()]


class EditForm(forms.Form):
    """A form whose writer read something that another may have changed since; `saved` holds what, by label."""

    mark = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.saved: list[tuple[str, str]] = []

    def refuse(self, refusal: Refused) -> None:
        """Keep what was typed and say why it was not saved; after a stale edit the next one may go over it."""
        self.add_error(None, str(refusal.message))
        if isinstance(refusal, Stale):
            self.saved = [(label, text) for label, text in self._differing(refusal) if text]
            data = cast(QueryDict, self.data).copy()
            data["mark"] = refusal.mark
            self.data = data

    def _differing(self, refusal: Stale) -> Iterable[tuple[str, str]]:
        for name, value in refusal.saved.items():
            if name in self.fields and str(value) != str(self.cleaned_data.get(name, "")):
                yield str(self.fields[name].label), str(value)


class NewSurveyForm(forms.Form):
    """The title of a new survey."""

    title_en = forms.CharField(label=_("Title in English"), max_length=160)
    title_es = forms.CharField(label=_("Title in Spanish"), max_length=160, required=False)


def _line(label: Any, most: int, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=required)


def _text(
    label: Any, help_text: Any = "", rows: int = 4, most: int = 4000, required: bool = False
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, widget=widget, help_text=help_text, max_length=most)


class TextsForm(EditForm):
    """Title, purpose, joint message, contact and help lines, in both languages."""

    title_en = _line(_("Title in English"), 160, required=True)
    title_es = _line(_("Title in Spanish"), 160)
    purpose_en = _text(_("Purpose in English"), _("Why we ask, in one or two sentences."))
    purpose_es = _text(_("Purpose in Spanish"))
    message_en = _text(_("Joint message in English"), _("From labor and management together, on letters."))
    message_es = _text(_("Joint message in Spanish"))
    contact_en = _line(_("Contact in English"), 200)
    contact_es = _line(_("Contact in Spanish"), 200)
    help_lines_en = _text(
        _("Help lines in English"), _("One a line, shown at the end if a question touches health.")
    )
    help_lines_es = _text(_("Help lines in Spanish"), _("The same lines, in the same order."))

    @property
    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The fields side by side: English, Spanish."""
        return [(self[f"{name}_en"], self[f"{name}_es"]) for name in TEXTS]


class PartForm(EditForm):
    """The title of a part."""

    title_en = _line(_("Title in English"), 120, required=True)
    title_es = _line(_("Title in Spanish"), 120)


class QuestionForm(EditForm):
    """One question in both languages."""

    part = forms.ChoiceField(label=_("Part"))
    kind = forms.ChoiceField(label=_("What it asks for"), choices=list(KIND_NAMES.items()))
    text_en = _text(_("Question in English"), rows=3, most=400, required=True)
    text_es = _text(_("Question in Spanish"), rows=3, most=400)
    choices_en = _text(_("Choices in English"), _("One a line; for one choice or several choices."), rows=6)
    choices_es = _text(_("Choices in Spanish"), _("The same choices, in the same order."), rows=6)
    help_en = _line(_("Help in English"), 400)
    help_es = _line(_("Help in Spanish"), 400)
    limit = forms.IntegerField(
        label=_("Room for a text answer, in bytes"),
        min_value=100,
        max_value=1000,
        initial=500,
        help_text=_("500 bytes are about 80 words. Only for a short text."),
    )
    dimension = forms.ChoiceField(
        label=_("Does it group people, so that results can be broken down?"),
        required=False,
        choices=[("", _("No, it is an ordinary question")), *GROUPS],
        help_text=_("Places, jobs, shifts, languages and units take their choices from the staff list."),
    )
    health = forms.BooleanField(label=_("It touches health: show help lines at the end"), required=False)

    def __init__(self, parts: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["part"].choices = parts  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Return what the actions take, the choices paired line by line."""
        clean = dict(self.cleaned_data)
        lines = [clean.pop(f"choices_{language}").splitlines() for language in ("en", "es")]
        clean["options"] = list(zip_longest(*lines, fillvalue=""))
        clean["part_id"] = UUID(clean.pop("part"))
        return clean


class Moment(forms.DateTimeField):
    """A date with a time, as browsers offer it, in the district's zone."""

    def __init__(self, label: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(label=label, required=False, widget=widget)


class Day(forms.DateField):
    """A date, as browsers offer it."""

    def __init__(self, label: Any, help_text: Any = "") -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(label=label, required=False, widget=widget, help_text=help_text)


class Days(forms.CharField):
    """Days, one a line; what comes out are ISO days, ascending, each once."""

    def __init__(self, label: Any, help_text: Any = "") -> None:
        widget = forms.Textarea(attrs={"rows": 3})
        super().__init__(label=label, required=False, widget=widget, help_text=help_text, max_length=200)

    def clean(self, value: Any) -> str:
        """Return the days. Raises ValidationError that names the line which is none."""
        lines = [line.strip() for line in super().clean(value).splitlines()]
        days = sorted({_iso(number, line) for number, line in enumerate(lines, start=1) if line})
        return "\n".join(days)


def _iso(number: int, line: str) -> str:
    try:
        return str(forms.DateField().clean(line).isoformat())
    except forms.ValidationError:
        words = _("Line %(number)s, “%(line)s”, is no day. Write year-month-day, such as 2026-11-20.")
        raise forms.ValidationError(words % {"number": number, "line": line}) from None


class TermsForm(EditForm):
    """When the survey is open, opened and told, and what is promised."""

    opens_at = Moment(_("Opens"))
    closes_at = Moment(_("Closes"))
    opening_on = Day(_("Seals opened together on"), _("Three days after closing, or later."))
    results_by = Day(_("Results to staff by"), _("Within a month of closing."))
    reminders = Days(
        _("Reminders on"), _("Up to five days, one a line, such as 2026-11-20. Everyone asked gets them.")
    )
    minimum_group = forms.IntegerField(
        label=_("Smallest group that is ever shown"), min_value=10, max_value=100, help_text=_("10 people or more.")
    )
    publish = forms.ChoiceField(
        label=_("How results reach staff"),
        widget=forms.RadioSelect,
        choices=[
            (Publish.JOINT_KEY, _("When every party has turned its key on the release")),
            (Publish.AT_ONCE, _("At once, when the seals are opened")),
        ],
    )
    destroy_after_days = forms.IntegerField(
        label=_("Days after the count until sealed answers are destroyed"), min_value=90, max_value=365
    )
    unopened_after_days = forms.IntegerField(
        label=_("Days after closing until unopened answers are destroyed"), min_value=7, max_value=365
    )


class PlanForm(EditForm):
    """By which group questions results may be shown, alone and crossed, and by what comments are kept."""

    margins = forms.MultipleChoiceField(
        required=False, label=_("Break results down by"), widget=forms.CheckboxSelectMultiple
    )
    pairs = forms.MultipleChoiceField(
        required=False, label=_("Cross two of them"), widget=forms.CheckboxSelectMultiple
    )

    comments = forms.ChoiceField(required=False, label=_("How are comments kept?"), widget=forms.RadioSelect)

    def __init__(self, plan: PlanCard, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial=plan.chosen, **kwargs)
        for name, offered in (("margins", plan.margins), ("pairs", plan.pairs), ("comments", plan.comments)):
            self.fields[name].choices = [_offered(table) for table in offered]  # type: ignore[attr-defined]


def _offered(table: TableChoice) -> tuple[str, SafeString]:
    return table.id, format_html('<span>{} <small class="soft">{}</small></span>', table.name, table.words)


class RemarkForm(forms.Form):
    """A short comment on a question."""

    text = _text(
        _("Your comment"), _("It carries the name of your party, not yours."), rows=3, most=500, required=True
    )


class PrintForm(forms.Form):
    """How many codes to print, and which language the square opens first."""

    count = forms.IntegerField(label=_("How many codes"), min_value=1, max_value=2000, initial=100)
    language = forms.ChoiceField(
        label=_("The square opens the survey in"), choices=[("en", _("English")), ("es", _("Spanish"))]
    )


class ErratumForm(forms.Form):
    """A correction beside the paper."""

    text_en = _text(_("Correction in English"), most=2000, required=True)
    text_es = _text(_("Correction in Spanish"), most=2000, required=True)


class AlertForm(forms.Form):
    """Whom the reviewers of comments tell when somebody is in danger."""

    alert_en = forms.CharField(max_length=200, required=False)
    alert_es = forms.CharField(max_length=200, required=False)

    @property
    def both(self) -> dict[str, str]:
        """The words in both languages, cut where they are too long."""
        return {language: str(self.data.get(f"alert_{language}", ""))[:200] for language in ("en", "es")}
