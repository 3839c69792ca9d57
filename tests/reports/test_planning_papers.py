"""Perjanjian Kinerja, Rencana Aksi and LKjIP tables: what they say, in three formats."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import docx
import pytest
from python_calamine import CalamineWorkbook

from reports import rendering
from reports.document import Document, Heading, Paragraph, Signatures, Table
from reports.document_files import FORMATS, document_of, document_pdf
from reports.planning.planning_papers import action_plan, agreement, performance_report
from tests.reports import sample
from tests.reports.planning import LINES, YEAR
from tests.reports.rendered import rendered_anew, text_of

MADE = datetime(2026, 1, 5, 1, tzinfo=UTC)
AGREEMENT, REPORT = agreement(YEAR), performance_report(YEAR)


def tables(document: Document) -> list[Table]:
    """The tables of a document."""
    return [block for block in document.blocks if isinstance(block, Table)]


def test_the_statement_has_the_regulations_words_and_both_parties() -> None:
    texts = [block.text for block in AGREEMENT.blocks if isinstance(block, Paragraph)]
    assert texts[0].startswith("Dalam rangka mewujudkan manajemen pemerintahan yang efektif,")
    assert any("pemberian penghargaan dan sanksi" in text for text in texts)
    both = [block for block in AGREEMENT.blocks if isinstance(block, Signatures)]
    assert len(both) == 2
    assert (both[0].left.name, both[0].right.name) == ("H. Nama Bupati, S.E.", YEAR.first.name)
    assert both[0].right.date == "Pakong, 5 Januari 2026"


def test_the_annex_has_targets_and_each_program_once_as_typed() -> None:
    targets, programs = tables(AGREEMENT)
    assert [row[-1] for row in targets.rows] == ["80,00", "70,00 (BB)", "83,00"]
    assert [row[-1] for row in programs.rows] == ["Rp 2.845.600.000", "Rp 184.250.000"]


def test_the_second_version_is_that_of_a_perubahan() -> None:
    assert agreement(replace(YEAR, version=2)).title == "PERJANJIAN KINERJA PERUBAHAN TAHUN 2026"


def test_a_quarter_is_measured_up_to_itself() -> None:
    assert len(tables(action_plan(YEAR, 0))) == 1
    plan, second, first = tables(action_plan(YEAR, 2))
    assert plan.rows[8][3:] == ("83,00", "I", "80,00", LINES[2].quarters[0].aksi)
    assert second.rows[2][3:6] == ("82,00", "80,10", "97,68 %")
    assert "Jaringan putus" in second.rows[2][6]
    assert first.rows[0][3:6] == ("n/a", "n/a", "n/a")


def test_the_lkjip_compares_with_last_year_and_the_end_of_the_plan() -> None:
    measured, compared, _ = tables(REPORT)
    assert measured.rows[2][4:] == ("83,00", "84,76", "102,12 %", "Sangat tinggi")
    assert compared.rows[2][2:] == ("81,90", "84,76", "85,00", "99,72 %")
    texts = [block.text for block in REPORT.blocks if isinstance(block, Paragraph)]
    assert any("antrean dibagi menurut layanan" in text for text in texts)
    assert performance_report(replace(YEAR, final=False)).draft == "SEMENTARA"


def test_the_lkjip_tells_what_became_of_each_recommendation() -> None:
    *_, recommended = tables(REPORT)
    assert [row[-2] for row in recommended.rows] == ["selesai", "belum direncanakan"]
    assert recommended.rows[1][3:6] == ("-", "-", "-")
    assert len(tables(performance_report(replace(YEAR, recommendations=())))) == 2


def test_a_document_is_the_same_after_it_was_stored() -> None:
    for document in (AGREEMENT, REPORT, action_plan(YEAR, 4)):
        stored = json.loads(json.dumps(rendering.json_values(document)))
        assert document_of(stored) == document


def test_the_three_formats_say_the_same() -> None:
    made = {name: make(AGREEMENT, MADE) for name, make in FORMATS.items()}
    word_file = docx.Document(io.BytesIO(made["docx"]))
    cells = [cell.text for table in word_file.tables for row in table.rows for cell in row.cells]
    word = " ".join([*(each.text for each in word_file.paragraphs), *cells])
    book = CalamineWorkbook.from_filelike(io.BytesIO(made["xlsx"]))
    excel = [str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row if cell]
    printed = text_of(made["pdf"]).replace("\u200b", "")
    assert len(AGREEMENT.letterhead) == 4
    for text in (
        *AGREEMENT.letterhead,
        YEAR.number,
        "PIHAK PERTAMA",
        "H. Nama Bupati, S.E.",
        "Rp 184.250.000",
    ):
        assert text in printed, text
        assert text in word, text
        assert text in " ".join(excel), text
    assert "83.0" in excel  # a number, to be calculated with


@pytest.mark.slow
def test_the_same_paper_gives_the_same_bytes() -> None:
    for make in FORMATS.values():
        assert rendered_anew(partial(make, REPORT, MADE)) == make(REPORT, MADE)


@pytest.mark.slow
def test_typed_text_is_printed_and_never_run() -> None:
    text = " ".join(sample.HOSTILE)[:1500]
    line = replace(LINES[0], indikator=text, program=text, analisis=text, target=text)
    paper = replace(YEAR, lines=(line,), number=text[:80])
    for document in (agreement(paper), performance_report(paper), action_plan(paper, 1)):
        for make in FORMATS.values():
            assert make(document, MADE)


def test_a_paper_of_nothing_is_made() -> None:
    bare = replace(YEAR, lines=(), notes=(), number="", first=replace(YEAR.first, name=""))
    assert "LAMPIRAN" in text_of(document_pdf(agreement(bare), MADE))
    assert [block.text for block in agreement(bare).blocks if isinstance(block, Heading)]
