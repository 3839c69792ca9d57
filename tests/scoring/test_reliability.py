"""Validity and reliability as practitioners calculate them, and uniform responses."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import ikm, reliability
from scoring.instrument import Instrument
from scoring.moments import moments
from scoring.reliability import Patterns, Reliability
from tests.scoring import units
from tests.scoring.test_ikm import same

FORM = units.form(units.TWO_BY_TWO)


def patterns(*rows: tuple[int | None, ...], times: int = 10) -> Patterns:
    """Each of these responses so many times, which changes no alpha and no correlation."""
    return [(dict(zip(FORM.codes, row, strict=True)), times) for row in rows]


def analysis(counted: Patterns) -> Reliability:
    """The analysis of responses counted together."""
    counted = list(counted)
    return reliability.analysis(moments(FORM.codes, counted), sum(times for _, times in counted))


FOUR = list(patterns((1, 2, 1, 2), (2, 2, 3, 3), (3, 3, 3, 3), (4, 3, 4, 3)))


def test_cronbachs_alpha_by_hand() -> None:
    """Sums of squares of the items 5, 1, 4,75 and 0,75 are 11,5; that of the sums is 35.

    4/3 × (1 − 11,5/35) = 94/105 = 0,895…
    """
    result = analysis(FOUR)
    assert (result.n, result.incomplete) == (40, 0)
    assert result.alpha == Fraction(94, 105)
    assert result.reliable


def test_a_corrected_item_total_correlation_by_hand() -> None:
    """A_1 is 1 2 3 4; the others' sums are 5 8 9 10: 8 ÷ √(5 × 14) = 0,956…"""
    first = analysis(FOUR).items["A_1"]
    assert first.r is not None
    assert ikm.half_up(first.r, 4) == Decimal("0.9562")
    assert abs(first.r**2 - Decimal(64) / 70) < Decimal("1e-25")
    assert first.valid


def test_an_item_that_runs_against_the_others_is_not_valid() -> None:
    against = patterns((4, 1, 1, 1), (3, 2, 2, 2), (2, 3, 3, 3), (1, 4, 4, 4))
    result = analysis(against).items["A_1"]
    assert (result.r, result.valid) == (Decimal(-1), False)


def test_only_complete_responses_are_analysed_and_the_others_counted() -> None:
    result = analysis([*FOUR, *patterns((4, None, 1, 1), (None,) * 4, times=1)])
    whole = analysis(FOUR)
    assert (result.n, result.incomplete) == (40, 2)
    assert (result.alpha, result.items) == (whole.alpha, whole.items)


def test_fewer_than_thirty_complete_responses_are_counted_and_not_analysed() -> None:
    enough = [*patterns((1, 2, 1, 2), times=15), *patterns((4, 3, 4, 4), times=15)]
    assert analysis(enough).alpha is not None
    few = [*patterns((1, 2, 1, 2), times=15), *patterns((4, 3, 4, 4), times=14)]
    result = analysis([*few, *patterns((4, None, 1, 1), times=50)])
    assert (result.n, result.incomplete, result.alpha) == (29, 50, None)
    assert [item.r for item in result.items.values()] == [None] * 4


@pytest.mark.parametrize(
    "rows", [[], [(1, 2, 3, 4)], [(3, 3, 3, 3)] * 5, [(1, 2, 3, 4), (4, 3, 2, 1)] * 2]
)
def test_an_alpha_that_is_not_computable_is_none(rows: list[tuple[int | None, ...]]) -> None:
    result = analysis(patterns(*rows))
    assert (result.alpha, result.reliable) == (None, None)


def test_an_item_with_equal_answers_has_no_correlation() -> None:
    result = analysis(patterns((1, 3, 1, 2), (2, 3, 3, 3), (3, 3, 3, 3)))
    assert (result.items["A_2"].r, result.items["A_2"].valid) == (None, None)
    assert result.items["A_1"].r is not None


rows_drawn = st.lists(
    st.tuples(*[st.sampled_from((None, 1, 2, 3, 4))] * 4), min_size=1, max_size=12
)


@given(rows_drawn, st.integers(30, 40))
def test_equal_responses_may_be_counted_together(
    rows: list[tuple[int | None, ...]], times: int
) -> None:
    counted = analysis(patterns(*rows, times=times))
    assert analysis(patterns(*rows * times, times=1)) == counted


@given(rows_drawn)
def test_a_correlation_never_exceeds_one_nor_alpha(rows: list[tuple[int | None, ...]]) -> None:
    result = analysis(patterns(*rows, times=30))
    assert all(item.r is None or abs(item.r) <= 1 for item in result.items.values())
    assert result.alpha is None or result.alpha <= 1


def test_uniform_responses_are_counted_with_the_index_with_and_without_them(
    skm: Instrument,
) -> None:
    """4, 4 and (but for a skipped item) 3 throughout; the fourth is 3 with one 4: 28 ÷ 9 × 25."""
    mixed, skipping = same(skm, 3) | {"WAKTU": 4}, same(skm, 3) | {"WAKTU": None}
    result = reliability.uniform(skm, [(same(skm, 4), 2), (mixed, 1), (skipping, 1)])
    rows = [same(skm, 4), same(skm, 4), mixed, skipping]
    assert (result.n, result.share) == (3, Fraction(3, 4))
    assert result.varied.ikm == Decimal("77.78")
    assert result.everybody == ikm.score(skm, ikm.tally_of(skm, rows))


def test_a_single_answer_is_not_a_uniform_response(skm: Instrument) -> None:
    result = reliability.uniform(skm, [({"WAKTU": 3}, 1), ({"WAKTU": 3, "BIAYA": 3}, 1)])
    assert (result.n, result.everybody.n, result.varied.n) == (1, 2, 1)


def test_without_responses_there_is_no_share_of_uniform_ones(skm: Instrument) -> None:
    result = reliability.uniform(skm, [])
    assert (result.n, result.share, result.everybody.ikm) == (0, None, None)
