"""The publication sheet: one page that the office hangs up and puts on its website."""

from decimal import Decimal

from reports import canvas
from reports.papers import Papers
from reports.public import ON_SHEET, Publication, TotalsError, of
from scoring import period
from scoring.indonesian import comma, grouped, long_day

__all__ = ["TotalsError", "figure", "margin_shown", "sheet_pdf", "sheet_png"]

SERVICES = 9  # lines that the sheet has room for
DOTS_PER_INCH = 150


def sheet_pdf(papers: Papers) -> bytes:
    """The one-page sheet as an A4 PDF, after the lock a PDF/A-2b; blocks for some 0.2 s.

    Raises:
        TotalsError: figures that do not add up.
        PictureError: whatever kept it from being drawn.
    """
    standards: tuple[canvas.Standard, ...] = ("a-2b",) if papers.locked_at else ()
    return canvas.compiled(
        "publication.typ", _sheet(of(papers)), "pdf",
        standards=standards, timestamp=papers.locked_at,
    )  # fmt: skip


def sheet_png(papers: Papers) -> bytes:
    """The one-page sheet as a PNG 1240 px wide.

    Raises:
        TotalsError: figures that do not add up.
        PictureError: whatever kept it from being drawn.
    """
    return canvas.compiled("publication.typ", _sheet(of(papers)), pixels_per_inch=DOTS_PER_INCH)


def _sheet(facts: Publication) -> dict[str, object]:
    more = len(facts.services) - SERVICES
    return {
        "office": facts.office.nama,
        "kabupaten": facts.office.kabupaten,
        "alamat": facts.office.alamat,
        "period": period.title(facts.period),
        "span": period.span(facts.period, facts.period.zone),
        "ikm": None if facts.ikm is None else comma(facts.ikm),
        "mutu": facts.mutu,
        "kinerja": facts.kinerja,
        "margin": margin_shown(facts),
        "missing": facts.missing,
        "remarks": list(facts.remarks),
        "services": [
            {
                "name": each.name,
                "ikm": figure(each.ikm),
                "few": each.provisional,
                "n": grouped(each.n),
            }
            for each in facts.services[:SERVICES]
        ],
        "more": f"dan {more} layanan lain" if more > 0 else None,
        "n": grouped(facts.n),
        "respondents": [
            {"title": each.title, "rows": [[label, grouped(n)] for label, n in each.rows]}
            for each in facts.respondents
            if each.attribute in ON_SHEET
        ],
        "signed": _signed(facts),
        "draft": facts.locked_at is None,
    }


def figure(value: Decimal | None, places: int = 2) -> str:
    """A figure to print, or the words for one that cannot be had."""
    return "belum dapat dihitung" if value is None else comma(value, places)


def margin_shown(facts: Publication) -> str | None:
    """The margin to print, never ± 0,0; None where there is none."""
    if facts.margin is None:
        return None
    return f"± {comma(max(facts.margin, Decimal('0.1')), 1)} (perkiraan)"


def _signed(facts: Publication) -> dict[str, str | None]:
    """The block for the signature: place and day, post, name and NIP."""
    place = facts.office.nama.removeprefix("Kantor ").removeprefix("Kecamatan ")
    day = facts.locked_day
    return {
        "place": f"{place}, {long_day(day)}" if day else None,
        "jabatan": facts.office.jabatan,
        "kepala": facts.office.kepala,
        "nip": facts.office.nip,
    }
