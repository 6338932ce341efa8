"""With the keyboard alone: signing in, turning a key, answering, looking a receipt up; the focus is always seen."""

import re

import pytest
from playwright.sync_api import Page

from commonground.demo import cast
from tests.looks.test_pages import context, signed_in

pytestmark = pytest.mark.browser

WAY = ("en", "light", 390)
MOST_STOPS = 120
FOCUS = """() => {
  const at = document.activeElement, seen = at.matches(".choice input") ? at.nextElementSibling : at;
  const style = getComputedStyle(seen), box = seen.getBoundingClientRect();
  return {
    name: (at.labels?.[0]?.innerText || at.innerText || at.getAttribute("aria-label") || at.name || "").trim(),
    tag: at.tagName,
    seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inside: box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight,
  };
}"""


def tab_to(page: Page, name: str) -> None:
    """Press Tab until this stop has the focus; every stop on the way shows it, on the screen."""
    passed = []
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        assert at["tag"] == "BODY" or at["seen"], f"no focus is seen at {at}"
        assert at["tag"] == "BODY" or at["inside"], f"the focus is off the screen at {at}"
        if re.search(name, at["name"]):
            return
        passed.append(at["name"])
    raise AssertionError(f"Tab never came to {name!r}, only to {passed}")


def test_sign_in(browser, here):
    page = context(browser, *WAY).new_page()
    page.goto(f"{here.place.site}/sign-in/")
    tab_to(page, "Your mailbox")
    page.keyboard.type(cast.ANA.email)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Type your code").wait_for()
    tab_to(page, "The code from the letter")
    page.keyboard.type(here.place.code(cast.ANA.email))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Where we are").wait_for()
    page.context.close()


def test_the_first_stop_skips_the_menu(browser, here):
    page = signed_in(browser, here, cast.LUZ.email, WAY)
    page.goto(f"{here.place.site}/d/{cast.SLUG}/record/")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["name"] == "Skip to the page"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    page.context.close()


def test_turn_a_key(browser, here):
    page = signed_in(browser, here, cast.LUZ.email, WAY)
    page.goto(f"{here.place.site}/d/{cast.SLUG}/waiting/")
    tab_to(page, "Read and decide")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Our decision").wait_for()
    tab_to(page, "I have read version")
    page.keyboard.press("Space")
    tab_to(page, "Turn our key")
    page.keyboard.press("Enter")
    page.get_by_text("Every key is turned.").first.wait_for()
    page.context.close()


def test_end_opening_the_answers_anew(browser, here):
    page = signed_in(browser, here, cast.LUZ.email, WAY)
    page.goto(f"{here.place.site}/d/{cast.SLUG}/{here.stage['anew_page']}further/")
    tab_to(page, "^End it now$")
    page.keyboard.press("Enter")
    tab_to(page, "Yes, end it for every party")
    page.keyboard.press("Space")
    tab_to(page, "^End it$")
    page.keyboard.press("Enter")
    page.get_by_text("It has ended.").first.wait_for()
    assert "Ended by a co-chair on" in page.locator("main").inner_text()
    page.context.close()


def test_answer_a_survey(browser, here):
    page = context(browser, *WAY).new_page()
    page.goto(f"{here.place.respond}/s/{here.stage['open']}/en/")
    tab_to(page, "Your code")
    page.keyboard.type(here.stage["codes"][-2])
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="About your place").wait_for()
    tab_to(page, "Birch Lane")
    page.keyboard.press("ArrowDown")
    assert page.get_by_label("Cottonwood").is_checked()
    tab_to(page, "^Next$")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Breaks").wait_for()
    tab_to(page, "Strongly disagree")
    page.keyboard.press("Space")
    tab_to(page, "Send my answers")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Your receipt").wait_for()
    page.context.close()


def test_look_up_a_line_in_the_list(browser, here):
    page = context(browser, *WAY).new_page()
    address = f"{here.place.respond}/s/{here.stage['looking']}/en/list/"
    line = page.request.get(f"{address}answers.txt").text().splitlines()[0]
    page.goto(address)
    tab_to(page, "Your line or your receipt")
    page.keyboard.type(line.lower())
    page.keyboard.press("Enter")
    page.get_by_text("Yes, it is in the list.").wait_for()
    page.context.close()


@pytest.mark.parametrize("route", ["text", "record", "release", "charter", "survey-opening"])
def test_print_leaves_out_what_nobody_can_press(browser, here, route):
    found = next(page for page in here.pages if page.route == route)
    page = signed_in(browser, here, found.email, ("en", "dark", 700))
    page.goto(here.place.site + found.path)
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    for control in page.locator("nav, button, .btn, .skip, .langs, details:not(.closed) > summary").all():
        assert not control.is_visible(), control.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert all(table.is_visible() for table in page.locator("main .scroll table").all())
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.context.close()
