"""The sample set-ups: each line that the guide names is in its file, and nginx and Caddy keep what it promises."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "deploy"
GUIDE = (FOLDER / "README.md").read_text(encoding="utf-8")


def sections():
    """The parts of the guide: the files that a heading names, and the lines that its table promises."""
    for part in re.split(r"^## ", GUIDE, flags=re.M)[1:]:
        files = re.findall(r"`([^`]+)`", part.splitlines()[0])
        rows = [line.split("|") for line in part.splitlines() if line.startswith("| `")]
        yield files, [(line, row[2]) for row in rows for line in re.findall(r"`([^`]+)`", row[1])]


def text(name):
    path = FOLDER / name
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def statements(name):
    """The lines of a file without comments and indents."""
    return [line.strip() for line in text(name).splitlines() if not line.strip().startswith("#")]


PROMISED = [(tuple(files), line) for files, rows in sections() for line, _ in rows if files]


@pytest.mark.parametrize(("files", "line"), PROMISED, ids=lambda value: value if isinstance(value, str) else "")
def test_each_line_of_the_guide_is_in_its_file(files, line):
    assert any(line in found for name in files for found in statements(name)), f"{files} lack {line}"


def test_the_guide_gives_every_line_a_promise():
    assert len(PROMISED) > 60
    assert all(promise.strip() for _, rows in sections() for _, promise in rows)


@pytest.mark.parametrize("name", ["postgresql/answers.conf", "postgresql/committee.conf"])
def test_no_setting_of_postgresql_stands_twice_or_against_the_guide(name):
    names = [line.partition(" = ")[0] for line in statements(name) if line]
    assert len(names) == len(set(names))
    told = {line.partition(" = ")[0]: line for _, rows in sections() for line, _ in rows if " = " in line}
    for line in statements(name):
        assert not line or told.get(line.partition(" = ")[0], line) == line
    needed = {"log_statement", "log_min_error_statement", "log_parameter_max_length", "track_commit_timestamp"}
    assert needed <= set(names)


def servers():
    """The server blocks of the nginx file, by their host name."""
    blocks: dict[str, list[str]] = {}
    block: list[str] = []
    depth = 0
    for line in statements("nginx/commonground.conf"):
        block = [] if depth == 0 and line.startswith("server {") else block
        block.append(line)
        depth += line.count("{") - line.count("}")
        if depth == 0 and line == "}" and (names := re.search(r"server_name ([^;]+);", "\n".join(block))):
            blocks[names[1]] = block
    return blocks


def test_every_host_of_nginx_is_silent_about_who_came():
    found = servers()
    assert set(found) == {
        "_",
        "wellbeing.example.org answers.example.org",
        "answers.example.org",
        "wellbeing.example.org",
    }
    for name, block in found.items():
        assert "error_log /dev/null emerg;" in block
        logs = {line for line in block if line.startswith("access_log")}
        committee = {"access_log off;", "access_log /var/log/nginx/committee.log day_only;"}
        assert logs == (committee if name == "wellbeing.example.org" else {"access_log off;"})


def test_nginx_has_no_limit_and_no_variable_that_names_a_visitor():
    code = "\n".join(statements("nginx/commonground.conf"))
    assert not re.search(r"limit_req|limit_conn|\$remote_|\$binary_remote|http_user_agent|msec|\$time_local", code)
    assert not re.search(r"\blog\b(?! default)", "\n".join(statements("caddy/Caddyfile")))


def test_the_pass_point_and_the_tally_have_places_of_their_own():
    (block,) = (block for name, block in servers().items() if name == "wellbeing.example.org")
    places = [line for line in block if line.startswith("location ")]
    assert places[1] == "location = /pass/ {"
    (pattern,) = re.findall(r"location ~ (\S+)", "\n".join(places))
    for path in ("opening/task/peel/", "opening/result/", "opening/count/", "codes/print/", "codes/draw/"):
        assert re.match(pattern, f"/d/alder-valley/surveys/7f3c/{path}")


HARDENED = (
    "User=commonground", "LimitCORE=0", "MemorySwapMax=0", "UMask=0077", "NoNewPrivileges=yes", "PrivateTmp=yes",
    "ProtectSystem=strict", "ProtectHome=yes", "CapabilityBoundingSet=",
)  # fmt: skip


@pytest.mark.parametrize("name", ["site", "respond", "worker", "backup"])
def test_each_service_runs_for_its_own_user_without_dumps_swap_or_rights(name):
    lines = statements(f"systemd/commonground-{name}.service")
    for wanted in HARDENED:
        assert wanted in lines, wanted
    environment = "/etc/commonground/respond.env" if name == "respond" else "/etc/commonground/site.env"
    assert f"EnvironmentFile={environment}" in lines


def test_the_commands_of_the_services_exist():
    from commonground.config.cli import parser

    for name in ("site", "respond", "worker", "backup"):
        (command,) = [
            line for line in statements(f"systemd/commonground-{name}.service") if line.startswith("ExecStart=")
        ]
        words = command.split("/bin/commonground ")[1].replace("$$(date +%%F)", "2026-11-10").rstrip("'").split()
        assert parser().parse_args(words).run


def test_caddy_reads_its_file():
    if not shutil.which("caddy"):
        pytest.skip("Caddy is not installed here: apt-get install caddy")
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", str(FOLDER / "caddy" / "Caddyfile")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0 and "Valid configuration" in done.stdout + done.stderr, done.stderr
