"""*Saran*: the citizens' suggestions, for the Camat alone; without date, person or order.

They can be read from the next day on, so that a reader does not learn from the time of a visit
who wrote what.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.officers import access
from bot.officers.catalogue import catalogue_rows
from bot.officers.figures.suggestion_view import (
    OPENED,
    SHOWN,
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
from office import routes
from office.conversation import Tap, to
from office.roles import CAMAT
from office.survey.screens import Button, Screen, on_page, paged, turning
from office.turn import Turn
from office.words.all_words import Html
from office.words.text import cut
from scoring.instrument import Instrument
from storage import catalogue, periods
from storage.catalogue import Noun, Service
from storage.periods import PeriodRow
from storage.survey import suggestions
from storage.survey.suggestions import Count, Suggestion, Wanted

LIST, OF_PERIOD, FILTER = "saran", "saran-periode", "saran-saring"
PAGE, A_ROW = 10, 5
EXCERPT = 220  # UTF-16 units: ten of them fit into one message


def on_list(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The periods that have suggestions."""
    words = turn.office.words.manage
    period_rows = [p for n in suggestions.period_ids(turn.db) if (p := periods.by_id(turn.db, n))]
    rows = paged(
        turn.office.words.of("id"),
        period_rows,
        tap.value,
        lambda period: Button(title(turn, period), to(OF_PERIOD, period.id)),
        lambda number: to(LIST, value=number),
    )
    text = words.suggestions_screen() if period_rows else words.no_suggestions()
    back = (Button(words.back(), to(routes.MANAGE)),)
    return edited(press, Screen(text + words.sp4n_lapor(), (*rows, back)))


def _known(turn: Turn, number: int) -> PeriodRow | None:
    period = periods.by_id(turn.db, number)
    return period if period is not None and period.kind == "ikm" else None


def on_period(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The services that have suggestions in a period; `value`: the page."""
    period = _known(turn, tap.response)
    if period is None:
        return access.gone(turn, press)
    words = turn.office.words.manage
    counts = suggestions.counts(turn.db, period.id, today(turn))
    of_service = {each.service_id: 0 for each in counts}
    for each in counts:
        of_service[each.service_id] += each.n
    rows = paged(
        turn.office.words.of("id"),
        [service for service in catalogue.services(turn.db) if service.id in of_service],
        tap.value,
        lambda service: Button(
            f"{cut(service.name, 50)} ({of_service[service.id]})", View(service.id).to(period.id)
        ),
        lambda number: to(OF_PERIOD, period.id, number),
    )
    total, done = _sum(counts), _sum(each for each in counts if each.done)
    text = words.no_suggestions_yet(period=title(turn, period))
    if counts:
        text = words.suggestions_of_period(
            period=title(turn, period), total=total, done=done, open=total - done
        )
        rows = ((Button(words.all_services(count=total), View().to(period.id)),), *rows)
    if period.status != "locked":
        text += words.suggestions_tomorrow()
    back = (Button(words.back(), to(LIST)),)
    return edited(press, Screen(text + words.sp4n_lapor(), (*rows, back)))


def _sum(counts: Sequence[Count] | Iterator[Count]) -> int:
    return sum(each.n for each in counts)


def on_service(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A list of suggestions; `value`: the service, 0 for all, `revision`: what else is wanted."""
    period, view = _known(turn, tap.response), view_of(tap.revision, tap.value)
    if period is None or not _is_possible(turn, period, view):
        return access.gone(turn, press)
    return edited(press, _list(turn, period, view))


def _is_possible(turn: Turn, period: PeriodRow, view: View) -> bool:
    known = catalogue_rows.known(turn, Noun.SERVICE, view.service_id)
    service = view.service_id == 0 or isinstance(known, Service)
    return service and view.group < len(groups_of(instrument_of(turn, period)))


def _list(turn: Turn, period: PeriodRow, view: View) -> Screen:
    words, instrument = turn.office.words.manage, instrument_of(turn, period)
    wanted, before = view.wanted(groups_of(instrument)), today(turn)
    counts = suggestions.counts(turn.db, period.id, before)
    total = _sum(each for each in counts if _fits(each, wanted))
    page = on_page(view.page, total, PAGE)
    view = replace(view, page=page)
    found = suggestions.page(turn.db, period.id, before, wanted, page * PAGE, PAGE)
    names = {service.id: service.name for service in catalogue.services(turn.db)}
    numbered = list(enumerate(found, page * PAGE + 1))
    text = words.suggestions_of_service(
        service=names.get(view.service_id, words.all_services_title.plain()),
        period=title(turn, period),
        filter=_filter_name(turn, instrument, view),
        total=total,
        suggestions=Html("\n\n".join(
            words.suggestion(
                number=number,
                text=cut(" ".join(each.text.split()), EXCERPT),
                marks=_marks(turn, instrument, each),
                service="" if view.service_id else f" · {cut(names[each.service_id], 40)}",
            )
            for number, each in numbered
        )),
    )  # fmt: skip
    opening = [
        Button(str(number), to(OPENED, each.id, view.service_id, view.packed))
        for number, each in numbered
    ]
    return Screen(
        text + words.sp4n_lapor(),
        (
            *(tuple(opening[at : at + A_ROW]) for at in range(0, len(opening), A_ROW)),
            *turning(
                turn.office.words.of("id"),
                page, total, PAGE, lambda number: replace(view, page=number).to(period.id),
            ),
            (Button(words.suggestions_filter(), to(FILTER, period.id, view.service_id,
                                                   view.packed)),),
            (Button(words.back(), to(OF_PERIOD, period.id)),),
        ),
    )  # fmt: skip


def _fits(count: Count, wanted: Wanted) -> bool:
    return (
        wanted.service_id in (None, count.service_id)
        and wanted.unsur in (None, count.unsur)
        and wanted.done in (None, count.done)
    )


def _filter_name(turn: Turn, instrument: Instrument, view: View) -> str:
    names = [state_names(turn)[view.state]] if view.state else []
    if view.group:
        names.append(group_name(turn, instrument, groups_of(instrument)[view.group]))
    return ", ".join(names) or turn.office.words.manage.suggestions_all.plain()


def _marks(turn: Turn, instrument: Instrument, one: Suggestion) -> str:
    """Under which unsur it is, whether it is done, and whether it prints; empty for none."""
    words = turn.office.words.manage
    marks = []
    if one.unsur in instrument.unsur_codes:
        marks.append(instrument.number(one.unsur))
    elif one.unsur:
        marks.append(group_name(turn, instrument, one.unsur))
    marks += [words.suggestion_done_mark.plain()] if one.done else []
    marks += [words.suggestion_print_mark.plain()] if one.printed else []
    return "".join(f" · {mark}" for mark in marks)


def on_filter(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Choose which suggestions are listed."""
    period, view = _known(turn, tap.response), view_of(tap.revision, tap.value)
    if period is None or not _is_possible(turn, period, view):
        return access.gone(turn, press)
    words, instrument = turn.office.words.manage, instrument_of(turn, period)
    counts = suggestions.counts(turn.db, period.id, today(turn))
    groups = groups_of(instrument)

    def button(name: str, chosen: bool, other: View) -> Button:
        n = _sum(each for each in counts if _fits(each, other.wanted(groups)))
        label = f"{cut(name, 45)} ({n})"
        return Button(words.chosen(name=label) if chosen else label, other.to(period.id))

    states = tuple(
        (button(name, view.state == state, replace(view, state=state, page=0)),)
        for state, name in enumerate(state_names(turn))
    )
    of_groups = tuple(
        (button(group_name(turn, instrument, group), view.group == number,
                replace(view, group=number, page=0)),)
        for number, group in enumerate(groups)
        if number
    )  # fmt: skip
    back = (Button(words.back(), view.to(period.id)),)
    text = words.suggestions_which(period=title(turn, period))
    return edited(press, Screen(text, (*states, *of_groups, back)))


BUTTONS: dict[str, Route] = {
    LIST: Route(CAMAT, on_list),
    OF_PERIOD: Route(CAMAT, on_period),
    SHOWN: Route(CAMAT, on_service),
    FILTER: Route(CAMAT, on_filter),
}
