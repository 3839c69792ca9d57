"""The workbook of a plan, one sheet a subject, made to be filled in and read back."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

from scoring import plan_sheets as s
from scoring.plan import Plan
from scoring.plan_sheets import Shape

TITLES = {
    s.GENERAL.name: "Yang diisi kolom Isi; kolom Petunjuk hanya penjelasan.",
    s.DUTIES.name: "Satu baris satu tugas atau fungsi; urutannya urutan cetak.",
    s.IKUS.name: "Satu baris satu indikator. Kode tetap sama di rencana berikutnya.",
    s.TARGETS.name: "Target setiap tahun, dengan program dan anggarannya. Sel kosong: belum diisi.",
    s.RESULTS.name: "Realisasi dari dokumen, dengan sumbernya. Kosongkan bila bot punya angkanya.",
    s.ACTIONS.name: "Target dan realisasi tiap triwulan, rencana aksi dan penyebabnya."
    " Kosongkan realisasi bila bot punya angkanya.",
}
WIDTHS = {
    "Keterangan": 24, "Isi": 50, "Petunjuk": 60, "Jenis": 10, "No": 5, "Uraian": 100,
    "Sasaran strategis": 40, "Kode": 14, "Indikator": 36, "Formulasi": 50, "Satuan": 10,
    "Arah": 24, "Asal angka": 22, "Tahun": 8, "Triwulan": 9, "Target": 10, "Predikat": 10,
    "Program": 36, "Anggaran": 18, "Realisasi": 10, "Sumber": 30, "Analisis": 50,
    "Angka dari bot": 14, "Rencana aksi": 46, "Penyebab": 46,
}  # fmt: skip
CHOICES = {"Arah": s.ARAH_WORDS, "Asal angka": s.SUMBER_WORDS}
GENERAL_CHOICES = {s.YEARLY: s.YEARLY_WORDS, s.LHE: s.LHE_WORDS, s.BOUNDARY: s.BOUNDARY_WORDS}
LINE_HEIGHT = 15  # points
SPARE_ROWS = 40  # with selection lists, below the indikator
FILE_NAME = "rencana-{first}-{last}.xlsx"


def plan_xlsx(plan: Plan, own: s.Own | None = None) -> bytes:
    """The workbook; it has no formulas. `own`: the figures that the bot has itself."""
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    import xlsxwriter  # imported at the first call: it takes 2 MB of memory

    rows = s.sheets(plan, own)
    with xlsxwriter.Workbook(file, options) as book:
        boxed = {"text_wrap": True, "valign": "top", "align": "left", "border": 1,
                 "border_color": "#C8D0D8"}  # fmt: skip
        formats = {
            "title": book.add_format({"italic": True, "font_color": "#555555"}),
            "head": book.add_format(
                {"bold": True, "bottom": 1, "bg_color": "#E8EEF4", "valign": "top"}
            ),
            "fixed": book.add_format({**boxed, "font_color": "#555555"}),
            "cell": book.add_format(boxed),
        }
        for shape in s.SHAPES:
            _sheet(book.add_worksheet(shape.name), shape, rows[shape.name], formats)
    return file.getvalue()


def _sheet(sheet: Any, shape: Shape, rows: Sequence[s.Row], formats: Mapping[str, Any]) -> None:
    sheet.write_string(0, 0, TITLES[shape.name], formats["title"])
    for column, title in enumerate(shape.columns):
        sheet.set_column(column, column, WIDTHS[title])
        sheet.write_string(1, column, title, formats["head"])
    for number, row in enumerate(rows, 2):
        lines = (
            -(-len(text) * 10 // (9 * WIDTHS[title]))
            for title, text in zip(shape.columns, row, strict=True)
        )
        sheet.set_row(number, LINE_HEIGHT * max(1, *lines))
        for column, (title, text) in enumerate(zip(shape.columns, row, strict=True)):
            fixed = title in shape.beside or (title in shape.key and shape is not s.IKUS)
            cell = formats["fixed" if fixed else "cell"]
            whole_number = title == "Isi" and row[0] in (s.FIRST, s.LAST, s.CAP)
            if text and (title in s.NUMBERS or whole_number):
                sheet.write_number(number, column, float(Decimal(text.replace(",", "."))), cell)
            elif text:
                sheet.write_string(number, column, text, cell)
            else:
                sheet.write_blank(number, column, None, cell)
        if shape is s.GENERAL and row[0] in GENERAL_CHOICES:
            _choices(sheet, number, number, 1, GENERAL_CHOICES[row[0]])
    for column, title in enumerate(shape.columns):
        if title in CHOICES:
            _choices(sheet, 2, 1 + len(rows) + SPARE_ROWS, column, CHOICES[title])
    sheet.freeze_panes(2, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)


def _choices(sheet: Any, first: int, last: int, column: int, words: Mapping[str, str]) -> None:
    options = {"validate": "list", "source": list(words)}
    sheet.data_validation(first, column, last, column, options)
