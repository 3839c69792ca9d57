"""The content of a period's message: its figures, its target, the follow-up, the IKU of the year.

Nothing is computed here: figures come from `office.figures`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from office.conversation import to
from office.figures import figures
from office.figures.figures import Figures
from office.iku import table
from office.iku.table import Line
from office.office import Office
from office.survey.screens import Button, Rows
from scoring.period import Period
from storage import catalogue, follow_ups, periods
from storage.database import Db
from storage.follow_ups import FollowUp
from storage.groups import Group
from storage.periods import PeriodRow
from storage.settings import office_facts
from storage.survey import tallies

DETAILS, WHATSAPP = "rincian", "teks-wa"  # routes of buttons; the subject is the period
DETAILS_LINK, WHATSAPP_LINK = "r_rincian_", "r_teks_"  # then the period, and a group's chat
ANEW = 1  # the revision of a button under a picture, which cannot be edited to a text


@dataclass(frozen=True, slots=True)
class PeriodSummary:
    """What the message of a locked period says.

    Args:
        office: its name, or what a group's messages call its units.
        calendar: the period as the calendar has it; `figures.span.covers` are its days.
        year: of the period's last day.
        target: of the year's IKM; None for a group of some units.
        followed: the period whose plan is followed up.
        iku: the year's indikator; empty before the year's end and for a group of some units.
        unplanned: the year ends with the period, and no plan holds it.
    """

    office: str
    calendar: Period
    year: int
    figures: Figures
    early: bool
    late: bool
    target: Decimal | None
    followed: Period | None
    follow_up: tuple[FollowUp, ...]
    iku: tuple[Line, ...]
    unplanned: bool
    today: date

    @property
    def units(self) -> int:
        """How many units the message is about; 0: the whole office."""
        return len(self.figures.units)


@dataclass(frozen=True, slots=True)
class RunsOn:
    """What the message of a period says whose answers are counted by the next one.

    Args:
        office: its name, or what a group's messages call its units.
        n: the responses of the whole office.
    """

    office: str
    period: Period
    n: int
    following: Period


Summary: TypeAlias = PeriodSummary | RunsOn


def read(
    db: Db,
    office: Office,
    period: PeriodRow,
    now: datetime,
    group: Group | None = None,
    *,
    late: bool = False,
) -> Summary:
    """The content for the whole office, or for a group that is bound to some units.

    Raises:
        LookupError: the period is not locked.
        Differs: what is stored is not what was stored at the lock.
    """
    name = _name(db, group)
    if period.runs_into is not None:
        return _runs_on(db, office, period, name, period.runs_into)
    if period.status != "locked":
        raise LookupError(f"{period.label} is not locked")
    units = group.units if group is not None else ()
    calendar = office.calendar.parse(period.label)
    year, ends = _year(calendar)
    lines = [] if units else table.of_year(db, office, year)
    before = None if units else periods.preceding(db, period)
    locks = office.calendar.lock_at(period.ends_at)
    return PeriodSummary(
        office=name,
        calendar=calendar,
        year=year,
        figures=figures.of_period(db, office, period, units),
        early=period.locked_at is not None and period.locked_at < locks,
        late=late,
        target=next((one.row.target.nilai for one in lines if one.indicator.sumber == "ikm"), None),
        followed=office.calendar.parse(before.label) if before else None,
        follow_up=tuple(follow_ups.of_period(db, before.id)) if before else (),
        iku=tuple(lines) if ends else (),
        unplanned=ends and not units and not lines,
        today=office.calendar.day(now),
    )


def _name(db: Db, group: Group | None) -> str:
    if group is None or not group.units:
        return office_facts.name(db)
    return called(group, {unit.id: unit.name for unit in catalogue.units(db)})


def called(group: Group, names: Mapping[int, str]) -> str:
    """What a group's messages call its units: as an admin named them, the one unit, or the group.

    Args:
        names: the units' names by id.
    """
    if group.name:
        return group.name
    return names[group.units[0]] if len(group.units) == 1 else group.title


def _year(period: Period) -> tuple[int, bool]:
    """The year of a period's last day, and whether the year ends with it."""
    end = period.end.astimezone(period.zone)
    ends = (end.month, end.day) == (1, 1)
    return end.year - ends, ends


def _runs_on(db: Db, office: Office, period: PeriodRow, name: str, into: int) -> RunsOn:
    following = periods.by_id(db, into)
    if following is None:
        raise LookupError(f"the period that counts the answers of {period.label}")
    registered = office.instruments[period.instrument_id]
    return RunsOn(
        name,
        office.calendar.period_of(period),
        tallies.response_count(db, registered, period.id),
        office.calendar.parse(following.label),
    )


def links(office: Office, period_id: int, group: Group | None) -> Rows:
    """The buttons under a group's message, which lead into the private chat."""
    words = office.words.summary
    start = f"https://t.me/{office.username}?start="
    chat = f"_{group.chat_id}" if group is not None and group.units else ""
    whatsapp = Button(words.whatsapp(), url=f"{start}{WHATSAPP_LINK}{period_id}{chat}")
    if chat:  # the details are the whole office's
        return ((whatsapp,),)
    return ((Button(words.details(), url=f"{start}{DETAILS_LINK}{period_id}"),), (whatsapp,))


def buttons(office: Office, period_id: int) -> Rows:
    """The same under a message in private."""
    words = office.words.summary
    return (
        (Button(words.details(), to(DETAILS, period_id, revision=ANEW)),),
        (Button(words.whatsapp(), to(WHATSAPP, period_id)),),
    )
