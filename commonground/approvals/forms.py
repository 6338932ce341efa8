"""What a key holder fills in: the yes to one exact text, or the reason for sending it back."""

from django import forms
from django.utils.translation import gettext_lazy as _

ABOUT = [
    ("question", _("A question")),
    ("dates", _("A date or who is asked")),
    ("wording", _("The wording")),
    ("members", _("We need to ask our members")),
    ("bargaining", _("It must be bargained first")),
]


class TurnForm(forms.Form):
    """The hash of the text that was read, and the word that it was read."""

    hash = forms.CharField(max_length=64, widget=forms.HiddenInput)
    read = forms.BooleanField(
        error_messages={"required": _("Please say that you have read this version. No key was turned.")}
    )


class SendBackForm(forms.Form):
    """What the reason is about, and the reason in the party's own words."""

    about = forms.ChoiceField(
        label=_("What is it about?"),
        choices=ABOUT,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose what it is about.")},
    )
    reason = forms.CharField(
        label=_("What would have to change?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        error_messages={"required": _("Please say in a few words what would have to change. Nothing was sent.")},
    )
