"""The changes that try the tests of the gate are changes, and a run says when nothing at all is found."""

import ast

import pytest

from tests import mutants


@pytest.mark.parametrize("module", mutants.OWN_TESTS)
def test_every_module_that_can_be_changed_has_its_tests(module):
    assert (mutants.GATE / f"{module}.py").exists()
    assert all((mutants.GATE / "tests" / f"test_{name}.py").exists() for name in mutants.OWN_TESTS[module])


@pytest.mark.parametrize("module", ["cuts", "means"])
def test_each_mutant_differs_from_the_module_in_one_line_and_runs(module):
    plain = ast.unparse(ast.parse((mutants.GATE / f"{module}.py").read_text())).splitlines()
    for mutant in mutants.draw(module, 30, 1):
        changed = ast.unparse(mutant.tree).splitlines()
        assert sum(was != became for was, became in zip(plain, changed, strict=True)) == 1
        compile(mutant.tree, module, "exec")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a < b", ["a <= b"]),
        ("a and not b", ["a or not b", "a and not not b"]),
        ("a + 1", ["a - 1", "a + 2"]),
        ("a | -b", ["a & -b", "a | +b"]),
        ("f: int = g", []),
    ],
)
def test_what_is_changed(source, expected):
    tree = ast.parse(source)
    found = [ast.unparse(mutants.mutate(tree, *place).tree) for place in mutants.enumerate_places(tree)]
    assert [each.replace("(", "").replace(")", "") for each in found if each != "pass"] == expected


def test_the_same_mutants_are_drawn_each_time():
    first, second = (mutants.draw("shares", 5, 1) for _ in range(2))
    assert [each.change for each in first] == [each.change for each in second]
