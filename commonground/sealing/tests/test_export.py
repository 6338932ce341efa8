"""An exported survey comes back as it was, and nothing but the exact format is read."""

import dataclasses

import pytest

from commonground.sealing.errors import Malformed
from commonground.sealing.export import read_bundle, write_bundle
from commonground.sealing.formats import TradingFile, read_file
from commonground.sealing.tests.test_verify import HONEST
from commonground.sealing.verify import verify

WITHOUT_LISTS = dataclasses.replace(HONEST, lists=())


@pytest.mark.parametrize("receipts", [HONEST.receipts, (), None])
def test_there_and_back(receipts):
    bundle = dataclasses.replace(WITHOUT_LISTS, receipts=receipts)
    assert read_bundle(write_bundle(bundle)) == bundle


def test_an_honest_export_gives_no_finding():
    for bundle in (HONEST, dataclasses.replace(HONEST, rows=None)):
        assert verify(read_bundle(write_bundle(bundle))) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("format", "cg1-paper"),
        ("paper", None),
        ("paper_hash", "00"),
        ("counts", {"eligible": 3}),
        ("counts", None),
        ("counts", dict.fromkeys(dataclasses.asdict(HONEST.counts), True)),
        ("peels", {}),
        ("peels", [{}]),
        ("peels", [7]),
        ("printed", ["AB" * 32]),
        ("cancelled", "none"),
        ("receipts", ["00" * 15]),
        ("merkle_root", ""),
        ("in_list", "none"),
        ("missing", [{}]),
        ("missing", [7]),
        ("release", None),
        ("rows_are_here", False),
        ("rows_are_here", 1),
        ("signed", 99),
        ("signed", "1"),
    ],
)
def test_anything_else_is_refused(name, value):
    file = read_file(write_bundle(WITHOUT_LISTS))
    with pytest.raises(Malformed):
        read_bundle(TradingFile({**file.message, name: value}, file.binary).to_bytes())


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b"words"])
def test_a_file_that_is_no_export_is_refused(data):
    with pytest.raises(Malformed):
        read_bundle(data)
