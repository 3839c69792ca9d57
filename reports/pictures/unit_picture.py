"""The picture of the unit heads' index: the index in its range, one bar for each aspek."""

from dataclasses import dataclass
from decimal import Decimal

from reports import rendering
from reports.rendering import PictureError
from scoring.numbers import comma


@dataclass(frozen=True, slots=True)
class AspekBar:
    """One aspek and its mean nilai on the scale of the answers; None when it cannot be computed."""

    label: str
    nilai: Decimal | None


@dataclass(frozen=True, slots=True)
class UnitPicture:
    """The data of the picture; texts are ready to print.

    `span` is the range of the index, `scale` that of an aspek. There are no bars when too few unit
    heads answered; `note` then gives the reason.
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
    """Draw a PNG, 1080 px wide and as high as its bars need; blocks for about 0.1 s.

    Raises:
        PictureError: it cannot be drawn; the message is then sent as text.
    """
    return rendering.png("unit.typ", _data(picture))


def _data(picture: UnitPicture) -> dict[str, object]:
    low, high = picture.span
    values = {bar.nilai for bar in picture.bars if bar.nilai is not None}
    lowest = min(values) if len(values) > 1 else None
    position = _share(picture.indeks, low, high)
    return {
        "office": picture.office,
        "period": picture.period,
        "days": picture.days,
        "indeks": comma(picture.indeks),
        "at": position,
        "low": comma(low),
        "high": comma(high),
        "scale": [str(step) for step in range(picture.scale[0], picture.scale[1] + 1)],
        "bars": [_bar(bar, picture.scale, lowest) for bar in picture.bars],
        "filled": picture.filled,
        "change": picture.change,
        "note": picture.note,
    }


def _bar(bar: AspekBar, scale: tuple[int, int], lowest: Decimal | None) -> dict[str, object]:
    """Return the data of a bar; `filled` is its share of the scale, from 0 to 1."""
    if bar.nilai is None:
        return {"label": bar.label, "value": None, "filled": None, "lowest": False}
    filled = _share(bar.nilai, *map(Decimal, scale))
    value = comma(bar.nilai)
    return {"label": bar.label, "value": value, "filled": filled, "lowest": bar.nilai == lowest}


def _share(value: Decimal, low: Decimal, high: Decimal) -> float:
    """Return the position of a value in its range, from 0 to 1."""
    if not (value.is_finite() and low <= value <= high and low < high):
        raise PictureError(f"{value} is not on the scale of {low}–{high}")
    return float((value - low) / (high - low))
