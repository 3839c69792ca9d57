"""Posters: the code leads a phone to the survey of that counter, whatever paper it is on."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from reports import poster
from reports.canvas import PictureError
from reports.poster import LinkError, Paper, Poster, posters_pdf
from tests.reports.looked import LONG, WIDE, edges_are_white, made, page_of, words_of
from tests.reports.sample import HOSTILE

KK = Poster("Kecamatan Pakong", "@pakong_puas_bot", "Kartu Keluarga (KK)", "kk", "Loket 2", "2")
SKTM = Poster("Kecamatan Pakong", "pakong_puas_bot", "SKTM", "sktm")
LONGEST = replace(KK, bot="a" * 32, service_code="b" * 24, counter_code="c" * 24)
MILLIMETRES = {"a5": (148, 210), "a4": (210, 297)}


def read(image: Image.Image) -> str:
    """What a phone's camera makes of it."""
    codes = zxingcpp.read_barcodes(image)
    assert len(codes) == 1
    return str(codes[0].text)


@pytest.mark.parametrize("paper", ["a5", "a4"])
@pytest.mark.parametrize(
    ("made_of", "leads_to"),
    [
        (KK, "https://t.me/pakong_puas_bot?start=l_kk_2"),
        (SKTM, "https://t.me/pakong_puas_bot?start=l_sktm"),
        (LONGEST, f"https://t.me/{'a' * 32}?start=l_{'b' * 24}_{'c' * 24}"),
    ],
)
def test_a_citizen_who_scans_comes_to_this_counters_survey(
    made_of: Poster, leads_to: str, paper: Paper, tmp_path: Path
) -> None:
    assert read(page_of(posters_pdf([made_of], paper), tmp_path)) == leads_to


def test_a_dirty_code_seen_from_afar_still_reads(tmp_path: Path) -> None:
    image = page_of(posters_pdf([KK]), tmp_path, dpi=150)
    image.paste((90, 90, 90), (image.width // 2 - 25, 450, image.width // 2 + 25, 500))

    assert read(image.resize((300, 425))) == poster.link(KK)


def test_the_poster_says_what_to_do() -> None:
    words = words_of(posters_pdf([KK]))

    for said in (
        "Kecamatan Pakong", "Kartu Keluarga (KK) · Loket 2", "t.me/pakong_puas_bot",
        "1 Pindai kotak ini", "2 Tekan Mulai", "3 Jawab 9 pertanyaan", "± 3 menit", "anonim",
        "boleh diisi di rumah", "Tidak punya Telegram? Minta lembar kertas.",
    ):  # fmt: skip
        assert said in words


def test_every_counter_has_its_own_page_on_the_paper_that_was_asked_for(tmp_path: Path) -> None:
    for paper in ("a5", "a4"):
        pdf = posters_pdf([KK, SKTM, KK], paper)
        pages = PdfReader(BytesIO(pdf)).pages

        sides = [round(float(side) * 25.4 / 72) for side in pages[0].mediabox[2:]]
        assert tuple(sides) == MILLIMETRES[paper]
        assert len(pages) == 3
        assert read(page_of(pdf, tmp_path, page=2)) == poster.link(SKTM)


@pytest.mark.parametrize("text", [*HOSTILE, LONG, WIDE, ""])
@pytest.mark.parametrize("paper", ["a5", "a4"])
def test_whatever_a_service_is_called_its_poster_stays_one_page_and_reads(
    text: str, paper: Paper, tmp_path: Path
) -> None:
    pdf = posters_pdf([replace(KK, office=text, service=text, counter=text)], paper)

    image = page_of(pdf, tmp_path)
    assert len(PdfReader(BytesIO(pdf)).pages) == 1
    assert edges_are_white(image, 30)
    assert read(image) == poster.link(KK)


@pytest.mark.parametrize(
    "wrong",
    [
        replace(KK, bot="pakong bot"),
        replace(KK, bot=""),
        replace(KK, bot="pakong_bot?start=x"),
        replace(KK, service_code="KK"),
        replace(KK, service_code=""),
        replace(KK, service_code="a" * 25),
        replace(KK, counter_code="loket 2"),
        replace(KK, counter_code="a_b"),
    ],
)
def test_a_code_that_would_lead_nowhere_is_refused(wrong: Poster) -> None:
    with pytest.raises(LinkError):
        posters_pdf([KK, wrong])


def test_no_counters_no_poster() -> None:
    with pytest.raises(PictureError):
        posters_pdf([])


def test_the_same_counter_gives_the_same_bytes() -> None:
    assert posters_pdf([KK, SKTM]) == posters_pdf([KK, SKTM])
    assert made(posters_pdf([KK])) is None
