"""What an office prints for its counters: posters and paper slips, drawn off the event loop."""

from __future__ import annotations

import asyncio
from functools import partial

from bot.office import Office
from reports.poster import Paper, Poster, posters_pdf
from reports.questionnaire import Slips, questionnaire_pdf
from storage import catalogue, offices
from storage.database import Db


async def posters(office: Office, service_id: int, paper: Paper) -> tuple[str, bytes]:
    """A poster for each counter of a service (0: of every service), with its file's name.

    Raises:
        LinkError, PictureError: whatever kept them from being drawn.
    """
    found = await asyncio.to_thread(_read, office, service_id)
    content = await asyncio.to_thread(posters_pdf, found, paper)
    named = found[0].service_code if service_id else "semua"
    return f"poster-{named}-{paper}.pdf", content


def _read(office: Office, service_id: int) -> list[Poster]:
    with office.database.read() as db:
        services = offices.services(db)
        chosen = [one for one in services if service_id in (0, one.id)]
        return [poster for one in chosen for poster in _of(db, office, one)]


def _of(db: Db, office: Office, service: offices.Service) -> list[Poster]:
    """One without a counter where the service has none in use."""
    make = partial(
        Poster,
        offices.name(db),
        office.username,
        service.name,
        service.slug,
        items=len(office.instruments[office.instrument_id].instrument.codes),
    )
    counters = [one for one in catalogue.counters(db, service.id) if one.active]
    return [make(one.name, one.slug) for one in counters] or [make()]


async def slips(office: Office, first: int, last: int) -> tuple[str, bytes]:
    """The paper slips with these numbers, with their file's name.

    Raises:
        SlipError, PictureError: whatever kept them from being drawn.
    """

    def read() -> Slips:
        with office.database.read() as db:
            named = [(service.slug, service.name) for service in offices.services(db)]
            instrument = office.instruments[office.instrument_id].instrument
            return Slips(offices.name(db), instrument, named, first, last)

    content = await asyncio.to_thread(questionnaire_pdf, await asyncio.to_thread(read))
    return f"kuesioner-{first:04}-{last:04}.pdf", content
