"""The form with which one side proposes what to lend."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commonground.comparisons.pages import Number, Offer
from commonground.disclosure.compared import MOST_INDICES

PLAIN, NOISY = "printed", "noise"


class CompareForm(forms.Form):
    """The word that districts are to be compared: each of them sees it at once, and it stays."""

    sure = forms.BooleanField(
        label=_("Yes, compare now, for every district that lends"),
        error_messages={"required": _("Please say that it is to be compared. Nothing was compared.")},
    )


class WithdrawForm(forms.Form):
    """The word that lending is to end: it begins again only by the key of every party."""

    sure = forms.BooleanField(
        label=_("Yes, lend nothing from now on"),
        error_messages={"required": _("Please say that lending is to end. Nothing was changed.")},
    )


class LendForm(forms.Form):
    """The newest published release that is large enough, which of its numbers are lent, and whether with noise."""

    release = forms.UUIDField(widget=forms.HiddenInput)
    numbers = forms.MultipleChoiceField(
        label=_("Numbers to lend"),
        help_text=_("One to five. They are compared with those of districts that asked the same words."),
        widget=forms.CheckboxSelectMultiple,
    )
    noise = forms.ChoiceField(
        label=_("How to lend them"),
        help_text=_(
            "Noise is drawn once and stays. The fewer numbers, the less of it: in nine of ten cases one number is "
            "moved by at most 2, 5 or 9 points, several by more. The text that waits for keys says how far."
        ),
        choices=[
            (PLAIN, _("As printed, as staff see them")),
            (NOISY, _("With noise, so that no other district learns them exactly")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any, newest: Offer | None) -> None:
        super().__init__(data, initial={"release": newest.release if newest else None, "noise": PLAIN})
        self.newest = newest
        choices = [(each.key, _label(each, newest)) for each in (newest.numbers if newest else [])]
        self.fields["numbers"].choices = choices  # type: ignore[attr-defined]
        if newest is None or newest.noise or newest.why_plain:
            del self.fields["noise"]

    @property
    def noisy(self) -> bool:
        """Say whether noise was chosen, or is the only way."""
        chosen = self.cleaned_data.get("noise") == NOISY
        return chosen or bool(self.newest and self.newest.noise)

    def clean_numbers(self) -> list[str]:
        """Ask for no more numbers than may be lent."""
        numbers: list[str] = self.cleaned_data["numbers"]
        if len(numbers) > MOST_INDICES:
            raise forms.ValidationError(_("Choose one to five numbers. Nothing was frozen."))
        return numbers


def _label(number: Number, newest: Offer | None) -> str:
    label = f"{number.text} {number.value}%"
    choice = newest and not newest.noise and not newest.why_plain
    return gettext("%(number)s (as printed only)") % {"number": label} if number.plain and choice else label
