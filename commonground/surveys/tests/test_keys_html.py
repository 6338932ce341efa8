"""keys.html against the Python of `sealing`: the same bytes, the same refusals, nothing kept, nothing sent."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
import qrcode  # type: ignore[import-untyped]
from playwright.sync_api import Browser

from commonground.sealing import tests as sealing_tests
from commonground.sealing.errors import Refused
from commonground.sealing.formats import (
    SealedList,
    canonical_json,
    fingerprint,
    key_fingerprint,
    read_file,
    read_list,
    read_list_and_rest,
)
from commonground.sealing.lists import item_hash, sorted_list
from commonground.sealing.seals import combine_shares, read_words, unwrap
from commonground.surveys.tests.keys_page import (
    KEYS_HTML,
    PARTIES,
    KeysPage,
    SealedSurvey,
    chromium,
    message_of,
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def survey() -> SealedSurvey:
    return SealedSurvey(24)


@pytest.fixture
def keys(browser: Browser) -> Iterator[KeysPage]:
    """The page from the keeper's own disk."""
    context = browser.new_context(locale="en-US", viewport={"width": 360, "height": 740})
    keys = KeysPage(context.new_page())
    keys.page.goto(KEYS_HTML.as_uri() + "#en")
    yield keys
    context.close()
    assert keys.errors == []


def prove(keys: KeysPage, words: list[str]) -> None:
    for number in (3, 7, 11):
        keys.page.fill(f"#word{number}", words[number - 1])
    keys.page.click("#prove button")


def words_on(keys: KeysPage) -> list[str]:
    return keys.page.locator(".opening").first.locator(".words li").all_text_contents()


# make-key


def test_a_made_key_opens_with_the_words_of_its_sheet(keys, survey):
    keys.give(survey.make_task())
    keys.page.click("#make button")
    keys.wait_for("sheets")
    words, sheet = words_on(keys), keys.page.inner_text(".opening >> nth=0")
    keys.page.click("#printed")
    prove(keys, [word.upper() + " " for word in words])
    result = keys.result()
    message = message_of(result)
    public_key = bytes.fromhex(message["public_key"])
    assert {k: message[k] for k in ("result", "survey", "party")} == {
        "result": "party-key",
        "survey": survey.survey.hex(),
        "party": PARTIES[0][0],
    }
    unwrap(bytes.fromhex(message["wrapped"]), read_words(" ".join(words)), survey.survey, public_key)
    assert key_fingerprint(public_key) in re.sub(r"\s+", " ", sheet)
    assert PARTIES[0][1] in sheet
    assert not any(word.encode() in result for word in words)
    assert keys.page.locator(".words li").count() == 0


@pytest.mark.parametrize(("copies", "language"), [(2, "en"), (3, "es")])
def test_every_keeper_gets_a_printed_page(keys, survey, copies, language):
    keys.page.click(f"#langs [lang={language}]")
    keys.give(survey.make_task())
    keys.page.check(f"#make [value='{copies}']")
    keys.page.click("#make button")
    keys.wait_for("sheets")
    assert keys.page.locator(".opening").count() == copies
    assert len(set(keys.page.locator(".words").all_text_contents())) == 1
    pdf = keys.page.pdf(format="Letter", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == copies


def test_the_key_is_not_handed_over_before_the_paper_was_read(keys, survey):
    keys.give(survey.make_task())
    keys.page.click("#make button")
    words = words_on(keys)
    keys.page.click("#printed")
    wrong = list(words)
    wrong[6] = words[7] if words[7] != words[6] else "babi"
    prove(keys, wrong)
    assert "Word number 7" in keys.page.inner_text("#prove-fault")
    assert keys.page.evaluate("document.activeElement.id") == "word7"
    assert not keys.page.locator("#done").is_visible()


@pytest.mark.parametrize("size", [1, 59, 61, 62])
def test_the_code_on_the_sheet_is_a_code_that_others_make(keys, size):
    text = ("hoku fifi fahu poli sawi sehu losu hepu gasi sowi yobi kamu" * 2)[:size]
    code = qrcode.QRCode(version=4, error_correction=qrcode.ERROR_CORRECT_M, mask_pattern=0, border=0)
    code.add_data(qrcode.util.QRData(text.encode(), mode=qrcode.util.MODE_8BIT_BYTE))
    code.make(fit=False)
    assert keys.page.evaluate("(text) => qrRows(text)", text) == code.get_matrix()


def test_the_code_on_the_sheet_says_the_words(keys, survey):
    keys.give(survey.make_task())
    keys.page.click("#make button")
    keys.wait_for("sheets")
    rows = keys.page.evaluate("(words) => qrRows(words)", " ".join(words_on(keys)))
    drawn = keys.page.get_attribute(".opening:first-child .qr path", "d") or ""
    at = {(int(x) - 4, int(y) - 4) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", drawn)}
    assert at == {(x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark}


# trial, peel, share


@pytest.mark.parametrize("layer", [1, 2, 3])
def test_trial(keys, survey, layer):
    task = survey.trial_task(layer)
    assert keys.carry_out(task, survey.sheets[layer - 1].words) == survey.answer(task, layer)


def test_all_layers_come_off_and_the_shares_open_the_core(keys, survey):
    current = survey.closed
    for layer in (1, 2, 3):
        task = survey.peel_task(layer, current.to_bytes())
        result = keys.carry_out(task, survey.sheets[layer - 1].words)
        assert result == survey.answer(task, layer)
        assert current.hash.hex() == message_of(result)["input_hash"]
        current = read_list(read_file(result).binary)
        keys.page.click("#again")
    assert current.layer == 0
    shares = []
    for layer in (1, 2, 3):
        task = survey.share_task(layer, current.hash)
        shares.append(bytes.fromhex(message_of(keys.carry_out(task, survey.sheets[layer - 1].words))["share"]))
        keys.page.click("#again")
    core = combine_shares(shares, survey.block, survey.counting.encrypted)
    opened = {survey.open_core(core, item) for item in current.items}
    assert opened == set(survey.plain)


def test_known_answers(keys):
    vectors = json.loads((Path(sealing_tests.__file__).parent / "vectors.json").read_text())
    for peel, party in zip(vectors["peels"], vectors["keys"], strict=True):
        result = keys.carry_out(bytes.fromhex(peel["task_file"]), party["words"])
        assert read_file(result).binary.hex() == peel["output"] + (peel.get("unopened_list") or "")
        assert message_of(result)["output_hash"] == peel["output_hash"]
        assert message_of(result)["unopened"] == peel["unopened"]
        keys.page.click("#again")


def test_what_does_not_open_is_handed_over_beside_the_list(keys, survey):
    first = survey.closed.items[0]
    no_point, changed = b"\4" + bytes(64) + first[65:], first[:-1] + bytes([first[-1] ^ 1])
    inside = survey.resealed(b"x" * (survey.paper.item_size(2) - 81), 2)
    odd = [no_point, changed, survey.resealed(inside), survey.resealed(inside)]
    listing = sorted_list(survey.paper, 1, [*survey.closed.items[1:], *odd])
    task = survey.peel_task(1, listing.to_bytes())
    result = keys.carry_out(task, survey.sheets[0].words)
    assert result == survey.answer(task, 1)
    output, rest = read_list_and_rest(read_file(result).binary)
    assert len(output.items) + len(read_list(rest).items) == len(listing.items)
    assert message_of(result)["unopened"] == 3
    assert "the opening stops" in keys.page.inner_text("#done-note")


def test_an_empty_list_is_peeled_too(keys, survey):
    task = survey.peel_task(1, sorted_list(survey.paper, 1, []).to_bytes())
    assert keys.carry_out(task, survey.sheets[0].words) == survey.answer(task, 1)


# refused before anything is opened


def in_order(listing: SealedList, items: list[bytes]) -> bytes:
    return replace(listing, items=tuple(sorted(items, key=item_hash))).to_bytes()


def without_order(survey: SealedSurvey) -> bytes:
    return replace(survey.closed, items=survey.closed.items[::-1]).to_bytes()


def with_the_same_item_twice(survey: SealedSurvey) -> bytes:
    return in_order(survey.closed, [*survey.closed.items, survey.closed.items[3]])


def with_the_same_sender_twice(survey: SealedSurvey) -> bytes:
    item = survey.closed.items[3]
    return in_order(survey.closed, [*survey.closed.items, item[:-1] + bytes([item[-1] ^ 1])])


def of_another_paper(survey: SealedSurvey) -> bytes:
    return replace(survey.closed, paper_hash=sha256(b"other").digest()).to_bytes()


def at_another_layer(survey: SealedSurvey) -> bytes:
    return replace(survey.closed, layer=2).to_bytes()


def of_another_size(survey: SealedSurvey) -> bytes:
    items = [item + b"\0" for item in survey.closed.items]
    return in_order(replace(survey.closed, item_size=survey.closed.item_size + 1), items)


def cut_short(survey: SealedSurvey) -> bytes:
    return survey.closed.to_bytes()[:-1]


def with_something_behind(survey: SealedSurvey) -> bytes:
    return survey.closed.to_bytes() + b"\0"


@pytest.mark.parametrize(
    ("spoiled", "said"),
    [
        (without_order, "order of the rules"),
        (with_the_same_item_twice, "stands there twice"),
        (with_the_same_sender_twice, "same sender’s key"),
        (of_another_paper, "another paper"),
        (at_another_layer, "another party’s turn"),
        (of_another_size, "one size"),
        (cut_short, "one size"),
        (with_something_behind, "one size"),
        (lambda survey: b"no list", "cannot be read"),
    ],
)
def test_a_list_that_breaks_a_rule(keys, survey, spoiled: Callable[[SealedSurvey], bytes], said):
    fault = keys.refused(survey.peel_task(1, spoiled(survey)))
    assert said in fault
    assert "nothing was lost" in fault.lower()


def test_an_altered_list(keys, survey):
    listing = bytearray(survey.closed.to_bytes())
    listing[200] ^= 1
    fault = keys.refused(survey.peel_task(1, bytes(listing), list_hash=survey.closed.hash.hex()))
    assert "not the one it claims to be" in fault
    assert "Do not go on" in fault


def test_papers_that_are_not_ours(keys, survey):
    other = SealedSurvey(0)
    listing = survey.closed.to_bytes()
    assert "another survey" in keys.refused(survey.peel_task(1, listing, paper_text=other.paper_text))
    assert "does not hold this layer" in keys.refused(survey.peel_task(1, listing, layer=2))
    seals = {**other.block.to_json(), "survey": survey.survey.hex()}
    foreign = survey.text_of({"seals": seals})
    assert "another paper" in keys.refused(survey.peel_task(1, listing, paper_text=foreign))


def test_a_paper_with_another_key_in_our_place(keys, survey):
    """The server swaps our key for one of its own, in paper and list alike: our words do not open it."""
    keys_swapped = [public.hex() for public in (survey.block.counting_key, *survey.block.parties[1:])]
    text = survey.text_of({"seals": {**survey.block.to_json(), "parties": keys_swapped}})
    listing = replace(survey.closed, paper_hash=sha256(text.encode()).digest()).to_bytes()
    keys.begin(survey.peel_task(1, listing, paper_text=text))
    keys.compare()
    keys.open_with(survey.sheets[0].words)
    assert "belong to another seal" in keys.page.inner_text("#phrase-fault")
    assert not keys.page.locator("#done").is_visible()


def test_files_that_are_no_tasks(keys, survey):
    listing = survey.closed.to_bytes()
    for data in (b"", b"hello", survey.make_task()[:40], b"cg1:file\n\0\0\0\2{]", survey.task("dance", 1)):
        assert "not a task file" in keys.refused(data)
    assert "wrapped" in keys.refused(survey.peel_task(1, listing, wrapped="zz"))
    assert "survey" in keys.refused(survey.task("make-key", 1, survey="12"))


def test_a_trial_over_a_block_with_one_key_twice(keys, survey):
    block = survey.block.to_json()
    twice = {**block, "parties": [block["parties"][0]] * 3}
    text = json.dumps(twice, sort_keys=True, separators=(",", ":"))
    assert "same seal" in keys.refused(survey.trial_task(1, block=text))


def test_a_trial_over_a_block_with_another_key_in_our_place(keys, survey):
    """The server swaps our key before the trial: our words do not open it, and no trial is handed over."""
    block = survey.block.to_json()
    swapped = {**block, "parties": [SealedSurvey(0).block.to_json()["parties"][0], *block["parties"][1:]]}
    keys.begin(survey.trial_task(1, block=json.dumps(swapped, sort_keys=True, separators=(",", ":"))))
    keys.compare()
    keys.open_with(survey.sheets[0].words)
    assert "belong to another seal" in keys.page.inner_text("#phrase-fault")
    assert not keys.page.locator("#done").is_visible()


def test_a_share_that_was_sealed_to_another_party(keys, survey):
    share = survey.counting.sealed_shares[1].hex()
    keys.begin(survey.share_task(1, survey.closed.hash, sealed_share=share))
    keys.compare()
    keys.open_with(survey.sheets[0].words)
    assert "does not open with our seal" in keys.page.inner_text("#fault")


# the words on the sheet


def test_words_in_any_case_and_spacing(keys, survey):
    task, words = survey.trial_task(1), survey.sheets[0].words.split()
    numbered = "\n".join(f"{n}. {word.title()}" for n, word in enumerate(words, 1))
    for typed in (" ".join(words).upper(), "".join(words), numbered, "  ".join(words) + "\n"):
        keys.carry_out(task, typed)
        keys.page.click("#again")


def test_a_mistyped_word_is_named(keys, survey):
    words = survey.sheets[0].words.split()
    keys.begin(survey.trial_task(1))
    keys.compare()
    for wrong, said in (
        ([*words[:4], "xxxx", *words[5:]], "Word 5, “xxxx”"),
        (words[:11], "There are 11 words"),
        ([*words, words[0]], "There are 13 words"),
        ([], "There are 0 words"),
    ):
        keys.open_with(" ".join(wrong))
        assert said in keys.page.inner_text("#phrase-fault")
        assert keys.page.evaluate("document.activeElement.id") == "phrase"
    keys.open_with(" ".join(words))
    keys.wait_for("done")


def test_a_wrong_letter_and_another_sheet(keys, survey):
    keys.begin(survey.trial_task(1))
    keys.compare()
    keys.open_with(failing_check(survey.sheets[0].words))
    assert "One letter is wrong" in keys.page.inner_text("#phrase-fault")
    keys.open_with(survey.sheets[1].words)
    assert key_fingerprint(survey.block.parties[0]) in keys.page.inner_text("#phrase-fault")


def failing_check(words: str) -> str:
    """The words with their last letter exchanged, which changes one check bit alone."""
    return words[:-1] + ("i" if words[-1] == "u" else "u")


def test_nothing_is_opened_before_the_characters_were_compared(keys, survey):
    keys.begin(survey.peel_task(1, survey.closed.to_bytes()))
    shown = re.sub(r"\s+", " ", keys.page.inner_text("#compare-code")).strip()
    assert shown == fingerprint(survey.closed.hash)
    keys.page.locator("#compare-boxes input").first.check()
    keys.open_with(survey.sheets[0].words)
    assert "Compare first" in keys.page.inner_text("#phrase-fault")
    assert not keys.page.locator("#done").is_visible()


def test_each_keeper_is_told_whose_screen_to_compare(keys, survey):
    current = survey.closed.to_bytes()
    for layer, said in ((1, "bulletin"), (2, PARTIES[0][1]), (3, PARTIES[1][1])):
        task = survey.peel_task(layer, current)
        keys.begin(task)
        assert said in keys.page.inner_text("#compare-with")
        current = read_file(survey.answer(task, layer)).binary
        keys.page.reload()
    keys.begin(survey.share_task(1, read_list(current).hash))
    assert PARTIES[2][1] in keys.page.inner_text("#compare-with")


# interrupted


def test_stopped_in_the_middle_and_begun_again(keys):
    survey = SealedSurvey(120)
    task = survey.peel_task(1, survey.closed.to_bytes())
    keys.begin(task)
    keys.compare()
    keys.page.evaluate(
        """() => new MutationObserver((_, observer) => {
          if (document.getElementById('bar').value === 0) return;
          observer.disconnect();
          document.getElementById('stop').click();
        }).observe(document.getElementById('work-words'), { childList: true })"""
    )
    keys.page.fill("#phrase", survey.sheets[0].words)
    keys.page.click("#open-button")
    keys.wait_for("fault")
    assert "Nothing was lost" in keys.page.inner_text("#fault")
    assert keys.carry_out(task, survey.sheets[0].words) == survey.answer(task, 1)


def test_a_closed_window_costs_nothing(keys, survey):
    task = survey.peel_task(1, survey.closed.to_bytes())
    keys.begin(task)
    keys.compare()
    keys.page.fill("#phrase", survey.sheets[0].words)
    keys.page.reload()
    assert keys.page.input_value("#phrase") == ""
    assert keys.carry_out(task, survey.sheets[0].words) == survey.answer(task, 1)


# Opened anew, for further tables


def asked_of(survey: SealedSurvey, **changes: object) -> str:
    """The text on which every party turned its key."""
    known = {"paper": survey.paper.hash.hex(), "list": survey.closed.hash.hex(), "reason": "¿Por qué? To see."}
    tables = [["q5"], ["q4", "q5"]]
    content = {"format": "cg1-further-tables", "survey": survey.survey.hex(), "releases": [], "tables": tables}
    return canonical_json({**content, **known, **changes}).decode()


def test_a_peel_for_further_tables_shows_the_text_that_was_agreed_on(keys, survey):
    text = asked_of(survey)
    task = survey.peel_task(1, survey.closed.to_bytes(), request_text=text)
    keys.begin(task)
    shown = keys.page.inner_text("#anew")
    assert "".join(fingerprint(sha256(text.encode()).digest()).split()) in "".join(shown.split())
    assert "by question 5; 4 × 5" in shown
    keys.page.locator("#compare-boxes input").first.check()
    keys.open_with(survey.sheets[0].words)
    assert keys.page.locator("#phrase-fault").is_visible()
    keys.compare()
    keys.open_with(survey.sheets[0].words)
    assert keys.result() == survey.answer(task, 1)
    first = survey.answer(survey.peel_task(1, survey.closed.to_bytes()), 1)
    assert read_file(first).binary == read_file(survey.answer(task, 1)).binary


def test_a_share_for_further_tables_shows_the_text_too(keys, survey):
    task = survey.share_task(1, bytes(32), request_text=asked_of(survey))
    keys.begin(task)
    assert keys.page.locator("#anew").is_visible()
    keys.compare()
    keys.open_with(survey.sheets[0].words)
    assert keys.result() == survey.answer(task, 1)
    keys.page.click("#again")
    keys.begin(survey.share_task(1, bytes(32)))
    assert not keys.page.locator("#anew").is_visible()


@pytest.mark.parametrize("changes", [{"paper": "00" * 32}, {"list": "00" * 32}], ids=str)
def test_a_text_about_another_survey_or_list_is_refused_by_page_and_command(keys, survey, changes):
    task = survey.peel_task(1, survey.closed.to_bytes(), request_text=asked_of(survey, **changes))
    assert "about another survey or another list" in keys.refused(task)
    with pytest.raises(Refused, match="about another survey or another list"):
        survey.answer(task, 1)
