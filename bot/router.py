"""From an update to the function that knows it: buttons, commands, texts, comings and goings."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from telegram import (
    CallbackQuery,
    ChatMemberRestricted,
    ChatMemberUpdated,
    MaybeInaccessibleMessage,
    Message,
    Update,
)

from bot.citizens import survey
from bot.citizens.results import on_result
from bot.officers import access, assist, history, menu, status
from bot.officers.access import OnCommand, OnPress, Route
from bot.officers.figures import iku, profile, sakip, summaries
from bot.officers.forms import forms
from bot.officers.groups import linking
from bot.officers.papers import posters, reports
from bot.officers.people import invitations, joining
from bot.officers.period import period, void
from bot.officers.rating import heads
from bot.turn.effects import Effect, Show, Toast
from bot.turn.events import Command, Person, Press, Typed
from bot.turn.turn import Turn, message_of
from office import conversation
from office.conversation import Kind
from office.survey.screens import Button, Screen
from office.words.all_words import CitizenWords, Html
from storage import awaited, people, settings

ANONYMOUS_ADMIN = 1087968824  # GroupAnonymousBot: whoever hides behind the group


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
            linking.follow_group(turn, message.chat.id, message.migrate_to_chat_id)
        return []
    return _on_message(turn, message, again)


def _on_callback(
    turn: Turn, query: CallbackQuery, message: MaybeInaccessibleMessage | None, again: bool
) -> Sequence[Effect]:
    user = query.from_user
    person = Person(user.id, user.language_code)
    if message is not None and message.chat.id != user.id:
        return [Toast(query.id, survey.words(turn, person).private_only())]
    message_id = message.message_id if message is not None else None
    press = Press(person, query.id, message_id, again)
    tap = conversation.read_tap(query.data or "")
    if tap is None:
        return survey.on_unknown(turn, press)
    if tap.kind == Kind.FORM:
        return forms.on_press(turn, press, tap)
    if tap.kind == Kind.INVITED:
        return joining.on_press(turn, press, tap)
    if tap.kind != Kind.OFFICER:
        return survey.on_press(turn, press, tap)
    door = BUTTONS.get(tap.item)
    if door is None:
        return survey.on_unknown(turn, press)
    if not access.may(turn, user.id, door.roles):
        return access.refused_press(turn, press)
    return door.run(turn, press, tap)


def _on_message(turn: Turn, message: Message, again: bool) -> Sequence[Effect]:
    private = message.chat.type == "private"
    sender = message.from_user
    if sender is None or (sender.is_bot and sender.id != ANONYMOUS_ADMIN):
        return []
    person = Person(sender.id, sender.language_code)
    command = _command(turn, message, person, again)
    if command is None:
        return _on_private_text(turn, person, message, again) if private else []
    if private:
        return _on_private_command(turn, command)
    if command.name == "pasang_grup":
        anonymous = sender.id == ANONYMOUS_ADMIN
        return linking.on_link_group(turn, person, message, anonymous=anonymous, again=again)
    known = command.name in PRIVATE or command.name in OFFICERS
    return [_to_private(turn, person, message)] if known else []


def _on_private_text(turn: Turn, person: Person, message: Message, again: bool) -> Sequence[Effect]:
    place = turn.open_response(person.chat_id)
    if place is None or not place.writing:
        asked = awaited.of_chat(turn.db, person.chat_id)
        if asked is not None and asked.kind == forms.FORM:
            return forms.on_typed(turn, Typed(person, message, asked.data, again))
    return survey.on_text(turn, person, message, again)


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
    place = turn.open_response(person.chat_id)
    handler = PRIVATE.get(command.name) or OFFICERS.get(command.name)
    if handler is None:
        if place is not None and place.writing:  # "/tapi kursinya kurang" is a suggestion
            return survey.on_text(turn, person, command.message, command.again)
        return [Show(person.chat_id, Screen(survey.words(turn, person).unknown_command()))]
    asked = access.COMMANDS.get(command.name)
    if asked is not None and not access.may(turn, person.chat_id, asked):
        return access.refused(turn, person)
    if command.name != "batal" and not command.again:  # a new command takes the place of a text
        if place is not None and place.writing:
            turn.open_responses.await_suggestion(place, False)
        else:
            awaited.forget(turn.db, person.chat_id)
    return handler(turn, command)


def _to_private(turn: Turn, person: Person, message: Message) -> Effect:
    """Nothing personal, and nothing official, is shown in a group."""
    text = survey.words(turn, person).private_only()
    button = Button(f"@{turn.office.username}", url=f"https://t.me/{turn.office.username}")
    return Show(message.chat.id, Screen(text, ((button,),)), topic_id=linking.topic_of(message))


def _on_start(turn: Turn, command: Command) -> Sequence[Effect]:
    if command.argument.startswith("r_hasil"):
        return on_result(turn, command.person)
    if command.argument.startswith("u_"):
        return joining.on_link(turn, command.person, command.argument.removeprefix("u_"))
    return survey.on_start(turn, command.person, command.argument)


def _says(
    text: Callable[[CitizenWords], str],
) -> Callable[[Turn, Command], Sequence[Effect]]:
    def answer(turn: Turn, command: Command) -> Sequence[Effect]:
        spoken = survey.words(turn, command.person)
        return [Show(command.person.chat_id, Screen(text(spoken)))]

    return answer


def _on_help(turn: Turn, command: Command) -> Sequence[Effect]:
    spoken = survey.words(turn, command.person)
    text = spoken.help(office=settings.office_name(turn.db))
    chat = command.person.chat_id
    roles = people.roles(turn.db, chat)
    names = access.names(roles)
    if not names:
        return [Show(chat, Screen(text))]
    office = turn.office.words.office
    lines = [f"/{name} – {getattr(office, f'cmd_{name}')()}" for name in names]
    text += office.help_officers(commands=Html("\n".join(lines)))
    return [Show(chat, Screen(text)), access.menu(turn, chat)]


def _on_cancel(turn: Turn, command: Command) -> Sequence[Effect]:
    """/batal: a form, a suggestion, or the open response."""
    person = command.person
    place = turn.open_response(person.chat_id)
    writing = place is not None and place.writing
    if not writing and not command.again and awaited.forget(turn.db, person.chat_id):
        return [Show(person.chat_id, Screen(turn.office.words.form.cancelled()))]
    return survey.on_cancel(turn, person, command.again)


PRIVATE: dict[str, OnCommand] = {
    "start": _on_start,
    "mulai": _on_start,
    "bahasa": lambda turn, command: survey.on_language_command(turn, command.person),
    "bantuan": _on_help,
    "privasi": _says(lambda words: words.privacy()),
    "hapus_data": lambda turn, command: [survey.ask_erase(turn, command.person)],
    "batal": _on_cancel,
    "hasil": lambda turn, command: on_result(turn, command.person),
    "klaim": linking.on_claim,
}

# Whoever may use one stands in `doors.COMMANDS`.
OFFICERS: dict[str, OnCommand] = {
    "ringkasan": summaries.on_summary,
    "iku": iku.on_command,
    "sakip": sakip.on_command,
    "profil": profile.on_command,
    "laporan": reports.on_command,
    "poster": posters.on_command,
    "kelola": menu.on_command,
    "periode": period.on_command,
    "gugurkan": void.on_command,
    "riwayat": history.on_command,
    "status": status.on_command,
    "nilai": heads.on_command,
    "isi_bantu": assist.on_command,
    "undang": invitations.on_command,
    "pasang_grup": linking.on_link_in_private,
}

BUTTONS: dict[str, Route[OnPress]] = {
    **summaries.BUTTONS,
    **iku.BUTTONS,
    **sakip.BUTTONS,
    **reports.BUTTONS,
    **posters.BUTTONS,
    **menu.BUTTONS,
    **period.BUTTONS,
    **history.BUTTONS,
    **heads.BUTTONS,
    **assist.BUTTONS,
    **invitations.BUTTONS,
}


def _on_member(turn: Turn, change: ChatMemberUpdated) -> Sequence[Effect]:
    """The bot came into a group, or was put out of it; in private: blocked, unblocked."""
    if change.chat.type == "private":
        return []
    now = change.new_chat_member
    if now.status in ("left", "kicked"):
        linking.lose_group(turn, change.chat.id)
    elif isinstance(now, ChatMemberRestricted) and not now.can_send_messages:
        linking.mute_group(turn, change.chat.id)
    return []
