"""Browsers at the pages of an office."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.harness import Harness
from tests.web.browser import Browser


@pytest.fixture
async def browser(office: Harness) -> AsyncIterator[Browser]:
    """A browser at the pages of the office."""
    async with Browser(office) as browser:
        yield browser


@pytest.fixture
async def other(office: Harness) -> AsyncIterator[Browser]:
    """The browser of somebody else."""
    async with Browser(office) as other:
        yield other
