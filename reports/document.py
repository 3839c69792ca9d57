"""What a paper is made of, whatever file it becomes: headings, paragraphs, tables, signature."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

Align: TypeAlias = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A chapter (1) or a section of one (2)."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Numbered:
    """A list that is numbered from 1."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under a head; `widths` are shares of the page's width.

    `strong` is how many rows at the end are sums.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    align: tuple[Align, ...]
    title: str = ""
    strong: int = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, figure and letter; `filled` is its part of the scale, None: no figure."""

    label: str
    value: str
    mutu: str
    filled: float | None


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars below each other; drawn in PDF, left out of what is edited."""

    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """Where the head of the office signs; empty texts leave a dotted line."""

    date: str
    position: str
    name: str
    nip: str


Block: TypeAlias = Heading | Paragraph | Numbered | Table | Bars | Signature


@dataclass(frozen=True, slots=True)
class Document:
    """A paper with a cover; `foot` stands on every page, `draft` marks figures that may change."""

    title: str
    subtitle: str
    period: str
    publisher: str
    foot: str
    draft: bool
    blocks: tuple[Block, ...]


def plain(document: Document) -> Mapping[str, Any]:
    """The document as JSON values; each block says what `kind` it is."""
    blocks: Sequence[Mapping[str, Any]] = [
        {"kind": type(block).__name__.casefold(), **asdict(block)} for block in document.blocks
    ]
    return {**asdict(document), "blocks": blocks}
