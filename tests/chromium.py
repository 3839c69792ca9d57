"""Starts the Chromium of the machine, for tests of what a browser shows."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, async_playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def may_skip() -> bool:
    """Whether tests are skipped for lack of a browser; PUAS_TEST_NO_SKIP forbids it."""
    return not CHROMIUM.exists() and not os.environ.get("PUAS_TEST_NO_SKIP")


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A running browser, closed at the end."""
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield browser
        finally:
            await browser.close()
