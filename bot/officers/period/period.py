"""/periode: the state of the periods; closing early and locking at once, after a confirmation."""

from __future__ import annotations

from collections.abc import Sequence

from bot.turn.effects import Effect, Show
from bot.turn.events import Command, Press
from bot.turn.turn import CommandRoute, Route, edited
from office import conversation
from office.conversation import Tap
from office.periods import lifecycle
from office.roles import ADMIN
from office.summary import before_lock
from office.survey.screens import Button, Rows, Screen
from office.turn import Turn
from office.words.all_words import Html, OfficeWords
from scoring.period import day, title
from storage import groups, people, periods
from storage.periods import PeriodRow
from storage.settings import period_marks
from storage.survey import open_responses, slips, tallies

CLOSE, CLOSE_NOW = "periode-tutup", "periode-tutup-ya"
LOCK, LOCK_SURE, LOCK_NOW = "periode-kunci", "periode-kunci-ya", "periode-kunci-akhir"
OVERVIEW = "periode"
REVISIONS = 3  # the newest ones, listed one by one


def on_command(turn: Turn, command: Command) -> Sequence[Effect]:
    """/periode [periode]: the unlocked periods and the last locked one, or the named one."""
    chat, label = command.person.chat_id, command.argument
    if not label:
        return [Show(chat, _overview(turn))]
    period = periods.by_label(turn.db, "ikm", label.upper())
    if period is None:
        example = turn.period().label
        return [Show(chat, Screen(turn.office.words.period.no_period(example=example)))]
    return [Show(chat, Screen(_described(turn, period), _buttons(turn, [period])))]


def _overview(turn: Turn) -> Screen:
    shown = periods.unlocked(turn.db, "ikm")[::-1]
    locked = periods.latest_locked(turn.db, "ikm")
    if locked is not None:
        shown.append(locked)
    text = Html("\n\n".join(_described(turn, period) for period in shown))
    return Screen(turn.office.words.period.overview(periods=text), _buttons(turn, shown))


def _buttons(turn: Turn, shown: Sequence[PeriodRow]) -> Rows:
    words = turn.office.words.period
    rows = []
    for period in shown:
        named = _title(turn, period)
        if _may_close(turn, period):
            rows.append((Button(words.close(period=named), conversation.to(CLOSE, period.id)),))
        if _may_lock(turn, period):
            rows.append((Button(words.lock(period=named), conversation.to(LOCK, period.id)),))
    return tuple(rows)


def _title(turn: Turn, period: PeriodRow) -> str:
    return title(turn.office.calendar.period_of(period))


def _known(turn: Turn, number: int) -> PeriodRow | None:
    """A period of the citizens' survey; the unit heads' is closed by none of these buttons."""
    period = periods.by_id(turn.db, number)
    return period if period is not None and period.kind == "ikm" else None


def _may_close(turn: Turn, period: PeriodRow) -> bool:
    return lifecycle.may_close(turn.office, period, turn.now)


def _may_lock(turn: Turn, period: PeriodRow) -> bool:
    if period.status != "closed" or period.runs_into is not None:
        return False
    return period_marks.lock_requested_by(turn.db, period.id) is None


def _described(turn: Turn, period: PeriodRow) -> str:
    """A period: its dates, its responses by channel, its revisions."""
    calendar, words = turn.office.calendar, turn.office.words.period
    locks_at = calendar.lock_at(period.ends_at)
    locks, posts = calendar.moment(locks_at), calendar.moment(calendar.group_at(locks_at))
    later = None if period.runs_into is None else periods.by_id(turn.db, period.runs_into)
    match period.status:
        case _ if later is not None:
            ended = calendar.moment(period.ends_at)
            state = words.runs_on(ended=ended, following=_title(turn, later))
        case "open" if not _may_close(turn, period):
            begins = calendar.moment(calendar.parse(period.label).start)
            state = words.opened_early(begins=begins, ends=calendar.moment(period.ends_at))
        case "open":
            state = words.open(ends=calendar.moment(period.ends_at), locks=locks, posts=posts)
        case "closed" if not _may_lock(turn, period):
            state = words.locking()
        case "closed" if period_marks.ended_unanswered(turn.db, period.ends_at):
            state = words.unanswered(ended=calendar.moment(period.ends_at))
        case "closed":
            ended = calendar.moment(period.ends_at)
            state = words.closed(ended=ended, locks=locks, posts=posts)
        case _:
            state = words.locked(since=calendar.moment(period.locked_at or period.ends_at))
    lines = [state, _counts(turn, period), *_assisted(turn, period), *_revisions(turn, period)]
    return words.named(period=_title(turn, period), state=Html("\n".join(lines)))


def _counts(turn: Turn, period: PeriodRow) -> str:
    """How many responses, and about how many of each channel."""
    words, registered = turn.office.words, turn.office.instruments[period.instrument_id]
    n = tallies.response_count(turn.db, registered, period.id)
    if not n:
        return words.period.nobody()
    by_channel = before_lock.channels(turn.db, turn.office, period)
    ways = before_lock.about(by_channel, words.summary)
    return words.period.counts(n=n, ways=f" · {ways}" if ways else "")


def _assisted(turn: Turn, period: PeriodRow) -> list[str]:
    """About how many assisted responses each petugas has, by his title."""
    counts = slips.counts_by_petugas(turn.db, period.id)
    titles = people.titles(turn.db, counts)
    named = {titles.get(who, str(who)): n for who, n in counts.items()}
    petugas = before_lock.about(named, turn.office.words.summary)
    return [turn.office.words.period.assisted(petugas=petugas)] if petugas else []


def _revisions(turn: Turn, period: PeriodRow) -> list[str]:
    words, calendar = turn.office.words.period, turn.office.calendar
    recorded = periods.revisions(turn.db, period.id)
    return [
        words.revision(
            number=revision.number, day=day(calendar.day(revision.at)), reason=revision.reason
        )
        for revision in recorded[-REVISIONS:]
    ]


def on_overview(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """*Tidak*: change nothing and show the periods again."""
    return edited(press, _overview(turn))


def on_close(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Ask before closing early."""
    period = _known(turn, tap.response)
    if period is None or not _may_close(turn, period):
        return _changed(turn, press)
    calendar, words = turn.office.calendar, turn.office.words.period
    locks = calendar.lock_at(turn.now)
    text = words.close_ask(
        period=_title(turn, period),
        counts=Html(_counts(turn, period)),
        ends=calendar.moment(period.ends_at),
        following=title(lifecycle.after(turn.office, period, "ikm")),
        unfinished=open_responses.open_count(turn.db, period.id),
        locks=calendar.moment(locks),
        posts=calendar.moment(calendar.group_at(locks)),
    )
    return edited(
        press, _asked(turn, text, words.close_yes(), conversation.to(CLOSE_NOW, period.id))
    )


def on_close_now(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Ya, tutup*: close the period, and with it its open responses, in this turn."""
    if press.again:
        return edited(press, _overview(turn))
    period = _known(turn, tap.response)
    if period is None or not _may_close(turn, period):
        return _changed(turn, press)
    if not turn.office.telegram_time.confirms(turn.now):
        return edited(press, _overview(turn), turn.office.words.period.clock_doubted())
    turn.forget_responses()
    user, now = press.person.chat_id, turn.now
    if not lifecycle.close_early(turn.db, turn.office, period.id, user, now):
        return _changed(turn, press)
    return edited(press, _overview(turn), turn.office.words.period.closed_now())


def on_lock(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Ask before locking at once."""
    period = _known(turn, tap.response)
    if period is None or not _may_lock(turn, period):
        return _changed(turn, press)
    calendar, words = turn.office.calendar, turn.office.words.period
    text = words.lock_ask(
        period=_title(turn, period),
        counts=Html("\n".join([_counts(turn, period), *_revisions(turn, period)])),
        locks=calendar.moment(calendar.lock_at(period.ends_at)),
        where=Html(_where(turn)),
    )
    sure = conversation.to(LOCK_SURE, period.id)
    return edited(press, _asked(turn, text, words.lock_yes(), sure))


def _where(turn: Turn) -> str:
    """Who gets the summary when, if the period is locked now."""
    calendar, words = turn.office.calendar, turn.office.words.period
    titles = ", ".join(group.title for group in groups.linked(turn.db))
    if not calendar.preview_days:
        return words.to_groups(groups=titles) if titles else words.to_no_group()
    posts = calendar.moment(calendar.group_at(turn.now))
    first = words.to_officials()
    after = words.to_groups_later(groups=titles, posts=posts) if titles else words.to_no_group()
    return f"{first} {after}"


def on_lock_sure(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Ya, kunci*: ask once more, naming what ends with the lock."""
    period = _known(turn, tap.response)
    if period is None or not _may_lock(turn, period):
        return _changed(turn, press)
    calendar, words = turn.office.calendar, turn.office.words.period
    locks = calendar.moment(calendar.lock_at(period.ends_at))
    text = words.lock_ask_again(period=_title(turn, period), locks=locks)
    final = conversation.to(LOCK_NOW, period.id)
    return edited(press, _asked(turn, text, words.lock_final(), final))


def on_lock_now(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Akhiri dan kunci*: the next tick counts and locks, as on the scheduled day."""
    if press.again:
        return edited(press, _overview(turn))
    period = _known(turn, tap.response)
    if period is None or not _may_lock(turn, period):
        return _changed(turn, press)
    period_marks.request_lock(turn.db, period.id, press.person.chat_id)
    text = turn.office.words.period.lock_coming(period=_title(turn, period))
    return edited(press, Screen(text))


def _asked(turn: Turn, text: str, yes: str, tap: Tap) -> Screen:
    no = Button(turn.office.words.period.no(), conversation.to(OVERVIEW))
    return Screen(text, ((Button(yes, tap),), (no,)))


def _changed(turn: Turn, press: Press) -> Sequence[Effect]:
    """The period has changed since the pressed screen was shown."""
    return edited(press, _overview(turn), turn.office.words.period.changed())


COMMANDS: tuple[CommandRoute[OfficeWords], ...] = (
    CommandRoute("periode", lambda words: words.cmd_periode, ADMIN, on_command),
)

BUTTONS: dict[str, Route] = {
    OVERVIEW: Route(ADMIN, on_overview),
    CLOSE: Route(ADMIN, on_close),
    CLOSE_NOW: Route(ADMIN, on_close_now),
    LOCK: Route(ADMIN, on_lock),
    LOCK_SURE: Route(ADMIN, on_lock_sure),
    LOCK_NOW: Route(ADMIN, on_lock_now),
}
