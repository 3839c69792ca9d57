"""What margins, verdicts and names are worth: simulated quarters of a small office, with a seed.

    PYTHONPATH=. .venv/bin/python -m benchmarks.precision [--repeats 2000] [--seed 14]

*Before* is the rule that this program had: a factor for a finite population in the margin, every
response a cluster of its own, a look each night, the lowest named by rank alone. *After* is the
rule it has. The truth is known here: it is the index of all users of the quarter, or the index
that an endless number of users would give.
"""

from __future__ import annotations

import argparse
import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from itertools import accumulate
from typing import TypeAlias

from scoring import ikm, instrument_file, naming, precision
from scoring.ikm import Score
from scoring.moments import Moments, moments, nothing
from scoring.precision import Measurement

SKM = instrument_file.named("skm-2017")
USERS = 236
RESPONSES = 140
# Standard normal limits between nilai 1|2|3|4 of every unsur: shares of 2, 8, 52 and 38 %.
LIMITS = (-2.05, -1.28, 0.31)
AGREEMENT = 0.6  # correlation of a person's opinion of an unsur with the person's mood
SKIPPED = 0.03
INCLINATION = 0.32  # how much a good mood raises the odds of answering: a bias of 1.2 points
NIGHTS = 90
LOOK_FROM = 30  # responses
SERVICES = 14

Row: TypeAlias = dict[str, int | None]


@dataclass
class Person:
    """Somebody with a mood, whose answers agree with it."""

    rng: random.Random
    mood: float = field(init=False)

    def __post_init__(self) -> None:
        self.mood = self.rng.gauss(0, 1)

    def answers(self, worse: float = 0, *, worse_unsur: str | None = None) -> Row:
        """A response; `worse` lowers the opinion of one unsur, or of all."""
        return {
            code: None
            if self.rng.random() < SKIPPED
            else self._nilai(worse if worse_unsur in (None, code) else 0)
            for code in SKM.codes
        }

    def _nilai(self, worse: float) -> int:
        own = math.sqrt(1 - AGREEMENT**2) * self.rng.gauss(0, 1)
        opinion = AGREEMENT * self.mood + own - worse
        return 1 + sum(opinion > limit for limit in LIMITS)


@dataclass(frozen=True)
class Sample:
    """A score with the moments of its responses."""

    score: Score
    moments: Moments

    def margin(self, population: int | None = None) -> float:
        """The margin; with a population, with the factor for a finite one."""
        whole = float(precision.margin(self.score, self.moments) or 0)
        share = self.score.n / population if population else 0
        return whole * math.sqrt(max(0.0, 1 - share))

    def measurement(self, population: int | None = None) -> Measurement:
        """What a comparison needs."""
        margin = Decimal(self.margin(population)) or None
        return Measurement.from_score(self.score, margin)

    def covers(self, truth: float, population: int | None = None) -> bool:
        """Whether the interval holds the truth."""
        return abs(index_of(self.score) - truth) <= self.margin(population)


def index_of(score: Score) -> float:
    """The IKM, 0 without answers."""
    return float(score.ikm or 0)


def sampled(phones: Sequence[Sequence[Row]], *, clustered: bool = True) -> Sample:
    """The sample of phones with their responses, or of as many phones as responses."""
    rows = [row for phone in phones for row in phone]
    score = ikm.score(SKM, ikm.tally_of(SKM, rows))
    if clustered:
        return Sample(score, moments(SKM.codes, (), phones))
    return Sample(score, moments(SKM.codes, ((row, 1) for row in rows)))


def crowd(rng: random.Random, size: int, worse: float = 0, unsur: str | None = None) -> list[Row]:
    """Responses of so many people."""
    return [Person(rng).answers(worse, worse_unsur=unsur) for _ in range(size)]


def truth_of(rng: random.Random, size: int) -> float:
    """The IKM of very many people."""
    rows = crowd(rng, size)
    return index_of(ikm.score(SKM, ikm.tally_of(SKM, rows)))


# --- what is simulated: each yields, for one quarter, what happened under which rule -----------

Outcome: TypeAlias = dict[str, float]
Draw: TypeAlias = Callable[[], Outcome]


def of_users(rng: random.Random, inclination: float) -> Outcome:
    """All users of a quarter, of whom some answer: does the interval hold the index of all?"""
    people = [Person(rng) for _ in range(USERS)]
    rows = [person.answers() for person in people]
    odds = RESPONSES / (USERS - RESPONSES)
    chosen = [
        [row]
        for person, row in zip(people, rows, strict=True)
        if rng.random() < 1 / (1 + math.exp(-inclination * person.mood) / odds)
    ]
    everybody = index_of(ikm.score(SKM, ikm.tally_of(SKM, rows)))
    sample = sampled(chosen)
    return {
        "before": sample.covers(everybody, USERS),
        "after": sample.covers(everybody),
        "bias, points": index_of(sample.score) - everybody,
    }


def of_phones(rng: random.Random, truth: float) -> Outcome:
    """Phones that answer once to three times, each in one mood."""
    phones: list[list[Row]] = []
    while sum(map(len, phones)) < RESPONSES:
        person = Person(rng)
        phones.append([person.answers() for _ in range(rng.choice((1, 1, 2, 3)))])
    return {
        "before": sampled(phones, clustered=False).covers(truth),
        "after": sampled(phones).covers(truth),
    }


def of_two_quarters(rng: random.Random) -> Outcome:
    """Two quarters of the same truth: is a change called *nyata*?"""
    samples = [sampled([[row] for row in crowd(rng, RESPONSES)]) for _ in range(2)]

    def told(population: int | None) -> bool:
        earlier, later = (sample.measurement(population) for sample in samples)
        return precision.significant_change(earlier, later) != "belum ada perubahan nyata"

    return {"before": told(USERS), "after": told(None)}


def of_nights(rng: random.Random) -> Outcome:
    """A quarter of the same truth as the last one, looked at every night: is a fall alarmed?"""
    last = sampled([[row] for row in crowd(rng, RESPONSES)])
    tally: dict[str, dict[int, int]] = {}
    found = nothing(SKM.codes)
    n, falls, falls_before = 0, [False], [False]
    for night in range(1, NIGHTS + 1):
        rows = crowd(rng, round(RESPONSES * night / NIGHTS) - n)
        n += len(rows)
        tally = ikm.merged(tally, ikm.tally_of(SKM, rows))
        found += moments(SKM.codes, ((row, 1) for row in rows))
        if n < LOOK_FROM:
            continue
        here = Sample(ikm.score(SKM, tally), found)
        for nights, population in ((falls, None), (falls_before, USERS)):
            change = precision.significant_change(
                last.measurement(population), here.measurement(population)
            )
            nights.append(change == "turun nyata")
    running = zip(falls, falls[1:], falls[2:], strict=False)
    return {
        "before": any(falls_before),
        "a look each night, new margin": any(falls),
        "after": any(map(all, running)),
    }


def of_unsur(rng: random.Random, n: int, worse: float) -> Outcome:
    """One unsur that is lower in truth, or none; which are called lower?"""
    sample = sampled([[row] for row in crowd(rng, n, worse, "WAKTU")])
    lower = naming.lower_unsur(sample.score, sample.moments)
    lowest = naming.lowest_codes(sample.score)
    if not worse:
        return {"before": bool(lowest), "after": any(lower.values())}
    others = [code for code, is_lower in lower.items() if is_lower and code != "WAKTU"]
    return {
        "after": bool(others),
        "the low one is lowest by rank": bool(lowest) and lowest[0] == "WAKTU",
        "the low one is called lower": lower["WAKTU"],
    }


def of_services(rng: random.Random, n: int, worse: float) -> Outcome:
    """Services of very different size, of which one is lower in truth, or none."""
    shares = list(accumulate(1 / (rank + 1) for rank in range(SERVICES)))
    chosen = rng.choices(range(SERVICES), cum_weights=shares, k=n)
    low = 3  # a service of about a tenth of the responses
    rows: dict[int, list[list[Row]]] = {}
    for service in chosen:
        rows.setdefault(service, []).append([Person(rng).answers(worse if service == low else 0)])
    samples = {service: sampled(phones) for service, phones in rows.items() if len(phones) >= 5}
    groups = {service: (each.score, each.moments) for service, each in samples.items()}
    lowest = min(groups, key=lambda service: index_of(groups[service][0]))
    lower = naming.lower_groups(groups)
    wrong = lower - {low} if worse else lower
    outcome: Outcome = {
        "before": lowest != low or not worse,
        "after": bool(wrong),
        "lowest has 30 responses or is clearly lower": lowest in naming.named_groups(groups),
    }
    if worse:
        outcome["the low one is called lower"] = low in lower
    return outcome


def experiments(rng: random.Random, size: int) -> Iterator[tuple[str, Draw, float]]:
    """What is printed, how it is drawn, and which share of the repeats it needs."""
    truth = truth_of(rng, size)
    yield "interval holds the index of all users, random sample", partial(of_users, rng, 0), 1
    yield (
        "interval holds the index of all users, self-selected",
        partial(of_users, rng, INCLINATION),
        1,
    )
    yield "interval holds the truth, phones answer up to 3 times", partial(of_phones, rng, truth), 1
    yield "change called nyata, nothing changed", partial(of_two_quarters, rng), 1
    yield "fall alarmed in a quarter, nothing changed", partial(of_nights, rng), 0.5
    for n in (13, 40, 142):
        yield f"an unsur named, all equal, n = {n}", partial(of_unsur, rng, n, 0), 1
    for n in (13, 40, 142):
        yield f"one unsur 0.3 lower, n = {n}: another named", partial(of_unsur, rng, n, 0.45), 1
    yield "a service named, all equal, n = 142", partial(of_services, rng, 142, 0), 0.5
    yield "one service lower, n = 142: another named", partial(of_services, rng, 142, 0.7), 0.5


def main(arguments: Sequence[str] | None = None) -> None:
    """Simulate and print one line for each experiment and rule."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=14)
    parser.add_argument("--crowd", type=int, default=60_000, help="people whose index is the truth")
    chosen = parser.parse_args(arguments)
    rng = random.Random(chosen.seed)
    print(f"{'':58} {'before':>8} {'after':>8}", flush=True)
    for title, draw, share in experiments(rng, chosen.crowd):
        outcomes = [draw() for _ in range(max(1, round(chosen.repeats * share)))]
        means = {key: sum(each[key] for each in outcomes) / len(outcomes) for key in outcomes[0]}
        before = f"{means.pop('before'):.1%}" if "before" in means else ""
        print(f"{title:58} {before:>8} {means.pop('after'):8.1%}", flush=True)
        for key, mean in means.items():
            shown = f"{mean:8.2f}" if "points" in key else f"{mean:8.1%}"
            print(f"    {key:54} {'':8} {shown}", flush=True)


if __name__ == "__main__":
    main()
