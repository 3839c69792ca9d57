"""Codes of languages of three letters. SQLite stores any length in these columns."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    for table, column in (("open_response", "language"), ("language", "code")):
        op.alter_column(table, column, type_=sa.String(length=3), existing_type=sa.String(length=2))
