"""The pictures of the IKU table: all indikator of a year, or one on the course to its target."""

from __future__ import annotations

from decimal import Decimal

from office.iku import labels, table
from office.iku.table import Line
from office.office import Office
from reports.pictures.iku_picture import IkuPicture, IkuRow, ProgressPicture, YearPoint
from scoring import iku
from scoring.numbers import comma
from storage.database import Db
from storage.planning import ikus, plans
from storage.settings import office_facts


def iku_picture(db: Db, office: Office, year: int) -> IkuPicture:
    """What the picture of a year's IKU table shows."""
    rules = ikus.rules(db, year)
    note = labels.rules(office.words.iku, rules)
    rows = [_iku_row(office, line, rules.cap) for line in table.of_year(db, office, year)]
    return IkuPicture(office_facts.name(db), f"Tahun {year}", tuple(rows), note)


def _iku_row(office: Office, line: Line, cap: Decimal | None) -> IkuRow:
    spoken = office.words.iku
    missing = line.row.realisasi.nilai is None
    return IkuRow(
        indikator=line.row.indikator,
        target=labels.target(spoken, line.row.target),
        realisasi="belum ada" if missing else labels.realisasi(spoken, line.row, line.predikat),
        capaian=line.row.capaian.shown(cap),
        kategori=line.row.kategori.name if line.row.kategori else None,
        reason=line.row.reason,
        note=line.full_note or None,
    )


def progress_picture(
    db: Db, office: Office, year: int, iku_id: int
) -> tuple[str, ProgressPicture] | None:
    """The caption and picture of one indikator up to its target; None without any figure."""
    lines = table.course(db, office, year, iku_id)
    if not lines:
        return None
    line, spoken = lines[-1], office.words.iku
    cap = ikus.rules(db, line.row.tahun).cap
    told = {
        "realisasi": labels.realisasi(spoken, line.row, line.predikat),
        "target": labels.target(spoken, line.row.target),
        "capaian": labels.capaian(spoken, line.row, cap),
    }
    text = spoken.progress_caption(
        indikator=line.row.indikator,
        year=line.row.tahun,
        figures=labels.beside_target(spoken, line.row, line.predikat),
        capaian=told["capaian"],
    )
    picture = ProgressPicture(
        office=office_facts.name(db),
        indikator=line.row.indikator,
        now=told["realisasi"],
        aim=told["target"],
        capaian=spoken.progress_capaian.plain(capaian=told["capaian"]),
        points=tuple(_point(each) for each in lines),
        note=" · ".join(part for part in (line.full_note, _end(db, office, line)) if part) or None,
    )
    return text, picture


def _point(line: Line) -> YearPoint:
    reached = line.row.realisasi
    return YearPoint(
        str(line.row.tahun), reached.nilai, line.row.target.nilai, marked=reached.by_hand
    )


def _end(db: Db, office: Office, line: Line) -> str:
    """How near the plan's last target is; empty when this is its year, or there is none."""
    plan = plans.of_year(db, line.row.tahun)
    if plan is None or plan.head.last == line.row.tahun:
        return ""
    year = plan.head.last
    end = ikus.targets(db, [year]).get((line.indicator.id, year))
    if end is None:
        return ""
    spoken = office.words.iku
    progress = iku.capaian(end, line.row.realisasi.nilai, line.indicator.arah).shown()
    if progress is None:
        return ""
    shown = f"{comma(progress)} %"
    return spoken.progress_end.plain(year=year, target=labels.target(spoken, end), progress=shown)
