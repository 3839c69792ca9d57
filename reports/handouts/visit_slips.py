"""Slips with a code of a visit: small ones, many a page, to cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from reports import rendering
from reports.handouts.poster import modules

A_PAGE = 24  # slips
MOST = 20 * A_PAGE  # in one file


@dataclass(frozen=True, slots=True)
class VisitSlips:
    """The slips of these codes; `address` is that of the pages, empty: the slips have no QR."""

    office: str
    period: str
    address: str
    codes: Sequence[str]


def link(address: str, code: str) -> str:
    """The address in the QR of a slip: the list of services, with the code."""
    return f"{address}/?{urlencode({'kode': code})}"


def visit_slips_pdf(slips: VisitSlips) -> bytes:
    """The slips as an A4 PDF; blocks for about 0.1 s for each page.

    Raises:
        PictureError: it cannot be drawn, or there is no code.
    """
    if not slips.codes:
        raise rendering.PictureError("visit_slips.typ: no code to print")
    data = {
        "office": slips.office,
        "period": slips.period,
        "address": slips.address.partition("://")[2],
        "slips": [_slip(slips.address, code) for code in slips.codes],
    }
    return rendering.rendered("visit_slips.typ", data, "pdf")


def _slip(address: str, code: str) -> dict[str, object]:
    return {"code": code, "qr": modules(link(address, code)) if address else []}
