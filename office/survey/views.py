"""Where a citizen is: each place as a value, and the screen that it shows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import Enum, StrEnum, unique
from typing import TypeAlias, assert_never

from office.conversation import Kind, Tap
from office.survey import personal, screens
from office.survey.screens import Button, Rows, Screen
from office.turn import Respondent, Turn, language_for, open_response, words_for
from office.words.all_words import CitizenWords
from scoring.channels import CHANNELS
from storage import catalogue
from storage.catalogue import Service, ServiceCounter
from storage.settings import office_facts
from storage.survey import owners, responses
from storage.survey.open_responses import OpenResponse
from storage.survey.responses import TappedResponse
from storage.tables import Door


@dataclass(frozen=True, slots=True)
class Services:
    """A page of the list of services, or those that match a typed text."""

    page: int = 0
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """A service of a QR or of the list; `urutan` above 1 is for another person at this device.

    `code` is a code of a visit that the address holds.
    """

    service: Service
    counter: ServiceCounter | None
    urutan: int = 1
    code: str = ""


@dataclass(frozen=True, slots=True)
class Current:
    """Where an open response stands; `looked`: its review shows the answers given before."""

    response: OpenResponse
    looked: bool = False


@dataclass(frozen=True, slots=True)
class Thanks:
    """The receipt of a response that was sent with this key, in the language it was asked in."""

    key: int
    language: str | None = None
    ended: bool = False  # by *Sudahi*, without *Kirim*


@dataclass(frozen=True, slots=True)
class Message:
    """A text without placeholders, by its name in the citizens' words."""

    name: str
    language: str | None = None


@unique
class Why(Enum):
    """Why a typed text is not stored."""

    TOO_LONG = "too long"
    PERSONAL = "it holds a NIK, a phone number or an e-mail address"
    SENT = "the response was sent already"


@unique
class Choice(StrEnum):
    """What somebody chose to do with a text that holds what tells who he is."""

    WITHOUT = "tanpa"
    AS_IS = "asli"
    NOT = "batal"


@dataclass(frozen=True, slots=True)
class Unstored:
    """A typed text that is not stored.

    Args:
        tap: what stores it after all: `Kind.TEXT` of an open response, or `Kind.ADD`.
        length: of the whole suggestion with this text.
    """

    typed: str
    why: Why
    tap: Tap
    length: int = 0


View: TypeAlias = Services | Opening | Current | Thanks | Message | Unstored


@dataclass(frozen=True, slots=True)
class Reply:
    """What a tap led to.

    Args:
        view: where the person is now; None: where he was.
        notice: one more sentence, by its name in the citizens' words.
    """

    view: View | None
    notice: str | None = None


def screen(turn: Turn, who: Respondent, view: View) -> Screen:
    """The screen of a view."""
    match view:
        case Current(response, looked):
            return current(turn, who, response, looked=looked)
        case Services(page, typed):
            return _unfinished(turn, who, None, 0) or _services(turn, who, page, typed)
        case Opening(service, counter):
            counter_id = counter.id if counter else 0
            return _unfinished(turn, who, service, counter_id) or _opening(turn, who, view)
        case Thanks():
            return _thanks(turn, who, view)
        case Message(name):
            return Screen(getattr(_words(turn, who, view), name)())
        case Unstored():
            return unstored(words_for(turn, who), view)
        case _:
            assert_never(view)


def unstored(words: CitizenWords, view: Unstored) -> Screen:
    """Why a text is not stored, and what can be done with it."""
    most = screens.SUGGESTION_MOST
    adds = view.tap.kind == Kind.ADD
    label = words.add_suggestion() if adds else words.save_suggestion()
    leave: tuple[Button, ...] = (_choice(view, words.do_not_write(), Choice.NOT),)
    rows: Rows = (leave,)
    match view.why:
        case Why.TOO_LONG:
            text = words.suggestion_too_long(length=view.length, most=most)
        case Why.PERSONAL:
            text = words.personal(what=what_tells(words, view.typed))
            without = _choice(view, words.save_without(), Choice.WITHOUT)
            rows = ((without,), (_choice(view, words.save_as_is(), Choice.AS_IS),), leave)
        case Why.SENT:
            text = words.already_sent()
            rows = ((Button(words.other_service(), Tap(Kind.SERVICES)),),)
        case _:
            assert_never(view.why)
    return screens.unstored(words, text, view.typed, label, view.tap, rows)


def _choice(view: Unstored, label: str, choice: Choice) -> Button:
    return Button(label, replace(view.tap, item=choice))


def what_tells(words: CitizenWords, text: str) -> str:
    """What a text holds that tells who somebody is."""
    return ", ".join(getattr(words, kind)() for kind in personal.found(text))


def current(turn: Turn, who: Respondent, response: OpenResponse, *, looked: bool = False) -> Screen:
    """The current screen of an open response."""
    instrument, words = turn.open_responses.instrument(response), turn.office.words
    language = instrument.spoken(words.offered(response.language))
    spoken = words.of(language, who.kanal)
    least = turn.office.min_filled
    return screens.current(spoken, language, instrument, response, least, looked=looked)


def _unfinished(
    turn: Turn, who: Respondent, other: Service | None, counter_id: int
) -> Screen | None:
    """The choice between the open response and another service (None: the list)."""
    response, words = open_response(turn, who), words_for(turn, who)
    if response is None:
        return None
    instrument = turn.open_responses.instrument(response)
    if response.assisted:
        return screens.unfinished_assisted(words, instrument, response)
    return screens.unfinished(words, instrument, response, other, counter_id)


def _services(turn: Turn, who: Respondent, page: int, typed: str) -> Screen:
    words = words_for(turn, who)
    if typed:
        found = catalogue.matching(turn.db, typed)
        if found:
            return screens.services_found(words, found, typed)
    offered = catalogue.active_services(turn.db)
    if typed:
        return screens.services_not_found(words, offered, typed)
    return screens.services(words, office_facts.name(turn.db), offered, page)


def _opening(turn: Turn, who: Respondent, view: Opening) -> Screen:
    words, repeat = words_for(turn, who), turn.office.repeat
    times = times_rated(turn, who, view.service.id)
    if times >= min(max(view.urutan, 1), repeat):
        counter_id = view.counter.id if view.counter else 0
        return screens.already_rated(words, view.service, counter_id, times, repeat)
    instrument = turn.instrument()
    language = instrument.spoken(language_for(turn, who))
    offered = [each for each in instrument.languages if each != language]
    return screens.consent(
        turn.office.words.of(language, who.kanal),
        language,
        office_facts.name(turn.db),
        view.service,
        view.counter,
        times + 1,
        instrument,
        _named(turn, offered),
        view.code if takes_visit_codes(turn, who) else None,
    )


def languages(turn: Turn, who: Respondent) -> Screen:
    """The choice of a language."""
    words = turn.office.words
    return screens.languages(_named(turn, words.languages), words_for(turn, who))


def _named(turn: Turn, codes: Collection[str]) -> list[tuple[str, str]]:
    """Those of these languages that the office offers, with their own names."""
    words = turn.office.words
    return [(code, words.of(code).language_name()) for code in words.languages if code in codes]


def takes_visit_codes(turn: Turn, who: Respondent) -> bool:
    """Whether this person may enter a code of a visit."""
    return turn.office.visit_codes and CHANNELS[who.kanal].visited is not None


def times_rated(turn: Turn, who: Respondent, service_id: int) -> int:
    """How often this person rated a service in the open period."""
    if who.person is None:
        return 0
    period = turn.period()
    if period.salt is None:
        raise LookupError("an open period without its salt")
    owner = owners.owner_hash(turn.office.secret, period.salt, who.door, who.person)
    return owners.times_rated(turn.db, period.id, service_id, owner)


def _words(turn: Turn, who: Respondent, view: Thanks | Message) -> CitizenWords:
    return turn.office.words.of(view.language or language_for(turn, who), who.kanal)


def _thanks(turn: Turn, who: Respondent, view: Thanks) -> Screen:
    words, sent = _words(turn, who, view), responses.by_key(turn.db, view.key)
    if sent is None or not is_sender(turn, who, sent):
        return Screen(words.expired())
    if sent.petugas is not None:
        return screens.thanks_assisted(words, sent.service)
    return screens.thanks(
        words,
        sent.service,
        sent.service_id,
        sent.counter_id or 0,
        owners.receipt(view.key),
        sent.urutan,
        turn.office.repeat,
        ended=view.ended,
        news_of=sent.period_id if who.door == Door.TELEGRAM else None,
    )


def is_sender(turn: Turn, who: Respondent, sent: TappedResponse) -> bool:
    """Whether this person sent the response, or held the phone for who did."""
    if who.person is None:
        return False
    if sent.petugas is not None:
        return who.door == Door.TELEGRAM and sent.petugas == who.person
    return sent.owner == owners.owner_hash(turn.office.secret, sent.salt, who.door, who.person)
