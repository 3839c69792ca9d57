"""The shipped instruments, read once."""

import pytest

from scoring import instrument


@pytest.fixture(scope="session")
def skm() -> instrument.Instrument:
    return instrument.named("skm-2017")


@pytest.fixture(scope="session")
def skm_2004() -> instrument.Instrument:
    return instrument.named("skm-2004")
