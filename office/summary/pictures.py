"""What the picture of a period's message shows, from its facts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from office.figures.spans import Earlier
from office.iku import labels, table
from office.iku.table import Line
from office.office import Office
from office.summary import unit_index
from office.summary.caption import change, margin_shown, pooled
from office.summary.content import PeriodSummary
from office.words.all_words import OfficeWords, Words
from reports.ikm_picture import Bar, IkmPicture
from reports.iku_picture import IkuPicture, IkuRow, ProgressPicture, YearPoint
from reports.unit_picture import AspekBar, UnitPicture
from scoring import cells, ikm, iku, period
from scoring.ikm import UnsurScore
from scoring.numbers import comma
from scoring.period import short_title
from storage import ikus
from storage.database import Db
from storage.settings import office_facts


def picture(facts: PeriodSummary, words: OfficeWords) -> IkmPicture | None:
    """What the picture shows; None while there is no figure to draw."""
    score = facts.result.score
    if score.ikm is None or score.n < facts.min_responses or facts.withheld:
        return None
    told = cells.publishable_items(score, facts.min_responses)
    bars = tuple(
        Bar(
            score.instrument.item(code).name["id"],
            score.instrument.number(code),
            _shown(unsur) if code in told else None,
            unsur.mutu if code in told else None,
        )
        for code, unsur in score.unsur.items()
    )
    margin = facts.result.margin
    return IkmPicture(
        office=facts.office,
        period=period.title(facts.period),
        span=period.span(facts.period, facts.period.zone),
        ikm=score.ikm,
        mutu=score.mutu or "",
        kinerja=score.kinerja or "",
        bars=bars,
        respondents=pooled(facts, words) + words.summary_n.plain(n=score.n),
        margin=None if margin is None else words.picture_margin.plain(margin=margin_shown(margin)),
        change=change(facts, words) or None,
        note=None if facts.locked else words.picture_note_open.plain(),
        trend=_trend(facts.earlier),
    )


def _shown(unsur: UnsurScore) -> Decimal | None:
    return None if unsur.nrr is None else ikm.half_up(unsur.nrr, 3)


def _trend(earlier: Sequence[Earlier]) -> tuple[tuple[str, Decimal], ...]:
    return tuple(
        (short_title(before.period), before.measured.ikm)
        for before in reversed(earlier)
        if before.measured.ikm is not None
    )


def unit_picture(facts: unit_index.UnitIndexSummary, words: Words) -> UnitPicture | None:
    """What the picture of the unit heads' index shows; None while there is no figure to tell."""
    result, spoken = facts.result, words.head
    nilai = result.told
    if nilai is None:
        return None
    form = result.score.instrument
    bars = tuple(AspekBar(name, mean) for name, mean in unit_index.aspek(result))
    few = None if bars else spoken.index_aspek_few.plain(least=unit_index.LEAST_ASPEK)
    return UnitPicture(
        office=facts.office,
        period=period.title(facts.period),
        days=period.span(facts.period, facts.period.zone),
        indeks=nilai,
        span=(ikm.half_up(form.minimum, 2), ikm.half_up(form.maximum, 2)),
        scale=form.scale,
        bars=bars,
        filled=spoken.index_answered.plain(n=result.score.n, units=result.units),
        change=unit_index.change(facts, words),
        note=few,
    )


def iku_picture(db: Db, office: Office, year: int) -> IkuPicture:
    """What the picture of a year's IKU table shows."""
    ruled = office_facts.iku_rules(db)
    spoken = office.words.iku
    note = spoken.rules.plain(tahunan=ruled.tahunan.replace("_", " "), feeding=ruled.feeding)
    rows = [_iku_row(office, line, ruled.cap) for line in table.of_year(db, office, year)]
    return IkuPicture(office_facts.name(db), f"Tahun {year}", tuple(rows), note)


def _iku_row(office: Office, line: Line, cap: Decimal | None) -> IkuRow:
    spoken = office.words.iku
    missing = line.row.realisasi.nilai is None
    return IkuRow(
        indikator=line.row.indikator,
        target=labels.target(spoken, line.row.target),
        realisasi="n/a" if missing else labels.realisasi(spoken, line),
        capaian=line.row.capaian.shown(cap),
        kategori=line.row.kategori.name if line.row.kategori else None,
        reason=line.row.reason,
        note=line.note or None,
    )


def progress_picture(
    db: Db, office: Office, year: int, iku_id: int
) -> tuple[str, ProgressPicture] | None:
    """One indikator's way to its target, with what is said below; None when there is none."""
    way = table.way(db, office, year, iku_id)
    if not way:
        return None
    line, spoken, ruled = way[-1], office.words.iku, office_facts.iku_rules(db)
    told = {
        "realisasi": labels.realisasi(spoken, line),
        "target": labels.target(spoken, line.row.target),
        "capaian": labels.capaian(spoken, line, ruled.cap),
    }
    text = spoken.progress_caption(
        indikator=line.row.indikator, year=line.row.tahun, satuan=line.row.satuan.lower(), **told
    )
    picture = ProgressPicture(
        office=office_facts.name(db),
        indikator=line.row.indikator,
        now=told["realisasi"],
        aim=told["target"],
        capaian=spoken.progress_capaian.plain(capaian=told["capaian"]),
        points=tuple(_point(each) for each in way),
        note=" · ".join(part for part in (line.note, _end(db, office, line)) if part) or None,
    )
    return text, picture


def _point(line: Line) -> YearPoint:
    reached = line.row.realisasi
    return YearPoint(
        str(line.row.tahun), reached.nilai, line.row.target.nilai, marked=reached.by_hand
    )


def _end(db: Db, office: Office, line: Line) -> str:
    """How near the Renstra's last target is; empty when this is its year, or there is none."""
    year = office_facts.iku_rules(db).last_year
    end = ikus.targets(db, [year]).get((line.indicator.id, year))
    if end is None or year == line.row.tahun:
        return ""
    spoken = office.words.iku
    progress = iku.capaian(end, line.row.realisasi.nilai, line.indicator.arah).shown()
    if progress is None:
        return ""
    shown = f"{comma(progress)} %"
    return spoken.progress_end.plain(year=year, target=labels.target(spoken, end), progress=shown)
