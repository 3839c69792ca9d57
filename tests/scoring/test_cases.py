"""Published results are reproduced as printed, or by a named mode."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from scoring import ikm, sheet_file, tabulation
from scoring.instrument import Instrument
from tests.scoring import cases

INDEKS2 = ikm.Mode(pembulatan="indeks2")
CHECKS = cases.case("_category_and_capaian_checks", "checks.json")


def printed_nrr(skm: Instrument, name: str) -> dict[str, Decimal]:
    return {
        cases.codes(skm)[number]: Decimal(str(nrr))
        for number, nrr in cases.case(name)["nrr"].items()
    }


def test_perpusnas_is_recomputed_from_its_frequencies(skm: Instrument) -> None:
    names = cases.codes(skm)
    tally = {
        names[row["unsur"]]: {nilai: int(row[f"score{nilai}"]) for nilai in (1, 2, 3, 4)}
        for row in cases.table("perpusnas-2023/frequencies.csv")
    }
    result, printed = ikm.score(skm, tally), cases.case("perpusnas-2023")
    assert result.n == printed["n"]
    assert result.indeks is not None
    assert ikm.half_up(result.indeks, 3) == Decimal("3.506")
    assert (result.ikm, result.mutu, result.kinerja) == (Decimal("87.64"), "B", "Baik")
    assert ikm.half_up(result.indeks * 25, 6) == Decimal("87.641117")
    for number, code in names.items():
        nrr = result.unsur[code].nrr
        assert nrr is not None
        assert result.unsur[code].jumlah == printed["sum_per_unsur"][number]
        assert ikm.half_up(nrr, 3) == Decimal(str(printed["nrr"][number])).quantize(
            Decimal("0.001")
        )


def test_tulang_bawang_barat_prints_sarana_eighth(skm: Instrument) -> None:
    path = cases.CASES / "disdukcapil-tubaba-2023-s1" / "responses.csv"
    table = tabulation.read(sheet_file.read(path), skm, "formulir")
    result = ikm.score(skm, ikm.tally_of(skm, table.rows()))
    assert (result.n, result.ikm, result.mutu) == (1, Decimal("100.00"), "A")
    printed = cases.case("disdukcapil-tubaba-2023-s1")["unsur_names"]
    assert printed[7] == skm.item(skm.form_order[7]).name["id"].replace("prasarana", "Prasarana")
    assert "u8 = Sarana dan prasarana" in table.warnings[0].teks


@pytest.mark.parametrize(
    ("weight", "printed"), [("1/k", "100.00"), ("0.111", "99.90"), ("0.11", "99.00")]
)
def test_tulang_bawang_barat_mentions_a_weight_that_it_does_not_use(
    skm: Instrument, weight: str, printed: str
) -> None:
    four = dict.fromkeys(skm.codes, Fraction(4))
    assert ikm.index_from_nrr(skm, four, ikm.Mode(bobot=weight)).ikm == Decimal(printed)


@pytest.mark.parametrize(
    ("name", "exact"),
    [
        ("balkesmas-semarang-2024-s1", "92.19"),
        ("balkesmas-semarang-2024-s1-kepentingan", "93.83"),
    ],
)
def test_balkesmas_rounds_its_index_first(skm: Instrument, name: str, exact: str) -> None:
    printed, nrr = cases.case(name), printed_nrr(skm, name)
    result = ikm.index_from_nrr(skm, nrr, INDEKS2)
    assert sum(nrr.values()) == Decimal(str(printed["sum_nrr_printed"]))
    assert result.indeks == Fraction(str(printed["index_printed"]))
    assert result.ikm == Decimal(printed["ikm_printed_text"])
    assert ikm.index_from_nrr(skm, nrr).ikm == Decimal(exact)
    assert result.mutu == "A"


@pytest.mark.parametrize(
    "name",
    [
        "perpusnas-2023",
        "disdukcapil-tubaba-2023-s1",
        "balkesmas-semarang-2024-s1",
        "balkesmas-semarang-2024-s1-kepentingan",
    ],
)
@pytest.mark.parametrize(
    ("weight", "noted"), [("1/k", "1/9"), ("0.11", "0.11"), ("0.111", "0.111")]
)
@pytest.mark.parametrize(
    ("rounding", "noted_rounding"), [("tanpa", "no_rounding"), ("indeks2", "index_r2")]
)
def test_every_mode_gives_the_recomputed_value_of_the_case(
    skm: Instrument, name: str, weight: str, noted: str, rounding: str, noted_rounding: str
) -> None:
    result = ikm.index_from_nrr(skm, printed_nrr(skm, name), ikm.Mode(weight, rounding))
    recomputed = cases.case(name)["recompute"][f"printed_nrr|w={noted}|{noted_rounding}"]
    assert result.ikm == ikm.half_up(Decimal(str(recomputed)), 2)


def test_jakarta_barat_is_a_mean_of_means(skm: Instrument) -> None:
    units = []
    for row in cases.table("jakarta-barat-2021-rollup/units.csv"):
        unit = ikm.mean_of_units([Decimal(row["ppsu"]), Decimal(row["ketertiban_umum"])])
        assert unit == Decimal(row["total_printed"]), row["kecamatan"]
        units.append(unit)
    total = ikm.mean_of_units(units)
    assert total == Decimal("90.62")
    assert skm.grade(total).mutu == "A"


def test_nagari_prints_one_hundredth_less_than_half_up(skm: Instrument) -> None:
    printed = cases.case("nagari-simpang-kapuak-2021")
    result = ikm.index_from_nrr(
        skm, dict.fromkeys(skm.codes, Fraction(str(printed["index_printed"])))
    )
    assert result.ikm == Decimal("77.38")
    assert result.ikm - Decimal(str(printed["ikm_printed"])) == Decimal("0.01")
    assert result.mutu == "B"


def test_sekadau_is_recomputed_from_its_rows(skm: Instrument) -> None:
    path = cases.CASES / "kabupaten-sekadau-2019-s1" / "responses.csv"
    table = tabulation.read(sheet_file.read(path), skm)
    result = ikm.score(skm, ikm.tally_of(skm, table.rows()))
    computed = cases.case("kabupaten-sekadau-2019-s1")["computed_from_rows"]
    assert (result.n, result.ikm) == (49, Decimal("78.74"))
    assert [unsur.jumlah for unsur in result.unsur.values()] == computed["sum"]
    for weight, noted in (("1/k", "ikm_exact"), ("0.11", "ikm_w0.11"), ("0.111", "ikm_w0.111")):
        indeks = ikm.score(skm, ikm.tally_of(skm, table.rows()), ikm.Mode(weight)).indeks
        assert indeks is not None
        assert ikm.half_up(indeks * 25, 4) == Decimal(str(computed[noted]))


@pytest.mark.parametrize("check", CHECKS["category_2017"], ids=lambda check: check["who"][:20])
def test_published_categories_are_those_of_the_table(
    skm: Instrument, check: dict[str, Any]
) -> None:
    kinerja = skm.grade(Decimal(str(check["ikm"]))).kinerja
    assert check["printed"] is None or kinerja.lower() == check["printed"].lower()


def test_a_published_capaian_of_ikm_is_realisasi_over_target() -> None:
    check = CHECKS["capaian"][1]
    achieved = Fraction(str(check["realisasi"])) / Fraction(str(check["target"])) * 100
    assert check["indicator"].startswith("IKM")
    assert f"{ikm.half_up(achieved, 2)}%".replace(".", ",") == check["capaian_printed"]
