"""The changes that try the tests of the gate are changes, and a run tells which of them no test notices."""

import ast
import subprocess
import sys

import pytest

from tests import mutants


@pytest.mark.parametrize("module", ["cuts", "means"])
def test_each_mutant_differs_from_the_module_and_compiles(module):
    for number in range(0, len(mutants.Source(module).mutants()), 5):
        source = mutants.Source(module)
        was, became = source.mutants()[number].made_in_words().split("  ->  ")
        assert was != became
        compile(ast.fix_missing_locations(source.tree), module, "exec")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a < b", {"a <= b", "a >= b"}),
        ("a and not b", {"a or not b", "a and (not not b)", "not b and (not b)", "a and a"}),
        ("a + 1", {"a - 1", "a + 2", "a + 0"}),
        ("a | -b", {"a & -b", "a | +b"}),
        ("max(a, any(b))", {"min(a, any(b))", "max(a, all(b))"}),
        ("a if b else c", {"a if True else c", "a if False else c"}),
        ("[a for a in b if c]", {"[a for a in b if True]"}),
        ("f", set()),
    ],
)
def test_what_is_changed(text, expected):
    def count():
        return [
            (i, j) for i, each in enumerate(ast.walk(ast.parse(text))) for j in range(len(mutants.changes(each)))
        ]

    found = []
    for node, which in count():
        tree = ast.parse(text)
        mutants.changes(list(ast.walk(tree))[node])[which]()
        found.append(ast.unparse(ast.fix_missing_locations(tree)))
    assert set(found) == expected and len(found) == len(expected)


def test_statements_are_dropped_where_no_name_is_missed():
    tree = ast.parse("def f():\n    'words'\n    a = 1\n    a += 1\n    b[0] = a\n    return a")
    dropped = [ast.unparse(each) for each, _ in mutants.drops(tree.body[0])]
    assert dropped == ["a += 1", "b[0] = a", "return a"]


def test_the_same_mutants_are_drawn_each_time():
    source = mutants.Source("shares")
    first, second = ([each.line for each in mutants.draw(source, 5, 1)] for _ in range(2))
    assert first == second and len(first) == 5


def test_a_run_tells_what_became_of_each_mutant():
    lines = (mutants.GATE / "cuts.py").read_text().splitlines()
    line = str(next(number for number, each in enumerate(lines, 1) if "while total < minimum" in each))
    command = [sys.executable, "-m", "tests.mutants", "cuts", "--at", line, "--tests", "cuts"]
    said = subprocess.run(command, cwd=mutants.GATE.parents[1], capture_output=True, text=True, check=True).stdout
    assert f"found cuts:{line}  while total < minimum:  ->  while total >= minimum:" in said
    assert "tried, 0 by time, 0 left" in said
