"""The papers of planning: as they are now or were signed, their files, signing, new versions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from office.iku import document
from office.iku.document import Head
from office.office import Office
from office.turn import Turn
from office.words.document import DocumentWords
from reports import rendering
from reports.document import Document
from reports.document_files import FORMATS, document_of
from scoring.period import ROMAN
from storage import audit
from storage.database import Db
from storage.periods import Differs
from storage.planning import planning_papers
from storage.planning.planning_papers import PaperRow

SHOWN = 8  # digits of a fingerprint on a paper
BUTTON_BITS = 24  # of a fingerprint that a button carries


@dataclass(frozen=True, slots=True)
class Which:
    """A paper of a year, or of one of its quarters."""

    kind: str
    year: int
    quarter: int = 0


# In the order in which a year needs them; a button carries the position.
KINDS = (("iku", 0), ("pk", 0), *(("aksi", quarter) for quarter in range(5)), ("lkjip", 0))


@dataclass(frozen=True, slots=True)
class Paper:
    """A version of a paper: the one that is being prepared, or a signed one.

    Args:
        may_be_signed: its date is set, and its figures can change no more.
    """

    which: Which
    head: Head
    signed_at: datetime | None
    content: Document
    fingerprint: str
    may_be_signed: bool

    @property
    def mark(self) -> int:
        """A number of its content, as a button carries it."""
        return int(self.fingerprint[: BUTTON_BITS // 4], 16)

    @property
    def stem(self) -> str:
        """What its files are called."""
        which, version = self.which, self.head.version
        quarter = f"-TW{which.quarter}" if which.quarter else ""
        again = f"-v{version}" if version > 1 else ""
        return f"{which.kind}-{which.year}{quarter}{again}"


class NotSignable(Exception):
    """The paper has no date, its figures can still change, or it changed since it was shown."""


def current(db: Db, office: Office, which: Which) -> Paper:
    """The newest version of a paper.

    Raises:
        NoPlan: no plan holds the year.
        Differs: what was signed is not what is stored.
    """
    row = planning_papers.newest(db, which.kind, which.year, which.quarter)
    head = Head() if row is None else Head(row.number, row.dated, row.version)
    if row is not None and row.content is not None:
        return _signed(which, row, head)
    content = document.content(db, office, which.kind, which.year, which.quarter, head)
    return _paper(which, head, None, content)


def _signed(which: Which, row: PaperRow, head: Head) -> Paper:
    paper = _paper(which, head, row.signed_at, document_of(row.content or {}))
    if paper.fingerprint != row.fingerprint:
        raise Differs(f"{which.kind} {which.year}")
    return paper


def _paper(which: Which, head: Head, signed_at: datetime | None, content: Document) -> Paper:
    digest = json.dumps(rendering.json_values(content), sort_keys=True, ensure_ascii=False)
    fingerprint = hashlib.sha256(digest.encode("utf-8", "surrogatepass")).hexdigest()
    signable = signed_at is None and head.day is not None and not content.draft
    return Paper(which, head, signed_at, content, fingerprint, signable)


def file(office: Office, paper: Paper, format_name: str) -> bytes:
    """The paper in one of the `FORMATS`, its fingerprint at its foot; it blocks."""
    foot = f"{paper.content.foot} · sidik {paper.fingerprint[:SHOWN]}"
    made = document.made(office, paper.which.year, paper.head.day)
    return FORMATS[format_name](replace(paper.content, foot=foot), made)


def files(db: Db, office: Office, year: int) -> Mapping[str, partial[bytes]]:
    """Every paper of a year in every format, by the names of the files.

    Raises:
        NoPlan, Differs: as `current`.
    """
    papers = [current(db, office, Which(kind, year, quarter)) for kind, quarter in KINDS]
    return {
        f"{paper.stem}.{name}": partial(file, office, paper, name)
        for paper in papers
        for name in FORMATS
    }


def name(words: DocumentWords, kind: str, quarter: int) -> str:
    """What a paper is called."""
    if quarter:
        return words.paper_quarter.plain(quarter=ROMAN[quarter])
    names = {
        "iku": words.paper_iku, "pk": words.paper_pk, "aksi": words.paper_aksi,
        "lkjip": words.paper_lkjip,
    }  # fmt: skip
    return names[kind].plain()


def caption(words: DocumentWords, which: Which, format_name: str) -> str:
    """What a file of a paper is, and for what, HTML."""
    captions = {
        "pdf": words.paper_file_pdf, "docx": words.paper_file_docx, "xlsx": words.paper_file_xlsx,
    }  # fmt: skip
    called = name(words, which.kind, which.quarter)
    return captions[format_name](name=called, year=which.year)


# --- changes ----------------------------------------------------------------------------------


def set_head(turn: Turn, user_id: int, which: Which, number: str, day: date | None) -> None:
    """Set number and date of the version that is being prepared."""
    paper = current(turn.db, turn.office, which)
    if paper.signed_at is not None:
        raise NotSignable
    row = _prepared(turn.db, paper)
    planning_papers.change(turn.db, row.id, number, day)
    before, after = (
        {"nomor": each, "tanggal": on.isoformat() if on else ""}
        for each, on in ((row.number, row.dated), (number, day))
    )
    _record(turn, user_id, "ubah_dokumen", paper, before=before, after=after)


def _prepared(db: Db, paper: Paper) -> PaperRow:
    """The row of a version that is not signed."""
    which = paper.which
    found = planning_papers.newest(db, which.kind, which.year, which.quarter)
    if found is None:
        planning_papers.add(db, which.kind, which.year, which.quarter, paper.head.version)
        found = planning_papers.newest(db, which.kind, which.year, which.quarter)
    if found is None:
        raise LookupError("a paper without its row")
    return found


def sign(turn: Turn, user_id: int, which: Which, mark: int) -> None:
    """Keep what was shown as signed: later changes of the plan do not change it.

    Raises:
        NotSignable: the paper may not be signed, or is not what was shown.
    """
    paper = current(turn.db, turn.office, which)
    if not paper.may_be_signed or paper.mark != mark:
        raise NotSignable
    row = _prepared(turn.db, paper)
    values = json.loads(json.dumps(rendering.json_values(paper.content)))
    planning_papers.sign(turn.db, row.id, values, paper.fingerprint, user_id, turn.now)
    _record(turn, user_id, "tanda_tangan_dokumen", paper, after=paper.fingerprint)


def begin_version(turn: Turn, user_id: int, which: Which) -> None:
    """Begin the version after a signed one; nothing where the newest is not signed."""
    paper = current(turn.db, turn.office, which)
    if paper.signed_at is not None:
        version = paper.head.version + 1
        planning_papers.add(turn.db, which.kind, which.year, which.quarter, version)
        _record(turn, user_id, "versi_baru_dokumen", paper, after=version)


def _record(turn: Turn, user_id: int, action: str, paper: Paper, **values: Any) -> None:
    target = f"dokumen {paper.which.kind} {paper.which.year}"
    if paper.which.quarter:
        target += f" TW{paper.which.quarter}"
    audit.record(turn.db, turn.now, user_id, action, target, **values)
