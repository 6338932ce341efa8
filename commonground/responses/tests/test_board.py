"""What anyone may read: the list with its look-up, the results, the index."""

import secrets
from typing import Any

import pytest
from django.test import Client

from commonground.kernel.time import at
from commonground.responses import actions, queries
from commonground.responses.tests.pages import RELEASE_PAGE
from commonground.responses.tests.sample import AFTER, Sample, text
from commonground.responses.tests.visitor import Visitor
from commonground.sealing.codes import code_receipt
from commonground.sealing.formats import fingerprint

pytestmark = pytest.mark.django_db(transaction=True, databases=["responses"])


@pytest.fixture
def saved(sample: Sample, visitor: Visitor) -> dict[str, str]:
    """The receipt and line of one answer, after the survey has been shut."""
    visitor.start(sample.typed()).answer_all({})
    with at(AFTER):
        actions.shut(sample.survey)
    return dict(visitor.form("save").fields)


def look_up(visitor: Visitor, typed: str) -> str:
    return str(visitor.client.post(f"{visitor.url}list/", {"line": typed}).content.decode())


def test_before_closing_there_is_no_list(sample: Sample, visitor: Visitor):
    assert (
        "The list is made when the survey has closed" in visitor.client.get(f"{visitor.url}list/").content.decode()
    )
    assert visitor.client.get(f"{visitor.url}list/answers.txt").status_code == 404


def test_a_line_is_found_however_it_is_typed(visitor: Visitor, saved: dict[str, str]):
    for typed in (saved["line"], saved["line"].lower().replace(" ", "-"), saved["line"].replace("0", "o")):
        assert "Yes, it is in the list." in look_up(visitor, typed)


def test_what_is_not_there_is_said_with_whom_to_tell(visitor: Visitor, saved: dict[str, str]):
    assert "We do not find it." in look_up(visitor, "AAAA AAAA AAAA AAAA")
    assert "We do not find it." in look_up(visitor, saved["receipt"])
    assert "has 16 letters and digits" in look_up(visitor, saved["line"][:-1])
    assert "has 16 letters and digits" in look_up(visitor, "<script>")


def test_a_receipt_is_found_after_the_count(sample: Sample, visitor: Visitor, saved: dict[str, str]):
    receipts = [code_receipt(sample.paper.survey, sample.codes[0]), secrets.token_bytes(16)]
    actions.post_receipts(sample.survey, receipts)
    assert "Yes, this receipt is published." in look_up(visitor, saved["receipt"])
    text = visitor.client.get(f"{visitor.url}list/receipts.txt").content.decode()
    assert f"{saved['receipt']}  {receipts[0].hex()}\n" in text


def test_the_whole_list_and_its_fingerprint_are_there(sample: Sample, visitor: Visitor, saved: dict[str, str]):
    assert visitor.client.get(f"{visitor.url}list/answers.txt").content.decode() == f"{saved['line']}\n"
    with at(AFTER):
        digest = actions.shut(sample.survey).list_hash
    assert digest in visitor.client.get(f"{visitor.url}list/").content.decode()


def test_results_appear_when_posted_with_their_bytes(sample: Sample, visitor: Visitor, saved: dict[str, str]):
    assert visitor.client.get(f"{visitor.url}results/").status_code == 404
    actions.post_release(sample.survey, b'{"format":"cg1-release"}', RELEASE_PAGE)
    visitor.language = "es"
    text = visitor.client.get(f"{visitor.url}results/").content.decode()
    for words in (
        "Lo que escuchamos",
        "38%",
        "306 de 805",
        '<p class="c"><span>Breaks',
        "Mill Creek",
        "no se muestra",
    ):
        assert words in text
    assert visitor.client.get(f"{visitor.url}results/release.json").content == b'{"format":"cg1-release"}'
    with at(AFTER):
        assert f"{visitor.url}results/" in visitor.client.get(visitor.url).content.decode()


def test_a_later_release_stands_beside_the_first_which_stays_as_it_was(sample: Sample, visitor: Visitor):
    actions.post_release(sample.survey, b"{}", RELEASE_PAGE)
    before = visitor.client.get(f"{visitor.url}results/").content.decode()
    assert visitor.client.get(f"{visitor.url}results/2/").status_code == 404
    later = {**RELEASE_PAGE, "title": {"en": "Another table", "es": "Otra tabla"}}
    for _again in range(2):
        actions.post_later(sample.survey, 2, b'{"later":1}', later)
    after = visitor.client.get(f"{visitor.url}results/").content.decode()
    assert f'href="{visitor.url}results/2/"' in after and before.split("<h2")[0] == after.split("<h2")[0]
    assert after.count("results/2/") == 1
    page = visitor.client.get(f"{visitor.url}results/2/").content.decode()
    assert "Another table" in page and f'href="{visitor.url}results/"' in page
    assert visitor.client.get(f"{visitor.url}results/release-2.json").content == b'{"later":1}'
    assert visitor.client.get(f"{visitor.url}results/release.json").content == b"{}"
    assert visitor.client.get(f"{visitor.url}results/release-3.json").status_code == 404


def test_the_list_page_says_for_which_text_the_answers_were_opened_anew(sample: Sample, visitor: Visitor):
    with at(AFTER):
        actions.shut(sample.survey)
        entry = {"request": "ab" * 32, "since": "2026-12-01", "ended": "", "outcome": "", "release": ""}
        ended = {**entry, "ended": "2026-12-09", "outcome": "refused"}
        actions.post_bulletin(sample.survey, {"anew": [ended, entry]})
        words = visitor.client.get(f"{visitor.url}list/").content.decode()
    assert words.count("every party turned its key on another table") == 2
    assert words.count("the gate told nothing new") == 1
    assert all(group in words for group in fingerprint(bytes.fromhex("ab" * 32)).split())


def test_why_something_is_covered_is_a_page_from_protection_and_results(visitor: Visitor, sample: Sample):
    actions.post_release(sample.survey, b"{}", RELEASE_PAGE)
    for page in ("protection/", "results/"):
        assert f'href="{visitor.url}why/"' in visitor.client.get(f"{visitor.url}{page}").content.decode()
    for visitor.language, words in (("en", "100 less 60 less 34 leaves 6"), ("es", "100 menos 60 menos 34 deja 6")):
        text = visitor.client.get(f"{visitor.url}why/").content.decode()
        assert words in text and text.count('<svg class="drawn"') == 11
        assert "<script" not in text and "style=" not in text


def test_the_index_names_surveys_by_where_they_stand(sample: Sample):
    def index() -> str:
        return str(Client().get("/en/").content.decode())

    assert f'href="/s/{sample.survey}/en/"' in index()
    with at(AFTER):
        assert f'href="/s/{sample.survey}/en/list/"' in index()
        actions.post_release(sample.survey, b"{}", RELEASE_PAGE)
        assert f'href="/s/{sample.survey}/en/results/"' in index()


def test_the_index_of_an_empty_installation_teaches():
    assert "No survey is open here now" in Client().get("/en/").content.decode()


DESTROYED = {
    "on": "2027-05-03",
    "unopened": False,
    "backups": {"cleared": ["2026-10-01"], "elsewhere": ["2026-10-09"]},
    "sheets": [{"party": "Bus and Trades", "on": "2027-05-04"}, {"party": "The District", "on": ""}],
}


def test_what_became_of_the_answers_and_of_copies_is_said(sample: Sample, visitor: Visitor, saved: dict[str, str]):
    page = f"{visitor.url}list/"
    assert "are destroyed" not in visitor.client.get(page).content.decode()
    actions.post_bulletin(sample.survey, {"end": DESTROYED})
    words = visitor.client.get(page).content.decode()
    assert "On Monday, May 3 sealed answers, passes, codes" in words and "The totals stay." in words
    assert "shredded, said on Tuesday, May 4" in words and "not said yet" in words
    assert "What may remain elsewhere" in words and "Friday, October 9" in words
    actions.post_bulletin(
        sample.survey, {"end": {**DESTROYED, "unopened": True, "backups": {"cleared": [], "elsewhere": []}}}
    )
    words = visitor.client.get(page).content.decode()
    assert "They were never opened." in words and "What may remain elsewhere" not in words


def test_a_restore_while_the_survey_is_open_is_said_at_once(sample: Sample, visitor: Visitor):
    entry = {"on": "2026-10-08", "backup_of": "2026-10-07", "more": 61}
    actions.post_bulletin(sample.survey, {"restores": [entry]})
    words = visitor.client.get(f"{visitor.url}list/").content.decode()
    assert "Up to 61 people can take a pass once more" in words and "backup of Wednesday, October 7" in words


def broken(**changes: Any) -> dict[str, Any]:
    return {**RELEASE_PAGE, **changes}


def chart(html: str) -> dict[str, Any]:
    words = {"en": html, "es": html}
    return broken(blocks=[{"kind": "chart", "title": words, "html": words}])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (broken(title={"en": "only English"}), "title needs words"),
        (broken(on="Friday"), "Invalid isoformat"),
        (broken(blocks=[{"kind": "video"}]), "no block of kind"),
        (broken(blocks=[{"kind": "table", "title": text("T"), "head": ["a"], "rows": [["1", "2"]]}]), "cells"),
        (broken(blocks=[{"kind": "promises", "sides": [{"side": "nobody", "items": []}]}]), "nobody promises"),
        (chart("<script>alert(1)</script>"), "no <script>"),
        (chart('<svg onload="alert(1)"></svg>'), "no attribute onload"),
        (chart('<p style="color:red"></p>'), "no attribute style"),
        (chart('<a href="https://elsewhere.example">x</a>'), "no attribute href"),
    ],
)
def test_a_page_that_cannot_be_shown_is_refused(sample: Sample, content: dict[str, Any], reason: str):
    with pytest.raises(ValueError, match=reason):
        actions.post_release(sample.survey, b"{}", content)
    assert not queries.bulletin(sample.survey).page
