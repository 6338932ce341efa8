"""Anything at all is sent to the pass point: it answers with a status, marks nobody, and keeps no line of it."""

import random
from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonground.kernel import time
from commonground.responses.tests.test_fuzz import harmed
from commonground.surveys import passes
from commonground.surveys.models import Eligible
from commonground.surveys.tests import writing
from commonground.surveys.tests.test_passes import asked, somebody

pytestmark = pytest.mark.django_db(databases=["default", "responses"])
fuzzed = settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def steps(valley):
    steps = writing.launched(valley)
    assert steps.survey.opens_at
    with time.at(steps.survey.opens_at + timedelta(days=1)):
        yield steps


@pytest.fixture
def request_for_a_pass(steps):
    return somebody(steps).request().to_bytes()


def unharmed(steps, caplog, data, method="POST", **headers):
    """Send something; see that nobody was marked, nothing logged, no cookie set; return the status."""
    answer = Client(raise_request_exception=False).generic(method, "/pass/", data, **headers)
    assert answer.status_code < 500 and not answer.cookies
    assert answer.headers["Access-Control-Allow-Origin"] == "*" and answer.headers["Cache-Control"] == "no-store"
    assert caplog.records == []
    assert not Eligible.rows.within(steps.survey.partnership_id).filter(marked=True).exists()
    assert passes.taken(steps.survey) == 0
    return answer.status_code


@fuzzed
@given(
    data=st.binary(max_size=600) | st.binary(min_size=544, max_size=544),
    method=st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE"]),
    kind=st.sampled_from(["application/octet-stream", "multipart/form-data; boundary=x", "text/x"]),
)
def test_bytes_to_the_pass_point(steps, caplog, data, method, kind):
    headers = {"content_type": kind, "HTTP_COOKIE": "sessionid=x; csrftoken=y", "HTTP_ORIGIN": "https://x.example"}
    assert unharmed(steps, caplog, data, method, **headers) in (204, 400, 404, 405)


@fuzzed
@given(seed=st.integers(0, 2**32), harm=st.sampled_from(["flip", "cut", "add", "swap", "zero"]))
def test_a_harmed_link_gives_no_pass(steps, caplog, request_for_a_pass, seed, harm):
    """The survey and the secret, 32 bytes, are what a person shows; the blinded values may be anything."""
    data = harmed(request_for_a_pass[:32], harm, random.Random(seed)) + request_for_a_pass[32:]
    assert unharmed(steps, caplog, data, content_type="application/octet-stream") in (400, 404)


def test_a_blinded_value_that_is_no_number_below_the_key_marks_nobody(steps, caplog, request_for_a_pass):
    data = request_for_a_pass[:32] + b"\xff" * 512
    assert unharmed(steps, caplog, data, content_type="application/octet-stream") == 400
    assert len(asked(steps)) > 40
