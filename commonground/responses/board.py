"""What anyone may read after closing: the list page with its look-up, the results, and the index of surveys."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from commonground.kernel import dates, figures
from commonground.kernel.errors import Refused
from commonground.responses import editions, objections
from commonground.responses.editions import LANGUAGES, Edition, State
from commonground.responses.models import Bulletin, Paper, PostedCertificate
from commonground.responses.queries import bulletin
from commonground.responses.screens import in_language
from commonground.sealing.crockford import ALPHABET, in_groups, tidy
from commonground.sealing.errors import SealingError
from commonground.sealing.formats import RECEIPT_BYTES, SIGNATURE_BYTES, fingerprint

LINE_CHARACTERS = 16
MOST_IN_INDEX = 200

_WHO_PROMISES = {
    "labor": _("Labor promises"),
    "management": _("Management promises"),
    "both": _("Labor and management promise together"),
}


def index(language: str) -> dict[str, Any]:
    """Surveys by where they stand; those that have not opened yet are not named."""
    groups: dict[str, list[dict[str, str]]] = {"open": [], "after": [], "published": []}
    for survey in Paper.objects.order_by("-closes_at").values_list("survey", flat=True)[:MOST_IN_INDEX]:
        state = editions.state(survey)
        group = "published" if state.published else state.phase
        if group in groups:
            groups[group].append(_row(editions.in_any_language(survey, language), group))
    newest = sorted(_counts(), key=lambda posted: (posted.page["on"], posted.survey), reverse=True)
    groups["counts"] = [_counts_row(posted, language) for posted in newest[:MOST_IN_INDEX]]
    languages = [
        {"code": code, "label": label, "url": f"/{code}/", "current": code == language}
        for code, label in LANGUAGES.items()
    ]
    return {"groups": groups, "languages": languages, "home_url": f"/{language}/", "any": any(groups.values())}


def _row(edition: Edition, group: str) -> dict[str, str]:
    rest = {"open": "", "after": "list/", "published": "results/"}[group]
    return {
        "title": edition.title,
        "district": edition.content["district"],
        "url": edition.url + rest,
        "closes": edition.moment("closes"),
        "results_by": edition.day("results_by"),
    }


def sixteen(text: str) -> str:
    """A typed line or receipt as it is printed, or nothing when it cannot be one."""
    characters = tidy(text)
    right = len(characters) == LINE_CHARACTERS and all(character in ALPHABET for character in characters)
    return in_groups(characters) if right else ""


def judge(survey: str, data: bytes) -> dict[str, str]:
    """What a proof that was handed in shows: `found` as in `Standing`, or `fault`, why it shows nothing."""
    try:
        return {"found": str(objections.hand_in(survey, data))}
    except SealingError as error:
        return {"fault": str(_(error.text) % error.values)}
    except Refused as refusal:
        return {"fault": str(refusal.message)}


def page(
    edition: Edition, state: State, typed: str | None, proof: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The list page; with what was typed, also what was found, and with a proof what it shows."""
    posted = bulletin(edition.survey)
    return {
        **edition.frame,
        "languages": edition.languages("list/"),
        "state": state,
        "closing": posted.closing,
        "closed_on": _day(posted.closing.get("closed_on")),
        "hashes": _hashes(posted.closing),
        "restores": [_restore(entry) for entry in posted.closing.get("restores", [])],
        "destroyed": _destroyed(posted.closing.get("end")),
        "anew": [_anew(entry) for entry in posted.closing.get("anew", [])],
        "counted": bool(posted.receipts),
        "typed": typed,
        "found": _look_up(posted, typed) if typed is not None else "",
        "absences": len(posted.closing.get("absences", [])),
        "proof": proof,
    }


def _look_up(posted: Bulletin, typed: str) -> str:
    """`line`, `receipt`, `nowhere`, or `unreadable`."""
    wanted = sixteen(typed)
    if not wanted:
        return "unreadable"
    if f"{wanted}  " in posted.receipts:
        return "receipt"
    return "line" if f"{wanted}\n" in posted.in_list else "nowhere"


def _hashes(closing: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each list that the parties opened or handed on, by whom, as 26 characters."""
    if "list_hash" not in closing:
        return []
    steps = [{"party": "", "hash": closing["list_hash"]}, *closing.get("peels", [])]
    return [
        {"party": step["party"], "groups": fingerprint(bytes.fromhex(step["hash"])).split(), "hash": step["hash"]}
        for step in steps
    ]


def _restore(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {"on": _day(entry["on"]), "backup_of": _day(entry["backup_of"]), "more": entry["more"]}


def _anew(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An opening anew for another table: since when, for which text in 26 characters, and how it ended."""
    text = fingerprint(bytes.fromhex(entry["request"])).split()
    return {"since": _day(entry["since"]), "ended": _day(entry["ended"]), "outcome": entry["outcome"], "text": text}


def _destroyed(facts: Mapping[str, Any] | None) -> dict[str, Any]:
    """When the answers were destroyed, what became of backups, and whose opening sheets were shredded when."""
    if not facts:
        return {}
    return {
        "on": _day(facts["on"]),
        "unopened": facts["unopened"],
        "elsewhere": [_day(day) for day in facts["backups"].get("elsewhere", [])],
        "sheets": [{"party": sheet["party"], "on": _day(sheet["on"])} for sheet in facts["sheets"]],
    }


def lines(survey: str, which: str) -> str:
    """The text of a list: `answers` for all in-list lines, `receipts` for those that counted, `signatures`."""
    posted = bulletin(survey)
    if which == "signatures":
        size, signed = RECEIPT_BYTES + SIGNATURE_BYTES, bytes(posted.signed)
        parts = (signed[at : at + size].hex() for at in range(0, len(signed), size))
        return "".join(f"{part[: 2 * RECEIPT_BYTES]}  {part[2 * RECEIPT_BYTES :]}\n" for part in parts)
    return posted.in_list if which == "answers" else posted.receipts


def later(survey: str, number: int) -> bytes:
    """The bytes of a later release by its number; nothing where there is none."""
    found = (entry["release"] for entry in bulletin(survey).later if entry["number"] == number)
    return str(next(found, "")).encode()


def release(survey: str, which: str = "release") -> bytes:
    """The bytes of the release, or of that of `comments`; nothing while there is none."""
    return bytes(getattr(bulletin(survey), which))


def certificate(release: bytes) -> bytes:
    """The certificate that a release names; nothing where it names none, or none was posted."""
    row = _certificates(release).first()
    return bytes(row.data) if row else b""


def _certificates(release: bytes) -> QuerySet[PostedCertificate]:
    named = json.loads(release or b"{}").get("tables", {}).get("certificate") or {}
    return PostedCertificate.objects.filter(pk=named.get("hash", ""))


def results(edition: Edition) -> dict[str, Any] | None:
    """The public pages of the releases in this language, or None while there are none; `page` has their parts."""
    posted = bulletin(edition.survey)
    first: dict[str, Any] = posted.page or next((entry["page"] for entry in posted.later), {})
    pages = [_page(content, edition.language) for content in (first, posted.comments_page) if content]
    if not pages:
        return None
    return {
        **edition.frame,
        "languages": edition.languages("results/"),
        "first": pages[0],
        "second": pages[1:],
        "later": [{"number": entry["number"], "on": _day(entry["page"]["on"])} for entry in posted.later],
        "numbers": bool(posted.page),
        "comments": bool(posted.comments_page),
        "certified": bool(posted.page) and _certificates(bytes(posted.release)).exists(),
    }


def results_later(edition: Edition, number: int) -> dict[str, Any] | None:
    """The public page of a later release in this language, or None where there is none of this number."""
    found = [entry["page"] for entry in bulletin(edition.survey).later if entry["number"] == number]
    if not found:
        return None
    languages = edition.languages(f"results/{number}/")
    first = _page(found[0], edition.language)
    return {
        **edition.frame,
        "languages": languages,
        "first": first,
        "second": [],
        "number": number,
        "certified": _certificates(later(edition.survey, number)).exists(),
    }


def counts(count: str, language: str) -> dict[str, Any] | None:
    """The page of counts made elsewhere in this language, or None for what is none; `page` has its parts."""
    posted = _counts().filter(pk=count).first()
    if posted is None:
        return None
    return {
        "page": _page(posted.page, language),
        "languages": [
            {"code": code, "label": label, "url": f"/c/{count}/{code}/", "current": code == language}
            for code, label in LANGUAGES.items()
        ],
        "home_url": f"/{language}/",
        "url": f"/c/{count}/{language}/",
        "certified": _certificates(release(count)).exists(),
    }


def _counts() -> QuerySet[Bulletin]:
    """Releases of counts made elsewhere: no paper belongs to them."""
    papers = Paper.objects.values("survey")
    return Bulletin.objects.only("survey", "page").exclude(page={}).exclude(survey__in=papers)


def _counts_row(posted: Bulletin, language: str) -> dict[str, str]:
    title = posted.page["title"][language]
    return {"title": title, "on": _day(posted.page["on"]), "url": f"/c/{posted.survey}/{language}/"}


def _page(content: dict[str, Any], language: str) -> dict[str, Any]:
    shown = in_language(content, language)
    return {**shown, "on": _day(shown["on"]), "blocks": [_block(block) for block in shown["blocks"]]}


def _block(block: dict[str, Any]) -> dict[str, Any]:
    """A block with its days in words; the HTML of a chart was checked when the page was posted."""
    if block["kind"] == "chart":
        return {**block, "html": _safe(block["html"])}
    if block["kind"] == "next":
        return {**block, "items": [{**item, "on": _day(item["on"])} for item in block["items"]]}
    if block["kind"] == "promises":
        return {**block, "sides": [_side(side) for side in block["sides"]]}
    return block


def _side(side: dict[str, Any]) -> dict[str, Any]:
    items = [{**item, "by": _day(item.get("by"))} for item in side["items"]]
    return {"words": figures.party(side["side"], str(_WHO_PROMISES[side["side"]])), "items": items}


def _safe(html: str) -> SafeString:
    return mark_safe(html)


def _day(day: str | None) -> str:
    return dates.day(date.fromisoformat(day)) if day else ""
