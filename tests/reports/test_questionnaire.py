"""The paper questionnaire: official wording, numbered slips, and codes for data entry."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from office.words import all_words
from reports import questionnaire
from reports.questionnaire import SlipError, Slips, questionnaire_pdf
from reports.rendering import PictureError
from scoring.instrument import Item
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
from tests.reports.sample import HOSTILE, SKM, SKM_2004

SERVICES = (("ktp-el", "KTP-el"), ("kk", "Kartu Keluarga (KK)"), ("sktm", "SKTM"))
CITIZENS = all_words.load().of("id")
WORDS = {name: getattr(CITIZENS, f"slip_{name}").plain() for name in questionnaire.WORDS}
SLIPS = Slips("Kecamatan Pakong", SKM, WORDS, SERVICES, 1, 2)


@pytest.mark.slow
def test_a_slip_asks_every_unsur_in_the_official_words_and_order() -> None:
    text = text_of(questionnaire_pdf(replace(SLIPS, last=1)))

    position = -1
    for item in SKM.items:
        official = item.resmi["id"]
        question = official.question.removeprefix("Bagaimana pendapat Saudara tentang ")
        position = text.index(question[0].upper() + question[1:], position + 1)
        for nilai, label in enumerate(official.labels, 1):
            position = text.index(f"{nilai} {label}", position)


@pytest.mark.slow
def test_number_and_code_distinguish_sarana_and_pengaduan() -> None:
    text = text_of(questionnaire_pdf(replace(SLIPS, last=1)))

    assert "U8 Penanganan pengaduan pengguna layanan? PENGADUAN" in text
    assert "U9 Kualitas sarana dan prasarana? SARANA" in text


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
def test_a_page_has_two_slips_and_each_slip_has_its_number() -> None:
    pdf = questionnaire_pdf(replace(SLIPS, first=98, last=102))

    pages = poppler_pages(pdf)
    assert [page.count("No.") for page in pages] == [2, 2, 1]
    for number in range(98, 103):
        assert " ".join(pages).count(f"No. {number:04}") == 1


@pytest.mark.process
def test_the_page_is_a4_with_an_empty_margin_in_the_middle(tmp_path: Path) -> None:
    pdf = questionnaire_pdf(SLIPS)

    sides = PdfReader(BytesIO(pdf)).pages[0].mediabox[2:]
    image = page_image(pdf, tmp_path)
    assert [round(float(side) * 25.4 / 72) for side in sides] == [297, 210]
    assert edges_are_white(image.crop((0, 0, image.width // 2 - 5, image.height)), 25)


@pytest.mark.parametrize(
    ("first", "last"), [(0, 2), (2, 1), (1, 10_000), (-5, -1), (1, 501), (9999, 10_001)]
)
def test_invalid_slip_numbers_are_refused(first: int, last: int) -> None:
    with pytest.raises(SlipError):
        questionnaire_pdf(replace(SLIPS, first=first, last=last))


@pytest.mark.slow
def test_the_fourteen_unsur_of_2004_fit_half_a_page() -> None:
    text = text_of(questionnaire_pdf(replace(SLIPS, instrument=SKM_2004, services=())))

    assert text.count("U14") == 2


@pytest.mark.process
@pytest.mark.parametrize("text", [*HOSTILE, LONG, WIDE, ""])
def test_a_slip_with_any_names_stays_on_its_half_of_the_page(text: str, tmp_path: Path) -> None:
    slips = replace(SLIPS, office=text, services=(("kk", text), ("sktm", text)))
    pdf = questionnaire_pdf(slips)

    image = page_image(pdf, tmp_path)
    half = image.crop((0, 0, image.width // 2 - 5, image.height))
    assert len(PdfReader(BytesIO(pdf)).pages) == 1
    assert edges_are_white(half, 25)
    assert "U9" in poppler_text(pdf)


@pytest.mark.slow
def test_an_instrument_too_long_for_half_a_page_is_refused() -> None:
    def copy(number: int, item: Item) -> Item:
        return replace(item, code=f"{item.code}_{number}")

    long = replace(
        SKM, items=tuple(copy(number, item) for number in range(6) for item in SKM.items)
    )

    with pytest.raises(PictureError, match="too long for half a page"):
        questionnaire_pdf(replace(SLIPS, instrument=long))


def test_a_shared_beginning_of_the_questions_is_printed_once() -> None:
    assert questionnaire._lead(["Bagaimana pendapat A?", "Bagaimana pendapat B?"]) == (
        "Bagaimana pendapat "
    )
    assert questionnaire._lead(["Apakah mudah?", "Apakah cepat?"]) == ""
    assert questionnaire._lead(["Bagaimana pendapat Saudara?"]) == ""


@pytest.mark.slow
def test_the_same_slips_give_the_same_bytes() -> None:
    assert questionnaire_pdf(SLIPS) == rendered_anew(lambda: questionnaire_pdf(SLIPS))
    assert creation_date(questionnaire_pdf(SLIPS)) is None
