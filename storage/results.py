"""Results of a recount, final after the lock, with the fingerprint of their inputs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, bindparam, delete, or_, select

from scoring import ikm
from scoring.ikm import Mode, Score
from storage import periods
from storage import tables as t
from storage.database import Db, insert
from storage.instruments import Registered
from storage.periods import Differs, fingerprint
from storage.survey.tallies import Counts
from storage.tables import Scope

FORMULA = "ikm-1"  # a new number when the formula changes: a new series begins


@dataclass(frozen=True, slots=True)
class Result:
    """An index as it was computed: the score, its margin, the tallies it came from."""

    score: Score
    margin: Decimal | None
    counts: Counts
    fingerprint: str


def computed(
    registered: Registered, counts: Counts, margin: Decimal | None, mode: Mode = ikm.EXACT
) -> Result:
    """A result computed from tallies."""
    score = ikm.score(registered.instrument, counts.total(), mode)
    return Result(score, margin, counts, fingerprint([FORMULA, inputs(registered, counts, mode)]))


def inputs(registered: Registered, counts: Counts, mode: Mode) -> dict[str, Any]:
    """What a result was computed from, as JSON: instrument, mode, tallies."""
    return {
        "instrument": f"{registered.instrument.code}/{registered.instrument.version}",
        "bobot": mode.bobot,
        "pembulatan": mode.pembulatan,
        "tallies": {
            f"{kanal}/{'ulang' if repeat else 'pertama'}": {
                code: {str(nilai): n for nilai, n in sorted(counted.items()) if n}
                for code, counted in sorted(tally.items())
            }
            for (kanal, repeat), tally in sorted(counts.cells.items())
        },
    }


def store(
    db: Db,
    registered: Registered,
    period_id: int,
    found: Mapping[tuple[Scope, int], Result],
    now: datetime,
) -> None:
    """Store the results of a period's newest revision and replace its earlier ones."""
    revision = periods.newest_revision(db, period_id)
    forget(db, period_id, revision)
    rows = []
    for (scope, scope_id), result in found.items():
        score = result.score
        rows.append(
            {
                "period_id": period_id,
                "scope": int(scope),
                "scope_id": scope_id,
                "revision": revision,
                "formula": _formula(score.mode),
                "n": score.n,
                "index": None if score.indeks is None else str(score.indeks),
                "ikm": None if score.ikm is None else str(score.ikm),
                "mutu": score.mutu,
                "margin": None if result.margin is None else str(result.margin),
                "inputs": inputs(registered, result.counts, score.mode),
                "fingerprint": result.fingerprint,
                "computed_at": now,
            }
        )
    if not rows:
        return
    statement = insert(db, t.result)  # another process may have stored the same recount
    key = ["period_id", "scope", "scope_id", "revision"]
    changed = {name: statement.excluded[name] for name in rows[0] if name not in key}
    db.execute(statement.on_conflict_do_update(index_elements=key, set_=changed), rows)


def forget(db: Db, period_id: int, revision: int = 0) -> None:
    """Delete the results of a period that is not locked: their inputs contain the answers."""
    c = t.result.c
    db.execute(delete(t.result).where(c.period_id == period_id, c.revision == revision))


def of_period(db: Db, registered: Registered, period_id: int) -> dict[tuple[Scope, int], Result]:
    """The results of a period's newest revision, recomputed from their stored inputs."""
    rows = db.execute(NEWEST, {"period": period_id})
    return {(Scope(row.scope), row.scope_id): _rebuilt(registered, row) for row in rows}


def of_office(db: Db, registered: Registered, period_id: int) -> Result | None:
    """The result of the office alone, in constant time whatever the number of services."""
    row = db.execute(OF_OFFICE, {"period": period_id}).one_or_none()
    return None if row is None else _rebuilt(registered, row)


def of_units(
    db: Db,
    registered: Registered,
    period_id: int,
    units: Collection[int],
    *,
    services: bool = True,
) -> dict[tuple[Scope, int], Result]:
    """The results of these units, and of their services, in one statement."""
    here = and_(_C.scope == int(Scope.UNIT), _C.scope_id.in_(units))
    if services:
        theirs = select(t.service.c.id).where(t.service.c.unit_id.in_(units))
        here = or_(here, and_(_C.scope == int(Scope.SERVICE), _C.scope_id.in_(theirs)))
    rows = db.execute(NEWEST.where(here), {"period": period_id})
    return {(Scope(row.scope), row.scope_id): _rebuilt(registered, row) for row in rows}


_C = t.result.c
NEWEST = select(
    _C.scope, _C.scope_id, _C.formula, _C.n, _C.index, _C.ikm, _C.mutu, _C.margin, _C.inputs,
    _C.fingerprint,
).where(
    _C.period_id == bindparam("period"),
    _C.revision == periods.newest_revision_query(bindparam("period")),
)  # fmt: skip
OF_OFFICE = NEWEST.where(_C.scope == int(Scope.OFFICE), _C.scope_id == 0)


def _formula(mode: Mode) -> str:
    return f"{FORMULA} {mode.bobot} {mode.pembulatan}"


def _rebuilt(registered: Registered, row: Any) -> Result:
    given = row.inputs
    # Checked first: changed counts may be off the scale.
    if row.fingerprint != fingerprint([FORMULA, given]):
        raise Differs("fingerprint")
    counts = Counts(
        {
            (kanal, which == "ulang"): {
                code: {int(nilai): n for nilai, n in counted.items()}
                for code, counted in tally.items()
            }
            for (kanal, which), tally in (
                (name.split("/"), tally) for name, tally in given["tallies"].items()
            )
        }
    )
    mode = Mode(given["bobot"], given["pembulatan"])
    score = ikm.score(registered.instrument, counts.total(), mode)
    differences = [
        name
        for name, before, after in (
            ("formula", row.formula, _formula(mode)),
            ("n", row.n, score.n),
            ("indeks", row.index, None if score.indeks is None else str(score.indeks)),
            ("ikm", row.ikm, None if score.ikm is None else str(score.ikm)),
            ("mutu", row.mutu, score.mutu),
        )
        if before != after
    ]
    if differences:
        raise Differs(", ".join(differences))
    margin = None if row.margin is None else Decimal(row.margin)
    return Result(score, margin, counts, row.fingerprint)
