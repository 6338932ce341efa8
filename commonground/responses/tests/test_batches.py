"""What a kiosk sends: one byte back for each answer, stored in the order of hashes, in time or not at all."""

from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commonground.kernel.time import at
from commonground.responses import actions, sending
from commonground.responses.batches import Outcome
from commonground.responses.models import SealedAnswer
from commonground.responses.tests.sample import AFTER, CLOSES, OPENS, Sample, make_sample, publish
from commonground.sealing.codes import code_receipt
from commonground.sealing.lists import item_hash

pytestmark = pytest.mark.django_db(transaction=True, databases=["responses"])


@pytest.fixture
def sample(sample: Sample) -> Sample:
    """A published survey with more codes than the usual three."""
    return publish(make_sample(12))


def records(sample: Sample, *codes: bytes) -> list[tuple[bytes, bytes]]:
    """Codes with answers sealed for them, ascending by the hash of the item."""
    blank = sample.paper.layout.encode({})
    made = [(code, sending.seal(sample.paper, code, blank)) for code in codes]
    return sorted(made, key=lambda record: item_hash(record[1]))


def send(sample: Sample, batch: list[tuple[bytes, bytes]]):
    data = b"".join(code + item for code, item in batch)
    return Client().post(f"/s/{sample.survey}/codes/", data, content_type="application/octet-stream")


def test_a_batch_is_stored_and_thanked_for_again(sample):
    batch = records(sample, *sample.codes)
    assert [list(send(sample, batch).content) for _ in range(2)] == [[Outcome.STORED] * 12, [Outcome.SAME] * 12]
    assert {bytes(row.key) for row in SealedAnswer.objects.all()} == set(sample.hashes)
    assert sample.open_item(batch[0][1]).receipt == code_receipt(sample.paper.survey, batch[0][0])


def test_each_record_is_answered_for_itself(sample):
    free, used, cancelled = sample.codes[:3]
    assert send(sample, records(sample, used)).content == bytes([Outcome.STORED])
    actions.cancel_codes(sample.survey, [sample.hashes[2]])
    batch = records(sample, free, used, cancelled, bytes(10))
    expected = {free: Outcome.STORED, used: Outcome.USED, cancelled: Outcome.CANCELLED, bytes(10): Outcome.UNKNOWN}
    assert list(send(sample, batch).content) == [expected[code] for code, _item in batch]
    assert SealedAnswer.objects.count() == 2


def test_one_code_twice_in_a_batch_lets_one_answer_in(sample):
    code = sample.codes[0]
    assert sorted(send(sample, records(sample, code, code)).content) == [Outcome.STORED, Outcome.USED]


def test_a_code_of_another_survey_is_unknown_here(sample):
    other = publish(make_sample(1))
    assert send(sample, records(sample, other.codes[0])).content == bytes([Outcome.UNKNOWN])


def test_a_batch_that_is_not_in_order_or_not_whole_is_refused(sample):
    batch = records(sample, *sample.codes[:2])
    whole = b"".join(code + item for code, item in batch)
    assert send(sample, batch[::-1]).status_code == 400
    assert send(sample, [batch[0], batch[0]]).status_code == 400
    for data in (b"", whole[:-1], whole + b"x"):
        answer = Client().post(f"/s/{sample.survey}/codes/", data, content_type="application/octet-stream")
        assert answer.status_code == 400
    assert not SealedAnswer.objects.exists()
    assert Client().post(f"/s/{bytes(16).hex()}/codes/", whole, content_type="x/x").status_code == 404
    assert Client().get(f"/s/{sample.survey}/codes/").status_code == 405


def test_what_comes_before_opening_or_after_the_grace_is_not_taken(sample):
    codes = iter(sample.codes)
    for moment, outcome in (
        (OPENS - timedelta(seconds=1), Outcome.CLOSED),
        (CLOSES + actions.GRACE - timedelta(seconds=2), Outcome.STORED),
        (AFTER, Outcome.CLOSED),
    ):
        with at(moment):
            assert send(sample, records(sample, next(codes))).content == bytes([outcome])
    with at(AFTER):
        actions.shut(sample.survey)
    assert send(sample, records(sample, next(codes))).content == bytes([Outcome.CLOSED]), "closed is closed"


def test_a_batch_is_one_transaction_with_statements_that_never_fail_on_a_row(sample):
    batch = records(sample, *sample.codes[:5])
    send(sample, batch[:2])
    with CaptureQueriesContext(connections["responses"]) as captured:
        assert send(sample, batch).status_code == 200
    statements = [query["sql"] for query in captured.captured_queries]
    inserts = [sql for sql in statements if "INSERT" in sql]
    assert len(inserts) == 5 and all("ON CONFLICT DO NOTHING" in sql for sql in inserts)
    assert (
        sum(sql.startswith("BEGIN") for sql in statements) <= 1 and sum(sql == "COMMIT" for sql in statements) <= 1
    )


def test_any_origin_may_send_and_no_cookie_is_set(sample):
    answer = Client().options(f"/s/{sample.survey}/codes/")
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (204, "*")
    assert not send(sample, records(sample, sample.codes[0])).cookies
