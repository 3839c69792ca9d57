"""Targets as they are typed: one, several years, several indikator, in one message."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from bot.officers.forms import fields
from bot.officers.forms.form import InvalidInput
from office.turn import Turn
from scoring.iku import Target
from storage.planning.ikus import Indicator

LARGEST = Decimal(1_000_000)
PREDIKAT = 20
EACH = re.compile(
    r"(?:(?P<year>[0-9]{4})\s*[:=]\s*)?(?P<nilai>[0-9.,]+)(?:\s*\((?P<predikat>[^()]+)\))?"
)
CODE = re.compile(r"(?P<code>[A-Za-z][A-Za-z0-9_]*)\s*:?\s+(?P<rest>[0-9].*)")

Typed = list[list[object]]  # indikator, year, nilai, predikat: JSON of a form


def one(turn: Turn, text: str, iku_id: int, years: range, year: int) -> Typed:
    """Targets of one indikator: `83`, `70 (BB)`, `2025: 83; 2026: 84,5`; raises InvalidInput."""
    typed: Typed = []
    for part in filter(None, (part.strip() for part in re.split(r"[;\n]", text))):
        written = EACH.fullmatch(part)
        if written is None:
            raise InvalidInput(turn.office.words.plan.targets_wrong(part=part[:60]))
        of_year = int(written["year"] or year)
        if of_year not in years:
            raise InvalidInput(
                turn.office.words.plan.year_outside(year=of_year, first=years[0], last=years[-1])
            )
        nilai = fields.decimal(turn, written["nilai"], LARGEST)
        predikat = written["predikat"]
        typed.append([
            iku_id, of_year, str(nilai),
            fields.line(turn, predikat, PREDIKAT) if predikat else None,
        ])  # fmt: skip
    if len({row[1] for row in typed}) < len(typed):
        raise InvalidInput(turn.office.words.plan.year_twice())
    return typed


def several(
    turn: Turn, text: str, indicators: Sequence[Indicator], years: range, year: int
) -> Typed:
    """Targets of several indikator, one a line that begins with its code; raises InvalidInput."""
    by_code = {indicator.code: indicator.id for indicator in indicators}
    typed: Typed = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        written = CODE.fullmatch(line)
        code = written["code"].upper() if written else ""
        if written is None or code not in by_code:
            raise InvalidInput(turn.office.words.plan.codes_wrong(codes=", ".join(by_code)))
        typed += one(turn, written["rest"], by_code[code], years, year)
    return typed


def target(row: Sequence[object]) -> Target:
    """The target of a row."""
    predikat = row[3]
    return Target(Decimal(str(row[2])), None if predikat is None else str(predikat))


def by_indikator(typed: Typed) -> Mapping[object, list[Sequence[object]]]:
    """The rows of each indikator."""
    found: dict[object, list[Sequence[object]]] = {}
    for row in typed:
        found.setdefault(row[0], []).append(row)
    return found
