"""Mistakes of published tabulations and of other applications, which this code must not repeat."""

import ast
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from scoring import ikm, instrument, period, sheet_file, tabulation
from scoring.instrument import Instrument
from tests.scoring.test_ikm import same, scored

ARITHMETIC = ("ikm", "numbers", "precision", "sample", "instrument", "instrument_file")


@pytest.mark.parametrize("bobot", ["1/k", "0.11", "0.111"])
def test_cells_and_total_use_the_same_weight(skm: Instrument, bobot: str) -> None:
    result = scored(skm, same(skm, 3), same(skm, 4) | {"WAKTU": 1}, mode=ikm.Mode(bobot))
    cells = [unsur.nrr_tertimbang or Fraction(0) for unsur in result.unsur.values()]
    assert sum(cells) == result.indeks


def test_no_closed_intervals_on_floats(skm: Instrument) -> None:
    for hole in ("88.305", "88.3001", "76.6049999", "64.9951"):
        assert skm.grade(Decimal(hole)).mutu in "ABCD"
    for module in ARITHMETIC:
        tree = ast.parse((Path(instrument.__file__).parent / f"{module}.py").read_text("utf-8"))
        floats = [
            node.lineno
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, float)
        ]
        assert floats == [], module


def test_a_category_is_never_that_of_an_unconverted_index(skm: Instrument) -> None:
    result = scored(skm, same(skm, 4), same(skm, 3))
    assert (result.indeks, result.mutu) == (Fraction(7, 2), "B")
    assert skm.grade(Decimal("3.5")).mutu == "D"


def test_a_skipped_answer_does_not_lower_its_unsur(skm: Instrument) -> None:
    result = scored(skm, same(skm, 4), same(skm, 4) | {"WAKTU": None})
    assert result.ikm == Decimal("100.00")


def test_the_unit_and_the_sum_of_its_services_have_the_same_result(skm: Instrument) -> None:
    rows = [same(skm, 3), same(skm, 4) | {"WAKTU": 1}, same(skm, 2) | {"BIAYA": None}]
    whole = scored(skm, *rows)
    services = [ikm.tally_of(skm, [row]) for row in rows]
    assert ikm.score(skm, ikm.merged(*services)) == whole


def test_sarana_and_pengaduan_are_not_swapped(skm: Instrument) -> None:
    data = b"u1,u2,u3,u4,u5,u6,u7,u8,u9\n3,3,3,3,3,3,3,1,4\n"
    law = next(tabulation.read(sheet_file.parse(data), skm).rows())
    form = next(tabulation.read(sheet_file.parse(data), skm, "formulir").rows())
    assert (law["PENGADUAN"], law["SARANA"]) == (1, 4)
    assert (form["SARANA"], form["PENGADUAN"]) == (1, 4)


def test_the_limits_of_2004_are_not_used_for_nine_unsur(
    skm: Instrument, skm_2004: Instrument
) -> None:
    assert (skm.grade(Decimal("86.92")).mutu, skm_2004.grade(Decimal("86.92")).mutu) == ("B", "A")


def test_there_is_one_rounding_rule() -> None:
    sources = [*Path(instrument.__file__).parent.glob("*.py"), Path("cli/score.py")]
    for path in sources:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                assert called not in ("round", "quantize", "float"), f"{path.name}:{node.lineno}"


def test_no_period_ends_on_the_31st_of_june() -> None:
    half = period.parse("2026-S1", period.WIB)
    quarter = period.parse("2026-TW2", period.WIB)
    assert period.span(half, period.WIB) == "1 Jan–30 Jun 2026"
    assert period.span(quarter, period.WIB) == "1 Apr–30 Jun 2026"


def test_the_last_day_belongs_to_the_period_until_midnight() -> None:
    quarter = period.parse("2026-TW2", period.WIB)
    midnight = datetime(2026, 7, 1, tzinfo=period.WIB)
    assert midnight - timedelta(microseconds=1) in quarter
    assert midnight not in quarter
    assert midnight in quarter.next()


def test_a_scale_of_four_is_not_multiplied_by_twenty(skm: Instrument) -> None:
    assert scored(skm, same(skm, 4)).ikm == Decimal("100.00")
    assert replace(skm, conversion=20) != skm


def test_reversing_one_question_would_change_the_result(skm: Instrument) -> None:
    right = scored(skm, same(skm, 4))
    assert scored(skm, same(skm, 4) | {"BIAYA": 1}).ikm != right.ikm
    assert skm.item("BIAYA").resmi["id"].labels[0] == "Sangat mahal"
    assert skm.item("BIAYA").resmi["id"].labels[-1] == "Gratis"
