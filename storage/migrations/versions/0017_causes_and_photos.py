"""Why an unsur is weak, what a follow-up did, and photos of it."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column(
        "follow_up", sa.Column("description", sa.Text(), server_default="", nullable=False)
    )
    op.create_table(
        "cause",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_cause_period_id")),
        sa.PrimaryKeyConstraint("period_id", "item", name=op.f("pk_cause")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "follow_up_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("follow_up_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("png", sa.LargeBinary(), nullable=False),
        sa.Column("added_by", sa.BigInteger(), nullable=False),
        sa.Column("added_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_follow_up_photo_follow_up_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_photo")),
        sa.UniqueConstraint("follow_up_id", "sha256", name=op.f("uq_follow_up_photo_follow_up_id")),
    )
