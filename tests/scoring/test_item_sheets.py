"""Sheets with several questions under one unsur: of an instrument that has them, or on the fly."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from scoring import (
    ikm,
    instrument_file,
    lettered_columns,
    paper,
    printed,
    sheet_file,
    tabulation,
)
from scoring.headings import Vocabulary
from scoring.ikm import EXACT, Score
from scoring.instrument import Instrument
from scoring.table import TableError
from tests.scoring import files
from tests.scoring.files import Cell

DATA = Path(__file__).parents[1] / "data"
SHEETS = DATA / "sheets"
SKM = instrument_file.named("skm-2017")
ITEMS = instrument_file.load(DATA / "instruments" / "skm-berbutir.toml")
TWO: list[list[Cell]] = [
    [1 + (place + row) % 4 for place in range(len(ITEMS.codes))] for row in range(2)
]
NUMBERS = [ITEMS.number(code) for code in ITEMS.codes]


def score_of(book_of: bytes, given: Instrument = SKM, order: str = "peraturan") -> Score:
    """The score as `puas score` computes it."""
    book = sheet_file.parse(book_of)
    used = lettered_columns.divided(book, Vocabulary(given, order))
    return ikm.score(used, ikm.tally_of(used, tabulation.read(book, used, order).rows()))


def refusal(*rows: Sequence[Cell], given: Instrument = SKM) -> str:
    with pytest.raises(TableError) as refused:
        score_of(files.xlsx(*rows), given)
    return str(refused.value)


def dotted(number: str) -> str:
    """U1a -> u1.1; a number without a letter stays."""
    letter = number[-1]
    return number.lower() if letter.isdigit() else f"{number[:-1].lower()}.{ord(letter) - 96}"


# --- an instrument that has the items --------------------------------------------------------


@pytest.mark.parametrize(
    "headings",
    [
        ITEMS.codes,
        NUMBERS,
        [number.lower() for number in NUMBERS],
        [dotted(number) for number in NUMBERS],
        [f"{number[:2]} {number[2:]}".strip() for number in NUMBERS],
        [f"{number}. {item.name['id']}" for number, item in zip(NUMBERS, ITEMS.items, strict=True)],
        [item.name["id"] for item in ITEMS.items],
        [item.resmi["id"].question for item in ITEMS.items],
        [item.mudah["en"].question for item in ITEMS.items],
    ],
)
def test_items_are_read_by_code_number_name_and_question(headings: Sequence[str]) -> None:
    book = sheet_file.parse(files.xlsx(headings, *TWO))
    assert [list(each) for each in tabulation.read(book, ITEMS).responses] == TWO


def test_letters_below_a_merged_number_are_read() -> None:
    top = [number[:2] if number[2:] in ("", "a") else None for number in NUMBERS]
    below = [number[2:] or None for number in NUMBERS]
    book = sheet_file.parse(files.xlsx(top, below, *TWO))
    assert [list(each) for each in tabulation.read(book, ITEMS).responses] == TWO


@pytest.mark.parametrize("heading", ["u1", "Unsur 1", "Persyaratan", "PERSYARATAN"])
def test_a_column_of_the_whole_unsur_beside_its_items_is_refused(heading: str) -> None:
    refused = refusal([*NUMBERS, heading], *([*row, 3] for row in TWO), given=ITEMS)
    assert refused.startswith(
        f'Lembar "Tabulasi", baris 1: Kolom "{heading}" menyebut unsur U1 Persyaratan, padahal'
        " unsur itu terdiri atas beberapa butir; sisakan kolom butirnya (U1a, U1b, U1c)."
    )


def test_a_sheet_with_only_the_unsur_lacks_the_items() -> None:
    refused = refusal([f"u{number}" for number in range(1, 9)], [3] * 8, given=ITEMS)
    assert refused.startswith("Judul kolom unsur skm-berbutir tidak ditemukan")
    assert refused.endswith("atau u1a … u8c.")


def test_frequencies_of_items_give_the_same_figure() -> None:
    answers = [{code: 1 + (place + row) % 4 for place, code in enumerate(ITEMS.codes)}
               for row in range(2)]  # fmt: skip
    tally = ikm.tally_of(ITEMS, answers)
    rows: list[list[Cell]] = [
        [ITEMS.number(code), *(counts[n] for n in ITEMS.steps)] for code, counts in tally.items()
    ]
    book = sheet_file.parse(files.csv(["unsur", "1", "2", "3", "4"], *rows))
    found = printed.read(book, Vocabulary(ITEMS))
    assert found is not None
    assert found.score(EXACT) == ikm.score(ITEMS, tally)


def test_the_printed_nrr_of_an_unsur_stands_for_its_items() -> None:
    rows = [[f"U{number}", "3,50" if number == 1 else "3,00", 40] for number in range(1, 9)]
    found = printed.read(
        sheet_file.parse(files.csv(["unsur", "nrr", "n"], *rows, delimiter=";")), Vocabulary(ITEMS)
    )
    assert found is not None
    score = found.score(EXACT)
    # (3,5 + 7 × 3) ÷ 8 × 25
    assert (score.n, score.ikm) == (40, Decimal("76.56"))
    assert score.unsur["PERSYARATAN"].nrr == Fraction(7, 2)
    assert [*score.items] == ["BIAYA"]


# --- skm-2017 with lettered columns ----------------------------------------------------------


def test_two_questions_under_one_unsur_are_its_items() -> None:
    score = score_of((SHEETS / "09b-u1a.csv").read_bytes())
    # U1 = (4 + 3) ÷ 2 = 3,5; the others 3 3 4 3 3 4 3 3: 29,5 ÷ 9 × 25 = 81,944…
    assert score.unsur["PERSYARATAN"].nrr == Fraction(7, 2)
    assert (score.ikm, score.mutu) == (Decimal("81.94"), "B")
    (warning,) = lettered_columns.warnings(score.instrument)
    assert warning.teks == (
        "Unsur U1 Persyaratan dibaca dari 2 kolom (U1a, U1b): NRR-nya rata-rata NRR kolom-kolom"
        " itu."
    )


REST = [f"u{number}" for number in range(2, 10)]


@pytest.mark.parametrize(
    "pair",
    [("U1a", "U1b"), ("U1.1", "U1.2"), ("u1 a", "u1 b"), ("U1b", "U1a"),
     ("Unsur 1a", "Unsur 1b"), ("U1a Kejelasan syarat", "U1b Syarat sesuai")],
)  # fmt: skip
def test_the_letter_may_be_written_in_several_ways(pair: tuple[str, str]) -> None:
    score = score_of(files.xlsx([*pair, *REST], [4, 3, *[3] * 8], [2, None, *[3] * 8]))
    assert score.unsur["PERSYARATAN"].nrr == 3  # the mean of (4 + 2) ÷ 2 and 3
    assert (score.unsur["PERSYARATAN"].n, score.unsur["PERSYARATAN"].most) == (1, 2)


def test_letters_below_merged_numbers_divide_the_unsur_too() -> None:
    top: list[Cell] = ["No", "U1", None, *(name.upper() for name in REST)]
    score = score_of(files.xlsx(top, [None, "a", "b"], [1, 4, 3, *[3] * 8]))
    assert score.unsur["PERSYARATAN"].nrr == Fraction(7, 2)


def test_answers_beside_the_last_unsur_do_not_divide_it() -> None:
    top = [f"U{number}" for number in range(1, 10)]
    score = score_of(files.xlsx(top, [*[3] * 8, 1, 2], [*[3] * 8, 2, 1], [*[3] * 8, 4, "b"]))
    assert not any(unsur.divided for unsur in score.instrument.unsur)


@pytest.mark.parametrize(
    "pair", [("u1", "u1a"), ("u1a", "u1a"), ("u1a", "u1c"), ("u1b", "u1c"), ("u1", "u1.1")]
)
def test_what_is_no_row_of_letters_is_refused_by_heading(pair: tuple[str, str]) -> None:
    refused = refusal([*pair, *REST], [3] * 10)
    names = f'"{pair[0]}", "{pair[1]}"'
    assert f"baris 1: Kolom PERSYARATAN ada 2 kali ({names}); sisakan satu." in refused


def test_lettered_u8_keeps_its_warning_and_the_order_of_forms() -> None:
    heads = [f"u{number}" for number in range(1, 8)] + ["u8a", "u8b", "u9"]
    sheet = files.xlsx(heads, [*[3] * 7, 4, 2, 1])
    of_law, of_form = score_of(sheet), score_of(sheet, order="formulir")
    assert of_law.unsur["PENGADUAN"].nrr == of_form.unsur["SARANA"].nrr == 3
    assert of_law.unsur["SARANA"].nrr == of_form.unsur["PENGADUAN"].nrr == 1
    book = sheet_file.parse(sheet)
    used = lettered_columns.divided(book, Vocabulary(SKM))
    (warning,) = tabulation.read(book, used).warnings
    assert warning.teks.startswith(
        "Kolom u8a dan u8b dan u9 dibaca menurut urutan peraturan: u8a ="
    )


def test_paper_answers_with_lettered_columns_are_refused() -> None:
    context = paper.ImportContext({"ktp": 1}, {}, lambda _: 1, (), 5)
    names = [*("u1a", "u1b"), *SKM.codes[1:]]
    rows = files.xlsx(["tanggal", "layanan", *names], ["2026-08-03", "ktp", *[3] * 10])
    with pytest.raises(TableError, match="Kolom PERSYARATAN ada 2 kali"):
        paper.read(sheet_file.parse(rows), SKM, context)


def test_paper_answers_of_an_instrument_of_items_are_read() -> None:
    context = paper.ImportContext({"ktp": 1}, {}, lambda _: 1, (), 11)
    rows = files.xlsx(["tanggal", "layanan", *NUMBERS], ["2026-08-03", "ktp", *TWO[0]])
    (slip,) = paper.read(sheet_file.parse(rows), ITEMS, context).slips
    assert (slip.tanggal, list(slip.answers)) == (date(2026, 8, 3), TWO[0])
