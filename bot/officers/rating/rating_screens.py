"""The screens of a unit head's rating: the citizens' buttons under routes of their own."""

from __future__ import annotations

from dataclasses import replace

from office import conversation
from office.conversation import Kind, Tap, to
from office.survey import screens
from office.survey.screens import Button, Screen
from office.words.all_words import Words
from scoring.unit_instrument import UnitInstrument
from storage.ratings import OpenRating

LANGUAGE = "id"  # officers are spoken to in Indonesian

# A head walks as a citizen does; the doors ask at each of these routes who presses.
WALK: dict[str, Kind] = {
    "nilai-jawab": Kind.ANSWER,
    "nilai-lewat": Kind.SKIP,
    "nilai-kembali": Kind.BACK,
    "nilai-isi": Kind.REFILL,
    "nilai-kirim": Kind.SEND,
}
ROUTES = {kind: route for route, kind in WALK.items()}


def ours(button: Button) -> Button:
    """A citizen's button as a head's."""
    tap = button.tap
    if tap is None:
        return button
    return replace(button, tap=to(ROUTES[tap.kind], tap.response, tap.value, tap.revision))


def tap_of(place: OpenRating, tap: Tap) -> Tap:
    """What a head's button says to the conversation: its step is that of its revision."""
    return Tap(WALK[tap.item], tap.response, place.step, tap.value, tap.revision)


def current(words: Words, form: UnitInstrument, place: OpenRating) -> Screen:
    """The screen of where this rating stands; it never shows an answer given before."""
    if place.step == conversation.REVIEW:
        return _review(words, form, place)
    return _question(words, form, place)


def _question(words: Words, form: UnitInstrument, place: OpenRating) -> Screen:
    aspek, wording = form.aspek_of(place.step), form.item(place.step).mudah[LANGUAGE]
    text = words.head.indikator(
        unit=place.unit,
        aspek=aspek.name[LANGUAGE],
        aspek_number=form.aspek.index(aspek) + 1,
        aspek_total=len(form.aspek),
        number=form.codes.index(place.step) + 1,
        total=len(form.codes),
        question=wording.question,
    )
    spoken = words.of(LANGUAGE)
    low = form.scale[0]
    rows = screens.choices(spoken, form, place, wording.labels, low, spoken.skip())
    return Screen(text, tuple(tuple(ours(button) for button in row) for row in rows))


def _review(words: Words, form: UnitInstrument, place: OpenRating) -> Screen:
    spoken, filled, total = words.of(LANGUAGE), conversation.filled(place), len(form.codes)
    facts = {"unit": place.unit, "filled": filled, "total": total}
    rows = []
    if conversation.skipped_items(form, place):
        rows.append(_button(place, spoken.fill_skipped(), Kind.REFILL))
    if filled < form.min_filled:
        text = words.head.rating_short(**facts, least=form.min_filled)
    else:
        text = words.head.rating_review(**facts)
        rows.append(_button(place, spoken.send(), Kind.SEND))
    rows.append(_button(place, spoken.back(), Kind.BACK))
    return Screen(text, tuple((button,) for button in rows))


def _button(place: OpenRating, label: str, kind: Kind) -> Button:
    return Button(label, to(ROUTES[kind], place.key, 0, place.revision))
