"""Two pictures of the IKU: the year's table with capaian, and one indikator over the years."""

from dataclasses import dataclass
from decimal import Decimal

from reports import rendering
from reports.rendering import PictureError
from scoring.numbers import comma

MAX_ROWS = 8  # more would be too small to read on a phone
MAX_YEARS = 6  # points that fit beside each other
LONGEST_BAR = Decimal(120)  # % of capaian


@dataclass(frozen=True, slots=True)
class IkuRow:
    """One indikator; target and realisasi are ready to print, "n/a" where they are missing.

    `capaian` is in %, without a limit; None needs a `reason`. `note` may say what realisasi is.
    """

    indikator: str
    target: str
    realisasi: str
    capaian: Decimal | None
    kategori: str | None
    reason: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class IkuPicture:
    """A year's table; the first eight rows are drawn, the number of the others is written."""

    office: str
    year: str
    rows: tuple[IkuRow, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class YearPoint:
    """A year's realisasi and target; `marked` when a person entered realisasi by hand."""

    label: str
    realisasi: Decimal | None
    target: Decimal | None
    marked: bool = False


@dataclass(frozen=True, slots=True)
class ProgressPicture:
    """One indikator over the years, oldest first; the last six years are drawn.

    `now` is the last realisasi, `aim` its target, `capaian` a sentence that compares them.
    """

    office: str
    indikator: str
    now: str
    aim: str
    capaian: str
    points: tuple[YearPoint, ...]
    note: str | None = None


def iku_png(picture: IkuPicture) -> bytes:
    """Draw a PNG, 1080 px wide and as high as its rows need; blocks for about 0.1 s.

    Raises:
        PictureError: it cannot be drawn.
    """
    hidden = len(picture.rows) - MAX_ROWS
    data = {
        "office": picture.office,
        "year": picture.year,
        "rows": [_row(number, row) for number, row in enumerate(picture.rows[:MAX_ROWS], 1)],
        "more": f"dan {hidden} indikator lagi di laporan" if hidden > 0 else None,
        "note": picture.note,
    }
    return rendering.png("iku.typ", data)


def _row(number: int, row: IkuRow) -> dict[str, object]:
    if row.capaian is None and not row.reason:
        raise PictureError(f"{row.indikator}: n/a without a reason")
    if row.capaian is not None and not row.capaian.is_finite():
        raise PictureError(f"{row.indikator}: {row.capaian} is no capaian")
    return {
        "no": str(number),
        "indikator": row.indikator,
        "target": row.target,
        "realisasi": row.realisasi,
        "capaian": None if row.capaian is None else f"{comma(row.capaian)} %",
        "filled": None if row.capaian is None else _filled(row.capaian),
        "kategori": row.kategori,
        "reason": row.reason,
        "note": row.note,
    }


def _filled(capaian: Decimal) -> float:
    """Return the bar's share of 0–120 %; the bar is cut at both ends, the printed figure is not."""
    return float(min(max(capaian, Decimal(0)), LONGEST_BAR) / LONGEST_BAR)


def progress_png(picture: ProgressPicture) -> bytes:
    """Draw a PNG, 1080 px wide; blocks for about 0.1 s.

    Raises:
        PictureError: it cannot be drawn, or no year has a figure.
    """
    points = picture.points[-MAX_YEARS:]
    values = [value for point in points for value in (point.realisasi, point.target) if value]
    if not values or not all(value.is_finite() for value in values):
        raise PictureError(f"{picture.indikator}: no figures to draw")
    data = {
        "office": picture.office,
        "indikator": picture.indikator,
        "now": picture.now,
        "aim": picture.aim,
        "capaian": picture.capaian,
        "points": [_point(point) for point in points],
        "note": picture.note,
    }
    return rendering.png("progress.typ", data)


def _point(point: YearPoint) -> dict[str, object]:
    return {
        "label": point.label,
        "marked": point.marked,
        "value": None if point.realisasi is None else comma(point.realisasi),
        "y": None if point.realisasi is None else float(point.realisasi),
        "target": None if point.target is None else comma(point.target),
        "target-y": None if point.target is None else float(point.target),
    }
