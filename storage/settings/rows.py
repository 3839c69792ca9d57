"""Rows of the setting table by key; the other modules here give each key a typed function."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam, delete, select

from storage import tables as t
from storage.database import Db, insert, insert_in

C = t.setting.c
VALUE = select(C.value).where(C.key == bindparam("key"))


def value(db: Db, key: str) -> Any:
    """The value of a setting; None when it was never set."""
    return db.execute(VALUE, {"key": key}).scalar_one_or_none()


def locked_value(db: Db, key: str) -> Any:
    """The value; no other process changes it until the transaction ends."""
    return db.execute(VALUE.with_for_update(), {"key": key}).scalar_one_or_none()


def under(db: Db, prefix: str) -> dict[str, Any]:
    """The settings whose keys begin with this prefix, by key."""
    rows = db.execute(select(C.key, C.value).where(C.key.startswith(prefix, autoescape=True)))
    return {row.key: row.value for row in rows}


def seed(db: Db, values: Mapping[str, Any]) -> None:
    """Set what was never set."""
    rows = [{"key": key, "value": value} for key, value in values.items()]
    db.execute(insert(db, t.setting).on_conflict_do_nothing(), rows)


def put(db: Db, key: str, value: Any) -> None:
    """Set a setting, whatever it was."""
    db.execute(_put(db.dialect.name), {"key": key, "value": value})


@cache
def _put(dialect: str) -> Executable:
    statement = insert_in(dialect, t.setting)
    new_value = {"value": statement.excluded.value}
    return statement.on_conflict_do_update(index_elements=["key"], set_=new_value)


def claim(db: Db, key: str, value: Any) -> bool:
    """Set what was never set; False when another process was first."""
    statement = insert(db, t.setting).values(key=key, value=value).on_conflict_do_nothing()
    return db.execute(statement.returning(C.key)).first() is not None


def forget(db: Db, keys: Iterable[str]) -> None:
    """Delete these settings."""
    db.execute(delete(t.setting).where(C.key.in_(list(keys))))
