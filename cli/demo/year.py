"""`puas demo --headless`: a year of an office, from January to the last lock."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from cli.demo import officers
from cli.demo.crowd import Citizen, come, crowd, recount
from cli.demo.officers import Clerk
from cli.demo.stage import ADMIN, Stage, staged
from office.iku import table
from office.iku.table import Line
from scoring import ikm
from scoring.period import Period
from simulator.clock import Clock
from simulator.json_types import Json
from storage import catalogue, periods, results, unit_results
from storage.database import Db

BEGIN = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)  # 09.00 WIB, the first Monday of 2026
VISITS = 10  # days of a quarter on which people come
STEP = timedelta(days=6)
LAST = 4
EARLIER = 4  # in the quarters before the last, one of so many people comes
FEWEST = 6  # or at least so many, where there are as many


@dataclass(slots=True)
class Year:
    """What happened so far, by quarter."""

    stage: Stage
    say: Callable[[str], None]
    people: dict[str, list[Citizen]] = field(default_factory=dict)
    summaries: dict[str, list[Json]] = field(default_factory=dict)


async def headless(citizens: int, seed: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Four quarters, two unit periods and an LHE: people come, periods lock, summaries land."""
    began = time.perf_counter()
    async with staged(Clock(BEGIN)) as stage:
        year = Year(stage, say)
        admin = Clerk(stage.phones, stage.phones.add(ADMIN, first_name="Admin", role="Admin"))
        heads = await officers.opens_the_year(admin)
        say("target IKU diisi, tujuh kepala unit diundang")
        for quarter in range(1, LAST + 1):
            share = citizens if quarter == LAST else min(citizens, max(FEWEST, citizens // EARLIER))
            await _quarter(year, quarter, share, seed, heads, admin)
        told = await _told(year)
        return {"citizens": citizens, **told, "seconds": round(time.perf_counter() - began, 2)}


async def _quarter(
    year: Year, quarter: int, citizens: int, seed: int, heads: Sequence[Clerk], admin: Clerk
) -> None:
    stage = year.stage
    office = stage.app.office
    period = office.calendar.parse(f"2026-TW{quarter}")
    if stage.world.clock.now() < period.start:
        await stage.passes_to(period.start + timedelta(hours=2))
    services = [s.slug for s in await stage.app.turns.do(catalogue.active_services)]
    people = crowd(stage.phones, citizens, f"{seed}/{quarter}", services)
    year.people[period.label] = people
    left: list[Citizen] = []
    for day in range(VISITS):
        today = people[day::VISITS]
        await come(today, [citizen for citizen in left if citizen.comes_back])
        left = [citizen for citizen in today if citizen.leaves_at is not None]
        if day == 1:
            await _officers_work(year, quarter, seed, heads, admin)
        await stage.passes_to(stage.world.clock.now() + STEP)
    await come([], [citizen for citizen in left if citizen.comes_back])
    await stage.passes_to(period.end + timedelta(seconds=5))
    year.say(f"{period.label}: {citizens} warga datang, periode ditutup")
    await _locks(year, period)


async def _officers_work(
    year: Year, quarter: int, seed: int, heads: Sequence[Clerk], admin: Clerk
) -> None:
    """In the second and fourth quarter the heads rate, in the third the LHE comes in."""
    if quarter == 3:
        await officers.records_the_lhe(admin)
        year.say("LHE SAKIP dicatat")
    if quarter in (2, LAST):
        rating = heads if quarter == 2 else heads[:-1]  # one does not find the time
        draws = [random.Random(f"{seed}/{quarter}/{head.phone.id}") for head in rating]  # noqa: S311 # opinions, not secrets
        await asyncio.gather(
            *(officers.rates(head, draw) for head, draw in zip(rating, draws, strict=True))
        )
        year.say(f"{len(rating)} kepala unit menilai")


async def _locks(year: Year, period: Period) -> None:
    """The clock passes the lock, and the summary lands in the group."""
    stage = year.stage
    stage.group_messages.clear()
    stage.told.clear()
    await stage.passes_to(stage.app.office.calendar.lock_at(period.end) + timedelta(seconds=5))
    async with asyncio.timeout(60):
        while not _summaries(stage.group_messages):
            await stage.told.wait()
            stage.told.clear()
    while await stage.app.sender.send_due():  # the unit heads' message, too
        pass
    await stage.app.display.drained()
    year.summaries[period.label] = _summaries(stage.group_messages)
    year.say(f"{period.label}: angka dikunci, ringkasan terkirim")


def _summaries(messages: Sequence[Json]) -> list[Json]:
    return [one for one in messages if "📊 IKM" in _text(one)]


def _text(message: Json) -> str:
    return str(message.get("caption") or message.get("text", ""))


async def _told(year: Year) -> dict[str, Any]:
    """The JSON of the contract; its top level is the last quarter."""
    stage = year.stage
    app = stage.app
    told = [await app.turns.do(partial(_period, year=year, label=label)) for label in year.people]
    indicators = await app.turns.do(lambda db: table.of_year(db, app.office, BEGIN.year))
    return {
        **{key: value for key, value in told[-1].items() if key != "periode"},
        "periods": told,
        "iku": [_indicator(line) for line in indicators],
        "api_calls": dict(sorted(stage.world.api_calls.items())),
        "handler_errors": app.writer.failures + app.tick_failures,
        "database": "sqlite",
    }


def _period(db: Db, year: Year, label: str) -> dict[str, Any]:
    """One quarter: its figures, the recount from people's own memory, its summary."""
    office = year.stage.app.office
    locked = periods.by_label(db, "ikm", label)
    if locked is None:
        raise LookupError(f"{label} was never opened")
    registered = office.instruments[locked.instrument_id]
    result = results.of_office(db, registered, locked.id)
    score = result.score if result else None
    visits = [v.given for c in year.people[label] for v in c.visits if v.counts(office.min_filled)]
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
        "recount": recount(registered.instrument, visits),
    }


def _unit_index(db: Db, year: Year, period: Period) -> str | None:
    """The newest unit index that was locked by the end of this quarter."""
    known = year.stage.app.office.unit_instruments
    found = unit_results.latest(db, known, period.end)
    nilai = found[1].score.nilai if found else None
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


def sound(told: dict[str, Any]) -> bool:
    """Whether the demonstration kept its promises."""
    exact = all(one["ikm"] == one["recount"] for one in told["periods"])
    once = all(one["summaries"] == 1 for one in told["periods"])
    return bool(told["handler_errors"] == 0 and exact and once)
