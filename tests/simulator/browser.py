"""A real browser with the chat page open, and the demo's bot."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from aiohttp import web
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import (
    Browser,
    BrowserContext,
    Dialog,
    Page,
    ViewportSize,
)

from cli.demo.environment import Demo, demo_office, working
from simulator.clock import Clock

BEGIN = datetime(2026, 7, 6, 2, 0, tzinfo=UTC)  # 09.00 WIB, the first Monday of 2026-TW3
PHONE = ViewportSize(width=390, height=844)
DESKTOP = ViewportSize(width=1280, height=860)
TIMEOUT = 15_000  # milliseconds
MAX_TABS = 60
FOCUSED = (
    "document.activeElement === document.body ? '' :"
    " document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText"
)
OUTLINE = "getComputedStyle(document.activeElement).outlineStyle"


@asynccontextmanager
async def demonstration(moment: datetime = BEGIN) -> AsyncIterator[Demo]:
    """The demo without its simulated citizens, with a short tick interval."""
    async with demo_office(Clock(moment)) as demo, working(demo.app, interval=0.2):
        yield demo


@asynccontextmanager
async def foreign_page() -> AsyncIterator[str]:
    """A web page of another server on this computer; its URL."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(
            text="<title>x</title><link rel=icon href=data:,>", content_type="text/html"
        )

    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


class PageUser:
    """A user of the page; an error or warning of the page fails the test at the end."""

    def __init__(self, context: BrowserContext, page: Page, url: str) -> None:
        self.context = context
        self.page = page
        self.url = url
        self.problems: list[str] = []
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on("dialog", self._dismiss)
        page.on("console", lambda line: self._on_console(line.type, line.text))

    async def _dismiss(self, dialog: Dialog) -> None:
        self.problems.append(f"dialog: {dialog.message}")
        await dialog.dismiss()

    def _on_console(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.problems.append(f"{kind}: {text}")

    def ignores(self, part: str) -> None:
        """Ignore problems so far that the test itself caused."""
        self.problems = [line for line in self.problems if part not in line]

    async def opens(self, address: str = "/") -> None:
        """Open an address of the page."""
        await self.page.goto(self.url + address)

    async def shows_tab(self, visible: bool) -> None:
        """Tell the page that its tab is shown, or hidden by another one."""
        await self.page.evaluate(
            "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable:"
            " true}); document.dispatchEvent(new Event('visibilitychange')); }",
            not visible,
        )

    async def taps(self, label: str) -> None:
        """Wait for the button with this label and press it."""
        await self.page.get_by_role("button", name=label).last.click()

    async def sees(self, text: str) -> None:
        """Wait until the page shows this text."""
        await self.page.get_by_text(text).last.wait_for()

    async def answers(self, questions: int = 9) -> None:
        """Tap the third answer of every question, and decline every question about the citizen."""
        for number in range(1, questions + 1):
            await self.sees(f"Pertanyaan {number} dari {questions}")
            await self.page.locator(".key").nth(2).click()
        for number in range(1, 5):
            await self.sees(f"Tentang Anda {number} dari 4")
            await self.taps("Tidak menjawab")
        await self.sees("Sudah selesai?")

    async def says(self, text: str) -> None:
        """Type a message and send it."""
        await self.page.get_by_label("Tulis pesan").fill(text)
        await self.taps("Kirim pesan")

    async def moves_clock(self, label: str, until: str) -> None:
        """Press a button of the clock, and wait until the clock shows `until`."""
        clock = self.page.locator("#clock")
        await clock.locator("summary").click()
        await self.page.get_by_role("button", name=label).dblclick()
        await clock.locator("summary").get_by_text(until).wait_for()
        assert await clock.get_attribute("open") is None

    # By keyboard

    async def presses(self, key: str) -> None:
        """Press a key."""
        await self.page.keyboard.press(key)

    async def enters(self) -> None:
        """Press Enter and wait until the chat changes."""
        before = await self.page.locator("#log").inner_text()
        await self.presses("Enter")
        changed = "before => document.getElementById('log').innerText !== before"
        await self.page.wait_for_function(changed, arg=before)

    async def tabs_to(self, pattern: str) -> None:
        """Press Tab until an element with this label has the focus, with a visible outline."""
        await (
            self.page.get_by_role("button", name=re.compile(pattern))
            .or_(self.page.get_by_label(pattern))
            .last.wait_for()
        )
        for _ in range(MAX_TABS):
            if re.search(pattern, await self._focused()):
                assert await self.page.evaluate(OUTLINE) != "none"
                return
            await self.presses("Tab")
        raise AssertionError(f"no {pattern!r} within {MAX_TABS} tabs")

    async def focuses(self, label: str) -> None:
        """Wait until the element with this label has the focus."""
        await self.page.wait_for_function(f"label => ({FOCUSED}).includes(label)", arg=label)

    async def _focused(self) -> str:
        return str(await self.page.evaluate(FOCUSED))

    # Layout

    async def is_accessible(self) -> None:
        """Fail on any finding of axe-core, and on content wider than the window.

        The page is examined on a phone and on a desktop, in light and in dark colours.
        """
        for size in (DESKTOP, PHONE):
            await self.page.set_viewport_size(size)
            for colours in ("dark", "light"):
                await self.page.emulate_media(color_scheme=colours)
                results = await Axe().run(self.page)
                assert results.violations_count == 0, results.generate_report()
                assert await self.overflow() == 0

    async def overflow(self) -> int:
        """The pixels by which the page is wider than its window."""
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(await self.page.evaluate(wider))


@asynccontextmanager
async def page_user(
    browser: Browser, url: str, *, desktop: bool = False, scale: int = 1
) -> AsyncIterator[PageUser]:
    """A new browser window of the size of a phone, or of a desktop."""
    context = await browser.new_context(
        viewport=DESKTOP if desktop else PHONE,
        device_scale_factor=scale,
        reduced_motion="reduce",
        locale="id-ID",
    )
    context.set_default_timeout(TIMEOUT)
    try:
        user = PageUser(context, await context.new_page(), url)
        yield user
        assert user.problems == []
    finally:
        await context.close()
