"""What a lock stored: the blocks of a period's answers, with the fingerprint of all of it.

Nothing is stored of a period that is not locked: from two results of it, one could subtract.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, TypeAlias

from sqlalchemy import bindparam, exists, insert, select, update

from scoring import ikm
from scoring.moments import Moments
from scoring.naming import Levy
from storage import tables as t
from storage.database import Db
from storage.periods import Differs, PeriodRow, fingerprint
from storage.registered import Registered
from storage.survey import tallies
from storage.survey.tallies import Counts

FORMULA = "ikm-2"  # a new number when the formula changes: a new series begins


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a period's answers that is published as a whole, or not at all.

    Args:
        services: id of each service -> id of the unit it belonged to at the lock.
        people: phones, or paper slips.
        published: whether these are people enough.
        apart: whether each channel, and the repeats, may be scored apart.
    """

    services: Mapping[int, int]
    people: int
    published: bool
    apart: bool
    counts: Counts
    moments: Moments


# Of an attribute: its options, joined where fewer than five people gave one, and how many gave it.
Options = Sequence[tuple[tuple[str, ...], int]]


@dataclass(frozen=True, slots=True)
class PeriodResult:
    """The locked figures of one period; a correction after the lock has a revision above 0."""

    period_id: int
    revision: int
    blocks: tuple[Block, ...]
    attributes: Mapping[str, Options]
    levy: Levy | None
    fingerprint: str

    @property
    def n(self) -> int:
        """How many responses were counted, published or not."""
        return tallies.summed([block.counts for block in self.blocks]).n


def store(
    db: Db,
    registered: Registered,
    period_id: int,
    blocks: Sequence[Block],
    attributes: Mapping[str, Options],
    levy: Levy | None,
    now: datetime,
) -> None:
    """Store the result of a period that is being locked."""
    rows = [_block_row(block) for block in blocks]
    _put_result(db, registered, period_id, 0, blocks, attributes, levy, now)
    if rows:
        numbered = (
            {"period_id": period_id, "number": number, "since": 0, **row}
            for number, row in enumerate(rows)
        )
        db.execute(insert(t.block), list(numbered))


def correct(
    db: Db,
    registered: Registered,
    before: PeriodResult,
    replaced: Collection[int],
    added: Sequence[Block],
    attributes: Mapping[str, Options],
    now: datetime,
) -> None:
    """Store a correction after the lock: some blocks are replaced by others.

    Args:
        replaced: places in `before.blocks`.
    """
    c, period_id, revision = t.block.c, before.period_id, before.revision + 1
    current = _numbers(db, period_id)
    gone = [current[place] for place in replaced]
    db.execute(
        update(t.block).where(c.period_id == period_id, c.number.in_(gone)).values(until=revision)
    )
    first = len(db.execute(select(c.number).where(c.period_id == period_id)).all())
    numbered = [
        {"period_id": period_id, "number": first + place, "since": revision, **_block_row(block)}
        for place, block in enumerate(added)
    ]
    if numbered:
        db.execute(insert(t.block), numbered)
    kept = [block for place, block in enumerate(before.blocks) if place not in replaced]
    blocks = (*kept, *added)
    _put_result(db, registered, period_id, revision, blocks, attributes, before.levy, now)


def _numbers(db: Db, period_id: int) -> list[int]:
    c = t.block.c
    rows = select(c.number).where(c.period_id == period_id, c.until.is_(None)).order_by(c.number)
    return list(db.execute(rows).scalars())


def _put_result(
    db: Db,
    registered: Registered,
    period_id: int,
    revision: int,
    blocks: Sequence[Block],
    attributes: Mapping[str, Options],
    levy: Levy | None,
    now: datetime,
) -> None:
    score = ikm.score(registered.instrument, tallies.summed([b.counts for b in blocks]).total())
    row = {
        "formula": FORMULA,
        "n": score.n,
        "index": None if score.indeks is None else str(score.indeks),
        "attributes": {code: [[list(names), n] for names, n in options]
                       for code, options in attributes.items()},
        "levy": None if levy is None else [levy.paid, levy.answered, list(levy.services)],
        "nonce": secrets.token_hex(16),
    }  # fmt: skip
    mark = _fingerprint(registered, row, [_inputs(_block_row(block)) for block in blocks])
    values = {"period_id": period_id, "revision": revision, **row, "fingerprint": mark}
    db.execute(insert(t.result).values(**values, computed_at=now))


def _block_row(block: Block) -> dict[str, Any]:
    tallies = {
        f"{kanal}/{'ulang' if repeat else 'pertama'}": {
            code: {str(nilai): n for nilai, n in sorted(counted.items()) if n}
            for code, counted in sorted(tally.items())
        }
        for (kanal, repeat), tally in sorted(block.counts.cells.items())
    }
    return {
        "services": sorted([service, unit] for service, unit in block.services.items()),
        "people": block.people,
        "n": block.counts.n,
        "published": block.published,
        "apart": block.apart,
        "tallies": tallies,
        "moments": block.moments.to_json(),
    }


def _inputs(block: Mapping[str, Any]) -> dict[str, Any]:
    """What a block's figures follow from, without its number of responses, which they tell."""
    names = ("services", "people", "published", "apart", "tallies", "moments")
    return {name: block[name] for name in names}


def _fingerprint(
    registered: Registered, row: Mapping[str, Any], blocks: Sequence[Mapping[str, Any]]
) -> str:
    instrument = f"{registered.instrument.code}/{registered.instrument.version}"
    given = [row["attributes"], row["levy"], row["nonce"], list(blocks)]
    return fingerprint([FORMULA, instrument, *given])


_C = t.block.c
NEWEST = (
    select(t.result)
    .where(t.result.c.period_id.in_(bindparam("periods", expanding=True)))
    .order_by(t.result.c.period_id, t.result.c.revision)
)
BLOCKS = (
    select(t.block)
    .where(_C.period_id.in_(bindparam("periods", expanding=True)))
    .order_by(_C.period_id, _C.number)
)


def of_periods(
    db: Db, known: Mapping[int, Registered], locked: Sequence[PeriodRow]
) -> list[PeriodResult]:
    """The results of these periods in their order, without those that have none.

    Raises:
        Differs: what is stored is not what was stored at the lock.
    """
    ids = {"periods": [period.id for period in locked]}
    rows = {row["period_id"]: row for row in db.execute(NEWEST, ids).mappings()}  # the newest wins
    blocks: dict[int, list[Mapping[str, Any]]] = {}
    for block in db.execute(BLOCKS, ids).mappings():
        if block["until"] is None:
            blocks.setdefault(block["period_id"], []).append(dict(block))
    return [
        _rebuilt(known[period.instrument_id], rows[period.id], blocks.get(period.id, []))
        for period in locked
        if period.id in rows
    ]


MOST_KEPT = 16
_Given: TypeAlias = tuple[str, Registered, dict[Any, Any], list[Mapping[str, Any]]]
_kept: dict[tuple[int, str], tuple[_Given, PeriodResult]] = {}
_keeping = Lock()


def _rebuilt(
    registered: Registered, row: Mapping[Any, Any], blocks: Sequence[Mapping[str, Any]]
) -> PeriodResult:
    """The result, checked; the last ones are kept, since figures ask for the same ones again.

    What is kept is for rows and blocks that are the same to the last letter.
    """
    key = row["period_id"], row["fingerprint"]
    given = (FORMULA, registered, dict(row), list(blocks))
    kept = _kept.get(key)
    if kept is not None and kept[0] == given:
        return kept[1]
    result = _checked(registered, row, blocks)
    with _keeping:
        _kept[key] = given, result
        while len(_kept) > MOST_KEPT:
            del _kept[next(iter(_kept))]
    return result


def _checked(
    registered: Registered, row: Mapping[Any, Any], blocks: Sequence[Mapping[str, Any]]
) -> PeriodResult:
    # Checked first: changed counts may be off the scale.
    if row["fingerprint"] != _fingerprint(registered, row, [_inputs(block) for block in blocks]):
        raise Differs("fingerprint")
    result = PeriodResult(
        row["period_id"],
        row["revision"],
        tuple(_block(block) for block in blocks),
        {
            code: [(tuple(names), n) for names, n in options]
            for code, options in row["attributes"].items()
        },
        _levy(row["levy"]),
        row["fingerprint"],
    )
    whole = tallies.summed([block.counts for block in result.blocks])
    score = ikm.score(registered.instrument, whole.total())
    differences = [
        name
        for name, before, after in (
            ("formula", row["formula"], FORMULA),
            ("n", row["n"], score.n),
            ("n", [block["n"] for block in blocks], [block.counts.n for block in result.blocks]),
            ("indeks", row["index"], None if score.indeks is None else str(score.indeks)),
        )
        if before != after
    ]
    if differences:
        raise Differs(", ".join(differences))
    return result


def _levy(stored: Sequence[Any] | None) -> Levy | None:
    if stored is None:
        return None
    paid, answered, services = stored
    return Levy(paid, answered, tuple(services))


def _block(row: Mapping[str, Any]) -> Block:
    counts = Counts(
        {
            (kanal, which == "ulang"): {
                code: {int(nilai): n for nilai, n in counted.items()}
                for code, counted in tally.items()
            }
            for (kanal, which), tally in (
                (name.split("/"), tally) for name, tally in row["tallies"].items()
            )
        }
    )
    moments = Moments.from_json(row["moments"])
    return Block(
        dict(row["services"]), row["people"], row["published"], row["apart"], counts, moments
    )


_P = t.period.c
WITHOUT_RESULT = (
    select(_P.id)
    .where(_P.kind == "ikm", _P.status == "locked", _P.runs_into.is_(None))
    .where(~exists().where(t.result.c.period_id == _P.id))
    .order_by(_P.starts_at)
)


def without_result(db: Db) -> list[int]:
    """The locked periods of citizens that have no result: an older version locked them."""
    return list(db.execute(WITHOUT_RESULT).scalars())
