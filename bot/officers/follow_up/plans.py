"""*Tindak lanjut*: the measures for a period's lowest unsur, by whom, until when.

Officials read them, an admin writes them; they are printed in message, report and page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.officers import access
from bot.turn.effects import Effect
from bot.turn.events import Press
from bot.turn.routes import Route
from bot.turn.turn import edited
from office.conversation import Tap, to
from office.papers import own_words
from office.roles import ADMIN, READERS
from office.survey import news
from office.survey.screens import PAGE, Button, Screen, on_page, paged
from office.turn import Turn
from office.words.all_words import Html
from office.words.text import cut
from reports.photos import EACH
from scoring import period as calendar
from scoring.period import long_day
from storage import follow_ups, periods
from storage.database import ROW_IDS
from storage.follow_ups import FollowUp
from storage.periods import PeriodRow
from storage.settings import period_marks

LIST, PERIOD, LINE = "tindak", "tindak-periode", "tindak-satu"
ADD, CHANGE = "tindak-tambah", "tindak-ubah"
EXPLAIN, SIGNED = "tindak-sebab", "tindak-ttd"
ADD_PHOTO, REMOVE_PHOTO = "tindak-foto", "tindak-foto-hapus"
NEWS = "tindak-kabari"
KEGIATAN = 200  # UTF-16 units: eight of them fit on the list


def on_list(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The periods that have ended, newest first."""
    words = turn.office.words.paper
    ended_periods = [one for one in periods.of_kind(turn.db, "ikm")[::-1] if one.status != "open"]
    rows = paged(
        turn.office.words.of("id"),
        ended_periods,
        tap.value,
        lambda period: Button(title(turn, period), to(PERIOD, period.id)),
        lambda number: to(LIST, value=number),
    )
    text = words.plans_screen() if ended_periods else words.no_plans_yet()
    back = (Button(turn.office.words.manage.back(), to("kelola")),)
    return edited(press, Screen(text, (*rows, back)))


def title(turn: Turn, period: PeriodRow) -> str:
    """The title of a period."""
    return calendar.title(turn.office.calendar.period_of(period))


def titles(turn: Turn, numbers: Sequence[int]) -> str:
    """The titles of these periods."""
    found = (periods.by_id(turn.db, number) for number in numbers)
    return " dan ".join(title(turn, period) for period in found if period is not None)


def ended(turn: Turn, number: int) -> PeriodRow | None:
    """A period that can have a plan: one that is closed or locked."""
    period = periods.by_id(turn.db, number) if number in ROW_IDS else None
    return period if period and period.kind == "ikm" and period.status != "open" else None


def known(turn: Turn, number: int) -> FollowUp | None:
    """The line with this id; None when there is none."""
    return follow_ups.by_id(turn.db, number) if number in ROW_IDS else None


def on_period(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A period's plan; `value`: the page."""
    period = ended(turn, tap.response)
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
        lambda number: to(PERIOD, period.id, number),
    )
    first = on_page(page, len(plan), PAGE) * PAGE
    page_lines = plan[first : first + PAGE]
    lines = [_line(turn, period, numbered[line.id], line) for line in page_lines]
    if period_marks.news_is_published(turn.db, period.id):
        lines.append(words.news_published())
    text = words.plans_of_period(
        period=title(turn, period), lines=Html("\n\n".join(lines) or words.no_plan())
    )
    causes = follow_ups.causes(turn.db, period.id).items()
    text += "".join(words.cause_line(unsur=unsur(turn, period, code), cause=cut(cause, KEGIATAN))
                    for code, cause in causes)  # fmt: skip
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
    buttons = [Button(words.add_plan(), to(ADD, period.id))]
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
        status=status(turn, line.status),
        kegiatan=cut(line.kegiatan, KEGIATAN),
        unsur=unsur(turn, period, line.item),
        responsible=line.responsible,
        when=Html(_when(turn, line)),
    )


def status(turn: Turn, status: str) -> str:
    """The name of a status."""
    words = turn.office.words.paper
    names: Mapping[str, str] = {
        "rencana": words.status_rencana(),
        "berjalan": words.status_berjalan(),
        "selesai": words.status_selesai(),
        "batal": words.status_batal(),
    }
    return names[status]


def unsur(turn: Turn, period: PeriodRow, code: str) -> str:
    """The title of an unsur of a period; its code where that is not known."""
    instrument = turn.office.instruments[period.instrument_id].instrument
    return instrument.title(code) if code in instrument.unsur_codes else code


def _when(turn: Turn, line: FollowUp) -> str:
    if line.due is None:
        return ""
    words = turn.office.words.paper
    late = line.is_late(turn.office.calendar.day(turn.now))
    return (words.plan_late if late else words.plan_due)(day=long_day(line.due))


def on_line(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """One line of a plan."""
    line = known(turn, tap.response)
    if line is None:
        return access.gone(turn, press)
    return edited(press, line_screen(turn, press.person.chat_id, line))


def line_screen(turn: Turn, user_id: int, line: FollowUp) -> Screen:
    """One line of a plan, with its buttons."""
    words = turn.office.words.paper
    period = periods.by_id(turn.db, line.period_id)
    if period is None:
        raise LookupError("the period of a plan is gone")
    text = words.plan_screen(
        kegiatan=line.kegiatan,
        period=title(turn, period),
        unsur=unsur(turn, period, line.item),
        responsible=line.responsible,
        when=Html(_when(turn, line)),
        status=status(turn, line.status),
        evidence=Html(words.plan_evidence(text=line.evidence) if line.evidence else ""),
        obstacle=Html(words.plan_obstacle(text=line.obstacle) if line.obstacle else ""),
        description=Html(words.plan_description(text=line.description) if line.description else ""),
    )
    photos = follow_ups.photo_count(turn.db, line.id)
    if photos:
        text += words.plan_photos(count=photos)
    signed = [each.id for each in own_words.signed_that_tell(turn.db, period)]
    if signed:
        text += words.plan_is_signed(periods=titles(turn, signed))
    rows = [(Button(turn.office.words.manage.back(), to(PERIOD, line.period_id)),)]
    if access.may(turn, user_id, ADMIN):
        buttons = [Button(words.change_plan(), to(CHANGE, line.id))]
        if photos < EACH:
            buttons.append(Button(words.add_photo(), to(ADD_PHOTO, line.id)))
        if photos:
            buttons.append(Button(words.remove_photo(), to(REMOVE_PHOTO, line.id, photos)))
        rows = [*((button,) for button in buttons), *rows]
    return Screen(text, tuple(rows))


BUTTONS: dict[str, Route] = {
    LIST: Route(READERS, on_list),
    PERIOD: Route(READERS, on_period),
    LINE: Route(READERS, on_line),
}
