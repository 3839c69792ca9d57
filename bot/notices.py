"""What goes into the outbox, by kind, and the news that admins must hear."""

from __future__ import annotations

from datetime import datetime

from bot import flow
from bot.flow import Kind, Tap
from bot.texts import Html, OfficeWords
from storage import offices, outbox, people
from storage.database import Db
from storage.offices import Group
from storage.outbox import Letter

SUMMARY = "ringkasan"
PREVIEW = "pratinjau"
NOTICE = "kabar"
PAPER = "kertas"  # a file of paper answers to be checked, or to be written
TEMPLATE = "templat"
SEND_AGAIN = "kirim-lagi"  # the route of a button: outbox row, and how often it was tried


def tell_admins(db: Db, text: str, now: datetime, button: tuple[str, str] | None = None) -> None:
    """A notice to every admin, in private, with a button (label, callback data) where one helps."""
    body = {"text": text, "button": list(button) if button else None}
    for admin in people.holders(db, "admin"):
        outbox.put(db, NOTICE, admin, body, now)


def group_lost(db: Db, words: OfficeWords, group: Group, now: datetime) -> None:
    """The bot was put out of a linked group: in the audit, and an admin hears how to mend it."""
    if offices.group_status(db, group.chat_id, "lost", now):
        people.record(db, now, None, "grup_lepas", str(group.chat_id))
        tell_admins(db, words.group_lost(title=group.title), now)


def not_sent(db: Db, words: OfficeWords, letter: Letter, period: str, now: datetime) -> None:
    """A summary that did not surely arrive: an admin looks, and may send it again."""
    group = offices.group(db, letter.chat_id)
    facts = {
        "period": period,
        "title": group.title if group else str(letter.chat_id),
        "reason": letter.reason or "",
    }
    if letter.status == "uncertain":
        text = words.uncertain(**facts)
    else:
        text = words.failed(**facts, remedy=Html(_remedy(words, letter.reason or "")))
    again = Tap(Kind.OFFICER, letter.id, SEND_AGAIN, revision=letter.attempts)
    tell_admins(db, text, now, (words.send_again(), flow.write_tap(again)))


def _remedy(words: OfficeWords, reason: str) -> str:
    """What an admin can do about a refusal in Telegram's words."""
    said = reason.lower()
    if "thread not found" in said or "topic" in said:
        return words.remedy_topic()
    if "not enough rights" in said or "no rights to send" in said:
        return words.remedy_rights()
    if "kicked" in said or "not a member" in said or "chat not found" in said:
        return words.remedy_gone()
    return words.remedy_other()


def group_muted(db: Db, words: OfficeWords, group: Group, now: datetime) -> None:
    """The bot may no longer write in a linked group: an admin hears how to mend it."""
    if group.status == "linked":
        people.record(db, now, None, "grup_bisu", str(group.chat_id))
        tell_admins(db, words.group_muted(title=group.title), now)
