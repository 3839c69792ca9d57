"""Picture, report and spreadsheet against the usual libraries, and the waits of people meanwhile.

    PYTHONPATH=. .venv-bench/bin/python -m benchmarks.papers [--rows 100000] [--repeats 5]

CPU is user + sys of this process: medians of alternating runs after one run that is not measured,
so that imports are not included; no picture and no report is made twice. matplotlib draws the same
bars, trend and texts at the same width; weasyprint typesets the same blocks of the report from
HTML; openpyxl writes the same rows with the same borders, in its write-only mode. A library that
is not installed is left out.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import io
import statistics
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.util import find_spec
from typing import Any

from benchmarks import busy
from benchmarks.figures import Figure, alternating, show
from reports.document import Bars, Block, Document, Heading, Numbered, Paragraph, Signature, Table
from reports.papers import Papers
from reports.pictures.ikm_picture import IkmPicture
from reports.survey_report import report

MOST = {"picture": 0.25, "pdf": 0.5, "xlsx": 0.7}
LIBRARIES = {"picture": "matplotlib", "pdf": "weasyprint", "xlsx": "openpyxl"}


def matplotlib_png(picture: IkmPicture) -> bytes:
    """The picture as matplotlib draws it, 1080 pixels wide."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Sheet

    sheet = Sheet(figsize=(10.8, 14), dpi=100)
    FigureCanvasAgg(sheet)
    bars, trend = sheet.subplots(2, 1, height_ratios=[3, 1])
    names = [f"{bar.code} {bar.label}" for bar in picture.bars]
    values = [float(bar.nrr or 0) for bar in picture.bars]
    drawn = bars.barh(names, values)
    bars.bar_label(drawn, [f"{bar.nrr} {bar.mutu}" for bar in picture.bars])
    bars.set_xlim(1, 4)
    bars.invert_yaxis()
    bars.set_title(f"{picture.office}\n{picture.period}\n{picture.span}")
    points = [*picture.trend, ("Periode ini", picture.ikm)]
    trend.plot([label for label, _ in points], [float(ikm) for _, ikm in points], marker="o")
    lines = (f"{picture.ikm} {picture.mutu} {picture.kinerja}", picture.respondents, picture.change)
    for place, line in enumerate(lines):
        sheet.text(0.02, 0.04 - place * 0.015, line or "")
    out = io.BytesIO()
    sheet.savefig(out, format="png")
    return out.getvalue()


def weasyprint_pdf(document: Document) -> bytes:
    """The report as weasyprint typesets it."""
    import weasyprint

    pdf: bytes = weasyprint.HTML(string="".join(_html(document))).write_pdf()
    return pdf


def _html(document: Document) -> Iterator[str]:
    yield (
        "<style>@page { size: A4; margin: 25mm; @bottom-center { content: counter(page) } }"
        "table { border-collapse: collapse; width: 100% } td, th { border: 1px solid }</style>"
    )
    yield f"<h1>{html.escape(document.title)}</h1><p>{html.escape(document.subtitle)}</p>"
    for block in document.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(level, words):
            yield f"<h{level}>{html.escape(words)}</h{level}>"
        case Paragraph(words):
            yield f"<p>{html.escape(words)}</p>"
        case Numbered(lines):
            yield "<ol>" + "".join(f"<li>{html.escape(line)}</li>" for line in lines) + "</ol>"
        case Table():
            yield "<table>" + _row("th", block.head)
            yield from (_row("td", row) for row in block.rows)
            yield "</table>"
        case Bars(bars):
            for bar in bars:
                yield f"<div style='width:{(bar.filled or 0) * 100}%;background:#888'>"
                yield f"{html.escape(bar.label)} {bar.value}</div>"
        case Signature():
            yield f"<p>{html.escape(block.date)}</p><p>{html.escape(block.name)}</p>"


def _row(tag: str, cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"


def openpyxl_xlsx(papers: Papers) -> bytes:
    """The tabulation's sheet of rows as openpyxl writes them."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Border, NamedStyle, Side

    book: Any = Workbook(write_only=True)
    side = Side("thin")
    look = NamedStyle("count", number_format="0", alignment=Alignment("center"))
    look.border = Border(side, side, side, side)
    book.add_named_style(look)
    sheet = book.create_sheet()
    cell = WriteOnlyCell(sheet)
    cell.style = "count"
    styled = cell._style  # shared by all cells: the setter would look the style up for each
    for number, row in enumerate(papers.rows, 1):
        sheet.append([_cell(sheet, value, styled) for value in (number, *row)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: int | None, styled: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value)
    cell._style = styled
    return cell


def rivals(rows: int) -> dict[str, Callable[[], object]]:
    """What the other libraries make of the same data."""
    return {
        "picture": lambda: matplotlib_png(busy.fresh_picture()),
        "pdf": lambda: weasyprint_pdf(report.report(busy.fresh_papers())),
        "xlsx": partial(openpyxl_xlsx, busy.fresh_papers(rows)),
    }


def papers(rows: int, repeats: int) -> list[Figure]:
    """CPU seconds of each paper, and their ratio to the other library's."""
    figures, others = [], rivals(rows)
    for which, library in LIBRARIES.items():
        ours = busy.work(which, "", rows)
        both = {"ours": ours} | ({library: others[which]} if find_spec(library) else {})
        times = alternating(both, repeats)
        figures.append(Figure(f"{which}: CPU", times["ours"], "s"))
        if library in times:
            ratio = times["ours"] / times[library]
            figures.append(Figure(f"{which}: CPU ÷ {library}", ratio, most=MOST[which]))
    return figures


def waits_meanwhile(seconds: float, repeats: int) -> list[Figure]:
    """How much longer people wait for a screen while papers are made."""
    figures = []
    for which in LIBRARIES:
        runs = [asyncio.run(busy.compare(which, seconds)) for _ in range(repeats)]
        what = f"tap → screen p99 meanwhile: {which}"
        figures.append(Figure(what, statistics.median(runs), most=1.3))
    return figures


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=busy.ROWS)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20, help="of taps; 0 leaves them out")
    chosen = parser.parse_args(arguments)
    show(papers(chosen.rows, chosen.repeats))
    if chosen.seconds:
        show(waits_meanwhile(chosen.seconds, chosen.repeats))


if __name__ == "__main__":
    main()
