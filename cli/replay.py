"""`puas replay`: updates that were set aside, handled again by the program as it is now."""

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
from office.logs import place_of
from storage import audit, schema, updates
from storage.database import Database, DatabaseTrouble, Db
from storage.updates import SetAsideUpdate

Say = Callable[[str], None]

REFUSED = 2
BY_ITSELF = "hanya ketukan dan teks di obrolan pribadi yang dapat diulang"
KINDS = {"callback_query": "ketukan", "message": "pesan"}


def run(number: int | None, file: Path | None, *, every: bool) -> int:
    """`puas replay [NOMOR] [--semua]`; without either, the list. The exit code."""
    try:
        loaded = configs.load(file)
        if number is None and not every:
            return shown(loaded, typer.echo)
        loaded.token()
        logs.set_up((*loaded.secrets(), secret.of_office(loaded)))
        return replay(loaded, None if every else number, typer.echo)
    except program.STOPS as stop:
        typer.echo(program.sentence(stop), err=True)
        return REFUSED


def shown(config: Config, say: Say) -> int:
    """Tell what is set aside; it changes nothing."""
    found = _found(config)
    for aside in found:
        say(_line(aside))
    say("puas replay NOMOR, atau puas replay --semua." if found else "Tidak ada yang disisihkan.")
    return 0


def replay(config: Config, number: int | None, say: Say) -> int:
    """Handle one again, or all of them; 2 when any is left.

    Args:
        number: as `shown` tells it; None for all.
    """
    wanted = [aside for aside in _found(config) if number in (None, aside.id)]
    if not wanted:
        say("Tidak ada yang disisihkan." if number is None else f"{number}: tidak ada nomor itu.")
        return 0 if number is None else 2
    return asyncio.run(_replayed(config, wanted, say))


def _found(config: Config) -> list[SetAsideUpdate]:
    with closing(Database(config.database.url.get_secret_value())) as database:
        if not database.exists():
            return []
        with database.read() as db:
            return updates.all_set_aside(db) if schema.is_migrated(db) else []


def _line(aside: SetAsideUpdate) -> str:
    kind = aside.payload["kind"]
    return f"{aside.id}: {aside.at:%Y-%m-%d %H:%M} UTC, {KINDS.get(kind, kind)}, {aside.error}"


async def _replayed(config: Config, wanted: Sequence[SetAsideUpdate], say: Say) -> int:
    app = await program.build(config)
    try:
        done = [await again(app, aside, say) for aside in wanted]
        return 0 if all(done) else 2
    finally:
        await app.close()


async def again(app: App, aside: SetAsideUpdate, say: Say) -> bool:
    """Handle one update again as its chat; whether it is set aside no longer."""
    update = update_of(aside)
    if update is None:
        say(f"{aside.id}: {BY_ITSELF}; pengirimnya perlu mengulang sendiri.")
        return False
    try:
        effects = await app.turns.do(partial(_turn, app=app, update=update, aside=aside))
    except DatabaseTrouble:
        raise
    except Exception as error:  # noqa: BLE001 # whatever the handler raised: it stays aside
        await app.turns.do(partial(updates.note_error, aside_id=aside.id, error=place_of(error)))
        say(f"{aside.id}: masih gagal, tetap disisihkan: {place_of(error)}")
        return False
    app.display.show([effect for effect in effects if not isinstance(effect, Toast)])
    say(f"{aside.id}: sudah diproses, layarnya dikirim.")
    return True


def _turn(db: Db, app: App, update: Update, aside: SetAsideUpdate) -> list[Effect]:
    if not updates.delete_set_aside(db, aside.id):
        return []
    now = app.office.clock()
    audit.record(db, now, None, "putar_ulang", f"update {aside.update_id}")
    return handled(app.office, app.writer.handler, db, [update], {update.update_id}, now)


def update_of(aside: SetAsideUpdate) -> Update | None:
    """The update that was kept, without the name it came with; None when too little was kept."""
    kept = aside.payload
    if kept["chat"] is None or kept["kind"] not in KINDS:
        return None
    sender = User(kept["chat"], "", is_bot=False)
    chat = Chat(kept["chat"], "private")
    if kept["kind"] == "message":
        message = Message(0, aside.at, chat, from_user=sender, text=kept["text"])
        return Update(aside.update_id, message=message)
    number = kept["message_id"]
    hung_on = None if number is None else Message(number, aside.at, chat)
    query = CallbackQuery("", sender, "", message=hung_on, data=kept["data"])
    return Update(aside.update_id, callback_query=query)
