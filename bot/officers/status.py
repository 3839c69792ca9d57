"""/status: the checklist of this period; behind a button the state of the program for operators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.turn.effects import Effect, Show
from bot.turn.events import Command, Press
from bot.turn.turn import CommandRoute, Route, edited
from office.agenda import checklist
from office.conversation import Tap, to
from office.roles import ADMIN
from office.survey.screens import Button, Screen
from office.turn import Turn
from office.version import version
from office.words.all_words import Html, OfficeWords
from office.words.text import cut
from scoring import period as calendar
from storage import groups, outbox, periods, updates
from storage.maintenance import schema
from storage.settings import period_marks, program_state
from storage.survey import tallies

STATUS, DETAILS = "status", "status-rinci"
GROUPS = 8
ERROR, TITLE = 300, 60  # UTF-16 units


def on_command(turn: Turn, command: Command) -> Sequence[Effect]:
    """/status: the checklist."""
    return [Show(command.person.chat_id, _checklist(turn))]


def on_checklist(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """Back to the checklist."""
    return edited(press, _checklist(turn))


def _checklist(turn: Turn) -> Screen:
    details = Button(turn.office.words.agenda.for_operator(), to(DETAILS))
    return checklist.screen(turn.db, turn.office, turn.period(), turn.now, details)


def on_details(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """The state of program, periods, outbox and groups."""
    parts = [_program(turn), _period(turn), _sending(turn), _groups(turn), _trouble(turn)]
    back = Button(turn.office.words.manage.back(), to(STATUS))
    return edited(press, Screen("\n\n".join(parts), ((back,),)))


def _program(turn: Turn) -> str:
    kinds = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
    alive = program_state.alive_at(turn.db)
    words = turn.office.words.manage
    age = words.never() if alive is None else _ago(turn, alive)
    return words.status_program(
        version=version(),
        database=kinds[turn.db.dialect.name],
        schema=schema.version(turn.db),
        zone=str(turn.office.calendar.zone),
        now=turn.office.calendar.moment(turn.now),
        alive=age,
        backup=_backup(turn),
    )


def _ago(turn: Turn, then: datetime) -> str:
    seconds = max(turn.now - then, timedelta()) // timedelta(seconds=1)
    if seconds < 120:
        return turn.office.words.manage.seconds_ago(count=seconds)
    return turn.office.words.manage.minutes_ago(count=seconds // 60)


def _backup(turn: Turn) -> str:
    last = program_state.last_backup(turn.db)
    if last is None:
        return turn.office.words.manage.never()
    when = turn.office.calendar.moment(last.at)
    return when if last.ok else f"{turn.office.words.manage.state_failed()} · {when}"


def _period(turn: Turn) -> str:
    words = turn.office.words.manage
    current = turn.period()
    registered = turn.office.instruments[current.instrument_id]
    lines = [
        words.status_period(
            period=calendar.title(turn.office.calendar.parse(current.label)),
            n=tallies.response_count(turn.db, registered, current.id),
            closes=turn.office.calendar.moment(current.ends_at),
            locks=turn.office.calendar.moment(turn.office.calendar.lock_at(current.ends_at)),
            recount=_recounted(turn, current.id),
        )
    ]
    lines += [
        words.status_closed(
            period=calendar.title(turn.office.calendar.period_of(closed)),
            locks=turn.office.calendar.moment(turn.office.calendar.lock_at(closed.ends_at)),
            recount=_recounted(turn, closed.id),
        )
        for closed in periods.closed(turn.db, "ikm")
        if closed.runs_into is None and not period_marks.ended_unanswered(turn.db, closed.ends_at)
    ]
    return "\n".join(lines)


def _recounted(turn: Turn, period_id: int) -> str:
    mark = period_marks.recount_mark(turn.db, period_id)
    return turn.office.words.manage.never() if mark is None else calendar.day(mark.day)


def _sending(turn: Turn) -> str:
    counted = outbox.by_status(turn.db)
    return turn.office.words.manage.status_outbox(
        waiting=sum(counted.get(status, 0) for status in outbox.WAITING),
        uncertain=counted.get("uncertain", 0),
        failed=counted.get("failed", 0),
    )


def _groups(turn: Turn) -> str:
    words = turn.office.words.manage
    states = {
        "linked": words.group_linked,
        "unlinked": words.group_unlinked,
        "lost": words.group_is_lost,
    }
    group_rows = groups.all_groups(turn.db)
    lines = [
        words.status_group(
            title=cut(group.title or str(group.chat_id), TITLE), state=states[group.status]()
        )
        for group in group_rows[:GROUPS]
    ]
    more = [words.and_more(count=len(group_rows) - GROUPS)] if len(group_rows) > GROUPS else []
    none = [] if group_rows else [words.no_group()]
    return words.status_groups(groups=Html("\n".join([*lines, *more, *none])))


def _trouble(turn: Turn) -> str:
    words = turn.office.words.manage
    count, error = updates.set_aside_count(turn.db), updates.newest_error(turn.db)
    if not count or error is None:
        return words.status_no_trouble()
    return words.status_trouble(count=count, error=cut(error, ERROR))


COMMANDS: tuple[CommandRoute[OfficeWords], ...] = (
    CommandRoute("status", lambda words: words.cmd_status, ADMIN, on_command),
)

BUTTONS: dict[str, Route] = {
    STATUS: Route(ADMIN, on_checklist),
    DETAILS: Route(ADMIN, on_details),
}
