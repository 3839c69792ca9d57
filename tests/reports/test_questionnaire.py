"""The paper questionnaire: official words, numbered slips, no ambiguity for whoever types it in."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from reports import questionnaire
from reports.canvas import PictureError
from reports.questionnaire import SlipError, Slips, questionnaire_pdf
from scoring.instrument import Item
from tests.reports.looked import LONG, WIDE, edges_are_white, made, page_of, words_of
from tests.reports.sample import HOSTILE, SKM, SKM_2004

SERVICES = (("ktp-el", "KTP-el"), ("kk", "Kartu Keluarga (KK)"), ("sktm", "SKTM"))
SLIPS = Slips("Kecamatan Pakong", SKM, SERVICES, 1, 2)


def test_a_slip_asks_every_unsur_in_the_official_words_and_order() -> None:
    words = words_of(questionnaire_pdf(replace(SLIPS, last=1)))

    at = -1
    for item in SKM.items:
        official = item.resmi["id"]
        question = official.question.removeprefix("Bagaimana pendapat Saudara tentang ")
        at = words.index(question[0].upper() + question[1:], at + 1)
        for nilai, label in enumerate(official.labels, 1):
            at = words.index(f"{nilai} {label}", at)


def test_number_and_code_tell_sarana_from_pengaduan() -> None:
    words = words_of(questionnaire_pdf(replace(SLIPS, last=1)))

    assert "U8 Penanganan pengaduan pengguna layanan? PENGADUAN" in words
    assert "U9 Kualitas sarana dan prasarana? SARANA" in words


def test_paper_has_the_official_columns_only() -> None:
    words = words_of(questionnaire_pdf(SLIPS))

    for label in ("Karyawan swasta", "Wirausaha", "Lainnya", "Laki-laki", "17–25 tahun", "D1–D4"):
        assert label in words
    for label in ("Petani", "Ibu rumah tangga", "Pelajar"):
        assert label not in words


def test_a_slip_asks_for_date_hour_and_service_but_never_for_a_name() -> None:
    words = words_of(questionnaire_pdf(replace(SLIPS, last=1)))

    for said in ("Tanggal", "Jam 08–12 13–17 lain", "Layanan KTP-el Kartu Keluarga (KK) kk SKTM"):
        assert said in words
    assert words.count("NIK") == words.count("jangan tulis nama, NIK, atau nomor HP") == 1


def test_two_slips_share_a_page_and_every_one_has_its_number() -> None:
    pdf = questionnaire_pdf(replace(SLIPS, first=98, last=102))

    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    assert [page.count("No.") for page in pages] == [2, 2, 1]
    for number in range(98, 103):
        assert words_of(pdf).count(f"No. {number:04}") == 1


def test_the_paper_is_a4_to_be_cut_in_the_middle(tmp_path: Path) -> None:
    pdf = questionnaire_pdf(SLIPS)

    sides = PdfReader(BytesIO(pdf)).pages[0].mediabox[2:]
    image = page_of(pdf, tmp_path)
    assert [round(float(side) * 25.4 / 72) for side in sides] == [297, 210]
    assert edges_are_white(image.crop((0, 0, image.width // 2 - 5, image.height)), 25)


@pytest.mark.parametrize(
    ("first", "last"), [(0, 2), (2, 1), (1, 10_000), (-5, -1), (1, 501), (9999, 10_001)]
)
def test_numbers_that_make_no_slips_are_refused(first: int, last: int) -> None:
    with pytest.raises(SlipError):
        questionnaire_pdf(replace(SLIPS, first=first, last=last))


def test_the_fourteen_unsur_of_2004_fit_half_a_page() -> None:
    words = words_of(questionnaire_pdf(replace(SLIPS, instrument=SKM_2004, services=())))

    assert words.count("U14") == 2


@pytest.mark.parametrize("text", [*HOSTILE, LONG, WIDE, ""])
def test_whatever_office_and_services_are_called_a_slip_stays_on_its_half(
    text: str, tmp_path: Path
) -> None:
    slips = replace(SLIPS, office=text, services=(("kk", text), ("sktm", text)))
    pdf = questionnaire_pdf(slips)

    image = page_of(pdf, tmp_path)
    half = image.crop((0, 0, image.width // 2 - 5, image.height))
    assert len(PdfReader(BytesIO(pdf)).pages) == 1
    assert edges_are_white(half, 25)
    assert "U9" in words_of(pdf)


def test_an_instrument_too_long_for_half_a_page_is_refused() -> None:
    def again(at: int, item: Item) -> Item:
        return replace(item, code=f"{item.code}_{at}")

    long = replace(SKM, items=tuple(again(at, item) for at in range(6) for item in SKM.items))

    with pytest.raises(PictureError, match="too long for half a page"):
        questionnaire_pdf(replace(SLIPS, instrument=long))


def test_questions_that_begin_alike_say_it_once() -> None:
    assert questionnaire._lead(["Bagaimana pendapat A?", "Bagaimana pendapat B?"]) == (
        "Bagaimana pendapat "
    )
    assert questionnaire._lead(["Apakah mudah?", "Apakah cepat?"]) == ""
    assert questionnaire._lead(["Bagaimana pendapat Saudara?"]) == ""


def test_the_same_slips_give_the_same_bytes() -> None:
    assert questionnaire_pdf(SLIPS) == questionnaire_pdf(SLIPS)
    assert made(questionnaire_pdf(SLIPS)) is None
