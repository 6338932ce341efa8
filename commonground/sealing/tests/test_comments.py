"""Comments are sealed once to each of two reviewers, all of one size, only where enough people wrote."""

import pytest

from commonground.sealing.answers import Quotable, Text
from commonground.sealing.errors import Malformed

ASKS, PLAIN = Text(20, asks_to_quote=True), Text(20)


@pytest.mark.parametrize("text", ["", "a", "ñ" * 10, "x" * 20])
def test_consent_takes_no_byte_and_comes_back(text):
    assert len(ASKS.encode(Quotable(text))) == len(ASKS.encode(text)) == PLAIN.size
    read = ASKS.decode(ASKS.encode(Quotable(text)))
    assert read == (text or None)
    assert isinstance(read, Quotable) == bool(text)
    assert not isinstance(ASKS.decode(ASKS.encode(text)), Quotable)


def test_where_nobody_asks_no_consent_is_written_or_read():
    assert PLAIN.encode(Quotable("a")) == PLAIN.encode("a")
    with pytest.raises(Malformed):
        PLAIN.decode(ASKS.encode(Quotable("a")))


def test_consent_to_quote_nothing_is_malformed():
    with pytest.raises(Malformed):
        ASKS.decode(b"\x80\x00" + bytes(20))
