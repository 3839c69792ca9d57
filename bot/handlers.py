"""From an update to the function that knows it: buttons, commands, texts, comings and goings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from telegram import CallbackQuery, ChatMemberUpdated, Message, Update

from bot import citizen, officers
from bot.citizen import Person, Press
from bot.published import on_result
from bot.screens import Button, Screen
from bot.texts import CitizenWords
from bot.turn import Effect, Menu, Show, Toast, Turn, message_of

ANONYMOUS_ADMIN = 1087968824  # GroupAnonymousBot: whoever hides behind the group


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it was typed: `/name@bot argument`."""

    name: str
    argument: str
    person: Person
    message: Message
    again: bool


def on_update(turn: Turn, update: Update, again: bool) -> Sequence[Effect]:
    """Handle one update; `again`: it was handled before and may only show."""
    if update.callback_query is not None:
        return _on_callback(turn, update.callback_query, message_of(update), again)
    if update.my_chat_member is not None:
        return [] if again else _on_member(turn, update.my_chat_member)
    message = update.message
    if message is None:
        return []
    if message.migrate_to_chat_id is not None:
        if not again:
            officers.follow_group(turn, message.chat.id, message.migrate_to_chat_id)
        return []
    return _on_message(turn, message, again)


def _on_callback(
    turn: Turn, query: CallbackQuery, message: Message | None, again: bool
) -> Sequence[Effect]:
    user = query.from_user
    person = Person(user.id, user.language_code)
    if message is not None and message.chat.id != user.id:
        return [Toast(query.id, citizen.words(turn, person).private_only())]
    message_id = message.message_id if message is not None else None
    data = query.data or ""
    press = Press(person, query.id, message_id, again)
    if officers.is_officers(data):
        return officers.on_press(turn, press, data)
    return citizen.on_press(turn, press, data)


def _on_message(turn: Turn, message: Message, again: bool) -> Sequence[Effect]:
    private = message.chat.type == "private"
    sender = message.from_user
    if sender is None or (sender.is_bot and sender.id != ANONYMOUS_ADMIN):
        return []
    person = Person(sender.id, sender.language_code)
    command = _command(turn, message, person, again)
    if command is None:
        return citizen.on_text(turn, person, message.text, again) if private else []
    if private:
        return _on_private_command(turn, command)
    if command.name == "pasang_grup":
        anonymous = sender.id == ANONYMOUS_ADMIN
        return officers.on_link_group(turn, person, message, anonymous=anonymous, again=again)
    return [_to_private(turn, person, message)] if command.name in PRIVATE else []


def _command(turn: Turn, message: Message, person: Person, again: bool) -> Command | None:
    text = message.text or ""
    if not text.startswith("/"):
        return None
    head, _, argument = text[1:].partition(" ")
    name, _, addressee = head.partition("@")
    if addressee and addressee.lower() != turn.office.username.lower():
        return None
    return Command(name.lower(), argument.strip(), person, message, again)


def _on_private_command(turn: Turn, command: Command) -> Sequence[Effect]:
    person = command.person
    place = turn.of(person.chat_id)
    handler = PRIVATE.get(command.name)
    if handler is None:
        if place is not None and place.writing:  # "/tapi kursinya kurang" is a suggestion
            return citizen.on_text(turn, person, command.message.text, command.again)
        return [Show(person.chat_id, Screen(citizen.words(turn, person).unknown_command()))]
    if place is not None and place.writing and command.name != "batal" and not command.again:
        turn.desk.await_suggestion(place, False)  # a new command takes its place
    return handler(turn, command)


def _to_private(turn: Turn, person: Person, message: Message) -> Effect:
    """Nothing personal, and nothing official, is shown in a group."""
    text = citizen.words(turn, person).private_only()
    button = Button(f"@{turn.office.username}", url=f"https://t.me/{turn.office.username}")
    return Show(message.chat.id, Screen(text, ((button,),)), topic_id=officers.topic_of(message))


def _on_start(turn: Turn, command: Command) -> Sequence[Effect]:
    if command.argument.startswith("r_hasil"):
        return on_result(turn, command.person)
    return citizen.on_start(turn, command.person, command.argument)


def _says(
    text: Callable[[CitizenWords], str],
) -> Callable[[Turn, Command], Sequence[Effect]]:
    def answer(turn: Turn, command: Command) -> Sequence[Effect]:
        spoken = citizen.words(turn, command.person)
        return [Show(command.person.chat_id, Screen(text(spoken)))]

    return answer


def _on_help(turn: Turn, command: Command) -> Sequence[Effect]:
    spoken = citizen.words(turn, command.person)
    text = spoken.help(office=turn.office.name)
    chat = command.person.chat_id
    if not officers.is_admin(turn, chat):
        return [Show(chat, Screen(text))]
    text += turn.office.words.office.help_admin()
    return [Show(chat, Screen(text)), Menu(chat)]


PRIVATE: dict[str, Callable[[Turn, Command], Sequence[Effect]]] = {
    "start": _on_start,
    "mulai": _on_start,
    "bahasa": lambda turn, command: citizen.on_language_command(turn, command.person),
    "bantuan": _on_help,
    "privasi": _says(lambda words: words.privacy()),
    "hapus_data": lambda turn, command: [citizen.ask_erase(turn, command.person)],
    "batal": lambda turn, command: citizen.on_cancel(turn, command.person, command.again),
    "hasil": lambda turn, command: on_result(turn, command.person),
    "klaim": lambda turn, command: officers.on_claim(turn, command.person, command.argument),
    "ringkasan": lambda turn, command: officers.on_summary(
        turn, command.person, command.argument, command.again
    ),
    "pasang_grup": lambda turn, command: officers.on_link_in_private(turn, command.person),
}


def _on_member(turn: Turn, change: ChatMemberUpdated) -> Sequence[Effect]:
    """The bot came into a group, or was put out of it; in private: blocked, unblocked."""
    gone = change.new_chat_member.status in ("left", "kicked")
    if change.chat.type != "private" and gone:
        officers.lose_group(turn, change.chat.id)
    return []
