"""The data of all files of one report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from office.office import Office
from reports.papers import Papers
from storage.periods import PeriodRow


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
