"""A follow-up is of a period's finding, or of a recommendation of an LHE."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("follow_up") as batch_op:
        batch_op.alter_column("period_id", existing_type=sa.Integer(), nullable=True)
        batch_op.alter_column(  # SQLite makes the table anew, and would put the default in brackets
            "description", existing_type=sa.Text(), existing_nullable=False, server_default=""
        )
        batch_op.add_column(sa.Column("tahun_evaluasi", sa.SmallInteger(), nullable=True))
        batch_op.add_column(sa.Column("rekomendasi", sa.Text(), server_default="", nullable=False))
        batch_op.create_check_constraint(
            op.f("ck_follow_up_source"), "(period_id IS NULL) <> (tahun_evaluasi IS NULL)"
        )
