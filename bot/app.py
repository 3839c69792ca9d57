"""The program put together: database, words, bot, intake, clock, outbox; started and stopped."""

from __future__ import annotations

import asyncio
import os
import secrets
import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from telegram import Bot
from telegram.request import BaseRequest

from bot import commands, handlers, texts, ticks
from bot.config import Config, ConfigError
from bot.display import Display
from bot.intake import Polling, Turns
from bot.office import Calendar, Clock, Office
from bot.outage import after_outage
from bot.post import Post
from bot.ticks import Ticks
from bot.transport import AiohttpRequest
from bot.turn import Writer
from scoring import instrument as instrument_files
from storage import instruments, offices, people, schema
from storage.database import Database, Db

log = structlog.get_logger()

STARTER = Path(__file__).parent / "starter.toml"
TICK_SECONDS = 20


class SecretChanged(Exception):
    """Kunci rahasia tidak cocok dengan basis data ini."""


def real_clock() -> datetime:
    """Now, aware UTC."""
    return datetime.now(UTC)


def read_secret(path: Path) -> bytes:
    """The master secret; made with mode 0600 when the file is absent."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        found = path.read_bytes()
        if len(found) < 32:
            raise ConfigError(
                f"secret_file: {path} terlalu pendek; kembalikan dari cadangan, atau hapus bila"
                " kantor ini belum punya jawaban."
            ) from None
        return found
    except OSError as error:
        raise ConfigError(f"secret_file: {path} tidak dapat dibuat ({error.strerror}).") from None
    made = secrets.token_bytes(32)
    with os.fdopen(descriptor, "wb") as file:
        file.write(made)
        file.flush()
        os.fsync(file.fileno())
    return made


def prepare(config: Config, clock: Clock, database: Database, secret: bytes) -> Office:
    """Migrate, register the instrument, seed an empty database, open the period of now.

    Raises:
        NewerSchema, InstrumentChanged, InstrumentError, SecretChanged, WordsError
    """
    words = texts.load()
    path = instrument_files.file_of(config.survey.instrument, config.survey.instruments_dir)
    instrument_files.load(path)  # a bad file is told with its place
    content = path.read_text("utf-8-sig")
    schema.migrate(database)
    with database.write() as db:
        _same_secret(db, secret)
        instrument_id = instruments.register(db, content)
        seed(db, config)
        office = Office(
            database=database,
            words=words,
            secret=secret,
            calendar=Calendar.of(config.schedule),
            instruments=instruments.known(db),
            instrument_id=instrument_id,
            name=str(offices.setting(db, "office.nama")),
            username="",
            bot_id=0,
            clock=clock,
            min_filled=config.survey.min_filled,
            min_responses=config.survey.min_responses,
            repeat=config.survey.repeat,
        )
        for user_id in config.telegram.admins:
            people.grant(db, user_id, "admin", "Admin", None, clock())
        ticks.turn_over(db, office, clock())
    return office


def _same_secret(db: Db, secret: bytes) -> None:
    """Another secret would make every person a stranger, and let each rate again."""
    mark = people.person_key(secret, 0).hex()
    offices.seed_settings(db, {"secret": mark})
    if offices.setting(db, "secret") != mark:
        raise SecretChanged


def seed(db: Db, config: Config) -> None:
    """Fill an empty database from the config and the starter list; afterwards the database wins."""
    offices.seed_settings(
        db, {f"office.{key}": value for key, value in config.office.model_dump().items()}
    )
    starter = tomllib.loads(STARTER.read_text("utf-8"))
    offices.seed_services(db, ("kantor", config.office.nama), starter["services"])


@dataclass(slots=True)
class App:
    """One bot process on one database."""

    office: Office
    bot: Bot
    turns: Turns
    writer: Writer
    display: Display
    polling: Polling
    ticks: Ticks
    post: Post

    async def tick(self) -> None:
        """What the scheduler calls: everything that is due by now."""
        try:
            await self.ticks.tick(self.office.clock())
            await self.turns.do(lambda db: note_alive(db, self.office.clock()))
        except Exception as error:  # noqa: BLE001 # the edge of a tick: the next one tries again
            log.error("tick failed", error=type(error).__name__)

    async def close(self) -> None:
        """Let what runs end, then let go of everything."""
        await self.display.drained()
        self.turns.close()
        await self.bot.shutdown()
        self.office.database.close()


def note_alive(db: Db, now: datetime) -> None:
    """When this office was last awake: a longer gap was an outage."""
    offices.set_setting(db, "alive_at", now.isoformat())


async def build(
    config: Config,
    clock: Clock = real_clock,
    request: Callable[[], BaseRequest] = AiohttpRequest,
    database: Database | None = None,
) -> App:
    """Put the program together and greet Telegram; nothing runs yet.

    Raises:
        ConfigError: no token.
        TelegramError: Telegram does not know the token, or is out of reach.
    """
    token = config.token()
    if not token:
        raise ConfigError("telegram.token: wajib diisi; minta token kepada @BotFather.")
    opened = database or Database(config.database.url.get_secret_value())
    secret = read_secret(config.secret_file)
    office = await asyncio.to_thread(prepare, config, clock, opened, secret)
    root = config.telegram.api_root
    bot = Bot(
        token,
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=request(),
        get_updates_request=request(),
    )
    await bot.initialize()
    office = replace(office, username=bot.username, bot_id=bot.id)
    writer = Writer(office, handlers.on_update)
    display = Display(bot, office.words)
    turns = Turns(writer, display)
    return App(
        office,
        bot,
        turns,
        writer,
        display,
        Polling(bot, turns),
        Ticks(office, turns),
        Post(office, turns, bot, f"{os.getpid()}-{secrets.token_hex(4)}"),
    )


async def start(app: App) -> None:
    """Publish the menus, show the question again to those an outage cut off."""
    await app.bot.delete_webhook()
    await commands.publish(app.bot, app.office.words)
    now = app.office.clock()
    app.display.show(await app.turns.do(lambda db: after_outage(db, app.office, now)))


async def run(config: Config, tell: Callable[[str], None]) -> None:
    """Run until cancelled; `tell` says what the operator must know."""
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    app = await build(config)
    office = app.office
    scheduler = AsyncIOScheduler(timezone=office.calendar.zone)
    work: list[asyncio.Task[Any]] = []
    try:
        await start(app)
        code = await app.turns.do(lambda db: first_code(db, office.clock()))
        if code is not None:
            tell(office.words.office.claim_console(username=office.username, code=code))
        await app.tick()
        scheduler.add_job(
            app.tick, "interval", seconds=TICK_SECONDS, max_instances=1, coalesce=True
        )
        scheduler.start()
        work = [asyncio.create_task(app.polling.run()), asyncio.create_task(app.post.run())]
        await asyncio.gather(*work)
    finally:
        for task in work:
            task.cancel()
        for task in work:
            with suppress(asyncio.CancelledError):
                await task
        if scheduler.running:
            scheduler.shutdown(wait=False)
        await app.close()


def first_code(db: Db, now: datetime) -> str | None:
    """A new claim code as long as nobody administers the office."""
    return None if people.has_admin(db) else people.new_claim_code(db, now)
