"""Stores responses of many citizens and ratings of heads as the bot does, without their taps."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from office import conversation
from storage import catalogue, people, periods
from storage.database import Db
from storage.survey import owners, responses
from storage.survey.open_responses import NewResponse, OpenResponses
from storage.survey.tallies import Deltas
from storage.tables import Door
from storage.unit_index import ratings, unit_results
from tests.harness import Actor, Harness

ABOUT = {
    "jenis_kelamin": ("L", "P", "-"),
    "umur": ("17-25", "26-35", "46-55", "-"),
    "pendidikan": ("SD", "SMA", "S1", "-"),
    "pekerjaan": ("swasta", "PNS", "-", "-"),
}


@dataclass(frozen=True)
class Respondent:
    """One response: nine answers (0 skips), service, attributes, suggestion, channel."""

    answers: Sequence[int]
    service: str = "ktp-el"
    about: Mapping[str, str] = field(default_factory=dict)
    saran: str | None = None
    kanal: str = "telegram"


def random_respondents(
    n: int, services: Sequence[str] = ("ktp-el",), seed: int = 1
) -> list[Respondent]:
    """So many respondents, reproducible by the seed."""
    chance = random.Random(seed)
    return [
        Respondent(
            [
                chance.choice((0, 2, 3, 3, 3, 4, 4)) if at else chance.choice((3, 4))
                for at in range(9)
            ],
            chance.choice(services),
            {name: chance.choice(codes) for name, codes in ABOUT.items()},
        )
        for _ in range(n)
    ]


async def rate(office: Harness, people: Sequence[Respondent]) -> None:
    """Store a completed response of each in the open period."""

    def work(db: Db) -> None:
        known, now = office.app.office.instruments, office.now
        current = periods.current(db, "ikm")
        assert current is not None
        assert current.salt is not None
        deltas = Deltas()
        opened = OpenResponses(db, known, now, deltas)
        for number, one in enumerate(people, _next_chat(db)):
            offered = catalogue.by_slug(db, one.service, None)
            assert offered is not None, one.service
            response = opened.start(
                NewResponse(number, offered[0], None, one.kanal, 1, "id"),
                current,
                office.app.office.asked_in(current),
                "",
            )
            codes = opened.instrument(response).codes
            for code, nilai in zip(codes, one.answers, strict=True):
                response = opened.answer(response, code, nilai or None, "")
            for attribute, code in one.about.items():
                response = opened.set_attribute(response, attribute, code, "")
            response = opened.change(response, saran_parts={"0": one.saran} if one.saran else {})
            owner = owners.owner_hash(office.app.office.secret, current.salt, Door.TELEGRAM, number)
            opened.complete(response, owner, office.app.office.calendar.day(now), "08-12")
        opened.flush()
        deltas.apply(db)

    await office.app.turns.do(work)


def _next_chat(db: Db) -> int:
    """A chat id that no earlier respondent has."""
    return 100_000 + responses.completed_count(db, date.min, date.max)


async def rate_and_lock(office: Harness, people: Sequence[Respondent]) -> None:
    """Store their responses in the third quarter of 2026, then let it be locked."""
    await rate(office, people)
    await office.reaches("2026-10-07 08:00:00.654321")  # a real tick is never on the exact second


async def appoint(head: Actor, unit: str) -> None:
    """Make a person who has written to the bot the head of the unit kerja that begins so."""
    office = head.office
    await head.says("/mulai")

    def work(db: Db) -> None:
        (number,) = [
            each.id for each in unit_results.active_kerja(db) if each.name.startswith(unit)
        ]
        people.grant(db, head.id, "kepala_unit", head.name, None, office.now, number)

    await office.app.turns.do(work)


async def rate_as_heads(heads: Sequence[Actor], values: Sequence[int]) -> None:
    """Store a sent rating of each head, of one nilai throughout."""
    office = heads[0].office

    def work(db: Db) -> None:
        current = periods.current(db, "unit")
        assert current is not None
        asked = office.app.office.asked_in(current)
        registered = office.app.office.unit_instruments[asked]
        first = conversation.first(registered.instrument)
        led = {role.user_id: role.unit_id for role in people.unit_heads(db)}
        for head, nilai in zip(heads, values, strict=False):
            unit = led[head.id]
            assert unit is not None
            opened = ratings.start(db, current, asked, unit, head.id, first, office.now)
            assert opened is not None
            filled = replace(opened, answers=dict.fromkeys(registered.instrument.codes, nilai))
            ratings.send(db, registered, filled, office.app.office.calendar.day(office.now))

    await office.app.turns.do(work)
