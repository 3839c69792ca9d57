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
    found = db.execute(
        select(t.instrument.c.id, t.instrument.c.content).where(
            t.instrument.c.code == read.code, t.instrument.c.version == read.version
        )
    ).one_or_none()
    if found is not None:
        if instruments.parse(found.content, "instrumen") != read:
            raise InstrumentChanged(f"{read.code} versi {read.version}: isinya berubah.")
        return int(found.id)
    values = {"code": read.code, "version": read.version, "content": content}
    row = db.execute(insert(db, t.instrument).values(values).returning(t.instrument.c.id))
    key = int(row.scalar_one())
    db.execute(insert(db, t.item), [{"instrument_id": key, "code": code} for code in read.codes])
    return key


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
