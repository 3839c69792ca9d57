"""What is heard between two summaries: of a week, of a real drop, of a jump in one channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from office import notices, outbox_bodies
from office.office import Office
from office.outbox_bodies import Body, DropAlertBody, PulseBody
from office.summary import before_lock
from scoring import period
from scoring.channels import CHANNELS, in_order
from scoring.period import Period
from storage import groups, periods
from storage.database import Db
from storage.periods import PeriodRow
from storage.settings import program_state
from storage.settings.period_marks import standing
from storage.survey import batches, responses, tallies

LEAST = 20  # responses of a day
TIMES = 4  # more than so many times the mean
BEFORE = 14  # days that the mean is of, of the open period
Counts = Mapping[tuple[date, str], int]  # day and channel -> responses
NIGHTS = 3  # in a row: of a look every night, one in twelve quarters would show a false drop


def week_due(office: Office, now: datetime) -> Period | None:
    """The week before this one, from the first working day's posting hour on."""
    this = period.containing(now, "minggu", office.calendar.zone)
    first = office.calendar.posting_after(this.start - timedelta(microseconds=1))
    return this.previous() if first <= now < this.end else None


def tell_week(db: Db, office: Office, now: datetime) -> None:
    """How many rated last week, and how the open period stands; once a week and group."""
    week = week_due(office, now)
    current = periods.current(db, "ikm")
    if week is None or current is None or program_state.pulse_week(db) == week.label:
        return
    program_state.note_pulse_week(db, week.label)
    first, last = (office.calendar.day(day) for day in (week.start, week.end - timedelta(days=1)))
    words = office.words.summary
    text = words.pulse(
        week=period.title(week),
        span=period.span(week, office.calendar.zone),
        n=responses.completed_count(db, first, last),
    )
    _post(db, PulseBody(f"{text}\n{_so_far(db, office, current)}"), current, now, week.label)


def _so_far(db: Db, office: Office, current: PeriodRow) -> str:
    """How many responses the open period has, and its letter from thirty people on."""
    words, registered = office.words.summary, office.instruments[current.instrument_id]
    title = period.title(office.calendar.parse(current.label))
    n, mutu = tallies.response_count(db, registered, current.id), standing(db, current.id).mutu
    if mutu is None:
        return words.pulse_n(period=title, n=n)
    return words.pulse_mutu(period=title, n=n, mutu=mutu)


def tell_drop(db: Db, office: Office, current: PeriodRow, now: datetime) -> None:
    """A real drop, three nights in a row, against the last figure; once a period and group."""
    if standing(db, current.id).drops != NIGHTS:
        return
    text = office.words.summary.alert(
        period=period.title(office.calendar.parse(current.label)),
        earlier=before_lock.earlier(db, office, current) or "",
        locks=office.calendar.moment(office.calendar.lock_at(current.ends_at)),
    )
    _post(db, DropAlertBody(text), current, now)


def _post(db: Db, body: Body, current: PeriodRow, now: datetime, part: str = "") -> None:
    for group in groups.linked(db):
        if not group.units:
            outbox_bodies.put(
                db, body, group.chat_id, now,
                part=part, topic_id=group.topic_id, period_id=current.id,
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Jumps:
    """What was looked at: a day, and the responses of each channel that jumped on it."""

    day: date
    counts: Mapping[str, int]


def look(db: Db, office: Office, now: datetime) -> Jumps | None:
    """The jumps of yesterday, on a snapshot; None when it was looked at."""
    yesterday = office.calendar.day(now) - timedelta(days=1)
    if program_state.jumps_looked_for(db, yesterday):
        return None
    current = periods.current(db, "ikm")
    if current is None:
        return Jumps(yesterday, {})
    first = max(yesterday - timedelta(days=BEFORE), office.calendar.day(current.starts_at))
    counts = responses.counts_by_day(db, current.id, first, yesterday)
    return Jumps(yesterday, jumped(counts, yesterday))


def jumped(counts: Counts, day: date) -> dict[str, int]:
    """The channels with many more responses on a day than in the mean of the days before it.

    The mean begins with the first response of any channel, so the first day of all is no jump.
    Paper is left out: its days are those of the slips, and an admin himself enters them.
    """
    days = (day - min((on for on, _ in counts), default=day)).days
    if not days:
        return {}
    earlier: dict[str, int] = {}
    for (on, kanal), n in counts.items():
        if on < day:
            earlier[kanal] = earlier.get(kanal, 0) + n
    return {
        kanal: n
        for (on, kanal), n in counts.items()
        if on == day
        and kanal != batches.CHANNEL
        and n >= LEAST
        and n * days > TIMES * earlier.get(kanal, 0)
    }


def tell(db: Db, office: Office, jumps: Jumps, now: datetime) -> None:
    """Tell the admins, in office hours; once for a day, also in two processes."""
    if not program_state.note_jumps_looked_for(db, jumps.day) or not jumps.counts:
        return
    named = {CHANNELS[kanal].name: jumps.counts[kanal] for kanal in in_order(jumps.counts)}
    text = office.words.office.channel_jumped(
        day=period.day(jumps.day),
        channels=before_lock.about(named, office.words.summary),
        times=TIMES,
    )
    notices.tell_admins(db, text, office.calendar.office_hour(now))
