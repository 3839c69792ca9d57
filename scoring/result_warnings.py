"""Warnings about a result: a stable code and an Indonesian sentence."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ResultWarning:
    """`kode` is for scripts and never changes; `teks` is a sentence that says what to do."""

    kode: str
    teks: str
