"""Builds the program from its parts, starts it and stops it."""

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

from bot import commands, console, router
from bot.clock import Ticks
from bot.delivery import menus
from bot.delivery.display import Display
from bot.delivery.introduction import Introduction
from bot.delivery.rate_limiter import RateLimiter
from bot.delivery.transport import AiohttpRequest
from bot.intake import webhook
from bot.intake.liveness import Liveness
from bot.intake.pollers import Pollers
from bot.intake.polling import Polling
from bot.monitoring import endpoints
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
    open_periods,
    overruled,
    prepare,
)
from office.config import Config
from office.logs import place_of
from office.office import Clock, Office, TelegramTime, real_clock
from office.simulated_clock import SimulatedClock
from storage.database import Database

log = structlog.get_logger()

TICK_SECONDS = 20
BACKUP_SECONDS = 600  # between two checks whether the night's backup is due
BACKGROUND_THREADS = 4  # threads for drawing, counting and reading
SWITCH_INTERVAL = 0.0002  # seconds between thread switches; Python's default: 5 ms
BACKGROUND_NICENESS = 10  # added to the niceness of the background threads
DRAIN_SECONDS = 5.0  # that a stopping process waits for pending screens
LONGEST_PAUSE = 30.0
UNREAD = frozenset({"editMessageText"})  # methods whose result is not parsed
TOKEN_DOUBTED = 120.0  # seconds that a refusal of the token lasts before a start believes it

T = TypeVar("T")


STOPS: tuple[type[Exception], ...] = (TelegramError, *errors.STOPS)
REFUSED_BY_TELEGRAM = (
    "telegram.token: ditolak Telegram; salin ulang token dari @BotFather"
    " (periksa juga telegram.api_root)."
)


def sentence(stop: Exception) -> str:
    """The operator's line for one of the `STOPS`; PTB's own text may contain the token."""
    if isinstance(stop, InvalidToken):
        return REFUSED_BY_TELEGRAM
    if isinstance(stop, TelegramError):
        return f"telegram: permintaan ditolak ({type(stop).__name__}); jalankan puas check."
    return errors.sentence(stop)


def transport(telegram_time: TelegramTime) -> AiohttpRequest:
    """The HTTP transport to Telegram; the results of edits are not parsed."""
    return AiohttpRequest(unread=UNREAD, on_date=telegram_time.note)


@dataclass(slots=True)
class App:
    """One bot process on one database."""

    office: Office
    bot: Bot
    turns: Turns
    writer: Writer
    display: Display
    liveness: Liveness
    polling: Polling
    ticks: Ticks
    sender: Sender
    backups: Backups
    introduction: Introduction
    polls: bool = True  # polling, not webhook
    tick_failures: int = 0
    tick_failing: bool = False
    tick_seconds: Durations = field(default_factory=Durations)
    ticked: float | None = None  # when a tick last succeeded; the monotonic clock

    async def tick(self) -> None:
        """Run what is due now; called by the scheduler."""
        began = time.monotonic()
        self.tick_failing = not await _succeeds(
            lambda: self.ticks.tick(self.office.clock()), "tick failed"
        )
        if self.tick_failing:
            self.tick_failures += 1
            return
        self.ticked = time.monotonic()
        self.tick_seconds.note(self.ticked - began)

    async def back_up(self) -> None:
        """Make the nightly backup if due; apart from the ticks, since it may take minutes."""
        await _succeeds(self.backups.nightly, "backup failed")

    async def introduce(self) -> None:
        """Set the bot's own name and descriptions if they changed."""
        await _succeeds(self.introduction.keep, "introduction failed")

    async def close(self) -> None:
        """Drain pending screens, then close the database."""
        await self.display.drained(DRAIN_SECONDS)
        self.turns.close()
        await self.bot.shutdown()
        self.office.database.close()


async def _succeeds(job: Callable[[], Awaitable[object]], failure: str) -> bool:
    """Run a periodic job; whether it ended well. A failure is logged under this name."""
    try:
        await job()
    except Exception as error:  # noqa: BLE001 # the edge of a job: the next one tries again
        log.error(failure, error=place_of(error))
        return False
    return True


async def build(
    config: Config,
    clock: Clock = real_clock,
    request: Callable[[TelegramTime], BaseRequest] = transport,
    database: Database | None = None,
) -> App:
    """Build the program and initialize the bot; nothing runs yet.

    Raises:
        ConfigError: no token.
        TelegramError: Telegram refuses the token, or is unreachable.
    """
    telegram_time = TelegramTime(exempt=config.simulator.clock is not None)
    bot = telegram_bot(config, telegram_time, request)
    opened = database or Database(config.database.url.get_secret_value())
    try:
        secret = await asyncio.to_thread(master_secret.of_database, opened, config.secret_file)
        office = await asyncio.to_thread(prepare, config, clock, opened, secret, telegram_time)
        await bot.initialize()  # its answer has Telegram's time
        await asyncio.to_thread(open_periods, office)
    except BaseException:
        await bot.shutdown()
        opened.close()
        raise
    office = replace(office, username=bot.username, bot_id=bot.id)
    writer = Writer(office, router.on_update)
    rate_limiter = RateLimiter(config.telegram.messages_per_second)
    display = Display(bot, partial(commands.officers_menu, office.words), rate_limiter)
    turns = Turns(writer, display)
    liveness = Liveness(office, turns, display)
    name = f"{os.getpid()}-{secrets.token_hex(4)}"  # of this process
    return App(
        office,
        bot,
        turns,
        writer,
        display,
        liveness,
        Polling(bot, turns, liveness, Pollers(office, turns, name)),
        Ticks(office, turns, bot.get_me),
        Sender(office, turns, bot, name, rate_limiter),
        Backups(office, turns.do, backups.folder_of(config)),
        Introduction(office, bot, turns.do),
        polls=config.telegram.mode == "polling",
    )


def telegram_bot(
    config: Config,
    telegram_time: TelegramTime,
    request: Callable[[TelegramTime], BaseRequest] = transport,
) -> Bot:
    """The bot, not initialized yet; ConfigError when there is no token."""
    root, http = config.telegram.api_root, request(telegram_time)
    return Bot(
        config.token(),
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=http,
        get_updates_request=http,
    )


async def start(app: App) -> None:
    """Publish the menus."""
    words = app.office.words
    for language, code in menus.languages(words.languages).items():
        await menus.publish(app.bot, commands.citizens_menu(words.of(code)), language)


async def until_stopped(
    config: Config, tell: Callable[[str], None], *, on_terminal: bool = False
) -> None:
    """Run until SIGINT or SIGTERM, then shut down cleanly."""
    sys.setswitchinterval(SWITCH_INTERVAL)  # else writing a spreadsheet delays taps for seconds
    background = ThreadPoolExecutor(BACKGROUND_THREADS, "background", lower_priority)
    asyncio.get_running_loop().set_default_executor(background)
    task = asyncio.ensure_future(run(config, tell, on_terminal=on_terminal))
    at_signals(task.cancel)
    with suppress(asyncio.CancelledError):
        await task


def at_signals(stop: Callable[[], object]) -> None:
    """Call `stop` at SIGINT and SIGTERM, even if the parent process ignores SIGINT."""
    loop = asyncio.get_running_loop()
    with suppress(NotImplementedError):  # Windows; there asyncio.run cancels at Ctrl-C
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop)


def lower_priority() -> None:
    """Lower the priority of this background thread, so that taps come first on few cores.

    On Linux niceness belongs to the thread; elsewhere to the whole process.
    """
    if sys.platform == "linux":
        with suppress(OSError):  # a sandbox may forbid it
            os.nice(BACKGROUND_NICENESS)


async def _retried(work: Callable[[], Awaitable[T]]) -> T:
    """Retry until Telegram is reachable: a computer may start before its network.

    Telegram at times answers 401 or 404 to a valid token: it is asked again for two minutes.
    """
    pause, refused_since = 1.0, None
    while True:
        try:
            return await work()
        except BadRequest:
            raise
        except InvalidToken:
            refused_since = refused_since or time.monotonic()
            if time.monotonic() - refused_since >= TOKEN_DOUBTED:
                raise
            log.warning("telegram refuses the token", again_in=pause)
        except (NetworkError, RetryAfter) as error:
            refused_since = None
            log.warning("telegram is out of reach", error=type(error).__name__, again_in=pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def run(config: Config, tell: Callable[[str], None], *, on_terminal: bool = False) -> None:
    """Run until cancelled; `tell` prints a line for the operator: on a terminal what to know."""
    async with AsyncExitStack() as opened:
        clock, health = real_clock, Health()
        if config.health.port is not None:
            opened.push_async_callback((await endpoints.listen(config.health, health)).cleanup)
        if config.simulator.clock is not None:
            simulated = SimulatedClock(config.simulator.clock)
            opened.push_async_callback(_cancel, [asyncio.create_task(simulated.follow())])
            clock = simulated.now
        app = await _retried(lambda: build(config, clock))
        opened.push_async_callback(app.close)
        await _retried(lambda: start(app))
        opened.push_async_callback(_start_scheduler(app, config))
        if config.web.port is not None:
            from web import server as pages  # with Jinja2, which only the pages need

            runner = await pages.listen(config.web, app.office, app.turns.answer)
            opened.push_async_callback(runner.cleanup)
        lines = await _first_lines(app, config, on_terminal)
        intake = await _intake(app, config, opened)
        health.app = app
        work = [app.sender.run(), *([] if intake is None else [intake])]
        tasks = [asyncio.create_task(each) for each in work]
        opened.push_async_callback(_cancel, tasks)
        log.info("running", bot=app.office.username)
        for line in lines:
            tell(line)
        await asyncio.gather(*tasks)


async def _intake(
    app: App, config: Config, opened: AsyncExitStack
) -> Coroutine[Any, Any, None] | None:
    """Open the intake; for polling, the coroutine to run."""
    if app.polls:
        await _retried(app.bot.delete_webhook)
        return app.polling.run()
    secret = app.office.secret
    runner = await webhook.listen(config.telegram, app.bot, app.turns, secret)
    opened.push_async_callback(runner.cleanup)
    await _retried(lambda: webhook.announce(config.telegram, app.bot, secret))
    await app.liveness.note()  # polling does so with its first answer
    return None


def _start_scheduler(app: App, config: Config) -> Callable[[], Awaitable[None]]:
    """Start it; what stops it, and the jobs that run, which continue at the next start."""
    scheduler = AsyncIOScheduler(timezone=app.office.calendar.zone)
    running: set[asyncio.Task[None]] = set()

    async def stop() -> None:
        scheduler.shutdown(wait=False)  # not before the loop's next turn
        await _cancel(list(running))

    async def tracked(job: Callable[[], Awaitable[None]]) -> None:
        task = asyncio.ensure_future(job())
        running.add(task)
        task.add_done_callback(running.discard)
        with suppress(asyncio.CancelledError):
            await task

    def add(job: Callable[[], Awaitable[None]], seconds: float, **when: datetime) -> None:
        due = {"seconds": seconds, "max_instances": 1, "coalesce": True, **when}
        scheduler.add_job(partial(tracked, job), "interval", **due)

    at_once = {"next_run_time": datetime.now(UTC)}  # in parallel with the intake
    add(app.tick, TICK_SECONDS, **at_once)
    if not app.polls:
        probe = webhook.WebhookProbe(app.bot, app.turns, app.liveness, app.office.clock)
        add(probe.note, TICK_SECONDS, **at_once)
    if config.telegram.set_profile:
        add(app.introduce, TICK_SECONDS, **at_once)
    add(app.back_up, BACKUP_SECONDS)
    scheduler.start()
    return stop


async def _first_lines(app: App, config: Config, on_terminal: bool) -> list[str]:
    """What the operator should know, read before the first tap can come."""
    office = app.office
    code = await app.turns.do(lambda db: first_code(db, office.clock()))
    keys = await office.read(partial(overruled, config=config))
    for each in keys:
        log.warning("config overruled by the database", key=f"office.{each.key}")
    if on_terminal:
        return await office.read(lambda db: list(console.started(db, office, config, code, keys)))
    if code is not None:
        words = office.words.office
        return [words.claim_console.plain(username=office.username, code=code)]
    return []


async def _cancel(tasks: list[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
