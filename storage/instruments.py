"""Instruments as the database knows them: every version that was ever used, with its items' ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from scoring import instrument as instruments
from scoring.instrument import Instrument
from storage import tables as t
from storage.database import Db, insert


class InstrumentChanged(Exception):
    """Isi instrumen berubah tanpa menaikkan versinya; naikkan `version` di berkasnya."""


@dataclass(frozen=True, slots=True)
class Registered:
    """An instrument with its row's id and its items' ids, both ways."""

    id: int
    instrument: Instrument
    item_ids: Mapping[str, int]
    codes: Mapping[int, str]


def register(db: Db, content: str) -> int:
    """Record this instrument file once and return its id.

    Raises:
        InstrumentChanged: the same code and version stand there with another content.
    """
    read = instruments.parse(content, "instrumen")
    c = t.instrument.c
    added = db.execute(  # of processes that start at once, the second waits here and adds nothing
        insert(db, t.instrument)
        .values(code=read.code, version=read.version, content=content)
        .on_conflict_do_nothing()
        .returning(c.id)
    ).scalar_one_or_none()
    if added is not None:
        rows = [{"instrument_id": added, "code": code} for code in read.codes]
        db.execute(insert(db, t.item), rows)
        return int(added)
    stands = db.execute(
        select(c.id, c.content).where(c.code == read.code, c.version == read.version)
    ).one()
    if instruments.parse(stands.content, "instrumen") != read:
        raise InstrumentChanged(f"{read.code} versi {read.version}: isinya berubah.")
    return int(stands.id)


def known(db: Db) -> dict[int, Registered]:
    """Every instrument by its id; they never change, so a process reads them once."""
    items: dict[int, dict[str, int]] = {}
    for row in db.execute(select(t.item)):
        items.setdefault(row.instrument_id, {})[row.code] = row.id
    return {
        row.id: Registered(
            row.id,
            instruments.parse(row.content, row.code),
            items[row.id],
            {number: code for code, number in items[row.id].items()},
        )
        for row in db.execute(select(t.instrument))
    }
