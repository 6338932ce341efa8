"""What the set-up of databases and backups weakens, in the words of the promise."""

import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connections

from commonground.kernel import key_folder
from commonground.kernel.key_folder import Kind

OFF = ("off", "none", "")
SETTINGS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "log_statement": (("none",), "statements are in its log"),
    "log_min_error_statement": (("panic",), "a refused statement is in its log, with the millisecond"),
    "log_min_messages": (("fatal", "panic"), "a refused duplicate is in its log, with the millisecond"),
    "log_min_duration_statement": (("-1",), "statements that took long are in its log"),
    "log_min_duration_sample": (("-1",), "some statements that took long are in its log"),
    "log_transaction_sample_rate": (("0",), "some statements are in its log"),
    "log_duration": (OFF, "the moment of every statement is in its log"),
    "log_parameter_max_length": (("0",), "values of statements can be in its log"),
    "log_parameter_max_length_on_error": (("0",), "values of refused statements can be in its log"),
    "log_connections": (OFF, "its log says when somebody was there"),
    "log_disconnections": (OFF, "its log says when somebody was there"),
    "log_lock_waits": (OFF, "its log says when two people answered in the same moment"),
    "track_commit_timestamp": (OFF, "every row has a time"),
    "archive_mode": (OFF, "its archive keeps the order in which answers came"),
    "max_wal_senders": (("0",), "a replica can keep the order in which answers came"),
    "shared_preload_libraries": (OFF, "a module that is loaded may keep statements"),
}
"""By setting of PostgreSQL: what keeps the promise, and what holds otherwise. `deploy/postgresql` has them all."""

BOTH: Mapping[str, str] = {"default": "the committee's side", "responses": "the sealed answers"}


def postgresql_logs() -> Iterator[str]:
    """No statement, parameter, duplicate, moment or archive tells when somebody answered."""
    if settings.ENVIRONMENT.development:
        return
    for alias, name in BOTH.items():
        if connections[alias].vendor == "postgresql":
            for setting, (kept, weakness) in SETTINGS.items():
                if (value := _shown(alias, setting)) is not None and value not in kept:
                    yield f"PostgreSQL of {name}: {setting} is {value!r}, so {weakness}. See deploy/postgresql."


def _shown(alias: str, setting: str) -> str | None:
    """Return what a setting is now; None where this version has none or the role may not see it."""
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT current_setting(%s, true)", [setting])
            found = cursor.fetchone()[0]
    except DatabaseError:
        return None
    return None if found is None else str(found).removesuffix(".0")


def sqlite_traces() -> Iterator[str]:
    """What is deleted from a SQLite file is overwritten, and its log of changes is short-lived."""
    for alias, name in BOTH.items():
        connection = connections[alias]
        if connection.vendor != "sqlite":
            continue
        with connection.cursor() as cursor:
            words = ("secure_delete", "journal_mode")
            erases, journal = (cursor.execute(f"PRAGMA {word}").fetchone()[0] for word in words)
        if not erases:
            yield f"The file of {name} keeps what is deleted (secure_delete is off)."
        if journal not in {"wal", "memory", "delete", "truncate"}:
            yield f"The file of {name} keeps a log of changes that closing does not empty (journal_mode {journal})."


REWRITTEN: Mapping[str, tuple[str, ...]] = {
    "default": ("surveys_eligible", "surveys_handover", "surveys_witness"),
    "responses": ("responses_sealedanswer", "responses_code", "responses_sealedlist", "responses_chunk"),
}
"""By database: the tables that closing, counting and destruction write anew or clear."""


def rewriting() -> Iterator[str]:
    """Closing can write its tables anew: on PostgreSQL only their owner may."""
    for alias, name in BOTH.items():
        if connections[alias].vendor == "postgresql" and (foreign := _of_others(alias, REWRITTEN[alias])):
            yield (
                f"PostgreSQL of {name}: the role of this server does not own {', '.join(foreign)}, so closing "
                "cannot write it anew and the order of arrival stays in its files. Make the role their owner."
            )


def _of_others(alias: str, tables: tuple[str, ...]) -> list[str]:
    """Return which of these tables the role of the connection may not rewrite."""
    asked = "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND NOT pg_has_role(relowner, 'USAGE') ORDER BY 1"
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute(asked, [list(tables)])
            return [name for (name,) in cursor.fetchall()]
    except DatabaseError:
        return []


def keys_beside_backups() -> Iterator[str]:
    """The key folder is in no backup: whoever has keys and databases could give out passes."""
    from commonground.keeping.models import Backup

    keys = settings.ENVIRONMENT.key_folder
    try:
        folders = {Path(path).parent for path in Backup.objects.values_list("path", flat=True)}
    except DatabaseError:
        return
    for folder in sorted(folders):
        if folder == keys or folder in keys.parents or keys in folder.parents:
            yield f"Backups lie in {folder}, with the key folder: whoever copies one copies the other."


def keys_of_open_surveys() -> Iterator[str]:
    """A survey that is open can give out passes: its keys are here, and for their owner alone."""
    from commonground.surveys.models import Survey, SurveyState

    try:
        rows = Survey.rows.across_all(reason="a check of the whole server").filter(state=SurveyState.LAUNCHED)
        surveys = list(rows.values_list("public_id", flat=True))
    except DatabaseError:
        return
    for survey in surveys:
        if missing := [str(kind) for kind in Kind if not key_folder.holds(survey, kind)]:
            yield f"Survey {survey} is open without its keys ({', '.join(missing)}): nobody can take a pass."
    for path in sorted(settings.ENVIRONMENT.key_folder.glob("*")):
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield f"The key {path.name} can be read by other users of this machine."


def backups() -> Iterator[str]:
    """What closing and destruction erase is gone from every backup too."""
    from commonground.keeping import register
    from commonground.keeping.models import Backup
    from commonground.surveys import ending

    try:
        rows = list(Backup.objects.all())
        gone, closed = set(ending.destroyed()), ending.closed()
    except DatabaseError:
        return
    for row in rows:
        if not register.is_in_place(row):
            yield f"The backup {row.path} is not in its place: what it holds is out of our reach. See `backups`."
        elif gone - set(row.cleared):
            yield f"The backup {row.path} still holds destroyed answers: run `commonground backups`."
        if closed & set(row.marks):
            yield f"Beside the backup {row.path} lies who took a pass in a closed survey: run `backups`."


CHECKS = (postgresql_logs, sqlite_traces, rewriting, keys_beside_backups, keys_of_open_surveys, backups)
