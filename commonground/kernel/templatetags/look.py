"""Template tags of the shared look: `{% load look %}`. Listed with examples in docs/look.md."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

from commonground.kernel import dates, figures, locks
from commonground.kernel.charts import WITHHELD

register = template.Library()

for figure in (locks.locks, figures.party, figures.seal, figures.plate, figures.place, figures.code):
    register.simple_tag(figure)


@register.simple_tag
def withheld() -> SafeString:
    """Return the one sentence that stands where a value may not be shown."""
    return format_html('<p class="withheld">{}</p>', WITHHELD)


@register.filter
def day(value: date | datetime, option: str = "") -> str:
    """`{{ moment|day }}` gives "Tuesday, November 10"; `|day:"year"` adds the year. Nothing stays nothing."""
    return dates.day(value, year=option == "year") if value else ""


@register.filter
def day_and_hour(value: datetime, option: str = "") -> str:
    """`{{ moment|day_and_hour }}` gives "Tuesday, November 10, 4:10 pm"; `:"year"` adds the year."""
    return dates.day_and_hour(value, year=option == "year") if value else ""


@register.filter
def hour(value: datetime) -> str:
    """`{{ moment|hour }}` gives "4:10 pm"."""
    return dates.hour(value) if value else ""


@register.filter
def number(value: int) -> str:
    """`{{ people|number }}` gives "1,482"."""
    return f"{value:,}"


@register.filter
def under(cells: Iterable[Any], head: Iterable[Any]) -> list[tuple[Any, Any]]:
    """`{% for name, cell in row|under:head %}` gives each cell of a row with the name of its column."""
    return list(zip(head, cells, strict=True))


@register.inclusion_tag("look/logos.html")
def logos(parties: Iterable[Any]) -> dict[str, Any]:
    """Print equal plates for the parties (each with `name` and `side`), in the order given."""
    plates, labor = [], 0
    for party in parties:
        plates.append({"name": party.name, "plate": figures.plate(party.name, party.side, labor)})
        labor += party.side != figures.MANAGEMENT
    return {"parties": plates, "many": len(plates) > 2}


@register.inclusion_tag("look/field.html")
def field(bound: BoundField, label: str = "") -> dict[str, Any]:
    """Print a form field whole: label, help, error and control, wired for screen readers."""
    return {
        "field": bound,
        "label": label or bound.label,
        "kind": _kind(bound),
        "control": control(bound),
    }


@register.filter
def control(bound: BoundField) -> SafeString:
    """Print the control of a field; one for words of a language, named `..._en` or `..._es`, says which."""
    attrs: dict[str, str | bool] = {"aria-describedby": bound.aria_describedby} if bound.aria_describedby else {}
    if language := re.search(r"[_-](en|es)$", bound.html_name):
        attrs["lang"] = language[1]
    return bound.as_widget(attrs=attrs)


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if bound.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect):
        return "choices"
    return "tick" if isinstance(widget, forms.CheckboxInput) else "line"


@register.inclusion_tag("look/faults.html")
def faults(form: forms.BaseForm) -> dict[str, Any]:
    """Print what has to be repaired in a form, with a link to each field; nothing when all is well."""
    return {"form": form}


@register.simple_tag
def choice(
    kind: str, name: str, value: str, label: str, checked: bool = False, required: bool = False
) -> SafeString:
    """Print one answer as a large label; `kind` is radio or checkbox."""
    flags = SafeString((" checked" if checked else "") + (" required" if required else ""))
    return format_html(
        '<label class="choice"><input type="{}" name="{}" value="{}"{}><span>{}</span></label>',
        kind,
        name,
        value,
        flags,
        label,
    )
