"""`puas demo`: simulated citizens, and a page on which to act as a citizen or officer."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from aiohttp import ClientError

from cli.demo import officers, past
from cli.demo.crowd import Citizen, crowd
from cli.demo.environment import GROUP, Demo, demo_office, working
from cli.demo.officers import ADMIN, OfficerActor
from cli.demo.past import Past
from office.config import Schedule
from office.office import Calendar
from simulator.clock import Clock
from simulator.errors import InvalidAction
from simulator.phones import NoAnswerError
from storage import catalogue

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
    async with demo_office(Clock(past.first_moment(calendar, now)), port) as demo:
        say("dua tahun kantor disiapkan …")
        admin = OfficerActor(demo.phones, demo.phones.add(ADMIN, first_name="Admin", role="Admin"))
        await officers.invite_camat(admin)
        await officers.invite_unit_heads(admin, officers.UNITS[-HEADS:])
        rng = random.Random(f"{seed}/past")  # noqa: S311 # opinions, not secrets
        app = demo.app
        await past.go_by(
            Past(app.office, demo.world.clock, demo.move_clock_to, app.turns.do, now, rng)
        )
        say(f"{past.QUARTERS} triwulan yang lalu dikunci, empat kepala unit menilai")
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
