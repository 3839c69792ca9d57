"""Ages as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import option_words
from scoring.option_words import MOST, Ages
from tests.scoring.typed import ANYTHING


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        *((text, 34, 34) for text in ("34", "34 th", "34thn.", "34 Tahun", "umur: 34", "34,00")),
        *((text, 34, 34) for text in ("usia 34 thn", "34 tahun 5 bulan", "\N{NO-BREAK SPACE}34")),
        *((text, 26, 35) for text in ("26-35", "26 – 35 th", "26 s/d 35", "26 s.d. 35 tahun")),
        *((text, 26, 35) for text in ("26 th sampai 35 th", "26 sd 35", "26 hingga 35")),
        *((text, 66, MOST) for text in (">65", "> 65 th", "di atas 65", "diatas 65 tahun", "66+")),
        *((text, 66, MOST) for text in ("lebih dari 65", ">= 66", "≥66", "66 tahun ke atas")),
        *((text, 0, 16) for text in ("<17", "di bawah 17", "Dibawah 17 thn", "kurang dari 17")),
        *((text, 0, 16) for text in ("<= 16", "≤ 16", "16 ke bawah")),
    ],
)
def test_ages_are_read(text: str, first: int, last: int) -> None:
    assert option_words.parse_ages(text) == Ages(first, last)


@pytest.mark.parametrize("text", ["", "tua", "34,5", "1985", "34 bulan", "tiga puluh", "±40", "> "])
def test_what_is_no_age_is_refused(text: str) -> None:
    assert option_words.parse_ages(text) is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [("34", True), ("3", False), ("0", False), ("999", False), ("35-26", False), ("<17", True),
     ("> 65", True), ("> 500", False), ("1-2", False), ("10", True), ("110", True)],
)  # fmt: skip
def test_an_age_that_nobody_has_is_not_plausible(text: str, answer: bool) -> None:
    written = option_words.parse_ages(text)
    assert written is not None
    assert option_words.plausible(written) is answer


@given(st.integers(10, 110), st.sampled_from(["{}", "{} th", "{}thn", "Usia {} tahun"]))
def test_each_age_is_read_with_any_unit(years: int, form: str) -> None:
    assert option_words.parse_ages(form.format(years)) == Ages(years, years)


@given(ANYTHING)
def test_any_text_names_ages_or_none(text: str) -> None:
    written = option_words.parse_ages(text)
    assert written is None or written.last - written.first <= MOST
