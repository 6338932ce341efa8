"""`commonground doctor`: checks this server and names, in words, each promise that its set-up weakens."""

import stat
from collections.abc import Callable, Iterator

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connections

from commonground.access import rowsecurity
from commonground.access.walls import everything as walls_down
from commonground.config import doctor_machine, doctor_storage
from commonground.config.settings_common import RESPOND_HOST, SITE_HOST
from commonground.disclosure import noise

Check = Callable[[], Iterator[str]]


def main() -> int:
    """Print every weakness; return 1 where a promise does not hold, 0 where all that can be checked is well."""
    with walls_down(reason="a check of the whole server"):
        found = [weakness for check in CHECKS for weakness in check()]
    for weakness in found:
        print(f"- {weakness}")
    print("All that can be checked is well." if not found else f"{len(found)} to look at.")
    for note in extras():
        print(note)
    return 1 if found else 0


def extras() -> Iterator[str]:
    """What a server may do without, and then cannot do; no promise rests on it."""
    if not noise.installed():
        yield (
            "Noise cannot be added to what districts lend, so they lend as printed: the extra `noise` is not "
            "installed (`pip install 'commonground[noise]'`, about 45 MB to fetch, 265 MB on the disk)."
        )


def hosts() -> Iterator[str]:
    """Cookies ignore ports: with one host name the signed-in cookie would reach the respondents' door."""
    if SITE_HOST == RESPOND_HOST:
        yield "Both doors share a host name, so a browser shows the answering door who is signed in."


def encryption() -> Iterator[str]:
    """Answers and sign-in codes travel in the open without HTTPS."""
    for name in ("site_url", "respond_url"):
        url = getattr(settings.ENVIRONMENT, name)
        if not url.startswith("https:") and not settings.ENVIRONMENT.development:
            yield f"{url} is not served over HTTPS: anyone on the way can read a code and its answers."


def clock() -> Iterator[str]:
    """A moved clock makes every date in the record untrue."""
    if settings.ENVIRONMENT.clock_offset:
        yield "The clock is moved (COMMONGROUND_CLOCK_OFFSET): dates in the record are not true."


def databases() -> Iterator[str]:
    """Answers and people need separate servers: transaction numbers run through a whole PostgreSQL server."""
    default, responses = (connections[name].settings_dict for name in ("default", "responses"))
    one_server = all(default[part] == responses[part] for part in ("HOST", "PORT"))
    both = [given["ENGINE"].endswith("postgresql") for given in (default, responses)]
    if both[0] != both[1]:
        return
    if one_server and default["NAME"] == responses["NAME"]:
        yield "Both doors use one database: its log can tie an answer to a person."
    elif all(both) and one_server:
        yield "Both databases run on one PostgreSQL server: its transaction numbers tie order and time together."


def walls() -> Iterator[str]:
    """On PostgreSQL the database itself keeps each district's rows from the others."""
    connection = connections["default"]
    if connection.vendor != "postgresql":
        return
    try:
        passed = rowsecurity.is_passed_by(connection)
        made = {name for module in apps.get_app_configs() for name in rowsecurity.tables(module, "default")}
        bare = made - rowsecurity.locked(connection)
    except DatabaseError:
        return
    if passed:
        yield "The database role sees past the walls between districts: use a role that is no superuser."
    if bare:
        yield "Some tables have no wall between districts. Run `commonground migrate`."


def migrations() -> Iterator[str]:
    """Both databases are reachable and at this version."""
    for name in ("default", "responses"):
        try:
            call_command("migrate", database=name, check_unapplied=True, verbosity=0)
        except SystemExit:
            yield f"The database {name} is not at this version. Run `commonground migrate`."
        except DatabaseError as error:
            yield f"The database {name} cannot be reached: {error}"


def secrets() -> Iterator[str]:
    """The server's secret and the key folder are for its own user only."""
    for path in (settings.ENVIRONMENT.folder / "secret", settings.ENVIRONMENT.key_folder):
        if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield f"{path.name} in the data folder can be read by other users of this machine."


def mail() -> Iterator[str]:
    """Letters reach people."""
    if settings.EMAIL_BACKEND.endswith("console.EmailBackend") and not settings.ENVIRONMENT.development:
        yield "Letters are printed on the console: nobody gets a sign-in code. Set COMMONGROUND_MAIL."


CHECKS: tuple[Check, ...] = (
    hosts, encryption, clock, databases, migrations, walls, secrets, mail,
    *doctor_machine.CHECKS, *doctor_storage.CHECKS,
)  # fmt: skip
