"""A keeper's side of the work, as a program: answers the task files that the signed-in page hands out.

It does what the keepers' own page does, with the same bytes in and out. It stores nothing: which list an
opening sheet was used for stands on the sheet, and the caller passes it in.
"""

from collections.abc import Mapping
from typing import Any

from commonground.sealing.errors import N_, Malformed, Refused
from commonground.sealing.formats import (
    HASH_BYTES,
    SURVEY_BYTES,
    SealedList,
    TradingFile,
    is_list,
    read_file,
    read_hex,
    read_json_object,
    read_list,
    read_list_and_rest,
)
from commonground.sealing.hpke import Purpose, open_seal, public_bytes, seal
from commonground.sealing.lists import check_announced, check_sheet, check_written
from commonground.sealing.paper import Paper, read_paper
from commonground.sealing.peel import check_peeled, peel
from commonground.sealing.seals import (
    PrivateKey,
    SealsBlock,
    new_private_key,
    open_share,
    read_block_text,
    unwrap,
    wrap,
)

FURTHER_TABLES = "cg1-further-tables"
"""Format of the text for which answers that were counted are opened anew."""
_TRIAL_ANSWER = b"Common Ground trial answer"


def answer_task(task_file: bytes, phrase: bytes, written_on_sheet: bytes | None = None) -> bytes:
    """The result file for a task file: make-key, trial, peel or share.

    `phrase` is the 16 bytes behind the sheet's words (a fresh one for make-key); `written_on_sheet` the hash
    of the list that this sheet was used for, if any. Raises Malformed for a file that cannot be read,
    CannotOpen for other words or another key, Refused for a list that must not be peeled.
    """
    file = read_file(task_file)
    task, name = file.message, _text(file.message, "task")
    if name == "peel":
        return _peel(task, file.binary, phrase, written_on_sheet).to_bytes()
    steps = {"make-key": _make_key, "trial": _trial, "share": _share}
    if name not in steps or file.binary:
        raise Malformed(N_("This file asks for nothing that a keeper does."))
    return steps[name](task, phrase).to_bytes()


def peels_again(task_file: bytes, outcome: bytes, phrase: bytes, on_sheet: str) -> bool:
    """Whether the list in a peel's task file, peeled again, gives `outcome`, byte for byte.

    `outcome` is the result file of that peel, the list that came out, or the next party's task file, which holds
    it. `on_sheet` are the 26 characters on the sheet: it peels no other list, here neither. Raises Malformed,
    CannotOpen and Refused as `answer_task` does.
    """
    file = read_file(task_file)
    if file.message.get("task") != "peel":
        raise Malformed(N_("This is not the task of a peel."))
    check_written(read_list(file.binary).hash, on_sheet)
    again = _peel(file.message, file.binary, phrase, None)
    if is_list(outcome):
        return _output(again) == read_list(outcome)
    claimed = read_file(outcome)
    if claimed.message.get("task") == "peel":
        return _output(again) == read_list(claimed.binary)
    if claimed.message.get("result") != "peel":
        raise Malformed(N_("This is not what came out of a peel."))
    return again.to_bytes() == outcome


def _output(result: TradingFile) -> SealedList:
    return read_list_and_rest(result.binary)[0]


def _make_key(task: Mapping[str, Any], phrase: bytes) -> TradingFile:
    private_key = new_private_key()
    wrapped = wrap(private_key, phrase, read_hex(task, "survey", SURVEY_BYTES))
    return _result(task, "party-key", public_key=public_bytes(private_key).hex(), wrapped=wrapped.hex())


def _trial(task: Mapping[str, Any], phrase: bytes) -> TradingFile:
    block = read_block_text(_text(task, "block").encode())
    layer = block.layer_of(_text(task, "party"))
    private_key = _unwrap(task, phrase, block, layer)
    sealed = seal(_TRIAL_ANSWER, Purpose.TRIAL, block.hash, layer, block.key_of_layer(layer))
    if open_seal(sealed, Purpose.TRIAL, block.hash, layer, private_key) != _TRIAL_ANSWER:
        raise Malformed(N_("The trial answer came back changed."))
    return _result(task, "trial", block_hash=block.hash.hex())


def _peel(task: Mapping[str, Any], binary: bytes, phrase: bytes, written_on_sheet: bytes | None) -> TradingFile:
    paper, layer = _own_layer(task)
    private_key = _unwrap(task, phrase, paper.block, layer)
    before = read_list(binary)
    check_announced(before, read_hex(task, "list_hash", HASH_BYTES))
    check_sheet(before.hash, written_on_sheet)
    peeled = peel(before, private_key, paper, layer)
    check_peeled(before, peeled, paper)
    unopened = peeled.unopened
    result = _result(
        task,
        "peel",
        layer=layer,
        input_hash=before.hash.hex(),
        output_hash=peeled.output.hash.hex(),
        unopened=len(unopened.items),
    )
    behind = unopened.to_bytes() if unopened.items else b""
    return TradingFile(result.message, peeled.output.to_bytes() + behind)


def _share(task: Mapping[str, Any], phrase: bytes) -> TradingFile:
    paper, layer = _own_layer(task)
    read_hex(task, "final_hash", HASH_BYTES)
    private_key = _unwrap(task, phrase, paper.block, layer)
    share = open_share(read_hex(task, "sealed_share"), paper.block, layer, private_key)
    return _result(task, "share", share=share.hex())


def _own_layer(task: Mapping[str, Any]) -> tuple[Paper, int]:
    paper = read_paper(_text(task, "paper_text").encode())
    layer = paper.block.layer_of(_text(task, "party"))
    if "request_text" in task:
        _check_request(task, paper, layer)
    if task.get("layer") != layer:
        raise Malformed(N_("The task names a layer that is not this party's."))
    return paper, layer


def _check_request(task: Mapping[str, Any], paper: Paper, layer: int) -> None:
    """Refuse a request for further tables that is about another paper, or at the first layer another list."""
    request = read_json_object(_text(task, "request_text").encode())
    if request.get("format") != FURTHER_TABLES:
        raise Malformed(N_("“%(name)s” is missing or is not written as it should be."), name="request_text")
    lists = {task.get("list_hash", request.get("list"))} if layer == 1 else {request.get("list")}
    if request.get("paper") != paper.hash.hex() or request.get("list") not in lists:
        raise Refused(N_("The text in this file, on more tables, is about another survey or another list."))


def _unwrap(task: Mapping[str, Any], phrase: bytes, block: SealsBlock, layer: int) -> PrivateKey:
    if read_hex(task, "survey", SURVEY_BYTES) != block.survey:
        raise Malformed(N_("The keys in the task belong to another survey."))
    return unwrap(read_hex(task, "wrapped"), phrase, block.survey, block.key_of_layer(layer))


def _result(task: Mapping[str, Any], name: str, **values: object) -> TradingFile:
    own = {"survey": task["survey"], "party": _text(task, "party")}
    return TradingFile({"result": name, **own, **values})


def _text(task: Mapping[str, Any], name: str) -> str:
    text = task.get(name)
    if not isinstance(text, str) or not text:
        raise Malformed(N_("“%(name)s” is missing or is not written as it should be."), name=name)
    return text
