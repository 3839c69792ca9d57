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
DRAFT = "SEMENTARA: angka belum dikunci, jangan ditandatangani."
DOTS = "........................................"


def template() -> bytes:
    """The shipped template; an office that wants a letterhead changes a copy of it in Word."""
    made = docx.Document()
    _page(made)
    _styles(made)
    _cover(made)
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
    for name, size in (("Title", 24), ("Heading 1", 14), ("Heading 2", 11.5)):
        style = made.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Arial", Pt(size), INK
        # The theme's fonts would win over the name.
        for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            style.element.rPr.rFonts.attrib.pop(qn(f"w:{attribute}"), None)
    made.styles["Heading 1"].paragraph_format.page_break_before = True


def _cover(made: Any) -> None:
    made.add_paragraph("{{ title }}", style="Title")
    for text in ("{{ subtitle }}", "{{ period }}", "{{ publisher }}"):
        made.add_paragraph(text)
    made.add_paragraph("{%p if draft %}")
    made.add_paragraph().add_run(
        "SEMENTARA: angka belum dikunci, jangan ditandatangani."
    ).bold = True
    made.add_paragraph("{%p endif %}")
    contents = made.add_paragraph()
    contents.paragraph_format.page_break_before = True
    _field(contents, 'TOC \\o "1-2" \\h', "Daftar isi: klik kanan di sini, lalu pilih Perbarui.")


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
    made.add_paragraph().add_run("{{ block.title }}").bold = True
    made.add_paragraph("{%p endif %}")
    table = made.add_table(rows=4, cols=3, style=TABLE_STYLE)
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
