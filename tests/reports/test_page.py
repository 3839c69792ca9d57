"""The public page as people open and print it, in a real browser."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page
from pypdf import PdfReader

from reports import page
from reports.papers import Papers
from tests.chromium import chromium, may_skip
from tests.reports import sample
from tests.reports.sample import HOSTILE

SIZES = [390, 1280]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(may_skip(), reason="no Chromium here, and PUAS_TEST_NO_SKIP is unset"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for all."""
    async with chromium() as browser:
        yield browser


@asynccontextmanager
async def opened(
    browser: Browser, papers: Papers, place: Path, width: int = 390
) -> AsyncIterator[Page]:
    """The page from its folder, with JavaScript off; asking for anything else is a failure."""
    for name, content in page.files(papers).items():
        (place / name).write_bytes(content)
    asked: list[str] = []
    context = await browser.new_context(
        viewport={"width": width, "height": 800},
        java_script_enabled=False,
    )
    try:
        shown = await context.new_page()
        shown.on("request", lambda request: asked.append(request.url))
        shown.on("console", lambda message: asked.append(message.text))
        await shown.goto((place / "index.html").as_uri())
        yield shown
    finally:
        await context.close()
    assert asked == [(place / "index.html").as_uri()]


@pytest.mark.parametrize("width", SIZES)
async def test_a_citizen_reads_the_result_without_javascript(
    browser: Browser, tmp_path: Path, width: int
) -> None:
    async with opened(browser, sample.papers(), tmp_path, width) as shown:
        text = await shown.inner_text("body")

    for said in (
        "85,72", "Baik", "142 responden", "U3 Waktu penyelesaian", "3,021", "KTP-el",
        "Laki-laki", "TW II 2026", "2 dari 3 rencana selesai", "Memperbaiki toilet pengunjung",
    ):  # fmt: skip
        assert said in text


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("text", ["Pakong", *HOSTILE])
async def test_nothing_that_was_typed_makes_the_page_scroll_sideways_or_run(
    browser: Browser, tmp_path: Path, width: int, text: str
) -> None:
    async with opened(browser, sample.hostile(text), tmp_path, width) as shown:
        assert await shown.locator("script, iframe, img, form, object").count() == 0
        reaches = await shown.evaluate("document.documentElement.scrollWidth")

    assert reaches == width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("papers", [sample.papers(), sample.unlocked(sample.papers(()))])
async def test_axe_finds_nothing_that_shuts_people_out(
    browser: Browser, tmp_path: Path, width: int, scheme: Literal["light", "dark"], papers: Papers
) -> None:
    (tmp_path / "index.html").write_bytes(page.files(papers)["index.html"])
    shown = await browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    await shown.goto((tmp_path / "index.html").as_uri())

    found = await Axe().run(shown)
    await shown.close()

    assert not found.violations_count, found.generate_report()


@pytest.mark.parametrize("papers", [sample.papers(), sample.papers(())])
async def test_the_page_prints_on_one_or_two_sheets_of_a4(
    browser: Browser, tmp_path: Path, papers: Papers
) -> None:
    async with opened(browser, papers, tmp_path) as shown:
        pdf = await shown.pdf(prefer_css_page_size=True, print_background=True)

    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) <= 2
    assert [round(float(side)) for side in pages[0].mediabox[2:]] == [595, 842]


async def test_axe_does_see_a_page_that_shuts_people_out(browser: Browser) -> None:
    shown = await browser.new_page()
    await shown.set_content("<p style='color:#eee;background:#fff'>pucat</p><img src='x'>")

    found = await Axe().run(shown)
    await shown.close()

    assert found.violations_count
