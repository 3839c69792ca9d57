"""Open responses apart from sent ones; owners, attributes and salts in tables of their own.

What links a person to his answers was in the rows of the answers themselves. Sent responses get new
random ids; the owners of a period that is not locked go to a table of that period.
"""

# ruff: noqa: S608 # the statements are put together from names of our own tables and columns

import json
import tomllib

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ATTRIBUTES = ("jenis_kelamin", "umur", "pendidikan", "pekerjaan")
NEW_ID = {
    "sqlite": "(period_id << 40) | (random() & 1099511627775)",
    "postgresql": "(period_id::bigint << 40) | ('x' || substr(replace(gen_random_uuid()::text,"
    " '-', ''), 1, 10))::bit(40)::bigint",
}
COPIED = ("response", "answer", "suggestion", "slip", "rating", "rating_answer")
PERSON = ("person", "key", "saran", "slip", "answers", "attributes")
WITHOUT_STATISTICS = {
    "period_salt": ("salt",),
    "open_response": PERSON,
    "open_rating": ("unit_id", "key", "chat_id", "answers"),
    "awaited_text": ("chat_id", "data"),
    "suggestion": ("text",),
    "slip": ("number",),
    "erasure": ("owner",),
    "language": ("person",),
    "set_aside": ("payload",),
}


def upgrade() -> None:
    db = op.get_bind()
    _create_small_tables()
    _options(db)
    _salts(db)
    for table in COPIED:
        db.execute(sa.text(f"CREATE TEMP TABLE old_{table} AS SELECT * FROM {table}"))
    writing = set(db.execute(sa.text("SELECT response_id FROM awaited_text")).scalars())
    op.execute("DELETE FROM awaited_text WHERE response_id IS NOT NULL")
    with op.batch_alter_table("awaited_text") as batch_op:
        batch_op.drop_index("ix_awaited_text_response_id")
        batch_op.drop_constraint("fk_awaited_text_response_id", type_="foreignkey")
        batch_op.drop_column("response_id")
    for table in ("rating_answer", "rating", "slip", "suggestion", "answer", "response"):
        op.drop_table(table)
    _create_tables()
    _open_responses(db, writing)
    _sent_responses(db)
    _owners(db)
    _ratings(db)
    with op.batch_alter_table("claim_code") as batch_op:
        batch_op.drop_column("failures")
    _drop_salt(db)
    db.execute(sa.text("DELETE FROM setting WHERE key LIKE 'unlinking:%'"))
    # Then the files lose what was here before.
    db.execute(
        sa.text(
            "INSERT INTO setting (key, value) SELECT 'deleted_on', '\"2000-01-01\"'"
            " WHERE EXISTS (SELECT 1 FROM period)"
        )
    )
    for table in (*COPIED, "response_id", "suggestion_id"):
        db.execute(sa.text(f"DROP TABLE old_{table}"))
    if db.dialect.name == "postgresql":
        for table, columns in WITHOUT_STATISTICS.items():
            for column in columns:
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


def _options(db: sa.Connection) -> None:
    """Every option of every stored instrument, and those that responses have."""
    known: dict[tuple[str, str], None] = {}
    unsur: dict[tuple[int, str], str] = {}
    for number, content in db.execute(sa.text("SELECT id, content FROM instrument ORDER BY id")):
        read = tomllib.loads(content)
        for attribute in read.get("attributes", ()):
            for option in attribute["options"]:
                known[attribute["code"], option["code"]] = None
            known[attribute["code"], "-"] = None
        for aspek in read.get("aspek", ()):
            for item in aspek["items"]:
                unsur[number, item["code"]] = aspek["code"]
    for name in ATTRIBUTES:
        given = sa.text(f"SELECT DISTINCT {name} FROM response WHERE {name} IS NOT NULL")
        known |= {(name, code): None for code in db.execute(given).scalars()}
    add = sa.text("INSERT INTO attribute_option (attribute, code) VALUES (:attribute, :code)")
    for attribute, code in known:
        db.execute(add, {"attribute": attribute, "code": code})
    with op.batch_alter_table("item") as batch_op:
        batch_op.add_column(sa.Column("unsur", sa.String(length=40), nullable=True))
    db.execute(sa.text("UPDATE item SET unsur = code"))
    for (instrument, code), name in unsur.items():
        db.execute(
            sa.text("UPDATE item SET unsur = :unsur WHERE instrument_id = :i AND code = :code"),
            {"unsur": name, "i": instrument, "code": code},
        )
    with op.batch_alter_table("item") as batch_op:
        batch_op.alter_column("unsur", existing_type=sa.String(length=40), nullable=False)


def _salts(db: sa.Connection) -> None:
    db.execute(
        sa.text(
            "INSERT INTO period_salt (period_id, salt) SELECT id, salt FROM period"
            " WHERE salt IS NOT NULL AND kind = 'ikm'"
        )
    )


def _drop_salt(db: sa.Connection) -> None:
    if db.dialect.name == "postgresql":  # other tables point to this one: not rebuilt
        op.drop_constraint(op.f("ck_period_locked_without_salt"), "period")
        op.drop_column("period", "salt")
        return
    with op.batch_alter_table("period") as batch_op:
        batch_op.drop_constraint(op.f("ck_period_locked_without_salt"), type_="check")
        batch_op.drop_column("salt")


def _open_responses(db: sa.Connection, writing: set[int]) -> None:
    codes = {row.id: row.code for row in db.execute(sa.text("SELECT id, code FROM item"))}
    answers: dict[int, dict[str, int | None]] = {}
    given = sa.text(
        "SELECT a.response_id, a.item_id, a.nilai FROM old_answer a"
        " JOIN old_response r ON r.id = a.response_id WHERE r.status = 0"
    )
    for answer in db.execute(given):
        answers.setdefault(answer.response_id, {})[codes[answer.item_id]] = answer.nilai
    numbers = sa.text("SELECT response_id, number FROM old_slip WHERE number IS NOT NULL")
    slips = {row.response_id: row.number for row in db.execute(numbers)}
    add = sa.text(
        "INSERT INTO open_response (door, person, key, period_id, instrument_id, service_id,"
        " counter_id, kanal, urutan, slip, revision, step, language, repeated, writing, saran,"
        " answers, attributes, touched_at) VALUES (0, :chat_id, :key, :period_id, :instrument_id,"
        " :service_id, :counter_id, :kanal, :urutan, :slip, :revision, :step, :language,"
        " :repeated, :writing, :saran, :answers, :attributes, :touched_at)"
    )
    unfinished = db.execute(sa.text("SELECT * FROM old_response WHERE status = 0")).mappings().all()
    for row in unfinished:
        attributes = {name: row[name] for name in ATTRIBUTES if row[name] is not None}
        values = {
            "slip": slips.get(row["id"]),
            "writing": row["id"] in writing,
            "answers": json.dumps(answers.get(row["id"], {})),
            "attributes": json.dumps(attributes),
        }
        db.execute(add, dict(row) | values)


def _sent_responses(db: sa.Connection) -> None:
    _draw_ids(db, "old_response_id", "SELECT id, period_id FROM old_response WHERE status <> 0")
    _draw_ids(db, "old_suggestion_id", "SELECT id, period_id FROM old_suggestion")
    for statement in (
        (
            "INSERT INTO response (id, period_id, instrument_id, service_id, counter_id, kanal,"
            " urutan, status, tanggal, jam, batch_id, petugas) SELECT n.new, r.period_id,"
            " r.instrument_id, r.service_id, r.counter_id, r.kanal, r.urutan, r.status, r.tanggal,"
            " r.jam, s.batch_id, s.petugas FROM old_response r"
            " JOIN old_response_id n ON n.old = r.id"
            " LEFT JOIN old_slip s ON s.response_id = r.id ORDER BY n.new"
        ),
        (
            "INSERT INTO answer (response_id, item_id, nilai) SELECT n.new, a.item_id, a.nilai"
            " FROM old_answer a JOIN old_response_id n ON n.old = a.response_id ORDER BY 1, 2"
        ),
        *(
            "INSERT INTO response_attribute (response_id, option_id) SELECT n.new, o.id"
            " FROM old_response r JOIN old_response_id n ON n.old = r.id"
            f" JOIN attribute_option o ON o.attribute = '{name}' AND o.code = r.{name}"
            for name in ATTRIBUTES
        ),
        (
            "INSERT INTO suggestion (id, period_id, service_id, text)"
            " SELECT n.new, s.period_id, s.service_id, s.text FROM old_suggestion s"
            " JOIN old_suggestion_id n ON n.old = s.id ORDER BY n.new"
        ),
        (
            "INSERT INTO slip (period_id, number) SELECT period_id, number FROM old_slip"
            " WHERE number IS NOT NULL AND period_id IN (SELECT period_id FROM period_salt)"
        ),
    ):
        db.execute(sa.text(statement))


def _draw_ids(db: sa.Connection, table: str, rows: str) -> None:
    """A temporary table of old and new ids; among a million random ones two may be the same."""
    new_id = NEW_ID[db.dialect.name]
    db.execute(
        sa.text(f"CREATE TEMP TABLE {table} (old bigint PRIMARY KEY, period_id bigint, new bigint)")
    )
    db.execute(sa.text(f"INSERT INTO {table} (old, period_id) {rows}"))
    db.execute(sa.text(f"UPDATE {table} SET new = {new_id}"))
    db.execute(sa.text(f"CREATE INDEX ix_{table} ON {table} (new)"))
    same = sa.text(f"SELECT max(old) FROM {table} GROUP BY new HAVING count(*) > 1")
    again = sa.text(f"UPDATE {table} SET new = {new_id} WHERE old = :old")
    while drawn := list(db.execute(same).scalars()):
        for old in drawn:
            db.execute(again, {"old": old})


def _owners(db: sa.Connection) -> None:
    """The tables of owners, as `storage.survey.owners` makes them for a new period."""
    periods = list(db.execute(sa.text("SELECT period_id FROM period_salt")).scalars())
    counts, gone = (sa.text(f"voided = {n} AND owner IS NOT NULL") for n in (0, 1))
    for period_id in sorted(periods):
        name = f"owner_{period_id}"
        op.create_table(
            name,
            sa.Column(
                "response_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                autoincrement=False,
                nullable=False,
            ),
            sa.Column("owner", sa.LargeBinary(length=10)),
            sa.Column("service_id", sa.Integer(), nullable=False),
            sa.Column("urutan", sa.SmallInteger(), nullable=False),
            sa.Column("receipt", sa.BigInteger()),
            sa.Column("slip", sa.String(length=20)),
            sa.Column("suggestion_id", sa.BigInteger()),
            sa.Column("voided", sa.SmallInteger(), nullable=False),
            sa.PrimaryKeyConstraint("response_id"),
        )
        op.create_index(
            f"uq_{name}",
            name,
            ["owner", "service_id", "urutan"],
            unique=True,
            sqlite_where=counts,
            postgresql_where=counts,
        )
        op.create_index(
            f"ix_{name}_voided", name, ["owner"], sqlite_where=gone, postgresql_where=gone
        )
        for column in ("receipt", "slip"):
            there = sa.text(f"{column} IS NOT NULL")
            op.create_index(
                f"ix_{name}_{column}", name, [column], sqlite_where=there, postgresql_where=there
            )
        voided = "r.status = 2"
        db.execute(
            sa.text(
                f"INSERT INTO {name} (owner, service_id, urutan, response_id, receipt, slip,"
                " suggestion_id, voided) SELECT r.owner, r.service_id, r.urutan, n.new,"
                f" CASE WHEN {voided} THEN NULL ELSE r.key >> 23 END, s.number, g.new,"
                f" CASE WHEN {voided} THEN 1 ELSE 0 END"
                " FROM old_response r JOIN old_response_id n ON n.old = r.id"
                " LEFT JOIN old_slip s ON s.response_id = r.id"
                " LEFT JOIN old_suggestion q ON q.response_id = r.id"
                " LEFT JOIN old_suggestion_id g ON g.old = q.id"
                " WHERE r.period_id = :period ORDER BY n.new"
            ),
            {"period": period_id},
        )
        if db.dialect.name == "postgresql":
            for column in ("owner", "response_id", "receipt", "slip", "suggestion_id"):
                op.execute(f"ALTER TABLE {name} ALTER COLUMN {column} SET STATISTICS 0")


def _ratings(db: sa.Connection) -> None:
    codes = {row.id: row.code for row in db.execute(sa.text("SELECT id, code FROM item"))}
    answers: dict[int, dict[str, int | None]] = {}
    for row in db.execute(sa.text("SELECT * FROM old_rating_answer")):
        answers.setdefault(row.rating_id, {})[codes[row.item_id]] = row.nilai
    add = sa.text(
        "INSERT INTO open_rating (period_id, unit_id, key, chat_id, revision, step, answers,"
        " touched_at) VALUES (:period_id, :unit_id, :id, :chat_id, :revision, :step, :answers,"
        " :touched_at)"
    )
    unfinished = db.execute(sa.text("SELECT * FROM old_rating WHERE status = 0")).mappings().all()
    for rating in unfinished:
        given = json.dumps(answers.get(rating["id"], {}))
        db.execute(add, dict(rating) | {"answers": given})
    db.execute(
        sa.text(
            "INSERT INTO rating (id, period_id) SELECT id, period_id FROM old_rating"
            " WHERE status = 1"
        )
    )
    db.execute(
        sa.text(
            "INSERT INTO rating_answer (rating_id, item_id, nilai) SELECT rating_id, item_id, nilai"
            " FROM old_rating_answer WHERE rating_id IN (SELECT id FROM rating)"
        )
    )


def _create_small_tables() -> None:
    op.create_table(
        "attribute_option",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attribute", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attribute_option")),
        sa.UniqueConstraint("attribute", "code", name=op.f("uq_attribute_option_attribute")),
    )
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=True),
        sa.Column("owner", sa.LargeBinary(length=10), nullable=True),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_erasure_period_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_table(
        "period_salt",
        sa.Column("period_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["period_id"], ["period.id"], name=op.f("fk_period_salt_period_id")
        ),
        sa.PrimaryKeyConstraint("period_id", name=op.f("pk_period_salt")),
    )
    op.create_table(
        "open_rating",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["period_id"], ["period.id"], name=op.f("fk_open_rating_period_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_open_rating_unit_id")),
        sa.PrimaryKeyConstraint("period_id", "unit_id", name=op.f("pk_open_rating")),
        sa.UniqueConstraint("key", name=op.f("uq_open_rating_key")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "open_response",
        sa.Column("door", sa.SmallInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("instrument_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=True),
        sa.Column("kanal", sa.String(length=8), nullable=False),
        sa.Column("urutan", sa.SmallInteger(), nullable=False),
        sa.Column("slip", sa.String(length=20), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("repeated", sa.Integer(), nullable=True),
        sa.Column("writing", sa.Boolean(), nullable=False),
        sa.Column("saran", sa.Text(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("urutan >= 1", name=op.f("ck_open_response_urutan")),
        sa.ForeignKeyConstraint(
            ["counter_id"], ["counter.id"], name=op.f("fk_open_response_counter_id")
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name=op.f("fk_open_response_instrument_id")
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["period.id"], name=op.f("fk_open_response_period_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_open_response_service_id")
        ),
        sa.PrimaryKeyConstraint("door", "person", name=op.f("pk_open_response")),
        sa.UniqueConstraint("key", name=op.f("uq_open_response_key")),
        sqlite_with_rowid=False,
    )


def _create_tables() -> None:
    op.create_table(
        "response",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("instrument_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=True),
        sa.Column("kanal", sa.String(length=8), nullable=False),
        sa.Column("urutan", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("tanggal", sa.Date().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "jam", sa.String(length=5).with_variant(sa.SmallInteger(), "sqlite"), nullable=True
        ),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("petugas", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("urutan >= 1", name=op.f("ck_response_urutan")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_response_batch_id")),
        sa.ForeignKeyConstraint(
            ["counter_id"], ["counter.id"], name=op.f("fk_response_counter_id")
        ),
        sa.ForeignKeyConstraint(
            ["instrument_id"], ["instrument.id"], name=op.f("fk_response_instrument_id")
        ),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_response_period_id")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_response_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
    )
    there = sa.text("batch_id IS NOT NULL")
    op.create_index(
        "ix_response_batch", "response", ["batch_id"], sqlite_where=there, postgresql_where=there
    )
    op.create_table(
        "answer",
        sa.Column(
            "response_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("nilai", sa.SmallInteger(), nullable=True),
        sa.CheckConstraint("nilai >= 1", name=op.f("ck_answer_nilai")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_answer_item_id")),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_answer_response_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("response_id", "item_id", name=op.f("pk_answer")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "response_attribute",
        sa.Column(
            "response_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["option_id"], ["attribute_option.id"], name=op.f("fk_response_attribute_option_id")
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["response.id"],
            name=op.f("fk_response_attribute_response_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("response_id", "option_id", name=op.f("pk_response_attribute")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "suggestion",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_suggestion_period_id")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_suggestion_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
    )
    op.create_index("ix_suggestion_period_id", "suggestion", ["period_id"])
    op.create_table(
        "slip",
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_slip_period_id")),
        sa.PrimaryKeyConstraint("period_id", "number", name=op.f("pk_slip")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rating",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_rating_period_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_rating_period_id", "rating", ["period_id"])
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
