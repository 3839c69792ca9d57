"""Slips with codes of a visit: the QR opens the list of services with the code."""

from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp

from reports.handouts.questionnaire import A_PAGE, VisitSlips, link, visit_slips_pdf
from reports.rendering import PictureError
from tests.reports.rendered import LONG, page_image, poppler_pages, poppler_text

CODES = [f"AB{number:02}-XNCK" for number in range(10, 10 + A_PAGE)]
SLIPS = VisitSlips("Kecamatan Pakong", "Triwulan III 2026", "https://survei.contoh.go.id", CODES)


@pytest.mark.process
def test_each_qr_code_opens_the_services_with_its_code(tmp_path: Path) -> None:
    read = zxingcpp.read_barcodes(page_image(visit_slips_pdf(SLIPS), tmp_path, dpi=300))
    assert {code.text for code in read} == {link(SLIPS.address, code) for code in CODES}


@pytest.mark.slow
@pytest.mark.process
def test_without_an_address_a_slip_says_where_to_write_its_code() -> None:
    text = poppler_text(visit_slips_pdf(replace(SLIPS, address="", codes=CODES[:1])))
    assert "AB10-XNCK" in text
    assert "Tulis kode ini di halaman survei kantor" in text


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.parametrize(("codes", "pages"), [(A_PAGE, 1), (A_PAGE + 1, 2)])
def test_a_page_has_twenty_four_slips_whatever_the_office_is_called(codes: int, pages: int) -> None:
    many = replace(SLIPS, office=LONG, codes=[*CODES, "ZZ99-XNCK"][:codes])
    assert len(poppler_pages(visit_slips_pdf(many))) == pages


def test_no_code_makes_no_page() -> None:
    with pytest.raises(PictureError):
        visit_slips_pdf(replace(SLIPS, codes=[]))
