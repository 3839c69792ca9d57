"""*Kabari warga*: the follow-up of a locked period is told to those who asked for it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.officers import access
from bot.officers.follow_up import lines, plans
from bot.turn.effects import Effect
from bot.turn.events import Press
from bot.turn.turn import Route, edited
from office import routes
from office.conversation import Tap, to
from office.roles import ADMIN
from office.survey import news
from office.survey.screens import Button, Screen
from office.turn import Turn
from office.words.all_words import Html
from scoring.limits import MIN_RESPONSES

YES = "tindak-kabari-ya"
STEP = MIN_RESPONSES  # in which those who wait are counted


def on_ask(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """What will be sent, and about how many wait for it."""
    period = lines.ended(turn, tap.response)
    if period is None or not news.can_be_published(turn.db, period):
        return access.gone(turn, press)
    words, n = turn.office.words.paper, news.waiting(turn.db, period)
    about = words.news_waiting(n=n - n % STEP) if n >= STEP else words.news_waiting_few()
    text = words.tell_citizens_ask(
        period=lines.title(turn, period),
        waiting=Html(about),
        message=Html(news.text(turn.db, turn.office, period, "id")),
    )
    rows = (
        (Button(words.tell_citizens_yes(), to(YES, period.id)),),
        (Button(turn.office.words.manage.back(), to(routes.FOLLOW_UP, period.id)),),
    )
    return edited(press, Screen(text, rows))


def on_yes(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Publish it; a second press shows the plan, which says so."""
    period, user = lines.ended(turn, tap.response), press.person.chat_id
    if period is None:
        return access.gone(turn, press)
    if not press.again:
        news.publish(turn.db, turn.office, period, user, turn.now)
    return edited(press, plans.plan_screen(turn, user, period))


BUTTONS: dict[str, Route] = {
    plans.NEWS: Route(ADMIN, on_ask),
    YES: Route(ADMIN, on_yes),
}
