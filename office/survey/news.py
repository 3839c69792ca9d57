"""*Kabari saya*: who asks for it hears once what was done after the survey of a period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from office import outbox_bodies
from office.office import Office
from office.outbox_bodies import FollowUpNewsBody
from office.words.all_words import CitizenWords, Html
from office.words.text import cut
from scoring.period import title
from storage import audit, follow_ups, news_requests, outbox, periods
from storage.database import Db
from storage.follow_ups import FollowUp
from storage.periods import PeriodRow
from storage.settings import office_facts, period_marks, program_state

MOST = 8  # lines of a plan
KEGIATAN = 200  # UTF-16 units of a line
DONE_FIRST = ("selesai", "berjalan", "rencana")


def period_to_ask(db: Db, number: int, now: datetime) -> PeriodRow | None:
    """The period with this id, if its news may be asked for now."""
    period = periods.by_id(db, number)
    if period is None or period.kind != "ikm" or period.ends_at < now - news_requests.KEPT:
        return None
    return period


def plan(db: Db, period: PeriodRow) -> Sequence[FollowUp]:
    """What is told of a plan: what was done first, nothing that was given up."""
    lines = [line for line in follow_ups.of_period(db, period.id) if line.counts]
    return sorted(lines, key=lambda line: DONE_FIRST.index(line.status))[:MOST]


def can_be_published(db: Db, period: PeriodRow) -> bool:
    """Whether there is something to tell of this period, and it was not told yet."""
    locked = period.status == "locked" and period.runs_into is None
    return locked and bool(plan(db, period)) and not period_marks.news_is_published(db, period.id)


def text(db: Db, office: Office, period: PeriodRow, language: str) -> str:
    """The message: which unsur are worked on, and what was done, HTML."""
    words = office.words.of(language)
    instrument = office.instruments[period.instrument_id].instrument
    spoken = instrument.spoken(office.words.offered(language))
    names = {code: instrument.name_of(code, spoken) for code in instrument.unsur_codes}
    lines = [
        words.news_line(
            unsur=names.get(line.item, line.item),
            kegiatan=cut(line.kegiatan, KEGIATAN),
            status=_status(words, line.status),
        )
        for line in plan(db, period)
    ]
    return words.news(
        office=office_facts.name(db),
        period=title(office.calendar.period_of(period), words.dates),
        lines=Html("\n".join(lines)),
    )


def _status(words: CitizenWords, status: str) -> str:
    known = {"selesai": words.news_done, "berjalan": words.news_under_way}
    return known.get(status, words.news_planned).plain()


def waiting(db: Db, period: PeriodRow) -> int:
    """How many chats wait for the news of a period; never told below five."""
    return news_requests.count(db, _counted(db, period))


def publish(db: Db, office: Office, period: PeriodRow, user_id: int, now: datetime) -> bool:
    """Let those who asked be told; False when it cannot be, or was published before."""
    if not can_be_published(db, period) or not period_marks.publish_news(db, period.id):
        return False
    audit.record(db, now, user_id, "kabari_warga", period.label)
    send_waiting(db, office, now)
    return True


def send_waiting(db: Db, office: Office, now: datetime) -> None:
    """Put one row for each chat that waits for published news, in office hours; forget it here.

    Who asks after the publication is told at the next tick.
    """
    asked = news_requests.waiting(db)
    if not asked:
        return
    known = {period.id: period for period in periods.of_kind(db, "ikm")}
    for number in sorted({known[each].runs_into or each for each in asked}):
        if not period_marks.news_is_published(db, number):
            continue
        period = known[number]
        if not plan(db, period):  # given up since
            continue
        texts: dict[str, str] = {}
        for request in news_requests.take(db, _counted(db, period)):
            language = request.language
            told = texts.get(language) or text(db, office, period, language)
            texts[language] = told
            due = office.calendar.office_hour(now)
            outbox_bodies.put(db, FollowUpNewsBody(told), request.chat_id, due)


def _counted(db: Db, period: PeriodRow) -> list[int]:
    """The period, and the earlier ones that run into it."""
    return [*(each.id for each in periods.running_into(db, period.id)), period.id]


def forget(db: Db, office: Office, chat_id: int, now: datetime) -> None:
    """Forget that a chat asked: an erasure, or the bot is blocked."""
    news_requests.forget(db, chat_id)
    if outbox.delete_news(db, chat_id):
        program_state.note_deletion(db, office.calendar.day(now))
