"""`puas demo` as a process: real HTTP, JSON on standard output."""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
import subprocess
import sys
import webbrowser
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from cli.demo import command, officers, year
from cli.demo.crowd import crowd, simulate_day
from cli.demo.environment import GROUP, demo_office
from cli.demo.officers import ADMIN, OfficerActor
from cli.demo.year import BEGIN
from simulator.clock import Clock
from storage.planning import ikus
from tests.process import IGNORING_SIGINT
from tests.stored import Stored

ROOT = Path(__file__).parents[2]
CONTRACT = {
    "citizens", "responses", "ikm", "mutu", "nrr", "unit_index", "summary", "periods", "iku",
    "api_calls", "handler_errors", "seconds", "database",
}  # fmt: skip


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    """One headless year of thirty citizens."""
    arguments = ("--headless", "--citizens", "30", "--seed", "7", "--json")
    done = subprocess.run(
        [sys.executable, "-m", "cli", "demo", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    output: dict[str, Any] = json.loads(done.stdout)
    return output


@pytest.mark.process
def test_the_json_has_every_key_of_the_contract(report: dict[str, Any]) -> None:
    assert report.keys() >= CONTRACT
    assert set(report["nrr"]) == {
        "PERSYARATAN", "PROSEDUR", "WAKTU", "BIAYA", "PRODUK",
        "KOMPETENSI", "PERILAKU", "PENGADUAN", "SARANA",
    }  # fmt: skip


@pytest.mark.process
def test_the_ikm_of_every_quarter_equals_the_recount_of_the_citizens_taps(
    report: dict[str, Any],
) -> None:
    assert [each["periode"] for each in report["periods"]] == [f"2026-TW{n}" for n in range(1, 5)]
    assert [each["ikm"] for each in report["periods"]] == [
        each["recount"] for each in report["periods"]
    ]
    assert report["ikm"] == report["periods"][-1]["ikm"]
    assert report["handler_errors"] == 0
    assert report["responses"] >= 25


@pytest.mark.process
def test_each_quarter_sends_one_summary_and_the_last_has_a_photo(report: dict[str, Any]) -> None:
    assert [each["summaries"] for each in report["periods"]] == [1, 1, 1, 1]
    assert report["summary"]["photo"]["width"] == 1080
    assert report["ikm"].replace(".", ",") in report["summary"]["text"]
    assert len(report["summary"]["text"].encode("utf-16-le")) // 2 <= 1024


@pytest.mark.process
def test_the_year_ends_with_two_unit_indices_and_the_whole_iku_table(
    report: dict[str, Any],
) -> None:
    indices = [each["unit_index"] for each in report["periods"]]
    assert indices[0] is None
    assert None not in indices[1:]
    assert indices[1] == indices[2] != indices[3] == report["unit_index"]
    assert [row["target"] for row in report["iku"]] == ["80", "70", "83"]
    assert report["iku"][1]["realisasi"] == "71.35"
    assert all(row["capaian"] and row["kategori"] for row in report["iku"])
    assert "SAKIP 71,35/70 · IKM " in report["summary"]["text"]


@pytest.mark.process
async def test_the_same_seed_gives_the_same_figures(report: dict[str, Any]) -> None:
    again = await year.headless(30, 7, print)
    for key in ("responses", "ikm", "nrr", "summary"):
        assert again[key] == report[key]


@pytest.mark.slow
async def test_the_demo_succeeds_with_a_year_of_too_few_citizens_for_a_figure() -> None:
    report = await year.headless(1, 1, print)
    assert year.succeeded(report)
    assert report["summary"]["photo"] is None
    assert [each["ikm"] for each in report["periods"]] == [None] * 4


@pytest.mark.slow
async def test_quarters_of_four_citizens_are_counted_together() -> None:
    lines: list[str] = []
    report = await year.headless(4, 1, lines.append)
    assert year.succeeded(report)
    quarters = report["periods"]
    assert [each["ikm"] is None for each in quarters] == [True, False, True, False]
    assert [each["ikm"] for each in quarters] == [each["recount"] for each in quarters]
    expected = "2026-TW1: responden terlalu sedikit, dihitung bersama"
    assert any(line.startswith(expected) for line in lines)


@pytest.mark.slow
async def test_every_fourth_citizen_answers_in_a_browser_half_of_them_at_a_counter() -> None:
    async with demo_office(Clock(BEGIN)) as demo:
        people = crowd(demo.phones, demo.browsers, 16, 2, ["ktp-el"])
        for citizen in people:
            citizen.stops_before = None
            citizen.shares_device = False
        await simulate_day(people, [])
        url = str(demo.app.office.database.url)
        sent = Counter(kanal for kanal, status in Stored(url).channels_and_status() if status)
    assert sent == {"telegram": 12, "web": 2, "kios": 2}


@pytest.mark.slow
async def test_two_demos_run_side_by_side() -> None:
    async with demo_office(Clock(BEGIN)) as one, demo_office(Clock(BEGIN)) as other:
        origins = {one.browsers.origin, other.browsers.origin}
        assert len(origins) == 2
        for origin in origins:
            assert "KTP-el" in await page(f"{origin}/")


async def first_line_with(lines: asyncio.StreamReader, part: str) -> str:
    """Read lines until one contains this text."""
    while line := (await lines.readline()).decode():
        if part in line:
            return line
    raise AssertionError(f"no line with {part!r}")


async def page(url: str) -> str:
    """The HTML of an address."""
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        assert answer.status == 200, url
        return await answer.text()


async def roles(url: str) -> list[str]:
    """The roles of the officers that a user of the page can act as."""
    async with aiohttp.ClientSession() as session, session.get(f"{url}sim/world") as answer:
        people = (await answer.json())["people"]
    return [person["role"] for person in people if person["role"]]


def folders(temporary: Path) -> list[Path]:
    """The demo databases in this folder."""
    return list(temporary.glob("puas-demo-*"))


async def bots_messages(url: str, person: int, answers: Mapping[str, str]) -> str:
    """What the bot wrote to this person, once each of these commands has its answer."""
    async with aiohttp.ClientSession(f"{url}sim/") as session, asyncio.timeout(30):
        async with session.get("world") as answer:
            bot = (await answer.json())["bots"][0]

        async def written() -> str:
            query = {"chat": str(person), "bot": str(bot["id"])}
            async with session.get("transcript", params=query) as answer:
                messages = [each for each in await answer.json() if each["from"]["is_bot"]]
            texts = [each.get("text") or each.get("caption") or "" for each in messages]
            return "\n".join([bot["first_name"], *texts])

        for command, text in answers.items():
            said = {"from": person, "chat": person, "bot": bot["id"], "text": command}
            async with session.post("say", data=json.dumps(said)) as answer:
                assert answer.status == 200
            while text not in await written():  # noqa: ASYNC110 # the bot is another process
                await asyncio.sleep(0.1)
        return await written()


@pytest.mark.process
async def test_the_open_demo_has_a_past_prints_its_addresses_and_stops_on_a_signal() -> None:
    process = await asyncio.create_subprocess_exec(
        *IGNORING_SIGINT, sys.executable, "-m", "cli", "demo", "--citizens", "4",
        cwd=ROOT, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        line = await first_line_with(process.stderr, "halaman obrolan")
        home = await first_line_with(process.stderr, "Isi di browser: http://localhost:")
        counter = await first_line_with(process.stderr, "Layar loket: http://127.0.0.1:")
        assert "Pindah/datang</button>" in await page(home.split()[-1])
        assert "Setuju, mulai</button>" in await page(counter.split()[-1])
        await first_line_with(process.stderr, "4 dari 4 warga")
        url = line.split()[-1]
        assert await roles(url) == ["Admin", "Camat", *["Kepala unit"] * 4]
        group = await bots_messages(url, GROUP, {})
        assert group.startswith("Survei Kecamatan Pakong\n")
        assert group.count("📊 IKM Kecamatan Pakong – Triwulan") == 8
        assert group.count("4 dari 7 unit kerja mengisi") == 4
        assert "terlambat dikirim" not in group
        asked = {"/ringkasan": "Pratinjau", "/iku": "target akhir", "/sakip": "– 700/12/432.300/"}
        assert "1 dari 2 selesai, 1 terlambat" in await bots_messages(url, ADMIN, asked)
        process.send_signal(signal.SIGTERM)
        await first_line_with(process.stderr, "selesai.")
        assert await asyncio.wait_for(process.wait(), 20) == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.process
async def test_the_headless_demo_stops_on_a_signal_and_removes_its_database(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *IGNORING_SIGINT, sys.executable, "-m", "cli", "demo", "--headless",
        cwd=ROOT, env={**os.environ, "TMPDIR": str(tmp_path)}, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    await first_line_with(process.stderr, "target IKU diisi")
    assert folders(tmp_path)
    process.send_signal(signal.SIGINT)
    output = (await asyncio.wait_for(process.communicate(), 20))[1].decode()
    assert output.endswith("puas demo: dihentikan.\n")
    assert process.returncode == command.INTERRUPTED
    assert not folders(tmp_path)


class TerminalOutput(io.StringIO):
    """Standard error of a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def opened_urls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record the URLs passed to the browser; open none."""
    urls: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: urls.append(url))
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    return urls


@pytest.mark.parametrize(("display", "terminal"), [("", TerminalOutput()), (":0", io.StringIO())])
def test_the_page_opens_only_with_a_display_and_a_terminal(
    opened_urls: list[str], monkeypatch: pytest.MonkeyPatch, display: str, terminal: io.StringIO
) -> None:
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setattr(sys, "stderr", terminal)
    assert command.open_browser("http://127.0.0.1:1/") is None
    assert opened_urls == []


def test_the_demo_prints_a_hint_when_no_browser_opens(
    opened_urls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(sys, "stderr", terminal := TerminalOutput())
    thread = command.open_browser("http://127.0.0.1:1/")
    assert thread is not None
    thread.join(5)
    assert opened_urls == ["http://127.0.0.1:1/"]
    assert "buka alamat di atas" in terminal.getvalue()


@pytest.mark.slow
async def test_the_figure_of_the_year_before_is_entered_for_that_year() -> None:
    async with demo_office(Clock(BEGIN)) as demo:
        phone = demo.phones.add(ADMIN, first_name="Admin", role="Admin")
        await officers.enter_targets(OfficerActor(demo.phones, phone))
        years = await demo.app.turns.do(lambda db: ikus.entered_realisasi(db, (2025, 2026)))
        assert [(year, each.realisasi) for (_, year), each in years.items()] == [
            (2025, Decimal("81.90"))
        ]
