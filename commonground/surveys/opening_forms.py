"""What the opening's forms hand in: all shares of a meeting at once, a file, a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonground.kernel.errors import Refused
from commonground.surveys.opening_files import read_share

LARGEST_SHARE = 64 * 1024
LARGEST_PROOF = 4 * 1024


class StopForm(forms.Form):
    """Why the opening stops, or why it may go on."""

    reason = forms.CharField(
        label=gettext_lazy("Why? Every party reads it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )


class ProofForm(forms.Form):
    """The proof of an answer that somebody misses, as its file or pasted; `proof` once valid."""

    proof_file = forms.FileField(
        label=gettext_lazy("The file with the proof"), required=False, allow_empty_file=True
    )
    pasted = forms.CharField(
        label=gettext_lazy("Or paste what is in it"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "mono", "autocomplete": "off", "spellcheck": "false"}),
        max_length=LARGEST_PROOF,
        required=False,
    )
    proof = b""

    def clean(self) -> dict[str, Any]:
        """Take whichever was given."""
        cleaned = super().clean() or {}
        file = _bytes_of(cleaned.get("proof_file"), LARGEST_PROOF)
        self.proof = file or cleaned.get("pasted", "").encode()
        if not self.proof and not self.errors:
            self.add_error(None, _("Please choose the file with the proof, or paste what is in it."))
        return cleaned


class SheetsForm(forms.Form):
    """Which member of the other side saw a party's opening sheets shredded."""

    witness = forms.TypedChoiceField(label=gettext_lazy("Who of the other side saw it?"), coerce=UUID)

    def __init__(self, witnesses: Sequence[tuple[UUID, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["witness"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Please choose")), *((str(person), name) for person, name in witnesses)]


@dataclass(frozen=True)
class Pair:
    """The two fields of one party's share."""

    party: str
    typed: forms.BoundField
    file: forms.BoundField


class SharesForm(forms.Form):
    """One share of each sealing party, as 64 characters or as the keepers' page's file; `shares` once valid."""

    def __init__(self, survey: str, parties: Sequence[tuple[UUID, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.survey, self.parties = survey, parties
        self.shares: dict[UUID, bytes] = {}
        for party, name in parties:
            self.fields[f"typed-{party.hex}"] = _typed(name)
            self.fields[f"file-{party.hex}"] = forms.FileField(required=False, allow_empty_file=True)

    @property
    def pairs(self) -> list[Pair]:
        """The fields by party."""
        return [Pair(name, self[f"typed-{party.hex}"], self[f"file-{party.hex}"]) for party, name in self.parties]

    def clean(self) -> dict[str, Any]:
        """Read each party's share, and say beside its field what is wrong with it."""
        cleaned = super().clean() or {}
        for party, _name in self.parties:
            field = f"typed-{party.hex}"
            try:
                file = _bytes_of(cleaned.get(f"file-{party.hex}"))
                self.shares[party] = read_share(self.survey, party.hex, cleaned.get(field, ""), file)
            except Refused as refusal:
                self.add_error(field, str(refusal.message))
        return cleaned


def _typed(name: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "mono"})
    return forms.CharField(label=_("Share of %(party)s") % {"party": name}, required=False, widget=widget)


def _bytes_of(file: Any, largest: int = LARGEST_SHARE) -> bytes:
    if file is None or not file.size or file.size > largest:
        return b""
    return bytes(file.read())
