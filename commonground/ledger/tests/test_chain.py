"""Whatever happens to an exported record, the check finds it; an unharmed file passes."""

import json
import subprocess
import sys

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from commonground.ledger import chain
from commonground.ledger.verify import main, report

CHAIN = "c0ffee"
facts = st.dictionaries(st.sampled_from(["act", "by", "at", "facts"]), st.text(max_size=20), min_size=1)
bodies = st.lists(facts, min_size=1, max_size=8)


def build(values):
    """Return the entries of a chain that records these facts."""
    entries, previous = [], chain.GENESIS
    for position, value in enumerate(values, start=1):
        entries.append(chain.link(CHAIN, position, previous, value))
        previous = entries[-1].hash
    return entries


def unharmed(entries, head=""):
    return report(chain.export(CHAIN, "Joint record", entries), head)[1]


@given(bodies, st.data())
def test_an_unharmed_record_passes(values, data):
    entries = build(values)
    head = data.draw(st.sampled_from([entry.hash for entry in entries]))
    assert unharmed(entries) and unharmed(entries, head) and unharmed(entries, chain.GENESIS)


@given(bodies, st.data())
def test_any_edit_is_found(values, data):
    entries = build(values)
    place = data.draw(st.integers(0, len(entries) - 1))
    field = data.draw(st.sampled_from(["position", "previous", "body", "hash"]))
    old = getattr(entries[place], field)
    new = data.draw(st.integers(0, 99) if field == "position" else st.text(max_size=64))
    assume(new != old)
    entries[place] = chain.Entry(**{**entries[place].__dict__, field: new})
    assert not unharmed(entries)


@given(bodies, st.data())
def test_any_deletion_before_the_end_is_found(values, data):
    entries = build(values)
    assume(len(entries) > 1)
    del entries[data.draw(st.integers(0, len(entries) - 2))]
    assert not unharmed(entries)


@given(bodies, facts, st.data())
def test_any_insertion_is_found(values, extra, data):
    entries = build(values)
    place = data.draw(st.integers(0, len(entries) - 1))
    previous = entries[place - 1].hash if place else chain.GENESIS
    forged = chain.link(CHAIN, place + 1, previous, extra)
    assert not unharmed([*entries[:place], forged, *entries[place:]])


@given(bodies, st.data())
def test_any_reordering_is_found(values, data):
    entries = build(values)
    order = data.draw(st.permutations(entries))
    assume(order != entries)
    assert not unharmed(order)


@given(bodies, st.integers(1, 8))
def test_a_cut_tail_is_found_against_a_head_one_holds(values, cut):
    entries = build(values)
    kept = entries[: max(len(entries) - cut, 0)]
    assert unharmed(kept)
    assert not unharmed(kept, entries[-1].hash)


@given(bodies, facts, st.data())
def test_a_record_written_anew_is_found_against_a_head_one_holds(values, other, data):
    place = data.draw(st.integers(0, len(values) - 1))
    assume(values[place] != other)
    anew = build([*values[:place], other, *values[place + 1 :]])
    assert unharmed(anew)
    assert not unharmed(anew, build(values)[-1].hash)


def test_another_chain_is_not_this_one():
    entries = build([{"act": "turn_key"}])
    assert not report(chain.export("beef", "Joint record", entries))[1]


@pytest.mark.parametrize(
    "text", ["", "{}\n", "nonsense\n", '{"format": "cg1-ledger", "chain": "c"}\n{"position": 1}\n']
)
def test_what_is_no_record_is_refused_in_words(text, tmp_path, capsys):
    path = tmp_path / "record.jsonl"
    path.write_text(text)
    assert main([str(path)]) == 1
    assert "The file cannot be checked." in capsys.readouterr().out


def test_a_head_that_is_no_hash_is_refused_in_words(tmp_path, capsys):
    path = tmp_path / "record.jsonl"
    path.write_text(chain.export(CHAIN, "Joint record", build([{"act": "invite"}])))
    assert main([str(path), "--head", "K7QM 2XDP"]) == 1
    assert "not 64 characters" in capsys.readouterr().out


def test_the_command_says_what_it_found(tmp_path, capsys):
    entries = build([{"n": str(number)} for number in range(3)])
    path = tmp_path / "record.jsonl"
    path.write_text(chain.export(CHAIN, "Joint record", entries))
    assert main([str(path), "--head", entries[0].hash.upper()]) == 0
    said = capsys.readouterr().out
    assert "holds 3 entries" in said and "2 entries came after it" in said
    lines = path.read_text().splitlines()
    changed = json.loads(lines[2])
    changed["body"] = '{"n":"7"}'
    path.write_text("\n".join([*lines[:2], json.dumps(changed), *lines[3:]]) + "\n")
    assert main([str(path)]) == 1
    assert "Entry 2 was changed after it was recorded." in capsys.readouterr().out


def test_it_runs_without_django(tmp_path):
    path = tmp_path / "record.jsonl"
    path.write_text(chain.export(CHAIN, "Joint record", build([{"act": "invite"}])))
    code = (
        "import sys; sys.modules['django'] = None\n"
        "from commonground.ledger.verify import main\n"
        f"status = main([{str(path)!r}])\n"
        "ours = sorted(name for name in sys.modules if name.startswith('commonground'))\n"
        "assert ours == ['commonground', 'commonground.ledger', 'commonground.ledger.chain',"
        " 'commonground.ledger.verify'], ours\n"
        "sys.exit(status)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
