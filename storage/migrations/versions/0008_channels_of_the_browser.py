"""Longer names of channels. SQLite stores any length in these columns: nothing to change."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    for table in ("open_response", "response", "tally"):
        op.alter_column(
            table, "kanal", type_=sa.String(length=16), existing_type=sa.String(length=8)
        )
