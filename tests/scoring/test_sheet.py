"""CSV, workbooks and HTML tables as offices send them, valid and invalid."""

import random
import re
import struct
import zipfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest

from scoring import archive, sheet, sheet_file
from scoring.sheet import SheetError
from tests.scoring import files

HEADER, ROWS = ["no", "u1"], [(2, ["1", "3"])]
BOOK = files.xlsx(["no", "u1"], [1, 3], [2, 4])


def read(data: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The first row and the others of the first sheet."""
    rows = [(number, list(cells)) for number, cells in sheet_file.parse(data).sheets[0].rows]
    return rows[0][1], rows[1:]


@pytest.mark.parametrize(
    "data",
    [
        b"no,u1\n1,3\n",
        b"no;u1\r\n1;3\r\n",
        b"no\tu1\n1\t3",
        b"\xef\xbb\xbfno;u1\n1;3\n",
        b"no,u1\r1,3\r",
        b'"no","u1"\n"1","3"\n',
        b" no , u1 \n 1 ,\xc2\xa03 \n",
        b"no,u1\n1,3\n\n,\n  ,\n",
        files.xlsx(["no", "u1"], [1, 3]),
        files.xlsx(["no", "u1"], [1.0, "3"]),
    ],
)
def test_every_file_format_of_a_table_is_read_the_same(data: bytes) -> None:
    assert read(data) == (HEADER, ROWS)


def test_rows_have_the_numbers_of_the_file() -> None:
    assert read(b"no,u1\n\n1,3\n\n2,4\n")[1] == [(3, ["1", "3"]), (5, ["2", "4"])]
    assert read(b'no,u1\n1,"3\n"\n2,4\n')[1] == [(2, ["1", "3"]), (3, ["2", "4"])]
    book = files.xlsx(["no", "u1"], [1, 3], [None, None], [2, 4], skip=2)
    assert read(book)[1] == [(4, ["1", "3"]), (6, ["2", "4"])]


def test_a_sep_line_is_not_the_header() -> None:
    assert read(b"sep=;\r\nno;u1\r\n1;3,0\r\n") == (HEADER, [(3, ["1", "3,0"])])
    assert read(b"sep=\t\nno\tu1\n1\t3\n") == (HEADER, [(3, ["1", "3"])])


def test_cells_of_a_workbook_are_read_as_displayed() -> None:
    header, rows = read(files.xlsx(["a", "b", "c", "d"], [3.0, 2.5, True, " x "]))
    assert rows == [(2, ["3", "2.5", "TRUE", "x"])]
    assert header == ["a", "b", "c", "d"]


def test_a_cell_with_an_error_value_is_not_read_as_empty() -> None:
    def in_error(part: bytes) -> bytes:
        return part.replace(b'<c r="B2"><v>3</v></c>', b'<c r="B2" t="e"><v>#DIV/0!</v></c>')

    def without_result(part: bytes) -> bytes:
        return part.replace(b'<c r="B3"><v>4</v></c>', b'<c r="B3"><f>A2+1</f></c>')

    assert read(files.tampered(BOOK, in_error))[1][0] == (2, ["1", "#DIV/0!"])
    assert read(files.tampered(BOOK, without_result))[1][1] == (3, ["2", "rumus tanpa hasil"])


def test_a_row_with_only_error_values_is_not_dropped() -> None:
    def add(part: bytes) -> bytes:
        return part.replace(
            b"</row></sheetData>", b'</row><row r="9"><c r="B9" t="e"/></row></sheetData>'
        )

    assert read(files.tampered(BOOK, add))[1][-1] == (9, ["", "#ERROR"])


def test_a_formatted_but_empty_cell_does_not_enlarge_the_table() -> None:
    distant_cell = b'</row><row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    book = files.tampered(BOOK, lambda part: part.replace(b"</row></sheetData>", distant_cell))
    assert len(read(book)[1]) == 2


def test_every_sheet_with_content_is_read_with_its_name() -> None:
    book = sheet_file.parse(files.xlsx(["no", "u1"], [1, 3], more_sheets=2))
    assert [each.name for each in book.sheets] == ["Tabulasi", "Sheet2", "Sheet3"]
    assert [list(each.rows) for each in book.sheets[1:]] == [[(1, ["catatan"])]] * 2


def test_windows_1252_is_read_with_a_warning() -> None:
    data = "no,u1,catatan\n1,3,café\n".encode("cp1252")
    assert read(data)[1] == [(2, ["1", "3", "café"])]
    assert [each.kode for each in sheet_file.parse(data).warnings] == ["pengodean"]


def with_cell_at(reference: bytes) -> bytes:
    return files.tampered(BOOK, lambda part: part.replace(b'r="B3"', b'r="' + reference + b'"'))


def with_header_byte(local: int, central: int, value: bytes) -> bytes:
    """The workbook with this byte in every header of its archive, at these offsets."""
    local_edited = re.sub(rb"(PK\x03\x04.{%d})." % local, rb"\1" + value, BOOK, flags=re.DOTALL)
    return re.sub(rb"(PK\x01\x02.{%d})." % central, rb"\1" + value, local_edited, flags=re.DOTALL)


def with_doctype(part: bytes) -> bytes:
    return part.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet', 1)


REFUSED = {
    "nothing": (b"", "berkas kosong"),
    "blank lines": (b"\n \n\r\n", "berkas kosong"),
    "nothing but a mark": (b"\xef\xbb\xbf", "tidak berisi apa-apa"),
    "nothing but signs": (b",,,\n,,,\n", "tidak berisi apa-apa"),
    "an empty workbook": (files.xlsx(), "tidak berisi apa-apa"),
    "a picture": (
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        "bukan teks CSV dan bukan lembar kerja",
    ),
    "noise": (b"\0" * 999, "bukan teks CSV dan bukan lembar kerja"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\x00", "bukan teks CSV dan bukan lembar kerja"),
    "letters of no alphabet": (b"u1\n\x81\x8d", "huruf dalam berkas tidak terbaca"),
    "UTF-16": ("no,u1\n1,3\n".encode("utf-16"), 'simpan ulang sebagai "CSV UTF-8"'),
    "an old workbook": (
        b"\xd0\xcf\x11\xe0" + b"\0" * 99,
        ".xls lama yang tidak terbaca atau berkas berkata sandi",
    ),
    "an open quote": (b'no,u1\n1,"3\n2,4\n', "tanda kutip"),
    "an endless cell": (b"no,u1\n1," + b"3" * 200_000, "tanda kutip atau isi sel"),
    "an endless heading": (b"3" * 200_000, "tanda kutip atau isi sel"),
    "a thousand columns": (b"u," * 1000, "lebih dari 500 kolom"),
    "a compression nobody knows": (with_header_byte(4, 6, b"c"), "rusak atau berkata sandi"),
    "an encrypted workbook": (with_header_byte(2, 4, b"\x01"), "rusak atau berkata sandi"),
    "half a workbook": (BOOK[: len(BOOK) // 2], "rusak atau berkata sandi"),
    "a zip of something": (b"PK\x03\x04" + b"\1" * 99, "rusak atau berkata sandi"),
    "two cells far apart": (with_cell_at(b"XFD1048576"), "lembar terlalu besar"),
    "a cell beyond the sheet": (with_cell_at(b"B99999999999"), "rusak"),
    "a cell without a column": (with_cell_at(b"8"), "rusak"),
    "entities": (files.tampered(BOOK, with_doctype), "rusak"),
    "a broken sheet": (files.tampered(BOOK, lambda part: part[:300]), "rusak"),
    "no sheet": (files.tampered(BOOK, lambda _: b"<a/>", "xl/workbook.xml"), "tidak terbaca"),
    "a text that is missing": (
        files.tampered(BOOK, lambda part: part.replace(b't="s"><v>0<', b't="s"><v>99<')),
        "tidak terbaca",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_not_a_table_is_refused(name: str) -> None:
    data, sentence = REFUSED[name]
    with pytest.raises(SheetError) as refusal:
        read(data)
    assert sentence in str(refusal.value)
    assert str(refusal.value).endswith(".")


def test_too_large_a_file_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sheet_file, "MAX_BYTES", 2**20)
    path = tmp_path / "besar.csv"
    path.write_bytes(b"1" * (2**20 + 1))
    with pytest.raises(SheetError, match="lebih besar dari 1 MB"):
        sheet_file.read(path)


def test_a_zip_bomb_is_refused_even_if_its_declared_size_is_false(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(archive, "MAX_UNPACKED", 2**20)
    buffer, size = BytesIO(), 2**20 + 1
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(files.SHEET, b" " * size)
    with pytest.raises(SheetError, match="melebihi 1 MB setelah dibuka"):
        read(buffer.getvalue())
    lying = buffer.getvalue().replace(struct.pack("<I", size), struct.pack("<I", 1000))
    with pytest.raises(SheetError, match="rusak"):
        read(lying)


def test_an_archive_with_too_many_parts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_PARTS", 3)
    with pytest.raises(SheetError, match="lebih dari 3 bagian"):
        read(BOOK)


def test_random_bytes_never_end_the_process() -> None:
    generator = random.Random(1)
    for size in (1, 10, 100, 1000):
        for start in (b"", b"PK\x03\x04", b"no,u1\n"):
            with suppress(SheetError):
                read(start + generator.randbytes(size))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", files.SHEET])
@pytest.mark.parametrize("position", range(20, 1000, 70))
def test_a_tampered_workbook_never_ends_the_process(part: str, position: int) -> None:
    book = files.tampered(
        BOOK, lambda content: content[:position] + b"9" + content[position + 1 :], part
    )
    with suppress(SheetError):
        read(book)


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MAX_ROWS", 3)
    assert len(read(b"u1\n1\n2\n")[1]) == 2
    with pytest.raises(SheetError, match="lebih dari 3 baris"):
        read(b"u1\n1\n2\n3\n")


def test_a_file_that_cannot_be_opened_gives_a_sheet_error(tmp_path: Path) -> None:
    for path in (tmp_path / "tidak-ada.csv", tmp_path):
        with pytest.raises(SheetError, match="tidak dapat dibuka"):
            sheet_file.read(path)


def test_control_characters_of_a_quoted_text_are_replaced() -> None:
    assert sheet.quoted("\x1b[31m3") == '"·[31m3"'
    assert sheet.quoted("x" * 99) == f'"{"x" * 40}…"'
