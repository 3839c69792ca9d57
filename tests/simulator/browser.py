"""A real browser before the chat page, and the demonstration's own bot behind it."""

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

from cli.demo.stage import Stage, staged, ticking
from simulator.clock import Clock

BEGIN = datetime(2026, 7, 6, 2, 0, tzinfo=UTC)  # 09.00 WIB, the first Monday of 2026-TW3
PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1280, height=860)
PATIENCE = 15_000  # milliseconds
MOST_TABS = 60
FOCUSED = (
    "document.activeElement === document.body ? '' :"
    " document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText"
)
OUTLINE = "getComputedStyle(document.activeElement).outlineStyle"


@asynccontextmanager
async def demonstration(moment: datetime = BEGIN) -> AsyncIterator[Stage]:
    """The open demonstration without its crowd, its clock ticking often."""
    async with staged(Clock(moment)) as stage, ticking(stage.app, every=0.2):
        yield stage


@asynccontextmanager
async def an_empty_page() -> AsyncIterator[str]:
    """Somebody else's web page on this computer."""

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


class Sitting:
    """Somebody before the page; what the page complains of fails the test at the end."""

    def __init__(self, context: BrowserContext, page: Page, url: str) -> None:
        self.context = context
        self.page = page
        self.url = url
        self.wrong: list[str] = []
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        page.on("dialog", self._dismiss)
        page.on("console", lambda line: self._hear(line.type, line.text))

    async def _dismiss(self, dialog: Dialog) -> None:
        self.wrong.append(f"dialog: {dialog.message}")
        await dialog.dismiss()

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.wrong.append(f"{kind}: {text}")

    def forgets(self, part: str) -> None:
        """Overlook complaints that the test itself brought about."""
        self.wrong = [line for line in self.wrong if part not in line]

    async def opens(self, address: str = "/") -> None:
        """Go to an address of the page."""
        await self.page.goto(self.url + address)

    async def taps(self, label: str) -> None:
        """Press the button that says this; it is waited for."""
        await self.page.get_by_role("button", name=label).last.click()

    async def sees(self, text: str) -> None:
        """Wait until the page says this."""
        await self.page.get_by_text(text).last.wait_for()

    async def answers(self, questions: int = 9) -> None:
        """Tap the third answer of every question, then decline to tell of oneself."""
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

    async def moves(self, label: str, until: str) -> None:
        """Move the clock, and see that it is that moment."""
        clock = self.page.locator("#clock")
        if await clock.get_attribute("open") is None:
            await clock.locator("summary").click()
        await self.taps(label)
        await clock.locator("summary").get_by_text(until).wait_for()
        await clock.locator("summary").click()

    # By keyboard

    async def presses(self, key: str) -> None:
        """Press a key."""
        await self.page.keyboard.press(key)

    async def enters(self) -> None:
        """Press Enter and wait until the chat shows something else."""
        before = await self.page.locator("#log").inner_text()
        await self.presses("Enter")
        changed = "before => document.getElementById('log').innerText !== before"
        await self.page.wait_for_function(changed, arg=before)

    async def tabs_to(self, pattern: str) -> None:
        """Press Tab until something that says this has the focus, and shows that it has."""
        await (
            self.page.get_by_role("button", name=re.compile(pattern))
            .or_(self.page.get_by_label(pattern))
            .last.wait_for()
        )
        for _ in range(MOST_TABS):
            if re.search(pattern, await self._focused()):
                assert await self.page.evaluate(OUTLINE) != "none"
                return
            await self.presses("Tab")
        raise AssertionError(f"no {pattern!r} within {MOST_TABS} tabs")

    async def holds(self, label: str) -> None:
        """Wait until the focus is there by itself."""
        await self.page.wait_for_function(f"label => ({FOCUSED}).includes(label)", arg=label)

    async def _focused(self) -> str:
        return str(await self.page.evaluate(FOCUSED))

    # How it looks

    async def is_clean(self) -> None:
        """Fail on anything axe-core finds, and on anything wider than the window."""
        found = await Axe().run(self.page)
        assert found.violations_count == 0, found.generate_report()
        assert await self.overflow() == 0

    async def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(await self.page.evaluate(wider))


@asynccontextmanager
async def sitting(
    browser: Browser, url: str, *, desk: bool = False, dark: bool = False, sharpness: int = 1
) -> AsyncIterator[Sitting]:
    """A window on the page: a phone's, or a desk's."""
    context = await browser.new_context(
        viewport=DESK if desk else PHONE,
        device_scale_factor=sharpness,
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        locale="id-ID",
    )
    context.set_default_timeout(PATIENCE)
    try:
        here = Sitting(context, await context.new_page(), url)
        yield here
        assert here.wrong == []
    finally:
        await context.close()
