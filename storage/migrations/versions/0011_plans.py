"""Plans in place of one table of indikator for all years.

The years of the stored profile become a plan. Runs of other years that have something, a target, a
realisasi by hand, an LHE or a period, get a copy of it each, so that their tables stay as they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

CODES = {"unit": "UNIT_KERJA", "sakip": "SAKIP", "ikm": "IKM"}
FEW_YEARS = 5  # years without anything that a plan may span
PROFILE = ("profil.periode", "profil.tugas", "profil.fungsi", "profil.source")
RULES = ("iku.tahunan", "sakip.tahun", "sakip.batas", "iku.batas_capaian")

Rows = Sequence[Mapping[str, Any]]
SETTING = sa.table("setting", sa.column("key", sa.String), sa.column("value", sa.JSON))


def upgrade() -> None:
    db = op.get_bind()
    indicators = _all(db, "SELECT * FROM iku ORDER BY position")
    targets = _all(db, "SELECT * FROM iku_target")
    moment = sa.DateTime(timezone=True)
    of_entries = sa.text("SELECT * FROM iku_entry ORDER BY id").columns(entered_at=moment)
    entries = _all(db, of_entries)
    kept = sa.select(SETTING).where(SETTING.c.key.in_(PROFILE + RULES))
    settings = {row.key: row.value for row in db.execute(kept)}
    for table in ("iku_entry", "iku_target", "iku"):
        op.drop_table(table)
    _create()
    if PROFILE[0] in settings:
        _move(db, settings, indicators, targets, entries)
        op.execute(sa.delete(SETTING).where(SETTING.c.key.in_(PROFILE + RULES)))


def _all(db: sa.Connection, query: str | sa.Executable) -> Rows:
    statement = sa.text(query) if isinstance(query, str) else query
    return [dict(row) for row in db.execute(statement).mappings()]


def _create() -> None:
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sk_number", sa.String(length=80), nullable=False),
        sa.Column("sk_date", sa.Date(), nullable=True),
        sa.Column("tugas", sa.JSON(), nullable=False),
        sa.Column("fungsi", sa.JSON(), nullable=False),
        sa.Column("tahunan", sa.String(length=16), nullable=False),
        sa.Column("lhe_year", sa.String(length=8), nullable=False),
        sa.Column("at_boundary", sa.String(length=16), nullable=False),
        sa.Column("cap", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
    )
    op.create_table(
        "plan_year",
        sa.Column("year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_year_plan_id")),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_plan_year")),
    )
    op.create_index(op.f("ix_plan_year_plan_id"), "plan_year", ["plan_id"])
    op.create_table(
        "sasaran",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_sasaran_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sasaran")),
    )
    op.create_index(op.f("ix_sasaran_plan_id"), "sasaran", ["plan_id"])
    op.create_table(
        "iku",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("sasaran_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("indikator", sa.String(length=200), nullable=False),
        sa.Column("satuan", sa.String(length=40), nullable=False),
        sa.Column("formulasi", sa.Text(), nullable=False),
        sa.Column("arah", sa.String(length=5), nullable=False),
        sa.Column("sumber", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_iku_plan_id")),
        sa.ForeignKeyConstraint(["sasaran_id"], ["sasaran.id"], name=op.f("fk_iku_sasaran_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_iku")),
        sa.UniqueConstraint("plan_id", "code", name=op.f("uq_iku_plan_id")),
    )
    op.create_table(
        "iku_year",
        sa.Column("iku_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=True),
        sa.Column("predikat", sa.String(length=20), nullable=True),
        sa.Column("program", sa.Text(), nullable=False),
        sa.Column("anggaran", sa.Text(), nullable=False),
        sa.Column("analisis", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["iku_id"], ["iku.id"], name=op.f("fk_iku_year_iku_id")),
        sa.PrimaryKeyConstraint("iku_id", "year", name=op.f("pk_iku_year")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "iku_quarter",
        sa.Column("iku_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("quarter", sa.SmallInteger(), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=True),
        sa.Column("aksi", sa.Text(), nullable=False),
        sa.Column("realisasi", sa.String(length=20), nullable=True),
        sa.Column("penyebab", sa.Text(), nullable=False),
        sa.CheckConstraint("quarter BETWEEN 1 AND 4", name=op.f("ck_iku_quarter_quarter")),
        sa.ForeignKeyConstraint(["iku_id"], ["iku.id"], name=op.f("fk_iku_quarter_iku_id")),
        sa.PrimaryKeyConstraint("iku_id", "year", "quarter", name=op.f("pk_iku_quarter")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "iku_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("iku_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("revision", sa.SmallInteger(), nullable=False),
        sa.Column("realisasi", sa.String(length=20), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("entered_by", sa.BigInteger(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["iku_id"], ["iku.id"], name=op.f("fk_iku_entry_iku_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_iku_entry")),
        sa.UniqueConstraint("iku_id", "year", "revision", name=op.f("uq_iku_entry_iku_id")),
    )


def _move(
    db: sa.Connection, settings: Mapping[str, Any], indicators: Rows, targets: Rows, entries: Rows
) -> None:
    first, last = settings["profil.periode"]
    own = range(first, last + 1)
    other = {row["year"] for row in (*targets, *entries)}
    other |= {int(row["label"][:4]) for row in _all(db, "SELECT label FROM period")}
    other |= {row["tahun_evaluasi"] for row in _all(db, "SELECT tahun_evaluasi FROM lhe")}
    runs = [own, *_runs(sorted(year for year in other if year < first)),
            *_runs(sorted(year for year in other if year > last))]  # fmt: skip
    codes = _codes(indicators)
    metadata = sa.MetaData()
    tables = {
        name: sa.Table(name, metadata, autoload_with=db)
        for name in ("plan", "plan_year", "sasaran", "iku", "iku_year", "iku_entry")
    }
    free = max((row["id"] for row in indicators), default=0)
    iku_of: dict[tuple[int, int], int] = {}  # (the old id, a year) -> the new id
    for years in runs:
        plan_id = _plan(db, tables, settings, years)
        sasaran = _sasaran(db, tables["sasaran"], plan_id, indicators)
        for row in indicators:
            number = row["id"]
            if years is not own:
                free += 1
                number = free
            values = {key: row[key] for key in COPIED}
            values |= {"id": number, "plan_id": plan_id, "code": codes[row["id"]]}
            values["sasaran_id"] = sasaran[row["sasaran"]] if row["active"] else None
            db.execute(sa.insert(tables["iku"]).values(values))
            iku_of |= {(row["id"], year): number for year in years}
    for row in targets:
        texts = dict.fromkeys(("program", "anggaran", "analisis"), "")
        moved = {**row, "iku_id": iku_of[row["iku_id"], row["year"]]}
        db.execute(sa.insert(tables["iku_year"]).values({**moved, **texts}))
    for row in entries:
        moved = {**row, "iku_id": iku_of[row["iku_id"], row["year"]]}
        db.execute(sa.insert(tables["iku_entry"]).values(moved))
    if db.dialect.name == "postgresql":
        for name in ("iku", "iku_entry"):
            op.execute(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'),"  # noqa: S608 - our names
                f" COALESCE((SELECT max(id) FROM {name}), 0) + 1, false)"
            )


COPIED = ("position", "indikator", "satuan", "formulasi", "arah", "sumber")


def _runs(years: Iterable[int]) -> list[range]:
    """The years from each first to its last, where few years lie between two of them."""
    runs: list[range] = []
    for year in years:
        if runs and year - runs[-1].stop < FEW_YEARS:
            runs[-1] = range(runs[-1].start, year + 1)
        else:
            runs.append(range(year, year + 1))
    return runs


def _codes(indicators: Rows) -> dict[int, str]:
    codes: dict[int, str] = {}
    for row in indicators:
        code = CODES.get(row["sumber"], f"IKU_{row['id']}")
        codes[row["id"]] = f"{code}_{row['id']}" if code in codes.values() else code
    return codes


def _plan(
    db: sa.Connection, tables: Mapping[str, sa.Table], settings: Mapping[str, Any], years: range
) -> int:
    first, last = settings["profil.periode"]
    own = (years.start, years.stop - 1) == (first, last)
    span = str(years.start) if len(years) == 1 else f"{years.start}–{years.stop - 1}"
    values = {
        "name": f"IKU Periode {span}",
        "source": settings["profil.source"] if own else f"Disalin dari IKU Periode {first}–{last}",
        "sk_number": "",
        "tugas": settings["profil.tugas"],
        "fungsi": settings["profil.fungsi"],
        "tahunan": settings.get("iku.tahunan", "gabungan"),
        "lhe_year": settings.get("sakip.tahun", "terbit"),
        "at_boundary": settings.get("sakip.batas", "lebih dari"),
        "cap": settings.get("iku.batas_capaian"),
    }
    plan_id = _added(db, tables["plan"], values)
    for year in years:
        db.execute(sa.insert(tables["plan_year"]).values(year=year, plan_id=plan_id))
    return plan_id


def _added(db: sa.Connection, table: sa.Table, values: Mapping[str, Any]) -> int:
    return int(db.execute(sa.insert(table).values(values).returning(table.c.id)).scalar_one())


def _sasaran(db: sa.Connection, table: sa.Table, plan_id: int, indicators: Rows) -> dict[str, int]:
    added: dict[str, int] = {}
    for row in indicators:
        name = row["sasaran"]
        if name not in added:
            values = {"plan_id": plan_id, "position": len(added) + 1, "name": name}
            added[name] = _added(db, table, values)
    return added
