"""The office's own data: its facts, its posters, and who signs its papers, from when until when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from typing import Any, Literal, TypeAlias

from sqlalchemy import bindparam, func, or_, select, update

from scoring.unit_instrument import ArtiPembagi
from storage import tables as t
from storage.database import Db, insert
from storage.settings import rows

Seat: TypeAlias = Literal["kepala", "atasan"]  # of the office; his superior, with whom he agrees
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


@dataclass(frozen=True, slots=True)
class Official:
    """One who signs; `since` and `until` are the first and the last day, None where it is open."""

    id: int
    seat: Seat
    name: str
    nip: str
    pangkat: str
    jabatan: str
    acting: str  # Plt. | Plh. | empty
    since: date | None
    until: date | None

    @property
    def position(self) -> str:
        """`Plt. Camat Pakong`."""
        return f"{self.acting} {self.jabatan}".strip()


_O = t.official.c
_COLUMNS = tuple(_O[name] for name in Official.__slots__)
_LATEST = (_O.since.is_(None), _O.since.desc(), _O.id.desc())


def officials(db: Db) -> list[Official]:
    """All of them: of each seat the latest first."""
    found = db.execute(select(*_COLUMNS).order_by(_O.seat.desc(), *_LATEST))
    return [Official(*row) for row in found]


def official(db: Db, official_id: int) -> Official | None:
    """The official with this id."""
    row = db.execute(select(*_COLUMNS).where(_O.id == official_id)).one_or_none()
    return Official(*row) if row else None


def signatory(db: Db, seat: Seat, day: date) -> Official | None:
    """Who signs on a day: of those in office the one who began last."""
    in_office = (
        _O.seat == seat,
        or_(_O.since.is_(None), _O.since <= day),
        or_(_O.until.is_(None), _O.until >= day),
    )
    row = db.execute(select(*_COLUMNS).where(*in_office).order_by(*_LATEST).limit(1)).one_or_none()
    return Official(*row) if row else None


def last_day_in_office(one: Official, known: Sequence[Official]) -> date | None:
    """The last day in office; without one, the day before the next of these begins to stay."""
    if one.until is not None:
        return one.until
    begins = one.since or date.min
    staying = [each.since for each in known if each.seat == one.seat and each.until is None]
    after = [since for since in staying if since is not None and since > begins]
    return min(after) - timedelta(days=1) if after else None


def official_target(official_id: int) -> str:
    """The target of the audit entries about an official."""
    return f"pejabat no. {official_id}"


def seed_head(db: Db, name: str, nip: str, jabatan: str) -> None:
    """Store the first head of an office that has named nobody yet."""
    none_yet = db.execute(select(func.count()).select_from(t.official)).scalar_one() == 0
    if name and none_yet:
        put_official(
            db, None, seat="kepala", name=name, nip=nip, pangkat="", jabatan=jabatan, acting="",
            since=None, until=None,
        )  # fmt: skip


def put_official(db: Db, official_id: int | None, **values: Any) -> int:
    """Store an official, new (None) or in place of a stored one; the id."""
    if official_id is None:
        added = db.execute(insert(db, t.official).values(values).returning(_O.id))
        return int(added.scalar_one())
    db.execute(update(t.official).where(_O.id == official_id).values(values))
    return official_id
