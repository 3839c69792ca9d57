"""One suggestion, for the Camat alone: under which unsur it is, whether it is done, and printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.officers import access
from bot.officers.catalogue import catalogue_rows
from bot.officers.figures.suggestion_view import (
    GROUPS,
    OPENED,
    View,
    group_name,
    groups_of,
    instrument_of,
    state_names,
    title,
    today,
    view_of,
)
from bot.turn.effects import Effect
from bot.turn.events import Press
from bot.turn.turn import Route, edited
from office.conversation import Tap, to
from office.roles import CAMAT
from office.survey.screens import Button, Screen
from office.turn import Turn
from office.words.text import cut
from storage import periods
from storage.catalogue import Noun
from storage.periods import PeriodRow
from storage.survey import suggestions
from storage.survey.suggestions import UNSORTED, Suggestion

UNSUR, CHANGE = "saran-unsur", "saran-ubah"
LONGEST = 3000  # UTF-16 units; the longest suggestion has 1000 characters
DONE, NOT_DONE, PRINT, NO_PRINT, GROUP = range(5)  # changes; from GROUP on: put under a group


def _opened(turn: Turn, press: Press, tap: Tap) -> tuple[PeriodRow, Suggestion] | None:
    one = suggestions.by_id(turn.db, tap.response, today(turn))
    period = None if one is None else periods.by_id(turn.db, one.period_id)
    return None if one is None or period is None else (period, one)


def on_opened(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """One suggestion, whole; `value` and `revision`: the list it was opened from."""
    found = _opened(turn, press, tap)
    if found is None:
        return access.gone(turn, press)
    return edited(press, _one(turn, *found, view_of(tap.revision, tap.value)))


def _one(turn: Turn, period: PeriodRow, one: Suggestion, view: View) -> Screen:
    words, instrument = turn.office.words.manage, instrument_of(turn, period)
    service = catalogue_rows.known(turn, Noun.SERVICE, one.service_id)

    def change(label: str, number: int) -> Button:
        return Button(label, _change_to(one, view, number))

    text = words.suggestion_opened(
        service="" if service is None else service.name,
        period=title(turn, period),
        text=cut(one.text, LONGEST),
        unsur=group_name(turn, instrument, one.unsur),
        state=state_names(turn)[2 if one.done else 1],
        printed=(words.yes if one.printed else words.no).plain(),
    )
    done = change(words.suggestion_undone(), NOT_DONE) if one.done else change(
        words.suggestion_done(), DONE)  # fmt: skip
    printed = change(words.suggestion_no_print(), NO_PRINT) if one.printed else change(
        words.suggestion_print(), PRINT)  # fmt: skip
    under = Button(words.suggestion_unsur(), to(UNSUR, one.id, view.service_id, view.packed))
    back = Button(words.back(), view.to(period.id))
    return Screen(text, ((under,), (done,), (printed,), (back,)))


def _change_to(one: Suggestion, view: View, change: int) -> Tap:
    return to(CHANGE, one.id, view.service_id * (GROUP + GROUPS) + change, view.packed)


def on_unsur(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Choose what a suggestion is put under."""
    found = _opened(turn, press, tap)
    if found is None:
        return access.gone(turn, press)
    (period, one), view = found, view_of(tap.revision, tap.value)
    words, instrument = turn.office.words.manage, instrument_of(turn, period)
    groups = groups_of(instrument)
    order = [*range(3, len(groups)), 2, 1]  # the unsur, other, not sorted
    rows = []
    for number in order:
        name = group_name(turn, instrument, groups[number])
        chosen = words.chosen(name=name) if groups[number] == one.unsur else name
        rows.append((Button(chosen, _change_to(one, view, GROUP + number)),))
    back = (Button(words.back(), to(OPENED, one.id, view.service_id, view.packed)),)
    text = words.suggestion_which_unsur(text=cut(one.text, LONGEST))
    return edited(press, Screen(text, (*rows, back)))


CHANGES: dict[int, Callable[[Turn, int], None]] = {
    DONE: lambda turn, number: suggestions.mark_done(turn.db, number, True),
    NOT_DONE: lambda turn, number: suggestions.mark_done(turn.db, number, False),
    PRINT: lambda turn, number: suggestions.choose_to_print(turn.db, number, True),
    NO_PRINT: lambda turn, number: suggestions.choose_to_print(turn.db, number, False),
}


def on_change(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Change what is known of a suggestion; `value`: the service of the list, and the change.

    The button says what shall be, so a second tap on it changes nothing.
    """
    service_id, change = divmod(tap.value, GROUP + GROUPS)
    found = _opened(turn, press, tap)
    if found is None:
        return access.gone(turn, press)
    period, one = found
    groups = groups_of(instrument_of(turn, period))
    if change in CHANGES:
        CHANGES[change](turn, one.id)
    elif 0 < change - GROUP < len(groups):
        suggestions.put_under(turn.db, one.id, groups[change - GROUP] or UNSORTED)
    else:
        return access.gone(turn, press)
    again = _opened(turn, press, tap)
    return edited(press, _one(turn, *(again or found), view_of(tap.revision, service_id)))


BUTTONS: dict[str, Route] = {
    OPENED: Route(CAMAT, on_opened),
    UNSUR: Route(CAMAT, on_unsur),
    CHANGE: Route(CAMAT, on_change),
}
