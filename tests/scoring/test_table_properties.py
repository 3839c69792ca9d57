"""A known table is read from any layout around it, or refused by place; no file ends a process."""

import random
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import instrument_file, sheet_file, tabulation
from scoring.answers import Answer, Answers
from scoring.sheet import SheetError
from scoring.table import TableError
from tests.scoring import files
from tests.scoring.files import Cell

SKM = instrument_file.named("skm-2017")
K = len(SKM.codes)
ITEMS = SKM.items

HEADINGS: dict[str, Callable[[int], str]] = {
    "code": lambda i: ITEMS[i].code,
    "lower": lambda i: ITEMS[i].code.lower(),
    "name": lambda i: ITEMS[i].name["id"],
    "number and name": lambda i: f"U{i + 1}. {ITEMS[i].name['id']}",
    "enumerated": lambda i: f"{i + 1}) {ITEMS[i].name['id']}",
    "question": lambda i: ITEMS[i].resmi["id"].question,
    "phone": lambda i: ITEMS[i].mudah["id"].question,
    "English": lambda i: ITEMS[i].mudah["en"].question,
    "number": lambda i: f"Unsur {i + 1}",
}
ANSWERS: dict[str, Callable[[int, int], Cell]] = {
    "number": lambda i, nilai: nilai,
    "text": lambda i, nilai: f" {nilai}\xa0",
    "decimal": lambda i, nilai: f"{nilai},0",
    "label": lambda i, nilai: ITEMS[i].resmi["id"].labels[nilai - 1],
    "easy": lambda i, nilai: ITEMS[i].mudah["id"].labels[nilai - 1].upper(),
    "English": lambda i, nilai: ITEMS[i].resmi["en"].labels[nilai - 1],
    "both": lambda i, nilai: f"{nilai} - {ITEMS[i].resmi['id'].labels[nilai - 1]}",
}
nilai = st.sampled_from((None, 1, 2, 3, 3, 4, 4))
responses = st.tuples(*[nilai] * K).filter(any)


@dataclass(frozen=True)
class Layout:
    """What stands around a table, and how its cells are written."""

    seed: int
    heading: str
    answer: str
    titles: int
    named: bool  # a column of names and one of suggestions
    column_numbers: bool
    footers: int
    prepared: int
    blank: bool
    workbook: bool


layouts = st.builds(
    Layout,
    seed=st.integers(0, 10**6),
    heading=st.sampled_from(sorted(HEADINGS)),
    answer=st.sampled_from(sorted(ANSWERS)),
    titles=st.integers(0, 4),
    named=st.booleans(),
    column_numbers=st.booleans(),
    footers=st.integers(0, 4),
    prepared=st.integers(0, 3),
    blank=st.booleans(),
    workbook=st.booleans(),
)


def written(table: list[Answers], layout: Layout) -> bytes:
    """The file of a table in this layout."""
    order = random.Random(layout.seed).sample(range(K), K)
    names: list[Cell] = ["Nama"] if layout.named else []
    head: list[Cell] = ["No", *names, *[HEADINGS[layout.heading](i) for i in order]]
    rows: list[list[Cell]] = [["TABULASI, triwulan III"]] * layout.titles
    rows += [[*head, "Saran"] if layout.named else head]
    if layout.column_numbers:
        rows.append(list(range(1, len(rows[-1]) + 1)))
    rows += [
        [number, *(["Siti"] if layout.named else []), *[_cell(i, row[i], layout) for i in order]]
        for number, row in enumerate(table, 1)
    ]
    rows += [[number] for number in range(len(table) + 1, len(table) + 1 + layout.prepared)]
    rows += [[]] if layout.blank else []
    rows += _footers(table, order, blanks=len(names))[: layout.footers]
    if layout.workbook:
        return files.xlsx(*rows)
    width = max(map(len, rows))
    padded = [[*row, *[None] * (width - len(row))] for row in rows]
    return files.csv([str(cell or "") for cell in padded[0]], *padded[1:], delimiter=";")


def _cell(i: int, value: Answer, layout: Layout) -> Cell:
    return None if value is None else ANSWERS[layout.answer](i, value)


def _footers(table: list[Answers], order: list[int], blanks: int) -> list[list[Cell]]:
    sums: list[Cell] = [sum(row[i] or 0 for row in table) for i in order]
    between: list[Cell] = [None] * blanks
    return [
        ["Jumlah", *between, *sums],
        ["Rata-rata", *between, *[3] * K],
        ["Skor maksimal", *between, *[4] * K],
        ["IKM", *between, 81],
    ]


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(st.lists(responses, min_size=1, max_size=8), layouts)
def test_a_table_is_read_from_any_layout_or_refused_by_place(
    table: list[Answers], layout: Layout
) -> None:
    try:
        result = tabulation.read(sheet_file.parse(written(table, layout)), SKM)
    except TableError as refusal:
        assert re.search(r"[Bb]aris \d+", refusal.lines[0])  # noqa: PT017 # the other outcome
        raise AssertionError(refusal.lines) from refusal
    assert list(result.responses) == table


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(responses, min_size=2, max_size=5), layouts, st.data())
def test_a_cell_that_is_no_answer_is_refused_by_row_and_column(
    table: list[Answers], layout: Layout, data: st.DataObject
) -> None:
    wrong = data.draw(st.sampled_from(["0", "5", "7", "a", "Puas", "2,5", "#REF!", "33"]))
    full: list[Answers] = [tuple(value or 3 for value in row) for row in table]
    content = written(full, layout).decode("latin-1") if not layout.workbook else ""
    lines = content.split("\n")
    row = next((i for i, line in enumerate(lines) if line.startswith("2;")), None)
    if row is None or row + 1 == len(lines):
        return
    cells = lines[row].split(";")
    cells[-2 if layout.named else -1] = wrong
    lines[row] = ";".join(cells)
    with pytest.raises(TableError) as refusal:
        tabulation.read(sheet_file.parse("\n".join(lines).encode("latin-1")), SKM)
    assert f"Baris {row + 1}, kolom " in str(refusal.value)
    assert f'"{wrong}" bukan nilai 1–4.' in str(refusal.value)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text(max_size=6), max_size=11), max_size=6), st.booleans())
def test_any_cells_give_a_table_or_a_refusal(rows: list[list[str]], with_heading: bool) -> None:
    head = [list(SKM.codes)] if with_heading else []
    text = "\n".join(";".join(row) for row in [*head, *rows])
    with suppress(SheetError, TableError):
        tabulation.read(sheet_file.parse(text.encode("utf-8", "replace")), SKM)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="<>/=\"' trdhablegopsn1234&;\n", max_size=300))
def test_any_markup_gives_rows_or_a_refusal(text: str) -> None:
    with suppress(SheetError, TableError):
        tabulation.read(sheet_file.parse(f"<table>{text}".encode()), SKM)
