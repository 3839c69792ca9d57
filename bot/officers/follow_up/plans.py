"""*Tindak lanjut*: the measures for a period's lowest unsur, by whom, until when.

Officials read them, an admin writes them; they are printed in message, report and page.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.officers import access
from bot.officers.follow_up import lines
from bot.officers.follow_up.lines import LINE
from bot.turn.effects import Effect
from bot.turn.events import Press
from bot.turn.turn import Route, edited
from office import routes
from office.conversation import Tap, to
from office.roles import ADMIN, READERS
from office.survey import news
from office.survey.screens import PAGE, Button, Screen, on_page, paged
from office.turn import Turn
from office.words.all_words import Html
from office.words.text import cut
from scoring.limits import MIN_RESPONSES
from storage import follow_ups, periods
from storage.follow_ups import FollowUp
from storage.periods import PeriodRow
from storage.settings import period_marks

YES = "tindak-kabari-ya"
STEP = MIN_RESPONSES  # in which those who wait are counted
LIST = "tindak"
EXPLAIN, SIGNED = "tindak-sebab", "tindak-ttd"
NEWS = "tindak-kabari"


def on_list(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The periods that have ended, newest first."""
    words = turn.office.words.paper
    ended_periods = [one for one in periods.of_kind(turn.db, "ikm")[::-1] if one.status != "open"]
    rows = paged(
        turn.office.words.of("id"),
        ended_periods,
        tap.value,
        lambda period: Button(lines.title(turn, period), to(routes.FOLLOW_UP, period.id)),
        lambda number: to(LIST, value=number),
    )
    text = words.plans_screen() if ended_periods else words.no_plans_yet()
    back = (Button(turn.office.words.manage.back(), to(routes.MANAGE)),)
    return edited(press, Screen(text, (*rows, back)))


def on_period(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A period's plan; `value`: the page."""
    period = lines.ended(turn, tap.response)
    if period is None:
        return access.gone(turn, press)
    return edited(press, plan_screen(turn, press.person.chat_id, period, tap.value))


def plan_screen(turn: Turn, user_id: int, period: PeriodRow, page: int = 0) -> Screen:
    """The plan of a period, with its buttons."""
    words = turn.office.words.paper
    plan = follow_ups.of_period(turn.db, period.id)
    numbered = {line.id: number for number, line in enumerate(plan, 1)}
    rows = paged(
        turn.office.words.of("id"),
        plan,
        page,
        lambda line: Button(f"{numbered[line.id]}. {line.kegiatan}", to(LINE, line.id)),
        lambda number: to(routes.FOLLOW_UP, period.id, number),
    )
    first = on_page(page, len(plan), PAGE) * PAGE
    page_lines = plan[first : first + PAGE]
    shown = [_line(turn, period, numbered[line.id], line) for line in page_lines]
    if period_marks.news_is_published(turn.db, period.id):
        shown.append(words.news_published())
    text = words.plans_of_period(
        period=lines.title(turn, period), lines=Html("\n\n".join(shown) or words.no_plan())
    )
    causes = follow_ups.causes(turn.db, period.id).items()
    for code, cause in causes:
        named = lines.unsur(turn, period, code)
        text += words.cause_line(unsur=named, cause=cut(cause, lines.KEGIATAN))
    signed = follow_ups.report_signed(turn.db, period.id)
    if signed:
        text += words.report_is_signed()
    last = [(Button(turn.office.words.manage.back(), to(LIST)),)]
    if access.may(turn, user_id, ADMIN):
        if news.can_be_published(turn.db, period):
            last.insert(0, (Button(words.tell_citizens(), to(NEWS, period.id)),))
        last = [*((button,) for button in _changes(turn, period, signed=signed)), *last]
    return Screen(text, (*rows, *last))


def _changes(turn: Turn, period: PeriodRow, *, signed: bool) -> Sequence[Button]:
    """How an admin changes what the report says of a period, until it is signed."""
    words = turn.office.words.paper
    if signed:
        return [Button(words.reopen_report(), to(SIGNED, period.id, 0))]
    buttons = [Button(words.add_plan(), to(routes.ADD_FOLLOW_UP, period.id))]
    if period.status == "locked":
        buttons.append(Button(words.write_cause(), to(EXPLAIN, period.id)))
        buttons.append(Button(words.sign_report(), to(SIGNED, period.id, 1)))
    return buttons


def refused_as_signed(turn: Turn, press: Press, period: PeriodRow) -> Sequence[Effect]:
    """The report is signed: what it says no longer changes."""
    screen = plan_screen(turn, press.person.chat_id, period)
    return edited(press, screen, turn.office.words.paper.already_signed())


def _line(turn: Turn, period: PeriodRow, number: int, line: FollowUp) -> str:
    return turn.office.words.paper.plan_line(
        number=number,
        status=lines.status(turn, line.status),
        kegiatan=cut(line.kegiatan, lines.KEGIATAN),
        unsur=lines.unsur(turn, period, line.item),
        responsible=line.responsible,
        when=Html(lines.when(turn, line)),
    )


def on_ask(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """What will be sent, and about how many wait for it."""
    period = lines.ended(turn, tap.response)
    if period is None or not news.can_be_published(turn.db, period):
        return access.gone(turn, press)
    words, n = turn.office.words.paper, news.waiting(turn.db, period)
    about = words.news_waiting(n=n - n % STEP) if n >= STEP else words.news_waiting_few()
    text = words.tell_citizens_ask(
        period=lines.title(turn, period),
        waiting=Html(about),
        message=Html(news.text(turn.db, turn.office, period, "id")),
    )
    rows = (
        (Button(words.tell_citizens_yes(), to(YES, period.id)),),
        (Button(turn.office.words.manage.back(), to(routes.FOLLOW_UP, period.id)),),
    )
    return edited(press, Screen(text, rows))


def on_yes(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Publish it; a second press shows the plan, which says so."""
    period, user = lines.ended(turn, tap.response), press.person.chat_id
    if period is None:
        return access.gone(turn, press)
    if not press.again:
        news.publish(turn.db, turn.office, period, user, turn.now)
    return edited(press, plan_screen(turn, user, period))


BUTTONS: dict[str, Route] = {
    LIST: Route(READERS, on_list),
    routes.FOLLOW_UP: Route(READERS, on_period),
    NEWS: Route(ADMIN, on_ask),
    YES: Route(ADMIN, on_yes),
}
