"""Requests into clean values: invitations, structure, staff files."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.access.actor import ROLE_NAMES, Role
from commonground.partnership.rules import PARTY_ROLES, SERVE_BOTH
from commonground.partnership.stafflist.columns import LABELS, Field


class InviteForm(forms.Form):
    """A role offered to a mailbox, for the own party or to serve both."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("Mailbox"), help_text=_("The letter goes here, and codes to sign in later."))
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, ROLE_NAMES[role]) for role in (*PARTY_ROLES, *SERVE_BOTH)],
        help_text=_("A coordinator or facilitator serves both sides; every other role is for your own party."),
    )

    @property
    def serves_both(self) -> bool:
        """The chosen role belongs to no party."""
        return Role(self.cleaned_data["role"]) in SERVE_BOTH


class NamedForm(forms.Form):
    """A place, shift, job or unit as the district names it."""

    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("As it stands in your staff list."))
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    name_es = forms.CharField(label=_("Name in Spanish"), max_length=120, required=False)

    def __init__(self, *args: Any, parents: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if parents is not None:
            self.fields["parent"] = forms.ChoiceField(label=_("Belongs to"), choices=parents, required=False)


class StaffFileForm(forms.Form):
    """The district's file. Which column is what is guessed from its headings unless it is said here."""

    file = forms.FileField(label=_("Staff list, CSV or Excel"), allow_empty_file=True)

    def __init__(self, *args: Any, headers: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Not in this file")), *((str(i), heading) for i, heading in enumerate(headers or []))]
        for name in MAPPED if headers else ():
            headings = forms.Select(attrs={"translate": "no"})
            self.fields[name.value] = forms.ChoiceField(
                label=_(LABELS[name]), choices=choices, required=False, widget=headings
            )

    @property
    def mapping(self) -> dict[Field, int] | None:
        """The columns that were chosen, or None where they are to be guessed."""
        if MAPPED[0].value not in self.fields:
            return None
        chosen = {name: self.cleaned_data.get(name.value) for name in MAPPED}
        return {name: int(index) for name, index in chosen.items() if index}


MAPPED = tuple(name for name in Field if name not in (Field.ROLE, Field.STATUS))


class FindForm(forms.Form):
    """Search in the staff list."""

    q = forms.CharField(label=_("Find a name or number"), required=False)
    site = forms.ChoiceField(label=_("Place"), required=False)

    def __init__(self, *args: Any, sites: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"] = forms.ChoiceField(
            label=_("Place"), required=False, choices=[("", _("Every place")), *sites]
        )
