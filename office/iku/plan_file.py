"""A workbook of a plan: made, checked against what is stored, applied as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from office.iku import table
from office.office import Office
from scoring import plan_reader
from scoring import plan_sheets as sheets
from scoring.plan import QUARTERS, Plan, span
from scoring.plan_file import FileSheet, PlanFileError
from scoring.plan_reader import Merged
from scoring.plan_sheets import WHOLE_YEAR, Change
from storage import audit
from storage.database import Db
from storage.planning import plans

COMPUTED = ("ikm", "unit", "sakip")  # sources of which the bot may have the figure itself


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file would change; nothing is stored yet.

    Args:
        plan_id: of the plan that is changed; None: the file makes a new one.
    """

    plan_id: int | None
    after: Plan
    changes: tuple[Change, ...]

    @property
    def fingerprint(self) -> int:
        """A number of these changes, in 24 bits: what was shown is what is applied."""
        digest = hashlib.sha256(repr((self.plan_id, self.changes)).encode()).digest()
        return int.from_bytes(digest[:3])


def own_figures(db: Db, office: Office, plan: Plan) -> dict[tuple[str, int, int], str]:
    """The figures that the bot has for the plan's years and their quarters."""
    found = {}
    for iku in plan.iku:
        for year in plan.head.years if iku.sumber in COMPUTED else ():
            for quarter in (WHOLE_YEAR, *QUARTERS):
                nilai, _ = _own(db, office, plan, iku.sumber, year, quarter)
                if nilai is not None:
                    found[iku.code, year, quarter] = sheets.number_text(nilai)
    return found


def _own(
    db: Db, office: Office, plan: Plan, sumber: str, year: int, quarter: int
) -> tuple[Decimal | None, str]:
    """The figure that the bot has itself for a year or for one of its quarters, and its origin."""
    if quarter == WHOLE_YEAR:
        own = table.own(db, office, plan.head.rules, sumber, year)
        return own.nilai, own.note
    named = office.calendar.titles([f"{year}-TW{quarter}"])
    return table.own_of_quarter(db, office, sumber, year, quarter), named


def check(db: Db, office: Office, found: Mapping[str, FileSheet]) -> Checked:
    """What these sheets would change.

    Raises:
        PlanFileError: every mistake, with sheet, row and column.
    """
    first, last = plan_reader.years(found)
    touched = [
        row for row in plans.all_plans(db) if row.head.first <= last and first <= row.head.last
    ]
    if len(touched) > 1:
        names = " dan ".join(f"{row.head.name}" for row in touched)
        raise PlanFileError(
            f"Tahun {span(first, last)} sudah dimuat rencana {names}; satu tahun hanya dimuat satu"
            f' rencana. Perbaiki tahunnya di lembar "{sheets.GENERAL.name}".'
        )
    plan_id = touched[0].id if touched else None
    before = None if plan_id is None else plans.whole(db, plan_id)
    return checked(db, office, plan_id, before, plan_reader.merged(before, found))


def checked(
    db: Db, office: Office, plan_id: int | None, before: Plan | None, merged: Merged
) -> Checked:
    """The changes that a merge makes of a plan.

    Raises:
        PlanFileError: a figure that the bot has itself would be typed.
    """
    changes = sheets.changes(before, merged.plan)
    # A plan that is new may come from an export, with what was typed before the bot had a figure.
    typed = changes if before is not None else ()
    refused = [line for each in typed if (line := _computed(db, office, merged, each))]
    if refused:
        raise PlanFileError(*refused)
    return Checked(plan_id, merged.plan, tuple(changes))


def _computed(db: Db, office: Office, merged: Merged, change: Change) -> str:
    """Why a changed realisasi is refused: the bot has the figure of that year or quarter."""
    sheet, key, column = change.cell
    if sheet not in sheets.COMPUTED or column != sheets.REALISASI or not change.after:
        return ""
    code, year, *of_year = key
    sumber = next(iku.sumber for iku in merged.plan.iku if iku.code == code)
    nilai, note = _own(
        db, office, merged.plan, sumber, int(year), int(of_year[0]) if of_year else WHOLE_YEAR
    )
    if nilai is None:
        return ""
    place = merged.places.get(change.cell) or change.subject
    figure, of = sheets.number_text(nilai), " TW".join(key[1:])
    return f"{place}: {code} {of} sudah ada dari bot, {figure} ({note}); kosongkan selnya."


def apply(
    db: Db, which: Checked, user_id: int | None, now: datetime, reason: str | None = None
) -> int:
    """Store the plan and one audit entry a change; its id.

    Raises:
        YearTaken: another plan holds one of the years by now.
    """
    plan_id = plans.put(db, which.plan_id, which.after, user_id, now, reason)
    name = which.after.head.name
    if which.plan_id is None:
        audit.record(db, now, user_id, "rencana_baru", name[:120], reason=reason)
        return plan_id
    for change in which.changes:
        audit.record(
            db, now, user_id, "ubah_rencana", f"{change.subject} ({name})"[:120],
            before=change.before or None, after=change.after or None, reason=reason,
        )  # fmt: skip
    return plan_id
