"""`audit-anonymity` on deliberately broken copies of a real survey: each leak is found, none in the honest copy."""

import gzip
import json
import re
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from commonground.access.walls import ALL, SETTING
from commonground.audit.examine import examine
from commonground.audit.findings import split
from commonground.config.tests.machine import ON_POSTGRESQL, Machine, connect, copied
from commonground.sealing.codes import code_hash, draw_codes, write_code
from tests.attacks.copying import SIDES, dump, hidden


@dataclass
class Copy:
    """A copy of the honest server, to be broken; `files` are handed over beside its databases."""

    machine: Machine
    folder: Path
    files: list[Path]
    truth: list[dict[str, str]]
    keep: Any = None

    def database(self, side: str) -> Any:
        if ON_POSTGRESQL:
            database = connect(self.machine.variables[SIDES[side]])
            database.execute(f"SELECT set_config('{SETTING}', '{ALL}', false)".encode())
            return database
        return sqlite3.connect(self.machine.folder / f"{side}.sqlite3", isolation_level=None)

    def as_superuser(self, side: str) -> Any:
        """A connection that no wall between districts stops: whoever holds the files sees as much."""
        return connect(re.sub(r"//\w+", "//postgres", self.machine.variables[SIDES[side]], count=1))

    def run(self, side: str, *statements: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """Run statements; `%s` stands for a value. Returns the rows of the last one."""
        with closing(self.database(side)) as database:
            for statement in statements:
                found = database.execute(*_said(statement, values))
            return found.fetchall() if found.description else []

    def alter(self, side: str, table: str, column: str, kind: dict[str, str], value: str) -> None:
        """Give a table a column, and each row a value there."""
        named = kind["postgresql" if ON_POSTGRESQL else "sqlite"]
        self.run(side, f"ALTER TABLE {table} ADD COLUMN {column} {named}", f"UPDATE {table} SET {column} = {value}")
        self.rewrite(side, table, "key" if side == "responses" else "id")

    def rewrite(self, side: str, table: str, order: str) -> None:
        """Write all rows anew in this order and clear away what was."""
        self.run(
            side,
            f"CREATE TABLE rewritten AS SELECT * FROM {table}",
            f"DELETE FROM {table}",
            f"INSERT INTO {table} SELECT * FROM rewritten ORDER BY {order}",
            "DROP TABLE rewritten",
            "VACUUM FULL" if ON_POSTGRESQL else "VACUUM",
        )

    def log(self, name: str, *lines: str) -> None:
        self.files.append(self.folder / name)
        self.files[-1].write_text("\n".join(lines) + "\n")

    def said(self) -> tuple[list[str], list[str]]:
        """What the audit finds and notes in a full copy of the server."""
        out = self.folder / "dump"
        findings, notes = split(examine([*dump(self.machine, out), *self.files], hidden(self.machine, out)))
        return [finding.what for finding in findings], [note.text for note in notes]


def _said(statement: str, values: tuple[Any, ...]) -> tuple[Any, ...]:
    if ON_POSTGRESQL:
        return (statement.encode(), values) if values else (statement.encode(),)
    return statement.replace("%s", "?"), values


@pytest.fixture
def copy(honest, tmp_path):
    with copied(honest, tmp_path / "data") as machine:
        truth = json.loads((honest.folder.parent / "truth.json").read_text())
        copy = Copy(machine, tmp_path, [honest.folder.parent / "mail.log"], truth)
        yield copy
        if copy.keep:
            copy.keep.close()


def test_nothing_is_found_in_the_honest_copy(copy):
    assert copy.said() == ([], [])


def test_while_a_survey_is_open_it_says_what_has_to_be_there(still_open, tmp_path):
    findings, notes = split(examine(dump(still_open, tmp_path / "dump"), hidden(still_open, tmp_path / "dump")))
    assert findings == []
    text = " ".join(note.text for note in notes)
    assert "40 of 96 people are marked" in text and "Closing erases it" in text
    assert "40 sealed answers lie in the order in which they came" in text and "the key of every party" in text


TIME = {"sqlite": "datetime", "postgresql": "timestamptz"}
TEXT = {"sqlite": "varchar(64)", "postgresql": "varchar(64)"}
NUMBER = {"sqlite": "integer", "postgresql": "bigint"}
ANSWERS, ASKED = "responses_sealedanswer", "surveys_eligible"
Leak = Callable[[Copy], None]
LEAKS: dict[str, tuple[Leak, str]] = {}


def leak(words: str, on: str = "both") -> Callable[[Leak], Leak]:
    """Enter a way to break a copy, with words that the audit then says."""

    def enter(plant: Leak) -> Leak:
        if on in ("both", "postgresql" if ON_POSTGRESQL else "sqlite"):
            LEAKS[plant.__name__] = (plant, words)
        return plant

    return enter


@leak("responses_sealedanswer.sent_at keeps a time")
def a_time_beside_the_answer(copy):
    copy.alter("responses", ANSWERS, "sent_at", TIME, "'2026-11-18 10:00:00'")


@leak("surveys_eligible.taken_at keeps a time")
def a_time_beside_the_person(copy):
    copy.alter("commonground", ASKED, "taken_at", TIME, "'2026-11-18 10:00:00'")


@leak("responses_sealedanswer.version holds numbers that look like times")
def a_time_inside_a_column_that_is_allowed(copy):
    copy.run("responses", f"UPDATE {ANSWERS} SET version = 1794996000")


@leak("responses_sealedanswer.person holds id of surveys_eligible")
def a_link_to_the_person(copy):
    copy.alter("responses", ANSWERS, "person", TEXT, "''")
    people = copy.run("commonground", f"SELECT id FROM {ASKED} ORDER BY id")
    for (key,), (person,) in zip(copy.run("responses", f"SELECT key FROM {ANSWERS}"), people, strict=False):
        copy.run("responses", f"UPDATE {ANSWERS} SET person = %s WHERE key = %s", values=(str(person), key))


@leak("responses_sealedanswer.n counts up with every row")
def a_counter(copy):
    if ON_POSTGRESQL:
        copy.run("responses", f"ALTER TABLE {ANSWERS} ADD COLUMN n bigint GENERATED BY DEFAULT AS IDENTITY")
        return
    made = copy.run("responses", f"SELECT sql FROM sqlite_master WHERE name = '{ANSWERS}'")[0][0]
    made = made.replace(" NOT NULL PRIMARY KEY", " NOT NULL UNIQUE").replace(
        "(", "(n INTEGER PRIMARY KEY AUTOINCREMENT, ", 1
    )
    names = "key, survey, kind, version, pass_signature, item, signature"
    copy.run(
        "responses", f"ALTER TABLE {ANSWERS} RENAME TO old", made,
        f"INSERT INTO {ANSWERS} ({names}) SELECT {names} FROM old", "DROP TABLE old", "VACUUM",
    )  # fmt: skip


@leak("responses_sealedanswer.survey points at responses_paper")
def a_foreign_key(copy):
    if ON_POSTGRESQL:
        copy.run("responses", f"ALTER TABLE {ANSWERS} ADD FOREIGN KEY (survey) REFERENCES responses_paper (survey)")
        return
    made = copy.run("responses", f"SELECT sql FROM sqlite_master WHERE name = '{ANSWERS}'")[0][0]
    copy.run(
        "responses", f"ALTER TABLE {ANSWERS} RENAME TO old",
        made.replace('"survey" varchar(32) NOT NULL', '"survey" varchar(32) NOT NULL REFERENCES responses_paper'),
        f"INSERT INTO {ANSWERS} SELECT * FROM old", "DROP TABLE old", "VACUUM",
    )  # fmt: skip


@leak("has a trigger, watching")
def a_trigger(copy):
    if ON_POSTGRESQL:
        copy.run(
            "responses", "CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$",
            f"CREATE TRIGGER watching AFTER INSERT ON {ANSWERS} FOR EACH ROW EXECUTE FUNCTION watch()",
        )  # fmt: skip
    else:
        copy.run("responses", f"CREATE TRIGGER watching AFTER INSERT ON {ANSWERS} BEGIN SELECT 1; END")


@leak("responses_sealedanswer: the rows of the file do not follow the keys")
def answers_in_order_of_arrival(copy):
    copy.rewrite("responses", ANSWERS, "random()")


@leak("surveys_eligible: the rows of the file do not follow the keys")
def people_in_order_of_their_passes(copy):
    copy.rewrite("commonground", ASKED, "random()")


@leak("responses_code: the rows of the file do not follow the keys")
def codes_in_order_of_drawing(copy):
    copy.rewrite("responses", "responses_code", "random()")


@leak("the hidden transaction numbers (xmin) do not follow the keys", on="postgresql")
def transaction_numbers_of_arrival(copy):
    for (key,) in copy.run("responses", f"SELECT key FROM {ANSWERS} ORDER BY random()"):
        copy.run("responses", f"UPDATE {ANSWERS} SET version = version WHERE key = %s", values=(key,))
    copy.run("responses", f"CLUSTER {ANSWERS} USING {ANSWERS}_pkey")


@leak("coming one after another", on="sqlite")
def a_write_ahead_log_that_was_left(copy):
    copy.keep = database = copy.database("responses")
    for pragma in ("journal_mode = WAL", "wal_autocheckpoint = 0", "secure_delete = ON"):
        database.execute(f"PRAGMA {pragma}").fetchall()
    rows = database.execute(f"SELECT * FROM {ANSWERS}").fetchall()
    database.execute(f"DELETE FROM {ANSWERS}")
    for ordered in (secrets.SystemRandom().sample(rows, len(rows)), sorted(rows)):
        for row in ordered:
            database.execute(f"INSERT INTO {ANSWERS} VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        if ordered != sorted(rows):
            database.execute(f"DELETE FROM {ANSWERS}")
    database.execute("VACUUM")


@leak("marks of who took a pass", on="sqlite")
def marks_in_the_write_ahead_log(copy):
    copy.keep = database = copy.database("commonground")
    for statement in ("PRAGMA journal_mode = WAL", "PRAGMA wal_autocheckpoint = 0", "PRAGMA secure_delete = ON"):
        database.execute(statement).fetchall()
    for value in ("1", "0"):
        database.execute(f"UPDATE {ASKED} SET marked = {value}")


@leak("holds bytes of rows that are no longer there", on="sqlite")
def marks_erased_without_clearing_away(copy):
    copy.run("commonground", "PRAGMA secure_delete = OFF")
    with closing(copy.database("commonground")) as database:
        database.execute("PRAGMA secure_delete = OFF").fetchall()
        for (key,) in database.execute(f"SELECT id FROM {ASKED}").fetchall():
            values = (secrets.token_hex(32), key)
            database.execute(f"UPDATE {ASKED} SET marked = 1, blinded_hash = ? WHERE id = ?", values)
        database.execute(f"UPDATE {ASKED} SET marked = 0, blinded_hash = ''")


@leak("freed pages still hold what was deleted", on="sqlite")
def answers_deleted_without_clearing_away(copy):
    with closing(copy.database("responses")) as database:
        database.execute("PRAGMA secure_delete = OFF").fetchall()
        database.execute(f"CREATE TABLE older AS SELECT * FROM {ANSWERS} ORDER BY random()")
        database.execute("DROP TABLE older")


@leak("Answers by pass that no pass of the survey signed: 2")
def stuffed_with_passes(copy):
    for _ in range(2):
        copy.run(
            "responses", f"INSERT INTO {ANSWERS} SELECT %s, survey, kind, version, pass_signature, item, signature "
            f"FROM {ANSWERS} WHERE kind = 1 ORDER BY key LIMIT 1", values=(b"\4" + secrets.token_bytes(64),),
        )  # fmt: skip


@leak("Answers under codes that cannot be used: 1")
def stuffed_with_a_code(copy):
    copy.run(
        "responses", f"INSERT INTO {ANSWERS} SELECT %s, survey, kind, version, pass_signature, item, signature "
        f"FROM {ANSWERS} WHERE kind = 2 ORDER BY key LIMIT 1", values=(secrets.token_bytes(32),),
    )  # fmt: skip


@leak("The list hash is not the one that was published at closing")
def one_answer_dropped(copy):
    key = copy.run("responses", f"SELECT min(key) FROM {ANSWERS}" if not ON_POSTGRESQL else
                   f"SELECT key FROM {ANSWERS} ORDER BY key LIMIT 1")[0][0]  # fmt: skip
    copy.run("responses", f"DELETE FROM {ANSWERS} WHERE key = %s", values=(key,))


@leak("The merkle root is not the one that was published at closing")
def two_answers_swapped(copy):
    rows = copy.run("responses", f"SELECT key, item FROM {ANSWERS} WHERE kind = 2 ORDER BY key LIMIT 2")
    for (key, _), (_, item) in zip(rows, reversed(rows), strict=True):
        copy.run("responses", f"UPDATE {ANSWERS} SET item = %s WHERE key = %s", values=(item, key))


@leak("The list is not the one that the record names at closing")
def one_answer_rolled_back(copy):
    first = bytes.fromhex(copy.truth[0]["row"])
    key, item, signature = first[:65], first[325:-64], first[-64:]
    version = int.from_bytes(first[321:325], "big")
    changed = f"UPDATE {ANSWERS} SET version = %s, item = %s, signature = %s WHERE key = %s AND version > %s"
    copy.run("responses", changed, values=(version, item, signature, key, version))


@leak("surveys_eligible.marked still says who took a pass of a survey that is over (people: 96)")
def marks_kept_after_closing(copy):
    copy.run("commonground", f"UPDATE {ASKED} SET marked = true")


@leak("surveys_eligible.link_hash still says links of a survey that is over (people: 96)")
def links_kept_after_closing(copy):
    copy.run("commonground", f"UPDATE {ASKED} SET link_hash = CAST(id AS text)")


@leak("surveys_eligible.blinded_hash holds the key")
def the_hash_of_a_pass_beside_the_person(copy):
    key = bytes(copy.run("responses", f"SELECT key FROM {ANSWERS} WHERE kind = 1")[0][0])
    person = copy.run("commonground", f"SELECT id FROM {ASKED}")[0][0]
    changed = f"UPDATE {ASKED} SET marked = true, blinded_hash = %s WHERE id = %s"
    copy.run("commonground", changed, values=(sha256(key).hexdigest(), person))


@leak("Sealed answers do not have the one size of the paper")
def an_answer_of_another_size(copy):
    key, item = copy.run("responses", f"SELECT key, item FROM {ANSWERS} WHERE kind = 2 LIMIT 1")[0]
    copy.run("responses", f"UPDATE {ANSWERS} SET item = %s WHERE key = %s", values=(bytes(item) + b"\0", key))


@leak("responses_sealedlist still holds rows of a survey that is counted (rows: 1)")
def lists_kept_after_the_count(copy):
    copy.run("commonground", "UPDATE surveys_survey SET state = 'counted'")


@leak("The table django_session is not on the published list")
def a_session_on_the_door(copy):
    copy.run("responses", "CREATE TABLE django_session (session_key text, session_data text)",
             "INSERT INTO django_session VALUES ('k', 'd')")  # fmt: skip


@leak("commonground")
def answers_and_people_in_one_database(copy):
    columns = "key text, survey text, kind text, version text, pass_signature text, item text, signature text"
    copy.run("commonground", f"CREATE TABLE {ANSWERS} ({columns})")


def a_known_code(copy):
    """A code that may be used: its hash is put where the hashes lie."""
    (code,) = draw_codes(1)
    survey = copy.run("responses", "SELECT survey FROM responses_paper")[0][0]
    values = (code_hash(bytes.fromhex(survey), code), survey, False)
    copy.run("responses", "INSERT INTO responses_code (hash, survey, cancelled) VALUES (%s, %s, %s)", values=values)
    copy.rewrite("responses", "responses_code", "hash")
    return write_code(code)


@leak("django_tasks_database_dbtaskresult.args_kwargs holds a code in clear (rows: 1)")
def a_code_in_the_queue(copy):
    arguments = json.dumps({"args": ["ida@maple.example", a_known_code(copy)], "kwargs": {}})
    values = (secrets.token_hex(16), "READY", arguments, 0, "surveys.jobs.send", "[]", "default", "default", "", "")
    copy.run(
        "commonground", "INSERT INTO django_tasks_database_dbtaskresult (id, status, enqueued_at, args_kwargs, "
        "priority, task_path, worker_ids, queue_name, backend_name, run_after, exception_class_path, traceback) "
        "VALUES (%s, %s, CURRENT_TIMESTAMP, %s, %s, %s, %s, %s, %s, CURRENT_TIMESTAMP, %s, %s)", values=values,
    )  # fmt: skip


SURVEY = "0123456789abcdef" * 2


@leak("access.log holds the kind of a browser (lines: 1)")
def a_log_of_visits(copy):
    line = f'10.20.30.40 - - [18/Nov/2026:10:14:02 -0800] "POST /s/{SURVEY}/answer/" 200 64 "-" "Mozilla/5.0 (X11)"'
    copy.log("access.log", line)


@leak("proxy.log holds a time finer than a day (lines: 2)")
def a_log_of_times_alone(copy):
    copy.log("proxy.log", f"10:14:02 /s/{SURVEY}/answer/", "1794996000.123 POST /pass/ 200")


@leak("query.log holds a code in clear (lines: 1)")
def a_log_with_a_code_in_the_path(copy):
    copy.log("query.log", f"GET /s/{SURVEY}/en/?code={a_known_code(copy)}")


@leak("letters.log holds a personal link in clear (lines: 1)")
def a_mail_log_with_links(copy):
    link = f"https://respond.maple.example/s/{SURVEY}/client/answer.html#k={secrets.token_urlsafe(16)}&p=x&l=en"
    copy.log("letters.log", f"2026-11-18 to=<ida@maple.example> body={link}")


@leak("postgresql.log holds a time finer than a day (lines: 1)")
def a_database_log_of_a_duplicate(copy):
    copy.log("postgresql.log", "2026-11-18 10:14:02.345 PST ERROR:  duplicate key value violates unique constraint")


@leak("backup.tar.gz.marks says who took a pass, of a survey that is over")
def marks_beside_a_backup(copy):
    survey = copy.run("responses", "SELECT survey FROM responses_paper")[0][0]
    copy.log("backup.tar.gz.marks", json.dumps({"format": "cg1-marks", "marks": {}, "survey": survey}))


@leak("surveys_handover.repeats still counts draws")
def repeated_draws_kept_after_closing(copy):
    survey, district = copy.run("commonground", "SELECT id, partnership_id FROM surveys_survey")[0]
    values = (secrets.token_hex(16), str(district), str(survey))
    copy.run(
        "commonground", "INSERT INTO surveys_handover (id, partnership_id, survey_id, place, brought, drawn, "
        "repeats, cancelled, opened_on) VALUES (%s, %s, %s, 'Oak', 5, 2, 1, 0, '2026-11-18')", values=values,
    )  # fmt: skip


def planted():
    return sorted(LEAKS)


@pytest.mark.parametrize("name", planted())
def test_a_planted_leak_is_found(copy, name):
    plant, words = LEAKS[name]
    plant(copy)
    findings, _notes = copy.said()
    assert any(words in finding for finding in findings), findings


def test_there_are_many_planted_leaks():
    assert len(LEAKS) >= 25


@pytest.mark.skipif(not ON_POSTGRESQL, reason="PostgreSQL keeps samples of columns for its planner")
def test_samples_that_the_planner_keeps_hold_no_erased_mark_or_link(copy):
    with closing(copy.as_superuser("commonground")) as database:
        found = database.execute(
            "SELECT attname, most_common_vals::text, histogram_bounds::text FROM pg_stats "
            f"WHERE tablename = '{ASKED}' AND attname IN ('marked', 'blinded_hash', 'link_hash')".encode()
        ).fetchall()
    assert {name for name, _common, _bounds in found} == {"marked", "blinded_hash", "link_hash"}
    assert {(common, bounds) for _name, common, bounds in found} <= {("{f}", None), ('{""}', None)}


def test_keys_that_outlived_closing_are_found_in_a_data_folder(copy):
    survey = copy.run("responses", "SELECT survey FROM responses_paper")[0][0]
    keys = copy.machine.folder / "keys"
    assert not list(keys.glob(f"{survey}.*")), "closing erases every key"
    for kind in ("pass", "receipt", "link", "door"):
        (keys / f"{survey}.{kind}").write_bytes(b"key")
    findings, _notes = split(examine([copy.machine.folder, *dump(copy.machine, copy.folder / "dump")]))
    assert sum("key of a survey that is over" in finding.what for finding in findings) == 4


def test_a_backup_is_read_and_has_to_be_sorted(copy, tmp_path):
    backup = tmp_path / "backup.tar.gz"
    copy.machine.well("backup", backup)
    assert examine([backup]) == []
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(_reversed(backup))
    (finding,), _notes = split(examine([broken]))
    assert "responses_sealedanswer: the rows of the file do not follow the keys" in finding.what


def _reversed(path):
    import io
    import tarfile

    out = io.BytesIO()
    with tarfile.open(path) as old, tarfile.open(fileobj=out, mode="w") as new:
        for entry in old:
            member = old.extractfile(entry)
            data = member.read() if member else b""
            if entry.name == "responses.SealedAnswer.jsonl":
                data = b"".join(reversed(data.splitlines(keepends=True)))
            new.addfile(entry, io.BytesIO(data))
    return gzip.compress(out.getvalue())


@pytest.mark.skipif(not ON_POSTGRESQL, reason="a format of PostgreSQL")
def test_the_custom_format_is_read_where_pg_restore_is(copy, monkeypatch, tmp_path):
    from tests.attacks.copying import TOOLS

    copy.rewrite("responses", ANSWERS, "random()")
    files = dump(copy.machine, tmp_path / "dump", custom=True)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ValueError, match="install pg_restore"):
        examine(files)
    monkeypatch.setenv("PATH", str(TOOLS))
    findings, _notes = split(examine(files))
    assert any("responses_sealedanswer: the rows of the file" in finding.what for finding in findings)


def test_the_command_ends_with_one_where_it_finds_something(copy, tmp_path):
    files = dump(copy.machine, tmp_path / "dump")
    done = copy.machine.well("audit-anonymity", *files)
    assert done == "Nothing was found by which an answer could be tied to a person.\n"
    copy.log("access.log", f"10:14:02 GET /s/{SURVEY}/en/")
    told = copy.machine.refused("audit-anonymity", *files, *copy.files)
    assert "Logs" in told and "Findings: 1." in told


def test_what_is_no_copy_is_refused_in_words(copy, tmp_path):
    broken = tmp_path / "broken.gz"
    broken.write_bytes(b"\x1f\x8bnothing")
    assert "is neither a database" in copy.machine.refused("audit-anonymity", broken)
    assert "nowhere" in copy.machine.refused("audit-anonymity", tmp_path / "nowhere")
