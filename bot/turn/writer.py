"""Runs turns on the database; an update that fails alone or is unreadable is set aside."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from telegram import Update

from bot.turn.effects import Effect, Show, Toast
from bot.turn.events import Unreadable
from bot.turn.turn import Handler, private_chat, run
from office.conversation import OF_RESPONSE, Kind, read_tap
from office.logs import place_of
from office.office import Office
from office.periods.lifecycle import turn_over
from office.survey.screens import Screen
from office.turn import Turn, begun
from storage import updates
from storage.database import DatabaseTrouble, Db
from storage.tables import Door

log = structlog.get_logger()

INVITATION = "undangan"  # the kind of an update that is set aside without its content
GRANTS_ACCESS = re.compile(r"/(start(@\w+)?\s+u_|klaim)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Form:
    """A form of the pages: whose it is (None: of nobody known), and what it does in a turn."""

    person: int | None
    work: Callable[[Turn], Any]


@dataclass(slots=True)
class Writer:
    """Runs turns on the database and handles their failures."""

    office: Office
    handler: Handler
    failures: int = 0
    period_ends: datetime | None = None  # end of the open period, cached

    def handle(self, batch: Sequence[Update | Unreadable]) -> list[Effect]:
        """Run one turn; an update that raises when run alone is set aside, its sender told once.

        An unreadable one is set aside first: nobody knows its sender.

        Raises:
            DatabaseTrouble: nothing is written; the same batch may be tried again.
        """
        self._turn_over()
        readable = [update for update in batch if not isinstance(update, Unreadable)]
        if len(readable) < len(batch):
            self._set_aside_unreadable([each for each in batch if isinstance(each, Unreadable)])
        return self._handle(readable) if readable else []

    def _set_aside_unreadable(self, unreadable: Sequence[Unreadable]) -> None:
        bot_id, now = self.office.bot_id, self.office.clock()

        def work(db: Db) -> set[int]:
            ids = {each.update_id for each in unreadable}
            fresh = updates.record_new(db, bot_id, ids, now)
            for each in unreadable:
                payload = {"chat": None, "kind": each.kind}
                if each.update_id in fresh:
                    updates.set_aside(db, bot_id, each.update_id, payload, each.error, now)
            return fresh

        fresh = self.office.database.turn(work)
        self.failures += len(fresh)
        for each in unreadable:
            if each.update_id in fresh:
                log.error("update unreadable", update_id=each.update_id, error=each.error)

    def _turn_over(self) -> None:
        """Close a period that has ended, in its own transaction: a tap may come before a tick.

        While Telegram's time does not confirm the clock, the answers go to the open period.
        """
        now = self.office.clock()
        if self.period_ends is not None and now < self.period_ends:
            return
        if self.office.telegram_time.confirms(now):
            work = partial(turn_over, office=self.office, now=now)
            self.period_ends = self.office.database.turn(work)

    def answer(self, forms: Sequence[Form]) -> list[Any]:
        """Run one turn of forms of the pages; what the work of each returns, or the error.

        Where one raises, each is run in a transaction of its own.

        Raises:
            DatabaseTrouble: nothing is written; the same forms may be sent again.
        """
        self._turn_over()
        try:
            return self._answer(forms)
        except DatabaseTrouble:
            raise
        except Exception as error:  # noqa: BLE001 # the edge of a turn: whatever a form raised
            if len(forms) == 1:
                return [error]
        return [each for form in forms for each in self.answer([form])]

    def _answer(self, forms: Sequence[Form]) -> list[Any]:
        persons = {form.person for form in forms if form.person is not None}

        def transaction(db: Db) -> list[Any]:
            with begun(self.office, db, self.office.clock(), Door.WEB, persons) as turn:
                return [form.work(turn) for form in forms]

        return self.office.database.turn(transaction)

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
            updates.record_new(db, self.office.bot_id, {update.update_id}, now)
            updates.set_aside(db, self.office.bot_id, update.update_id, payload, place, now)

        try:
            payload = kept(update, private_chat(update))
            self.office.database.turn(partial(work, payload=payload))
            return _apology(self.office, update)
        except DatabaseTrouble:
            raise
        except Exception as worse:  # noqa: BLE001 # it must not be delivered again for ever
            log.error("update not kept", update_id=update.update_id, error=place_of(worse))
            self.office.database.turn(partial(work, payload={"chat": None, "kind": ""}))
            return []


def kept(update: Update, chat: int | None) -> dict[str, Any]:
    """What is needed to handle an update again, and nothing else: no name, no contact.

    An invitation or a claim code is not kept: it grants access. Nor is a chat kept beside the key
    of a response: it would tell, after *Kirim*, whose answers these are.
    """
    if (query := update.callback_query) is not None:
        if (query.data or "").startswith(f"{Kind.INVITED}."):
            return {"chat": chat, "kind": INVITATION}
        message = query.message
        press = {
            "kind": "callback_query",
            "data": query.data,
            "message_id": message.message_id if message else None,
        }
        tap = read_tap(query.data or "")
        if tap is not None and tap.kind in OF_RESPONSE:  # the open response tells the chat
            return {"chat": None, "response": tap.response, **press}
        return {"chat": chat, **press}
    if (message := update.message) is not None:
        if chat is None or GRANTS_ACCESS.match(message.text or ""):
            return {"chat": chat, "kind": INVITATION if chat else "message"}
        return {"chat": chat, "kind": "message", "text": message.text}
    return {"chat": chat, "kind": next(iter(set(update.to_dict()) - {"update_id"}), "")}


def _apology(office: Office, update: Update) -> list[Effect]:
    chat = private_chat(update)
    sender = update.effective_user
    all_words = office.words
    words = all_words.of(all_words.language_of(sender.language_code if sender else None))
    if update.callback_query is not None:
        return [Toast(update.callback_query.id, words.error())]
    return [] if chat is None else [Show(chat, Screen(words.error()))]
