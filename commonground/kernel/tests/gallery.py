"""Every frame and part of the look on a few pages, with data that strain it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django import forms
from django.template import engines
from django.template.loader import render_to_string
from django.urls import path
from django.views.i18n import set_language

from commonground.kernel.charts import (
    Agreement,
    Pair,
    Scale,
    Share,
    Span,
    agreement_bars,
    choice_bars,
    gaps,
    pairs,
    share_bars,
    spans,
)

urlpatterns = [path("language/", set_language, name="set_language")]

SCALE = ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"]


@dataclass(frozen=True)
class Key:
    side: str
    turned: bool


@dataclass(frozen=True)
class Party:
    name: str
    side: str


@dataclass(frozen=True)
class Layer:
    name: str
    side: str
    left: int


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    current: bool = False
    code: str = ""


@dataclass(frozen=True)
class Message:
    level_tag: str
    words: str

    def __str__(self) -> str:
        return self.words


class Everything(forms.Form):
    name = forms.CharField(help_text="As on your badge.")
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    place = forms.ChoiceField(choices=[("b", "Birch Lane"), ("c", "Cottonwood")])
    why = forms.ChoiceField(
        choices=[("q", "A question"), ("d", "A date")], widget=forms.RadioSelect, help_text="One."
    )
    would = forms.MultipleChoiceField(
        choices=[("w", "Walks"), ("r", "Break room")], widget=forms.CheckboxSelectMultiple, required=False
    )
    read = forms.BooleanField(label="I have read version 6")
    file = forms.FileField(help_text="CSV or Excel.")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def keys(labor: str, management: str) -> list[Key]:
    """Return keys from strings such as "101": turned, not turned, turned."""
    return [Key("labor", turn == "1") for turn in labor] + [Key("management", turn == "1") for turn in management]


PARTIES = [
    Party("Alder Valley Teachers Association", "labor"),
    Party("Classified Employees Chapter 212", "labor"),
    Party("Bus and Trades Local 27", "labor"),
    Party("Alder Valley Unified School District", "management"),
]

FRAME = {
    "initiative": "Well Rooted",
    "partnership_line": "The well-being partnership of Alder Valley",
    "home_url": "/d/alder-valley/",
    "person_name": "Luz Ortega",
    "person_role": "labor co-chair",
    "account_url": "/settings/",
    "sign_out_url": "/out/",
    "csrf_token": "x" * 64,
    "nav": [
        Link(label, "/x/", label == "Voice")
        for label in ("Path", "Table", "Voice", "Evidence", "Plan", "Reach", "Agreements", "Library")
    ],
    "subnav": [Link("Surveys", "/x/"), Link("Drafts", "/x/", True), Link("Waiting for keys", "/x/")],
    "subnav_label": "In Voice",
    "messages": [
        Message("success", "The key is turned."),
        Message("error", "Not saved."),
        Message("info", "Note."),
    ],
}

CHARTS = [
    share_bars(
        "units",
        "About four in ten of the classified unit answered (243 of 565)",
        [Share("Teachers <unit>", 64, 742, 475), Share("Trades", "20 to 80%", 15), Share("Technical", None)],
        of="Unit",
    ),
    choice_bars(
        "would", "Break cover is wanted most", [Share("Cover", 70, 800, 560), Share("Walks", 41, 800)], several=True
    ),
    agreement_bars(
        "breaks",
        "Fewer people agree (38%, 306 of 805) than disagree",
        [
            Agreement("Whole district", (15, 29, 18, 27, 11), 38, 805),
            Agreement("Hazel Creek", (19, 35, 17, 21, 8), 29, 52, "Elementary schools"),
            Agreement("Central kitchen and satellites", None, 19, 27, "Departments"),
            Agreement("Technical", None, None, None, "Departments"),
        ],
        SCALE,
    ),
    agreement_bars(
        "far",
        "Two places see it quite differently",
        [Agreement("A", (45, 45, 5, 3, 2), 5, 100), Agreement("B", (0, 2, 5, 30, 63), 93, 100)],
        SCALE,
    ),
    gaps(
        "gap",
        "The widest gap is about follow-up: 41% and 79%",
        [
            Pair("My workload lets me do my job well.", 34, 41, 746, 64, chance=True),
            Pair("When I raise a problem, someone follows up.", 41, 79, 738, 63),
            Pair("All and nobody", 100, 0, 700, 60),
            Pair("Hidden", None, 40),
            Pair("Coarse", 30, "20 to 80%", 700, 12),
        ],
        ("Labor: staff in the three units, 750 answered", "Management and confidential staff, 64 answered"),
    ),
    pairs(
        "heard",
        "Classified staff are 38% of the staff and 30% of the answers",
        [Pair("Classified unit", 38, 30, 565, 243, says="heard less")],
        ("share of all staff", "share of the answers"),
    ),
    spans(
        "differ",
        "More people than elsewhere in 1 of 3 comparisons, fewer in 0",
        [
            Span(
                "Hazel Creek",
                5,
                17,
                "more, by 5 to 17 points",
                True,
                "48% of 52 answers",
                ("48%", "37%", "+5 to +17"),
                "By place",
            ),
            Span("Yard", -3, 9, "too close to call", False, "", ("40%", "37%", "-3 to +9"), "By place"),
            Span("Kitchen", None, None, "not enough is shown to compare", False, "", ("", "", ""), "By place"),
        ],
        ["Group", "Here", "Everyone else", "Difference"],
    ),
    gaps("trust", "Trust", [Pair("Trust", 3.4, 6.1, 10, 10)], ("Labor", "Management"), scale=Scale(0, 10, "")),
]

PARTS = """{% extends "base.html" %}{% load look %}
{% block title %}Parts{% endblock %}
{% block content %}
<header class="stack"><h1>Parts</h1><p class="lead">{{ now|day }}, {{ now|hour }}</p></header>
<section class="row" aria-label="Keys">
{% for state in keys %}{% locks state %}{% locks state mini=True %}{% endfor %}
</section>
<section class="row" aria-label="Seals">{% for layers in seals %}{% seal layers %}{% endfor %}</section>
<section class="stack" aria-label="Parties">{% logos parties %}
<p>{% party "labor" %} {% party "management" %} {% party "both" %} {% party "staff" "Staff council" %}</p>
{% code "K7QM2XDP9RTA4HWEC41F9A02TX" %}{% withheld %}</section>
<ol role="list" class="path" aria-label="Path">{% for step in steps %}
<li class="place{% if step < 4 %} lit{% elif step < 7 %} part{% endif %}">
{% place step %}<div class="tight"><h2>{{ step }}.</h2></div></li>
{% endfor %}</ol>
<section class="stack" aria-label="Form">{% faults form %}
<form class="stack">{% for one in form %}{% field one %}{% endfor %}{% choice "radio" "x" "1" "One" checked=True %}
<p><button class="btn">Turn our key</button> <button class="btn plain">Send it back</button></p></form></section>
<table class="wide fold" role="table" aria-label="Faults"><thead role="rowgroup"><tr role="row">
<th role="columnheader" scope="col">File</th><th role="columnheader" scope="col">Line</th></tr></thead>
<tbody role="rowgroup"><tr role="row"><th role="rowheader" scope="row">users.csv</th>
<td role="cell" data-k="line">214</td></tr></tbody></table>
<div class="box"><span class="tag">Agreed</span>
<span class="tag strong">Must bargain</span> <span class="tag done">Clear</span></div>
{% endblock %}"""

FIGURES = """{% extends "base.html" %}{% block title %}Charts{% endblock %}
{% block content %}<h1>Charts</h1><section class="loose" aria-labelledby="all"><h2 id="all">All</h2>
{% for chart in charts %}{{ chart }}{% endfor %}</section>{% endblock %}"""


def pages() -> dict[str, str]:
    """Return the HTML of each page by name."""
    parts = FRAME | {
        "now": datetime(2026, 11, 11, 0, 10, tzinfo=UTC),
        "keys": [
            keys("101", "1"),
            keys("0", "0"),
            keys("111", "0"),
            keys("111", "1"),
            keys("1", "1"),
            keys("10101010", "0"),
        ],
        "seals": [[Layer("A", "labor", 0), Layer("B", "labor", 63), Layer("C", "management", 100)]],
        "parties": PARTIES,
        "steps": range(1, 11),
        "form": Everything({"secret": "s"}),
    }
    languages = [Link("English", "/en/", True, "en"), Link("Español", "/es/", False, "es")]
    frame = {"initiative": "Well Rooted"}
    return {
        "parts": engines["django"].from_string(PARTS).render(parts),
        "charts": engines["django"].from_string(FIGURES).render(FRAME | {"charts": CHARTS}),
        "plain": _filled("plain.html", frame | {"csrf_token": "x", "messages": FRAME["messages"]}),
        "respond": _filled("respond_base.html", frame | {"languages": languages}),
        "respond-404": _filled("respond/plain.html", frame),
    } | {name: render_to_string(f"{name}.html", frame) for name in ERRORS}


def _filled(template: str, context: Mapping[str, object]) -> str:
    body = "{% block title %}T{% endblock %}{% block content %}<h1>Title</h1>{% endblock %}"
    return str(engines["django"].from_string(f'{{% extends "{template}" %}}{body}').render(dict(context)))


PAGES = ("parts", "charts", "plain", "respond", "respond-404")
ERRORS = ("400", "403", "403_csrf", "404", "413", "500")
