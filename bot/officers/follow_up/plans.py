"""*Tindak lanjut*: what is done about a period's lowest unsur, by whom, until when.

Officials read it; an admin writes it. What stands here goes into message, report and page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.officers import access
from bot.turn.effects import Effect
from bot.turn.events import Press
from bot.turn.routes import Route
from bot.turn.turn import Turn, edited
from office.conversation import Tap, to
from office.roles import ADMIN, READERS
from office.survey.screens import PAGE, Button, Screen, on_page, paged
from office.words.all_words import Html
from office.words.text import cut
from scoring import period as calendar
from scoring.period import long_day
from storage import follow_ups, periods
from storage.database import ROW_IDS
from storage.follow_ups import FollowUp
from storage.periods import PeriodRow

LIST, PERIOD, LINE = "tindak", "tindak-periode", "tindak-satu"
ADD, CHANGE = "tindak-tambah", "tindak-ubah"
KEGIATAN = 200  # UTF-16 units: eight of them fit on the list


def on_list(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The periods that have ended, newest first."""
    spoken = turn.office.words.paper
    found = [one for one in periods.of_kind(turn.db, "ikm")[::-1] if one.status != "open"]
    rows = paged(
        turn.office.words.of("id"),
        found,
        tap.value,
        lambda period: Button(title(turn, period), to(PERIOD, period.id)),
        lambda number: to(LIST, value=number),
    )
    text = spoken.plans_screen() if found else spoken.no_plans_yet()
    back = (Button(turn.office.words.manage.back(), to("kelola")),)
    return edited(press, Screen(text, (*rows, back)))


def title(turn: Turn, period: PeriodRow) -> str:
    """What people call a period."""
    return calendar.title(turn.office.calendar.named(period))


def ended(turn: Turn, number: int) -> PeriodRow | None:
    """A period that can have a plan: one whose result is there."""
    found = periods.by_id(turn.db, number) if number in ROW_IDS else None
    return found if found and found.kind == "ikm" and found.status != "open" else None


def known(turn: Turn, number: int) -> FollowUp | None:
    """A line by the number that a button carries."""
    return follow_ups.by_id(turn.db, number) if number in ROW_IDS else None


def on_period(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A period's plan; `value`: the page."""
    period = ended(turn, tap.response)
    if period is None:
        return access.gone(turn, press)
    return edited(press, of_period(turn, press.person.chat_id, period, tap.value))


def of_period(turn: Turn, user_id: int, period: PeriodRow, page: int = 0) -> Screen:
    """A period's plan, and what may be done with it."""
    spoken = turn.office.words.paper
    plan = follow_ups.of_period(turn.db, period.id)
    numbered = {line.id: number for number, line in enumerate(plan, 1)}
    rows = paged(
        turn.office.words.of("id"),
        plan,
        page,
        lambda line: Button(f"{numbered[line.id]}. {line.kegiatan}", to(LINE, line.id)),
        lambda number: to(PERIOD, period.id, number),
    )
    first = on_page(page, len(plan), PAGE) * PAGE
    here = plan[first : first + PAGE]
    lines = [_line(turn, period, numbered[line.id], line) for line in here]
    text = spoken.plans_of_period(
        period=title(turn, period), lines=Html("\n\n".join(lines) or spoken.no_plan())
    )
    last = [(Button(turn.office.words.manage.back(), to(LIST)),)]
    if access.may(turn, user_id, ADMIN):
        last.insert(0, (Button(spoken.add_plan(), to(ADD, period.id)),))
    return Screen(text, (*rows, *last))


def _line(turn: Turn, period: PeriodRow, number: int, line: FollowUp) -> str:
    return turn.office.words.paper.plan_line(
        number=number,
        status=status(turn, line.status),
        kegiatan=cut(line.kegiatan, KEGIATAN),
        unsur=_unsur(turn, period, line.item),
        responsible=line.responsible,
        when=Html(_when(turn, line)),
    )


def status(turn: Turn, status: str) -> str:
    """A state in words."""
    spoken = turn.office.words.paper
    told: Mapping[str, str] = {
        "rencana": spoken.status_rencana(),
        "berjalan": spoken.status_berjalan(),
        "selesai": spoken.status_selesai(),
        "batal": spoken.status_batal(),
    }
    return told[status]


def _unsur(turn: Turn, period: PeriodRow, code: str) -> str:
    asked = turn.office.instruments[period.instrument_id].instrument
    return asked.title(code) if code in asked.codes else code


def _when(turn: Turn, line: FollowUp) -> str:
    if line.due is None:
        return ""
    spoken = turn.office.words.paper
    late = line.is_late(turn.office.calendar.day(turn.now))
    return (spoken.plan_late if late else spoken.plan_due)(day=long_day(line.due))


def on_line(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """One line of a plan."""
    line = known(turn, tap.response)
    if line is None:
        return access.gone(turn, press)
    return edited(press, one(turn, press.person.chat_id, line))


def one(turn: Turn, user_id: int, line: FollowUp) -> Screen:
    """A line, and what may be done with it."""
    spoken = turn.office.words.paper
    period = periods.by_id(turn.db, line.period_id)
    if period is None:
        raise LookupError("the period of a plan is gone")
    text = spoken.plan_screen(
        kegiatan=line.kegiatan,
        period=title(turn, period),
        unsur=_unsur(turn, period, line.item),
        responsible=line.responsible,
        when=Html(_when(turn, line)),
        status=status(turn, line.status),
        evidence=Html(spoken.plan_evidence(text=line.evidence) if line.evidence else ""),
        obstacle=Html(spoken.plan_obstacle(text=line.obstacle) if line.obstacle else ""),
    )
    rows = [(Button(turn.office.words.manage.back(), to(PERIOD, line.period_id)),)]
    if access.may(turn, user_id, ADMIN):
        rows.insert(0, (Button(spoken.change_plan(), to(CHANGE, line.id)),))
    return Screen(text, tuple(rows))


BUTTONS: dict[str, Route] = {
    LIST: Route(READERS, on_list),
    PERIOD: Route(READERS, on_period),
    LINE: Route(READERS, on_line),
}
