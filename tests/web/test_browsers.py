"""The pages in the Chromium and the Firefox of the machine, without JavaScript.

With PUAS_SCREENSHOTS, the pages are stored in that folder, to be looked at.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, ViewportSize

from storage import catalogue
from tests import chromium, firefox
from tests.firefox import Firefox
from tests.harness import Harness
from tests.web.browser import Browser
from web import kiosk

pytestmark = pytest.mark.browser

WIDTHS = {360: 640, 390: 844, 1280: 860}
LONG = "Rekomendasi/pengantar/keterangan" * 3 + " untuk permohonan yang namanya panjang"
SCREENSHOTS = os.environ.get("PUAS_SCREENSHOTS")
COUNTER = "/kios/ktp-el"
EXAMINED = (  # by axe-core: one page of each kind
    "list", "consent", "question", "review", "suggestion", "thanks", "hasil", "hapus", "counter",
    "counter-question",
)  # fmt: skip
MENU = ["Daftar layanan", "Hasil survei", "Privasi", "Hapus data saya", "Bahasa / Language"]
FOCUSED = """[
    document.activeElement === document.body ? '' : document.activeElement.innerText,
    getComputedStyle(document.activeElement).outline,
]"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
HEIGHTS = "[...document.querySelectorAll('button, .button')].map(b => b.offsetHeight)"


def store(name: str, png: bytes) -> None:
    """Store a screenshot, where there is a place for it."""
    if SCREENSHOTS:
        (Path(SCREENSHOTS) / f"{name}.png").write_bytes(png)


# --- Chromium -----------------------------------------------------------------------------------


class Reader:
    """Somebody with a keyboard and no scripts; axe-core has a window with scripts beside his."""

    def __init__(self, page: Page, scripted: Page | None, origin: str, width: int) -> None:
        self.page = page
        self.scripted = scripted
        self.origin = origin
        self.width = width
        self.requests: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))

    async def opens(self, path: str) -> None:
        """Open an address."""
        await self.page.goto(self.origin + path)

    async def sees(self, text: str) -> None:
        """Wait until the page shows this text."""
        await self.page.get_by_text(text).first.wait_for()

    async def tabs(self) -> str:
        """Press Tab; the label of what has the focus now, with an outline that can be seen."""
        await self.page.keyboard.press("Tab")
        label, outline = await self.page.evaluate(FOCUSED)
        assert not label or "solid 3px" in outline, label
        return str(label)

    async def tabs_to(self, label: str) -> None:
        """Press Tab until the button or link with this label has the focus."""
        for _ in range(30):
            if (await self.tabs()).startswith(label):
                return
        raise AssertionError(f"no {label!r} within 30 tabs at {self.page.url}")

    async def presses(self, label: str) -> None:
        """Press a button by keyboard, and wait for the page that it leads to."""
        await self.tabs_to(label)
        async with self.page.expect_navigation():
            await self.page.keyboard.press("Enter")

    async def answers(self, number: int, times: int) -> None:
        """Answer the next questions by the button of this number."""
        for _ in range(times):
            await self.presses(await self.page.locator("form button").nth(number).inner_text())

    async def types(self, text: str) -> None:
        """Go to the text field and type."""
        await self.page.get_by_label("Saran Anda").focus()
        await self.page.keyboard.type(text)

    async def goes_back(self) -> None:
        """Press the browser's own button."""
        await self.page.go_back()

    async def time_left(self) -> float:
        """How much of the bar of a counter's countdown is left."""
        box = await self.page.locator(".left").bounding_box()
        assert box is not None
        return float(box["width"])

    async def order(self) -> list[str]:
        """What Tab leads to on this page, in its order."""
        labels = [await self.tabs()]
        while (label := await self.tabs()) and label not in labels:
            labels.append(label)
        return labels

    async def looks(self, name: str, least: int = 48) -> None:
        """The page fits its window, its buttons are large, and axe-core finds nothing."""
        if SCREENSHOTS:
            store(f"chromium-{self.width}-{name}", await self.page.screenshot(full_page=True))
        assert await self.page.evaluate(OVERFLOW) == 0, name
        assert min(await self.page.evaluate(HEIGHTS) or [least]) >= least
        if self.scripted is not None and name in EXAMINED:
            cookies = await self.page.context.cookies()
            pairs = "; ".join(f"{each['name']}={each['value']}" for each in cookies)
            await self.scripted.set_extra_http_headers({"Cookie": pairs} if pairs else {})
            await self.scripted.goto(self.page.url)
            assert await self.scripted.title() == await self.page.title()
            found = await Axe().run(self.scripted)
            assert found.violations_count == 0, found.generate_report()


@asynccontextmanager
async def reader(browser: Chromium, origin: str, width: int) -> AsyncIterator[Reader]:
    """A window of this width without scripts; nothing of another site is asked for."""
    size = ViewportSize(width=width, height=WIDTHS[width])
    context = await browser.new_context(viewport=size, java_script_enabled=False, locale="id-ID")
    second = await browser.new_context(viewport=size, bypass_csp=True, locale="id-ID")
    context.set_default_timeout(15_000)
    try:
        scripted = await second.new_page() if width == 360 else None
        who = Reader(await context.new_page(), scripted, origin, width)
        yield who
        assert all(url.startswith((origin, "data:")) for url in who.requests), who.requests
    finally:
        await second.close()
        await context.close()


@pytest.fixture
async def pages(office: Harness) -> AsyncIterator[Browser]:
    """The pages of an office that has a service with a long name."""
    await office.app.turns.do(lambda db: catalogue.add_service(db, 1, "panjang", LONG))
    async with Browser(office) as pages:
        yield pages


NO_CHROMIUM = pytest.mark.skipif(
    chromium.may_skip(), reason="no Chromium here, and PUAS_TEST_NO_SKIP is unset"
)
NO_FIREFOX = pytest.mark.skipif(
    firefox.may_skip(), reason="no Firefox here, and PUAS_TEST_NO_SKIP is unset"
)


@NO_CHROMIUM
@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
async def test_in_chromium_without_scripts_home_and_counter_go_by_keyboard(
    pages: Browser, office: Harness, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with chromium.chromium() as browser, reader(browser, pages.origin, width) as who:
        await who.opens("/")
        await who.looks("list")
        await who.presses("Berikutnya")
        await who.looks("list-2")
        await who.presses(LONG[:30])
        await who.looks("consent")
        await who.presses("Setuju, mulai")
        assert (await who.order())[-6:] == ["Lewati ›", *MENU]
        await who.opens("/isi")
        await who.looks("question")
        await who.answers(3, times=9)
        await who.looks("about-you")
        await who.answers(0, times=4)
        await who.opens("/l/ktp-el")
        await who.looks("unfinished")
        await who.presses("Lanjutkan (9/9)")
        await who.looks("review")
        await who.presses("Tulis saran")
        await who.types("Kursi kurang")
        await who.looks("suggestion")
        await who.presses("Simpan saran")
        await who.presses("Kirim")
        await who.sees("Tanda terima: ")
        await who.looks("thanks")
        await who.goes_back()
        await who.sees("Tidak ada survei yang sedang diisi")
        for name in ("hasil", "privasi", "bahasa", "tidak-ada", "hapus"):
            await who.opens(f"/{name}")
            await who.looks(name)
        await who.presses("Ya, hapus")
        await who.looks("erased")
        assert office.stored.response_count() == 0
        await who.opens(COUNTER)
        await who.looks("counter", least=56)
        await who.presses("Setuju, mulai")
        before = await who.time_left()
        await who.looks("counter-question", least=56)
        assert await who.time_left() < before
        await who.answers(3, times=9)
        await who.answers(-1, times=4)
        await who.looks("counter-review", least=56)
        monkeypatch.setattr(kiosk, "IDLE_THANKS", 2)
        await who.presses("Kirim")
        await who.sees("Tanda terima: ")
        await who.sees("Bagaimana pelayanan kami?")
        await who.goes_back()
        await who.sees("Bagaimana pelayanan kami?")
        assert "Tanda terima" not in await who.page.content()
    assert office.stored.channels_and_status() == [("kios", 1)]


# --- Firefox ------------------------------------------------------------------------------------


@NO_FIREFOX
@pytest.mark.slow
async def test_in_firefox_without_scripts_the_survey_and_the_counter_work(
    pages: Browser, office: Harness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = tmp_path / "firefox"
    profile.mkdir()
    async with firefox.firefox(profile) as tab:
        await tab.opens("data:text/html,<h1>Skrip <noscript>mati</noscript></h1>")
        await tab.sees("Skrip mati")
        for width in WIDTHS:
            await tab.resizes(width)
            await rates_in_firefox(tab, pages.origin, by_keyboard=width == 390)
            store(f"firefox-{width}-thanks", await tab.screenshot())
        await tab.opens(pages.origin + COUNTER)
        await tab.presses("Setuju")
        await tab.answers(3, times=9)
        await tab.answers(-1, times=4)
        monkeypatch.setattr(kiosk, "IDLE_THANKS", 2)
        await tab.presses("Kirim")
        since = tab.loads
        await tab.sees("Tanda terima: ", "orang berikutnya")
        await tab.loads_again(since)
        await tab.sees("Bagaimana pelayanan kami?")
        await tab.goes_back()
        await tab.sees("Bagaimana pelayanan kami?")
        asked = [url for url in tab.requests if not url.startswith((pages.origin, "data:"))]
        assert asked == []
    channels = [kanal for kanal, _ in office.stored.channels_and_status()]
    assert sorted(channels) == ["kios", "web", "web", "web"]


async def rates_in_firefox(tab: Firefox, origin: str, *, by_keyboard: bool) -> None:
    """Rate a service that was not rated yet, and write a suggestion."""
    await tab.opens(f"{origin}/l/ktp-el")
    if "untuk orang lain" in await tab.text():
        await tab.presses("Isi untuk orang lain")
    await tab.presses("Setuju")
    await tab.sees("Pertanyaan 1 dari 9")
    if by_keyboard:
        await tab.tabs_to("Sangat sesuai")
        await tab.enters()
        await tab.sees("Pertanyaan 2 dari 9")
    await tab.answers(3, times=8 if by_keyboard else 9)
    await tab.sees("Tentang Anda 1 dari 4")
    await tab.answers(-1, times=4)
    await tab.presses("Tulis saran")
    await tab.presses("Simpan saran", typed="Kursi kurang")
    await tab.sees("Saran Anda:")
    await tab.presses("Kirim")
    await tab.sees("Tanda terima: ")
