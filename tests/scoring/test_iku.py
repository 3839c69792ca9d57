"""The IKU table: capaian by direction, missing values, and comparison of years."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from scoring import ikm, iku
from scoring.iku import Realisasi, Target
from scoring.instrument import Instrument
from tests.scoring import cases
from tests.scoring.test_ikm import same

CHECKS = cases.case("_category_and_capaian_checks", "checks.json")["capaian"]


def capaian(target: str, realisasi: str | None, arah: iku.Arah = "naik") -> iku.Capaian:
    nilai = None if realisasi is None else Decimal(realisasi)
    return iku.capaian(Target(Decimal(target)), nilai, arah)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check["indicator"][:12])
def test_published_capaian_come_out_as_printed(check: dict[str, Any]) -> None:
    result = capaian(str(check["target"]), str(check["realisasi"])).shown()
    assert f"{result}%".replace(".", ",") == check["capaian_printed"]


def test_higher_is_better_by_hand() -> None:
    result = capaian("83", "93.85")
    assert result.nilai == Fraction(9385, 83)
    assert (result.shown(), result.shown(Decimal(100))) == (Decimal("113.07"), Decimal(100))
    assert capaian("83", "41.50").shown(Decimal(100)) == Decimal("50.00")


@pytest.mark.parametrize(
    ("realisasi", "expected"), [("8", "120"), ("10", "100"), ("15", "50"), ("25", "-50")]
)
def test_lower_is_better_by_hand(realisasi: str, expected: str) -> None:
    """(2 × 10 − R) ÷ 10 × 100, which may be below 0."""
    assert capaian("10", realisasi, "turun").nilai == Fraction(expected)


def test_a_missing_target_or_realisasi_gives_a_reason_and_no_capaian() -> None:
    assert capaian("0", "5") == iku.Capaian(None, "target 0 tidak dapat menjadi pembagi")
    assert capaian("83", None) == iku.Capaian(None, "realisasi belum ada")
    assert iku.capaian(Target(), Decimal(5)) == iku.Capaian(None, "target belum diisi")
    assert iku.capaian(Target(predikat="BB"), Decimal(71)).reason == (
        "target berupa predikat BB; tulis angkanya"
    )
    assert iku.capaian(Target(Decimal(70), "BB"), Decimal(70)).nilai == 100
    assert capaian("83", "0").nilai == 0
    assert capaian("0", "5").shown(Decimal(100)) is None


@pytest.mark.parametrize(
    ("capaian", "name"),
    [
        ("113.07", "Sangat tinggi"),
        ("91", "Sangat tinggi"),
        ("90.995", "Sangat tinggi"),
        ("90.9949", "Tinggi"),
        ("76", "Tinggi"),
        ("75.99", "Sedang"),
        ("66", "Sedang"),
        ("65.99", "Rendah"),
        ("51", "Rendah"),
        ("50.99", "Sangat rendah"),
        ("-50", "Sangat rendah"),
    ],
)
def test_every_limit_separates_two_kategori(capaian: str, name: str) -> None:
    assert iku.kategori(Decimal(capaian)).name == name


def row(tahun: int, target: Target, realisasi: str | None, *, by_hand: bool = False) -> iku.IkuRow:
    nilai = None if realisasi is None else Decimal(realisasi)
    source = Realisasi(nilai, "LKIP" if by_hand else "LHE 700/12", by_hand)
    return iku.row("Akuntabilitas", "Nilai SAKIP", "Nilai", "naik", tahun, target, source)


def test_a_row_has_a_sumber_a_kategori_and_a_reason() -> None:
    full, empty = row(2021, Target(Decimal(83)), "93.85", by_hand=True), row(2022, Target(), None)
    assert full.capaian.shown() == Decimal("113.07")
    assert full.kategori is not None
    assert (full.kategori.name, full.reason) == ("Sangat tinggi", None)
    assert (full.realisasi.sumber, full.realisasi.by_hand) == ("LKIP", True)
    assert (empty.kategori, empty.reason) == (None, "target belum diisi")


def test_a_year_is_compared_with_earlier_years_and_the_end_target() -> None:
    rows = {
        2023: row(2023, Target(Decimal(72)), "71.35"),
        2021: row(2021, Target(Decimal(70)), "66.50", by_hand=True),
        2022: row(2022, Target(Decimal(71)), "70.10", by_hand=True),
    }
    result = iku.compare(rows, 2023, Target(Decimal(75)))
    assert list(result.earlier.items()) == [(2021, Decimal("66.50")), (2022, Decimal("70.10"))]
    assert result.change == Decimal("1.25")
    assert result.progress.shown() == Decimal("95.13")  # 71,35 ÷ 75 × 100
    alone = iku.compare(rows, 2021)
    assert (alone.earlier, alone.change, alone.progress.reason) == ({}, None, "target belum diisi")


def test_there_is_no_change_without_the_year_before() -> None:
    rows = {year: row(year, Target(), "70") for year in (2020, 2022)}
    result = iku.compare(rows, 2022)
    assert (result.earlier, result.change) == ({2020: Decimal(70)}, None)


def ikm_of(instrument: Instrument, tally: ikm.Tally) -> Decimal | None:
    return ikm.score(instrument, tally).ikm


def test_the_ikm_of_a_year_is_pooled_or_averaged_by_the_chosen_method(skm: Instrument) -> None:
    """Three answers of 4 and one of 2: pooled 3,5 × 25 = 87,50; mean of 100 and 50 = 75."""
    periods = {
        "2026-S1": (skm, ikm.tally_of(skm, [same(skm, 4)] * 3)),
        "2026-S2": (skm, ikm.tally_of(skm, [same(skm, 2)])),
    }
    pooled = iku.year_figure(periods, ikm_of)
    mean = iku.year_figure(periods, ikm_of, "rerata_periode")
    assert (pooled.nilai, pooled.method) == (Decimal("87.50"), "gabungan")
    assert (mean.nilai, mean.method) == (Decimal("75.00"), "rerata_periode")
    assert pooled.periods == mean.periods == ("2026-S1", "2026-S2")


def test_a_period_without_a_figure_is_not_in_the_mean_nor_in_its_periods(skm: Instrument) -> None:
    answered = ikm.tally_of(skm, [same(skm, 4)])
    periods = {"2026-S1": (skm, answered), "2026-S2": (skm, ikm.tally_of(skm, []))}
    result = iku.year_figure(periods, ikm_of, "rerata_periode")
    assert (result.nilai, result.periods) == (Decimal("100.00"), ("2026-S1",))


@pytest.mark.parametrize("method", ["gabungan", "rerata_periode"])
def test_a_year_without_answers_has_no_figure(skm: Instrument, method: iku.YearMethod) -> None:
    none: dict[str, tuple[Instrument, ikm.Tally]] = {}
    unanswered: dict[str, tuple[Instrument, ikm.Tally]] = {"2026": (skm, {})}
    for periods in (none, unanswered):
        result = iku.year_figure(periods, ikm_of, method)
        assert (result.nilai, result.reason) == (None, "belum dapat dihitung")


def test_answers_of_two_wordings_are_pooled(skm: Instrument) -> None:
    mended = replace(skm, version=2, items=skm.items[::-1])
    periods = {
        "2026-S1": (skm, ikm.tally_of(skm, [same(skm, 4)])),
        "2026-S2": (mended, ikm.tally_of(mended, [same(mended, 2)])),
    }
    assert iku.year_figure(periods, ikm_of).nilai == 75


def test_answers_of_two_series_are_not_pooled(skm: Instrument, skm_2004: Instrument) -> None:
    periods = {each.code: (each, ikm.tally_of(each, [same(each, 4)])) for each in (skm, skm_2004)}
    assert iku.year_figure(periods, ikm_of).reason == (
        "instrumen berganti dalam tahun itu; pakai rerata_periode"
    )
    assert iku.year_figure(periods, ikm_of, "rerata_periode").nilai == 100
