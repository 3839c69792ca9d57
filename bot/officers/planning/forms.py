"""A plan copied to the next period by a form; a plan that nothing uses deleted after a question."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.officers import access
from bot.officers.forms import forms
from bot.officers.forms.form import Choice, Field, Form, InvalidInput, NotSaved, Values, register
from bot.turn.effects import Effect, Show
from bot.turn.events import Person, Press
from bot.turn.turn import Route, edited
from office import routes
from office.conversation import Tap, to
from office.roles import ADMIN
from office.survey.screens import Button, Screen
from office.turn import Turn
from office.words.text import Text
from scoring import plan as plan_values
from scoring.period import YEARS
from scoring.plan import MOST_YEARS, PlanHead, span
from storage import audit
from storage.database import ROW_IDS
from storage.planning import plan_deletion, plans
from storage.planning.plan_deletion import Use
from storage.planning.plans import PlanRow

ASK, YES = "rencana-hapus", "rencana-hapus-ya"
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


def _known(turn: Turn, tap: Tap) -> PlanRow | None:
    return plans.by_id(turn.db, tap.response) if tap.response in ROW_IDS else None


def on_ask(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Ask once more, or say why the plan stays."""
    row = _known(turn, tap)
    if row is None:
        return access.gone(turn, press)
    return edited(press, _asked(turn, row))


def _asked(turn: Turn, row: PlanRow) -> Screen:
    words, use = turn.office.words.plan, plan_deletion.use_of(turn.db, row)
    back = (Button(turn.office.words.manage.back(), to(routes.PLAN, row.id)),)
    if use is not None:
        text = words.plan_stays(name=row.head.name, why=_why(turn, use))
        return Screen(text, (back,))
    years = span(row.head.first, row.head.last)
    text = words.delete_ask(name=row.head.name, years=years)
    return Screen(text, ((Button(words.delete_yes(), to(YES, row.id)),), back))


def _why(turn: Turn, use: Use) -> str:
    words = turn.office.words.plan
    reasons: Mapping[Use, Text] = {
        "only": words.stays_only,
        "papers": words.stays_papers,
        "realisasi": words.stays_realisasi,
        "results": words.stays_results,
    }
    return reasons[use].plain()


def on_yes(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Delete it, unless something uses it by now."""
    row = _known(turn, tap)
    if row is None:
        return access.gone(turn, press)
    if plan_deletion.use_of(turn.db, row) is not None:
        return edited(press, _asked(turn, row))
    plan_deletion.delete_unused(turn.db, row)
    user, name = press.person.chat_id, row.head.name
    years = span(row.head.first, row.head.last)
    audit.record(turn.db, turn.now, user, "hapus_rencana", name[:120], before=years)
    words = turn.office.words.plan
    text = words.plan_deleted(name=name)
    return edited(press, Screen(text, ((Button(words.back_to_plans(), to(routes.PLANS)),),)))


BUTTONS: dict[str, Route] = {
    routes.COPY_PLAN: Route(ADMIN, on_copy),
    ASK: Route(ADMIN, on_ask),
    YES: Route(ADMIN, on_yes),
}
