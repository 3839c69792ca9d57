"""`puas run`: a real process against the simulator, from its first line to its end."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot import app as program
from bot.clock import Ticks
from bot.turn.queue import Turns
from office import bootstrap, office
from office.config import load
from office.secret import DatabaseMissing
from simulator.clock import Clock
from simulator.faults import Fault
from simulator.http.server import Server, serve
from simulator.world import World
from storage.database import Database
from tests.kills import free_port
from tests.process import PASSWORD, PATIENCE, TOKEN, answer, on_terminal, running_on, started
from tests.stored import Stored

CITIZEN, ADMIN = 101, 9001
SEVENTEEN_MONTHS = 518 * 86_400.0  # seconds


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A world on loopback, its clock the real one."""
    server = await serve(World(Clock(), limits=None))
    server.world.add_person(CITIZEN, "Siti")
    server.world.add_person(ADMIN, "Budi")
    yield server
    await server.close()


@pytest.mark.process
async def test_an_office_is_claimed_serves_a_citizen_and_stops(
    server: Server, tmp_path: Path
) -> None:
    world = server.world
    puas = await started(tmp_path, **running_on(server))
    code = await puas.says(r"/klaim ([0-9A-F-]+)")
    world.say(ADMIN, ADMIN, code[0])
    assert "admin" in await answer(world, ADMIN)
    world.say(CITIZEN, CITIZEN, "/start l_ktp-el")
    assert "KTP-el" in await answer(world, CITIZEN)
    assert await puas.is_stopped() == 0
    assert (tmp_path / "puas.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.process
async def test_on_a_terminal_it_says_who_it_is_what_comes_next_and_how_to_stop(
    server: Server, tmp_path: Path
) -> None:
    puas = await on_terminal(tmp_path, **running_on(server))
    await puas.says("Ctrl-C")
    bot = server.world.bot()
    for part in (
        f"Kecamatan Pakong: bot @{bot.username} sedang berjalan",
        "Grup: belum ada. Masukkan bot ke grup Camat, lalu tekan Pasang di sini",
        f"Catatan program: {tmp_path}/catatan.log",
        f"Kirim pesan ini kepada bot @{bot.username} dalam 24 jam:  /klaim ",
    ):
        assert part in puas.shown
    assert "{" not in puas.shown
    server.world.say(ADMIN, ADMIN, "/klaim " + puas.shown.partition("/klaim ")[2].split()[0])
    await puas.says("sekarang punya admin")
    assert await puas.is_stopped() == 0
    assert "Bot berhenti" in puas.shown
    log = tmp_path / "catatan.log"
    events = [json.loads(line)["event"] for line in log.read_text().splitlines()]
    assert events == ["running", "first admin claimed"]
    assert log.stat().st_mode & 0o777 == 0o600


@pytest.mark.process
async def test_on_a_terminal_trouble_is_one_sentence_and_the_rest_is_in_the_file(
    server: Server, tmp_path: Path
) -> None:
    server.world.faults.add(Fault("getMe", 500, times=2))
    puas = await on_terminal(tmp_path, **running_on(server))
    await puas.says("Ctrl-C")
    assert puas.shown.count("Telegram belum terjangkau") == 1
    server.world.faults.add(Fault("getUpdates", 500))
    server.world.say(CITIZEN, CITIZEN, "/start")  # the open call ends, the next one fails
    await answer(server.world, CITIZEN)
    assert await puas.is_stopped() == 0
    assert "Traceback" not in puas.shown
    assert "telegram is out of reach" in (tmp_path / "catatan.log").read_text()


@pytest.mark.process
async def test_a_changed_name_in_the_config_is_said_with_where_to_change_it(
    server: Server, tmp_path: Path
) -> None:
    puas = await started(tmp_path, **running_on(server))
    await puas.says("/klaim")
    assert await puas.is_stopped() == 0
    renamed = {**running_on(server), "PUAS_OFFICE__NAMA": "Kecamatan Waru"}
    sentence = 'office.nama = "Kecamatan Waru" di pengaturan tidak dipakai'
    check = await started(tmp_path, "check", **renamed)
    assert await check.ends() == 0
    (line,) = (line for line in check.lines if "Data kantor" in line and "office.nama" in line)
    assert sentence in line
    assert 'yang berlaku "Kecamatan Pakong"' in line
    assert "/kelola, Data kantor" in line
    puas = await started(tmp_path, **renamed)
    await puas.says(r"office\.nama.*config overruled by the database")
    assert await puas.is_stopped() == 0
    shown = await on_terminal(tmp_path, **renamed)
    await shown.says("Ctrl-C")
    assert sentence in shown.shown
    assert await shown.is_stopped() == 0


async def told(world: World, text: str) -> int:
    """Wait for a message to the admin with this text; how many there are."""
    async with asyncio.timeout(PATIENCE):
        while True:
            messages = [m.get("text", "") for m in world.transcript(ADMIN)]
            if count := sum(text in message for message in messages):
                return count
            await asyncio.sleep(0.1)


async def health_says(port: int, text: str) -> None:
    """Wait until `/healthz` answers with this text."""
    async with aiohttp.ClientSession() as session, asyncio.timeout(PATIENCE):
        while True:
            with suppress(aiohttp.ClientError):
                async with session.get(f"http://127.0.0.1:{port}/healthz") as response:
                    if text in await response.text():
                        return
            await asyncio.sleep(0.1)


@pytest.mark.process
async def test_a_clock_17_months_ahead_of_telegrams_closes_nothing_and_is_told_once(
    server: Server, tmp_path: Path
) -> None:
    world, port = server.world, free_port()
    environ = {**running_on(server), "PUAS_HEALTH__PORT": str(port)}
    world.clock.advance(-SEVENTEEN_MONTHS)
    puas = await started(tmp_path, **environ)
    code = await puas.says(r"/klaim ([0-9A-F-]+)")
    world.say(ADMIN, ADMIN, code[0])
    assert "admin" in await answer(world, ADMIN)
    assert await told(world, "Jam komputer diragukan") == 1
    assert await puas.is_stopped() == 0
    puas = await started(tmp_path, **environ)  # a supervisor restarts what is red
    await health_says(port, "jam: komputer")
    assert await told(world, "Jam komputer diragukan") == 1
    (label,) = Stored(f"sqlite:///{tmp_path}/puas.db").period_labels()
    assert label.startswith(str(world.clock.now().year))
    world.clock.advance(SEVENTEEN_MONTHS)
    await health_says(port, "sehat\n")
    assert await puas.is_stopped() == 0


@pytest.mark.process
async def test_after_an_interrupt_a_second_start_goes_on(server: Server, tmp_path: Path) -> None:
    puas = await started(tmp_path, **running_on(server))
    first = await puas.says("/klaim .+")
    assert await puas.is_stopped(signal.SIGINT) == 0
    puas = await started(tmp_path, **running_on(server))
    assert (await puas.says("/klaim .+"))[0] != first[0]
    assert await puas.is_stopped() == 0


async def test_a_tick_in_progress_ends_before_the_database_is_closed(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, ended, closed = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def tick(*_: object) -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            assert not closed.is_set()
            ended.set()

    def close(turns: Turns) -> None:
        closed.set()
        close_now(turns)

    close_now = Turns.close
    monkeypatch.setattr(Turns, "close", close)
    monkeypatch.setattr(Ticks, "tick", tick)
    monkeypatch.chdir(tmp_path)
    task = asyncio.create_task(program.run(load(None, running_on(server)), print))
    await began.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert ended.is_set()


@pytest.mark.process
async def test_it_waits_for_the_network(server: Server, tmp_path: Path) -> None:
    server.world.faults.add(Fault("getMe", "refuse"))
    server.world.faults.add(Fault("setMyCommands", 500))
    secret = {"PUAS_TELEGRAM__WEBHOOK_SECRET": PASSWORD}
    puas = await started(tmp_path, **running_on(server), **secret)
    await puas.says("telegram is out of reach")
    await puas.says("telegram is out of reach")
    await puas.says("/klaim")
    server.world.faults.add(Fault("getUpdates", 500))
    server.world.say(CITIZEN, CITIZEN, "/start")  # the open call ends, the next one fails
    await puas.says("polling failed")
    assert await puas.is_stopped() == 0


@pytest.mark.process
@pytest.mark.parametrize("refusal", [401, 404])
async def test_it_starts_though_telegram_refuses_a_valid_token_at_first(
    refusal: Any, server: Server, tmp_path: Path
) -> None:
    server.world.faults.add(Fault("getMe", refusal))
    server.world.faults.add(Fault("deleteWebhook", refusal))
    puas = await started(tmp_path, **running_on(server))
    await puas.says("telegram refuses the token")
    await puas.says("telegram refuses the token")
    await puas.says("/klaim")
    server.world.say(CITIZEN, CITIZEN, "/start l_ktp-el")
    assert "KTP-el" in await answer(server.world, CITIZEN)
    assert await puas.is_stopped() == 0


@pytest.mark.process
@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({}, "telegram.token: wajib diisi"),
        ({"TELEGRAM__TOKEN": PASSWORD}, "telegram.token: bukan token"),
        (
            {
                "TELEGRAM__TOKEN": TOKEN,
                "DATABASE__URL": f"postgresql://puas:{PASSWORD}@127.0.0.1:9/puas",
            },
            "database.url: ",
        ),
    ],
    ids=["no token", "a wrong token", "no database"],
)
async def test_what_is_wrong_is_told_in_one_line(
    tmp_path: Path, environ: dict[str, str], told: str
) -> None:
    puas = await started(tmp_path, **{f"PUAS_{key}": value for key, value in environ.items()})
    assert await puas.ends() == 2
    (line,) = puas.log
    assert line.startswith(told)


@pytest.mark.process
async def test_a_config_that_is_named_must_be_there(tmp_path: Path) -> None:
    puas = await started(tmp_path, "run", "--config", "kantor.toml")
    assert await puas.ends() == 2
    assert puas.log[0].startswith("kantor.toml: tidak terbaca")
    assert files(tmp_path) == []


def files(folder: Path) -> list[str]:
    """What stands in a folder."""
    return sorted(path.name for path in folder.iterdir())


async def stopped_by(folder: Path, server: Server, more: str = "") -> str:
    """Why an office with this config does not start."""
    file = folder / "config.toml"
    file.write_text(f'{more}\n[telegram]\ntoken = "{TOKEN}"\napi_root = "{server.url}"\n')
    with pytest.raises(program.STOPS) as stop:
        await program.run(load(file, {}), print)
    return program.sentence(stop.value)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('[survey]\ninstrument = "skm-1999"', 'instrumen "skm-1999" tidak ada'),
        ("[survey]\nmin_filled = 10", "survey.min_filled: paling banyak 9"),
        ('secret_file = "tidak/ada"', "secret_file: "),
        ('[database]\nurl = "sqlite:///tidak/ada.db"', "database.url: Basis data"),
    ],
)
async def test_an_office_never_half_starts(
    server: Server, tmp_path: Path, more: str, told: str
) -> None:
    assert (await stopped_by(tmp_path, server, more)).startswith(told)
    assert not server.world.api_calls


@pytest.mark.slow
async def test_a_token_that_telegram_refuses_for_long_stops_the_start(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "TOKEN_DOUBTED", 1.0)
    server.world.faults.add(Fault("getMe", 401, times=10))
    assert (await stopped_by(tmp_path, server)).startswith("telegram.token: ditolak Telegram")
    assert server.world.api_calls["getMe"] == 2


@pytest.mark.slow
async def test_a_key_of_another_office_is_refused(server: Server, tmp_path: Path) -> None:
    (tmp_path / "puas.key").write_bytes(b"1" * 32)
    config = load(None, {"PUAS_DATABASE__URL": f"sqlite:///{tmp_path}/puas.db"})
    database = Database(config.database.url.get_secret_value())
    bootstrap.prepare(config, office.real_clock, database, b"2" * 32)
    database.close()
    assert (await stopped_by(tmp_path, server)).startswith("secret_file: Kunci rahasia")


@pytest.mark.process
async def test_a_key_whose_database_is_gone_starts_no_new_office_unless_one_is_meant(
    server: Server, tmp_path: Path
) -> None:
    puas = await started(tmp_path, **running_on(server))
    await puas.says("/klaim")
    assert await puas.is_stopped() == 0
    lost = [name for name in files(tmp_path) if name.startswith("puas.db")]
    for name in lost:
        (tmp_path / name).unlink()
    key = (tmp_path / "puas.key").read_bytes()
    sentence = program.sentence(DatabaseMissing())
    assert "puas run --kantor-baru" in sentence
    for _ in range(2):
        puas = await started(tmp_path, **running_on(server))
        assert await puas.ends() == 2
        assert puas.log == [sentence]
        assert files(tmp_path) == ["puas.key"]
    check = await started(tmp_path, "check", **running_on(server))
    assert await check.ends() == 2
    assert f"✗ Basis data: {sentence}" in check.lines
    puas = await started(tmp_path, "run", "--kantor-baru", **running_on(server))
    await puas.says("/klaim")
    assert await puas.is_stopped() == 0
    assert (tmp_path / "puas.key").read_bytes() == key
    puas = await started(tmp_path, **running_on(server))
    await puas.says("/klaim")
    assert await puas.is_stopped() == 0


@pytest.mark.process
@pytest.mark.parametrize("command", ["simulate", "demo"])
async def test_a_port_that_cannot_be_used_ends_in_one_line(
    command: str, server: Server, tmp_path: Path
) -> None:
    taken = server.url.rpartition(":")[2]
    reasons = {taken: "sedang dipakai program lain", "70000": "bukan porta 0-65535"}
    for port, reason in reasons.items():
        puas = await started(tmp_path, command, "--port", port)
        assert await puas.ends() == 2
        (line,) = puas.log
        assert line.startswith(f"puas {command}: porta {port} tidak dapat dipakai: {reason}")


@pytest.mark.process
async def test_the_stand_in_alone_answers_and_stops(tmp_path: Path) -> None:
    puas = await started(tmp_path, "simulate", "--port", "0")
    url = (await puas.says(r"http://127\.0\.0\.1:\d+"))[0]
    async with aiohttp.ClientSession() as session, session.get(f"{url}/bot{TOKEN}/getMe") as reply:
        assert (await reply.json())["ok"]
    assert await puas.is_stopped() == 0


@pytest.mark.process
async def test_the_version_is_told_at_once(tmp_path: Path) -> None:
    puas = await started(tmp_path, "--version")
    assert await puas.ends() == 0
    assert re.fullmatch(r"puas \d+\.\d+\.\d+", puas.lines[0])
    loaded = await started(tmp_path, "--version", PYTHONPROFILEIMPORTTIME="1")
    await loaded.ends()
    imported = {line.rpartition("|")[2].strip() for line in loaded.log}
    assert not imported & {"telegram", "sqlalchemy", "pydantic", "structlog", "aiohttp"}


@pytest.mark.process
def test_a_start_imports_no_library_that_only_papers_need() -> None:
    needed = "import bot.__main__, bot.app, sys; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", needed], capture_output=True, text=True)
    loaded = set(found.stdout.split())
    assert "bot.router" in loaded
    assert not loaded & {"docx", "docxtpl", "jinja2", "xlsxwriter", "typst", "segno", "alembic"}


async def test_a_background_thread_has_lower_priority_than_the_threads_of_the_taps() -> None:
    with ThreadPoolExecutor(1, initializer=program.lower_priority) as beside:
        drawing = beside.submit(os.getpriority, os.PRIO_PROCESS, 0).result()
    taps = os.getpriority(os.PRIO_PROCESS, 0)
    back = program.BACKGROUND_NICENESS if sys.platform == "linux" else 0
    assert drawing == min(taps + back, 19)


async def test_where_signals_cannot_be_handled_as_on_windows_the_bot_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loop, refuse = asyncio.get_running_loop(), asyncio.AbstractEventLoop.add_signal_handler
    monkeypatch.setattr(type(loop), "add_signal_handler", refuse)
    program.at_signals(loop.stop)
    with pytest.raises(NotImplementedError):
        loop.add_signal_handler(signal.SIGINT, loop.stop)
