"""Another table after the count, through the pages: every key, every layer anew, a second release beside the first.

`COMMONGROUND_JOURNEY_PICTURES` names a folder for pictures of every station.
"""

import json
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from commonground.demo import cast
from commonground.disclosure.attack import learn
from commonground.disclosure.together import learn_together
from tests import server
from tests.browser import required
from tests.journeys.job import anew
from tests.journeys.job.town import Town
from tests.looks.scene import run
from tests.mailroom import mailroom

pytestmark = [pytest.mark.browser, pytest.mark.journey]


def test_a_district_asks_its_answers_one_more_thing(tmp_path: Path) -> None:
    with ExitStack() as stack:
        mail, url = stack.enter_context(mailroom())
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=required(), args=["--no-sandbox"]
        )
        stack.callback(browser.close)
        place = server.place(tmp_path / "data", mail=url)
        place.command("migrate")
        run(place, "tests.journeys.job.counted", str(tmp_path / "told.json"))
        told = json.loads((tmp_path / "told.json").read_text())
        here = Town(place, mail, browser, stack)
        here.live_at(datetime.now(UTC))

        members = anew.come_in(here, told["title"])
        anew.ask(members[cast.CLASSIFIED])
        anew.agree(members, told["title"])
        anew.open_anew(members, told["sheets"])
        anew.count(members, told["sheets"])
        first, later = anew.read(members)

        assert later["further"]["told"] == [["q5"]] and "further" not in first
        printed = [json.dumps(cell, sort_keys=True) for cell in later["tables"]["cells"]]
        assert all(json.dumps(cell, sort_keys=True) in printed for cell in first["tables"]["cells"])
        assert any(cell["n"] for cell in later["tables"]["cells"] if "q5" in cell["at"])
        assert learn(later["tables"]) == [] and learn_together([first, later]) == []
        assert here.problems == []
