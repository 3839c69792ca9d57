"""Papers of an instrument with several questions an unsur: U1…U8, and the items in the annex."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from reports.document import Paragraph, Table
from reports.handouts.questionnaire import Slips, questionnaire_pdf
from reports.publication.open_data import data_json
from reports.publication.public_figures import publication
from reports.survey_report.report import report
from reports.tabulation import tabulation_xlsx
from scoring import ikm, instrument_file, sheet_file, tabulation
from scoring.ikm import Mode
from tests.reports import sample
from tests.reports.test_questionnaire import SERVICES, WORDS
from tests.reports.test_tabulation import IKM, by_first_cell, sheets

ITEMS = instrument_file.load(
    Path(__file__).parents[1] / "data" / "instruments" / "skm-berbutir.toml"
)
PAPERS = sample.papers(used=ITEMS)


def first_of(values: list[object]) -> list[object]:
    """What stands in the column of the first item of each unsur."""
    return [values[ITEMS.codes.index(unsur.items[0])] for unsur in ITEMS.unsur]


def test_the_tabulation_has_the_items_and_below_them_the_unsur() -> None:
    rows = sheets(tabulation_xlsx(PAPERS))["Tabulasi"]
    totals = by_first_cell(rows)
    items, unsur = PAPERS.score.items.values(), PAPERS.score.unsur.values()
    assert first_of([*totals["Unsur"]]) == [ITEMS.title(code) for code in ITEMS.unsur_codes]
    assert totals["No"] == [ITEMS.title(code) for code in ITEMS.codes]
    assert totals["Jumlah nilai per butir"] == [each.jumlah for each in items]
    assert totals["NRR per butir"] == [float(each.nrr or 0) for each in items]
    assert first_of([*totals["NRR per unsur"]]) == [float(each.nrr or 0) for each in unsur]
    assert first_of([*totals["Mutu per unsur"]]) == [each.mutu for each in unsur]
    assert totals[IKM][0] == float(PAPERS.score.ikm or 0)


def test_the_tabulation_gives_its_own_ikm_again() -> None:
    result = tabulation.read(sheet_file.parse(tabulation_xlsx(PAPERS)), ITEMS)
    score = ikm.score(ITEMS, ikm.tally_of(ITEMS, result.rows()))
    assert (score.n, score.ikm, result.warnings) == (PAPERS.score.n, PAPERS.score.ikm, ())


def test_the_report_prints_the_unsur_and_lists_the_items_in_its_annex() -> None:
    blocks = report(PAPERS).blocks
    tables = [block for block in blocks if isinstance(block, Table)]
    (per_unsur,) = [table for table in tables if table.head[:2] == ("Unsur", "Nama")]
    unsur = PAPERS.score.unsur["PERSYARATAN"]
    assert [row[0] for row in per_unsur.rows[:8]] == [f"U{number}" for number in range(1, 9)]
    assert unsur.n < unsur.most
    assert per_unsur.rows[0][2] == f"{unsur.n}–{unsur.most}"
    (answers,) = [table for table in tables if table.head[:2] == ("No", "U1a")]
    assert answers.head[4] == "U2a"
    assert [row[0] for row in answers.rows[-5:]] == [
        *("Jumlah nilai", "Jumlah terisi", "NRR butir", "NRR", "NRR tertimbang")
    ]
    (questions,) = [table for table in tables if table.head[:2] == ("Unsur", "Pertanyaan")]
    assert [row[0] for row in questions.rows] == [ITEMS.number(code) for code in ITEMS.codes]
    texts = [block.text for block in blocks if isinstance(block, Paragraph)]
    assert any(
        "U1 Persyaratan (U1a Kejelasan persyaratan, U1b Kesesuaian persyaratan" in text
        for text in texts
    )
    method = {row[0]: row[1] for table in tables if table.head[0] == "Hal" for row in table.rows}
    assert method["Rumus NRR"].endswith("NRR unsur = rata-rata NRR butirnya")


def test_the_public_figures_are_those_of_the_unsur() -> None:
    public = publication(PAPERS)
    assert [each.code for each in public.unsur] == list(ITEMS.unsur_codes)
    assert "PERSYARATAN_KEJELASAN" not in data_json(public).decode()


@pytest.mark.process
def test_a_long_questionnaire_has_two_sides_with_its_number_on_both() -> None:
    pdf = questionnaire_pdf(Slips("Kecamatan Pakong", ITEMS, WORDS, SERVICES, 11, 12))
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    assert len(pages) == 4
    assert [number in page for number, page in zip(("0011", "0011", "0012", "0012"), pages,
                                                   strict=True)] == [True] * 4  # fmt: skip
    both = pages[0] + pages[1]
    assert all(item.mudah["id"].question.split("?")[0] in both for item in ITEMS.items)
    assert "U8c" in pages[1]


def test_a_rounded_nrr_is_that_of_the_unsur_in_the_sheet_too() -> None:
    tally = ikm.tally_of(ITEMS, sample.answers_of(ITEMS, sample.random_rows(ITEMS)))
    score = ikm.score(ITEMS, tally, Mode("0.125", "nrr2"))
    papers = replace(PAPERS, score=score, ikm=score.ikm, rows=(), services=(), units=())
    totals = by_first_cell(sheets(tabulation_xlsx(papers))["Tabulasi"])
    assert first_of([*totals["NRR per unsur"]]) == [
        float(each.nrr or 0) for each in score.unsur.values()
    ]
    assert totals["NRR per butir"][0] == float(score.items["PERSYARATAN_KEJELASAN"].nrr or 0)
