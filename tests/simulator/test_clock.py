"""The simulated clock."""

from datetime import UTC, datetime, timedelta

import pytest

from simulator.clock import Clock

START = datetime(2026, 3, 31, 17, tzinfo=UTC)


def test_a_frozen_clock_changes_only_when_set_or_advanced() -> None:
    clock = Clock(START, frozen=True)
    assert clock.now() == START
    clock.advance(90)
    assert clock.now() == START + timedelta(seconds=90)
    clock.set(START)
    assert clock.timestamp() == START.timestamp()


def test_a_running_clock_advances_from_its_start() -> None:
    clock = Clock(START)
    first = clock.now()
    assert timedelta(0) <= first - START < timedelta(seconds=5)
    assert clock.now() >= first


def test_a_time_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Clock(datetime(2026, 1, 1))  # noqa: DTZ001 - this must be refused
