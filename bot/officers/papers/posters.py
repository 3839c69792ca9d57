"""/poster: posters with a QR code, and numbered paper questionnaires, as files to print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from bot.officers import access
from bot.officers.catalogue import catalogue_rows
from bot.officers.forms import fields, forms
from bot.officers.forms.form import Choice, Field, Form, InvalidInput, NotSaved, Values, register
from bot.turn.effects import Effect, Show, Toast
from bot.turn.events import Command, Person, Press
from bot.turn.turn import CommandRoute, Route, edited
from office import outbox_bodies, routes
from office.conversation import Tap, to
from office.outbox_bodies import PAPER_SIZES, PosterBody, SlipsBody, VisitSlipsBody
from office.roles import ADMIN
from office.survey.screens import Button, Screen, paged
from office.turn import Turn
from office.words.all_words import OfficeWords
from reports.handouts.questionnaire import A_PAGE, MAX_NUMBER, MAX_SLIPS, MOST_CODES
from scoring import period as calendar
from scoring.instrument import OFFICE_LANGUAGE
from storage import audit, catalogue
from storage.catalogue import Noun, Service
from storage.settings import office_facts, period_marks
from storage.settings.office_facts import PosterCodes
from storage.survey import slips, visit_codes

SERVICE, PRINT, NUMBERS = "poster-layanan", "poster-cetak", "poster-lembar"
CODES, VISITS = "poster-kode", "poster-kunjungan"
CHOICES: tuple[PosterCodes, ...] = get_args(PosterCodes)  # as a button numbers them
COUNTS = (20, 50, 100)
VISIT_COUNTS = (2 * A_PAGE, 5 * A_PAGE, 10 * A_PAGE)


def on_command(turn: Turn, command: Command) -> Sequence[Effect]:
    """/poster."""
    return [Show(command.person.chat_id, _list(turn, 0))]


def on_list(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The services; `value`: the page."""
    return edited(press, _list(turn, tap.value))


def _list(turn: Turn, page: int) -> Screen:
    words, services = turn.office.words.paper, catalogue.active_services(turn.db)
    if not services:
        return Screen(words.poster_none())
    rows = paged(
        turn.office.words.of("id"),
        services,
        page,
        lambda service: Button(service.name, to(SERVICE, service.id)),
        lambda number: to(routes.POSTERS, value=number),
    )
    every = (Button(words.poster_all(), to(SERVICE)),)
    more = [(Button(words.slips_button(), to(NUMBERS)),)]
    if turn.office.visit_codes:
        more.append((Button(words.visits_button(), to(VISITS)),))
    if not turn.office.public_url:
        return Screen(words.poster_which(), (every, *rows, *more))
    both = office_facts.poster_codes(turn.db) == CHOICES[0]
    told, other = words.poster_both if both else words.poster_browser, int(both)
    change = words.poster_choose_browser if both else words.poster_choose_both
    return Screen(
        f"{words.poster_which()}\n\n{told()}",
        (every, *rows, (Button(change(), to(CODES, value=other)),), *more),
    )


def on_codes(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Choose the QR codes of all posters; `value`: the number of the choice."""
    before = office_facts.poster_codes(turn.db)
    if tap.value < len(CHOICES) and CHOICES[tap.value] != before and not press.again:
        after, user = CHOICES[tap.value], press.person.chat_id
        office_facts.choose_poster_codes(turn.db, after)
        audit.record(turn.db, turn.now, user, "ubah_poster", "poster", before=before, after=after)
    return edited(press, _list(turn, 0))


def on_service(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """A service and its counters, each in both sizes; 0: all services."""
    words = turn.office.words.paper
    rows = [_sizes(turn, tap.response, 0, "")]
    name = words.poster_all()
    if tap.response:
        service = catalogue_rows.known(turn, Noun.SERVICE, tap.response)
        if not isinstance(service, Service) or not service.active:
            return access.gone(turn, press)
        name = service.name
        counters = [
            counter for counter in catalogue.counters(turn.db, service.id) if counter.active
        ]
        rows += [_sizes(turn, service.id, counter.id, counter.name) for counter in counters]
    back = (Button(turn.office.words.manage.back(), to(routes.POSTERS)),)
    return edited(press, Screen(words.poster_of(service=name), (*rows, back)))


def _sizes(turn: Turn, service: int, counter: int, name: str) -> tuple[Button, ...]:
    words = turn.office.words.paper
    return tuple(
        Button(
            words.poster_counter.plain(counter=name, size=size.upper())
            if name
            else words.poster_service(size=size.upper()),
            to(PRINT, service, counter, number),
        )
        for number, size in enumerate(PAPER_SIZES)
    )


def on_print(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """`response`: the service or 0, `value`: the counter or 0, `revision`: the size."""
    if tap.revision >= len(PAPER_SIZES) or not _is_active(turn, tap):
        return access.gone(turn, press)
    words, toast = turn.office.words.paper, None
    if not press.again:
        body = PosterBody(tap.response, tap.value, PAPER_SIZES[tap.revision])
        new = outbox_bodies.put_unless_waiting(turn.db, body, press.person.chat_id, turn.now)
        toast = words.coming() if new else words.being_made()
    return [Toast(press.callback_id, toast)]


def _is_active(turn: Turn, tap: Tap) -> bool:
    """Whether the service and the counter of this button are active."""
    if not tap.response:
        return not tap.value and bool(catalogue.active_services(turn.db))
    service = catalogue_rows.known(turn, Noun.SERVICE, tap.response)
    if service is None or not service.active:
        return False
    counters = catalogue.counters(turn.db, service.id)
    return not tap.value or any(counter.id == tap.value and counter.active for counter in counters)


# --- paper questionnaires ---------------------------------------------------------------------


def on_numbers(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """Ask for the first number, the count, and the language where there are several."""
    return forms.begin(turn, press.person, PRINTING, {}, press)


def _languages(turn: Turn, _values: Values) -> Sequence[Choice]:
    """Those that the office offers and the slips can be printed in."""
    words, known = turn.office.words, turn.instrument().languages
    return [(_language(turn, code), code) for code in words.languages if code in known]


def _language(turn: Turn, code: str) -> str:
    return turn.office.words.of(code).language_name.plain()


def _following(turn: Turn) -> int:
    """The number after the highest that was printed or used; 1 again after the last."""
    highest = period_marks.printed_slip(turn.db, turn.period().id)
    used = slips.highest_number(turn.db, turn.period().id)
    if used < MAX_NUMBER:
        highest = max(highest, used)
    return highest + 1 if highest < MAX_NUMBER else 1


def _next(turn: Turn, _values: Values) -> Sequence[Choice]:
    following = _following(turn)
    return [(f"{following:04}", following)]


def _counts(_turn: Turn, _values: Values) -> Sequence[Choice]:
    return [(str(count), count) for count in COUNTS]


def _number(turn: Turn, _values: Values, text: str) -> int:
    number = fields.whole(turn, text)
    if not 1 <= number <= MAX_NUMBER:
        raise InvalidInput(turn.office.words.paper.slips_wrong(last=MAX_NUMBER, most=MAX_SLIPS))
    return number


def _count(turn: Turn, values: Values, text: str) -> int:
    count = fields.whole(turn, text)
    if not 1 <= count <= MAX_SLIPS or values["first"] + count - 1 > MAX_NUMBER:
        raise InvalidInput(turn.office.words.paper.slips_wrong(last=MAX_NUMBER, most=MAX_SLIPS))
    return count


def _print(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    words, chat = turn.office.words.paper, person.chat_id
    first = int(values["first"])
    last = min(first + int(values["count"]) - 1, MAX_NUMBER)
    body = SlipsBody(first, last, values.get("language", OFFICE_LANGUAGE))
    if not outbox_bodies.put_unless_waiting(turn.db, body, chat, turn.now):
        raise NotSaved([Show(chat, Screen(words.being_made()))])
    period_id = turn.period().id
    before = period_marks.printed_slip(turn.db, period_id)
    if first == 1 and before == MAX_NUMBER:
        period_marks.restart_printed_slips(turn.db, period_id, last)
    else:
        period_marks.note_printed_slip(turn.db, period_id, last)
    target, numbers = "lembar kertas", f"{first:04}–{last:04}"
    user, action = chat, "cetak_kuesioner"
    audit.record(turn.db, turn.now, user, action, target, before=before or None, after=numbers)
    return [Show(chat, Screen(words.coming()))]


PRINTING = register(
    Form(
        "lembar-kertas",
        lambda turn, _values: turn.office.words.paper.slips_title(),
        ADMIN,
        (
            Field(
                "first",
                lambda words: words.paper.label_first.plain(),
                lambda turn, _values: turn.office.words.paper.slips_first(
                    next=f"{_following(turn):04}", last=MAX_NUMBER
                ),
                _number,
                _next,
                show=lambda _turn, value: f"{value:04}",
            ),
            Field(
                "count",
                lambda words: words.paper.label_count.plain(),
                lambda turn, _values: turn.office.words.paper.slips_count(most=MAX_SLIPS),
                _count,
                _counts,
            ),
            Field(
                "language",
                lambda words: words.paper.label_language.plain(),
                lambda turn, _values: turn.office.words.paper.slips_language(),
                choices=_languages,
                show=_language,
                wanted=lambda turn, values: len(_languages(turn, values)) > 1,
            ),
        ),
        _print,
        goes_on=True,
    )
)

# --- codes of a visit --------------------------------------------------------------------------


def on_visits(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """Ask how many codes."""
    if not turn.office.visit_codes:
        return access.gone(turn, press)
    return forms.begin(turn, press.person, PRINTING_VISITS, {}, press)


def _visits_left(turn: Turn) -> int:
    """How many codes can be printed now."""
    printed = period_marks.visits_printed(turn.db, turn.period().id)
    return min(MOST_CODES, visit_codes.HIGHEST - printed)


def _visit_counts(turn: Turn, _values: Values) -> Sequence[Choice]:
    left = _visits_left(turn)
    return [(str(count), count) for count in VISIT_COUNTS if count <= left]


def _visit_count(turn: Turn, _values: Values, text: str) -> int:
    count, left = fields.whole(turn, text), _visits_left(turn)
    if not 1 <= count <= left:
        raise InvalidInput(turn.office.words.paper.visits_wrong(most=left))
    return count


def _print_visits(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    words, chat, period = turn.office.words.paper, person.chat_id, turn.period()
    first = period_marks.visits_printed(turn.db, period.id) + 1
    last = first + min(int(values["count"]), _visits_left(turn)) - 1
    period_marks.note_visits_printed(turn.db, period.id, last)
    outbox_bodies.put(turn.db, VisitSlipsBody(period.id, first, last), chat, turn.now)
    target, numbers = period.label, f"{first}–{last}"
    audit.record(turn.db, turn.now, chat, "cetak_kode_kunjungan", target, after=numbers)
    return [Show(chat, Screen(words.coming()))]


PRINTING_VISITS = register(
    Form(
        "kode-kunjungan",
        lambda turn, _values: turn.office.words.paper.visits_title(),
        ADMIN,
        (
            Field(
                "count",
                lambda words: words.paper.label_count.plain(),
                lambda turn, _values: turn.office.words.paper.visits_count(
                    most=_visits_left(turn),
                    period=calendar.title(turn.office.calendar.parse(turn.period().label)),
                ),
                _visit_count,
                _visit_counts,
            ),
        ),
        _print_visits,
        goes_on=True,
    )
)

COMMANDS: tuple[CommandRoute[OfficeWords], ...] = (
    CommandRoute(routes.POSTERS, lambda words: words.cmd_poster, ADMIN, on_command),
)

BUTTONS: dict[str, Route] = {
    routes.POSTERS: Route(ADMIN, on_list),
    SERVICE: Route(ADMIN, on_service),
    PRINT: Route(ADMIN, on_print),
    CODES: Route(ADMIN, on_codes),
    NUMBERS: Route(ADMIN, on_numbers),
    VISITS: Route(ADMIN, on_visits),
}
