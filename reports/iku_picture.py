"""Two pictures of the IKU: the year's table with capaian, and one indicator's way to its target."""

from dataclasses import dataclass
from decimal import Decimal

from reports import canvas
from reports.canvas import PictureError
from scoring.indonesian import comma

ROWS = 8  # that a phone still shows in one picture
YEARS = 6  # points that fit beside each other
WHOLE, MOST = Decimal(100), Decimal(120)  # % capaian: the mark, and where a bar ends


@dataclass(frozen=True, slots=True)
class IkuRow:
    """One indicator; target and realisasi ready to print, "n/a" where they are missing.

    `capaian` is in %, uncapped; None needs a `reason`. `note` may name what realisasi is.
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
    """A year's table; at most the first eight rows are drawn, and the rest counted."""

    office: str
    year: str
    rows: tuple[IkuRow, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class YearPoint:
    """A year's realisasi and target; `marked` when it was entered by hand."""

    label: str
    realisasi: Decimal | None
    target: Decimal | None
    marked: bool = False


@dataclass(frozen=True, slots=True)
class ProgressPicture:
    """One indicator over the years, oldest first; the last six are drawn.

    `now` is the last realisasi, `aim` its target, `capaian` the sentence between them.
    """

    office: str
    indikator: str
    now: str
    aim: str
    capaian: str
    points: tuple[YearPoint, ...]
    note: str | None = None


def iku_png(picture: IkuPicture) -> bytes:
    """Draw a PNG 1080 px wide, as high as its rows need; blocks for some 0.1 s.

    Raises:
        PictureError: whatever kept it from being drawn.
    """
    left = len(picture.rows) - ROWS
    data = {
        "office": picture.office,
        "year": picture.year,
        "rows": [_row(number, row) for number, row in enumerate(picture.rows[:ROWS], 1)],
        "more": f"dan {left} indikator lagi di laporan" if left > 0 else None,
        "note": picture.note,
    }
    return canvas.png("iku.typ", data)


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
    """Return the bar's part of 0–120 %; what lies beyond is cut, the figure beside it is not."""
    return float(min(max(capaian, Decimal(0)), MOST) / MOST)


def progress_png(picture: ProgressPicture) -> bytes:
    """Draw a PNG 1080 px wide; blocks for some 0.1 s.

    Raises:
        PictureError: whatever kept it from being drawn, or no point to draw.
    """
    points = picture.points[-YEARS:]
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
    return canvas.png("progress.typ", data)


def _point(point: YearPoint) -> dict[str, object]:
    return {
        "label": point.label,
        "marked": point.marked,
        "value": None if point.realisasi is None else comma(point.realisasi),
        "y": None if point.realisasi is None else float(point.realisasi),
        "target": None if point.target is None else comma(point.target),
        "target-y": None if point.target is None else float(point.target),
    }
