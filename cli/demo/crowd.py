"""Simulated citizens with opinions and habits, who remember what they tapped."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

from cli.demo.browser import Browsers
from scoring import ikm
from scoring.instrument import Instrument
from simulator.phones import Phone, Phones

FIRST_CITIZEN_ID = 1000
MAX_CONCURRENT = 40
SEND = ("✅", "Kirim", "Send")  # in the chat and in the pages
LAST_QUESTION = 9
# Added to a citizen's mean opinion, by number of the question.
QUESTION_OFFSETS = {3: -0.35, 4: 0.7, 7: 0.3, 8: -0.1, 9: -0.25}


@dataclass(slots=True)
class RememberedResponse:
    """One response as the citizen remembers it."""

    given: dict[int, int | None] = field(default_factory=dict)  # by question; None: skipped
    sent: bool = False
    reached_end: bool = False  # all nine questions were answered or skipped

    def counts(self, min_filled: int) -> bool:
        """Whether the office counts it: sent, or complete up to the last question."""
        filled = sum(nilai is not None for nilai in self.given.values())
        return self.sent or (self.reached_end and filled >= min_filled)


@dataclass(slots=True)
class Citizen:
    """A citizen with a random opinion and random habits."""

    device: Device
    rng: random.Random
    about: random.Random  # apart: other options change no opinion
    service: str
    mean: float
    responses: list[RememberedResponse] = field(default_factory=list)
    stops_before: int | None = None  # stops before this question (10: at the attributes)
    returns: bool = False
    shares_device: bool = False

    async def first_visit(self) -> None:
        """Scan the QR code and rate; who shares the device rates once more for somebody else."""
        await self.device.visit(self.service)
        await self.rate()
        if self.responses and self.responses[-1].sent and self.shares_device:
            await self._press("Isi untuk orang lain", "For somebody else")
            self.mean = self.rng.uniform(2.2, 3.9)
            await self.rate()

    async def second_visit(self) -> None:
        """Continue the unfinished response."""
        await self.device.come_back()
        await self._press("Lanjutkan", "Continue")
        self.stops_before = None
        await self._continue(self.responses[-1])

    async def rate(self) -> None:
        """Agree and answer until the response is sent, or until the citizen stops."""
        await self._press("Setuju", "I agree")
        self.responses.append(RememberedResponse())
        await self._continue(self.responses[-1])

    async def _continue(self, response: RememberedResponse) -> None:
        while not response.sent:
            number = self._question_number()
            if self.stops_before is not None and (number or LAST_QUESTION + 1) >= self.stops_before:
                return
            if number is not None:
                await self._answer(response, number)
            elif self._has_button(*SEND):
                response.reached_end = True
                await self._finish(response)
            elif self._has_button("Isi yang dilewati", "Answer what I skipped"):
                response.reached_end = False
                await self._press("Isi yang dilewati", "Answer what I skipped")
            else:
                response.reached_end = True
                await self._answer_attribute()

    def _question_number(self) -> int | None:
        match = re.search(r"(?:Pertanyaan|Question) (\d+)", self.device.text)
        return int(match[1]) if match else None

    async def _answer(self, response: RememberedResponse, number: int) -> None:
        if number > 1 and self.rng.random() < 0.05:
            await self._press("‹")
            return
        if self.rng.random() < 0.04 and not self._skips_too_much(response):
            await self._press("Lewati", "Skip")
            response.given[number] = None
        else:
            nilai = opinion(self.rng, self.mean, number)
            taps = 2 if self.rng.random() < 0.08 else 1
            await self.device.press(self.device.labels[nilai - 1], taps)
            response.given[number] = nilai
        if len(response.given) == LAST_QUESTION:
            response.reached_end = True

    def _skips_too_much(self, response: RememberedResponse) -> bool:
        return sum(nilai is None for nilai in response.given.values()) >= LAST_QUESTION - 5

    async def _answer_attribute(self) -> None:
        choices = [label for label in self.device.labels if "‹" not in label]
        declined = self.about.random() < 0.1
        await self.device.press(choices[-1] if declined else self.about.choice(choices[:-1]))

    async def _finish(self, response: RememberedResponse) -> None:
        if self.rng.random() < 0.1:
            await self._press("✍", "Tulis saran", "Write a suggestion")
            await self.device.write("Tolong kursi tunggunya ditambah <3 & kipasnya diperbaiki")
        await self._press(*SEND, times=2 if self.rng.random() < 0.1 else 1)
        response.sent = True

    def _has_button(self, *labels: str) -> bool:
        return any(label.startswith(labels) for label in self.device.labels)

    async def _press(self, *labels: str, times: int = 1) -> None:
        """Press the first button whose label begins with one of these."""
        for label in self.device.labels:
            if label.startswith(labels):
                await self.device.press(label, times)
                return
        raise LookupError(f"no button {labels} under: {self.device.text[:120]}")


def opinion(rng: random.Random, mean: float, number: int) -> int:
    """The nilai that somebody with this mean opinion gives to a question."""
    return min(4, max(1, round(rng.gauss(mean + QUESTION_OFFSETS.get(number, 0.0), 0.6))))


def random_service(rng: random.Random, services: Sequence[str]) -> str:
    """A service; the first ones are used most."""
    return rng.choices(services, [2.0 / (rank + 2) for rank in range(len(services))])[0]


def crowd(
    phones: Phones, browsers: Browsers, citizens: int, seed: object, services: Sequence[str]
) -> list[Citizen]:
    """Random citizens; the same seed gives the same citizens with the same devices."""
    people = []
    for number in range(citizens):
        rng = random.Random(f"{seed}/{number}")  # noqa: S311 # opinions, not secrets
        language = "en" if rng.random() < 0.05 else "id"
        kanal = _kanal(number)
        device: Device
        match kanal:
            case "kios":
                device = browsers.at_counter(language)
            case "web":
                device = browsers.at_home(language)
            case _:
                device = Chat(phones.add(FIRST_CITIZEN_ID + number, language))
        service = random_service(rng, services)
        mean = min(3.9, max(1.5, rng.gauss(3.25, 0.35)))
        stays = kanal != "kios"  # a counter's screen is the next person's afterwards
        about = random.Random(f"{seed}/{number}/about")  # noqa: S311 # as above
        citizen = Citizen(device, rng, about, service, mean)
        citizen.shares_device = rng.random() < 0.08 and stays
        if rng.random() < 0.12:
            citizen.stops_before = rng.randint(2, LAST_QUESTION + 1)
            citizen.returns = rng.random() < 0.5 and stays
        people.append(citizen)
    return people


def _kanal(number: int) -> str:
    """Where a citizen answers: every fourth in a browser, every second of these at a counter."""
    if number % 4 != 3:
        return "telegram"
    return "kios" if number % 8 == 7 else "web"


async def simulate_day(first: Sequence[Citizen], second: Sequence[Citizen]) -> None:
    """Run the first and second visits of one day, at most `MAX_CONCURRENT` at once."""
    slots = asyncio.Semaphore(MAX_CONCURRENT)

    async def limited(visit: Callable[[], Awaitable[None]]) -> None:
        async with slots:
            await visit()

    visits = [citizen.first_visit for citizen in first]
    visits += [citizen.second_visit for citizen in second]
    await asyncio.gather(*(limited(visit) for visit in visits))


def recount(instrument: Instrument, responses: Sequence[dict[int, int | None]]) -> str | None:
    """The IKM of the responses that citizens remember, by the regulation's formula."""
    indeks = Fraction(0)
    for number in range(1, len(instrument.codes) + 1):
        given = [nilai for response in responses if (nilai := response.get(number)) is not None]
        if not given:
            return None
        indeks += Fraction(sum(given), len(given)) / len(instrument.codes)
    return f"{ikm.half_up(indeks * 25, 2):.2f}"


class Device(Protocol):
    """A screen with a text and buttons, which answers what its user does."""

    @property
    def text(self) -> str:
        """The text on the screen."""
        ...

    @property
    def labels(self) -> Sequence[str]:
        """The labels of the buttons, row by row."""
        ...

    async def visit(self, service: str) -> None:
        """Open the survey of a service, as its QR code does."""
        ...

    async def come_back(self) -> None:
        """Open the survey again; the screen offers to continue."""
        ...

    async def press(self, label: str, times: int = 1) -> None:
        """Press the button with this label `times` times without a pause."""
        ...

    async def write(self, text: str) -> None:
        """Send the text that the screen asks for."""
        ...


@dataclass(slots=True)
class Chat:
    """The private chat with the bot on a phone."""

    phone: Phone

    @property
    def text(self) -> str:
        """The text of the bot's newest message."""
        return self.phone.text

    @property
    def labels(self) -> list[str]:
        """The labels of its inline buttons."""
        return [str(button["text"]) for button in self.phone.buttons]

    async def visit(self, service: str) -> None:
        """Open the link in the QR code of a service."""
        await self.phone.say(f"/start l_{service}")

    async def come_back(self) -> None:
        """Send /mulai."""
        await self.phone.say("/mulai")

    async def press(self, label: str, times: int = 1) -> None:
        """Tap a button and wait for the bot."""
        await self.phone.tap(self.phone.buttons[self.labels.index(label)], times)

    async def write(self, text: str) -> None:
        """Send a message."""
        await self.phone.say(text)
