"""The seals of a survey before launch: who seals, who keeps the sheets, the keys, the counting key, the trial.

Order: each party's key, then the counting key with its block, then a trial of each seal against that block. A key
that changes voids block and trials. The counting key's private half is kept locked with a share of every party;
the private halves of the door key and of the two issuing keys lie in the key folder, with the key of the links.
"""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commonground.access.actor import Actor, Role
from commonground.access.table import Action
from commonground.kernel import key_folder, time
from commonground.kernel.errors import Refused
from commonground.kernel.key_folder import Kind
from commonground.kernel.text import sha256
from commonground.ledger.acts import act, record
from commonground.partnership.models import Membership
from commonground.sealing import seals as sealing
from commonground.sealing.blind import IssuingKey
from commonground.sealing.errors import SealingError
from commonground.sealing.formats import KEY_BYTES, TradingFile, read_file, read_hex
from commonground.sealing.hpke import load_public_key, public_bytes
from commonground.surveys import rules
from commonground.surveys.drafting import not_launched, open_draft
from commonground.surveys.drafts import sealing_order
from commonground.surveys.models import Keeper, SealingParty, Survey

LINK_KEY_BYTES = 32
WRAPPED_BYTES = 500
"""More than a wrapped P-256 key ever has."""


# Who seals, who keeps


@act(Action.PREPARE_SEALS)
def set_sealing_parties(actor: Actor, survey_id: UUID, party_ids: Sequence[UUID]) -> None:
    """Name the parties that seal, in peel order: labor first, management last. Keys of those that stay are kept."""
    survey = open_draft(actor, survey_id)
    by_id = {party.pk: party for party in sealing_order(actor.tenant)}
    chosen = [by_id[party_id] for party_id in party_ids if party_id in by_id]
    if not rules.sealing_order_is_right([party.is_labor for party in chosen]):
        raise Refused(_("At least one labor organization seals, in front of management, which seals last."))
    seals = SealingParty.rows.within(actor.tenant).filter(survey=survey)
    seals.exclude(party__in=chosen).delete()
    seals.update(layer=models.F("layer") + 1000)
    for layer, party in enumerate(chosen, start=1):
        if not seals.filter(party=party).update(layer=layer):
            new = SealingParty(partnership_id=actor.tenant, survey=survey, party=party, layer=layer)
            new.save(force_insert=True)
    _void_block(survey)
    record(actor, survey=survey.pk, sealing=[party.pk for party in chosen])


@act(Action.PREPARE_SEALS)
def name_keepers(actor: Actor, survey_id: UUID, party_id: UUID, person_ids: Iterable[UUID]) -> None:
    """Name the people who keep a party's opening sheets, for the own party or as coordinator.

    If somebody who was named keeps no sheet any more, the party's key is void: that person has seen the sheet.
    """
    survey = not_launched(actor, survey_id)
    if party_id != actor.party_id and not actor.has(Role.COORDINATOR):
        raise Refused(_("Each party names its own keepers. Nothing was changed."))
    seal, named = seal_of(survey, party_id), set(person_ids)
    members = Membership.rows.within(actor.tenant).filter(party=party_id, until=None, person__in=named)
    if named - set(members.values_list("person_id", flat=True)):
        raise Refused(_("A keeper holds a role of the party. Invite the person first."))
    keepers = Keeper.rows.within(actor.tenant).filter(seal=seal)
    before = set(keepers.values_list("person_id", flat=True))
    keepers.exclude(person__in=named).delete()
    for person_id in named - before:
        Keeper(partnership_id=actor.tenant, seal=seal, person_id=person_id).save(force_insert=True)
    if before - named and seal.public_key:
        _drop_key(open_draft(actor, survey_id), seal)
    record(actor, survey=survey.pk, for_party=party_id, keepers=sorted(named))


def seal_of(survey: Survey, party_id: UUID | None) -> SealingParty:
    """Return a party's seal of a survey; raises Refused where the party does not seal it."""
    seal = SealingParty.rows.within(survey.partnership_id).filter(survey=survey, party=party_id).first()
    if seal is None:
        raise Refused(_("This party does not seal this survey. Nothing was changed."))
    return seal


def _drop_key(survey: Survey, seal: SealingParty) -> None:
    seal.public_key = seal.wrapped = ""
    seal.made_by = None
    seal.save(update_fields=["public_key", "wrapped", "made_by"])
    _void_block(survey)


def _void_block(survey: Survey) -> None:
    survey.seals_block = survey.counting_secret = ""
    survey.save(update_fields=["seals_block", "counting_secret"])
    seals = SealingParty.rows.within(survey.partnership_id).filter(survey=survey)
    seals.update(sealed_share="", tried_by=None, tried_at=None)


# A party's key


def own_seal(actor: Actor, survey: Survey) -> SealingParty:
    """Return the seal of the actor's party; raises Refused for somebody who is not one of its keepers."""
    seal = seal_of(survey, actor.own_party)
    if not Keeper.rows.within(actor.tenant).filter(seal=seal, person=actor.person_id).exists():
        raise Refused(_("Only the keepers whom your party named make and try its seal."))
    return seal


def key_task(actor: Actor, survey_id: UUID) -> bytes:
    """Return the file with which the actor's party makes its key in the keepers' page."""
    survey = Survey.rows.one(actor.tenant, survey_id)
    return TradingFile(_task("make-key", survey, own_seal(actor, survey))).to_bytes()


def _task(name: str, survey: Survey, seal: SealingParty) -> dict[str, Any]:
    return {
        "task": name,
        "survey": survey.public_id,
        "survey_title": survey.title_en,
        "party": seal.party_id.hex,
        "party_name": seal.party.name,
    }


@act(Action.MAKE_SEAL)
def receive_key(actor: Actor, survey_id: UUID, data: bytes) -> SealingParty:
    """Take the public half of the party's key, and the private half wrapped, from a keeper's file.

    A second key replaces the first, as after a lost sheet; block and trials are then void.
    """
    survey = open_draft(actor, survey_id)
    seal = own_seal(actor, survey)
    seal.public_key, seal.wrapped = key_in(_answer(data, "party-key", survey, seal))
    seal.made_by = actor.person_id
    seal.save(update_fields=["public_key", "wrapped", "made_by"])
    _void_block(survey)
    record(actor, survey=survey.pk, key=sha256(bytes.fromhex(seal.public_key)))
    return seal


def _answer(data: bytes, expected: str, survey: Survey, seal: SealingParty) -> dict[str, Any]:
    try:
        message = dict(read_file(data).message)
    except SealingError as error:
        raise in_words(error) from error
    if message.get("result") != expected:
        raise Refused(_("This is not the file that this step asks for. Nothing was changed."))
    if message.get("survey") != survey.public_id or message.get("party") != seal.party_id.hex:
        raise Refused(_("This file belongs to another survey or party. Nothing was changed."))
    return message


def key_in(message: dict[str, Any]) -> tuple[str, str]:
    """Return the public half of a key, and its private half locked. Raises Refused for anything else."""
    try:
        load_public_key(read_hex(message, "public_key", KEY_BYTES))
        wrapped = read_hex(message, "wrapped")
    except SealingError as error:
        raise in_words(error) from error
    if len(wrapped) > WRAPPED_BYTES:
        raise Refused(_("This is not the file that this step asks for. Nothing was changed."))
    return message["public_key"], message["wrapped"]


def in_words(error: SealingError, code: str = "") -> Refused:
    """Return what sealing says as a refusal in the reader's language."""
    return Refused(gettext(error.text) % error.values, code)


# The counting key


@act(Action.PREPARE_SEALS)
def make_counting_key(actor: Actor, survey_id: UUID) -> str:
    """Make the innermost key and the server's own keys and return the hash of the block of public keys.

    The block before, if there was one, and its trials are void.
    """
    survey = open_draft(actor, survey_id)
    seals = list(SealingParty.rows.within(actor.tenant).filter(survey=survey))
    if not all(seal.public_key for seal in seals):
        raise Refused(_("A party's key is still missing. The counting key is sealed to all of them."))
    _void_block(survey)
    try:
        block, counting = sealing.make_counting_key(
            bytes.fromhex(survey.public_id),
            [(seal.party_id.hex, bytes.fromhex(seal.public_key)) for seal in seals],
            _new_door_key(survey),
            _new_issuing_keys(survey),
        )
    except SealingError as error:
        raise in_words(error) from error
    key_folder.write(survey.public_id, Kind.LINK, secrets.token_bytes(LINK_KEY_BYTES))
    survey.seals_block, survey.counting_secret = block.to_bytes().decode(), counting.encrypted.hex()
    survey.save(update_fields=["seals_block", "counting_secret"])
    for seal, share in zip(seals, counting.sealed_shares, strict=True):
        seal.sealed_share = share.hex()
        seal.save(update_fields=["sealed_share"])
    record(actor, survey=survey.pk, block=block.hash.hex())
    return block.hash.hex()


def _new_door_key(survey: Survey) -> bytes:
    private_key = sealing.new_private_key()
    written = private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    key_folder.write(survey.public_id, Kind.DOOR, written)
    return public_bytes(private_key)


def _new_issuing_keys(survey: Survey) -> tuple[bytes, bytes]:
    """Make the keys that sign passes and receipts; return their moduli."""
    keys = IssuingKey.new(), IssuingKey.new()
    for kind, key in zip((Kind.PASS, Kind.RECEIPT), keys, strict=True):
        key_folder.write(survey.public_id, kind, key.to_bytes())
    return keys[0].modulus, keys[1].modulus


# The trial


def trial_task(actor: Actor, survey_id: UUID) -> bytes:
    """Return the file with which the actor's party tries its seal against the block."""
    survey = Survey.rows.one(actor.tenant, survey_id)
    seal = own_seal(actor, survey)
    if not survey.seals_block or not seal.wrapped:
        raise Refused(_("The seal can be tried once the counting key is made."))
    task = {**_task("trial", survey, seal), "block": survey.seals_block, "wrapped": seal.wrapped}
    return TradingFile(task).to_bytes()


@act(Action.MAKE_SEAL)
def receive_trial(actor: Actor, survey_id: UUID, data: bytes) -> SealingParty:
    """Take a keeper's word, made by the keepers' page, that the sheet opens the party's seal in this block."""
    survey = not_launched(actor, survey_id)
    seal = own_seal(actor, survey)
    message = _answer(data, "trial", survey, seal)
    if not survey.seals_block or message.get("block_hash") != block_hash(survey):
        raise Refused(_("The keys were changed after this trial began. Try the seal again with the new file."))
    seal.tried_by, seal.tried_at = actor.person_id, time.now()
    seal.save(update_fields=["tried_by", "tried_at"])
    record(actor, survey=survey.pk, block=block_hash(survey))
    return seal


def block_hash(survey: Survey) -> str:
    """Return S, the SHA-256 of the block of public keys."""
    return sha256(survey.seals_block.encode())


def receive(actor: Actor, survey_id: UUID, data: bytes) -> SealingParty:
    """Take whichever file a keeper hands in, the key or the trial. Raises Refused for any other."""
    try:
        result = read_file(data).message.get("result")
    except SealingError as error:
        raise in_words(error) from error
    return (receive_trial if result == "trial" else receive_key)(actor, survey_id, data)
