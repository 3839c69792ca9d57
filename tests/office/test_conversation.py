"""Properties of the conversation: any sequence of taps is legal, and taps survive encoding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import commands
from office import conversation
from office.conversation import Kind, Tap, read_tap, to, write_tap
from office.survey import screens
from office.words import all_words
from scoring import instrument_file

INSTRUMENT = instrument_file.named("skm-2017")
WORDS = all_words.load()

taps = st.builds(
    Tap,
    st.sampled_from(Kind),
    st.integers(0, 2**63 - 1),
    st.from_regex(r"\A[A-Za-z0-9_-]{0,30}\Z"),
    st.integers(0, 999_999_999),
    st.integers(0, 99_999),
)


@pytest.mark.slow
@given(taps)
def test_a_written_tap_is_read_back_unchanged(tap: Tap) -> None:
    assert read_tap(write_tap(tap)) == tap


@given(st.text(max_size=80))
def test_any_text_can_be_read_as_a_tap_without_an_error(data: str) -> None:
    tap = read_tap(data)
    assert tap is None or write_tap(tap) == data or data != write_tap(tap)


@pytest.mark.parametrize("code", ["skm-2017", "skm-2004"])
def test_the_longest_button_of_every_instrument_fits_in_64_bytes(code: str) -> None:
    for step in conversation.steps(instrument_file.named(code)):
        data = write_tap(Tap(Kind.ANSWER, 2**63 - 1, step, 99, 99_999))
        assert len(data.encode()) <= 64


@pytest.mark.parametrize("route", sorted(commands.BUTTONS))
def test_the_longest_button_of_every_officers_route_fits_in_64_bytes(route: str) -> None:
    data = write_tap(to(route, 2**63 - 1, 999_999_999, 99_999))
    assert len(data.encode()) <= 64
    assert read_tap(data) is not None


@dataclass(frozen=True)
class Response:
    """An open response in memory."""

    revision: int = 1
    step: str = conversation.first(INSTRUMENT)
    answers: Mapping[str, int | None] = field(default_factory=dict)
    attributes: Mapping[str, str | None] = field(default_factory=dict)
    key: int = 5
    service: str = "KTP-el"
    service_id: int = 1
    saran: str | None = None
    writing: bool = False
    shared: bool = False
    assisted: bool = False


def applied(response: Response, change: conversation.Change) -> Response | None:
    """The response after a change, as storage would do it; None if it was sent."""
    next_revision = replace(response, revision=response.revision + 1)
    match change:
        case conversation.Answered(item, nilai, step):
            return replace(next_revision, step=step, answers={**response.answers, item: nilai})
        case conversation.Described(attribute, code, step):
            return replace(
                next_revision, step=step, attributes={**response.attributes, attribute: code}
            )
        case conversation.Moved(step):
            return replace(next_revision, step=step)
        case conversation.Refilled(items, step):
            left = {code: n for code, n in response.answers.items() if code not in items}
            return replace(next_revision, step=step, answers=left)
        case conversation.Writing(awaited):
            return replace(next_revision, writing=awaited)
        case conversation.Unsaid():
            return replace(next_revision, saran=None)
        case conversation.Sent():
            return None
        case conversation.Looked():
            return response
        case conversation.Stale():
            return response


def screen_of(response: Response, language: str = "id") -> screens.Screen:
    """The screen of a response."""
    return screens.current(WORDS.of(language), language, INSTRUMENT, response, 5)


@pytest.mark.slow
@given(st.lists(st.integers(0, 6), max_size=60), st.sampled_from(["id", "en"]))
def test_any_sequence_of_shown_buttons_leads_to_known_steps(
    presses: list[int], language: str
) -> None:
    response = Response()
    for press in presses:
        buttons = [button for row in screen_of(response, language).rows for button in row]
        tap = buttons[press % len(buttons)].tap
        assert tap is not None
        change = conversation.take(INSTRUMENT, response, tap, 5)
        assert not isinstance(change, conversation.Stale)  # a shown button is never stale
        following = applied(response, change)
        if following is None:
            assert conversation.filled(response) >= 5
            return
        assert following.step in conversation.steps(INSTRUMENT)
        response = following


@pytest.mark.slow
@given(taps)
def test_any_forged_tap_is_stale_or_a_legal_change(tap: Tap) -> None:
    response = Response(revision=tap.revision)
    change = conversation.take(INSTRUMENT, response, tap, 5)
    if isinstance(change, conversation.Answered) and change.nilai is not None:
        assert 1 <= change.nilai <= 4
    assert not isinstance(change, conversation.Sent)


def test_a_tap_of_an_older_revision_changes_nothing() -> None:
    response = Response(revision=4)
    tap = Tap(Kind.ANSWER, 5, response.step, 3, 3)
    assert conversation.take(INSTRUMENT, response, tap, 5) == conversation.Stale()


def test_the_shortest_survey_takes_fifteen_taps_after_the_start() -> None:
    response: Response | None = Response()
    pressed = 1  # Setuju
    while response is not None:
        screen = screen_of(response)
        wanted = [b for row in screen.rows for b in row if not b.label.startswith(("‹", "✍"))]
        tap = wanted[-1].tap if response.step == conversation.REVIEW else wanted[0].tap
        assert tap is not None
        response = applied(response, conversation.take(INSTRUMENT, response, tap, 5))
        pressed += 1
    assert pressed == 15


def test_questions_have_one_button_a_row_then_back_and_skip() -> None:
    rows = screen_of(Response(step="WAKTU")).rows
    assert [len(row) for row in rows] == [1, 1, 1, 1, 2]
    assert [button.label for button in rows[-1]] == ["‹ Kembali", "Lewati ›"]
