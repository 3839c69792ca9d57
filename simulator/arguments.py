"""The arguments of one API call, read as the official server reads them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.refusal import bad_request

_INTEGER = re.compile(r"\s*[-+]?\d+")
_TRUE = frozenset({"true", "yes", "1"})

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    name: str
    content: bytes
    mime: str = "application/octet-stream"


class Arguments:
    """Values that came as text (query, form, multipart) or as JSON, and the files beside them."""

    __slots__ = ("files", "values")

    def __init__(self, values: Mapping[str, Any], files: Mapping[str, Upload] | None = None):
        self.values = values
        self.files = files or {}

    def has(self, name: str) -> bool:
        """Whether the argument was given a value: an empty text is none."""
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
        """The argument as an integer; what is none counts as zero, as on the official server."""
        value = self.values.get(name)
        if isinstance(value, int):
            return int(value)
        if value is None or value == "":
            return default
        found = _INTEGER.match(str(value))
        return int(found[0]) if found else 0

    def within(self, name: str, default: int, low: int, high: int) -> int:
        """The argument as an integer, moved into its bounds."""
        return min(max(self.integer(name, default), low), high)

    def flag(self, name: str) -> bool:
        """The argument as yes or no."""
        value = self.values.get(name)
        if isinstance(value, bool):
            return value
        return value is not None and str(value).strip().lower() in _TRUE

    def structure(self, name: str, words: str) -> Any:
        """The argument as JSON, whether it came as a text or as an object; None when absent.

        Raises:
            Refusal: with `words`, when it is not JSON.
        """
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(words) from None

    def upload(self, name: str) -> Upload | None:
        """The file sent under that name, or under the name an `attach://` points at."""
        if found := self.files.get(name):
            return found
        value = self.values.get(name)
        if isinstance(value, str) and value.startswith("attach://"):
            return self.files.get(value.removeprefix("attach://"))
        return None
