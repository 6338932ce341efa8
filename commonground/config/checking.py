"""Commands for whoever holds a file: an exported survey or a release is checked without any server."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from commonground.audit.examine import examine
from commonground.audit.findings import split, told
from commonground.comments.content import FORMAT as COMMENTS
from commonground.comments.content import faults as comment_faults
from commonground.comments.content import faults_beside
from commonground.disclosure.attack import learn
from commonground.disclosure.certificate import faults as uncertified
from commonground.disclosure.together import learn_together, not_remembered
from commonground.disclosure.verify import verify as release_faults
from commonground.kernel.errors import Refused
from commonground.kernel.text import sha256
from commonground.ledger import chain
from commonground.sealing.errors import SealingError
from commonground.sealing.export import read_bundle
from commonground.sealing.formats import fingerprint
from commonground.sealing.levels import faults as list_faults
from commonground.sealing.paper import read_paper
from commonground.sealing.proof import read_proof
from commonground.sealing.verify import Bundle, check_one_proof, verify

ANOTHER = "This is not the certificate that the release names."
LACKING = "The release lacks a part, so no certificate can be checked."


def main(file: Path, proof: Path | None = None, record: Path | None = None) -> int:
    """Print what was checked and return 0, or print every finding and return 1.

    `proof` is what somebody kept of an answer, `record` the exported joint record.
    """
    try:
        bundle = read_bundle(file.read_bytes())
        findings = [*map(str, verify(bundle)), *_released(bundle)]
        findings += _proven(proof.read_bytes(), bundle) if proof else []
        findings += list(against_record(bundle, record.read_text())) if record else []
    except (SealingError, OSError, ValueError) as refusal:
        findings = [str(refusal)]
    if findings:
        print("\n".join(findings), file=sys.stderr)
        return 1
    print("\n".join(_told(bundle)))
    if proof:
        print("The answer of this proof, or a later one by the same pass, is in the list.")
    return 0


def _released(bundle: Bundle) -> list[str]:
    """Faults of the releases in the file, by the rules of form and by every adversary, each alone and together."""
    named = [(bundle.release, bundle.certificate), *((again.release, again.certificate) for again in bundle.anew)]
    contents = [(json.loads(text), certificate) for text, certificate in named if text]
    alone = [fault for content, certificate in contents for fault in _alone(content.get("tables"), certificate)]
    alone += _judged(lambda: list_faults(json.loads(bundle.paper), contents[0][0])) if bundle.release else []
    if len(contents) < 2:
        return alone
    *before, last = [content for content, _ in contents]
    return [*alone, *_judged(lambda: not_remembered(last, before))]


def _alone(tables: Any, certificate: bytes) -> list[str]:
    return [*_faults(tables), *_certified(tables, certificate)]


def _certified(tables: Any, certificate: bytes) -> list[str]:
    """What is wrong with the certificate that a release names."""
    try:
        named = tables.get("certificate")
        if named and named["hash"] != sha256(certificate):
            return [ANOTHER]
        return uncertified(tables, certificate) if named else []
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return [LACKING]


def _faults(tables: Any) -> list[str]:
    """What `disclosure.verify` finds; a file that was changed may lack any part."""
    try:
        return release_faults(tables)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return ["The release lacks a part, or a part of it is not what it should be."]


def _proven(data: bytes, bundle: Bundle) -> list[str]:
    finding = check_one_proof(read_proof(data), bundle, read_paper(bundle.paper))
    return [str(finding)] if finding else []


def against_record(bundle: Bundle, text: str) -> Iterator[str]:
    """Say what stands otherwise in the exported joint record: the list and its root, each peel, the release."""
    name, entries = chain.read(text)
    yield from chain.faults(name, entries)
    bodies = [json.loads(entry.body) for entry in entries]
    for act, facts in _recorded(bundle):
        if not any(body.get("act") == act and facts.items() <= body.get("facts", {}).items() for body in bodies):
            yield f"The record holds no “{act}” with {', '.join(map(str, facts.values()))}."


def _recorded(bundle: Bundle) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the joint record must hold of this survey: acts, and of each the facts that name lists and release."""
    closing = {"list": bundle.first_list_hash.hex(), "root": bundle.merkle_root.hex()}
    yield "close_survey", {**closing, "answers": bundle.counts.answers}
    for peel in bundle.peels:
        hashes = {"input": peel.input_hash.hex(), "output": peel.output_hash.hex()}
        yield "open_seal", {**hashes, "unopened": peel.unopened}
    if bundle.release:
        yield "count_answers", {"release": sha256(bundle.release.encode())}
    for again in bundle.anew:
        request = sha256(again.request.encode())
        yield "turn_key", {"hash": request, "in_force": True}
        if again.release:
            yield "count_answers", {"request": request, "release": sha256(again.release.encode())}


def _told(bundle: Bundle) -> list[str]:
    lines = [
        "Everything in this file fits together.",
        f"Paper: {fingerprint(bundle.paper_hash)}",
        f"List at closing: {fingerprint(bundle.first_list_hash)}, {bundle.counts.answers} sealed answers",
    ]
    lines += _told_rows(bundle)
    lines += [f"After layer {peel.layer}: {fingerprint(peel.output_hash)}" for peel in bundle.peels]
    if bundle.receipts is not None:
        lines.append(f"Answers that counted: {len(bundle.receipts)}")
    if bundle.release:
        lines.append(f"Release: {_print_of(bundle.release)}")
    if bundle.certificate:
        lines.append("Its certificate is in the file: other answers that print the same numbers.")
    for again in bundle.anew:
        lines.append(f"Opened anew for the request {_print_of(again.request)}")
        lines.append(f"Its release: {_print_of(again.release)}" if again.release else "It led to no release.")
        if again.certificate:
            lines.append("The certificate of that release is in the file too.")
    return [*lines, "Compare the characters with the screens of the parties and with the bulletin."]


def _print_of(text: str) -> str:
    return fingerprint(bytes.fromhex(sha256(text.encode())))


def _told_rows(bundle: Bundle) -> list[str]:
    counts = bundle.counts
    if bundle.rows is None:
        return ["The sealed answers are destroyed: passes and signatures can be checked no more."]
    passes = (
        f"{counts.answers_by_pass} by pass, each pass and each signature checked ({counts.passes} passes taken)"
    )
    return [passes, f"{counts.answers_by_code} by code ({counts.codes_drawn} codes given out)"]


def verify_release(file: Path, earlier: list[Path], certificate: Path | None = None) -> int:
    """Check a release by its own bytes, its certificate, and beside earlier ones; return 1 at a fault."""
    if comments := _comments(file):
        found = [*_comment_faults(comments), *_beside_numbers(comments, earlier)]
        return _print(found, f"{file.name}: nothing is wrong with this release.")
    done = _print(_faults(tables_of(file)), f"{file.name}: nothing is wrong with this release.")
    if certificate:
        found = _uncertified(tables_of(file), certificate)
        done = max(done, _print(found, f"{certificate.name}: certifies every hidden cell and answer."))
    if not earlier:
        return done
    found = _together(lambda *all: not_remembered(all[0], all[1:]), [file, *earlier])
    return max(done, _print(found, f"{file.name}: nothing is wrong with it beside the earlier ones."))


def _comments(file: Path) -> dict[str, Any]:
    """The release of comments in a file; nothing for any other file."""
    try:
        content = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    is_ours = isinstance(content, dict) and content.get("format") == COMMENTS
    return content if is_ours else {}


def _beside_numbers(comments: dict[str, Any], others: Sequence[Path]) -> list[str]:
    """What a release of comments says otherwise than the numbers that it names, if they are among other files."""
    numbers = next((file for file in others if sha256(file.read_bytes()) == comments.get("numbers")), None)
    if others and numbers is None:
        return ["None of the other files is the release of numbers that the comments name."]
    return _judged(lambda: faults_beside(comments, _content(numbers))) if numbers else []


def _comment_faults(content: dict[str, Any]) -> list[str]:
    try:
        return comment_faults(content)
    except (AttributeError, KeyError, TypeError, ValueError):
        return ["The release lacks a part, or a part of it is not what it should be."]


def attack(files: list[Path]) -> int:
    """Try to learn what releases hide, each alone and all together; return 1 where something was learnt."""
    done = max(_print(learn(tables_of(file)), f"{file.name}: nothing hidden was learnt.") for file in files)
    if len(files) == 1:
        return done
    found = _together(lambda *all: learn_together(all), files)
    return max(done, _print(found, "All together: nothing more was learnt."))


def audit_anonymity(copies: list[Path], transactions: list[Path]) -> int:
    """Print whatever could tie an answer to a person in these copies; return 1 where something was found."""
    try:
        said = examine(copies, transactions)
    except ValueError as refusal:
        raise Refused(str(refusal)) from None
    found = len(split(said)[0])
    end = f"Findings: {found}." if found else "Nothing was found by which an answer could be tied to a person."
    print("\n".join([*told(said), end]))
    return 1 if found else 0


def _together(judge: Callable[..., list[str]], files: Sequence[Path]) -> list[str]:
    contents = [_content(file) for file in files]
    return _judged(lambda: judge(*contents))


def _judged(judge: Callable[[], list[str]]) -> list[str]:
    try:
        return judge()
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return ["A release lacks a part, so they cannot be read together."]


def _uncertified(tables: dict[str, Any], certificate: Path) -> list[str]:
    try:
        data = certificate.read_bytes()
    except OSError:
        raise Refused(f"{certificate} cannot be read.") from None
    if tables.get("certificate"):
        return _certified(tables, data)
    try:
        return uncertified(tables, data)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return [LACKING]


def tables_of(file: Path) -> dict[str, Any]:
    """Return the tables of a release in a file. Raises Refused for any other file."""
    content = _content(file)
    return dict(content.get("tables", content))


def _content(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_bytes())
        if content.get("tables", content)["format"] != "cg1-tables":
            raise KeyError
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise Refused(f"{file} is not a release of Common Ground.") from None
    return dict(content)


def _print(found: list[str], well: str) -> int:
    print("\n".join(found) or well)
    return 1 if found else 0
