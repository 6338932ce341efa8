"""The form with which one side proposes the page for staff."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commonground.releases.public import Next

DATES = 3
WHAT_HAPPENS = (
    ("en", _("What happens on day %(number)s, in English")),
    ("es", _("What happens on day %(number)s, in Spanish")),
)


class PublishForm(forms.Form):
    """Opening sentences in both languages, and up to three days on which something comes next."""

    lead_en = forms.CharField(
        label=_("What we heard, in English"),
        help_text=_("Two or three sentences that every party can sign. Say only what the numbers say."),
        widget=forms.Textarea(attrs={"rows": 4, "lang": "en"}),
        max_length=800,
    )
    lead_es = forms.CharField(
        label=_("What we heard, in Spanish"),
        widget=forms.Textarea(attrs={"rows": 4, "lang": "es"}),
        max_length=800,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, DATES + 1):
            self.fields[f"on_{number}"] = forms.DateField(
                label=_("Day %(number)s on which something comes next") % {"number": number},
                required=False,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            )
            for language, words in WHAT_HAPPENS:
                label = words % {"number": number}
                self.fields[f"next_{number}_{language}"] = forms.CharField(
                    label=label, required=False, max_length=300
                )

    def clean(self) -> dict[str, Any]:
        """Ask for all three of a day, its English and its Spanish words, or for none."""
        clean: dict[str, Any] = super().clean() or {}
        for number in range(1, DATES + 1):
            names = [f"on_{number}", f"next_{number}_en", f"next_{number}_es"]
            given = [name for name in names if clean.get(name)]
            missing = [name for name in names if name not in given]
            if given and missing:
                self.add_error(missing[0], _("A day needs its date and words in both languages."))
        return clean

    @property
    def opening(self) -> list[forms.BoundField]:
        """The fields of the opening sentences."""
        return [self["lead_en"], self["lead_es"]]

    @property
    def days(self) -> list[forms.BoundField]:
        """The fields of what comes next."""
        return [field for field in self if not field.name.startswith("lead")]

    @property
    def has_days(self) -> bool:
        """Say whether something stands in the fields of what comes next."""
        return any(field.value() for field in self.days)

    @property
    def lead(self) -> dict[str, str]:
        """The opening sentences."""
        return {"en": self.cleaned_data["lead_en"].strip(), "es": self.cleaned_data["lead_es"].strip()}

    @property
    def coming(self) -> list[Next]:
        """What comes next, by day."""
        clean = self.cleaned_data
        given = [number for number in range(1, DATES + 1) if clean.get(f"on_{number}")]
        found = [Next(clean[f"on_{n}"], {"en": clean[f"next_{n}_en"], "es": clean[f"next_{n}_es"]}) for n in given]
        return sorted(found, key=lambda each: each.on)
