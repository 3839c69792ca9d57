"""/poster: posters with the code of a service and its counters, and numbered paper slips."""

from __future__ import annotations

from collections.abc import Sequence

from bot import notices
from bot.acts import Command, Person, Press
from bot.citizen import MOST_ID, words
from bot.flow import Tap
from bot.officers import entry, forms
from bot.officers.doors import ADMIN, Door, OnPress, to
from bot.officers.forms import Field, Form, Values, Wrong
from bot.screens import Button, Screen, paged
from bot.turn import Effect, Show, Toast, Turn, edited
from reports.questionnaire import LAST, MOST
from storage import offices, outbox, people

MENU, CHOOSE, DRAW, SLIPS = "poster", "poster-layanan", "poster-cetak", "poster-kertas"
SIZES = ("a5", "a4")  # as a button's value has them
NUMBERED = "kuesioner:terakhir"  # the highest number a slip was printed with


def on_command(turn: Turn, command: Command) -> Sequence[Effect]:
    """/poster."""
    return [Show(command.person.chat_id, _menu(turn, command.person, 0))]


def on_menu(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Another page of the services."""
    return edited(press, _menu(turn, press.person, tap.value))


def _menu(turn: Turn, person: Person, page: int) -> Screen:
    spoken = turn.office.words.paper
    rows = paged(
        words(turn, person),
        offices.services(turn.db),
        page,
        lambda service: Button(service.name, to(CHOOSE, service.id)),
        lambda number: to(MENU, value=number),
    )
    every = (Button(spoken.poster_all(), to(CHOOSE)),)
    return Screen(spoken.poster_menu(), (every, *rows, (Button(spoken.slips(), to(SLIPS)),)))


def on_choose(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """One service, or all of them (0): on which paper."""
    spoken = turn.office.words.paper
    name = spoken.poster_all()
    if tap.response:
        service = offices.service(turn.db, tap.response) if tap.response < MOST_ID else None
        if service is None:
            return [Toast(press.callback_id, spoken.poster_gone())]
        name = service.name
    sizes = tuple(
        Button(size.upper(), to(DRAW, tap.response, value)) for value, size in enumerate(SIZES)
    )
    back = (Button(turn.office.words.manage.back(), to(MENU)),)
    return edited(press, Screen(spoken.poster_size(service=name), (sizes, back)))


def on_draw(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The PDF comes by the outbox."""
    spoken = turn.office.words.paper
    if tap.value >= len(SIZES) or tap.response >= MOST_ID:
        return [Toast(press.callback_id, spoken.poster_gone())]
    if not press.again:
        body = {"service": tap.response, "size": SIZES[tap.value]}
        outbox.put(turn.db, notices.POSTER, press.person.chat_id, body, turn.now)
    return [Toast(press.callback_id, spoken.poster_coming())]


# --- slips ------------------------------------------------------------------------------------


def on_slips(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """How many slips are wanted."""
    return forms.begin(turn, press.person, PRINTING, {}, press)


def _count(turn: Turn, _values: Values, text: str) -> int:
    found = entry.whole(turn, text)
    if not 1 <= found <= MOST:
        raise Wrong(turn.office.words.paper.slips_wrong(most=MOST))
    return found


def _print(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    """Numbers go on after those printed before: no slip of two piles has the same."""
    spoken = turn.office.words.paper
    first = int(offices.setting(turn.db, NUMBERED) or 0) + 1
    if first + values["count"] - 1 > LAST:
        first = 1  # the paper of years ago is gone
    last = first + values["count"] - 1
    offices.set_setting(turn.db, NUMBERED, last)
    people.record(turn.db, turn.now, person.chat_id, "cetak_kuesioner", f"{first}-{last}")
    outbox.put(turn.db, notices.SLIPS, person.chat_id, {"first": first, "last": last}, turn.now)
    return [Show(person.chat_id, Screen(spoken.slips_coming(first=first, last=last)))]


PRINTING = forms.register(
    Form(
        "kuesioner",
        lambda turn, _values: turn.office.words.paper.slips(),
        ADMIN,
        (
            Field(
                "count",
                "Banyaknya",
                lambda turn, _values: turn.office.words.paper.slips_ask(most=MOST),
                _count,
            ),
        ),
        _print,
    )
)

BUTTONS: dict[str, Door[OnPress]] = {
    MENU: Door(ADMIN, on_menu),
    CHOOSE: Door(ADMIN, on_choose),
    DRAW: Door(ADMIN, on_draw),
    SLIPS: Door(ADMIN, on_slips),
}
