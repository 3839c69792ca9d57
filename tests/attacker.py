"""An attacker who holds every published number beside every other one.

Each number is an exact linear statement about answers. What can be computed from all of them is
their row space over the rationals: a statement in it that is about the answers of one to four
people is a leak, whatever the numbers are.

`python -m tests.attacker --offices 2000 --seed 1` attacks random small offices and prints how many
leaks it found, and what bounds and whole numbers (a nilai is 1, 2, 3 or 4) tell beyond that.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from scoring.limits import MIN_RESPONSES
from storage import catalogue
from storage.tables import Door
from tests.postgres import migrate
from tests.small_office import KANAL, NILAI, ONE, SmallOffice, Statement

FEW = MIN_RESPONSES - 1
PRIMES = (2**61 - 1, 2**31 - 1)
Row = list[Any]  # of int modulo a prime, or of Fraction


@dataclass(frozen=True, slots=True)
class Leak:
    """What follows about so few people, and from what."""

    subject: str
    people: frozenset[str]
    statements: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.subject} of {len(self.people)}: {' · '.join(self.statements)}"


def leaks(office: SmallOffice) -> list[Leak]:
    """Something about the fewest people for each subject where anything about 1 to 4 follows."""
    people = {number: given.person for number, given in office.given.items()}
    found = leaks_of(office.published.values(), people)
    return found + [Leak("BIAYA", frozenset(), (named,)) for named in office.few_named]


def leaks_of(statements: Iterable[Statement], people: Mapping[int, str]) -> list[Leak]:
    """The same of statements.

    Args:
        people: response -> who gave it.
    """
    by_subject: dict[str, list[Statement]] = {}
    for statement in statements:
        by_subject.setdefault(statement.subject, []).append(statement)
    return [leak for of in by_subject.values() if (leak := _leak(of, people)) is not None]


@dataclass(frozen=True, slots=True)
class Atom:
    """The responses that are in the same statements."""

    inside: frozenset[int]  # places of the statements
    people: frozenset[str]


def _leak(statements: Sequence[Statement], people: Mapping[int, str]) -> Leak | None:
    atoms = _atoms(statements, people)
    small = [atom for atom in atoms if len(atom.people) <= FEW]
    if not small:
        return None
    large = [atom for atom in atoms if len(atom.people) > FEW]
    if not any(_rest(statements, large, small, prime) for prime in PRIMES):
        return None
    rest = _rest(statements, large, small, None)
    told = _about_fewest(rest, small, len(_contrast(statements[0].weights)))
    if told is None:
        return None
    near = [each.where for place, each in enumerate(statements)
            if any(place in atom.inside for atom in small if atom.people <= told)]  # fmt: skip
    return Leak(statements[0].subject, told, tuple(near[:4]))


def _atoms(statements: Sequence[Statement], people: Mapping[int, str]) -> list[Atom]:
    inside: dict[int, set[int]] = {}
    for place, statement in enumerate(statements):
        for number in statement.members:
            inside.setdefault(number, set()).add(place)
    by_places: dict[frozenset[int], set[str]] = {}
    for number, places in inside.items():
        by_places.setdefault(frozenset(places), set()).add(people[number])
    return [Atom(places, frozenset(those)) for places, those in by_places.items()]


def _contrast(weights: tuple[int, ...]) -> tuple[int, ...]:
    """The weights against the last one: how many answered is no statement about answers."""
    return weights if weights == ONE else tuple(each - weights[-1] for each in weights[:-1])


def _rest(
    statements: Sequence[Statement],
    large: Sequence[Atom],
    small: Sequence[Atom],
    prime: int | None,
) -> list[Row]:
    """A basis of the statements that follow and are about small atoms alone.

    A column is an atom and a nilai. The columns of large atoms are eliminated.

    Args:
        prime: compute modulo it; None: with fractions.
    """
    rows: list[Row] = []
    for place, statement in enumerate(statements):
        weights = _contrast(statement.weights)
        row = [weight if place in atom.inside else 0 for atom in (*large, *small)
               for weight in weights]  # fmt: skip
        rows.append([Fraction(each) if prime is None else each % prime for each in row])
    width = len(_contrast(statements[0].weights))
    return _reduced(rows, len(large) * width, prime)


def _reduced(rows: list[Row], columns: int, prime: int | None) -> list[Row]:
    """The rows that are left when the first columns are eliminated, without these columns."""
    for column in range(columns):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows = [row if row is pivot else _without(row, pivot, column, prime) for row in rows]
        rows = [row for row in rows if row is not pivot and any(row)]
    return [row[columns:] for row in rows if any(row)]


def _without(row: Row, pivot: Row, column: int, prime: int | None) -> Row:
    if not row[column]:
        return row
    if prime is None:
        factor = row[column] / pivot[column]
        return [a - factor * b for a, b in zip(row, pivot, strict=True)]
    factor = row[column] * pow(pivot[column], -1, prime) % prime
    return [(a - factor * b) % prime for a, b in zip(row, pivot, strict=True)]


def _about_fewest(rest: list[Row], small: Sequence[Atom], width: int) -> frozenset[str] | None:
    """The fewest people, at most four, whose answers alone some combination of rows is about."""
    concerned = [
        atom
        for place, atom in enumerate(small)
        if any(any(row[place * width : (place + 1) * width]) for row in rest)
    ]
    for those in sorted(_unions(concerned), key=lambda each: (len(each), sorted(each))):
        outside = [place for place, atom in enumerate(small) if not atom.people <= those]
        columns = [place * width + kind for place in outside for kind in range(width)]
        ordered = [[row[c] for c in columns] + _kept(row, columns) for row in rest]
        if _reduced(ordered, len(columns), None):
            return those
    return None


def _kept(row: Row, columns: Sequence[int]) -> Row:
    gone = set(columns)
    return [each for place, each in enumerate(row) if place not in gone]


def _unions(atoms: Sequence[Atom]) -> set[frozenset[str]]:
    """The people of every few atoms that are at most four."""
    found = {frozenset[str]()}
    for atom in atoms:
        found |= {more for those in found if len(more := those | atom.people) <= FEW}
    return found - {frozenset()}


# --- bounds and whole numbers -------------------------------------------------------------------


def bounded(office: SmallOffice) -> Counter[str]:
    """What bounds tell of single answers: how many there are, are known, or are narrowed.

    Of each published sum, what one answer can be when the others are anything on the scale.
    """
    known: dict[tuple[str, int], tuple[int, int]] = {}
    for statement in office.published.values():
        if statement.weights != NILAI:
            continue
        n = len(statement.members)
        jumlah = sum(office.given[each].answers[statement.subject] for each in statement.members)
        low = max(NILAI[0], jumlah - NILAI[-1] * (n - 1))
        high = min(NILAI[-1], jumlah - NILAI[0] * (n - 1))
        for number in statement.members:
            before = known.get((statement.subject, number), (NILAI[0], NILAI[-1]))
            known[statement.subject, number] = max(low, before[0]), min(high, before[1])
    counts = Counter(answers=len(known))
    counts["known"] = sum(low == high for low, high in known.values())
    counts["narrowed"] = sum(0 < high - low < NILAI[-1] - NILAI[0] for low, high in known.values())
    return counts


# --- random offices -----------------------------------------------------------------------------

FIRST = ("2026-TW1", "2026-TW1", "2026-TW1", "2026-S1", "2026-01")
PERIODS = {"triwulan": 5, "semester": 3, "bulan": 6}


def random_office(rng: random.Random, path: Path) -> SmallOffice:
    """A small office whose people rate, come again, change their mind; all its figures collected.

    Args:
        path: a migrated database.
    """
    units = [
        [rng.random() < 0.6 for _ in range(rng.randint(1, 3))] for _ in range(rng.randint(1, 4))
    ]
    while sum(map(len, units)) < 2:
        units[0].append(True)
    office = SmallOffice.at(path, units, rng.choice(FIRST))
    office.chance = rng
    numbers = list(range(1, len(units) + 1))
    if len(numbers) > 1:
        some = sorted(rng.sample(numbers, 2))
        more = sorted(rng.sample(numbers, rng.randint(1, len(numbers))))
        office.groups = list({tuple(some), (some[0],), tuple(more)})
    habits = _habits(rng, office)
    waiting: list[str] = []
    for _ in range(rng.randint(2, PERIODS[office.kind])):
        size = rng.choice((0, rng.randint(1, 4), rng.randint(4, 12), rng.randint(8, 40)))
        for _ in range(2):
            _day(rng, office, habits, size // 2 + rng.randint(0, 1) if size else 0)
            if rng.random() < 0.5:
                office.night()
        waiting.append(office.turns_over().label)
        _second_thoughts(rng, office)
        if rng.random() < 0.5:
            office.night()
        if rng.random() < 0.6:  # people of the next period, before this one is locked
            _day(rng, office, habits, rng.randint(0, 4))
        _second_thoughts(rng, office)
        while waiting and rng.random() < 0.85:
            _locks(rng, office, habits, waiting.pop(0))
    for label in waiting:
        _locks(rng, office, habits, label)
    office.collects_longer()
    office.database.close()
    return office


@dataclass(frozen=True, slots=True)
class Habits:
    """What the people of an office are like: weights of nilai, skips, options and so on."""

    nilai: Sequence[int]
    skips: Mapping[str, float]
    options: Mapping[str, tuple[Sequence[str], Sequence[int]]]
    declines: float
    services: Sequence[int]
    popular: Sequence[int]
    channels: Mapping[str, int]


# How often people come through each channel.
CHANNELS_USED: Sequence[Mapping[str, int]] = (
    {"telegram": 9, "dibantu": 1},
    {"telegram": 5, "web": 5},
    {"telegram": 9, "kios": 9, "kios-beruntun": 1},
    {"web": 6, "web-beruntun": 4},
    {"web": 4, "web-kode": 4, "kios": 2},
    dict.fromkeys(KANAL, 1),
)


def _habits(rng: random.Random, office: SmallOffice) -> Habits:
    instrument = office.office.instruments[office.office.instrument_id].instrument
    seldom = rng.sample(list(office.codes), rng.choice((0, 0, 1, 2)))
    with office.database.read() as db:
        services = sorted(catalogue.services_by_id(db))
    return Habits(
        nilai=rng.choice(((1, 1, 1, 1), (1, 2, 6, 5), (0, 0, 1, 9), (3, 2, 2, 1))),
        skips={code: 0.8 if code in seldom else 0.05 for code in office.codes},
        options={
            attribute.code: (
                [option.code for option in attribute.options],
                [rng.choice((0, 1, 4)) for _ in attribute.options[1:]] + [5],
            )
            for attribute in instrument.attributes
        },
        declines=rng.choice((0.05, 0.3, 0.9)),
        services=services,
        popular=[rng.choice((1, 2, 12)) for _ in services],
        channels=rng.choice(CHANNELS_USED),
    )


def _day(rng: random.Random, office: SmallOffice, habits: Habits, people: int) -> None:
    """Some people rate one service or several, some of them again; some answer on paper."""
    for _ in range(people):
        kanal = rng.choices(list(habits.channels), list(habits.channels.values()))[0]
        # At a counter each response is of a new person.
        counter = kanal.startswith("kios")
        chat = 1000 + len(office.given) if counter else rng.randint(1, 60)
        for _ in range(1 if counter else rng.choice((1, 1, 1, 2, 5))):
            service = rng.choices(habits.services, habits.popular)[0]
            if office.times(chat, service, kanal) < office.office.repeat:
                office.rates(chat, *_answers(rng, office, habits), service=service, kanal=kanal)
    if rng.random() < 0.3:
        slips = [
            (rng.choices(habits.services, habits.popular)[0], *_answers(rng, office, habits))
            for _ in range(rng.randint(1, 9))
        ]
        batch = office.adds_paper(rng.choice(office.unlocked()), slips)
        if rng.random() < 0.3:
            office.undoes_paper(batch)


def _answers(
    rng: random.Random, office: SmallOffice, habits: Habits
) -> tuple[list[int], dict[str, str]]:
    answers = [
        0 if rng.random() < habits.skips[code] else rng.choices(NILAI, habits.nilai)[0]
        for code in office.codes
    ]
    about = {
        attribute: "-" if rng.random() < habits.declines else rng.choices(codes, weights)[0]
        for attribute, (codes, weights) in habits.options.items()
    }
    return answers, about


def _locks(rng: random.Random, office: SmallOffice, habits: Habits, label: str) -> None:
    """A period is locked, and sometimes corrected afterwards."""
    office.longer = rng.random() < 0.3  # figures of a year so far
    if not office.locks(label):
        return
    for _ in range(rng.choice((0, 0, 1, 2))):
        if rng.random() < 0.5:
            service = rng.choice(habits.services)
            slips = [(service, *_answers(rng, office, habits)) for _ in range(rng.randint(3, 12))]
            office.adds_late(label, slips)
        elif batch := office.batch_in(rng, label):
            office.moves(label, batch, rng.choice(habits.services))


def _second_thoughts(rng: random.Random, office: SmallOffice) -> None:
    """Some responses are voided, some people erase theirs."""
    for _ in range(rng.choice((0, 0, 1, 3))):
        number = office.anybody(rng)
        if number is not None:
            office.voids(number)
    for _ in range(rng.choice((0, 0, 1, 3))):
        office.erases(rng.randint(1, 60), rng.choice(list(Door)))


# --- the command --------------------------------------------------------------------------------


def attack(offices: int, seed: int) -> Counter[str]:
    """Attack random offices; every leak is printed. Returns what was counted."""
    counts = Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder, "migrated.db")
        migrate(f"sqlite:///{template}")
        for number in range(seed, seed + offices):
            path = Path(shutil.copy(template, Path(folder, "puas.db")))
            office = random_office(random.Random(number), path)
            found = leaks(office)
            for leak in found:
                sys.stdout.write(f"office {number}: {leak}\n")
            told = bounded(office)
            counts += Counter(
                offices=1,
                leaking=bool(found),
                periods=len(office.blocks),
                corrections=office.corrected,
                ran_on=office.ran_on,
                responses=len(office.given),
                figures=office.figures,
                statements=len(office.published),
                knowing=bool(told["known"]),
            )
            counts += told
            for left in Path(folder).glob("puas.db*"):
                left.unlink()
    return counts


def main(arguments: Sequence[str] | None = None) -> int:
    """Attack as many offices as asked for; 1 when there is a leak."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacker")
    parser.add_argument("--offices", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    began = time.monotonic()
    counts = attack(given.offices, given.seed)
    for name, n in counts.items():
        sys.stdout.write(f"{name:12} {n}\n")
    sys.stdout.write(f"{'seconds':12} {time.monotonic() - began:.0f}\n")
    return 1 if counts["leaking"] else 0


if __name__ == "__main__":
    sys.exit(main())
