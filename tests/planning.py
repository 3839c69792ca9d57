"""Plans of the scenarios: the shipped one, copied to their years."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from scoring import plan, profile
from scoring.plan import Plan
from storage.database import Db
from storage.planning import plans
from tests.harness import START

SHIPPED: Plan = plan.of_profile(profile.named("pakong-2018"))
FIRST, LAST = 2024, 2028


def plan_the_years(db: Db, first: int = FIRST, last: int = LAST, **rules: Any) -> None:
    """Store a plan of these years, like the shipped one."""
    made = plan.copied(SHIPPED, first, last)
    head = replace(made.head, rules=replace(made.head.rules, **rules))
    plans.put(db, None, replace(made, head=head), None, START)


def move_years(db: Db, year: int, first: int, last: int) -> None:
    """Let the plan that holds a year hold other years."""
    row = plans.of_year(db, year)
    assert row is not None
    known = plans.whole(db, row.id)
    moved = replace(known, head=replace(known.head, first=first, last=last))
    plans.put(db, row.id, moved, None, START)


def change_rules(db: Db, year: int, **rules: Any) -> None:
    """Change rules of the plan that holds a year."""
    row = plans.of_year(db, year)
    assert row is not None
    known = plans.whole(db, row.id)
    head = replace(known.head, rules=replace(known.head.rules, **rules))
    plans.put(db, row.id, replace(known, head=head), None, START)
