"""`puas demo`: citizens come and go, and a page to be one of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from cli.demo import officers
from cli.demo.crowd import Citizen, crowd
from cli.demo.officers import Clerk
from cli.demo.stage import ADMIN, GROUP, staged, ticking
from simulator.clock import Clock
from simulator.errors import InvalidAction
from simulator.phones import NoAnswerError
from storage import catalogue


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
        admin = Clerk(stage.phones, stage.phones.add(ADMIN, first_name="Admin", role="Admin"))
        await officers.invites(admin, officers.UNITS[-2:])
        url = stage.server.url
        say(f"halaman obrolan: {url}/")
        say(f"  seperti memindai QR loket KTP-el: {url}/?start=l_ktp-el")
        say(f"  bot @{stage.app.office.username}, grup Camat {GROUP}")
        say("berhenti dengan Ctrl-C")
        look(f"{url}/")
        services = [s.slug for s in await stage.app.turns.do(catalogue.active_services)]
        people = crowd(stage.phones, citizens, seed, services)
        for start in range(0, len(people), 4):
            await asyncio.gather(*(_undisturbed(one) for one in people[start : start + 4]))
            say(f"{min(start + 4, len(people))} dari {len(people)} warga sudah datang")
        await asyncio.Event().wait()


async def _undisturbed(citizen: Citizen) -> None:
    """A visit; it ends early when somebody on the page moves the clock or takes the phone."""
    with suppress(LookupError, NoAnswerError, InvalidAction):
        await citizen.first_visit()
