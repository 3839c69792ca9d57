"""Hours as people write them, put into the bands of the form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import paper_cells
from scoring.survey_hours import BANDS, OTHER, band_of
from tests.scoring.typed import ANYTHING


@pytest.mark.parametrize(
    ("text", "band"),
    [
        *((text, "08-12") for text in ("08-12", "8 – 12", "08.00-12.00 WIB", "08:00 s/d 12:00")),
        *((text, "08-12") for text in ("08.00 WIB sd 12.00 WIB", "0800-1200", "8 sampai 12")),
        *((text, "08-12") for text in ("08.30", "8:30 WIB", "8,30", "0830", "jam 9", "pkl. 9.15")),
        *((text, "08-12") for text in ("9", "9 AM", "9 pagi", "11 siang", "09.00-10.30", "0.375")),
        *(
            (text, "13-17")
            for text in ("13-17", "13.00 s.d. 17.00", "1 PM", "1:30 p.m.", "2 siang")
        ),
        *((text, "13-17") for text in ("3 sore", "1-3 sore", "14:15:00", "13.00–14.30", "0.59375")),
        *((text, "lain") for text in ("lain", "Lainnya", "lain-lain", "12.00", "12 siang", "7")),
        *((text, "lain") for text in ("17:00", "7 malam", "12-13", "17.00-19.00", "12 AM", "0")),
    ],
)
def test_an_hour_is_put_into_its_band(text: str, band: str) -> None:
    assert paper_cells.parse_hours(text) == band


@pytest.mark.parametrize(
    "text",
    [
        *("", "pagi", "siang", "25:00", "24", "9.60", "9 sore", "13 AM", "8-17", "10-14", "12-8"),
        *("11-1", "8-12-13", "jam", "WIB", "1234567", "8 30", "-9", "0.5", "٩", "9 pagi pagi"),
    ],
)
def test_what_is_no_hour_or_reaches_into_several_bands_is_refused(text: str) -> None:
    assert paper_cells.parse_hours(text) is None


@pytest.mark.parametrize("text", ["1", "1.00", "01:00:00", "2:30", "4", "1-4"])
def test_an_hour_that_may_be_at_night_or_after_noon_is_refused(text: str) -> None:
    assert paper_cells.parse_hours(text) is None


@given(st.integers(5, 23), st.integers(0, 59), st.sampled_from(["{}:{:02}", "{:02}.{:02} WIB"]))
def test_every_hour_of_the_day_is_read(hour: int, minute: int, form: str) -> None:
    assert paper_cells.parse_hours(form.format(hour, minute)) == band_of(hour)


@given(st.integers(0, 24 * 60 - 1), st.sampled_from([".", ","]))
def test_a_time_that_lost_its_format_is_read(minute: int, sign: str) -> None:
    fraction = f"{minute / (24 * 60):.12f}".replace(".", sign)
    assert paper_cells.parse_hours(fraction) == band_of(minute // 60)


@given(st.integers(5, 22), st.integers(1, 17))
def test_a_span_is_in_the_band_that_holds_all_of_it(start: int, length: int) -> None:
    end = start + length
    held = [band for band, of in BANDS.items() if of.start <= start and end <= of.stop]
    apart = end <= 8 or (start >= 12 and end <= 13) or start >= 17
    expected = held[0] if held else OTHER if apart and end < 24 else None
    assert paper_cells.parse_hours(f"{start}.00 - {end}.00") == expected


@given(ANYTHING)
def test_any_text_is_a_band_or_is_refused(text: str) -> None:
    assert paper_cells.parse_hours(text) in (*BANDS, OTHER, None)
