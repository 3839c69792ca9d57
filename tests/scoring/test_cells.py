"""An index by attribute tells nobody what a handful of people answered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import cells, ikm
from scoring.instrument import Instrument
from scoring.limits import MIN_RESPONSES
from tests.scoring.test_ikm import same


def tallies(sizes: dict[str, int]) -> dict[str, ikm.Tally]:
    return {label: {"WAKTU": {3: n}, "BIAYA": {0: n}} for label, n in sizes.items()}


def shown(sizes: dict[str, int]) -> dict[str, int]:
    return {
        label: sum(tally["WAKTU"].values())
        for label, tally in cells.publishable(tallies(sizes)).items()
    }


@pytest.mark.parametrize(
    ("sizes", "found"),
    [
        ({"L": 20, "P": 30}, {"L": 20, "P": 30}),
        ({"SD": 20, "S2": 3, "S3": 2}, {"SD": 20, "lainnya": 5}),
        ({"SD": 20, "SMA": 9, "S3": 1}, {"SD": 20, "lainnya": 10}),
        ({"SD": 20, "SMA": 9, "D1-D4": 9, "S3": 4}, {"SD": 20, "SMA": 9, "lainnya": 13}),
        ({"L": 20, "P": 4}, {}),
        ({"L": 2, "P": 1}, {}),
        ({"P": 30, "L": 0}, {}),
        ({"PNS": 20, "lainnya": 7, "TNI": 1}, {"PNS": 20, "lainnya": 8}),
        ({"PNS": 20, "lainnya": 3, "TNI": 1, "POLRI": 6}, {"PNS": 20, "lainnya": 10}),
        ({"PNS": 20, "lainnya": 7}, {"PNS": 20, "lainnya": 7}),
    ],
)
def test_small_cells_are_merged_until_nobody_can_be_told(
    sizes: dict[str, int], found: dict[str, int]
) -> None:
    assert shown(sizes) == found


@given(st.dictionaries(st.sampled_from([*"ABCDEFG", "lainnya"]), st.integers(0, 12)))
def test_no_cell_and_no_difference_to_the_total_is_small(sizes: dict[str, int]) -> None:
    found = shown(sizes)
    assert all(n >= MIN_RESPONSES for n in found.values())
    assert not found or sum(found.values()) == sum(sizes.values())
    kept = {label for label in found if label != "lainnya"}
    assert all(found[label] == sizes[label] for label in kept)
    merged = {label: n for label, n in sizes.items() if n and label not in kept}
    assert not found or len(merged) != 1 or sum(merged.values()) >= MIN_RESPONSES


def answered(skm: Instrument, *sizes: int) -> ikm.Score:
    """So many answered each unsur, all of them 3; 40 answered those that are not named."""
    counts = [*sizes, *[40] * (9 - len(sizes))]
    tally = {code: {3: n, 0: 40 - n} for code, n in zip(skm.codes, counts, strict=True)}
    return ikm.score(skm, tally)


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [
        ((40, 40), 0),
        ((4, 30), 2),  # the index would tell what the four said, so the thirty are kept back too
        ((1, 1, 1, 39), 4),  # and what three single answers said together
        ((4, 4), 2),
        ((5, 30), 0),
        ((0, 0), 0),  # nothing was said, so nothing is kept back
        ((4,) * 9, 9),
    ],
)
def test_a_hidden_unsur_cannot_be_worked_out_from_the_index(
    sizes: tuple[int, ...], hidden: int, skm: Instrument
) -> None:
    score = answered(skm, *sizes)
    kept = {code for code, unsur in score.unsur.items() if unsur.n} - cells.publishable_items(score)
    assert len(kept) == hidden
    assert kept <= set(skm.codes[: max(len(sizes), 2)])


def test_a_merged_cell_is_scored_like_any_other(skm: Instrument) -> None:
    by_age = {
        age: ikm.tally_of(skm, [same(skm, nilai)] * n)
        for age, nilai, n in (("17-25", 4, 8), ("56-65", 2, 4), (">65", 1, 1))
    }
    scores = {age: ikm.score(skm, tally) for age, tally in cells.publishable(by_age).items()}
    assert {age: (score.n, str(score.ikm)) for age, score in scores.items()} == {
        "17-25": (8, "100.00"),
        "lainnya": (5, "45.00"),
    }
