"""`puas demo --headless`: one year of an office, until the last period is locked."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import dropwhile
from typing import Any

from cli.demo import officers
from cli.demo.crowd import Citizen, crowd, recount, simulate_day
from cli.demo.environment import Demo, demo_office
from cli.demo.officers import ADMIN, OfficerActor
from office.figures import figures
from office.iku import table
from office.iku.table import Line
from scoring import ikm
from scoring.period import Period
from simulator.clock import Clock
from simulator.errors import Json
from storage import catalogue, periods
from storage.database import Db
from storage.periods import PeriodRow
from storage.settings import period_marks
from storage.unit_index import unit_results

BEGIN = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)  # 09.00 WIB, the first Monday of 2026
VISIT_DAYS = 10  # of a quarter
TIME_BETWEEN_VISITS = timedelta(days=6)
TIME_TO_WORK = timedelta(hours=9)  # from midnight to the office's morning
LAST_QUARTER = 4
SHARE_DIVISOR = 4  # citizens of an earlier quarter: this fraction of those of the last
MIN_CITIZENS = 6  # of an earlier quarter, unless the last has fewer


@dataclass(slots=True)
class DemoYear:
    """The demo with its citizens and summaries by quarter."""

    demo: Demo
    say: Callable[[str], None]
    people: dict[str, list[Citizen]] = field(default_factory=dict)
    summaries: dict[str, list[Json]] = field(default_factory=dict)


async def headless(citizens: int, seed: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Run four quarters, two unit periods and a SAKIP evaluation; return the report for JSON."""
    started = time.perf_counter()
    async with demo_office(Clock(BEGIN)) as demo:
        year = DemoYear(demo, say)
        admin = OfficerActor(demo.phones, demo.phones.add(ADMIN, first_name="Admin", role="Admin"))
        heads = await officers.set_up_year(admin)
        say("target IKU diisi, tujuh kepala unit diundang")
        for quarter in range(1, LAST_QUARTER + 1):
            earlier = min(citizens, max(MIN_CITIZENS, citizens // SHARE_DIVISOR))
            count = citizens if quarter == LAST_QUARTER else earlier
            await _run_quarter(year, quarter, count, seed, heads, admin)
        report = await _report(year)
        return {"citizens": citizens, **report, "seconds": round(time.perf_counter() - started, 2)}


async def _run_quarter(
    year: DemoYear,
    quarter: int,
    citizens: int,
    seed: int,
    heads: Sequence[OfficerActor],
    admin: OfficerActor,
) -> None:
    demo = year.demo
    office = demo.app.office
    period = office.calendar.parse(f"2026-TW{quarter}")
    if demo.world.clock.now() < period.start:
        await demo.move_clock_to(period.start + timedelta(hours=2))
    services = [s.slug for s in await demo.app.turns.do(catalogue.active_services)]
    people = crowd(demo.phones, demo.browsers, citizens, f"{seed}/{quarter}", services)
    year.people[period.label] = people
    unfinished: list[Citizen] = []
    for day in range(VISIT_DAYS):
        today = people[day::VISIT_DAYS]
        await simulate_day(today, [citizen for citizen in unfinished if citizen.returns])
        unfinished = [citizen for citizen in today if citizen.stops_before is not None]
        if day == 1 and quarter == 3:
            await officers.record_sakip_evaluation(admin)
            year.say("LHE SAKIP dicatat")
        await demo.move_clock_to(demo.world.clock.now() + TIME_BETWEEN_VISITS)
    await simulate_day([], [citizen for citizen in unfinished if citizen.returns])
    await _heads_rate(year, quarter, seed, heads)
    await demo.move_clock_to(period.end + timedelta(seconds=5))
    year.say(f"{period.label}: {citizens} warga datang, periode ditutup")
    await _lock_period(year, period)


async def _heads_rate(
    year: DemoYear, quarter: int, seed: int, heads: Sequence[OfficerActor]
) -> None:
    """The heads rate in quarters 2 and 4, from the day on which they may."""
    if quarter not in (2, LAST_QUARTER):
        return
    current = await year.demo.app.turns.do(lambda db: periods.current(db, "unit"))
    if current is None:
        raise LookupError("no period of unit heads is open")
    opens = year.demo.app.office.calendar.rating_opens(current) + TIME_TO_WORK
    await year.demo.move_clock_to(max(opens, year.demo.world.clock.now()))
    rating = heads if quarter == 2 else heads[:-1]  # one head does not rate
    rngs = [random.Random(f"{seed}/{quarter}/{head.phone.id}") for head in rating]  # noqa: S311 # opinions, not secrets
    await asyncio.gather(
        *(officers.rate_as_unit_head(head, rng) for head, rng in zip(rating, rngs, strict=True))
    )
    year.say(f"{len(rating)} kepala unit menilai")


async def _lock_period(year: DemoYear, period: Period) -> None:
    """Move the clock past the lock and the preview, when the summary is sent to the group.

    There is none of a quarter that ended before anybody, citizen or unit head, had answered.
    """
    demo = year.demo
    demo.group_messages.clear()
    calendar = demo.app.office.calendar
    locked = calendar.lock_at(period.end)
    await demo.move_clock_to(locked + timedelta(seconds=5))
    if await demo.app.turns.do(partial(period_marks.ended_unanswered, ends_at=period.end)):
        year.summaries[period.label] = []
        year.say(f"{period.label}: belum ada jawaban, jadi tidak dikunci")
        return
    await demo.move_clock_to(calendar.group_at(locked) + timedelta(seconds=5))
    year.summaries[period.label] = _summaries(demo.group_messages)
    row = await demo.app.turns.do(lambda db: periods.by_label(db, "ikm", period.label))
    if row is not None and row.runs_into is not None:
        year.say(f"{period.label}: responden terlalu sedikit, dihitung bersama periode berikutnya")
    else:
        year.say(f"{period.label}: angka dikunci, ringkasan terkirim")


def _summaries(messages: Sequence[Json]) -> list[Json]:
    return [message for message in messages if "📊 IKM" in _text(message)]


def _text(message: Json) -> str:
    return str(message.get("caption") or message.get("text", ""))


async def _report(year: DemoYear) -> dict[str, Any]:
    """The documented JSON object; its top level describes the last quarter."""
    demo = year.demo
    app = demo.app
    quarters = [
        await app.turns.do(partial(_quarter_report, year=year, label=label))
        for label in year.people
    ]
    indicators = await app.turns.do(lambda db: table.of_year(db, app.office, BEGIN.year))
    return {
        **{key: value for key, value in quarters[-1].items() if key != "periode"},
        "periods": quarters,
        "iku": [_indicator(line) for line in indicators],
        "api_calls": dict(sorted(demo.world.api_calls.items())),
        "handler_errors": app.writer.failures + app.tick_failures,
        "database": "sqlite",
    }


def _quarter_report(db: Db, year: DemoYear, label: str) -> dict[str, Any]:
    """The figures of a quarter, the recount from what citizens remember, and the summary.

    A quarter of too few people has no figure; its answers are in the figure of a later one.
    """
    office = year.demo.app.office
    locked = periods.by_label(db, "ikm", label)
    if locked is None:
        raise LookupError(f"{label} was never opened")
    registered = office.instruments[locked.instrument_id]
    score, counted = None, list[PeriodRow]()
    if locked.status == "locked" and locked.runs_into is None:
        score = figures.of_period(db, office, locked).score
        counted = [*periods.running_into(db, locked.id), locked]
    remembered = [
        response.given
        for each in counted
        for citizen in year.people[each.label]
        for response in citizen.responses
        if response.counts(office.min_filled)
    ]
    return {
        "periode": label,
        "responses": score.n if score else 0,
        "ikm": None if score is None or score.ikm is None else f"{score.ikm:.2f}",
        "mutu": score.mutu if score else None,
        "nrr": {
            code: None if unsur.nrr is None else f"{ikm.half_up(unsur.nrr, 3):.3f}"
            for code, unsur in (score.unsur if score else {}).items()
        },
        "unit_index": _unit_index(db, year, office.calendar.parse(label)),
        "summary": _summary(year.summaries[label]),
        "summaries": len(year.summaries[label]),
        "recount": recount(registered.instrument, remembered),
    }


def _unit_index(db: Db, year: DemoYear, period: Period) -> str | None:
    """The newest unit index locked by the end of this quarter."""
    instruments = year.demo.app.office.unit_instruments
    latest = unit_results.latest(db, instruments, period.end)
    nilai = latest[1].score.nilai if latest else None
    return None if nilai is None else f"{nilai:.2f}"


def _indicator(line: Line) -> dict[str, Any]:
    row = line.row
    capaian = row.capaian.shown()
    return {
        "indikator": row.indikator,
        "target": None if row.target.nilai is None else str(row.target.nilai),
        "realisasi": None if row.realisasi.nilai is None else str(row.realisasi.nilai),
        "capaian": None if capaian is None else f"{capaian:.2f}",
        "kategori": row.kategori.name if row.kategori else None,
    }


def _summary(messages: Sequence[Json]) -> dict[str, Any] | None:
    if not messages:
        return None
    message = messages[-1]
    sizes = message.get("photo")
    largest = max(sizes, key=lambda size: size["width"]) if sizes else None
    return {
        "text": _text(message),
        "photo": {"width": largest["width"], "height": largest["height"]} if largest else None,
        "chat_id": message["chat"]["id"],
        "message_id": message["message_id"],
    }


def succeeded(report: dict[str, Any]) -> bool:
    """Whether every recount agrees, each quarter sent one summary, and no handler failed.

    Quarters before the first answer send none.
    """
    exact = all(each["ikm"] == each["recount"] for each in report["periods"])
    posted = dropwhile(_is_unanswered, report["periods"])
    once = all(each["summaries"] == 1 for each in posted)
    return bool(report["handler_errors"] == 0 and exact and once)


def _is_unanswered(quarter: dict[str, Any]) -> bool:
    return not quarter["responses"] and not quarter["summaries"]
