"""A table of which too much would be hidden: its groups are put together with one press, or it is left out."""

import pytest

from commonground.surveys import actions, drafts
from commonground.surveys.models import Question, Survey, TablePair
from commonground.surveys.tests import writing
from commonground.demo import cast
from commonground.surveys.tests.test_screens import sign_in, url

pytestmark = pytest.mark.django_db(databases=["default", "responses"])


def test_x(client, valley):
    steps = writing.drafted(valley)
    sign_in(client, valley, cast.SAM)
    w = drafts.read(steps.survey)
    for a in w.asked:
        print(a.id, a.dimension, a.margin, [(g.words.en, g.roster, g.codes, g.level) for g in a.groups])
    assert 0
