"""Wordings of one series share their items, and a version is no longer unique.

Where an office raised the version for a change of words, the items of the later one are joined with
those of the first.
"""

# ruff: noqa: S608 # the statements are put together from names of our own tables and numbers

import tomllib
from fractions import Fraction

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("instrument") as batch_op:
        batch_op.drop_constraint(op.f("uq_instrument_code"), type_="unique")
        batch_op.add_column(sa.Column("first_wording_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_instrument_first_wording_id"), "instrument", ["first_wording_id"], ["id"]
        )
    _join_series(op.get_bind())
    kept = {"sqlite_with_rowid": False}
    with op.batch_alter_table("open_rating", table_kwargs=kept) as batch_op:
        batch_op.add_column(sa.Column("instrument_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE open_rating SET instrument_id ="
        " (SELECT p.instrument_id FROM period p WHERE p.id = open_rating.period_id)"
    )
    with op.batch_alter_table("open_rating", table_kwargs=kept) as batch_op:
        batch_op.alter_column("instrument_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_foreign_key(
            op.f("fk_open_rating_instrument_id"), "instrument", ["instrument_id"], ["id"]
        )


def _join_series(db: sa.Connection) -> None:
    """Let each instrument share the items of the first one of its series."""
    firsts: dict[object, int] = {}
    for number, content in list(
        db.execute(sa.text("SELECT id, content FROM instrument ORDER BY id"))
    ):
        first = firsts.setdefault(_series(content), number)
        if first == number:
            continue
        db.execute(
            sa.text("UPDATE instrument SET first_wording_id = :first WHERE id = :id"),
            {"first": first, "id": number},
        )
        shared, own = _items(db, first), _items(db, number)
        cases = " ".join(f"WHEN {own[code]} THEN {shared[code]}" for code in own)
        ids = ", ".join(str(item) for item in own.values())
        for table in ("answer", "rating_answer", "tally"):
            op.execute(
                f"UPDATE {table} SET item_id = CASE item_id {cases} END WHERE item_id IN ({ids})"
            )
        db.execute(sa.text("DELETE FROM item WHERE instrument_id = :id"), {"id": number})


def _items(db: sa.Connection, instrument: int) -> dict[str, int]:
    found = db.execute(
        sa.text("SELECT code, id FROM item WHERE instrument_id = :id"), {"id": instrument}
    )
    return {row.code: row.id for row in found}


def _series(content: str) -> object:
    """What made results comparable when this migration was written."""
    read = tomllib.loads(content)
    common = read["code"], tuple(read["scale"])
    if "aspek" in read:
        weights = {
            (
                aspek["code"],
                Fraction(aspek["bobot"]),
                item["code"],
                Fraction(item.get("bobot", read["bobot_indikator"])),
            )
            for aspek in read["aspek"]
            for item in aspek["items"]
        }
        return common, read["arti_pembagi"], read["pembagi"], frozenset(weights)
    return (
        common,
        read["conversion"],
        frozenset((item["code"], Fraction(item["weight"])) for item in read["items"]),
        frozenset(read.get("compatibility_weights", ())),
        tuple((grade["mutu"], grade["lower"]) for grade in read["grades"]),
    )
