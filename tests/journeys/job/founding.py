"""From an empty server to a charter in force: founders, alternates, a coordinator, and their keys."""

from tests.journeys.job.story import (
    ALTERNATES,
    CLASSIFIED,
    CLEO,
    DISTRICT,
    FOUNDERS,
    JUNE,
    PARTIES,
    PAUL,
    ROSA,
    SLUG,
    TEACHERS,
    Someone,
)
from tests.journeys.job.town import Member, Town

LINK = r"(http\S+/invitation/\S+)"


def found(town: Town) -> dict[Someone, Member]:
    """The operator opens the district; each founder accepts, signs in by code and turns the founding key."""
    printed = town.place.command(
        "found-district", SLUG, DISTRICT,
        "--management", JUNE.name, JUNE.email,
        "--labor", TEACHERS, ROSA.name, ROSA.email,
        "--labor", CLASSIFIED, PAUL.name, PAUL.email,
    )  # fmt: skip
    founders = {}
    for founder in FOUNDERS:
        link = town.mail.newest(founder.email, LINK)
        assert f"{founder.email}: {link}" in printed
        founders[founder] = _arrive(town, founder, link)
    _used_once(town, link)
    founders[ROSA].look("first-page")
    turn_everywhere(list(founders.values()), "Founding of the partnership")
    return founders


def _arrive(town: Town, founder: Someone, link: str) -> Member:
    member = Member(town, founder)
    member.page.goto(link)
    member.reads(founder.party)
    if founder is ROSA:
        member.look("invitation")
    member.accept(link)
    member.reads("Founding of the partnership in Harbor Bend Unified")
    member.sign_out()
    if founder is ROSA:
        member.look("sign-in")
    member.sign_in()
    return member


def _used_once(town: Town, link: str) -> None:
    """A link that was used opens nothing; it says where to go."""
    stranger = town.page()
    stranger.goto(link)
    stranger.get_by_text("This invitation was accepted already. Sign in with your mailbox.").wait_for()
    town.look(stranger, "invitation-over")
    stranger.context.close()


def turn_everywhere(members: list[Member], title: str) -> None:
    """Every party turns its key on the text of this title; all of them see the same fingerprint."""
    fingerprints = set()
    for place, member in enumerate(members):
        read(member, title)
        fingerprints.add(" ".join(member.page.locator("main .sheet .code").inner_text().split()))
        turn(member, last=place == len(members) - 1)
    assert len(fingerprints) == 1


def read(member: Member, title: str) -> None:
    """Open the text that waits for the own key, the way the navigation leads."""
    member.part("Table")
    row = member.page.get_by_role("listitem").filter(has=member.page.get_by_role("heading", name=title))
    row.get_by_role("link", name="Read and decide").click()
    member.heading(title)


def turn(member: Member, last: bool = False) -> None:
    """Turn the own party's key on the text that is open."""
    member.page.get_by_label("I have read version").check()
    member.press("Turn our key")
    member.says("Every key is turned." if last else "The text waits for the others.")


def gather(town: Town, founders: dict[Someone, Member]) -> dict[Someone, Member]:
    """Each party invites its alternate, and management the coordinator; they come in by their letters."""
    came = {}
    for founder, alternate in ALTERNATES.items():
        came[alternate] = _invite(town, founders[founder], alternate, "alternate")
    came[CLEO] = _invite(town, founders[JUNE], CLEO, "coordinator")
    founders[PAUL].part("Table", "People")
    for someone in (*FOUNDERS, *came):
        founders[PAUL].reads(someone.name)
    founders[PAUL].look("people")
    return came


def _invite(town: Town, host: Member, someone: Someone, role: str) -> Member:
    host.part("Table", "People")
    host.fill(name=someone.name, email=someone.email)
    host.page.get_by_label("Role").select_option(label=role)
    host.press("Send the invitation")
    host.says(f"The invitation is on its way to {someone.email}.")
    guest = Member(town, someone)
    guest.accept(town.mail.newest(someone.email, LINK))
    return guest


def charter(founders: dict[Someone, Member]) -> None:
    """Labor writes the charter, names the key holders, and every founder turns the key of the own party."""
    writer = founders[ROSA]
    writer.part("Agreements")
    writer.press("Start the charter")
    writer.fill(
        purpose_en="We want work that people can do in good health until they retire.",
        purpose_es="Queremos un trabajo que se pueda hacer con salud hasta la jubilación.",
        students_en="People who are well are there for students.",
        students_es="Quien está bien puede estar para los estudiantes.",
    )
    for founder, alternate in ALTERNATES.items():
        writer.page.get_by_label(founder.name, exact=True).select_option(label="key holder")
        writer.page.get_by_label(alternate.name, exact=True).select_option(label="alternate")
    writer.press("Save the draft")
    writer.says("The draft is saved.")
    writer.reads("As last saved, nothing is missing.")
    writer.look("charter-draft")
    writer.press("Save, freeze and ask for keys")
    writer.says("The charter is frozen.")
    writer.look("charter-frozen")
    turn_everywhere(list(founders.values()), writer.page.get_by_role("heading", level=1).inner_text())
    writer.part("Agreements")
    for party in PARTIES:
        writer.reads(party)
    writer.reads("by the key of every party.")
    writer.look("charter-in-force")
