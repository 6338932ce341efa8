"""What the two witnesses type at a pile."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.surveys.handover_cards import Found


class OpenForm(forms.Form):
    """Where the pile stands and how many envelopes came."""

    place = forms.CharField(label=_("Where"), max_length=120, help_text=_("For example: bus yard, morning."))
    brought = forms.IntegerField(
        label=_("Envelopes on the table"),
        min_value=1,
        help_text=_("Both witnesses count them before anyone draws."),
    )


class FindForm(forms.Form):
    """Part of a name, or an employee number."""

    name = forms.CharField(
        label=_("Name or employee number"),
        min_length=2,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocorrect": "off", "spellcheck": "false"}),
    )


class DrawForm(forms.Form):
    """One of the people found; `turn` keeps a button pressed twice from drawing twice."""

    asked = forms.ChoiceField(label=_("Who draws?"), widget=forms.RadioSelect)
    turn = forms.CharField(max_length=32, widget=forms.HiddenInput)

    def __init__(self, found: Found, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["asked"].choices = [(str(each.id), each.line) for each in found.people]  # type: ignore[attr-defined]


class DrawnForm(forms.Form):
    """What comes back from it."""

    asked = forms.UUIDField()
    turn = forms.CharField(max_length=32)

    def values(self) -> tuple[UUID, str]:
        """Return whom, and the turn."""
        return self.cleaned_data["asked"], self.cleaned_data["turn"]


class CancelForm(forms.Form):
    """Codes opened before both witnesses."""

    codes = forms.CharField(
        label=_("Codes in the envelopes you opened"),
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "One a line, typed or scanned. They are published in clear, so that everyone sees they count no more."
        ),
    )
    came_back = forms.BooleanField(label=_("Somebody had drawn them and brought them back"), required=False)


class CloseForm(forms.Form):
    """How many envelopes stay sealed for another hand-over."""

    left = forms.IntegerField(
        label=_("Envelopes that stay sealed for another hand-over"),
        min_value=0,
        help_text=_("Count them together."),
    )
