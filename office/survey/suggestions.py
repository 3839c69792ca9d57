"""What a typed text does to a suggestion: of an open response, or of one that was sent."""

from __future__ import annotations

from dataclasses import dataclass

from office.conversation import Kind, Tap
from office.survey import personal
from office.survey.screens import SUGGESTION_MOST
from office.survey.views import Choice, Current, Message, Reply, Unstored, Why
from office.turn import Respondent, Turn
from office.words.text import storable
from storage.survey import responses, suggestions
from storage.survey.open_responses import OpenResponse

FORM = "0"  # the part of a form in a browser, which has one text
MADE = (Choice.WITHOUT, Choice.AS_IS)  # choices about what tells who somebody is


@dataclass(frozen=True, slots=True)
class Typed:
    """A message of a chat: the part of a suggestion that it is, and its text."""

    part: str
    text: str


def on_text(
    turn: Turn, response: OpenResponse, part: str, typed: str, choice: str = ""
) -> Current | Unstored:
    """Take a text as a part of the suggestion, in place of the same part before.

    Args:
        choice: a `Choice` that was made about it; anything else is none.
    """
    text = _chosen(typed, choice)
    tap = Tap(Kind.TEXT, response.key, revision=response.revision)
    if choice != Choice.NOT:
        parts = _with(response, part, text)
        length = len("\n".join(parts.values()))
        if length > SUGGESTION_MOST:
            return Unstored(text, Why.TOO_LONG, tap, length)
        if choice not in MADE and personal.found(text):
            return Unstored(text, Why.PERSONAL, tap)
        response = turn.open_responses.change(response, saran_parts=parts)
    if response.writing:
        response = turn.open_responses.await_suggestion(response, False)
    return Current(response)


def _with(response: OpenResponse, part: str, text: str) -> dict[str, str]:
    """The parts of the suggestion with this one; without it when it is empty."""
    parts = {} if part == FORM else {**response.saran_parts, part: text}
    parts[part] = text
    return {number: each for number, each in parts.items() if each}


def fits(response: OpenResponse, part: str, typed: str) -> bool:
    """Whether a part that is there may be replaced by this text."""
    text = storable(typed)
    return bool(text) and len("\n".join(_with(response, part, text).values())) <= SUGGESTION_MOST


def on_added(turn: Turn, who: Respondent, tap: Tap, typed: str, again: bool = False) -> Reply:
    """Add a text to the newest response that this person sent; added twice it is there once."""
    text = _chosen(typed, tap.item)
    if tap.item == Choice.NOT or not text:
        return Reply(Message("not_stored"))
    office, sent = turn.office, None
    if who.person is not None:
        sent = responses.newest_of(
            turn.db, office.secret, who.person, who.door, to_change=not again
        )
    if sent is None:
        return Reply(Message("too_late_to_add"))
    before = suggestions.text_of(turn.db, sent)
    if f"\n{text}\n" in f"\n{before}\n":
        return Reply(Message("suggestion_added"))
    whole = f"{before}\n{text}" if before else text
    if len(whole) > SUGGESTION_MOST:
        return Reply(Unstored(text, Why.TOO_LONG, Tap(Kind.ADD), len(whole)))
    if tap.item not in MADE and personal.found(text):
        return Reply(Unstored(text, Why.PERSONAL, Tap(Kind.ADD)))
    if again:
        return Reply(unsent(text))
    suggestions.write(turn.db, sent, whole, office.calendar.day(turn.now))
    return Reply(Message("suggestion_added"))


def unsent(typed: str) -> Unstored:
    """A text that came after *Kirim*."""
    return Unstored(typed, Why.SENT, Tap(Kind.ADD))


def _chosen(typed: str, choice: str) -> str:
    """The text as it is stored after this choice; empty when nothing of it is left."""
    text = storable(typed)
    if choice != Choice.WITHOUT:
        return text
    text = personal.redacted(text)
    return text if personal.says_something(text) else ""
