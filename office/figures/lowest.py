"""What is low in figures: the lowest unsur, the service where it is, the priorities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from office.figures.figures import Figures
from office.figures.parts import Part
from scoring import naming
from scoring.naming import LowUnsur


@dataclass(frozen=True, slots=True)
class Lowest:
    """The unsur with the lowest NRR, in the instrument's order; several where they are equal.

    Args:
        clear: whether each of them is *jelas lebih rendah*.
        service: the one that is clearly lower than the others, and lowest in this unsur too.
    """

    unsur: tuple[LowUnsur, ...]
    clear: bool
    service: str | None


def lowest(figures: Figures) -> Lowest | None:
    """The lowest unsur; None when all are equal or nothing is known."""
    if not naming.lowest_codes(figures.score):
        return None
    answered = naming.verdicts(figures.score, figures.moments)
    least = min(unsur.nrr for unsur in answered)
    those = tuple(unsur for unsur in answered if unsur.nrr == least)
    clear = all(unsur.clearly_lower for unsur in those)
    service = _service(figures, those[0].code) if clear and len(those) == 1 else None
    return Lowest(those, clear, service)


def _service(figures: Figures, code: str) -> str | None:
    parts = [part for part in figures.services if part.score.unsur[code].nrr is not None]
    if len(parts) < 2:
        return None
    low = min(parts, key=lambda part: _nrr(part, code))
    return low.name if low.key in lower(parts) else None


def _nrr(part: Part, code: str) -> Fraction:
    return part.score.unsur[code].nrr or Fraction(0)


def lower(parts: Sequence[Part]) -> set[int]:
    """The services or units that are clearly lower than the others; joined ones never."""
    found = naming.lower_groups({part.key: (part.score, part.moments) for part in parts})
    return {key for key in found if key is not None}
