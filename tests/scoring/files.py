"""CSV and XLSX files in memory."""

import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO

import xlsxwriter

from scoring.instrument import Instrument

Cell = int | float | str | bool | None
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"


def csv(header: Sequence[str], *rows: Sequence[Cell], delimiter: str = ",") -> bytes:
    """A CSV of these rows, None as an empty cell."""
    lines = [header, *([("" if cell is None else str(cell)) for cell in row] for row in rows)]
    return "\n".join(delimiter.join(line) for line in lines).encode() + b"\n"


def uniform_csv(instrument: Instrument, *answers: Cell, delimiter: str = ",") -> bytes:
    """A CSV with unsur codes as headings; each row repeats one answer."""
    rows = [[answer] * len(instrument.codes) for answer in answers]
    return csv(instrument.codes, *rows, delimiter=delimiter)


def xlsx(*rows: Sequence[Cell], skip: int = 0, more_sheets: int = 0) -> bytes:
    """A workbook whose first sheet has these rows below `skip` empty ones."""
    buffer = BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = workbook.add_worksheet("Tabulasi")
    for number, row in enumerate(rows, skip):
        for column, cell in enumerate(row):
            if cell is not None:
                sheet.write(number, column, cell)
    for _ in range(more_sheets):
        workbook.add_worksheet().write(0, 0, "catatan")
    workbook.close()
    return buffer.getvalue()


def tampered(workbook: bytes, edit: Callable[[bytes], bytes], part: str = SHEET) -> bytes:
    """The workbook with one part of its archive rewritten."""
    buffer = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(workbook)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, edit(content) if name == part else content)
    return buffer.getvalue()


def four_billion_strings() -> bytes:
    """A workbook of a few kilobytes for which the XLSX reader allocates 96 GB."""
    namespace = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    promise = b'count="4000000000" uniqueCount="4000000000"'
    strings = b'<sst xmlns="%s" %s><si><t>u1</t></si></sst>' % (namespace, promise)
    return tampered(xlsx(["no", "u1"], [1, 3]), lambda _: strings, STRINGS)
