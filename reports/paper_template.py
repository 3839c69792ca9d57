"""The template of paper answers: a workbook with the headings, lists to choose from, and the codes.

Hours and slips are cells of text: a spreadsheet would take 08-12 for a day and 0007 for a 7.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from reports.questionnaire import HOURS, on_paper
from scoring import paper
from scoring.instrument import Instrument, Item

ROWS = 1_000  # that choose from lists; more may follow
TEXTS = ("no_slip", "jam", "layanan", "loket", "saran")
WIDTH = 14  # characters
HELP = (
    "Satu baris satu lembar. Kolom tanggal dan layanan wajib diisi; tanggal adalah hari survei.",
    "Unsur diisi angka yang dilingkari responden. Sel kosong berarti tidak dijawab.",
    "Umur boleh ditulis dalam tahun. Pekerjaan lain ditulis lainnya.",
    "Jangan mengubah judul kolom di lembar Isian.",
)


@dataclass(frozen=True, slots=True)
class Template:
    """For one instrument; services as (code, name), counters as (service, code, name)."""

    instrument: Instrument
    services: Sequence[tuple[str, str]]
    counters: Sequence[tuple[str, str, str]]


def template_xlsx(of: Template) -> bytes:
    """The workbook; nothing in it is a formula."""
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    import xlsxwriter  # when a sheet is written: 2 MB that a bot holds only then

    with xlsxwriter.Workbook(file, options) as book:
        entry = book.add_worksheet("Isian")
        _headings(book, entry, of)
        _lists(entry, of)
        _codes(book, of)
    return file.getvalue()


def _headings(book: Any, entry: Any, of: Template) -> None:
    bold = book.add_format({"bold": True, "bottom": 1})
    text = book.add_format({"num_format": "@"})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    formats = {"tanggal": day} | dict.fromkeys(TEXTS, text)
    codes = [attribute.code for attribute in of.instrument.attributes]
    for place, name in enumerate(paper.columns(of.instrument)):
        kept = formats.get(name, text if name in codes else None)
        entry.set_column(place, place, WIDTH, kept)
        entry.write_string(0, place, name, bold)
    entry.freeze_panes(1, 0)


def _lists(entry: Any, of: Template) -> None:
    least, most = of.instrument.scale
    choices: dict[str, dict[str, Any]] = {
        code: {"validate": "integer", "criteria": "between", "minimum": least, "maximum": most}
        for code in of.instrument.codes
    }
    choices["jam"] = _one_of([code for code, _ in HOURS])
    for attribute in of.instrument.attributes:
        if attribute.code != "umur":  # written in years as well
            choices[attribute.code] = _one_of([option.code for option in on_paper(attribute)])
    if of.services:
        last = len(of.services) + 1
        choices["layanan"] = {"validate": "list", "source": f"=Kode!$A$2:$A${last}"}
    for place, name in enumerate(paper.columns(of.instrument)):
        if name in choices:
            entry.data_validation(1, place, ROWS, place, choices[name])


def _one_of(codes: Sequence[str]) -> dict[str, Any]:
    return {"validate": "list", "source": list(codes)}


def _codes(book: Any, of: Template) -> None:
    """Services first, since the list of the other sheet points there."""
    codes = book.add_worksheet("Kode")
    codes.set_column(0, 2, 3 * WIDTH)
    bold = book.add_format({"bold": True})
    rows: list[tuple[str, ...]] = [("layanan", "nama layanan"), *of.services]
    if of.counters:
        rows += [("",), ("loket", "nama loket", "layanan")]
        rows += [(code, name, service) for service, code, name in of.counters]
    rows += [("",), *(_item(of.instrument, item) for item in of.instrument.items)]
    for attribute in of.instrument.attributes:
        rows += [("",), (attribute.code, attribute.name["id"])]
        rows += [(option.code, option.label["id"]) for option in on_paper(attribute)]
    rows += [("",), *((line,) for line in HELP)]
    headings = {"layanan", "loket", *(attribute.code for attribute in of.instrument.attributes)}
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            codes.write_string(number, place, cell, bold if row[0] in headings else None)


def _item(used: Instrument, item: Item) -> tuple[str, str, str]:
    labels = zip(used.steps, item.resmi["id"].labels, strict=True)
    return item.code, item.name["id"], "; ".join(f"{nilai} = {label}" for nilai, label in labels)
