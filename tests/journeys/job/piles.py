"""Printed codes handed over before a witness of each side: opened, joined, drawn from, what is left cancelled."""

import re
from collections.abc import Sequence

from playwright.sync_api import expect

from tests.journeys.job.story import TITLE, Worker
from tests.journeys.job.town import SOON, Member

PLACE = "Bus yard, morning"
BY_HAND = 2
"""So many people are found and let draw by the buttons, the others by the same forms without looking."""
FIELD = r'name="{}"[^>]*value="([^"]+)"'


def hand_over(labor: Member, management: Member, envelopes: int, people: Sequence[Worker]) -> None:
    """Have all these people draw, before somebody from labor and somebody from management."""
    _to_piles(labor)
    labor.fill(place=PLACE, brought=str(envelopes))
    labor.look("pile-opening")
    labor.press("Open the hand-over")
    labor.reads("We wait for a witness from management.")
    _to_piles(management)
    management.follow(PLACE)
    management.press("I watch for my side")
    management.heading("Who wants to draw?")
    labor.page.reload()
    for worker in people[:BY_HAND]:
        _let_draw(labor, worker)
    for worker in people[BY_HAND:]:
        _let_draw_unseen(labor, worker)
    labor.page.reload()
    drawn = labor.page.locator(".sums div").filter(has_text=re.compile("drawn", re.I))
    expect(drawn).to_contain_text(str(len(people)))


def _to_piles(member: Member) -> None:
    member.at_home()
    member.part("Voice")
    member.follow(TITLE)
    member.page.locator(".nav.sub").get_by_role("link", name="Hand-over").click()


def _let_draw(member: Member, worker: Worker) -> None:
    member.fill(name=worker.number)
    member.press("Find")
    member.page.locator("main .choice").first.click()
    member.press("Draw")
    member.heading("Draw an envelope")
    assert worker.number not in member.page.content() and worker.number not in member.page.url
    member.follow("Next person")


def _let_draw_unseen(member: Member, worker: Worker) -> None:
    page = member.page
    form = page.locator("form[action$='/draw/']").first
    address = f"{member.town.place.site}{form.get_attribute('action')}"
    token = {"csrfmiddlewaretoken": form.locator("[name=csrfmiddlewaretoken]").input_value()}
    headers = {"Referer": address}
    found = page.request.post(address, form={**token, "name": worker.number}, headers=headers).text()
    chosen = {name: re.findall(FIELD.format(name), found)[0] for name in ("asked", "turn")}
    answer = page.request.post(address, form={**token, **chosen}, headers=headers)
    assert answer.url == address and "Draw an envelope" in answer.text()


def cancel_what_is_left(member: Member, left: Sequence[str], used: str) -> None:
    """Open what nobody drew before both, cancel it, and close with counts that add up."""
    member.follow("Cancel codes, or close this hand-over")
    member.fill(codes="\n".join([*left[1:], used]))
    member.press("Cancel these codes")
    member.says(f"{len(left) - 1} codes are cancelled.")
    member.reads("1 line was left as it is.")
    member.look("codes-cancelled")
    member.fill(codes=left[0])
    member.press("Cancel these codes")
    member.says("1 code is cancelled.")
    member.fill(left="0")
    member.press("Close the hand-over")
    member.says("This hand-over is closed.")
    missing = member.page.locator(".sums div").filter(has_text=re.compile("missing", re.I))
    expect(missing).to_contain_text("0", timeout=SOON)
