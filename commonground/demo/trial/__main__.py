"""`./dev trial ANSWERS.csv --sites COLUMN [--groups COLUMN,...] --items COLUMN,...`.

Exit status 0 where every check held, 1 where one failed, 2 where the file or the columns cannot be used.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from commonground.demo import respond
from commonground.demo.trial import report
from commonground.demo.trial.sheet import Sheet, Unusable, Wanted, read
from commonground.demo.trial.stations import Stations
from commonground.kernel.errors import Refused

LEAST_STAFF, MOST_STAFF = 1.0, 20.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Do the main job on a file of real answers and say whether all of it held."""
    given = _parser().parse_args(arguments)
    try:
        sheet = read(given.file, Wanted(given.sites, given.groups, given.items, given.answers, given.questions))
        _settle_terms(given)
        with tempfile.TemporaryDirectory(prefix="commonground-trial-") as folder:
            return _trial(sheet, given, folder)
    except Unusable as reason:
        print(reason, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev trial", description="Do the main job on a file of real answers.")
    parser.add_argument("file", type=Path, help="CSV in UTF-8 with a line of headings, one row an answer")
    parser.add_argument("--sites", required=True, metavar="COLUMN", help="the column that names the place")
    parser.add_argument(
        "--groups", type=_names, default=(), metavar="COLUMN,...", help="more columns that group people"
    )
    parser.add_argument("--items", type=_names, required=True, metavar="COLUMN,...", help="the questions")
    parser.add_argument("--cross", metavar="COLUMN", help="one of --groups that is crossed with the place")
    parser.add_argument(
        "--answers", type=int, metavar="N", help="the first N rows only, of each place in proportion"
    )
    parser.add_argument("--questions", type=int, metavar="K", help="the first K items only")
    parser.add_argument(
        "--staff-per-answer", type=float, default=1.5, metavar="X", help="people asked for each answer"
    )
    return parser


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _settle_terms(given: argparse.Namespace) -> None:
    if not given.items or (given.questions is not None and given.questions < 1):
        raise Unusable("At least one question is needed. Name its column in --items.")
    if not LEAST_STAFF <= given.staff_per_answer <= MOST_STAFF:
        raise Unusable(f"--staff-per-answer lies between {LEAST_STAFF:g} and {MOST_STAFF:g}.")
    if given.cross is not None and given.cross not in given.groups:
        raise Unusable("--cross names one of the columns of --groups.")


def _trial(sheet: Sheet, given: argparse.Namespace, folder: str) -> int:
    stations = Stations()
    with stations("databases and server brought up"):
        settle_server(folder)
    from django.db import connections

    try:
        lines, failed = _lived_through(sheet, given, stations)
    finally:
        connections.close_all()
    _tell([*lines, *report.verdict(failed)])
    return 1 if failed else 0


def _lived_through(
    sheet: Sheet, given: argparse.Namespace, stations: Stations
) -> tuple[Sequence[str], Sequence[str]]:
    """Return what came out, in lines, and a sentence for each check that failed."""
    from commonground.demo.trial import district, survey

    try:
        with stations("district founded, places and staff list in"):
            made = district.build(sheet, given.staff_per_answer)
        _tell(report.before(sheet, made.staff))
        outcome = survey.carry_out(sheet, made, given.cross, stations)
        with stations("release checked"):
            return report.after(sheet, outcome, district.record_faults(made))
    except Refused as refusal:
        return [], [f"It stopped half-way. {refusal.message}"]
    except (respond.Refused, httpx.HTTPError) as fault:
        return [], [f"The respondents' door gave somebody no receipt ({fault})."]


def _tell(lines: Iterable[str]) -> None:
    for line in lines:
        print(line, flush=True)


def settle_server(folder: str) -> None:
    """Bring up the product on a data folder of its own; a database that is named must hold no district."""
    (Path(folder) / "static").mkdir(exist_ok=True)
    own = {"DATA": folder, "DEVELOPMENT": "yes", "MAIL": "memory:", "CLOCK_OFFSET": "0"}
    os.environ |= {f"COMMONGROUND_{name}": value for name, value in own.items()}
    os.environ["DJANGO_SETTINGS_MODULE"] = "commonground.config.settings"
    import django
    from django.core.management import call_command

    django.setup()
    for database in ("default", "responses"):
        call_command("migrate", database=database, verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    _refuse_lived_in()


def _refuse_lived_in() -> None:
    from commonground.demo.trial.district import SLUG
    from commonground.partnership.models import Partnership

    if Partnership.objects.exclude(slug__startswith=SLUG).exists():
        place = urlsplit(os.environ.get("COMMONGROUND_DATABASE", "")).path.lstrip("/")
        raise Unusable(f"The database {place} holds a district. Name an empty one in COMMONGROUND_DATABASE.")


if __name__ == "__main__":
    sys.exit(main())
