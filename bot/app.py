"""The program put together: database, words, bot, intake, clock, outbox; started and stopped."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from telegram import Bot
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.request import BaseRequest

from bot import router
from bot.clock import Ticks
from bot.delivery import menus
from bot.delivery.display import Display
from bot.delivery.rate_limiter import RateLimiter
from bot.delivery.transport import AiohttpRequest
from bot.intake import webhook
from bot.intake.liveness import Liveness
from bot.intake.polling import Polling
from bot.monitoring import health
from bot.monitoring.durations import Durations
from bot.monitoring.health import Health
from bot.outbox.sender import Sender
from bot.turn.queue import Turns
from bot.turn.writer import Writer
from office import backups, errors
from office import secret as master_secret
from office.backups import Backups
from office.bootstrap import (
    first_code,
    prepare,
)
from office.config import Config
from office.logs import place_of
from office.office import Clock, Office, real_clock
from office.simulated_clock import SimulatedClock
from storage.database import Database

log = structlog.get_logger()

TICK_SECONDS = 20
BACKUP_SECONDS = 600  # how often it is looked whether the night's backup is due
BESIDE = 4  # threads for what nobody waits for at a screen
TURN_TAKING = 0.0002  # seconds until a thread that draws or counts gives way; Python's own: 5 ms
STEP_BACK = 10  # by so much nicer than the threads of the taps
LAST_SCREENS = 5.0  # seconds that a process which ends waits for its screens
LONGEST_PAUSE = 30.0

T = TypeVar("T")


STOPS: tuple[type[Exception], ...] = (TelegramError, *errors.STOPS)
TOKEN_REFUSED = (
    "telegram.token: ditolak Telegram; salin ulang token dari @BotFather"  # noqa: S105 # a sentence
    " (periksa juga telegram.api_root)."
)


def sentence(stop: Exception) -> str:
    """What the operator reads of one of the `STOPS`; PTB's own words may carry the token."""
    if isinstance(stop, InvalidToken):
        return TOKEN_REFUSED
    if isinstance(stop, TelegramError):
        return f"telegram: permintaan ditolak ({type(stop).__name__}); jalankan puas check."
    return errors.sentence(stop)


def transport() -> AiohttpRequest:
    """The way to Telegram; nobody looks at what an edited screen has become."""
    return AiohttpRequest(unread=frozenset({"editMessageText"}))


@dataclass(slots=True)
class App:
    """One bot process on one database."""

    office: Office
    bot: Bot
    turns: Turns
    writer: Writer
    display: Display
    awake: Liveness
    polling: Polling
    ticks: Ticks
    post: Sender
    backups: Backups
    polls: bool = True  # updates are asked for, not posted
    tick_failures: int = 0
    tick_failing: bool = False
    tick_seconds: Durations = field(default_factory=Durations)
    ticked: float | None = None  # when a tick last ended well; the monotonic clock

    async def tick(self) -> None:
        """What the scheduler calls: everything that is due by now."""
        began = time.monotonic()
        try:
            await self.ticks.tick(self.office.clock())
        except Exception as error:  # noqa: BLE001 # the edge of a tick: the next one tries again
            self.tick_failures += 1
            self.tick_failing = True
            log.error("tick failed", error=place_of(error))
            return
        self.ticked = time.monotonic()
        self.tick_failing = False
        self.tick_seconds.note(self.ticked - began)

    async def back_up(self) -> None:
        """What the scheduler calls, apart from the ticks: a large database takes its time."""
        try:
            await self.backups.nightly()
        except Exception as error:  # noqa: BLE001 # the edge of a job: the next one tries again
            log.error("backup failed", error=place_of(error))

    async def close(self) -> None:
        """Let what runs end, then let go of everything."""
        await self.display.drained(LAST_SCREENS)
        self.turns.close()
        await self.bot.shutdown()
        self.office.database.close()


async def build(
    config: Config,
    clock: Clock = real_clock,
    request: Callable[[], BaseRequest] = transport,
    database: Database | None = None,
) -> App:
    """Put the program together and greet Telegram; nothing runs yet.

    Raises:
        ConfigError: no token.
        TelegramError: Telegram does not know the token, or is out of reach.
    """
    bot = telegram_bot(config, request)
    secret = await asyncio.to_thread(master_secret.of_office, config)
    opened = database or Database(config.database.url.get_secret_value())
    try:
        office = await asyncio.to_thread(prepare, config, clock, opened, secret)
        await bot.initialize()
    except BaseException:
        await bot.shutdown()
        opened.close()
        raise
    office = replace(office, username=bot.username, bot_id=bot.id)
    writer = Writer(office, router.on_update)
    pace = RateLimiter(config.telegram.messages_per_second)
    display = Display(bot, office.words, pace)
    turns = Turns(writer, display)
    awake = Liveness(office, turns, display)
    return App(
        office,
        bot,
        turns,
        writer,
        display,
        awake,
        Polling(bot, turns, awake),
        Ticks(office, turns),
        Sender(office, turns, bot, f"{os.getpid()}-{secrets.token_hex(4)}", pace),
        Backups(office, turns.do, backups.folder_of(config)),
        polls=config.telegram.mode == "polling",
    )


def telegram_bot(config: Config, request: Callable[[], BaseRequest] = transport) -> Bot:
    """The door to Telegram, closed; ConfigError when there is no token."""
    root, way = config.telegram.api_root, request()
    return Bot(
        config.token(),
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=way,
        get_updates_request=way,
    )


async def start(app: App) -> None:
    """Publish the menus."""
    await menus.publish(app.bot, app.office.words)


async def until_stopped(config: Config, tell: Callable[[str], None]) -> None:
    """Run until SIGINT or SIGTERM, and end well."""
    sys.setswitchinterval(TURN_TAKING)  # without it a spreadsheet holds up taps for seconds
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(BESIDE, "beside", step_back))
    task = asyncio.ensure_future(run(config, tell))
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    with suppress(asyncio.CancelledError):
        await task


def step_back() -> None:
    """Let this thread, which draws or counts, wait for those of the taps where cores are few.

    Linux gives each thread a niceness of its own; elsewhere it would be the whole program's.
    """
    if sys.platform == "linux":
        with suppress(OSError):  # some sandbox's refusal is no reason to draw nothing
            os.nice(STEP_BACK)


async def _reached(work: Callable[[], Awaitable[T]]) -> T:
    """Do this as soon as Telegram is in reach: a computer may be up before its network is."""
    pause = 1.0
    while True:
        try:
            return await work()
        except BadRequest:
            raise
        except (NetworkError, RetryAfter) as error:
            log.warning("telegram is out of reach", error=type(error).__name__, again_in=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


async def run(config: Config, tell: Callable[[str], None]) -> None:
    """Run until cancelled; `tell` says what the operator must know."""
    async with AsyncExitStack() as opened:
        clock, state = real_clock, Health()
        if config.health.port is not None:
            opened.push_async_callback((await health.listen(config.health, state)).cleanup)
        if config.simulator.clock is not None:
            simulated = SimulatedClock(config.simulator.clock)
            opened.push_async_callback(_ended, [asyncio.create_task(simulated.follow())])
            clock = simulated.now
        app = await _reached(lambda: build(config, clock))
        opened.push_async_callback(app.close)
        await _reached(lambda: start(app))
        await _tell_code(app, tell)
        opened.callback(_scheduled(app).shutdown, wait=False)
        intake = await _intake(app, config, opened)
        state.app = app
        work = [app.post.run(), *([] if intake is None else [intake])]
        tasks = [asyncio.create_task(each) for each in work]
        opened.push_async_callback(_ended, tasks)
        log.info("running", bot=app.office.username)
        await asyncio.gather(*tasks)


async def _intake(
    app: App, config: Config, opened: AsyncExitStack
) -> Coroutine[Any, Any, None] | None:
    """Updates begin to come in; what must run for it, if anything."""
    if app.polls:
        await _reached(app.bot.delete_webhook)
        return app.polling.run()
    secret = app.office.secret
    runner = await webhook.listen(config.telegram, app.bot, app.turns, secret)
    opened.push_async_callback(runner.cleanup)
    await _reached(lambda: webhook.announce(config.telegram, app.bot, secret))
    await app.awake.note()  # polling notes it with its first answer
    return None


def _scheduled(app: App) -> AsyncIOScheduler:
    scheduler = AsyncIOScheduler(timezone=app.office.calendar.zone)
    ear = webhook.WebhookProbe(app.bot, app.turns, app.awake, app.office.clock)
    jobs = [app.tick] if app.polls else [app.tick, ear.note]
    often = {"seconds": TICK_SECONDS, "max_instances": 1, "coalesce": True}
    for job in jobs:  # at once too, beside the intake: nobody waits for a recount that is due
        quiet = partial(_until_cancelled, job)
        scheduler.add_job(quiet, "interval", next_run_time=datetime.now(UTC), **often)
    every = {"seconds": BACKUP_SECONDS, "max_instances": 1, "coalesce": True}
    scheduler.add_job(partial(_until_cancelled, app.back_up), "interval", **every)
    scheduler.start()
    return scheduler


async def _until_cancelled(job: Callable[[], Awaitable[None]]) -> None:
    """A job that ends with the program ends quietly: its rows make it good at the next start."""
    with suppress(asyncio.CancelledError):
        await job()


async def _tell_code(app: App, tell: Callable[[str], None]) -> None:
    office = app.office
    code = await app.turns.do(lambda db: first_code(db, office.clock()))
    if code is not None:
        tell(office.words.office.claim_console(username=office.username, code=code))


async def _ended(tasks: list[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
