"""Making the certificate: a release comes to tell less until decoys were found for all that has to be shown.

What was found so far follows from the release alone, so that it may be stored, and the work be stopped and gone on
with anywhere.
"""

import copy
import io
import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

import numpy as np

from commonground.disclosure.certificate import from_bytes, to_bytes
from commonground.disclosure.printed import Sums, families
from commonground.disclosure.reading import At
from commonground.disclosure.search import NoDecoy, Search
from commonground.disclosure.weaker import HIDDEN, accounted


class Certifying:
    """A release on its way to its certificate. `document` only ever comes to tell less."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = copy.deepcopy(dict(document))
        self.searches = [Search(self.document, family) for family in families(document)]

    def go_on(self, enough: Callable[[], bool] = lambda: False) -> bool:
        """Go on until it is certified, or `enough` says so between two decoys; say whether it is certified.

        Where it is stopped and taken up again changes nothing. Raises NoDecoy for what is no release of the gate.
        """
        while not self.is_done:
            if enough():
                return False
            try:
                if not any(search.step(self._district) for search in self.searches):
                    self._finish()
            except ArithmeticError:
                self._leave_out_a_table()
        return True

    def _leave_out_a_table(self) -> None:
        """Hide all of the most detailed table that tells anything, and begin anew: where nothing else helps.

        Raises NoDecoy where only the district is left, for what is no release of the gate.
        """
        hidden = [search.hidden for search in self.searches]
        shown = [cell for cell in self.document["cells"] if cell["at"] and cell["status"] != "withheld"]
        if not shown:
            raise NoDecoy
        groups = shown[-1]["at"].keys()
        left_out = [cell for cell in shown if cell["at"].keys() == groups]
        for cell in left_out:
            cell.update(**HIDDEN, answers={})
        self.searches = [Search(self.document, search.family) for search in self.searches]
        for search, before in zip(self.searches, hidden, strict=True):
            mine = [frozenset(cell["at"].items()) for cell in left_out] if search.holds(groups) else []
            search.hidden += [*before, *mine]

    @property
    def _district(self) -> Sums | None:
        """What the district holds in the very first decoy, where all of several families have to hold it."""
        first = self.searches[0].first
        return first.sums[0] if first and len(self.searches) > 1 else None

    @property
    def is_done(self) -> bool:
        """Whether the release is certified."""
        return self.document.get("certificate") is not None

    @property
    def progress(self) -> tuple[int, int]:
        """How many of the hidden cells that could hold people were shown to hold enough, and of how many."""
        of_all = [search.progress for search in self.searches]
        return sum(reached for reached, _ in of_all), sum(cells for _, cells in of_all)

    @property
    def hidden(self) -> list[At]:
        """The cells that are hidden besides those that the gate hid."""
        return [at for search in self.searches for at in search.hidden]

    @property
    def decoys(self) -> int:
        """How many decoys were found so far."""
        return sum(len(search.decoys) for search in self.searches)

    def certificate(self) -> bytes:
        """Return the decoys as bytes, see `certificate.to_bytes`."""
        return to_bytes([search.decoys for search in self.searches])

    def to_bytes(self) -> bytes:
        """Return all that is needed to go on: the release as it is told by now, and the decoys."""
        stream = io.BytesIO()
        hidden = [[dict(sorted(at)) for at in search.hidden] for search in self.searches]
        text = np.frombuffer(json.dumps({"document": self.document, "hidden": hidden}).encode(), dtype=np.uint8)
        decoys = np.frombuffer(self.certificate(), dtype=np.uint8)
        np.savez_compressed(stream, allow_pickle=False, known=text, decoys=decoys)
        return stream.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Certifying":
        """Return what `to_bytes` gave, to go on with."""
        arrays = np.load(io.BytesIO(data), allow_pickle=False)
        known = json.loads(arrays["known"].tobytes())
        found = cls(known["document"])
        decoys = from_bytes([search.printed for search in found.searches], arrays["decoys"].tobytes())
        for search, family, hidden in zip(found.searches, decoys, known["hidden"], strict=True):
            search.hidden += [frozenset(at.items()) for at in hidden]
            for decoy in family:
                search.note(decoy)
        return found

    def _finish(self) -> None:
        hidden = [dict(sorted(at)) for at in self.hidden]
        self.document["certificate"] = {"hash": sha256(self.certificate()).hexdigest(), "hidden": hidden}
        self.document.update(accounted(self.document))
