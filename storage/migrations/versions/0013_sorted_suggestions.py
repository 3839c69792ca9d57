"""What the Camat put a suggestion under, whether it is done, and whether reports print it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("suggestion", sa.Column("unsur", sa.String(length=40), nullable=True))
    for name in ("done", "printed"):
        op.add_column(
            "suggestion",
            sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False),
        )
