"""Invitations to a role: single-use, expiring, revocable; of the link only a hash is stored."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from storage import tables as t
from storage.database import ROW_IDS, Db, insert

LIFE = timedelta(days=7)
TOKEN_BYTES = 22  # 176 bits in 30 letters: a link's and a button's


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation to a role, with its state."""

    id: int
    role: str
    unit_id: int | None
    counter_id: int | None
    title: str
    created_by: int
    expires_at: datetime
    used_by: int | None
    revoked_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be accepted."""
        return self.used_by is None and self.revoked_at is None and now < self.expires_at


_COLUMNS = tuple(t.invitation.c[name] for name in Invitation.__slots__)


def create(
    db: Db,
    role: str,
    title: str,
    created_by: int,
    now: datetime,
    *,
    unit_id: int | None = None,
    counter_id: int | None = None,
) -> tuple[int, str]:
    """Invite to a role; the id of the row, and the token, which is not stored."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    statement = insert(db, t.invitation).values(
        hash=_hash(token),
        role=role,
        unit_id=unit_id,
        counter_id=counter_id,
        title=title,
        created_by=created_by,
        created_at=now,
        expires_at=now + LIFE,
    )
    number: int = db.execute(statement.returning(t.invitation.c.id)).scalar_one()
    return number, token


def by_token(db: Db, token: str) -> Invitation | None:
    """The invitation of a link, in any state."""
    query = select(*_COLUMNS).where(t.invitation.c.hash == _hash(token))
    row = db.execute(query).one_or_none()
    return Invitation(*row) if row else None


def by_id(db: Db, number: int) -> Invitation | None:
    """An invitation by its row; a button may name any number."""
    if number not in ROW_IDS:
        return None
    row = db.execute(select(*_COLUMNS).where(t.invitation.c.id == number)).one_or_none()
    return Invitation(*row) if row else None


def open_ones(db: Db, now: datetime) -> list[Invitation]:
    """The invitations that can still be accepted, newest first."""
    c = t.invitation.c
    query = select(*_COLUMNS).where(_open(now)).order_by(c.id.desc())
    return [Invitation(*row) for row in db.execute(query)]


def accept(db: Db, number: int, user_id: int, now: datetime) -> bool:
    """Accept an invitation; False when it can no longer be accepted."""
    c = t.invitation.c
    done = db.execute(
        update(t.invitation).where(c.id == number, _open(now)).values(used_by=user_id, used_at=now)
    )
    return done.rowcount == 1


def revoke(db: Db, number: int, now: datetime) -> bool:
    """Revoke an open invitation; False when it is not open."""
    c = t.invitation.c
    done = db.execute(update(t.invitation).where(c.id == number, _open(now)).values(revoked_at=now))
    return done.rowcount == 1


def open_from(db: Db, user_id: int, now: datetime) -> list[Invitation]:
    """The invitations by this admin that can still be accepted."""
    return [each for each in open_ones(db, now) if each.created_by == user_id]


def _open(now: datetime):  # type: ignore[no-untyped-def] # a clause of SQLAlchemy
    c = t.invitation.c
    return c.used_by.is_(None) & c.revoked_at.is_(None) & (c.expires_at > now)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
