"""The report as DOCX that the office goes on editing, filled in by docxtpl."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import jinja2
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment

from reports import document
from reports.document import Document, Table
from reports.office_xml import held
from reports.papers import Papers
from reports.prose import TemplateError
from reports.report import report
from reports.report_template import TABLE_STYLE, template
from reports.zipped import unzipped, zipped

FILE = "laporan.docx"
WIDTH = 158  # mm between the margins
SMALL, SMALLER = Pt(9), Pt(7)
WIDE = 7  # columns above which a table is set smaller
SHORT = 15  # rows up to which a table stays on one page
SIDES = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
# What an expression or a loop that somebody wrote into a template can come to.
WRONG_TAGS = (jinja2.TemplateError, SyntaxError, TypeError, ValueError, OverflowError)


def report_docx(of: Papers, folder: Path | None = None) -> bytes:
    """The same report as `report_pdf`, to be edited.

    Args:
        folder: where the office keeps its own `laporan.toml` and `laporan.docx`, if it has them.

    Raises:
        PapersError, ProseError: as for `report`.
        TemplateError: the office's own template is no DOCX, or has a tag that is wrong.
    """
    said = report(of, folder)
    filled = _opened(folder)
    try:
        filled.render(_held(document.plain(said)), jinja_env=SandboxedEnvironment(autoescape=True))
    except WRONG_TAGS as error:
        raise TemplateError(f"{FILE}: {error}") from error
    _shape(filled.docx, said)
    properties = filled.docx.core_properties
    properties.title, properties.author = held(said.title)[:255], held(said.subtitle)[:255]
    properties.created = properties.modified = of.locked_at or of.period.end
    out = BytesIO()
    filled.save(out)
    return zipped(unzipped(out.getvalue()))  # python-docx writes the hour into it


def _opened(folder: Path | None) -> Any:
    own = folder / FILE if folder else None
    source = own.read_bytes() if own and own.exists() else template()
    try:
        opened = DocxTemplate(BytesIO(source))
        opened.init_docx()
    except (KeyError, ValueError, OSError, SyntaxError, BadZipFile) as error:
        raise TemplateError(f"{FILE}: bukan berkas DOCX yang utuh") from error
    return opened


def _held(value: Any) -> Any:
    """The JSON value with texts that XML can hold."""
    match value:
        case str():
            return held(value)
        case Mapping():
            return {key: _held(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_held(inner) for inner in value]
        case _:
            return value


def _shape(filled: Any, said: Document) -> None:
    """Give the tables of the report the widths and sides that a template cannot say by column."""
    drawn = [table for table in filled.tables if table.style.name == TABLE_STYLE]
    wanted = [block for block in said.blocks if isinstance(block, Table)]
    if len(drawn) != len(wanted):
        return  # the office's own template has other tables
    for table, block in zip(drawn, wanted, strict=True):
        _shape_table(table, block)


def _shape_table(table: Any, block: Table) -> None:
    widths = [Mm(WIDTH * share / sum(block.widths)) for share in block.widths]
    table.autofit = False
    for column, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(width.twips))
    size = SMALLER if len(widths) > WIDE else SMALL
    rows = table._tbl.tr_lst
    for at, row in enumerate(rows):
        strong = at == 0 or at >= len(rows) - block.strong
        together = at < len(rows) - 1 and (len(rows) <= SHORT or at >= len(rows) - block.strong - 1)
        for cell, width, side in zip(row.tc_lst, widths, block.align, strict=True):
            cell.width = width
            for element in cell.p_lst:
                paragraph = Paragraph(element, table)
                paragraph.alignment = SIDES[side]
                paragraph.paragraph_format.keep_with_next = together or None
                _shape_text(paragraph, size, strong=strong)
    _repeated(rows[0])


def _shape_text(paragraph: Paragraph, size: Length, *, strong: bool) -> None:
    for run in paragraph.runs:
        run.font.size, run.font.bold = size, strong or None
    # The end of a paragraph has a size of its own: an empty cell is as high as that.
    mark = OxmlElement("w:rPr")
    height = OxmlElement("w:sz")
    height.set(qn("w:val"), str(int(size.pt * 2)))
    mark.append(height)
    paragraph._p.get_or_add_pPr().append(mark)


def _repeated(row: Any) -> None:
    """Print the row again on every page that the table reaches."""
    row.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
