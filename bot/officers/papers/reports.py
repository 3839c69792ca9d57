"""/laporan: the papers of a period, made in the background and sent to the person who asked."""

from __future__ import annotations

from collections.abc import Sequence

from bot.officers import access
from bot.turn.effects import Effect, Show, Toast
from bot.turn.events import Command, Press
from bot.turn.turn import CommandRoute, Route
from office import outbox_bodies, routes
from office.conversation import Tap, to
from office.figures import spans
from office.outbox_bodies import ReportBody
from office.papers import refusals
from office.roles import READERS
from office.survey.screens import Button, Screen
from office.turn import Turn
from office.words.all_words import OfficeWords
from office.words.text import escaped
from scoring import period as calendar
from scoring.period import YEARS
from storage import periods

OF_YEAR = "laporan-tahun"
NEWEST = 6
LONGEST = 20  # characters of a label that are read


def on_command(turn: Turn, command: Command) -> Sequence[Effect]:
    """/laporan [periode]."""
    chat = command.person.chat_id
    if not command.argument:
        return [Show(chat, _which(turn))]
    if command.again:
        return []
    refusal = _order(turn, chat, command.argument[:LONGEST])
    return [Show(chat, Screen(refusal))] if refusal else []


def _which(turn: Turn) -> Screen:
    """The periods locked last, and their years."""
    words = turn.office.words.paper
    locked = periods.recently_locked(turn.db, "ikm", NEWEST)
    if not locked:
        return Screen(f"{words.report_none()}{_next(turn)}")
    rows = [
        (
            Button(
                calendar.title(turn.office.calendar.period_of(period)), to(routes.REPORT, period.id)
            ),
        )
        for period in locked
    ]
    years = sorted({int(period.label[:4]) for period in locked}, reverse=True)
    whole = {period.label for period in locked}
    rows += [
        (Button(words.report_year(year=year), to(OF_YEAR, value=year)),)
        for year in years
        if str(year) not in whole
    ]
    return Screen(words.report_which(), tuple(rows))


def _next(turn: Turn) -> str:
    """When the figures of the oldest period without any come, HTML; else empty."""
    waiting = [each for each in periods.unlocked(turn.db, "ikm") if each.runs_into is None]
    if not waiting:
        return ""
    calendar_of, first = turn.office.calendar, waiting[0]
    title = calendar.title(calendar_of.period_of(first))
    locks = calendar_of.moment(calendar_of.lock_at(first.ends_at))
    return turn.office.words.paper.report_next(period=title, locks=locks)


def _order(turn: Turn, chat: int, label: str) -> str | None:
    """Order the papers in the outbox; the refusal when that is not possible."""
    try:
        named = spans.locked(turn.db, turn.office, label).named
    except refusals.REFUSALS as refusal:
        return escaped(refusals.reason(turn.office, refusal))
    if not outbox_bodies.put_unless_waiting(turn.db, ReportBody(named.label), chat, turn.now):
        return turn.office.words.paper.being_made()
    return None


def on_period(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The papers of a period."""
    period = periods.by_id(turn.db, tap.response)
    if period is None or period.kind != "ikm":
        return access.gone(turn, press)
    return _pressed(turn, press, period.label)


def on_year(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The papers of a year."""
    if tap.value not in YEARS:
        return access.gone(turn, press)
    return _pressed(turn, press, str(tap.value))


def _pressed(turn: Turn, press: Press, label: str) -> Sequence[Effect]:
    if press.again:
        return [Toast(press.callback_id)]
    chat = press.person.chat_id
    refusal = _order(turn, chat, label)
    if refusal is None:
        return [Toast(press.callback_id, turn.office.words.paper.coming())]
    return [Toast(press.callback_id), Show(chat, Screen(refusal))]


COMMANDS: tuple[CommandRoute[OfficeWords], ...] = (
    CommandRoute(routes.REPORT, lambda words: words.cmd_laporan, READERS, on_command),
)

BUTTONS: dict[str, Route] = {
    routes.REPORT: Route(READERS, on_period),
    OF_YEAR: Route(READERS, on_year),
}
