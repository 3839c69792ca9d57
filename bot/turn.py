"""A turn: a batch of updates becomes rows and screens, in one transaction and without a call."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeAlias

import structlog
from telegram import InaccessibleMessage, MaybeInaccessibleMessage, Update

from bot.acts import Press
from bot.flow import Kind
from bot.office import Office
from bot.screens import Screen
from bot.texts import language_of
from bot.turnover import turn_over
from scoring.instrument import Instrument
from storage import periods, updates
from storage.database import DatabaseTrouble, Db
from storage.periods import Current
from storage.responses import Desk, Open
from storage.tallies import Deltas

log = structlog.get_logger()

UNTOLD = "undangan"  # the kind of what is set aside without its content
OPENS_A_DOOR = re.compile(r"/(start(@\w+)?\s+u_|klaim)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Show:
    """Put a screen into a chat: in the place of a message, or as a new one."""

    chat_id: int
    screen: Screen
    message_id: int | None = None
    topic_id: int | None = None


@dataclass(frozen=True, slots=True)
class Toast:
    """Answer a press of a button, with a line of text or without."""

    callback_id: str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Menu:
    """Show in this chat's menu the commands that these roles open; without any, the citizens'."""

    chat_id: int
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Clear:
    """Take a message out of a chat, a person's own too: the next person must not read it."""

    chat_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Put a picture under what was shown; `key` says what of: it is drawn once for all who look.

    `draw` blocks for a moment, and gives None when there is nothing to see.
    """

    chat_id: int
    key: str
    draw: Callable[[], bytes | None]


Effect: TypeAlias = Show | Toast | Menu | Clear | Picture


def edited(press: Press, screen: Screen, toast: str | None = None) -> list[Effect]:
    """Answer a press, and put the screen into the place of the message its button hangs on."""
    return [
        Toast(press.callback_id, toast),
        Show(press.person.chat_id, screen, press.message_id),
    ]


@dataclass(slots=True)
class Turn:
    """What a handler works with; it returns what to show and calls nobody."""

    office: Office
    db: Db
    now: datetime
    desk: Desk
    _period: Current | None = None

    def period(self) -> Current:
        """The period of a chat answer: the one open in the database in this transaction."""
        if self._period is None:
            self._period = periods.current(self.db, "ikm")
        if self._period is None:
            raise LookupError("no period is open")
        return self._period

    def lay_down(self) -> None:
        """Forget the open period and the responses in hand: they end in this turn."""
        self.desk.lay_down()
        self._period = None

    def instrument(self) -> Instrument:
        """The instrument of the open period."""
        return self.office.instruments[self.period().instrument_id].instrument

    def of(self, chat_id: int) -> Open | None:
        """The chat's open response."""
        return self.desk.of(chat_id)


Handler: TypeAlias = Callable[[Turn, Update, bool], Sequence[Effect]]


def run(
    office: Office, handler: Handler, db: Db, batch: Sequence[Update], now: datetime
) -> list[Effect]:
    """Handle a batch on an open transaction; what was handled before only shows again."""
    numbers = {update.update_id for update in batch}
    fresh = updates.fresh(db, office.bot_id, numbers, now)
    return handled(office, handler, db, batch, fresh, now)


def handled(
    office: Office,
    handler: Handler,
    db: Db,
    batch: Sequence[Update],
    fresh: set[int],
    now: datetime,
) -> list[Effect]:
    """Handle a batch of which the `fresh` ones may change something."""
    deltas = Deltas()
    desk = Desk(db, office.instruments, now, deltas)
    desk.bring({chat for update in batch if (chat := private_chat(update)) is not None})
    turn = Turn(office, db, now, desk)
    shown: list[Effect] = []
    for update in sorted(batch, key=lambda update: update.update_id):
        again = update.update_id not in fresh
        fresh.discard(update.update_id)  # the same update twice in one batch counts once
        shown += handler(turn, update, again)
    desk.flush()
    deltas.apply(db)
    return shown


def private_chat(update: Update) -> int | None:
    """The private chat an update comes from: its id is the person's."""
    if update.callback_query is not None:
        return update.callback_query.from_user.id
    chat = update.effective_chat
    return chat.id if chat is not None and chat.type == "private" else None


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


def place_of(error: Exception) -> str:
    """What was raised and where, without a value anybody typed."""
    frames = traceback.extract_tb(error.__traceback__)
    steps = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames]
    return f"{type(error).__name__}: {' > '.join(steps[-8:])}"


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


def message_of(update: Update) -> MaybeInaccessibleMessage | None:
    """The accessible message a button hangs on; an old one cannot be edited."""
    query = update.callback_query
    if query is None or isinstance(query.message, InaccessibleMessage):
        return None
    return query.message
