"""A signature is on one page with what stands above it, however long the paper is."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pypdf import PdfReader

from reports.document import Document
from reports.document_files import FORMATS
from reports.planning.planning_papers import action_plan, agreement, performance_report
from tests.reports.libreoffice import converted
from tests.reports.planning import LINES, RECOMMENDATIONS, YEAR

MADE = datetime(2026, 1, 5, 1, tzinfo=UTC)
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SIGNATURE = 11  # rows above the last one of a signature, with three of what is signed
A4 = {"lkjip": 550, "aksi": 550, "pk": 760}  # points that a page holds
SIGNED = ("Pakong, 5 Januari 2026", YEAR.first.position, YEAR.first.name, YEAR.first.nip)


def papers(count: int) -> Mapping[str, Document]:
    """Papers that end in a paragraph, and in a table; `count` makes them longer, line by line."""
    longer = tuple(RECOMMENDATIONS[at % 2] for at in range(count))
    lines = tuple(LINES[at % 3] for at in range(count // 2 + 1))
    year = replace(YEAR, recommendations=longer, lines=lines)
    return {
        "lkjip": performance_report(replace(YEAR, recommendations=longer)),
        "aksi": action_plan(year, 0),
        "pk": agreement(year),
    }


def pages(pdf: bytes) -> list[str]:
    """The text of each page."""
    texts = (page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return [" ".join(text.replace("\u200b", "").split()) for text in texts]


def assert_signed_together(pdf: bytes) -> None:
    """Each page with a part of the signature has all of it, and more."""
    with_name = [page for page in pages(pdf) if any(part in page for part in SIGNED[2:])]
    assert with_name
    for page in with_name:
        assert all(part in page for part in SIGNED), page
        assert len(page) > len("".join(SIGNED)) + 80, page


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["lkjip", "aksi", "pk"])
def test_no_signature_of_a_pdf_stands_alone(kind: str) -> None:
    for count in range(1, 16, 2):
        assert_signed_together(FORMATS["pdf"](papers(count)[kind], MADE))


@pytest.mark.slow
def test_the_rows_that_a_signature_takes_along_have_their_head() -> None:
    for count in range(1, 16, 2):
        *_, last = pages(FORMATS["pdf"](papers(count)["aksi"], MADE))
        assert "Indikator kinerja utama Target setahun Triwulan" in last


def sheet(xlsx: bytes) -> tuple[list[float], list[int], list[int]]:
    """The heights of the rows, after which rows a page begins, and the rows with the NIP."""
    with zipfile.ZipFile(io.BytesIO(xlsx)) as archive:
        root = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))  # noqa: S314 # our own file
    breaks = [int(each.attrib["id"]) for each in root.iter(f"{SPREADSHEET}brk")]
    rows = {int(row.attrib["r"]): row for row in root.iter(f"{SPREADSHEET}row")}
    heights = [
        float(rows[at].attrib.get("ht", "15")) if at in rows else 15.0
        for at in range(1, max(rows) + 1)
    ]
    named = [at for at, row in rows.items() if YEAR.first.nip in "".join(row.itertext())]
    return heights, breaks, named


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["lkjip", "aksi", "pk"])
def test_no_page_of_a_sheet_begins_within_a_signature(kind: str) -> None:
    for count in range(1, 30):
        heights, breaks, named = sheet(FORMATS["xlsx"](papers(count)[kind], MADE))
        assert named
        for last in named:
            assert not set(range(last - SIGNATURE, last)) & set(breaks), count
        edges = [0, *breaks, len(heights)]
        for first, end in pairwise(edges):
            assert sum(heights[first:end]) < A4[kind], count


@pytest.mark.libreoffice
def test_an_office_program_prints_each_signature_on_one_page(tmp_path: Path) -> None:
    made = {
        f"{kind}-{count}-{name}.{name}": FORMATS[name](paper, MADE)
        for count in range(1, 14, 3)
        for kind, paper in papers(count).items()
        for name in ("xlsx", "docx")
    }
    for pdf in converted(made, "pdf", tmp_path).values():
        assert_signed_together(pdf)
