"""The publication sheet: one page for the office's notice board and website."""

from decimal import Decimal

from reports import rendering
from reports.papers import ON_SHEET, Papers
from reports.publication.public_figures import Publication, PublicService, publication
from scoring import period
from scoring.numbers import comma, grouped
from scoring.period import long_day
from scoring.precision import margin_text

MAX_SERVICES = 9  # lines that fit on the sheet
DOTS_PER_INCH = 150


def sheet_pdf(papers: Papers) -> bytes:
    """The sheet as PDF/A-2b, A4; blocks for about 0.2 s.

    Raises:
        PapersError: totals that differ.
        PictureError: it cannot be drawn.
    """
    return rendering.rendered(
        "publication.typ",
        _sheet(publication(papers)),
        "pdf",
        standards=("a-2b",),
        timestamp=papers.locked_at,
    )


def sheet_png(papers: Papers) -> bytes:
    """The sheet as a PNG, 1240 px wide.

    Raises:
        PapersError: totals that differ.
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
        "span": period.span(public.covers, public.covers.zone),
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
                "n": counted(each),
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
        "incomplete": not public.complete,
    }


def ikm_text(value: Decimal | None) -> str:
    """The IKM as printed, or a text that it cannot be computed yet."""
    return "belum dapat dihitung" if value is None else comma(value)


def counted(service: PublicService) -> str:
    """The responses of a service: `12`, or `10 dari 12` where the others are in joined figures."""
    if service.n == service.received:
        return grouped(service.n)
    return f"{grouped(service.n)} dari {grouped(service.received)}"


def margin_remark(public: Publication) -> str | None:
    """Interval and margin as printed: `perkiraan 83,3–86,3 (galat ± 1,5)`; None without them."""
    if public.margin is None or public.interval is None:
        return None
    low, high = (comma(end, 1) for end in public.interval)
    return f"perkiraan {low}–{high} (galat ± {margin_text(public.margin)})"


def _signature(public: Publication) -> dict[str, str | None]:
    """The texts of the signature: place and day, position, name and NIP."""
    place, day = public.office.place, public.locked_day if public.complete else None
    return {
        "place": f"Ditetapkan di {place} pada tanggal {long_day(day)}" if day else None,
        "jabatan": public.office.jabatan,
        "kepala": public.office.kepala,
        "nip": public.office.nip,
    }
