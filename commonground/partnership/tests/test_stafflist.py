"""Staff lists from real and broken files: what comes in, what stays out, and what is said about it."""

import csv
import io
import json
import os
import struct
import tracemalloc
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from commonground.partnership.stafflist import cells, faults, oneroster, sheet, xlsxfile
from commonground.partnership.stafflist.check import check
from commonground.partnership.stafflist.columns import (
    _HEADINGS,
    LABELS,
    REASONS,
    Field,
    Reason,
    guess_mapping,
    private,
)
from commonground.partnership.stafflist.faults import WORDINGS, Fault, Kind, Unreadable, Weight
from commonground.partnership.stafflist.known import Known, Term, Vocabulary
from commonground.partnership.stafflist.lines import MAX_KEPT
from commonground.partnership.stafflist.people import Person, compare
from commonground.partnership.stafflist.repair import faults_as_rows
from commonground.partnership.stafflist.sheet import Sheet, read

KNOWN = Known(
    sites=Vocabulary([Term("118", ("Birch Lane", "Calle Abedul")), Term("0204", ("Gold Hill",)), Term("6-25")]),
    job_classes=Vocabulary(
        [Term("teacher", ("Teacher", "Docente")), Term("custodian", ("Custodian", "Conserje")), Term("bus")]
    ),
    units=Vocabulary([Term("AVTA", ("Teachers Association",)), Term("CEC212"), Term("BTL27")]),
    shifts=Vocabulary([Term("05:00"), Term("13:00")]),
    languages=Vocabulary([Term("en", ("English", "Inglés")), Term("es", ("Spanish", "Español"))]),
)
HEADINGS = [
    "sourcedId", "givenName", "familyName", "email", "primaryOrg", "shift", "jobClass", "bargainingUnit",
    "preferredLanguage",
]  # fmt: skip
GOOD = ["u-1", "Amparo", "Díaz", "a.diaz@alder.example", "118", "05:00", "teacher", "AVTA", "es"]


def csv_bytes(rows, delimiter=",", encoding="utf-8"):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_bytes(rows, *more_sheets, prepare=lambda book, page: None):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        for lines in (rows, *more_sheets):
            page = book.add_worksheet(f"Sheet {len(book.worksheets()) + 1}")
            for at, row in enumerate(lines):
                for column, value in enumerate(row):
                    page.write(at, column, value)
        prepare(book, book.worksheets()[0])
    return target.getvalue()


def line(**changes):
    """Return a good line with some cells changed, by heading."""
    return [changes.get(heading, cell) for heading, cell in zip(HEADINGS, GOOD, strict=True)]


def checked(*rows, headings=HEADINGS, known=KNOWN, **options):
    page = read("users.csv", csv_bytes([headings, *rows]))
    return check(page, guess_mapping(page.headers), known, **options)


def told(result):
    """Return kind, line and heading of each fault."""
    return [(fault.kind, fault.line, fault.column) for fault in result.faults]


def only_fault(result):
    assert len(result.faults) == 1, told(result)
    return result.faults[0]


def refused(data, name="list.csv"):
    with pytest.raises(Unreadable) as caught:
        list(read(name, data).rows())
    return caught.value.fault


def rows_or_fault(data):
    try:
        return None, list(read("x", data).rows())
    except Unreadable as error:
        return error.fault, []


class TestReading:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
    def test_every_encoding_and_delimiter_gives_the_same_cells(self, delimiter, encoding):
        page = read("x", csv_bytes([HEADINGS, GOOD], delimiter, encoding))
        assert list(page.headers) == HEADINGS
        assert [(number, list(row)) for number, row in page.rows()] == [(2, GOOD)]
        assert [note.kind for note in page.notes] == ([Kind.ENCODING_GUESSED] if encoding == "cp1252" else [])

    def test_letters_that_no_encoding_explains(self):
        assert refused(b"id;name\n1;\x81\x8d\x8f\n").kind is Kind.UNKNOWN_ENCODING

    def test_names_with_commas_do_not_decide_the_delimiter(self):
        page = read("x", "Número de empleado;Nombre completo\n1;Diaz, Amparo\n2;Vo, Hanh\n".encode())
        assert page.headers == ("Número de empleado", "Nombre completo")

    def test_the_hint_of_excel_is_believed_and_is_no_line_of_the_list(self):
        page = read("x", b"sep=;\r\nid;name\r\n1;a,b,c\r\n")
        assert (page.headers, page.header_line) == (("id", "name"), 2)
        assert [number for number, _ in page.rows()] == [3]

    def test_the_hint_may_name_the_tab(self):
        assert read("x", b"sep=\t\r\nid\tname, first\r\n1\ta,b\r\n").headers == ("id", "name, first")

    def test_headings_below_a_title_are_found_and_said(self):
        data = csv_bytes([["Alder Valley Unified"], [], ["Staff", "September"], HEADINGS, GOOD])
        page = read("x", data)
        assert (list(page.headers), page.header_line) == (HEADINGS, 4)
        assert [note.kind for note in page.notes] == [Kind.LINES_ABOVE]

    def test_lines_keep_their_number_across_blank_ones_and_breaks_in_cells(self):
        page = read("x", b'id,name\n1,"a\nb"\n\n , \n2,c\n')
        assert [(number, row[0]) for number, row in page.rows()] == [(2, "1"), (6, "2")]

    def test_old_mac_line_ends(self):
        assert [number for number, _ in read("x", b"id,name\r1,a\r2,b\r").rows()] == [2, 3]

    @pytest.mark.parametrize(
        ("data", "kind"),
        [
            (b"", Kind.EMPTY_FILE),
            (b"\xef\xbb\xbf\r\n \r\n", Kind.EMPTY_FILE),
            (b",,,\n,,,\n", Kind.EMPTY_FILE),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Kind.OLD_EXCEL),
            (b"%PDF-1.7\n1 0 obj", Kind.NOT_A_TABLE),
            (b"id,name\n1,\x00\x01", Kind.NOT_A_TABLE),
            (b"PK\x03\x04 and then nothing", Kind.BROKEN_FILE),
            (b'id,name\n1,"never closed\n' + b"2,x\n" * 40, Kind.OPEN_QUOTE),
            (b'id,name\n1,"' + b"x" * 140_000, Kind.OPEN_QUOTE),
            (b"a," * 150_000, Kind.NOT_A_TABLE),
            (b",".join(b"c%d" % n for n in range(201)), Kind.TOO_MANY_COLUMNS),
            (b"a" * 25_000_001, Kind.FILE_TOO_BIG),
            (b"id,name\n" + b"1,a\n" * 250_001, Kind.TOO_MANY_ROWS),
        ],
        ids=lambda value: str(value) if isinstance(value, Kind) else "",
    )
    def test_what_cannot_be_read_is_refused_with_its_reason(self, data, kind):
        assert refused(data).kind is kind

    def test_an_open_quote_is_told_with_its_line(self):
        assert refused(b'id,name\n1,a\n2,"b\n' + b"3,c\n" * 40).line == 3

    @given(st.binary(max_size=400))
    def test_any_bytes_are_read_or_refused(self, data):
        fault, rows = rows_or_fault(data)
        assert fault is None or fault.weight is Weight.FILE
        assert all(number > 1 and isinstance(cell, str) for number, row in rows for cell in row)

    @given(st.lists(st.lists(st.text(max_size=20), min_size=3, max_size=3), min_size=1, max_size=8))
    def test_written_cells_come_back(self, rows):
        rows = [[*(cell.replace("\x00", "").replace("\n", " ").replace("\r", " ") for cell in row)] for row in rows]
        expected = [row for row in rows if "".join(row).strip()]
        data = csv_bytes([["Employee ID", "First Name", "Last Name"], *rows])
        found = [list(row) for _, row in read("x", data).rows()]
        assert found == expected


class TestWorkbooks:
    def test_same_cells_as_from_text(self):
        page = read("list.xlsx", xlsx_bytes([HEADINGS, GOOD]))
        assert list(page.headers) == HEADINGS
        assert [(number, list(row)) for number, row in page.rows()] == [(2, GOOD)]
        assert [list(row) for _, row in page.rows()] == [GOOD], "may be read twice"

    def test_numbers_dates_and_times_become_the_text_that_was_meant(self):
        def prepare(book, page):
            page.write_number(1, 0, 471, book.add_format({"num_format": "000000"}))
            page.write_number(1, 1, 44737, book.add_format({"num_format": "d-mmm"}))
            page.write_number(1, 2, 5 / 24, book.add_format({"num_format": "hh:mm"}))
            page.write_number(1, 3, 123456789012345678)
            page.write_number(1, 4, 12.5)
            page.write_boolean(1, 5, True)

        page = read("x", xlsx_bytes([HEADINGS], prepare=prepare))
        _, row = next(page.rows())
        assert list(row[:6]) == ["000471", "2022-06-25", "05:00", "1.23456789012346E+17", "12.5", "TRUE"]

    def test_the_first_sheet_that_is_not_empty_is_read_and_said(self):
        page = read("x", xlsx_bytes([], [HEADINGS, GOOD], [["other"]]))
        assert list(page.headers) == HEADINGS
        assert page.notes[0].what.text().endswith("Sheet 2.")
        assert page.notes[0].do.text().endswith("Sheet 1, Sheet 3.")

    def test_hidden_sheets_are_not_read(self):
        page = read("x", xlsx_bytes([["secret", "x"]], [HEADINGS], prepare=lambda book, page: _hide(book, page)))
        assert list(page.headers) == HEADINGS

    def test_nothing_in_any_sheet(self):
        assert refused(xlsx_bytes([], [])).kind is Kind.EMPTY_FILE

    @pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
    def test_truncated(self, share):
        data = xlsx_bytes([HEADINGS, *[GOOD] * 200])
        assert refused(data[: int(len(data) * share)]).kind is Kind.BROKEN_FILE

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def test_damaged_bytes_never_raise_anything_else(self, data):
        whole = bytearray(SMALL_BOOK)
        for _ in range(data.draw(st.integers(1, 6))):
            whole[data.draw(st.integers(2, len(whole) - 1))] = data.draw(st.integers(0, 255))
        fault, rows = rows_or_fault(bytes(whole))
        assert fault.weight is Weight.FILE if fault else len(rows) <= 2

    def test_another_archive(self):
        assert refused(_archive({"users.csv": b"id"})).kind is Kind.OTHER_ARCHIVE

    def test_texts_that_would_fill_the_memory_are_refused(self, monkeypatch):
        book = _archive({"xl/workbook.xml": b"<x/>", "xl/sharedStrings.xml": bytes(2_000_000)})
        monkeypatch.setattr(xlsxfile, "MAX_SHARED_MEGABYTES", 1)
        fault = refused(book)
        assert (fault.kind, fault.params["limit"]) == (Kind.UNPACKS_TOO_BIG, 1)

    def test_a_bomb_is_refused_before_it_is_unpacked(self, monkeypatch):
        bomb = _archive({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": bytes(3_000_000)})
        monkeypatch.setattr(xlsxfile, "MAX_UNPACKED_MEGABYTES", 2)
        tracemalloc.start()
        fault = refused(bomb)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert fault.kind is Kind.UNPACKS_TOO_BIG
        assert peak < 1_000_000

    def test_a_directory_that_lies_about_sizes_gains_nothing(self):
        bomb = bytearray(_archive({"xl/workbook.xml": b"<x/>" + b" " * 3_000_000}))
        at = bomb.rindex(b"PK\x01\x02") + 24
        bomb[at : at + 4] = struct.pack("<I", 10)
        assert refused(bytes(bomb)).kind is Kind.BROKEN_FILE

    def test_entities_are_refused(self):
        document = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
        assert refused(_archive({"xl/workbook.xml": document})).kind is Kind.BROKEN_FILE
        assert refused(_archive({"xl/workbook.xml": document.decode().encode("utf-16")})).kind is Kind.BROKEN_FILE

    def test_empty_rows_and_columns_without_end_do_no_harm(self):
        def prepare(book, page):
            grey = book.add_format({"bg_color": "gray"})
            page.write_blank(1_048_575, 16_383, None, grey)
            page.write_blank(1, 16_383, None, grey)

        page = read("x", xlsx_bytes([HEADINGS, GOOD], prepare=prepare))
        assert [list(row) for _, row in page.rows()] == [GOOD]

    def test_row_numbers_beyond_excel_are_not_counted_up_to(self):
        data = _replaced(SMALL_BOOK, "xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="900000000000"')
        assert list(read("x", data).rows()) == []


def _hide(book, page):
    page.hide()
    book.worksheets()[1].activate()
    book.worksheets()[1].set_first_sheet()


def _archive(parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def _replaced(data, part, old, new):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    assert old in parts[part]
    return _archive({**parts, part: parts[part].replace(old, new)})


SMALL_BOOK = xlsx_bytes([HEADINGS, GOOD])


class TestColumns:
    @pytest.mark.parametrize(
        ("headings", "expected"),
        [
            (
                "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,"
                "familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password",
                {"number": "sourcedId", "given_name": "givenName", "family_name": "familyName", "email": "email",
                 "site": "orgSourcedIds", "role": "role", "status": "status"},
            ),
            (
                "School_id,Staff_id,Staff_email,First_name,Last_name,Department,Title,Username,Password,Role",
                {"number": "Staff_id", "given_name": "First_name", "family_name": "Last_name", "site": "School_id",
                 "email": "Staff_email", "job_class": "Title", "role": "Role"},
            ),
            (
                "School_id,Teacher_id,Teacher_number,State_teacher_id,Teacher_email,First_name,Middle_name,Last_name",
                {"number": "Teacher_id", "given_name": "First_name", "family_name": "Last_name",
                 "email": "Teacher_email", "site": "School_id"},
            ),
            (
                "SIS ID,School SIS ID,Username,First Name,Last Name,Secondary Email,Grade",
                {"number": "SIS ID", "site": "School SIS ID", "given_name": "First Name",
                 "family_name": "Last Name"},
            ),
            (
                "Emp #,Last Name,First Name,Work E-mail,Work Location,Work Shift,Job Title,Bargaining Unit,"
                "Preferred Language,Hire Date,Birth Date,SSN,Base Salary",
                {"number": "Emp #", "family_name": "Last Name", "given_name": "First Name", "email": "Work E-mail",
                 "site": "Work Location", "shift": "Work Shift", "job_class": "Job Title",
                 "unit": "Bargaining Unit", "language": "Preferred Language"},
            ),
            (
                "NÚMERO DE EMPLEADO,NOMBRE,APELLIDOS,CORREO ELECTRÓNICO,CENTRO DE TRABAJO,TURNO,PUESTO,"
                "UNIDAD DE NEGOCIACIÓN,IDIOMA PREFERIDO,FECHA DE NACIMIENTO",
                {"number": "NÚMERO DE EMPLEADO", "given_name": "NOMBRE", "family_name": "APELLIDOS",
                 "email": "CORREO ELECTRÓNICO", "site": "CENTRO DE TRABAJO", "shift": "TURNO",
                 "job_class": "PUESTO", "unit": "UNIDAD DE NEGOCIACIÓN", "language": "IDIOMA PREFERIDO"},
            ),
            ("No. empleado,Nombre", {"number": "No. empleado", "full_name": "Nombre"}),
            ("Name,Employee ID,First Name,Last Name", {
                "number": "Employee ID", "given_name": "First Name", "family_name": "Last Name"}),
            ("union,x", {}),
        ],
    )  # fmt: skip
    def test_headings_of_exports(self, headings, expected):
        names = headings.split(",")
        assert {str(each): names[index] for each, index in guess_mapping(names).items()} == expected

    @pytest.mark.parametrize(
        ("heading", "reason"),
        [
            ("unionMember", Reason.MEMBERSHIP), ("Union", Reason.MEMBERSHIP), ("Dues Deduction", Reason.MEMBERSHIP),
            ("Afiliación sindical", Reason.MEMBERSHIP), ("birthDate", Reason.BIRTH), ("DOB", Reason.BIRTH),
            ("Fecha de nacimiento", Reason.BIRTH), ("SEX", Reason.SEX), ("Género", Reason.SEX),
            ("pronouns", Reason.SEX), ("Ethnicity", Reason.ETHNICITY),
            ("hispanicOrLatinoEthnicity", Reason.ETHNICITY),
            ("SSN", Reason.OFFICIAL_NUMBER), ("Social Security #", Reason.OFFICIAL_NUMBER),
            ("EmployeeSSN", Reason.OFFICIAL_NUMBER), ("password", Reason.PASSWORD), ("Contraseña", Reason.PASSWORD),
            ("Annual Salary", Reason.PAY), ("Pay Rate", Reason.PAY), ("Sueldo", Reason.PAY),
            ("Home Address", Reason.HOME), ("Zip", Reason.HOME), ("Domicilio", Reason.HOME),
            ("Cell Phone", Reason.PRIVATE_CONTACT), ("Personal E-mail", Reason.PRIVATE_CONTACT),
            ("sms", Reason.PRIVATE_CONTACT), ("Disability", Reason.HEALTH), ("Marital Status", Reason.FAMILY),
            ("Evaluation Date", Reason.CONDUCT), ("Grade", None), ("Department", None),
        ],
    )  # fmt: skip
    def test_private_headings(self, heading, reason):
        assert private(heading) is reason

    def test_no_heading_that_we_use_is_private_or_means_two_fields(self):
        words = [word for block in _HEADINGS.values() for word in block.split()]
        assert not [word for word in words if private(word)]
        assert len(words) == len(set(words))

    def test_every_field_and_reason_has_its_words(self):
        assert set(LABELS) == set(Field)
        assert set(REASONS) == set(Reason)

    @given(st.lists(st.text(max_size=15), max_size=12))
    def test_any_headings_give_columns_that_are_there(self, headings):
        assert all(0 <= index < len(headings) for index in guess_mapping(headings).values())

    def test_unread_columns_are_named_with_their_reason_and_how_often_they_were_filled(self):
        headings = [*HEADINGS, "Hire Date", "unionMember", "birthDate"]
        result = checked(
            [*GOOD, "2001", "Y", ""], [*line(sourcedId="u-2", email=""), "", "N", "1970"], headings=headings
        )
        assert [(column.heading, column.reason, column.filled) for column in result.unread] == [
            ("unionMember", Reason.MEMBERSHIP, 2),
            ("birthDate", Reason.BIRTH, 1),
            ("Hire Date", Reason.NOT_NEEDED, 0),
        ]  # fmt: skip

    def test_a_private_column_cannot_be_chosen_for_anything(self):
        page = read(
            "x", csv_bytes([["Employee ID", "Name", "SSN", "Job Class", "Unit"], ["1", "A", "9", "bus", "none"]])
        )
        result = check(page, {**guess_mapping(page.headers), Field.SITE: 2}, KNOWN)
        assert told(result) == [(Kind.PRIVATE_COLUMN, 1, "SSN")]
        assert result.people == []

    def test_a_person_may_say_that_a_column_named_union_holds_the_unit(self):
        page = read(
            "x",
            csv_bytes([["Employee ID", "Name", "Site", "Job Class", "Union"], ["1", "A", "118", "bus", "btl27"]]),
        )
        result = check(page, {**guess_mapping(page.headers), Field.UNIT: 4}, KNOWN)
        assert [person.unit for person in result.people] == ["BTL27"]


class TestChecking:
    def test_a_good_line_is_a_person(self):
        result = checked(GOOD)
        assert result.faults == result.notes == []
        assert result.people == [
            Person("u-1", "Amparo", "Díaz", "118", "teacher", "AVTA", "05:00", "a.diaz@alder.example", "es")
        ]
        assert result.people[0].line == 2
        assert result.people[0].name == "Amparo Díaz"

    @pytest.mark.parametrize(
        ("changes", "field", "code"),
        [
            ({"primaryOrg": "birch lane"}, "site", "118"), ({"primaryOrg": "Calle  ABEDUL"}, "site", "118"),
            ({"jobClass": "Conserje"}, "job_class", "custodian"), ({"bargainingUnit": "avta"}, "unit", "AVTA"),
            ({"bargainingUnit": "None"}, "unit", ""), ({"bargainingUnit": "Sin representación"}, "unit", ""),
            ({"shift": "5:00 AM"}, "shift", "05:00"), ({"shift": "13:00:00"}, "shift", "13:00"),
            ({"shift": "1:00 p.m."}, "shift", "13:00"), ({"shift": ""}, "shift", ""),
            ({"shift": "N/A"}, "shift", ""),
            ({"preferredLanguage": "ESPANOL"}, "language", "es"), ({"preferredLanguage": "spa"}, "language", "es"),
            ({"preferredLanguage": "en-US"}, "language", "en"), ({"preferredLanguage": ""}, "language", ""),
            ({"email": ""}, "email", ""), ({"email": "none"}, "email", ""),
            ({"email": "José.Ñ@Alder.example"}, "email", "josé.ñ@alder.example"),
            ({"givenName": " Ana\u00a0 \u200bMaría\x07 "}, "given_name", "Ana María"),
            ({"givenName": "Jose\u0301"}, "given_name", "José"), ({"familyName": ""}, "family_name", ""),
        ],
    )  # fmt: skip
    def test_what_is_understood(self, changes, field, code):
        result = checked(line(**changes))
        assert told(result) == []
        assert getattr(result.people[0], field) == code

    @pytest.mark.parametrize(
        ("changes", "kind", "do"),
        [
            ({"primaryOrg": "118-B"}, Kind.UNKNOWN_SITE, "Use 118, or add the place."),
            ({"primaryOrg": "Brich Lane"}, Kind.UNKNOWN_SITE, "Use 118, or add the place."),
            ({"primaryOrg": ""}, Kind.EMPTY_CELL, "Fill in: Place."),
            ({"primaryOrg": "118,0204"}, Kind.TWO_SITES, "Choose one: 118 or 0204."),
            ({"primaryOrg": "25-Jun"}, Kind.DATE_CELL, "Write 6-25, and format the column as text."),
            ({"primaryOrg": "2022-06-25"}, Kind.DATE_CELL, "Write 6-25, and format the column as text."),
            ({"primaryOrg": "44737"}, Kind.DATE_CELL, "Write 6-25, and format the column as text."),
            ({"primaryOrg": "1-Mar"}, Kind.DATE_CELL, "Write it as it was, and format the column as text."),
            ({"shift": "5am"}, Kind.UNKNOWN_SHIFT, "Write 05:00 or 13:00."),
            ({"shift": "25:00"}, Kind.UNKNOWN_SHIFT, "Write 05:00 or 13:00."),
            ({"shift": "05:00/13:00"}, Kind.TWO_SHIFTS, "Choose one: 05:00 or 13:00."),
            ({"jobClass": "Teachr"}, Kind.UNKNOWN_JOB_CLASS, "Use teacher, or add the job class."),
            ({"jobClass": "teacher; bus"}, Kind.TWO_JOB_CLASSES, "Choose one: teacher or bus."),
            ({"jobClass": "#N/A"}, Kind.ERROR_CELL, "Write the value itself."),
            ({"bargainingUnit": ""}, Kind.EMPTY_UNIT, "Write AVTA, CEC212, BTL27 or none."),
            ({"bargainingUnit": "-"}, Kind.UNKNOWN_UNIT, "Write AVTA, CEC212, BTL27 or none."),
            ({"bargainingUnit": "Yes"}, Kind.UNKNOWN_UNIT, "Write AVTA, CEC212, BTL27 or none."),
            ({"bargainingUnit": "AVTA and CEC212"}, Kind.TWO_UNITS, "Choose one: AVTA or CEC212."),
            ({"preferredLanguage": "spa/eng"}, Kind.TWO_LANGUAGES, "Choose one: es or en."),
            ({"preferredLanguage": "Klingon"}, Kind.UNKNOWN_LANGUAGE, "Write en or es."),
            ({"sourcedId": ""}, Kind.EMPTY_CELL, "Fill in: Employee number."),
            ({"sourcedId": "1.23457E+11"}, Kind.SCIENTIFIC, "Export it again with this column formatted as text."),
            ({"sourcedId": "4471.0"}, Kind.DECIMAL_POINT, "Write 4471, and format the column as text."),
            ({"sourcedId": "6/25/2026"}, Kind.DATE_CELL, "Write it as it was, and format the column as text."),
            ({"sourcedId": "9" * 65}, Kind.TOO_LONG, "Shorten it."),
            ({"givenName": "", "familyName": " "}, Kind.EMPTY_NAME, "Write the first or last name."),
            ({"givenName": "JosÃ©"}, Kind.BROKEN_LETTERS, "Write José."),
            ({"givenName": "Jos\ufffd"}, Kind.BROKEN_LETTERS, "Write it again, or export the list as CSV UTF-8."),
            ({"familyName": "x" * 151}, Kind.TOO_LONG, "Shorten it."),
            ({"email": "a.diaz"}, Kind.EMAIL_FORM, "Correct it, or leave the cell empty."),
            ({"email": "a@b"}, Kind.EMAIL_FORM, "Correct it, or leave the cell empty."),
            ({"email": "a..b@x_y.org,"}, Kind.EMAIL_FORM, "Correct it, or leave the cell empty."),
            ({"email": "Ana <a@b.org>"}, Kind.EMAIL_FORM, "Correct it, or leave the cell empty."),
            ({"email": "a@b.org; c@d.org"}, Kind.TWO_EMAILS, "Keep the work address."),
        ],
    )  # fmt: skip
    def test_what_keeps_a_line_out(self, changes, kind, do):
        result = checked(line(**changes), line(sourcedId="u-2", email=""))
        fault = only_fault(result)
        assert (fault.kind, fault.line, fault.do.text()) == (kind, 2, do)
        assert fault.weight is Weight.LINE
        assert [person.number for person in result.people] == ["u-2"]
        assert result.faulty_lines == 1

    def test_a_social_security_number_is_neither_shown_nor_kept_nor_given_back(self):
        page = read("x", csv_bytes([HEADINGS, line(sourcedId="123-45-6789")]))
        result = check(page, guess_mapping(page.headers), KNOWN)
        assert only_fault(result).kind is Kind.SOCIAL_SECURITY
        rows = list(faults_as_rows(page, result, guess_mapping(page.headers)))
        assert "123-45-6789" not in f"{result} {rows}"

    def test_a_line_tells_all_its_faults(self):
        result = checked(line(sourcedId="", primaryOrg="", shift="5am", bargainingUnit="", email="x"))
        assert [fault.column for fault in result.faults] == [
            "sourcedId", "primaryOrg", "email", "shift", "bargainingUnit",
        ]  # fmt: skip
        assert result.faulty_lines == 1

    def test_zeros_in_front_come_back_where_only_one_code_is_meant(self):
        result = checked(line(primaryOrg="204"))
        assert [person.site for person in result.people] == ["0204"]
        assert [note.what.text() for note in result.notes] == [
            "The zeros in front were missing. We read it as 0204."
        ]

    def test_lost_zeros_of_an_employee_number_show_against_the_present_list(self):
        known = Known(
            KNOWN.sites,
            KNOWN.job_classes,
            KNOWN.units,
            KNOWN.shifts,
            KNOWN.languages,
            numbers=frozenset({"004471"}),
        )
        fault = only_fault(checked(line(sourcedId="4471"), known=known))
        assert (fault.kind, fault.params["choices"]) == (Kind.ZEROS_EATEN, ("004471",))

    def test_a_strange_number_that_the_present_list_has_is_left_alone(self):
        known = Known(
            KNOWN.sites,
            KNOWN.job_classes,
            KNOWN.units,
            KNOWN.shifts,
            KNOWN.languages,
            numbers=frozenset({"12-Dec"}),
        )
        assert [person.number for person in checked(line(sourcedId="12-Dec"), known=known).people] == ["12-Dec"]

    def test_shifts_of_the_place_count_where_it_has_its_own(self):
        yard = {"118": Vocabulary([Term("04:30"), Term("12:30")])}
        known = Known(KNOWN.sites, KNOWN.job_classes, KNOWN.units, KNOWN.shifts, KNOWN.languages, yard)
        result = checked(line(), line(sourcedId="2", email="", primaryOrg="0204"), known=known)
        assert only_fault(result).do.text() == "Write 04:30 or 12:30."
        assert [person.site for person in result.people] == ["0204"]

    def test_two_lines_with_one_number_both_wait(self):
        result = checked(GOOD, line(sourcedId="u-2", email=""), line(email="", primaryOrg="0204"))
        assert told(result) == [(Kind.SAME_NUMBER, 2, "sourcedId"), (Kind.SAME_NUMBER, 4, "sourcedId")]
        assert [fault.params["other"] for fault in result.faults] == [4, 2]
        assert [person.number for person in result.people] == ["u-2"]
        assert result.held == {"u-1"}

    def test_a_faulty_line_and_a_good_one_with_one_number_both_wait(self):
        result = checked(GOOD, line(email="", primaryOrg=""))
        assert result.people == []
        assert told(result) == [
            (Kind.SAME_NUMBER, 2, "sourcedId"),
            (Kind.EMPTY_CELL, 3, "primaryOrg"),
            (Kind.SAME_NUMBER, 3, "sourcedId"),
        ]  # fmt: skip

    def test_a_line_that_says_the_same_again_counts_once(self):
        result = checked(GOOD, GOOD)
        assert len(result.people) == 1
        assert [(note.kind, note.line) for note in result.notes] == [(Kind.SAME_LINE, 3)]

    def test_one_address_for_two_people_keeps_both_out_and_says_why(self):
        result = checked(GOOD, line(sourcedId="u-2", email="A.DIAZ@alder.example"), line(sourcedId="u-3", email=""))
        assert told(result) == [(Kind.SAME_EMAIL, 2, "email"), (Kind.SAME_EMAIL, 3, "email")]
        assert "would reach two people" in result.faults[0].what.text()
        assert [person.number for person in result.people] == ["u-3"]
        assert result.held == {"u-1", "u-2"}

    def test_cells_that_slipped_sideways(self):
        result = checked([*GOOD, "one more"], line(sourcedId="u-3")[:-1], [*line(sourcedId="u-2", email=""), ""])
        assert [(fault.kind, fault.line) for fault in result.faults] == [
            (Kind.WRONG_WIDTH, 2),
            (Kind.WRONG_WIDTH, 3),
        ]
        assert [person.number for person in result.people] == ["u-2"]
        assert result.held == {"u-1", "u-3"}

    def test_missing_columns_end_the_reading(self):
        result = checked(["u-1", "5:00"], headings=["sourcedId", "shift"])
        assert [fault.params["field"] for fault in result.faults] == [
            "Place",
            "Job class",
            "Bargaining unit",
            "Full name",
        ]
        assert {fault.kind for fault in result.faults} == {Kind.MISSING_COLUMN}
        assert result.people == []

    def test_headings_without_people(self):
        assert only_fault(checked()).kind is Kind.NO_ROWS

    def test_a_mapping_to_a_column_that_is_not_there_is_a_missing_column(self):
        page = read("x", csv_bytes([HEADINGS, GOOD]))
        result = check(page, {**guess_mapping(page.headers), Field.SITE: 99}, KNOWN)
        assert only_fault(result).kind is Kind.MISSING_COLUMN

    def test_a_value_for_the_whole_file_stands_where_the_cell_is_empty(self):
        result = checked(["1", "A", "118", "bus", ""], ["2", "B", "118", "bus", "none"],
                         headings=["id", "name", "site", "title", "unit"], given={Field.UNIT: "avta"})  # fmt: skip
        assert [person.unit for person in result.people] == ["AVTA", ""]

    def test_an_unknown_value_for_the_whole_file_is_told_once(self):
        result = checked(GOOD, GOOD, given={Field.UNIT: "AVTB"})
        assert only_fault(result).do.text() == "Choose one of: AVTA."
        assert only_fault(result).heading(str.upper) == "bargainingUnit", "the heading of the file stays as it is"

    def test_a_field_without_a_column_is_named_in_the_language_of_the_reader(self):
        result = checked(
            ["1", "A", "118", "bus"], headings=["id", "name", "site", "title"], given={Field.UNIT: "?"}
        )
        assert only_fault(result).heading(str.upper) == "BARGAINING UNIT"

    @pytest.mark.parametrize(
        ("name", "expected"),
        [("Diaz, Amparo", ("Amparo", "Diaz")), ("Hanh Vo", ("Hanh Vo", "")), ("Suharto", ("Suharto", ""))],
    )
    def test_a_full_name_parts_only_at_a_comma(self, name, expected):
        result = checked(["1", name, "118", "bus", "none"], headings=["id", "name", "site", "title", "unit"])
        assert [(person.given_name, person.family_name) for person in result.people] == [expected]

    def test_a_heading_that_stands_twice_is_told(self):
        result = checked([*GOOD, "b@x.org"], headings=[*HEADINGS, "E-Mail"])
        assert result.people[0].email == GOOD[3]
        assert result.notes == []
        result = checked([*GOOD, "b@x.org"], headings=[*HEADINGS, "EMAIL"])
        assert [note.kind for note in result.notes] == [Kind.COLUMN_TWICE]

    def test_a_file_that_breaks_halfway_brings_nobody(self):
        data = csv_bytes([HEADINGS, *[GOOD] * 30]) + b'u-9,"open\n' + b"x,y\n" * 50
        page = read("x", data)
        result = check(page, guess_mapping(page.headers), KNOWN)
        assert only_fault(result).kind is Kind.OPEN_QUOTE
        assert result.people == []

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.lists(st.text(max_size=12), min_size=9, max_size=9), max_size=6))
    def test_any_cells_are_people_or_faults(self, rows):
        page = Sheet("x", tuple(HEADINGS), 1, (), lambda width: iter(enumerate([HEADINGS, *rows], start=1)))
        result = check(page, guess_mapping(page.headers), KNOWN)
        numbers = [person.number for person in result.people]
        assert len(set(numbers)) == len(numbers)
        assert not result.held & set(numbers)
        for fault in (*result.faults, *result.notes):
            assert fault.what.text() and fault.do.text()
        assert len(list(faults_as_rows(page, result, guess_mapping(page.headers)))) == 1 + result.faulty_lines


class TestOneRoster:
    OLD = ["sourcedId", "status", "orgSourcedIds", "role", "givenName", "familyName"]
    GIVEN = {Field.UNIT: "AVTA", Field.JOB_CLASS: "teacher"}

    def test_pupils_parents_and_the_deleted_are_left_out_and_counted(self):
        rows = [
            ["1", "active", "118", "teacher", "A", "B"], ["2", "", "118", "student", "C", "D"],
            ["3", "", "118", "Parent", "E", "F"], ["4", "tobedeleted", "118", "aide", "G", "H"],
        ]  # fmt: skip
        result = checked(*rows, headings=self.OLD, given=self.GIVEN)
        assert [person.number for person in result.people] == ["1"]
        assert result.left_out == {"student": 1, "parent": 1, "tobedeleted": 1}

    def test_a_1_2_file_without_roles_is_refused_so_that_no_pupil_comes_in(self):
        headings = ["sourcedId", "givenName", "familyName", "userMasterIdentifier", "primaryOrgSourcedId"]
        row = ["1", "A", "B", "", "118"]
        assert only_fault(checked(row, headings=headings, given=self.GIVEN)).kind is Kind.ROLES_MISSING

    def test_roles_of_1_2_say_who_is_staff_and_where(self):
        roles = oneroster.roles_of(read("roles.csv", csv_bytes([
            ["sourcedId", "status", "userSourcedId", "roleType", "role", "orgSourcedId"],
            ["r1", "active", "1", "secondary", "aide", "118"], ["r2", "active", "1", "primary", "teacher", "0204"],
            ["r3", "active", "2", "primary", "student", "118"],
            ["r4", "tobedeleted", "2", "primary", "teacher", "118"],
            ["r5", "active", "3", "primary", "parent", "118"], ["r6", "active", "3", "secondary", "aide", "118"],
        ])))  # fmt: skip
        headings = ["sourcedId", "givenName", "familyName", "userMasterIdentifier", "primaryOrgSourcedId"]
        rows = [[number, "A", "B", "", ""] for number in "123"]
        result = checked(*rows, headings=headings, given=self.GIVEN, roles=roles)
        assert [(person.number, person.site) for person in result.people] == [("1", "0204"), ("3", "118")]
        assert result.left_out == {"student": 1}


class TestComparing:
    PEOPLE = [Person(str(n), f"A{n}", "B", "118", "bus", "AVTA", line=n) for n in range(4)]

    def test_the_same_file_twice_changes_nothing(self):
        first = checked(GOOD, line(sourcedId="u-2", email="", bargainingUnit="none")).people
        again = checked([*line(sourcedId="u-2", email="", bargainingUnit="ninguno")], GOOD).people
        preview = compare(first, again)
        assert (preview.new, preview.changed, preview.gone, preview.held) == ([], [], [], [])
        assert sorted(p.number for p in preview.same) == sorted(p.number for p in again)

    def test_new_changed_same_gone_and_waiting(self):
        moved = Person("1", "A1", "B", "0204", "bus", "CEC212", line=7)
        newcomer = Person("9", "N", "", "118", "bus", "", line=8)
        preview = compare(self.PEOPLE, [self.PEOPLE[0], moved, newcomer], held={"2"})
        assert [(c.person, c.field, c.before, c.after) for c in preview.changed] == [
            (moved, "site", "118", "0204"), (moved, "unit", "AVTA", "CEC212"),
        ]  # fmt: skip
        assert (preview.new, preview.same) == ([newcomer], [self.PEOPLE[0]])
        assert (preview.held, preview.gone) == ([self.PEOPLE[2]], [self.PEOPLE[3]])

    def test_a_person_whose_line_has_a_fault_is_not_gone(self):
        current = checked(GOOD).people
        faulty = checked(line(shift="5am"))
        preview = compare(current, faulty.people, faulty.held)
        assert (preview.gone, preview.held) == ([], current)

    @given(st.lists(st.sampled_from(PEOPLE), unique=True), st.lists(st.sampled_from(PEOPLE), unique=True))
    def test_everybody_is_in_one_place(self, before, after):
        preview = compare(before, after)
        assert sorted(p.number for p in (*preview.new, *preview.same)) == sorted(p.number for p in after)
        assert {p.number for p in preview.gone} == {p.number for p in before} - {p.number for p in after}


class TestTakingFaultsAway:
    def test_only_mapped_columns_of_faulty_lines_and_no_formula(self):
        catalogue = {"Line": "Línea", "Not a shift we know.": "No es un turno conocido."}

        def spanish(text):
            return catalogue.get(text, text)

        rows = [
            [*line(givenName="=1+1", shift="5am", familyName="-X"), "1970"],
            [*line(sourcedId="u-2", email=""), "1980"],
        ]
        page = read("users.csv", csv_bytes([[*HEADINGS, "birthDate"], *rows]))
        mapping = guess_mapping(page.headers)
        table = list(faults_as_rows(page, check(page, mapping, KNOWN), mapping, spanish))
        assert table[0] == ["Línea", "What we found", "What to do", *HEADINGS]
        assert table[1:] == [
            [
                "2",
                "shift: No es un turno conocido.",
                "Write 05:00 or 13:00.",
                *line(givenName="'=1+1", familyName="'-X", shift="5am"),
            ]
        ]

    def test_a_repaired_file_can_be_sent_as_it_is(self):
        page = read("users.csv", csv_bytes([HEADINGS, line(shift="5am", familyName="=X")]))
        mapping = guess_mapping(page.headers)
        table = list(faults_as_rows(page, check(page, mapping, KNOWN), mapping))
        repaired = [[cell.replace("5am", "05:00") for cell in row] for row in table]
        page = read("repaired.csv", csv_bytes(repaired))
        result = check(page, guess_mapping(page.headers), KNOWN)
        assert told(result) == []
        assert result.people[0].family_name == "=X"

    @given(st.text())
    def test_no_cell_is_a_formula_and_reading_it_gives_the_cell_back(self, text):
        text = cells.clean(text)
        written = cells.escape_formula(text)
        assert written[:1] not in {"=", "+", "-", "@", "\t", "\r"}
        assert cells.clean(written) == text


class TestWords:
    def test_every_kind_has_its_words_and_no_word_is_without_a_kind(self):
        assert set(WORDINGS) == set(Kind)

    def test_choices_are_joined_in_the_language_of_the_reader(self):
        spanish = {
            "%(all_but_last)s or %(last)s": "%(all_but_last)s o %(last)s",
            "Write %(choices)s.": "Escriba %(choices)s.",
        }
        fault = Fault(Kind.UNKNOWN_SHIFT, "x", 2, "shift", "5am", {"choices": ("05:00", "12:00", "13:00")})
        assert fault.do.text(lambda text: spanish.get(text, text)) == "Escriba 05:00, 12:00 o 13:00."

    def test_percent_signs_of_a_file_do_no_harm(self):
        fault = only_fault(checked(line(bargainingUnit="%(boom)s %s")))
        assert fault.found == "%(boom)s %s"
        assert fault.what.text() == "Not a bargaining unit we know."

    def test_long_cells_are_shortened(self):
        assert len(only_fault(checked(line(primaryOrg="x" * 5000))).found) == faults.MAX_FOUND


class TestVocabulary:
    def test_what_two_terms_share_finds_neither(self):
        places = Vocabulary([Term("1", ("Main Office",)), Term("2", ("Main office",)), Term("1-5"), Term("15")])
        assert places.find("Main Office") is None
        assert (places.find("1-5"), places.find("15"), places.find("2")) == ("1-5", "15", "2")

    def test_nothing_and_signs_alone_find_nothing(self):
        places = Vocabulary([Term("---", ("***",)), Term("1")])
        assert (places.find(""), places.find("!!!"), places.find_unpadded("0")) == (None, None, None)

    @given(st.text(max_size=10), st.lists(st.text(min_size=1, max_size=6), max_size=6, unique=True))
    def test_what_is_found_is_a_code_of_the_list(self, cell, codes):
        terms = Vocabulary([Term(code) for code in codes])
        assert terms.find(cell) in {*codes, None}
        assert set(terms.near(cell)) <= set(codes)
        assert all(terms.find(code) == code for code in codes)


class TestSize:
    def test_many_lines_in_bounded_memory(self):
        rows = [
            [f"{n:06}", "Zoë", "Núñez", f"p{n}@alder.example", "118", "05:00", "bus", "none", "es"]
            for n in range(10_000)
        ]
        data = csv_bytes([HEADINGS, *rows])
        tracemalloc.start()
        page = read("x", data)
        result = check(page, guess_mapping(page.headers), KNOWN)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(result.people) == 10_000
        assert peak < 15_000_000, "1.5 kB a person"

    def test_faults_are_all_counted_and_the_first_ones_kept(self, monkeypatch):
        rows = [line(sourcedId=str(n), email="", bargainingUnit="") for n in range(MAX_KEPT + 50)]
        result = checked(*rows)
        assert len(result.faults) == MAX_KEPT
        assert result.counts[Kind.EMPTY_UNIT] == result.faulty_lines == len(result.held) == MAX_KEPT + 50

    def test_limits_are_those_that_the_messages_tell(self):
        assert refused(b"a" * (sheet.MAX_MEGABYTES * 1_000_000 + 1)).what.text() == "The file is larger than 25 MB."


REAL = os.environ.get("COMMONGROUND_REAL_DATA", "")


@pytest.mark.skipif(not REAL, reason="COMMONGROUND_REAL_DATA names no folder with real data")
class TestRealFiles:
    FOLDER = Path(REAL)

    def roster(self, bundle):
        folder = self.FOLDER / "oneroster" / bundle
        page = read("users.csv", (folder / "users.csv").read_bytes())
        findings = json.loads((self.FOLDER / "oneroster/known_findings.json").read_text())[bundle]["findings"]
        ours = [finding for finding in findings if finding["file"] == "users.csv"]
        return SimpleNamespace(folder=folder, page=page, findings=ours, lines=list(page.rows()))

    def check(self, roster, **options):
        known = Known(
            sites=Vocabulary([Term("org-sch-222-456", ("History Department",)), Term("ORG_1")]),
            job_classes=KNOWN.job_classes,
            units=KNOWN.units,
        )
        given = {Field.JOB_CLASS: "teacher", Field.UNIT: "AVTA"}
        return check(roster.page, guess_mapping(roster.page.headers), known, given, **options)

    def test_oneroster_1_1_brings_the_teachers_and_finds_what_is_known(self):
        roster = self.roster("moodle_v1p1_full")
        result = self.check(roster)
        assert result.faults == []
        assert [person.name for person in result.people] == ["John Doe", "Jim Smith"]
        assert result.left_out == {"student": 3, "parent": 1}
        number = {line: row[0] for line, row in roster.lines}
        dates = [finding["what"].split(":")[0] for finding in roster.findings if finding["kind"] == "date"]
        assert [number[note.line] for note in result.notes if note.kind is Kind.DATE_FORM] == dates
        self.assert_passwords(roster, result)

    def test_oneroster_1_2_with_its_roles(self):
        roster = self.roster("moodle_v1p2_gotham")
        assert only_fault(self.check(roster)).kind is Kind.ROLES_MISSING
        roles = oneroster.roles_of(read("roles.csv", (roster.folder / "roles.csv").read_bytes()))
        result = self.check(roster, roles=roles)
        assert (result.faults, result.notes, result.people) == ([], [], [])
        assert result.left_out == {"student": 1}
        self.assert_passwords(roster, result)

    def assert_passwords(self, roster, result):
        secrets = [finding for finding in roster.findings if finding["kind"] == "secret"]
        column = next(column for column in result.unread if column.heading == "password")
        assert (column.reason, column.filled) == (Reason.PASSWORD, len(secrets))
        at = roster.page.headers.index("password")
        assert not [row[at] for _, row in roster.lines if row[at] and row[at] in repr(result)]

    def test_headings_seen_in_public_code(self):
        with (self.FOLDER / "oneroster/header_variants.csv").open(newline="") as file:
            variants = [(row["variant"], row["header"].split(",")) for row in csv.DictReader(file)]
        people = [(name, headings) for name, headings in variants if "orgs.csv" not in name]
        assert len(people) == 11
        for name, headings in people:
            mapping = guess_mapping(headings)
            assert {Field.NUMBER, Field.GIVEN_NAME, Field.FAMILY_NAME} <= set(mapping), name
            assert not [headings[index] for index in mapping.values() if private(headings[index])], name

    def test_invented_people_in_many_scripts_come_in_whole(self):
        with (self.FOLDER / "oneroster/fake_people_1200.csv").open(newline="", encoding="utf-8") as file:
            people = list(csv.DictReader(file))
        rows = [
            [row["Number"], row["GivenName"], row["Surname"], row["EmailAddress"], "118", "", "bus", "none", ""]
            for row in people
        ]
        for delimiter, encoding in ((",", "utf-8"), (";", "utf-16"), ("\t", "utf-8-sig")):
            page = read("x", csv_bytes([HEADINGS, *rows], delimiter, encoding))
            result = check(page, guess_mapping(page.headers), KNOWN)
            assert {fault.kind for fault in result.faults} <= {Kind.SAME_EMAIL}
            names = {person.number: person.name for person in result.people}
            for row in people:
                if row["Number"] in names:
                    assert names[row["Number"]] == cells.clean(f"{row['GivenName']} {row['Surname']}")

    def test_naughty_strings_are_names_like_any_other(self):
        naughty = json.loads((self.FOLDER / "nasty/blns_even.json").read_text(encoding="utf-8"))
        naughty = [text for text in naughty if cells.clean(text) and len(text) <= 150]
        rows = [line(sourcedId=f"u-{n}", email="", givenName=text) for n, text in enumerate(naughty)]
        page = read("x", xlsx_bytes([HEADINGS]))
        page = Sheet("x", page.headers, 1, (), lambda width: iter(enumerate([HEADINGS, *rows], start=1)))
        result = check(page, guess_mapping(page.headers), KNOWN)
        assert {fault.kind for fault in result.faults} <= {Kind.BROKEN_LETTERS, Kind.ERROR_CELL}
        assert len(result.faults) < 6
        assert {person.given_name for person in result.people} <= {cells.clean(text) for text in naughty}
