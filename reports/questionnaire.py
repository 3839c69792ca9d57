"""The paper questionnaire: two numbered slips an A4 page, in the instrument's official words."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from reports import canvas
from scoring.instrument import Attribute, Instrument, Option

HOURS = (("08-12", "08–12"), ("13-17", "13–17"), ("lain", "lain"))
MOST = 500  # slips in one file
LAST = 9999  # the highest number of a slip
LEAD = 15  # characters that all questions must begin with to say them once


class SlipError(ValueError):
    """Nomor lembar tidak sah."""


@dataclass(frozen=True, slots=True)
class Slips:
    """Slips from number `first` to `last`; services as (code, name), none for a line to write."""

    office: str
    instrument: Instrument
    services: Sequence[tuple[str, str]] = ()
    first: int = 1
    last: int = 2


def questionnaire_pdf(slips: Slips) -> bytes:
    """The slips as an A4 PDF, to be cut in the middle; blocks for some 0.1 s a page.

    Raises:
        SlipError: numbers that make no slips, or too many.
        PictureError: whatever kept it from being drawn; an instrument too long for half a page.
    """
    if not 1 <= slips.first <= slips.last <= LAST:
        raise SlipError(f"nomor lembar harus dari 1 sampai {LAST}, yang kecil lebih dulu.")
    if slips.last - slips.first >= MOST:
        raise SlipError(f"paling banyak {MOST} lembar sekali cetak.")
    return canvas.compiled("questionnaire.typ", _data(slips), "pdf")


def _data(slips: Slips) -> dict[str, object]:
    used = slips.instrument
    questions = [item.resmi["id"].question for item in used.items]
    lead = _lead(questions)
    return {
        "office": slips.office,
        "instrument": f"{used.code} v{used.version}",
        "numbers": [f"{number:04}" for number in range(slips.first, slips.last + 1)],
        "hours": [_tick(code, label) for code, label in HOURS],
        "services": [_tick(code, name) for code, name in slips.services],
        "lead": lead.strip(),
        "items": [
            {
                "number": used.number(item.code),
                "code": item.code,
                "question": _opened(question.removeprefix(lead)),
                "labels": [
                    {"nilai": str(nilai), "label": label}
                    for nilai, label in zip(used.steps, item.resmi["id"].labels, strict=True)
                ],
            }
            for item, question in zip(used.items, questions, strict=True)
        ],
        "attributes": [
            {
                "name": attribute.name["id"],
                "options": [_tick(each.code, each.label["id"]) for each in on_paper(attribute)],
            }
            for attribute in used.attributes
        ],
    }


def on_paper(attribute: Attribute) -> tuple[Option, ...]:
    """The options of an attribute that paper has: those counted under another one are left out."""
    return tuple(option for option in attribute.options if option.paper is None)


def _tick(code: str, label: str) -> dict[str, str]:
    """Return what stands behind a box: the label, and the code where the label hides it."""
    said = label.replace("–", "-").casefold()
    return {"label": label, "code": "" if said.startswith(code.casefold()) else code}


def _lead(questions: Sequence[str]) -> str:
    """Return the words that every question begins with, to be said once; empty when few."""
    places = zip(*(question.split(" ") for question in questions), strict=False)
    same = takewhile(lambda words: len(set(words)) == 1, places)
    lead = "".join(f"{words[0]} " for words in same)
    return lead if len(questions) > 1 and len(lead) > LEAD else ""


def _opened(question: str) -> str:
    return question[:1].upper() + question[1:]
