"""Another table of a counted survey: asked for, agreed on, every layer off once more, counted, read by all."""

import json
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import expect

from commonground.demo import cast
from commonground.surveys.tests.meeting import COCHAIRS, ORDER
from tests.journeys.job import founding, opening
from tests.journeys.job.seals import Sheets
from tests.journeys.job.story import Someone
from tests.journeys.job.town import SOON, Member, Town

TABLE = "By the kind of job (question 5)"
WHY = "Aides ask what aides said."


@dataclass(frozen=True)
class CoChair(Someone):
    """A co-chair of the demonstration's district, who keeps a sheet of the own party."""

    mailbox: str

    @property
    def email(self) -> str:
        return self.mailbox


class Keeper(Member):
    """A co-chair at the own browser, signed in."""

    @property
    def base(self) -> str:
        return f"{self.town.place.site}/d/{cast.SLUG}/"


def come_in(town: Town, title: str) -> dict[str, Member]:
    """Sign in the co-chair of each party, in the order in which their layers come off."""
    members: dict[str, Member] = {}
    for party in ORDER:
        known = COCHAIRS[party]
        members[party] = Keeper(town, CoChair(known.name, party, known.email))
        members[party].survey = title
        members[party].page.goto(f"{town.place.site}/sign-in/")
        members[party].sign_in()
    return members


def ask(member: Member) -> None:
    """See what a table would show, choosing none first, and ask for it; with the keyboard alone."""
    _to_tables(member)
    keys = member.page.keyboard
    member.page.get_by_role("button", name="First see what they would show").focus()
    keys.press("Enter")
    member.reads("Please choose a table first")
    member.page.get_by_label(TABLE).focus()
    keys.press("Space")
    member.page.get_by_role("button", name="First see what they would show").focus()
    keys.press("Enter")
    member.reads("No real answer is in this.")
    expect(member.page.get_by_role("heading", name="What they would show")).to_be_in_viewport(timeout=SOON)
    member.look("another-table-tried")
    member.page.get_by_label("Why? Every party reads it.").focus()
    keys.type(WHY)
    keys.press("Tab")
    keys.press("Enter")
    member.says("The request waits for the key of every party.")
    member.reads(WHY)
    member.look("another-table-text")


def agree(members: dict[str, Member], title: str) -> None:
    """Every party turns its key on the request."""
    founding.turn_everywhere(list(members.values()), f"Another table: {title}")


def open_anew(members: dict[str, Member], sheets: Sheets) -> None:
    """Each party takes its layer off once more, in order; the list that comes out is the one of the first time."""
    for place, (party, member) in enumerate(members.items()):
        member.at_home()
        opening.to_opening(member)
        member.heading("Opened anew, for another table")
        member.heading(f"{place} of 4 layers")
        member.reads("this ends by itself")
        if place == 1:
            member.look("opening-anew")
        opening.take_off(member, sheets[party], place)


def count(members: dict[str, Member], sheets: Sheets) -> None:
    """All shares are handed in on one device, and the answers are counted anew."""
    shares = {party: opening.share(member, sheets[party]) for party, member in members.items()}
    convener = members[cast.CLASSIFIED]
    opening.to_opening(convener)
    opening.hand_in(convener, shares)
    convener.press("Count the answers")
    convener.until("Told on")


def read(members: dict[str, Member]) -> list[dict[str, Any]]:
    """Every party reads the same two releases, the new one beside the first; return their content, first first."""
    files = [_both(member) for member in members.values()]
    assert all(each == files[0] for each in files)
    return [json.loads(data) for data in files[0]]


def _both(member: Member) -> list[bytes]:
    _to_tables(member)
    member.reads("Told on")
    member.follow("Read the results")
    member.reads("Another table of the same answers, opened anew by every party:")
    if member.someone.party == ORDER[0]:
        member.look("another-table-read")
    later = _bytes(member)
    member.part("Evidence")
    links = member.page.locator("main a[href*='/releases/']").filter(has_text=member.survey)
    links.last.click()
    return [_bytes(member), later]


def _bytes(member: Member) -> bytes:
    member.page.get_by_text("Check it yourself").click()
    return member.download("The released bytes (JSON)")


def _to_tables(member: Member) -> None:
    opening.to_opening(member)
    member.page.locator(".nav.sub").get_by_role("link", name="Another table").click()
    member.heading("Another table")
