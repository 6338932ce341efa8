"""What every page of the door carries, and what none does: a cookie, a code in an address, what broke."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from tinyhtml5.parser import HTMLParser  # type: ignore[import-untyped]

from commonground.kernel.time import at
from commonground.responses import actions, middleware, sending
from commonground.responses.tests.pages import RELEASE_PAGE
from commonground.responses.tests.sample import AFTER, DURING, Sample, make_sample, publish
from commonground.responses.tests.visitor import Browser, Visitor

pytestmark = pytest.mark.django_db(transaction=True, databases=["responses"])


def every_page(sample: Sample, language: str, number: int) -> list[Any]:
    """All pages of the door in one language: open, midway, refused, sent, closed, counted, published."""
    visitor = Visitor(Browser(), sample.survey, language)
    pages = [visitor.arrive().page, visitor.start("ABCD").page, visitor.start(sample.typed(number)).page]
    pages += [visitor.page for _ in visitor.screens()]
    pages.append(visitor.press("send").page)
    saved = dict(visitor.form("save").fields)
    pages += [visitor.start(sample.typed(number)).page, visitor.client.get(f"/{language}/")]
    pages.append(visitor.client.get(f"{visitor.url}list/"))
    with at(AFTER):
        pages += [visitor.client.get(visitor.url), visitor.client.get(f"/{language}/")]
        pages += after_closing(sample, visitor, saved)
    return pages


def after_closing(sample: Sample, visitor: Visitor, saved: dict[str, str]) -> list[Any]:
    actions.shut(sample.survey)
    actions.post_bulletin(sample.survey, {"peels": [{"party": "Bus and Trades", "hash": "ab" * 32}]})
    typed = (saved["line"], saved["receipt"], "AAAA AAAA AAAA AAAA", "U")
    pages = [visitor.client.post(f"{visitor.url}list/", {"line": line}) for line in typed]
    actions.post_receipts(sample.survey, [bytes(range(16))])
    actions.post_release(sample.survey, b"{}", RELEASE_PAGE)
    urls = ("", "list/", "results/")
    pages += [visitor.client.get(visitor.url + url) for url in urls]
    return [*pages, visitor.client.get(f"/{visitor.language}/")]


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_is_valid_and_carries_the_headers(sample: Sample, language: str):
    pages = every_page(sample, language, 0)
    assert len(pages) > 20
    for page in pages:
        parser = HTMLParser(namespace_html_elements=False)
        parser.parse(page.content, transport_encoding="utf-8")
        assert parser.errors == []
        assert page.headers.items() >= middleware.HEADERS.items()
        assert not page.cookies and "Set-Cookie" not in page.headers
        text = page.content.decode()
        assert f'<html lang="{language}"' in text
        assert all(link.startswith(("/", "#")) for link in re.findall(r'(?:href|src|action)="([^"]*)"', text))
        assert not re.search(r" style=| on\w+=|<script(?! type=\"module\" src)", text)
        assert re.search(r"<h1>[^<]+</h1>", text)


def test_ids_are_used_once_on_each_page(sample: Sample):
    for page in every_page(sample, "en", 0):
        ids = re.findall(r' id="([^"]+)"', page.content.decode())
        assert len(ids) == len(set(ids))


def test_front_page_and_screens_with_their_styles_are_light(sample: Sample, visitor: Visitor):
    names = ("cg/tokens.css", "cg/components.css", "respond/door.css", "respond/code.js", "cg/favicon.svg")
    assets = sum(Path(str(finders.find(name))).stat().st_size for name in names)
    front = visitor.arrive().page.content
    heaviest = max(len(page.content) for page in every_page(sample, "en", 0))
    assert assets + len(front) + heaviest < 60_000


def test_the_front_page_says_when_sealed_answers_are_destroyed_as_the_paper_does(sample: Sample, visitor: Visitor):
    content = sample.paper.content
    page = visitor.client.get(visitor.url).content.decode()
    assert f"destroyed {content['destroy_after_days']} days after they are counted" in page
    assert f"destroyed unread {content['unopened_after_days']} days after the survey closes" in page


def test_no_address_ever_holds_a_code(sample: Sample, visitor: Visitor):
    characters = sample.typed().replace("-", "")
    visitor.start(sample.typed())
    for _ in visitor.screens():
        for action in re.findall(r'(?:href|action|src)="([^"]*)"', visitor.text):
            assert characters not in action.replace("-", "").upper()
    visitor.press("send")
    assert "Location" not in visitor.page.headers
    assert sample.typed() not in visitor.text
    assert characters not in visitor.text


def test_what_breaks_shows_a_plain_page_and_the_form_works_again(
    sample: Sample, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
):
    visitor.client.raise_request_exception = False
    visitor.start(sample.typed())
    visitor.to_the_last_screen()
    last = visitor.page
    with monkeypatch.context() as patched:
        patched.setattr(sending, "store", lambda *_: 1 / 0)
        broken = visitor.press("send").page
    assert broken.status_code == 500
    assert "Something broke on our side" in visitor.text and "ZeroDivisionError" not in visitor.text
    assert broken.headers.items() >= middleware.HEADERS.items()
    visitor.page = last
    assert "Thank you. Your answers are sealed." in visitor.press("send").text


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    "sent", [{"kept": "?"}, {"kept": "AAAA"}, {"screen": "99"}, {"screen": "x"}, {"screen": "0", "a.q1": "9"}]
)
def test_a_form_that_we_never_made_gets_the_error_page(sample: Sample, visitor: Visitor, sent: dict[str, str]):
    page = visitor.client.post(visitor.url, {"code": sample.typed(), **sent})
    assert page.status_code == 400
    assert page.headers.items() >= middleware.HEADERS.items()


def test_letters_that_are_no_utf_8_are_answered_in_words(sample: Sample, visitor: Visitor):
    page = visitor.client.generic("POST", visitor.url, b"go=start&code=%FF%FE\xff\xfe", content_type=FORM)
    assert (page.status_code, "We could not read what was sent" in page.content.decode()) == (400, True)


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-16", "nonsense"])
def test_a_charset_that_a_form_claims_changes_nothing(sample: Sample, visitor: Visitor, charset: str):
    kind = f"{FORM}; charset={charset}"
    page = visitor.client.generic("POST", visitor.url, b"go=start&code=A", content_type=kind)
    assert (page.status_code, 'name="code"' in page.content.decode()) == (422, True)


def test_a_form_without_its_fields_asks_for_the_code_again(sample: Sample, visitor: Visitor):
    page = visitor.client.post(visitor.url, {"go": "send"})
    assert page.status_code in (200, 422)
    assert 'name="code"' in page.content.decode()


def test_what_is_too_large_is_turned_away_unread(visitor: Visitor):
    page = visitor.client.post(visitor.url, {"kept": "A" * 300_000})
    assert page.status_code == 413
    assert page.headers.items() >= middleware.HEADERS.items()


@pytest.mark.parametrize("path", ["/nowhere/", f"/s/{'0' * 32}/en/", f"/s/{'0' * 32}/en/list/answers.txt"])
def test_unknown_addresses_get_the_doors_own_page(sample: Sample, path: str):
    page = Client().get(path)
    assert page.status_code == 404
    assert "No cookies, no counting of visits" in page.content.decode()


def test_the_browsers_language_is_used_where_the_path_has_none(sample: Sample):
    client = Client(headers={"Accept-Language": "fr, es-MX;q=0.8, en;q=0.5"})
    assert '<html lang="es"' in client.get("/").content.decode()
    assert client.get(f"/s/{sample.survey}/").headers["Location"] == f"/s/{sample.survey}/es/"


def test_a_language_that_the_paper_lacks_is_not_there():
    with at(DURING):
        only = publish(make_sample(languages=["en"]))
        assert Client().get(f"/s/{only.survey}/es/").status_code == 404
        assert Client().get("/es/").status_code == 200
