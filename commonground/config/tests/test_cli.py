"""Every command is tried as a process, and stands in the guide."""

import ast
from pathlib import Path

import pytest

from commonground.config import cli

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
ELSEWHERE = ("tests/attacks/test_audit.py", "tests/journeys/test_answering.py")
"""Tests outside this folder that run a command as a process."""
GUIDE = ROOT / "docs" / "guides" / "administrator.md"


def commands():
    """The name of every command."""
    (choices,) = [action.choices for action in cli.parser()._actions if action.choices]
    return sorted(choices)


def words(path):
    """Every text that stands by itself in a file of tests; the name of a command is the first word given to it."""
    return {node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)}


TRIALS = [path for path in HERE.glob("*.py") if path != Path(__file__)] + [ROOT / name for name in ELSEWHERE]
TRIED = set().union(*map(words, TRIALS))


@pytest.mark.parametrize("name", commands())
def test_every_command_is_tried_as_a_process(name):
    assert name in TRIED


def test_the_guard_sees_a_command_that_nobody_tries():
    assert "nothing-of-this-name" not in TRIED and {"serve", "found-district"} <= TRIED


@pytest.mark.parametrize("name", commands())
def test_every_command_stands_in_the_guide(name):
    assert f"commonground {name}" in GUIDE.read_text()


@pytest.mark.parametrize("name", commands())
def test_every_command_says_how_it_goes(name, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main([name, "--help"])
    assert end.value.code == 0 and f"usage: commonground {name}" in capsys.readouterr().out


def test_an_unknown_command_is_refused(capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(["launch"])
    assert end.value.code == 2 and "invalid choice: 'launch'" in capsys.readouterr().err
