"""Papers that this program writes are read by its own reader, also through LibreOffice."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

from reports.handouts.paper_template import Template, template_xlsx
from reports.tabulation import tabulation_xlsx
from scoring import ikm, paper, sheet_file, tabulation
from scoring.paper import ImportContext, PaperSheet
from scoring.table import TableError
from tests.reports import sample
from tests.reports.libreoffice import converted
from tests.reports.sample import SKM, SKM_2004

SHEETS = Path(__file__).parents[1] / "data" / "sheets"
FILLED = (SHEETS / "33-baris-bernomor-kosong.xlsx").read_bytes()
CONTEXT = ImportContext({"ktp-el": 1}, {}, lambda day: day.year, (), 5)


def slips(content: bytes) -> PaperSheet:
    return paper.read(sheet_file.parse(content), SKM, CONTEXT)


@pytest.mark.slow
def test_a_tabulation_gives_its_own_ikm_again() -> None:
    for used in (SKM, SKM_2004):
        papers = sample.papers(used=used)
        result = tabulation.read(sheet_file.parse(tabulation_xlsx(papers)), used)
        score = ikm.score(used, ikm.tally_of(used, result.rows()))
        assert (score.n, score.ikm) == (papers.score.n, papers.score.ikm)
        assert (result.warnings, len(result.responses)) == ((), papers.score.n)


def test_a_tabulation_without_single_answers_is_refused() -> None:
    book = sheet_file.parse(tabulation_xlsx(sample.papers([])))
    with pytest.raises(TableError, match="tidak ada jawaban satu per satu"):
        tabulation.read(book, SKM)


def test_an_empty_template_has_no_slips() -> None:
    template = template_xlsx(Template(SKM, [("ktp-el", "KTP-el")], []))
    with pytest.raises(TableError, match="Tidak ada satu baris isian pun"):
        slips(template)


def test_a_filled_template_is_read_without_its_prepared_rows() -> None:
    result = slips(FILLED)
    assert [slip.number for slip in result.slips] == ["0001", "0002", "0003"]
    assert "Tidak dihitung: 4 baris yang disiapkan tetapi kosong (baris 5–8)." in result.notes
    dragged = slips((SHEETS / "34-baris-ditarik-kosong.xlsx").read_bytes())
    assert dragged.slips == slips((SHEETS / "32-kode-di-depan.xlsx").read_bytes()).slips
    assert "Tidak dihitung: 4 baris yang disiapkan tetapi kosong (baris 5–8)." in dragged.notes


def hidden_rows() -> bytes:
    """A tabulation with rows that are hidden, and an error value."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("Data")
        sheet.write_row(0, 0, ["No", *SKM.codes])
        for number in range(1, 7):
            sheet.write_row(number, 0, [number, *[3] * 9])
        for row in (2, 3):
            sheet.set_row(row, options={"hidden": True})
    return buffer.getvalue()


def error_value() -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("Data")
        sheet.write_row(0, 0, ["No", *SKM.codes])
        sheet.write_row(1, 0, [1, *[3] * 9])
        sheet.write_formula(1, 3, "=1/0", None, "#DIV/0!")
    return buffer.getvalue()


@pytest.mark.libreoffice
@pytest.mark.parametrize("to", ["ods", "xls"])
def test_our_papers_come_back_from_libreoffice_as(to: str, tmp_path: Path) -> None:
    papers = sample.papers()
    books = {
        "tabulasi.xlsx": tabulation_xlsx(papers),
        "isian.xlsx": FILLED,
        "tersembunyi.xlsx": hidden_rows(),
        "galat.xlsx": error_value(),
    }
    read = {name: sheet_file.parse(data) for name, data in converted(books, to, tmp_path).items()}
    result = tabulation.read(read["tabulasi"], SKM)
    assert ikm.score(SKM, ikm.tally_of(SKM, result.rows())).ikm == papers.score.ikm
    assert paper.read(read["isian"], SKM, CONTEXT).slips == slips(FILLED).slips
    hidden = tabulation.read(read["tersembunyi"], SKM)
    assert len(hidden.responses) == 6
    assert "2 baris tersembunyi atau tersaring ikut dihitung (baris 3–4)" in hidden.warnings[0].teks
    with pytest.raises(TableError, match=r'baris 2, kolom D, WAKTU: "#DIV/0!" bukan nilai'):
        tabulation.read(read["galat"], SKM)


@pytest.mark.libreoffice
def test_our_papers_come_back_from_libreoffice_as_csv(tmp_path: Path) -> None:
    papers = sample.papers()
    books = {"tabulasi.xlsx": tabulation_xlsx(papers), "isian.xlsx": FILLED}
    written = converted(books, "csv:Text - txt - csv (StarCalc):59,34,76,1", tmp_path)
    result = tabulation.read(sheet_file.parse(written["tabulasi"]), SKM)
    assert ikm.score(SKM, ikm.tally_of(SKM, result.rows())).ikm == papers.score.ikm
    assert [slip.number for slip in slips(written["isian"]).slips] == ["0001", "0002", "0003"]


def test_a_date_of_the_template_is_the_day_that_was_typed() -> None:
    assert [slip.tanggal for slip in slips(FILLED).slips] == [
        date(2027, 4, day) for day in (5, 6, 7)
    ]
