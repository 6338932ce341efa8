"""Forms of the own account."""

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class SettingsForm(forms.Form):
    """The own name and language."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect)


class MailboxForm(RequestLoginCodeForm):  # type: ignore[misc]
    """The mailbox that a sign-in code goes to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Your mailbox (e-mail address)")
        del self.fields["email"].widget.attrs["placeholder"]


class CodeForm(ConfirmLoginCodeForm):  # type: ignore[misc]
    """The code from the letter."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("The code from the letter")
        del self.fields["code"].widget.attrs["placeholder"]
