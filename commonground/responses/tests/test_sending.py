"""From the front page to the receipt, and everything that can go wrong on the way."""

import pytest

from commonground.responses.models import SealedAnswer
from commonground.responses.tests.sample import Sample
from commonground.responses.tests.visitor import Visitor

pytestmark = pytest.mark.django_db(transaction=True, databases=["responses"])

ANSWERS = {
    "q1": "0",
    "q14": "4",
    "q15": "2",
    "q23": "10",
    "q25": ["0", "2"],
    "q26": "The garden, <b>please</b>.\r\nAnd the piñata.",
    "q28": "1",
    "q30": "0",
}


def stored(sample: Sample) -> list[bytes]:
    return [bytes(row.item) for row in SealedAnswer.objects.filter(survey=sample.survey)]


def test_answers_arrive_sealed_and_open_as_they_were_given(sample: Sample, visitor: Visitor):
    page = visitor.start(sample.typed()).answer_all(ANSWERS).page
    assert page.status_code == 200
    assert "Thank you. Your answers are sealed." in visitor.text
    (item,) = stored(sample)
    plain = sample.open_item(item)
    decoded = sample.paper.layout.decode(plain.answers)
    said = {name: value for name, value in decoded.items() if value is not None}
    assert said == {
        "q1": 0,
        "q14": 4,
        "q15": 2,
        "q23": 10,
        "q25": (0, 2),
        "q26": "The garden, <b>please</b>.\nAnd the piñata.",
        "q28": 1,
        "q30": 0,
    }
