"""The picture in a period's message: IKM with target, trend, one bar for each unsur."""

from dataclasses import dataclass
from decimal import Decimal

from reports import rendering
from reports.rendering import PictureError
from scoring.numbers import comma

__all__ = ["Bar", "IkmPicture", "PictureError", "ikm_png"]

MAX_EARLIER = 4  # periods that fit beside this one
WORST, BEST = Decimal(1), Decimal(4)


@dataclass(frozen=True, slots=True)
class Bar:
    """One unsur: name, printed number (U1), nrr of 1–4 and mutu; None when nobody answered it."""

    label: str
    code: str
    nrr: Decimal | None
    mutu: str | None


@dataclass(frozen=True, slots=True)
class IkmPicture:
    """The data of the picture; texts are ready to print, `ikm` is rounded, 25–100.

    `trend` has label and IKM of the earlier periods, oldest first; the last four are drawn.
    `target` is in points of IKM; `target_text` is what is printed of it.
    """

    office: str
    period: str
    span: str
    ikm: Decimal
    mutu: str
    kinerja: str
    bars: tuple[Bar, ...]
    respondents: str
    change: str | None
    trend: tuple[tuple[str, Decimal], ...] = ()
    target: Decimal | None = None
    target_text: str | None = None


def ikm_png(picture: IkmPicture) -> bytes:
    """Draw a PNG, 1080 px wide and as high as its bars need; blocks for about 0.1 s.

    Raises:
        PictureError: it cannot be drawn; the message is then sent as text.
    """
    try:
        data = _data(picture)
    except ArithmeticError as error:  # a Decimal that is NaN
        raise PictureError(f"ikm.typ: {error}") from error
    return rendering.png("ikm.typ", data)


def _data(picture: IkmPicture) -> dict[str, object]:
    lowest = _lowest(picture.bars)
    return {
        "office": picture.office,
        "period": picture.period,
        "span": picture.span,
        "ikm": comma(_checked(25 * WORST, picture.ikm, 25 * BEST)),
        "mutu": picture.mutu,
        "kinerja": picture.kinerja,
        "bars": [_bar(bar, lowest) for bar in picture.bars],
        "respondents": picture.respondents,
        "change": picture.change,
        "trend": _trend(picture),
        "target": None if picture.target is None else float(picture.target),
        "target_text": picture.target_text,
    }


def _bar(bar: Bar, lowest: Decimal | None) -> dict[str, object]:
    """Return the data of a bar; `filled` is its share of the scale 1–4, from 0 to 1."""
    return {
        "label": bar.label,
        "code": bar.code,
        "value": None if bar.nrr is None else comma(_checked(WORST, bar.nrr, BEST)),
        "filled": None if bar.nrr is None else float((bar.nrr - WORST) / (BEST - WORST)),
        "mutu": bar.mutu,
        "lowest": bar.nrr is not None and bar.nrr == lowest,
    }


def _lowest(bars: tuple[Bar, ...]) -> Decimal | None:
    """Return the lowest nrr, which is marked; None when all are equal."""
    answered = {bar.nrr for bar in bars if bar.nrr is not None}
    return min(answered) if len(answered) > 1 else None


def _trend(picture: IkmPicture) -> list[dict[str, object]]:
    """Return the points of the trend line, this period last; empty without earlier periods."""
    if not picture.trend:
        return []
    points = [*picture.trend[-MAX_EARLIER:], ("Periode ini", picture.ikm)]
    return [{"label": label, "value": comma(ikm), "ikm": float(ikm)} for label, ikm in points]


def _checked(low: Decimal, value: Decimal, high: Decimal) -> Decimal:
    if not low <= value <= high:
        raise PictureError(f"{value} is not on the scale of {low}–{high}")
    return value
