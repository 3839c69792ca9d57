"""The picture of a period's IKM message: index, trend, one bar for each unsur."""

from dataclasses import dataclass
from decimal import Decimal

from reports import canvas
from reports.canvas import PictureError
from scoring.indonesian import comma

__all__ = ["Bar", "IkmPicture", "PictureError", "ikm_png"]

EARLIER = 4  # periods before this one that fit beside each other
WORST, BEST = Decimal(1), Decimal(4)


@dataclass(frozen=True, slots=True)
class Bar:
    """One unsur: its name, printed code (U1), nrr of 1–4 and letter; None: nobody answered it."""

    label: str
    code: str
    nrr: Decimal | None
    mutu: str | None


@dataclass(frozen=True, slots=True)
class IkmPicture:
    """What the picture shows; texts are ready to print, `ikm` is 25–100, rounded.

    `trend` holds earlier periods' label and IKM, oldest first; the last four are drawn.
    """

    office: str
    period: str
    span: str
    ikm: Decimal
    mutu: str
    kinerja: str
    bars: tuple[Bar, ...]
    respondents: str
    margin: str | None
    change: str | None
    note: str | None
    trend: tuple[tuple[str, Decimal], ...] = ()


def ikm_png(picture: IkmPicture) -> bytes:
    """Draw a PNG 1080 px wide, as high as its bars need; blocks for some 0.1 s.

    Raises:
        PictureError: whatever kept it from being drawn; the message then goes out as text.
    """
    try:
        data = _data(picture)
    except ArithmeticError as error:  # a Decimal that is no number
        raise PictureError(f"ikm.typ: {error}") from error
    return canvas.png("ikm.typ", data)


def _data(picture: IkmPicture) -> dict[str, object]:
    lowest = _lowest(picture.bars)
    return {
        "office": picture.office,
        "period": picture.period,
        "span": picture.span,
        "ikm": comma(_within(25 * WORST, picture.ikm, 25 * BEST)),
        "mutu": picture.mutu,
        "kinerja": picture.kinerja,
        "bars": [_bar(bar, lowest) for bar in picture.bars],
        "respondents": picture.respondents,
        "margin": picture.margin,
        "change": picture.change,
        "note": picture.note,
        "trend": _trend(picture),
    }


def _bar(bar: Bar, lowest: Decimal | None) -> dict[str, object]:
    """Return a bar as the template draws it; `filled` is its part of the 1–4 scale, 0–1."""
    return {
        "label": bar.label,
        "code": bar.code,
        "value": None if bar.nrr is None else comma(_within(WORST, bar.nrr, BEST)),
        "filled": None if bar.nrr is None else float((bar.nrr - WORST) / (BEST - WORST)),
        "mutu": bar.mutu,
        "lowest": bar.nrr is not None and bar.nrr == lowest,
    }


def _lowest(bars: tuple[Bar, ...]) -> Decimal | None:
    """Return the lowest nrr to mark; None where all are equal, since then none stands out."""
    answered = {bar.nrr for bar in bars if bar.nrr is not None}
    return min(answered) if len(answered) > 1 else None


def _trend(picture: IkmPicture) -> list[dict[str, object]]:
    """Return the points of the trend line, oldest first, this period last; empty without any."""
    if not picture.trend:
        return []
    points = [*picture.trend[-EARLIER:], ("Periode ini", picture.ikm)]
    return [{"label": label, "value": comma(ikm), "ikm": float(ikm)} for label, ikm in points]


def _within(low: Decimal, value: Decimal, high: Decimal) -> Decimal:
    if not low <= value <= high:
        raise PictureError(f"{value} is not on the scale of {low}–{high}")
    return value
