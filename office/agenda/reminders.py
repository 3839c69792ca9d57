"""What is due is asked for: reminders to the admins, once an occasion, in office hours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from office import announcement, notices, outbox_bodies, routes
from office.agenda import state
from office.agenda.state import LHE_BY, NAME, about, last_day, listed, opening, source
from office.conversation import write_tap
from office.figures import figures
from office.figures.parts import lowest
from office.office import Office
from office.outbox_bodies import AgendaBody
from office.roles import ADMIN
from office.summary.content import DETAILS
from office.survey.screens import Button
from office.words.all_words import Html
from office.words.text import cut
from scoring.period import long_day, title
from storage import follow_ups, outbox, people, periods
from storage.database import Db
from storage.follow_ups import FollowUp
from storage.periods import Differs, PeriodRow
from storage.planning import plans
from storage.settings import period_marks

BEFORE = timedelta(days=7)  # before a period closes
AFTER_LOCK = timedelta(days=14)  # what was locked earlier is not asked for any more
LINES = 5  # late lines of a plan that have a button
KEGIATAN = 120  # UTF-16 units


@dataclass(frozen=True, slots=True)
class Reminder:
    """One occasion of a period."""

    part: str
    period_id: int
    text: str
    buttons: tuple[Button, ...]

    @property
    def kind(self) -> str:
        """The kind of its row, with the part."""
        return f"{AgendaBody.KIND}-{self.part}"


def due(db: Db, office: Office, now: datetime) -> list[Reminder]:
    """What an admin has not been told yet; nothing before the office's first answer."""
    if office.calendar.office_hour(now) != now or period_marks.ended_unanswered(db, now):
        return []
    told = outbox.ledger_keys(db, AgendaBody.KIND)
    admins = people.users_with_role(db, "admin")
    return [
        each
        for each in _occasions(db, office, now)
        if any((each.kind, each.period_id, admin) not in told for admin in admins)
    ]


def put(db: Db, reminders: Sequence[Reminder], now: datetime) -> None:
    """Put these for every admin who has not got them."""
    for each in reminders:
        written = ((button.label, write_tap(button.tap)) for button in each.buttons if button.tap)
        body = AgendaBody(each.text, tuple(written))
        for admin in people.users_with_role(db, "admin"):
            outbox_bodies.put(db, body, admin, now, part=each.part, period_id=each.period_id)


def _occasions(db: Db, office: Office, now: datetime) -> Iterator[Reminder]:
    yield from _closing(db, office, now)
    yield from _locked(db, office, now)
    yield from _late(db, office, now)
    yield from _unrated(db, office, now)
    yield from _year(db, office, now)


def _closing(db: Db, office: Office, now: datetime) -> Iterator[Reminder]:
    """A week before the close: the sample is short, users are missing."""
    current = periods.current(db, "ikm")
    if current is None or not current.ends_at - BEFORE <= now < current.ends_at:
        return
    words, sample = office.words.agenda, state.sample_of(db, office, current)
    lines, buttons = [], []
    if sample.unknown:
        lines.append(words.closing_users(units=listed(office, sample.unknown)))
        buttons.append(opening(words.fill_users(), routes.USERS, current.id))
    if sample.short:
        lines.append(words.closing_short(n=about(office, sample), required=sample.required))
        buttons += [
            opening(words.paper(), routes.PAPER_FILES),
            opening(words.posters(), routes.POSTERS),
        ]
    if lines:
        text = words.closing(
            period=title(office.calendar.period_of(current)),
            ends=last_day(office, current),
            lines=Html("\n".join(lines)),
        )
        yield Reminder("tutup", current.id, text, tuple(buttons))


def _locked(db: Db, office: Office, now: datetime) -> Iterator[Reminder]:
    """At the lock: look, post, plan the follow-up for the lowest, publish."""
    newest = periods.latest_locked(db, "ikm")
    if newest is None or newest.locked_at is None or now - newest.locked_at > AFTER_LOCK:
        return
    words = office.words.agenda
    posting = announcement.buttons(db, office, newest, ADMIN, now)
    states = announcement.states(db, office, newest, now)
    lines = [words.locked_look(), words.locked_post(states=Html(states))]
    buttons = [
        opening(words.look(), DETAILS, newest.id),
        *(button for row in posting for button in row),
    ]
    if not follow_ups.of_period(db, newest.id):
        lines.append(_plan_line(db, office, newest))
        buttons.append(opening(words.make_plan(), routes.ADD_FOLLOW_UP, newest.id))
    lines.append(words.locked_publish())
    buttons.append(opening(words.report(), routes.REPORT, newest.id))
    text = words.locked(
        period=title(office.calendar.period_of(newest)),
        lines=Html(
            "\n".join(words.numbered(number=n, line=Html(line)) for n, line in enumerate(lines, 1))
        ),
    )
    yield Reminder("kunci", newest.id, text, tuple(buttons))


def _plan_line(db: Db, office: Office, period: PeriodRow) -> str:
    low = None
    with suppress(Differs):  # the admins are told so elsewhere
        told = figures.of_period(db, office, period)
        low = lowest(told.score, told.moments, told.services)
    if low is None:
        return office.words.agenda.locked_plan()
    instrument = office.instruments[period.instrument_id].instrument
    unsur = ", ".join(instrument.title(each.code) for each in low.unsur)
    return office.words.agenda.locked_plan_lowest(unsur=unsur)


def _late(db: Db, office: Office, now: datetime) -> Iterator[Reminder]:
    """Lines of a plan are past their due date: told anew when a later one passes."""
    first = next(iter(periods.of_kind(db, "ikm")), None)
    for lines in state.late_lines(db, office.calendar.day(now)):
        of_lhe, of_period = lines[0].tahun_evaluasi, lines[0].period_id
        period_id = of_period or (first and first.id)
        if period_id:
            of = f"lhe-{of_lhe}" if of_lhe else "tenggat"
            part = f"{of}-{max(line.due for line in lines if line.due):%Y%m%d}"
            yield Reminder(part, period_id, *_late_lines(db, office, lines))


def _late_lines(
    db: Db, office: Office, lines: Sequence[FollowUp]
) -> tuple[str, tuple[Button, ...]]:
    words = office.words.agenda
    written = [
        words.late_line(
            kegiatan=cut(line.subject, KEGIATAN),
            responsible=line.responsible,
            day=long_day(line.due),
        )
        for line in lines[:LINES]
        if line.due is not None
    ]
    text = words.late(of=source(db, office, lines[0]), lines=Html("\n".join(written)))
    record = [
        opening(
            words.record.plain(kegiatan=cut(line.subject, NAME)), routes.CHANGE_FOLLOW_UP, line.id
        )
        for line in lines[:LINES]
    ]
    return text, tuple(record)


def _unrated(db: Db, office: Office, now: datetime) -> Iterator[Reminder]:
    """A week before the unit heads' period closes: who has not rated."""
    current = periods.current(db, "unit")
    if current is None or not current.ends_at - BEFORE <= now < current.ends_at:
        return
    found, words = state.ratings_of(db, current), office.words.agenda
    if found is None or not found.waiting:
        return
    without = [unit.name for unit in found.headless]
    text = words.unrated(
        period=title(office.calendar.period_of(current)),
        until=last_day(office, current),
        count=len(found.waiting),
        total=found.total,
        units=listed(office, [unit.name for unit in found.waiting]),
        headless=Html(words.headless(units=listed(office, without)) if without else ""),
    )
    buttons = []
    if len(without) < len(found.waiting):
        buttons.append(opening(words.remind_heads(), notices.REMIND, current.id))
    if without:
        buttons.append(opening(words.invite(), routes.INVITE))
    yield Reminder("penilai", current.id, text, tuple(buttons))


def _year(db: Db, office: Office, now: datetime) -> Iterator[Reminder]:
    """What a year asks: a plan, its targets, the LHE; each once a year."""
    today, words = office.calendar.day(now), office.words.agenda
    year, known = today.year, periods.of_kind(db, "ikm")
    first = next((period.id for period in known if period.label.startswith(str(year))), None)
    if first is None:
        return
    found = state.plan_of(db, year)
    if found is None:
        copy = opening(words.copy_plan(), routes.COPY_PLAN, plans.newest(db).id)
        yield Reminder(f"rencana-{year}", first, words.no_plan(year=year), (copy,))
        return
    if found.untargeted:
        text = words.no_target(
            year=year,
            count=len(found.untargeted),
            total=len(found.indicators),
            ikus=listed(office, [one.indikator for one in found.untargeted]),
        )
        fill = opening(words.fill_targets(), routes.TARGETS, value=year)
        yield Reminder(f"target-{year}", first, text, (fill,))
    if found.of_sakip and today >= date(year, *LHE_BY) and not state.has_lhe(db, year):
        enter = opening(words.enter_lhe(), routes.NEW_LHE)
        yield Reminder(f"lhe-{year}", first, words.no_lhe(year=year), (enter,))
