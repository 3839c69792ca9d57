"""The program put together: database, words, bot, intake, clock, outbox; started and stopped."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys
import time
import tomllib
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from telegram import Bot
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.request import BaseRequest

from bot import backups, commands, handlers, health, notices, texts, webhook
from bot import secret as master_secret
from bot.backups import Backups
from bot.config import Config, ConfigError
from bot.display import Display
from bot.health import Health
from bot.intake import Awake, Polling, Turns
from bot.meter import Durations
from bot.office import Calendar, Clock, Office
from bot.officers import profile as profile_screen
from bot.pace import Pace
from bot.post import Post
from bot.secret import SecretChanged
from bot.simulated_clock import SimulatedClock
from bot.ticks import Ticks
from bot.transport import AiohttpRequest
from bot.turn import Writer, place_of
from bot.turnover import turn_over
from scoring import instrument as instrument_files
from scoring import profile
from scoring import unit_instrument as unit_instruments
from scoring.instrument import Instrument, InstrumentError
from scoring.unit_instrument import UnitInstrument
from storage import ikus, instruments, offices, people, schema, units
from storage.database import Database, DatabaseTrouble, Db
from storage.instruments import InstrumentChanged, Known, UnitInstrumentChanged
from storage.offices import Group
from storage.schema import NewerSchema

log = structlog.get_logger()

PROFILE = "pakong-2018"
STARTER = Path(__file__).parent / "starter.toml"
TICK_SECONDS = 20
BACKUP_SECONDS = 600  # how often it is looked whether the night's backup is due
BESIDE = 4  # threads for what nobody waits for at a screen
TURN_TAKING = 0.0002  # seconds until a thread that draws or counts gives way; Python's own: 5 ms
STEP_BACK = 10  # by so much nicer than the threads of the taps
LAST_SCREENS = 5.0  # seconds that a process which ends waits for its screens
LONGEST_PAUSE = 30.0

T = TypeVar("T")


KEYS: dict[type[Exception], str] = {
    NewerSchema: "database.url",
    DatabaseTrouble: "database.url",
    SecretChanged: "secret_file",
    UnitInstrumentChanged: "survey.unit_instrument",
    InstrumentChanged: "survey.instrument",
}
STOPS: tuple[type[Exception], ...] = (
    ConfigError,
    InstrumentError,
    texts.WordsError,
    TelegramError,
    *KEYS,
)
TOKEN_REFUSED = (
    "telegram.token: ditolak Telegram; salin ulang token dari @BotFather"  # noqa: S105 # a sentence
    " (periksa juga telegram.api_root)."
)


def sentence(stop: Exception) -> str:
    """What the operator reads of one of the `STOPS`; PTB's own words may carry the token."""
    for kind, key in KEYS.items():
        if isinstance(stop, kind):
            return f"{key}: {kind.__doc__}"
    if isinstance(stop, InvalidToken):
        return TOKEN_REFUSED
    if isinstance(stop, TelegramError):
        return f"telegram: permintaan ditolak ({type(stop).__name__}); jalankan puas check."
    return str(stop)


def transport() -> AiohttpRequest:
    """The way to Telegram; nobody looks at what an edited screen has become."""
    return AiohttpRequest(unread=frozenset({"editMessageText"}))


def real_clock() -> datetime:
    """Now, aware UTC."""
    return datetime.now(UTC)


def read_instrument(config: Config) -> tuple[Instrument, str]:
    """What citizens are asked, and its file's content.

    Raises:
        InstrumentError, ConfigError: a bad file is told with its place.
    """
    path = instrument_files.file_of(config.survey.instrument, config.survey.instruments_dir)
    found = instrument_files.load(path)
    if found.code != config.survey.instrument:
        wrong = f'tertulis "{found.code}"; samakan dengan nama berkasnya'
        raise InstrumentError(f"{path}: code: {wrong}.")
    if config.survey.min_filled > len(found.items):
        most = f"paling banyak {len(found.items)}, yaitu banyaknya unsur {found.code}"
        raise ConfigError(f"survey.min_filled: {most}.")
    return found, path.read_text("utf-8-sig")


def read_unit_instrument(config: Config) -> tuple[UnitInstrument, str]:
    """What unit heads are asked, and its file's content.

    Raises:
        InstrumentError: a bad file is told with its place.
    """
    code, folder = config.survey.unit_instrument, config.survey.instruments_dir
    found = unit_instruments.named(code, folder)
    return found, unit_instruments.file_of(code, folder).read_text("utf-8-sig")


def prepare(config: Config, clock: Clock, database: Database, secret: bytes) -> Office:
    """Migrate, register the instrument, seed an empty database, open the period of now.

    Raises:
        NewerSchema, InstrumentChanged, InstrumentError, SecretChanged, WordsError
    """
    words = texts.load()
    _, content = read_instrument(config)
    _, unit_content = read_unit_instrument(config)
    schema.migrate(database)
    with database.write() as db:
        master_secret.must_match(db, secret)
        instrument_id = instruments.register(db, content)
        unit_instrument_id = instruments.register(db, unit_content)
        seed(db, config)
        if config.telegram.group is not None and not offices.linked_ever(db):
            group = Group(config.telegram.group, config.telegram.topic, "", "linked")
            offices.link_group(db, group, 0, clock())
            notices.owe(db, group, clock())
        office = Office(
            database=database,
            words=words,
            secret=secret,
            calendar=Calendar.of(config.schedule),
            instruments=Known(database, instruments.known, db),
            instrument_id=instrument_id,
            unit_instruments=Known(database, instruments.known_units, db),
            unit_instrument_id=unit_instrument_id,
            username="",
            bot_id=0,
            clock=clock,
            min_filled=config.survey.min_filled,
            min_responses=config.survey.min_responses,
            repeat=config.survey.repeat,
            pulse=config.schedule.pulse,
        )
        for user_id in config.telegram.admins:
            people.seed_admin(db, user_id, "Admin", clock())
        turn_over(db, office, clock())
    return office


def seed(db: Db, config: Config) -> None:
    """Fill an empty database from the config and the starter list; afterwards the database wins."""
    offices.seed_settings(
        db, {f"office.{key}": value for key, value in config.office.model_dump().items()}
    )
    found = profile.named(PROFILE, config.survey.instruments_dir)
    profile_screen.seed(db, found)
    ikus.seed(db, found)
    starter = tomllib.loads(STARTER.read_text("utf-8"))
    offices.seed_services(db, ("kantor", config.office.nama), starter["services"])
    units.seed_kerja(db, starter["units"])


@dataclass(slots=True)
class App:
    """One bot process on one database."""

    office: Office
    bot: Bot
    turns: Turns
    writer: Writer
    display: Display
    awake: Awake
    polling: Polling
    ticks: Ticks
    post: Post
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
    writer = Writer(office, handlers.on_update)
    pace = Pace(config.telegram.messages_per_second)
    display = Display(bot, office.words, pace)
    turns = Turns(writer, display)
    awake = Awake(office, turns, display)
    return App(
        office,
        bot,
        turns,
        writer,
        display,
        awake,
        Polling(bot, turns, awake),
        Ticks(office, turns),
        Post(office, turns, bot, f"{os.getpid()}-{secrets.token_hex(4)}", pace),
        Backups(office, turns, backups.folder_of(config)),
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
    await commands.publish(app.bot, app.office.words)


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
    ear = webhook.Ear(app.bot, app.turns, app.awake, app.office.clock)
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


def first_code(db: Db, now: datetime) -> str | None:
    """A new claim code as long as nobody administers the office."""
    return None if people.has_admin(db) else people.new_claim_code(db, now)
