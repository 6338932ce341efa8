"""The form with which counts are brought."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.counts.actions import Brought
from commonground.releases.counts import DID

LARGEST = 1_000_000


class CountsForm(forms.Form):
    """What was counted, on which day, and the file."""

    did = forms.ChoiceField(
        label=_("What people did"),
        choices=[(name, words[0]) for name, words in DID.items()],
        widget=forms.RadioSelect,
    )
    title_en = forms.CharField(
        label=_("What it was, in English"), help_text=_("For example: Lunch walk"), max_length=80
    )
    title_es = forms.CharField(
        label=_("What it was, in Spanish"), max_length=80, widget=forms.TextInput(attrs={"lang": "es"})
    )
    on = forms.DateField(label=_("The day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    file = forms.FileField(
        label=_("The file, CSV or Excel"),
        help_text=_("One line for each place: its code or name, and how many people. Never a line for one person."),
        allow_empty_file=True,
    )
    question_en = forms.CharField(label=_("Question with yes or no, in English"), required=False, max_length=160)
    question_es = forms.CharField(
        label=_("Question with yes or no, in Spanish"),
        required=False,
        max_length=160,
        widget=forms.TextInput(attrs={"lang": "es"}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a question in both languages, and for a file of counts and not of people."""
        clean: dict[str, Any] = super().clean() or {}
        words = [clean.get("question_en"), clean.get("question_es")]
        if any(words) and not all(words):
            self.add_error("question_es" if words[0] else "question_en", _("A question needs both languages."))
        if (file := clean.get("file")) and file.size > LARGEST:
            self.add_error("file", _("A file of counts is smaller than one megabyte. Nothing was kept."))
        return clean

    @property
    def main(self) -> list[forms.BoundField]:
        """The fields that are always asked."""
        return [self[name] for name in ("did", "title_en", "title_es", "on", "file")]

    @property
    def more(self) -> list[forms.BoundField]:
        """The fields of a question that was asked afterwards."""
        return [self["question_en"], self["question_es"]]

    @property
    def has_question(self) -> bool:
        """Say whether something stands in them."""
        return any(each.value() or each.errors for each in self.more)

    @property
    def brought(self) -> Brought:
        """What was brought."""
        given = self.cleaned_data
        question = {"en": given["question_en"], "es": given["question_es"]} if given["question_en"] else None
        title = {"en": given["title_en"], "es": given["title_es"]}
        return Brought(title, given["did"], given["on"], given["file"].name, given["file"].read(), question)
