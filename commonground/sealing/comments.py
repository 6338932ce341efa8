"""Comments on their way from the count to two reviewers, one of each side: sealed once to each, all of one size.

A reviewer's key stands in the paper, so that the paper's hash binds it. A sealed comment has purpose COMMENT, the
paper's hash, and the reviewer's place (1 labor, 2 management) where other seals have their layer.

The words that one reviewer proposes for publishing go the same way: sealed to the other with purpose WORDS, all of
one size, beside a hash that binds who proposed them. The plain words are 16 random bytes and a text field.
"""

import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final

from commonground.sealing.answers import Quotable, Text
from commonground.sealing.errors import N_, Malformed
from commonground.sealing.formats import KEY_BYTES, SURVEY_BYTES, read_file, read_hex
from commonground.sealing.hpke import LAYER_BYTES, Purpose, load_public_key, open_seal, seal
from commonground.sealing.levels import LEAST_ANSWERS, LEAST_COMMENTS, REST
from commonground.sealing.paper import Paper, read_paper
from commonground.sealing.seals import unwrap
from commonground.sealing.tally_open import Opened

PLACES: Final = (1, 2)
SALT_BYTES: Final = 16
WORDS: Final = Text(3000)
"""The field of proposed words: more than the longest comment with gaps, or a thousand signs."""
SEALED_WORDS: Final = SALT_BYTES + WORDS.size + LAYER_BYTES
"""Bytes of sealed words."""


@dataclass(frozen=True)
class SealedTwice:
    """One comment: the question it answers, whether it may be quoted, its two seals by place, and its level.

    The level stands beside the seals and not in them, so that it can still be let go of; REST where it has none.
    """

    question: str
    may_quote: bool
    seals: tuple[bytes, bytes]
    level: str = REST


def reviewer_keys(paper: Paper) -> tuple[bytes, bytes] | None:
    """The public keys of the two reviewers by place, or None in a paper that names none. Raises Malformed."""
    named = paper.content.get("comments")
    if named is None:
        return None
    listed = named.get("reviewers") if isinstance(named, Mapping) else None
    if not isinstance(listed, list) or len(listed) != len(PLACES):
        raise Malformed(N_("The paper does not name two reviewers."))
    first, second = (read_hex(one, "key", KEY_BYTES) for one in listed)
    load_public_key(first), load_public_key(second)
    if first == second:
        raise Malformed(N_("The paper does not name two reviewers."))
    return first, second


def fates(paper: Paper, opened: Opened) -> dict[str, str]:
    """What becomes of the comments on each question: `sealed` to the reviewers, or `few`, destroyed unread.

    Sealed are they where 20 people answered and 10 commented. Empty for a paper without reviewers.
    """
    if reviewer_keys(paper) is None:
        return {}
    asked = [name for name, field in paper.layout.fields.items() if isinstance(field, Text)]
    enough = len(opened.rows) >= LEAST_ANSWERS
    written = opened.written
    return {
        name: "sealed" if enough and sum(written.get(name, {}).values()) >= LEAST_COMMENTS else "few"
        for name in asked
    }


def seal_comments(paper: Paper, opened: Opened) -> Iterator[SealedTwice]:
    """Every comment that is sealed to the reviewers; the others are nowhere kept."""
    keys = reviewer_keys(paper)
    for question, fate in fates(paper, opened).items():
        if keys is None or fate != "sealed":
            continue
        field = paper.layout.fields[question]
        for level, texts in opened.texts[question].items():
            for text in texts:
                plain = field.encode(str(text))
                first, second = (_seal(plain, paper, place, keys[place - 1]) for place in PLACES)
                yield SealedTwice(question, isinstance(text, Quotable), (first, second), level)


def written_of(comments: Iterable[SealedTwice]) -> dict[str, Counter[str]]:
    """Return how many comments there are by question and level."""
    found: dict[str, Counter[str]] = {}
    for one in comments:
        found.setdefault(one.question, Counter())[one.level] += 1
    return found


def in_lists(
    comments: Iterable[SealedTwice], lists: Mapping[str, Collection[str]], unplaced: str
) -> Iterator[SealedTwice]:
    """Yield comments with the level whose list they stand in, by question; the others lose theirs.

    Those of people who named no place stand where the tables count these, at `unplaced`.
    """
    for one in comments:
        level = one.level or unplaced
        yield replace(one, level=level if level in lists.get(one.question, ()) else REST)


def _seal(plain: bytes, paper: Paper, place: int, key: bytes) -> bytes:
    return seal(plain, Purpose.COMMENT, paper.hash, place, key)


def read_task(task_file: bytes, phrase: bytes) -> dict[str, str]:
    """The comments in a reviewer's task file by their ids, as the reviewers' page opens them.

    Raises Malformed for a file that cannot be read, CannotOpen for other words.
    """
    task, paper, place, private_key = _opened(task_file, phrase)
    return {one["id"]: _open(one, paper, place, private_key) for one in task["comments"]}


def _opened(task_file: bytes, phrase: bytes) -> tuple[Mapping[str, Any], Paper, int, Any]:
    """Return a task, its paper, the reviewer's place, and the unwrapped key."""
    task = read_file(task_file).message
    if task.get("task") != "review":
        raise Malformed(N_("This is not the task of a reviewer."))
    paper = read_paper(str(task.get("paper_text")).encode())
    keys, place = reviewer_keys(paper), task.get("place")
    if keys is None or place not in PLACES or read_hex(task, "survey", SURVEY_BYTES) != paper.survey:
        raise Malformed(N_("The paper does not name two reviewers."))
    return task, paper, place, unwrap(read_hex(task, "wrapped"), phrase, paper.survey, keys[place - 1])


@dataclass(frozen=True)
class Proposed:
    """Words that one reviewer proposes for a comment; nobody can try words against their hash without `salt`."""

    words: str
    salt: bytes

    def digest(self, paper: Paper, comment: bytes) -> bytes:
        """The hash that is handed in beside the sealed words; `comment` is the comment's id, 16 bytes."""
        return sha256(b"cg1:words\0" + paper.hash + comment + self.salt + self.words.encode()).digest()


def propose(words: str, paper: Paper, comment: bytes, place: int) -> tuple[bytes, bytes]:
    """Words sealed to the reviewer at `place`, and their hash. Raises Malformed for too many words."""
    keys = reviewer_keys(paper)
    if keys is None:
        raise Malformed(N_("The paper does not name two reviewers."))
    proposed = Proposed(words, secrets.token_bytes(SALT_BYTES))
    plain = proposed.salt + WORDS.encode(words)
    return seal(plain, Purpose.WORDS, paper.hash, place, keys[place - 1]), proposed.digest(paper, comment)


def read_proposed(task_file: bytes, phrase: bytes) -> dict[str, Proposed]:
    """The words proposed to a reviewer by the ids of their comments, as the reviewers' page opens them.

    Raises Malformed for a file that cannot be read, CannotOpen for other words.
    """
    task, paper, place, private_key = _opened(task_file, phrase)
    found = {}
    for one in task["comments"]:
        plain = open_seal(read_hex(one, "proposed"), Purpose.WORDS, paper.hash, place, private_key)
        found[one["id"]] = Proposed(str(WORDS.decode(plain[SALT_BYTES:]) or ""), plain[:SALT_BYTES])
    return found


def _open(comment: Mapping[str, Any], paper: Paper, place: int, private_key: Any) -> str:
    plain = open_seal(read_hex(comment, "sealed"), Purpose.COMMENT, paper.hash, place, private_key)
    return str(paper.layout.fields[comment["question"]].decode(plain) or "")
