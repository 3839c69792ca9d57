"""Builds the DOCX template of the report: styles, cover, and one loop over the report's blocks."""

from io import BytesIO
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

TABLE_STYLE = "Table Grid"
INK = RGBColor(0x17, 0x22, 0x2D)
PADDING, THIN = Mm(1), Mm(0.3)  # beside and above what stands in a cell
DRAFT = "SEMENTARA: angka belum dikunci, jangan ditandatangani."
DOTS = "........................................"


def template() -> bytes:
    """The shipped template; an office that wants a letterhead changes a copy of it in Word."""
    made = docx.Document()
    _page(made)
    _styles(made)
    _cover(made)
    _contents(made)
    made.add_paragraph("{%p for block in blocks %}")
    for level in (1, 2):
        with_text = made.add_paragraph
        with_text(f"{{%p if block.kind == 'heading' and block.level == {level} %}}")
        made.add_heading("{{ block.text }}", level)
        with_text("{%p endif %}")
    _when(made, "paragraph", "{{ block.text }}")
    _numbered(made)
    _table(made)
    _signature(made)
    made.add_paragraph("{%p endfor %}")
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _page(made: Any) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(30), Mm(22)
    section.top_margin = section.bottom_margin = Mm(25)
    foot = section.footer.paragraphs[0]
    foot.add_run("{{ foot }} · halaman ")
    _field(foot, "PAGE", "1")


def _styles(made: Any) -> None:
    made.styles["Normal"].font.name = "Arial"
    made.styles["Normal"].font.size = Pt(10.5)
    for lang in made.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), "id-ID")  # else a word processor underlines every word in red
    for name, size in (("Title", 24), ("Heading 1", 14), ("Heading 2", 11.5)):
        style = made.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Arial", Pt(size), INK
        # The theme's fonts would win over the name.
        for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            style.element.rPr.rFonts.attrib.pop(qn(f"w:{attribute}"), None)
    made.styles["Heading 1"].paragraph_format.page_break_before = True


def _cover(made: Any) -> None:
    title = made.add_paragraph("{{ title }}", style="Title")
    title.paragraph_format.space_before = Mm(50)
    title.runs[0].bold = True
    for text, size in (("{{ subtitle }}", 16), ("{{ period }}", 16), ("{{ publisher }}", 11)):
        made.add_paragraph().add_run(text).font.size = Pt(size)
    made.add_paragraph("{%p if draft %}")
    made.add_paragraph().add_run(DRAFT).bold = True
    made.add_paragraph("{%p endif %}")


def _contents(made: Any) -> None:
    """The chapters, as a field that a word processor makes into a table with page numbers."""
    head = made.add_paragraph()
    head.paragraph_format.page_break_before = True
    heading = head.add_run("DAFTAR ISI")
    heading.bold, heading.font.size = True, Pt(14)
    first = made.add_paragraph()
    _part(first, "begin")
    first.add_run()._r.append(_instruction('TOC \\o "1-2" \\h'))
    _part(first, "separate")
    first.add_run("Nomor halaman: klik kanan di daftar ini, lalu pilih Perbarui.").italic = True
    made.add_paragraph("{%p for block in blocks if block.kind == 'heading' and block.level == 1 %}")
    made.add_paragraph("{{ block.text }}")
    made.add_paragraph("{%p endfor %}")
    _part(made.add_paragraph(), "end")


def _part(paragraph: Any, kind: str) -> None:
    part = OxmlElement("w:fldChar")
    part.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(part)


def _instruction(text: str) -> Any:
    told = OxmlElement("w:instrText")
    told.text = text
    return told


def _field(paragraph: Any, instruction: str, shown: str) -> None:
    """Add a field, with what is seen until a word processor updates it."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    paragraph._p.append(field)
    field.append(paragraph.add_run(shown)._r)


def _when(made: Any, kind: str, text: str) -> Any:
    made.add_paragraph(f"{{%p if block.kind == '{kind}' %}}")
    paragraph = made.add_paragraph(text)
    made.add_paragraph("{%p endif %}")
    return paragraph


def _numbered(made: Any) -> None:
    made.add_paragraph("{%p if block.kind == 'numbered' %}")
    made.add_paragraph("{%p for line in block.lines %}")
    line = made.add_paragraph("{{ loop.index }}.\t{{ line }}")
    line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Mm(8), Mm(-8)
    line.paragraph_format.tab_stops.add_tab_stop(Mm(8))
    made.add_paragraph("{%p endfor %}")
    made.add_paragraph("{%p endif %}")


def _table(made: Any) -> None:
    made.add_paragraph("{%p if block.kind == 'table' %}")
    made.add_paragraph("{%p if block.title %}")
    title = made.add_paragraph()
    title.add_run("{{ block.title }}").bold = True
    title.paragraph_format.keep_with_next = True
    made.add_paragraph("{%p endif %}")
    table = made.add_table(rows=4, cols=3, style=TABLE_STYLE)
    _narrow(table)
    cells = (
        ("{%tc for cell in block.head %}", "{{ cell }}", "{%tc endfor %}"),
        ("{%tr for row in block.rows %}", "", ""),
        ("{%tc for cell in row %}", "{{ cell }}", "{%tc endfor %}"),
        ("{%tr endfor %}", "", ""),
    )
    for row, texts in zip(table.rows, cells, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
            cell.paragraphs[0].paragraph_format.space_after = Pt(0)
    made.add_paragraph()
    made.add_paragraph("{%p endif %}")


def _narrow(table: Any) -> None:
    """Leave the words of narrow columns more room than a word processor does by itself."""
    margins = OxmlElement("w:tblCellMar")
    for side, room in (("top", THIN), ("left", PADDING), ("bottom", THIN), ("right", PADDING)):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(room.twips))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)


def _signature(made: Any) -> None:
    made.add_paragraph("{%p if block.kind == 'signature' %}")
    lines = ("{{ block.date }}", "{{ block.position }}", "", "", "", "NAME", "{{ block.nip }}")
    for text in lines:
        name = "{{ block.name or '(" + DOTS + ")' }}"
        line = made.add_paragraph(name if text == "NAME" else text)
        line.paragraph_format.left_indent = Mm(80)
        line.paragraph_format.keep_with_next = True
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    made.add_paragraph("{%p endif %}")
