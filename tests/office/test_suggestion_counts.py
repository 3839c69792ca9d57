"""How many suggestions are told: never a few by unsur."""

from office.papers.own_words import large_enough


def test_an_unsur_is_named_from_five_suggestions_and_the_rest_is_enough_together() -> None:
    """unsur and count -> what is named."""
    cases: tuple[tuple[dict[str, int], dict[str, int]], ...] = (
        ({"WAKTU": 4}, {}),
        ({"WAKTU": 5}, {"WAKTU": 5}),
        ({"WAKTU": 6, "": 4}, {}),
        ({"WAKTU": 6, "": 5}, {"WAKTU": 6}),
        ({"WAKTU": 6, "SARANA": 9, "BIAYA": 1}, {"SARANA": 9}),
        ({"WAKTU": 6, "lain-lain": 7, "BIAYA": 3, "": 2}, {"WAKTU": 6, "lain-lain": 7}),
    )
    assert [large_enough(counts) for counts, _ in cases] == [named for _, named in cases]
