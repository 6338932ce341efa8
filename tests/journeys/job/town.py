"""The servers of the journey by a clock that can be set ahead, and the people at their browsers."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response, expect

from tests import browser, server
from tests.journeys.job.story import SLUG, TITLE, Someone
from tests.mailroom import Mailroom

PICTURES = os.environ.get("COMMONGROUND_JOURNEY_PICTURES")
SOON = 60_000
"""Milliseconds that a page may take on a busy machine before the journey gives up."""
CODE = r"^([A-Z0-9-]{6,})$"


class Town:
    """Both doors and the worker over one data folder. `problems` is what any page said on its console."""

    def __init__(self, place: server.Place, mail: Mailroom, chromium: Browser, stack: ExitStack) -> None:
        self.place, self.mail, self.chromium = place, mail, chromium
        self.problems: list[str] = []
        self._serving = stack.enter_context(ExitStack())
        self._stations = 0

    def live_at(self, moment: datetime) -> None:
        """Start the servers again, with a clock that shows this moment."""
        self._serving.close()
        self.place = self.place.later(moment - datetime.now(UTC))
        self._serving.enter_context(server.running(self.place, "--with-worker"))

    def page(self, width: int = 1280, **options: object) -> Page:
        """Open a browser of its own, in which nobody is signed in."""
        context = self.chromium.new_context(viewport=browser.size(width), **{"locale": "en-US", **options})  # type: ignore[arg-type]
        context.set_default_timeout(SOON)
        context.on("page", self._watch)
        return context.new_page()

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.problems.append(f"{page.url}: {error}"))
        page.on("console", self._hear)
        page.on("response", self._see)

    def _hear(self, said: ConsoleMessage) -> None:
        """Note an error of a script or of the policy; a file that did not come is noted by its answer."""
        if said.type == "error" and not said.text.startswith("Failed to load resource"):
            self.problems.append(said.text)

    def _see(self, answer: Response) -> None:
        if answer.status >= 400 and not answer.request.is_navigation_request():
            self.problems.append(f"{answer.url}: {answer.status}")

    def look(self, page: Page, station: str) -> None:
        """See that everyone can use the page as it is now, on a phone and at a desk."""
        before = page.viewport_size
        self._stations += 1
        for width in browser.WIDTHS:
            page.set_viewport_size(browser.size(width))
            assert browser.faults(page) == [], f"{station}, {width} pixels wide"
            if PICTURES:
                page.screenshot(path=Path(PICTURES) / f"{self._stations:02}-{station}-{width}.png", full_page=True)
        if before:
            page.set_viewport_size(before)


class Member:
    """Somebody of the committee at the own browser. `survey` is the title of the survey that all is about."""

    survey = TITLE

    def __init__(self, town: Town, someone: Someone) -> None:
        self.town, self.someone, self.page = town, someone, town.page()

    @property
    def base(self) -> str:
        return f"{self.town.place.site}/d/{SLUG}/"

    def at_home(self) -> None:
        """Come back to the district's first page, as after days away."""
        self.page.goto(self.base)

    def accept(self, link: str) -> None:
        """Open the link of the letter and accept."""
        self.page.goto(link)
        self.heading("You are invited")
        self.page.get_by_role("button", name="Accept and go in").click()
        self.page.wait_for_url(self.base)

    def sign_out(self) -> None:
        self.page.get_by_role("button", name="Sign out").click()
        self.heading("Sign in")

    def sign_in(self) -> None:
        """Sign in with the code that comes by mail."""
        had = len(self.town.mail.of(self.someone.email))
        self.page.locator("input[type=email]").fill(self.someone.email)
        self.press("Send me a code")
        self.page.locator("input[name=code]").fill(self.town.mail.newest(self.someone.email, CODE, after=had))
        self.press("Sign in")
        self.page.wait_for_url(self.base)

    def part(self, *names: str) -> None:
        """Go to a part of the district by the navigation, and on by the second level."""
        self.page.get_by_role("navigation", name="Main").get_by_role("link", name=names[0], exact=True).click()
        for name in names[1:]:
            self.page.locator(".nav.sub").get_by_role("link", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        """Follow the first link of this name."""
        self.page.locator("main").get_by_role("link").filter(has_text=name).first.click()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def heading(self, name: str) -> None:
        expect(self.page.get_by_role("heading", name=name).first).to_be_visible(timeout=SOON)

    def reads(self, words: str) -> None:
        """See that these words stand on the page."""
        expect(self.page.get_by_text(words).first).to_be_visible(timeout=SOON)

    def says(self, words: str) -> Locator:
        """See that the message about what was done holds these words."""
        said = self.page.locator("[role=status], [role=alert]").filter(has_text=words).first
        expect(said).to_be_visible(timeout=SOON)
        return said

    def fill(self, **fields: str) -> None:
        """Fill in fields by their names in the form."""
        for name, value in fields.items():
            self.page.locator(f"main [name={name}]").fill(value)

    def download(self, name: str) -> bytes:
        """Follow a link that gives a file, and return the file."""
        with self.page.expect_download() as coming:
            self.follow(name)
        return Path(coming.value.path()).read_bytes()

    def look(self, station: str) -> None:
        self.town.look(self.page, station)

    def until(self, words: str) -> None:
        """Load the page again until these words stand on it."""
        reload_until(self.page, self.page.get_by_text(words))


def reload_until(page: Page, wanted: Locator) -> None:
    """Load a page again until this stands on it: the worker is at it meanwhile."""
    deadline = datetime.now(UTC) + timedelta(milliseconds=SOON)
    while not wanted.count():
        assert datetime.now(UTC) < deadline, f"{wanted} did not come to {page.url}"
        page.reload()


@contextmanager
def town(folder: Path, mail: Mailroom, mail_url: str, chromium: Browser) -> Iterator[Town]:
    """Make a fresh data folder and serve it, by the clock of today, until the journey ends."""
    place = server.place(folder, mail=mail_url)
    place.command("migrate")
    with ExitStack() as stack:
        here = Town(place, mail, chromium, stack)
        here.live_at(datetime.now(UTC))
        yield here
