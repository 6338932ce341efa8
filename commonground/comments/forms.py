"""The form with which a reviewer adds a theme."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ThemeForm(forms.Form):
    """A theme in both languages."""

    en = forms.CharField(max_length=80, label=_("The theme in English"))
    es = forms.CharField(max_length=80, label=_("The theme in Spanish"))
