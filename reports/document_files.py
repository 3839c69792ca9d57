"""A document as PDF, DOCX and XLSX: one description of its content, three formats."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from reports import rendering
from reports.document import (
    Bars,
    Block,
    Document,
    Heading,
    Numbered,
    Pairs,
    Paragraph,
    Signature,
    Signatures,
    Table,
)

MAX_CHARACTERS = 2_000  # characters of one text
_KINDS: Mapping[str, type[Block]] = {
    each.__name__.casefold(): each
    for each in (Heading, Paragraph, Numbered, Table, Bars, Pairs, Signature, Signatures)
}


def document_pdf(content: Document, made: datetime) -> bytes:
    """The document as PDF/A-2b; the same content and date give the same bytes.

    Raises:
        PictureError: typst could not render it.
    """
    return rendering.rendered(
        "planning_paper.typ",
        rendering.json_values(content),
        "pdf",
        standards=("a-2b",),
        timestamp=made,
        max_characters=MAX_CHARACTERS,
    )


# Word's and Excel's libraries are 10 MB, which a bot holds only once somebody wants such a file.
def document_docx(content: Document, made: datetime) -> bytes:
    """The document as DOCX."""
    from reports.document_docx import document_docx

    return document_docx(content, made)


def document_xlsx(content: Document, made: datetime) -> bytes:
    """The document as XLSX."""
    from reports.document_xlsx import document_xlsx

    return document_xlsx(content, made)


FORMATS: Mapping[str, Callable[[Document, datetime], bytes]] = {
    "pdf": document_pdf,
    "docx": document_docx,
    "xlsx": document_xlsx,
}


def document_of(values: Mapping[str, Any]) -> Document:
    """The document that `rendering.json_values` wrote."""
    blocks = tuple(
        TypeAdapter(_KINDS[block["kind"]]).validate_python(block) for block in values["blocks"]
    )
    rest = {name: value for name, value in values.items() if name not in ("blocks", "letterhead")}
    return Document(**rest, blocks=blocks, letterhead=tuple(values["letterhead"]))
