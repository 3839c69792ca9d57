"""One line of a follow-up, of a finding or of a recommendation: its plan and its progress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.officers import access
from bot.turn.effects import Effect
from bot.turn.events import Press
from bot.turn.turn import Route, edited
from office import routes
from office.conversation import Tap, to
from office.papers import own_words
from office.roles import ADMIN, READERS
from office.survey.screens import Button, Screen
from office.turn import Turn
from office.words.all_words import Html
from reports.rendering import EACH
from scoring import period as calendar
from scoring.period import long_day
from storage import follow_ups, periods
from storage.database import ROW_IDS
from storage.follow_ups import FollowUp
from storage.periods import PeriodRow

LINE = "tindak-satu"
ADD_PHOTO, REMOVE_PHOTO = "tindak-foto", "tindak-foto-hapus"
PLAN, DELETE = "lhe-rencana", "lhe-hapus"
KEGIATAN = 200  # UTF-16 units: eight of them fit on a list


def title(turn: Turn, period: PeriodRow) -> str:
    """The title of a period."""
    return calendar.title(turn.office.calendar.period_of(period))


def titles(turn: Turn, numbers: Sequence[int]) -> str:
    """The titles of these periods."""
    found = (periods.by_id(turn.db, number) for number in numbers)
    return " dan ".join(title(turn, period) for period in found if period is not None)


def ended(turn: Turn, number: int) -> PeriodRow | None:
    """A period that can have a plan: one that is closed or locked."""
    period = periods.by_id(turn.db, number)
    return period if period and period.kind == "ikm" and period.status != "open" else None


def known(turn: Turn, number: int) -> FollowUp | None:
    """The line with this id; None when there is none."""
    return follow_ups.by_id(turn.db, number) if number in ROW_IDS else None


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


def audit_target(turn: Turn, line: FollowUp) -> str:
    """What the history calls a line."""
    if line.tahun_evaluasi is not None:
        return f"rekomendasi LHE {line.tahun_evaluasi} no. {line.id}"
    period = periods.by_id(turn.db, line.period_id or 0)
    return f"tindak lanjut {period.label if period else '-'} no. {line.id}"


def unsur(turn: Turn, period: PeriodRow, code: str) -> str:
    """The title of an unsur of a period; its code where that is not known."""
    instrument = turn.office.instruments[period.instrument_id].instrument
    return instrument.title(code) if code in instrument.unsur_codes else code


def when(turn: Turn, line: FollowUp) -> str:
    """Until when, and whether that is past, HTML; empty without a date."""
    if line.due is None:
        return ""
    words = turn.office.words.paper
    late = line.is_late(turn.office.calendar.day(turn.now))
    return (words.plan_late if late else words.plan_due)(day=long_day(line.due))


def standing(turn: Turn, line: FollowUp) -> str:
    """The name of a line's status; it says so where nothing is planned yet."""
    if line.is_untouched:
        return turn.office.words.paper.rec_unplanned()
    return status(turn, line.status)


def on_line(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """One line of a plan."""
    line = known(turn, tap.response)
    if line is None:
        return access.gone(turn, press)
    return edited(press, line_screen(turn, press.person.chat_id, line))


def line_screen(turn: Turn, user_id: int, line: FollowUp) -> Screen:
    """One line of a plan, with its buttons."""
    admin = access.may(turn, user_id, ADMIN)
    if line.tahun_evaluasi is not None:
        return _of_lhe(turn, line, line.tahun_evaluasi, admin=admin)
    period = periods.by_id(turn.db, line.period_id or 0)
    if period is None:
        raise LookupError("the period of a plan is gone")
    return _of_period(turn, line, period, admin=admin)


def _of_period(turn: Turn, line: FollowUp, period: PeriodRow, *, admin: bool) -> Screen:
    words, photos = turn.office.words.paper, follow_ups.photo_count(turn.db, line.id)
    text = words.plan_screen(
        kegiatan=line.kegiatan,
        period=title(turn, period),
        unsur=unsur(turn, period, line.item),
        responsible=line.responsible,
        when=Html(when(turn, line)),
        status=status(turn, line.status),
        progress=Html(_progress(turn, line)),
    )
    if photos:
        text += words.plan_photos(count=photos)
    signed = [each.id for each in own_words.signed_that_tell(turn.db, period)]
    if signed:
        text += words.plan_is_signed(periods=titles(turn, signed))
    buttons = []
    if admin:
        buttons.append(Button(words.change_plan(), to(routes.CHANGE_FOLLOW_UP, line.id)))
        if photos < EACH:
            buttons.append(Button(words.add_photo(), to(ADD_PHOTO, line.id)))
        if photos:
            buttons.append(Button(words.remove_photo(), to(REMOVE_PHOTO, line.id, photos)))
    buttons.append(Button(turn.office.words.manage.back(), to(routes.FOLLOW_UP, period.id)))
    return Screen(text, tuple((button,) for button in buttons))


def _of_lhe(turn: Turn, line: FollowUp, tahun: int, *, admin: bool) -> Screen:
    words = turn.office.words.paper
    text = words.rec_screen(
        rekomendasi=line.rekomendasi,
        tahun=tahun,
        kegiatan=line.kegiatan or words.rec_nothing.plain(),
        responsible=line.responsible or words.rec_nothing.plain(),
        when=Html(when(turn, line)),
        status=standing(turn, line),
        progress=Html(_progress(turn, line)),
    )
    buttons = []
    if admin:
        planned = words.rec_replan if line.kegiatan else words.rec_plan
        buttons.append(Button(planned(), to(PLAN, line.id)))
        buttons.append(Button(words.change_plan(), to(routes.CHANGE_FOLLOW_UP, line.id)))
        if line.is_untouched:
            buttons.append(Button(words.rec_delete(), to(DELETE, line.id)))
    buttons.append(Button(turn.office.words.manage.back(), to(routes.RECOMMENDATIONS, tahun)))
    return Screen(text, tuple((button,) for button in buttons))


def _progress(turn: Turn, line: FollowUp) -> str:
    """What was done, its evidence and obstacles; HTML, a line each."""
    words = turn.office.words.paper
    written = (
        (words.plan_description, line.description),
        (words.plan_evidence, line.evidence),
        (words.plan_obstacle, line.obstacle),
    )
    return "".join(named(text=text) for named, text in written if text)


BUTTONS: dict[str, Route] = {LINE: Route(READERS, on_line)}
