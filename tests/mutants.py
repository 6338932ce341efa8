"""Change the release gate in one place at a time, and see whether its tests notice.

    python -m tests.mutants [MODULE ...] [--tests FILE ...] [--seconds 10] [--most 40] [--seed 1] [--at 9] [--left]

A mutant swaps a comparison, `and` and `or`, `any` and `all`, `min` and `max` or an operator, moves a number by one,
lets a condition always or never hold, leaves a part of one out, or drops a statement. All mutants of each module
are tried, or `--most` drawn with a fixed seed. The tests run once without any change, which shows who gets to which
statement and how long that takes. Then each mutant gets a process of its own, in which the functions of the module
are given their changed code; the tests that get to the statement run, first those in files that import from the
module, quick ones before slow ones, for `--seconds` of CPU in all, until one fails or takes a few times as long as
it should. One line a mutant: what became of it (found, late, LEFT) and what it was; with `--left` only what was
left, which docs/mutants.md explains.
"""

import argparse
import ast
import functools
import importlib
import json
import os
import random
import resource
import signal
import sys
import time
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GATE = Path(__file__).resolve().parents[1] / "commonground" / "disclosure"
PACKAGE = "commonground.disclosure"
MODULES = sorted(path.stem for path in GATE.glob("*.py") if path.stem != "__init__")
SWAPS: dict[type, tuple[type, ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,), ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,), ast.And: (ast.Or,), ast.Or: (ast.And,), ast.Add: (ast.Sub,), ast.Sub: (ast.Add,),
    ast.BitAnd: (ast.BitOr,), ast.BitOr: (ast.BitAnd,), ast.Mult: (ast.Add,), ast.FloorDiv: (ast.Mult,),
}  # fmt: skip
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}
ATTRIBUTES = {**NAMES, "maximum": "minimum", "minimum": "maximum"}
FOUND, LATE, LEFT = "found", "late", "LEFT"
TIMES_LONGER, AT_LEAST = 6.0, 2.0
MOST_MEMORY = 4 << 30
MARK = "_statements_met"

Change = Callable[[], None]


@dataclass(frozen=True)
class Mutant:
    """One change: the statement it is in, its line, and what makes it; `dropped` if nothing is left of it."""

    statement: ast.stmt
    line: int
    make: Change
    dropped: bool = False

    def made_in_words(self) -> str:
        """Make the change; return the line of the statement that changed, before and after."""
        before = ast.unparse(self.statement).splitlines()
        self.make()
        after = ["pass"] if self.dropped else ast.unparse(ast.fix_missing_locations(self.statement)).splitlines()
        was, became = next(pair for pair in zip(before, after, strict=False) if pair[0] != pair[1])
        return f"{was.strip()}  ->  {became.strip()}"


class Source:
    """A module as it is written, with the number of each statement inside a function."""

    def __init__(self, name: str) -> None:
        self.name, self.path = name, GATE / f"{name}.py"
        self.tree = ast.parse(self.path.read_text())
        self.number: dict[int, int] = {}
        self._mutants: list[Mutant] = []
        for statement in self.tree.body:
            self._walk(statement, statement, inside=False)

    @property
    def module(self) -> types.ModuleType:
        return importlib.import_module(f"{PACKAGE}.{self.name}")

    def mutants(self) -> list[Mutant]:
        """Return every mutant, in the order of the file."""
        return sorted(self._mutants, key=lambda each: each.line)

    def _walk(self, node: ast.AST, statement: ast.stmt, *, inside: bool) -> None:
        if isinstance(node, ast.stmt):
            statement = node
            if inside:
                self.number[id(node)] = len(self.number)
        line = getattr(node, "lineno", statement.lineno)
        self._mutants += [Mutant(statement, line, change) for change in changes(node)]
        self._mutants += [Mutant(each, each.lineno, change, dropped=True) for each, change in drops(node)]
        inside = inside or isinstance(node, ast.FunctionDef)
        for name, value in ast.iter_fields(node):
            if name not in ("annotation", "returns", "decorator_list", "type_comment") and not _is_strict(node):
                for child in value if isinstance(value, list) else [value]:
                    if isinstance(child, ast.AST):
                        self._walk(child, statement, inside=inside)


def _is_strict(node: ast.AST) -> bool:
    """Tell whether this is the `strict=True` of a zip, which only ever raises where something else went wrong."""
    return isinstance(node, ast.keyword) and node.arg == "strict"


def changes(node: ast.AST) -> list[Change]:
    """Return the changes of a node, each to be made in place."""
    return [*_other_operators(node), *_other_values(node), *_settled(node)]


def _other_operators(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Compare):
        for at, op in enumerate(node.ops):
            yield from (_put(node.ops, at, new()) for new in SWAPS[type(op)])
    if isinstance(node, ast.BoolOp | ast.BinOp | ast.AugAssign):
        yield from (_set(node, "op", new()) for new in SWAPS.get(type(node.op), ()))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Invert):
        yield _set(node, "op", ast.UAdd())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield _set(node, "operand", ast.UnaryOp(ast.Not(), node.operand))


def _other_values(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield _set(node, "value", not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield from (_set(node, "value", node.value + by) for by in (1, -1))
    if isinstance(node, ast.Name) and node.id in NAMES:
        yield _set(node, "id", NAMES[node.id])
    if isinstance(node, ast.Attribute) and node.attr in ATTRIBUTES:
        yield _set(node, "attr", ATTRIBUTES[node.attr])


def _settled(node: ast.AST) -> Iterator[Change]:
    """Yield conditions that always or never hold, and conditions without one of their parts."""
    if isinstance(node, ast.If | ast.IfExp):
        yield from (_set(node, "test", ast.Constant(value)) for value in (True, False))
    if isinstance(node, ast.comprehension):
        yield from (_put(node.ifs, at, ast.Constant(True)) for at in range(len(node.ifs)))
    if isinstance(node, ast.BoolOp):
        yield from (_put(node.values, at, node.values[at - 1]) for at in range(len(node.values)))


def drops(node: ast.AST) -> Iterator[tuple[ast.stmt, Change]]:
    """Yield the statements of a block that can be dropped: those that give no name its value."""
    for name in ("body", "orelse"):
        found = getattr(node, name, None)
        block: list[Any] = found if isinstance(found, list) else []
        for at, each in enumerate(block):
            if _can_go(each):
                yield each, _put(block, at, ast.copy_location(ast.Pass(), each))


def _can_go(statement: ast.stmt) -> bool:
    docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    onto = isinstance(statement, ast.Assign) and not isinstance(statement.targets[0], ast.Name | ast.Tuple)
    plain = isinstance(statement, ast.Expr | ast.AugAssign | ast.Continue | ast.Break | ast.Raise | ast.Return)
    return (onto or plain) and not docstring


def _set(node: ast.AST, name: str, value: Any) -> Change:
    return lambda: setattr(node, name, value)


def _put(items: list[Any], at: int, value: ast.AST) -> Change:
    return lambda: items.__setitem__(at, value)


# Changed code in a loaded module


def take_over(source: Source, *, at_top: bool) -> None:
    """Give the functions of the loaded module the code of the tree, and if the change is at its top the values."""
    module = source.module
    fresh = types.ModuleType(module.__name__)
    exec(compile(ast.fix_missing_locations(source.tree), str(source.path), "exec"), fresh.__dict__)
    for name, new in vars(fresh).items():
        old = vars(module).get(name)
        if isinstance(new, type) and new.__module__ == module.__name__:
            for part, value in vars(new).items():
                if not _give_code(vars(old).get(part), value) and at_top and _is_value(value):
                    setattr(old, part, value)
        elif not _give_code(old, new) and at_top and _is_value(new) and new != old:
            for user in [each for each in sys.modules.values() if each.__name__.startswith("commonground")]:
                if name in vars(user):
                    setattr(user, name, new)


def _give_code(old: Any, new: Any) -> bool:
    old, new = _function(old), _function(new)
    if not isinstance(old, types.FunctionType) or not isinstance(new, types.FunctionType):
        return False
    if old.__module__ == new.__module__ or old.__code__.co_filename == "<string>":
        old.__code__, old.__kwdefaults__ = new.__code__, new.__kwdefaults__
        was, now = old.__defaults__ or (), new.__defaults__ or ()
        old.__defaults__ = tuple(own if _is_value(own) else kept for own, kept in zip(now, was, strict=True))
    return True


def _function(value: Any) -> Any:
    if isinstance(value, property):
        return value.fget
    if isinstance(value, functools.cached_property):
        return value.func
    return value.__func__ if isinstance(value, classmethod | staticmethod) else value


def _is_value(value: Any) -> bool:
    return isinstance(value, int | float | tuple | dict | frozenset | str | list) and not isinstance(value, type)


class _Marking(ast.NodeTransformer):
    """Let every statement inside a function say that it was met."""

    def __init__(self, source: Source) -> None:
        self._number = source.number

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list) and not isinstance(node, ast.Module | ast.ClassDef):
                setattr(node, name, [part for each in block for part in self._marked(each)])
        return node

    def _marked(self, statement: ast.stmt) -> list[ast.stmt]:
        if id(statement) not in self._number:
            return [statement]
        mark = ast.parse(f"{MARK}[{self._number[id(statement)]}] = 1").body[0]
        return [ast.copy_location(each, statement) for each in (mark, statement)]


# Tests, run in children of one process that has loaded them


@dataclass
class Known:
    """What the tests do without any change: seconds, by module the statements each meets, and its own tests."""

    seconds: list[float]
    met: dict[str, list[frozenset[int]]]
    own: dict[str, frozenset[int]]

    def tests_of(self, source: Source, mutant: Mutant, most: float) -> list[int]:
        """Return the tests that get to a mutant, its module's own and quick ones first, for `most` seconds."""
        number = source.number.get(id(mutant.statement))
        met = self.met[source.name]
        tests = [i for i, each in enumerate(met) if (each if number is None else number in each)]
        chosen: list[int] = []
        for i in sorted(tests, key=lambda i: (i not in self.own[source.name], self.seconds[i])):
            if self.seconds[i] <= most:
                chosen.append(i)
                most -= self.seconds[i]
        return chosen


class Runner:
    """A plugin of pytest that runs the mutants in place of the tests."""

    def __init__(self, given: argparse.Namespace) -> None:
        self._given = given
        self._failed: list[str] = []
        self._killers: list[int] = []

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self._failed.append(report.nodeid)

    def pytest_runtestloop(self, session: Any) -> bool:
        self._items = session.items
        sources = [Source(name) for name in self._given.modules]
        known = self._know(sources)
        for source in sources:
            self._killers = []
            began = time.monotonic()
            drawn = draw(source, self._given.most, self._given.seed, self._given.at)
            fates = [self._tell(source, mutant, known) for mutant in drawn]
            late, left = fates.count(LATE), fates.count(LEFT)
            print(
                f"{source.name}: {len(fates)} tried, {late} by time, {left} left, {time.monotonic() - began:.0f} s",
                flush=True,
            )
        return True

    def _know(self, sources: Sequence[Source]) -> Known:
        """Run every test once with every statement saying that it was met."""
        reader, writer = os.pipe()
        if not os.fork():
            _hush()
            met: dict[str, list[list[int]]] = {source.name: [] for source in sources}
            for source in sources:
                source.tree = _Marking(source).visit(source.tree)
                vars(source.module)[MARK] = bytearray(len(source.number))
                take_over(source, at_top=False)
            seconds = [self._measured(item, sources, met) for item in self._items]
            with os.fdopen(writer, "w") as answer:
                json.dump([seconds, met, self._failed], answer)
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as answer:
            seconds, found, failed = json.load(answer)
        os.wait()
        if failed:
            raise SystemExit(f"Without any change these fail: {', '.join(failed)}")
        print(f"{len(seconds)} tests, {sum(seconds):.0f} s", flush=True)
        own = {
            source.name: frozenset(i for i, item in enumerate(self._items) if _imports(item.module, source.module))
            for source in sources
        }
        return Known(seconds, {name: self._shared(each) for name, each in found.items()}, own)

    def _measured(self, item: Any, sources: Sequence[Source], met: dict[str, list[list[int]]]) -> float:
        start = time.process_time()
        self._run(item)
        for source in sources:
            marks = vars(source.module)[MARK]
            met[source.name].append([i for i, mark in enumerate(marks) if mark])
            marks[:] = bytes(len(marks))
        return time.process_time() - start

    def _shared(self, met: list[list[int]]) -> list[frozenset[int]]:
        """Let tests that share what one of them made (a fixture of their file) meet what all of these meet."""
        shared: dict[Any, set[int]] = {}
        for item, each in zip(self._items, met, strict=True):
            for key in _shares(item):
                shared.setdefault(key, set()).update(each)
        pairs = zip(self._items, met, strict=True)
        return [frozenset(each).union(*(shared[key] for key in _shares(item))) for item, each in pairs]

    def _tell(self, source: Source, mutant: Mutant, known: Known) -> str:
        tests = known.tests_of(source, mutant, self._given.seconds)
        first = [test for test in self._killers if test in tests and known.seconds[test] < 1]
        fate, words, killer = self._try_out(source, mutant, [*dict.fromkeys([*first, *tests])], known)
        if fate != LEFT and killer is not None:
            self._killers = [killer, *(each for each in self._killers if each != killer)][:10]
        if fate == LEFT or not self._given.left:
            reached = f"{len(tests)} tests" if tests else "no test gets there"
            print(f"{fate:5} {source.name}:{mutant.line}  {words}  ({reached})", flush=True)
        return fate

    def _try_out(
        self, source: Source, mutant: Mutant, tests: Sequence[int], known: Known
    ) -> tuple[str, str, int | None]:
        """Make the change in a process of its own and run the tests there; return fate, words, and who found it."""
        reader, writer = os.pipe()
        child = os.fork()
        if not child:
            words = mutant.made_in_words()
            with os.fdopen(writer, "w", buffering=1) as answer:
                print(words, file=answer)
                os._exit(self._outlives(source, mutant, tests, known, lambda test: print(test, file=answer)))
        os.close(writer)
        with os.fdopen(reader) as answer:
            words, *begun = answer.read().splitlines() or ["?"]
        status = os.waitpid(child, 0)[1]
        last = int(begun[-1]) if begun else None
        if os.WIFSIGNALED(status):
            return LATE, words, last
        return (LEFT if os.WEXITSTATUS(status) == 0 else FOUND), words, last

    def _outlives(
        self, source: Source, mutant: Mutant, tests: Sequence[int], known: Known, begin: Callable[[int], None]
    ) -> int:
        _hush()
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        try:
            take_over(source, at_top=id(mutant.statement) not in source.number)
        except Exception:
            return 1
        for test in tests:
            begin(test)
            signal.setitimer(signal.ITIMER_PROF, AT_LEAST + TIMES_LONGER * known.seconds[test])
            self._run(self._items[test])
            if self._failed:
                return 1
        return 0

    def _run(self, item: Any) -> None:
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)


def _imports(test: types.ModuleType, module: types.ModuleType) -> bool:
    """Tell whether a file of tests imports anything of a module, so that they are its own."""
    return any(each is module or getattr(each, "__module__", "") == module.__name__ for each in vars(test).values())


def _hush() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def _shares(item: Any) -> list[tuple[str, str]]:
    """Return the fixtures of a test that are made once for its file."""
    found = item._fixtureinfo.name2fixturedefs
    wide = (name for name, each in found.items() if each[-1].scope not in ("function", "session"))
    return [(str(item.path), name) for name in wide]


def draw(source: Source, most: int | None, seed: int, at: Sequence[int] = ()) -> list[Mutant]:
    """Return the mutants to try, in the order of the file: all or a sample, and of these those on some lines."""
    found = source.mutants()
    if most is not None and most < len(found):
        found = [found[i] for i in sorted(random.Random(seed).sample(range(len(found)), most))]
    return [mutant for mutant in found if not at or mutant.line in at]


def main() -> None:
    """Try the mutants of each module, and say how many were left."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("modules", nargs="*", default=MODULES)
    parser.add_argument("--most", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at", type=int, nargs="*", default=[], help="only mutants on these lines")
    parser.add_argument("--seconds", type=float, default=10, help="CPU seconds of tests for a mutant")
    parser.add_argument("--tests", nargs="*", default=[], help="only the tests of these files")
    parser.add_argument("--left", action="store_true", help="print only what was left")
    given = parser.parse_args()
    import hypothesis
    import pytest

    quick = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    healthy = list(hypothesis.HealthCheck)
    hypothesis.settings.register_profile(
        "mutants", derandomize=True, database=None, deadline=None, phases=quick, suppress_health_check=healthy
    )
    hypothesis.settings.load_profile("mutants")
    plugins = [f"no:{name}" for name in ("randomly", "cacheprovider", "xdist", "django", "socket", "terminal")]
    options = [each for plugin in plugins for each in ("-p", plugin)]
    where = ["-c", os.devnull, "--rootdir", str(GATE), "--noconftest", "-s"]
    where += [str(GATE / "tests" / f"test_{name}.py") for name in given.tests] or [str(GATE / "tests")]
    sys.exit(int(pytest.main([*options, *where], plugins=[Runner(given)])))


if __name__ == "__main__":
    main()
