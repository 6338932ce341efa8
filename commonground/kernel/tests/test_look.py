import gzip
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django import forms
from django.template import engines
from django.utils import timezone, translation
from tinyhtml5.parser import HTMLParser  # type: ignore[import-untyped]

from commonground.kernel import dates
from commonground.kernel.tests import gallery

pytestmark = pytest.mark.urls("commonground.kernel.tests.gallery")

STYLES = Path(__file__).resolve().parents[3] / "static" / "cg"
MOMENT = datetime(2026, 11, 11, 0, 10, tzinfo=UTC)


def rendered(tag: str, **context: object) -> str:
    return str(engines["django"].from_string("{% load look %}" + tag).render(context))


@pytest.mark.parametrize("name", gallery.PAGES + gallery.ERRORS)
def test_pages_are_valid_and_carry_nothing_inline(name):
    page = gallery.pages()[name]
    parser = HTMLParser()
    parser.parse(page)
    assert parser.errors == []
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:|<script(?![^>]* src=)", page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", gallery.ERRORS)
def test_error_pages_say_what_to_do_in_both_languages(name):
    english = gallery.pages()[name]
    with translation.override("es"):
        spanish = gallery.pages()[name]
    assert re.search("Nothing|may not have been saved", english)
    assert re.search("No se|Algo falló", spanish)


def test_a_refusal_is_shown_escaped():
    page = engines["django"].get_template("403.html").render({"exception": "Only <b>labor</b> turns this key."})
    assert "Only &lt;b&gt;labor&lt;/b&gt; turns this key." in page


def test_signed_in_pages_make_no_promise_about_cookies():
    pages = gallery.pages()
    assert "No cookies" not in pages["parts"] + pages["plain"]
    assert "No cookies" in pages["respond"]
    assert "No cookies" in pages["respond-404"]


def test_both_style_sheets_fit_nine_kilobytes():
    assert (
        sum(len(gzip.compress((STYLES / name).read_bytes())) for name in ("tokens.css", "components.css")) < 9_000
    )


def test_a_respondents_page_fits_two_kilobytes():
    assert len(gzip.compress(gallery.pages()["respond"].encode())) < 2_000


def test_a_field_is_wired_to_its_help_and_its_fault():
    html = rendered("{% field form.name %}", form=gallery.Everything({}))
    assert '<label for="id_name">Name</label>' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert re.search('id="id_name_error">[^<]+<', html)


def test_a_group_of_choices_is_a_fieldset_that_carries_help_and_fault():
    html = rendered("{% field form.why %}", form=gallery.Everything({}))
    assert '<fieldset class="stack" id="id_why" aria-describedby="id_why_helptext id_why_error">' in html
    assert html.count('<label class="choice"') == 2


def test_a_file_field_is_wired_as_well():
    html = rendered("{% field form.file %}", form=gallery.Everything({}))
    assert 'aria-describedby="id_file_helptext id_file_error"' in html


def test_words_of_people_are_escaped_in_fields():
    class Form(forms.Form):
        place = forms.ChoiceField(choices=[("<i>", "<i>Birch</i>")], widget=forms.RadioSelect, label="<b>Where</b>")

    html = rendered("{% field form.place %}{% faults form %}", form=Form({"place": "<u>"}))
    assert "<i>" not in html
    assert "<b>Where" not in html
    assert "<u>" not in html


def test_the_list_of_faults_leads_to_each_field_and_is_absent_when_all_is_well():
    assert '<a href="#id_name">Name</a>' in rendered("{% faults form %}", form=gallery.Everything({}))
    assert rendered("{% faults form %}", form=gallery.Everything()).strip() == ""


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("America/Los_Angeles", "Tuesday, November 10, 4:10 pm"),
        ("America/New_York", "Tuesday, November 10, 7:10 pm"),
        ("UTC", "Wednesday, November 11, 12:10 am"),
    ],
)
def test_a_moment_is_said_in_the_zone_of_the_district(zone, said):
    assert dates.day_and_hour(MOMENT, zone) == said
    with timezone.override(zone):
        assert rendered("{{ moment|day_and_hour }}", moment=MOMENT) == said


def test_a_date_has_no_zone_and_the_year_only_on_request():
    assert rendered("{{ d|day }}", d=date(2027, 3, 1)) == "Monday, March 1"
    assert rendered('{{ d|day:"year" }}', d=date(2027, 3, 1)) == "Monday, March 1, 2027"
    assert rendered("{{ d|day }}{{ d|day_and_hour }}{{ d|hour }}", d=None) == ""


def test_each_cell_of_a_row_comes_with_the_name_of_its_column():
    each = "{% for name, cell in row|under:head %}{{ name }}={{ cell }} {% endfor %}"
    assert rendered(each, row=["Yard", "30%"], head=["Group", "Share"]) == "Group=Yard Share=30% "


@pytest.mark.parametrize(("zone", "spoken"), [("America/Los_Angeles", "Los Angeles"), ("UTC", "UTC")])
def test_a_time_zone_is_called_by_its_city(zone, spoken):
    assert dates.zone_name(zone) == spoken


def test_dates_are_spoken_in_spanish():
    with translation.override("es"):
        assert dates.day(date(2026, 12, 11)) == "viernes 11 de diciembre"
        assert (
            dates.day_and_hour(MOMENT, "America/Denver", year=True) == "martes 10 de noviembre de 2026, 5:10 p. m."
        )
