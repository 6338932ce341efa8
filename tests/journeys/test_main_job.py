"""The whole main job through the pages: from an empty server to results that all staff read, in both languages.

`COMMONGROUND_JOURNEY_PICTURES` names a folder for pictures of every station.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import required
from tests.journeys.job import answering, district, founding, opening, piles, results, seals, writing
from tests.journeys.job.story import CLEO, JUNE, PAUL, ROSA
from tests.journeys.job.town import Town, town
from tests.mailroom import mailroom

pytestmark = [pytest.mark.browser, pytest.mark.journey]


@pytest.fixture
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=required(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def here(tmp_path: Path, chromium: Browser) -> Iterator[Town]:
    with mailroom() as (mail, url), town(tmp_path / "data", mail, url, chromium) as place:
        yield place


def test_a_district_of_its_own_does_the_main_job(here: Town) -> None:
    founders = founding.found(here)
    others = founding.gather(here, founders)
    founding.charter(founders)
    coordinator, parties = others[CLEO], list(founders.values())
    district.structure(coordinator)
    district.staff_list(coordinator)

    calendar = writing.Calendar.from_tomorrow()
    writing.draft(founders[PAUL], calendar)
    sheets = seals.make(founders, others, coordinator)
    writing.agree(founders, others)

    here.live_at(calendar.opens + timedelta(hours=1))
    codes = answering.give_out(coordinator)
    piles.hand_over(founders[PAUL], founders[JUNE], answering.PRINTED, answering.drawing())
    turnout = answering.everybody(here, codes)
    answering.turned_away(here, codes, founders[JUNE])
    founders[PAUL].at_home()

    here.live_at(calendar.closes + timedelta(minutes=20))
    opening.closed(founders[ROSA], turnout)
    here.live_at(calendar.opening.replace(hour=9))
    head = results.head(founders[PAUL])
    opening.peel({**founders, **others}, sheets)
    opening.count({**founders, **others}, sheets)

    release = results.read(parties, turnout)
    results.agree_with_a_plain_count(release, turnout)
    results.verify(parties, turnout, release, head)
    results.publish(parties, turnout, release)
    assert here.problems == []
