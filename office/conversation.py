"""The conversation, pure: where a person stands, what a button carries, what a tap makes of it.

A response's position is one step: the code of an item, of an attribute, or REVIEW. Every change
raises the response's revision, and a tap of an older revision changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Protocol, TypeAlias

from scoring.instrument import DECLINED, Questionnaire

HAND_OVER = "serah"  # assisted: the petugas hands the phone over
CONSENT = "setuju"  # assisted: whoever holds it now agrees
REVIEW = "tinjau"
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@unique
class Kind(StrEnum):
    """What a button does; one letter, since a button holds 64 bytes."""

    ANSWER = "a"
    SKIP = "l"
    BACK = "k"
    WRITE = "w"
    UNWRITE = "u"
    TEXT = "s"  # the suggestion of a form, or of a message; item: the choice, if one was needed
    ADD = "e"  # the same, to what was sent
    UNSAY = "o"  # delete the suggestion
    LOOK = "j"  # value: show the own answers (1), or hide them
    REFILL = "i"
    SEND = "f"
    SERVICES = "d"  # value: page
    SERVICE = "p"  # item: service
    CONSENT = "m"  # item: service, value: counter, revision: urutan
    CONTINUE = "c"
    REPLACE = "g"  # item: service, value: counter
    END = "q"  # of a reminder: no more of this response
    LANGUAGE = "b"  # item: the language; on the consent: service (response), counter, urutan
    ERASE = "x"
    KEEP = "z"
    NEWS = "n"  # response: the period; value: ask, yes or no
    INVITED = "v"  # item: the link's token; value: yes or no
    BEGIN = "h"  # assisted: on from the hand-over, and from the consent
    OFFICER = "y"  # item: a route of the officers' table; response: what it is about
    FORM = "t"  # item: what to do; value: the choice; revision: the step


# The kinds whose `Tap.response` is the key of a response.
OF_RESPONSE = {
    Kind.ANSWER, Kind.SKIP, Kind.BACK, Kind.WRITE, Kind.UNWRITE, Kind.TEXT, Kind.REFILL, Kind.SEND,
    Kind.CONTINUE, Kind.REPLACE, Kind.END, Kind.BEGIN, Kind.UNSAY, Kind.LOOK,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tap:
    """What a button says when it is pressed."""

    kind: Kind
    response: int = 0
    item: str = ""
    value: int = 0
    revision: int = 0


def write_tap(tap: Tap) -> str:
    """Callback data of at most 64 bytes."""
    return f"{tap.kind}.{base36(tap.response)}.{tap.item}.{tap.value}.{tap.revision}"


KINDS = {kind.value for kind in Kind}
_TAP = re.compile(
    r"([a-z])\.([0-9a-z]{1,13})\.([A-Za-z0-9_-]{0,30})\.(\d{1,9})\.(\d{1,5})", re.ASCII
)


def read_tap(data: str) -> Tap | None:
    """The tap a callback carries; None for anything we did not write."""
    found = _TAP.fullmatch(data)
    if found is None or found[1] not in KINDS:
        return None
    key = int(found[2], 36)
    if key >= 2**63:
        return None
    return Tap(Kind(found[1]), key, found[3], int(found[4]), int(found[5]))


def base36(number: int) -> str:
    """A number of 0 or more in lower-case letters and digits."""
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = DIGITS[rest] + digits
        if number == 0:
            return digits


class Place(Protocol):
    """What the rows say of an open response; answers without a value were skipped."""

    @property
    def revision(self) -> int: ...
    @property
    def step(self) -> str: ...
    @property
    def answers(self) -> Mapping[str, int | None]: ...
    @property
    def attributes(self) -> Mapping[str, str | None]: ...


@dataclass(frozen=True, slots=True)
class Answered:
    """An item got a value, or was skipped."""

    item: str
    nilai: int | None
    step: str


@dataclass(frozen=True, slots=True)
class Described:
    """An attribute got a code, or was declined."""

    attribute: str
    code: str
    step: str


@dataclass(frozen=True, slots=True)
class Moved:
    """Only the position changed."""

    step: str


@dataclass(frozen=True, slots=True)
class Refilled:
    """The skipped items are asked again, from this step on."""

    items: tuple[str, ...]
    step: str


@dataclass(frozen=True, slots=True)
class Writing:
    """A suggestion is awaited, or no longer."""

    awaited: bool


@dataclass(frozen=True, slots=True)
class Unsaid:
    """The suggestion is deleted."""


@dataclass(frozen=True, slots=True)
class Looked:
    """The own answers are shown, or hidden again; nothing changes."""

    shown: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """The person sends the response."""


@dataclass(frozen=True, slots=True)
class Stale:
    """An older screen was tapped; the current one is shown."""


Change: TypeAlias = (
    Answered | Described | Moved | Refilled | Writing | Unsaid | Looked | Sent | Stale
)


def take(instrument: Questionnaire, place: Place, tap: Tap, min_filled: int) -> Change:
    """What this tap changes on this open response of its own sender."""
    if tap.revision != place.revision:
        return Stale()
    match tap.kind:
        case Kind.BEGIN if tap.item == place.step in (HAND_OVER, CONSENT):
            return Moved(CONSENT if place.step == HAND_OVER else first(instrument))
        case Kind.ANSWER | Kind.SKIP if tap.item == place.step in asked(instrument):
            return _given(instrument, place, tap)
        case Kind.BACK if tap.item == place.step in steps(instrument):
            return Moved(before(instrument, place.step))
        case Kind.WRITE | Kind.UNWRITE if place.step == REVIEW:
            return Writing(tap.kind == Kind.WRITE)
        case Kind.UNSAY if place.step == REVIEW:
            return Unsaid()
        case Kind.LOOK if place.step == REVIEW:
            return Looked(tap.value == 1)
        case Kind.REFILL if place.step == REVIEW and (skipped := skipped_items(instrument, place)):
            return Refilled(skipped, skipped[0])
        case Kind.SEND if place.step == REVIEW and filled(place) >= min_filled:
            return Sent()
        case _:
            return Stale()


def _given(instrument: Questionnaire, place: Place, tap: Tap) -> Change:
    step = after(instrument, place, tap.item)
    if tap.item in instrument.codes:
        low, high = instrument.scale
        if tap.kind == Kind.SKIP:
            return Answered(tap.item, None, step)
        return Answered(tap.item, tap.value, step) if low <= tap.value <= high else Stale()
    options = next(a.options for a in instrument.attributes if a.code == tap.item)
    if tap.kind == Kind.SKIP:
        return Described(tap.item, DECLINED, step)
    known = 1 <= tap.value <= len(options)
    return Described(tap.item, options[tap.value - 1].code, step) if known else Stale()


def asked(instrument: Questionnaire) -> tuple[str, ...]:
    """Every step that asks something, in its order."""
    return (*instrument.codes, *(a.code for a in instrument.attributes))


def steps(instrument: Questionnaire) -> tuple[str, ...]:
    """Every step in the order it is asked; assisted ones have two before it."""
    return (*asked(instrument), REVIEW)


def first(instrument: Questionnaire) -> str:
    """Where a new response stands."""
    return steps(instrument)[0]


def before(instrument: Questionnaire, step: str) -> str:
    """One step back; the first step stays."""
    order = steps(instrument)
    return order[max(order.index(step) - 1, 0)]


def after(instrument: Questionnaire, place: Place, step: str) -> str:
    """The next step without an answer; answered steps are skipped."""
    order = steps(instrument)
    for following in order[order.index(step) + 1 : -1]:
        if following in instrument.codes:
            if following not in place.answers:
                return following
        elif place.attributes.get(following) is None:
            return following
    return REVIEW


def filled(place: Place) -> int:
    """How many items have a value."""
    return sum(nilai is not None for nilai in place.answers.values())


def skipped_items(instrument: Questionnaire, place: Place) -> tuple[str, ...]:
    """The items without a value, in the order they are asked."""
    return tuple(code for code in instrument.codes if place.answers.get(code) is None)


def opinion_given(instrument: Questionnaire, place: Place, min_filled: int) -> bool:
    """Every item passed, enough of them filled: who drops out now loses only attributes."""
    passed = all(code in place.answers for code in instrument.codes)
    return passed and filled(place) >= min_filled


NEW_MESSAGE = 99_999  # the revision of an officer's button that leaves its own message as it is


def to(route: str, subject: int = 0, value: int = 0, revision: int = 0) -> Tap:
    """What an officer's button carries: a route of the table of buttons, and what it is about."""
    return Tap(Kind.OFFICER, subject, route, value, revision)
