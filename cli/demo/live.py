"""`puas demo`: a page on which to act as a citizen or officer, after two simulated years.

Answers, ratings, LHE and follow-up of the past are stored without taps, at the moments of the
simulated clock; the bot's tick closes, counts, locks and announces each period.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from operator import itemgetter

from aiohttp import ClientError

from cli.demo import officers, rows
from cli.demo.crowd import Citizen, crowd
from cli.demo.environment import GROUP, Demo, demo_office, working
from cli.demo.officers import ADMIN, OfficerActor
from office.config import Schedule
from office.office import Calendar, Do, Office
from scoring.period import Period
from simulator.clock import Clock
from simulator.errors import InvalidAction
from simulator.phones import NoAnswerError
from storage import catalogue, periods

QUARTERS = 8
TIME_TO_WORK = timedelta(hours=9)  # from midnight to the office's morning
VISIT_DAYS = (6, 20, 34, 48, 62, 76)  # of a quarter
RESPONDENTS = (7, 8, 9, 10, 11)  # of such a day
FIRST_MEAN, MEAN_STEP = 3.1, 0.025  # of the citizens' opinions; each quarter adds the step
LHE_DAY = (7, 3)  # month and day
DONE_DAY = 40  # of the quarter after that of the measures
ALL, ONE = 2, 1  # of the two measures of a quarter
TICK_AFTER = timedelta(seconds=5)  # a tick is never on the exact second
Event = tuple[datetime, Callable[[], Awaitable[None]]]
HEADS = 4


async def interactive(
    citizens: int,
    seed: int,
    port: int,
    say: Callable[[str], None],
    open_page: Callable[[str], object],
) -> None:
    """Run until interrupted; the clock is the simulator's, and the page can move it.

    Args:
        citizens: number of simulated citizens.
        seed: of their random opinions.
        port: of the simulator; 0 for any free port.
        say: prints a line of progress.
        open_page: opens this URL in a browser.
    """
    now = datetime.now(UTC)
    calendar = Calendar.from_schedule(Schedule())
    async with demo_office(Clock(first_moment(calendar, now)), port) as demo:
        say("dua tahun kantor disiapkan …")
        admin = OfficerActor(demo.phones, demo.phones.add(ADMIN, first_name="Admin", role="Admin"))
        await officers.invite_camat(admin)
        await officers.invite_unit_heads(admin, officers.UNITS[-HEADS:])
        rng = random.Random(f"{seed}/past")  # noqa: S311 # opinions, not secrets
        app = demo.app
        await go_by(Past(app.office, demo.world.clock, demo.move_clock_to, app.turns.do, now, rng))
        say(f"{QUARTERS} triwulan yang lalu dikunci, empat kepala unit menilai")
        async with working(demo.app):
            await _open(demo, citizens, seed, say, open_page)


async def _open(
    demo: Demo,
    citizens: int,
    seed: int,
    say: Callable[[str], None],
    open_page: Callable[[str], object],
) -> None:
    """Say where the page is, and let the citizens of today answer."""
    url = demo.server.url
    say(f"halaman obrolan: {url}/")
    say(f"  seperti memindai QR loket KTP-el: {url}/?start=l_ktp-el")
    for label, address in demo.world.links.items():
        say(f"  {label}: {address}")
    say(f"  bot @{demo.app.office.username}, grup Camat {GROUP}")
    say("berhenti dengan Ctrl-C")
    open_page(f"{url}/")
    services = [s.slug for s in await demo.app.turns.do(catalogue.active_services)]
    people = crowd(demo.phones, demo.browsers, citizens, seed, services)
    for start in range(0, len(people), 4):
        await asyncio.gather(*(_first_visit(citizen) for citizen in people[start : start + 4]))
        say(f"{min(start + 4, len(people))} dari {len(people)} warga sudah datang")
    await asyncio.Event().wait()


async def _first_visit(citizen: Citizen) -> None:
    """Run the first visit; end it early if a user of the page disturbs it."""
    with suppress(LookupError, NoAnswerError, InvalidAction, ClientError):
        await citizen.first_visit()


@dataclass(slots=True)
class Past:
    """The demo's office while its past goes by, until `until`."""

    office: Office
    clock: Clock
    move_clock_to: Callable[[datetime], Awaitable[None]]
    do: Do  # runs one transaction
    until: datetime
    rng: random.Random
    mean: float = FIRST_MEAN

    async def stores(self, work: Callable[..., None], *values: object) -> None:
        """Run one of the functions of `rows` in a transaction."""
        await self.do(lambda db: work(db, *values))


def first_moment(calendar: Calendar, now: datetime) -> datetime:
    """The morning on which the first quarter begins of which the group has the summary."""
    last = calendar.containing(now).previous()
    if calendar.group_at(calendar.lock_at(last.end)) + TICK_AFTER >= now:
        last = last.previous()
    first = last
    for _ in range(QUARTERS - 1):
        first = first.previous()
    return first.start + TIME_TO_WORK


async def go_by(past: Past) -> None:
    """Let the time pass until `past.until`."""
    now, calendar = past.clock.now(), past.office.calendar
    await past.move_clock_to(now)  # the admin is told who accepted
    await past.stores(rows.office_data)
    await past.stores(rows.plan, past.office, calendar.day(now).year)
    period = calendar.containing(now)
    while period.start < past.until:
        await _quarter(past, period)
        period = period.next()
    await past.move_clock_to(past.until)


async def _quarter(past: Past, period: Period) -> None:
    """One quarter, as far as it has gone by, in the order of its moments."""
    is_first = past.clock.now() >= period.start
    events = _visits(past, period)
    if not is_first:
        await past.move_clock_to(min(_morning(past, period.start), past.until))
        events += _after(past, period.previous(), period)
    await past.stores(rows.users)
    events.append(_sakip(past, period))
    rating = await past.do(lambda db: periods.current(db, "unit"))
    if rating is not None and rating.ends_at == period.end and period.end < past.until:
        opens = _morning(past, past.office.calendar.rating_opens(rating))
        events.append((opens, partial(_heads_rate, past)))
    for moment, work in sorted(events, key=itemgetter(0)):
        if moment < min(period.end, past.until):
            past.clock.set(moment)
            await work()


def _morning(past: Past, midnight: datetime) -> datetime:
    """The first office hour of the day, or of the next working day: notices are sent then."""
    return past.office.calendar.office_hour(midnight + TIME_TO_WORK)


def _visits(past: Past, period: Period) -> list[Event]:
    """The days on which citizens come; of the open quarter yesterday too."""
    moments = [period.start + timedelta(days=day, hours=10) for day in VISIT_DAYS]
    yesterday = past.until - timedelta(days=1)
    if yesterday in period:
        moments.append(yesterday)
    past.mean += MEAN_STEP
    work = partial(past.stores, rows.visits, past.office, past.rng, past.mean)
    return [(moment, partial(work, past.rng.choice(RESPONDENTS))) for moment in moments]


def _after(past: Past, ended: Period, period: Period) -> list[Event]:
    """What follows the quarter before: its lock, its summary, its measures."""
    calendar = past.office.calendar
    locked = calendar.lock_at(ended.end) + TICK_AFTER
    summary = calendar.group_at(locked) + TICK_AFTER
    done = period.start + timedelta(days=DONE_DAY, hours=11)
    # One measure of the two newest quarters is left undone: late, and not yet due.
    measures = ONE if period.next().end > past.until else ALL
    return [
        (locked, partial(past.move_clock_to, locked)),
        (summary, partial(_summary, past, ended, summary)),
        (done, partial(past.stores, rows.carry_out, past.office, ended.label, measures)),
    ]


async def _summary(past: Past, ended: Period, moment: datetime) -> None:
    """The group gets the summary of the quarter, and the office plans its measures."""
    await past.move_clock_to(moment)
    await past.stores(rows.follow_up, past.office, ended.label)


def _sakip(past: Past, period: Period) -> Event:
    """The LHE SAKIP of the year, entered on its day or as soon as the office has the bot."""
    zone = past.office.calendar.zone
    on = date(period.start.astimezone(zone).year, *LHE_DAY)
    moment = datetime.combine(on, time(11), zone)
    entered = max(moment, past.clock.now())
    return entered, partial(past.stores, rows.sakip_evaluation, past.office, on)


async def _heads_rate(past: Past) -> None:
    await past.move_clock_to(past.clock.now())  # heads are told that they may rate
    await past.stores(rows.heads_rate, past.office, past.rng)
