"""The blocks of a document, for any file format: headings, paragraphs, tables, signature."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

DOTTED_LINE = "........................"  # to fill in by hand

Align: TypeAlias = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a chapter (level 1) or of a section (level 2)."""

    level: int
    text: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of text."""

    text: str


@dataclass(frozen=True, slots=True)
class Numbered:
    """A list with numbers, from 1."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under a header row; `widths` are shares of the page's width.

    The last `strong` rows are totals, in bold; `title` is the caption above it.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    align: tuple[Align, ...]
    title: str = ""
    strong: int = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: label, value and mutu; `filled` is its share of the scale, None without a value."""

    label: str
    value: str
    mutu: str
    filled: float | None


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar chart; it is drawn in the PDF and left out of the DOCX."""

    bars: tuple[Bar, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Labels with their texts, one under the other: `Nama : …`."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """The signature of one person; an empty name gives a dotted line."""

    date: str
    position: str
    name: str
    nip: str
    rank: str = ""


def signature(date: str, position: str, name: str, nip: str, pangkat: str) -> Signature:
    """The signature of an official, as every paper prints it."""
    return Signature(date, position, name, f"NIP {nip}" if nip else "", pangkat)


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as PNG, and what its file is called."""

    name: str
    png: bytes


@dataclass(frozen=True, slots=True)
class Photos:
    """Photos with a caption each."""

    photos: tuple[tuple[Photo, str], ...]


@dataclass(frozen=True, slots=True)
class Signatures:
    """Two signatures side by side."""

    left: Signature
    right: Signature


Block: TypeAlias = (
    Heading | Paragraph | Numbered | Table | Bars | Pairs | Signature | Signatures | Photos
)


@dataclass(frozen=True, slots=True)
class Document:
    """A document with a cover.

    Args:
        letterhead: the lines of the head of its first page: who, which office, where.
        foot: the footer.
        draft: the mark of a document that is not to be signed; empty for a final one.
        landscape: whether the pages are wider than high; the report's never are.
    """

    title: str
    subtitle: str
    period: str
    publisher: str
    foot: str
    draft: str
    blocks: tuple[Block, ...]
    letterhead: tuple[str, ...] = ()
    landscape: bool = False

    @property
    def photos(self) -> dict[str, bytes]:
        """The photos in it, by the name of their file."""
        each = (block.photos for block in self.blocks if isinstance(block, Photos))
        return {photo.name: photo.png for photos in each for photo, _ in photos}
