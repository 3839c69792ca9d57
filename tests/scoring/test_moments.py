"""Second moments of answers: exact, additive, and read back as written."""

import random
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import moments
from scoring.moments import Moments, Row

CODES = ("WAKTU", "BIAYA", "SARANA")

row = st.fixed_dictionaries(dict.fromkeys(CODES, st.sampled_from((None, 1, 2, 3, 4))))
phones = st.lists(st.lists(row, min_size=1, max_size=3), max_size=8)


def of_phones(phones: list[list[Row]]) -> Moments:
    return moments.moments(CODES, (), phones)


def vector(rows: list[Row]) -> list[int]:
    """The number of answers to each item, then their sums."""
    return [sum(bool(row.get(code)) for row in rows) for code in CODES] + [
        sum(row.get(code) or 0 for row in rows) for code in CODES
    ]


def test_the_moments_of_two_phones_by_hand() -> None:
    """One phone answered twice, 4 – 2 and 3 3 1; the other once, 2 2 2."""
    twice: list[Row] = [{"WAKTU": 4, "SARANA": 2}, {"WAKTU": 3, "BIAYA": 3, "SARANA": 1}]
    found = moments.moments(CODES, [(dict.fromkeys(CODES, 2), 1)], [twice])
    assert (found.clusters, found.complete) == (2, 2)
    assert found.products[0] == (2 * 2 + 1, 2 * 1 + 1, 2 * 2 + 1, 2 * 7 + 2, 2 * 3 + 2, 2 * 3 + 2)
    assert found.products[3] == (7 * 2 + 2, 7 + 2, 7 * 2 + 2, 49 + 4, 21 + 4, 21 + 4)
    assert found.complete_sums == (5, 5, 3)
    assert found.complete_products == ((13, 13, 7), (13, 13, 7), (7, 7, 5))


@given(phones)
def test_the_matrix_is_the_sum_of_the_products_of_each_phone(phones: list[list[Row]]) -> None:
    vectors = [vector(rows) for rows in phones]
    expected = [
        [sum(each[i] * each[j] for each in vectors) for j in range(2 * len(CODES))]
        for i in range(2 * len(CODES))
    ]
    assert [list(row) for row in of_phones(phones).products] == expected


@given(st.lists(st.tuples(row, st.integers(1, 5)), max_size=8))
def test_a_response_alone_is_a_phone_with_one_response(patterns: list[tuple[Row, int]]) -> None:
    singles = [[row] for row, times in patterns for _ in range(times)]
    assert moments.moments(CODES, patterns) == of_phones(singles)


@pytest.mark.slow
@given(phones, phones)
def test_moments_of_two_blocks_add_up_and_subtract(
    first: list[list[Row]], second: list[list[Row]]
) -> None:
    union = of_phones(first) + of_phones(second)
    assert union == of_phones(first + second)
    assert union - of_phones(second) == of_phones(first)
    assert union + moments.nothing(CODES) == union


@pytest.mark.slow
@given(phones, st.lists(st.fractions(max_denominator=9), min_size=6, max_size=6))
def test_a_sum_of_squares_over_phones_comes_from_the_matrix(
    phones: list[list[Row]], coefficients: list[Fraction]
) -> None:
    totals = [
        sum(c * value for c, value in zip(coefficients, vector(rows), strict=True))
        for rows in phones
    ]
    assert of_phones(phones).squares(coefficients) == sum(total**2 for total in totals)


@given(phones)
def test_moments_are_read_as_they_were_written(phones: list[list[Row]]) -> None:
    written = of_phones(phones).to_json()
    assert (len(written["products"]), len(written["complete_products"])) == (21, 6)
    assert Moments.from_json(written) == of_phones(phones)


def test_nine_unsur_are_stored_as_171_and_45_integers() -> None:
    written = moments.nothing([f"U{number}" for number in range(1, 10)]).to_json()
    assert (len(written["products"]), len(written["complete_products"])) == (171, 45)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"products": [1] * 20}, "products is not a list of 21 integers"),
        ({"complete_sums": [1, 2, True]}, "complete_sums holds a value"),
        ({"clusters": -1}, "clusters holds a value"),
        ({"complete_products": "123456"}, "complete_products is not a list"),
        ({"codes": ["WAKTU", "WAKTU", "SARANA"]}, "names an item twice"),
        ({"codes": "WAKTU"}, "not a list of texts"),
        ({"owners": []}, "have the keys"),
    ],
)
def test_stored_moments_that_are_damaged_are_refused(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Moments.from_json(moments.nothing(CODES).to_json() | changed)


def test_moments_of_other_items_do_not_add_up() -> None:
    with pytest.raises(ValueError, match="do not add up"):
        moments.nothing(CODES) + moments.nothing(CODES[:2])


@pytest.mark.parametrize("nilai", [-1, 100])
def test_a_nilai_beyond_every_scale_is_refused(nilai: int) -> None:
    with pytest.raises(ValueError, match="not from 0 to 99"):
        moments.moments(CODES, [({"WAKTU": nilai}, 1)])


def test_ten_thousand_million_responses_fill_no_field_of_the_packed_sums() -> None:
    generator = random.Random(5)
    rows = [{code: generator.choice((0, 1, 4, 99)) for code in CODES} for _ in range(50)]
    found = moments.moments(CODES, [(row, 200_000_000) for row in rows])
    one = moments.moments(CODES, [(row, 1) for row in rows])
    assert found.products == tuple(tuple(value * 200_000_000 for value in r) for r in one.products)
