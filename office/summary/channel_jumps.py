"""A jump in one channel: yesterday against the days before, told to the admins once a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from office import notices
from office.office import Office
from office.summary import before_lock
from scoring import period
from scoring.channels import CHANNELS, in_order
from storage import periods
from storage.database import Db
from storage.settings import program_state
from storage.survey import batches, responses

LEAST = 20  # responses of a day
TIMES = 4  # more than so many times the mean
BEFORE = 14  # days that the mean is of, of the open period

Counts = Mapping[tuple[date, str], int]  # day and channel -> responses


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
