"""Posters with QR codes for the survey of one service or counter, in the chat and in a browser."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from reports import rendering

Paper: TypeAlias = Literal["a4", "a5"]
Way: TypeAlias = Literal["telegram", "browser"]

SLUG = re.compile(r"[a-z0-9-]{1,24}", re.ASCII)
USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{4,31}", re.ASCII)


class LinkError(ValueError):
    """Tautan poster tidak sah: periksa nama pengguna bot serta kode layanan dan loketnya."""


@dataclass(frozen=True, slots=True)
class Poster:
    """One poster: a service, with or without a counter; the codes are part of the link.

    Args:
        items: the number of questions about the service.
        site: the address of the office's pages; empty: there is a code for Telegram alone.
        browser_only: the code of the pages stands alone; the page itself leads to Telegram too.
    """

    office: str
    bot: str
    service: str
    service_code: str
    counter: str = ""
    counter_code: str = ""
    items: int = 9
    site: str = ""
    browser_only: bool = False


def links(poster: Poster) -> dict[Way, str]:
    """The address in each QR code of a poster.

    Raises:
        LinkError: a name or code that is invalid in a link.
    """
    if not poster.site:
        return {"telegram": link(poster)}
    page = page_link(poster)
    return {"browser": page} if poster.browser_only else {"telegram": link(poster), "browser": page}


def link(poster: Poster) -> str:
    """The chat: `https://t.me/<bot>?start=l_<layanan>_<loket>`.

    Raises:
        LinkError: a name or code that is invalid in a link.
    """
    username = poster.bot.removeprefix("@")
    if not USERNAME.fullmatch(username):
        raise LinkError(f'nama pengguna bot "{username}" tidak sah.')
    return f"https://t.me/{username}?start={'_'.join(('l', *_codes(poster)))}"


def page_link(poster: Poster) -> str:
    """The page: `https://<alamat kantor>/l/<layanan>/<loket>`.

    Raises:
        LinkError: a code that is invalid in a link.
    """
    return "/".join((poster.site, "l", *_codes(poster)))


def _codes(poster: Poster) -> list[str]:
    codes = [poster.service_code, *([poster.counter_code] if poster.counter_code else [])]
    for code in codes:
        if not SLUG.fullmatch(code):
            raise LinkError(f'kode "{code}" tidak sah: 1–24 huruf kecil, angka, atau tanda hubung.')
    return codes


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
        "service": poster.service,
        "counter": poster.counter,
        "items": str(poster.items),
        "codes": [
            {"way": way, "typed": _typed(poster, way), "modules": modules(address)}
            for way, address in links(poster).items()
        ],
    }


def _typed(poster: Poster, way: Way) -> str:
    """What somebody types who cannot scan: the start of the chat, or the list of services."""
    if way == "telegram":
        return f"t.me/{poster.bot.removeprefix('@')}"
    return poster.site.removeprefix("https://")


def modules(address: str) -> list[str]:
    """Return the rows of the QR code, 1 is dark; it stays readable with a quarter of it damaged."""
    import segno  # imported at the first call

    code = segno.make(address, error="q", micro=False, boost_error=False)
    return ["".join("1" if module else "0" for module in row) for row in code.matrix]
