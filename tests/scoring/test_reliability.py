"""Validity and reliability as practitioners print them, by hand, and answers all alike."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import ikm, reliability
from scoring.instrument import Instrument
from scoring.reliability import Patterns
from tests.scoring import units
from tests.scoring.test_ikm import same

FORM = units.form(units.TWO_BY_TWO)


def answered(*rows: tuple[int | None, ...]) -> Patterns:
    return [(dict(zip(FORM.codes, row, strict=True)), 1) for row in rows]


FOUR = answered((1, 2, 1, 2), (2, 2, 3, 3), (3, 3, 3, 3), (4, 3, 4, 3))


def test_cronbachs_alpha_by_hand() -> None:
    """Sums of squares of the items 5, 1, 4,75 and 0,75 are 11,5; that of the sums is 35.

    4/3 × (1 − 11,5/35) = 94/105 = 0,895…
    """
    found = reliability.analysis(FORM, FOUR)
    assert (found.n, found.incomplete) == (4, 0)
    assert found.alpha == Fraction(94, 105)
    assert found.reliable


def test_a_corrected_item_total_correlation_by_hand() -> None:
    """A_1 is 1 2 3 4; the others' sums are 5 8 9 10: 8 ÷ √(5 × 14) = 0,956…"""
    first = reliability.analysis(FORM, FOUR).items["A_1"]
    assert first.r is not None
    assert ikm.half_up(first.r, 4) == Decimal("0.9562")
    assert abs(first.r**2 - Decimal(64) / 70) < Decimal("1e-25")
    assert first.valid


def test_an_item_that_runs_against_the_others_is_not_valid() -> None:
    against = answered((4, 1, 1, 1), (3, 2, 2, 2), (2, 3, 3, 3), (1, 4, 4, 4))
    found = reliability.analysis(FORM, against).items["A_1"]
    assert (found.r, found.valid) == (Decimal(-1), False)


def test_only_complete_responses_are_studied_and_the_others_counted() -> None:
    found = reliability.analysis(FORM, [*FOUR, *answered((4, None, 1, 1), (None,) * 4)])
    whole = reliability.analysis(FORM, FOUR)
    assert (found.n, found.incomplete) == (4, 2)
    assert (found.alpha, found.items) == (whole.alpha, whole.items)


@pytest.mark.parametrize(
    "rows", [[], [(1, 2, 3, 4)], [(3, 3, 3, 3)] * 5, [(1, 2, 3, 4), (4, 3, 2, 1)]]
)
def test_alpha_that_cannot_be_told_is_none(rows: list[tuple[int | None, ...]]) -> None:
    found = reliability.analysis(FORM, answered(*rows))
    assert (found.alpha, found.reliable) == (None, None)


def test_an_item_everybody_answers_alike_has_no_correlation() -> None:
    found = reliability.analysis(FORM, answered((1, 3, 1, 2), (2, 3, 3, 3), (3, 3, 3, 3)))
    assert (found.items["A_2"].r, found.items["A_2"].valid) == (None, None)
    assert found.items["A_1"].r is not None


def test_a_nilai_off_the_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="A_1: 5 is not on the scale"):
        reliability.analysis(FORM, answered((5, 1, 1, 1)))


rows_drawn = st.lists(
    st.tuples(*[st.sampled_from((None, 1, 2, 3, 4))] * 4), min_size=1, max_size=12
)


@given(rows_drawn, st.integers(2, 4))
def test_equal_responses_may_be_counted_together(
    rows: list[tuple[int | None, ...]], times: int
) -> None:
    together = [(row, times) for row, _ in answered(*rows)]
    apart = reliability.analysis(FORM, answered(*rows * times))
    assert reliability.analysis(FORM, together) == apart


@given(rows_drawn)
def test_a_correlation_never_exceeds_one_nor_alpha(rows: list[tuple[int | None, ...]]) -> None:
    found = reliability.analysis(FORM, answered(*rows))
    assert all(item.r is None or abs(item.r) <= 1 for item in found.items.values())
    assert found.alpha is None or found.alpha <= 1


def test_answers_all_alike_are_flagged_with_the_index_with_and_without(skm: Instrument) -> None:
    """4, 4 and (but for a skipped item) 3 throughout; the fourth is 3 with one 4: 28 ÷ 9 × 25."""
    mixed, skipping = same(skm, 3) | {"WAKTU": 4}, same(skm, 3) | {"WAKTU": None}
    found = reliability.uniform(skm, [(same(skm, 4), 2), (mixed, 1), (skipping, 1)])
    rows = [same(skm, 4), same(skm, 4), mixed, skipping]
    assert (found.n, found.share) == (3, Fraction(3, 4))
    assert found.varied.ikm == Decimal("77.78")
    assert found.everybody == ikm.score(skm, ikm.tally_of(skm, rows))


def test_one_answer_alone_is_not_all_alike(skm: Instrument) -> None:
    found = reliability.uniform(skm, [({"WAKTU": 3}, 1), ({"WAKTU": 3, "BIAYA": 3}, 1)])
    assert (found.n, found.everybody.n, found.varied.n) == (1, 2, 1)


def test_nobody_at_all_has_no_share(skm: Instrument) -> None:
    found = reliability.uniform(skm, [])
    assert (found.n, found.share, found.everybody.ikm) == (0, None, None)
