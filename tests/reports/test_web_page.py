"""The public web page as people open and print it, in a real browser."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page
from pypdf import PdfReader

from reports.papers import Papers
from reports.publication import web_page
from tests.chromium import chromium, may_skip
from tests.reports import sample
from tests.reports.sample import HOSTILE_JOINED

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(may_skip(), reason="no Chromium here, and PUAS_TEST_NO_SKIP is unset"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all tests."""
    async with chromium() as browser:
        yield browser


@asynccontextmanager
async def opened(browser: Browser, papers: Papers, folder: Path) -> AsyncIterator[Page]:
    """The page from its folder, without JavaScript; a request for anything but its photos fails."""
    for name, content in web_page.files(papers).items():
        (folder / name).write_bytes(content)
    requests: list[str] = []
    context = await browser.new_context(java_script_enabled=False)
    try:
        shown = await context.new_page()
        shown.on("request", lambda request: requests.append(request.url))
        shown.on("console", lambda message: requests.append(message.text))
        await shown.goto((folder / "index.html").as_uri())
        yield shown
    finally:
        await context.close()
    photos = {photo.name for line in papers.last_follow_up for photo in line.photos}
    own = {(folder / name).as_uri() for name in ("index.html", *photos)}
    assert set(requests) <= own
    assert (folder / "index.html").as_uri() in requests


async def widths(shown: Page) -> AsyncIterator[int]:
    """Show the page as wide as a phone, then as wide as a desktop."""
    for width in (390, 1280):
        await shown.set_viewport_size({"width": width, "height": 800})
        yield width


async def test_a_citizen_reads_the_result_without_javascript(
    browser: Browser, tmp_path: Path
) -> None:
    async with opened(browser, sample.papers(), tmp_path) as shown:
        async for _ in widths(shown):
            text = await shown.inner_text("body")
            for expected in (
                *("85,72", "Baik", "142 responden", "U3 Waktu penyelesaian", "3,021", "KTP-el"),
                *("Laki-laki", "TW II 2026", "2 dari 3 rencana selesai"),
                "Memperbaiki toilet pengunjung",
            ):
                assert expected in text


@pytest.mark.parametrize("text", ["Pakong", *HOSTILE_JOINED])
async def test_typed_text_is_never_run_and_never_makes_the_page_wider(
    browser: Browser, tmp_path: Path, text: str
) -> None:
    async with opened(browser, sample.hostile(text), tmp_path) as shown:
        assert await shown.locator("script, iframe, form, object").count() == 0
        assert await shown.locator("img:not([src='foto-1.png'])").count() == 0
        async for width in widths(shown):
            assert await shown.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("papers", [sample.papers(), replace(sample.papers(()), complete=False)])
async def test_axe_finds_no_accessibility_violation(
    browser: Browser, tmp_path: Path, papers: Papers
) -> None:
    (tmp_path / "index.html").write_bytes(web_page.files(papers)["index.html"])
    shown = await browser.new_page()
    await shown.goto((tmp_path / "index.html").as_uri())

    async for _ in widths(shown):
        for scheme in SCHEMES:
            await shown.emulate_media(color_scheme=scheme)
            result = await Axe().run(shown)
            assert not result.violations_count, result.generate_report()
    await shown.close()


@pytest.mark.parametrize("papers", [sample.papers(), sample.papers(())])
async def test_the_page_prints_on_at_most_two_a4_pages(
    browser: Browser, tmp_path: Path, papers: Papers
) -> None:
    async with opened(browser, papers, tmp_path) as shown:
        pdf = await shown.pdf(prefer_css_page_size=True, print_background=True)

    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) <= 2
    assert [round(float(side)) for side in pages[0].mediabox[2:]] == [595, 842]


async def test_axe_reports_a_page_with_accessibility_violations(browser: Browser) -> None:
    shown = await browser.new_page()
    await shown.set_content("<p style='color:#eee;background:#fff'>pucat</p><img src='x'>")

    result = await Axe().run(shown)
    await shown.close()

    assert result.violations_count


async def test_the_page_says_that_a_browser_is_a_weaker_identity_where_one_was_used() -> None:
    papers = sample.papers()
    mixed = replace(papers, channels={"kertas": 1, "web": 2, "telegram": papers.n - 3})
    here = web_page.files(mixed)["index.html"].decode()
    assert "mengisi sendiri (halaman web) 2, lembar kertas 1." in here
    assert "lemah daripada akun Telegram" in here
    assert "lemah daripada akun Telegram" not in web_page.files(papers)["index.html"].decode()
