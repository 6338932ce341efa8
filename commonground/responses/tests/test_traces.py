"""Traces that an answer could leave on its way in: in the log of the database, in sizes, in language, in limits."""

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commonground.responses import sending
from commonground.responses.models import SealedAnswer
from commonground.sealing.codes import write_code
from commonground.sealing.lists import item_hash

pytestmark = pytest.mark.django_db(databases=["responses"])
OCTETS = "application/octet-stream"


@pytest.fixture
def faults():
    """Every statement that the database of answers refused: PostgreSQL writes each into its log, with the time."""
    refused = []

    def watch(execute, sql, params, many, context):
        try:
            return execute(sql, params, many, context)
        except Exception:
            refused.append(sql)
            raise

    with connections["responses"].execute_wrapper(watch):
        yield refused


def by_pass(sample, person, answers):
    row = person.answer(sample.paper.layout.encode(answers))
    return row.to_bytes()


def test_a_repetition_is_no_fault_in_the_database(sample, faults):
    person = sample.somebody()
    first, second = by_pass(sample, person, {"q1": 1}), by_pass(sample, person, {"q1": 2})
    for row in (first, first, second, first, second):
        Client().post(f"/s/{sample.survey}/answer/", row, content_type=OCTETS)
    form = {"code": write_code(sample.codes[0]), "screen": "0", "go": "send"}
    for _ in range(3):
        assert Client().post(f"/s/{sample.survey}/en/", form).status_code in (200, 422)
    assert SealedAnswer.objects.count() >= 1
    assert faults == []


def test_a_batch_of_a_kiosk_that_comes_again_is_no_fault_in_the_database(sample, faults):
    kept = [(code, sending.seal(sample.paper, code, sample.paper.layout.encode({}))) for code in sample.codes]
    kept.sort(key=lambda pair: item_hash(pair[1]))
    batch = b"".join(code + item for code, item in kept)
    answers = [Client().post(f"/s/{sample.survey}/codes/", batch, content_type=OCTETS) for _ in range(2)]
    assert [answer.content for answer in answers] == [bytes(3), b"\1" * 3]
    assert faults == []


def test_first_and_repeated_answers_look_the_same_from_outside(sample):
    """A listener on the line sees sizes: of what is sent and what comes back, whatever was answered."""
    sent, came = set(), set()
    for answers in ({}, {"q1": 3}, {"q26": "é" * 200, "q27": "words " * 60}):
        person = sample.somebody()
        row = by_pass(sample, person, answers)
        for _ in range(2):
            answer = Client().post(f"/s/{sample.survey}/answer/", row, content_type=OCTETS)
            sent.add(len(row))
            came.add((answer.status_code, len(answer.content), tuple(sorted(answer.headers.items()))))
    assert len(sent) == 1 and len(came) == 1


def test_answering_takes_the_same_statements_whatever_is_answered(sample):
    taken = []
    for answers in ({}, {}, {"q1": 3, "q26": "words " * 60}):
        row = by_pass(sample, sample.somebody(), answers)
        with CaptureQueriesContext(connections["responses"]) as asked:
            Client().post(f"/s/{sample.survey}/answer/", row, content_type=OCTETS)
        taken.append([query["sql"][:40] for query in asked])
    assert taken[1] == taken[2] and len(taken[1]) == 1, "the first one reads the paper"


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_language_of_the_page_is_nowhere_in_what_is_stored(sample, language):
    form = {"code": write_code(sample.codes[0]), "screen": "0", "go": "send"}
    data = "&".join(f"{name}={value}" for name, value in form.items())
    Client(HTTP_ACCEPT_LANGUAGE=language).post(
        f"/s/{sample.survey}/{language}/", data, content_type="application/x-www-form-urlencoded"
    )
    row = SealedAnswer.objects.get()
    assert (row.kind, row.version, bytes(row.pass_signature), bytes(row.signature)) == (2, 1, b"", b"")
    assert len(row.item) == sample.paper.item_size(1)
    assert bytes(row.key) == sample.hashes[0]


def test_nobody_is_held_up_for_coming_often(sample):
    """A limit by person or address would have to remember who came."""
    statuses = {
        Client(REMOTE_ADDR="10.1.2.3").post(f"/s/{sample.survey}/answer/", b"x", content_type=OCTETS).status_code
        for _ in range(120)
    }
    assert statuses == {400}
