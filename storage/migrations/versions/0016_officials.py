"""Who signs the office's papers, with dates: the name in the office's data becomes the first."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KEPALA, NIP, JABATAN = "office.kepala", "office.nip", "office.jabatan"
SETTING = sa.table("setting", sa.column("key", sa.String), sa.column("value", sa.JSON))


def upgrade() -> None:
    official = op.create_table(
        "official",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seat", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("nip", sa.String(length=30), nullable=False),
        sa.Column("pangkat", sa.String(length=80), nullable=False),
        sa.Column("jabatan", sa.String(length=120), nullable=False),
        sa.Column("acting", sa.String(length=4), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("seat IN ('kepala', 'atasan')", name=op.f("ck_official_seat")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_official")),
    )
    db, c = op.get_bind(), SETTING.c
    keys = (KEPALA, NIP, JABATAN)
    facts = {row.key: row.value or "" for row in db.execute(
        sa.select(SETTING).where(c.key.in_(keys)))}  # fmt: skip
    if facts.get(KEPALA):
        db.execute(
            sa.insert(official).values(
                seat="kepala", name=facts[KEPALA], nip=facts.get(NIP, ""), pangkat="",
                jabatan=facts.get(JABATAN, ""), acting="",
            )
        )  # fmt: skip
    db.execute(sa.delete(SETTING).where(c.key.in_((KEPALA, NIP))))
