"""Requests into clean values: invitations, structure, staff files."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.access.actor import ROLE_NAMES, Role
from commonground.partnership.rules import PARTY_ROLES, SERVE_BOTH
from commonground.partnership.staff import Asked
from commonground.partnership.stafflist.columns import LABELS, Field


class InviteForm(forms.Form):
    """A role offered to a mailbox, for the own party or to serve both."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("Mailbox"), help_text=_("The letter goes here, and codes to sign in later."))
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, ROLE_NAMES[role]) for role in (*PARTY_ROLES, *SERVE_BOTH)],
        initial=Role.MEMBER.value,
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
    roles = forms.FileField(
        label=_("roles.csv of OneRoster 1.2"),
        help_text=_("Only for such an export: it tells pupils from staff."),
        required=False,
        allow_empty_file=True,
    )

    def __init__(
        self,
        *args: Any,
        headers: list[str] | None = None,
        choices: dict[Field, list[tuple[str, str]]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        columns = [("", _("Not in this file")), *((str(i), heading) for i, heading in enumerate(headers or []))]
        for name in MAPPED if headers else ():
            headings = forms.Select(attrs={"translate": "no"})
            self.fields[name.value] = forms.ChoiceField(
                label=_(LABELS[name]), choices=columns, required=False, widget=headings
            )
            if name in GIVEN:
                self.fields[given_name(name)] = self._given(name, (choices or {}).get(name, []))

    def _given(self, name: Field, terms: list[tuple[str, str]]) -> forms.ChoiceField:
        return forms.ChoiceField(
            label=_("%(field)s, the same for everyone") % {"field": _(LABELS[name])},
            choices=[("", _("As the column says")), *terms],
            required=False,
        )

    @property
    def asked(self) -> Asked:
        """What was said of the columns, or nothing where they are to be guessed; and the roles."""
        roles = self.cleaned_data.get("roles")
        said = {name: self.cleaned_data.get(name.value) for name in MAPPED}
        given = {name: self.cleaned_data.get(given_name(name)) for name in GIVEN}
        return Asked(
            {name: int(index) for name, index in said.items() if index} if self.says_columns else None,
            {name: value for name, value in given.items() if value},
            roles.read() if roles else b"",
        )

    @property
    def says_columns(self) -> bool:
        """Say whether the form asks which column is what."""
        return MAPPED[0].value in self.fields


MAPPED = tuple(name for name in Field if name not in (Field.ROLE, Field.STATUS))
GIVEN = (Field.SITE, Field.SHIFT, Field.JOB_CLASS, Field.UNIT, Field.LANGUAGE)


def given_name(name: Field) -> str:
    """Return the name of the form field that holds a value for the whole file."""
    return f"all_{name.value}"


class FindForm(forms.Form):
    """Search in the staff list."""

    q = forms.CharField(label=_("Find a name or number"), required=False)
    site = forms.ChoiceField(label=_("Place"), required=False)

    def __init__(self, *args: Any, sites: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"] = forms.ChoiceField(
            label=_("Place"), required=False, choices=[("", _("Every place")), *sites]
        )
