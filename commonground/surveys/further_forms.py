"""What the page of further tables hands in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from commonground.surveys.further import Table
from commonground.surveys.further_cards import OfferCard, table_of


class FurtherForm(forms.Form):
    """Which tables are asked for, and why."""

    tables = forms.MultipleChoiceField(
        label=gettext_lazy("Tables"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Please choose a table.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Why? Every party reads it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        error_messages={"required": gettext_lazy("Please say in a few words why. Every party reads it.")},
    )

    def __init__(self, offers: list[OfferCard], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["tables"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(offer.id, offer.name) for offer in offers]

    @property
    def chosen(self) -> list[Table]:
        """The tables, once valid."""
        return [table_of(name) for name in self.cleaned_data["tables"]]


class EndForm(forms.Form):
    """The word that opening the answers anew is to end: what was done for it cannot be had back."""

    sure = forms.BooleanField(
        label=gettext_lazy("Yes, end it for every party"),
        error_messages={"required": gettext_lazy("Please say that it is to end. Nothing was ended.")},
    )
