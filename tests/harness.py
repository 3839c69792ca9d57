"""The harness of the scenarios: a simulated Telegram, one office, and people who write and tap."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, create_engine, inspect, select
from telegram import Update
from telegram.error import NetworkError
from telegram.request import BaseRequest

from bot import app as program
from bot import router
from bot.app import App
from bot.delivery.transport import DONE, OK, NotDelivered
from office.config import Config
from office.office import TelegramTime
from office.turn import Turn
from simulator.clock import Clock
from simulator.http.server import Server, serve
from simulator.in_process import InProcessRequest
from simulator.world import World
from storage import tables as t
from storage.database import Database, Db
from tests.compiled import compiled_once
from tests.stored import Stored

TOKEN = "700000001:" + "puas-test-token-" * 3
WIB = ZoneInfo("Asia/Jakarta")
START = datetime(2026, 7, 6, 9, 0, tzinfo=WIB)
CAMAT_GROUP = -1001

# What most scenarios do without: they count messages, and begin in the middle of a period.
QUIET = {"preview_days": 0, "rating_days": 0, "reminders": False}

# For scenarios whose statements no other test asks of PostgreSQL, or that two processes share.
BOTH_DATABASES = pytest.mark.parametrize(
    "where",
    ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)],
    indirect=True,
)


def local(moment: str) -> datetime:
    """The moment that is `2026-09-30 23:59:59.999` in the time zone of the office."""
    return datetime.fromisoformat(moment).replace(tzinfo=WIB)


class WatchedRequest(InProcessRequest):
    """Calls the simulator in process, else as the transport over HTTP does.

    Fails a call from the writer thread, inside a transaction.
    """

    async def do_request(self, url: str, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        assert not threading.current_thread().name.startswith("writer")
        try:
            status, answered = await super().do_request(url, *args, **kwargs)
        except NetworkError as error:
            if isinstance(error.__cause__, ConnectionRefusedError):
                raise NotDelivered("refused") from None
            raise
        unread = status == OK and url.rpartition("/")[2] in program.UNREAD
        return status, DONE if unread else answered


@dataclass(frozen=True, slots=True)
class OfficeStored(Stored):
    """Asks on the office's own connections: scenarios ask dozens of questions."""

    database: Database

    @contextmanager
    def _snapshot(self) -> Iterator[Db]:
        with self.database.read() as db:
            yield db


# Without repr: asyncio.Runner builds the repr of what each async fixture returned.
@dataclass(repr=False)
class Harness:
    """A simulator with an office on it; with `http` they talk over HTTP, otherwise in process."""

    folder: Path
    url: str
    http: bool = False
    settings: dict[str, Any] = field(default_factory=dict)
    world: World = field(init=False)
    app: App = field(init=False)
    server: Server | None = None
    delivered_by_webhook: bool = False
    clock_ahead: timedelta = timedelta(0)  # of the office's computer, before Telegram's
    raised: list[Exception] = field(default_factory=list)

    async def open(self) -> None:
        """Create the simulator and start the office."""
        self.world = World(Clock(START, frozen=True), limits=None)
        if self.http:
            self.server = await serve(self.world)
        await self.starts()

    @property
    def config(self) -> Config:
        """The config of the office."""
        telegram: dict[str, Any] = {
            "token": TOKEN,
            "messages_per_second": 0,
        }  # the simulator has no limits
        if self.server:
            telegram["api_root"] = self.server.url
        return Config(
            telegram={**telegram, **self.settings.get("telegram", {})},
            database={"url": self.url},
            secret_file=self.folder / "puas.key",
            schedule={**QUIET, **self.settings.get("schedule", {})},
            **{
                key: value
                for key, value in self.settings.items()
                if key not in ("telegram", "schedule")
            },
        )

    @property
    def now(self) -> datetime:
        """The moment on the simulated clock."""
        return self.world.clock.now()

    def clock(self) -> datetime:
        """The clock of the office's computer."""
        return self.world.clock.now() + self.clock_ahead

    def request(self, telegram_time: TelegramTime) -> BaseRequest:
        """A way to the simulator in this process."""
        return WatchedRequest(self.world, telegram_time.note)

    async def starts(self) -> None:
        """Start the program of the office."""
        request = program.transport if self.http else self.request
        database = compiled_once(Database(self.url))
        self.app = await program.build(self.config, self.clock, request, database)
        self.app.writer.handler = self._watched
        await program.start(self.app)
        await self.app.display.drained()

    def _watched(self, turn: Turn, update: Update, again: bool) -> Any:
        try:
            return router.on_update(turn, update, again)
        except Exception as error:
            self.raised.append(error)
            raise

    async def close(self) -> None:
        """Stop everything and re-raise the first exception of a handler."""
        await self.app.close()
        if self.server:
            await self.server.close()
        if self.raised:
            raise self.raised[0]

    async def works(self) -> None:
        """Handle all pending updates, send all due messages, and wait for the screens."""
        if self.delivered_by_webhook:
            await self._posts_are_delivered()
        else:
            while await self.app.polling.once(0):
                await self.app.display.drained()
        while await self.app.sender.send_due():
            pass
        await self.app.display.drained()

    async def _posts_are_delivered(self) -> None:
        """Wait until the simulator has posted every update to the webhook."""
        async with asyncio.timeout(30):
            while (await self.app.bot.get_webhook_info()).pending_update_count:  # noqa: ASYNC110 # the simulator signals nothing
                await asyncio.sleep(0.01)
        await self.app.display.drained()

    async def restarts(self) -> None:
        """Stop the program and start it again on the same database; the update offset is lost."""
        await self.app.close()
        await self.starts()

    async def reaches(self, moment: str) -> None:
        """Set the clock to a local moment and tick."""
        self.world.clock.set(local(moment))
        await self.ticks()

    async def ticks(self) -> None:
        """Run one tick of the scheduler and send what is due."""
        self.app.sender.rate_limiter.chats.clear()
        await self.app.ticks.tick(self.clock())
        await self.works()

    async def waits(self, **time: float) -> None:
        """Advance the clock, without a tick."""
        self.world.clock.set(self.world.clock.now() + timedelta(**time))

    @property
    def stored(self) -> Stored:
        """Questions to the database."""
        return OfficeStored(self.url, self.app.office.database)

    def days(self) -> list[tuple[str, str]]:
        """The period and the day of every response."""
        period, response = t.period.c, t.response.c
        dated = select(period.label, response.tanggal).join(
            t.response, response.period_id == period.id
        )
        with self.app.office.database.read() as db:
            rows = db.execute(dated.order_by(period.starts_at, response.id))
            return [(label, str(tanggal)) for label, tanggal in rows]

    def rows(self) -> list[tuple[object, ...]]:
        """Every row of every table, by the driver alone: a walk reads them after each step."""
        rows: list[tuple[object, ...]] = []
        with self.app.office.database.read() as db, closing(db.connection.cursor()) as cursor:
            for name in inspect(db).get_table_names():
                cursor.execute(f'SELECT * FROM "{name}"')  # noqa: S608 # names of our own tables
                rows += cursor.fetchall()
        return rows

    def everything(self) -> str:
        """Every row of every table, as text."""
        return repr(self.rows())


@dataclass(repr=False)
class Actor:
    """A person with a phone, in the private chat with the bot, or in the group `chat`."""

    office: Harness
    id: int
    language: str = "id"
    name: str = "Warga"
    chat: int = 0

    def __post_init__(self) -> None:
        self.chat = self.chat or self.id
        self.office.world.add_person(self.id, self.name, self.language)

    # What the person sees

    @property
    def messages(self) -> list[dict[str, Any]]:
        """All messages of the chat."""
        return self.office.world.transcript(self.chat)

    @property
    def screen(self) -> dict[str, Any]:
        """The last message of the bot that has text; a picture without a caption is skipped."""
        own = [m for m in self.messages if m.get("from", {}).get("is_bot") and _has_text(m)]
        assert own, f"no message of the bot in {[m.get('text') for m in self.messages]}"
        return own[-1]

    @property
    def text(self) -> str:
        """The text of the screen."""
        return str(self.screen.get("text") or self.screen.get("caption") or "")

    def labels(self, on: dict[str, Any] | None = None) -> list[str]:
        """The labels of the buttons of a message, by default of the screen."""
        return [str(button["text"]) for button in buttons(on or self.screen)]

    @property
    def toast(self) -> str | None:
        """The last answer to a tap (Telegram shows it for a moment over the screen)."""
        toasts = self.office.world.toasts(self.id)
        return toasts[-1].get("text") if toasts else None

    def sees(self, *parts: str) -> None:
        """Fail unless the screen has all these parts; the failure shows the screen."""
        for part in parts:
            assert part in self.text, f"{part!r} is not on the screen:\n{self.shown()}"

    def sees_not(self, *parts: str) -> None:
        """Fail if the screen has any of these parts."""
        for part in parts:
            assert part not in self.text, f"{part!r} is on the screen:\n{self.shown()}"

    def shown(self) -> str:
        """Text and labels of the screen, for failure messages."""
        return f"{self.text}\n{self.labels()}"

    # What the person does

    async def says(self, words: str) -> None:
        """Send a text."""
        self.office.world.say(self.id, self.chat, words)
        await self.office.works()

    async def sends(self, name: str, content: bytes, caption: str = "") -> None:
        """Send a document."""
        self.office.world.send_file(self.id, self.chat, name, content, caption=caption)
        await self.office.works()

    async def taps(self, *labels: str, on: dict[str, Any] | None = None) -> None:
        """Press the button whose label begins so, on the screen or an older message; then the next.

        The office handles each before the next is pressed.
        """
        for label in labels:
            self.press(label, on)
            await self.office.works()

    async def fills(self, *steps: str) -> None:
        """Do one after the other: `[label]` presses a button, anything else is typed."""
        for step in steps:
            if step.startswith("["):
                await self.taps(step[1:-1])
            else:
                await self.says(step)

    def press(self, label: str, on: dict[str, Any] | None = None) -> None:
        """As `taps`, but the office does not handle it yet."""
        message = on or self.screen
        for button in buttons(message):
            if str(button["text"]).startswith(label) and "callback_data" in button:
                self.office.world.tap(
                    self.id, self.chat, message["message_id"], button["callback_data"]
                )
                return
        raise AssertionError(f"no button {label!r}:\n{message.get('text')}\n{self.labels(message)}")

    # The steps of a survey

    async def scans(self, code: str = "l_ktp-el") -> None:
        """Open the link of a QR code and press START."""
        await self.says(f"/start {code}")

    async def begins(self, code: str = "l_ktp-el") -> None:
        """Scan and agree."""
        await self.scans(code)
        await self.taps("Setuju" if self.language == "id" else "I agree")

    async def answers(self, *values: int) -> None:
        """Answer the next items: 1 is the first button, 0 skips."""
        for value in values:
            if value:
                await self.taps(self.labels()[value - 1])
            else:
                await self.taps("Lewati" if self.language == "id" else "Skip")

    async def declines(self, times: int = 4) -> None:
        """Decline to answer the next attributes."""
        for _ in range(times):
            await self.taps("Tidak menjawab" if self.language == "id" else "Prefer not")

    async def reaches_review(self, *values: int, code: str = "l_ktp-el") -> None:
        """Answer a survey as far as its review."""
        await self.begins(code)
        await self.answers(*values)
        await self.declines()

    async def rates(self, *values: int, code: str = "l_ktp-el") -> None:
        """Complete a survey with these nine answers, without attributes."""
        await self.reaches_review(*values, code=code)
        await self.taps("✅")


async def invited(admin: Actor, *choices: str) -> str:
    """Let the admin invite somebody by these buttons; the payload of the link (after `start=`)."""
    await admin.says("/undang")
    await admin.taps("➕")
    for choice in choices:
        await admin.taps(choice)
    await admin.taps("✅ Simpan")
    link = re.search(r"start=(u_[A-Za-z0-9_-]+)", admin.text)
    assert link, f"no link in:\n{admin.shown()}"
    return link[1]


async def leads(admin: Actor, head: Actor, unit: str) -> None:
    """Let the admin invite the head of this unit kerja, who accepts."""
    await head.scans(await invited(admin, "kepala unit kerja", unit))
    await head.taps("Ya, benar")


def _has_text(message: dict[str, Any]) -> bool:
    return "photo" not in message or "caption" in message


def buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    """All buttons of a message, row by row."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


def plain(markup: str) -> str:
    """Text without HTML tags."""
    return re.sub(r"<[^>]+>", "", markup)


@contextmanager
def locked_database(office: Harness) -> Iterator[None]:
    """Hold a lock that makes the office's transactions fail (on PostgreSQL after 200 ms)."""
    other = create_engine(office.app.office.database.url)
    try:
        with other.connect() as held:
            _hold(held, office)
            yield
    finally:
        other.dispose()


def _hold(held: Connection, office: Harness) -> None:
    if office.app.office.database.is_sqlite:
        held.exec_driver_sql("BEGIN IMMEDIATE")
        return
    name = office.app.office.database.url.database
    held.exec_driver_sql(f"ALTER DATABASE {name} SET lock_timeout = '200ms'")
    held.commit()
    office.app.office.database.writer.dispose()
    held.exec_driver_sql("LOCK TABLE handled_update IN ACCESS EXCLUSIVE MODE")
