"""The survey in a browser at home, without JavaScript."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.harness import BOTH_DATABASES, Harness
from tests.web.browser import Browser


@pytest.fixture
async def browser(office: Harness) -> AsyncIterator[Browser]:
    """A browser at the pages of the office."""
    async with Browser(office) as browser:
        yield browser


@BOTH_DATABASES
async def test_a_visitor_rates_a_service_from_its_address_to_the_receipt(browser: Browser) -> None:
    await browser.opens("/l/ktp-el")
    browser.sees("KTP", "Kecamatan Pakong", "satu kuki")
    assert browser.cookies == {}
    await browser.presses("Setuju")
    browser.sees("Pertanyaan 1 dari 9")
    assert list(browser.cookies) == ["puas"]
    await browser.answers(4, 3, 4, 3, 4, 3, 4, 3, 4)
    browser.sees("Tentang Anda 1 dari 4")
    await browser.answers(1, 0, 2, 0)
    browser.sees("Sudah selesai?", "Terjawab 9 dari 9.")
    await browser.presses("Tulis saran")
    await browser.presses("Simpan saran", "Kursi <b>kurang</b> & panas")
    browser.sees("Saran Anda sudah tercatat.")
    await browser.presses("Kirim")
    browser.sees("Terima kasih!", "Penilaian Anda untuk", "Tanda terima: ")
