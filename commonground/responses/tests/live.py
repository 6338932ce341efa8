"""The real respondents' server, in a process and a data folder of its own, for tests in a browser and benchmarks.

`python -m commonground.responses.tests.live CODES` prepares the folder of COMMONGROUND_DATA: tables, static files,
and a survey that is open now; it prints the survey and its codes as JSON.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
APPLICATION = "commonground.config.wsgi_respond:application"


@dataclass
class Server:
    """A granian server over WSGI; what it prints goes to `output`."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)
    workers: int = 1
    application: str = APPLICATION
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self) -> Path:
        return self.folder / "output"

    @property
    def environment(self) -> dict[str, str]:
        own = {"COMMONGROUND_DATA": str(self.folder), "COMMONGROUND_DEVELOPMENT": "yes", "PYTHONPATH": str(ROOT)}
        return {**os.environ, **own, **self.variables}

    def prepare(self, codes: int) -> tuple[str, list[str]]:
        """Make tables and an open survey; return it and its codes as typed."""
        made = subprocess.run(
            [sys.executable, "-m", __name__, str(codes)], env=self.environment, check=True, capture_output=True
        )
        told = json.loads(made.stdout)
        return told["survey"], told["codes"]

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.port = self.port or _free_port()
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--workers", str(self.workers), "--blocking-threads", "16"]
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [*command, self.application], env=self.environment, cwd=ROOT, stdout=output, stderr=output
            )
        _wait_for(f"{self.url}/", self.process)

    def stop(self) -> None:
        """Let the server end."""
        if self.process:
            self.process.terminate()
            self.process.wait(20)

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


def main(arguments: Sequence[str]) -> None:
    """Prepare the data folder and tell what is in it."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "commonground.config.settings_respond"
    import django

    django.setup()
    from django.core.management import call_command

    from commonground.responses.tests.sample import make_sample, publish

    call_command("migrate", database="responses", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    today = datetime.now(UTC).replace(microsecond=0)
    window = {"opens": (today - timedelta(days=2)).isoformat(), "closes": (today + timedelta(days=24)).isoformat()}
    sample = publish(make_sample(codes_printed=int(arguments[0]), window=window))
    codes = [sample.typed(number) for number in range(len(sample.codes))]
    sys.stdout.write(json.dumps({"survey": sample.survey, "codes": codes}))


if __name__ == "__main__":
    main(sys.argv[1:])
