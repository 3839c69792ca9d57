"""What a citizen's tap or text changes, whichever door it came through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from office import conversation
from office.conversation import Kind, Tap
from office.survey import screens, suggestions
from office.survey.personal import is_greeting
from office.survey.views import (
    Choice,
    Current,
    Message,
    Opening,
    Reply,
    Services,
    Thanks,
    is_sender,
    takes_visit_codes,
    times_rated,
)
from office.turn import Respondent, Turn, language_for, open_response
from scoring.channels import CHANNELS
from storage import catalogue, people
from storage.catalogue import Service, ServiceCounter
from storage.database import ROW_IDS
from storage.settings import period_marks, program_state
from storage.survey import open_responses, responses, visit_codes
from storage.survey.open_responses import NewResponse, OpenResponse, owner_hash_of

STALE, UNKNOWN = "toast_stale", "toast_unknown"


def on_tap(turn: Turn, who: Respondent, tap: Tap, again: bool = False) -> Reply:
    """A button of the survey or of the screens before it.

    Args:
        again: the tap was handled before: it changes nothing and shows the current screen.
    """
    return BUTTONS.get(tap.kind, on_answer)(turn, who, tap, again)


def on_answer(turn: Turn, who: Respondent, tap: Tap, again: bool) -> Reply:
    """A button of a question or of the review."""
    response = open_response(turn, who)
    if response is None or response.key != tap.response:
        return _on_other_response(turn, who, tap)
    if again:
        return Reply(Current(response))
    instrument = turn.open_responses.instrument(response)
    change = conversation.take(instrument, response, tap, turn.office.min_filled)
    match change:
        case conversation.Answered(item, nilai, step):
            answered = turn.open_responses.answer(response, item, nilai, step)
            response = _flagged(turn, who, response, answered)
        case conversation.Described(attribute, code, step):
            response = turn.open_responses.set_attribute(response, attribute, code, step)
        case conversation.Moved(step):
            response = turn.open_responses.change(response, step=step)
        case conversation.Refilled(items, step):
            response = turn.open_responses.ask_again(response, items, step)
        case conversation.Writing(awaited):
            response = turn.open_responses.await_suggestion(response, awaited)
        case conversation.Unsaid():
            response = turn.open_responses.change(response, saran_parts={})
        case conversation.Looked(shown):
            return Reply(Current(response, shown))
        case conversation.Sent():
            return _send(turn, who, response)
        case conversation.Stale():
            return Reply(Current(response), STALE)
        case _:
            assert_never(change)
    return Reply(Current(response))


def _flagged(
    turn: Turn, who: Respondent, before: OpenResponse, response: OpenResponse
) -> OpenResponse:
    """Move a response to the channel of bursts if it is of one when it begins to count.

    It begins to count before *Kirim*: what is not sent counts too when it ends by itself.
    """
    burst = CHANNELS[response.kanal].burst
    if burst is None or who.notes_burst is None:
        return response
    instrument, least = turn.open_responses.instrument(response), turn.office.min_filled
    counted, counts = (
        conversation.opinion_given(instrument, each, least) for each in (before, response)
    )
    if counted or not counts or not who.notes_burst(response.key, turn.now):
        return response
    return turn.open_responses.replace_silently(replace(response, kanal=burst))


def _send(turn: Turn, who: Respondent, response: OpenResponse) -> Reply:
    if not _completed(turn, response, turn.now):
        return _on_other_response(turn, who, Tap(Kind.SEND, response.key))
    return Reply(Thanks(response.key, response.language))


def _completed(turn: Turn, response: OpenResponse, answered_at: datetime) -> bool:
    """Complete the response; False when its period is not the open one any more."""
    period = turn.period()
    if response.period_id != period.id or period.salt is None:
        return False
    calendar = turn.office.calendar
    owner = owner_hash_of(turn.office.secret, period.salt, response)
    at = period.within(answered_at)
    turn.open_responses.complete(response, owner, calendar.day(at), calendar.survey_hour(at))
    return True


def on_end(turn: Turn, who: Respondent, tap: Tap, again: bool) -> Reply:
    """*Sudahi* of a reminder: a whole opinion counts at once, anything less is deleted."""
    response = open_response(turn, who)
    if response is None or response.key != tap.response:
        other = _on_other_response(turn, who, tap)
        if not isinstance(other.view, Message):
            return other
        # Pressed twice; or a repeated update, whose screen may have been lost.
        return Reply(Message("ended_deleted") if again else None, other.notice)
    if again or response.revision != tap.revision:
        return Reply(Current(response), None if again else STALE)
    instrument = turn.open_responses.instrument(response)
    if conversation.opinion_given(instrument, response, turn.office.min_filled):
        if not _completed(turn, response, response.touched_at):
            return _on_other_response(turn, who, tap)
        return Reply(Thanks(response.key, response.language, ended=True))
    turn.open_responses.delete(response)
    return Reply(Message("ended_deleted", response.language))


def _on_other_response(turn: Turn, who: Respondent, tap: Tap) -> Reply:
    """A button of a response that is not this person's open one."""
    if open_responses.is_open(turn.db, tap.response):
        return Reply(None, "toast_foreign")
    sent = responses.by_key(turn.db, tap.response)
    if sent is not None:
        mine = is_sender(turn, who, sent)
        return Reply(Thanks(tap.response), "toast_done") if mine else Reply(None, "toast_foreign")
    response = open_response(turn, who)
    if response is not None:
        return Reply(Current(response), STALE)
    return Reply(Message("expired"), "toast_expired")


def on_services(turn: Turn, who: Respondent, tap: Tap, again: bool) -> Reply:
    """A page of the list of services."""
    return Reply(Services(tap.value))


def on_service(turn: Turn, who: Respondent, tap: Tap, again: bool) -> Reply:
    """A service of the list, or the same one for another person (`revision` is its urutan)."""
    target = _target(turn, tap)
    if target is None:
        return _with_current(turn, who, "unknown_service")
    return Reply(Opening(*target, urutan=tap.revision))


def on_consent(turn: Turn, who: Respondent, tap: Tap, again: bool) -> Reply:
    """*Setuju, mulai*: begin the response; a second press shows the one that has begun."""
    return _begin(turn, who, tap, again)


def on_code(turn: Turn, who: Respondent, tap: Tap, typed: str) -> Reply:
    """*Setuju, mulai* with a code of a visit; one that is wrong or used may be left out."""
    target, period = _target(turn, tap), turn.period()
    begun = open_response(turn, who) is not None
    if begun or target is None or period.salt is None or not takes_visit_codes(turn, who):
        return _begin(turn, who, tap)
    printed = period_marks.visits_printed(turn.db, period.id)
    number = visit_codes.read(turn.office.secret, period.salt, printed, typed)
    if number is None:
        return Reply(Opening(*target, urutan=tap.revision), "visit_code_wrong")
    if not visit_codes.is_free(turn.db, period.id, number):
        return Reply(Opening(*target, urutan=tap.revision), "visit_code_used")
    return _begin(turn, who, tap, visit=number)


def _begin(
    turn: Turn, who: Respondent, tap: Tap, again: bool = False, visit: int | None = None
) -> Reply:
    response = open_response(turn, who)
    target = _target(turn, tap)
    if response is not None:
        if str(response.service_id) == tap.item:
            return Reply(Current(response))
        return Reply(Services() if target is None else Opening(*target))
    if target is None or who.person is None:
        return _with_current(turn, who, "unknown_service")
    service, counter = target
    times = times_rated(turn, who, service.id)
    if again or times >= turn.office.repeat or tap.revision != times + 1:
        return Reply(Opening(service, counter, tap.revision))
    start = NewResponse(
        who.person,
        service,
        counter.id if counter else None,
        who.kanal if visit is None else CHANNELS[who.kanal].visited or who.kanal,
        times + 1,
        language_for(turn, who),
        door=who.door,
        visit=visit,
    )
    period = turn.period()
    response = turn.open_responses.start(
        start, period, turn.office.asked_in(period), conversation.first(turn.instrument())
    )
    return Reply(Current(response))


def on_continue(turn: Turn, who: Respondent, tap: Tap, again: bool) -> Reply:
    """*Lanjutkan*."""
    response = open_response(turn, who)
    if response is None or response.key != tap.response:
        return _on_other_response(turn, who, tap)
    return Reply(Current(response))


def on_replace(turn: Turn, who: Respondent, tap: Tap, again: bool) -> Reply:
    """*Ganti*: delete the open response and show another service, or the list."""
    response = open_response(turn, who)
    if response is None or response.key != tap.response:
        return _on_other_response(turn, who, tap)
    if again or response.revision != tap.revision:
        return Reply(Current(response), None if again else STALE)
    turn.open_responses.delete(response)
    target = _target(turn, tap)
    return Reply(Services() if target is None else Opening(*target))


def _target(turn: Turn, tap: Tap) -> tuple[Service, ServiceCounter | None] | None:
    known = tap.item.isdecimal() and int(tap.item) in ROW_IDS
    service = catalogue.active_service(turn.db, int(tap.item)) if known else None
    if service is None:
        return None
    counter = catalogue.active_counter(turn.db, tap.value) if tap.value else None
    return service, counter if counter and counter.service_id == service.id else None


def on_language(turn: Turn, who: Respondent, tap: Tap, again: bool) -> Reply:
    """Choose a language; on the consent screen (`response` is the service) the screen stays."""
    if tap.item not in turn.office.words.languages:
        return _with_current(turn, who, UNKNOWN)
    response = open_response(turn, who)
    # An assisted response has the language of its citizen, not of the chat.
    assisted = response is not None and response.assisted
    if not again and not assisted and who.person is not None:
        key = people.person_key(turn.office.secret, who.person, who.door)
        people.choose_language(turn.db, key, tap.item)
    if response is not None:
        if response.language != tap.item and not again:
            response = turn.open_responses.change(response, language=tap.item)
        return Reply(Current(response))
    service_tap = Tap(Kind.SERVICE, item=str(tap.response), value=tap.value)
    if tap.response and (target := _target(turn, service_tap)) is not None:
        return Reply(Opening(*target, urutan=tap.revision))
    return Reply(Message("language_chosen", tap.item))


def on_erase(turn: Turn, who: Respondent, tap: Tap, again: bool) -> Reply:
    """Delete everything of this person that can be deleted."""
    if tap.kind == Kind.KEEP:
        return Reply(Message("kept"))
    erased = Reply(Message("erased", language_for(turn, who)))
    if again or who.person is None:
        return erased
    response = open_response(turn, who)
    if response is not None and not response.assisted:
        turn.open_responses.delete(response)
    turn.open_responses.flush()
    office, deltas = turn.office, turn.open_responses.deltas
    responses.erase(
        turn.db, office.instruments, deltas, office.secret, who.person, turn.now, who.door
    )
    people.forget_language(turn.db, people.person_key(office.secret, who.person, who.door))
    program_state.note_deletion(turn.db, office.calendar.day(turn.now))
    return erased


BUTTONS: dict[Kind, Callable[[Turn, Respondent, Tap, bool], Reply]] = {
    Kind.SERVICES: on_services,
    Kind.SERVICE: on_service,
    Kind.CONSENT: on_consent,
    Kind.CONTINUE: on_continue,
    Kind.REPLACE: on_replace,
    Kind.END: on_end,
    Kind.LANGUAGE: on_language,
    Kind.ERASE: on_erase,
    Kind.KEEP: on_erase,
}


def _with_current(turn: Turn, who: Respondent, notice: str) -> Reply:
    response = open_response(turn, who)
    return Reply(None if response is None else Current(response), notice)


def on_typed(turn: Turn, who: Respondent, tap: Tap, typed: str) -> Reply:
    """The text field of a form: the suggestion, or a part of a service's name."""
    if tap.kind == Kind.SERVICES:
        searched = "" if is_greeting(turn.office.words, typed) else typed
        return Reply(Services(typed=" ".join(searched.split())[: screens.TYPED]))
    if tap.kind == Kind.ADD:
        return suggestions.on_added(turn, who, tap, typed)
    response = open_response(turn, who)
    if response is None or response.key != tap.response:
        return _late(turn, who, tap, typed)
    if response.revision != tap.revision or not response.writing:
        return Reply(Current(response), STALE)
    return Reply(suggestions.on_text(turn, response, suggestions.FORM, typed, tap.item))


def on_chosen(
    turn: Turn, who: Respondent, tap: Tap, typed: suggestions.Typed | None, again: bool
) -> Reply:
    """A button below a message that was not stored.

    Args:
        typed: the message as it is now; None when it cannot be read any more.
    """
    response = open_response(turn, who)
    if tap.kind == Kind.TEXT and response is not None and response.key == tap.response:
        if again or tap.item == Choice.NOT:
            return Reply(Current(response), None if again else "not_stored")
        if typed is None:
            return Reply(Message("text_gone"))
        return Reply(suggestions.on_text(turn, response, typed.part, typed.text, tap.item))
    if tap.item == Choice.NOT:
        return Reply(Message("not_stored"))
    if typed is None:
        return Reply(Message("text_gone"))
    if tap.kind == Kind.TEXT:
        return _late(turn, who, tap, typed.text)
    return suggestions.on_added(turn, who, tap, typed.text, again)


def _late(turn: Turn, who: Respondent, tap: Tap, typed: str) -> Reply:
    """A suggestion to a response that is not open; the sender of a sent one may add it."""
    reply = _on_other_response(turn, who, tap)
    if isinstance(reply.view, Thanks) and typed.strip():
        return Reply(suggestions.unsent(typed))
    return reply
