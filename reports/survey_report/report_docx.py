"""The report as a DOCX that the office can edit, rendered by docxtpl."""

from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import jinja2
from docxtpl import DocxTemplate

from reports.document_docx import filled
from reports.papers import Papers
from reports.survey_report.report import report
from reports.survey_report.report_template import template
from reports.survey_report.report_text import TemplateError

FILE = "laporan.docx"
# What Jinja2 raises for a wrong expression or loop in the office's own template.
TAG_ERRORS = (
    jinja2.TemplateError, SyntaxError, TypeError, ValueError, ArithmeticError, LookupError
)  # fmt: skip


def report_docx(papers: Papers, folder: Path | None = None) -> bytes:
    """The same report as `report_pdf`, as a file that can be edited.

    Args:
        folder: the folder in which the office may have its own `laporan.toml` and `laporan.docx`.

    Raises:
        PapersError, ReportTextError: as for `report`.
        TemplateError: the office's own template is not a DOCX, or has a wrong tag.
    """
    content = report(papers, folder)
    try:
        return filled(content, _template(folder), papers.locked_at or papers.period.end)
    except TAG_ERRORS as error:
        raise TemplateError(f"{FILE}: {error}") from error


def _template(folder: Path | None) -> Any:
    own = folder / FILE if folder else None
    return _opened(own.read_bytes() if own and own.exists() else template())


def _opened(source: bytes) -> Any:
    try:
        file = DocxTemplate(BytesIO(source))
        file.init_docx()
    except (KeyError, ValueError, OSError, SyntaxError, BadZipFile) as error:
        raise TemplateError(f"{FILE}: bukan berkas DOCX yang utuh") from error
    return file
