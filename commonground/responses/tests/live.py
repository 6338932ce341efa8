"""The real respondents' server, in a process and a data folder of its own, for tests in a browser and benchmarks.

`python -m commonground.responses.tests.live CODES CHANGES` prepares the folder of COMMONGROUND_DATA: tables, static
files, and a survey that is open now; it prints it with its codes and keys as JSON.
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
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from commonground.sealing.seals import PrivateKey

ROOT = Path(__file__).resolve().parents[3]
APPLICATION = "commonground.config.wsgi_respond:application"


@dataclass
class Server:
    """A granian server over WSGI, on SQLite unless `variables` say otherwise; what it prints goes to `output`."""

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
        own |= {"COMMONGROUND_DATABASE": "", "COMMONGROUND_RESPONSES_DATABASE": ""}
        return {**os.environ, **own, **self.variables}

    def prepare(self, codes: int) -> tuple[str, list[str]]:
        """Make tables and an open survey; return it and its codes as typed."""
        told = self.prepare_all(codes)
        return told["survey"], told["codes"]

    def prepare_all(self, codes: int, pass_point: str = "", **changes: Any) -> dict[str, Any]:
        """Make tables and an open survey whose paper names this pass point and is changed by `changes`.

        Return `survey`, `codes` as typed, and in hexadecimal `paper`, `issuing` keys and private `seals`.
        """
        self.port = self.port or _free_port()
        addresses = {"answer": self.url, "pass": pass_point}
        command = [sys.executable, "-m", __name__, str(codes), json.dumps({"addresses": addresses, **changes})]
        made = subprocess.run(command, env=self.environment, check=True, capture_output=True)
        told: dict[str, Any] = json.loads(made.stdout)
        return told

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

    from commonground.responses.tests.sample import issuing_keys, make_sample, publish

    call_command("migrate", database="responses", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    today = datetime.now(UTC).replace(microsecond=0)
    window = {"opens": (today - timedelta(days=2)).isoformat(), "closes": (today + timedelta(days=24)).isoformat()}
    changes = {"window": window, **json.loads(arguments[1])}
    sample = publish(make_sample(codes_printed=int(arguments[0]), **changes))
    told = {
        "survey": sample.survey,
        "codes": [sample.typed(number) for number in range(len(sample.codes))],
        "paper": sample.data.hex(),
        "issuing": [key.to_bytes().hex() for key in issuing_keys()],
        "seals": [_written(key) for key in sample.private_keys],
    }
    sys.stdout.write(json.dumps(told))


def _written(key: PrivateKey) -> str:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()).hex()


if __name__ == "__main__":
    main(sys.argv[1:])
