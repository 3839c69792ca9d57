"""Printed results: published figures are checked from their frequencies or their NRR."""

from decimal import Decimal
from typing import Any

import pytest

from scoring import instrument_file, printed, sheet_file
from scoring.headings import Vocabulary
from scoring.ikm import EXACT, Mode
from scoring.printed import Printed
from scoring.table import TableError
from tests.scoring import cases, files

SKM = instrument_file.named("skm-2017")
SAME_NRR: list[tuple[str, str, str]] = [(code, "3,25", "40") for code in SKM.codes]


def read(data: bytes, order: str = "peraturan") -> Printed:
    found = printed.read(sheet_file.parse(data), Vocabulary(SKM, order))
    assert found is not None
    return found


def refusal(data: bytes) -> str:
    with pytest.raises(TableError) as refused:
        read(data)
    return str(refused.value)


def nrr_table(case: dict[str, Any], n: int) -> bytes:
    """The printed NRR of a case, as a clerk types them."""
    rows = [[name, str(nrr).replace(".", ","), n] for name, nrr in case["nrr"].items()]
    return files.csv(["Unsur", "NRR", "n"], *rows, delimiter=";")


def test_perpusnas_is_checked_from_its_frequencies() -> None:
    result = read((cases.CASES / "perpusnas-2023" / "frequencies.csv").read_bytes())
    score = result.score(EXACT)
    assert (score.n, str(score.ikm), score.mutu) == (187, "87.64", "B")
    assert [warning.kode for warning in result.warnings] == ["urutan_u8_u9", "dari_frekuensi"]


@pytest.mark.parametrize(
    ("name", "mode", "order"),
    [
        ("balkesmas-semarang-2024-s1", Mode(pembulatan="indeks2"), "peraturan"),
        ("balkesmas-semarang-2024-s1-kepentingan", Mode("0.111", "indeks2"), "peraturan"),
        ("disdukcapil-tubaba-2023-s1", EXACT, "formulir"),
        ("perpusnas-2023", EXACT, "peraturan"),
    ],
)
def test_a_published_ikm_is_checked_from_its_printed_nrr(name: str, mode: Mode, order: str) -> None:
    case = cases.case(name)
    score = read(nrr_table(case, case["n"]), order).score(mode)
    assert (score.n, score.ikm) == (case["n"], Decimal(str(case["ikm_printed"])))


def test_gaspul_is_computed_with_a_rounded_weight() -> None:
    case = cases.case("gaspul-triwulan3")
    result = read(nrr_table(case, case["n"]))
    assert str(result.score(Mode("0.11")).ikm) == case["printed"]["ikm"]
    assert [warning.kode for warning in result.warnings] == ["dari_nrr"]
    for key, figure in case["product_of_nrr"].items():
        assert str(result.score(Mode(*key.split("|"))).ikm) == figure.split()[0]


def test_roundings_are_joined_with_a_rounded_weight() -> None:
    """3,345 is 3,35 first; 9 × 3,35 × 0,111 = 3,34665 is 3,35 again."""
    rows: list[list[files.Cell]] = [[code, "3.345", 20] for code in SKM.codes]
    data = files.csv(["unsur", "nrr", "n"], *rows)
    assert str(read(data).score(Mode("0.111", "nrr2+indeks2")).ikm) == "83.75"
    assert str(read(data).score(Mode("0.111", "indeks2")).ikm) == "83.50"
    assert str(read(data).score(Mode("0.111", "nrr2")).ikm) == "83.67"


def test_totals_and_titles_around_the_figures_are_left_out() -> None:
    data = files.csv(
        ["REKAP", "", ""], ["Unsur pelayanan", "Nilai rata-rata", "Jumlah responden"],
        *SAME_NRR, ["Jumlah", "29,25", ""], ["IKM", "81,25", ""], delimiter=";",
    )  # fmt: skip
    assert str(read(data).score(EXACT).ikm) == "81.25"


def test_people_who_skipped_an_unsur_are_counted_once() -> None:
    rows: list[list[files.Cell]] = [
        [code, 0, 0, 10, 10, 25 if code == "BIAYA" else 20] for code in SKM.codes
    ]
    score = read(files.csv(["unsur", "1", "2", "3", "4", "n"], *rows)).score(EXACT)
    assert (score.n, score.unsur["BIAYA"].n, str(score.ikm)) == (25, 20, "87.50")


WRONG = {
    "an unsur is missing": (
        files.csv(["unsur", "nrr", "n"], *SAME_NRR[:8], delimiter=";"),
        "Unsur yang tidak ada: U9 Sarana dan prasarana.",
    ),
    "an unsur twice": (
        files.csv(["unsur", "nrr", "n"], *SAME_NRR, SAME_NRR[0], delimiter=";"),
        "Baris 11: PERSYARATAN sudah ada di baris 2.",
    ),
    "an NRR of five": (
        files.csv(["unsur", "nrr", "n"], ("U1", "5,0", "4"), *SAME_NRR[1:], delimiter=";"),
        'Baris 2, kolom nrr: "5,0" bukan NRR 1–4.',
    ),
    "half a person": (
        files.csv(["unsur", "1", "2", "3", "4"], ["U1", 0, 0, 1.5, 3]),
        'Baris 2, kolom 3 (nilai 3): "1.5" bukan jumlah orang.',
    ),
    "more answers than people": (
        files.csv(["unsur", "1", "2", "3", "4", "n"], ["U1", 0, 0, 5, 3, 7]),
        "Baris 2: jumlah frekuensi 8, lebih dari n = 7.",
    ),
    "no n": (
        files.csv(["unsur", "nrr"], *[row[:2] for row in SAME_NRR], delimiter=";"),
        "Kolom n (banyaknya jawaban setiap unsur) tidak ada.",
    ),
    "an unknown unsur": (
        files.csv(["unsur", "nrr", "n"], *SAME_NRR, ("Keamanan", "3", "4"), delimiter=";"),
        'Baris 11: "Keamanan" bukan unsur yang dikenal.',
    ),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_figure_is_refused_with_its_place(kind: str) -> None:
    data, sentence = WRONG[kind]
    assert sentence in refusal(data)


def test_a_tabulation_is_no_printed_result() -> None:
    assert printed.read(sheet_file.parse(files.uniform_csv(SKM, 3)), Vocabulary(SKM)) is None
