"""After closing: three days to look, every party's layer in turn, the meeting with all shares, the count."""

from pathlib import Path

from playwright.sync_api import Page, expect

from commonground.surveys.tests.keys_page import KeysPage
from tests.journeys.job.answering import ON_PAPER, Turnout
from tests.journeys.job.seals import Sheets, keepers_page
from tests.journeys.job.story import ALTERNATES, DISTRICT, FOUNDERS, JUNE, ROSA, Someone
from tests.journeys.job.town import SOON, Member


def to_opening(member: Member) -> None:
    """Go to the opening of the survey, the way the navigation leads."""
    member.part("Voice")
    member.follow(member.survey)
    member.page.locator(".nav.sub").get_by_role("link", name="Opening").click()


def closed(member: Member, turnout: Turnout) -> None:
    """The worker closes the survey when its time is over; whoever answered finds the own line in the list."""
    member.at_home()
    to_opening(member)
    member.until("Everyone can look for their own answer")
    member.reads(f"{ON_PAPER} answers by code are no more than the {ON_PAPER} codes drawn")
    _nothing_to_take_off(member)
    member.look("opening-looking")
    with member.page.expect_navigation():
        member.follow("The page where staff look")
    member.reads("This list of sealed answers is what the parties open")
    for given in turnout.kept:
        look_up(member.page, given.line, "Yes, it is in the list.")
    look_up(member.page, turnout.kept[0].receipt, "We do not find it.")
    member.look("list-of-answers")
    member.at_home()


def look_up(page: Page, typed: str, answer: str) -> None:
    """Type a line or a receipt at the respondents' door."""
    page.get_by_label("Your line or your receipt").fill(typed.lower())
    page.get_by_role("button", name="Look it up").click()
    expect(page.get_by_text(answer).first).to_be_visible(timeout=SOON)


def peel(people: dict[Someone, Member], sheets: Sheets) -> None:
    """On the agreed day each party's browser takes its layer off, in order, and hands the list on."""
    for place, founder in enumerate(FOUNDERS):
        keeper = people[ALTERNATES[founder]]
        keeper.at_home()
        to_opening(keeper)
        keeper.heading(f"{place} of 3 layers")
        if place == 1:
            _out_of_turn(people[JUNE])
            keeper.look("opening-our-turn")
        take_off(keeper, sheets[founder.party], place)
    keeper.look("opening-shares")


def _out_of_turn(member: Member) -> None:
    member.at_home()
    to_opening(member)
    member.heading("We wait for")
    _nothing_to_take_off(member)


def _nothing_to_take_off(member: Member) -> None:
    member.page.wait_for_load_state()
    assert not member.page.locator("form[data-ceremony]").count()


def take_off(keeper: Member, words: str, place: int) -> None:
    """Open the keepers' page from the page of the opening, compare the list, and take the party's layer off."""
    keys = keepers_page(keeper, "Take our layer off")
    keys.wait_for("open", "fault")
    compared = keys.page.locator("#compare-code").inner_text().split()
    assert keeper.page.locator("form[data-ceremony] p.mono").inner_text().split() == compared
    if place == 0:
        keeper.town.look(keys.page, "keys-peel")
    keys.compare()
    keys.open_with(words)
    keys.wait_for("done")
    out = keys.page.locator("#done-code").inner_text().split()
    keeper.reads("Our layer is off.")
    expect(keeper.page.locator("main")).to_contain_text(" ".join(out), timeout=SOON)
    assert keys.errors == []
    keys.page.close()


def count(people: dict[Someone, Member], sheets: Sheets) -> None:
    """At the meeting every party opens its share; on one device all of them are handed in, and the core opens."""
    shares = {founder.party: share(people[founder], sheets[founder.party]) for founder in FOUNDERS}
    convener = people[ROSA]
    hand_in(convener, {party: share for party, share in shares.items() if party != DISTRICT})
    convener.press("Count the answers")
    convener.reads("Nothing was saved yet")
    convener.look("shares-one-missing")
    assert not _sees_results(people[JUNE]) and not _sees_results(convener)
    to_opening(convener)
    hand_in(convener, shares)
    convener.press("Count the answers")
    convener.says("The answers are counted. Every party sees the same results from now on.")
    convener.look("opening-counted")


def share(member: Member, words: str) -> Path:
    """Take the task, open it in the keepers' page with the sheet, and save the file with the share."""
    member.at_home()
    to_opening(member)
    task = member.download("Take the task for our share")
    with member.page.expect_popup() as popup:
        member.follow("keepers’ page")
    keys = KeysPage(popup.value)
    share = keys.carry_out(task, words)
    path = member.town.place.folder.parent / f"share-{member.someone.email}.cg"
    path.write_bytes(share)
    keys.page.close()
    return path


def hand_in(member: Member, shares: dict[str, Path]) -> None:
    """Choose the file of each party's share."""
    for party, path in shares.items():
        member.page.get_by_role("group", name=f"Share of {party}").locator("input[type=file]").set_input_files(path)


def _sees_results(member: Member) -> bool:
    member.part("Evidence")
    member.page.wait_for_load_state()
    return bool(member.page.locator("main a[href*='/releases/']").count())
