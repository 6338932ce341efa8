"""HPKE: the RFC's known answers for our own second implementation, and that one against the library's."""

import time

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from commonground.sealing.errors import CannotOpen, Malformed
from commonground.sealing.hpke import (
    LAYER_BYTES,
    Purpose,
    load_public_key,
    open_seal,
    public_bytes,
    seal,
    seal_answer,
    seal_info,
)
from commonground.sealing.seals import new_private_key
from commonground.sealing.tests import plain_hpke
from commonground.sealing.tests.survey import make_survey

KEY = ec.derive_private_key(0xC0FFEE, ec.SECP256R1())
OTHER = ec.derive_private_key(0xBEEF, ec.SECP256R1())
CONTEXT = bytes(range(32))
HYBRID = bytes([6 + public_bytes(KEY)[-1] % 2]) + public_bytes(KEY)[1:]


# RFC 9180, appendix A.3.1: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode
RFC_EPHEMERAL = 0x4995788EF4B9D6132B249CE59A77281493EB39AF373D236A1FE415CB0C2D7BEB
RFC_RECIPIENT = 0xF3CE7FDAE57E1A310D87F1EBBDE6F328BE0A99CDBCADF4D6589CF29DE4B8FFD2
RFC_INFO = bytes.fromhex("4f6465206f6e2061204772656369616e2055726e")
RFC_ENC = (
    "04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac98536d7b61a1af4b78e5b7f951c0900be"
    "863c403ce65c9bfcb9382657222d18c4"
)
RFC_SHARED_SECRET = "c0d26aeab536609a572b07695d933b589dcf363ff9d93c93adea537aeabb8cb8"
RFC_KEY = "868c066ef58aae6dc589b6cfdd18f97e"
RFC_NONCE = "4e0bc5018beba4bf004cca59"
RFC_CIPHERTEXT = "5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f9076ac232e3ab2523f39513434"


def test_the_second_implementation_keeps_the_rfc():
    ephemeral = ec.derive_private_key(RFC_EPHEMERAL, ec.SECP256R1())
    recipient = ec.derive_private_key(RFC_RECIPIENT, ec.SECP256R1()).public_key()
    encapsulated = plain_hpke.point(ephemeral.public_key())
    assert encapsulated.hex() == RFC_ENC
    secret = plain_hpke.shared_secret(ephemeral, recipient, encapsulated + plain_hpke.point(recipient))
    assert secret.hex() == RFC_SHARED_SECRET
    key, nonce = plain_hpke.key_and_nonce(secret, RFC_INFO, plain_hpke.AES_128)
    assert (key.hex(), nonce.hex()) == (RFC_KEY, RFC_NONCE)
    sealed = plain_hpke.seal(
        b"Beauty is truth, truth beauty",
        recipient,
        RFC_INFO,
        ephemeral,
        plain_hpke.AES_128,
        bytes.fromhex("436f756e742d30"),
    )
    assert sealed.hex() == RFC_ENC + RFC_CIPHERTEXT


@given(st.binary(max_size=300), st.sampled_from(Purpose), st.integers(0, 254))
def test_either_implementation_opens_what_the_other_sealed(plain, purpose, layer):
    info = seal_info(purpose, CONTEXT, layer, public_bytes(KEY))
    assert plain_hpke.open_seal(seal(plain, purpose, CONTEXT, layer, public_bytes(KEY)), KEY, info) == plain
    assert open_seal(plain_hpke.seal(plain, KEY.public_key(), info, OTHER), purpose, CONTEXT, layer, KEY) == plain


def test_the_info_is_the_one_of_the_formats():
    expected = b"cg1:hpke\x00" + b"\x03" + CONTEXT + b"\x02" + public_bytes(KEY)
    assert seal_info(Purpose.TALLY, CONTEXT, 2, public_bytes(KEY)) == expected


@pytest.mark.parametrize(
    ("purpose", "context", "layer", "key"),
    [
        (Purpose.SHARE, CONTEXT, 1, KEY),
        (Purpose.TALLY, bytes(32), 1, KEY),
        (Purpose.TALLY, CONTEXT, 2, KEY),
        (Purpose.TALLY, CONTEXT, 1, OTHER),
    ],
)
def test_another_purpose_paper_layer_or_key_does_not_open(purpose, context, layer, key):
    item = seal(b"answer", Purpose.TALLY, CONTEXT, 1, public_bytes(KEY))
    assert open_seal(item, Purpose.TALLY, CONTEXT, 1, KEY) == b"answer"
    with pytest.raises(CannotOpen):
        open_seal(item, purpose, context, layer, key)


@given(st.integers(0, 8 * (LAYER_BYTES + 6) - 1))
def test_any_changed_bit_is_noticed(bit):
    item = bytearray(seal(b"answer", Purpose.TALLY, CONTEXT, 1, public_bytes(KEY)))
    item[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CannotOpen):
        open_seal(bytes(item), Purpose.TALLY, CONTEXT, 1, KEY)


@given(st.binary(max_size=200))
def test_noise_does_not_open(noise):
    with pytest.raises(CannotOpen):
        open_seal(noise, Purpose.TALLY, CONTEXT, 1, KEY)


@pytest.mark.parametrize("first", [b"\x06", b"\x07"])
def test_an_encapsulated_key_in_another_encoding_does_not_open(first):
    info = seal_info(Purpose.TALLY, CONTEXT, 1, public_bytes(KEY))
    item = plain_hpke.seal(b"answer", KEY.public_key(), info, OTHER, first=first)
    assert item.startswith(first)
    with pytest.raises(CannotOpen):
        open_seal(item, Purpose.TALLY, CONTEXT, 1, KEY)


@pytest.mark.parametrize(
    "data", [b"", bytes(65), b"\x04" + bytes(64), public_bytes(KEY)[:64], b"\x02" + public_bytes(KEY)[1:33], HYBRID]
)
def test_only_points_of_the_curve_are_public_keys(data):
    with pytest.raises(Malformed, match="not a public key"):
        load_public_key(data)


def test_layers_come_off_from_the_first_party_inwards():
    survey = make_survey(answers=1)
    plain = survey.plain(survey.receipts[0], q1=3)
    item = seal_answer(plain, survey.paper.block.keys, survey.paper.hash)
    assert len(item) == len(plain) + 4 * LAYER_BYTES == survey.paper.item_size(1)
    for layer, key in enumerate(survey.party_keys, start=1):
        item = open_seal(item, Purpose.TALLY, survey.paper.hash, layer, key)
    counting_key = survey.counting_key()
    assert open_seal(item, Purpose.TALLY, survey.paper.hash, 0, counting_key) == plain


def test_sealing_through_five_layers_takes_little_time():
    keys = tuple(public_bytes(new_private_key()) for _ in range(5))
    plain = bytes(600)
    seal_answer(plain, keys, CONTEXT)
    runs = []
    for _ in range(5):
        started = time.process_time()
        for _ in range(20):
            seal_answer(plain, keys, CONTEXT)
        runs.append((time.process_time() - started) / 20)
    assert min(runs) < 0.005
