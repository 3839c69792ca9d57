"""What the IKU document of a year prints: the year's plan and table."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from office.iku import labels, table
from office.iku.table import Line
from office.office import Office
from office.words.iku import IkuWords
from reports.iku_document import IkuLine, IkuPaper
from reports.papers import Papers
from scoring.iku import Comparison, Target
from scoring.numbers import comma
from storage import ikus, plans
from storage.database import Db

EARLIER = 2  # years before that the table shows


def iku_paper(db: Db, office: Office, year: int, beside: Papers) -> IkuPaper | None:
    """The document of a year, final and dated as the year's `beside` is; None without a plan."""
    plan = plans.of_year(db, year)
    if plan is None:
        return None
    words, head = office.words.iku, plan.head
    years = range(year - EARLIER, year + 1)
    found = table.of_years(db, office, years)
    ends = ikus.targets(db, [head.last])
    lines = []
    for line in found[year]:
        end = ends.get((line.indicator.id, head.last), Target())
        compared = table.compared(found, line, end)
        lines.append(_line(words, line, head.rules.cap, _comparisons(compared, years)))
    return IkuPaper(
        office=beside.office,
        renstra=head.period,
        year=str(year),
        tugas=head.tugas,
        fungsi=head.fungsi,
        lines=tuple(lines),
        comparisons=(
            *(f"Realisasi {before}" for before in years[:-1]),
            f"Terhadap target {head.last}",
        ),
        notes=(labels.rules(words, head.rules),),
        made=beside.locked_at or beside.period.end,
        zone=beside.period.zone,
        final=beside.complete,
    )


def _line(words: IkuWords, line: Line, cap: Decimal | None, comparisons: Sequence[str]) -> IkuLine:
    row = line.row
    capaian = row.capaian.shown(cap)
    return IkuLine(
        sasaran=row.sasaran,
        indikator=row.indikator,
        formulasi=line.indicator.formulasi,
        satuan=row.satuan,
        target="" if row.target.nilai is None else labels.target(words, row.target),
        realisasi=""
        if row.realisasi.nilai is None
        else labels.realisasi(words, line.row, line.predikat),
        capaian="" if capaian is None else f"{comma(capaian)} %",
        kategori=row.kategori.name if row.kategori else "",
        sumber=line.full_note or words.missing.plain(),
        earlier=tuple(comparisons),
    )


def _comparisons(compared: Comparison, years: range) -> list[str]:
    """A text for every column: what earlier years reached, and how near the end's target is."""
    reached = [compared.earlier.get(year) for year in years[:-1]]
    progress = compared.progress.shown()
    return [
        *("" if value is None else comma(value) for value in reached),
        "" if progress is None else f"{comma(Decimal(progress))} %",
    ]
