"""The fields of what is planned: for which unsur, what, who is responsible, until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import partial

from bot.officers.follow_up import lines
from bot.officers.forms import fields
from bot.officers.forms.form import Choice, Field, Values
from office.figures import figures
from office.turn import Turn
from office.words.text import cut
from scoring import naming
from scoring.numbers import comma
from scoring.period import long_day
from storage.periods import PeriodRow

RESPONSIBLE = 120  # UTF-16 units


def same(turn: Turn, values: Values, *, name: str) -> Sequence[Choice]:
    """The current value of a line, kept by one press; none of a new line."""
    line = lines.known(turn, values.get("line", 0))
    value = str(getattr(line, name)) if line else ""
    if not value:
        return ()
    return [(turn.office.words.paper.as_it_is.plain(value=cut(value, 40)), value)]


def _same_day(turn: Turn, values: Values) -> Sequence[Choice]:
    line = lines.known(turn, values.get("line", 0))
    if line is None or line.due is None:
        return ()
    label = turn.office.words.paper.as_it_is.plain(value=long_day(line.due))
    return [(label, line.due.isoformat())]


def past(turn: Turn, values: Values) -> Sequence[str]:
    """The note on a due date that has passed."""
    due = values.get("due")
    past = due is not None and date.fromisoformat(due) < turn.office.calendar.day(turn.now)
    return [turn.office.words.paper.due_past()] if past else []


def _choices(turn: Turn, values: Values) -> Sequence[Choice]:
    """The unsur, the lowest of that period first and marked."""
    words, period = turn.office.words.paper, lines.ended(turn, values["period"])
    if period is None:
        return ()
    instrument = turn.office.instruments[period.instrument_id].instrument
    lowest = _lowest(turn, period)
    first = [
        (words.unsur_lowest.plain(unsur=instrument.title(code), nrr=comma(nrr, 3)), code)
        for code, nrr in lowest.items()
    ]
    return [
        *first,
        *((instrument.title(code), code) for code in instrument.unsur_codes if code not in lowest),
    ]


def _lowest(turn: Turn, period: PeriodRow) -> dict[str, Fraction]:
    """The priorities with their NRR, lowest first; none before the lock."""
    if period.status != "locked" or period.runs_into is not None:
        return {}
    found = figures.of_period(turn.db, turn.office, period)
    lowest, low_mutu = naming.priorities(found.score, found.moments)
    return {unsur.code: unsur.nrr for unsur in (*lowest, *low_mutu)}


def _unsur(turn: Turn, code: str) -> str:
    instrument = turn.office.instruments[turn.period().instrument_id].instrument
    return instrument.title(code) if code in instrument.codes else code


UNSUR = Field(
    "unsur",
    lambda words: words.paper.label_unsur.plain(),
    lambda turn, _values: turn.office.words.paper.ask_unsur(),
    choices=_choices,
    show=_unsur,
)
PLANNED = (
    Field(
        "kegiatan",
        lambda words: words.paper.label_kegiatan.plain(),
        lambda turn, _values: turn.office.words.paper.ask_kegiatan(most=lines.KEGIATAN),
        partial(fields.typed, most=lines.KEGIATAN),
        partial(same, name="kegiatan"),
    ),
    Field(
        "responsible",
        lambda words: words.paper.label_responsible.plain(),
        lambda turn, _values: turn.office.words.paper.ask_responsible(most=RESPONSIBLE),
        partial(fields.typed, most=RESPONSIBLE),
        partial(same, name="responsible"),
    ),
    Field(
        "due",
        lambda words: words.paper.label_due.plain(),
        lambda turn, _values: turn.office.words.paper.ask_due(),
        fields.iso_day,
        _same_day,
        show=fields.shown_day,
        optional=True,
    ),
)
