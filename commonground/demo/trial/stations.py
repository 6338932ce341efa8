"""The stations of a trial: how long each takes, and what comes out at the end."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


class Stations:
    """Times stations by the clock on the wall, and tells each as it ends."""

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Time the code inside."""
        began = time.monotonic()
        yield
        self.tell(name, time.monotonic() - began)

    def tell(self, name: str, seconds: float) -> None:
        """Print what a station took."""
        print(f"{seconds:8.1f} s  {name}", flush=True)


@dataclass(frozen=True)
class Outcome:
    """What came out of a trial: the release, and how many people got a receipt."""

    release: Mapping[str, Any]
    thanked: int
