"""Prints the permission table for people: `python -m commonground.access.docs` writes docs/permissions.md."""

import sys
from pathlib import Path

from django.conf import settings

from commonground.access.actor import ROLE_NAMES, Role
from commonground.access.table import COMMITTEE, READERS, TABLE, WRITERS, Action, Keys, Record, Rule

PATH = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"
GROUPS = {"the committee": COMMITTEE, "those who write": WRITERS, "everyone with a role": READERS}
"""Groups of roles that many rows share, and what they are called in the table."""

OPENING = """# Who may do what

This page is printed from `commonground/access/table.py` by `python -m commonground.access.docs`; a test keeps it
current. A right that is not here does not exist. Labor and management sign it off together.
"""


def page() -> str:
    """Return the whole page in Markdown."""
    done = [row for row in TABLE.items() if not _only_shows(row[1])]
    shown = [row for row in TABLE.items() if _only_shows(row[1])]
    return "\n".join(
        [OPENING, *_groups(), "## Acts", "", *_acts(done), "## Pages that only show", "", *_pages(shown)]
    )


def _only_shows(rule: Rule) -> bool:
    return rule.why_unrecorded == "It only shows."


def _groups() -> list[str]:
    rows = [f"- **{name[0].upper()}{name[1:]}**: {_listed(roles)}." for name, roles in GROUPS.items()]
    return [
        "## Words",
        "",
        *rows,
        "- **A key holder** is named by the charter; before it, the founder of a party.",
        "",
    ]


def _acts(rules: list[tuple[Action, Rule]]) -> list[str]:
    head = ["| What | Who | Keys | Recorded in | The rule in one sentence |", "|---|---|---|---|---|"]
    rows = [
        f"| {_name(action)} | {_who(rule)} | {_keys(rule)} | {_recorded(rule)} | {rule.sentence} |"
        for action, rule in rules
    ]
    return [*head, *rows, ""]


def _pages(rules: list[tuple[Action, Rule]]) -> list[str]:
    rows = [f"| {_name(action)} | {_who(rule)} | {rule.sentence} |" for action, rule in rules]
    return ["| Page | Who | The rule in one sentence |", "|---|---|---|", *rows, ""]


def _name(action: Action) -> str:
    return action.value.replace("_", " ").capitalize()


def _who(rule: Rule) -> str:
    group = next((name for name, roles in GROUPS.items() if roles == rule.who), None)
    words = group or _listed(rule.who) or "whoever holds the letter"
    condition = (rule.condition.__doc__ or "").strip().rstrip(".") if rule.condition else ""
    return f"{words}; {condition[0].lower()}{condition[1:]}" if condition else words


def _listed(roles: tuple[Role, ...]) -> str:
    return ", ".join(str(ROLE_NAMES[role]) for role in roles)


def _keys(rule: Rule) -> str:
    return "" if rule.keys is Keys.NONE else rule.keys.value


def _recorded(rule: Rule) -> str:
    return f"not recorded: {rule.why_unrecorded}" if rule.records is Record.NONE else rule.records.value


def main() -> int:
    """Write the page where it belongs, in English."""
    if not settings.configured:
        settings.configure(USE_I18N=False)
    PATH.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
