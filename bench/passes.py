"""What a send by personal link costs: both servers' CPU for a pass and a sealed answer, and each step alone.

    python bench/passes.py [--sends 300] [--steps 1000]

Seeds the demonstration district into a data folder of its own, starts both doors (granian, WSGI) on loopback, and
lets people of the survey that is open take their pass and send, as the page does; what the browser does is worked
here and not counted. CPU is read from the tree of server processes, in three runs, on SQLite and then on PostgreSQL
with a server for each database. Then each step alone, in this process. One JSON object a line: `name`, `value`,
`unit`, `reference` (an empty request to the same doors; for a step, a bare P-256 signature).
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import psutil  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.respond import database, tell  # noqa: E402

RUNS = 3
WARM_UP = 20


def main() -> None:
    """Measure on both databases, each in a process of its own, then the steps."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sends", type=int, default=300)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--json", action="store_true", help="accepted; every line is JSON anyway")
    parser.add_argument("--inside", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        sends(given.inside, given.sends)
        return
    for kind in ("sqlite", "postgresql"):
        with prepared(kind) as variables:
            command = [sys.executable, __file__, "--inside", kind, "--sends", str(given.sends)]
            subprocess.run(command, env=variables, check=True)
    steps(given.steps)


@contextmanager
def prepared(kind: str) -> Iterator[dict[str, str]]:
    """The environment of a data folder with the demonstration in it."""
    with tempfile.TemporaryDirectory(prefix="commonground-bench-") as folder, ExitStack() as stack:
        variables = {**os.environ, "COMMONGROUND_DATA": folder, "COMMONGROUND_DEVELOPMENT": "yes"}
        if kind == "postgresql":
            for name in ("DATABASE", "RESPONSES_DATABASE"):
                variables[f"COMMONGROUND_{name}"] = stack.enter_context(database(""))[0]
        variables["PYTHONPATH"] = str(ROOT)
        for command in ("migrate", "seed-demo"):
            subprocess.run(
                [str(Path(sys.executable).with_name("commonground")), command],
                env=variables,
                check=True,
                stdout=subprocess.DEVNULL,
            )
        yield variables


def sends(kind: str, count: int) -> None:
    """Let `count` people send in each run, and tell the servers' CPU for one."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "commonground.config.settings"
    import django

    django.setup()
    from commonground.access import walls
    from commonground.demo import respond
    from commonground.surveys import passes
    from commonground.surveys.models import Eligible, Survey, SurveyState
    from commonground.surveys.opening_files import paper_of

    with walls.everything(reason="a measurement of a demonstration"):
        survey = Survey.rows.across_all(reason="a measurement").get(state=SurveyState.LAUNCHED)
        waiting = Eligible.rows.within(survey.partnership_id).filter(survey=survey, marked=False)
        secrets = list(passes.link_secrets(survey, list(waiting.values_list("pk", flat=True))).values())
    paper = paper_of(survey)
    people = iter([respond.Linked(secret, {}) for secret in secrets])
    with respond.doors() as (site, address), httpx.Client() as client:

        def send() -> None:
            respond.send(client, site, address, paper, next(people))

        def nothing() -> None:
            client.post(f"{site}/pass/", content=b"")
            client.post(f"{address}/s/{survey.public_id}/answer/", content=b"")

        for work in (send, nothing):
            repeat(work, WARM_UP)
        each = min(count, (len(secrets) - WARM_UP) // RUNS)
        costs = [repeat(send, each) for _ in range(RUNS)]
        tell(f"send_cpu_{kind}", statistics.median(costs), "ms", repeat(nothing, each))


def repeat(work: Callable[[], None], times: int) -> float:
    """CPU milliseconds of this process's children for each time."""
    before = children_seconds()
    for _ in range(times):
        work()
    return (children_seconds() - before) * 1000 / times


def children_seconds() -> float:
    """CPU of the servers that this process started."""
    used = [child.cpu_times() for child in psutil.Process().children(recursive=True)]
    return float(sum(one.user + one.system for one in used))


def steps(count: int) -> None:
    """Tell what each step of a send costs alone, in ms of CPU: the server's, then the browser's in Python."""
    from commonground.sealing import passes
    from commonground.sealing.hpke import seal_answer
    from commonground.sealing.seals import new_private_key
    from commonground.sealing.tests.survey import make_survey

    survey = make_survey(answers=0, passes=True)
    paper, (pass_key, receipt_key) = survey.paper, survey.issuing
    person = passes.Respondent(paper, bytes(16))
    asked = person.request()
    person.take(pass_key.sign(asked.blinded_pass) + receipt_key.sign(asked.blinded_receipt))
    answers = paper.layout.encode({})
    row, door_key, plain = person.answer(answers), new_private_key(), bytes(paper.layout.plain_size)
    said = passes.acknowledgement_message(paper.hash, row.key, row.version, row.item)
    bare = alone(lambda: passes.sign(b"bare", door_key), count)
    for name, work in {
        "sign_a_pass_and_a_receipt": lambda: (
            pass_key.sign(asked.blinded_pass),
            receipt_key.sign(asked.blinded_receipt),
        ),
        "check_an_answer": lambda: passes.check_row(row, paper),
        "acknowledge": lambda: passes.sign(said, door_key),
        "ask_for_a_pass": lambda: passes.Respondent(paper, bytes(16)),
        "seal_for_three_parties": lambda: seal_answer(plain, paper.block.keys, paper.hash),
    }.items():
        tell(name, alone(work, count), "ms", bare)


def alone(work: Callable[[], object], count: int) -> float:
    """CPU milliseconds of this process for each time."""
    began = time.process_time()
    for _ in range(count):
        work()
    return (time.process_time() - began) * 1000 / count


if __name__ == "__main__":
    main()
