"""A turn: a batch of updates becomes rows and screens in one transaction, without API calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from telegram import InaccessibleMessage, MaybeInaccessibleMessage, Update

from bot.turn.effects import Effect, Show, Toast
from bot.turn.events import Person, Press
from office.office import Office
from office.survey.screens import Screen
from office.words.all_words import CitizenWords, language_of
from scoring.instrument import Instrument
from storage import people, periods, updates
from storage.database import Db
from storage.periods import PeriodRow
from storage.survey.open_responses import OpenResponse, OpenResponses
from storage.survey.tallies import Deltas


@dataclass(slots=True)
class Turn:
    """What a handler works with; it returns effects and makes no API call."""

    office: Office
    db: Db
    now: datetime
    open_responses: OpenResponses
    _period: PeriodRow | None = None

    def period(self) -> PeriodRow:
        """The period of a chat answer: the one open in the database in this transaction."""
        if self._period is None:
            self._period = periods.current(self.db, "ikm")
        if self._period is None:
            raise LookupError("no period is open")
        return self._period

    def forget_responses(self) -> None:
        """Forget the cached period and responses: both end in this turn."""
        self.open_responses.flush_and_clear()
        self._period = None

    def instrument(self) -> Instrument:
        """The wording in which a response that starts now is asked."""
        return self.office.instruments[self.office.asked_in(self.period())].instrument

    def open_response(self, chat_id: int) -> OpenResponse | None:
        """The chat's open response."""
        return self.open_responses.of_chat(chat_id)


Handler: TypeAlias = Callable[[Turn, Update, bool], Sequence[Effect]]


def run(
    office: Office, handler: Handler, db: Db, batch: Sequence[Update], now: datetime
) -> list[Effect]:
    """Handle a batch in a transaction; an update handled before only shows its screen again."""
    ids = {update.update_id for update in batch}
    fresh = updates.record_new(db, office.bot_id, ids, now)
    return handled(office, handler, db, batch, fresh, now)


def handled(
    office: Office,
    handler: Handler,
    db: Db,
    batch: Sequence[Update],
    fresh: set[int],
    now: datetime,
) -> list[Effect]:
    """Handle a batch; only the `fresh` updates may change rows."""
    deltas = Deltas()
    open_responses = OpenResponses(db, office.instruments, now, deltas)
    open_responses.load({chat for update in batch if (chat := private_chat(update)) is not None})
    turn = Turn(office, db, now, open_responses)
    effects: list[Effect] = []
    for update in sorted(batch, key=lambda update: update.update_id):
        again = update.update_id not in fresh
        fresh.discard(update.update_id)  # the same update twice in one batch counts once
        effects += handler(turn, update, again)
    open_responses.flush()
    deltas.apply(db)
    return effects


def private_chat(update: Update) -> int | None:
    """The private chat an update comes from: its id is the person's."""
    if update.callback_query is not None:
        return update.callback_query.from_user.id
    chat = update.effective_chat
    return chat.id if chat is not None and chat.type == "private" else None


def message_of(update: Update) -> MaybeInaccessibleMessage | None:
    """The message that holds the button; None when too old to be edited."""
    query = update.callback_query
    if query is None or isinstance(query.message, InaccessibleMessage):
        return None
    return query.message


def edited(press: Press, screen: Screen, toast: str | None = None) -> list[Effect]:
    """Answer a press, and edit the message of its button to this screen."""
    return [
        Toast(press.callback_id, toast),
        Show(press.person.chat_id, screen, press.message_id),
    ]


def language_for(turn: Turn, person: Person) -> str:
    """The language of the open response, else the chosen one, else that of the phone."""
    response = turn.open_response(person.chat_id)
    if response is not None:
        return response.language
    chosen = people.language(turn.db, people.person_key(turn.office.secret, person.chat_id))
    return chosen or language_of(person.phone_language)


def words_for(turn: Turn, person: Person) -> CitizenWords:
    """The words in this person's language."""
    return turn.office.words.of(language_for(turn, person))
