"""What is done, and what is not, of a period and of a year; how reminders and checklist say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from office.conversation import NEW_MESSAGE, to
from office.office import Office
from office.survey.screens import Button
from office.words.text import cut
from scoring import sample
from scoring.period import day, title
from storage import catalogue, follow_ups, people, periods
from storage.catalogue import Unit
from storage.database import Db
from storage.follow_ups import FollowUp
from storage.periods import PeriodRow
from storage.planning import ikus, plans
from storage.planning.ikus import Indicator
from storage.survey import tallies
from storage.unit_index import ratings, unit_results

NAMED = 8  # of units or indikator in one sentence
NAME = 60  # UTF-16 units
LHE_BY = (10, 1)  # month and day on which the LHE of the year is asked for


@dataclass(frozen=True, slots=True)
class Sample:
    """The responses of a period against the sample that its users ask for.

    Args:
        n: at least so many responses, in steps of five.
        required: None while the users of no unit are known.
        unknown: the names of the units whose users are not entered.
    """

    n: int
    required: int | None
    short: bool
    unknown: tuple[str, ...]


def sample_of(db: Db, office: Office, period: PeriodRow) -> Sample:
    """The sample of a period that is not locked."""
    registered = office.instruments[period.instrument_id]
    n = tallies.response_count(db, registered, period.id)
    users = catalogue.users_by_unit(db, period.id)
    required = sample.krejcie_morgan(sum(users.values())) if users else None
    serving = {service.unit_id for service in catalogue.active_services(db)}
    unknown = [
        unit.name
        for unit in catalogue.units_with_services(db)
        if unit.id in serving and unit.id not in users
    ]
    short = required is not None and n < required
    return Sample(n // sample.STEP * sample.STEP, required, short, tuple(unknown))


@dataclass(frozen=True, slots=True)
class Ratings:
    """The unit kerja that have not rated in a period, and those of them without a head."""

    total: int
    waiting: tuple[Unit, ...]
    headless: tuple[Unit, ...]


def ratings_of(db: Db, period: PeriodRow) -> Ratings | None:
    """Who has not rated; None in an office that invited no head."""
    heads = {role.unit_id for role in people.unit_heads(db)}
    if not heads:
        return None
    answered = {unit_id for unit_id, _ in ratings.answered_units(db, period.id)}
    rating = unit_results.active_kerja(db)
    waiting = tuple(unit for unit in rating if unit.id not in answered)
    return Ratings(
        len(rating), waiting, tuple(unit for unit in waiting if unit.id not in heads)
    )  # fmt: skip


def late_lines(db: Db, today: date) -> list[list[FollowUp]]:
    """The lines that are past their due date, those of a period or of an LHE together."""
    found: dict[tuple[int | None, int | None], list[FollowUp]] = {}
    for line in follow_ups.unfinished(db):
        if line.is_late(today):
            found.setdefault((line.period_id, line.tahun_evaluasi), []).append(line)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class YearPlan:
    """The plan of a year: its indikator, and those of them without a target."""

    indicators: Sequence[Indicator]
    untargeted: Sequence[Indicator]

    @property
    def of_sakip(self) -> bool:
        """Whether a figure comes from the LHE of SAKIP."""
        return any(each.sumber == "sakip" for each in self.indicators)


def plan_of(db: Db, year: int) -> YearPlan | None:
    """The plan that holds a year; None without one."""
    if plans.of_year(db, year) is None:
        return None
    indicators, targets = ikus.of_year(db, year), ikus.targets(db, [year])
    return YearPlan(indicators, [one for one in indicators if (one.id, year) not in targets])


def has_lhe(db: Db, year: int) -> bool:
    """Whether an LHE that was issued in this year is entered."""
    return any(
        year in (row.lhe.tahun_evaluasi, row.lhe.tanggal.year) for row in ikus.newest_lhe(db)
    )  # fmt: skip


def opening(label: str, route: str, subject: int = 0, value: int = 0) -> Button:
    """A button that leaves its message as it is."""
    return Button(label, to(route, subject, value, NEW_MESSAGE))


def listed(office: Office, names: Sequence[str]) -> str:
    """Names in one sentence; of many the first ones. Plain text."""
    shown, more = ", ".join(cut(name, NAME) for name in names[:NAMED]), len(names) - NAMED
    return shown if more <= 0 else office.words.agenda.and_more.plain(names=shown, count=more)


def about(office: Office, counted: Sample) -> str:
    """How many responses there are, in steps of five. Plain text."""
    words = office.words.agenda
    return words.at_least.plain(n=counted.n) if counted.n else words.below.plain(n=sample.STEP)


def last_day(office: Office, period: PeriodRow) -> str:
    """The last day of a period."""
    return day(office.calendar.day(period.ends_at - timedelta(microseconds=1)))


def source(db: Db, office: Office, line: FollowUp) -> str:
    """What a line follows up: a period, or an LHE. Plain text."""
    if line.tahun_evaluasi is not None:
        return office.words.iku.lhe_title.plain(tahun=line.tahun_evaluasi)
    period = periods.by_id(db, line.period_id or 0)
    return "" if period is None else title(office.calendar.period_of(period))
