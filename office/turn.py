"""A turn: what a handler works with in one transaction, and whose it is, through any door."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from office.office import Office
from office.words.all_words import CitizenWords
from scoring.instrument import Instrument
from storage import people, periods
from storage.database import Db
from storage.periods import PeriodRow
from storage.survey.open_responses import OpenResponse, OpenResponses
from storage.survey.tallies import Deltas
from storage.tables import Door


@dataclass(slots=True)
class Turn:
    """What a handler works with; it returns what to show and makes no API call."""

    office: Office
    db: Db
    now: datetime
    open_responses: OpenResponses
    _period: PeriodRow | None = None

    def period(self) -> PeriodRow:
        """The period of an answer: the one open in the database in this transaction."""
        if self._period is None:
            self._period = periods.current(self.db, "ikm")
        if self._period is None:
            raise LookupError("no period is open")
        return self._period

    def forget_responses(self) -> None:
        """Forget the cached period and responses: both end in this turn."""
        self.open_responses.flush_and_clear()
        self._period = None

    def instrument(self) -> Instrument:
        """The wording in which a response that starts now is asked."""
        return self.office.instruments[self.office.asked_in(self.period())].instrument

    def open_response(self, chat_id: int) -> OpenResponse | None:
        """The open response of a private chat of Telegram."""
        return self.open_responses.of_chat(chat_id)


@dataclass(frozen=True, slots=True)
class Respondent:
    """A person of a door.

    Args:
        person: his number there, as in `OpenResponse`; None in a browser without a cookie.
        kanal: the channel that a response is counted in which he begins now.
        language: of his device, of those that the words are in.
        notes_burst: notes that the response of a key counts from a moment on; whether too many
            came just now. None where a person is known well enough.
    """

    door: Door
    person: int | None
    kanal: str
    language: str
    notes_burst: Callable[[int, datetime], bool] | None = None


def open_response(turn: Turn, who: Respondent) -> OpenResponse | None:
    """His open response."""
    return None if who.person is None else turn.open_responses.of_person(who.door, who.person)


def language_for(turn: Turn, who: Respondent) -> str:
    """The language of the open response, else the chosen one, else that of the device."""
    response = open_response(turn, who)
    words = turn.office.words
    if response is not None:
        return words.offered(response.language)
    if who.person is None:
        return who.language
    key = people.person_key(turn.office.secret, who.person, who.door)
    return words.offered(people.language(turn.db, key) or who.language)


def words_for(turn: Turn, who: Respondent) -> CitizenWords:
    """The words in this person's language, as his door says them."""
    return turn.office.words.of(language_for(turn, who), who.kanal)


@contextmanager
def begun(
    office: Office, db: Db, now: datetime, door: Door, persons: Collection[int]
) -> Iterator[Turn]:
    """A turn of these persons in this transaction; what they changed is written at its end."""
    deltas = Deltas()
    open_responses = OpenResponses(db, office.instruments, now, deltas)
    open_responses.load(persons, door)
    yield Turn(office, db, now, open_responses)
    open_responses.flush()
    deltas.apply(db)


def read_only(office: Office, db: Db, door: Door, persons: Collection[int]) -> Turn:
    """What these persons see on a snapshot; nothing may be changed in it."""
    now = office.clock()
    open_responses = OpenResponses(db, office.instruments, now, Deltas())
    open_responses.load(persons, door, read_only=True)
    return Turn(office, db, now, open_responses)
