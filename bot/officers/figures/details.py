"""*Rincian* of a locked period and its message as plain text, in the private chat of officials."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.officers import access
from bot.turn.effects import Effect, Show, Toast
from bot.turn.events import Person, Press
from bot.turn.turn import Route, edited
from office import routes
from office.conversation import Tap, to
from office.roles import READERS
from office.summary import caption, content
from office.summary.content import ANEW, DETAILS, DETAILS_LINK, WHATSAPP, WHATSAPP_LINK
from office.summary.details import pages
from office.survey import screens
from office.survey.screens import Button, Screen
from office.turn import Turn
from office.words.text import escaped
from storage import groups, periods
from storage.periods import PeriodRow

LINKS = (DETAILS_LINK, WHATSAPP_LINK)
CHAT = re.compile(r"-[0-9]{1,15}")  # a group's id


def on_link(turn: Turn, person: Person, payload: str) -> Sequence[Effect]:
    """The link of a button under a group's message: `r_rincian_12`, `r_teks_12_-1001`."""
    words, chat = turn.office.words.summary, person.chat_id
    if not access.may(turn, chat, READERS):
        return [Show(chat, Screen(words.officials_only()))]
    route = next(link for link in LINKS if payload.startswith(link))
    number, _, group = payload.removeprefix(route).partition("_")
    period = _locked(turn, int(number)) if number.isascii() and number.isdigit() else None
    if period is None:
        return [Show(chat, Screen(words.link_gone()))]
    if route == DETAILS_LINK:
        return [Show(chat, _screen(turn, period, 0))]
    return [Show(chat, _plain(turn, period, group))]


def _locked(turn: Turn, number: int) -> PeriodRow | None:
    period = periods.by_id(turn.db, number)
    if period is None or period.kind != "ikm":
        return None
    return period if period.status == "locked" and period.runs_into is None else None


def _screen(turn: Turn, period: PeriodRow, page: int) -> Screen:
    words, found = turn.office.words, pages(turn.db, turn.office, period)
    page = screens.on_page(page, len(found), 1)
    turning = screens.turning(
        words.of("id"), page, len(found), 1, lambda number: to(DETAILS, period.id, number)
    )
    papers = Button(words.summary.papers(), to(routes.REPORT, period.id))
    plan = Button(words.summary.plan(), to(routes.FOLLOW_UP, period.id))
    return Screen(found[page], (*turning, (papers,), (plan,)))


def _plain(turn: Turn, period: PeriodRow, group: str) -> Screen:
    """The message as text to copy; of a group's units for `group`, its chat."""
    bound = groups.by_chat(turn.db, int(group)) if CHAT.fullmatch(group) else None
    summary = content.read(turn.db, turn.office, period, turn.now, bound)
    return Screen(escaped(caption.plain(summary, turn.office.words.summary)))


def on_details(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Rincian*; `value`: the page."""
    period = _locked(turn, tap.response)
    if period is None:
        return access.gone(turn, press)
    screen = _screen(turn, period, tap.value)
    if tap.revision == ANEW:
        return [Toast(press.callback_id), Show(press.person.chat_id, screen)]
    return edited(press, screen)


def on_whatsapp(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Teks untuk WhatsApp*."""
    period = _locked(turn, tap.response)
    if period is None:
        return access.gone(turn, press)
    return [Toast(press.callback_id), Show(press.person.chat_id, _plain(turn, period, ""))]


BUTTONS: dict[str, Route] = {
    DETAILS: Route(READERS, on_details),
    WHATSAPP: Route(READERS, on_whatsapp),
}
