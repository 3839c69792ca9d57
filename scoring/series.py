"""The series of a questionnaire of either index: what makes two results comparable."""

from typing import TypeAlias

from scoring import instrument, unit_index
from scoring.instrument import Instrument
from scoring.unit_instrument import UnitInstrument

AnyInstrument: TypeAlias = Instrument | UnitInstrument


def key(asked: AnyInstrument) -> str:
    """The key that results of this instrument share with those that are comparable with them."""
    return (
        unit_index.series(asked) if isinstance(asked, UnitInstrument) else instrument.series(asked)
    )
