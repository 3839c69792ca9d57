"""Faults met by real processes over HTTP: updates are held, health tells, work goes on."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
import pytest
from sqlalchemy import make_url

from office.errors import CAUSES
from simulator.clock import Clock
from simulator.faults import Fault
from simulator.http.server import Server, serve
from simulator.phones import Phone, Phones
from simulator.world import World
from storage import updates
from storage.database import Database, TroubleKind
from tests import postgres as own_postgres
from tests.kills import Deployment, RatingTasks, free_port, run_under_trouble
from tests.process import PATIENCE, Puas, running_on, started
from tests.stored import Stored

pytestmark = pytest.mark.process

ADMIN = 9001
MANY = 10**6


@dataclass
class Site:
    """An office on a world with phones; its processes, each with its health."""

    folder: Path
    url: str
    server: Server
    phones: Phones
    running: dict[int, Puas] = field(default_factory=dict)  # by the port of its health

    @property
    def world(self) -> World:
        """Where its people are."""
        return self.server.world

    @property
    def environ(self) -> dict[str, str]:
        """The variables of every process of this office."""
        return {
            **running_on(self.server),
            "PUAS_TELEGRAM__ADMINS": str(ADMIN),
            "PUAS_DATABASE__URL": self.url,
            "PUAS_SIMULATOR__CLOCK": self.server.url,
        }

    async def operates(self, code: int, *command: str) -> str:
        """What a command says that ends with this code."""
        puas = await started(self.folder, *command, **self.environ)
        assert await puas.ends() == code, puas.log
        return "\n".join(puas.lines)

    async def starts(self, **changed: str) -> int:
        """A process starts, and is ready; the port of its health."""
        port = free_port()
        environ = {**self.environ, "PUAS_HEALTH__PORT": str(port), **changed}
        self.running[port] = await started(self.folder, **environ)
        await self.tells(port, "/readyz", 200)
        return port

    async def tells(self, port: int, path: str, status: int) -> str:
        """Ask until it answers with this status; what it says then."""
        async with aiohttp.ClientSession() as session, asyncio.timeout(PATIENCE):
            while True:
                try:
                    async with session.get(f"http://127.0.0.1:{port}{path}") as answer:
                        if answer.status == status:
                            return await answer.text()
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.1)

    @property
    def stored(self) -> Stored:
        """What its database holds."""
        return Stored(self.url)

    async def ends(self) -> None:
        """Every process ends well."""
        for port in list(self.running):
            assert await self.running.pop(port).is_stopped() == 0


@pytest.fixture
async def site(database_url: str, tmp_path: Path) -> AsyncIterator[Site]:
    """An office without a process yet."""
    server = await serve(World(Clock(), limits=None))
    site = Site(tmp_path, database_url, server, Phones(server.world))
    server.world.add_person(ADMIN, "Admin")
    yield site
    for puas in site.running.values():
        puas.process.kill()
        await asyncio.to_thread(puas.process.wait)
    await site.server.close()


async def answers(phone: Phone, until: str) -> None:
    """Press what moves on until the screen says so."""
    while until not in phone.text:
        labels = [str(button["text"]) for button in phone.buttons]
        sent = [number for number, label in enumerate(labels) if label.startswith("✅")]
        await phone.tap(phone.buttons[sent[0] if sent else 0])


async def begins(phone: Phone, until: str = "Pertanyaan 2 dari 9") -> None:
    """Scan, agree, and answer up to there."""
    await phone.say("/start l_ktp-el")
    await answers(phone, until)


def press(phone: Phone) -> None:
    """Press the first button, without waiting for anything."""
    data = phone.buttons[0]["callback_data"]
    phone.world.tap(phone.id, phone.id, phone.message["message_id"], data)


async def is_shown(phone: Phone, part: str) -> None:
    """Wait until the newest screen says so."""
    async with asyncio.timeout(PATIENCE):
        while part not in phone.text:
            await phone.wait(phone.seen)


async def until(true: Callable[[], bool]) -> None:
    """Wait for something to be so."""
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110 # the process it waits for tells nobody
            await asyncio.sleep(0.05)


def told(site: Site, chat: int) -> str:
    """Everything that stands in a chat."""
    return "\n".join(str(message.get("text")) for message in site.world.transcript(chat))


def untroubled(site: Site) -> bool:
    """Whether no handler raised."""
    return site.stored.set_aside_count() == 0


# Telegram


@pytest.mark.parametrize("answer", [500, 429, "refuse"])
async def test_after_ten_minutes_without_telegram_the_question_is_shown_again(
    answer: Any, site: Site
) -> None:
    port = await site.starts()
    phone = site.phones.add(101)
    await begins(phone)
    site.world.faults.add(Fault("*", answer, times=MANY))
    site.world.say(ADMIN, ADMIN, "/bantuan")  # ends the open call; those that follow fail
    await asyncio.sleep(0.5)
    press(phone)
    site.world.clock.advance(600)
    await asyncio.sleep(1.0)
    assert "Pertanyaan 2 dari 9" in phone.text
    site.world.faults.clear()
    await until(lambda: "ada gangguan" in told(site, 101))
    await is_shown(phone, "Pertanyaan 2 dari 9")
    if answer != "refuse":  # a message on a connection that broke may have arrived: not sent again
        await until(lambda: "/ringkasan" in told(site, ADMIN))
    await answers(phone, "Tanda terima")
    assert await site.tells(port, "/healthz", 200) == "sehat\n"
    assert untroubled(site)
    await site.ends()


async def test_a_telegram_that_is_gone_and_comes_back_is_found_again(site: Site) -> None:
    await site.starts()
    phone = site.phones.add(101)
    await begins(phone)
    await site.server.close()
    press(phone)
    await asyncio.sleep(1.0)
    site.server = await serve(site.world, int(site.server.url.rpartition(":")[2]))
    await is_shown(phone, "Pertanyaan 3 dari 9")
    assert untroubled(site)
    await site.ends()


@pytest.mark.parametrize("answer", [401, 404])
async def test_a_token_refused_for_a_while_makes_health_red_and_the_survey_goes_on(
    answer: Any, site: Site
) -> None:
    port = await site.starts()
    phone = site.phones.add(101)
    await begins(phone)
    site.world.faults.add(Fault("*", answer, times=MANY))
    site.world.say(ADMIN, ADMIN, "/bantuan")  # ends the open call; those that follow are refused
    assert (await site.tells(port, "/healthz", 503)).startswith("token: ditolak Telegram")
    press(phone)
    site.world.faults.clear()
    await is_shown(phone, "Pertanyaan 3 dari 9")
    await until(lambda: "/ringkasan" in told(site, ADMIN))
    assert await site.tells(port, "/healthz", 200) == "sehat\n"
    assert untroubled(site)
    await site.ends()


async def test_of_two_pollers_each_ticks_and_one_takes_over_when_the_other_ends(
    site: Site,
) -> None:
    first = await site.starts()
    second = await site.starts()
    phones = [site.phones.add(number) for number in range(101, 105)]
    await asyncio.gather(*(begins(phone) for phone in phones))
    assert await site.tells(first, "/healthz", 200) == await site.tells(second, "/healthz", 200)
    pair = list(site.running.values())
    assert await site.running.pop(first).is_stopped() == 0
    await asyncio.gather(*(answers(phone, "Tanda terima") for phone in phones))
    await site.ends()
    assert any("another process polls" in line for puas in pair for line in puas.lines)
    assert site.stored.completed_count() == 4
    assert site.stored.answer_count() == 36
    assert untroubled(site)


async def test_a_copy_of_the_office_on_a_laptop_is_an_alarm(site: Site) -> None:
    port = await site.starts()
    site.world.say(ADMIN, ADMIN, "/bantuan")
    await until(lambda: "/ringkasan" in told(site, ADMIN))
    laptop = site.folder / "laptop"
    laptop.mkdir()
    copy = {"PUAS_DATABASE__URL": "sqlite:///puas.db", "PUAS_TELEGRAM__ADMINS": "9002"}
    stranger = await started(laptop, **{**site.environ, **copy})
    try:
        red = await site.tells(port, "/healthz", 503)
        assert red.startswith("pesan masuk: program lain memakai token ini")
        await until(lambda: "program lain yang memakai token" in told(site, ADMIN))
    finally:
        assert await stranger.is_stopped() == 0
    assert untroubled(site)
    await site.ends()


async def test_an_operator_replays_beside_the_running_program(site: Site) -> None:
    await site.starts()
    phone = site.phones.add(101)
    await begins(phone)
    tap = {"kind": "callback_query", "data": phone.buttons[0]["callback_data"]}
    payload = {**tap, "chat": 101, "message_id": phone.message["message_id"]}
    database = Database(site.url)
    with database.write() as db:
        updates.set_aside(db, 700000001, 5, payload, "ValueError: flow.py:1 take", Clock().now())
    database.close()
    assert "UTC, ketukan, ValueError: flow.py:1 take" in await site.operates(0, "replay")
    assert "sudah diproses" in await site.operates(0, "replay", "--semua")
    await is_shown(phone, "Pertanyaan 3 dari 9")
    assert "tidak ada nomor itu" in await site.operates(2, "replay", "1")
    assert "Tidak ada yang disisihkan" in await site.operates(0, "replay")
    await site.ends()


# The database

Trouble = Callable[[Site], AbstractContextManager[None]]


@contextmanager
def locked(site: Site) -> Iterator[None]:
    """Another process writes and does not end."""
    file = str(make_url(site.url).database)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def full(site: Site) -> Iterator[None]:
    """No file of the process may grow: what a full disk says in the midst of a write."""
    pids = [puas.process.pid for puas in site.running.values()]
    before = [resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids]
    for pid, (_, hard) in zip(pids, before, strict=True):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, hard))
    yield
    for pid, limits in zip(pids, before, strict=True):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


@contextmanager
def read_only(site: Site) -> Iterator[None]:
    """The server takes no writes, as a standby after a switch."""
    name = make_url(site.url).database
    _switch(site.url, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    yield
    _switch(site.url, f"ALTER DATABASE {name} RESET default_transaction_read_only")


def _switch(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = off")
        connection.execute(statement.encode())
    cut(url)


def cut(url: str) -> int:
    """End every other connection to this database; how many that were."""
    with psycopg.connect(url, autocommit=True) as connection:
        ended = connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return len(ended.fetchall())


@contextmanager
def renamed(site: Site) -> Iterator[None]:
    """Somebody moves the file away, sees his mistake, and puts it back."""
    file = Path(str(make_url(site.url).database))
    elsewhere = file.rename(file.with_name("salinan.db"))
    yield
    assert not file.exists()
    elsewhere.rename(file)


async def held_and_healed(
    site: Site, trouble: AbstractContextManager[None], *kinds: TroubleKind, **changed: str
) -> None:
    """A tap in the trouble is held, health turns red; afterwards both mend by themselves.

    Args:
        kinds: as any of these the trouble is named in health and in the log.
    """
    port = await site.starts(**changed)
    phone = site.phones.add(101)
    await begins(phone)
    with trouble:
        press(phone)
        assert (await site.tells(port, "/healthz", 503)).startswith("basis data: ")
        await asyncio.sleep(1.0)
        line = await site.tells(port, "/healthz", 503)
        assert line.startswith("basis data: ")
        assert any(CAUSES[kind] in line for kind in kinds), line
        assert "Pertanyaan 2 dari 9" in phone.text
    await is_shown(phone, "Pertanyaan 3 dari 9")
    await site.tells(port, "/healthz", 200)
    await answers(phone, "Tanda terima")
    assert untroubled(site)
    puas = site.running[port]
    await site.ends()
    log = "\n".join(puas.lines)
    assert any(f'"kind": "{kind}"' in log for kind in kinds), log
    assert "database works again" in log


@pytest.mark.parametrize("where", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("trouble", "kinds"),
    [(locked, ["locked"]), (full, ["disk full", "input/output error"])],
)
async def test_sqlite_locked_or_on_a_full_disk_holds_updates_and_goes_on_by_itself(
    trouble: Trouble, kinds: list[TroubleKind], site: Site
) -> None:
    await held_and_healed(site, trouble(site), *kinds)


@pytest.mark.parametrize("where", ["sqlite"], indirect=True)
@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_renamed_database_file_holds_updates_until_it_is_back(
    mode: str, site: Site
) -> None:
    port = free_port()
    changed = {
        "PUAS_TELEGRAM__MODE": mode,
        "PUAS_TELEGRAM__WEBHOOK_URL": f"http://127.0.0.1:{port}/",
        "PUAS_TELEGRAM__WEBHOOK_PORT": str(port),
    }
    await held_and_healed(site, renamed(site), "missing", **(changed if mode == "webhook" else {}))


@pytest.mark.parametrize("where", ["sqlite"], indirect=True)
async def test_a_deleted_database_file_and_a_copy_in_its_place_take_no_answer(site: Site) -> None:
    port = await site.starts()
    phone = site.phones.add(101)
    await begins(phone)
    file = Path(str(make_url(site.url).database))
    with closing(sqlite3.connect(file)) as db:  # a backup would hold no open survey
        db.execute("VACUUM INTO ?", (str(site.folder / "cadangan.db"),))
    for path in site.folder.glob("puas.db*"):
        path.unlink()
    press(phone)
    assert CAUSES["missing"] in await site.tells(port, "/healthz", 503)
    (site.folder / "cadangan.db").rename(file)
    await site.running[port].says('"kind": "exchanged"')
    assert CAUSES["exchanged"] in await site.tells(port, "/healthz", 503)
    assert "Pertanyaan 2 dari 9" in phone.text
    await site.ends()
    await site.starts()
    await is_shown(phone, "Pertanyaan 3 dari 9")  # the tap was held by Telegram all the while
    await site.ends()


@pytest.mark.postgres
@pytest.mark.parametrize("where", ["postgres"], indirect=True)
async def test_a_read_only_postgres_holds_updates_and_goes_on_by_itself(site: Site) -> None:
    await held_and_healed(site, read_only(site), "read-only")


@pytest.fixture(scope="module")
def another_server() -> Iterator[own_postgres.Server]:
    """A PostgreSQL that may be stopped without harm to other tests."""
    with own_postgres.server() as found:
        yield found


@pytest.fixture
def another_url(another_server: own_postgres.Server) -> Iterator[str]:
    """A database on it."""
    with another_server.database() as url:
        yield url


@pytest.mark.postgres
async def test_a_stopped_postgres_holds_updates_and_goes_on_by_itself(
    another_server: own_postgres.Server, another_url: str, site: Site
) -> None:
    @contextmanager
    def stopped() -> Iterator[None]:
        another_server.stop()
        yield
        another_server.start()

    site.url = another_url
    await held_and_healed(site, stopped(), "disconnected")


@pytest.mark.postgres
@pytest.mark.timeout(300)
async def test_postgres_restarted_under_load_loses_and_doubles_nothing(
    another_server: own_postgres.Server, another_url: str, tmp_path: Path
) -> None:
    async def restarts(_: aiohttp.ClientSession, walks: RatingTasks) -> None:
        for _number in range(2):
            await asyncio.sleep(1.0)
            await asyncio.to_thread(another_server.restart)
        assert not all(walk.done() for walk in walks)

    await nothing_is_lost(Deployment(tmp_path, another_url, webhook=False), restarts)


@pytest.mark.postgres
@pytest.mark.timeout(300)
@pytest.mark.parametrize("where", ["postgres"], indirect=True)
async def test_connections_cut_under_load_lose_and_double_nothing(
    database_url: str, tmp_path: Path
) -> None:
    async def cuts(_: aiohttp.ClientSession, walks: RatingTasks) -> None:
        ended = 0
        while ended < 20 and not all(walk.done() for walk in walks):
            ended += await asyncio.to_thread(cut, database_url)
            await asyncio.sleep(0.1)
        assert ended >= 5  # how many fit in depends on the machine

    await nothing_is_lost(Deployment(tmp_path, database_url, webhook=True), cuts)


async def nothing_is_lost(
    town: Deployment, trouble: Callable[[aiohttp.ClientSession, RatingTasks], Any]
) -> None:
    """Six people rate a service meanwhile."""
    report = await run_under_trouble(town, 6, 1, 7, trouble)
    assert (report.lost, report.doubled, report.unhandled) == (0, 0, 0), report
    assert (report.unfinished, report.set_aside) == (0, 0), report
    assert report.acknowledged == 6 * 9


SOCKET = ".s.PGSQL.5432"


@dataclass
class Cable:
    """Between program and PostgreSQL; once, an answer's commit arrives and its echo does not."""

    server: str  # the folder of its socket
    armed: bool = False
    cuts: int = 0

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        there, back = await asyncio.open_unix_connection(f"{self.server}/{SOCKET}")
        lost = wrote = False

        async def away() -> None:
            nonlocal lost, wrote
            while said := await reader.read(1 << 16):
                wrote |= b"UPDATE open_response" in said
                lost = self.armed and wrote and b"COMMIT" in said
                back.write(said)
                if lost:
                    self.armed = False
                    await asyncio.sleep(0.3)  # it is carried out there; nobody hears of it here
                    self.cuts += 1
                    return

        async def home() -> None:
            while said := await there.read(1 << 16):
                if not lost:
                    writer.write(said)

        ways = [asyncio.create_task(away()), asyncio.create_task(home())]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        for end in (writer, back):
            end.close()


@pytest.mark.postgres
@pytest.mark.parametrize("where", ["postgres"], indirect=True)
async def test_a_commit_whose_echo_is_lost_counts_once_and_is_shown(
    site: Site, tmp_path: Path
) -> None:
    address = make_url(site.url)
    cable = Cable(str(address.query["host"]))
    line = await asyncio.start_unix_server(cable.carry, tmp_path / SOCKET)
    through = address.update_query_dict({"host": str(tmp_path)}).render_as_string(False)
    await site.starts(PUAS_DATABASE__URL=through)
    phone = site.phones.add(101)
    await begins(phone)
    cable.armed = True
    press(phone)
    await is_shown(phone, "Pertanyaan 3 dari 9")
    assert cable.cuts == 1
    assert site.stored.answers_and_newest_revision() == (2, 3)
    await answers(phone, "Tanda terima")
    assert untroubled(site)
    await site.ends()
    line.close()
