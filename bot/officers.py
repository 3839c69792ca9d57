"""What officers do: claim the office, link the group, look at a summary before it goes out."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import Message

from bot import flow, notices
from bot.citizen import Person, Press, words
from bot.flow import Kind, Tap
from bot.notices import PREVIEW, SUMMARY
from bot.screens import Screen
from bot.turn import Effect, Menu, Show, Toast, Turn
from storage import offices, outbox, people, periods
from storage.offices import Group


def is_admin(turn: Turn, user_id: int) -> bool:
    """Authorised by user id, never by chat or menu."""
    return "admin" in people.roles(turn.db, user_id)


def refused(turn: Turn, person: Person) -> list[Effect]:
    """One neutral sentence, whatever it was that is not theirs."""
    return [Show(person.chat_id, Screen(words(turn, person).not_yours()))]


def on_claim(turn: Turn, person: Person, code: str) -> Sequence[Effect]:
    """/klaim: the first admin, by the code the operator sees when the program starts."""
    spoken = turn.office.words.office
    if is_admin(turn, person.chat_id):
        return [Show(person.chat_id, Screen(spoken.claimed(office=turn.office.name)))]
    if not people.claim(turn.db, code, turn.now):
        return [Show(person.chat_id, Screen(spoken.claim_wrong()))]
    people.grant(turn.db, person.chat_id, "admin", spoken.admin_title(), None, turn.now)
    people.record(turn.db, turn.now, person.chat_id, "klaim", "admin", after=person.chat_id)
    told = Screen(spoken.claimed(office=turn.office.name))
    return [Show(person.chat_id, told), Menu(person.chat_id)]


def on_link_in_private(turn: Turn, person: Person) -> Sequence[Effect]:
    """/pasang_grup outside a group: how it is done."""
    if not is_admin(turn, person.chat_id):
        return refused(turn, person)
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
    if not is_admin(turn, person.chat_id):
        return [Show(chat.id, Screen(words(turn, person).not_yours()), topic_id=topic)]
    owed = 0 if again else _link(turn, person, message, topic)
    kind = getattr(spoken, f"period_{turn.office.calendar.period}")()
    text = spoken.linked(office=turn.office.name, period=kind)
    if owed:
        text += spoken.linked_owed(count=owed)
    return [Show(chat.id, Screen(text), topic_id=topic)]


def _link(turn: Turn, person: Person, message: Message, topic: int | None) -> int:
    """Link the group; how many summaries that reached nobody now go there."""
    chat = message.chat
    group = Group(chat.id, None, topic, chat.title or "", "linked")
    offices.link_group(turn.db, group, person.chat_id, turn.now)
    after = {"topic": topic, "title": group.title}
    people.record(turn.db, turn.now, person.chat_id, "pasang_grup", str(chat.id), after=after)
    outbox.redirected(turn.db, chat.id, topic)
    return outbox.owe(turn.db, SUMMARY, chat.id, topic, turn.now)


def topic_of(message: Message) -> int | None:
    """The topic a message stands in."""
    return message.message_thread_id if message.is_topic_message else None


def on_summary(turn: Turn, person: Person, label: str, again: bool) -> Sequence[Effect]:
    """/ringkasan [periode]: a preview in private; drawn and sent by the outbox."""
    if not is_admin(turn, person.chat_id):
        return refused(turn, person)
    spoken = turn.office.words.office
    found = periods.by_label(turn.db, "ikm", label.upper()) if label else turn.period()
    if found is None:
        return [Show(person.chat_id, Screen(spoken.no_period()))]
    if not again:
        outbox.put(turn.db, PREVIEW, person.chat_id, {"period": found.id}, turn.now)
    return [Show(person.chat_id, Screen(spoken.preview_coming()))]


def is_officers(data: str) -> bool:
    """Whether a button belongs to an officer's screen."""
    tap = flow.read_tap(data)
    return tap is not None and tap.kind == Kind.SEND_AGAIN


def on_press(turn: Turn, press: Press, data: str) -> Sequence[Effect]:
    """*Kirim lagi* under the news that a summary may not have arrived."""
    tap = flow.read_tap(data) or Tap(Kind.SEND_AGAIN)
    if not is_admin(turn, press.person.chat_id):
        return [Toast(press.callback_id, words(turn, press.person).not_yours())]
    spoken = turn.office.words.office
    told = spoken.sent_again()
    if not press.again:
        if outbox.send_again(turn.db, tap.response, tap.revision, turn.now):
            target = f"outbox {tap.response}"
            people.record(turn.db, turn.now, press.person.chat_id, "kirim_lagi", target)
        else:
            told = spoken.settled_already()
    return [
        Toast(press.callback_id, told),
        Show(press.person.chat_id, Screen(told), press.message_id),
    ]


def lose_group(turn: Turn, chat_id: int) -> None:
    """The bot was put out of a linked group: in the audit, and an admin hears how to mend it."""
    group = offices.group(turn.db, chat_id)
    if group is not None:
        notices.group_lost(turn.db, turn.office.words.office, group, turn.now)


def follow_group(turn: Turn, old: int, new: int) -> None:
    """A group became a supergroup: its link and what waits for it follow."""
    offices.move_group(turn.db, old, new, turn.now)
    outbox.moved(turn.db, old, new)
    group = offices.group(turn.db, new)
    if group is not None:
        people.record(turn.db, turn.now, None, "grup_pindah", str(old), after=str(new))
        notices.tell_admins(
            turn.db, turn.office.words.office.group_moved(title=group.title), turn.now
        )
