"""A release of comments as people read it: themes, agreement of the two readers in plain words, quotations."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from commonground.kernel.languages import both
from commonground.releases import wording
from commonground.screening.kappa import Strength, strength

FORMAT = "cg1-comments"
Block = dict[str, Any]

AGREEMENT = {
    Strength.STRONG: gettext_lazy("The two readers nearly always agreed on it"),
    Strength.GOOD: gettext_lazy("The two readers mostly agreed on it"),
    Strength.FAIR: gettext_lazy("The two readers agreed on it only in part: read it with care"),
    Strength.POOR: gettext_lazy("The two readers hardly agreed on it: do not build on it"),
}


BY_LEVEL = gettext_noop(
    "A kind of place has comments of its own only where 20 people or more answered and 10 or more wrote, and where "
    "the same is left of all others. A theme stands with a kind of place only where no few can be worked out."
)


def is_comments(content: Mapping[str, Any]) -> bool:
    """Say whether a release tells of comments, not of numbers."""
    return bool(content.get("format") == FORMAT)


def title(content: Mapping[str, Any]) -> dict[str, str]:
    """Return the title of the page in both languages."""
    return both(lambda: _("What people wrote: %(survey)s") % {"survey": wording.here(content["words"]["title"])})


def neutral_lead(content: Mapping[str, Any]) -> dict[str, str]:
    """Return the opening sentences of a page for which the parties wrote none."""
    return both(lambda: _neutral(content))


def _neutral(content: Mapping[str, Any]) -> str:
    readers = wording.listed(content["words"]["reviewers"])
    said = _("Two people, one of each side, read every comment before anything was published: %(readers)s.")
    return said % {"readers": readers}


def in_a_sentence(content: Mapping[str, Any]) -> str:
    """Say in the reader's language how much a release of comments tells."""
    told = content["comments"].values()
    lists = [one for each in told for one in (each, *each.get("lists", ()))]
    words = {"quotes": sum(len(one["quotes"]) for one in lists), "themes": sum(len(one["themes"]) for one in told)}
    return _("themes: %(themes)s, quotations: %(quotes)s") % words


def blocks(content: Mapping[str, Any]) -> Iterator[Block]:
    """Yield the blocks of the page, question by question, then how it was made."""
    for question in content["words"]["questions"]:
        yield {"kind": "heading", "text": dict(question["text"])}
        told = content["comments"].get(question["id"])
        if told is None:
            yield {"kind": "text", "text": both(lambda: _unread())}
        else:
            yield from _question(told, content)
    yield {"kind": "note", "title": both(lambda: _("How this was made.")), "text": both(lambda: _made(content))}


def _unread() -> str:
    return _("Too few people wrote here. To protect them, their comments were destroyed unread.")


def _question(told: Mapping[str, Any], content: Mapping[str, Any]) -> Iterator[Block]:
    lists = told.get("lists", ())
    if told["written"] is not None or not lists:
        yield {
            "kind": "text",
            "text": both(lambda: _written(told["written"], content["answered"], content["minimum"])),
        }
    if told["themes"]:
        yield _themes(told, content["minimum"])
    else:
        yield {"kind": "text", "text": both(lambda: _no_theme(content))}
    for one in lists:
        yield from _list(one, content["minimum"])
    if not lists:
        yield _quotes(told)


def _list(one: Mapping[str, Any], least: int) -> Iterator[Block]:
    """Yield what is told of the comments of a level, or of what remains of the district."""
    name = dict(one["level"]) if one["level"] else both(lambda: _("All other places together"))
    yield {"kind": "subheading", "text": name}
    yield {"kind": "text", "text": both(lambda: _written_here(one["written"], one["answered"], least))}
    if one["themes"]:
        yield {"kind": "text", "text": both(lambda: _themes_here(one["themes"]))}
    yield _quotes(one)


def _themes_here(themes: Iterable[Mapping[str, Any]]) -> str:
    told = [f"{wording.here(theme)} ({theme['mentions']})" for theme in themes]
    return _("Themes here, with the number of comments: %(themes)s.") % {"themes": "; ".join(told)}


def _quotes(told: Mapping[str, Any]) -> Block:
    if told["quotes"]:
        title = both(lambda: _("In their words, in the order of the alphabet."))
        return {"kind": "quotes", "title": title, "items": list(told["quotes"])}
    return {"kind": "text", "text": both(lambda: _("Nothing is quoted."))}


def _written(written: int | None, answered: int, least: int) -> str:
    words = {"written": written or _least(answered, least), "answered": answered}
    if written is None:
        return _("At least %(written)s of the %(answered)s people whose answers counted wrote something.") % words
    return _("%(written)s of the %(answered)s people whose answers counted wrote something.") % words


def _written_here(written: int | None, answered: int, least: int) -> str:
    words = {"written": written or _least(answered, least), "answered": answered}
    if written is None:
        return _("At least %(written)s of the %(answered)s people who answered here wrote something.") % words
    return _("%(written)s of the %(answered)s people who answered here wrote something.") % words


def _least(of: int, least: int) -> int:
    """Return the fewest that a number can be which is not told, since it leaves fewer than `least` of the whole."""
    return max(least, of - least + 1)


def _no_theme(content: Mapping[str, Any]) -> str:
    words = {"minimum": content["minimum"]}
    return _("No theme was found by both readers in %(minimum)s comments or more.") % words


def _themes(told: Mapping[str, Any], least: int) -> Block:
    return {
        "kind": "table",
        "title": both(lambda: _("Themes that both readers found")),
        "head": [
            both(lambda: _("Theme")),
            both(lambda: _("Comments")),
            both(lambda: _("How far the readers agreed")),
        ],
        "rows": [_theme(theme, told["written"], least) for theme in told["themes"]],
        "note": both(
            lambda: _(
                "A comment can have several themes. Kappa compares two readers: 1 is always the same, 0 is chance."
            )
        ),
    }


def _theme(theme: Mapping[str, Any], written: int | None, least: int) -> list[dict[str, str]]:
    return [
        {"en": theme["en"], "es": theme["es"]},
        both(lambda: _mentions(theme["mentions"], written, least)),
        both(lambda: _agreed(theme["kappa"])),
    ]


def _mentions(mentions: int | None, written: int | None, least: int) -> str:
    if mentions is not None:
        return str(mentions)
    return _("%(n)s or more") % {"n": least if written is None else _least(written, least)}


def _agreed(kappa: float | None) -> str:
    if kappa is None:
        return _("not shown, to protect people")
    return _("%(words)s (kappa %(kappa)s).") % {"words": AGREEMENT[strength(kappa)], "kappa": f"{kappa:.2f}"}


def _made(content: Mapping[str, Any]) -> str:
    words = {"readers": wording.listed(content["words"]["reviewers"]), "minimum": content["minimum"]}
    by_level = any(told.get("lists") for told in content["comments"].values())
    return "\n".join(
        (
            _("The comments were sealed to %(readers)s.") % words,
            _("Each decided alone what may be published. Where they differed, the stricter held."),
            _("Words stand here only where the writer allowed it. “[…]” stands where something was taken out."),
            _("A theme stands here if both found it in %(minimum)s comments or more.") % words,
            *([_(BY_LEVEL)] if by_level else []),
            _("The comments themselves are erased."),
        )
    )
