"""Who asked for news of a period's follow-up; no statistics of the chats of citizens."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "news_request",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(
            ["period_id"], ["period.id"], name=op.f("fk_news_request_period_id")
        ),
        sa.PrimaryKeyConstraint("period_id", "chat_id", name=op.f("pk_news_request")),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "sqlite":
        return
    for table in ("news_request", "outbox"):  # samples outlive the rows
        op.execute(f"ALTER TABLE {table} ALTER COLUMN chat_id SET STATISTICS 0")
