"""From the front page to the receipt: what is stored, what is kept, and what one code can do."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from commonground.kernel.time import at
from commonground.responses import actions, editions, queries, sending, views
from commonground.responses.models import SealedAnswer
from commonground.responses.tests.sample import AFTER, DURING, Sample, make_sample, publish
from commonground.responses.tests.visitor import Browser, Visitor
from commonground.sealing import formats
from commonground.sealing.answers import Quotable

pytestmark = pytest.mark.django_db(transaction=True, databases=["responses"])

ANSWERS: dict[str, Any] = {
    "q1": "0",
    "q14": "4",
    "q15": "2",
    "q23": "10",
    "q25": ["0", "2"],
    "q26": "The garden, <b>please</b>.\r\nAnd the piñata.",
    "q28": "1",
    "q30": "0",
}
READ: dict[str, Any] = {
    **{name: int(value) for name, value in ANSWERS.items() if isinstance(value, str) and value.isdigit()},
    "q25": (0, 2),
    "q26": "The garden, <b>please</b>.\nAnd the piñata.",
}


def opened(sample: Sample) -> list[dict[str, Any]]:
    """All stored answers, opened, without what was left unanswered."""
    plain = [sample.open_item(bytes(row.item)) for row in SealedAnswer.objects.filter(survey=sample.survey)]
    decoded = [sample.paper.layout.decode(answer.answers) for answer in plain]
    return [{name: value for name, value in answers.items() if value is not None} for answers in decoded]


def tables() -> dict[str, list[Any]]:
    """Everything in the database."""
    connection = connections["responses"]
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {table}")
            found[table] = cursor.fetchall()
    return found


def test_answers_arrive_sealed_and_open_as_they_were_given(sample: Sample, visitor: Visitor):
    page = visitor.start(sample.typed()).answer_all(ANSWERS).page
    assert page.status_code == 200
    assert "Thank you. Your answers are sealed." in visitor.text
    assert opened(sample) == [READ]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_code_typed_at_the_entrance_finds_its_survey(sample: Sample, language: str):
    other = publish(make_sample())
    entrance = Visitor(Browser(), "", language)
    entrance.page = entrance.client.get(f"/{language}/")
    entrance.press("", form="have-code", code=other.typed().lower().replace("-", " "))
    assert entrance.page.status_code == 200 and entrance.form().action == f"/s/{other.survey}/{language}/"
    assert 'value="' + other.typed().lower().replace("-", " ") in entrance.text
    entrance.press("start")
    assert entrance.questions()


@pytest.mark.parametrize(
    ("typed", "words"), [("ABCD", "this has 4"), ("0000-0000-0000-0000-0", "do not know this code")]
)
def test_a_code_that_finds_no_survey_is_kept_and_explained(sample: Sample, typed: str, words: str):
    entrance = Visitor(Browser(), "")
    entrance.page = entrance.client.get("/en/")
    entrance.press("", form="have-code", code=typed)
    assert entrance.page.status_code == 422 and words in entrance.text and f'value="{typed}"' in entrance.text


def test_a_send_writes_one_row_in_one_table(sample: Sample, visitor: Visitor):
    before = tables()
    visitor.start(sample.typed(1)).answer_all(ANSWERS)
    after = tables()
    assert {name for name in after if after[name] != before[name]} == {"responses_sealedanswer"}
    row = SealedAnswer.objects.get()
    assert bytes(row.key) == sample.hashes[1]
    assert (row.kind, row.version, bytes(row.pass_signature), bytes(row.signature)) == (formats.CODE, 1, b"", b"")


def test_every_item_has_the_one_size(sample: Sample):
    for number, answers in enumerate([{}, ANSWERS, {"q26": "ñ" * 250, "q27": "x" * 500}]):
        Visitor(Browser(), sample.survey).start(sample.typed(number)).answer_all(answers)
    sizes = {len(row.item) for row in SealedAnswer.objects.all()}
    assert sizes == {queries.paper_row(sample.survey).item_size}
    assert SealedAnswer.objects.count() == 3


def test_nothing_is_stored_before_the_last_button(sample: Sample, visitor: Visitor):
    visitor.start(sample.typed())
    before = tables()
    for _ in visitor.screens():
        visitor.press("stay", **{visitor.questions()[0]: "1"})
    assert tables() == before


def test_the_language_changes_on_every_screen_and_keeps_all_answers(sample: Sample, visitor: Visitor):
    visitor.start(sample.typed())
    for _ in range(20):
        here = {name: ANSWERS[name] for name in visitor.questions() if name in ANSWERS}
        visitor.language = "es" if visitor.language == "en" else "en"
        visitor.press("stay", url=visitor.url, **here)
        assert f'<html lang="{visitor.language}"' in visitor.text
        if 'value="send"' in visitor.text:
            break
        visitor.press("next")
    visitor.press("send")
    assert opened(sample) == [READ]


def test_the_language_changes_on_the_front_page_and_keeps_the_code(sample: Sample, visitor: Visitor):
    visitor.arrive()
    visitor.language = "es"
    visitor.press("stay", url=visitor.url, code=sample.typed())
    assert f'value="{sample.typed()}"' in visitor.text


def test_back_keeps_answers_all_the_way_to_the_front_page(sample: Sample, visitor: Visitor):
    visitor.start(sample.typed()).press("next", q1="3").press("back", q6="2")
    assert '<input type="radio" name="a.q1" value="3" checked>' in visitor.text
    visitor.press("back")
    assert "Go on with the survey" in visitor.text
    visitor.press("start").answer_all({})
    assert opened(sample) == [{"q1": 3, "q6": 2}]


def test_skipping_leaves_a_screen_unanswered(sample: Sample, visitor: Visitor):
    visitor.start(sample.typed()).press("next", q1="3").press("back").press("skip", q2="1")
    assert visitor.questions()[0] != "q1"
    visitor.answer_all({})
    assert opened(sample) == [{}]


def test_clearing_the_last_screen_stays_there(sample: Sample, visitor: Visitor):
    visitor.start(sample.typed())
    visitor.to_the_last_screen()
    visitor.press("stay", q28="1").press("clear")
    assert 'value="send"' in visitor.text
    visitor.press("send")
    assert opened(sample) == [{}]


def test_a_text_over_its_limit_is_kept_and_named(sample: Sample, visitor: Visitor):
    visitor.start(sample.typed())
    next(None for _ in visitor.screens() if "q26" in visitor.questions())
    said = "ñ" * 251
    visitor.press("next", q26=said)
    assert visitor.page.status_code == 422
    assert "This is 2 letters too long." in visitor.text
    assert said in visitor.text
    visitor.press("next", q26=said[:-1]).answer_all({})
    assert opened(sample) == [{"q26": said[:-1]}]


@pytest.mark.parametrize("says_yes", [False, True])
def test_words_in_the_form_are_quoted_only_if_the_box_is_ticked(sample: Sample, visitor: Visitor, says_yes: bool):
    visitor.start(sample.typed())
    next(None for _ in visitor.screens() if "q26" in visitor.questions())
    assert visitor.text.count("You may quote my words") == 1
    assert "Two named people, one of each party, read this" in visitor.text
    visitor.press("stay", q26="Shade.", **({"consent.q26": "1"} if says_yes else {}))
    assert (' name="consent.q26" value="1" checked' in visitor.text) == says_yes
    visitor.answer_all({})
    [answer] = opened(sample)
    assert answer == {"q26": "Shade."} and isinstance(answer["q26"], Quotable) == says_yes


def test_sending_twice_counts_once_and_shows_the_receipt_again(sample: Sample, visitor: Visitor):
    visitor.start(sample.typed())
    visitor.press("stay", q1="1").to_the_last_screen()
    last_screen = visitor.page
    first = visitor.press("send").form("save").fields
    visitor.page = last_screen
    again = visitor.press("send", q28="0").form("save").fields
    assert "We already have an answer with this code" in visitor.text
    assert dict(again) == dict(first) | {"before": "1"}
    assert opened(sample) == [{"q1": 1}]


def test_in_two_tabs_the_first_sent_counts_and_both_show_its_receipt(sample: Sample, visitor: Visitor):
    second = Visitor(visitor.client, sample.survey).start(sample.typed())
    visitor.start(sample.typed()).press("stay", q1="1").to_the_last_screen().press("send")
    second.press("stay", q1="2").to_the_last_screen().press("send")
    assert "We already have an answer with this code" in second.text
    assert dict(second.form("save").fields)["receipt"] == dict(visitor.form("save").fields)["receipt"]
    assert opened(sample) == [{"q1": 1}]


def test_a_line_lost_after_the_last_button_loses_and_doubles_nothing(
    sample: Sample, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
):
    visitor.client.raise_request_exception = False
    visitor.start(sample.typed()).press("stay", q1="1").to_the_last_screen()
    last_screen = visitor.page
    with monkeypatch.context() as lost:
        lost.setattr(views, "_receipt", lambda *_, **__: 1 / 0)
        assert visitor.press("send").page.status_code == 500
    visitor.page = last_screen
    assert dict(visitor.press("send").form("save").fields)["receipt"]
    assert opened(sample) == [{"q1": 1}]


def test_a_used_code_leads_to_its_receipt_at_once(sample: Sample, visitor: Visitor):
    visitor.start(sample.typed()).answer_all({})
    receipt = dict(visitor.form("save").fields)["receipt"]
    visitor.start(sample.typed().lower().replace("-", " "))
    assert "We already have an answer with this code" in visitor.text
    assert receipt in visitor.text


def test_the_receipt_is_the_one_sealed_inside(sample: Sample, visitor: Visitor):
    visitor.start(sample.typed()).answer_all({})
    fields = dict(visitor.form("save").fields)
    plain = sample.open_item(bytes(SealedAnswer.objects.get().item))
    assert actions.receipt_line(plain.receipt) == fields["receipt"]
    assert formats.in_list_line(sample.hashes[0]) == fields["line"]


def test_the_receipt_can_be_saved_and_read_in_the_other_language(sample: Sample, visitor: Visitor):
    visitor.start(sample.typed()).answer_all({})
    receipt = visitor.page
    fields = dict(visitor.form("save").fields)
    saved = visitor.press("save", form="save").page
    assert saved["Content-Type"].startswith("text/plain")
    assert "attachment" in saved["Content-Disposition"]
    assert fields["receipt"] in visitor.text and fields["line"] in visitor.text
    visitor.page = receipt
    visitor.press("show", form="save", url=f"/s/{sample.survey}/es/receipt/")
    assert '<html lang="es"' in visitor.text and fields["receipt"] in visitor.text


def test_help_lines_are_shown_where_questions_touch_health(sample: Sample, visitor: Visitor):
    visitor.start(sample.typed()).answer_all({})
    assert "Call or text 988." in visitor.text
    calm = [{**question, "health": False} for question in sample.paper.content["questions"]]
    other = publish(make_sample(questions=calm))
    assert "988" not in Visitor(Browser(), other.survey).start(other.typed()).answer_all({}).text


def refused_at_start(visitor: Visitor, typed: str) -> str:
    visitor.start(typed)
    assert visitor.page.status_code == 422
    assert 'role="alert"' in visitor.text
    assert 'name="code"' in visitor.text
    return visitor.text


def test_a_mistyped_code_is_named_so_and_kept(sample: Sample, visitor: Visitor):
    typed = sample.typed()
    wrong = ("0" if typed[0] != "0" else "1") + typed[1:]
    assert "One of the characters is mistyped." in refused_at_start(visitor, wrong)
    assert f'value="{wrong}"' in visitor.text
    assert "this has 4." in refused_at_start(visitor, "ABCD")


def test_an_unknown_code_names_whom_to_ask(sample: Sample, visitor: Visitor):
    stranger = make_sample(codes_printed=1)
    text = refused_at_start(visitor, stranger.typed())
    assert "We do not know this code." in text
    assert "the committee, 555-0142" in text


def test_a_code_of_another_survey_leads_there(sample: Sample, visitor: Visitor):
    other = publish(make_sample(title={"en": "Break <rooms>", "es": "Salas"}))
    text = refused_at_start(visitor, other.typed())
    assert f'<a href="/s/{other.survey}/en/">Break &lt;rooms&gt;</a>' in text


def test_a_cancelled_code_is_refused_at_the_start_and_at_the_end(sample: Sample, visitor: Visitor):
    late = Visitor(Browser(), sample.survey).start(sample.typed())
    actions.cancel_codes(sample.survey, sample.hashes[:1])
    assert "This code was cancelled" in refused_at_start(visitor, sample.typed())
    assert "This code was cancelled" in late.answer_all(ANSWERS).text
    assert not SealedAnswer.objects.exists()


def test_before_opening_the_page_says_when_and_takes_no_code(sample: Sample, visitor: Visitor):
    with at(DURING.replace(day=10)):
        assert "The survey opens on Monday, November 16, 6:00 am." in visitor.arrive().text
        assert 'name="code"' not in visitor.text
        page = visitor.client.post(visitor.url, {"code": sample.typed(), "go": "start"})
        assert "The survey opens on" in page.content.decode()


def test_after_closing_the_page_says_so_and_takes_no_code(sample: Sample, visitor: Visitor):
    with at(AFTER):
        assert "The survey closed on Friday, December 11, 8:00 pm." in visitor.arrive().text
        assert 'name="code"' not in visitor.text


@pytest.mark.parametrize("go", ["next", "back", "skip", "stay", "send"])
def test_whoever_is_midway_at_closing_keeps_the_answers_on_the_page(sample: Sample, visitor: Visitor, go: str):
    visitor.start(sample.typed()).press("next", q1="3")
    with at(AFTER):
        visitor.press(go, q6="2")
    assert visitor.page.status_code == 422
    assert "Your answers were not sent and are not stored." in visitor.text
    assert dict(visitor.form().fields)["a.q6"] == "2"
    assert not SealedAnswer.objects.exists()
    visitor.press("back")
    assert dict(visitor.form().fields)["a.q1"] == "3"


def test_a_survey_shut_in_these_seconds_takes_nothing(
    sample: Sample, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
):
    visitor.start(sample.typed())
    visitor.to_the_last_screen()
    monkeypatch.setattr(editions, "SECONDS_TO_KEEP", 60)
    editions.state(sample.survey)
    with at(AFTER):
        actions.shut(sample.survey)
    visitor.press("send", q28="1")
    assert "Your answers were not sent and are not stored." in visitor.text
    assert dict(visitor.form().fields)["a.q28"] == "1"
    assert not SealedAnswer.objects.exists()


def test_an_erratum_is_seen(sample: Sample, visitor: Visitor):
    visitor.arrive()
    actions.add_erratum(sample.survey, {"en": "Room 3 & 4.", "es": "Salas 3 y 4."}, DURING.date())
    assert "Correction of Wednesday, November 18:" in visitor.arrive().text
    assert "Room 3 &amp; 4." in visitor.text


def test_screens_ask_the_database_nothing(sample: Sample, visitor: Visitor, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(editions, "SECONDS_TO_KEEP", 60)
    visitor.start(sample.typed())
    with CaptureQueriesContext(connections["responses"]) as captured:
        visitor.to_the_last_screen()
    assert len(captured) == 0
    with CaptureQueriesContext(connections["responses"]) as captured:
        visitor.press("send")
    assert len(captured) == 1


def at_once(jobs: list[Callable[[], Any]]) -> list[Any]:
    """Run the jobs in threads that start together, each with its own connection."""
    start = Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return job()
        finally:
            connections["responses"].close()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(run, jobs))


def test_two_browsers_with_one_code_leave_exactly_one_row(sample: Sample):
    visitors = [Visitor(Browser(), sample.survey) for _ in range(8)]
    for visitor in visitors:
        visitor.start(sample.typed())
        visitor.to_the_last_screen()

    def send(visitor: Visitor) -> str:
        with at(DURING):
            return visitor.press("send").text

    pages = at_once([lambda v=visitor: send(v) for visitor in visitors])  # type: ignore[misc]
    assert sum("<h1>We already have an answer" in page for page in pages) == len(pages) - 1
    assert sum("<h1>Thank you." in page for page in pages) == 1
    assert SealedAnswer.objects.count() == 1


def test_whatever_was_thanked_for_is_in_the_list_that_closing_makes(sample: Sample):
    survey = publish(make_sample(codes_printed=24))
    items = [sending.seal(survey.paper, code, survey.paper.layout.encode({})) for code in survey.codes]

    def send(number: int) -> bytes | None:
        with at(DURING):
            kept = sending.store(survey.paper, survey.codes[number], items[number])
        return items[number] if kept else None

    def shut() -> None:
        with at(AFTER):
            actions.shut(survey.survey)

    done = at_once([*(lambda n=number: send(n) for number in range(24)), shut])
    listing = formats.read_list(queries.get_list(survey.survey, 1) or b"")
    assert set(listing.items) == {item for item in done if item}
    assert SealedAnswer.objects.filter(survey=survey.survey).count() == len(listing.items)
