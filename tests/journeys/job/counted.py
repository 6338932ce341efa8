"""Makes a counted survey in an empty data folder: `python -m tests.journeys.job.counted FILE`.

Sixty people of a district of four parties answered it, and it told results by place. FILE gets its title and, by
party, the words of each opening sheet.
"""

import json
import sys
from datetime import timedelta
from pathlib import Path

import django
from django.conf import settings

PEOPLE = 60


def main(file: Path) -> None:
    """Set the stage in the data folder that the environment names: closed three weeks ago, counted since."""
    django.setup()
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    from commonground.demo import cast
    from commonground.kernel import time
    from commonground.sealing.seals import write_words
    from commonground.surveys.tests import meeting
    from conftest import _district

    valley = _district(cast.SLUG, cast.DISTRICT, cast.LABOR, cast.MANAGEMENT, cast.CAST)
    with time.at(time.now() - timedelta(days=42)):
        made = meeting.answered(valley, PEOPLE, jobs=True).close().peel(*meeting.ORDER)
        made.count()
    words = {party: write_words(phrase) for party, phrase in made.steps.phrases.items()}
    file.write_text(json.dumps({"title": made.survey.title_en, "sheets": words}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
