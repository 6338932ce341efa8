"""The `commonground` command: what a technical administrator runs, over the same actions as the pages."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from commonground.kernel.errors import Refused

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its status; a refusal is printed in words and exits with 1."""
    parsed = parser().parse_args(arguments)
    try:
        sys.exit(_with_server(parsed) if parsed.needs_server else parsed.run(parsed))
    except Refused as refusal:
        sys.exit(str(refusal.message))
    except OSError as fault:
        sys.exit(f"{fault.filename or 'The way there'}: {fault.strerror or fault}")


def _with_server(parsed: argparse.Namespace) -> int:
    import django
    from django.db import DatabaseError

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonground.config.settings")
    try:
        django.setup()
    except ValueError as fault:
        raise Refused(str(fault)) from None
    try:
        return int(parsed.run(parsed))
    except DatabaseError as fault:
        raise Refused(f"A database cannot be used: {fault}\nRun `commonground migrate`, then `doctor`.") from fault


def parser() -> argparse.ArgumentParser:
    """Return the parser of every command with its words of help."""
    top = argparse.ArgumentParser(prog="commonground", description="Common Ground: serve, keep and check it.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    _serving(commands)
    _districts(commands)
    _keeping(commands)
    _checking(commands)
    return top


Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _add(
    commands: Subparsers, name: str, help: str, run: Command, *, needs_server: bool = True
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=help, description=help)
    command.set_defaults(run=run, needs_server=needs_server)
    return command


def _serving(commands: Subparsers) -> None:
    serve = _add(commands, "serve", "Serve both doors.", _serve)
    serve.add_argument("--with-worker", action="store_true", help="run the background worker as well")
    serve.add_argument("--only", choices=["signed-in", "respondents"], help="serve one door only")
    _add(
        commands, "worker", "Carry out background work: letters, closing on time, destruction on its date.", _worker
    )
    _add(commands, "migrate", "Bring both databases to this version.", _migrate)


def _districts(commands: Subparsers) -> None:
    demo = _add(commands, "seed-demo", "Make the demonstration district Alder Valley Unified.", _seed_demo)
    demo.add_argument("--unless-seeded", action="store_true", help="do nothing where it exists")
    found = _add(commands, "found-district", "Open a district and invite one founder a party.", _found_district)
    found.add_argument("slug", help="its short name in addresses, e.g. alder-valley")
    found.add_argument("district", help="its full name")
    found.add_argument("--management", nargs=2, metavar=("NAME", "EMAIL"), required=True)
    found.add_argument("--labor", nargs=3, action="append", metavar=("ORGANIZATION", "NAME", "EMAIL"), default=[])
    found.add_argument("--staff", nargs=3, action="append", metavar=("BODY", "NAME", "EMAIL"), default=[])
    found.add_argument("--timezone", default="America/Los_Angeles")
    invite = _add(commands, "invite", "Invite somebody to a role.", _invite)
    invite.add_argument("slug")
    invite.add_argument("email")
    invite.add_argument("name")
    invite.add_argument("role")
    invite.add_argument("--party", default="", help="name of the party; empty for those who serve both")
    reset = _add(
        commands,
        "reset-sign-in",
        "Give a person another mailbox, by both sides' wish, and end every sign-in.",
        _reset,
    )
    reset.add_argument("email", help="the mailbox of now")
    reset.add_argument("new_email", help="the mailbox that codes go to from now on")
    reset.add_argument(
        "--asked-by", action="append", required=True, metavar="EMAIL", default=[],
        help="a co-chair or key holder who asks for it; once for labor, once for management, in each district",
    )  # fmt: skip
    erase = _add(commands, "erase-person", "Erase name and mailbox of a person whose roles have ended.", _erase)
    erase.add_argument("email")
    close = _add(commands, "close-survey", "Close a survey whose time is over, where no worker did.", _close)
    close.add_argument("slug")
    close.add_argument("survey", nargs="?", default="", help="its id; without it the open surveys are listed")
    staff = _add(commands, "import-staff", "Bring a staff list in: look first, then all or nothing.", _import_staff)
    staff.add_argument("slug")
    staff.add_argument("file", type=Path)
    staff.add_argument("--carry-out", action="store_true", help="bring it in; without this it is only looked at")


def _keeping(commands: Subparsers) -> None:
    backup = _add(commands, "backup", "Write both databases, sorted, into one file.", _backup)
    backup.add_argument("file", type=Path)
    backup.add_argument("--keep", type=int, default=0, help="delete our oldest backups, so that this many stay")
    backups = _add(commands, "backups", "List our backups and reach those that must be cleared.", _backups)
    backups.add_argument("folders", type=Path, nargs="*", help="look here for backups that were moved")
    restore = _add(commands, "restore", "Read a backup into two empty databases.", _restore)
    restore.add_argument("file", type=Path)
    _add(commands, "doctor", "Check this server and name each promise that it weakens.", _doctor)


def _checking(commands: Subparsers) -> None:
    verify = _add(
        commands, "verify-ledger", "Check an exported record, without a server.", _verify_ledger, needs_server=False
    )
    verify.add_argument("file", type=Path)
    verify.add_argument("--head", default="", help="a head that you noted earlier")
    survey = _add(
        commands, "verify-survey", "Check an exported survey, without a server.", _verify_survey, needs_server=False
    )
    survey.add_argument("file", type=Path)
    survey.add_argument("--proof", type=Path, help="the proof of an answer: is it in the list?")
    survey.add_argument("--record", type=Path, help="the exported joint record: does it name the same hashes?")
    client = _add(
        commands,
        "verify-client",
        "Compare a page for answering, the district's or a union's own, with the paper.",
        _verify_client,
        needs_server=False,
    )
    client.add_argument("url", help="the address of the page, without the part behind #")
    client.add_argument("paper", type=Path, help="the paper, as served beside the page as paper.json")
    release = _add(
        commands,
        "verify-release",
        "Check a release without answers and without a server.",
        _verify_release,
        needs_server=False,
    )
    release.add_argument("file", type=Path)
    release.add_argument("earlier", type=Path, nargs="*", help="releases that left before, to be judged beside it")
    release.add_argument("--certificate", type=Path, help="decoys that show what it does not tell, from certify")
    certify = _add(
        commands,
        "certify",
        "Look for other answers that print the same release: what it tells of those whom it hides.",
        _certify,
        needs_server=False,
    )
    certify.add_argument("file", type=Path)
    certify.add_argument("--into", type=Path, help="a folder for the certified release and its certificate")
    _protecting(commands)
    attack = _add(
        commands, "attack", "Try to learn what releases hide, from their own numbers.", _attack, needs_server=False
    )
    attack.add_argument("files", type=Path, nargs="+")
    audit = _add(
        commands,
        "audit-anonymity",
        "Look in copies of databases, backups, keys and logs for whatever could tie an answer to a person.",
        _audit_anonymity,
        needs_server=False,
    )
    audit.add_argument(
        "copies", type=Path, nargs="+", metavar="COPY", help="a file, or a folder such as the data folder"
    )
    audit.add_argument(
        "--xmin", type=Path, action="append", default=[], metavar="CSV",
        help="hidden numbers of PostgreSQL rows: table, key, ctid, xmin (docs/tables.md has the query)",
    )  # fmt: skip
    peel = _add(
        commands, "peel", "Answer a task file of the opening with your own sheet.", _peel, needs_server=False
    )
    peel.add_argument("task", type=Path)
    peel.add_argument("result", type=Path)
    again = _add(
        commands, "verify-peel", "Peel again with your own sheet, and compare.", _verify_peel, needs_server=False
    )
    again.add_argument("task", type=Path, help="the task file of the peel")
    again.add_argument(
        "outcome", type=Path, help="its result file, the list that came out, or the next party's task"
    )
    recount = _add(
        commands, "recount", "Open and count again, off line, with every party.", _recount, needs_server=False
    )
    recount.add_argument("kit", type=Path)


COUNTED = (
    ("--by", "COLUMN", "another grouping, also crossed with the last place"),
    ("--count", "COLUMN", "some of the people, shown as a share of them"),
    ("--answers", "NAME=COLUMN,COLUMN[:KIND]", "a question and the counts of its answers, lowest first"),
)
"""What a table of counts may hold several of."""


def _protecting(commands: Subparsers) -> None:
    protect = _add(
        commands,
        "protect",
        "Bring a table of counts made elsewhere through the release gate, without a server.",
        _protect,
        needs_server=False,
    )
    add = protect.add_argument
    add("table", type=Path, help="CSV or XLSX, one line for each combination of groups")
    add("--people", required=True, metavar="COLUMN", help="the people whom the numbers are about")
    add("--of", metavar="COLUMN", help="how many there could have been, for instance all asked")
    add("--nested", default="", metavar="LEVEL,SITE", help="places, each inside the one before it")
    for name, metavar, help in COUNTED:
        add(name, action="append", default=[], metavar=metavar, help=help)
    add("--minimum", type=int, default=10, help="the fewest people a number may be about, 10 or more")
    add("--title", default="", help="what was counted; the same title is the same count again")
    add("--on", default="", metavar="DAY", help="the day, for what happens again and again")
    add("--earlier", type=Path, action="append", default=[], metavar="RELEASE", help="one that left before")
    add("--into", type=Path, help="the file to write; without it TABLE.release.json")


def _serve(options: argparse.Namespace) -> int:
    from commonground.config import serving

    return serving.serve(with_worker=options.with_worker, only=options.only or "")


def _worker(options: argparse.Namespace) -> int:
    from commonground.config import serving

    return serving.work()


def _migrate(options: argparse.Namespace) -> int:
    from commonground.config import serving

    return serving.migrate()


def _seed_demo(options: argparse.Namespace) -> int:
    from commonground.demo import seed

    return seed.main(unless_seeded=options.unless_seeded)


def _found_district(options: argparse.Namespace) -> int:
    from commonground.config import operating

    return operating.found_district(options)


def _invite(options: argparse.Namespace) -> int:
    from commonground.config import operating

    return operating.invite(options)


def _reset(options: argparse.Namespace) -> int:
    from commonground.config import operating

    return operating.reset_sign_in(options)


def _erase(options: argparse.Namespace) -> int:
    from commonground.config import operating

    return operating.erase_person(options)


def _close(options: argparse.Namespace) -> int:
    from commonground.config import operating

    return operating.close_survey(options)


def _import_staff(options: argparse.Namespace) -> int:
    from commonground.config import operating

    return operating.import_staff(options)


def _backup(options: argparse.Namespace) -> int:
    from commonground.config import backup

    return backup.write(options.file, options.keep)


def _backups(options: argparse.Namespace) -> int:
    from commonground.config import backup

    return backup.look(options.folders)


def _restore(options: argparse.Namespace) -> int:
    from commonground.config import backup

    return backup.restore(options.file)


def _doctor(options: argparse.Namespace) -> int:
    from commonground.config import doctor

    return doctor.main()


def _verify_ledger(options: argparse.Namespace) -> int:
    from commonground.ledger import verify

    return verify.main([str(options.file), *(["--head", options.head] if options.head else [])])


def _verify_survey(options: argparse.Namespace) -> int:
    from commonground.config import checking

    return checking.main(options.file, options.proof, options.record)


def _verify_client(options: argparse.Namespace) -> int:
    from commonground.sealing import client

    return client.main([options.url, str(options.paper)])


def _verify_release(options: argparse.Namespace) -> int:
    from commonground.config import checking

    return checking.verify_release(options.file, options.earlier, options.certificate)


def _certify(options: argparse.Namespace) -> int:
    from commonground.config import certifying

    return certifying.main(options.file, options.into)


def _protect(options: argparse.Namespace) -> int:
    from commonground.config import protecting

    return protecting.main(options)


def _attack(options: argparse.Namespace) -> int:
    from commonground.config import checking

    return checking.attack(options.files)


def _audit_anonymity(options: argparse.Namespace) -> int:
    from commonground.config import checking

    return checking.audit_anonymity(options.copies, options.xmin)


def _peel(options: argparse.Namespace) -> int:
    from commonground.config import peeling

    return peeling.main(options.task, options.result)


def _verify_peel(options: argparse.Namespace) -> int:
    from commonground.config import recounting

    return recounting.verify_peel(options.task, options.outcome)


def _recount(options: argparse.Namespace) -> int:
    from commonground.config import recounting

    return recounting.recount(options.kit)
