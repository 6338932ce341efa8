"""How a body is read, and what the words of a change are."""

from hypothesis import given
from hypothesis import strategies as st

from commonground.approvals.reading import Change, Line, Piece, Section, changes, sections
from commonground.kernel.text import canonical


def read(value):
    return sections(canonical(value).decode())


def test_languages_stand_side_by_side():
    assert read({"purpose_en": "Listen", "purpose_es": "Escuchar", "format": "x", "party_id": "y"}) == [
        Section("", (Line("Listen", "Escuchar", "Purpose"),))
    ]


def test_lists_become_headed_sections():
    body = {"key_dates": [{"opens": "Monday", "shared": True}, {"opens": "Friday", "shared": None}]}
    lines = (
        Line("Monday", label="Opens"),
        Line("yes", label="Shared"),
        Line("Friday", label="Opens"),
        Line("not set", label="Shared"),
    )
    assert read(body) == [Section("Key dates", lines)]


def test_plain_text_becomes_its_lines():
    assert sections("One.\n\nTwo.") == [Section("", (Line("One."), Line("Two.")))]


def test_an_edited_line_shows_which_words_changed():
    before = [Section("Window", (Line("Closes Friday, December 4"),))]
    after = [Section("Window", (Line("Closes Friday, December 11"),))]
    pieces = (Piece("same", "Closes Friday, December"), Piece("del", " 4"), Piece("ins", " 11"))
    assert changes(before, after) == [Change("Window", pieces)]


def test_new_and_lost_lines_are_told_apart():
    before = [Section("Rules", (Line("Be on time."), Line("No phones.")))]
    after = [Section("Rules", (Line("Be on time."), Line("Speak in turn, one voice each.")))]
    assert changes(before, after) == [
        Change("Rules", (Piece("ins", "Speak in turn, one voice each."),)),
        Change("Rules", (Piece("del", "No phones."),)),
    ]


lines = st.lists(st.text("ab ", min_size=1, max_size=12).filter(str.strip), max_size=6)


@given(lines, lines)
def test_only_equal_texts_have_no_changes(before, after):
    def part(words):
        return [Section("", tuple(Line(line.strip()) for line in words))]

    found = changes(part(before), part(after))
    assert (found == []) == ([line.strip() for line in before] == [line.strip() for line in after])
    assert all(any(piece.kind != "same" for piece in change.pieces) for change in found)
