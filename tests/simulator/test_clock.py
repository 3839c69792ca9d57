"""The world's clock."""

from datetime import UTC, datetime, timedelta

import pytest

from simulator.clock import Clock

START = datetime(2026, 3, 31, 17, tzinfo=UTC)


def test_a_frozen_clock_moves_only_when_told() -> None:
    clock = Clock(START, frozen=True)
    assert clock.now() == START
    clock.advance(90)
    assert clock.now() == START + timedelta(seconds=90)
    clock.set(START)
    assert clock.timestamp() == START.timestamp()


def test_a_running_clock_runs_on_from_its_start() -> None:
    clock = Clock(START)
    first = clock.now()
    assert timedelta(0) <= first - START < timedelta(seconds=5)
    assert clock.now() >= first


def test_a_moment_needs_its_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Clock(datetime(2026, 1, 1))  # noqa: DTZ001 - that is what must be refused
