"""Periods: labels, half-open intervals, neighbours, titles and working days."""

import pickle
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.words import all_words
from scoring import period

ENGLISH = all_words.load().of("en").dates
WIB, WIT = period.WIB, ZoneInfo("Asia/Jayapura")
KINDS: tuple[period.Kind, ...] = ("tahun", "semester", "triwulan", "bulan", "minggu")
MONDAY_TO_FRIDAY = frozenset(range(5))


@pytest.mark.parametrize(
    ("label", "first", "after"),
    [
        ("2026", "2026-01-01", "2027-01-01"),
        ("2026-S1", "2026-01-01", "2026-07-01"),
        ("2026-S2", "2026-07-01", "2027-01-01"),
        ("2026-TW1", "2026-01-01", "2026-04-01"),
        ("2026-TW3", "2026-07-01", "2026-10-01"),
        ("2026-TW4", "2026-10-01", "2027-01-01"),
        ("2024-02", "2024-02-01", "2024-03-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("2026-W14", "2026-03-30", "2026-04-06"),
        ("2026-W53", "2026-12-28", "2027-01-04"),
    ],
)
def test_a_period_starts_at_its_first_midnight_and_ends_at_the_next_periods(
    label: str, first: str, after: str
) -> None:
    result = period.parse(label, WIB)
    assert result.start == datetime.fromisoformat(f"{first}T00:00+07:00")
    assert result.end == datetime.fromisoformat(f"{after}T00:00+07:00")
    assert (result.start.tzinfo, result.end.tzinfo) == (UTC, UTC)
    assert result.label == label


def test_a_label_may_have_lower_case_letters_and_spaces() -> None:
    assert period.parse(" 2026-tw3 ", WIB) == period.parse("2026-TW3", WIB)


@pytest.mark.parametrize(
    "label",
    [
        *("", "26", "1969", "2200", "2026-13", "2026-00", "2026-6", "2026-TW5", "2026-TW0"),
        *("2026-S3", "2026-W00", "2025-W53", "2026-W1", "TW3-2026", "2026-TW3\n2027", "२०२६"),
    ],
)
def test_an_invalid_label_is_refused(label: str) -> None:
    with pytest.raises(ValueError, match="tidak dikenal; tulis seperti 2026, 2026-S1, 2026-TW1"):
        period.parse(label, WIB)


def test_a_moment_belongs_to_the_local_date_of_the_zone() -> None:
    late = datetime(2026, 6, 30, 17, 30, tzinfo=UTC)  # 00:30 WIB, 02:30 WIT of 1 July
    early = datetime(2026, 6, 30, 16, 0, tzinfo=UTC)  # 23:00 WIB, but 01:00 WIT of 1 July
    assert period.containing(late, "triwulan", WIB).label == "2026-TW3"
    assert period.containing(early, "triwulan", WIB).label == "2026-TW2"
    assert period.containing(early, "triwulan", WIT).label == "2026-TW3"


def test_the_first_days_of_january_may_belong_to_the_last_week_of_the_year_before() -> None:
    assert period.containing(datetime(2027, 1, 2, tzinfo=WIB), "minggu", WIB).label == "2026-W53"


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no zone"):
        period.containing(datetime(2026, 7, 1), "bulan", WIB)  # noqa: DTZ001 - the mistake under test


moments = st.datetimes(datetime(1975, 1, 1), datetime(2195, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


@given(moments, st.sampled_from(KINDS), st.sampled_from([WIB, WIT, ZoneInfo("Europe/Amsterdam")]))
def test_periods_follow_each_other_without_gap_or_overlap(
    moment: datetime, kind: period.Kind, zone: ZoneInfo
) -> None:
    result = period.containing(moment, kind, zone)
    assert moment in result
    assert result.next().start == result.end
    assert result.previous().end == result.start
    assert result.next().previous() == result
    assert period.parse(result.label, zone) == result
    assert period.kind(result) == kind
    assert result.previous() < result < result.next()


def test_neighbours_cross_the_year() -> None:
    assert period.previous(period.parse("2026-TW1", WIB)).label == "2025-TW4"
    assert period.following(period.parse("2026-12", WIB)).label == "2027-01"
    assert period.previous(period.parse("2027-W01", WIB)).label == "2026-W53"


def test_a_period_from_stored_columns_has_neighbours_only_with_its_own_zone() -> None:
    jakarta = period.parse("2026-TW3", WIB)
    papua = period.parse("2026-TW3", WIT)
    assert period.Period(jakarta.label, jakarta.start, jakarta.end).next().label == "2026-TW4"
    assert period.Period(papua.label, papua.start, papua.end, WIT).next().label == "2026-TW4"
    with pytest.raises(ValueError, match="does not start"):
        period.Period(papua.label, papua.start, papua.end).next()


def test_periods_sort_by_time_whatever_their_kind() -> None:
    labels = ["2026-W14", "2025", "2026-S2", "2026-TW1", "2026-03", "2026"]
    result = sorted(period.parse(label, WIB) for label in labels)
    assert [each.label for each in result] == [
        *("2025", "2026-TW1", "2026", "2026-03", "2026-W14", "2026-S2")
    ]
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - what was pickled here


@pytest.mark.parametrize(
    ("label", "title", "english", "span"),
    [
        ("2026", "Tahun 2026", "Year 2026", "1 Jan–31 Des 2026"),
        ("2026-S1", "Semester I 2026", "Semester I 2026", "1 Jan–30 Jun 2026"),
        ("2026-TW3", "Triwulan III 2026", "Quarter III 2026", "1 Jul–30 Sep 2026"),
        ("2026-05", "Mei 2026", "May 2026", "1–31 Mei 2026"),
        ("2026-08", "Agustus 2026", "August 2026", "1–31 Agu 2026"),
        ("2024-02", "Februari 2024", "February 2024", "1–29 Feb 2024"),
        ("2026-W14", "Minggu ke-14 2026", "Week 14 of 2026", "30 Mar–5 Apr 2026"),
        ("2026-W53", "Minggu ke-53 2026", "Week 53 of 2026", "28 Des 2026–3 Jan 2027"),
    ],
)
def test_a_period_has_a_title_and_a_span(label: str, title: str, english: str, span: str) -> None:
    result = period.parse(label, WIB)
    assert period.title(result) == title
    assert period.title(result, ENGLISH) == english
    assert period.span(result, WIB) == span


def test_an_english_span_has_english_months() -> None:
    assert period.span(period.parse("2026-TW3", WIB), WIB, ENGLISH) == "1 Jul–30 Sep 2026"
    assert period.span(period.parse("2026-08", WIB), WIB, ENGLISH) == "1–31 Aug 2026"


def test_working_days_skip_weekends_and_holidays() -> None:
    last = date(2026, 9, 30)  # a Wednesday
    assert period.working_day(last, 5, MONDAY_TO_FRIDAY) == date(2026, 10, 7)
    assert period.working_day(last, 5, MONDAY_TO_FRIDAY, {date(2026, 10, 2)}) == date(2026, 10, 8)
    assert period.working_day(last, 5, frozenset(range(6))) == date(2026, 10, 6)
    assert period.working_day(last, 0, MONDAY_TO_FRIDAY) == last


def test_without_work_days_there_is_no_working_day() -> None:
    with pytest.raises(ValueError, match=r"no 1\. working day"):
        period.working_day(date(2026, 9, 30), 1, frozenset())
    with pytest.raises(ValueError, match="working day"):
        period.working_day(date(2026, 9, 30), 1, {1, 7})
    closed = {date.fromordinal(day) for day in range(739_000, 744_000)}
    with pytest.raises(ValueError, match="ten years"):
        period.working_day(date(2026, 9, 30), 1, MONDAY_TO_FRIDAY, closed)


def test_a_day_has_the_full_name_of_its_month() -> None:
    assert period.long_day(date(2026, 10, 8)) == "8 Oktober 2026"


def test_a_moment_is_written_in_the_time_zone_of_the_office() -> None:
    assert period.moment(datetime(2026, 10, 6, 17, 5, tzinfo=UTC), WIB) == "7 Okt 2026 00.05 WIB"
