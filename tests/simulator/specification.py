"""Telegram's published types and methods, and a check of values against them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent.parent / "data" / "botapi" / "api.json"
_SIMPLE_TYPES: dict[str, tuple[type, ...]] = {
    "Integer": (int,),
    "String": (str,),
    "Boolean": (bool,),
    "True": (bool,),
    "Float": (int, float),
}
# The file describes Bot API 10.1; these fields are newer, and aiogram's types require them.
_NEWER = {"ChatMemberAdministrator": {"can_send_welcome_messages"}}


@cache
def _read() -> dict[str, Any]:
    return json.loads(_FILE.read_text(encoding="utf-8"))  # type: ignore[no-any-return] # as shipped


def fields(method: str) -> dict[str, dict[str, Any]]:
    """The arguments of a method by name."""
    return {field["name"]: field for field in _read()["methods"][method].get("fields", ())}


def returns(method: str) -> list[str]:
    """The result types of a method."""
    return list(_read()["methods"][method]["returns"])


def errors(value: Any, types: list[str], where: str) -> list[str]:
    """Why a value has none of the types; empty when it has one."""
    by_type = [_type_errors(value, kind, where) for kind in types]
    return [] if not all(by_type) else min(by_type, key=len)


def _type_errors(value: Any, kind: str, where: str) -> list[str]:
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{where}: {value!r} is no array"]
        inner = [kind.removeprefix("Array of ")]
        return [line for one in value for line in errors(one, inner, f"{where}[]")]
    if simple := _SIMPLE_TYPES.get(kind):
        fits = isinstance(value, simple) and (bool in simple or not isinstance(value, bool))
        return [] if fits else [f"{where}: {value!r} is no {kind}"]
    return _object_errors(value, kind, where)


def _object_errors(value: Any, kind: str, where: str) -> list[str]:
    known = _read()["types"][kind]
    if "subtypes" in known:
        return errors(value, known["subtypes"], where)
    if not isinstance(value, dict):
        return [f"{where}: {value!r} is no {kind}"]
    listed = {field["name"]: field for field in known.get("fields", ())}
    allowed = listed.keys() | _NEWER.get(kind, set())
    lines = [f"{where}: {kind} has no field {name}" for name in value if name not in allowed]
    for name, field in listed.items():
        if name in value:
            lines += errors(value[name], field["types"], f"{where}.{name}")
        elif field["required"]:
            lines.append(f"{where}: {kind} needs {name}")
    return lines
