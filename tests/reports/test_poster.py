"""Posters: the QR code opens the survey of that service or counter, on A4 and A5."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from reports.handouts import poster
from reports.handouts.poster import LinkError, Paper, Poster, posters_pdf
from reports.rendering import PictureError
from tests.reports.rendered import (
    LONG,
    WIDE,
    creation_date,
    edges_are_white,
    page_image,
    rendered_anew,
    text_of,
)
from tests.reports.sample import HOSTILE_JOINED

KK = Poster("Kecamatan Pakong", "@pakong_puas_bot", "Kartu Keluarga (KK)", "kk", "Loket 2", "2")
SKTM = Poster("Kecamatan Pakong", "pakong_puas_bot", "SKTM", "sktm")
LONGEST = replace(KK, bot="a" * 32, service_code="b" * 24, counter_code="c" * 24)
SITE = "https://survei.pakong.go.id"
BOTH = replace(KK, site=SITE)
BROWSER = replace(KK, site=SITE, browser_only=True)
LONGEST_SITE = f"https://{'w' * 60}.{'w' * 60}.{'w' * 60}.go.id"
MILLIMETRES = {"a5": (148, 210), "a4": (210, 297)}


def qr_texts(image: Image.Image) -> list[str]:
    """The texts of the QR codes in the image, from left to right."""
    codes = sorted(zxingcpp.read_barcodes(image), key=lambda code: code.position.top_left.x)
    return [str(code.text) for code in codes]


def qr_text(image: Image.Image) -> str:
    """The text of the QR code in the image."""
    (text,) = qr_texts(image)
    return text


@pytest.mark.process
@pytest.mark.parametrize("paper", ["a5", "a4"])
@pytest.mark.parametrize(
    ("poster_data", "address"),
    [
        (KK, "https://t.me/pakong_puas_bot?start=l_kk_2"),
        (SKTM, "https://t.me/pakong_puas_bot?start=l_sktm"),
        (LONGEST, f"https://t.me/{'a' * 32}?start=l_{'b' * 24}_{'c' * 24}"),
    ],
)
def test_the_qr_code_opens_the_survey_of_the_counter(
    poster_data: Poster, address: str, paper: Paper, tmp_path: Path
) -> None:
    assert qr_text(page_image(posters_pdf([poster_data], paper), tmp_path)) == address


@pytest.mark.process
@pytest.mark.parametrize("paper", ["a5", "a4"])
@pytest.mark.parametrize(
    ("poster_data", "addresses"),
    [
        (BOTH, ["https://t.me/pakong_puas_bot?start=l_kk_2", f"{SITE}/l/kk/2"]),
        (replace(SKTM, site=SITE), ["https://t.me/pakong_puas_bot?start=l_sktm", f"{SITE}/l/sktm"]),
        (BROWSER, [f"{SITE}/l/kk/2"]),
        (replace(BROWSER, counter_code=""), [f"{SITE}/l/kk"]),
        (
            replace(LONGEST, site=LONGEST_SITE),
            [poster.link(LONGEST), f"{LONGEST_SITE}/l/{'b' * 24}/{'c' * 24}"],
        ),
    ],
    ids=["both", "both-without-counter", "browser", "browser-without-counter", "longest"],
)
def test_an_office_with_pages_has_a_code_for_them_too_or_for_them_alone(
    poster_data: Poster, addresses: list[str], paper: Paper, tmp_path: Path
) -> None:
    image = page_image(posters_pdf([poster_data], paper), tmp_path)
    assert qr_texts(image) == addresses
    assert edges_are_white(image, 30)


@pytest.mark.slow
def test_two_codes_say_for_whom_each_of_them_is() -> None:
    text = text_of(posters_pdf([BOTH]))

    for expected in (
        "Punya Telegram?", "t.me/pakong_puas_bot", "Tanpa Telegram", "tanpa aplikasi",
        "survei.pakong.go.id", "1 Pindai salah satu kotak", "3 Jawab 9 pertanyaan",
        "Tidak punya HP? Minta lembar kertas.",
    ):  # fmt: skip
        assert expected in text


@pytest.mark.slow
def test_the_code_of_the_pages_alone_leads_to_telegram_too() -> None:
    text = text_of(posters_pdf([BROWSER]))

    assert "2 Tekan Setuju, mulai atau Buka di Telegram" in text
    assert "atau buka survei.pakong.go.id" in text
    assert "t.me" not in text


@pytest.mark.process
def test_a_partly_covered_qr_code_at_low_resolution_can_be_read(tmp_path: Path) -> None:
    image = page_image(posters_pdf([KK]), tmp_path, dpi=150)
    image.paste((90, 90, 90), (image.width // 2 - 25, 450, image.width // 2 + 25, 500))

    assert qr_text(image.resize((300, 425))) == poster.link(KK)


@pytest.mark.slow
def test_the_poster_explains_the_steps() -> None:
    text = text_of(posters_pdf([KK]))

    for expected in (
        "Kecamatan Pakong", "Kartu Keluarga (KK) · Loket 2", "t.me/pakong_puas_bot",
        "1 Pindai kotak ini", "2 Tekan Mulai", "3 Jawab 9 pertanyaan", "± 3 menit", "anonim",
        "boleh diisi di rumah", "Tidak punya Telegram? Minta lembar kertas.",
    ):  # fmt: skip
        assert expected in text


@pytest.mark.process
def test_every_counter_has_its_own_page_of_the_requested_size(tmp_path: Path) -> None:
    for paper in ("a5", "a4"):
        pdf = posters_pdf([KK, SKTM, KK], paper)
        pages = PdfReader(BytesIO(pdf)).pages

        sides = [round(float(side) * 25.4 / 72) for side in pages[0].mediabox[2:]]
        assert tuple(sides) == MILLIMETRES[paper]
        assert len(pages) == 3
        assert qr_text(page_image(pdf, tmp_path, page=2)) == poster.link(SKTM)


@pytest.mark.process
@pytest.mark.parametrize("text", [*HOSTILE_JOINED, LONG, WIDE, ""])
@pytest.mark.parametrize("paper", ["a5", "a4"])
@pytest.mark.parametrize("data", [KK, BOTH], ids=["telegram", "both"])
def test_a_service_with_any_name_has_one_page_and_readable_qr_codes(
    data: Poster, text: str, paper: Paper, tmp_path: Path
) -> None:
    pdf = posters_pdf([replace(data, office=text, service=text, counter=text)], paper)

    image = page_image(pdf, tmp_path)
    assert len(PdfReader(BytesIO(pdf)).pages) == 1
    assert edges_are_white(image, 30)
    assert qr_texts(image) == list(poster.links(data).values())


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
        replace(BROWSER, service_code="../kk"),
        replace(BOTH, counter_code="2?x"),
    ],
)
def test_a_name_or_code_that_is_invalid_in_a_link_is_refused(wrong: Poster) -> None:
    with pytest.raises(LinkError):
        posters_pdf([KK, wrong])


def test_a_pdf_without_posters_is_refused() -> None:
    with pytest.raises(PictureError):
        posters_pdf([])


def test_the_same_counter_gives_the_same_bytes() -> None:
    assert posters_pdf([KK, SKTM]) == rendered_anew(lambda: posters_pdf([KK, SKTM]))
    assert creation_date(posters_pdf([KK])) is None
