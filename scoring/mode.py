"""Calculation modes: exact, or with the rounding that tabulations of offices use."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.instrument import Instrument
from scoring.rounding import half_up

ROUNDINGS = ("tanpa", "indeks2", "nrr2")


class ModeError(ValueError):
    """A mode that the instrument does not allow; the message lists the allowed ones."""


@dataclass(frozen=True, slots=True)
class Mode:
    """How the index is calculated.

    `bobot` is "1/k" (the instrument's exact weights) or one of its compatibility weights;
    `pembulatan` is "tanpa", "indeks2" (index to 2 places before × 25) or "nrr2" (each NRR to 2).
    """

    bobot: str = "1/k"
    pembulatan: str = "tanpa"

    def nrr(self, exact: Fraction | Decimal) -> Fraction:
        """An NRR, rounded as this mode requires."""
        return Fraction(half_up(exact, 2) if self.pembulatan == "nrr2" else exact)

    def indeks(self, exact: Fraction) -> Fraction:
        """An index, rounded as this mode requires."""
        return Fraction(half_up(exact, 2)) if self.pembulatan == "indeks2" else exact


EXACT = Mode()


def weights(instrument: Instrument, mode: Mode = EXACT) -> dict[str, Fraction]:
    """Item code -> bobot in this mode.

    Raises:
        ModeError: for a weight or rounding that does not belong to this instrument.
    """
    if mode.pembulatan not in ROUNDINGS:
        known = ", ".join(ROUNDINGS)
        raise ModeError(f'pembulatan "{mode.pembulatan}" tidak dikenal; pilih: {known}.')
    if mode.bobot == "1/k":
        return instrument.weights
    if mode.bobot not in instrument.compatibility_weights:
        known = ", ".join(("1/k", *instrument.compatibility_weights))
        raise ModeError(
            f'bobot "{mode.bobot}" tidak berlaku untuk {instrument.code}'
            f" ({len(instrument.items)} unsur); pilih: {known}."
        )
    return dict.fromkeys(instrument.codes, Fraction(mode.bobot))
