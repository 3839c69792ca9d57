"""The citizens' survey, from a QR or the list of services to the receipt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import assert_never

from telegram import Message

from bot.turn.effects import Clear, Effect, Show, Toast
from bot.turn.events import Person, Press
from bot.turn.turn import Turn, edited, language_for, words_for
from office import conversation
from office.conversation import Kind, Tap
from office.survey import screens
from office.survey.screens import Screen
from office.words.all_words import LANGUAGES, CitizenWords
from office.words.text import storable
from storage import catalogue, people, ratings, updates
from storage.catalogue import Service, ServiceCounter
from storage.database import ROW_IDS
from storage.settings import office_facts, program_state
from storage.survey import open_responses, owners, responses
from storage.survey.open_responses import NewResponse, OpenResponse, owner_hash_of
from storage.survey.slips import ASSISTED
from storage.tables import Door


def screen_of(turn: Turn, response: OpenResponse) -> Screen:
    """The current screen of an open response."""
    return screens.current(
        turn.office.words.of(response.language),
        response.language,
        turn.open_responses.instrument(response),
        response,
        turn.office.min_filled,
    )


# --- the start -------------------------------------------------------------------------------


def on_start(turn: Turn, person: Person, payload: str) -> Sequence[Effect]:
    """/mulai, /start, or a scanned QR: `l_<layanan>` or `l_<layanan>_<loket>`."""
    if payload.startswith("l_"):
        service, _, counter = payload[2:].partition("_")
        target = catalogue.by_slug(turn.db, service, counter or None)
        if target is not None:
            return [Show(person.chat_id, opening(turn, person, *target))]
        unknown = Show(person.chat_id, Screen(words_for(turn, person).unknown_service()))
        return [unknown, Show(person.chat_id, opening(turn, person, None, None))]
    return [Show(person.chat_id, opening(turn, person, None, None))]


def opening(
    turn: Turn,
    person: Person,
    service: Service | None,
    counter: ServiceCounter | None,
    urutan: int = 1,
) -> Screen:
    """The first screen: the open response, already rated, the consent, or the list of services."""
    language = language_for(turn, person)
    words = turn.office.words.of(language)
    response = turn.open_response(person.chat_id)
    counter_id = counter.id if counter else 0
    if response is not None:
        instrument = turn.open_responses.instrument(response)
        if response.kanal == ASSISTED:
            return screens.unfinished_assisted(words, instrument, response)
        return screens.unfinished(words, instrument, response, service, counter_id)
    if service is None:
        return screens.services(
            words, office_facts.name(turn.db), catalogue.active_services(turn.db), 0
        )
    times = _times(turn, person, service.id)
    if times >= min(max(urutan, 1), turn.office.repeat):
        return screens.already_rated(words, service, counter_id, times, turn.office.repeat)
    return _consent(turn, language, service, counter, times + 1)


def _consent(
    turn: Turn, language: str, service: Service, counter: ServiceCounter | None, urutan: int
) -> Screen:
    other = next(code for code in LANGUAGES if code != language)
    return screens.consent(
        turn.office.words.of(language),
        office_facts.name(turn.db),
        service,
        counter,
        urutan,
        turn.instrument(),
        (other, turn.office.words.of(other).language_name()),
    )


def _times(turn: Turn, person: Person, service_id: int) -> int:
    period = turn.period()
    if period.salt is None:
        raise LookupError("an open period without its salt")
    who = owners.owner_hash(turn.office.secret, period.salt, Door.TELEGRAM, person.chat_id)
    return owners.times_rated(turn.db, period.id, service_id, who)


# --- buttons ---------------------------------------------------------------------------------


def on_unknown(turn: Turn, press: Press) -> Sequence[Effect]:
    """A button with unknown data."""
    return _toast_and_current(turn, press, words_for(turn, press.person).toast_unknown())


def on_press(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A button of the survey or of the screens before it."""
    handler = BUTTONS.get(tap.kind, on_answer)
    return handler(turn, press, tap)


def on_answer(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A button of a question or of the review."""
    response = turn.open_response(press.person.chat_id)
    if response is None or response.key != tap.response:
        return _on_other_response(turn, press, tap)
    if press.again:
        return edited(press, screen_of(turn, response))
    instrument = turn.open_responses.instrument(response)
    change = conversation.take(instrument, response, tap, turn.office.min_filled)
    match change:
        case conversation.Answered(item, nilai, step):
            response = turn.open_responses.answer(response, item, nilai, step)
        case conversation.Described(attribute, code, step):
            response = turn.open_responses.set_attribute(response, attribute, code, step)
        case conversation.Moved(step):
            response = turn.open_responses.change(response, step=step)
        case conversation.Refilled(items, step):
            response = turn.open_responses.ask_again(response, items, step)
        case conversation.Writing(awaited):
            response = turn.open_responses.await_suggestion(response, awaited)
        case conversation.Sent():
            return _send(turn, press, response)
        case conversation.Stale():
            stale = turn.office.words.of(response.language).toast_stale()
            return edited(press, screen_of(turn, response), stale)
        case _:
            assert_never(change)
    return edited(press, screen_of(turn, response))


def _send(turn: Turn, press: Press, response: OpenResponse) -> Sequence[Effect]:
    period = turn.period()
    if response.period_id != period.id or period.salt is None:
        return _on_other_response(turn, press, Tap(Kind.SEND, response.key))
    calendar = turn.office.calendar
    who = owner_hash_of(turn.office.secret, period.salt, response)
    now = period.within(turn.now)
    turn.open_responses.complete(response, who, calendar.day(now), calendar.survey_hour(now))
    words = turn.office.words.of(response.language)
    if response.kanal == ASSISTED:
        return edited(press, screens.thanks_assisted(words, response.service))
    return edited(press, _thanks(turn, words, response.key, response))


def _thanks(
    turn: Turn, words: CitizenWords, key: int, rated: OpenResponse | responses.TappedResponse
) -> Screen:
    return screens.thanks(
        words,
        rated.service,
        rated.service_id,
        rated.counter_id or 0,
        owners.receipt(key),
        rated.urutan,
        turn.office.repeat,
    )


def _on_other_response(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A button of a response that is not this chat's open one."""
    words = words_for(turn, press.person)
    if open_responses.is_open(turn.db, tap.response):
        return [Toast(press.callback_id, words.toast_foreign())]
    ended = responses.by_key(turn.db, tap.response)
    if ended is None:
        if turn.open_response(press.person.chat_id) is not None:
            return _toast_and_current(turn, press, words.toast_stale())
        return edited(press, Screen(words.expired()), words.toast_expired())
    chat = press.person.chat_id
    if ended.owner == owners.owner_hash(turn.office.secret, ended.salt, Door.TELEGRAM, chat):
        return edited(press, _thanks(turn, words, tap.response, ended), words.toast_done())
    if ended.petugas == chat:
        return edited(press, screens.thanks_assisted(words, ended.service), words.toast_done())
    return [Toast(press.callback_id, words.toast_foreign())]


def on_services(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A page of the list of services."""
    if turn.open_response(press.person.chat_id) is not None:
        return edited(press, opening(turn, press.person, None, None))
    words = words_for(turn, press.person)
    services = catalogue.active_services(turn.db)
    return edited(press, screens.services(words, office_facts.name(turn.db), services, tap.value))


def on_service(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A service of the list, or the same one for another person (`revision` is its urutan)."""
    target = _target(turn, tap)
    if target is None:
        return _toast_and_current(turn, press, words_for(turn, press.person).unknown_service())
    return edited(press, opening(turn, press.person, *target, urutan=tap.revision))


def on_consent(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Setuju, mulai*: begin the response; a second press shows the one that has begun."""
    person = press.person
    response = turn.open_response(person.chat_id)
    if response is not None:
        if str(response.service_id) == tap.item:
            return edited(press, screen_of(turn, response))
        return edited(press, opening(turn, person, *(_target(turn, tap) or (None, None))))
    target = _target(turn, tap)
    if target is None:
        return _toast_and_current(turn, press, words_for(turn, person).unknown_service())
    service, counter = target
    times = _times(turn, person, service.id)
    if press.again or times >= turn.office.repeat or tap.revision != times + 1:
        return edited(press, opening(turn, person, service, counter, tap.revision))
    start = NewResponse(
        person.chat_id,
        service,
        counter.id if counter else None,
        "telegram",
        times + 1,
        language_for(turn, person),
    )
    period = turn.period()
    response = turn.open_responses.start(
        start, period, turn.office.asked_in(period), conversation.first(turn.instrument())
    )
    return edited(press, screen_of(turn, response))


def on_continue(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Lanjutkan*."""
    response = turn.open_response(press.person.chat_id)
    if response is None or response.key != tap.response:
        return _on_other_response(turn, press, tap)
    return edited(press, screen_of(turn, response))


def on_replace(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Ganti*: delete the open response and show another service, or the list."""
    response = turn.open_response(press.person.chat_id)
    if response is None or response.key != tap.response:
        return _on_other_response(turn, press, tap)
    if press.again or response.revision != tap.revision:
        stale = turn.office.words.of(response.language).toast_stale()
        return edited(press, screen_of(turn, response), None if press.again else stale)
    turn.open_responses.delete(response)
    return edited(press, opening(turn, press.person, *(_target(turn, tap) or (None, None))))


def _target(turn: Turn, tap: Tap) -> tuple[Service, ServiceCounter | None] | None:
    known = tap.item.isdecimal() and int(tap.item) in ROW_IDS
    service = catalogue.active_service(turn.db, int(tap.item)) if known else None
    if service is None:
        return None
    counter = catalogue.active_counter(turn.db, tap.value) if tap.value else None
    return service, counter if counter and counter.service_id == service.id else None


def on_language(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Choose a language; on the consent screen (`response` is the service) the screen stays."""
    if tap.item not in LANGUAGES:
        return on_unknown(turn, press)
    person = press.person
    response = turn.open_response(person.chat_id)
    # An assisted response has the language of its citizen, not of the chat.
    assisted = response is not None and response.kanal == ASSISTED
    if not press.again and not assisted:
        person_key = people.person_key(turn.office.secret, person.chat_id)
        people.choose_language(turn.db, person_key, tap.item)
    if response is not None:
        if response.language != tap.item and not press.again:
            response = turn.open_responses.change(response, language=tap.item)
        return edited(press, screen_of(turn, response))
    service_tap = Tap(Kind.SERVICE, item=str(tap.response), value=tap.value)
    if tap.response and (target := _target(turn, service_tap)) is not None:
        return edited(press, opening(turn, person, *target, urutan=tap.revision))
    return edited(press, Screen(turn.office.words.of(tap.item).language_chosen()))


def on_erase(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """/hapus_data, confirmed or not."""
    person = press.person
    words = words_for(turn, person)
    if tap.kind == Kind.KEEP:
        return edited(press, Screen(words.kept()))
    if press.again:
        return edited(press, Screen(words.erased()))
    response = turn.open_response(person.chat_id)
    if response is not None and response.kanal != ASSISTED:
        turn.open_responses.delete(response)
        updates.delete_of_key(turn.db, response.key)
    ratings.delete_of_chat(turn.db, person.chat_id)
    turn.open_responses.flush()
    secret, known = turn.office.secret, turn.office.instruments
    responses.erase(turn.db, known, turn.open_responses.deltas, secret, person.chat_id, turn.now)
    people.forget_language(turn.db, people.person_key(secret, person.chat_id))
    program_state.note_deletion(turn.db, turn.office.calendar.day(turn.now))
    updates.delete_of_chat(turn.db, person.chat_id)
    return edited(press, Screen(words.erased()))


BUTTONS: dict[Kind, Callable[[Turn, Press, Tap], Sequence[Effect]]] = {
    Kind.SERVICES: on_services,
    Kind.SERVICE: on_service,
    Kind.CONSENT: on_consent,
    Kind.CONTINUE: on_continue,
    Kind.REPLACE: on_replace,
    Kind.LANGUAGE: on_language,
    Kind.ERASE: on_erase,
    Kind.KEEP: on_erase,
}


def _toast_and_current(turn: Turn, press: Press, toast: str) -> Sequence[Effect]:
    response = turn.open_response(press.person.chat_id)
    if response is None:
        return [Toast(press.callback_id, toast)]
    return edited(press, screen_of(turn, response), toast)


# --- typed texts -----------------------------------------------------------------------------


def on_text(turn: Turn, person: Person, message: Message, again: bool) -> Sequence[Effect]:
    """A text, sticker, photo or voice message: the suggestion when one is awaited."""
    response = turn.open_response(person.chat_id)
    if response is None:
        return [Show(person.chat_id, _matching_services(turn, person, message.text or ""))]
    if again:
        return [Show(person.chat_id, screen_of(turn, response))]
    if response.writing and message.text is not None:
        cleared = _cleared(response, message)
        return [*cleared, *_suggestion(turn, response, storable(message.text))]
    if response.repeated == response.revision:
        return []
    turn.open_responses.replace_silently(open_responses.mark_repeated(response))
    hint = Screen(turn.office.words.of(response.language).use_buttons())
    shown = screen_of(turn, response)
    return [Show(person.chat_id, hint), Show(person.chat_id, shown)]


def _matching_services(turn: Turn, person: Person, text: str) -> Screen:
    """The services that match a typed text, where the list of services is long."""
    words, typed = words_for(turn, person), " ".join(text.split())[: screens.TYPED]
    if not typed or len(catalogue.active_services(turn.db)) <= screens.LONG:
        return Screen(words.nothing_open())
    return screens.services_found(words, catalogue.matching(turn.db, typed), typed)


def _cleared(response: OpenResponse, message: Message) -> Sequence[Effect]:
    """Delete what a citizen typed on the phone of a petugas, who must not read it."""
    return [Clear(response.person, message.message_id)] if response.kanal == ASSISTED else []


def _suggestion(turn: Turn, response: OpenResponse, text: str) -> Sequence[Effect]:
    words = turn.office.words.of(response.language)
    most = screens.SUGGESTION_MOST
    if len(text) > most:
        refusal = words.suggestion_too_long(length=len(text), most=most)
        return [Show(response.person, Screen(refusal))]
    response = turn.open_responses.await_suggestion(response, False)
    response = turn.open_responses.change(response, saran=text or None)
    return [Show(response.person, screen_of(turn, response))]


def on_language_command(turn: Turn, person: Person) -> Sequence[Effect]:
    """/bahasa."""
    names = [(code, turn.office.words.of(code).language_name()) for code in LANGUAGES]
    return [Show(person.chat_id, screens.languages(names, words_for(turn, person)))]


def on_cancel(turn: Turn, person: Person, again: bool) -> Sequence[Effect]:
    """/batal: stop typing a suggestion, or delete the open response with its answers."""
    words = words_for(turn, person)
    response = turn.open_response(person.chat_id)
    if response is None:
        return [Show(person.chat_id, Screen(words.nothing_open()))]
    if again:
        return [Show(person.chat_id, screen_of(turn, response))]
    if response.writing:
        response = turn.open_responses.await_suggestion(response, False)
        cancelled_writing = Show(person.chat_id, Screen(words.cancelled_writing()))
        return [cancelled_writing, Show(person.chat_id, screen_of(turn, response))]
    turn.open_responses.delete(response)
    cancelled = words.cancelled_assisted if response.kanal == ASSISTED else words.cancelled
    return [Show(person.chat_id, Screen(cancelled(service=response.service)))]


def ask_erase(turn: Turn, person: Person) -> Effect:
    """/hapus_data."""
    return Show(person.chat_id, screens.erase(words_for(turn, person)))
