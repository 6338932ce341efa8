"""An answer by pass: taken once, replaced by higher versions only, thanked for again, and bound to its paper."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from django.test import Client

from commonground.kernel.time import at
from commonground.responses import actions, queries
from commonground.responses.models import Bulletin, SealedAnswer
from commonground.responses.tests.sample import AFTER, CLOSES, OPENS, Sample, make_sample, publish
from commonground.sealing.formats import PASS
from commonground.sealing.passes import PassRow, Respondent, answer_message, sign

pytestmark = pytest.mark.django_db(databases=["responses"])


def send(sample: Sample, row: PassRow | bytes, survey: str = ""):
    """Post a row as a browser does."""
    data = row if isinstance(row, bytes) else row.to_bytes()
    return Client().post(f"/s/{survey or sample.survey}/answer/", data, content_type="application/octet-stream")


def an_answer(sample: Sample, person: Respondent, value: int = 3) -> PassRow:
    return person.answer(sample.paper.layout.encode({"q1": value}))


def test_an_answer_is_stored_as_signed_and_acknowledged(sample):
    person = sample.somebody()
    row = an_answer(sample, person)
    answer = send(sample, row)
    assert answer.status_code == 200 and person.is_acknowledged(row, answer.content)
    stored = SealedAnswer.objects.get()
    assert queries.log_row(stored) == row.to_bytes() and stored.kind == PASS
    assert sample.open_item(row.item).receipt == person.receipt


def test_the_same_answer_again_is_thanked_for_and_stored_once(sample):
    person = sample.somebody()
    row = an_answer(sample, person)
    for _ in range(3):
        assert person.is_acknowledged(row, send(sample, row).content)
    assert SealedAnswer.objects.count() == 1


def test_a_higher_version_replaces_the_answer(sample):
    person = sample.somebody()
    rows = [an_answer(sample, person, value) for value in (1, 2, 3)]
    assert [send(sample, rows[place]).status_code for place in (0, 2)] == [200, 200]
    assert bytes(SealedAnswer.objects.get().item) == rows[2].item


def test_an_equal_or_lower_version_with_another_item_is_told_which_one_stands(sample):
    person = sample.somebody()
    first, second = an_answer(sample, person), an_answer(sample, person)
    assert send(sample, second).status_code == 200
    answer = send(sample, first)
    assert (answer.status_code, answer.content) == (409, second.version.to_bytes(4, "big"))
    message = answer_message(sample.paper.hash, second.version, first.item)
    answer = send(sample, replace(second, item=first.item, signature=sign(message, person.key)))
    assert (answer.status_code, answer.content) == (409, second.version.to_bytes(4, "big"))
    assert bytes(SealedAnswer.objects.get().item) == second.item


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"pass_signature": bytes(256)}, 403),
        ({"signature": bytes(64)}, 403),
        ({"version": 1 << 30}, 403),
        ({"version": 0}, 400),
        ({"key": bytes(65)}, 400),
        ({"item": b"short"}, 400),
    ],
    ids=str,
)
def test_what_was_not_issued_or_not_signed_is_refused(sample, changed, status):
    answer = send(sample, replace(an_answer(sample, sample.somebody()), **changed))
    assert (answer.status_code, answer.content) == (status, b"")
    assert not SealedAnswer.objects.exists()


def test_a_pass_is_good_for_its_own_survey_only(sample):
    other = publish(make_sample())
    row = an_answer(other, other.somebody())
    assert send(sample, row).status_code == 403
    assert send(sample, row, survey=bytes(16).hex()).status_code == 404


def test_who_had_the_pass_by_closing_can_send_for_a_quarter_of_an_hour(sample):
    people = [sample.somebody() for _ in range(3)]
    with at(OPENS - timedelta(seconds=1)):
        assert send(sample, an_answer(sample, people[0])).status_code == 425
    with at(CLOSES + actions.GRACE - timedelta(seconds=2)):
        assert send(sample, an_answer(sample, people[1])).status_code == 200
    with at(AFTER):
        assert send(sample, an_answer(sample, people[2])).status_code == 410
        actions.shut(sample.survey)
        assert send(sample, an_answer(sample, people[2])).status_code == 410
    assert SealedAnswer.objects.count() == 1


def test_a_send_writes_one_row_in_one_statement(sample, django_assert_num_queries):
    row = an_answer(sample, sample.somebody())
    send(sample, row)
    for again in (an_answer(sample, sample.somebody()), row):
        with django_assert_num_queries(2 if again is row else 1, using="responses") as queries:
            assert send(sample, again).status_code == 200
        written = [q["sql"] for q in queries.captured_queries if "responses_sealedanswer" in q["sql"]]
        assert sum("INSERT" in sql for sql in written) == 1 and not any("_code" in sql for sql in written)


def test_every_address_serves_any_origin_and_sets_no_cookie(sample):
    base = f"/s/{sample.survey}"
    for path, method in (
        (f"{base}/paper.json", "get"),
        (f"{base}/answer/", "post"),
        (f"{base}/answer/", "options"),
    ):
        answer = getattr(Client(), method)(path)
        assert answer["Access-Control-Allow-Origin"] == "*" and not answer.cookies
        assert "Content-Security-Policy" in answer


def test_the_paper_is_served_byte_for_byte(sample):
    served = Client().get(f"/s/{sample.survey}/paper.json")
    assert sha256(served.content).digest() == sample.paper.hash
    assert Client().get(f"/s/{bytes(16).hex()}/paper.json").status_code == 404


@pytest.mark.parametrize(
    ("moment", "phase"), [(OPENS - timedelta(hours=1), "before"), (OPENS, "open"), (CLOSES, "after")]
)
def test_the_door_says_whether_the_survey_is_open(sample, moment, phase):
    with at(moment):
        served = Client().get(f"/s/{sample.survey}/paper.json")
    assert served["Survey-Phase"] == phase
    assert served["Access-Control-Expose-Headers"] == "Survey-Phase"


def test_files_of_the_page_are_those_that_the_paper_names(sample):
    named = sample.paper.content["client"]
    for name, digest in named.items():
        served = Client().get(f"/s/{sample.survey}/client/{name}")
        assert sha256(served.content).hexdigest() == digest
    assert "tokens.css" in named
    assert Client().get(f"/s/{sample.survey}/client/other.js").status_code == 404


def test_closing_lists_answers_by_pass_beside_those_by_code(sample):
    rows = [an_answer(sample, sample.somebody()) for _ in range(3)]
    for row in rows:
        send(sample, row)
    with at(AFTER):
        closing = actions.shut(sample.survey)
    assert (closing.answers, closing.answers_by_pass, closing.answers_by_code) == (3, 3, 0)
    lines = Bulletin.objects.get().in_list.split("\n")
    assert len(lines) == 4
