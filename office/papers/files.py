"""The papers as files: their names, how each is made, and why one is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from office.iku import papers as planning
from office.iku.papers import Which
from office.office import Office
from office.papers import contents, refusals, unit_index
from office.papers.refusals import NoPlan, ReportSet
from reports.papers import Papers
from reports.publication import web_page
from reports.publication.publication_sheet import sheet_pdf, sheet_png
from reports.survey_report.report import report_pdf
from reports.unit_document import unit_pdf
from reports.zip_archive import zipped
from scoring import period as calendar
from scoring.period import Period
from storage import periods
from storage.database import Db
from storage.periods import PeriodRow
from storage.planning import plans

UNIT = "indeks-unit-"  # then the label of the unit heads' period
REFUSALS, reason = refusals.REFUSALS, refusals.reason


@dataclass(frozen=True, slots=True)
class PaperFile:
    """One paper; `make` blocks, and raises one of the `REFUSALS`."""

    name: str
    make: Callable[[], bytes]


def report_set(
    db: Db,
    office: Office,
    label: str,
    folder: Path | None = None,
    *,
    with_suggestions: bool = False,
) -> ReportSet:
    """The data of a label's papers; raises NoFigures or Differs."""
    papers = contents.papers(db, office, label, with_suggestions=with_suggestions)
    year = papers.period.label if calendar.kind(papers.period) == "tahun" else None
    iku = _iku_of(db, office, int(year)) if year else None
    return ReportSet(office, papers, iku, folder, tuple(rated(db, office, papers.period)))


def _iku_of(db: Db, office: Office, year: int) -> Callable[[], bytes] | None:
    try:
        paper = planning.current(db, office, Which("iku", year))
    except NoPlan:
        return None
    return partial(planning.file, office, paper, "pdf")


def planning_files(db: Db, office: Office, label: str) -> list[PaperFile]:
    """The papers of planning of a year; none of another span, or where no plan holds the year."""
    try:
        named = office.calendar.parse(label)
    except ValueError:
        return []
    if calendar.kind(named) != "tahun" or plans.of_year(db, int(named.label)) is None:
        return []
    made = planning.files(db, office, int(named.label))
    return [PaperFile(name, make) for name, make in made.items()]


def rated(db: Db, office: Office, named: Period) -> list[PeriodRow]:
    """The unit heads' locked periods that end in this one and were rated, oldest first."""
    return periods.rated_by_heads(db, office.calendar.parse(named.label))


def names_in(db: Db, office: Office, named: Period) -> list[str]:
    """What the files of a period are called, in the order they are handed over."""
    return names(named, [each.label for each in rated(db, office, named)])


def names(named: Period, of_heads: Sequence[str] = ()) -> list[str]:
    """The same, where the labels of the unit heads' periods that end in it are known."""
    patterns = [
        "laporan-{}.pdf", "laporan-{}.docx", "tabulasi-{}.xlsx",
        "publikasi-{}.pdf", "publikasi-{}.png", "halaman-{}.zip",
    ]  # fmt: skip
    if calendar.kind(named) == "tahun":
        patterns.append("iku-{}.pdf")
    own = [name.format(named.label) for name in patterns]
    return [*own, *(f"{UNIT}{label}.pdf" for label in of_heads)]


def files(of: ReportSet) -> list[PaperFile]:
    """The files in the order of their names; the page is one ZIP."""
    given = of.papers
    makes: list[Callable[[], bytes]] = [
        partial(report_pdf, given, of.folder),
        partial(_docx, given, of.folder),
        partial(_tabulation, given),
        partial(sheet_pdf, given),
        partial(sheet_png, given),
        lambda: zipped(web_page.files(given)),
    ]
    if calendar.kind(given.period) == "tahun":
        makes.append(partial(_iku, of))
    makes += [partial(_unit, of.office, each) for each in of.rated]
    called = names(given.period, [each.label for each in of.rated])
    return [PaperFile(*each) for each in zip(called, makes, strict=True)]


def caption(office: Office, name: str, period: Period) -> str:
    """What a file of a report is, for whom, and of which period, HTML."""
    words, title = office.words.paper, calendar.title(period)
    match name.partition("-")[0], Path(name).suffix:
        case "laporan", ".pdf":
            return words.file_report(period=title)
        case "laporan", _:
            return words.file_report_docx(period=title)
        case "tabulasi", _:
            return words.file_tabulation(period=title)
        case "publikasi", ".pdf":
            return words.file_publication(period=title)
        case "publikasi", _:
            return words.file_publication_picture(period=title)
        case "halaman", _:
            return words.file_page(period=title)
        case "iku", _:
            return words.file_iku(period=title)
        case _:
            rated_label = Path(name).stem.removeprefix(UNIT)
            return words.file_unit(period=calendar.title(office.calendar.parse(rated_label)))


def draft_files(db: Db, office: Office, label: str, folder: Path | None = None) -> list[PaperFile]:
    """The report without figures, of a period that need not be locked; raises NoFigures."""
    given = contents.draft(db, office, label)
    return [
        PaperFile(f"draf-laporan-{given.period.label}.pdf", partial(report_pdf, given, folder)),
        PaperFile(f"draf-laporan-{given.period.label}.docx", partial(_docx, given, folder)),
    ]


def _unit(office: Office, rated_period: PeriodRow) -> bytes:
    with office.database.read() as db:
        paper = unit_index.paper(db, office, rated_period)
    return unit_pdf(paper)


def _iku(of: ReportSet) -> bytes:
    if of.iku is None:
        raise NoPlan(of.papers.period.label)
    return of.iku()


# Word's and Excel's libraries are 10 MB, which a bot holds only once somebody wants such a file.
def _docx(of: Papers, folder: Path | None) -> bytes:
    from reports.survey_report.report_docx import report_docx

    return report_docx(of, folder)


def _tabulation(of: Papers) -> bytes:
    from reports.tabulation import tabulation_xlsx

    return tabulation_xlsx(of)
