"""The arguments of one API call, converted as the official server converts them."""

import json
import re
from collections.abc import Mapping
from typing import Any

from simulator.errors import bad_request
from simulator.model.files import Upload

_INTEGER = re.compile(r"\s*[-+]?\d+")
_TRUE = frozenset({"true", "yes", "1"})


class Arguments:
    """The values of a call, as text (query, form, multipart) or as JSON, and its files."""

    __slots__ = ("files", "values")

    def __init__(self, values: Mapping[str, Any], files: Mapping[str, Upload] | None = None):
        self.values = values
        self.files = files or {}

    def has(self, name: str) -> bool:
        """Whether the argument has a value; an empty text is no value."""
        return self.values.get(name) not in (None, "", False) or name in self.files

    def text(self, name: str) -> str:
        """The argument as text; empty when absent."""
        value = self.values.get(name)
        if isinstance(value, str):
            return value
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value) if isinstance(value, int | float) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """The argument as an integer; anything else counts as zero, as on the official server."""
        value = self.values.get(name)
        if isinstance(value, int):
            return int(value)
        if value is None or value == "":
            return default
        match = _INTEGER.match(str(value))
        return int(match[0]) if match else 0

    def clamped(self, name: str, default: int, low: int, high: int) -> int:
        """The argument as an integer, clamped to its bounds."""
        return min(max(self.integer(name, default), low), high)

    def flag(self, name: str) -> bool:
        """The argument as a boolean."""
        value = self.values.get(name)
        if isinstance(value, bool):
            return value
        return value is not None and str(value).strip().lower() in _TRUE

    def structure(self, name: str, error_text: str) -> Any:
        """The argument as JSON, sent as a text or as an object; None when absent.

        Raises:
            ApiError: with `error_text`, when it is not JSON.
        """
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(error_text) from None

    def upload(self, name: str) -> Upload | None:
        """The uploaded file with this field name, or with the one that `attach://` refers to."""
        if file := self.files.get(name):
            return file
        value = self.values.get(name)
        if isinstance(value, str) and value.startswith("attach://"):
            return self.files.get(value.removeprefix("attach://"))
        return None
