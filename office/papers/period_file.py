"""A locked period as one JSON file, for `puas rekap`, which joins several offices.

It holds the sums of each unit's figures (`office.figures`): no channel, no service, no answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from office.figures import figures
from office.figures.figures import Figures
from office.office import Office
from scoring import ikm, naming, os_reasons
from scoring.ikm import Mode, Score
from scoring.instrument import Instrument
from storage import (
    follow_ups,
    periods,
    results,
)
from storage.database import Db
from storage.periods import fingerprint
from storage.settings import office_facts

KIND = "puas-periode-2"
MOST_BYTES = 2**20
Name = Annotated[str, Field(min_length=1, max_length=250)]
Count = Annotated[int, Field(ge=0, le=10**9)]


class NotAPeriodFile(Exception):
    """The file is not a locked period; the message says why."""


class NotLocked(Exception):
    """Periode itu belum dikunci; berkas JSON hanya untuk angka yang sudah dikunci."""


class _Part(BaseModel):
    # Built with the first file that is read: a start needs none.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class UnitPart(_Part):
    """One unit: of each unsur how many answered it, and the sum of their nilai."""

    nama: Name
    n: Count
    pengguna: Count | None
    jumlah: dict[str, tuple[Count, Count]]
    nrr: dict[str, str | None]
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

    berkas: Literal["puas-periode-2"]
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
        NotLocked, NoFigures, Differs
    """
    given = figures.of(db, office, label)
    if given.span.final is None:
        raise NotLocked
    mode = given.score.mode
    return PeriodFile(
        berkas=KIND,
        kantor=office_facts.name(db),
        kabupaten=office_facts.read(db).kabupaten,
        periode=given.named.label,
        revisi=given.revision,
        instrumen=_named(given.registered.instrument),
        mode=ModePart(bobot=mode.bobot, pembulatan=mode.pembulatan),
        unit=tuple(_units(db, given)),
        tindak_lanjut=_follow_up(db, given),
    )


def _named(instrument: Instrument) -> str:
    return f"{instrument.code}/{instrument.version}"


def _units(db: Db, given: Figures) -> list[UnitPart]:
    """Each unit that has figures, and the joined ones; else the office alone."""
    if not given.by_unit:
        known = given.users_known == len(given.span.periods)
        return [_unit(office_facts.name(db), given.score, given.users if known else None)]
    return [
        _unit(part.name, part.score, given.unit_users.get(part.key) if part.key else None)
        for part in given.by_unit
    ]


def _unit(name: str, score: Score, users: int | None) -> UnitPart:
    jumlah = {code: (item.n, item.jumlah) for code, item in score.items.items()}
    return UnitPart(
        nama=name,
        n=score.n,
        pengguna=users,
        jumlah=jumlah,
        nrr=_nrr(score),
        ikm=None if score.ikm is None else str(score.ikm),
        mutu=score.mutu,
        terendah=naming.lowest_codes(score),
        sidik=sidik(_named(score.instrument), score.mode, score.n, jumlah),
    )


def _nrr(score: Score) -> dict[str, str | None]:
    return {
        code: None if unsur.nrr is None else str(unsur.nrr) for code, unsur in score.unsur.items()
    }


def sidik(instrument: str, mode: Mode, n: int, jumlah: Mapping[str, tuple[int, int]]) -> str:
    """The fingerprint of a unit's sums."""
    sums = {code: list(each) for code, each in sorted(jumlah.items())}
    return fingerprint([results.FORMULA, instrument, mode.bobot, mode.pembulatan, n, sums])


def _follow_up(db: Db, given: Figures) -> FollowUpPart:
    before = periods.preceding(db, given.span.periods[0])
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
        raise NotAPeriodFile(f"{path}: tidak dapat dibuka ({os_reasons.reason(error)}).") from None
    if len(content) > MOST_BYTES:
        raise NotAPeriodFile(f"{path}: terlalu besar; ini bukan berkas periode dari puas export.")
    try:
        return PeriodFile.model_validate_json(content)
    except ValidationError:
        raise NotAPeriodFile(
            f"{path}: bukan berkas periode; minta unit itu membuatnya dengan puas export PERIODE"
            " --out NAMA.json."
        ) from None


def score_of(instrument: Instrument, mode: Mode, unit: UnitPart) -> Score:
    """The unit's figures computed again from its sums.

    Raises:
        ValueError: sums that no answers on the instrument's scale have.
    """
    return ikm.score_of_sums(instrument, unit.n, unit.jumlah, mode)


def is_consistent(file: PeriodFile, unit: UnitPart, score: Score) -> bool:
    """Whether everything the file says of a unit follows from its sums."""
    return (
        unit.sidik == sidik(file.instrumen, score.mode, unit.n, unit.jumlah)
        and unit.jumlah.keys() == score.items.keys()
        and unit.nrr == _nrr(score)
        and unit.ikm == (None if score.ikm is None else str(score.ikm))
        and unit.mutu == score.mutu
        and unit.terendah == naming.lowest_codes(score)
    )
