"""Answers other than gratis at services that are free: a finding for the Camat alone.

It may point to an illegal levy. It is counted once a period, as soon as five people gave such an
answer, else at the lock: of two counts, the difference would tell of those who came in between.
"""

from __future__ import annotations

from datetime import datetime

from office import notices
from office.office import Office
from scoring.naming import Levy, levies_together
from scoring.period import title
from storage import catalogue, people, periods
from storage.database import Db
from storage.periods import PeriodRow
from storage.settings import period_marks


def counted_once(
    db: Db, office: Office, period: PeriodRow, counted: Levy | None, now: datetime
) -> Levy | None:
    """The count of a period, told to the Camat when it is made; None while people are too few.

    Those that were told of it and of the earlier periods that run into it stand.

    Args:
        counted: of the answers now (`division.levy`).
    """
    together = (*periods.running_into(db, period.id), period)
    told = levies_together(period_marks.levy(db, each.id) for each in together)
    if told is not None or counted is None:
        return told
    period_marks.note_levy(db, period.id, counted)
    services = catalogue.services_by_id(db)
    named = ", ".join(services[number].name for number in counted.services)
    text = office.words.office.levy(
        paid=counted.paid,
        answered=counted.answered,
        services=office.words.office.levy_services(services=named) if named else "",
        period=title(office.calendar.period_of(period)),
    )
    for user_id in people.users_with_role(db, "camat"):
        notices.tell(db, user_id, text, now)
    return counted
