"""Seals before launch: what a key, a lost sheet or a keeper who leaves does to block and trials."""

import json
import stat

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_der_private_key

from commonground.demo import cast
from commonground.kernel import key_folder
from commonground.kernel.errors import Refused
from commonground.ledger.models import LedgerEntry
from commonground.sealing.hpke import public_bytes
from commonground.sealing.keeper import answer_task
from commonground.sealing.seals import new_phrase, read_block_text
from commonground.surveys import actions, seals
from commonground.surveys.models import SealingParty, SurveyState
from commonground.surveys.tests import writing

pytestmark = pytest.mark.django_db(databases=["default", "responses"])


def own_seals(steps):
    return SealingParty.rows.within(steps.valley.partnership.pk).filter(survey=steps.survey)


def test_the_block_holds_the_keys_of_all_parties_in_peel_order(valley):
    steps = writing.sealed(valley)
    block = read_block_text(steps.again().seals_block.encode())
    assert [key.hex() for key in block.parties] == [seal.public_key for seal in own_seals(steps)]
    assert block.party_ids[-1] == valley.parties[cast.MANAGEMENT].pk.hex
    assert all(seal.sealed_share and seal.tried_at for seal in own_seals(steps))


def test_the_door_key_lies_in_the_key_folder_for_its_owner_alone(valley):
    steps = writing.sealed(valley)
    path = key_folder.path(steps.again().public_id, key_folder.Kind.DOOR)
    key = load_der_private_key(path.read_bytes(), None)
    assert isinstance(key, EllipticCurvePrivateKey)
    assert public_bytes(key).hex() == json.loads(steps.survey.seals_block)["door_key"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_counting_key_waits_for_every_party(valley):
    steps = writing.drafted(valley)
    writing.name_keepers(steps, cast.TRADES, cast.RAY, cast.ANA)
    writing.make_key(steps, cast.TRADES)
    with pytest.raises(Refused):
        seals.make_counting_key(steps.actor(cast.SAM), steps.survey.pk)
    assert steps.again().seals_block == ""


def test_a_new_key_after_a_lost_sheet_voids_block_trials_and_waiting_text(valley):
    steps = writing.frozen(valley)
    writing.make_key(steps, cast.CLASSIFIED)
    survey = steps.again()
    assert survey.seals_block == survey.counting_secret == ""
    assert survey.state == SurveyState.DRAFTING
    assert not own_seals(steps).exclude(tried_at=None).exists()


def test_a_keeper_taken_off_has_seen_the_sheet_so_the_key_is_void(valley):
    steps = writing.sealed(valley)
    writing.name_keepers(steps, cast.CLASSIFIED, cast.LUZ)
    assert own_seals(steps).get(party=valley.parties[cast.CLASSIFIED]).public_key == ""
    assert steps.again().seals_block == ""


def test_a_keeper_more_changes_no_key(valley):
    steps = writing.frozen(valley)
    writing.name_keepers(steps, cast.MANAGEMENT, cast.DENISE, cast.TOM, cast.HELEN)
    assert steps.again().seals_block and steps.survey.state == SurveyState.WAITING


def test_a_trial_counts_only_against_the_block_of_now(valley):
    steps = writing.sealed(valley)
    old = answer_task(seals.trial_task(steps.actor(cast.RAY), steps.survey.pk), steps.phrases[cast.TRADES])
    seals.make_counting_key(steps.actor(cast.SAM), steps.survey.pk)
    with pytest.raises(Refused, match="keys were changed"):
        seals.receive_trial(steps.actor(cast.RAY), steps.survey.pk, old)


def test_a_file_of_another_party_is_refused(valley):
    steps = writing.drafted(valley)
    writing.name_keepers(steps, cast.TRADES, cast.RAY, cast.ANA)
    writing.name_keepers(steps, cast.CLASSIFIED, cast.LUZ, cast.ELENA)
    result = answer_task(seals.key_task(steps.actor(cast.RAY), steps.survey.pk), new_phrase())
    with pytest.raises(Refused, match="another survey or party"):
        seals.receive(steps.actor(cast.LUZ), steps.survey.pk, result)


def test_only_named_keepers_make_a_seal(valley):
    steps = writing.drafted(valley)
    writing.name_keepers(steps, cast.TRADES, cast.RAY)
    with pytest.raises(Refused, match="Only the keepers"):
        seals.key_task(steps.actor(cast.ANA), steps.survey.pk)


def test_a_keeper_holds_a_role_of_the_party(valley):
    steps = writing.drafted(valley)
    with pytest.raises(Refused, match="holds a role"):
        writing.name_keepers(steps, cast.TRADES, cast.RAY, cast.ELENA)


def test_sealing_parties_stand_labor_first_and_keep_their_keys(valley):
    steps = writing.sealed(valley)
    teachers, classified, trades, management = writing.party_ids(valley)
    kept = own_seals(steps).get(party=trades).public_key
    seals.set_sealing_parties(steps.actor(cast.SAM), steps.survey.pk, [trades, management])
    assert [(seal.party_id, seal.layer) for seal in own_seals(steps)] == [(trades, 1), (management, 2)]
    assert own_seals(steps).get(party=trades).public_key == kept
    for wrong in ([management, trades], [management], [teachers, classified]):
        with pytest.raises(Refused):
            seals.set_sealing_parties(steps.actor(cast.SAM), steps.survey.pk, wrong)


def test_a_party_without_keepers_is_protected_by_the_others(valley):
    steps = writing.drafted(valley)
    _teachers, _classified, trades, management = writing.party_ids(valley)
    seals.set_sealing_parties(steps.actor(cast.SAM), steps.survey.pk, [trades, management])
    for party in (cast.TRADES, cast.MANAGEMENT):
        writing.name_keepers(steps, party, *writing.KEEPERS[party])
        writing.make_key(steps, party)
    seals.make_counting_key(steps.actor(cast.SAM), steps.survey.pk)
    for party in (cast.TRADES, cast.MANAGEMENT):
        writing.try_seal(steps, party)
    actions.freeze(steps.actor(cast.SAM), steps.survey.pk)
    parties = json.loads(steps.again().paper)["parties"]
    assert [party["seals"] for party in parties] == [False, False, True, True]


def test_the_record_holds_fingerprints_and_no_secret(valley):
    steps = writing.sealed(valley)
    bodies = " ".join(LedgerEntry.rows.within(valley.partnership.pk).values_list("body", flat=True))
    assert seals.block_hash(steps.again()) in bodies
    for seal in own_seals(steps):
        assert seal.wrapped not in bodies and seal.sealed_share not in bodies
    assert steps.survey.counting_secret not in bodies
