"""The fingerprint of the inputs of a stored result; the error when the two do not fit."""

from __future__ import annotations

import hashlib
import json
from typing import Any


class Differs(Exception):
    """Hasil yang tersimpan tidak sama dengan hitungan ulang dari datanya."""


def fingerprint(inputs: Any) -> str:
    """SHA-256 of the inputs in canonical JSON, hexadecimal."""
    text = json.dumps(inputs, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
