"""Blocks in place of results: what a lock stores is the sums that may be published, and no more.

The results of citizens' periods are deleted. Those of locked periods are computed anew from the
answers at the next start, those of the others held what may not be published.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unit_result",
        sa.Column("period_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("formula", sa.String(length=40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("index", sa.Text(), nullable=True),
        sa.Column("nilai", sa.String(length=12), nullable=True),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name="fk_unit_result_period_id"),
        sa.PrimaryKeyConstraint("period_id", name="pk_unit_result"),
    )
    op.execute(
        'INSERT INTO unit_result (period_id, formula, n, "index", nilai, inputs, fingerprint,'
        ' computed_at) SELECT r.period_id, r.formula, r.n, r."index", r.ikm, r.inputs,'
        " r.fingerprint, r.computed_at FROM result r JOIN period p ON p.id = r.period_id"
        " WHERE p.kind = 'unit'"
    )
    op.drop_table("result")
    op.create_table(
        "result",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.SmallInteger(), nullable=False),
        sa.Column("formula", sa.String(length=40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("index", sa.Text(), nullable=True),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("levy", sa.JSON(), nullable=True),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name="fk_result_period_id"),
        sa.PrimaryKeyConstraint("period_id", "revision", name="pk_result"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "block",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("apart", sa.Boolean(), nullable=False),
        sa.Column("tallies", sa.JSON(), nullable=False),
        sa.Column("moments", sa.JSON(), nullable=False),
        sa.Column("since", sa.SmallInteger(), nullable=False),
        sa.Column("until", sa.SmallInteger(), nullable=True),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name="fk_block_period_id"),
        sa.PrimaryKeyConstraint("period_id", "number", name="pk_block"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("slips", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sa.BigInteger(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("ikm_before", sa.String(length=12), nullable=True),
        sa.Column("ikm_after", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name="fk_correction_period_id"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name="fk_correction_batch_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name="fk_correction_service_id"),
        sa.PrimaryKeyConstraint("id", name="pk_correction"),
    )
    op.create_index("ix_correction_period_id", "correction", ["period_id"])
    op.add_column("period", sa.Column("runs_into", sa.Integer(), nullable=True))
