"""What the IKU document of a year prints: the office's profile, and the year's table."""

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
from storage import ikus
from storage.database import Db
from storage.settings import office_facts
from storage.settings.office_facts import IkuRules

EARLIER = 2  # years before that the table shows


def iku_paper(db: Db, office: Office, year: int, beside: Papers) -> IkuPaper:
    """The document of a year, final and dated as the year's `beside` is."""
    words, ruled = office.words.iku, office_facts.iku_rules(db)
    years = range(year - EARLIER, year + 1)
    found = table.of_years(db, office, years)
    ends = ikus.targets(db, [ruled.last_year])
    profile = office_facts.profile(db)
    lines = []
    for place, line in enumerate(found[year]):
        end = ends.get((line.indicator.id, ruled.last_year), Target())
        compared = table.compared(found, place, year, end)
        lines.append(_line(words, line, ruled, _comparisons(compared, years)))
    rules = words.rules.plain(tahunan=ruled.tahunan.replace("_", " "), feeding=ruled.feeding)
    return IkuPaper(
        office=beside.office,
        renstra=f"Periode {ruled.first_year}–{ruled.last_year}",
        year=str(year),
        tugas=profile.tugas,
        fungsi=profile.fungsi,
        lines=tuple(lines),
        comparisons=(
            *(f"Realisasi {before}" for before in years[:-1]),
            f"Terhadap target {ruled.last_year}",
        ),
        notes=(rules,),
        made=beside.locked_at or beside.period.end,
        zone=beside.period.zone,
        final=beside.complete,
    )


def _line(words: IkuWords, line: Line, ruled: IkuRules, comparisons: Sequence[str]) -> IkuLine:
    row = line.row
    capaian = row.capaian.shown(ruled.cap)
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
        sumber=line.note or words.missing.plain(),
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
