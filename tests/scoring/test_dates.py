"""Dates as people write them: the day before the month, never a guess."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scoring import dates
from scoring.dates import LAST_SHORT_YEAR, WEEKDAYS, NotADate, WrongWeekday
from scoring.period import MONTHS, YEARS
from tests.scoring.typed import ANYTHING

DAYS = st.dates(date(YEARS.start, 1, 1), date(YEARS.stop - 1, 12, 31))
SHORT_DAYS = st.dates(date(2000, 1, 1), date(2000 + LAST_SHORT_YEAR, 12, 31))
TIMES = ("", " 10:15", "T10:15:33", " 9.05 WIB", ", pukul 13.30", " 1:05:09 PM", " 10:15 GMT+7")


@pytest.mark.parametrize(
    "text",
    [
        *("3 Maret 2026", "3 maret 2026", "03 Mar 2026", "3-Mar-26", "3 Mar. '26", "3Maret2026"),
        *("03-03-26", "3/3/2026", "03.03.2026", "3 3 2026", "3 / 3 / 26", "2026-03-03", "2026/3/3"),
        *("2026-03-03 10:15", "2026-03-03T10:15:00", "2026/03/03 10:15:33 AM GMT+7"),
        *("Selasa, 3 Maret 2026", "SELASA 3/3/26", "Sel, 3-3-2026 10.15 WIB", "hari Selasa 3/3/26"),
        *("Tuesday, March 3, 2026", "March 3rd 2026", "Tgl. 3–3–2026", "3\N{NO-BREAK SPACE}Mar 26"),
    ],
)
def test_the_third_of_march_is_read_however_it_is_written(text: str) -> None:
    assert dates.parse(text) == date(2026, 3, 3)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("03/04/2026", date(2026, 4, 3)),
        ("12-11-10", date(2010, 11, 12)),
        ("Jum'at 6 Pebruari 2026", date(2026, 2, 6)),
        ("Jum’at, 6 Nopember 2026", date(2026, 11, 6)),
        ("Ahad 1 Ags 2027", date(2027, 8, 1)),
        ("29 Februari 2024", date(2024, 2, 29)),
        ("1 Sept 26", date(2026, 9, 1)),
        ("5 Mei 2026", date(2026, 5, 5)),
        ("5 May 2026", date(2026, 5, 5)),
    ],
)
def test_the_day_stands_before_the_month(text: str, day: date) -> None:
    assert dates.parse(text) == day


@pytest.mark.parametrize(
    "text",
    [
        *("", "besok", "2026", "Maret 2026", "3 Maret", "3 Ma 2026", "3 Marett 2026", "32/1/2026"),
        *("03/15/2026", "30 Februari 2026", "29-02-2026", "0/1/2026", "1/13/26", "3-3/2026"),
        *("1/1/0026", "1/1/3026", "3/3/98", "3/3/026", "3/3/20266", "46204", "03032026"),
        *("2026-03-03 25:00", "2026-03-03 10:75", "2026-03-03T10:15:00Z", "3 Maret 2026 siang"),
        *("Kemis 3/3/2026", "3/3/2026 3/3/2026", "٣/٣/٢٠٢٦", "3/3/2026; DROP"),
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(NotADate):
        dates.parse(text)


def test_a_date_with_the_name_of_another_day_is_refused() -> None:
    with pytest.raises(WrongWeekday) as refusal:
        dates.parse("Senin, 3 Maret 2026")
    assert (refusal.value.written, refusal.value.weekday) == ("Senin", "Selasa")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("46084", date(2026, 3, 3)),
        ("46084.4271", date(2026, 3, 3)),
        ("46084,5", date(2026, 3, 3)),
        ("4608", None),
        ("460840", None),
        ("12345", None),
        ("3/3/2026", None),
    ],
)
def test_the_number_of_a_spreadsheet_is_a_date(text: str, day: date | None) -> None:
    assert dates.of_serial(text) == day


@given(DAYS, st.sampled_from(TIMES), st.booleans())
@example(date(2026, 8, 17), " 10:15", True)
def test_each_day_of_the_calendar_is_read_in_each_form(day: date, time: str, named: bool) -> None:
    d, m, y = day.day, day.month, day.year
    name = MONTHS["id"][m]
    weekday = f"{WEEKDAYS[day.weekday()]}, " if named else ""
    for form in (
        *(f"{y}-{m:02}-{d:02}", f"{d}/{m}/{y}", f"{d:02}.{m:02}.{y}", f"{d} {name} {y}"),
        *(f"{d}-{name[:3]}-{y}", f"{d} {MONTHS['en'][m]} {y}", f"{MONTHS['en'][m]} {d}, {y}"),
    ):
        assert dates.parse(f"{weekday}{form}{time}") == day, form


@given(SHORT_DAYS)
def test_a_year_of_two_digits_is_of_this_century(day: date) -> None:
    assert dates.parse(f"{day.day}/{day.month}/{day.year % 100:02}") == day
    assert dates.parse(f"{day:%d-%m-%y}") == day


@given(DAYS, st.integers(1, 6))
def test_the_name_of_another_day_is_always_refused(day: date, ahead: int) -> None:
    other = day + timedelta(days=ahead)
    with pytest.raises(WrongWeekday):
        dates.parse(f"{WEEKDAYS[other.weekday()]} {day.day}/{day.month}/{day.year}")


@given(ANYTHING)
def test_any_text_is_a_day_or_is_refused(text: str) -> None:
    try:
        day = dates.parse(text)
    except (NotADate, WrongWeekday):
        return
    assert day.year in YEARS
