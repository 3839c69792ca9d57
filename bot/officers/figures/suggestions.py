"""*Saran*: the citizens' suggestions, for the Camat alone; without date, person or order.

They can be read from the next day on, so that a reader does not learn from the time of a visit
who wrote what.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.officers import access
from bot.officers.catalogue import catalogue_rows
from bot.turn.effects import Effect
from bot.turn.events import Press
from bot.turn.routes import Route
from bot.turn.turn import edited
from office.conversation import Tap, to
from office.roles import CAMAT
from office.survey.screens import Button, Screen, on_page, paged, turning
from office.turn import Turn
from office.words.all_words import Html
from office.words.text import cut
from scoring import period as calendar
from storage import catalogue, periods
from storage.catalogue import Noun, Service
from storage.database import ROW_IDS
from storage.periods import PeriodRow
from storage.survey import suggestions

LIST = "saran"
PAGE = 3
LONGEST = 1200  # UTF-16 units: three of them fit into one message


def on_list(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The periods that have suggestions."""
    words = turn.office.words.manage
    period_rows = [p for n in suggestions.period_ids(turn.db) if (p := periods.by_id(turn.db, n))]
    rows = paged(
        turn.office.words.of("id"),
        period_rows,
        tap.value,
        lambda period: Button(_title(turn, period), to("saran-periode", period.id)),
        lambda number: to(LIST, value=number),
    )
    text = words.suggestions_screen() if period_rows else words.no_suggestions()
    back = (Button(words.back(), to("kelola")),)
    return edited(press, Screen(text + words.sp4n_lapor(), (*rows, back)))


def _title(turn: Turn, period: PeriodRow) -> str:
    return calendar.title(turn.office.calendar.parse(period.label))


def _known(turn: Turn, number: int) -> PeriodRow | None:
    return periods.by_id(turn.db, number) if number in ROW_IDS else None


def _today(turn: Turn) -> date:
    return turn.office.calendar.day(turn.now)


def on_period(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The services that have suggestions in a period; `value`: the page."""
    period = _known(turn, tap.response)
    if period is None:
        return access.gone(turn, press)
    words = turn.office.words.manage
    counted = suggestions.counts_by_service(turn.db, period.id, _today(turn))
    rows = paged(
        turn.office.words.of("id"),
        [service for service in catalogue.services(turn.db) if service.id in counted],
        tap.value,
        lambda service: Button(
            f"{cut(service.name, 50)} ({counted[service.id]})", _to(period, service, 0)
        ),
        lambda number: to("saran-periode", period.id, number),
    )
    heading = words.suggestions_of_period if counted else words.no_suggestions_yet
    text = heading(period=_title(turn, period))
    if period.status != "locked":
        text += words.suggestions_tomorrow()
    back = (Button(words.back(), to(LIST)),)
    return edited(press, Screen(text + words.sp4n_lapor(), (*rows, back)))


def _to(period: PeriodRow, service: Service, page: int) -> Tap:
    return to("saran-layanan", period.id, service.id, page)


def on_service(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A service's suggestions in a period; `revision`: the page."""
    period, service = (
        _known(turn, tap.response),
        catalogue_rows.known(turn, Noun.SERVICE, tap.value),
    )
    if period is None or not isinstance(service, Service):
        return access.gone(turn, press)
    words = turn.office.words.manage
    today = _today(turn)
    total = suggestions.counts_by_service(turn.db, period.id, today).get(service.id, 0)
    page = on_page(tap.revision, total, PAGE)
    texts = suggestions.texts(turn.db, period.id, service.id, today, page * PAGE, PAGE)
    lines = [words.suggestion(text=cut(text, LONGEST)) for text in texts]
    text = words.suggestions_of_service(
        service=service.name,
        period=_title(turn, period),
        total=total,
        suggestions=Html("\n\n".join(lines)),
    )
    turned = turning(
        turn.office.words.of("id"), page, total, PAGE, lambda to_page: _to(period, service, to_page)
    )
    back = (Button(words.back(), to("saran-periode", period.id)),)
    return edited(press, Screen(text + words.sp4n_lapor(), (*turned, back)))


BUTTONS: dict[str, Route] = {
    LIST: Route(CAMAT, on_list),
    "saran-periode": Route(CAMAT, on_period),
    "saran-layanan": Route(CAMAT, on_service),
}
