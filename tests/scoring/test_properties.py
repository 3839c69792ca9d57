"""Properties of the index that hold for any answers."""

import random
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import ikm, instrument_file, precision
from scoring.instrument import Instrument
from scoring.moments import moments

SKM = instrument_file.named("skm-2017")
SKM_2004 = instrument_file.named("skm-2004")

Row = dict[str, int | None]


def rows_of(instrument: Instrument, *, skips: bool = True) -> st.SearchStrategy[list[Row]]:
    nilai = st.sampled_from([*instrument.steps, None] if skips else [*instrument.steps])
    row = st.fixed_dictionaries(dict.fromkeys(instrument.codes, nilai))
    return st.lists(row, min_size=1, max_size=25)


def score(rows: list[Row]) -> ikm.Score:
    return ikm.score(SKM, ikm.tally_of(SKM, rows))


def margin(rows: list[Row], phones: int | None = None) -> Decimal | None:
    """The margin of rows that came from so many phones in turn, or each from its own."""
    of_phones = [rows[phone::phones] for phone in range(phones or 0)]
    alone = () if phones else ((row, 1) for row in rows)
    return precision.margin(score(rows), moments(SKM.codes, alone, filter(None, of_phones)))


@pytest.mark.slow
@given(rows_of(SKM))
def test_an_exact_ikm_lies_between_25_and_100(rows: list[Row]) -> None:
    result = score(rows)
    assert result.ikm is None or 25 <= result.ikm <= 100
    for unsur in result.unsur.values():
        assert unsur.nik is None or 25 <= unsur.nik <= 100


@given(st.sampled_from(SKM.steps), st.integers(1, 50), st.sampled_from([SKM, SKM_2004]))
def test_everybody_answering_k_gives_25_times_k(
    k: int, people: int, instrument: Instrument
) -> None:
    rows: list[Row] = [dict.fromkeys(instrument.codes, k)] * people
    assert ikm.score(instrument, ikm.tally_of(instrument, rows)).ikm == Decimal(25 * k)


@pytest.mark.slow
@given(rows_of(SKM), rows_of(SKM))
def test_tallies_of_services_add_up_to_the_units(first: list[Row], second: list[Row]) -> None:
    total = ikm.merged(ikm.tally_of(SKM, first), ikm.tally_of(SKM, second))
    assert total == ikm.tally_of(SKM, first + second)


@pytest.mark.slow
@given(rows_of(SKM), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_change_the_result(
    rows: list[Row], generator: random.Random
) -> None:
    shuffled = generator.sample(rows, len(rows))
    assert score(shuffled) == score(rows)
    assert margin(shuffled) == margin(rows)


@pytest.mark.slow
@given(rows_of(SKM, skips=False))
def test_without_skips_the_margin_is_that_of_the_means_of_the_respondents(rows: list[Row]) -> None:
    means = [Fraction(sum(nilai or 0 for nilai in row.values()), 9) for row in rows]
    n, centre = len(rows), sum(means, Fraction(0)) / len(rows)
    found = margin(rows)
    if n < 2 or len(set(means)) == 1:
        assert found is None
        return
    variance = sum(((mean - centre) ** 2 for mean in means), Fraction(0)) / (n - 1)
    expected = (float(variance) / n) ** 0.5 * 25 * float(precision.quantile(n))
    assert found is not None
    assert abs(float(found) - expected) < 1e-9


@pytest.mark.slow
@given(rows_of(SKM), st.integers(1, 10))
def test_a_margin_is_never_zero_however_the_phones_are_shared(rows: list[Row], phones: int) -> None:
    for found in (margin(rows), margin(rows, phones)):
        assert found is None or found > 0


@pytest.mark.slow
@given(rows_of(SKM))
def test_responses_of_one_phone_alone_have_no_margin(rows: list[Row]) -> None:
    assert margin(rows, phones=1) is None


@pytest.mark.slow
@given(rows_of(SKM))
def test_a_mode_changes_the_ikm_little_and_warns_when_the_mutu_differs(rows: list[Row]) -> None:
    tally = ikm.tally_of(SKM, rows)
    exact = ikm.score(SKM, tally)
    for bobot in ("1/k", "0.11", "0.111"):
        for pembulatan in ikm.ROUNDINGS:
            result = ikm.score(SKM, tally, ikm.Mode(bobot, pembulatan))
            codes = {warning.kode for warning in result.warnings}
            assert (result.mutu != exact.mutu) == ("mutu_berbeda" in codes)
            if result.ikm is not None and exact.ikm is not None:
                assert abs(result.ikm - exact.ikm) <= Decimal("1.26")
