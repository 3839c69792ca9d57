"""Invitations of unit heads: one, its link, and a sheet of units with the names of their heads."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from office.office import Office
from scoring.plan_file import tidy
from scoring.sheet import Book, Row, Sheet, quoted
from scoring.table import letters
from scoring.written import folded
from storage import audit, invitations, people
from storage.catalogue import Unit
from storage.database import Db
from storage.unit_index import unit_results

ROLE = "kepala_unit"
LINK = "u_"  # prefix of the payload of an invitation's link
HEADING_ROWS = 30  # in which the headings are looked for
LONGEST_NAME = 120  # characters
UNIT_TITLES = ("unit", "unitkerja", "namaunit", "namaunitkerja", "seksi", "bagian", "bidang")
NAME_TITLES = (
    *("nama", "namakepala", "namakepalaunit", "namapejabat", "namalengkap", "kepala"),
    *("kepalaunit", "kepalaunitkerja", "pejabat"),
)
POSITION_TITLES = ("jabatan", "namajabatan")  # "Kasi Pemerintahan": the unit is read from it
# How a position is written, and the unit that it heads.
POSITIONS = (
    (r"^(kepala|ka\.?)\s+", ""),
    (r"^kasubbag\w*\.?\s+|^kasubag\w*\.?\s+|^sub\s*bagian\s+|^subag\s+", "Subbag "),
    (r"^kasi\.?\s+", "Seksi "),
)


class HeadsSheetError(ValueError):
    """A file that is no such sheet, or has mistakes; `lines` name row and column."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True, slots=True)
class Listed:
    """A head to invite; `name` may be empty, `led`: the unit has a head already."""

    unit: Unit
    name: str
    led: bool


def listed(db: Db, book: Book) -> list[Listed]:
    """The heads that a file names, in its order.

    Raises:
        HeadsSheetError: every mistake, with row and column; nobody is invited then.
    """
    active = unit_results.active_kerja(db)
    by_name = {folded(text): unit for unit in active for text in (unit.slug, unit.name)}
    led = {head.unit_id for head in people.unit_heads(db)}
    wrong: list[str] = []
    found: dict[int, Listed] = {}
    for number, place, text, name in _rows(book):
        unit = _unit(by_name, text)
        if not text:
            wrong.append(f"Baris {number}, {place}: unit kerjanya kosong.")
        elif unit is None:
            there = ", ".join(each.name for each in active)
            wrong.append(
                f"Baris {number}, {place}: unit kerja {quoted(text)} tidak ada. Yang ada: {there}."
            )
        elif unit.id in found:
            wrong.append(f"Baris {number}, {place}: {unit.name} tertulis dua kali.")
        elif len(name) > LONGEST_NAME:
            wrong.append(f"Baris {number}: namanya lebih dari {LONGEST_NAME} huruf.")
        else:
            found[unit.id] = Listed(unit, name, unit.id in led)
    if wrong:
        raise HeadsSheetError(*wrong)
    if not found:
        raise HeadsSheetError("Di bawah judul kolomnya tidak ada satu pun unit kerja.")
    return list(found.values())


def fingerprint(heads: Sequence[Listed]) -> int:
    """A number of this list, in 24 bits: who was shown is who is invited."""
    digest = hashlib.sha256(repr([(each.unit.id, each.name) for each in heads]).encode()).digest()
    return int.from_bytes(digest[:3])


# --- reading ----------------------------------------------------------------------------------


def _rows(book: Book) -> Iterator[tuple[int, str, str, str]]:
    """Row number, place of the unit, unit and name, of the first sheet with the headings."""
    for sheet in book.sheets:
        if sheet.hidden:
            continue
        columns, body = _headed(sheet)
        if columns:
            yield from _of_sheet(columns, body)
            return
    raise HeadsSheetError(
        "Judul kolomnya tidak ditemukan. Beri satu baris judul: Unit kerja (atau Jabatan) dan Nama."
    )


def _headed(sheet: Sheet) -> tuple[dict[str, int], list[Row]]:
    """The columns by what they hold, and the rows under the headings; none without headings."""
    rows = [(number, cells) for number, cells in sheet.rows if number not in sheet.hidden_rows]
    for at, (number, cells) in enumerate(rows):
        if number > HEADING_ROWS:
            break
        titles = {folded(cell): i for i, cell in reversed(list(enumerate(cells)))}
        wanted = {"unit": UNIT_TITLES, "jabatan": POSITION_TITLES, "nama": NAME_TITLES}
        columns = {
            what: titles[title]
            for what, names in wanted.items()
            if (title := next((each for each in names if each in titles), None)) is not None
        }
        if columns.keys() & {"unit", "jabatan"} and (len(columns) > 1 or "unit" in columns):
            return columns, rows[at + 1 :]
    return {}, []


def _of_sheet(
    columns: Mapping[str, int], body: Sequence[Row]
) -> Iterator[tuple[int, str, str, str]]:
    column = columns.get("unit", columns.get("jabatan", 0))
    place = f"kolom {letters(column)}"
    for number, cells in body:
        text, name = _cell(cells, column), _cell(cells, columns.get("nama"))
        if text or name:
            yield number, place, text, name


def _cell(cells: Sequence[str], column: int | None) -> str:
    return tidy(cells[column]) if column is not None and column < len(cells) else ""


def _unit(by_name: Mapping[str, Unit], text: str) -> Unit | None:
    """The unit of this name, or that the holder of this position heads."""
    found = by_name.get(folded(text))
    for pattern, unit in POSITIONS:
        if found is None:
            text = re.sub(pattern, unit, text, count=1, flags=re.IGNORECASE)
            found = by_name.get(folded(text))
    return found


def invite(db: Db, office: Office, unit: Unit, title: str, user_id: int) -> str:
    """Invite the head of a unit; the link, which is not stored."""
    now = office.clock()
    number, token = invitations.create(db, ROLE, title, user_id, now, unit_id=unit.id)
    after = {"role": ROLE, "title": title, "unit": unit.id, "counter": None}
    audit.record(db, now, user_id, "undang", f"undangan {number}", after=after)
    return link(office, token)


def revoke_open(db: Db, office: Office, unit: Unit, user_id: int) -> None:
    """Revoke the open invitations of a unit's head: a list that is sent again replaces them."""
    now = office.clock()
    for each in invitations.open_ones(db, now):
        if (each.role, each.unit_id) == (ROLE, unit.id) and invitations.revoke(db, each.id, now):
            target = f"undangan {each.id}"
            audit.record(db, now, user_id, "cabut_undangan", target, before=each.title)


def link(office: Office, token: str) -> str:
    """The address that accepts an invitation."""
    return f"https://t.me/{office.username}?start={LINK}{token}"
