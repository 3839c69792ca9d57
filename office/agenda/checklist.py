"""The checklist of /status: what is done of this period and year, and what is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from office import announcement, notices, routes
from office.agenda import state
from office.agenda.state import LHE_BY, about, last_day, listed, opening, source
from office.office import Office
from office.roles import ADMIN
from office.survey.screens import Button, Screen
from office.words.all_words import Html
from scoring.period import day, title
from storage import follow_ups, groups, outbox, periods
from storage.database import Db
from storage.periods import PeriodRow
from storage.planning import plans
from storage.unit_index import unit_results


@dataclass(frozen=True, slots=True)
class Check:
    """One line; `done` is None where its time has not come.

    Args:
        line: HTML.
    """

    done: bool | None
    line: str
    buttons: tuple[Button, ...] = ()


def screen(db: Db, office: Office, current: PeriodRow, now: datetime, *last: Button) -> Screen:
    """The checklist of the open period; the last buttons stand under those of the lines."""
    words = office.words.agenda
    marks = {True: words.done, False: words.undone, None: words.not_yet}
    checks = list(_checks(db, office, current, now))
    text = words.checklist(
        period=title(office.calendar.period_of(current)),
        ends=last_day(office, current),
        locks=office.calendar.moment(office.calendar.lock_at(current.ends_at)),
        lines=Html("\n".join(marks[each.done](line=Html(each.line)) for each in checks)),
    )
    buttons = [button for each in checks if not each.done for button in each.buttons]
    return Screen(text, tuple((button,) for button in (*buttons, *last)))


def _checks(db: Db, office: Office, current: PeriodRow, now: datetime) -> Iterator[Check]:
    linked, words = bool(groups.linked(db)), office.words.agenda
    yield Check(linked, words.check_group() if linked else words.check_no_group())
    yield from _sample(db, office, current)
    yield from _ratings(db, office, now)
    yield from _locked(db, office, now)
    yield from _late(db, office, now)
    yield from _year(db, office, office.calendar.day(now))


def _sample(db: Db, office: Office, current: PeriodRow) -> Iterator[Check]:
    words, sample = office.words.agenda, state.sample_of(db, office, current)
    fill = opening(words.fill_users(), routes.USERS, current.id)
    if sample.unknown:
        units_named = listed(office, sample.unknown)
        yield Check(False, words.check_no_users(units=units_named), (fill,))
    else:
        yield Check(True, words.check_users())
    n = about(office, sample)
    if sample.required is None:
        yield Check(None, words.check_no_sample(n=n))
    else:
        yield Check(not sample.short, words.check_sample(n=n, required=sample.required))


def _ratings(db: Db, office: Office, now: datetime) -> Iterator[Check]:
    words, current = office.words.agenda, periods.current(db, "unit")
    if current is None or not unit_results.active_kerja(db):
        return
    found = state.ratings_of(db, current)
    if found is None:
        yield Check(False, words.check_no_heads(), (opening(words.invite(), routes.INVITE),))
        return
    opens = office.calendar.rating_opens(current)
    line = words.check_rated(
        n=found.total - len(found.waiting),
        total=found.total,
        period=title(office.calendar.period_of(current)),
        opens=day(office.calendar.day(opens)),
    )
    remind = opening(words.remind_heads(), notices.REMIND, current.id)
    if not found.waiting:
        yield Check(True, line)
    elif now < opens:
        yield Check(None, line)
    else:
        yield Check(False, line, (remind,) if len(found.headless) < len(found.waiting) else ())


def _locked(db: Db, office: Office, now: datetime) -> Iterator[Check]:
    """Of the period locked last: its message, and its plan."""
    newest = periods.latest_locked(db, "ikm")
    if newest is None:
        return
    words, named = office.words.agenda, title(office.calendar.period_of(newest))
    rows = outbox.of_period(db, notices.SUMMARIES, newest.id)
    states = Html(announcement.states(db, office, newest, now))
    posting = announcement.buttons(db, office, newest, ADMIN, now)
    yield Check(
        all(row.status == "sent" for row in rows),
        words.check_summary(period=named, states=states),
        tuple(button for row in posting for button in row),
    )
    count = len(follow_ups.of_period(db, newest.id))
    if count:
        yield Check(True, words.check_plan(period=named, count=count))
    else:
        add = opening(words.make_plan(), routes.ADD_FOLLOW_UP, newest.id)
        yield Check(False, words.check_no_plan(period=named), (add,))


def _late(db: Db, office: Office, now: datetime) -> Iterator[Check]:
    words = office.words.agenda
    for lines in state.late_lines(db, office.calendar.day(now)):
        of_lhe, of_period = lines[0].tahun_evaluasi, lines[0].period_id
        named = source(db, office, lines[0])
        route = routes.RECOMMENDATIONS if of_lhe else routes.FOLLOW_UP
        see = opening(words.see_plan.plain(of=named), route, of_lhe or of_period or 0)
        yield Check(False, words.check_late(count=len(lines), of=named), (see,))


def _year(db: Db, office: Office, today: date) -> Iterator[Check]:
    words, year, found = office.words.agenda, today.year, state.plan_of(db, today.year)
    if found is None:
        copy = opening(words.copy_plan(), routes.COPY_PLAN, plans.newest(db).id)
        yield Check(False, words.check_no_year(year=year), (copy,))
        return
    if found.untargeted:
        line = words.check_no_targets(
            year=year, count=len(found.untargeted), total=len(found.indicators)
        )
        yield Check(False, line, (opening(words.fill_targets(), routes.TARGETS, value=year),))
    else:
        yield Check(True, words.check_targets(year=year))
    if not found.of_sakip:
        return
    if state.has_lhe(db, year):
        yield Check(True, words.check_lhe(year=year))
        yield from _recommended(db, office, year)
    else:
        enter = opening(words.enter_lhe(), routes.NEW_LHE)
        due = today >= date(year, *LHE_BY)
        yield Check(False if due else None, words.check_no_lhe(year=year), (enter,) if due else ())


def _recommended(db: Db, office: Office, year: int) -> Iterator[Check]:
    """Whether something is planned for each recommendation of the year's LHE."""
    words, found = office.words.agenda, follow_ups.of_lhe(db, year)
    if found:
        unplanned = sum(line.is_untouched for line in found)
        line = words.check_recommended(year=year, n=len(found) - unplanned, total=len(found))
        named = source(db, office, found[0])
        see = opening(words.see_plan.plain(of=named), routes.RECOMMENDATIONS, year)
        yield Check(not unplanned, line, (see,))
