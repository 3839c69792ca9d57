"""Predikat and warnings of an LHE, an official document that is accepted as it is printed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from scoring import sakip
from scoring.sakip import Lhe

FULL = {
    "PERENCANAAN": Decimal("22.50"),
    "PENGUKURAN": Decimal("21.00"),
    "PELAPORAN": Decimal("10.85"),
    "EVALUASI": Decimal("17.00"),
}
LHE = Lhe("700/12/2026", date(2026, 8, 3), 2026, 2025, "88/2021", Decimal("71.35"), "BB", FULL)


def warning_codes(lhe: Lhe, at_boundary: sakip.AtBoundary = "lebih dari") -> list[str]:
    return [warning.kode for warning in sakip.check(lhe, at_boundary)]


@pytest.mark.parametrize(
    ("nilai", "above", "from_on"),
    [
        ("100", "AA", "AA"),
        ("90.01", "AA", "AA"),
        ("90.00", "A", "AA"),
        ("80.01", "A", "A"),
        ("80.00", "BB", "A"),
        ("70.00", "B", "BB"),
        ("60.00", "CC", "B"),
        ("50.00", "C", "CC"),
        ("30.01", "C", "C"),
        ("30.00", "D", "C"),
        ("0", "D", "D"),
    ],
)
def test_every_limit_has_a_predikat_under_both_settings(
    nilai: str, above: str, from_on: str
) -> None:
    assert sakip.predikat(Decimal(nilai)).code == above
    assert sakip.predikat(Decimal(nilai), "paling sedikit").code == from_on


def test_a_predikat_belongs_to_the_nilai_rounded_to_two_places() -> None:
    assert sakip.predikat(Decimal("80.004")).code == "BB"
    assert sakip.predikat(Decimal("80.005")).code == "A"


def test_predicates_have_the_regulations_names() -> None:
    assert [(each.code, each.name) for each in sakip.predicates()] == [
        ("AA", "Sangat memuaskan"),
        ("A", "Memuaskan"),
        ("BB", "Sangat baik"),
        ("B", "Baik"),
        ("CC", "Cukup"),
        ("C", "Kurang"),
        ("D", "Sangat kurang"),
    ]


@pytest.mark.parametrize(
    ("code", "maxima"), [("12/2015", [30, 25, 15, 10, 20]), ("88/2021", [30, 30, 15, 25])]
)
def test_the_components_of_a_regulation_make_a_hundred(code: str, maxima: list[int]) -> None:
    values = [int(each.maximum) for each in sakip.regulations()[code].komponen]
    assert values == maxima
    assert sum(values) == 100


def test_a_consistent_lhe_has_no_warning() -> None:
    assert sakip.check(LHE) == ()
    assert sakip.check(replace(LHE, komponen={}, predikat=None)) == ()


@pytest.mark.parametrize("nilai", ["-0.01", "100.01", "NaN"])
def test_a_total_outside_0_to_100_is_refused(nilai: str) -> None:
    with pytest.raises(sakip.NilaiOutOfRange, match="harus antara 0 dan 100"):
        sakip.check(replace(LHE, nilai=Decimal(nilai)))


@pytest.mark.parametrize(
    ("nilai", "codes"),
    [("71.33", []), ("71.37", []), ("71.32", ["jumlah_berbeda"]), ("71.38", ["jumlah_berbeda"])],
)
def test_a_sum_may_differ_by_two_hundredths(nilai: str, codes: list[str]) -> None:
    assert warning_codes(replace(LHE, nilai=Decimal(nilai))) == codes


def test_a_sum_that_differs_is_shown_with_the_difference() -> None:
    (warning,) = sakip.check(replace(LHE, nilai=Decimal("71.20")))
    assert warning.teks == "Jumlah komponen 71,35, nilai pada LHE 71,20: selisih +0,15."


def test_a_component_over_its_maximum_gives_a_warning() -> None:
    over = FULL | {"PELAPORAN": Decimal("15.01"), "EVALUASI": Decimal("12.84")}
    (warning,) = sakip.check(replace(LHE, komponen=over))
    assert warning.kode == "komponen_di_luar_batas"
    assert warning.teks == "Pelaporan kinerja 15,01, padahal nilainya 0 sampai 15."


def test_a_component_of_another_regulation_gives_a_warning() -> None:
    old = replace(LHE, komponen=FULL | {"CAPAIAN": Decimal(0)})
    (warning,) = sakip.check(old)
    assert warning.kode == "komponen_tak_dikenal"
    assert '"CAPAIAN" tidak ada dalam PermenPANRB 88/2021' in warning.teks
    assert warning_codes(replace(LHE, regulasi="53/2014")) == ["regulasi_tak_dikenal"]


def test_missing_components_give_a_warning_and_only_a_too_large_sum_another() -> None:
    partly = replace(LHE, komponen={"PERENCANAAN": Decimal("22.50")})
    (warning,) = sakip.check(partly)
    assert warning.kode == "komponen_belum_lengkap"
    assert "Pengukuran kinerja, Pelaporan kinerja, Evaluasi internal" in warning.teks
    assert warning_codes(replace(partly, nilai=Decimal(20), predikat="D"))[-1:] == [
        "jumlah_berbeda"
    ]


def test_a_printed_predikat_that_differs_gives_a_warning_depending_on_the_setting() -> None:
    eighty = replace(LHE, nilai=Decimal("80.00"), predikat="A", komponen={})
    (warning,) = sakip.check(eighty)
    assert warning.kode == "predikat_berbeda"
    assert "80,00 berarti BB (Sangat baik) bila batasnya “lebih dari”" in warning.teks
    assert warning_codes(eighty, "paling sedikit") == []
    assert warning_codes(replace(eighty, predikat=" bb ")) == []


def test_inconsistent_years_give_a_warning() -> None:
    assert warning_codes(replace(LHE, tahun_dinilai=2026)) == ["tahun_dinilai"]
    assert warning_codes(replace(LHE, tanggal=date(2027, 1, 8))) == ["tahun_terbit"]


def test_the_lhe_of_a_year_is_the_one_issued_in_it_or_the_one_that_evaluates_it() -> None:
    corrected = replace(LHE, nomor="700/19/2026", tanggal=date(2026, 9, 1))
    before = replace(LHE, tanggal=date(2025, 7, 1), tahun_evaluasi=2025, tahun_dinilai=2024)
    known = [corrected, LHE, before]
    assert sakip.lhe_of_year(known, 2026) == corrected
    assert sakip.lhe_of_year(known, 2025) == before
    assert sakip.lhe_of_year(known, 2025, "dinilai") == corrected
    assert sakip.lhe_of_year(known, 2026, "dinilai") is None
