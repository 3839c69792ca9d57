"""A plan copied to the next period by a form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.officers import access
from bot.officers.forms import forms
from bot.officers.forms.form import Choice, Field, Form, InvalidInput, NotSaved, Values, register
from bot.turn.effects import Effect, Show
from bot.turn.events import Person, Press
from bot.turn.turn import Route
from office import routes
from office.conversation import Tap, to
from office.roles import ADMIN
from office.survey.screens import Button, Screen
from office.turn import Turn
from scoring import plan as plan_values
from scoring.period import YEARS
from scoring.plan import MOST_YEARS, PlanHead
from storage import audit
from storage.database import ROW_IDS
from storage.planning import plans

SPAN = re.compile(r"([0-9]{4}) ?(?:[-–—]|sampai|s\.?/?d\.?) ?([0-9]{4})")


def on_copy(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Ask for the years of the copy."""
    if tap.response not in ROW_IDS or plans.by_id(turn.db, tap.response) is None:
        return access.gone(turn, press)
    return forms.begin(turn, press.person, COPYING, {"plan": tap.response}, press)


def _head(turn: Turn, values: Values) -> PlanHead:
    row = plans.by_id(turn.db, values["plan"])
    if row is None:
        raise LookupError(f"plan {values['plan']}")
    return row.head


def _next_years(turn: Turn, values: Values) -> Sequence[Choice]:
    """As many years as the plan has, directly after the last year of any plan."""
    count, last = len(_head(turn, values).years), plans.newest(turn.db).head.last
    first, end = last + 1, last + count
    return [(plan_values.span(first, end), [first, end])] if end in YEARS else []


def _years(turn: Turn, _values: Values, text: str) -> list[int]:
    words = turn.office.words.plan
    written = SPAN.fullmatch(" ".join(text.casefold().split()))
    if written is None:
        raise InvalidInput(words.years_wrong())
    first, last = int(written[1]), int(written[2])
    if not (first in YEARS and last in YEARS and first <= last < first + MOST_YEARS):
        raise InvalidInput(words.years_wrong())
    for row in plans.all_plans(turn.db):
        if row.head.first <= last and first <= row.head.last:
            raise InvalidInput(words.years_taken(name=row.head.name))
    return [first, last]


def _shown(_turn: Turn, years: Any) -> str:
    return plan_values.span(*years)


def _copy(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    words, chat = turn.office.words.plan, person.chat_id
    first, last = values["years"]
    made = plan_values.copied(plans.whole(turn.db, values["plan"]), first, last)
    try:
        plan_id = plans.put(turn.db, None, made, chat, turn.now)
    except plans.YearTaken as taken:
        raise NotSaved([Show(chat, Screen(words.years_taken(name=taken.name)))]) from None
    audit.record(
        turn.db, turn.now, chat, "rencana_baru", made.head.name[:120], after=made.head.source
    )
    see = Button(words.see(), to(routes.PLAN, plan_id))
    targets = Button(words.fill_targets(), to(routes.TARGETS, value=first))
    text = words.copied(name=made.head.name, source=_head(turn, values).name)
    return [Show(chat, Screen(text, ((targets,), (see,))))]


COPYING = register(
    Form(
        routes.COPY_PLAN,
        lambda turn, values: turn.office.words.plan.copy_title(name=_head(turn, values).name),
        ADMIN,
        (
            Field(
                "years",
                lambda words: words.plan.label_years.plain(),
                lambda turn, _values: turn.office.words.plan.ask_years(),
                _years,
                _next_years,
                show=_shown,
            ),
        ),
        _copy,
    )
)

BUTTONS: dict[str, Route] = {routes.COPY_PLAN: Route(ADMIN, on_copy)}
