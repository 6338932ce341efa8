"""The respondents' client in a real browser, served as it lies in its folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests import browser

CLIENT = Path(__file__).resolve().parents[1] / "client"


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=browser.required(), args=["--no-sandbox"])
        yield found
        found.close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Write nothing."""


@contextmanager
def served(folder: Path = CLIENT) -> Iterator[str]:
    """Serve a folder on this machine and give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


_CALL = """async ([called, given]) => {
  const sealing = await import("./sealing.js"), { hex, unhex } = sealing;
  const read = (value) => Array.isArray(value) ? value.map(read)
    : value && value.bytes !== undefined ? unhex(value.bytes)
    : value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([n, v]) => [n, read(v)]))
    : value;
  const write = (value) => value instanceof Uint8Array ? { bytes: hex(value) }
    : Array.isArray(value) ? value.map(write)
    : value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([n, v]) => [n, write(v)]))
    : value;
  return write(await sealing[called](...read(given)));
}"""


class Sealing:
    """Calls what `sealing.js` exports; bytes go over as bytes."""

    def __init__(self, page: Page, address: str) -> None:
        page.goto(f"{address}/here.js")
        self.page = page

    def call(self, name: str, *given: Any) -> Any:
        """The value of an exported function. Raises playwright's Error where it throws."""
        return _read(self.page.evaluate(_CALL, [name, _write(given)]))


def _write(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, dict):
        return {name: _write(inner) for name, inner in value.items()}
    return [_write(inner) for inner in value] if isinstance(value, list | tuple) else value


def _read(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"bytes"}:
            return bytes.fromhex(value["bytes"])
        return {name: _read(inner) for name, inner in value.items()}
    return [_read(inner) for inner in value] if isinstance(value, list) else value
