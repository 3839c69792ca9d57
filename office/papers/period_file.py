"""A locked period as one JSON file, for `puas rekap`, which joins several offices.

It holds totals alone, of units that enough people rated: no channel, no service, no single answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from office.figures import spans
from office.figures.spans import Source
from office.office import Office
from scoring import ikm
from scoring.ikm import Mode, Score, Tally
from scoring.instrument import Instrument
from storage import (
    catalogue,
    follow_ups,
    periods,
    results,
)
from storage.database import Db
from storage.periods import fingerprint
from storage.results import Result
from storage.settings import office_facts
from storage.tables import Scope

KIND = "puas-periode-1"
MOST_BYTES = 2**20
Name = Annotated[str, Field(min_length=1, max_length=250)]
Count = Annotated[int, Field(ge=0, le=10**9)]


class NotAPeriodFile(Exception):
    """The file is not a locked period; the message says why."""


class NotLocked(Exception):
    """Periode itu belum dikunci; berkas JSON hanya untuk angka yang sudah dikunci."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class UnitPart(_Part):
    """One unit; where too few answered it has its number of responses alone."""

    nama: Name
    n: Count
    pengguna: Count | None
    rekap: dict[str, dict[str, Count]] | None
    nrr: dict[str, str | None] | None
    ikm: str | None
    mutu: str | None
    terendah: tuple[str, ...]
    sidik: str


class ModePart(_Part):
    """The arithmetic."""

    bobot: str
    pembulatan: str


class FollowUpPart(_Part):
    """What was planned after the period before, and how much of it is done."""

    rencana: Count
    selesai: Count


class PeriodFile(_Part):
    """The whole file."""

    berkas: Literal["puas-periode-1"]
    kantor: Name
    kabupaten: str
    periode: str
    revisi: Count
    instrumen: str  # code/version
    mode: ModePart
    unit: Annotated[tuple[UnitPart, ...], Field(min_length=1)]
    tindak_lanjut: FollowUpPart


def locked_figures(db: Db, office: Office, label: str) -> PeriodFile:
    """The file of a label: a locked period, or a longer stretch made of locked ones.

    Raises:
        NotLocked, spans.NoPapers, Differs
    """
    source = spans.source(db, office, label)
    if not source.locked:
        raise NotLocked
    mode = source.result.score.mode
    return PeriodFile(
        berkas=KIND,
        kantor=office_facts.name(db),
        kabupaten=office_facts.read(db).kabupaten,
        periode=source.named.label,
        revisi=sum(periods.newest_revision(db, part.id) for part in source.parts),
        instrumen=_named(source.registered.instrument),
        mode=ModePart(bobot=mode.bobot, pembulatan=mode.pembulatan),
        unit=tuple(_units(db, office, source)),
        tindak_lanjut=_follow_up(db, source),
    )


def _named(instrument: Instrument) -> str:
    return f"{instrument.code}/{instrument.version}"


def _units(db: Db, office: Office, source: Source) -> list[UnitPart]:
    """Each unit where all are large enough, else the office alone: no difference tells of few."""
    users = _users(db, source)
    found = {key: each for (scope, key), each in source.found.items() if scope == Scope.UNIT}
    apart = len(found) > 1 and all(each.score.n >= office.min_responses for each in found.values())
    if not apart:
        known = [users.get(key) for key in found]
        total = sum(n for n in known if n is not None) if known and None not in known else None
        return [_unit(office_facts.name(db), source.result, total, office.min_responses)]
    named = {unit.id: unit.name for unit in catalogue.units(db)}
    return [
        _unit(named[key], each, users.get(key), office.min_responses) for key, each in found.items()
    ]


def _users(db: Db, source: Source) -> dict[int, int]:
    """Users by unit, where they were counted in every period."""
    counted = [catalogue.users_by_unit(db, number) for number in source.ids]
    return {
        unit: sum(each[unit] for each in counted)
        for unit in counted[0]
        if all(unit in each for each in counted)
    }


def _unit(name: str, result: Result, users: int | None, least: int) -> UnitPart:
    score = result.score
    if score.n < least:
        return UnitPart(
            nama=name, n=score.n, pengguna=users, rekap=None, nrr=None, ikm=None, mutu=None,
            terendah=(), sidik="",
        )  # fmt: skip
    total = result.counts.total()
    rekap = {
        code: {str(nilai): n for nilai, n in sorted(counts.items()) if n}
        for code, counts in total.items()
    }
    return UnitPart(
        nama=name,
        n=score.n,
        pengguna=users,
        rekap=rekap,
        nrr=_nrr(score),
        ikm=None if score.ikm is None else str(score.ikm),
        mutu=score.mutu,
        terendah=lowest(score),
        sidik=sidik(_named(score.instrument), score.mode, rekap),
    )


def _nrr(score: Score) -> dict[str, str | None]:
    return {
        code: None if unsur.nrr is None else str(unsur.nrr) for code, unsur in score.unsur.items()
    }


def lowest(score: Score) -> tuple[str, ...]:
    """The codes of the three lowest unsur, lowest first."""
    found = [(unsur.nrr, code) for code, unsur in score.unsur.items() if unsur.nrr is not None]
    return tuple(code for _, code in sorted(found)[:3])


def sidik(instrument: str, mode: Mode, rekap: Mapping[str, Mapping[str, int]]) -> str:
    """The fingerprint of a unit's totals."""
    given: dict[str, Any] = {
        "instrument": instrument,
        "bobot": mode.bobot,
        "pembulatan": mode.pembulatan,
        "tallies": {code: dict(sorted(counts.items())) for code, counts in rekap.items()},
    }
    return fingerprint([results.FORMULA, given])


def _follow_up(db: Db, source: Source) -> FollowUpPart:
    before = periods.preceding(db, source.parts[0])
    lines = follow_ups.of_period(db, before.id) if before else []
    planned = [line for line in lines if line.counts]
    done = sum(line.status == "selesai" for line in planned)
    return FollowUpPart(rencana=len(planned), selesai=done)


# --- read again ------------------------------------------------------------------------------


def to_json(file: PeriodFile) -> str:
    """The file as JSON text."""
    return json.dumps(file.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"


def read(path: Path) -> PeriodFile:
    """Read and validate a file from another office.

    Raises:
        NotAPeriodFile
    """
    try:
        with path.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise NotAPeriodFile(f"{path}: tidak dapat dibuka ({error.strerror}).") from None
    if len(content) > MOST_BYTES:
        raise NotAPeriodFile(f"{path}: terlalu besar; ini bukan berkas periode dari puas export.")
    try:
        return PeriodFile.model_validate_json(content)
    except ValidationError:
        raise NotAPeriodFile(
            f"{path}: bukan berkas periode; minta unit itu membuatnya dengan puas export PERIODE"
            " --out NAMA.json."
        ) from None


def score_of(instrument: Instrument, mode: Mode, unit: UnitPart) -> Score | None:
    """The unit's figures computed again from its totals; None where the file has none.

    Raises:
        ValueError: totals that are not on the instrument's scale.
    """
    return None if unit.rekap is None else ikm.score(instrument, tally(unit), mode)


def tally(unit: UnitPart) -> Tally:
    """The totals of a unit."""
    return {
        code: {int(nilai): n for nilai, n in counts.items()}
        for code, counts in (unit.rekap or {}).items()
    }


def is_consistent(file: PeriodFile, unit: UnitPart, score: Score) -> bool:
    """Whether everything the file says of a unit follows from its totals."""
    return (
        unit.rekap is not None
        and unit.sidik == sidik(file.instrumen, score.mode, unit.rekap)
        and unit.n == score.n
        and unit.nrr == _nrr(score)
        and unit.ikm == (None if score.ikm is None else str(score.ikm))
        and unit.mutu == score.mutu
        and unit.terendah == lowest(score)
    )
