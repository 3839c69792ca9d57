"""The paper questionnaire: easy wording in large type, numbered slips, codes for data entry."""

import tomllib
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PageObject, PdfReader

from office.words import all_words
from reports.handouts import questionnaire
from reports.handouts.questionnaire import SlipError, Slips, questionnaire_pdf
from reports.rendering import PictureError
from scoring.instrument import Instrument, Item
from tests.reports.rendered import (
    LONG,
    WIDE,
    creation_date,
    edges_are_white,
    page_image,
    poppler_pages,
    poppler_text,
    rendered_anew,
    text_of,
)
from tests.reports.sample import HOSTILE_JOINED, SKM, SKM_2004

SERVICES = (("ktp-el", "KTP-el"), ("kk", "Kartu Keluarga (KK)"), ("sktm", "SKTM"))
CITIZENS = all_words.load().of("id")
WORDS = {name: getattr(CITIZENS, f"slip_{name}").plain() for name in questionnaire.WORDS}
SLIPS = Slips("Kecamatan Pakong", SKM, WORDS, SERVICES, 1, 2)


def services_of_a_new_office() -> list[tuple[str, str]]:
    """Code and name of each service that an office starts with."""
    listed = tomllib.loads(Path("office/starter.toml").read_text("utf-8"))["services"]
    return [(each["slug"], each["name"]) for each in listed]


def type_sizes(page: PageObject) -> list[float]:
    """The size in points of each piece of text on a page."""
    sizes: list[float] = []

    def visit(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            sizes.append(round(size * abs(tm[3] * cm[3]), 2))

    page.extract_text(visitor_text=visit)
    return sizes


@pytest.mark.slow
def test_a_slip_asks_every_unsur_in_the_words_of_the_phone_and_in_order() -> None:
    text = text_of(questionnaire_pdf(replace(SLIPS, last=1)))

    position = -1
    for item in SKM.items:
        easy = item.mudah["id"]
        position = text.index(f"{easy.question} {item.code}", position + 1)
        for nilai, label in enumerate(easy.labels, 1):
            position = text.index(f"{nilai} {label}", position)


@pytest.mark.slow
def test_the_worst_answer_about_complaints_cannot_be_read_as_no_complaint() -> None:
    text = text_of(questionnaire_pdf(replace(SLIPS, last=1)))

    assert "1 Tidak ada tempat mengadu" in text


@pytest.mark.slow
def test_number_and_code_distinguish_sarana_and_pengaduan() -> None:
    text = text_of(questionnaire_pdf(replace(SLIPS, last=1)))

    assert "nomor pengaduan. PENGADUAN" in text
    assert (
        "U9 Bagaimana keadaan fasilitas kantor ini? Misalnya ruang tunggu, kursi, toilet. SARANA"
        in text
    )


@pytest.mark.slow
def test_paper_has_only_the_official_options() -> None:
    text = text_of(questionnaire_pdf(SLIPS))

    for label in ("Karyawan swasta", "Wirausaha", "Lainnya", "Laki-laki", "17–25 tahun", "D1–D4"):
        assert label in text
    for label in ("Petani", "Ibu rumah tangga", "Pelajar"):
        assert label not in text


@pytest.mark.slow
def test_a_slip_asks_for_date_hour_and_service_but_never_for_a_name() -> None:
    text = text_of(questionnaire_pdf(replace(SLIPS, last=1)))

    for expected in (
        "Tanggal",
        "Jam 08–12 13–17 lain",
        "Layanan KTP-el Kartu Keluarga (KK) kk SKTM",
    ):
        assert expected in text
    assert text.count("NIK") == text.count("jangan tulis nama, NIK, atau nomor HP") == 1


@pytest.mark.slow
@pytest.mark.process
def test_each_slip_has_a_page_and_its_number() -> None:
    pdf = questionnaire_pdf(replace(SLIPS, first=98, last=102))

    pages = poppler_pages(pdf)
    assert [page.count("No.") for page in pages] == [1, 1, 1, 1, 1]
    for number in range(98, 103):
        assert " ".join(pages).count(f"No. {number:04}") == 1


@pytest.mark.process
def test_the_page_is_a4_with_empty_margins(tmp_path: Path) -> None:
    pdf = questionnaire_pdf(SLIPS)

    sides = PdfReader(BytesIO(pdf)).pages[0].mediabox[2:]
    image = page_image(pdf, tmp_path)
    assert [round(float(side) * 25.4 / 72) for side in sides] == [210, 297]
    assert edges_are_white(image, 25)


@pytest.mark.parametrize(
    ("first", "last"), [(0, 2), (2, 1), (1, 10_000), (-5, -1), (1, 501), (9999, 10_001)]
)
def test_invalid_slip_numbers_are_refused(first: int, last: int) -> None:
    with pytest.raises(SlipError):
        questionnaire_pdf(replace(SLIPS, first=first, last=last))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("instrument", "services"), [(SKM, services_of_a_new_office()), (SKM_2004, [])]
)
def test_the_longest_shipped_wordings_fit_a_page_in_ten_points(
    instrument: Instrument, services: list[tuple[str, str]]
) -> None:
    pdf = questionnaire_pdf(Slips("W" * 120, instrument, WORDS, services, 1, 1))

    (page,) = PdfReader(BytesIO(pdf)).pages
    assert min(type_sizes(page)) >= 10
    assert f"U{len(instrument.items)}" in page.extract_text()


@pytest.mark.process
@pytest.mark.parametrize("text", [*HOSTILE_JOINED, LONG, WIDE, ""])
def test_a_slip_with_any_names_stays_on_its_page(text: str, tmp_path: Path) -> None:
    slips = replace(SLIPS, office=text, services=(("kk", text), ("sktm", text)))
    pdf = questionnaire_pdf(slips)

    image = page_image(pdf, tmp_path)
    assert len(PdfReader(BytesIO(pdf)).pages) == 2
    assert edges_are_white(image, 25)
    assert "U9" in poppler_text(pdf)


@pytest.mark.slow
def test_an_instrument_too_long_for_two_pages_is_refused() -> None:
    def copy(number: int, item: Item) -> Item:
        return replace(item, code=f"{item.code}_{number}")

    long = replace(
        SKM, items=tuple(copy(number, item) for number in range(6) for item in SKM.items)
    )

    with pytest.raises(PictureError, match="too long for two pages"):
        questionnaire_pdf(replace(SLIPS, instrument=long))


@pytest.mark.slow
def test_the_same_slips_give_the_same_bytes() -> None:
    assert questionnaire_pdf(SLIPS) == rendered_anew(lambda: questionnaire_pdf(SLIPS))
    assert creation_date(questionnaire_pdf(SLIPS)) is None
