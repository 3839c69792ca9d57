"""The picture of the unit heads' index: the index on its range, one bar for each aspek."""

from dataclasses import dataclass
from decimal import Decimal

from reports import canvas
from reports.canvas import PictureError
from scoring.indonesian import comma


@dataclass(frozen=True, slots=True)
class AspekBar:
    """One aspek and its mean nilai on the scale of the answers; None: not computable."""

    label: str
    nilai: Decimal | None


@dataclass(frozen=True, slots=True)
class UnitPicture:
    """What the picture shows; texts are ready to print.

    `span` is the least and the most that the index can be, `scale` the same of an aspek. Without
    bars, where too few answered to tell aspek apart, `note` says so.
    """

    office: str
    period: str
    days: str
    indeks: Decimal
    span: tuple[Decimal, Decimal]
    scale: tuple[int, int]
    bars: tuple[AspekBar, ...]
    filled: str
    change: str | None = None
    note: str | None = None


def unit_png(picture: UnitPicture) -> bytes:
    """Draw a PNG 1080 px wide, as high as its bars need; blocks for some 0.1 s.

    Raises:
        PictureError: whatever kept it from being drawn; the message then goes out as text.
    """
    return canvas.png("unit.typ", _data(picture))


def _data(picture: UnitPicture) -> dict[str, object]:
    low, high = picture.span
    values = {bar.nilai for bar in picture.bars if bar.nilai is not None}
    lowest = min(values) if len(values) > 1 else None
    at = _share(picture.indeks, low, high)
    return {
        "office": picture.office,
        "period": picture.period,
        "days": picture.days,
        "indeks": comma(picture.indeks),
        "at": at,
        "low": comma(low),
        "high": comma(high),
        "scale": [str(step) for step in range(picture.scale[0], picture.scale[1] + 1)],
        "bars": [_bar(bar, picture.scale, lowest) for bar in picture.bars],
        "filled": picture.filled,
        "change": picture.change,
        "note": picture.note,
    }


def _bar(bar: AspekBar, scale: tuple[int, int], lowest: Decimal | None) -> dict[str, object]:
    """Return a bar as the template draws it; `filled` is its part of the scale, 0–1."""
    if bar.nilai is None:
        return {"label": bar.label, "value": None, "filled": None, "lowest": False}
    filled = _share(bar.nilai, *map(Decimal, scale))
    value = comma(bar.nilai)
    return {"label": bar.label, "value": value, "filled": filled, "lowest": bar.nilai == lowest}


def _share(value: Decimal, low: Decimal, high: Decimal) -> float:
    """Return how far along a range a value lies, 0–1."""
    if not (value.is_finite() and low <= value <= high and low < high):
        raise PictureError(f"{value} is not on the scale of {low}–{high}")
    return float((value - low) / (high - low))
