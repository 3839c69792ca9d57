"""*Penilaian unit kerja* in /kelola: what the office confirms about the formula's divisor."""

from __future__ import annotations

from collections.abc import Sequence

from bot.officers import access
from bot.officers.rating import heads
from bot.turn.effects import Effect, Toast
from bot.turn.events import Press
from bot.turn.turn import Route, edited
from office import notices, routes
from office.conversation import Tap, to
from office.iku import labels
from office.periods import rating
from office.roles import ADMIN
from office.survey.screens import Button, Screen
from office.turn import Turn
from scoring.numbers import comma
from scoring.unit_instrument import READINGS, ArtiPembagi
from storage import audit, periods
from storage.settings import office_facts

SCREEN, CHOOSE = "arti-pembagi", "arti-pembagi-pilih"
CHOICES: tuple[ArtiPembagi | None, ...] = (*READINGS, None)  # as a button numbers them


def on_screen(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """The form, its range, and the meaning of the divisor."""
    return edited(press, _screen(turn))


def _screen(turn: Turn) -> Screen:
    words = turn.office.words.head
    form = turn.office.unit_instruments[turn.office.unit_instrument_id].instrument
    current = heads.current_period(turn)
    confirmed = office_facts.confirmed_reading(turn.db)
    differs = confirmed is not None and confirmed != form.arti_pembagi
    text = words.reading_screen(
        form=form.code,
        note="" if form.contoh is None else f" ({form.contoh['id']})",
        low=comma(form.minimum),
        high=comma(form.maximum),
        opens=heads.opens(turn, current),
        until=heads.until(turn, current),
        pembagi=form.pembagi,
        own=labels.reading(words, form.arti_pembagi),
        confirmed=labels.reading(words, confirmed),
        remark=words.reading_change_form() if differs else "",
    )
    rows = [
        (Button(_label(turn, arti, confirmed), to(CHOOSE, value=number)),)
        for number, arti in enumerate(CHOICES)
    ]
    return Screen(text, (*rows, (Button(turn.office.words.manage.back(), to(routes.MANAGE)),)))


def _label(turn: Turn, arti: ArtiPembagi | None, confirmed: ArtiPembagi | None) -> str:
    words = turn.office.words.head
    name = labels.reading(words, arti)
    return words.reading_chosen.plain(reading=name) if arti == confirmed else name


def on_choose(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Confirm a meaning, or none; `value`: the number of the choice."""
    if tap.value not in range(len(CHOICES)):
        return access.gone(turn, press)
    before, after = office_facts.confirmed_reading(turn.db), CHOICES[tap.value]
    if before != after and not press.again:
        office_facts.confirm_reading(turn.db, after)
        audit.record(
            turn.db, turn.now, press.person.chat_id, "ubah_arti_pembagi", "penilaian unit kerja",
            before=before, after=after,
        )  # fmt: skip
    return edited(press, _screen(turn))


def on_remind(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Ingatkan kepala unit*: once more in a period, in office hours."""
    words, period = turn.office.words.agenda, periods.current(turn.db, "unit")
    sent = False
    if period is not None and period.id == tap.response and not press.again:
        sent = rating.remind(turn.db, turn.office, period, turn.now)
    return [Toast(press.callback_id, words.reminded() if sent else words.reminded_already())]


BUTTONS: dict[str, Route] = {
    notices.REMIND: Route(ADMIN, on_remind),
    SCREEN: Route(ADMIN, on_screen),
    CHOOSE: Route(ADMIN, on_choose),
}
