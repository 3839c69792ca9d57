"""What may be called low, and when nothing may."""

import random
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import pytest

from scoring import ikm, naming
from scoring.ikm import Score
from scoring.instrument import Instrument
from scoring.moments import Moments, Row, moments
from scoring.naming import LowUnsur
from tests.scoring.test_ikm import same

Sampled = tuple[Score, Moments]


def sampled(skm: Instrument, rows: Sequence[Row]) -> Sampled:
    """The score and moments of responses that are each a cluster of their own."""
    score = ikm.score(skm, ikm.tally_of(skm, rows))
    return score, moments(skm.codes, ((row, 1) for row in rows))


def opinions(
    skm: Instrument, n: int, seed: int = 1, lower: Mapping[str, int] | None = None, base: int = 3
) -> list[Row]:
    """Responses around `base`, some unsur lower by so much; no two people agree."""
    rng = random.Random(seed)
    return [
        {
            code: max(1, min(4, rng.choice((0, 0, 0, 1, -1)) + base - (lower or {}).get(code, 0)))
            for code in skm.codes
        }
        for _ in range(n)
    ]


@pytest.mark.parametrize(
    ("t", "degrees"),
    [("12.7062", 1), ("4.30265", 2), ("2.77645", 4), ("2.04841", 28), ("1.95996", 10**6)],
)
def test_two_and_a_half_percent_lie_beyond_the_known_quantiles(t: str, degrees: int) -> None:
    assert naming.student_tail(Decimal(t), degrees) == pytest.approx(0.025, rel=1e-4)


@pytest.mark.parametrize("degrees", [*range(1, 40), 999, 1000])
def test_half_of_everything_lies_beyond_zero_and_nothing_beyond_much(degrees: int) -> None:
    assert naming.student_tail(Decimal(0), degrees) == pytest.approx(0.5)
    assert 0 <= naming.student_tail(Decimal(10**9), degrees) < 1e-9


def test_an_unsur_far_below_the_others_is_clearly_lower(skm: Instrument) -> None:
    lower = naming.lower_unsur(*sampled(skm, opinions(skm, 40, lower={"WAKTU": 1})))
    assert [code for code, is_lower in lower.items() if is_lower] == ["WAKTU"]


def test_two_unsur_below_the_others_are_both_clearly_lower(skm: Instrument) -> None:
    rows = opinions(skm, 80, lower={"WAKTU": 1, "BIAYA": 1})
    lower = naming.lower_unsur(*sampled(skm, rows))
    assert {code for code, is_lower in lower.items() if is_lower} == {"WAKTU", "BIAYA"}


def test_of_equal_unsur_none_is_clearly_lower_although_three_are_lowest(skm: Instrument) -> None:
    low, _ = naming.priorities(*sampled(skm, opinions(skm, 40, seed=7)))
    assert len(low) == 3
    assert not any(each.clearly_lower for each in low)


def test_the_nine_unsur_are_tested_together(skm: Instrument) -> None:
    """Alone, p = 0,0095 would be clear; as the largest of nine it must be below 0,05 ÷ 9."""
    usual = same(skm, 3)
    rows = [usual | {"WAKTU": 2}] * 10 + [usual | {"WAKTU": 4}] * 2 + [usual] * 28
    score, found = sampled(skm, rows)
    assert score.unsur["WAKTU"].nrr == Fraction(112, 40)
    t = Decimal("0.2") / (Decimal("0.26") / 39).sqrt()
    assert naming.student_tail(t, 39) == pytest.approx(0.0095, abs=1e-4)
    assert not naming.lower_unsur(score, found)["WAKTU"]


def test_one_respondent_names_nothing(skm: Instrument) -> None:
    score, found = sampled(skm, [same(skm, 4) | {"WAKTU": 1}])
    assert not any(naming.lower_unsur(score, found).values())


def test_the_three_responses_of_each_phone_do_not_make_an_unsur_lower(skm: Instrument) -> None:
    phones = opinions(skm, 6, seed=3, lower={"WAKTU": 1})
    rows = [row for row in phones for _ in range(3)]
    score, alone = sampled(skm, rows)
    by_phone = moments(skm.codes, (), ([row] * 3 for row in phones))
    assert naming.lower_unsur(score, alone)["WAKTU"]
    assert not naming.lower_unsur(score, by_phone)["WAKTU"]


def test_an_unsur_that_nobody_answered_is_not_among_the_lowest(skm: Instrument) -> None:
    rows = [{**row, "BIAYA": None} for row in opinions(skm, 40, lower={"WAKTU": 1})]
    low, _ = naming.priorities(*sampled(skm, rows))
    assert low[0].code == "WAKTU"
    assert low[0].clearly_lower
    assert "BIAYA" not in [each.code for each in low]


def test_equal_unsur_are_listed_in_the_instruments_order(skm: Instrument) -> None:
    rows: list[Row] = [same(skm, 3) | {"KOMPETENSI": 4, "PERSYARATAN": 4}] * 9
    low, _ = naming.priorities(*sampled(skm, rows))
    assert [each.code for each in low] == ["PROSEDUR", "WAKTU", "BIAYA"]
    assert low[0] == LowUnsur("PROSEDUR", Fraction(3), "C", clearly_lower=False)


def test_when_all_unsur_are_equal_none_is_lowest(skm: Instrument) -> None:
    assert naming.priorities(*sampled(skm, [same(skm, 4), same(skm, 4)])) == ((), ())
    assert naming.priorities(*sampled(skm, [])) == ((), ())


def test_every_unsur_of_mutu_c_or_d_is_listed_also_when_all_are_equal(skm: Instrument) -> None:
    _, equal = naming.priorities(*sampled(skm, [same(skm, 3), same(skm, 2)]))
    assert [each.code for each in equal] == list(skm.codes)
    some: Row = same(skm, 3) | {"SARANA": 2, "PERILAKU": 4, "PRODUK": 4}
    lowest, low = naming.priorities(*sampled(skm, [some] * 5))
    assert [(each.code, each.mutu) for each in lowest] == [
        *(("SARANA", "D"), ("PERSYARATAN", "C"), ("PROSEDUR", "C"))
    ]
    assert [each.code for each in low] == ["WAKTU", "BIAYA", "KOMPETENSI", "PENGADUAN"]


def test_a_service_far_below_the_others_is_named_however_small(skm: Instrument) -> None:
    everywhere = dict.fromkeys(skm.codes, 1)
    groups = {
        "KTP-el": sampled(skm, opinions(skm, 40, seed=1)),
        "KK": sampled(skm, opinions(skm, 25, seed=2)),
        "SKTM": sampled(skm, opinions(skm, 8, seed=3, lower=everywhere)),
    }
    assert naming.lower_groups(groups) == {"SKTM"}
    assert naming.named_groups(groups) == {"KTP-el", "SKTM"}


def test_the_lowest_of_equal_small_services_is_not_named(skm: Instrument) -> None:
    groups = {name: sampled(skm, opinions(skm, 10, seed=name)) for name in range(12)}
    assert naming.named_groups(groups) == set()


def test_a_service_is_measured_against_the_others_not_against_all(skm: Instrument) -> None:
    """Of two services the others are the other one: both sides of one difference."""
    groups = {
        "low": sampled(skm, opinions(skm, 29, seed=1, lower=dict.fromkeys(skm.codes, 1))),
        "high": sampled(skm, opinions(skm, 29, seed=2)),
    }
    assert naming.lower_groups(groups) == {"low"}


def test_a_service_that_cannot_be_tested_is_not_lower(skm: Instrument) -> None:
    groups = {
        "one answer": sampled(skm, [same(skm, 1)]),
        "all alike": sampled(skm, [same(skm, 1)] * 6),
        "an unsur empty": sampled(skm, [{**row, "BIAYA": None} for row in opinions(skm, 6)]),
        "the others": sampled(skm, opinions(skm, 29)),
    }
    assert naming.lower_groups(groups) == set()
    assert naming.lower_groups({"alone": groups["the others"]}) == set()


def test_what_is_to_be_kept_is_never_what_is_to_be_improved(skm: Instrument) -> None:
    score, _ = sampled(skm, [same(skm, 4) | {"WAKTU": 1, "SARANA": 3}] * 5)
    low = naming.lowest_codes(score)
    assert low == ("WAKTU", "SARANA", "PERSYARATAN")
    assert naming.highest_codes(score, low) == ("PROSEDUR", "BIAYA", "PRODUK")
    assert naming.highest_codes(score, list(score.unsur)) == ()
    equal, _ = sampled(skm, [same(skm, 4)] * 5)
    assert naming.lowest_codes(equal) == naming.highest_codes(equal, ()) == ()
