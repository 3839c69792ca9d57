"""The screens of a unit head's rating: the citizens' buttons under routes of their own."""

from __future__ import annotations

from dataclasses import replace

from office import conversation
from office.conversation import Kind, Tap, to
from office.survey import screens
from office.survey.screens import Button, Screen
from office.words.all_words import Words
from scoring.unit_instrument import UnitInstrument
from storage.unit_index.ratings import OpenRating

LANGUAGE = "id"  # officers read Indonesian

# The buttons of the rating, as routes: each is checked for the role of a unit head.
WALK: dict[str, Kind] = {
    "nilai-jawab": Kind.ANSWER,
    "nilai-lewat": Kind.SKIP,
    "nilai-kembali": Kind.BACK,
    "nilai-isi": Kind.REFILL,
    "nilai-kirim": Kind.SEND,
}
ROUTES = {kind: route for route, kind in WALK.items()}


def head_button(button: Button) -> Button:
    """A button of the citizens' screens under the route of the unit heads."""
    tap = button.tap
    if tap is None:
        return button
    return replace(button, tap=to(ROUTES[tap.kind], tap.response, tap.value, tap.revision))


def tap_of(rating: OpenRating, tap: Tap) -> Tap:
    """A unit head's tap as a tap of the conversation."""
    return Tap(WALK[tap.item], tap.response, rating.step, tap.value, tap.revision)


def current(words: Words, form: UnitInstrument, rating: OpenRating) -> Screen:
    """The current screen of a rating; it never shows an earlier answer."""
    if rating.step == conversation.REVIEW:
        return _review(words, form, rating)
    return _question(words, form, rating)


def _question(words: Words, form: UnitInstrument, rating: OpenRating) -> Screen:
    aspek, wording = form.aspek_of(rating.step), form.item(rating.step).mudah[LANGUAGE]
    text = words.head.indikator(
        unit=rating.unit,
        aspek=aspek.name[LANGUAGE],
        aspek_number=form.aspek.index(aspek) + 1,
        aspek_total=len(form.aspek),
        number=form.codes.index(rating.step) + 1,
        total=len(form.codes),
        question=wording.question,
    )
    citizen_words = words.of(LANGUAGE)
    low = form.scale[0]
    rows = screens.choices(citizen_words, form, rating, wording.labels, low, citizen_words.skip())
    return Screen(text, tuple(tuple(head_button(button) for button in row) for row in rows))


def _review(words: Words, form: UnitInstrument, rating: OpenRating) -> Screen:
    citizen_words, filled, total = words.of(LANGUAGE), conversation.filled(rating), len(form.codes)
    counts = {"unit": rating.unit, "filled": filled, "total": total}
    rows = []
    if conversation.skipped_items(form, rating):
        rows.append(_button(rating, citizen_words.fill_skipped(), Kind.REFILL))
    if filled < form.min_filled:
        text = words.head.rating_short(**counts, least=form.min_filled)
    else:
        text = words.head.rating_review(**counts)
        rows.append(_button(rating, citizen_words.send(), Kind.SEND))
    rows.append(_button(rating, citizen_words.back(), Kind.BACK))
    return Screen(text, tuple((button,) for button in rows))


def _button(rating: OpenRating, label: str, kind: Kind) -> Button:
    return Button(label, to(ROUTES[kind], rating.key, 0, rating.revision))
