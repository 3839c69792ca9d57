"""Posters with a QR code for the survey of one service or counter."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from reports import rendering

Paper: TypeAlias = Literal["a4", "a5"]

SLUG = re.compile(r"[a-z0-9-]{1,24}", re.ASCII)
USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{4,31}", re.ASCII)


class LinkError(ValueError):
    """Tautan poster tidak sah: periksa nama pengguna bot serta kode layanan dan loketnya."""


@dataclass(frozen=True, slots=True)
class Poster:
    """One poster: a service, with or without a counter; the codes are part of the link.

    `items` is the number of questions about the service.
    """

    office: str
    bot: str
    service: str
    service_code: str
    counter: str = ""
    counter_code: str = ""
    items: int = 9


def link(poster: Poster) -> str:
    """The address in the QR code: `https://t.me/<bot>?start=l_<layanan>_<loket>`.

    Raises:
        LinkError: a name or code that is invalid in a link.
    """
    username = poster.bot.removeprefix("@")
    codes = [poster.service_code, *([poster.counter_code] if poster.counter_code else [])]
    if not USERNAME.fullmatch(username):
        raise LinkError(f'nama pengguna bot "{username}" tidak sah.')
    for code in codes:
        if not SLUG.fullmatch(code):
            raise LinkError(f'kode "{code}" tidak sah: 1–24 huruf kecil, angka, atau tanda hubung.')
    return f"https://t.me/{username}?start={'_'.join(('l', *codes))}"


def posters_pdf(posters: Sequence[Poster], paper: Paper = "a5") -> bytes:
    """A PDF with one page for each poster; blocks for about 0.1 s for each page.

    Raises:
        LinkError: a name or code that is invalid in a link.
        PictureError: it cannot be drawn, or there is no poster.
    """
    if not posters:
        raise rendering.PictureError("poster.typ: no poster to draw")
    data = {"paper": paper, "posters": [_data(poster) for poster in posters]}
    return rendering.rendered("poster.typ", data, "pdf")


def _data(poster: Poster) -> dict[str, object]:
    return {
        "office": poster.office,
        "bot": poster.bot.removeprefix("@"),
        "service": poster.service,
        "counter": poster.counter,
        "items": str(poster.items),
        "code": modules(link(poster)),
    }


def modules(address: str) -> list[str]:
    """The rows of an address's QR code, 1 is dark; it is readable with a quarter damaged."""
    import segno  # imported at the first call

    code = segno.make(address, error="q", micro=False, boost_error=False)
    return ["".join("1" if module else "0" for module in row) for row in code.matrix]
