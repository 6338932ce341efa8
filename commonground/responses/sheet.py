"""One person's answers as the bytes that will be sealed, written and read field by field while forms go by."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cached_property

from django.core.exceptions import BadRequest

from commonground.sealing.answers import Answer, Field, Layout
from commonground.sealing.errors import Malformed


class Sheet:
    """Answers by question id, on a copy of a blank sheet. Raises BadRequest for bytes that no form of ours held."""

    def __init__(self, blank: "BlankSheet", data: bytes) -> None:
        self._blank = blank
        self._data = bytearray(data)

    def __getitem__(self, question: str) -> Answer:
        field, place = self._blank.places[question]
        try:
            return field.decode(bytes(self._data[place]))
        except Malformed as error:
            raise BadRequest from error

    def __setitem__(self, question: str, answer: Answer) -> None:
        field, place = self._blank.places[question]
        self._data[place] = field.encode(answer)

    @property
    def is_blank(self) -> bool:
        """Whether nothing is answered."""
        return self._data == self._blank.data

    def pack(self) -> str:
        """The sheet as one line for a hidden field, always of the same length."""
        return urlsafe_b64encode(self._data).decode().rstrip("=")

    def checked(self) -> bytes:
        """All bytes, for sealing, after every field was read."""
        for question in self._blank.places:
            self[question]
        return bytes(self._data)


class BlankSheet:
    """The sheet of a survey with nothing on it, and the place of each question."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self.data = layout.encode({})

    @cached_property
    def places(self) -> dict[str, tuple[Field, slice]]:
        """Field and place of each question, in the paper's order."""
        found, at = {}, 0
        for question, field in self._layout.fields.items():
            found[question] = (field, slice(at, at + field.size))
            at += field.size
        return found

    def unpack(self, kept: str) -> Sheet:
        """The sheet in a hidden field; a blank one for none. Raises BadRequest."""
        try:
            data = urlsafe_b64decode(kept + "=" * (-len(kept) % 4)) if kept else self.data
        except ValueError as error:
            raise BadRequest from error
        if len(data) != len(self.data):
            raise BadRequest
        return Sheet(self, data)
