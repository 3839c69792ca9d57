"""Which codes of a visit were used; an open response knows its own."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("open_response", sa.Column("visit", sa.SmallInteger(), nullable=True))
    op.create_table(
        "visit_code",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_visit_code_period_id")),
        sa.PrimaryKeyConstraint("period_id", "number", name=op.f("pk_visit_code")),
        sqlite_with_rowid=False,
    )
