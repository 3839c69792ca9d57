"""Workbooks are read in a child process: the same table, and limits that end the child alone."""

from __future__ import annotations

import ast
import random
from contextlib import suppress
from pathlib import Path

import pytest

from office import sheet_reader
from scoring import sheet_file
from scoring.sheet import Sheet, SheetError
from tests.scoring import files

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "cli", "office", "reports", "storage")
BOOK = files.xlsx(["no", "u1", "saran"], [1, 3, "Ruang tunggu «panas» 🥵"], [2, None, "a\ud7ffb"])


@pytest.mark.parametrize(
    "data",
    [
        BOOK,
        files.xlsx(["no"], [1], more_sheets=2),
        b"no;u1\n1;3\n",
        b"<table><tr><td>no<td>u1<tr><td>1<td>3</table>",
    ],
    ids=["a", "b", "csv", "html"],
)
def test_a_book_from_the_child_equals_the_book_read_here(data: bytes) -> None:
    book, same = sheet_reader.parse(data), sheet_file.parse(data)
    assert book.warnings == same.warnings
    assert [content(each) for each in book.sheets] == [content(each) for each in same.sheets]


def content(one: Sheet) -> tuple[object, ...]:
    rows = [(number, tuple(cells)) for number, cells in one.rows]
    return one.name, one.hidden, one.hidden_rows, rows


@pytest.mark.slow
def test_a_refusal_of_the_reader_is_passed_on() -> None:
    for data in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", files.xlsx()):
        with pytest.raises(SheetError) as here:
            sheet_file.parse(data)
        with pytest.raises(SheetError) as there:
            sheet_reader.parse(data)
        assert str(there.value) == str(here.value)


@pytest.mark.slow
def test_a_workbook_that_promises_four_billion_strings_ends_only_the_child() -> None:
    with pytest.raises(SheetError, match="tidak dapat dibaca: isinya rusak, atau memerlukan mem"):
        sheet_reader.parse(files.four_billion_strings())


@pytest.mark.slow
def test_a_long_text_repeated_in_every_cell_is_refused() -> None:
    """Thirty kilobytes that are a shared string of 100,000 cells would be 3 GB of texts."""
    rows = [["x" * 30_000] * 100 for _ in range(1_000)]
    with pytest.raises(SheetError, match="tidak dapat dibaca"):
        sheet_reader.parse(files.xlsx(["u1"] * 100, *rows))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["16-lama.xls", "16-libreoffice.ods", "16-html.xls"])
@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_file_gives_sheets_or_a_refusal(name: str, seed: int) -> None:
    generator = random.Random(seed)
    data = bytearray((ROOT / "tests" / "data" / "sheets" / name).read_bytes())
    for _ in range(20):
        data[generator.randrange(8, len(data))] = generator.randrange(256)
    with suppress(SheetError):
        assert sheet_reader.parse(bytes(data)).sheets


def test_a_workbook_that_takes_too_long_is_refused() -> None:
    with pytest.raises(SheetError, match="belum selesai dalam"):
        sheet_reader.parse(BOOK, seconds=0.001)


def test_the_child_gets_no_setting_of_the_office(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the token, nor the caller's import path."""
    monkeypatch.setenv("PUAS_TELEGRAM__TOKEN", "1:rahasia")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    environment = sheet_reader.child_environment()
    assert "PUAS_TELEGRAM__TOKEN" not in environment
    assert environment["PYTHONPATH"] == str(ROOT)


@pytest.mark.slow
def test_no_other_module_reads_a_workbook_in_its_own_process() -> None:
    for path in (path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        if path == ROOT / "office" / "sheet_reader.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = ast.unparse(node) if isinstance(node, ast.Attribute) else ""
            assert name not in {"sheet_file.read", "sheet_file.parse"}, path
            imported = ast.unparse(node) if isinstance(node, ast.Import | ast.ImportFrom) else ""
            assert "python_calamine" not in imported, path
