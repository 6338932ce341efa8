"""Keepers and seals: each party's browser makes a key in the keepers' page, prints its sheets and tries them."""

from playwright.sync_api import expect

from commonground.surveys.tests.keys_page import KeysPage
from tests.journeys.job.story import ALTERNATES, FOUNDERS, PARTIES, TITLE, Someone
from tests.journeys.job.town import SOON, Member

Sheets = dict[str, str]
"""The twelve words on each party's opening sheets."""


def make(founders: dict[Someone, Member], alternates: dict[Someone, Member], coordinator: Member) -> Sheets:
    """Name keepers, make every key, have the counting key made, and open the trial answer with the sheets."""
    sheets: Sheets = {}
    for founder in FOUNDERS:
        _name_keepers(founders[founder], ALTERNATES[founder])
        sheets[founder.party] = _make_key(founders[founder])
    to_seals(coordinator)
    expect(coordinator.page.locator("article h3")).to_contain_text(list(PARTIES))
    coordinator.press("Make the counting key")
    coordinator.says("The counting key is made. Each party now tries its seal.")
    for founder in FOUNDERS:
        _try(alternates[ALTERNATES[founder]], sheets[founder.party])
    to_seals(coordinator)
    coordinator.reads("All seals are made and tried.")
    coordinator.look("seals-tried")
    return sheets


def to_seals(member: Member) -> None:
    """Go to the seals of the survey, the way the navigation leads."""
    member.part("Voice")
    member.follow(TITLE)
    member.page.locator(".nav.sub").get_by_role("link", name="Seals").click()


def _name_keepers(member: Member, alternate: Someone) -> None:
    to_seals(member)
    named = member.page.get_by_role("group", name=f"Who keeps an opening sheet of {member.someone.party}?")
    for person in (member.someone, alternate):
        named.get_by_label(person.name).check()
    if member.someone is FOUNDERS[0]:
        member.look("seals-keepers")
    member.press("Save the keepers")
    member.says("The keepers are named.")


def keepers_page(member: Member, button: str) -> KeysPage:
    """Press the button that opens the keepers' page in a window of its own."""
    with member.page.expect_popup() as popup:
        member.press(button)
    return KeysPage(popup.value)


def _make_key(member: Member) -> str:
    """Make the party's key and keep the words of its sheet, as they are printed."""
    keys = keepers_page(member, "Open our seal’s page")
    keys.wait_for("make", "fault")
    first = member.someone is FOUNDERS[0]
    if first:
        member.town.look(keys.page, "keys-make")
    keys.page.click("#make button")
    keys.wait_for("sheets")
    words = keys.page.locator(".opening").first.locator(".words li").all_text_contents()
    assert len(words) == 12 and member.someone.party in keys.page.locator(".opening").first.inner_text()
    assert keys.page.pdf(format="Letter", prefer_css_page_size=True).startswith(b"%PDF")
    if first:
        member.town.look(keys.page, "keys-sheets")
    keys.page.click("#printed")
    for number in (3, 7, 11):
        keys.page.fill(f"#word{number}", words[number - 1])
    keys.page.click("#prove button")
    keys.wait_for("done", "prove-fault")
    _stands(member, "Made, not tried")
    _leave(keys)
    return " ".join(words)


def _try(member: Member, words: str) -> None:
    """Open the trial answer with the words of the sheet; other words open nothing."""
    to_seals(member)
    keys = keepers_page(member, "Open our seal’s page")
    keys.wait_for("open", "fault")
    keys.compare()
    keys.open_with(" ".join(reversed(words.split())))
    assert keys.page.locator("#phrase-fault").is_visible()
    keys.open_with(words)
    keys.wait_for("done")
    _stands(member, "Made and tried")
    _leave(keys)


def _stands(member: Member, words: str) -> None:
    """See how far the seal of the own party is."""
    name = member.page.get_by_role("heading", name=member.someone.party)
    expect(member.page.locator("article").filter(has=name)).to_contain_text(words, timeout=SOON)


def _leave(keys: KeysPage) -> None:
    assert keys.errors == []
    keys.page.close()
