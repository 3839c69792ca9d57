"""Puts summaries and notices into the outbox: to linked groups, to admins, to one person."""

from __future__ import annotations

from datetime import datetime

from office import conversation, outbox_bodies
from office.conversation import Kind, Tap
from office.office import Office
from office.outbox_bodies import (
    NoticeBody,
    PreviewBody,
    RatingOpenedBody,
    RatingReminderBody,
    SummaryBody,
    UnitSummaryBody,
)
from office.roles import APPROVERS
from office.words.all_words import Html, OfficeWords
from storage import audit, groups, outbox, people, periods
from storage.database import Db
from storage.groups import Group
from storage.outbox import OutboxRow
from storage.periods import PeriodRow

SUMMARIES = (SummaryBody.KIND, UnitSummaryBody.KIND)
SEND_AGAIN = "kirim-lagi"  # the route of a button: outbox row and its attempts
RATE = "nilai"  # the route of a button: the rating of a unit head
ASKED_FOR = "admin"  # the part of a reminder of a head that an admin sent
RATING_KINDS = (
    RatingOpenedBody.KIND,
    RatingReminderBody.KIND,
    f"{RatingReminderBody.KIND}-{ASKED_FOR}",
)
REMIND = "nilai-ingatkan"  # the route of a button: reminds the heads of a period


def announce(
    db: Db,
    office: Office,
    body: SummaryBody | UnitSummaryBody,
    period: PeriodRow,
    now: datetime,
) -> None:
    """Put the summary of a period locked now: for the Camat and the admins, and for every group.

    A group gets it after the preview. A group bound to some units gets the citizens' summary alone,
    of these units. While no group of the whole office is linked, a skipped row waits for one.
    """
    scheduled = office.calendar.lock_at(period.ends_at)
    if office.calendar.preview_days:
        _preview(db, period, office.calendar.office_hour(now), scheduled)
    due = office.calendar.group_at(now)
    late = due - office.calendar.group_at(scheduled) > outbox.LATE
    for_units = isinstance(body, SummaryBody)
    linked = [group for group in groups.linked(db) if for_units or not group.units]
    for group in linked:
        outbox_bodies.put(
            db, body, group.chat_id, due,
            topic_id=group.topic_id, period_id=period.id, late=late,
        )  # fmt: skip
    if all(group.units for group in linked):
        outbox_bodies.put(
            db, body, outbox.NO_GROUP, due,
            period_id=period.id, late=late, skipped="belum ada grup",
        )  # fmt: skip


def _preview(db: Db, period: PeriodRow, due: datetime, scheduled: datetime) -> None:
    """Put a copy of the summary for each person who may send it to the groups at once."""
    readers = {user for role in APPROVERS for user in people.users_with_role(db, role)}
    for user in sorted(readers):
        outbox_bodies.put(
            db, PreviewBody(period.id), user, due,
            period_id=period.id, late=due - scheduled > outbox.LATE,
        )  # fmt: skip


def send_missed(db: Db, group: Group, now: datetime) -> int:
    """Put the summaries that a group has missed before it was linked or bound; how many are due.

    For a group of some units: the newest locked period's, and those that failed in this group. A
    summary that the other groups have not got yet comes at its time.
    """
    chat, topic = group.chat_id, group.topic_id
    if not group.units:
        owed = sum(outbox.resend_missed(db, kind, chat, topic, now) for kind in SUMMARIES)
        outbox.copy_held(db, SUMMARIES, chat, topic, now)
        return owed
    outbox.copy_held(db, (SummaryBody.KIND,), chat, topic, now)
    failed_here = outbox.resend_failed(db, SummaryBody.KIND, chat, topic, now)
    newest = periods.latest_locked(db, "ikm")
    if newest is None:
        return failed_here
    return failed_here + outbox_bodies.put(
        db, SummaryBody(newest.id), chat, now,
        topic_id=topic, period_id=newest.id, late=True,
    )  # fmt: skip


def tell_admins(db: Db, text: str, now: datetime, button: tuple[str, str] | None = None) -> None:
    """Put a notice for every admin, in private; a button is its label and callback data."""
    for admin in people.users_with_role(db, "admin"):
        tell(db, admin, text, now, button)


def tell(
    db: Db, chat_id: int, text: str, now: datetime, button: tuple[str, str] | None = None
) -> None:
    """Put a notice for one person, in private."""
    outbox_bodies.put(db, NoticeBody(text, button), chat_id, now)


def withdraw_rating_notices(db: Db, chat_id: int, now: datetime) -> None:
    """Skip the waiting notices about ratings for a person who is no unit head any more."""
    outbox.withdraw(db, chat_id, RATING_KINDS, now)


def record_group_lost(db: Db, words: OfficeWords, group: Group, now: datetime) -> None:
    """Record that the bot was removed from a linked group, and tell the admins how to mend it."""
    if groups.set_status(db, group.chat_id, "lost", now):
        audit.record(db, now, None, "grup_lepas", str(group.chat_id))
        tell_admins(db, words.group_lost(title=group.title), now)


def tell_not_sent(db: Db, office: Office, row: OutboxRow, period: str, now: datetime) -> None:
    """Tell the admins that a summary may not have arrived, with a button to send it again."""
    words = office.words.office
    group = groups.by_chat(db, row.chat_id)
    placeholders = {
        "period": period,
        "title": group.title if group else str(row.chat_id),
        "reason": row.reason or "",
    }
    if row.status == "uncertain":
        text = words.uncertain(**placeholders)
    else:
        text = words.failed(**placeholders, remedy=Html(_remedy(office, row.reason or "")))
    again = Tap(Kind.OFFICER, row.id, SEND_AGAIN, revision=row.attempts)
    tell_admins(db, text, now, (words.send_again(), conversation.write_tap(again)))


def _remedy(office: Office, reason: str) -> str:
    """What an admin can do about a refusal of Telegram, HTML."""
    words = office.words.office
    refusal = reason.lower()
    if "thread not found" in refusal or "topic" in refusal:
        return words.remedy_topic(username=office.username)
    if "not enough rights" in refusal or "no rights to send" in refusal:
        return words.remedy_rights()
    if "kicked" in refusal or "not a member" in refusal or "chat not found" in refusal:
        return words.remedy_gone()
    return words.remedy_other()


def record_group_muted(db: Db, words: OfficeWords, group: Group, now: datetime) -> None:
    """Record that the bot may not write in a linked group, and tell the admins how to mend it."""
    if group.status == "linked":
        audit.record(db, now, None, "grup_bisu", str(group.chat_id))
        tell_admins(db, words.group_muted(title=group.title), now)
