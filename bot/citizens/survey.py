"""The citizen's way, from a QR or the list of services to the receipt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import assert_never

from telegram import Message

from bot.turn.effects import Clear, Effect, Show, Toast
from bot.turn.events import Person, Press
from bot.turn.language import language_for, words_for
from bot.turn.turn import Turn, edited
from office import conversation
from office.conversation import Kind, Tap
from office.survey import screens
from office.survey.screens import Screen
from office.words.all_words import LANGUAGES, CitizenWords
from office.words.text import storable
from storage import catalogue, people, ratings, responses, updates
from storage.catalogue import Service, ServiceCounter
from storage.database import ROW_IDS
from storage.responses import NewResponse, OpenResponse
from storage.settings import office_facts
from storage.slips import ASSISTED


def screen_of(turn: Turn, place: OpenResponse) -> Screen:
    """The current screen of an open response."""
    return screens.current(
        turn.office.words.of(place.language),
        place.language,
        turn.open_responses.instrument(place),
        place,
        turn.office.min_filled,
    )


# --- the start -------------------------------------------------------------------------------


def on_start(turn: Turn, person: Person, payload: str) -> Sequence[Effect]:
    """/mulai, /start, or a scanned QR: `l_<layanan>` or `l_<layanan>_<loket>`."""
    if payload.startswith("l_"):
        service, _, counter = payload[2:].partition("_")
        found = catalogue.by_slug(turn.db, service, counter or None)
        if found is not None:
            return [Show(person.chat_id, opening(turn, person, *found))]
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
    """The first screen: what is still open, what was rated already, the consent, or the list."""
    here = language_for(turn, person)
    spoken = turn.office.words.of(here)
    place = turn.open_response(person.chat_id)
    counter_id = counter.id if counter else 0
    if place is not None:
        instrument = turn.open_responses.instrument(place)
        if place.kanal == ASSISTED:
            return screens.unfinished_assisted(spoken, instrument, place)
        return screens.unfinished(spoken, instrument, place, service, counter_id)
    if service is None:
        return screens.services(
            spoken, office_facts.name(turn.db), catalogue.active_services(turn.db), 0
        )
    times = _times(turn, person, service.id)
    if times >= min(max(urutan, 1), turn.office.repeat):
        return screens.already_rated(spoken, service, counter_id, times, turn.office.repeat)
    return _consent(turn, here, service, counter, times + 1)


def _consent(
    turn: Turn, here: str, service: Service, counter: ServiceCounter | None, urutan: int
) -> Screen:
    other = next(code for code in LANGUAGES if code != here)
    return screens.consent(
        turn.office.words.of(here),
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
    who = responses.owner_hash(turn.office.secret, period.salt, person.chat_id)
    return responses.times_rated(turn.db, period.id, service_id, who)


# --- buttons ---------------------------------------------------------------------------------


def on_unknown(turn: Turn, press: Press) -> Sequence[Effect]:
    """A button we did not write, or no longer know."""
    return _toast_and_current(turn, press, words_for(turn, press.person).toast_unknown())


def on_press(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A button of the citizen's way."""
    handler = BUTTONS.get(tap.kind, on_answer)
    return handler(turn, press, tap)


def on_answer(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A button of the survey itself."""
    place = turn.open_response(press.person.chat_id)
    if place is None or place.key != tap.response:
        return _late(turn, press, tap)
    if press.again:
        return edited(press, screen_of(turn, place))
    instrument = turn.open_responses.instrument(place)
    change = conversation.take(instrument, place, tap, turn.office.min_filled)
    match change:
        case conversation.Answered(item, nilai, step):
            place = turn.open_responses.answer(place, item, nilai, step)
        case conversation.Described(attribute, code, step):
            place = turn.open_responses.set_attribute(place, attribute, code, step)
        case conversation.Moved(step):
            place = turn.open_responses.change(place, step=step)
        case conversation.Refilled(items, step):
            place = turn.open_responses.ask_again(place, items, step)
        case conversation.Writing(awaited):
            place = turn.open_responses.await_suggestion(place, awaited)
        case conversation.Sent():
            return _send(turn, press, place)
        case conversation.Stale():
            stale = turn.office.words.of(place.language).toast_stale()
            return edited(press, screen_of(turn, place), stale)
        case _:
            assert_never(change)
    return edited(press, screen_of(turn, place))


def _send(turn: Turn, press: Press, place: OpenResponse) -> Sequence[Effect]:
    period = turn.period()
    if place.period_id != period.id or period.salt is None:
        return _late(turn, press, Tap(Kind.SEND, place.key))
    calendar = turn.office.calendar
    who = responses.owner_hash_of(turn.db, turn.office.secret, period.salt, place)
    now = period.within(turn.now)
    turn.open_responses.complete(place, who, calendar.day(now), calendar.survey_hour(now))
    spoken = turn.office.words.of(place.language)
    if place.kanal == ASSISTED:
        return edited(press, screens.thanks_assisted(spoken, place.service))
    return edited(press, _thanks(turn, spoken, place.key, place))


def _thanks(
    turn: Turn, spoken: CitizenWords, key: int, of: OpenResponse | responses.TappedResponse
) -> Screen:
    return screens.thanks(
        spoken,
        of.service,
        of.service_id,
        of.counter_id or 0,
        responses.receipt(key),
        of.urutan,
        turn.office.repeat,
    )


def _late(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A button of a response that is not this chat's open one."""
    spoken = words_for(turn, press.person)
    ended = responses.by_key(turn.db, tap.response)
    if ended is None:
        if turn.open_response(press.person.chat_id) is not None:
            return _toast_and_current(turn, press, spoken.toast_stale())
        return edited(press, Screen(spoken.expired()), spoken.toast_expired())
    mine = (
        ended.salt is not None
        and ended.owner is not None
        and ended.owner
        == responses.owner_hash(turn.office.secret, ended.salt, press.person.chat_id)
    )
    if mine:
        return edited(press, _thanks(turn, spoken, tap.response, ended), spoken.toast_done())
    if not ended.open and ended.petugas == press.person.chat_id:
        return edited(press, screens.thanks_assisted(spoken, ended.service), spoken.toast_done())
    if not ended.open and ended.salt is None:
        return edited(press, Screen(spoken.expired()), spoken.toast_expired())
    return [Toast(press.callback_id, spoken.toast_foreign())]


def on_services(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The list of services, another page of it."""
    if turn.open_response(press.person.chat_id) is not None:
        return edited(press, opening(turn, press.person, None, None))
    spoken = words_for(turn, press.person)
    found = catalogue.active_services(turn.db)
    return edited(press, screens.services(spoken, office_facts.name(turn.db), found, tap.value))


def on_service(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A service of the list, or the same one for somebody else (`revision` is its urutan)."""
    found = _target(turn, tap)
    if found is None:
        return _toast_and_current(turn, press, words_for(turn, press.person).unknown_service())
    return edited(press, opening(turn, press.person, *found, urutan=tap.revision))


def on_consent(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Setuju, mulai*: the response begins; pressed twice, it has begun already."""
    person = press.person
    place = turn.open_response(person.chat_id)
    if place is not None:
        if str(place.service_id) == tap.item:
            return edited(press, screen_of(turn, place))
        return edited(press, opening(turn, person, *(_target(turn, tap) or (None, None))))
    found = _target(turn, tap)
    if found is None:
        return _toast_and_current(turn, press, words_for(turn, person).unknown_service())
    service, counter = found
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
    people_wait = turn.open_responses.start(
        start, turn.period(), conversation.first(turn.instrument())
    )
    return edited(press, screen_of(turn, people_wait))


def on_continue(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Lanjutkan*."""
    place = turn.open_response(press.person.chat_id)
    if place is None or place.key != tap.response:
        return _late(turn, press, tap)
    return edited(press, screen_of(turn, place))


def on_replace(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Ganti*: the open response is deleted, another service (or the list) comes."""
    place = turn.open_response(press.person.chat_id)
    if place is None or place.key != tap.response:
        return _late(turn, press, tap)
    if press.again or place.revision != tap.revision:
        stale = turn.office.words.of(place.language).toast_stale()
        return edited(press, screen_of(turn, place), None if press.again else stale)
    turn.open_responses.delete(place)
    return edited(press, opening(turn, press.person, *(_target(turn, tap) or (None, None))))


def _target(turn: Turn, tap: Tap) -> tuple[Service, ServiceCounter | None] | None:
    known = tap.item.isdecimal() and int(tap.item) in ROW_IDS
    service = catalogue.active_service(turn.db, int(tap.item)) if known else None
    if service is None:
        return None
    counter = catalogue.active_counter(turn.db, tap.value) if tap.value else None
    return service, counter if counter and counter.service_id == service.id else None


def on_language(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A language chosen; on the consent's screen (`response` is the service) the screen stays."""
    if tap.item not in LANGUAGES:
        return on_unknown(turn, press)
    person = press.person
    place = turn.open_response(person.chat_id)
    assisted = place is not None and place.kanal == ASSISTED  # another's language, not the chat's
    if not press.again and not assisted:
        person_key = people.person_key(turn.office.secret, person.chat_id)
        people.choose_language(turn.db, person_key, tap.item)
    if place is not None:
        if place.language != tap.item and not press.again:
            place = turn.open_responses.change(place, language=tap.item)
        return edited(press, screen_of(turn, place))
    target = Tap(Kind.SERVICE, item=str(tap.response), value=tap.value)
    if tap.response and (found := _target(turn, target)) is not None:
        return edited(press, opening(turn, person, *found, urutan=tap.revision))
    return edited(press, Screen(turn.office.words.of(tap.item).language_chosen()))


def on_erase(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """/hapus_data, confirmed or not."""
    person = press.person
    spoken = words_for(turn, person)
    if tap.kind == Kind.KEEP:
        return edited(press, Screen(spoken.kept()))
    if press.again:
        return edited(press, Screen(spoken.erased()))
    place = turn.open_response(person.chat_id)
    if place is not None and place.kanal != ASSISTED:
        turn.open_responses.delete(place)
    ratings.delete_of_chat(turn.db, person.chat_id)
    turn.open_responses.flush()
    secret, known = turn.office.secret, turn.office.instruments
    responses.erase(turn.db, known, turn.open_responses.deltas, secret, person.chat_id, turn.now)
    people.forget_language(turn.db, people.person_key(secret, person.chat_id))
    updates.delete_of_chat(turn.db, person.chat_id)
    return edited(press, Screen(spoken.erased()))


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
    place = turn.open_response(press.person.chat_id)
    if place is None:
        return [Toast(press.callback_id, toast)]
    return edited(press, screen_of(turn, place), toast)


# --- what is typed ---------------------------------------------------------------------------


def on_text(turn: Turn, person: Person, message: Message, again: bool) -> Sequence[Effect]:
    """A text, or a sticker, photo or voice: the suggestion when one is awaited."""
    place = turn.open_response(person.chat_id)
    if place is None:
        return [Show(person.chat_id, _looked_for(turn, person, message.text or ""))]
    if again:
        return [Show(person.chat_id, screen_of(turn, place))]
    if place.writing and message.text is not None:
        cleared = _cleared(place, message)
        return [*cleared, *_suggestion(turn, place, storable(message.text))]
    if place.repeated == place.revision:
        return []
    turn.open_responses.store(responses.mark_repeated(place))
    hint = Screen(turn.office.words.of(place.language).use_buttons())
    shown = screen_of(turn, place)
    return [Show(person.chat_id, hint), Show(person.chat_id, shown)]


def _looked_for(turn: Turn, person: Person, text: str) -> Screen:
    """Where the list of services is long, those that what was typed names."""
    spoken, typed = words_for(turn, person), " ".join(text.split())[: screens.TYPED]
    if not typed or len(catalogue.active_services(turn.db)) <= screens.LONG:
        return Screen(spoken.nothing_open())
    return screens.services_found(spoken, catalogue.matching(turn.db, typed), typed)


def _cleared(place: OpenResponse, message: Message) -> Sequence[Effect]:
    """What a citizen wrote on the petugas' phone is not for the petugas to read."""
    return [Clear(place.chat_id, message.message_id)] if place.kanal == ASSISTED else []


def _suggestion(turn: Turn, place: OpenResponse, text: str) -> Sequence[Effect]:
    spoken = turn.office.words.of(place.language)
    most = screens.SUGGESTION_MOST
    if len(text) > most:
        told = spoken.suggestion_too_long(length=len(text), most=most)
        return [Show(place.chat_id, Screen(told))]
    place = turn.open_responses.await_suggestion(place, False)
    place = turn.open_responses.change(place, saran=text or None)
    return [Show(place.chat_id, screen_of(turn, place))]


def on_language_command(turn: Turn, person: Person) -> Sequence[Effect]:
    """/bahasa."""
    names = [(code, turn.office.words.of(code).language_name()) for code in LANGUAGES]
    return [Show(person.chat_id, screens.languages(names, words_for(turn, person)))]


def on_cancel(turn: Turn, person: Person, again: bool) -> Sequence[Effect]:
    """/batal: stop writing, or give the open response up; its answers are deleted."""
    spoken = words_for(turn, person)
    place = turn.open_response(person.chat_id)
    if place is None:
        return [Show(person.chat_id, Screen(spoken.nothing_open()))]
    if again:
        return [Show(person.chat_id, screen_of(turn, place))]
    if place.writing:
        place = turn.open_responses.await_suggestion(place, False)
        told = Show(person.chat_id, Screen(spoken.cancelled_writing()))
        return [told, Show(person.chat_id, screen_of(turn, place))]
    turn.open_responses.delete(place)
    cancelled = spoken.cancelled_assisted if place.kanal == ASSISTED else spoken.cancelled
    return [Show(person.chat_id, Screen(cancelled(service=place.service)))]


def ask_erase(turn: Turn, person: Person) -> Effect:
    """/hapus_data."""
    return Show(person.chat_id, screens.erase(words_for(turn, person)))
