"""A missing answer: proven with the file that its person keeps, it is noted for everyone; nothing else is."""

import secrets
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from playwright.sync_api import FilePayload, Route, sync_playwright

from commonground.kernel.errors import Refused
from commonground.kernel.time import at
from commonground.responses import actions, objections, passing, queries
from commonground.responses.models import SealedAnswer
from commonground.responses.tests.sample import AFTER, DURING, Sample
from commonground.sealing.errors import Malformed
from commonground.sealing.errors import Refused as NoProof
from commonground.sealing.passes import PassRow, Respondent, acknowledgement_message, sign
from commonground.sealing.proof import Proof, Standing, proof_of
from tests.browser import WIDTHS, faults, required, size

pytestmark = pytest.mark.django_db(transaction=True, databases=["responses"])


def sent(sample: Sample, person: Respondent, option: int = 1) -> Proof:
    """The proof of an answer that the door took in."""
    row = person.answer(sample.paper.layout.encode({"q1": option}))
    with at(DURING):
        return proof_of(sample.paper, row, passing.take(sample.paper, row).acknowledgement)


def shut(sample: Sample) -> None:
    with at(AFTER):
        actions.shut(sample.survey)


def closing(sample: Sample) -> dict[str, Any]:
    return dict(queries.bulletin(sample.survey).closing)


@pytest.fixture
def people(sample: Sample) -> list[Respondent]:
    return [sample.somebody() for _ in range(3)]


def dropped(sample: Sample, row: SealedAnswer, first: PassRow) -> None:
    row.delete()


def rolled_back(sample: Sample, row: SealedAnswer, first: PassRow) -> None:
    row.version, row.item, row.signature = first.version, first.item, first.signature
    row.save()


def exchanged(sample: Sample, row: SealedAnswer, first: PassRow) -> None:
    """Sealed and signed with a key that the writer had, in the same version."""
    row.item = first.item
    row.save()


@pytest.mark.parametrize(
    ("harm", "expected"),
    [(dropped, Standing.NOWHERE), (rolled_back, Standing.OLDER), (exchanged, Standing.EXCHANGED)],
)
def test_an_answer_that_was_taken_out_put_back_or_exchanged_is_proven(sample, people, harm, expected):
    person = people[0]
    first = person.answer(sample.paper.layout.encode({"q1": 0}))
    with at(DURING):
        passing.take(sample.paper, first)
    proofs = [sent(sample, person), *(sent(sample, other) for other in people[1:])]
    harm(sample, SealedAnswer.objects.get(pk=person.public_key), first)
    shut(sample)
    assert [objections.hand_in(sample.survey, proof.to_bytes()) for proof in proofs] == [
        expected, Standing.LISTED, Standing.LISTED,
    ]  # fmt: skip
    assert closing(sample)["absences"] == [{**proofs[0].to_json(), "found": str(expected)}]
    assert objections.absences([sample.survey]) == {sample.survey: {proofs[0].key.hex()}}


def test_the_same_proof_again_is_noted_once_and_in_no_order_of_arrival(sample, people):
    proofs = [sent(sample, person) for person in people]
    SealedAnswer.objects.all().delete()
    shut(sample)
    for proof in (*proofs, *reversed(proofs)):
        assert objections.hand_in(sample.survey, proof.to_bytes()) is Standing.NOWHERE
    noted = [entry["key"] for entry in closing(sample)["absences"]]
    assert noted == sorted(proof.key.hex() for proof in proofs)


def test_an_earlier_proof_of_somebody_who_answered_anew_shows_nothing(sample, people):
    first, second = sent(sample, people[0], 1), sent(sample, people[0], 2)
    shut(sample)
    before = closing(sample)
    assert {objections.hand_in(sample.survey, proof.to_bytes()) for proof in (first, second)} == {Standing.LISTED}
    assert closing(sample) == before


def test_what_is_no_proof_is_refused_and_noted_nowhere(sample, people):
    proof = sent(sample, people[0])
    shut(sample)
    before = closing(sample)
    row = people[1].answer(sample.paper.layout.encode({}))
    own = sign(acknowledgement_message(sample.paper.hash, row.key, 1, row.item), people[1].key)
    with pytest.raises(NoProof):
        objections.hand_in(sample.survey, proof_of(sample.paper, row, own).to_bytes())
    for data in (b"", b"{}", proof.to_bytes()[:-9], secrets.token_bytes(300)):
        with pytest.raises(Malformed):
            objections.hand_in(sample.survey, data)
    assert closing(sample) == before


def test_proofs_are_judged_from_closing_until_destruction(sample, people):
    proof = sent(sample, people[0]).to_bytes()
    with pytest.raises(Refused) as refusal:
        objections.hand_in(sample.survey, proof)
    assert refusal.value.code == "early"
    shut(sample)
    actions.destroy(sample.survey)
    with pytest.raises(Refused) as refusal:
        objections.hand_in(sample.survey, proof)
    assert refusal.value.code == "destroyed" and "absences" not in closing(sample)


# On the page


def handed_in(sample: Sample, language: str = "en", **fields: object):
    return Client().post(f"/s/{sample.survey}/{language}/list/proof/", fields)


def test_a_proof_is_handed_in_as_a_file_or_pasted_without_a_cookie(sample, people):
    missing, there = (sent(sample, person) for person in people[:2])
    SealedAnswer.objects.filter(pk=missing.key).delete()
    shut(sample)
    file = SimpleUploadedFile("proof.json", missing.to_bytes())
    answer = handed_in(sample, file=file)
    words = answer.content.decode()
    assert answer.status_code == 200 and not answer.cookies
    assert "this answer was taken in, and the list does not hold it" in words
    assert "There is no answer by this pass." in words and "The opening is stopped." in words
    assert "Nothing is missing." in handed_in(sample, proof=there.to_bytes().decode()).content.decode()
    assert "Está demostrado" in handed_in(sample, "es", proof=missing.to_bytes().decode()).content.decode()
    page = Client().get(f"/s/{sample.survey}/en/list/").content.decode()
    assert "1 answer is proven to be missing" in page and "stands still" in page
    assert missing.key.hex() not in page


def test_what_proves_nothing_is_answered_in_words(sample, people):
    sent(sample, people[0])
    shut(sample)
    for given in ("", "words", "{}", "\0", "é" * 500):
        words = handed_in(sample, proof=given).content.decode()
        assert "So nothing was noted" in words and "tell your labor organization" in words
    page = Client().get(f"/s/{sample.survey}/en/list/").content.decode()
    assert "proven to be missing" not in page and "Hand in a proof" in page
    back = Client().get(f"/s/{sample.survey}/en/list/proof/")
    assert (back.status_code, back["Location"]) == (302, f"/s/{sample.survey}/en/list/")


def test_before_closing_there_is_nothing_to_hand_in(sample):
    assert "Hand in a proof" not in Client().get(f"/s/{sample.survey}/en/list/").content.decode()
    assert Client().post(f"/s/{'0' * 32}/en/list/proof/", {"proof": "{}"}).status_code == 404


def test_a_proof_that_proves_nothing_writes_nothing(sample, people):
    proof = sent(sample, people[0])
    shut(sample)
    written = []

    def watch(execute, sql, params, many, context):
        written.append(sql)
        return execute(sql, params, many, context)

    with connections["responses"].execute_wrapper(watch):
        assert objections.hand_in(sample.survey, proof.to_bytes()) is Standing.LISTED
    assert not [sql for sql in written if sql.split()[0] in ("INSERT", "UPDATE", "DELETE")]


# In a browser


def served(route: Route) -> None:
    """Answer a browser's request as the door does."""
    asked, path = route.request, urlsplit(route.request.url).path
    if path.startswith("/static/"):
        return route.fulfill(path=finders.find(path.removeprefix("/static/")))
    given: Any = {"content_type": asked.headers["content-type"]} if asked.method == "POST" else {}
    answer = Client().generic(asked.method, path, asked.post_data_buffer or b"", **given)
    return route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.content)


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_of_a_missing_answer_can_be_used_by_everyone(sample, people, monkeypatch, language):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    missing, there = (sent(sample, person).to_bytes() for person in people[:2])
    SealedAnswer.objects.filter(pk=people[0].public_key).delete()
    shut(sample)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=required(), args=["--no-sandbox"])
        for width, data in product(WIDTHS, (missing, there, b"words")):
            page = browser.new_page(viewport=size(width))
            page.route("**/*", served)
            page.goto(f"https://door.example/s/{sample.survey}/{language}/list/")
            assert faults(page) == []
            page.locator("#proof summary").click()
            page.set_input_files("#file", FilePayload(name="proof.json", mimeType="application/json", buffer=data))
            page.locator("#proof form button").click()
            page.locator("#proof [role=status], #proof [role=alert]").wait_for()
            assert faults(page) == [] and page.context.cookies() == []
            page.close()
        browser.close()
