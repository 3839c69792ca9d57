"""What goes into the outbox, by kind, and the news that admins must hear."""

from __future__ import annotations

from datetime import datetime, timedelta

from office import conversation
from office.conversation import Kind, Tap
from office.office import Office
from office.words.all_words import Html, OfficeWords
from storage import audit, groups, outbox, people, periods
from storage.database import Db
from storage.groups import Group
from storage.outbox import OutboxRow
from storage.periods import PeriodRow

SUMMARY = "ringkasan"
UNIT_SUMMARY = "ringkasan_unit"
SUMMARIES = (SUMMARY, UNIT_SUMMARY)  # to every linked group, at most once by themselves
RATING_OPENED = "nilai_buka"  # to unit heads, once a period
RATING_REMINDER = "nilai_ingat"
HARMLESS_TWICE = frozenset({RATING_OPENED, RATING_REMINDER})  # in the ledger, and yet
PREVIEW = "pratinjau"
NOTICE = "kabar"
IKU_PICTURE = "gambar_iku"
STORED_FILE = "berkas"  # one that Telegram has already
PAPER = "kertas"  # a file of paper answers to be checked, or to be written
TEMPLATE = "templat"
REPORT = "laporan"
POSTER = "poster"
SLIPS = "kuesioner"
ORDERED = frozenset({REPORT, POSTER, SLIPS})  # each takes seconds to make: a sender of their own
SEND_AGAIN = "kirim-lagi"  # the route of a button: outbox row, and how often it was tried
RATE = "nilai"  # the route of a button: the way of a unit head
LATE = timedelta(hours=1)


def announce(db: Db, office: Office, kind: str, period: PeriodRow, now: datetime) -> None:
    """A summary of this period to every linked group.

    A group of some units gets that of the citizens alone, of these units; without any group of the
    whole office, the whole office's waits for one.
    """
    late = now - office.calendar.lock_at(period.ends_at) > LATE
    body = {"period": period.id}
    linked = [group for group in groups.linked(db) if kind == SUMMARY or not group.units]
    for group in linked:
        outbox.put(
            db, kind, group.chat_id, body, now,
            topic_id=group.topic_id, period_id=period.id, late=late,
        )  # fmt: skip
    if all(group.units for group in linked):
        nowhere = "belum ada grup"
        outbox.put(
            db, kind, outbox.NO_GROUP, body, now,
            period_id=period.id, late=late, skipped=nowhere,
        )  # fmt: skip


def owe(db: Db, group: Group, now: datetime) -> int:
    """What a group that is linked, or bound, after a lock has missed; how many summaries that are.

    Of some units nobody else was told: that is the newest locked period's, and what failed here.
    """
    chat, topic = group.chat_id, group.topic_id
    if not group.units:
        return sum(outbox.owe(db, kind, chat, topic, now) for kind in SUMMARIES)
    again = outbox.owe_again(db, SUMMARY, chat, topic, now)
    newest = periods.latest_locked(db, "ikm")
    if newest is None:
        return again
    return again + outbox.put(
        db, SUMMARY, chat, {"period": newest.id}, now,
        topic_id=topic, period_id=newest.id, late=True,
    )  # fmt: skip


def tell_admins(db: Db, text: str, now: datetime, button: tuple[str, str] | None = None) -> None:
    """A notice to every admin, in private, with a button (label, callback data) where one helps."""
    for admin in people.users_with_role(db, "admin"):
        tell(db, admin, text, now, button)


def tell(
    db: Db, chat_id: int, text: str, now: datetime, button: tuple[str, str] | None = None
) -> None:
    """A notice to one person, in private."""
    body = {"text": text, "button": list(button) if button else None}
    outbox.put(db, NOTICE, chat_id, body, now)


def group_lost(db: Db, words: OfficeWords, group: Group, now: datetime) -> None:
    """The bot was put out of a linked group: in the audit, and an admin hears how to mend it."""
    if groups.set_status(db, group.chat_id, "lost", now):
        audit.record(db, now, None, "grup_lepas", str(group.chat_id))
        tell_admins(db, words.group_lost(title=group.title), now)


def not_sent(db: Db, words: OfficeWords, letter: OutboxRow, period: str, now: datetime) -> None:
    """A summary that did not surely arrive: an admin looks, and may send it again."""
    group = groups.by_chat(db, letter.chat_id)
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
    tell_admins(db, text, now, (words.send_again(), conversation.write_tap(again)))


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
        audit.record(db, now, None, "grup_bisu", str(group.chat_id))
        tell_admins(db, words.group_muted(title=group.title), now)
