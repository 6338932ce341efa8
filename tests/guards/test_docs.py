"""What the documents point at exists: files behind links, tests behind promises, settings."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from commonground.config.environment import Environment

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bench/*.md")])
PRIVACY = (ROOT / "docs" / "privacy.md").read_text()
TRACES = (ROOT / "docs" / "traces.md").read_text()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_to_a_file(document):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("page", [PRIVACY, TRACES], ids=["privacy", "traces"])
def test_every_test_that_a_promise_names_exists(page):
    files = [path for folder in ("commonground", "tests") for path in (ROOT / folder).glob("**/test_*.py")]
    written = {name for path in files for name in re.findall(r"^def (test_\w+)", path.read_text(), re.M)}
    named = set(re.findall(r"`(test_[a-z_0-9]+)`", page))
    assert len(named) > 15 and named - written == set()


def test_every_file_of_tests_that_the_privacy_page_names_exists():
    named = re.findall(r"`([\w/]*test_\w+\.py|[\w/]+/tests/)`", PRIVACY)
    assert len(named) > 10
    assert [name for name in named if not list(ROOT.glob(f"**/{name.rstrip('/')}"))] == []


def test_every_setting_is_documented():
    text = (ROOT / "docs" / "configuration.md").read_text()
    names = [f"COMMONGROUND_{field.name.upper()}" for field in fields(Environment)]
    assert names and [name for name in names if f"`{name}`" not in text] == []
