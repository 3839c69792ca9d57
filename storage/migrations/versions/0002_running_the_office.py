"""Running the office: unit heads, LHE SAKIP, the IKU table, paper answers, the follow-up."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.BigInteger(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.create_index(
            "uq_batch_file",
            ["sha256"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )

    op.create_table(
        "iku",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sasaran", sa.Text(), nullable=False),
        sa.Column("indikator", sa.String(length=200), nullable=False),
        sa.Column("satuan", sa.String(length=40), nullable=False),
        sa.Column("formulasi", sa.Text(), nullable=False),
        sa.Column("arah", sa.String(length=5), nullable=False),
        sa.Column("sumber", sa.String(length=8), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_iku")),
    )
    op.create_table(
        "lhe",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tahun_evaluasi", sa.SmallInteger(), nullable=False),
        sa.Column("revision", sa.SmallInteger(), nullable=False),
        sa.Column("tahun_dinilai", sa.SmallInteger(), nullable=False),
        sa.Column("regulasi", sa.String(length=20), nullable=False),
        sa.Column("nomor", sa.String(length=80), nullable=False),
        sa.Column("tanggal", sa.Date(), nullable=False),
        sa.Column("komponen", sa.JSON(), nullable=False),
        sa.Column("nilai", sa.String(length=8), nullable=False),
        sa.Column("predikat", sa.String(length=4), nullable=True),
        sa.Column("rekomendasi", sa.Text(), nullable=False),
        sa.Column("file", sa.JSON(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("entered_by", sa.BigInteger(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lhe")),
        sa.UniqueConstraint("tahun_evaluasi", "revision", name=op.f("uq_lhe_tahun_evaluasi")),
    )
    op.create_table(
        "iku_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("iku_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("revision", sa.SmallInteger(), nullable=False),
        sa.Column("realisasi", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("entered_by", sa.BigInteger(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["iku_id"], ["iku.id"], name=op.f("fk_iku_entry_iku_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_iku_entry")),
        sa.UniqueConstraint("iku_id", "year", "revision", name=op.f("uq_iku_entry_iku_id")),
    )
    op.create_table(
        "iku_target",
        sa.Column("iku_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("predikat", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["iku_id"], ["iku.id"], name=op.f("fk_iku_target_iku_id")),
        sa.PrimaryKeyConstraint("iku_id", "year", name=op.f("pk_iku_target")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("counter_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_by", sa.BigInteger(), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["counter_id"], ["counter.id"], name=op.f("fk_invitation_counter_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_invitation_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("hash", name=op.f("uq_invitation_hash")),
    )
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("kegiatan", sa.Text(), nullable=False),
        sa.Column("responsible", sa.String(length=120), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("obstacle", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('rencana', 'berjalan', 'selesai', 'batal')",
            name=op.f("ck_follow_up_status"),
        ),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_follow_up_period_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
    )
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_up_period_id"), ["period_id"], unique=False)

    op.create_table(
        "population",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("users", sa.Integer(), nullable=False),
        sa.CheckConstraint("users >= 0", name=op.f("ck_population_users")),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_population_period_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_population_unit_id")),
        sa.PrimaryKeyConstraint("period_id", "unit_id", name=op.f("pk_population")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rated",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_rated_period_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_rated_unit_id")),
        sa.PrimaryKeyConstraint("period_id", "unit_id", name=op.f("pk_rated")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rating",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("step", sa.String(length=40), nullable=True),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status = 0 OR (unit_id IS NULL AND chat_id IS NULL AND step IS NULL"
            " AND touched_at IS NULL)",
            name=op.f("ck_rating_sent_without_unit"),
        ),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_rating_period_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_rating_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("period_id", "unit_id", name=op.f("uq_rating_period_id")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rating_chat_id"), ["chat_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rating_period_id"), ["period_id"], unique=False)

    op.create_table(
        "revision",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_revision_period_id")),
        sa.PrimaryKeyConstraint("period_id", "number", name=op.f("pk_revision")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "duty",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name=op.f("fk_duty_counter_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_duty")),
    )
    op.create_table(
        "rating_answer",
        sa.Column("rating_id", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("nilai", sa.SmallInteger(), nullable=True),
        sa.CheckConstraint("nilai >= 1", name=op.f("ck_rating_answer_nilai")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_rating_answer_item_id")),
        sa.ForeignKeyConstraint(
            ["rating_id"],
            ["rating.id"],
            name=op.f("fk_rating_answer_rating_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("rating_id", "item_id", name=op.f("pk_rating_answer")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "slip",
        sa.Column(
            "response_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("petugas", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_slip_batch_id")),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_slip_period_id")),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_slip_response_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_slip")),
        sa.UniqueConstraint("period_id", "number", name=op.f("uq_slip_period_id")),
    )
    with op.batch_alter_table("slip", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slip_batch_id"), ["batch_id"], unique=False)

    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kerja", sa.Boolean(), nullable=True))
    unit = sa.table("unit", sa.column("kerja", sa.Boolean()))
    op.execute(unit.update().values(kerja=False))
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.alter_column("kerja", existing_type=sa.Boolean(), nullable=False)
