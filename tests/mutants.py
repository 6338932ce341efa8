"""Change the release gate in one place at a time, and see whether its tests notice.

    python -m tests.mutants [MODULE ...] [--most 40] [--seed 1] [--seconds 60] [--at LINE] [--all]

A mutant swaps a comparison, `and` and `or`, `+` and `-`, `&` and `|`, adds one to a whole number, takes a `not`
away or drops a statement. Of each module `--most` mutants are drawn with a fixed seed. Each is tried in a process
of its own, which loads the changed module in place of the file and runs the module's own tests, with `--all` then
all of the gate, until one fails or its CPU seconds are used up; without any change they must pass. One line a
mutant: what became of it (found, late, LEFT), and what it was. What is left is explained in docs/mutants.md.
"""

import argparse
import ast
import copy
import importlib.abc
import importlib.util
import os
import random
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

GATE = Path(__file__).resolve().parents[1] / "commonground" / "disclosure"
PACKAGE = "commonground.disclosure"
OWN_TESTS = {
    "elimination": ("elimination", "tree"),
    "cuts": ("cuts", "levels"),
    "questions": ("questions", "memory", "gate"),
    "shares": ("questions", "gate"),
    "pattern": ("gate", "levels"),
    "merge": ("merge", "gate"),
    "means": ("questions", "gate"),
    "forms": ("forms", "questions"),
    "tree": ("tree",),
}
SWAPS: dict[type, type] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
FOUND, LATE, LEFT = "found", "late", "LEFT"


def main() -> None:
    """Try the mutants of each module, and say how many were left."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("modules", nargs="*", default=list(OWN_TESTS))
    parser.add_argument("--most", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--at", type=int, help="only mutants of this line")
    parser.add_argument("--all", action="store_true", help="all tests of the gate")
    given = parser.parse_args()
    load_once()
    for module in given.modules:
        if try_out(module, unchanged(module), 10 * given.seconds, given.all) != LEFT:
            sys.exit(f"The tests of {module} fail without any change.")
        drawn = draw(module, given.most, given.seed, given.at)
        fates = [tell(module, mutant, try_out(module, mutant, given.seconds, given.all)) for mutant in drawn]
        print(f"{module}: {len(fates)} tried, {fates.count(LEFT)} left", flush=True)


class Mutant:
    """A changed module: `tree`, the line of the change, and what it does in words."""

    def __init__(self, tree: ast.Module, line: int, change: str) -> None:
        self.tree, self.line, self.change = tree, line, change


def unchanged(module: str) -> Mutant:
    """Return the module as it is."""
    return Mutant(ast.parse((GATE / f"{module}.py").read_text()), 1, "")


def draw(module: str, most: int, seed: int, at: int | None = None) -> list[Mutant]:
    """Return the mutants drawn, in the order of the file."""
    tree = ast.parse((GATE / f"{module}.py").read_text())
    places = [place for place in enumerate_places(tree) if at in (None, place[2])]
    chosen = sorted(random.Random(seed).sample(range(len(places)), min(most, len(places))))
    return [mutate(tree, *places[i]) for i in chosen]


def enumerate_places(tree: ast.Module) -> Iterator[tuple[int, int, int]]:
    """Yield for each possible change the number of its node, which of its changes, and its line."""
    quiet = {id(node) for each in ast.walk(tree) for node in _not_behaviour(each)}
    for number, node in enumerate(ast.walk(tree)):
        if id(node) not in quiet:
            line = getattr(node, "lineno", 1)
            yield from ((number, which, line) for which in range(changes(node, None)))


def _not_behaviour(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is below annotations and decorators, which change no result."""
    parts = [
        getattr(node, "annotation", None),
        getattr(node, "returns", None),
        *getattr(node, "decorator_list", ()),
    ]
    for part in (each for each in parts if each):
        yield from ast.walk(part)


def mutate(tree: ast.Module, number: int, which: int, line: int) -> Mutant:
    """Return a copy of the module with one change."""
    changed = copy.deepcopy(tree)
    node = next(each for i, each in enumerate(ast.walk(changed)) if i == number)
    before = ast.unparse(changed).splitlines()
    changes(node, which)
    pairs = zip(before, ast.unparse(changed).splitlines(), strict=True)
    was, became = next((pair for pair in pairs if pair[0] != pair[1]), ("", ""))
    return Mutant(ast.fix_missing_locations(changed), line, f"{was.strip()}  ->  {became.strip()}")


def changes(node: ast.AST, which: int | None) -> int:
    """Make the change of that number in place; return how many there could be."""
    if isinstance(node, ast.Compare):
        if which is not None:
            node.ops[which] = SWAPS[type(node.ops[which])]()
        return len(node.ops)
    if isinstance(node, ast.BoolOp | ast.BinOp) or (isinstance(node, ast.AugAssign) and type(node.op) in SWAPS):
        if which is not None:
            node.op = SWAPS[type(node.op)]()
        return int(type(node.op) in SWAPS)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub | ast.Invert):
        if which is not None:
            node.op = ast.UAdd() if isinstance(node.op, ast.USub | ast.Invert) else node.op
            node.operand = ast.UnaryOp(ast.Not(), node.operand) if isinstance(node.op, ast.Not) else node.operand
        return 1
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        if which is not None:
            node.value = not node.value if isinstance(node.value, bool) else node.value + 1
        return 1
    return _drop_statement(node, which)


def _drop_statement(node: ast.AST, which: int | None) -> int:
    """Drop a statement that is not the only one of its block and is no docstring."""
    blocks = [block for field in ("body", "orelse") if isinstance(block := getattr(node, field, None), list)]
    free = [(block, i) for block in blocks for i, each in enumerate(block) if _can_go(each, block)]
    if which is not None:
        block, place = free[which]
        block[place] = ast.Pass()
    return len(free)


def _can_go(statement: ast.stmt, block: list[ast.stmt]) -> bool:
    docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.Expr | ast.AugAssign | ast.Continue | ast.Break) and not docstring


def tell(module: str, mutant: Mutant, fate: str) -> str:
    print(f"{fate:5} {module}:{mutant.line}  {mutant.change}", flush=True)
    return fate


def load_once() -> None:
    """Load what every try needs, so that a try costs only its tests."""
    import hypothesis
    import numpy
    import pytest

    assert numpy and pytest
    hypothesis.settings.register_profile("mutants", derandomize=True, database=None, deadline=None)
    hypothesis.settings.load_profile("mutants")


def try_out(module: str, mutant: Mutant, seconds: int, everything: bool) -> str:
    """Run the tests of the gate with the mutant in a process of its own; return its fate."""
    child = os.fork()
    if not child:
        signal.setitimer(signal.ITIMER_PROF, seconds)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        os._exit(_run_tests(module, mutant, everything))
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return LATE
    return LEFT if os.WEXITSTATUS(status) == 0 else FOUND


def _run_tests(module: str, mutant: Mutant, everything: bool) -> int:
    import pytest

    sys.meta_path.insert(0, _Finder(f"{PACKAGE}.{module}", mutant.tree))
    own = [f"test_{name}.py" for name in OWN_TESTS[module]]
    others = sorted(path.name for path in (GATE / "tests").glob("test_*.py") if path.name not in own)
    files = [str(GATE / "tests" / name) for name in (*own, *(others if everything else ()))]
    plugins = [f"no:{name}" for name in ("randomly", "cacheprovider", "xdist", "django", "socket")]
    options = [each for plugin in plugins for each in ("-p", plugin)]
    return int(
        pytest.main(["-x", "-q", "-c", os.devnull, "--rootdir", str(GATE), "--noconftest", *options, *files])
    )


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Give out the changed module instead of the file."""

    def __init__(self, name: str, tree: ast.Module) -> None:
        self._name, self._tree = name, tree

    def find_spec(self, fullname, path, target=None):
        return importlib.util.spec_from_loader(fullname, self) if fullname == self._name else None

    def exec_module(self, module) -> None:
        exec(compile(self._tree, str(GATE / f"{self._name.rsplit('.')[-1]}.py"), "exec"), module.__dict__)


if __name__ == "__main__":
    main()
