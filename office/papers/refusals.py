"""The data of all files of one report, and why a paper cannot be made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from office.figures.spans import NoFigures
from office.office import Office
from reports.papers import Papers, PapersError
from reports.rendering import PictureError
from reports.survey_report.report_text import ReportTextError, TemplateError
from storage.periods import Differs, PeriodRow


class NoPlan(Exception):
    """No plan holds this year."""


REFUSALS = (
    NoPlan,
    NoFigures,
    Differs,
    PapersError,
    ReportTextError,
    TemplateError,
    PictureError,
)


def reason(office: Office, refusal: Exception) -> str:
    """The sentence for people about one of the `REFUSALS`, plain text."""
    match refusal:
        case Differs():
            return office.words.paper.differs.plain(what=refusal)
        case NoPlan():
            return office.words.iku.no_plan.plain(year=refusal)
        case PictureError():  # the message of typst is for the log
            return office.words.paper.not_drawn.plain()
        case _:
            return str(refusal)


@dataclass(frozen=True, slots=True)
class ReportSet:
    """The papers of a period with what some of them need besides.

    Args:
        iku: makes the IKU sheet; None where no plan holds the year.
        folder: of the office's own prose.
        rated: the unit heads' periods that end in this one.
    """

    office: Office
    papers: Papers
    iku: Callable[[], bytes] | None
    folder: Path | None = None
    rated: tuple[PeriodRow, ...] = ()
