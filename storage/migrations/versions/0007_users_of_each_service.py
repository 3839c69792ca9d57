"""How many people used each service in a period."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service_population",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("users", sa.Integer(), nullable=False),
        sa.CheckConstraint("users >= 0", name=op.f("ck_service_population_users")),
        sa.ForeignKeyConstraint(
            ["period_id"], ["period.id"], name=op.f("fk_service_population_period_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_service_population_service_id")
        ),
        sa.PrimaryKeyConstraint("period_id", "service_id", name=op.f("pk_service_population")),
        sqlite_with_rowid=False,
    )
