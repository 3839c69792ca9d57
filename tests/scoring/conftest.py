"""The shipped instruments, read once."""

import pytest

from scoring import instrument_file
from scoring.instrument import Instrument


@pytest.fixture(scope="session")
def skm() -> Instrument:
    return instrument_file.named("skm-2017")


@pytest.fixture(scope="session")
def skm_2004() -> Instrument:
    return instrument_file.named("skm-2004")
