"""A browser offers no translation of its own where a screen belongs to the office."""

from __future__ import annotations

import pytest

from tests.harness import Harness
from tests.web.browser import Browser

NO_TRANSLATION = '<meta name="google" content="notranslate">'


@pytest.mark.parametrize(("path", "is_kept"), [("/kios/ktp-el", True), ("/l/ktp-el", False)])
async def test_a_counters_screen_is_not_translated_by_its_browser(
    path: str, is_kept: bool, office: Harness
) -> None:
    async with Browser(office) as browser, browser.session.get(browser.origin + path) as answer:
        assert (NO_TRANSLATION in await answer.text()) is is_kept
