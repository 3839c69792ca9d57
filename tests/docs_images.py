"""`python -m tests.docs_images FOLDER`: draws the pictures of docs/ from the demo's office."""

from __future__ import annotations

import asyncio
import os
import random
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops
from playwright.async_api import Browser, ViewportSize

from cli.demo import live, officers
from cli.demo.environment import GROUP, Demo, demo_office, working
from cli.demo.live import HEADS, Past
from cli.demo.officers import ADMIN, OfficerActor
from office.config import Schedule
from office.iku import pictures
from office.office import Calendar, Office
from office.papers import files
from reports.handouts.poster import posters_pdf
from reports.handouts.questionnaire import questionnaire_pdf
from reports.pictures.iku_picture import iku_png, progress_png
from reports.zip_archive import unzipped
from simulator.clock import Clock
from storage.database import Db
from storage.planning import ikus
from tests.chromium import chromium
from tests.reports.libreoffice import converted
from tests.reports.rendered import WHITE, page_image, poppler_pages
from tests.reports.test_poster import BOTH, KK
from tests.reports.test_questionnaire import SLIPS, services_of_a_new_office
from tests.simulator.browser import page_user

NOW = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)  # 09.00 WIB, after the group has the summary
YEAR, QUARTER = 2026, "2026-TW3"
QUESTION = ViewportSize(width=390, height=660)
SUMMARY = ViewportSize(width=390, height=562)
PAGE = ViewportSize(width=390, height=1400)
COLOURS = 128
EDGE = 12  # white pixels that stay around the content


@asynccontextmanager
async def office_with_a_past() -> AsyncIterator[Demo]:
    """The demo's office at NOW, two years after its first quarter began."""
    calendar = Calendar.from_schedule(Schedule())
    async with demo_office(Clock(live.first_moment(calendar, NOW), frozen=True)) as demo:
        admin = OfficerActor(demo.phones, demo.phones.add(ADMIN, first_name="Admin", role="Admin"))
        await officers.invite_unit_heads(admin, officers.UNITS[-HEADS:])
        app, rng = demo.app, random.Random("docs")
        clock, move = demo.world.clock, demo.move_clock_to
        await live.go_by(Past(app.office, clock, move, app.turns.do, NOW, rng))
        yield demo


async def draw(folder: Path) -> None:
    """Save every picture."""
    async with office_with_a_past() as demo, chromium() as browser:
        drawn = {**await from_chats(demo), **papers(demo), **handouts()}
        for name, image in drawn.items():
            save(image, folder / name)
        async with working(demo.app, interval=0.2):
            await chat_page(browser, demo, folder)
        await public_page(browser, page_files(demo), folder)


def save(image: Image.Image, path: Path) -> None:
    """Save with a palette: a fifth of the bytes."""
    few = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def cropped(image: Image.Image) -> Image.Image:
    """Without its white margins."""
    box = ImageChops.difference(image, Image.new("RGB", image.size, WHITE)).getbbox()
    assert box is not None
    left, top, right, bottom = box
    return image.crop((left - EDGE, top - EDGE, right + EDGE, bottom + EDGE))


async def from_chats(demo: Demo) -> dict[str, Image.Image]:
    """The pictures of the newest summaries in the group."""

    async def photo(begins: str) -> Image.Image:
        sent = [each for each in demo.group_messages if begins in str(each.get("caption"))]
        file = await demo.app.bot.get_file(sent[-1]["photo"][-1]["file_id"])
        return opened(bytes(await file.download_as_bytearray()))

    return {
        "ikm.png": await photo("📊 IKM"),
        "unit.png": await photo("📊 Indeks kepuasan unit kerja"),
    }


def opened(png: bytes) -> Image.Image:
    """The decoded picture."""
    with Image.open(BytesIO(png)) as image:
        return image.convert("RGB")


def papers(demo: Demo) -> dict[str, Image.Image]:
    """The table of a year and its way to the target; pages of the papers of a quarter."""
    office = demo.app.office
    with office.database.read() as db:
        report, publication, tabulation = (
            paper(db, office, QUARTER, f"{name}-{QUARTER}.{kind}")
            for name, kind in (("laporan", "pdf"), ("publikasi", "png"), ("tabulasi", "xlsx"))
        )
        iku = paper(db, office, str(YEAR), f"iku-{YEAR}.pdf")
        table = iku_png(pictures.iku_picture(db, office, YEAR))
        ikm = next(each.id for each in ikus.of_year(db, YEAR) if each.sumber == "ikm")
        way = pictures.progress_picture(db, office, YEAR, ikm)
    assert way is not None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sheets = converted({"tabulasi.xlsx": tabulation}, "pdf", folder)["tabulasi"]
        return {
            "iku.png": opened(table),
            "menuju-target.png": opened(progress_png(way[1])),
            "publikasi.png": opened(publication).resize((900, 1273)),
            "laporan-unsur.png": page_with("Nilai per unsur", -1, report, folder, 80),
            "tabulasi.png": page_with("Jumlah nilai per unsur", 0, sheets, folder, 90),
            "dokumen-iku.png": page_image(iku, folder, 1, 72),
        }


def paper(db: Db, office: Office, label: str, name: str) -> bytes:
    """One of the papers of a period."""
    made = files.files(files.report_set(db, office, label))
    return next(each.make() for each in made if each.name == name)


def page_with(text: str, at: int, pdf: bytes, folder: Path, dpi: int) -> Image.Image:
    """One of the pages of a PDF with this text, without its margins."""
    pages = [number for number, page in enumerate(poppler_pages(pdf), 1) if text in page]
    return cropped(page_image(pdf, folder, pages[at], dpi))


def handouts() -> dict[str, Image.Image]:
    """A page of each poster and the questionnaire."""
    slips = replace(SLIPS, services=services_of_a_new_office())
    drawn = {
        "poster.png": (posters_pdf([KK], "a5"), 110),
        "poster-dua.png": (posters_pdf([BOTH], "a5"), 110),
        "kuesioner.png": (questionnaire_pdf(slips), 100),
    }
    with tempfile.TemporaryDirectory() as folder:
        return {name: page_image(pdf, Path(folder), 1, dpi) for name, (pdf, dpi) in drawn.items()}


async def chat_page(browser: Browser, demo: Demo, folder: Path) -> None:
    """A citizen at the second question, and the group with the quarter's summary."""
    async with page_user(browser, demo.server.url, scale=2) as phone:
        await phone.page.set_viewport_size(QUESTION)
        await phone.opens("/?start=l_ktp-el")
        await phone.taps("Mulai")
        await phone.taps("Setuju, mulai")
        await phone.sees("Pertanyaan 1 dari 9")
        await phone.taps("Sangat sesuai")
        await phone.sees("Pertanyaan 2 dari 9")
        await phone.page.mouse.move(0, 0)
        save(opened(await phone.page.screenshot()), folder / "chat-warga.png")
        await phone.page.set_viewport_size(SUMMARY)
        await phone.opens(f"/?as={ADMIN}&chat={GROUP}")
        await phone.page.locator("#log img").last.wait_for()
        await phone.page.locator("#log").evaluate("node => document.activeElement.blur()")
        save(opened(await phone.page.screenshot()), folder / "chat-grup.png")


def page_files(demo: Demo) -> Mapping[str, bytes]:
    """The files of the quarter's public page."""
    with demo.app.office.database.read() as db:
        return unzipped(paper(db, demo.app.office, QUARTER, f"halaman-{QUARTER}.zip"))


async def public_page(browser: Browser, page: Mapping[str, bytes], folder: Path) -> None:
    """The top of the public page on a phone."""
    with tempfile.TemporaryDirectory() as name:
        for file, content in page.items():
            (Path(name) / file).write_bytes(content)
        tab = await browser.new_page(viewport=PAGE, device_scale_factor=1.5)
        await tab.goto((Path(name) / "index.html").as_uri())
        save(opened(await tab.screenshot()), folder / "halaman.png")


if __name__ == "__main__":
    os.environ["LC_ALL"] = "id_ID.UTF-8"  # for LibreOffice: commas, as an office sees them
    asyncio.run(draw(Path(sys.argv[1])))
