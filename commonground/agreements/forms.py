"""The draft of a charter as a form: both languages side by side, matters and protections in rows, key holders."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.agreements.contents import Both, Contents, DecisionRight, Holders, Right
from commonground.agreements.queries import Candidates, in_reader_language
from commonground.agreements.wording import DECIDES

LONG = 4000
HOLDER = [("", _("holds no key")), ("first", _("key holder")), ("alternate", _("alternate"))]


def _words(label: Any, rows: int = 4) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=widget, max_length=LONG, required=False)


class CharterForm(forms.Form):
    """The parts of a charter that stand once. A draft may be unfinished, so nothing but the parity is required."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    purpose_en = _words(_("English"))
    purpose_es = _words(_("Spanish"))
    students_en = _words(_("English"))
    students_es = _words(_("Spanish"))
    reconvene_en = _words(_("English"))
    reconvene_es = _words(_("Spanish"))
    parity_management = forms.IntegerField(label=_("Management"), min_value=1, max_value=99)
    parity_labor = forms.IntegerField(label=_("Each labor organization"), min_value=1, max_value=99)
    needed_by = forms.DateField(
        label=_("The keys are needed by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, candidates: list[Candidates], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("purpose", "students", "reconvene"):
            self.fields[f"{name}_en"].widget.attrs["lang"] = "en"
            self.fields[f"{name}_es"].widget.attrs["lang"] = "es"
        self.candidates = candidates
        for party in candidates:
            for person, name in party.people:
                self.fields[_holder(party.party_id, person)] = forms.ChoiceField(
                    label=name, choices=HOLDER, required=False
                )

    @property
    def holders(self) -> list[tuple[Candidates, list[forms.BoundField]]]:
        """The fields of each party's key holders."""
        return [
            (party, [self[_holder(party.party_id, person)] for person, _name in party.people])
            for party in self.candidates
        ]

    def named(self) -> dict[UUID, Holders]:
        """Return the chosen key holders by party."""
        return {
            party.party_id: Holders(self._chosen(party, "first"), self._chosen(party, "alternate"))
            for party in self.candidates
        }

    def _chosen(self, party: Candidates, part: str) -> tuple[UUID, ...]:
        ids = (person for person, _name in party.people)
        return tuple(person for person in ids if self.cleaned_data[_holder(party.party_id, person)] == part)


def _holder(party_id: UUID, person_id: UUID) -> str:
    return f"holder-{party_id.hex}-{person_id.hex}"


class ProtectionForm(forms.Form):
    """A protection that the parties add to the four."""

    en = _words(_("English"), rows=2)
    es = _words(_("Spanish"), rows=2)


class MatterForm(forms.Form):
    """A matter and who has the last word on it; an emptied row is taken out."""

    en = _words(_("English"), rows=2)
    es = _words(_("Spanish"), rows=2)
    who = forms.ChoiceField(label=_("Who decides"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rights = [(right.value, in_reader_language(words)) for right, words in DECIDES.items()]
        self.fields["who"].choices = [("", _("choose")), *rights]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask who decides about a matter that is named."""
        values = self.cleaned_data
        if (values.get("en") or values.get("es")) and not values.get("who"):
            self.add_error("who", _("Please choose who decides."))
        return values


MAXIMUM = 60
ProtectionRows = forms.formset_factory(ProtectionForm, extra=1, max_num=MAXIMUM)
MatterRows = forms.formset_factory(MatterForm, extra=2, max_num=MAXIMUM)


class CharterForms:
    """The form and its two sets of rows, filled from a draft or from what was typed."""

    def __init__(
        self,
        candidates: list[Candidates],
        *,
        typed: Any = None,
        contents: Contents | None = None,
        revision: int = 0,
    ) -> None:
        first = _initial(contents, revision) if contents else {}
        added = [both.__dict__ for both in contents.protections] if contents else None
        rights = [{**right.matter.__dict__, "who": right.who} for right in contents.rights] if contents else None
        self.main = CharterForm(typed, candidates=candidates, initial=first)
        self.protections = ProtectionRows(typed, prefix="protections", initial=added)
        self.matters = MatterRows(typed, prefix="matters", initial=rights)

    def is_valid(self) -> bool:
        """Check all three, so that every fault shows at once."""
        return all([self.main.is_valid(), self.protections.is_valid(), self.matters.is_valid()])

    def contents(self) -> Contents:
        """Return what was typed, without empty rows."""
        given = self.main.cleaned_data
        rows = [row.cleaned_data for row in self.matters]
        return Contents(
            purpose=Both(given["purpose_en"], given["purpose_es"]),
            students=Both(given["students_en"], given["students_es"]),
            reconvene=Both(given["reconvene_en"], given["reconvene_es"]),
            protections=tuple(_filled(row.cleaned_data for row in self.protections)),
            rights=tuple(Right(both, DecisionRight(row["who"])) for row in rows for both in _filled([row])),
            parity=(given["parity_management"], given["parity_labor"]),
            holders=self.main.named(),
        )


def _filled(rows: Any) -> list[Both]:
    boths = [Both(row.get("en", ""), row.get("es", "")) for row in rows]
    return [both for both in boths if both.en or both.es]


def _initial(contents: Contents, revision: int) -> dict[str, Any]:
    first: dict[str, Any] = {"revision": revision}
    for name in ("purpose", "students", "reconvene"):
        both: Both = getattr(contents, name)
        first |= {f"{name}_en": both.en, f"{name}_es": both.es}
    first["parity_management"], first["parity_labor"] = contents.parity
    for party, held in contents.holders.items():
        first |= {_holder(party, person): "first" for person in held.first}
        first |= {_holder(party, person): "alternate" for person in held.alternates}
    return first
