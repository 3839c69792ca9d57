"""Renders a typst template and its data as PNG or PDF, with the shipped fonts only."""

import json
import re
import shutil
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from reports.document import Block, Document, Photos

MOST = 640  # pixels of the longer side
EACH = 4  # of one line of a plan
FILE = "foto"  # without an ending: typst sees the format in the bytes


if TYPE_CHECKING:
    import typst  # imported at the first call: it takes 2 MB of memory

FOLDER = Path(__file__).parent / "templates"
FONTS = Path(__file__).parent / "fonts"
FACES = frozenset({("Inter", "normal", 400), ("Inter", "normal", 600)})
MAX_CHARACTERS = 400  # of one text; the templates shorten texts to the space that they have
PIXELS_PER_INCH = 72  # 1pt in a picture is one pixel
BLANK_PAGE = b"#set page(width: 1pt, height: 1pt)"
CACHED_RUNS = 10  # typst evicts a result that the last ten compilations did not use

Format: TypeAlias = Literal["png", "pdf"]
Standard: TypeAlias = Literal["a-2b", "a-2u", "a-2a", "ua-1"]

_SPACES = re.compile(r"[^\S\u00a0]+")  # a no-break space is kept
_WITHOUT_GLYPH = re.compile(  # characters that a shipped font has no glyph for
    "[^ -~\u00a0-\u00ac\u00ae-\u0148\u014a-\u017f\u1e00-\u1eff–—‘’“”„•…‹›€Σ−≠≤≥≈▲▼△▽●○■□←↑→↓⚠✓✗★☆]+"
)


class PictureError(Exception):
    """Gambar tidak dapat dibuat."""


def png(template: str, data: Mapping[str, Any]) -> bytes:
    """Render one page as PNG; see `rendered`."""
    return rendered(template, data, "png")


def rendered(
    template: str,
    data: Mapping[str, Any],
    format: Format = "png",  # noqa: A002 - the name of typst's own parameter
    *,
    pixels_per_inch: float = PIXELS_PER_INCH,
    standards: Sequence[Standard] = (),
    timestamp: datetime | None = None,
    max_characters: int = MAX_CHARACTERS,
    files: Mapping[str, bytes] = MappingProxyType({}),
) -> bytes:
    """Render `data` with a template; it blocks, so call it outside the event loop.

    The same arguments give the same bytes if a PDF's template sets `document(date: none)` or a
    timestamp is given.

    Args:
        template: file name of the template.
        data: JSON values; the template gets them as text, and typst does not parse them as markup.
        format: a PNG has one page, a PDF has as many as it needs.
        timestamp: aware; the creation date in the PDF.
        max_characters: a longer text is cut to this length.
        files: what the template may read besides the other templates, by name.

    Raises:
        PictureError: a font is missing, typst failed or warned, or a PNG has more than one page.
    """
    import typst

    try:
        with _folder(files) as folder:
            content, warnings = typst.compile_with_warnings(
                folder / template,
                root=folder,
                font_paths=_fonts(FONTS),
                format=format,
                ppi=pixels_per_inch,
                sys_inputs={"data": json.dumps(_printable_values(data, max_characters))},
                pdf_standards=list(standards),
                timestamp=timestamp
                and timestamp.replace(microsecond=0),  # typst accepts whole seconds
            )
    except PictureError:
        raise
    except typst.TypstError as error:
        raise PictureError(f"{template}: {error.diagnostic}") from error
    except Exception as error:
        raise PictureError(f"{template}: {error}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a Rust panic inside typst
            raise
        raise PictureError(f"{template}: {error}") from error
    if warnings:  # for example, of a missing font
        raise PictureError(f"{template}: {'; '.join(warning.message for warning in warnings)}")
    if not isinstance(content, bytes):
        raise PictureError(f"{template}: more than one page")
    if format == "pdf":
        evict_cache()
    return content


@contextmanager
def _folder(files: Mapping[str, bytes]) -> Iterator[Path]:
    """The folder of the templates; with files, a temporary one that has both."""
    if not files:
        yield FOLDER
        return
    with TemporaryDirectory() as name:
        for template in FOLDER.glob("*.typ"):
            shutil.copy(template, name)
        for file, content in files.items():
            (Path(name) / file).write_bytes(content)
        yield Path(name)


def evict_cache() -> None:
    """Compile a blank page until typst evicts the results of the last document from its cache.

    The cache holds 30 MB after a report, and 900 MB after a thousand posters.
    """
    import typst

    for _ in range(CACHED_RUNS + 1):
        typst.compile(BLANK_PAGE, font_paths=_fonts(FONTS), format="svg")


def printable(text: str, max_characters: int = MAX_CHARACTERS) -> str:
    """Return the text on one line, without characters that the shipped fonts have no glyph for.

    Emoji, combining marks and direction controls are removed; each run of letters of another
    script is replaced by one "?".
    """
    composed = unicodedata.normalize("NFC", text[:max_characters])
    spaced = _SPACES.sub(" ", composed)
    return _SPACES.sub(" ", _WITHOUT_GLYPH.sub(_replacement, spaced)).strip()


def _replacement(run: re.Match[str]) -> str:
    letters_or_digits = any(unicodedata.category(character)[0] in "LN" for character in run.group())
    return "?" if letters_or_digits else ""


def _printable_values(value: Any, max_characters: int) -> Any:
    """Return the JSON value with every text in it made printable."""
    match value:
        case str():
            return printable(value, max_characters)
        case Mapping():
            return {key: _printable_values(inner, max_characters) for key, inner in value.items()}
        case list() | tuple():
            return [_printable_values(inner, max_characters) for inner in value]
        case _:
            return value


@cache
def _fonts(folder: Path) -> "typst.Fonts":
    """Return the shipped fonts, without those of the system; typst reads each file once."""
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
    )
    faces = {(face.family, face.style, face.weight) for face in fonts.fonts()}
    if faces != FACES:
        raise PictureError(f"fonts: {sorted(faces)} instead of {sorted(FACES)}")
    return fonts


def json_values(document: Document) -> Mapping[str, Any]:
    """The document as JSON values; `kind` is the type of each block, and a photo is its name."""
    blocks: Sequence[Mapping[str, Any]] = [
        {"kind": type(block).__name__.casefold(), **_values(block)} for block in document.blocks
    ]
    head = asdict(replace(document, blocks=()))
    return {**head, "blocks": blocks}


def _values(block: Block) -> Mapping[str, Any]:
    if isinstance(block, Photos):
        return {"photos": [{"name": each.name, "caption": told} for each, told in block.photos]}
    return asdict(block)


def redrawn(content: bytes) -> bytes:
    """A JPEG, PNG or WebP as a PNG without metadata: no place, time or camera.

    Raises:
        PictureError: it is not a picture.
    """
    return rendered("photo.typ", {"file": FILE, "most": MOST}, files={FILE: content})
