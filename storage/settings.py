"""Settings of the office: small facts of the running program, one row each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    bindparam,
    delete,
    select,
)

from storage import tables as t
from storage.database import Db, insert

SETTING = select(t.setting.c.value).where(t.setting.c.key == bindparam("key"))


def value(db: Db, key: str) -> Any:
    """A setting's value; None when it was never set."""
    return db.execute(SETTING, {"key": key}).scalar_one_or_none()


def locked_value(db: Db, key: str) -> Any:
    """The same, held until the transaction ends."""
    this = select(t.setting.c.value).where(t.setting.c.key == key)
    return db.execute(this.with_for_update()).scalar_one_or_none()


def office_name(db: Db) -> str:
    """What the office is called now; every process sees a change at once."""
    return str(value(db, "office.nama"))


def under(db: Db, prefix: str) -> dict[str, Any]:
    """All settings under a prefix, without it."""
    c = t.setting.c
    rows = db.execute(select(c.key, c.value).where(c.key.startswith(prefix, autoescape=True)))
    return {row.key.removeprefix(prefix): row.value for row in rows}


def seed(db: Db, values: Mapping[str, Any]) -> None:
    """Set what was never set: a config seeds an empty database, then the database wins."""
    rows = [{"key": key, "value": value} for key, value in values.items()]
    if rows:
        db.execute(insert(db, t.setting).on_conflict_do_nothing(), rows)


def put(db: Db, key: str, value: Any) -> None:
    """Set a setting, whatever it was."""
    statement = insert(db, t.setting).values(key=key, value=value)
    db.execute(
        statement.on_conflict_do_update(
            index_elements=["key"], set_={"value": statement.excluded.value}
        )
    )


def claim(db: Db, key: str, value: Any) -> bool:
    """Set what was never set; False when somebody else was faster."""
    statement = insert(db, t.setting).values(key=key, value=value).on_conflict_do_nothing()
    return db.execute(statement.returning(t.setting.c.key)).first() is not None


def forget(db: Db, key: str) -> None:
    """Delete a setting."""
    db.execute(delete(t.setting).where(t.setting.c.key == key))
