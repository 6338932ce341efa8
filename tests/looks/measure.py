"""Counts the questions to both databases for each page that a walk found: `python -m tests.looks.measure FILE`."""

import json
import sys
from pathlib import Path

import django
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext


def main(file: Path) -> None:
    """Print a JSON list of [path, mailbox, queries]."""
    django.setup()
    from commonground.people.models import Person

    counts = []
    for _route, path, email in json.loads(file.read_text())["pages"]:
        client = Client(SERVER_NAME="localhost")
        client.force_login(Person.objects.get(email=email))
        client.get("/settings/")
        with (
            CaptureQueriesContext(connections["default"]) as known,
            CaptureQueriesContext(connections["responses"]) as sealed,
        ):
            assert client.get(path).status_code == 200, path
        counts.append([path, email, len(known) + len(sealed)])
    print(json.dumps(counts))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
