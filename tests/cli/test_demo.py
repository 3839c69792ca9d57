"""`puas demo` as a newcomer runs it: a process, real HTTP, JSON on standard output."""

from __future__ import annotations

import asyncio
import io
import json
import os
import signal
import subprocess
import sys
import webbrowser
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from cli.demo import command, officers
from cli.demo.officers import Clerk
from cli.demo.stage import ADMIN, staged
from cli.demo.year import BEGIN
from simulator.clock import Clock
from storage import ikus
from tests.process import IGNORING_SIGINT

ROOT = Path(__file__).parents[2]
CONTRACT = {
    "citizens", "responses", "ikm", "mutu", "nrr", "unit_index", "summary", "periods", "iku",
    "api_calls", "handler_errors", "seconds", "database",
}  # fmt: skip


def demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program."""
    return subprocess.run(
        [sys.executable, "-m", "cli", "demo", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """One headless year of thirty citizens."""
    done = demo("--headless", "--citizens", "30", "--seed", "7", "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.process
def test_the_json_has_every_key_of_the_contract(told: dict[str, Any]) -> None:
    assert told.keys() >= CONTRACT
    assert set(told["nrr"]) == {
        "PERSYARATAN", "PROSEDUR", "WAKTU", "BIAYA", "PRODUK",
        "KOMPETENSI", "PERILAKU", "PENGADUAN", "SARANA",
    }  # fmt: skip


@pytest.mark.process
def test_every_quarters_ikm_equals_the_recount_from_the_peoples_own_taps(
    told: dict[str, Any],
) -> None:
    assert [one["periode"] for one in told["periods"]] == [f"2026-TW{n}" for n in range(1, 5)]
    assert [one["ikm"] for one in told["periods"]] == [one["recount"] for one in told["periods"]]
    assert told["ikm"] == told["periods"][-1]["ikm"]
    assert told["handler_errors"] == 0
    assert told["responses"] >= 25


@pytest.mark.process
def test_one_summary_a_quarter_lands_and_the_last_with_a_photo(told: dict[str, Any]) -> None:
    assert [one["summaries"] for one in told["periods"]] == [1, 1, 1, 1]
    assert told["summary"]["photo"]["width"] == 1080
    assert told["ikm"].replace(".", ",") in told["summary"]["text"]
    assert len(told["summary"]["text"].encode("utf-16-le")) // 2 <= 1024


@pytest.mark.process
def test_the_year_ends_with_two_unit_indices_and_the_whole_iku_table(told: dict[str, Any]) -> None:
    indices = [one["unit_index"] for one in told["periods"]]
    assert indices[0] is None
    assert None not in indices[1:]
    assert indices[1] == indices[2] != indices[3] == told["unit_index"]
    assert [row["target"] for row in told["iku"]] == ["80", "70", "83"]
    assert told["iku"][1]["realisasi"] == "71.35"
    assert all(row["capaian"] and row["kategori"] for row in told["iku"])
    assert "SAKIP 71,35 BB/70" in told["summary"]["text"]


@pytest.mark.process
def test_the_same_seed_gives_the_same_figures(told: dict[str, Any]) -> None:
    again = json.loads(demo("--headless", "--citizens", "30", "--seed", "7", "--json").stdout)
    for key in ("responses", "ikm", "nrr", "summary"):
        assert again[key] == told[key]


@pytest.mark.process
@pytest.mark.parametrize("citizens", ["0", "1", "4"])
def test_a_handful_of_citizens_is_no_trouble(citizens: str) -> None:
    done = demo("--headless", "--citizens", citizens, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["summary"]["photo"] is None


async def first_line_with(lines: asyncio.StreamReader, part: str) -> str:
    """Read until a line says this."""
    while line := (await lines.readline()).decode():
        if part in line:
            return line
    raise AssertionError(f"no line with {part!r}")


async def roles(url: str) -> list[str]:
    """Whom of the office one can be on the page."""
    async with aiohttp.ClientSession() as session, session.get(f"{url}sim/world") as answer:
        people = (await answer.json())["people"]
    return [person["role"] for person in people if person["role"]]


def folders(temporary: Path) -> list[Path]:
    """The databases of demonstrations in this folder."""
    return list(temporary.glob("puas-demo-*"))


@pytest.mark.process
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_the_open_demo_prints_its_address_and_stops_on_a_signal(number: int) -> None:
    process = await asyncio.create_subprocess_exec(
        *IGNORING_SIGINT, sys.executable, "-m", "cli", "demo", "--citizens", "4",
        cwd=ROOT, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        line = await first_line_with(process.stderr, "halaman obrolan")
        await first_line_with(process.stderr, "4 dari 4 warga")
        assert await roles(line.split()[-1]) == ["Admin", "Kepala unit", "Kepala unit"]
        process.send_signal(number)
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
    said = (await asyncio.wait_for(process.communicate(), 20))[1].decode()
    assert said.endswith("puas demo: dihentikan.\n")
    assert process.returncode == command.INTERRUPTED
    assert not folders(tmp_path)


class Screen(io.StringIO):
    """A terminal with somebody before it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses a browser was asked to open; it opens none."""
    asked: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: asked.append(url))
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    return asked


@pytest.mark.parametrize(("display", "terminal"), [("", Screen()), (":0", io.StringIO())])
def test_the_page_opens_by_itself_only_where_somebody_sits(
    opened: list[str], monkeypatch: pytest.MonkeyPatch, display: str, terminal: io.StringIO
) -> None:
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setattr(sys, "stderr", terminal)
    assert command.look("http://127.0.0.1:1/") is None
    assert opened == []


def test_a_browser_that_does_not_open_is_no_trouble(
    opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(sys, "stderr", screen := Screen())
    looking = command.look("http://127.0.0.1:1/")
    assert looking is not None
    looking.join(5)
    assert opened == ["http://127.0.0.1:1/"]
    assert "buka alamat di atas" in screen.getvalue()


@pytest.mark.slow
async def test_the_figure_of_the_year_before_is_entered_for_that_year() -> None:
    async with staged(Clock(BEGIN)) as stage:
        phone = stage.phones.add(ADMIN, first_name="Admin", role="Admin")
        await officers.aims(Clerk(stage.phones, phone))
        years = await stage.app.turns.do(lambda db: ikus.entered_realisasi(db, (2025, 2026)))
        assert [(year, one.realisasi) for (_, year), one in years.items()] == [
            (2025, Decimal("81.90"))
        ]
