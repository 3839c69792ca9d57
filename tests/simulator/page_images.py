"""`python -m tests.simulator.page_images FOLDER`: the screenshots of the chat page in docs/."""

import asyncio
import sys
from pathlib import Path

from playwright.async_api import ViewportSize

from cli.demo.crowd import crowd, simulate_day
from cli.demo.environment import GROUP
from cli.demo.officers import ADMIN
from storage import catalogue
from tests.chromium import chromium
from tests.simulator.browser import demonstration, page_user

QUESTION = ViewportSize(width=390, height=660)
SUMMARY = ViewportSize(width=390, height=562)


async def draw(folder: Path) -> None:
    """Save a citizen at the second question, and the group with the quarter's summary."""
    async with (
        chromium() as browser,
        demonstration() as demo,
        page_user(browser, demo.server.url, scale=2) as phone,
    ):
        await phone.page.set_viewport_size(QUESTION)
        await phone.opens("/?start=l_ktp-el")
        await phone.taps("Mulai")
        await phone.taps("Setuju, mulai")
        await phone.sees("Pertanyaan 1 dari 9")
        await phone.taps("Sangat sesuai")
        await phone.sees("Pertanyaan 2 dari 9")
        await phone.page.mouse.move(0, 0)
        await phone.page.screenshot(path=folder / "chat-warga.png")
        services = [s.slug for s in await demo.app.turns.do(catalogue.active_services)]
        await simulate_day(crowd(demo.phones, demo.browsers, 40, 1, services), [])
        await phone.page.set_viewport_size(SUMMARY)
        await phone.opens(f"/?as={ADMIN}&chat={GROUP}")
        await phone.moves_clock("Maju ke akhir triwulan (TW III)", "Kam, 1 Okt 2026 00.00 WIB")
        await phone.moves_clock("Maju ke hari kunci (TW III)", "Rab, 7 Okt 2026 08.00 WIB")
        await phone.opens(f"/?as={ADMIN}")
        await phone.taps("Kirim sekarang")
        await phone.sees("segera dikirim ke grup")
        await phone.opens(f"/?as={ADMIN}&chat={GROUP}")
        await phone.page.locator("#log img").wait_for()
        await phone.page.get_by_role("status").get_by_text("Sekarang").wait_for(state="hidden")
        await phone.page.locator("#log").evaluate("node => document.activeElement.blur()")
        await phone.page.screenshot(path=folder / "chat-grup.png")


if __name__ == "__main__":
    asyncio.run(draw(Path(sys.argv[1])))
