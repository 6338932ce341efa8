"""The catalogues of words: `python -m commonground.kernel.translations extract|compile|check`.

`extract` brings every catalogue up to date with the strings in Python and templates, `compile` makes what Django
reads, `check` lists what a reader of another language would not find and fails if there is anything.
"""

import io
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract as babel_extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("commonground", "templates")
CATALOGUES = "commonground/locale/*/LC_MESSAGES/django.po"
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop", "N_")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
DATED = datetime(2000, 1, 1, tzinfo=UTC)


def strings(root: Path = ROOT) -> Catalog:
    """Return every translatable string of the sources below `root`, with the files that use it."""
    found = Catalog(project="Common Ground", charset="utf-8", creation_date=DATED)
    for source in SOURCES:
        for path in sorted((root / source).rglob("*")):
            if path.suffix in (".py", ".html", ".txt") and "tests" not in path.parts:
                _collect(found, path, str(path.relative_to(root)))
    return found


def _collect(found: Catalog, path: Path, name: str) -> None:
    text = path.read_text(encoding="utf-8")
    code = text if path.suffix == ".py" else templatize(text, origin=name)
    for _line, words, _comments, context in babel_extract("python", io.BytesIO(code.encode()), KEYWORDS):
        if all(words if isinstance(words, tuple) else [words]):
            found.add(words, locations=[(name, 0)], context=context)


def extract(root: Path = ROOT) -> None:
    """Bring every catalogue up to date: new strings come in empty, strings no longer used go."""
    template = strings(root)
    for path in root.glob(CATALOGUES):
        catalogue = _read(path)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.revision_date, catalogue.msgid_bugs_address = DATED, ""
        with path.open("wb") as out:
            write_po(out, catalogue, width=110, ignore_obsolete=True, include_lineno=False, sort_output=True)


def compile_all(root: Path = ROOT) -> None:
    """Write the compiled file beside every catalogue that has changed since."""
    for path in root.glob(CATALOGUES):
        compiled = path.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= path.stat().st_mtime:
            continue
        beside = path.with_suffix(f".{os.getpid()}")
        with beside.open("wb") as out:
            write_mo(out, _read(path))
        beside.replace(compiled)


def problems(root: Path = ROOT, below: tuple[str, ...] = SOURCES) -> list[str]:
    """List what is not translated, unsure or wrongly filled, for strings used in files that start with `below`."""
    template = strings(root)
    used = [m for m in template if m.id and any(name.startswith(below) for name, _line in m.locations)]
    return [
        f"{path.parts[-3]}: {fault}: {message.id!r}"
        for path in sorted(root.glob(CATALOGUES))
        for catalogue in [_read(path)]
        for message in used
        for fault in _faults(catalogue.get(message.id, message.context), catalogue)
    ]


def _faults(message: Message | None, catalogue: Catalog) -> Iterator[str]:
    if message is None:
        yield "not in the catalogue"
        return
    if not (all(message.string) if isinstance(message.string, tuple) else message.string):
        yield "not translated"
        return
    if message.fuzzy:
        yield "unsure"
    yield from (str(error) for error in message.check(catalogue))


def _read(path: Path) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, locale=path.parts[-3], domain="django")


def main(command: str) -> int:
    """Run one of the three commands and return the exit status."""
    if command == "extract":
        extract()
    elif command == "compile":
        compile_all()
    elif command == "check":
        found = problems()
        sys.stdout.write("".join(f"{line}\n" for line in found))
        return 1 if found else 0
    else:
        sys.stderr.write(f"{__doc__}")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:])))
