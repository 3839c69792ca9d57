"""How often a row of the outbox was claimed by processes that died."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "outbox", sa.Column("claims", sa.SmallInteger(), server_default="0", nullable=False)
    )
