"""*Kabari saya*, after *Kirim*: consent, and a chat that waits for one message."""

from __future__ import annotations

from collections.abc import Sequence

from bot.turn.effects import Effect, Show, Toast
from bot.turn.events import Person, Press
from bot.turn.turn import edited, respondent, words_for
from office.conversation import Tap
from office.survey import news, screens
from office.survey.screens import Screen
from office.turn import Turn, language_for
from scoring.period import title
from storage import news_requests, periods


def on_press(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The button of the thanks, or an answer to the question of consent."""
    person, words = press.person, words_for(turn, press.person)
    if tap.value == screens.NO:
        if not press.again:
            news_requests.withdraw(turn.db, tap.response, person.chat_id)
        return edited(press, Screen(words.news_declined()))
    period = news.period_to_ask(turn.db, tap.response, turn.now)
    if period is None:
        return [Toast(press.callback_id, words.toast_news_late())]
    if tap.value == screens.ASK:  # a message of its own: the receipt stays
        named = title(turn.office.calendar.period_of(period), words.dates)
        consent = screens.news_consent(words, named, period.id)
        return [Toast(press.callback_id), Show(person.chat_id, consent)]
    if not press.again:
        language = language_for(turn, respondent(turn, person))
        news_requests.add(turn.db, period.id, person.chat_id, language)
    return edited(press, screens.news_noted(words, period.id))


def kept(turn: Turn, person: Person) -> str:
    """For /privasi: the periods whose news this chat waits for, HTML; else empty."""
    words, calendar = words_for(turn, person), turn.office.calendar
    asked = [
        periods.by_id(turn.db, each) for each in news_requests.periods_of(turn.db, person.chat_id)
    ]
    named = [title(calendar.period_of(each), words.dates) for each in asked if each is not None]
    return words.privacy_news(periods=", ".join(named)) if named else ""
