"""Anything at all is sent to every address of the door: it answers, in its own words, and keeps nothing."""

import logging
import random
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonground.config import settings_respond, urls_respond
from commonground.responses import middleware
from commonground.responses.models import Code, Paper, SealedAnswer
from commonground.responses.tests.sample import Sample
from commonground.sealing.codes import write_code
from commonground.sealing.lists import item_hash

pytestmark = pytest.mark.django_db(databases=["responses"])

SENT_AS = (
    "application/octet-stream",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/x",
)
METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE")
PLACES = (
    "", "/", "/en/", "/es/", "/xx/", "/s/{}/", "/s/{}/en/", "/s/{}/es/receipt/", "/s/{}/en/own-copy.zip",
    "/s/{}/es/protection/", "/s/{}/en/why/", "/s/{}/en/list/", "/s/{}/en/list/proof/",
    "/s/{}/en/list/answers.txt",
    "/s/{}/en/list/receipts.txt", "/s/{}/en/list/signatures.txt", "/s/{}/en/results/",
    "/s/{}/en/results/release.json", "/s/{}/en/results/comments.json", "/s/{}/paper.json", "/s/{}/errata.json",
    "/s/{}/answer/", "/s/{}/codes/", "/s/{}/client/answer.html", "/s/{}/client/..", "/pass/",
    "/s/{}/en/results/2/", "/s/{}/es/results/release-2.json", "/c/{}/en/", "/c/{}/es/release.json",
    "/s/{}/en/results/release.certificate.npz", "/s/{}/es/results/release-2.certificate.npz",
    "/c/{}/en/release.certificate.npz",
)  # fmt: skip
FORMS = ("/s/{}/en/", "/s/{}/es/", "/en/", "/s/{}/en/receipt/", "/s/{}/en/list/", "/s/{}/en/list/proof/")
TYPED = st.text(max_size=60) | st.sampled_from(["0", "-1", "9" * 30])
FIELDS = (
    "code",
    "screen",
    "go",
    "kept",
    "q1",
    "q28",
    "line",
    "receipt",
    "before",
    "language",
    "csrfmiddlewaretoken",
)
fuzzed = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """The door's own logging, and whatever still gets through."""
    logging_of_the_door: Any = settings_respond.LOGGING
    for name, about in {"": logging_of_the_door["root"], **logging_of_the_door["loggers"]}.items():
        caplog.set_level(about["level"], logger=name or None)
    yield caplog
    logging.getLogger("django").propagate = True


@pytest.fixture
def row(sample: Sample) -> bytes:
    """An answer by pass that would be taken as it is."""
    return sample.somebody().answer(sample.paper.layout.encode({"q1": 3})).to_bytes()


def held() -> bytes:
    """Everything that the door's tables hold about answers, as one hash."""
    rows = [*SealedAnswer.objects.values_list(), *Code.objects.values_list(), *Paper.objects.values_list()]
    plain = (tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in rows)
    return sha256(repr(sorted(plain, key=repr)).encode()).digest()


def unharmed(sample: Sample, quiet: Any, before: bytes, method: str, path: str, data: bytes, **headers: Any) -> int:
    """Send something, and see that the door answers well and kept nothing of it; return the status."""
    client = Client(raise_request_exception=False)
    answer = client.generic(method, path, data, **headers)
    assert answer.status_code < 500, (method, path, data)
    assert not answer.cookies and "Set-Cookie" not in answer.headers
    assert answer["Content-Security-Policy"].startswith(middleware.CONTENT_POLICY)
    assert {
        **answer.headers,
        "Content-Security-Policy": middleware.CONTENT_POLICY,
    }.items() >= middleware.HEADERS.items()
    assert quiet.records == []
    assert held() == before
    return int(answer.status_code)


@fuzzed
@given(
    place=st.sampled_from(PLACES), known=st.booleans(), method=st.sampled_from(METHODS),
    data=st.binary(max_size=2000), kind=st.sampled_from(SENT_AS), query=st.text(max_size=30),
    language=st.text(max_size=30).map(ascii),
)  # fmt: skip
def test_bytes_to_any_address(sample, quiet, place, known, method, data, kind, query, language):
    survey = sample.survey if known else "0" * 32
    path = f"{place.format(survey)}?{quote(query)}"
    headers = {"content_type": kind, "HTTP_ACCEPT_LANGUAGE": language, "HTTP_COOKIE": "sessionid=x"}
    unharmed(sample, quiet, held(), method, path, data, **headers)


@fuzzed
@given(seed=st.integers(0, 2**32), harm=st.sampled_from(["flip", "cut", "add", "swap", "zero"]))
def test_a_harmed_answer_by_pass_is_refused(sample, row, quiet, seed, harm):
    data = harmed(row, harm, random.Random(seed))
    status = unharmed(
        sample, quiet, held(), "POST", f"/s/{sample.survey}/answer/", data, content_type="application/octet-stream"
    )
    assert status in (400, 403)


@fuzzed
@given(seed=st.integers(0, 2**32), harm=st.sampled_from(["flip", "cut", "add", "swap", "zero"]))
def test_a_harmed_batch_with_codes_that_nobody_drew_is_answered_and_kept_nowhere(sample, quiet, seed, harm):
    draw = random.Random(seed)
    items = sorted((draw.randbytes(sample.paper.item_size(1)) for _ in range(3)), key=item_hash)
    batch = b"".join(draw.randbytes(10) + item for item in items)
    for data in (batch, harmed(batch, harm, draw)):
        status = unharmed(
            sample,
            quiet,
            held(),
            "POST",
            f"/s/{sample.survey}/codes/",
            data,
            content_type="application/octet-stream",
        )
        assert status in (200, 400)


def test_every_address_of_the_door_is_tried():
    tried = [place.format("0" * 32).removeprefix("/") for place in PLACES]
    assert all(any(route.resolve(place) for place in tried) for route in urls_respond.urlpatterns)


def harmed(data: bytes, harm: str, draw: random.Random) -> bytes:
    """The same bytes with something wrong at a place that is drawn."""
    at = draw.randrange(len(data) - 1)
    changed = {
        "flip": data[:at] + bytes([data[at] ^ 1 << draw.randrange(8)]) + data[at + 1 :],
        "cut": data[:at],
        "add": data[:at] + draw.randbytes(1 + at % 9) + data[at:],
        "swap": data[at:] + data[:at],
        "zero": data[:at] + bytes(len(data) - at),
    }[harm]
    return changed if changed != data else data[:-1]


@fuzzed
@given(
    fields=st.lists(st.tuples(st.sampled_from(FIELDS), TYPED), max_size=8),
    place=st.sampled_from(FORMS),
)  # fmt: skip
def test_forms_that_nobody_made(sample, quiet, fields, place):
    data = urlencode([(name, value.encode(errors="surrogatepass")) for name, value in fields]).encode()
    unharmed(
        sample, quiet, held(), "POST", place.format(sample.survey), data,
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip


@fuzzed
@given(data=st.binary(max_size=40), go=st.sampled_from(["start", "next", "back", "stay", "clear", "skip"]))
def test_a_code_that_may_be_used_with_everything_else_wrong(sample, quiet, data, go):
    kept = data.hex()
    fields = {"code": write_code(sample.codes[0]), "kept": kept, "screen": str(len(data) - 3), "go": go, "q1": kept}
    unharmed(
        sample, quiet, held(), "POST", f"/s/{sample.survey}/en/", urlencode(fields).encode(),
        content_type="application/x-www-form-urlencoded",
    )  # fmt: skip
