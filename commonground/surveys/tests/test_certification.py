"""A count whose certificate takes long: it waits unseen, goes on wherever it was stopped, and ends as in one go."""

import json
from datetime import timedelta

import pytest

from commonground.demo import cast
from commonground.disclosure.certificate import faults
from commonground.kernel import time
from commonground.kernel.text import sha256
from commonground.ledger import queries as ledger
from commonground.releases import queries as releases
from commonground.releases.models import Certificate, Release
from commonground.responses import queries as responses
from commonground.responses.models import SealedList
from commonground.surveys import certification, reminders, tally
from commonground.surveys.models import ReleaseDraft, SurveyState
from commonground.surveys.tests import meeting as meetings
from commonground.surveys.tests.meeting import refused

pytestmark = pytest.mark.django_db(databases=["default", "responses"])


@pytest.fixture(autouse=True)
def slices(monkeypatch, settings, tmp_path):
    """Each slice of the work ends as soon as it may, and the files of this test lie apart."""
    from dataclasses import replace

    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, data=str(tmp_path))
    monkeypatch.setattr(tally, "SLICE_SECONDS", 0)


def files():
    return sorted(path.name for path in certification._folder().glob("*"))


def certify(meeting, seconds=600.0):
    with meeting.on_opening_day():
        tally.certify(seconds)


def tables(release):
    return json.loads(bytes(release.data))["tables"]


def test_a_count_waits_for_its_certificate_and_is_then_released(valley):
    meeting = meetings.peeled(valley).drafted()
    survey = meeting.survey
    assert survey.state == SurveyState.CLOSED and not Release.rows.within(valley.partnership.pk).exists()
    assert responses.bulletin(survey.public_id).receipts == "" and SealedList.objects.exists()
    certify(meeting)
    release = Release.rows.within(valley.partnership.pk).get()
    assert meeting.survey.state == SurveyState.COUNTED and not SealedList.objects.exists()
    assert len(responses.bulletin(survey.public_id).receipts.splitlines()) == 40
    assert not ReleaseDraft.rows.within(valley.partnership.pk).exists() and files() == []
    certificate = releases.certificate(valley.actor(cast.LUZ), release.pk)
    assert tables(release)["certificate"]["hash"] == sha256(certificate)
    assert faults(tables(release), certificate) == []
