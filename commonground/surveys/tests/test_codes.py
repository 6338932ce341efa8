"""Codes: hashes only, and codes that came back."""

from datetime import timedelta

import pytest
from django.db import connections

from commonground.access.actor import Actor, Role
from commonground.demo import cast
from commonground.kernel import time
from commonground.kernel.errors import NotAllowed, NotFound, Refused
from commonground.ledger.models import LedgerEntry
from commonground.responses.models import Code, SealedAnswer
from commonground.sealing.codes import code_hash, code_receipt, read_code, receipt_hash
from commonground.sealing.formats import hash_in_links
from commonground.surveys import addresses, campaign, codes
from commonground.surveys.models import CodeBatch, Eligible
from commonground.surveys.tests import writing

pytestmark = pytest.mark.django_db(databases=["default", "responses"])


@pytest.fixture
def steps(valley):
    return writing.launched(valley)


def everything(alias):
    """Every cell of a database as one text, as somebody with a copy of it would search."""
    with connections[alias].cursor() as cursor:
        found = []
        for table in connections[alias].introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [str(bytes(cell) if isinstance(cell, memoryview) else cell) for row in cursor for cell in row]
    return " ".join(found)


def test_printed_codes_are_known_by_hash_and_by_receipt_hash_alone(steps):
    written, pdf = codes.print_codes(steps.actor(cast.SAM), steps.survey.pk, 3)
    survey = bytes.fromhex(steps.survey.public_id)
    hashes = {bytes(row.hash) for row in Code.objects.all()}
    assert hashes == {code_hash(survey, read_code(code)) for code in written}
    receipts = codes.receipts(steps.survey)
    assert receipts.printed == {receipt_hash(code_receipt(survey, read_code(code))) for code in written}
    assert pdf.startswith(b"%PDF") and len(set(written)) == 3


def test_no_code_lies_in_any_table_after_printing(steps):
    written = codes.draw(steps.actor(cast.SAM), steps.survey.pk, 5)
    stored = everything("default") + everything("responses")
    for code in written:
        assert code not in stored and code.replace("-", "") not in stored and read_code(code).hex() not in stored


def test_the_record_holds_the_hash_of_the_sorted_receipts(steps):
    codes.draw(steps.actor(cast.SAM), steps.survey.pk, 4)
    batch = CodeBatch.rows.within(steps.survey.partnership_id).get()
    bodies = " ".join(LedgerEntry.rows.within(steps.survey.partnership_id).values_list("body", flat=True))
    lines = batch.receipts.split()
    assert lines == sorted(lines) and len(lines) == 4
    assert batch.receipts_hash in bodies and not any(line in bodies for line in lines)


def test_who_may_not_issue_codes_makes_none_on_either_side(steps):
    for actor in (
        steps.actor(cast.HELEN),
        Actor(None, steps.survey.partnership_id, roles=frozenset({Role.MEMBER})),
    ):
        with pytest.raises(NotAllowed):
            codes.draw(actor, steps.survey.pk, 2)
    assert not Code.objects.exists()


def test_before_launch_there_are_no_codes(valley):
    waiting = writing.frozen(valley)
    with pytest.raises(Refused):
        codes.draw(waiting.actor(cast.SAM), waiting.survey.pk, 2)


def test_the_count_is_taken_once_a_day_in_steps_of_25(steps):
    def answers(count):
        SealedAnswer.objects.all().delete()
        for number in range(count):
            SealedAnswer.objects.create(key=bytes([number]), survey=steps.survey.public_id, kind=2, item=b"x")

    opens = steps.survey.opens_at
    assert campaign.take_counts() == 0
    with time.at(opens + timedelta(hours=1)):
        answers(30)
        assert campaign.take_counts() == 1
        answers(60)
        assert campaign.take_counts() == 0
    assert steps.again().answers_shown == 25
    with time.at(opens + timedelta(days=1, hours=2)):
        assert campaign.take_counts() == 1
    assert steps.again().answers_shown == 50


def test_the_count_of_the_day_never_says_that_everyone_has_answered(steps):
    asked = Eligible.rows.within(steps.survey.partnership_id).filter(survey=steps.survey)
    few = asked.values_list("pk", flat=True)[:50]
    asked.exclude(pk__in=list(few)).delete()
    for number in range(50):
        SealedAnswer.objects.create(key=bytes([number]), survey=steps.survey.public_id, kind=2, item=b"x")
    with time.at(steps.survey.opens_at + timedelta(hours=1)):
        assert campaign.take_counts() == 1
    assert asked.count() == 50 and steps.again().answers_shown == 25


def test_a_correction_reaches_the_door_once_all_keys_are_turned(steps):
    from commonground.responses.models import Paper

    text = campaign.propose_erratum(
        steps.actor(cast.DANA), steps.survey.pk, text_en="Call 555-0199.", text_es="Llame al 555-0199."
    )
    assert campaign.publish_errata() == 0
    writing.turn_all(steps, text.subject_id)
    assert campaign.publish_errata() == 1
    assert campaign.publish_errata() == 0
    (erratum,) = Paper.objects.get(pk=steps.survey.public_id).errata
    assert erratum["es"] == "Llame al 555-0199."


def test_two_districts_do_not_share_a_survey(steps, neighbor):
    with pytest.raises(NotFound):
        codes.draw(neighbor.actor(cast.NEIGHBOR), steps.survey.pk, 1)
    assert not Code.objects.exists()


def test_the_link_carries_the_whole_hash_of_the_paper_that_the_page_compares(steps):
    address, _, behind = addresses.link(steps.survey, "en", "7K2M").partition("#")
    assert address.endswith(f"/s/{steps.survey.public_id}/en/")
    assert behind == f"c=7K2M&p={hash_in_links(bytes.fromhex(steps.survey.paper_hash))}"
    assert "#" not in addresses.link(steps.survey, "en")


@pytest.mark.parametrize(("language", "order"), [("en", ["en", "es"]), ("es", ["es", "en"])])
def test_a_sheet_begins_in_the_language_that_its_square_opens(steps, language, order):
    made = codes._slips(steps.survey, ["0000-0000-0000-0000-0"], language, "ab" * 32)
    assert made["languages"] == order and set(made["until"]) == {"en", "es"}
    assert f"/{language}/" in made["slips"][0]["link"]
