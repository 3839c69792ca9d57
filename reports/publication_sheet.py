"""The publication sheet: one page for the office's notice board and website."""

from decimal import Decimal

from reports import rendering
from reports.papers import Papers
from reports.public_figures import ON_SHEET, Publication, TotalsError, publication
from scoring import period
from scoring.numbers import comma, grouped
from scoring.period import long_day
from scoring.precision import margin_text

__all__ = ["TotalsError", "ikm_text", "margin_remark", "sheet_pdf", "sheet_png"]

MAX_SERVICES = 9  # lines that fit on the sheet
DOTS_PER_INCH = 150


def sheet_pdf(papers: Papers) -> bytes:
    """The sheet as an A4 PDF, after the lock as PDF/A-2b; blocks for about 0.2 s.

    Raises:
        TotalsError: totals that differ.
        PictureError: it cannot be drawn.
    """
    standards: tuple[rendering.Standard, ...] = ("a-2b",) if papers.locked_at else ()
    return rendering.rendered(
        "publication.typ", _sheet(publication(papers)), "pdf",
        standards=standards, timestamp=papers.locked_at,
    )  # fmt: skip


def sheet_png(papers: Papers) -> bytes:
    """The sheet as a PNG, 1240 px wide.

    Raises:
        TotalsError: totals that differ.
        PictureError: it cannot be drawn.
    """
    return rendering.rendered(
        "publication.typ", _sheet(publication(papers)), pixels_per_inch=DOTS_PER_INCH
    )


def _sheet(public: Publication) -> dict[str, object]:
    hidden = len(public.services) - MAX_SERVICES
    return {
        "office": public.office.nama,
        "kabupaten": public.office.kabupaten,
        "alamat": public.office.alamat,
        "period": period.title(public.period),
        "span": period.span(public.period, public.period.zone),
        "ikm": None if public.ikm is None else comma(public.ikm),
        "mutu": public.mutu,
        "kinerja": public.kinerja,
        "margin": margin_remark(public),
        "missing": public.missing,
        "remarks": list(public.remarks),
        "services": [
            {
                "name": each.name,
                "ikm": ikm_text(each.ikm),
                "few": each.provisional,
                "n": grouped(each.n),
            }
            for each in public.services[:MAX_SERVICES]
        ],
        "more": f"dan {hidden} layanan lain" if hidden > 0 else None,
        "n": grouped(public.n),
        "respondents": [
            {"title": each.title, "rows": [[label, grouped(n)] for label, n in each.rows]}
            for each in public.respondents
            if each.attribute in ON_SHEET
        ],
        "signed": _signature(public),
        "draft": public.locked_at is None,
    }


def ikm_text(value: Decimal | None) -> str:
    """The IKM as printed, or a text that it cannot be computed yet."""
    return "belum dapat dihitung" if value is None else comma(value)


def margin_remark(public: Publication) -> str | None:
    """The margin as printed: `± 1,5 (perkiraan)`; None when there is none."""
    if public.margin is None:
        return None
    return f"± {margin_text(public.margin)} (perkiraan)"


def _signature(public: Publication) -> dict[str, str | None]:
    """The texts of the signature: place and day, position, name and NIP."""
    place = public.office.nama.removeprefix("Kantor ").removeprefix("Kecamatan ")
    day = public.locked_day
    return {
        "place": f"{place}, {long_day(day)}" if day else None,
        "jabatan": public.office.jabatan,
        "kepala": public.office.kepala,
        "nip": public.office.nip,
    }
