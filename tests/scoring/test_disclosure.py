"""A published breakdown by attribute does not reveal the answers of a few people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.figures import disclosure
from scoring import ikm
from scoring.instrument import Instrument
from scoring.limits import MIN_RESPONSES
from tests.scoring.test_ikm import same


def tallies(sizes: dict[str, int]) -> dict[str, ikm.Tally]:
    return {label: {"WAKTU": {3: n}, "BIAYA": {0: n}} for label, n in sizes.items()}


def published_sizes(sizes: dict[str, int]) -> dict[str, int]:
    return {
        label: sum(tally["WAKTU"].values())
        for label, tally in disclosure.publishable(tallies(sizes)).items()
    }


@pytest.mark.parametrize(
    ("sizes", "expected"),
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
def test_small_cells_are_merged_until_no_cell_is_too_small(
    sizes: dict[str, int], expected: dict[str, int]
) -> None:
    assert published_sizes(sizes) == expected


@given(st.dictionaries(st.sampled_from([*"ABCDEFG", "lainnya"]), st.integers(0, 12)))
def test_neither_a_cell_nor_its_difference_to_the_total_is_too_small(sizes: dict[str, int]) -> None:
    published = published_sizes(sizes)
    assert all(n >= MIN_RESPONSES for n in published.values())
    assert not published or sum(published.values()) == sum(sizes.values())
    unmerged = {label for label in published if label != "lainnya"}
    assert all(published[label] == sizes[label] for label in unmerged)
    merged = {label: n for label, n in sizes.items() if n and label not in unmerged}
    assert not published or len(merged) != 1 or sum(merged.values()) >= MIN_RESPONSES


def score_with_sizes(skm: Instrument, *sizes: int) -> ikm.Score:
    """A score of 40 people; `sizes` is how many answered the first unsur, each with nilai 3."""
    counts = [*sizes, *[40] * (9 - len(sizes))]
    tally = {code: {3: n, 0: 40 - n} for code, n in zip(skm.codes, counts, strict=True)}
    return ikm.score(skm, tally)


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [
        ((40, 40), 0),
        ((4, 30), 2),  # the index would reveal the answers of the four, so a second unsur is hidden
        ((1, 1, 1, 39), 4),  # the index would reveal the sum of three single answers
        ((4, 4), 2),
        ((5, 30), 0),
        ((0, 0), 0),  # no answers, so nothing to hide
        ((4,) * 9, 9),
    ],
)
def test_a_hidden_unsur_cannot_be_calculated_from_the_index(
    sizes: tuple[int, ...], hidden: int, skm: Instrument
) -> None:
    score = score_with_sizes(skm, *sizes)
    hidden_codes = {code for code, unsur in score.unsur.items() if unsur.n} - ikm.publishable_items(
        score
    )
    assert len(hidden_codes) == hidden
    assert hidden_codes <= set(skm.codes[: max(len(sizes), 2)])


def test_a_merged_cell_gets_a_score_like_any_other(skm: Instrument) -> None:
    by_age = {
        age: ikm.tally_of(skm, [same(skm, nilai)] * n)
        for age, nilai, n in (("17-25", 4, 8), ("56-65", 2, 4), (">65", 1, 1))
    }
    scores = {age: ikm.score(skm, tally) for age, tally in disclosure.publishable(by_age).items()}
    assert {age: (score.n, str(score.ikm)) for age, score in scores.items()} == {
        "17-25": (8, "100.00"),
        "lainnya": (5, "45.00"),
    }
