"""The client's modules in a browser: the RFCs' known answers, and each format against the Python of `sealing`."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Error

from commonground.responses.tests.client_page import Sealing, chromium, served
from commonground.sealing import blind, crockford, passes
from commonground.sealing.formats import PASS, hash_in_links, read_plain
from commonground.sealing.hpke import Purpose, open_seal, open_with, public_bytes, seal_info
from commonground.sealing.seals import new_private_key
from commonground.sealing.tests.survey import Survey, make_survey

pytestmark = pytest.mark.browser

VECTORS = json.loads(Path(__file__).with_name("client_vectors.json").read_text())
RFC9474 = {name: bytes.fromhex(value) for name, value in VECTORS["rfc9474"].items()}
RFC9180 = {name: bytes.fromhex(value) for name, value in VECTORS["rfc9180"].items()}
MESSAGE = b"32 bytes that stand for a pass.."


@pytest.fixture(scope="module")
def js() -> Iterator[Sealing]:
    with served() as address, chromium() as browser:
        yield Sealing(browser.new_page(), address)


@pytest.fixture(scope="module")
def survey() -> Survey:
    return make_survey(answers=0, passes=True)


@pytest.fixture(scope="module")
def paper(js: Sealing, survey: Survey) -> dict[str, Any]:
    """The paper as the browser reads it."""
    read: dict[str, Any] = js.call("readPaper", survey.paper_bytes, hash_in_links(survey.paper.hash))
    return read


# RFC 9474


def test_blinding_gives_the_known_answer(js: Sealing):
    n = int.from_bytes(RFC9474["n"], "big")
    factor = pow(int.from_bytes(RFC9474["inv"], "big"), -1, n)
    program = """async ([n, factor, ...given]) => {
      const { blindWith, hex, unhex } = await import("./sealing.js");
      return hex(await blindWith(unhex(given[0]), unhex(n), unhex(given[1]), BigInt(factor)));
    }"""
    known = VECTORS["rfc9474"]
    assert js.page.evaluate(program, [known["n"], f"0x{factor:x}", known["msg"], known["salt"]]) == known["blinded"]


def test_unblinding_gives_the_known_signature(js: Sealing):
    known = RFC9474
    made = js.call("finishWith", known["msg"], known["n"], known["blind_sig"], known["inv"])
    assert made == known["sig"]
    assert js.call("isSigned", known["msg"], known["sig"], known["n"])
    assert not js.call("isSigned", known["msg"] + b".", known["sig"], known["n"])


def test_python_signs_what_the_browser_blinded(js: Sealing, survey: Survey):
    key, other = survey.issuing
    made = js.call("blind", MESSAGE, key.modulus)
    signed = key.sign(made["blinded"])
    signature = js.call("finish", MESSAGE, key.modulus, signed, made["unblinding"])
    assert blind.is_signed(MESSAGE, signature, key.modulus)
    of_another = other.sign(bytes(1) + made["blinded"][1:])
    assert js.call("finish", MESSAGE, key.modulus, of_another, made["unblinding"]) is False


def test_blinding_twice_gives_two_values(js: Sealing, survey: Survey):
    made = [js.call("blind", MESSAGE, survey.issuing[0].modulus) for _ in range(2)]
    assert made[0]["blinded"] != made[1]["blinded"]
    assert made[0]["unblinding"] != made[1]["unblinding"]


@pytest.mark.parametrize("size", [128, 255, 257, 384, 512])
def test_no_modulus_but_one_of_2048_bits_is_used(js: Sealing, size: int):
    with pytest.raises(Error, match="modulus"):
        js.call("blind", MESSAGE, b"\xff" * size)


@pytest.mark.parametrize("ends", [b"\x7f\xff", b"\xff\xfe"])
def test_no_short_or_even_modulus_of_256_bytes_is_used(js: Sealing, ends: bytes):
    modulus = ends[:1] + b"\xff" * 254 + ends[1:]
    for call in (("blind", MESSAGE, modulus), ("finish", MESSAGE, modulus, bytes(256), bytes(256))):
        with pytest.raises(Error, match="modulus"):
            js.call(*call)


# RFC 9180


def test_a_seal_gives_the_known_answer(js: Sealing):
    ephemeral = ec.derive_private_key(int(VECTORS["rfc9180"]["ephemeral"], 16), ec.SECP256R1())
    program = """async ([d, point, ...given]) => {
      const { base64url, hex, sealWith, unhex } = await import("./sealing.js");
      const [x, y] = [unhex(point).subarray(1, 33), unhex(point).subarray(33)].map(base64url);
      const how = { name: "ECDH", namedCurve: "P-256" }, common = { kty: "EC", crv: "P-256", x, y };
      const half = (jwk, uses) => crypto.subtle.importKey("jwk", jwk, how, true, uses);
      const privateKey = await half({ ...common, d: base64url(unhex(d)) }, ["deriveBits"]);
      const publicKey = await half(common, []);
      return hex(await sealWith({ privateKey, publicKey }, ...given.map(unhex)));
    }"""
    known = VECTORS["rfc9180"]
    order = [known[name] for name in ("recipient", "info", "plain", "aad")]
    made = js.page.evaluate(program, [known["ephemeral"], public_bytes(ephemeral).hex(), *order])
    assert made == known["enc"] + known["ciphertext"]


def test_python_opens_what_the_browser_sealed(js: Sealing):
    key = new_private_key()
    info = seal_info(Purpose.TALLY, bytes(range(32)), 2, public_bytes(key))
    assert open_with(js.call("seal", public_bytes(key), info, b"an answer"), key, info) == b"an answer"


# Formats


def test_the_browser_reads_the_paper_that_was_announced_and_no_other(js: Sealing, survey: Survey):
    read = js.call("readPaper", survey.paper_bytes, hash_in_links(survey.paper.hash))
    block = survey.paper.block
    assert (read["hash"], read["survey"]) == (survey.paper.hash, survey.paper.survey)
    assert (tuple(read["keys"]), read["door"]) == (block.keys, block.door_key)
    assert (read["issuing"]["ofPass"], read["issuing"]["ofReceipt"]) == block.issuing
    foreign = survey.paper_bytes.replace(block.to_json()["issuing"]["pass"].encode(), b"f" * 512)
    assert foreign != survey.paper_bytes
    assert js.call("readPaper", foreign, hash_in_links(survey.paper.hash)) is None


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "q1": st.none() | st.integers(0, 4),
        "q2": st.none() | st.lists(st.integers(0, 8), unique=True).map(sorted),
        "q3": st.none() | st.integers(0, 2),
        "q4": st.none() | st.text(st.characters(codec="utf-8"), max_size=7),
    },
)


@given(answers=ANSWERS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_answers_are_written_as_the_layout_writes_them(js: Sealing, survey: Survey, answers: dict[str, Any]):
    questions = list(survey.paper.content["questions"])
    made = js.call("encodeAnswers", questions, answers)
    assert made == survey.paper.layout.encode(answers)


def test_a_text_over_its_limit_is_refused(js: Sealing, survey: Survey):
    questions = list(survey.paper.content["questions"])
    with pytest.raises(Error, match="text"):
        js.call("encodeAnswers", questions, {"q4": "ñ" * 16})


def test_a_whole_send_holds_in_python(js: Sealing, survey: Survey, paper: dict[str, Any]):
    """Pass, blind signatures, sealed and signed answer, thanks: each checked by the program of the other side."""
    read, receipt = survey.paper, bytes(range(16))
    secret = js.call("newPass")
    key = js.call("publicKeyOf", secret)
    assert js.call("passMessage", paper, key) == passes.pass_message(read.hash, key)
    assert js.call("receiptMessage", paper, receipt) == passes.receipt_message(read.hash, receipt)
    of_pass, of_receipt = (
        _signed(js, survey, number, message)
        for number, message in enumerate(
            (passes.pass_message(read.hash, key), passes.receipt_message(read.hash, receipt))
        )
    )
    answers = read.layout.encode({"q1": 3, "q2": (0, 8), "q4": "¿Qué?"})
    plain = js.call("plainAnswer", 1, receipt, of_receipt, answers)
    item = js.call("sealAnswer", paper, plain)
    row = js.call("passRow", paper, {"secret": secret, "signature": of_pass}, 258, item)
    stored = passes.read_row(row, read.item_size(1))
    passes.check_row(stored, read)
    assert (stored.key, stored.version, stored.item) == (key, 258, item)
    opened = read_plain(_opened(survey, item), read.layout.size)
    assert (opened.kind, opened.receipt, opened.answers) == (PASS, receipt, answers)
    assert passes.is_receipt(read, opened.receipt, opened.signature)
    message = passes.acknowledgement_message(read.hash, stored.key, stored.version, stored.item)
    thanks = passes.sign(message, survey.door_key)
    assert js.call("isAcknowledged", paper, row, thanks)
    assert not js.call("isAcknowledged", paper, row, passes.sign(message, new_private_key()))


def _signed(js: Sealing, survey: Survey, number: int, message: bytes) -> bytes:
    key = survey.issuing[number]
    made = js.call("blind", message, key.modulus)
    signature: bytes = js.call("finish", message, key.modulus, key.sign(made["blinded"]), made["unblinding"])
    return signature


def _opened(survey: Survey, item: bytes) -> bytes:
    keys = (survey.counting_key(), *survey.party_keys)
    for layer in (*range(1, len(keys)), 0):
        item = open_seal(item, Purpose.TALLY, survey.paper.hash, layer, keys[layer])
    return item


@given(data=st.binary(min_size=17, max_size=40))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bytes_are_written_for_people_as_python_writes_them(js: Sealing, data: bytes):
    assert js.call("characters", data, 26) == crockford.in_groups(crockford.write_bits(data, 26))
    assert js.call("base64url", data) == hash_in_links(data)
    assert js.call("unbase64url", hash_in_links(data)) == data


_SEND = """async ([paper, answers]) => {
  const { readPaper, unhex, hex } = await import("./sealing.js"), { send } = await import("./send.js");
  const state = { k: "A".repeat(22), answers, version: 1 };
  let away = 0;
  const post = async (address, body) => {
    const left = performance.now();
    const bytes = unhex(await window.servers(address, hex(body)));
    away += performance.now() - left;
    return { status: 200, bytes };
  };
  const read = await readPaper(unhex(paper));
  read.content.addresses = { pass: "pass" };
  const began = performance.now();
  await send(read, state, () => {}, post);
  return performance.now() - began - away;
}"""


def test_all_cryptography_of_a_send_works_on_a_slow_phone(
    js: Sealing, survey: Survey, record_testsuite_property: Callable[[str, object], None]
):
    """With the processor slowed down six times; how long it took is told, and never asserted."""
    stored: list[passes.PassRow] = []

    def servers(address: str, body: str) -> str:
        if address == "pass":
            request = passes.read_pass_request(bytes.fromhex(body))
            keys = zip(survey.issuing, (request.blinded_pass, request.blinded_receipt), strict=True)
            return b"".join(key.sign(value) for key, value in keys).hex()
        row = passes.read_row(bytes.fromhex(body), survey.paper.item_size(1))
        passes.check_row(row, survey.paper)
        stored.append(row)
        message = passes.acknowledgement_message(survey.paper.hash, row.key, row.version, row.item)
        return passes.sign(message, survey.door_key).hex()

    js.page.expose_function("servers", servers)
    session = js.page.context.new_cdp_session(js.page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    spent = js.page.evaluate(_SEND, [survey.paper_bytes.hex(), {"q1": 2, "q4": "¿Qué?"}])
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    record_testsuite_property("milliseconds of a send, six times slowed", round(spent))
    opened = read_plain(_opened(survey, stored[0].item), survey.paper.layout.size)
    assert survey.paper.layout.decode(opened.answers)["q4"] == "¿Qué?" and len(stored) == 1
