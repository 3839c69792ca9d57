"""A batch of updates becomes rows and screens in one transaction, without API calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeAlias, TypeVar

from telegram import InaccessibleMessage, MaybeInaccessibleMessage, Update

from bot.turn.effects import Effect, Show, Toast
from bot.turn.events import Command, Person, Press
from office.conversation import Tap
from office.office import Office
from office.roles import Roles
from office.survey.screens import Screen
from office.turn import Respondent, Turn, begun, language_for
from office.words.all_words import CitizenWords
from office.words.text import Text
from storage import updates
from storage.database import Db
from storage.tables import Door

OnCommand: TypeAlias = Callable[[Turn, Command], Sequence[Effect]]
OnPress: TypeAlias = Callable[[Turn, Press, Tap], Sequence[Effect]]
W = TypeVar("W")
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
    chats = {chat for update in batch if (chat := private_chat(update)) is not None}
    effects: list[Effect] = []
    with begun(office, db, now, Door.TELEGRAM, chats) as turn:
        for update in sorted(batch, key=lambda update: update.update_id):
            again = update.update_id not in fresh
            fresh.discard(update.update_id)  # the same update twice in one batch counts once
            effects += handler(turn, update, again)
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


def respondent(turn: Turn, person: Person) -> Respondent:
    """Who answers in this private chat."""
    language = turn.office.words.language_of(person.phone_language)
    return Respondent(Door.TELEGRAM, person.chat_id, "telegram", language)


def words_for(turn: Turn, person: Person) -> CitizenWords:
    """The words in this person's language."""
    return turn.office.words.of(language_for(turn, respondent(turn, person)))


@dataclass(frozen=True, slots=True)
class CommandRoute(Generic[W]):
    """A command: its line in the menu and in /bantuan, the roles that may send it, its handler.

    Args:
        line: its line, taken from these words; None: it is in no menu.
        roles: one of them is enough; None: everybody may send it.
    """

    name: str
    line: Callable[[W], Text] | None
    roles: Roles | None
    run: OnCommand


@dataclass(frozen=True, slots=True)
class Route:
    """A button: the roles that may press it (one of them is enough), and its handler."""

    roles: Roles
    run: OnPress
