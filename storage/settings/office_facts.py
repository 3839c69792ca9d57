"""Settings of the office: its facts, and its posters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from sqlalchemy import bindparam, select

from scoring.unit_instrument import ArtiPembagi
from storage import tables as t
from storage.database import Db
from storage.settings import rows

Fact = Literal[
    "nama", "jabatan", "kabupaten", "alamat", "kontak", "sk", "tim", "persiapan", "pelaporan",
    "publikasi",
]  # fmt: skip
PosterCodes = Literal["telegram dan peramban", "peramban"]

PREFIX = "office."  # then the fact
KERJA_SEEDED = "seeded.unit_kerja"
POSTER_CODES = "poster.kode"
ARTI_PEMBAGI = "unit.arti_pembagi"


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """What the office is called, where it is, who surveys when; empty where nobody filled it in."""

    nama: str = ""
    jabatan: str = ""
    kabupaten: str = ""
    alamat: str = ""
    kontak: str = ""
    sk: str = ""
    tim: str = ""
    persiapan: str = ""
    pelaporan: str = ""
    publikasi: str = ""


_C = t.setting.c
_VALUES = select(_C.key, _C.value).where(_C.key.in_(bindparam("keys", expanding=True)))
_OFFICE_KEYS = tuple(f"{PREFIX}{field.name}" for field in fields(OfficeFacts))


def name(db: Db) -> str:
    """What the office is called now; every process sees a change at once."""
    return str(db.execute(rows.VALUE, {"key": f"{PREFIX}nama"}).scalar_one_or_none())


def read(db: Db) -> OfficeFacts:
    """The facts of the office, read in one statement."""
    stored = _values(db, _OFFICE_KEYS)
    texts = {key.removeprefix(PREFIX): str(text or "") for key, text in stored.items()}
    return OfficeFacts(**texts)


def change(db: Db, fact: Fact, text: str) -> None:
    """Change one fact of the office."""
    rows.put(db, f"{PREFIX}{fact}", text)


def audit_target(fact: str) -> str:
    """The target of the audit entries about a fact."""
    return f"data kantor: {fact}"


def seed(db: Db, facts: OfficeFacts) -> None:
    """Set the facts that were never set: after the first start the database wins."""
    rows.seed(db, {f"{PREFIX}{name}": text for name, text in asdict(facts).items()})


def confirmed_reading(db: Db) -> ArtiPembagi | None:
    """What the divisor in the unit heads' formula means to the office; None until it says so."""
    arti: ArtiPembagi | None = rows.value(db, ARTI_PEMBAGI)
    return arti


def confirm_reading(db: Db, arti: ArtiPembagi | None) -> None:
    """Note what the divisor means to the office; None: that is open again."""
    rows.put(db, ARTI_PEMBAGI, arti)


def poster_codes(db: Db) -> PosterCodes:
    """What the QR codes on a poster lead to, where the office has pages for a browser."""
    codes: PosterCodes = rows.value(db, POSTER_CODES) or "telegram dan peramban"
    return codes


def choose_poster_codes(db: Db, codes: PosterCodes) -> None:
    """Choose what the QR codes on the next posters lead to."""
    rows.put(db, POSTER_CODES, codes)


def was_kerja_seeded(db: Db) -> bool:
    """Whether the starter list of unit kerja was offered to this office before."""
    return rows.value(db, KERJA_SEEDED) is not None


def note_kerja_seeded(db: Db) -> None:
    """Note that the starter list was offered: it is never added again."""
    rows.put(db, KERJA_SEEDED, True)


def _values(db: Db, keys: Iterable[str]) -> dict[str, Any]:
    """The values of these settings, by key; those never set are left out."""
    return {row.key: row.value for row in db.execute(_VALUES, {"keys": list(keys)})}
