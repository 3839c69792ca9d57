"""The crowd: citizens with opinions and habits, who remember what they tapped."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from scoring import ikm
from scoring.instrument import Instrument
from simulator.json_types import Json
from simulator.phones import Phone, Phones

FIRST_CITIZEN = 1000
AT_ONCE = 40
LAST_QUESTION = 9
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


def crowd(phones: Phones, citizens: int, seed: object, services: Sequence[str]) -> list[Citizen]:
    """Citizens with opinions and habits; the same seed draws the same people."""
    found = []
    for number in range(citizens):
        draw = random.Random(f"{seed}/{number}")  # noqa: S311 # opinions, not secrets
        language = "en" if draw.random() < 0.05 else "id"
        phone = phones.add(FIRST_CITIZEN + number, language)
        service = draw.choices(services, [2.0 / (place + 2) for place in range(len(services))])[0]
        mean = min(3.9, max(1.5, draw.gauss(3.25, 0.35)))
        citizen = Citizen(phone, draw, service, mean, shares=draw.random() < 0.08)
        if draw.random() < 0.12:
            citizen.leaves_at = draw.randint(2, LAST_QUESTION + 1)
            citizen.comes_back = draw.random() < 0.5
        found.append(citizen)
    return found


async def come(people: Sequence[Citizen], again: Sequence[Citizen]) -> None:
    """People come on one day, so many at once."""
    limit = asyncio.Semaphore(AT_ONCE)

    async def one(visit: Callable[[], Awaitable[None]]) -> None:
        async with limit:
            await visit()

    visits = [citizen.first_visit for citizen in people]
    visits += [citizen.second_visit for citizen in again]
    await asyncio.gather(*(one(visit) for visit in visits))


def recount(instrument: Instrument, visits: Sequence[dict[int, int | None]]) -> str | None:
    """The IKM from what people remember having tapped, by the regulation's own three lines."""
    indeks = Fraction(0)
    for number in range(1, len(instrument.codes) + 1):
        given = [nilai for visit in visits if (nilai := visit.get(number)) is not None]
        if not given:
            return None
        indeks += Fraction(sum(given), len(given)) / len(instrument.codes)
    return f"{ikm.half_up(indeks * 25, 2):.2f}"
