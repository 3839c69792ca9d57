"""What a button of a list of suggestions says, and what its screens call things."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from office.conversation import Tap, to
from office.turn import Turn
from scoring import period as calendar
from scoring.instrument import Instrument
from storage.periods import PeriodRow
from storage.survey.suggestions import OTHER, UNSORTED, Wanted

SHOWN, OPENED = "saran-layanan", "saran-satu"
GROUPS, STATES, PAGES = 40, (None, False, True), 800  # what a button's revision has room for


@dataclass(frozen=True, slots=True)
class View:
    """The list that is looked at: a service's or all (0), a group, a state, a page.

    `group`: 0 all, 1 not sorted yet, 2 other, then the unsur of the period's instrument.
    """

    service_id: int = 0
    group: int = 0
    state: int = 0
    page: int = 0

    @property
    def packed(self) -> int:
        """All but the service, as the revision of a button."""
        return (min(self.page, PAGES) * len(STATES) + self.state) * GROUPS + self.group

    def to(self, period_id: int) -> Tap:
        """The button that leads here."""
        return to(SHOWN, period_id, self.service_id, self.packed)

    def wanted(self, groups: Sequence[str | None]) -> Wanted:
        """The condition of this view."""
        return Wanted(self.service_id or None, groups[self.group], STATES[self.state])


def view_of(packed: int, service_id: int) -> View:
    rest, group = divmod(packed, GROUPS)
    page, state = divmod(rest, len(STATES))
    return View(service_id, group, state, page)


def instrument_of(turn: Turn, period: PeriodRow) -> Instrument:
    return turn.office.instruments[period.instrument_id].instrument


def groups_of(instrument: Instrument) -> tuple[str | None, ...]:
    """What a view can be limited to, by its number in a button."""
    return (None, UNSORTED, OTHER, *instrument.unsur_codes)


def group_name(turn: Turn, instrument: Instrument, group: str | None) -> str:
    words = turn.office.words.manage
    if group is None:
        return words.suggestions_all.plain()
    if group == UNSORTED:
        return words.suggestions_unsorted.plain()
    if group == OTHER:
        return words.suggestions_other.plain()
    return instrument.title(group) if group in instrument.unsur_codes else group


def title(turn: Turn, period: PeriodRow) -> str:
    return calendar.title(turn.office.calendar.parse(period.label))


def today(turn: Turn) -> date:
    return turn.office.calendar.day(turn.now)


def state_names(turn: Turn) -> tuple[str, ...]:
    words = turn.office.words.manage
    states = (words.suggestions_all, words.suggestions_open, words.suggestions_done)
    return tuple(state.plain() for state in states)
