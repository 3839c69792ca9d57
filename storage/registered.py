"""An instrument as it is registered: with the ids of its row, its items and its options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scoring.instrument import Instrument
from scoring.unit_instrument import UnitInstrument


@dataclass(frozen=True, slots=True)
class Registered:
    """An instrument with its row's id and its items' ids, both ways."""

    id: int
    instrument: Instrument
    item_ids: Mapping[str, int]
    codes: Mapping[int, str]
    option_ids: Mapping[tuple[str, str], int]  # by attribute and code; DECLINED is one of each


@dataclass(frozen=True, slots=True)
class RegisteredUnit:
    """A form of the unit heads with its row's id and its items' ids, both ways."""

    id: int
    instrument: UnitInstrument
    item_ids: Mapping[str, int]
    codes: Mapping[int, str]
