"""The tables. Rows never leave this room; times are aware UTC; no button or export shows `id`."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.types import TypeEngine

from scoring.survey_hours import BANDS, OTHER
from storage.database import Day, Moment

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Word(TypeDecorator[str]):
    """One of a few words; SQLite stores its position among them."""

    impl = String
    cache_ok = True

    def __init__(self, *words: str) -> None:
        self.longest = max(map(len, words))
        super().__init__(self.longest)
        self.words = words

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return SmallInteger() if dialect.name == "sqlite" else String(self.longest)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return self.words.index(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return self.words[value] if isinstance(value, int) else value


class Door(IntEnum):
    """Where a person answers; his number is one of this door."""

    TELEGRAM = 0
    WEB = 1


class Status(IntEnum):
    """The status of a response that was sent. Only completed ones count."""

    COMPLETED = 1
    VOID = 2
    ARRIVING = 3  # of a batch that is being written or removed, slice by slice


class Scope(IntEnum):
    """What a tally or a result is about; the office's scope_id is 0."""

    SERVICE = 0
    UNIT = 1
    OFFICE = 2


# SQLite numbers rows by INTEGER alone; PostgreSQL gets 64 bits.
Id = BigInteger().with_variant(Integer(), "sqlite")
# Of `scoring.channels`. In SQLite a length says nothing: a longer one needs no new table.
Kanal = String(16).with_variant(String(8), "sqlite")
Language = String(3).with_variant(String(2), "sqlite")  # SQLite stores any length

instrument = Table(
    "instrument",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    Column("content", Text, nullable=False),  # the whole file: an old wording stays readable
    # The first wording of its series, whose items it shares; empty: it is the first.
    Column("first_wording_id", ForeignKey("instrument.id")),
)

item = Table(
    "item",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("instrument_id", ForeignKey("instrument.id"), nullable=False),  # a first wording
    Column("code", String(40), nullable=False),
    Column("unsur", String(40), nullable=False),  # what the item asks about; several may ask one
    UniqueConstraint("instrument_id", "code"),
)

attribute_option = Table(
    "attribute_option",  # one for every instrument that has it
    metadata,
    Column("id", Integer, primary_key=True),
    Column("attribute", String(40), nullable=False),
    Column("code", String(40), nullable=False),  # DECLINED, or one of the instrument's options
    UniqueConstraint("attribute", "code"),
)

setting = Table(
    "setting",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("value", JSON, nullable=False),
)

unit = Table(
    "unit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("slug", String(24), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("position", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("kerja", Boolean, nullable=False),  # a unit kerja: its head rates the office
)

service = Table(
    "service",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unit_id", ForeignKey("unit.id"), nullable=False),
    Column("slug", String(24), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("gratis", Boolean, nullable=False),
    Column("position", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
)

counter = Table(
    "counter",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("service_id", ForeignKey("service.id"), nullable=False),
    Column("slug", String(24), nullable=False),
    Column("name", String(120), nullable=False),
    Column("active", Boolean, nullable=False),
    UniqueConstraint("service_id", "slug"),
)

period = Table(
    "period",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(8), nullable=False),  # ikm | unit: which index it collects for
    Column("label", String(12), nullable=False),
    Column("instrument_id", ForeignKey("instrument.id"), nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),  # half-open
    Column("status", String(8), nullable=False),  # open | closed | locked
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("locked_at", Moment),
    # The id of the later period whose figures count these answers too: of them alone there are too
    # few. No foreign key: a restored backup inserts the earlier row first.
    Column("runs_into", Integer),
    UniqueConstraint("kind", "label"),
    CheckConstraint("status IN ('open', 'closed', 'locked')", name="status"),
    CheckConstraint("starts_at < ends_at", name="span"),
    Index(
        "uq_period_open",
        "kind",
        unique=True,
        sqlite_where=text("status = 'open'"),
        postgresql_where=text("status = 'open'"),
    ),
)

period_salt = Table(
    "period_salt",  # deleted at the lock: no owner can be computed again
    metadata,
    Column("period_id", ForeignKey("period.id"), primary_key=True, autoincrement=False),
    Column("salt", LargeBinary(32), nullable=False),
)

# A response that is being filled in; deleted when it is sent, so no link to its person remains.
open_response = Table(
    "open_response",
    metadata,
    Column("door", SmallInteger, nullable=False),  # a `Door`
    Column("person", BigInteger, nullable=False),  # of that door: `OpenResponse`
    Column("key", BigInteger, nullable=False, unique=True),  # random, what a button carries
    Column("period_id", ForeignKey("period.id"), nullable=False),
    Column("instrument_id", ForeignKey("instrument.id"), nullable=False),
    Column("service_id", ForeignKey("service.id"), nullable=False),
    Column("counter_id", ForeignKey("counter.id")),
    Column("kanal", Kanal, nullable=False),
    Column("urutan", SmallInteger, nullable=False),
    Column("slip", String(20)),  # the number of an assisted one
    Column("revision", Integer, nullable=False),
    Column("step", String(40), nullable=False),
    Column("language", Language, nullable=False),
    Column("repeated", Integer),  # the revision at which typed text repeated the buttons
    Column("writing", Boolean, nullable=False),  # the next text is the suggestion
    Column("answers", JSON, nullable=False),  # item code -> nilai; null: skipped
    Column("attributes", JSON, nullable=False),  # attribute code -> option code
    Column("touched_at", Moment, nullable=False),
    Column("visit", SmallInteger),  # the number of its code of a visit
    Column("saran_parts", JSON, nullable=False, server_default="{}"),  # message id -> text
    Column("answers_in", BigInteger),  # the message that shows its answers on request
    Column("reminded", Boolean, nullable=False, server_default="0"),  # once, when it stood idle
    PrimaryKeyConstraint("door", "person"),
    CheckConstraint("urutan >= 1", name="urutan"),
    sqlite_with_rowid=False,
)

# A response that was sent. Its id is random after the period's number (`sending.new_id`); whose
# it is stands in the period's table of owners (`owners`) alone.
response = Table(
    "response",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("period_id", ForeignKey("period.id"), nullable=False),  # the id's prefix is its index
    Column("instrument_id", ForeignKey("instrument.id"), nullable=False),
    Column("service_id", ForeignKey("service.id"), nullable=False),
    Column("counter_id", ForeignKey("counter.id")),
    Column("kanal", Kanal, nullable=False),
    Column("urutan", SmallInteger, nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("tanggal", Day, nullable=False),
    Column("jam", Word(*BANDS, OTHER)),
    Column("batch_id", ForeignKey("batch.id")),
    Column("petugas", BigInteger),  # who held the phone
    CheckConstraint("urutan >= 1", name="urutan"),
    Index(
        "ix_response_batch",
        "batch_id",
        sqlite_where=text("batch_id IS NOT NULL"),
        postgresql_where=text("batch_id IS NOT NULL"),
    ),
)

answer = Table(
    "answer",
    metadata,
    Column("response_id", ForeignKey("response.id", ondelete="CASCADE"), nullable=False),
    Column("item_id", ForeignKey("item.id"), nullable=False),
    Column("nilai", SmallInteger),  # empty: skipped
    PrimaryKeyConstraint("response_id", "item_id"),
    CheckConstraint("nilai >= 1", name="nilai"),
    sqlite_with_rowid=False,
)

response_attribute = Table(
    "response_attribute",  # no row: not asked
    metadata,
    Column("response_id", ForeignKey("response.id", ondelete="CASCADE"), nullable=False),
    Column("option_id", ForeignKey("attribute_option.id"), nullable=False),
    PrimaryKeyConstraint("response_id", "option_id"),
    sqlite_with_rowid=False,
)

# Which response a suggestion came with stands in the period's table of owners alone.
suggestion = Table(
    "suggestion",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),  # random: no order of sending
    Column("period_id", ForeignKey("period.id"), nullable=False, index=True),
    Column("service_id", ForeignKey("service.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("unsur", String(40)),  # what the Camat put it under; NULL: nothing yet
    Column("done", Boolean, nullable=False, server_default=false()),
    Column("printed", Boolean, nullable=False, server_default=false()),  # in a report with --saran
)

tally = Table(
    "tally",
    metadata,
    Column("period_id", ForeignKey("period.id"), nullable=False),
    Column("scope", SmallInteger, nullable=False),
    Column("scope_id", Integer, nullable=False),
    Column("kanal", Kanal, nullable=False),
    Column(
        "repeat", Boolean, nullable=False
    ),  # urutan above 1: the index is shown without them too
    Column("item_id", ForeignKey("item.id"), nullable=False),
    Column("nilai", SmallInteger, nullable=False),  # 0 = not answered
    Column("count", BigInteger, nullable=False),
    PrimaryKeyConstraint("period_id", "scope", "scope_id", "kanal", "repeat", "item_id", "nilai"),
    CheckConstraint("count >= 0", name="count"),
    sqlite_with_rowid=False,
)

# What a lock stored: one row for the lock, and one more for each correction after it.
result = Table(
    "result",
    metadata,
    Column("period_id", ForeignKey("period.id"), nullable=False),
    Column("revision", SmallInteger, nullable=False),  # 0: the lock's
    Column("formula", String(40), nullable=False),  # version of the function, and its mode
    Column("n", Integer, nullable=False),
    Column("index", Text),  # of the office; exact, "p/q"
    Column("attributes", JSON, nullable=False),  # attribute -> [[option codes, n], ...]
    Column("levy", JSON),  # answers other than gratis at services that are free
    # Random: without it the fingerprint would confirm a guess of few people's answers.
    Column("nonce", String(32), nullable=False),
    Column("fingerprint", String(64), nullable=False),  # of the row and its blocks
    Column("computed_at", Moment, nullable=False),
    PrimaryKeyConstraint("period_id", "revision"),
    sqlite_with_rowid=False,
)

unit_result = Table(
    "unit_result",  # the unit heads' index, as the lock stored it
    metadata,
    Column("period_id", ForeignKey("period.id"), primary_key=True, autoincrement=False),
    Column("formula", String(40), nullable=False),  # version of the function
    Column("n", Integer, nullable=False),
    Column("index", Text),  # exact, "p/q"
    Column("nilai", String(12)),
    Column("inputs", JSON, nullable=False),  # the tally it was computed from
    Column("fingerprint", String(64), nullable=False),  # of the inputs
    Column("computed_at", Moment, nullable=False),
)

# The smallest sets of answers of which a figure may be published.
block = Table(
    "block",
    metadata,
    Column("period_id", ForeignKey("period.id"), nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("services", JSON, nullable=False),  # [[service id, its unit's id], ...]
    Column("people", Integer, nullable=False),  # phones, or paper slips
    Column("n", Integer, nullable=False),
    Column("published", Boolean, nullable=False),  # False: too few people, even all together
    Column("apart", Boolean, nullable=False),  # channels and repeats may be scored apart
    Column("tallies", JSON, nullable=False),  # channel and repeat -> item -> nilai -> count
    Column("moments", JSON, nullable=False),  # what margins and comparisons need
    Column("since", SmallInteger, nullable=False),  # the revision that it came with
    Column("until", SmallInteger),  # the revision that replaced it
    PrimaryKeyConstraint("period_id", "number"),
    sqlite_with_rowid=False,
)

OUTBOX_IS_WAITING = text("status IN ('due', 'claimed', 'sending')")
outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("chat_id", BigInteger, nullable=False),  # 0: no group is linked yet
    Column("topic_id", Integer),
    Column("period_id", ForeignKey("period.id")),  # set: a row of the ledger
    Column("body", JSON, nullable=False),
    Column("status", String(10), nullable=False),
    Column("reason", String(200)),
    Column("due_at", Moment, nullable=False),  # on the office's clock
    Column("late", Boolean, nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("claimed_by", String(40)),
    Column("lease_until", Moment),  # on the real clock
    Column("message_id", BigInteger),
    Column("finished_at", Moment),
    Column("claims", SmallInteger, nullable=False, server_default="0"),  # since it was put or due
    CheckConstraint(
        "status IN ('due', 'claimed', 'sending', 'sent', 'skipped', 'uncertain', 'failed')",
        name="status",
    ),
    Index(
        "uq_outbox_ledger",
        "kind",
        "period_id",
        "chat_id",
        unique=True,
        sqlite_where=text("period_id IS NOT NULL"),
        postgresql_where=text("period_id IS NOT NULL"),
    ),
    Index(
        "ix_outbox_waiting",
        "due_at",
        sqlite_where=OUTBOX_IS_WAITING,
        postgresql_where=OUTBOX_IS_WAITING,
    ),
)

handled_update = Table(
    "handled_update",
    metadata,
    Column("bot_id", BigInteger, nullable=False),
    Column("update_id", BigInteger, nullable=False),
    Column("handled_at", Moment, nullable=False),
    PrimaryKeyConstraint("bot_id", "update_id"),
    sqlite_with_rowid=False,
)

set_aside = Table(
    "set_aside",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("bot_id", BigInteger, nullable=False),
    Column("update_id", BigInteger, nullable=False),
    Column("payload", JSON, nullable=False),  # the update without names
    Column("error", Text, nullable=False),  # type and location, never values
    Column("at", Moment, nullable=False),
    UniqueConstraint("bot_id", "update_id"),
)

awaited_text = Table(
    "awaited_text",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(24), nullable=False),
    Column("data", JSON, nullable=False),
    Column("since", Moment, nullable=False),
)

language = Table(
    "language",
    metadata,
    Column("person", LargeBinary(16), primary_key=True),  # HMAC: no chat id outlives a response
    Column("code", Language, nullable=False),
)

role = Table(
    "role",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", BigInteger, nullable=False, index=True),
    Column("role", String(12), nullable=False),  # admin | camat | pejabat | petugas | kepala_unit
    Column("unit_id", ForeignKey("unit.id")),
    Column("title", String(120), nullable=False),
    Column("granted_by", BigInteger),
    Column("granted_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    # NULLs are never equal: the office's roles and a unit's each have their own index.
    Index(
        "uq_role_office",
        "user_id",
        "role",
        unique=True,
        sqlite_where=text("revoked_at IS NULL AND unit_id IS NULL"),
        postgresql_where=text("revoked_at IS NULL AND unit_id IS NULL"),
    ),
    Index(
        "uq_role_unit",
        "user_id",
        "role",
        "unit_id",
        unique=True,
        sqlite_where=text("revoked_at IS NULL AND unit_id IS NOT NULL"),
        postgresql_where=text("revoked_at IS NULL AND unit_id IS NOT NULL"),
    ),
)

claim_code = Table(
    "claim_code",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("hash", LargeBinary(32), nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)

group_link = Table(
    "group_link",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("topic_id", Integer),
    Column("title", String(200), nullable=False),
    Column("name", String(120)),  # what its messages call its units
    Column("status", String(12), nullable=False),  # linked | unlinked | lost
    Column("linked_by", BigInteger, nullable=False),
    Column("linked_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
)

group_unit = Table(  # a group without a row: the whole office
    "group_unit",
    metadata,
    Column(
        "chat_id",
        ForeignKey("group_link.chat_id", onupdate="CASCADE", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("unit_id", ForeignKey("unit.id"), nullable=False),
    PrimaryKeyConstraint("chat_id", "unit_id"),
    sqlite_with_rowid=False,
)

audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("user_id", BigInteger),  # empty: the clock
    Column("action", String(40), nullable=False),
    Column("target", String(120), nullable=False),
    Column("before", JSON),
    Column("after", JSON),
    Column("reason", Text),
)

duty = Table(
    "duty",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("counter_id", ForeignKey("counter.id"), nullable=False),  # where this petugas serves
)

# Who waits for news of what was done after a period. No moment, and the order of the numbers.
news_request = Table(
    "news_request",
    metadata,
    Column("period_id", ForeignKey("period.id"), nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("language", String(3), nullable=False),
    PrimaryKeyConstraint("period_id", "chat_id"),
    sqlite_with_rowid=False,
)

invitation = Table(
    "invitation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("hash", LargeBinary(32), nullable=False, unique=True),
    Column("role", String(12), nullable=False),
    Column("unit_id", ForeignKey("unit.id")),
    Column("counter_id", ForeignKey("counter.id")),  # where an invited petugas serves
    Column("title", String(120), nullable=False),
    Column("created_by", BigInteger, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_by", BigInteger),
    Column("used_at", Moment),
    Column("revoked_at", Moment),
)

# A rating that a unit head is filling in; deleted when it is sent.
open_rating = Table(
    "open_rating",
    metadata,
    Column("period_id", ForeignKey("period.id"), nullable=False),
    Column("unit_id", ForeignKey("unit.id"), nullable=False),
    Column("key", BigInteger, nullable=False, unique=True),  # random, what a button carries
    Column("chat_id", BigInteger, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("step", String(40), nullable=False),
    Column("answers", JSON, nullable=False),  # item code -> nilai; null: skipped
    Column("touched_at", Moment, nullable=False),
    Column("instrument_id", ForeignKey("instrument.id"), nullable=False),
    PrimaryKeyConstraint("period_id", "unit_id"),
    sqlite_with_rowid=False,
)

# What a unit head says of the office, sent: nothing in the row tells whose it is.
rating = Table(
    "rating",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),  # random: no order of sending
    Column("period_id", ForeignKey("period.id"), nullable=False, index=True),
    sqlite_with_rowid=False,  # rows in the order of sending would tell, beside the days, whose
)

rating_answer = Table(
    "rating_answer",
    metadata,
    Column("rating_id", ForeignKey("rating.id", ondelete="CASCADE"), nullable=False),
    Column("item_id", ForeignKey("item.id"), nullable=False),
    Column("nilai", SmallInteger),  # empty: skipped
    PrimaryKeyConstraint("rating_id", "item_id"),
    CheckConstraint("nilai >= 1", name="nilai"),
    sqlite_with_rowid=False,
)

rated = Table(
    "rated",  # which units have answered, apart from what, and with the day only
    metadata,
    Column("period_id", ForeignKey("period.id"), nullable=False),
    Column("unit_id", ForeignKey("unit.id"), nullable=False),
    Column("day", Date, nullable=False),
    PrimaryKeyConstraint("period_id", "unit_id"),
    sqlite_with_rowid=False,
)

lhe = Table(
    "lhe",  # a correction is a new revision; the newest counts
    metadata,
    Column("id", Integer, primary_key=True),
    Column("tahun_evaluasi", SmallInteger, nullable=False),
    Column("revision", SmallInteger, nullable=False),
    Column("tahun_dinilai", SmallInteger, nullable=False),
    Column("regulasi", String(20), nullable=False),
    Column("nomor", String(80), nullable=False),
    Column("tanggal", Date, nullable=False),
    Column("komponen", JSON, nullable=False),  # code -> decimal as text; empty where not given
    Column("nilai", String(8), nullable=False),
    Column("predikat", String(4)),
    Column("rekomendasi", Text, nullable=False),
    Column("file", JSON),  # Telegram's file id, name, size
    Column("reason", Text),
    Column("entered_by", BigInteger, nullable=False),
    Column("entered_at", Moment, nullable=False),
    UniqueConstraint("tahun_evaluasi", "revision"),
)

plan = Table(
    "plan",  # a planning period; its years are rows of plan_year
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("source", Text, nullable=False),
    Column("sk_number", String(80), nullable=False),  # of the SK that set it
    Column("sk_date", Date),
    Column("tugas", JSON, nullable=False),
    Column("fungsi", JSON, nullable=False),
    Column("tahunan", String(16), nullable=False),  # gabungan | rerata_periode
    Column("lhe_year", String(8), nullable=False),  # terbit | dinilai
    Column("at_boundary", String(16), nullable=False),  # lebih dari | paling sedikit
    Column("cap", String(20)),  # a decimal as text
)

plan_year = Table(
    "plan_year",  # a year belongs to one plan
    metadata,
    Column("year", SmallInteger, primary_key=True, autoincrement=False),
    Column("plan_id", ForeignKey("plan.id"), nullable=False, index=True),
)

sasaran = Table(
    "sasaran",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("plan_id", ForeignKey("plan.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
)

iku = Table(
    "iku",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("plan_id", ForeignKey("plan.id"), nullable=False),
    Column("sasaran_id", ForeignKey("sasaran.id")),  # empty: no longer in the plan
    Column("code", String(24), nullable=False),  # the same in the plans before and after
    Column("position", Integer, nullable=False),
    Column("indikator", String(200), nullable=False),
    Column("satuan", String(40), nullable=False),
    Column("formulasi", Text, nullable=False),
    Column("arah", String(5), nullable=False),  # naik | turun: which way is better
    Column("sumber", String(8), nullable=False),  # ikm | unit | sakip | tangan
    UniqueConstraint("plan_id", "code"),
)

iku_year = Table(
    "iku_year",  # what is planned for an indikator in a year, and said of its result
    metadata,
    Column("iku_id", ForeignKey("iku.id"), nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("target", String(20)),  # a decimal as text
    Column("predikat", String(20)),
    Column("program", Text, nullable=False),
    Column("anggaran", Text, nullable=False),
    Column("analisis", Text, nullable=False),
    PrimaryKeyConstraint("iku_id", "year"),
    sqlite_with_rowid=False,
)

iku_quarter = Table(
    "iku_quarter",  # the Rencana Aksi of an indikator in a quarter, as typed
    metadata,
    Column("iku_id", ForeignKey("iku.id"), nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("quarter", SmallInteger, nullable=False),
    Column("target", String(20)),  # a decimal as text
    Column("aksi", Text, nullable=False),
    Column("realisasi", String(20)),  # a decimal as text
    Column("penyebab", Text, nullable=False),
    PrimaryKeyConstraint("iku_id", "year", "quarter"),
    CheckConstraint("quarter BETWEEN 1 AND 4", name="quarter"),
    sqlite_with_rowid=False,
)

official = Table(
    "official",  # who signs papers, from when until when
    metadata,
    Column("id", Integer, primary_key=True),
    Column("seat", String(8), nullable=False),  # kepala | atasan
    Column("name", String(120), nullable=False),
    Column("nip", String(30), nullable=False),
    Column("pangkat", String(80), nullable=False),
    Column("jabatan", String(120), nullable=False),
    Column("acting", String(4), nullable=False),  # Plt. | Plh. | empty
    Column("since", Date),  # empty: from the beginning
    Column("until", Date),  # the last day; empty: in office
    CheckConstraint("seat IN ('kepala', 'atasan')", name="seat"),
)

planning_paper = Table(
    "planning_paper",  # a version of a paper of a year; a signed one never changes
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(8), nullable=False),  # iku | pk | aksi | lkjip
    Column("year", SmallInteger, nullable=False),
    Column("quarter", SmallInteger, nullable=False),  # 0: of the whole year
    Column("version", SmallInteger, nullable=False),
    Column("number", String(80), nullable=False),
    Column("dated", Date),
    Column("signed_at", Moment),
    Column("signed_by", BigInteger),
    Column("content", JSON),  # the document that was signed
    Column("fingerprint", String(64)),  # of it
    UniqueConstraint("kind", "year", "quarter", "version"),
)

iku_entry = Table(
    "iku_entry",  # realisasi by hand; a correction is a new revision, the newest counts
    metadata,
    Column("id", Integer, primary_key=True),
    Column("iku_id", ForeignKey("iku.id"), nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("revision", SmallInteger, nullable=False),
    Column("realisasi", String(20)),  # a decimal as text; empty: withdrawn
    Column("source", String(200), nullable=False),
    Column("reason", Text),
    Column("entered_by", BigInteger),  # empty: the operator, by a command
    Column("entered_at", Moment, nullable=False),
    UniqueConstraint("iku_id", "year", "revision"),
)

population = Table(
    "population",  # users of a unit in a period, where not the sum of its services
    metadata,
    Column("period_id", ForeignKey("period.id"), nullable=False),
    Column("unit_id", ForeignKey("unit.id"), nullable=False),
    Column("users", Integer, nullable=False),
    PrimaryKeyConstraint("period_id", "unit_id"),
    CheckConstraint("users >= 0", name="users"),
    sqlite_with_rowid=False,
)

service_population = Table(
    "service_population",  # users of a service in a period; 0: nobody, no row: not known
    metadata,
    Column("period_id", ForeignKey("period.id"), nullable=False),
    Column("service_id", ForeignKey("service.id"), nullable=False),
    Column("users", Integer, nullable=False),
    PrimaryKeyConstraint("period_id", "service_id"),
    CheckConstraint("users >= 0", name="users"),
    sqlite_with_rowid=False,
)

revision = Table(
    "revision",  # what changed the figures of a period after its close
    metadata,
    Column("period_id", ForeignKey("period.id"), nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("at", Moment, nullable=False),
    Column("user_id", BigInteger),
    Column("reason", Text, nullable=False),
    PrimaryKeyConstraint("period_id", "number"),
    sqlite_with_rowid=False,
)

follow_up = Table(
    "follow_up",  # of a finding of a period, or of a recommendation of an LHE
    metadata,
    Column("id", Integer, primary_key=True),
    Column("period_id", ForeignKey("period.id"), index=True),
    Column("item", String(40), nullable=False),  # the code of the unsur it mends; empty of an LHE
    Column("kegiatan", Text, nullable=False),  # empty while nothing is planned for an LHE's line
    Column("responsible", String(120), nullable=False),
    Column("due", Date),
    Column("status", String(10), nullable=False),  # rencana | berjalan | selesai | batal
    Column("evidence", Text, nullable=False),
    Column("obstacle", Text, nullable=False),
    Column("changed_by", BigInteger, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("tahun_evaluasi", SmallInteger),  # of the LHE
    Column("rekomendasi", Text, nullable=False, server_default=""),  # of the LHE
    CheckConstraint("status IN ('rencana', 'berjalan', 'selesai', 'batal')", name="status"),
    CheckConstraint("(period_id IS NULL) <> (tahun_evaluasi IS NULL)", name="source"),
)

cause = Table(
    "cause",  # why an unsur is weak, as the office words it in the report of a period
    metadata,
    Column("period_id", ForeignKey("period.id"), nullable=False),
    Column("item", String(40), nullable=False),  # the code of the unsur
    Column("text", Text, nullable=False),
    Column("changed_by", BigInteger, nullable=False),
    Column("changed_at", Moment, nullable=False),
    PrimaryKeyConstraint("period_id", "item"),
    sqlite_with_rowid=False,
)

follow_up_photo = Table(
    "follow_up_photo",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("follow_up_id", ForeignKey("follow_up.id"), nullable=False),
    Column("sha256", LargeBinary(32), nullable=False),
    Column("png", LargeBinary, nullable=False),  # drawn anew: without what the camera wrote
    Column("added_by", BigInteger, nullable=False),
    Column("added_at", Moment, nullable=False),
    UniqueConstraint("follow_up_id", "sha256"),
)

batch = Table(
    "batch",  # one file of paper answers
    metadata,
    Column("id", Integer, primary_key=True),
    Column("filename", String(200), nullable=False),
    Column("sha256", LargeBinary(32), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("user_id", BigInteger),  # empty: the operator, on the command line
    Column("at", Moment, nullable=False),
    Column("lease_until", Moment),  # on the real clock, while it is being written
    Column("undone_by", BigInteger),
    Column("undone_at", Moment),
    Index(
        "uq_batch_file",
        "sha256",
        unique=True,
        sqlite_where=text("undone_at IS NULL"),
        postgresql_where=text("undone_at IS NULL"),
    ),
)

slip = Table(
    "slip",  # the slip numbers a period has used, without their responses; deleted at the lock
    metadata,
    Column("period_id", ForeignKey("period.id"), nullable=False),
    Column("number", String(20), nullable=False),
    PrimaryKeyConstraint("period_id", "number"),
    sqlite_with_rowid=False,
)

visit_code = Table(
    "visit_code",  # the codes of a visit that a period has used; deleted at the lock
    metadata,
    Column("period_id", ForeignKey("period.id"), nullable=False),
    Column("number", SmallInteger, nullable=False),
    PrimaryKeyConstraint("period_id", "number"),
    sqlite_with_rowid=False,
)

erasure = Table(
    "erasure",  # one /hapus_data that deleted something of this period
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("period_id", ForeignKey("period.id")),
    Column("owner", LargeBinary(10)),  # until the nightly copies have lost his responses too
)

correction = Table(
    "correction",  # of locked figures: an admin proposes it, the Camat confirms or refuses it
    metadata,
    Column("id", Integer, primary_key=True),
    Column("period_id", ForeignKey("period.id"), nullable=False, index=True),
    Column("batch_id", ForeignKey("batch.id", ondelete="SET NULL")),
    Column("service_id", ForeignKey("service.id")),  # whose these slips are; empty: they came late
    Column("slips", Integer, nullable=False),
    Column("proposed_by", BigInteger),  # empty: the operator
    Column("proposed_at", Moment, nullable=False),
    Column("decided_by", BigInteger),
    Column("decided_at", Moment),
    Column("reason", Text),  # of a confirmed one
    Column("ikm_before", String(12)),
    Column("ikm_after", String(12)),
)
