"""Claiming the office, and the life of its group: linked, moved, lost."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import Message

from bot.officers import access
from bot.officers.access import may
from bot.turn.effects import Effect, Show
from bot.turn.events import Command, Person
from bot.turn.language import words_for
from bot.turn.routes import CommandRoute
from bot.turn.turn import Turn
from office import notices
from office.roles import ADMIN
from office.summary import group_summary
from office.survey.screens import Screen
from office.words.all_words import OfficeWords
from reports.public_figures import public_text
from storage import audit, catalogue, groups, outbox, people
from storage.groups import Group
from storage.settings import office_facts

TITLE = 120  # characters of a group's title


def on_claim(turn: Turn, command: Command) -> Sequence[Effect]:
    """/klaim: the first admin, by the code the operator sees when the program starts."""
    person = command.person
    spoken = turn.office.words.office
    if may(turn, person.chat_id, ADMIN):
        return [Show(person.chat_id, Screen(spoken.claimed(office=office_facts.name(turn.db))))]
    if not people.redeem_claim_code(turn.db, command.argument, turn.now):
        return [Show(person.chat_id, Screen(spoken.claim_wrong()))]
    people.grant(turn.db, person.chat_id, "admin", spoken.admin_title(), None, turn.now)
    audit.record(turn.db, turn.now, person.chat_id, "klaim", "admin", after=person.chat_id)
    told = Screen(spoken.claimed(office=office_facts.name(turn.db)))
    return [Show(person.chat_id, told), access.menu(turn, person.chat_id)]


def on_link_in_private(turn: Turn, command: Command) -> Sequence[Effect]:
    """/pasang_grup outside a group: how it is done."""
    person = command.person
    told = turn.office.words.office.link_in_group(username=turn.office.username)
    return [Show(person.chat_id, Screen(told))]


def on_link_group(
    turn: Turn, person: Person, message: Message, *, anonymous: bool, again: bool
) -> Sequence[Effect]:
    """/pasang_grup in a group: its topic, too, when it is sent in one."""
    topic = topic_of(message)
    spoken = turn.office.words.office
    chat = message.chat
    if anonymous:
        return [Show(chat.id, Screen(spoken.anonymous()), topic_id=topic)]
    if not may(turn, person.chat_id, ADMIN):
        return [Show(chat.id, Screen(words_for(turn, person).not_yours()), topic_id=topic)]
    owed = 0 if again else _link(turn, person, message, topic)
    kind = getattr(spoken, f"period_{turn.office.calendar.period}")()
    text = spoken.linked(office=_hears_of(turn, chat.id), period=kind)
    if owed:
        text += spoken.linked_owed(count=owed)
    return [Show(chat.id, Screen(text), topic_id=topic)]


def _link(turn: Turn, person: Person, message: Message, topic: int | None) -> int:
    """Link the group; how many summaries that reached nobody now go there."""
    chat = message.chat
    group = Group(chat.id, topic, public_text(chat.title or "", TITLE), "linked")
    groups.link(turn.db, group, person.chat_id, turn.now)
    after = {"topic": topic, "title": group.title}
    audit.record(turn.db, turn.now, person.chat_id, "pasang_grup", str(chat.id), after=after)
    outbox.redirected(turn.db, chat.id, topic)
    linked = groups.by_chat(turn.db, chat.id)  # with the units it had before
    return notices.owe(turn.db, linked or group, turn.now)


def _hears_of(turn: Turn, chat_id: int) -> str:
    """What a group's summaries are of: the office, or the group's units."""
    group = groups.by_chat(turn.db, chat_id)
    if group is None or not group.units:
        return office_facts.name(turn.db)
    names = {unit.id: unit.name for unit in catalogue.units(turn.db)}
    return group_summary.called(group, names)


def topic_of(message: Message) -> int | None:
    """The topic a message stands in."""
    return message.message_thread_id if message.is_topic_message else None


def lose_group(turn: Turn, chat_id: int) -> None:
    """The bot was put out of a linked group: in the audit, and an admin hears how to mend it."""
    group = groups.by_chat(turn.db, chat_id)
    if group is not None:
        notices.group_lost(turn.db, turn.office.words.office, group, turn.now)


def mute_group(turn: Turn, chat_id: int) -> None:
    """The bot lost its right to write in a linked group."""
    known = groups.by_chat(turn.db, chat_id)
    if known is not None:
        notices.group_muted(turn.db, turn.office.words.office, known, turn.now)


def follow_group(turn: Turn, old: int, new: int) -> None:
    """A group became a supergroup: its link and what waits for it follow."""
    groups.move(turn.db, old, new, turn.now)
    outbox.moved(turn.db, old, new)
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
