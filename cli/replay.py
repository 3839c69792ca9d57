"""`puas replay`: handle again the updates that were set aside."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import typer
from telegram import CallbackQuery, Chat, Message, Update, User

from bot import app as program
from bot.app import App
from bot.turn.effects import Effect, Toast
from bot.turn.turn import handled
from office import config as configs
from office import logs, secret
from office.config import Config
from office.exit_codes import REFUSED
from office.logs import place_of
from storage import audit, updates
from storage.database import Database, DatabaseTrouble, Db
from storage.maintenance import schema
from storage.survey import open_responses
from storage.tables import Door
from storage.updates import SetAsideUpdate

Say = Callable[[str], None]

NOT_REPEATABLE = "hanya ketukan dan teks di obrolan pribadi yang dapat diulang"
KINDS = {"callback_query": "ketukan", "message": "pesan"}


def run(number: int | None, config_file: Path | None, *, every: bool) -> int:
    """`puas replay [NOMOR] [--semua]`; without either, print the list. Return the exit code."""
    try:
        config = configs.load(config_file)
        if number is None and not every:
            return print_set_aside(config, typer.echo)
        config.token()
        logs.set_up((*config.secrets(), secret.of_office(config)))
        return replay(config, None if every else number, typer.echo)
    except program.STOPS as stop:
        typer.echo(program.sentence(stop), err=True)
        return REFUSED


def print_set_aside(config: Config, say: Say) -> int:
    """Print the updates that are set aside; change nothing."""
    rows = _set_aside(config)
    for aside in rows:
        say(_description(aside))
    say("puas replay NOMOR, atau puas replay --semua." if rows else "Tidak ada yang disisihkan.")
    return 0


def replay(config: Config, number: int | None, say: Say) -> int:
    """Handle one update again, or all of them; return 2 if any stays set aside.

    Args:
        number: as `print_set_aside` prints it; None for all.
    """
    wanted = [aside for aside in _set_aside(config) if number in (None, aside.id)]
    if not wanted:
        say("Tidak ada yang disisihkan." if number is None else f"{number}: tidak ada nomor itu.")
        return 0 if number is None else REFUSED
    return asyncio.run(_replay_all(config, wanted, say))


def _set_aside(config: Config) -> list[SetAsideUpdate]:
    with closing(Database(config.database.url.get_secret_value())) as database:
        if not database.exists():
            return []
        with database.read() as db:
            return updates.all_set_aside(db) if schema.is_migrated(db) else []


def _description(aside: SetAsideUpdate) -> str:
    kind = aside.payload["kind"]
    return f"{aside.id}: {aside.at:%Y-%m-%d %H:%M} UTC, {KINDS.get(kind, kind)}, {aside.error}"


async def _replay_all(config: Config, wanted: Sequence[SetAsideUpdate], say: Say) -> int:
    app = await program.build(config)
    try:
        succeeded = [await replay_one(app, aside, say) for aside in wanted]
        return 0 if all(succeeded) else REFUSED
    finally:
        await app.close()


async def replay_one(app: App, aside: SetAsideUpdate, say: Say) -> bool:
    """Handle one update again as from its chat; return whether it succeeded."""
    chat = await app.office.read(partial(chat_of, aside=aside))
    update = update_of(aside, chat)
    if update is None:
        say(f"{aside.id}: {NOT_REPEATABLE}; pengirimnya perlu mengulang sendiri.")
        return False
    try:
        effects = await app.turns.do(partial(_replay_turn, app=app, update=update, aside=aside))
    except DatabaseTrouble:
        raise
    except Exception as error:  # noqa: BLE001 # any error: it stays set aside
        await app.turns.do(partial(updates.note_error, aside_id=aside.id, error=place_of(error)))
        say(f"{aside.id}: masih gagal, tetap disisihkan: {place_of(error)}")
        return False
    app.display.show([effect for effect in effects if not isinstance(effect, Toast)])
    say(f"{aside.id}: sudah diproses, layarnya dikirim.")
    return True


def _replay_turn(db: Db, app: App, update: Update, aside: SetAsideUpdate) -> list[Effect]:
    if not updates.delete_set_aside(db, aside.id):
        return []
    now = app.office.clock()
    audit.record(db, now, None, "putar_ulang", f"update {aside.update_id}")
    return handled(app.office, app.writer.handler, db, [update], {update.update_id}, now)


def chat_of(db: Db, aside: SetAsideUpdate) -> int | None:
    """The private chat of the update: as stored, or that of the open response it names."""
    chat: int | None = aside.payload["chat"]
    if chat is None and "response" in aside.payload:
        respondent = open_responses.respondent_of(db, aside.payload["response"])
        if respondent is None or respondent[0] != Door.TELEGRAM:
            return None
        return respondent[1]
    return chat


def update_of(aside: SetAsideUpdate, chat_id: int | None) -> Update | None:
    """The stored update, without the sender's name; None if too little of it is stored."""
    payload = aside.payload
    if chat_id is None or payload["kind"] not in KINDS:
        return None
    sender = User(chat_id, "", is_bot=False)
    chat = Chat(chat_id, "private")
    if payload["kind"] == "message":
        message = Message(0, aside.at, chat, from_user=sender, text=payload["text"])
        return Update(aside.update_id, message=message)
    message_id = payload["message_id"]
    message_of_button = None if message_id is None else Message(message_id, aside.at, chat)
    query = CallbackQuery("", sender, "", message=message_of_button, data=payload["data"])
    return Update(aside.update_id, callback_query=query)
