"""The paper questionnaire, a numbered slip on each A4 page; and slips with the code of a visit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from reports import rendering
from reports.handouts.poster import modules
from scoring.instrument import (
    OFFICE_LANGUAGE,
    Attribute,
    Instrument,
    Option,
    Subject,
    consents,
)

A_PAGE = 24  # slips
MOST_CODES = 20 * A_PAGE  # in one file
HOURS = (("08-12", "08–12"), ("13-17", "13–17"), ("lain", "lain"))
WORDS = (  # of the form itself
    "title", "number", "how", "date", "hour", "other_hour", "service", "you", "ours", "more",
    "suggestion", "thanks",
)  # fmt: skip
OTHER_HOUR = HOURS[-1][0]
TYPST_LANGUAGE = 2  # letters of the languages whose rules of typography are known
MAX_SLIPS = 500  # in one file
MAX_NUMBER = 9999  # of a slip


class SlipError(ValueError):
    """Nomor lembar tidak sah."""


@dataclass(frozen=True, slots=True)
class Slips:
    """Slips from number `first` to `last`; services as (code, name), without them an empty line.

    Args:
        words: a text for each of `WORDS`, in the language.
    """

    office: str
    instrument: Instrument
    words: Mapping[str, str]
    services: Sequence[tuple[str, str]] = ()
    first: int = 1
    last: int = 2
    language: str = OFFICE_LANGUAGE


def questionnaire_pdf(slips: Slips) -> bytes:
    """The slips as an A4 PDF; blocks for about 0.1 s for each page.

    Raises:
        SlipError: invalid numbers, or too many slips.
        PictureError: it cannot be drawn, or the instrument is too long for two pages in 10 pt.
    """
    if not 1 <= slips.first <= slips.last <= MAX_NUMBER:
        raise SlipError(f"nomor lembar harus dari 1 sampai {MAX_NUMBER}, yang kecil lebih dulu.")
    if slips.last - slips.first >= MAX_SLIPS:
        raise SlipError(f"paling banyak {MAX_SLIPS} lembar sekali cetak.")
    return rendering.rendered("questionnaire.typ", _data(slips), "pdf")


def _data(slips: Slips) -> dict[str, object]:
    instrument, language = slips.instrument, slips.language
    return {
        "office": slips.office,
        "language": language if len(language) == TYPST_LANGUAGE else OFFICE_LANGUAGE,
        "words": slips.words,
        "instrument": f"{instrument.code} v{instrument.version}",
        "numbers": [f"{number:04}" for number in range(slips.first, slips.last + 1)],
        "hours": [
            _tick(code, slips.words["other_hour"] if code == OTHER_HOUR else label)
            for code, label in HOURS
        ],
        "services": [_tick(code, name) for code, name in slips.services],
        "items": [
            {
                "number": instrument.number(item.code),
                "code": item.code,
                "question": item.mudah[language].question,
                "labels": [
                    {"nilai": str(nilai), "label": label}
                    for nilai, label in zip(
                        instrument.steps, item.mudah[language].labels, strict=True
                    )
                ],
            }
            for item in instrument.items
        ],
        "consent": " ".join(consents(instrument, language)),
        "attributes": _asked(instrument, "responden", language),
        "more": _asked(instrument, "layanan", language),
    }


def _asked(instrument: Instrument, subject: Subject, language: str) -> list[dict[str, object]]:
    """Questions without a score; those about the service in full."""
    return [
        {
            "name": (each.name if subject == "responden" else each.question)[language],
            "options": [_tick(option.code, option.label[language]) for option in on_paper(each)],
        }
        for each in instrument.attributes
        if each.subject == subject
    ]


def on_paper(attribute: Attribute) -> tuple[Option, ...]:
    """The options of an attribute on paper, without those that paper counts under another one."""
    return tuple(option for option in attribute.options if option.paper is None)


def _tick(code: str, label: str) -> dict[str, str]:
    """Return the text beside a box: the label, and the code unless the label begins with it."""
    text = label.replace("–", "-").casefold()
    return {"label": label, "code": "" if text.startswith(code.casefold()) else code}


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
