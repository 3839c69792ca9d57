"""`puas demo`: simulator, bot, clock and a crowd of citizens in one process, over real HTTP."""

from __future__ import annotations

import asyncio
import random
import re
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from bot import app as program
from bot.app import App
from bot.config import Config
from scoring import ikm
from scoring.instrument import Instrument
from simulator.arguments import Json
from simulator.clock import Clock
from simulator.phone import NoAnswerError, Phone, Phones
from simulator.refusal import Refused
from simulator.server import Server, serve
from simulator.world import World
from storage import offices, periods, results
from storage.database import Db
from storage.periods import Current
from storage.results import Result
from storage.tables import Scope

TOKEN = "700000001:" + "demo-token-of-the-simulator-" * 2
GROUP = -1001
ADMIN = 1
HEADS = {2: "Kasi Pelayanan Umum", 3: "Kasi Pemerintahan"}  # for the page alone
FIRST_CITIZEN = 1000
AT_ONCE = 40
VISITS = 10  # days of the period on which people come
BEGIN = datetime(2026, 7, 6, 2, 0, tzinfo=UTC)  # 09.00 WIB, the first Monday of 2026-TW3
STEP = timedelta(days=6)
LAST_QUESTION = 9
TICK_SECONDS = 2.0
# How much better or worse than the rest each question is felt to be: slow, cheap, friendly, shabby.
LEANING = {3: -0.35, 4: 0.7, 7: 0.3, 8: -0.1, 9: -0.25}


@dataclass(slots=True)
class Visit:
    """One response as its person remembers it: nilai by number of the question, None skipped."""

    given: dict[int, int | None] = field(default_factory=dict)
    sent: bool = False
    passed: bool = False  # all nine questions were answered or skipped

    def counts(self, min_filled: int) -> bool:
        """Whether it counts: sent, or left behind with the whole opinion given."""
        filled = sum(nilai is not None for nilai in self.given.values())
        return self.sent or (self.passed and filled >= min_filled)


@dataclass(slots=True)
class Citizen:
    """A person with an opinion and habits, both drawn."""

    phone: Phone
    draw: random.Random
    service: str
    mean: float
    visits: list[Visit] = field(default_factory=list)
    leaves_at: int | None = None  # puts the phone away before this question (10: at the attributes)
    comes_back: bool = False
    shares: bool = False

    async def first_visit(self) -> None:
        """Scan the QR and rate; perhaps hand the phone on."""
        await self.phone.say(f"/start l_{self.service}")
        await self.rate()
        if self.visits and self.visits[-1].sent and self.shares:
            await self.phone.tap(self._button("Isi untuk orang lain", "For somebody else"))
            self.mean = self.draw.uniform(2.2, 3.9)
            await self.rate()

    async def second_visit(self) -> None:
        """Come back to what was left unfinished."""
        await self.phone.say("/mulai")
        await self.phone.tap(self._button("Lanjutkan", "Continue"))
        self.leaves_at = None
        await self._go_on(self.visits[-1])

    async def rate(self) -> None:
        """Agree and answer until sent, or until the phone is put away."""
        await self.phone.tap(self._button("Setuju", "I agree"))
        self.visits.append(Visit())
        await self._go_on(self.visits[-1])

    async def _go_on(self, visit: Visit) -> None:
        while not visit.sent:
            number = self._question()
            if self.leaves_at is not None and (number or LAST_QUESTION + 1) >= self.leaves_at:
                return
            if number is not None:
                await self._answer(visit, number)
            elif self._has("✅"):
                visit.passed = True
                await self._finish(visit)
            elif self._has("Isi yang dilewati", "Answer what I skipped"):
                visit.passed = False
                await self.phone.tap(self._button("Isi yang dilewati", "Answer what I skipped"))
            else:
                visit.passed = True
                await self._describe()

    def _question(self) -> int | None:
        found = re.search(r"(?:Pertanyaan|Question) (\d+)", self.phone.text)
        return int(found[1]) if found else None

    async def _answer(self, visit: Visit, number: int) -> None:
        if number > 1 and self.draw.random() < 0.05:
            await self.phone.tap(self._button("‹"))
            return
        if self.draw.random() < 0.04 and not self._skips_too_much(visit):
            await self.phone.tap(self._button("Lewati", "Skip"))
            visit.given[number] = None
        else:
            felt = self.draw.gauss(self.mean + LEANING.get(number, 0.0), 0.6)
            nilai = min(4, max(1, round(felt)))
            times = 2 if self.draw.random() < 0.08 else 1
            await self.phone.tap(self.phone.buttons[nilai - 1], times)
            visit.given[number] = nilai
        if len(visit.given) == LAST_QUESTION:
            visit.passed = True

    def _skips_too_much(self, visit: Visit) -> bool:
        return sum(nilai is None for nilai in visit.given.values()) >= LAST_QUESTION - 5

    async def _describe(self) -> None:
        choices = [button for button in self.phone.buttons if "‹" not in button["text"]]
        declined = self.draw.random() < 0.1
        await self.phone.tap(choices[-1] if declined else self.draw.choice(choices[:-1]))

    async def _finish(self, visit: Visit) -> None:
        if self.draw.random() < 0.1:
            await self.phone.tap(self._button("✍"))
            await self.phone.say("Tolong kursi tunggunya ditambah <3 & kipasnya diperbaiki")
        await self.phone.tap(self._button("✅"), 2 if self.draw.random() < 0.1 else 1)
        visit.sent = True

    def _has(self, *labels: str) -> bool:
        return any(str(button["text"]).startswith(labels) for button in self.phone.buttons)

    def _button(self, *labels: str) -> Json:
        for button in self.phone.buttons:
            if str(button["text"]).startswith(labels):
                return button
        raise LookupError(f"no button {labels} under: {self.phone.text[:120]}")


def crowd(phones: Phones, citizens: int, seed: int, services: Sequence[str]) -> list[Citizen]:
    """Citizens with opinions and habits; the same seed draws the same people."""
    found = []
    for number in range(citizens):
        draw = random.Random(f"{seed}/{number}")  # noqa: S311 # opinions, not secrets
        language = "en" if draw.random() < 0.05 else "id"
        phone = phones.give(FIRST_CITIZEN + number, language)
        service = draw.choices(services, [2.0 / (place + 2) for place in range(len(services))])[0]
        mean = min(3.9, max(1.5, draw.gauss(3.25, 0.35)))
        citizen = Citizen(phone, draw, service, mean, shares=draw.random() < 0.08)
        if draw.random() < 0.12:
            citizen.leaves_at = draw.randint(2, LAST_QUESTION + 1)
            citizen.comes_back = draw.random() < 0.5
        found.append(citizen)
    return found


@dataclass(slots=True)
class Stage:
    """Everything of a demonstration, running."""

    world: World
    server: Server
    app: App
    phones: Phones
    group_messages: list[Json]
    told: asyncio.Event  # something was written into the group

    async def passes_to(self, moment: datetime) -> None:
        """The clock moves, and ticks."""
        self.world.clock.set(moment)
        await self.app.tick()
        await self.app.awake.note()  # for the bot, the time between was an outage
        await self.app.display.drained()


@asynccontextmanager
async def staged(clock: Clock, port: int = 0) -> AsyncIterator[Stage]:
    """Simulator and bot on a database of their own, the admin let in, the group linked."""
    world = World(clock, limits=None)
    phones = Phones(world)
    server = await serve(world, port)
    with tempfile.TemporaryDirectory(prefix="puas-demo-") as folder:
        config = Config(
            telegram={"token": TOKEN, "api_root": server.url},
            database={"url": f"sqlite:///{folder}/puas.db"},
            secret_file=Path(folder) / "puas.key",
        )
        app = await program.build(config, clock.now)
        await program.start(app)
        work = [asyncio.create_task(app.polling.run()), asyncio.create_task(app.post.run())]
        try:
            stage = Stage(world, server, app, phones, [], asyncio.Event())
            await _office_opens(stage)
            yield stage
        finally:
            for task in work:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await app.close()
            await server.close()


async def _office_opens(stage: Stage) -> None:
    """The admin claims the office with the console's code and links the Camat's group."""
    app = stage.app
    code = await app.turns.do(lambda db: program.first_code(db, app.office.clock()))
    admin = stage.phones.give(ADMIN, first_name="Admin", role="Admin")
    await admin.say(f"/klaim {code}")
    stage.world.group(GROUP, "Camat Pakong", [ADMIN])

    def hear(event: Json) -> None:
        if event["type"] != "message" or event["chat"] != GROUP:
            return
        if event["message"]["from"]["is_bot"]:
            stage.group_messages.append(event["message"])
            stage.told.set()

    stage.world.listen(hear)
    stage.world.say(ADMIN, GROUP, f"/pasang_grup@{app.office.username}")
    await asyncio.wait_for(stage.told.wait(), 30)
    stage.told.clear()
    stage.group_messages.clear()


async def come(people: Sequence[Citizen], again: Sequence[Citizen]) -> None:
    """People come on one day, so many at once."""
    limit = asyncio.Semaphore(AT_ONCE)

    async def one(visit: Callable[[], Awaitable[None]]) -> None:
        async with limit:
            await visit()

    visits = [citizen.first_visit for citizen in people]
    visits += [citizen.second_visit for citizen in again]
    await asyncio.gather(*(one(visit) for visit in visits))


async def headless(citizens: int, seed: int, say: Callable[[str], None]) -> dict[str, Any]:
    """The whole period: people come, it closes, locks, and the summary lands in the group."""
    began = time.perf_counter()
    async with staged(Clock(BEGIN)) as stage:
        office = stage.app.office
        services = [s.slug for s in await stage.app.turns.do(offices.services)]
        people = crowd(stage.phones, citizens, seed, services)
        left: list[Citizen] = []
        for day in range(VISITS):
            today = people[day::VISITS]
            await come(today, [citizen for citizen in left if citizen.comes_back])
            left = [citizen for citizen in today if citizen.leaves_at is not None]
            say(f"hari {day + 1} dari {VISITS}: {len(today)} warga datang")
            await stage.passes_to(stage.world.clock.now() + STEP)
        await come([], [citizen for citizen in left if citizen.comes_back])
        period = office.calendar.containing(BEGIN)
        await stage.passes_to(period.end + timedelta(seconds=5))
        say("periode ditutup")
        await stage.passes_to(office.calendar.lock_at(period.end) + timedelta(seconds=5))
        async with asyncio.timeout(60):
            await stage.told.wait()
        await stage.app.display.drained()
        say("angka dikunci, ringkasan terkirim")
        told = await _told(stage, people)
        return {"citizens": citizens, **told, "seconds": round(time.perf_counter() - began, 2)}


async def _told(stage: Stage, people: Sequence[Citizen]) -> dict[str, Any]:
    """The JSON of the contract, and whether the people's own memory gives the same IKM."""
    office = stage.app.office
    registered = office.instruments[office.instrument_id]

    def read(db: Db) -> tuple[Current | None, Result | None]:
        locked = periods.latest_locked(db, "ikm")
        if locked is None:
            return None, None
        return locked, results.of_period(db, registered, locked.id).get((Scope.OFFICE, 0))

    locked, result = await stage.app.turns.do(read)
    score = result.score if result else None
    remembered = recount(
        registered.instrument,
        [v.given for c in people for v in c.visits if v.counts(office.min_filled)],
    )
    figure = None if score is None or score.ikm is None else f"{score.ikm:.2f}"
    nrr = {
        code: None if unsur.nrr is None else f"{ikm.half_up(unsur.nrr, 3):.3f}"
        for code, unsur in (score.unsur if score else {}).items()
    }
    period = {
        "periode": locked.label if locked else None,
        "responses": score.n if score else 0,
        "ikm": figure,
        "mutu": score.mutu if score else None,
        "nrr": nrr,
        "unit_index": None,
        "summary": _summary(stage.group_messages),
    }
    return {
        **{key: value for key, value in period.items() if key != "periode"},
        "recount": remembered,
        "periods": [period],
        "iku": [],
        "group_messages": len(stage.group_messages),
        "api_calls": dict(sorted(stage.world.api_calls.items())),
        "handler_errors": stage.app.writer.failures + stage.app.tick_failures,
        "database": "sqlite",
    }


def _summary(messages: Sequence[Json]) -> dict[str, Any] | None:
    if not messages:
        return None
    message = messages[-1]
    sizes = message.get("photo")
    largest = max(sizes, key=lambda size: size["width"]) if sizes else None
    return {
        "text": message.get("caption") or message.get("text"),
        "photo": {"width": largest["width"], "height": largest["height"]} if largest else None,
        "chat_id": message["chat"]["id"],
        "message_id": message["message_id"],
    }


def recount(instrument: Instrument, visits: Sequence[dict[int, int | None]]) -> str | None:
    """The IKM from what people remember having tapped, by the regulation's own three lines."""
    indeks = Fraction(0)
    for number in range(1, len(instrument.codes) + 1):
        given = [nilai for visit in visits if (nilai := visit.get(number)) is not None]
        if not given:
            return None
        indeks += Fraction(sum(given), len(given)) / len(instrument.codes)
    return f"{ikm.half_up(indeks * 25, 2):.2f}"


def sound(told: dict[str, Any]) -> bool:
    """Whether the demonstration kept its promises."""
    kept = told["handler_errors"] == 0 and told["ikm"] == told["recount"]
    return bool(kept and told["group_messages"] == 1)


async def interactive(
    citizens: int,
    seed: int,
    port: int,
    say: Callable[[str], None],
    look: Callable[[str], object],
) -> None:
    """Citizens come and go until interrupted; the clock is the simulator's, moved on the page.

    Args:
        citizens: how many come by themselves.
        seed: of their opinions.
        port: of the simulator; 0 for any free one.
        say: tells of progress.
        look: opens the page at this address.
    """
    async with staged(Clock(), port) as stage, ticking(stage.app):
        for number, title in HEADS.items():
            stage.world.person(number, title, role="Kepala unit")
        url = stage.server.url
        say(f"halaman obrolan: {url}/")
        say(f"  seperti memindai QR loket KTP-el: {url}/?start=l_ktp-el")
        say(f"  bot @{stage.app.office.username}, grup Camat {GROUP}")
        say("berhenti dengan Ctrl-C")
        look(f"{url}/")
        services = [s.slug for s in await stage.app.turns.do(offices.services)]
        people = crowd(stage.phones, citizens, seed, services)
        for start in range(0, len(people), 4):
            await asyncio.gather(*(_undisturbed(one) for one in people[start : start + 4]))
            say(f"{min(start + 4, len(people))} dari {len(people)} warga sudah datang")
        await asyncio.Event().wait()


async def _undisturbed(citizen: Citizen) -> None:
    """A visit; it ends early when somebody on the page moves the clock or takes the phone."""
    with suppress(LookupError, NoAnswerError, Refused):
        await citizen.first_visit()


@asynccontextmanager
async def ticking(app: App, every: float = TICK_SECONDS) -> AsyncIterator[None]:
    """Meanwhile the clock ticks, often enough for people who move it and wait."""

    async def go_on() -> None:
        while True:
            await app.tick()
            await asyncio.sleep(every)

    task = asyncio.create_task(go_on())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
