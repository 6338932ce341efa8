"""The form with which one side proposes what to lend."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.comparisons.pages import Offer
from commonground.disclosure.compared import MOST_INDICES


class LendForm(forms.Form):
    """The newest published release that is large enough, and which of its numbers are lent."""

    release = forms.UUIDField(widget=forms.HiddenInput)
    numbers = forms.MultipleChoiceField(
        label=_("Numbers to lend"),
        help_text=_("One to five. They are compared with those of districts that asked the same words."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any, offers: Sequence[Offer]) -> None:
        newest = offers[0] if offers else None
        super().__init__(data, initial={"release": newest.release if newest else None})
        self.newest = newest
        choices = [(each.key, f"{each.text} {each.value}%") for each in (newest.numbers if newest else [])]
        self.fields["numbers"].choices = choices  # type: ignore[attr-defined]

    def clean_numbers(self) -> list[str]:
        """Ask for no more numbers than may be lent."""
        numbers: list[str] = self.cleaned_data["numbers"]
        if len(numbers) > MOST_INDICES:
            raise forms.ValidationError(_("Choose one to five numbers. Nothing was frozen."))
        return numbers
