"""Proof of a visit: a code of a slip is optional, counts once, and is never required."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from storage import periods
from storage.database import Db
from storage.settings import period_marks
from storage.survey import visit_codes
from tests.harness import BOTH_DATABASES, Harness
from tests.web.browser import Browser

WITH_CODES = pytest.mark.parametrize("office", [{"web": {"visit_codes": True}}], indirect=True)
FIELD = "Setuju"


@pytest.fixture
async def browser(office: Harness) -> AsyncIterator[Browser]:
    """A browser at the pages of the office."""
    async with Browser(office) as browser:
        yield browser


async def code(office: Harness, number: int = 1) -> str:
    """A code of twenty that were printed for the open period."""

    def work(db: Db) -> str:
        period = periods.current(db, "ikm")
        assert period is not None
        assert period.salt is not None
        period_marks.note_visits_printed(db, period.id, 20)
        return visit_codes.code(office.app.office.secret, period.salt, number)

    return await office.app.turns.do(work)


async def begins(browser: Browser, typed: str) -> None:
    await browser.opens("/l/ktp-el")
    await browser.presses(FIELD, typed)


async def finishes(browser: Browser) -> None:
    await browser.answers(*[4] * 9, 0, 0, 0, 0)
    await browser.presses("Kirim")
    browser.sees("Terima kasih!")


def channels(office: Harness) -> list[str]:
    return sorted(kanal for kanal, _ in office.stored.channels_and_status())


@WITH_CODES
@BOTH_DATABASES
async def test_a_visitor_with_a_code_is_counted_apart(browser: Browser, office: Harness) -> None:
    await begins(browser, (await code(office)).lower().replace("-", " "))
    browser.sees("Pertanyaan 1 dari 9")
    await finishes(browser)
    assert channels(office) == ["web-kode"]


@WITH_CODES
async def test_without_a_code_nobody_is_refused(browser: Browser, office: Harness) -> None:
    await code(office)
    await begins(browser, "  ")
    await finishes(browser)
    assert channels(office) == ["web"]


@WITH_CODES
async def test_a_wrong_code_is_told_and_may_be_left_out(browser: Browser, office: Harness) -> None:
    await code(office)
    await begins(browser, "ABCD-EFGH")
    browser.sees("tidak dikenal", "penilaian Anda tetap dihitung", "KTP")
    assert browser.page.fields["kode"] == ""
    assert browser.cookies == {}
    await browser.presses(FIELD)
    await finishes(browser)
    assert channels(office) == ["web"]


@WITH_CODES
async def test_a_wrong_code_leaves_no_row_of_a_person_without_a_cookie(
    browser: Browser, office: Harness
) -> None:
    await code(office)
    await browser.opens("/l/ktp-el?bahasa=en")
    await browser.presses("I agree", "ABCD-EFGH")
    assert browser.cookies == {}
    assert office.stored.language_count() == 0
    await browser.presses("I agree")
    assert list(browser.cookies) == ["puas"]
    assert office.stored.language_count() == 1


@WITH_CODES
@BOTH_DATABASES
async def test_a_code_counts_once(browser: Browser, office: Harness) -> None:
    known = await code(office)
    for _ in range(2):
        browser.session.cookie_jar.clear()
        await begins(browser, known)
        if not browser.cookies:
            browser.sees("sudah dipakai")
            await browser.presses(FIELD)
        await finishes(browser)
    assert channels(office) == ["web", "web-kode"]


@WITH_CODES
async def test_a_code_that_another_is_using_is_taken(browser: Browser, office: Harness) -> None:
    known = await code(office)
    await begins(browser, known)
    browser.session.cookie_jar.clear()
    await begins(browser, known)
    browser.sees("sudah dipakai")


@WITH_CODES
async def test_the_code_of_a_qr_goes_along_to_the_chosen_service(
    browser: Browser, office: Harness
) -> None:
    known = await code(office)
    await browser.opens(f"/?kode={known}")
    await browser.presses("KTP")
    assert browser.page.fields["kode"] == known
    await browser.presses("English")
    assert browser.page.fields["kode"] == known
    await browser.presses("I agree", known)
    browser.sees("1 of 9")
    assert channels(office) == ["web-kode"]


@WITH_CODES
async def test_a_typed_code_is_no_search_for_another_service(
    browser: Browser, office: Harness
) -> None:
    known = await code(office)
    await browser.opens("/l/ktp-el")
    await browser.presses("Layanan lain", known)
    browser.sees_not("cocok")
    await browser.presses("KTP")
    assert browser.page.fields["kode"] == known


@pytest.mark.slow
@WITH_CODES
async def test_a_code_is_of_a_visit_whatever_burst_it_comes_in(
    browser: Browser, office: Harness
) -> None:
    for number in range(12):
        browser.session.cookie_jar.clear()
        await begins(browser, await code(office, number) if number else "")
        await finishes(browser)
    assert set(channels(office)) == {"web", "web-kode"}


@WITH_CODES
async def test_a_counter_asks_for_no_code(browser: Browser) -> None:
    await browser.opens("/kios/ktp-el")
    assert "kode" not in browser.page.fields


async def test_without_the_setting_no_code_is_asked_or_taken(
    browser: Browser, office: Harness
) -> None:
    known = await code(office)
    await browser.opens(f"/l/ktp-el?kode={known}")
    assert "kode" not in browser.page.fields
    await begins(browser, known)
    await finishes(browser)
    assert channels(office) == ["web"]


@pytest.mark.slow
@WITH_CODES
async def test_the_code_is_gone_with_the_lock(browser: Browser, office: Harness) -> None:
    known = await code(office)
    await begins(browser, known)
    await finishes(browser)
    assert office.stored.row_counts("visit_code") == [1]
    await office.reaches("2026-10-01 09:00")
    browser.session.cookie_jar.clear()
    await begins(browser, known)
    browser.sees("tidak dikenal pada periode ini")
    for _ in range(5):
        browser.session.cookie_jar.clear()
        await browser.rates()
    await office.reaches("2027-01-12 09:00")
    assert office.stored.row_counts("visit_code") == [0]
