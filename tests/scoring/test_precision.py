"""Margin of error of an IKM, and the significance of a change."""

import math
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

import pytest

from scoring import ikm, precision
from scoring.instrument import Instrument
from scoring.moments import Moments, Row, moments, nothing
from scoring.precision import Measurement
from tests.scoring.test_ikm import same, scored

Rows = list[dict[str, int | None]]


def alone(skm: Instrument, rows: Iterable[Row]) -> Moments:
    """The moments of responses that are each a cluster of their own."""
    return moments(skm.codes, ((row, 1) for row in rows))


def random_rows(skm: Instrument, people: int, *, skip: float = 0.1, seed: int = 1) -> Rows:
    """Random responses, in which items are skipped with this probability."""
    generator = random.Random(seed)
    return [
        {
            code: None if generator.random() < skip else generator.choice((2, 3, 3, 4))
            for code in skm.codes
        }
        for _ in range(people)
    ]


def test_the_margin_with_skipped_items_is_the_linearised_one(skm: Instrument) -> None:
    rows = random_rows(skm, 40)
    result = scored(skm, *rows)
    z = []
    for row in rows:
        filled = [(code, nilai) for code, nilai in row.items() if nilai is not None]
        unsur = result.unsur
        z.append(
            sum(
                (nilai - unsur[code].jumlah / unsur[code].n) * result.n / unsur[code].n / 9
                for code, nilai in filled
            )
        )
    expected = 25 * 1.96 * (sum(each**2 for each in z) / 39 / 40) ** 0.5
    margin = precision.margin(result, alone(skm, rows))
    assert margin is not None
    assert abs(float(margin) - expected) < 1e-9


def test_a_small_sample_uses_the_quantile_of_students_t(skm: Instrument) -> None:
    rows: Rows = [same(skm, 3), same(skm, 4)]
    margin = precision.margin(scored(skm, *rows), alone(skm, rows))
    assert margin is not None
    assert ikm.half_up(margin, 2) == Decimal("158.83")  # 25 × 12,706 × 0,5
    assert [precision.quantile(n) for n in (2, 29, 30, 500)] == [
        Decimal(t) for t in ("12.706", "2.048", "1.96", "1.96")
    ]


def clustered(result: ikm.Score, phones: Sequence[Rows]) -> float:
    """The margin of responses grouped by phone, summed row by row in floats."""
    squares = 0.0
    for rows in phones:
        z = sum(
            (nilai - unsur.jumlah / unsur.n) * result.n / unsur.n / 9
            for row in rows
            for code, unsur in result.unsur.items()
            if (nilai := row[code])
        )
        squares += z**2
    m = len(phones)
    deviation = math.sqrt(m / (m - 1) * squares / result.n)
    return 25 * float(precision.quantile(m)) * deviation / math.sqrt(result.n)


def test_several_responses_of_one_phone_are_one_cluster(skm: Instrument) -> None:
    rows = random_rows(skm, 60)
    phones = [rows[start : start + 3] for start in range(0, 60, 3)]
    result = scored(skm, *rows)
    margin = precision.margin(result, moments(skm.codes, (), phones))
    assert margin is not None
    assert abs(float(margin) - clustered(result, phones)) < 1e-9


def test_a_phone_that_repeats_itself_adds_no_precision(skm: Instrument) -> None:
    """Each of 40 phones answers the same three times: n is 120, what was learnt is of 40."""
    rows = random_rows(skm, 40, skip=0)
    once = precision.margin(scored(skm, *rows), alone(skm, rows))
    thrice = precision.margin(
        scored(skm, *rows * 3), moments(skm.codes, (), ([row] * 3 for row in rows))
    )
    assert once == thrice


def test_a_union_of_blocks_has_the_margin_of_its_responses(skm: Instrument) -> None:
    rows = random_rows(skm, 60)
    result = scored(skm, *rows)
    union = sum((alone(skm, rows[start::4]) for start in range(4)), nothing(skm.codes))
    assert precision.margin(result, union) == precision.margin(result, alone(skm, rows))


def test_a_margin_that_is_not_computable_is_none(skm: Instrument) -> None:
    one: Rows = [same(skm, 3)]
    alike: Rows = [same(skm, 3)] * 50
    gap: Rows = [same(skm, 3) | {"BIAYA": None}, same(skm, 4) | {"BIAYA": None}]
    for rows in ([], one, alike, gap):
        assert precision.margin(scored(skm, *rows), alone(skm, rows)) is None


def test_zero_variance_between_respondents_is_detected_exactly(skm: Instrument) -> None:
    # The answers differ, but their sums do not; with floats the margin would be 10⁻¹⁶.
    rows: Rows = [same(skm, 3) | {"WAKTU": 4, "BIAYA": 2}, same(skm, 3) | {"WAKTU": 2, "BIAYA": 4}]
    assert precision.margin(scored(skm, *rows), alone(skm, rows)) is None


def test_rows_of_another_score_are_refused(skm: Instrument) -> None:
    rows = random_rows(skm, 40)
    with pytest.raises(ValueError, match="40 clusters for a score of 39"):
        precision.margin(scored(skm, *rows[1:]), alone(skm, rows))
    with pytest.raises(ValueError, match="fewer answers"):
        precision.margin(scored(skm, *rows), alone(skm, rows[1:]))
    with pytest.raises(ValueError, match=r"moments of \('WAKTU',\)"):
        precision.margin(scored(skm, *rows), moments(["WAKTU"], ((row, 1) for row in rows)))


def test_a_skipped_item_may_be_none_zero_or_absent(skm: Instrument) -> None:
    rows = random_rows(skm, 40, skip=0.3)
    zeros = [{code: nilai or 0 for code, nilai in row.items()} for row in rows]
    absent = [{code: nilai for code, nilai in row.items() if nilai} for row in rows]
    result = scored(skm, *rows)
    assert (
        precision.margin(result, alone(skm, zeros))
        == precision.margin(result, alone(skm, absent))
        == precision.margin(result, alone(skm, rows))
    )


@pytest.mark.slow
def test_a_hundred_thousand_rows_from_an_iterator_take_seconds(skm: Instrument) -> None:
    patterns = random_rows(skm, 500)

    def rows() -> Iterator[dict[str, int | None]]:
        for turn in range(100_000):
            yield patterns[turn % 500]

    result = ikm.score(skm, ikm.tally_of(skm, rows()))
    begun = time.process_time()
    margin = precision.margin(result, alone(skm, rows()))
    assert margin is not None
    assert 0 < margin < 1
    assert time.process_time() - begun < 5


def test_the_interval_does_not_exceed_the_scale(skm: Instrument) -> None:
    assert precision.interval(skm, Decimal("84.76"), Decimal("1.5")) == (
        Decimal("83.26"),
        Decimal("86.26"),
    )
    assert precision.interval(skm, Decimal("99.50"), Decimal(90)) == (Decimal(25), Decimal(100))


@pytest.mark.parametrize(
    ("ikm", "margin", "reached"),
    [
        ("88.30", "1.40", "BA"),
        ("88.31", "0.01", "AB"),
        ("88.30", "0.004", "B"),  # 88,304 is rounded to 88,30
        ("88.30", "0.005", "BA"),
        ("70.00", "30", "CABD"),
        ("99.50", "5", "A"),
        ("25.00", "9", "D"),
        ("80.00", None, "B"),
    ],
)
def test_the_letters_of_an_interval_begin_with_that_of_the_figure(
    skm: Instrument, ikm: str, margin: str | None, reached: str
) -> None:
    known = None if margin is None else Decimal(margin)
    assert precision.letters(skm, Decimal(ikm), known) == tuple(reached)


def measurement(
    value: str, margin: str | None, series: str = "skm-2017", bobot: str = "1/k"
) -> Measurement:
    known = None if margin is None else Decimal(margin)
    return Measurement(Decimal(value), known, series, ikm.Mode(bobot))


@pytest.mark.parametrize(
    ("later", "change"),
    [
        ("84.76", "naik nyata"),
        ("79.04", "turun nyata"),
        ("82.00", "belum ada perubahan nyata"),
        ("83.90", "belum ada perubahan nyata"),  # 2,00 is not more than √(1,2² + 1,6²) = 2
        ("83.91", "naik nyata"),
    ],
)
def test_a_change_is_significant_when_it_exceeds_the_combined_margin(
    later: str, change: str
) -> None:
    assert (
        precision.significant_change(measurement("81.90", "1.2"), measurement(later, "1.6"))
        == change
    )


def test_measurements_of_another_series_or_mode_are_not_compared() -> None:
    earlier = measurement("81.90", "1.2")
    assert (
        precision.significant_change(earlier, measurement("90.00", "1.2", series="skm-2004"))
        is None
    )
    assert precision.significant_change(earlier, measurement("90.00", "1.2", bobot="0.11")) is None
    assert precision.significant_change(earlier, measurement("90.00", None)) is None


def test_a_measurement_has_the_series_and_mode_of_its_score(skm: Instrument) -> None:
    rows = random_rows(skm, 40)
    result = scored(skm, *rows)
    measurement = Measurement.from_score(result, precision.margin(result, alone(skm, rows)))
    assert (measurement.ikm, measurement.series, measurement.mode) == (
        result.ikm,
        skm.series,
        ikm.EXACT,
    )
    assert precision.significant_change(measurement, measurement) == "belum ada perubahan nyata"


def test_a_compatibility_weight_shrinks_the_margin_with_the_index(skm: Instrument) -> None:
    rows = random_rows(skm, 40)
    exact = precision.margin(scored(skm, *rows), alone(skm, rows))
    rounded = precision.margin(scored(skm, *rows, mode=ikm.Mode("0.11")), alone(skm, rows))
    assert exact is not None
    assert rounded is not None
    assert abs(Fraction(rounded) / Fraction(exact) - Fraction("0.99")) < Fraction(1, 10**20)
