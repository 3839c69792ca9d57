"""What may be called low: unsur and services, by a test and not by their rank alone.

Rule of this program: one-sided t tests of linearised differences, Holm over all that could be
named, 5 %. One-sided, since only *lower* is ever said: at most one survey in twenty says it of an
unsur or a service although none is lower."""

from __future__ import annotations

from collections.abc import Collection, Container, Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import atan2, cos, erfc, pi, sin, sqrt
from typing import TypeVar

from scoring.ikm import Score, weights
from scoring.instrument import Instrument
from scoring.moments import Moments, variance
from scoring.numbers import square_root
from scoring.precision import answered, parts

COST = "BIAYA"  # the unsur that asks what was paid
Key = TypeVar("Key", bound=Hashable)

LEVEL = 0.05
LOWEST = 3  # unsur that a report lists as priorities
NAMED_FROM = 30  # responses from which a service may be called the lowest without a test
LOW_MUTU = ("C", "D")
NORMAL_FROM = 1000  # degrees from which Student's t is the normal distribution to three digits


@dataclass(frozen=True, slots=True)
class LowUnsur:
    """An unsur with its verdict: `clearly_lower` is *nyata*, else *belum nyata*."""

    code: str
    nrr: Fraction
    mutu: str
    clearly_lower: bool


def priorities(score: Score, moments: Moments) -> tuple[tuple[LowUnsur, ...], tuple[LowUnsur, ...]]:
    """The unsur of `lowest_codes`, and the others of mutu C or D; the lowest first in both."""
    unsur = {each.code: each for each in verdicts(score, moments)}
    lowest = tuple(unsur[code] for code in lowest_codes(score))
    low = [each for each in unsur.values() if each.mutu in LOW_MUTU and each not in lowest]
    return lowest, tuple(sorted(low, key=lambda each: each.nrr))


def lowest_codes(score: Score) -> tuple[str, ...]:
    """The three unsur with the lowest NRR, the lowest first; of equal ones the instrument's first.

    Empty when all NRR are equal, since then none is lowest.
    """
    known = {code: unsur.nrr for code, unsur in score.unsur.items() if unsur.nrr is not None}
    if len({*known.values()}) < 2:
        return ()
    return tuple(sorted(known, key=known.__getitem__)[:LOWEST])


def highest_codes(score: Score, low: Collection[str]) -> tuple[str, ...]:
    """At most three unsur that are not `low`, the highest first; of equal ones the first.

    Empty when all NRR are equal, since then none is highest.
    """
    if not lowest_codes(score):
        return ()
    nrr = {code: unsur.nrr for code, unsur in score.unsur.items() if code not in low}
    known = {code: each for code, each in nrr.items() if each is not None}
    return tuple(sorted(known, key=known.__getitem__, reverse=True)[:LOWEST])


def verdicts(score: Score, moments: Moments) -> list[LowUnsur]:
    """Every unsur that somebody answered, in the instrument's order."""
    lower = lower_unsur(score, moments)
    return [
        LowUnsur(code, each.nrr, each.mutu, lower[code])
        for code, each in score.unsur.items()
        if each.nrr is not None and each.mutu is not None
    ]


def lower_unsur(score: Score, moments: Moments) -> dict[str, bool]:
    """Whether each unsur is *jelas lebih rendah*: its NRR below the mean of the other NRR.

    The same clusters answered both, so the difference is linearised as one sum (a paired test of
    m − 1 degrees). False where it is not computable: fewer than two clusters, no variance, an unsur
    without answers.
    """
    counts = answered(score)
    by_item = parts(score.instrument, counts)
    nrr: dict[str, Fraction] = {}
    for code, (unsur, part) in by_item.items():
        nrr[unsur] = nrr.get(unsur, Fraction(0)) + part * counts[code][1] / counts[code][0]
    doubts = dict.fromkeys(score.unsur, 1.0)
    for code in nrr if len(nrr) > 1 else ():
        contrast = {each: Fraction(-1, len(nrr) - 1) for each in nrr} | {code: Fraction(1)}
        shares = {item: contrast[unsur] * part for item, (unsur, part) in by_item.items()}
        squared_error = variance(counts, shares, moments)
        difference = sum((share * nrr[each] for each, share in contrast.items()), Fraction(0))
        doubts[code] = _doubt(-difference, squared_error, moments.clusters - 1)
    lower = _holm(doubts)
    return {code: code in lower for code in doubts}


def lower_groups(groups: Mapping[Key, tuple[Score, Moments]]) -> set[Key]:
    """The services or units whose IKM is clearly below the IKM of all the others together.

    The clusters of different groups are taken as independent, and the degrees are those of the
    smaller side. A group that cannot be tested (fewer than two clusters, no variance, an unsur
    without answers) is never among them.

    Raises:
        ValueError: groups of instruments with other codes.
    """
    if len(groups) < 2:
        return set()
    instrument, mode = next((score.instrument, score.mode) for score, _ in groups.values())
    bobot = weights(instrument, mode)
    (_, everything), *others = groups.values()
    for _, moments in others:
        everything += moments
    whole = {
        code: (
            sum(score.items[code].n for score, _ in groups.values()),
            sum(score.items[code].jumlah for score, _ in groups.values()),
        )
        for code in everything.codes
    }
    doubts = {}
    for key, (score, moments) in groups.items():
        own = answered(score)
        rest = {
            code: (n - score.items[code].n, jumlah - score.items[code].jumlah)
            for code, (n, jumlah) in whole.items()
            if n > score.items[code].n
        }
        rest_moments = everything - moments
        doubts[key] = 1.0
        shares, rest_shares = (_item_weights(instrument, bobot, each) for each in (own, rest))
        if not shares or not rest_shares:
            continue
        of_own = variance(own, shares, moments)
        of_rest = variance(rest, rest_shares, rest_moments)
        if of_own and of_rest is not None:
            difference = _index(rest, rest_shares) - _index(own, shares)
            degrees = min(moments.clusters, rest_moments.clusters) - 1
            doubts[key] = _doubt(difference, of_own + of_rest, degrees)
    return _holm(doubts)


def named_groups(groups: Mapping[Key, tuple[Score, Moments]]) -> set[Key]:
    """The services or units that may be named as low: 30 responses or more, or clearly lower."""
    large = {key for key, (score, _) in groups.items() if score.n >= NAMED_FROM}
    return large | lower_groups(groups)


def _item_weights(
    instrument: Instrument, bobot: Mapping[str, Fraction], answered: Container[str]
) -> dict[str, Fraction]:
    """The weight of each answered item in the index; empty where an unsur has none."""
    by_item = parts(instrument, answered)
    if len({unsur for unsur, _ in by_item.values()}) < len(bobot):
        return {}
    return {code: bobot[unsur] * part for code, (unsur, part) in by_item.items()}


def _index(counts: Mapping[str, tuple[int, int]], shares: Mapping[str, Fraction]) -> Fraction:
    return sum((share * counts[code][1] / counts[code][0] for code, share in shares.items()),
               Fraction(0))  # fmt: skip


def _doubt(shortfall: Fraction, squared_error: Fraction | None, degrees: int) -> float:
    """The probability of such a shortfall, or a larger one, where there is none in truth."""
    if not squared_error or shortfall <= 0:
        return 1.0
    return student_tail(square_root(shortfall**2 / squared_error), degrees)


def student_tail(t: Decimal, degrees: int) -> float:
    """The probability that Student's t of a whole number of degrees exceeds t ≥ 0.

    Source: Abramowitz & Stegun, 26.7.3 and 26.7.4.
    """
    if degrees >= NORMAL_FROM:
        return erfc(t / Decimal(2).sqrt()) / 2
    angle = atan2(t, sqrt(degrees))
    odd = degrees % 2
    term = cos(angle) if odd else 1.0
    series = term if degrees > 1 else 0.0
    for power in range(2 + odd, degrees - 1, 2):
        term *= cos(angle) ** 2 * (power - 1) / power
        series += term
    within = 2 / pi * (angle + sin(angle) * series) if odd else sin(angle) * series
    return (1 - within) / 2


def _holm(doubts: Mapping[Key, float]) -> set[Key]:
    """The keys whose hypothesis Holm's procedure rejects at 5 % over all of them."""
    rejected: set[Key] = set()
    for key in sorted(doubts, key=lambda each: doubts[each]):
        if doubts[key] > LEVEL / (len(doubts) - len(rejected)):
            break
        rejected.add(key)
    return rejected


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
