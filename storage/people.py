"""Roles, duty counters, the claim code of the first admin, and the language of a person."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import bindparam, delete, select, update

from storage import tables as t
from storage.database import ROW_IDS, Db, insert
from storage.settings import program_state
from storage.settings.program_state import WrongCodes
from storage.tables import Door

CLAIM_LIFE = timedelta(days=1)
CLAIM_FAILURES = 10  # wrong codes of one person
CLAIM_PAUSE = timedelta(hours=1)  # from the first of them
CLAIM_PERSONS = 100  # whose wrong codes are counted; the longest past are forgotten first


@dataclass(frozen=True, slots=True)
class ClaimAnswer:
    """What became of a code that somebody sent."""

    outcome: Literal["right", "wrong", "too many", "no code", "has admin"]
    again_at: datetime | None = None  # after too many


class LastAdmin(Exception):
    """The office would have no admin left."""


@dataclass(frozen=True, slots=True)
class RoleRow:
    """One row of the role table; `revoked_at` is None while the role is held."""

    id: int
    user_id: int
    role: str
    unit_id: int | None
    title: str
    granted_at: datetime
    revoked_at: datetime | None


_HELD = tuple(t.role.c[name] for name in RoleRow.__slots__)


ROLES = select(t.role.c.role).where(
    t.role.c.user_id == bindparam("user"), t.role.c.revoked_at.is_(None)
)
ROLE_ROWS = (
    select(*_HELD)
    .where(t.role.c.revoked_at.is_(None))
    .order_by(t.role.c.role, t.role.c.title, t.role.c.id)
)


def roles(db: Db, user_id: int) -> frozenset[str]:
    """The roles this user holds now."""
    return frozenset(db.execute(ROLES, {"user": user_id}).scalars())


def users_with_role(db: Db, role: str) -> list[int]:
    """The users who hold this role now."""
    c = t.role.c
    return list(
        db.execute(
            select(c.user_id)
            .where(c.role == role, c.revoked_at.is_(None))
            .distinct()
            .order_by(c.user_id)
        ).scalars()
    )


def titles(db: Db, user_ids: Collection[int]) -> dict[int, str]:
    """The title of each user's newest role; a held role goes before a revoked one."""
    c = t.role.c
    found = db.execute(
        select(c.user_id, c.title)
        .where(c.user_id.in_(user_ids))
        .order_by(c.revoked_at.is_(None), c.granted_at, c.id)
    )
    return {row.user_id: row.title for row in found}


def role_rows(db: Db) -> list[RoleRow]:
    """Every role that is held now, ordered by role and title."""
    return [RoleRow(*row) for row in db.execute(ROLE_ROWS)]


def role_rows_of(db: Db, user_id: int) -> list[RoleRow]:
    """The roles that this user holds now."""
    return [each for each in role_rows(db) if each.user_id == user_id]


def unit_heads(db: Db) -> list[RoleRow]:
    """The heads of units now."""
    return [each for each in role_rows(db) if each.role == "kepala_unit"]


def role_by_id(db: Db, role_id: int) -> RoleRow | None:
    """A role by its row, whether still held or not; a button may name any number."""
    if role_id not in ROW_IDS:
        return None
    row = db.execute(select(*_HELD).where(t.role.c.id == role_id)).one_or_none()
    return RoleRow(*row) if row else None


def grant(
    db: Db,
    user_id: int,
    role: str,
    title: str,
    granted_by: int | None,
    now: datetime,
    unit_id: int | None = None,
) -> None:
    """Grant a role, unless the user holds it."""
    values = {
        "user_id": user_id,
        "role": role,
        "unit_id": unit_id,
        "title": title,
        "granted_by": granted_by,
        "granted_at": now,
    }
    db.execute(insert(db, t.role).values(values).on_conflict_do_nothing())


def seed_admin(db: Db, user_id: int, title: str, now: datetime) -> None:
    """Make this user an admin, unless he ever was one: a revoked role stays revoked."""
    c = t.role.c
    before = select(c.id).where(c.user_id == user_id, c.role == "admin").limit(1)
    if db.execute(before).first() is None:
        grant(db, user_id, "admin", title, None, now)


def revoke(db: Db, role_id: int, now: datetime) -> bool:
    """Revoke a role; False when it is not held any more.

    Raises:
        LastAdmin: it is the role of the only admin.
    """
    c = t.role.c
    admins = select(c.id).where(c.role == "admin", c.revoked_at.is_(None)).order_by(c.id)
    if list(db.execute(admins.with_for_update()).scalars()) == [role_id]:
        raise LastAdmin
    done = db.execute(
        update(t.role).where(c.id == role_id, c.revoked_at.is_(None)).values(revoked_at=now)
    )
    return done.rowcount == 1


def set_duty_counter(db: Db, user_id: int, counter_id: int | None) -> None:
    """Set the counter where this petugas serves; None: no counter."""
    c = t.duty.c
    if counter_id is None:
        db.execute(delete(t.duty).where(c.user_id == user_id))
        return
    statement = insert(db, t.duty).values(user_id=user_id, counter_id=counter_id)
    changed = {"counter_id": statement.excluded.counter_id}
    db.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=changed))


def has_admin(db: Db) -> bool:
    """Whether the office has an admin."""
    return bool(users_with_role(db, "admin"))


def duty_counter(db: Db, user_id: int) -> int | None:
    """The counter where this petugas serves."""
    c = t.duty.c
    return db.execute(select(c.counter_id).where(c.user_id == user_id)).scalar_one_or_none()


def new_claim_code(db: Db, now: datetime) -> str:
    """A new code for the first admin, stored as a hash; it replaces that of an earlier start."""
    code = "-".join(secrets.token_hex(2).upper() for _ in range(4))
    db.execute(delete(t.claim_code))
    program_state.forget_wrong_codes(db)
    db.execute(insert(db, t.claim_code).values(hash=_hash(code), expires_at=now + CLAIM_LIFE))
    return code


def redeem_claim_code(db: Db, person: bytes, code: str, now: datetime) -> ClaimAnswer:
    """Use the claim code: it is right once, until it expires.

    Args:
        person: a key of the sender. Wrong codes count against their sender alone.
    """
    c = t.claim_code.c
    codes = db.execute(  # processes that start together make one code each
        select(t.claim_code)
        .where(c.used_at.is_(None), c.expires_at > now)
        .order_by(c.id)
        .with_for_update()
    ).all()
    if has_admin(db):
        return ClaimAnswer("has admin")
    if not codes:
        return ClaimAnswer("no code")
    found = program_state.wrong_codes(db)
    known = {key: wrong for key, wrong in found.items() if wrong.until > now}
    wrong = known.get(person.hex(), WrongCodes(0, now + CLAIM_PAUSE))
    if wrong.count >= CLAIM_FAILURES:
        return ClaimAnswer("too many", wrong.until)
    given = _hash(code.strip().upper())
    if not any(hmac.compare_digest(row.hash, given) for row in codes):
        _note_wrong_code(db, known, person.hex(), WrongCodes(wrong.count + 1, wrong.until))
        return ClaimAnswer("wrong")
    db.execute(update(t.claim_code).where(c.id.in_([row.id for row in codes])).values(used_at=now))
    program_state.forget_wrong_codes(db)
    return ClaimAnswer("right")


def _note_wrong_code(
    db: Db, known: Mapping[str, WrongCodes], person: str, wrong: WrongCodes
) -> None:
    newest = sorted({**known, person: wrong}.items(), key=lambda item: item[1].until)
    program_state.note_wrong_codes(db, dict(newest[-CLAIM_PERSONS:]))


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()


def person_key(secret: bytes, person: int, door: Door = Door.TELEGRAM) -> bytes:
    """The key of a person's language: neither the person's number nor a link to a response."""
    place = b"" if door == Door.TELEGRAM else door.to_bytes(2, "big")
    number = person.to_bytes(8, "big", signed=True)
    return hmac.digest(secret, b"language" + place + number, "sha256")[:16]


LANGUAGE = select(t.language.c.code).where(t.language.c.person == bindparam("person"))


def language(db: Db, person: bytes) -> str | None:
    """The language this person chose."""
    return db.execute(LANGUAGE, {"person": person}).scalar_one_or_none()


def choose_language(db: Db, person: bytes, code: str) -> None:
    """Store the language this person chose."""
    statement = insert(db, t.language).values(person=person, code=code)
    db.execute(statement.on_conflict_do_update(index_elements=["person"], set_={"code": code}))


def forget_language(db: Db, person: bytes) -> None:
    """Delete the language this person chose."""
    db.execute(delete(t.language).where(t.language.c.person == person))


def forget_languages(db: Db) -> None:
    """Forget everybody's."""
    db.execute(delete(t.language))
