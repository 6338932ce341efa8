"""What is cleared away is gone, or the step is done again."""

import sqlite3
from contextlib import closing

import pytest
from django.db import OperationalError, connections

from commonground.kernel import compaction
from commonground.responses.models import Code


@pytest.mark.django_db(transaction=True, databases=["responses"])
@pytest.mark.skipif("connections['responses'].vendor != 'sqlite'", reason="SQLite's own log")
def test_a_log_that_somebody_reads_is_not_taken_for_emptied():
    Code.objects.create(hash=b"1", survey="a")
    connection = connections["responses"]
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as reader, connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
        reader.execute("BEGIN").execute("SELECT * FROM responses_code").fetchall()
        with pytest.raises(OperationalError):
            compaction.rewrite("responses", Code)
        reader.rollback()
        cursor.execute("PRAGMA busy_timeout = 30000")
    assert compaction.rewrite("responses", Code)
