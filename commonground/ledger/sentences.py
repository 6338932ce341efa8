"""The record in plain sentences: one table of templates, filled with names that are looked up when it is read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonground.access.actor import ROLE_NAMES, Role
from commonground.access.table import Action
from commonground.ledger.names import names
from commonground.ledger.queries import EntryCard

Templates = tuple[str | Promise, ...]

SENTENCES: dict[Action, Templates] = {
    Action.FOUND_DISTRICT: (gettext_lazy("%(who)s opened the district with these parties: %(parties)s."),),
    Action.INVITE: (
        gettext_lazy("%(who)s offered somebody the role of %(role)s for %(for_party)s."),
        gettext_lazy("%(who)s offered somebody the role of %(role)s."),
    ),
    Action.WITHDRAW_INVITATION: (gettext_lazy("%(who)s withdrew an invitation."),),
    Action.ACCEPT_INVITATION: (
        gettext_lazy("%(who)s accepted the role of %(role)s for %(party)s."),
        gettext_lazy("%(who)s accepted the role of %(role)s."),
    ),
    Action.END_MEMBERSHIP: (
        gettext_lazy("%(who)s ended a role of %(role)s for %(for_party)s."),
        gettext_lazy("%(who)s ended a role of %(role)s."),
    ),
    Action.RESET_SIGN_IN: (
        gettext_lazy(
            "%(who)s gave %(person)s another mailbox and ended every sign-in. By the operator's word, these people "
            "asked for it: %(asked_by)s."
        ),
        gettext_lazy("%(who)s gave somebody another mailbox and ended every sign-in, by the wish of both sides."),
    ),
    Action.ERASE_PERSON: (gettext_lazy("%(who)s erased the name and mailbox of somebody whose roles had ended."),),
    Action.EDIT_STRUCTURE: (gettext_lazy("%(who)s changed the list of places, shifts, jobs and units."),),
    Action.IMPORT_STAFF: (gettext_lazy("%(who)s brought in the staff list."),),
    Action.FREEZE_TEXT: (
        gettext_lazy("%(who)s froze %(text)s and laid it before %(bound)s."),
        gettext_lazy("%(who)s froze a text and laid it before %(bound)s."),
    ),
    Action.TURN_KEY: (
        gettext_lazy("%(who)s turned the key of %(party)s on %(text)s."),
        gettext_lazy(
            "With the last key, that of %(party)s, %(who)s launched the survey. People asked: %(eligible)s."
        ),
        gettext_lazy("%(who)s turned the key of %(party)s on a text."),
    ),
    Action.TAKE_KEY_BACK: (
        gettext_lazy("%(who)s took back the key of %(party)s on %(text)s."),
        gettext_lazy("%(who)s took back the key of %(party)s on a text."),
    ),
    Action.SEND_BACK: (
        gettext_lazy("%(who)s sent %(text)s back to drafting for %(party)s."),
        gettext_lazy("%(who)s sent a text back to drafting for %(party)s."),
    ),
    Action.SCREEN_QUESTION: (
        gettext_lazy("%(who)s screened a question of %(survey)s for %(party)s."),
        gettext_lazy("%(who)s screened a question of a survey for %(party)s."),
    ),
    Action.PREPARE_SEALS: (
        gettext_lazy("%(who)s named the parties that seal the answers: %(sealing)s."),
        gettext_lazy("%(who)s named the keepers of %(for_party)s."),
        gettext_lazy("%(who)s prepared the seals of a survey."),
    ),
    Action.MAKE_SEAL: (gettext_lazy("%(who)s handed in the seal of %(party)s."),),
    Action.ISSUE_CODES: (
        gettext_lazy("%(who)s had codes printed: %(count)s."),
        gettext_lazy("%(who)s sent reminder %(reminder)s to everyone asked. People written to: %(mailing)s."),
        gettext_lazy("%(who)s asked for letters with a personal link. People to be written to: %(mailing)s."),
        gettext_lazy("%(who)s had codes printed or letters mailed."),
    ),
    Action.WITNESS_PILE: (
        gettext_lazy(
            "%(who)s closed a hand-over of printed codes for %(party)s. Brought: %(brought)s, drawn: %(drawn)s, "
            "cancelled: %(cancelled)s, still sealed: %(left)s, missing: %(missing)s."
        ),
        gettext_lazy("%(who)s opened a hand-over of printed codes for %(party)s. Envelopes: %(brought)s."),
        gettext_lazy("%(who)s cancelled codes before both witnesses, for %(party)s: %(cancelled_number)s."),
        gettext_lazy("%(who)s joined a hand-over of printed codes as the witness of %(party)s."),
    ),
    Action.PROPOSE_ERRATUM: (gettext_lazy("%(who)s proposed an erratum beside the frozen paper."),),
    Action.CLOSE_SURVEY: (
        gettext_lazy("%(who)s closed the survey with %(answers)s sealed answers."),
        gettext_lazy("%(who)s closed the survey."),
    ),
    Action.OPEN_SEAL: (gettext_lazy("%(who)s opened the seal of %(party)s."),),
    Action.COUNT_ANSWERS: (
        gettext_lazy(
            "With the share of every party, %(who)s had the answers counted anew. The gate told nothing new. "
            "Tables refused: %(refused_number)s."
        ),
        gettext_lazy(
            "With the share of every party, %(who)s had the answers counted anew for the text %(request)s. The "
            "release has the hash %(release)s."
        ),
        gettext_lazy("With the share of every party, %(who)s had the answers counted."),
    ),
    Action.HAND_IN_PROOF: (
        gettext_lazy("%(who)s handed in for %(party)s the proof of an answer that the list lacks."),
    ),
    Action.STOP_TALLY: (gettext_lazy("%(who)s stopped the tally for %(party)s, or asked for it to go on."),),
    Action.ASK_FURTHER_TABLES: (
        gettext_lazy("%(who)s asked every party for another table, for %(party)s. Tables: %(tables_number)s."),
        gettext_lazy("%(who)s ended opening the answers anew, for %(party)s."),
    ),
    Action.END_OPENING_ANEW: (
        gettext_lazy("%(who)s ended opening the answers anew: not every party had come. Nothing of it was kept."),
    ),
    Action.PROPOSE_PUBLISHING: (gettext_lazy("%(who)s proposed to publish the release to staff."),),
    Action.PROPOSE_COUNTS: (gettext_lazy("%(who)s proposed to release counts made elsewhere."),),
    Action.PROPOSE_LENDING: (gettext_lazy("%(who)s proposed to lend published results to comparisons."),),
    Action.WITHDRAW_LENDING: (gettext_lazy("%(who)s ended what the district lends to comparisons."),),
    Action.COMPARE_DISTRICTS: (gettext_lazy("%(who)s compared the districts that lend results."),),
    Action.NAME_REVIEWER: (
        gettext_lazy("%(who)s named who reads comments for %(for_party)s."),
        gettext_lazy("%(who)s said whom the readers of comments tell when somebody is in danger."),
    ),
    Action.MAKE_READING_KEY: (gettext_lazy("%(who)s handed in the own reading key for %(party)s."),),
    Action.REVIEW_COMMENTS: (
        gettext_lazy(
            "%(who)s finished the review of comments for %(party)s. The release has the hash %(release)s."
        ),
        gettext_lazy("%(who)s handed in the words to be published for %(party)s. Comments: %(written)s."),
        gettext_lazy("%(who)s handed in decisions on comments for %(party)s. Decided so far: %(decided)s%%."),
    ),
    Action.RAISE_COMMENT: (gettext_lazy("%(who)s said for %(party)s that a comment needs a person now."),),
    Action.ADD_THEME: (gettext_lazy("%(who)s added a theme for %(party)s."),),
    Action.DESTROY_ANSWERS: (gettext_lazy("%(who)s had the sealed answers destroyed."),),
    Action.CONFIRM_SHREDDING: (
        gettext_lazy("%(who)s said that the opening sheets of %(party)s were shredded before %(witness)s."),
        gettext_lazy("%(who)s said that the sheets of %(party)s were shredded before somebody of the other side."),
    ),
    Action.CLEAR_BACKUPS: (
        gettext_lazy(
            "%(who)s took the destroyed answers out of its backups. Backups cleared: %(cleared_number)s. "
            "Backups that were not in their place: %(elsewhere_number)s."
        ),
        gettext_lazy(
            "%(who)s deleted, beside its backups, who had taken a pass. Backups reached: "
            "%(marks_deleted_number)s. Backups that were not in their place: %(marks_elsewhere_number)s."
        ),
        gettext_lazy("%(who)s took out of its backups what was to be erased."),
    ),
    Action.RESTORE_BACKUP: (
        gettext_lazy(
            "%(who)s restored the server from the backup of %(backup_of)s while a survey was open. Up to %(more)s "
            "people can take a pass once more. Answers sent or changed after that backup are lost."
        ),
        gettext_lazy(
            "%(who)s restored the server from the backup of %(backup_of)s, out of which the answers of a survey "
            "had been taken when they were destroyed."
        ),
        gettext_lazy("%(who)s restored the server from a backup."),
    ),
}
"""For each recorded act the sentences that can tell it, the fullest first; the first with known facts is used."""

ADDED: dict[str, str | Promise] = {
    "in_force": gettext_lazy("It was the last key: the text is in force."),
    "waits": gettext_lazy("The results come when other answers are found that print the same numbers."),
    "again": gettext_lazy("What was counted could not become results. It has to be counted again."),
    "opens_anew": gettext_lazy("With it every party opens the sealed answers anew, for another table."),
    "paused": gettext_lazy("The partnership is paused."),
    "reconvened": gettext_lazy("The partnership works on after the pause."),
}
"""What a fact that is true adds to the sentence."""

NAMED = {
    "text": "text",
    "survey": "survey",
    "person": "person",
    "witness": "person",
    "asked_by": "person",
    "for_party": "party",
    "parties": "party",
    "bound": "party",
    "sealing": "party",
}
"""Facts that hold ids, and the kind of thing that the ids name."""

ID_DIGITS = 32


@dataclass(frozen=True)
class ToldEntry:
    """One entry as a sentence, with the entry itself."""

    entry: EntryCard
    sentence: str


def tell(partnership_id: UUID, entries: Iterable[EntryCard]) -> list[ToldEntry]:
    """Return the entries as sentences in the reader's language; every kind of name is looked up once."""
    entries = list(entries)
    wanted: dict[str, set[UUID]] = {"person": set(), "party": set()}
    for entry in entries:
        for kind, ids in _ids(entry):
            wanted.setdefault(kind, set()).update(ids)
    known = {kind: names(partnership_id, kind, ids) for kind, ids in wanted.items()}
    return [ToldEntry(entry, sentence(entry, known)) for entry in entries]


def sentence(entry: EntryCard, known: Mapping[str, Mapping[UUID, str]]) -> str:
    """Return one entry as a sentence; `known` holds by kind what ids are called."""
    values = _values(entry, known)
    templates: Templates = ()
    if entry.act in set(Action):
        templates = SENTENCES.get(Action(entry.act), ())
    added = [str(words) for fact, words in ADDED.items() if entry.facts.get(fact) is True]
    return " ".join([_first(templates, values, entry), *added])


def _first(templates: Templates, values: Mapping[str, str], entry: EntryCard) -> str:
    for template in templates:
        try:
            return str(template) % values
        except KeyError:
            continue
    words = _("%(who)s did this: %(act)s.")
    return words % {"who": values["who"], "act": entry.act.replace("_", " ")}


def _values(entry: EntryCard, known: Mapping[str, Mapping[UUID, str]]) -> dict[str, str]:
    """Return what stands for each placeholder; a fact that cannot be named is left out."""
    values = {fact: str(value) for fact, value in entry.facts.items() if fact not in NAMED}
    values |= {f"{fact}_number": str(len(value)) for fact, value in entry.facts.items() if isinstance(value, list)}
    if entry.facts.get("role") in set(Role):
        values["role"] = str(ROLE_NAMES[Role(entry.facts["role"])])
    for fact in NAMED:
        called = [known[NAMED[fact]].get(item) for item in _uuids(entry.facts.get(fact))]
        if called and all(called):
            values[fact] = ", ".join(str(name) for name in called)
    if entry.party:
        values["party"] = known["party"].get(_uuid(entry.party)) or _("a party")
    values["who"] = _who(entry, known["person"])
    return values


def _who(entry: EntryCard, people: Mapping[UUID, str]) -> str:
    if entry.by == "operator":
        return _("The operator")
    return people.get(_uuid(entry.by), "") or _("Someone whose account was erased")


def _ids(entry: EntryCard) -> Iterable[tuple[str, list[UUID]]]:
    yield "person", [] if entry.by == "operator" else [_uuid(entry.by)]
    yield "party", _uuids(entry.party)
    for fact, kind in NAMED.items():
        yield kind, _uuids(entry.facts.get(fact))


def _uuids(value: Any) -> list[UUID]:
    """Return the ids in a fact; a hash that stands under the same name is no id."""
    items = value if isinstance(value, list) else [value]
    return [_uuid(item) for item in items if isinstance(item, str) and len(item) == ID_DIGITS]


def _uuid(text: str) -> UUID:
    return UUID(hex=text)
