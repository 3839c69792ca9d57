"""From an update to its handler: buttons, commands, texts, memberships."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from telegram import (
    CallbackQuery,
    ChatMember,
    ChatMemberRestricted,
    ChatMemberUpdated,
    MaybeInaccessibleMessage,
    Message,
    Update,
)

from bot import commands
from bot.citizens import news, survey, texts
from bot.officers import access
from bot.officers.figures import details
from bot.officers.forms import forms
from bot.officers.groups import linking
from bot.officers.people import joining
from bot.officers.planning import screens
from bot.turn.effects import Effect, Show, Toast
from bot.turn.events import Command, Person, Press, Typed
from bot.turn.turn import message_of, words_for
from office import conversation, head_invitations
from office.conversation import NEW_MESSAGE, Kind, Tap
from office.roles import ADMIN
from office.survey.news import forget as forget_news
from office.survey.screens import Button, Screen
from office.turn import Turn
from storage import awaited

ANONYMOUS_ADMIN = 1087968824  # GroupAnonymousBot: an admin who sends as the group
START = ("start", "mulai")


def on_update(turn: Turn, update: Update, again: bool) -> Sequence[Effect]:
    """Handle one update; `again`: it was handled before and must change nothing."""
    if update.callback_query is not None:
        return _on_callback(turn, update.callback_query, message_of(update), again)
    if update.my_chat_member is not None:
        return _on_member(turn, update.my_chat_member, again)
    if update.edited_message is not None:
        return _on_edited(turn, update.edited_message, again)
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
    message_id = message.message_id if message is not None else None
    reply_to = message.reply_to_message if isinstance(message, Message) else None
    press = Press(person, query.id, message_id, again, reply_to)
    tap = conversation.read_tap(query.data or "")
    if query.message is not None and query.message.chat.id != user.id:
        if tap is not None and (tap.kind, tap.item) == (Kind.OFFICER, linking.HERE):
            return linking.on_press_in_group(turn, press, query.message.chat, tap)
        return [Toast(query.id, words_for(turn, person).private_only())]
    return [*texts.hidden(turn, user.id, message_id), *_on_tap(turn, press, tap)]


def _on_tap(turn: Turn, press: Press, tap: Tap | None) -> Sequence[Effect]:
    if tap is None:
        return survey.on_unknown(turn, press)
    if tap.kind == Kind.FORM:
        return forms.on_press(turn, press, tap)
    if tap.kind == Kind.INVITED:
        return joining.on_press(turn, press, tap)
    if tap.kind in (Kind.TEXT, Kind.ADD):
        return texts.on_chosen(turn, press, tap)
    if tap.kind == Kind.NEWS:
        return news.on_press(turn, press, tap)
    if tap.kind != Kind.OFFICER:
        return survey.on_press(turn, press, tap)
    route = commands.BUTTONS.get(tap.item)
    if route is None:
        return survey.on_unknown(turn, press)
    if not access.may(turn, press.person.chat_id, route.roles):
        return access.refused_press(turn, press)
    if tap.revision == NEW_MESSAGE:
        press = replace(press, message_id=None)
    return route.run(turn, press, tap)


def _on_message(turn: Turn, message: Message, again: bool) -> Sequence[Effect]:
    private = message.chat.type == "private"
    sender = message.from_user
    if sender is None or (sender.is_bot and sender.id != ANONYMOUS_ADMIN):
        return []
    person = Person(sender.id, sender.language_code)
    command = _command(turn, message, person, again)
    if private:
        return [
            *texts.hidden(turn, sender.id, None),
            *_on_private(turn, person, message, command, again),
        ]
    if command is None:
        return []
    if command.name == "pasang_grup":
        anonymous = sender.id == ANONYMOUS_ADMIN
        return linking.on_link_in_group(turn, person, message, anonymous=anonymous, again=again)
    known = command.name in commands.COMMANDS
    return [_to_private(turn, person, message)] if known else []


def _on_private(
    turn: Turn, person: Person, message: Message, command: Command | None, again: bool
) -> Sequence[Effect]:
    if command is None:
        return _on_private_text(turn, person, message, again)
    return _on_private_command(turn, command)


def _on_edited(turn: Turn, message: Message, again: bool) -> Sequence[Effect]:
    """An edited message of a private chat; what a form asked for is not changed by an edit."""
    sender = message.from_user
    if message.chat.type != "private" or sender is None:
        return []
    response = turn.open_response(sender.id)
    if response is None or not response.writing:
        row = awaited.of_chat(turn.db, sender.id)
        if row is not None and row.kind == forms.FORM:
            return []
    person = Person(sender.id, sender.language_code)
    return [*texts.hidden(turn, sender.id, None), *texts.on_edited(turn, person, message, again)]


def _on_private_text(turn: Turn, person: Person, message: Message, again: bool) -> Sequence[Effect]:
    response = turn.open_response(person.chat_id)
    if response is None or not response.writing:
        row = awaited.of_chat(turn.db, person.chat_id)
        if row is not None and row.kind == forms.FORM:
            return forms.on_typed(turn, Typed(person, message, row.data, again))
        if message.document is not None and access.may(turn, person.chat_id, ADMIN):
            return screens.on_document(turn, person, message, again)
    return texts.on_text(turn, person, message, again)


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
    response = turn.open_response(person.chat_id)
    route = commands.COMMANDS.get(command.name)
    if route is None:
        if response is not None and response.writing:  # "/tapi kursinya kurang" is a suggestion
            return texts.on_text(turn, person, command.message, command.again)
        return [Show(person.chat_id, Screen(words_for(turn, person).unknown_command()))]
    if route.roles is not None and not access.may(turn, person.chat_id, route.roles):
        return access.refused(turn, person)
    if command.name != "batal" and not command.again:  # a new command cancels the awaited text
        if response is not None and response.writing:
            turn.open_responses.await_suggestion(response, False)
        else:
            awaited.forget(turn.db, person.chat_id)
    if command.name in START and command.argument.startswith(head_invitations.LINK):
        return joining.on_link(turn, person, command.argument.removeprefix(head_invitations.LINK))
    if command.name in START and command.argument.startswith(details.LINKS):
        return details.on_link(turn, person, command.argument)
    return route.run(turn, command)


def _to_private(turn: Turn, person: Person, message: Message) -> Effect:
    """The answer to a command in a group: personal and official screens are private."""
    text = words_for(turn, person).private_only()
    button = Button(f"@{turn.office.username}", url=f"https://t.me/{turn.office.username}")
    return Show(message.chat.id, Screen(text, ((button,),)), topic_id=linking.topic_of(message))


def _on_member(turn: Turn, change: ChatMemberUpdated, again: bool) -> Sequence[Effect]:
    """The bot came into a group, was removed from it, or may not write there; or it is blocked."""
    now = change.new_chat_member
    if change.chat.type == "private" and now.status == ChatMember.BANNED and not again:
        forget_news(turn.db, turn.office, change.chat.id, turn.now)
    if change.chat.type not in ("group", "supergroup"):
        return []
    may_write = not isinstance(now, ChatMemberRestricted) or now.can_send_messages
    if not again and not _is_in(now):
        linking.lose_group(turn, change.chat.id)
    elif not again and not may_write:
        linking.mute_group(turn, change.chat.id)
    if may_write and _is_in(now) and not _is_in(change.old_chat_member):
        return linking.on_joined(turn, change.chat)
    return []


def _is_in(member: ChatMember) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status not in (ChatMember.LEFT, ChatMember.BANNED)
