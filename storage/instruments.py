"""Stored instruments: every wording that was ever used, with the ids of its items.

The wordings of one series share their items, so that tallies and comparisons go on."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TypeVar

from sqlalchemy import select, text

from scoring import instrument_file, unit_instrument_file
from scoring.instrument import DECLINED, Instrument
from scoring.unit_instrument import UnitInstrument
from storage import tables as t
from storage.database import Database, Db, insert
from storage.registered import Registered, RegisteredUnit

R = TypeVar("R")


class InstrumentCache(dict[int, R]):
    """The instruments this process has read; one that is missing is read when it is asked for."""

    def __init__(self, database: Database, read: Callable[[Db], Mapping[int, R]], db: Db) -> None:
        super().__init__(read(db))
        self._database = database
        self._read = read

    def __missing__(self, number: int) -> R:
        with self._database.read() as db:
            stored = self._read(db)
        self.update(stored)
        return stored[number]


def register(db: Db, content: str) -> int:
    """Record this instrument file, of citizens or of unit heads, once and return its id.

    A wording of a known series shares the items of the first one; another series gets its own.
    """
    read = _parsed(content, "instrumen")
    if db.dialect.name == "postgresql":  # of processes that start together, one inserts
        db.execute(text("LOCK TABLE instrument IN SHARE ROW EXCLUSIVE MODE"))
    c = t.instrument.c
    first: int | None = None  # the wording whose items this one shares
    for row in db.execute(select(t.instrument).where(c.code == read.code).order_by(c.id)):
        known = _parsed(row.content, "instrumen")
        if known == read:
            return int(row.id)
        if known.series == read.series:
            first = row.first_wording_id or row.id
    values = {"code": read.code, "version": read.version, "content": content}
    added = int(
        db.execute(
            insert(db, t.instrument).values(**values, first_wording_id=first).returning(c.id)
        ).scalar_one()
    )
    if first is None:
        rows = [
            {"instrument_id": added, "code": code, "unsur": unsur}
            for code, unsur in _unsur(read).items()
        ]
        db.execute(insert(db, t.item), rows)
    _register_options(db, read)
    return added


def known(db: Db) -> dict[int, Registered]:
    """Every instrument of citizens by its id; they never change."""
    items = _items(db)
    options = {(row.attribute, row.code): row.id for row in db.execute(select(t.attribute_option))}
    return {
        row.id: Registered(
            row.id,
            instrument_file.parse(row.content, row.code),
            *items[row.first_wording_id or row.id],
            options,
        )
        for row in db.execute(select(t.instrument))
        if not _is_of_units(row.content)
    }


def newest_wording(stored: Mapping[int, Registered], instrument_id: int) -> Registered:
    """The wording of this instrument's series that was registered last."""
    items = stored[instrument_id].item_ids
    return max((each for each in stored.values() if each.item_ids == items), key=lambda x: x.id)


def known_units(db: Db) -> dict[int, RegisteredUnit]:
    """Every form of the unit heads by its id."""
    items = _items(db)
    return {
        row.id: RegisteredUnit(
            row.id,
            unit_instrument_file.parse(row.content, row.code),
            *items[row.first_wording_id or row.id],
        )
        for row in db.execute(select(t.instrument))
        if _is_of_units(row.content)
    }


def _unsur(read: Instrument | UnitInstrument) -> dict[str, str]:
    """What each item asks about: in a form of the unit heads its aspek, else the unsur it is."""
    if isinstance(read, UnitInstrument):
        return {item.code: aspek.code for aspek in read.aspek for item in aspek.items}
    return {code: unsur.code for unsur in read.unsur for code in unsur.items}


def _register_options(db: Db, read: Instrument | UnitInstrument) -> None:
    rows = [
        {"attribute": attribute.code, "code": code}
        for attribute in read.attributes
        for code in (*(option.code for option in attribute.options), DECLINED)
    ]
    if rows:
        db.execute(insert(db, t.attribute_option).on_conflict_do_nothing(), rows)


def _parsed(content: str, place: str) -> Instrument | UnitInstrument:
    if _is_of_units(content):
        return unit_instrument_file.parse(content, place)
    return instrument_file.parse(content, place)


@lru_cache(maxsize=32)  # a start asks this of the same few contents several times
def _is_of_units(content: str) -> bool:
    """A form of the unit heads groups its items in aspek; citizens are asked unsur."""
    return "aspek" in tomllib.loads(content)


def _items(db: Db) -> dict[int, tuple[dict[str, int], dict[int, str]]]:
    """The items of the first wording of every series: code → id, and id → code."""
    by_instrument: dict[int, tuple[dict[str, int], dict[int, str]]] = {}
    for row in db.execute(select(t.item)):
        ids, codes = by_instrument.setdefault(row.instrument_id, ({}, {}))
        ids[row.code] = row.id
        codes[row.id] = row.code
    return by_instrument
