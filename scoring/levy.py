"""Answers other than gratis at services that are free: a possible illegal levy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

COST = "BIAYA"  # the unsur that asks what was paid


@dataclass(frozen=True, slots=True)
class Levy:
    """Answers other than gratis at services that are free, and of how many.

    Args:
        services: where people enough gave such an answer.
    """

    paid: int
    answered: int
    services: tuple[int, ...]


def levies_together(levies: Iterable[Levy | None]) -> Levy | None:
    """The sum of those that there are; None of none."""
    known = [levy for levy in levies if levy is not None]
    if not known:
        return None
    services = sorted({number for levy in known for number in levy.services})
    paid, answered = sum(levy.paid for levy in known), sum(levy.answered for levy in known)
    return Levy(paid, answered, tuple(services))
