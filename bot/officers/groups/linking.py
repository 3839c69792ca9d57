"""/klaim and linking a group, by its button or by /pasang_grup; a group that is lost or moves."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from telegram import Chat, Message

from bot.officers import access
from bot.officers.access import may
from bot.turn.effects import Effect, Show, Toast
from bot.turn.events import Command, Person, Press
from bot.turn.turn import CommandRoute, words_for
from office import notices
from office.conversation import Tap, to
from office.roles import ADMIN
from office.summary import content
from office.survey.screens import Button, Rows, Screen
from office.turn import Turn
from office.words.all_words import OfficeWords
from reports.publication.public_figures import public_text
from storage import audit, catalogue, groups, outbox, people
from storage.groups import Group
from storage.people import ClaimAnswer
from storage.settings import office_facts

log = structlog.get_logger()

TITLE = 120  # characters of a group's title
HERE = "pasang"  # the route of the button in a group; value: the topic


def on_claim(turn: Turn, command: Command) -> Sequence[Effect]:
    """/klaim: become the first admin, with the code that `puas run` prints."""
    person = command.person
    words = turn.office.words.office
    if may(turn, person.chat_id, ADMIN):
        text = words.claim_again(office=office_facts.name(turn.db))
        return [Show(person.chat_id, Screen(text))]
    key = people.person_key(turn.office.secret, person.chat_id)
    answer = people.redeem_claim_code(turn.db, key, command.argument, turn.now)
    if answer.outcome != "right":
        return [Show(person.chat_id, Screen(_claim_refused(turn, answer)))]
    people.grant(turn.db, person.chat_id, "admin", words.admin_title(), None, turn.now)
    audit.record(turn.db, turn.now, person.chat_id, "klaim", "admin", after=person.chat_id)
    log.info("first admin claimed")
    text = words.claimed(office=office_facts.name(turn.db), username=turn.office.username)
    return [Show(person.chat_id, Screen(text)), access.menu(turn, person.chat_id)]


def _claim_refused(turn: Turn, answer: ClaimAnswer) -> str:
    words = turn.office.words.office
    if answer.again_at is not None:
        time = answer.again_at.astimezone(turn.office.calendar.zone)
        return words.claim_too_many(time=f"{time:%H.%M}")
    texts = {"wrong": words.claim_wrong, "no code": words.claim_no_code}
    return texts.get(answer.outcome, words.claim_has_admin)()


def on_link_in_private(turn: Turn, command: Command) -> Sequence[Effect]:
    """/pasang_grup outside a group: explain how to use it."""
    person = command.person
    text = turn.office.words.office.link_in_group(username=turn.office.username)
    return [Show(person.chat_id, Screen(text))]


def on_joined(turn: Turn, chat: Chat) -> Sequence[Effect]:
    """The bot came into a group: greet, with the button that links it.

    In privacy mode a command without the bot's name reaches no bot, but a button does.
    """
    group = groups.by_chat(turn.db, chat.id)
    if group is not None and group.status == "linked":
        return []
    words = turn.office.words.office
    text = words.greeting(office=office_facts.name(turn.db), period=_period_name(turn))
    if chat.is_forum:
        text += words.greeting_topics(username=turn.office.username)
    return [Show(chat.id, Screen(text, _link_here(turn, None)))]


def _link_here(turn: Turn, topic: int | None) -> Rows:
    return ((Button(turn.office.words.office.link_here(), to(HERE, value=topic or 0)),),)


def on_press_in_group(turn: Turn, press: Press, chat: Chat, tap: Tap) -> Sequence[Effect]:
    """*Pasang di sini*: only an admin of the office links the group; others learn who can."""
    words = turn.office.words.office
    if not may(turn, press.person.chat_id, ADMIN):
        nobody = not people.has_admin(turn.db)
        return [
            Toast(press.callback_id, words.link_no_admin() if nobody else words.link_by_admin())
        ]
    topic = tap.value or None
    known = groups.by_chat(turn.db, chat.id)
    linked = known is not None and known.status == "linked" and topic in (None, known.topic_id)
    owed = 0 if linked or press.again else _link(turn, press.person, chat, topic)
    toast = words.linked_already() if linked else words.linked_now()
    shown = Show(chat.id, _linked(turn, chat.id, owed), press.message_id, topic)
    return [Toast(press.callback_id, toast), shown]


def on_link_in_group(
    turn: Turn, person: Person, message: Message, *, anonymous: bool, again: bool
) -> Sequence[Effect]:
    """/pasang_grup in a group: link the group, or the topic in which it was sent."""
    topic = topic_of(message)
    words = turn.office.words.office
    chat = message.chat
    if anonymous:
        screen = Screen(words.anonymous(), _link_here(turn, topic))  # a press tells who pressed
        return [Show(chat.id, screen, topic_id=topic)]
    if not may(turn, person.chat_id, ADMIN):
        return [Show(chat.id, Screen(words_for(turn, person).not_yours()), topic_id=topic)]
    owed = 0 if again else _link(turn, person, chat, topic)
    return [Show(chat.id, _linked(turn, chat.id, owed), topic_id=topic)]


def _linked(turn: Turn, chat_id: int, owed: int) -> Screen:
    words = turn.office.words.office
    text = words.linked(office=_summaries_of(turn, chat_id), period=_period_name(turn))
    return Screen(text + words.linked_owed(count=owed) if owed else text)


def _period_name(turn: Turn) -> str:
    name: str = getattr(turn.office.words.office, f"period_{turn.office.calendar.period}")()
    return name


def _link(turn: Turn, person: Person, chat: Chat, topic: int | None) -> int:
    """Link the group; the number of unsent summaries that are now sent there."""
    group = Group(chat.id, topic, public_text(chat.title or "", TITLE), "linked")
    groups.link(turn.db, group, person.chat_id, turn.now)
    after = {"topic": topic, "title": group.title}
    audit.record(turn.db, turn.now, person.chat_id, "pasang_grup", str(chat.id), after=after)
    outbox.redirect_to_topic(turn.db, chat.id, topic)
    linked = groups.by_chat(turn.db, chat.id)  # with the units it had before
    now = turn.office.telegram_time.not_ahead(turn.now)
    return notices.send_missed(turn.db, linked or group, now)


def _summaries_of(turn: Turn, chat_id: int) -> str:
    """The subject of a group's summaries: the office, or the name of the group's units."""
    group = groups.by_chat(turn.db, chat_id)
    if group is None or not group.units:
        return office_facts.name(turn.db)
    names = {unit.id: unit.name for unit in catalogue.units(turn.db)}
    return content.called(group, names)


def topic_of(message: Message) -> int | None:
    """The topic of a message."""
    return message.message_thread_id if message.is_topic_message else None


def lose_group(turn: Turn, chat_id: int) -> None:
    """The bot was removed from a linked group: record it, and tell the admins what to do."""
    group = groups.by_chat(turn.db, chat_id)
    if group is not None:
        notices.record_group_lost(turn.db, turn.office.words.office, group, turn.now)


def mute_group(turn: Turn, chat_id: int) -> None:
    """The bot lost its right to write in a linked group."""
    group = groups.by_chat(turn.db, chat_id)
    if group is not None:
        notices.record_group_muted(turn.db, turn.office.words.office, group, turn.now)


def follow_group(turn: Turn, old: int, new: int) -> None:
    """A group became a supergroup: move its link and its outbox rows to the new id."""
    groups.move(turn.db, old, new, turn.now)
    outbox.move_chat(turn.db, old, new)
    group = groups.by_chat(turn.db, new)
    if group is not None:
        audit.record(turn.db, turn.now, None, "grup_pindah", str(old), after=str(new))
        notices.tell_admins(
            turn.db, turn.office.words.office.group_moved(title=group.title), turn.now
        )


COMMANDS: tuple[CommandRoute[OfficeWords], ...] = (
    CommandRoute("klaim", None, None, on_claim),
    CommandRoute("pasang_grup", lambda words: words.cmd_pasang_grup, ADMIN, on_link_in_private),
)
