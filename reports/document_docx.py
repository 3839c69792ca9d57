"""A document as DOCX: a template filled by docxtpl, its tables set as the blocks say."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, partial
from io import BytesIO
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate, InlineImage
from jinja2.sandbox import SandboxedEnvironment

from reports import rendering
from reports.document import Document, Signature, Signatures, Table
from reports.survey_report.report_template import TABLE_STYLE, plain_template
from reports.zip_archive import unzipped, xml_safe, zipped

WIDTH, WIDE_PAGE = 158, 253  # mm between the margins, of a page in landscape
PHOTO = 80  # mm
SMALL, SMALLER, ON_WIDE_PAGE = Pt(9), Pt(7), Pt(8)
WIDE = 7  # a table with more columns gets a smaller font
SIGNED = 3  # rows of a table that stay on the page of the signature below it
SHORT = 15  # a table with no more rows stays on one page
ALIGNMENTS = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


def document_docx(content: Document, made: datetime) -> bytes:
    """A document without a cover, dated."""
    file = DocxTemplate(BytesIO(plain_template(landscape=content.landscape)))
    return filled(content, file, made)


def filled(content: Document, file: Any, made: datetime) -> bytes:
    """The template with the content; a wrong tag raises what Jinja2 raises."""
    file.render(
        _with_images(file, content, _xml_safe(rendering.json_values(content))),
        jinja_env=SandboxedEnvironment(autoescape=True),
    )
    _format_tables(file.docx, content, WIDE_PAGE if content.landscape else WIDTH)
    _keep_with_signatures(file.docx)
    properties = file.docx.core_properties
    properties.title, properties.author = (
        xml_safe(content.title)[:255],
        xml_safe(content.subtitle)[:255],
    )
    properties.created = properties.modified = made
    out = BytesIO()
    file.save(out)
    return zipped(unzipped(out.getvalue()))  # python-docx writes the current time into the ZIP


def _with_images(file: Any, content: Document, values: dict[str, Any]) -> dict[str, Any]:
    """The values with the photos as the images of this file."""
    for block in values["blocks"]:
        for photo in block.get("photos", ()):
            png = BytesIO(content.photos[photo["name"]])
            photo["image"] = InlineImage(file, png, width=Mm(PHOTO))
    return values


def _xml_safe(value: Any) -> Any:
    """The JSON value with texts that XML allows."""
    match value:
        case str():
            return xml_safe(value)
        case Mapping():
            return {key: _xml_safe(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_xml_safe(inner) for inner in value]
        case _:
            return value


def _format_tables(file: Any, content: Document, page_width: int) -> None:
    """Set the widths and alignments of the columns, which the template cannot set."""
    tables = [table for table in file.tables if table.style.name == TABLE_STYLE]
    following = [*content.blocks[1:], None]
    blocks = [
        (block, isinstance(after, Signature | Signatures))
        for block, after in zip(content.blocks, following, strict=True)
        if isinstance(block, Table)
    ]
    if len(tables) != len(blocks):
        return  # the office's own template has other tables
    cell_style = cache(partial(_cell_style, file))
    for table, (block, signed) in zip(tables, blocks, strict=True):
        _format_table(table, block, page_width, cell_style, signed=signed)


def _keep_with_signatures(file: Any) -> None:
    """Keep the paragraph above a signature, which is a table, on its page."""
    for table in file.tables:
        above = table._tbl.getprevious()
        if table.style.name != TABLE_STYLE and above is not None and above.tag == qn("w:p"):
            Paragraph(above, table).paragraph_format.keep_with_next = True


def _format_table(
    table: Any, block: Table, page_width: int, cell_style: Callable[..., str], *, signed: bool
) -> None:
    widths = [Mm(page_width * share / sum(block.widths)) for share in block.widths]
    table.autofit = False
    for column, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(width.twips))
    smaller = ON_WIDE_PAGE if page_width == WIDE_PAGE else SMALLER
    size = smaller if len(widths) > WIDE else SMALL
    rows = table._tbl.tr_lst
    for index, row in enumerate(rows):
        strong = index == 0 or index >= len(rows) - block.strong
        last = index >= len(rows) - block.strong - 1
        keep_with_next = index < len(rows) - 1 and (len(rows) <= SHORT or last)
        if signed:
            keep_with_next = index == 0 or index >= len(rows) - SIGNED
        styles = [cell_style(align, size, strong, keep_with_next) for align in block.align]
        for cell, width, style in zip(row.tc_lst, widths, styles, strict=True):
            cell.width = width
            for paragraph in cell.p_lst:
                paragraph.style = style
        _keep_whole(row)
    _repeat_on_each_page(rows[0])


def _cell_style(file: Any, align: str, size: Length, strong: bool, keep_with_next: bool) -> str:
    """Add the paragraph style of a kind of cell; its id.

    A style per kind instead of formats per cell: a report has thousands of cells. It sets the
    size of an empty cell's paragraph mark, too, and so the height of its row.
    """
    name = f"Sel {align} {size.pt:g}{' tebal' * strong}{' lanjut' * keep_with_next}"
    style = file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = file.styles["Normal"]
    style.font.size, style.font.bold = size, strong or None
    style.paragraph_format.alignment = ALIGNMENTS[align]
    style.paragraph_format.keep_with_next = keep_with_next or None
    return str(style.style_id)


def _keep_whole(row: Any) -> None:
    """Break no row between two pages."""
    row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _repeat_on_each_page(row: Any) -> None:
    """Print the row again at the top of every page of the table."""
    row.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
