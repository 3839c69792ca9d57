"""The DOCX template of the report: styles, cover, and one loop over the report's blocks."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

TABLE_STYLE = "Table Grid"
INK = RGBColor(0x17, 0x22, 0x2D)
SIZES = (("Title", 24), ("Heading 1", 14), ("Heading 2", 11.5), ("Caption", 9.5))
PADDING, THIN = Mm(1), Mm(0.3)  # cell margins at the sides, and above and below
DRAFT = "{{ draft }}: jangan ditandatangani."
DOTS = "........................................"
RANK = 6  # the line of a signature that is left out where it is empty


def template() -> bytes:
    """The shipped template; an office adds its letterhead to a copy of it in Word."""
    file = docx.Document()
    _page(file)
    _styles(file)
    _cover(file)
    _list(
        file,
        "DAFTAR ISI",
        'TOC \\o "1-2" \\h',
        "block.kind == 'heading' and block.level == 1",
        "text",
    )
    _list(
        file,
        "DAFTAR TABEL",
        'TOC \\h \\t "Caption,1"',
        "block.kind == 'table' and block.title",
        "title",
    )
    return _with_blocks(file, _signature)


def plain_template(*, landscape: bool) -> bytes:
    """The template of a paper without a cover: its title above its blocks."""
    file = docx.Document()
    _page(file)
    _styles(file)
    if landscape:
        section = file.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.left_margin = section.right_margin = Mm(22)
        section.top_margin = section.bottom_margin = Mm(20)
    _letterhead(file)
    for name, size in (("title", 14), ("period", 11), ("subtitle", 11), ("publisher", 11)):
        named = " and not letterhead" if name in ("subtitle", "publisher") else ""
        file.add_paragraph(f"{{%p if {name}{named} %}}")
        line = file.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.space_after = Pt(2)
        run = line.add_run(f"{{{{ {name} }}}}")
        run.bold, run.font.size = size == 14, Pt(size)
        file.add_paragraph("{%p endif %}")
    _draft(file)
    return _with_blocks(file, _one_signature)


def _with_blocks(file: Any, signature: Callable[[Any], None]) -> bytes:
    """The file with one loop over the blocks of a document."""
    file.add_paragraph("{%p for block in blocks %}")
    for level in (1, 2):
        file.add_paragraph(f"{{%p if block.kind == 'heading' and block.level == {level} %}}")
        file.add_heading(
            "{% if block.number %}{{ block.number }} {% endif %}{{ block.text }}", level
        )
        file.add_paragraph("{%p endif %}")
    _block_of_kind(file, "paragraph", "{{ block.text }}")
    _hanging_lines(file, "numbered", "line in block.lines", "{{ loop.index }}.\t{{ line }}", 8)
    _table(file)
    _photos(file)
    pair = "{{ label }}\t: {{ text }}"
    _hanging_lines(file, "pairs", "label, text in block.rows", pair, 35, tab=33)
    signature(file)
    _signatures(file)
    file.add_paragraph("{%p endfor %}")
    out = BytesIO()
    file.save(out)
    return out.getvalue()


def _page(file: Any) -> None:
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(30), Mm(22)
    section.top_margin = section.bottom_margin = Mm(25)
    foot = section.footer.paragraphs[0]
    foot.add_run("{{ foot }} · halaman ")
    _field(foot, "PAGE", "1")


def _styles(file: Any) -> None:
    file.styles["Normal"].font.name = "Arial"
    file.styles["Normal"].font.size = Pt(10.5)
    for lang in file.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), "id-ID")  # without it a spelling checker marks every word
    for name, size in SIZES:
        style = file.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Arial", Pt(size), INK
        # A theme font would override the name of the font.
        for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            style.element.rPr.rFonts.attrib.pop(qn(f"w:{attribute}"), None)
    file.styles["Heading 1"].paragraph_format.page_break_before = True


def _letterhead(file: Any) -> None:
    """The lines of the letterhead; those of the address are smaller, and a rule ends them."""
    file.add_paragraph("{%p for line in letterhead %}")
    for condition, size in (("if loop.index <= 2", 13), ("else", 9)):
        file.add_paragraph(f"{{%p {condition} %}}")
        line = file.add_paragraph()
        line.alignment, line.paragraph_format.space_after = WD_ALIGN_PARAGRAPH.CENTER, Pt(2)
        run = line.add_run("{{ line }}")
        run.bold, run.font.size = size == 13, Pt(size)
    file.add_paragraph("{%p endif %}")
    file.add_paragraph("{%p endfor %}")
    file.add_paragraph("{%p if letterhead %}")
    rule = file.add_paragraph()
    rule._p.get_or_add_pPr().append(_double_rule())  # the schema has it before the spacing
    rule.paragraph_format.space_after = Pt(8)
    rule.paragraph_format.line_spacing = Pt(4)
    file.add_paragraph("{%p endif %}")


def _double_rule() -> Any:
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "thickThinSmallGap"), ("sz", "18"), ("space", "1")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    return borders


def _cover(file: Any) -> None:
    _letterhead(file)
    title = file.add_paragraph("{{ title }}", style="Title")
    title.paragraph_format.space_before = Mm(50)
    title.runs[0].bold = True
    for text, size in (("{{ subtitle }}", 16), ("{{ period }}", 16), ("{{ publisher }}", 11)):
        file.add_paragraph().add_run(text).font.size = Pt(size)
    _draft(file)


def _draft(file: Any) -> None:
    file.add_paragraph("{%p if draft %}")
    file.add_paragraph().add_run(DRAFT).bold = True
    file.add_paragraph("{%p endif %}")


def _list(file: Any, title: str, field: str, which: str, text: str) -> None:
    """A TOC field, which a word processor updates to a list with page numbers.

    Args:
        which: the condition of the blocks that are listed before it does; `text`: what of them.
    """
    head = file.add_paragraph()
    head.paragraph_format.page_break_before = True
    heading = head.add_run(title)
    heading.bold, heading.font.size = True, Pt(14)
    first = file.add_paragraph()
    _field_part(first, "begin")
    first.add_run()._r.append(_instruction(field))
    _field_part(first, "separate")
    first.add_run("Nomor halaman: klik kanan di daftar ini, lalu pilih Perbarui.").italic = True
    file.add_paragraph(f"{{%p for block in blocks if {which} %}}")
    file.add_paragraph(f"{{{{ block.{text} }}}}")
    file.add_paragraph("{%p endfor %}")
    _field_part(file.add_paragraph(), "end")


def _field_part(paragraph: Any, kind: str) -> None:
    part = OxmlElement("w:fldChar")
    part.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(part)


def _instruction(text: str) -> Any:
    element = OxmlElement("w:instrText")
    element.text = text
    return element


def _field(paragraph: Any, instruction: str, shown: str) -> None:
    """Add a field, with the text to show before a word processor updates it."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    paragraph._p.append(field)
    field.append(paragraph.add_run(shown)._r)


def _block_of_kind(file: Any, kind: str, text: str) -> Any:
    file.add_paragraph(f"{{%p if block.kind == '{kind}' %}}")
    paragraph = file.add_paragraph(text)
    file.add_paragraph("{%p endif %}")
    return paragraph


def _hanging_lines(
    file: Any, kind: str, each: str, text: str, indent: int, tab: int | None = None
) -> None:
    """A block of lines whose second and later lines begin below the first one's text.

    Args:
        each: the loop over the lines of the block.
        indent: millimetres; `tab`, where the text begins, the same unless given.
    """
    file.add_paragraph(f"{{%p if block.kind == '{kind}' %}}")
    file.add_paragraph(f"{{%p for {each} %}}")
    form = file.add_paragraph(text).paragraph_format
    form.left_indent, form.first_line_indent = Mm(indent), Mm(-indent)
    form.tab_stops.add_tab_stop(Mm(tab or indent))
    form.space_after = Pt(3)
    file.add_paragraph("{%p endfor %}")
    file.add_paragraph("{%p endif %}")


def _table(file: Any) -> None:
    file.add_paragraph("{%p if block.kind == 'table' %}")
    file.add_paragraph("{%p if block.title %}")
    title = file.add_paragraph("{{ block.title }}", style="Caption")
    title.paragraph_format.keep_with_next = True
    file.add_paragraph("{%p endif %}")
    table = file.add_table(rows=4, cols=3, style=TABLE_STYLE)
    _reduce_cell_margins(table)
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
    file.add_paragraph()
    file.add_paragraph("{%p endif %}")


def _photos(file: Any) -> None:
    file.add_paragraph("{%p if block.kind == 'photos' %}")
    file.add_paragraph("{%p for photo in block.photos %}")
    file.add_paragraph("{{ photo.image }}").paragraph_format.keep_with_next = True
    file.add_paragraph("{{ photo.caption }}")
    file.add_paragraph("{%p endfor %}")
    file.add_paragraph("{%p endif %}")


def _reduce_cell_margins(table: Any) -> None:
    """Make the cell margins smaller than the defaults, so that words fit in narrow columns."""
    margins = OxmlElement("w:tblCellMar")
    for side, width in (("top", THIN), ("left", PADDING), ("bottom", THIN), ("right", PADDING)):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(width.twips))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)


def _signature(file: Any) -> None:
    file.add_paragraph("{%p if block.kind == 'signature' %}")
    for number, text in enumerate(_signed("block")):
        _of_rank(file, "block", text, number)
    file.add_paragraph("{%p endif %}")


def _of_rank(file: Any, signer: str, text: str, number: int) -> None:
    """A line of a signature; without a rank that line is left out."""
    if number == RANK:
        file.add_paragraph(f"{{%p if {signer}.rank %}}")
    line = file.add_paragraph(text)
    line.paragraph_format.left_indent = Mm(66)
    line.paragraph_format.keep_with_next = True
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if number == RANK:
        file.add_paragraph("{%p endif %}")


def _signed(signer: str) -> tuple[str, ...]:
    """The lines of a signature, with room for a pen."""
    name = "{{ " + signer + ".name or '(" + DOTS + ")' }}"
    date, position, rank, nip = (
        "{{ " + f"{signer}.{part}" + " }}" for part in ("date", "position", "rank", "nip")
    )
    return date, position, "", "", "", name, rank, nip


def _one_signature(file: Any) -> None:
    """A signature in the right half, on one page."""
    file.add_paragraph("{%p if block.kind == 'signature' %}")
    _halves(file, "", "block")
    file.add_paragraph("{%p endif %}")


def _signatures(file: Any) -> None:
    """Two signatures side by side, on one page."""
    file.add_paragraph("{%p if block.kind == 'signatures' %}")
    _halves(file, "block.left", "block.right")
    file.add_paragraph("{%p endif %}")


def _halves(file: Any, *signers: str) -> None:
    table = file.add_table(rows=1, cols=2)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, signer in zip(table.rows[0].cells, signers, strict=True):
        for number, text in enumerate(_signed(signer) if signer else ()):
            line = cell.add_paragraph(text) if number else cell.paragraphs[0]
            line.text = text
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
            line.paragraph_format.space_after = Pt(2)
