"""Codes of a visit: one for each visitor, printed on slips, computed and not stored.

A code is its number in the period and a part of an HMAC, so nobody can make one. Stored are how
many were printed and which numbers were used: no time, and no response.
"""

from __future__ import annotations

import hmac

from sqlalchemy import select

from storage import tables as t
from storage.database import Db, insert
from storage.survey.owners import LETTERS

NUMBER_BITS, PROOF_BITS = 14, 26
HIGHEST = (1 << NUMBER_BITS) - 1
HALF = 4  # letters


def code(secret: bytes, salt: bytes, number: int) -> str:
    """The code of a number from 1 to `HIGHEST`: `XXXX-XXXX`."""
    whole = number << PROOF_BITS | _proof(secret, salt, number)
    letters = "".join(LETTERS[whole >> 5 * place & 31] for place in reversed(range(2 * HALF)))
    return f"{letters[:HALF]}-{letters[HALF:]}"


def read(secret: bytes, salt: bytes, printed: int, typed: str) -> int | None:
    """The number of a code as somebody types it; None when it was not printed in this period."""
    letters = "".join(typed.upper().split()).replace("-", "")
    if len(letters) != 2 * HALF or not set(letters) <= set(LETTERS):
        return None
    whole = 0
    for letter in letters:
        whole = whole << 5 | LETTERS.index(letter)
    number, proof = whole >> PROOF_BITS, whole & (1 << PROOF_BITS) - 1
    if not 1 <= number <= printed or proof != _proof(secret, salt, number):
        return None
    return number


def _proof(secret: bytes, salt: bytes, number: int) -> int:
    digest = hmac.digest(secret, b"visit" + salt + number.to_bytes(2, "big"), "sha256")
    return int.from_bytes(digest[:4], "big") >> (32 - PROOF_BITS)


def is_free(db: Db, period_id: int, number: int) -> bool:
    """Whether no response, open or sent, has this number."""
    used, o = t.visit_code.c, t.open_response.c
    held = (
        select(used.number).where(used.period_id == period_id, used.number == number),
        select(o.visit).where(o.period_id == period_id, o.visit == number),
    )
    return not any(db.execute(query).first() for query in held)


def use(db: Db, period_id: int, number: int) -> bool:
    """Note that a number was used; False when it was used before."""
    statement = insert(db, t.visit_code).values(period_id=period_id, number=number)
    made = statement.on_conflict_do_nothing().returning(t.visit_code.c.number)
    return db.execute(made).first() is not None
