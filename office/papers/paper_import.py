"""Paper answers on their way in: a file is checked whole, then written in slices between taps."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import TypeVar

from office import sheet_reader
from office.office import Calendar, Clock, Do, Office
from office.periods import corrections
from office.periods.corrections import NotCorrectable
from reports.handouts.paper_template import Template
from scoring import paper, table
from scoring.headings import Vocabulary
from scoring.paper import ImportContext, Slip
from scoring.paper_cells import normalized
from scoring.sheet import Book, SheetError
from scoring.table import TableError
from storage import audit, catalogue, instruments, periods
from storage.database import Database, Db
from storage.periods import Locked, PeriodRow
from storage.registered import Registered
from storage.settings import program_state
from storage.survey import batches, slips
from storage.survey.batches import Batch, Interrupted, SlipTaken
from storage.survey.tallies import Deltas

R = TypeVar("R")


class AlreadyIn(Exception):
    """This very file is in already, or on its way in."""

    def __init__(self, batch: Batch) -> None:
        state = "sudah masuk" if batch.written else "sedang dimasukkan"
        super().__init__(f"berkas yang sama {state} sebagai isian kertas {batch.id}.")
        self.batch = batch


@dataclass(frozen=True, slots=True)
class Checked:
    """A file without a mistake; `by_period` is how many slips go where, by label.

    Args:
        late: the slips are of a locked period: they are proposed as a correction.
        notes: what was read and what was left out, one sentence each.
    """

    filename: str
    sha256: bytes
    registered: Registered
    slips: tuple[Slip, ...]
    cells: Mapping[int, Deltas]
    by_period: Mapping[str, int]
    late: bool = False
    notes: tuple[str, ...] = ()


REFUSALS = (AlreadyIn, TableError, SheetError, Interrupted, SlipTaken, Locked, NotCorrectable)


def check(
    database: Database,
    calendar: Calendar,
    min_filled: int,
    filename: str,
    data: bytes,
    now: datetime,
    sheet: str | None = None,
) -> Checked:
    """Read a whole file against a snapshot of the database; nothing is written.

    Args:
        sheet: the name of the sheet, if several have answers.

    Raises:
        TableError, SheetError: what to mend, for the owner of the file.
        AlreadyIn: it counts already.
    """
    if len(data) > paper.MAX_BYTES:
        most = paper.MAX_BYTES // 2**20
        raise SheetError(f"berkas lebih besar dari {most} MB; bagi menjadi beberapa berkas.")
    sha256 = hashlib.sha256(data).digest()
    with database.read() as db:
        batch = batches.by_hash(db, sha256)
        known, stored = instruments.known(db), periods.of_kind(db, "ikm")
        services = catalogue.services(db)
        counters = catalogue.counters_by_service(db)
        open_ones = [period for period in stored if period.status != "locked"]
        taken = slips.of_periods(db, [period.id for period in open_ones])
    if batch is not None and batch.written:
        raise AlreadyIn(batch)
    book = sheet_reader.parse(data)
    registered = _instrument(book, open_ones, known)
    context = ImportContext(
        _named([(service.id, service.slug, service.name, service.active) for service in services]),
        {
            (service.id, name): number
            for service in services
            for name, number in _named(
                [(d.id, d.slug, d.name, d.active) for d in counters.get(service.id, ())]
            ).items()
        },
        partial(_period_of, stored, known, registered, calendar, now),
        taken,
        min_filled,
    )
    paper_sheet = paper.read(book, registered.instrument, context, sheet)
    read = paper_sheet.slips
    labels = {period.id: period.label for period in stored}
    locked = {period.id for period in stored if period.status == "locked"}
    late = [slip for slip in read if slip.period_id in locked]
    if late and len(late) < len(read):
        some = calendar.titles(sorted({labels[slip.period_id] for slip in late}))
        raise SheetError(
            f"{some} sudah dikunci; pisahkan lembarnya ke berkas sendiri, yang diusulkan sebagai"
            " ralat kepada Camat."
        )
    return Checked(
        filename,
        sha256,
        registered,
        read,
        batches.deltas_by_period(registered, read, {s.id: s.unit_id for s in services}),
        Counter(labels[slip.period_id] for slip in read),
        bool(late),
        paper_sheet.notes,
    )


def _instrument(
    book: Book, open_ones: Sequence[PeriodRow], known: Mapping[int, Registered]
) -> Registered:
    """The newest instrument in use whose items the file has, in its newest wording."""
    used = [
        instruments.newest_wording(known, period.instrument_id) for period in reversed(open_ones)
    ]
    fitting = (each for each in used if table.fits(book, Vocabulary(each.instrument)))
    return next(fitting, used[0])


def _named(rows: Sequence[tuple[int, str, str, bool]]) -> dict[str, int]:
    """Id by code and by name; a code goes before a name, what is in use before what is not."""
    found: dict[str, int] = {}
    for place in (2, 1):
        for row in sorted(rows, key=lambda row: row[3]):
            found[normalized(str(row[place]))] = row[0]
    return found


def _period_of(
    stored: Sequence[PeriodRow],
    known: Mapping[int, Registered],
    registered: Registered,
    calendar: Calendar,
    now: datetime,
    day: date,
) -> int:
    """The period a day of survey is filed under; ValueError with the reason why in none."""
    today = calendar.day(now)
    if day > today:
        raise ValueError(f"{day:%d/%m/%Y} belum tiba; hari ini {today:%d/%m/%Y}.")
    morning = datetime.combine(day, time(), calendar.zone)
    found = next((each for each in stored if each.starts_at <= morning < each.ends_at), None)
    if found is None and morning < stored[0].starts_at:
        first = calendar.titles([stored[0].label])
        raise ValueError(f"{day:%d/%m/%Y} sebelum periode pertama di sini, {first}.")
    if found is None:
        raise ValueError(f"periode untuk {day:%d/%m/%Y} belum dibuka; jalankan puas run dulu.")
    if known[found.instrument_id].item_ids != registered.item_ids:
        named = calendar.titles([found.label])
        raise ValueError(f"{named} memakai instrumen lain; pisahkan berkasnya.")
    return found.id


async def enter(
    do: Do, office: Office, checked: Checked, user_id: int | None, now: datetime, real: Clock
) -> int:
    """Write a checked file, slice by slice, and make it count at once; the batch's number.

    Slips of a locked period do not count yet: they are proposed to the Camat as a correction.

    Raises:
        AlreadyIn: another one was faster with the same file.
        Interrupted, SlipTaken, Locked, NotCorrectable: nothing of it counts.
    """
    await sweep(do, real)
    facts = (checked.filename, checked.sha256, len(checked.slips), user_id, now)
    number = await do(lambda db: batches.start(db, *facts, real()))
    if number is None:
        there = await do(lambda db: batches.by_hash(db, checked.sha256))
        if there is None:
            raise Interrupted
        raise AlreadyIn(there)
    try:
        for first in range(0, len(checked.slips), batches.SLICE):
            some = checked.slips[first : first + batches.SLICE]
            await do(partial(_put, number=number, checked=checked, slips=some, real=real))
        if checked.late:
            await do(partial(_propose, office=office, number=number, user_id=user_id, now=now,
                             real=real))  # fmt: skip
        else:
            await do(partial(_finish, number=number, checked=checked, user_id=user_id, now=now))
    except (Interrupted, SlipTaken, Locked, NotCorrectable):
        await do(lambda db: batches.abandon(db, number, real()))
        await sweep(do, real)
        raise
    return number


def _put(db: Db, number: int, checked: Checked, slips: Sequence[Slip], real: Clock) -> None:
    batches.write_slice(db, number, checked.registered, slips, real(), late=checked.late)


def _propose(
    db: Db, office: Office, number: int, user_id: int | None, now: datetime, real: Clock
) -> None:
    batches.hold(db, number, real())
    corrections.propose_late(db, office, number, user_id, now)


def _finish(db: Db, number: int, checked: Checked, user_id: int | None, now: datetime) -> None:
    batches.finish(db, number, checked.cells, user_id, now)
    after = {"berkas": checked.filename[:100], **checked.by_period}
    audit.record(db, now, user_id, "isian_kertas", _target(number), after=after)


def undo(db: Db, number: int, user_id: int | None, now: datetime) -> Batch:
    """Take a batch out of the figures, with its audit.

    Raises:
        batches.BatchNotFound, periods.Locked
    """
    batch = batches.undo(db, number, user_id, now)
    program_state.note_deletion(db, now.date())
    before = {"berkas": batch.filename[:100], "lembar": batch.rows}
    audit.record(db, now, user_id, "batal_isian_kertas", _target(number), before=before)
    return batch


def _target(number: int) -> str:
    return f"isian kertas {number}"


async def sweep(do: Do, real: Clock) -> None:
    """Remove what was undone or left half-written, slice by slice."""
    while await do(lambda db: batches.remove_leftovers(db, real())):
        pass


def template_of(db: Db) -> Template:
    """What the template of this office offers: services in use, the newest period's instrument."""
    newest = periods.of_kind(db, "ikm")[-1]
    services, counters = catalogue.active_services(db), catalogue.counters_by_service(db)
    return Template(
        instruments.newest_wording(instruments.known(db), newest.instrument_id).instrument,
        [(service.slug, service.name) for service in services],
        [
            (service.slug, counter.slug, counter.name)
            for service in services
            for counter in counters.get(service.id, ())
            if counter.active
        ],
    )


FILE = 60  # UTF-16 units of a file's name on a screen


def filed(calendar: Calendar, by_period: Mapping[str, int]) -> str:
    """How many slips went where: `Triwulan III 2026 (118), Triwulan IV 2026 (2)`."""
    by_label = sorted(by_period.items())
    return ", ".join(f"{calendar.titles([label])} ({n})" for label, n in by_label) or "–"
