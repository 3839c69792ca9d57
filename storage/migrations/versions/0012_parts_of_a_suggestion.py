"""A suggestion of an open response keeps its messages apart; one may be added after *Kirim*."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    db = op.get_bind()
    op.add_column(
        "open_response", sa.Column("saran_parts", sa.JSON(), nullable=False, server_default="{}")
    )
    op.add_column("open_response", sa.Column("answers_in", sa.BigInteger(), nullable=True))
    change = sa.text(
        "UPDATE open_response SET saran_parts = :parts WHERE door = :door AND person = :person"
    ).bindparams(sa.bindparam("parts", type_=sa.JSON()))
    written = db.execute(
        sa.text("SELECT door, person, saran FROM open_response WHERE saran IS NOT NULL")
    )
    for row in written.all():
        db.execute(change, {"parts": {"0": row.saran}, "door": row.door, "person": row.person})
    op.drop_column("open_response", "saran")
    # As `storage.database.Day`: SQLite keeps the days since 1970.
    day = sa.Integer() if db.dialect.name == "sqlite" else sa.Date()
    for period_id in db.execute(sa.text("SELECT period_id FROM period_salt")).scalars().all():
        op.add_column(f"owner_{period_id}", sa.Column("added_on", day, nullable=True))
