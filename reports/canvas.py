"""Turns a typst template and plain data into PNG or PDF, with the shipped fonts only."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    import typst  # when the first paper is made: 2 MB that a bot holds only then

ROOM = Path(__file__).parent
FONTS = ROOM / "fonts"
FACES = frozenset({("Inter", "normal", 400), ("Inter", "normal", 600)})
LONGEST = 400  # characters; the templates cut to what fits long before this
PIXELS_PER_INCH = 72  # so that the pictures' 1pt is one pixel
BLANK = b"#set page(width: 1pt, height: 1pt)"
KEPT = 10  # how many papers typst remembers

Format: TypeAlias = Literal["png", "pdf"]
Standard: TypeAlias = Literal["a-2b", "a-2u", "a-2a", "ua-1"]

_WHITE = re.compile(r"[^\S\u00a0]+")  # a no-break space stays one
_UNDRAWABLE = re.compile(  # what either shipped file has no glyph for
    "[^ -~\u00a0-\u00ac\u00ae-\u0148\u014a-\u017f\u1e00-\u1eff–—‘’“”„•…‹›€Σ−≠≤≥≈▲▼△▽●○■□←↑→↓⚠✓✗★☆]+"
)


class PictureError(Exception):
    """Gambar tidak dapat dibuat."""


def png(template: str, data: Mapping[str, Any]) -> bytes:
    """Draw a picture of one page; see `compiled`."""
    return compiled(template, data, "png")


def compiled(
    template: str,
    data: Mapping[str, Any],
    format: Format = "png",  # noqa: A002 - typst's own word for it
    *,
    pixels_per_inch: float = PIXELS_PER_INCH,
    standards: Sequence[Standard] = (),
    timestamp: datetime | None = None,
    longest: int = LONGEST,
) -> bytes:
    """Draw `data` with the template of that file name; blocks, so call it off the event loop.

    The same arguments give the same bytes, as long as a PDF's template sets `document(date: none)`
    or a timestamp is given.

    Args:
        data: JSON values; it reaches the template as text and is never read as markup.
        format: a PNG has one page, a PDF as many as it needs.
        timestamp: aware; when the PDF says it was made.
        longest: characters of a text that are kept.

    Raises:
        PictureError: a font is missing, or typst failed, warned or drew a PNG of several pages.
    """
    import typst

    try:
        drawn, warnings = typst.compile_with_warnings(
            ROOM / template,
            root=ROOM,
            font_paths=_fonts(FONTS),
            format=format,
            ppi=pixels_per_inch,
            sys_inputs={"data": json.dumps(_drawable(data, longest))},
            pdf_standards=list(standards),
            timestamp=timestamp and timestamp.replace(microsecond=0),  # typst takes none
        )
    except PictureError:
        raise
    except typst.TypstError as error:
        raise PictureError(f"{template}: {error.diagnostic}") from error
    except Exception as error:
        raise PictureError(f"{template}: {error}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how a crash inside typst arrives
            raise
        raise PictureError(f"{template}: {error}") from error
    if warnings:  # a missing font is one
        raise PictureError(f"{template}: {'; '.join(warning.message for warning in warnings)}")
    if not isinstance(drawn, bytes):
        raise PictureError(f"{template}: more than one page")
    if format == "pdf":
        _forget()
    return drawn


def _forget() -> None:
    """Let typst go of what it keeps until ten other papers were set.

    That is 30 MB of a report, and 900 MB of a thousand posters.
    """
    import typst

    for _ in range(KEPT + 1):
        typst.compile(BLANK, font_paths=_fonts(FONTS), format="svg")


def printable(text: str, longest: int = LONGEST) -> str:
    """Return what the shipped fonts can draw of a text, on one line.

    Emoji, marks and direction controls go; a run of another script's letters becomes one "?".
    """
    composed = unicodedata.normalize("NFC", text[:longest])
    spaced = _WHITE.sub(" ", composed)
    return _WHITE.sub(" ", _UNDRAWABLE.sub(_stand_in, spaced)).strip()


def _stand_in(run: re.Match[str]) -> str:
    letters_or_digits = any(unicodedata.category(sign)[0] in "LN" for sign in run.group())
    return "?" if letters_or_digits else ""


def _drawable(value: Any, longest: int) -> Any:
    """Return a JSON value with every text in it made printable."""
    match value:
        case str():
            return printable(value, longest)
        case Mapping():
            return {key: _drawable(inner, longest) for key, inner in value.items()}
        case list() | tuple():
            return [_drawable(inner, longest) for inner in value]
        case _:
            return value


@cache
def _fonts(folder: Path) -> "typst.Fonts":
    """Return the shipped faces and nothing of the machine's; typst reads each file once."""
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
    )
    found = {(face.family, face.style, face.weight) for face in fonts.fonts()}
    if found != FACES:
        raise PictureError(f"fonts: {sorted(found)} instead of {sorted(FACES)}")
    return fonts
