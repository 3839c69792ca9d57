"""The workbook for entering paper answers: headings, selection lists and codes.

Hours and slip numbers are text cells: a spreadsheet reads 08-12 as a day and 0007 as 7.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from reports.handouts.questionnaire import HOURS, on_paper
from scoring import paper
from scoring.instrument import Instrument, Item

MOST_LIST = 255  # characters of a list to choose from
ROWS_WITH_LISTS = 1_000  # more rows may follow, without lists
TEXT_COLUMNS = ("no_slip", "jam", "layanan", "loket", "saran")
WIDTH = 14  # characters
HELP = (
    "Satu baris satu lembar. Kolom tanggal dan layanan wajib diisi; tanggal adalah hari survei.",
    "Unsur diisi angka yang dilingkari responden. Sel kosong berarti tidak dijawab.",
    "Umur boleh ditulis dalam tahun. Pekerjaan yang tidak ada di daftar ditulis lainnya.",
    "Tanggal, jam, pendidikan, dan pekerjaan boleh disalin seperti yang tertulis di kertas.",
    "Jangan mengubah judul kolom di lembar Isian.",
)


@dataclass(frozen=True, slots=True)
class Template:
    """The data of the workbook; services as (code, name), counters as (service, code, name)."""

    instrument: Instrument
    services: Sequence[tuple[str, str]]
    counters: Sequence[tuple[str, str, str]]


def template_xlsx(template: Template) -> bytes:
    """The workbook; it has no formulas."""
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    import xlsxwriter  # imported at the first call: it takes 2 MB of memory

    with xlsxwriter.Workbook(file, options) as book:
        entry = book.add_worksheet("Isian")
        _headings(book, entry, template)
        _lists(entry, template)
        _codes(book, template)
    return file.getvalue()


def _headings(book: Any, entry: Any, template: Template) -> None:
    bold = book.add_format({"bold": True, "bottom": 1})
    text = book.add_format({"num_format": "@"})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    formats = {"tanggal": day} | dict.fromkeys(TEXT_COLUMNS, text)
    codes = [attribute.code for attribute in template.instrument.attributes]
    for column, name in enumerate(paper.columns(template.instrument)):
        cell_format = formats.get(name, text if name in codes else None)
        entry.set_column(column, column, WIDTH, cell_format)
        entry.write_string(0, column, name, bold)
    entry.freeze_panes(1, 0)


def _lists(entry: Any, template: Template) -> None:
    least, most = template.instrument.scale
    choices: dict[str, dict[str, Any]] = {
        code: {"validate": "integer", "criteria": "between", "minimum": least, "maximum": most}
        for code in template.instrument.codes
    }
    choices["jam"] = _one_of([code for code, _ in HOURS])
    for attribute in template.instrument.attributes:
        if attribute.code != "umur":  # may also be written in years
            codes = [option.code for option in on_paper(attribute)]
            if len(",".join(codes)) <= MOST_LIST:
                choices[attribute.code] = _one_of(codes)
    if template.services:
        last = len(template.services) + 1
        choices["layanan"] = {"validate": "list", "source": f"=Kode!$A$2:$A${last}"}
    for column, name in enumerate(paper.columns(template.instrument)):
        if name in choices:
            entry.data_validation(1, column, ROWS_WITH_LISTS, column, choices[name])


def _one_of(codes: Sequence[str]) -> dict[str, Any]:
    """A list to choose from; other words may be typed, since the import reads them."""
    return {"validate": "list", "source": list(codes), "show_error": False}


def _codes(book: Any, template: Template) -> None:
    """Write the codes; services come first, because the selection list refers to their cells."""
    codes = book.add_worksheet("Kode")
    codes.set_column(0, 2, 3 * WIDTH)
    bold = book.add_format({"bold": True})
    rows: list[tuple[str, ...]] = [("layanan", "nama layanan"), *template.services]
    if template.counters:
        rows += [("",), ("loket", "nama loket", "layanan")]
        rows += [(code, name, service) for service, code, name in template.counters]
    rows += [("",), *(_item(template.instrument, item) for item in template.instrument.items)]
    for attribute in template.instrument.attributes:
        rows += [("",), (attribute.code, attribute.name["id"])]
        rows += [(option.code, option.label["id"]) for option in on_paper(attribute)]
    rows += [("",), *((line,) for line in HELP)]
    headings = {
        "layanan",
        "loket",
        *(attribute.code for attribute in template.instrument.attributes),
    }
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            codes.write_string(number, column, cell, bold if row[0] in headings else None)


def _item(instrument: Instrument, item: Item) -> tuple[str, str, str]:
    labels = zip(instrument.steps, item.resmi["id"].labels, strict=True)
    return item.code, item.name["id"], "; ".join(f"{nilai} = {label}" for nilai, label in labels)
