"""Runs turns on the database; an update that fails alone is set aside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from telegram import Update

from bot.turn.effects import Effect, Show, Toast
from bot.turn.turn import Handler, private_chat, run
from office.conversation import Kind
from office.logs import place_of
from office.office import Office
from office.periods.lifecycle import turn_over
from office.survey.screens import Screen
from office.words.all_words import language_of
from storage import updates
from storage.database import DatabaseTrouble, Db

log = structlog.get_logger()

UNTOLD = "undangan"  # the kind of what is set aside without its content
OPENS_A_DOOR = re.compile(r"/(start(@\w+)?\s+u_|klaim)", re.IGNORECASE)


@dataclass(slots=True)
class Writer:
    """Runs turns on the database; the only code that knows how a turn fails."""

    office: Office
    handler: Handler
    failures: int = 0
    period_ends: datetime | None = None  # the clock's next stop: a tap may come before its tick

    def handle(self, batch: Sequence[Update]) -> list[Effect]:
        """Run one turn; an update that raises alone is set aside and its sender told once.

        Raises:
            DatabaseTrouble: nothing is written; the same batch may be tried again.
        """
        self._turn_calendar()
        return self._handle(batch)

    def _turn_calendar(self) -> None:
        """A tap may come before its tick; apart from the batch, since its failure is nobody's."""
        now = self.office.clock()
        if self.period_ends is None or now >= self.period_ends:
            work = partial(turn_over, office=self.office, now=now)
            self.period_ends = self.office.database.turn(work)

    def _handle(self, batch: Sequence[Update]) -> list[Effect]:
        try:
            return self._turn(batch)
        except DatabaseTrouble:
            raise
        except Exception as error:  # noqa: BLE001 # the edge of a turn: whatever a handler raised
            if len(batch) == 1:
                return self._set_aside(batch[0], error)
        return [effect for update in batch for effect in self._handle([update])]

    def _turn(self, batch: Sequence[Update]) -> list[Effect]:
        def work(db: Db) -> list[Effect]:
            return run(self.office, self.handler, db, batch, self.office.clock())

        return self.office.database.turn(work)

    def _set_aside(self, update: Update, error: Exception) -> list[Effect]:
        self.failures += 1
        place = place_of(error)
        log.error("update set aside", update_id=update.update_id, error=place)

        def work(db: Db, payload: dict[str, Any]) -> None:
            now = self.office.clock()
            updates.fresh(db, self.office.bot_id, {update.update_id}, now)
            updates.put_aside(db, self.office.bot_id, update.update_id, payload, place, now)

        try:
            payload = kept(update, private_chat(update))
            self.office.database.turn(partial(work, payload=payload))
            return _apology(self.office, update)
        except DatabaseTrouble:
            raise
        except Exception as worse:  # noqa: BLE001 # what cannot even be kept must not come for ever
            log.error("update not kept", update_id=update.update_id, error=place_of(worse))
            self.office.database.turn(partial(work, payload={"chat": None, "kind": ""}))
            return []


def kept(update: Update, chat: int | None) -> dict[str, Any]:
    """What handling an update again would need, and nothing else: no name, no contact.

    An invitation or a claim code opens a door to whoever reads it: it is not kept.
    """
    if (query := update.callback_query) is not None:
        if (query.data or "").startswith(f"{Kind.INVITED}."):
            return {"chat": chat, "kind": UNTOLD}
        message = query.message
        return {
            "chat": chat,
            "kind": "callback_query",
            "data": query.data,
            "message_id": message.message_id if message else None,
        }
    if (message := update.message) is not None:
        if chat is None or OPENS_A_DOOR.match(message.text or ""):
            return {"chat": chat, "kind": UNTOLD if chat else "message"}
        return {"chat": chat, "kind": "message", "text": message.text}
    return {"chat": chat, "kind": next(iter(set(update.to_dict()) - {"update_id"}), "")}


def _apology(office: Office, update: Update) -> list[Effect]:
    chat = private_chat(update)
    sender = update.effective_user
    words = office.words.of(language_of(sender.language_code if sender else None))
    if update.callback_query is not None:
        return [Toast(update.callback_query.id, words.error())]
    return [] if chat is None else [Show(chat, Screen(words.error()))]
