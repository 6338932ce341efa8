"""Places, jobs and units by the pages; then the staff list: mapped, looked at, repaired, brought in."""

import re

from playwright.sync_api import FilePayload, Page, expect

from tests.journeys.job.story import MAPPED, STAFF, STRUCTURE, WITH_MAILBOX, Entry, staff_file
from tests.journeys.job.town import SOON, Member


def structure(coordinator: Member) -> None:
    """Enter what the district is made of, list by list."""
    for title, entries in STRUCTURE.items():
        coordinator.part("Reach", "Places and jobs")
        coordinator.follow(f"this list: {title}")
        for entry in entries:
            _add(coordinator, entry)
        if title == "Places":
            coordinator.look("list-of-places")
    coordinator.part("Reach", "Places and jobs")
    coordinator.look("places-and-jobs")


def _add(coordinator: Member, entry: Entry) -> None:
    coordinator.fill(code=entry.code, name_en=entry.en, name_es=entry.es)
    if entry.parent:
        coordinator.page.get_by_label("Belongs to").select_option(label=entry.parent)
    coordinator.press("Add")
    coordinator.says(f"Added: {entry.en}.")


def staff_list(coordinator: Member) -> None:
    """Read a list whose headings say little, map them, repair a line, and bring everybody in."""
    coordinator.part("Reach")
    coordinator.reads("Nobody is on the list yet.")
    coordinator.look("staff-list-empty")
    _choose(coordinator.page, staff_file(wrong_site="PTR"))
    coordinator.press("Read the file")
    coordinator.heading("What is wrong")
    coordinator.look("staff-list-not-mapped")
    _map(coordinator, staff_file(wrong_site="PTR"))
    _sums(coordinator, new=len(STAFF) - 1, faults=1)
    coordinator.reads("PTR")
    coordinator.reads("We keep the bargaining unit, never union membership or dues.")
    coordinator.look("staff-list-fault")
    _map(coordinator, staff_file())
    _sums(coordinator, new=len(STAFF))
    coordinator.look("staff-list-ready")
    coordinator.press(f"Bring in {len(STAFF)} people")
    coordinator.says(f"The list is in: {len(STAFF)} people are new.")
    coordinator.reads(f"{len(STAFF)} people. {len(WITH_MAILBOX)} of them have a district mailbox")
    _again(coordinator)
    coordinator.look("staff-list")


def _again(coordinator: Member) -> None:
    """The same file once more changes nobody."""
    _choose(coordinator.page, staff_file())
    coordinator.press("Read the file")
    _map(coordinator, staff_file())
    _sums(coordinator, same=len(STAFF))
    coordinator.press("Leave the list as it is")
    coordinator.says("The staff list stays as it was.")


def _choose(page: Page, data: bytes) -> None:
    file = FilePayload(name="staff.csv", mimeType="text/csv", buffer=data)
    page.locator("input[type=file]").first.set_input_files(file)


def _map(coordinator: Member, data: bytes) -> None:
    """Say which column is what; the form stands open where nobody can come in as the file was read."""
    fold = coordinator.page.locator("details", has_text="A column was taken for another?")
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()
    _choose(coordinator.page, data)
    for label, heading in MAPPED.items():
        column = coordinator.page.get_by_label(re.compile(rf"^\s*{label}(?!, the same for everyone)"))
        column.select_option(label=heading)
    coordinator.press("Read it this way")
    coordinator.heading("Your decision")


def _sums(coordinator: Member, new: int = 0, same: int = 0, faults: int = 0) -> None:
    """See what the list would do: new, changed, the same, gone, lines with a fault."""
    told = coordinator.page.locator(".sums dd")
    expect(told).to_have_text([str(number) for number in (new, 0, same, 0, faults)], timeout=SOON)
