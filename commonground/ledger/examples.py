"""Addresses of the record take nothing but the district, and no act of this module stands alone."""

from collections.abc import Callable
from typing import Any

from commonground.access.actor import Actor


def urls(valley: Any) -> dict[str, dict[str, object]]:
    """Return the arguments of each address besides the district."""
    return {name: {} for name in ("record", "record-file", "record-own", "record-own-file")}


def acts(valley: Any) -> dict[str, Callable[[Actor], object]]:
    """Return one valid call for each act: the record is written by the acts of other modules."""
    return {}
