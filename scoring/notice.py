"""Warnings: what a person must know beside a number, as a stable code and a sentence."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Warning:  # noqa: A001 - the contract's word, used qualified: ikm.Warning
    """`kode` is for scripts and stays; `teks` is an Indonesian sentence that says what to do."""

    kode: str
    teks: str


def comma(number: object) -> str:
    """A number as Indonesian print writes it: with a decimal comma."""
    return str(number).replace(".", ",")
