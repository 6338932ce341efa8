"""The sample for nginx, run for real: no body becomes a file, and no log knows that anybody was there."""

import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.server import free_port

SAMPLE = Path(__file__).resolve().parents[3] / "deploy" / "nginx" / "commonground.conf"
SITE, ANSWERS = "wellbeing.example.org", "answers.example.org"
SURVEY = "/d/alder-valley/surveys/0b9c/"
MARK = b"nobody may find this again"
NGINX = shutil.which("nginx") or next((path for path in ["/usr/sbin/nginx"] if Path(path).exists()), "")

pytestmark = pytest.mark.skipif(not NGINX, reason="nginx is not installed here: apt-get install nginx-light")


class Door(BaseHTTPRequestHandler):
    """Stands where a door stands, and remembers what reached it."""

    seen: ClassVar[list[tuple[str, int, dict[str, str]]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.path, len(body), dict(self.headers)))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *args: Any) -> None:
        pass


@dataclass
class Proxy:
    """nginx with the sample, on ports of its own; no temporary file can be made there."""

    folder: Path
    port: int
    doors: list[ThreadingHTTPServer] = field(default_factory=list)

    def post(self, host: str, path: str, body: bytes | Iterator[bytes], **headers: str) -> int:
        with httpx.Client(verify=False, timeout=30) as client:
            answer = client.post(
                f"https://127.0.0.1:{self.port}{path}",
                content=body,
                headers={"Host": host, "User-Agent": MARK.decode(), **headers},
                extensions={"sni_hostname": host},
            )
        return answer.status_code

    def traces(self) -> dict[str, str]:
        """What was written anywhere since the start, but for the configuration."""
        written = [path for path in (self.folder / "log").rglob("*") if path.is_file()]
        return {path.name: path.read_text() for path in written if path.stat().st_size}


def certificate(folder: Path, name: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(7).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=9))
        .sign(key, SHA256())
    )  # fmt: skip
    (folder / f"{name}.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / f"{name}.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def configuration(folder: Path, port: int, doors: list[int], harm: tuple[tuple[str, str], ...]) -> Path:
    """Write the sample with other ports and folders, and what nginx needs around it."""
    sample = SAMPLE.read_text()
    changes = (
        ("listen 80", f"listen 127.0.0.1:{free_port()}"), ("listen 443", f"listen 127.0.0.1:{port}"),
        ("127.0.0.1:8000", f"127.0.0.1:{doors[0]}"), ("127.0.0.1:8001", f"127.0.0.1:{doors[1]}"),
        ("/var/log/nginx", str(folder / "log")), ("/etc/ssl/commonground", str(folder)), *harm,
    )  # fmt: skip
    for before, after in changes:
        assert before in sample, before
        sample = sample.replace(before, after)
    (folder / "commonground.conf").write_text(sample)
    temporary = "\n".join(f"{kind}_temp_path {folder}/shut;" for kind in ("client_body", "proxy"))
    whole = f"""daemon off; pid {folder}/pid; error_log {folder}/log/main.log error; worker_processes 1;
    events {{}} http {{ {temporary} include {folder}/commonground.conf; }}"""
    (folder / "nginx.conf").write_text(whole)
    return folder / "nginx.conf"


@pytest.fixture
def proxy(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Proxy]:
    Door.seen.clear()
    (tmp_path / "log").mkdir()
    tmp_path.chmod(0o755)
    for name in ("site", "answers"):
        certificate(tmp_path, name)
    doors = [ThreadingHTTPServer(("127.0.0.1", 0), Door) for _ in range(2)]
    for door in doors:
        threading.Thread(target=door.serve_forever, daemon=True).start()
    port = free_port()
    file = configuration(tmp_path, port, [door.server_port for door in doors], getattr(request, "param", ()))
    server = subprocess.Popen(
        [NGINX, "-p", str(tmp_path), "-e", str(tmp_path / "log" / "start.log"), "-c", str(file)]
    )
    try:
        found = Proxy(tmp_path, port, doors)
        wait_for(found)
        no_temporary_files(tmp_path / "shut")
        yield found
    finally:
        server.terminate()
        server.wait(timeout=30)
        for door in doors:
            door.shutdown()
            door.server_close()


def wait_for(proxy: Proxy) -> None:
    for _ in range(100):
        try:
            proxy.post(SITE, "/", b"")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return Door.seen.clear()
    raise RuntimeError("nginx did not start")


def no_temporary_files(folder: Path) -> None:
    """Put a file where the folder was: whoever wants to spool a body fails, and the person sees a 500."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_text("")


SENT = [
    (ANSWERS, "/s/ab/answer/", 8_000),
    (ANSWERS, "/s/ab/codes/", 256 * 1024),
    (SITE, "/pass/", 544),
    (SITE, f"{SURVEY}opening/result/", (2 << 20) + 64),
    (SITE, f"{SURVEY}opening/result/", 20 << 20),
    (SITE, f"{SURVEY}opening/count/", 4_000),
    (SITE, f"{SURVEY}codes/cancel/", 30_000),
    (SITE, "/d/alder-valley/staff/file/", 9 << 20),
]
"""As large as an answer, a kiosk's batch, a request for a pass, a piece of a list, a whole list, and forms."""


def test_the_sample_is_right(proxy):
    done = subprocess.run(
        [NGINX, "-t", "-p", str(proxy.folder), "-c", str(proxy.folder / "nginx.conf")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0 and "warn" not in done.stderr, done.stderr


def test_no_body_becomes_a_file_and_the_doors_learn_nothing_of_the_visitor(proxy):
    for host, path, size in SENT:
        body = (MARK + bytes(size))[:size]
        headers = {"X-Forwarded-For": "203.0.113.9", "Referer": "https://mail.example/inbox", "Cookie": "a=b"}
        assert proxy.post(host, path, body, **headers) == 200, path
    assert [(path, size) for path, size, _ in Door.seen] == [(path, size) for _, path, size in SENT]
    for path, _size, headers in Door.seen:
        given = {name.lower(): value for name, value in headers.items()}
        assert not {"x-forwarded-for", "x-real-ip", "user-agent"} & set(given), path
        assert given["x-forwarded-proto"] == "https"
        if path.startswith("/s/"):
            assert not {"referer", "cookie"} & set(given)


def test_a_body_of_unknown_length_stays_in_memory_too(proxy):
    assert proxy.post(ANSWERS, "/s/ab/answer/", iter([MARK, bytes(200_000)])) == 200
    assert Door.seen[0][1] == len(MARK) + 200_000


def test_what_is_too_large_for_memory_is_refused(proxy):
    assert proxy.post(ANSWERS, "/s/ab/answer/", bytes(300_000)) == 413
    assert proxy.post(SITE, "/pass/", bytes(5_000)) == 413
    assert not Door.seen


@pytest.mark.parametrize(
    "proxy",
    [(("client_body_buffer_size 320k;", "client_body_buffer_size 1k;"),)],
    indirect=True,
)
def test_with_a_smaller_buffer_the_same_body_would_be_spooled(proxy):
    """Shows that the trap of these tests snaps."""
    assert proxy.post(ANSWERS, "/s/ab/answer/", bytes(200_000)) == 500


def written(proxy: Proxy, lines: int) -> dict[str, str]:
    """Return what nginx left, once it wrote so many lines: it writes a line after the answer has gone out."""
    for _ in range(50):
        found = proxy.traces()
        if sum(len(text.splitlines()) for text in found.values()) >= lines:
            break
        time.sleep(0.1)
    return found


def test_the_logs_hold_days_and_nothing_of_anybody(proxy):
    for host, path, size in SENT:
        proxy.post(host, path, (MARK + bytes(size))[:size])
    for door in proxy.doors:
        door.shutdown()
        door.server_close()
    for host, path, _size in SENT:
        assert proxy.post(host, path, MARK) == 502, "a door that is away is no reason to log"
    found = written(proxy, lines=3)
    assert set(found) <= {"committee.log"}
    lines = found["committee.log"].splitlines()
    assert len(lines) == 3, "the form that belongs to no survey, twice, and the question whether nginx is there"
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d{3}", line) for line in lines)
