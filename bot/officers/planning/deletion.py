"""*Hapus rencana*: a plan that nothing uses, after a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.officers import access
from bot.turn.effects import Effect
from bot.turn.events import Press
from bot.turn.turn import Route, edited
from office import routes
from office.conversation import Tap, to
from office.roles import ADMIN
from office.survey.screens import Button, Screen
from office.turn import Turn
from office.words.text import Text
from scoring.plan import span
from storage import audit
from storage.database import ROW_IDS
from storage.planning import plan_deletion, plans
from storage.planning.plan_deletion import Use
from storage.planning.plans import PlanRow

ASK, YES = "rencana-hapus", "rencana-hapus-ya"


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


BUTTONS: dict[str, Route] = {ASK: Route(ADMIN, on_ask), YES: Route(ADMIN, on_yes)}
