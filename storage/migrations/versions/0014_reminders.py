"""An open response knows whether its person was reminded of it."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "open_response",
        sa.Column("reminded", sa.Boolean(), server_default="0", nullable=False),
    )
