"""Papers to print: tagged PDF by typst, with our own typeface; what would read badly aloud does not compile."""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict, cast

import font_source_sans_pro  # type: ignore[import-untyped]
import segno
import typst
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

TEMPLATES = Path(__file__).parent / "typst"

Words = Mapping[str, str]


class Unprintable(Exception):
    """A paper did not compile: a letter the typeface lacks, a missing text alternative, a wrong structure."""


class Slip(TypedDict):
    """One printed code and the address that its QR holds."""

    code: str
    link: str


class Codes(TypedDict):
    """What a print run of survey codes needs; `Words` are texts by language, in the order of `languages`.

    `batch` are the 26 characters by which the record knows these codes.
    """

    languages: Sequence[str]
    title: Words
    until: Words
    address: dict[str, str]
    fingerprint: str
    batch: str
    slips: Sequence[Slip]


class Fact(TypedDict):
    """A term and its value, by language."""

    term: Words
    value: Words


class Section(TypedDict):
    """A heading with paragraphs, by language."""

    heading: Words
    paragraphs: Sequence[Words]


class Question(TypedDict):
    """A question with its answers, by language; without options the answer is free text or a scale."""

    number: int
    text: Words
    options: Sequence[Words]


class Frozen(TypedDict):
    """What a frozen text needs to be read by members; every text by language."""

    languages: Sequence[str]
    partnership: Words
    title: Words
    facts: Sequence[Fact]
    sections: Sequence[Section]
    questions: Sequence[Question]
    fingerprint: str


def render_codes(codes: Codes) -> bytes:
    """Return the PDF of a print run: cover sheet, tally form, then four slips a page in the order given."""
    slips = [{**slip, "qr": list(qr(slip["link"]))} for slip in codes["slips"]]
    words = _in_each(codes["languages"], _code_words, len(slips))
    return render("codes", {**codes, "slips": slips, "words": words})


def render_frozen(text: Frozen) -> bytes:
    """Return the PDF of a frozen text, each language whole, with its fingerprint on every page."""
    return render("frozen", {**text, "words": _in_each(text["languages"], _frozen_words)})


def render(name: str, data: Mapping[str, Any]) -> bytes:
    """Compile a template of the folder `typst` with data as JSON into a PDF/UA-1.

    The same data give the same bytes. Raises `Unprintable`, also for what typst would only warn about.
    """
    compiler = typst.Compiler(
        input=str(TEMPLATES / f"{name}.typ"),
        root=str(TEMPLATES),
        font_paths=[font_source_sans_pro.font_directory],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    try:
        pdf, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards="ua-1", timestamp=0)
    except typst.TypstError as error:
        raise Unprintable(error.diagnostic) from error
    if warnings:
        raise Unprintable("\n".join(warning.message for warning in warnings))
    return cast(bytes, pdf)


def qr(content: str) -> bytes:
    """Return a QR code as PNG with its quiet zone, six pixels a module; readable with up to 15 % damaged (M)."""
    out = io.BytesIO()
    segno.make(content, error="m", micro=False).save(out, kind="png", scale=6)
    return out.getvalue()


def square(content: str) -> SafeString:
    """Return a QR code as SVG for a page, black on white in every scheme; what it says stands beside it."""
    made = segno.make(content, error="m", micro=False)
    return mark_safe(made.svg_inline(scale=4, light="white", svgclass=None, lineclass=None))


def _in_each(languages: Sequence[str], words: Callable[..., dict[str, str]], *args: int) -> dict[str, Any]:
    found = {}
    for language in languages:
        with override(language):
            found[language] = words(*args)
    return found


def _code_words(count: int) -> dict[str, Any]:
    return {
        "how": _("Scan the square with your phone, or open this address on any computer and type your code:"),
        "until": _("Open until"),
        "safe": _(
            "The code is used once. It is not written down who has it. You can take it anywhere and answer"
            " in your own time. Answer once: by this code or by a link of your own."
        ),
        "fingerprint": _("Fingerprint of this survey"),
        "picture": _("QR code with the address of the survey and the code"),
        "count": ngettext("%(count)d slip in all", "%(count)d slips in all", count) % {"count": count},
        "page": _("page {page} of {pages}"),
        **_cover_words(count),
    }


def _cover_words(count: int) -> dict[str, Any]:
    return {
        "cover": _("Printed codes: cover sheet"),
        "envelopes": ngettext("%(count)d envelope", "%(count)d envelopes", count) % {"count": count},
        "batch": _("These codes in the record"),
        "printing": _("Whoever prints"),
        "prints": [
            _("Print on one side only, on a printer at your side that keeps no copies, not on a shared one."),
            _("Delete the file. It is kept nowhere else, and nobody can print it again."),
            _("Cut along the dashed lines. Throw the strips with the page numbers away: they tell an order."),
            _("Fold each slip, put it into an envelope through which nothing can be read, and seal it."),
            _("Write nothing on the envelopes. Shuffle them well, count them, and bring this sheet along."),
        ],
        "witnessing": _("The two witnesses, one from labor and one from management"),
        "witnesses": [
            _("Count the envelopes together. One opens the hand-over on the survey's page, the other joins."),
            _("Find whoever wants to draw by name or employee number. The page says “draw” to everyone."),
            _("Do not ask whether somebody has answered. Nobody at this table can see it, and nobody should."),
            _("The person draws any envelope. Nobody else opens it. Write down no name."),
            _("If one of you steps away, nobody draws, and the pile stays with both of you or is locked away."),
            _("Open what is torn, brought back or left over before both of you, and cancel its code on the page."),
            _("At the end count again, close the hand-over, fill in the form and sign it, both of you."),
        ],
        "tally": _("Tally form"),
        "sums": _("Brought = drawn + cancelled + still sealed + missing. What is missing is said openly."),
        "rows": [
            _("Place and day"),
            _("Brought"),
            _("Drawn"),
            _("Cancelled"),
            _("Still sealed"),
            _("Missing"),
            _("Signed for labor"),
            _("Signed for management"),
        ],
        "piles": [_("Pile %(number)d") % {"number": number} for number in (1, 2, 3)],
    }


def _frozen_words() -> dict[str, str]:
    return {
        "questions": _("Questions"),
        "fingerprint": _("Fingerprint of this text"),
        "check": _("If one letter of this text were changed, these signs would be different."),
    }
