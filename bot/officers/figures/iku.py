"""/iku: the table of a year, its picture, its targets, and realisasi entered by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from bot.officers import access
from bot.officers.forms import fields, forms
from bot.officers.forms.form import Choice, Field, Form, InvalidInput, NotSaved, Values, register
from bot.officers.planning import targets
from bot.turn.effects import Effect, Show, Toast
from bot.turn.events import Command, Person, Press
from bot.turn.turn import CommandRoute, OnPress, Route, edited
from office import outbox_bodies, routes
from office.conversation import Tap, to
from office.iku import table
from office.iku.labels import beside_target, capaian, rules, target, written_target
from office.iku.table import Line
from office.outbox_bodies import IkuPictureBody
from office.roles import ADMIN, READERS
from office.survey.screens import Button, Screen
from office.turn import Turn
from office.words.all_words import Html, OfficeWords
from office.words.iku import IkuWords
from scoring.iku import Target
from scoring.numbers import comma
from scoring.period import YEARS
from scoring.plan import PlanHead
from storage import audit
from storage.database import ROW_IDS
from storage.planning import ikus, plans
from storage.planning.ikus import Indicator
from storage.settings import office_facts

TABLE = "iku"
EARLIER = 2  # years before that a row shows
LARGEST = Decimal(1_000_000)
SOURCE = 200
ALL = 0  # in place of the id of an indikator
REASON = 300


def on_command(turn: Turn, command: Command) -> Sequence[Effect]:
    """/iku [tahun]."""
    chat = command.person.chat_id
    year = turn.office.calendar.day(turn.now).year
    if command.argument:
        written = command.argument
        if not (written.isascii() and written.isdecimal() and int(written[:5]) in YEARS):
            return [Show(chat, Screen(turn.office.words.iku.year_wrong()))]
        year = int(written)
    return [Show(chat, screen(turn, chat, year))]


def on_year(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Another year's table."""
    if tap.value not in YEARS:
        return [Toast(press.callback_id, turn.office.words.iku.year_wrong())]
    return edited(press, screen(turn, press.person.chat_id, tap.value))


def screen(turn: Turn, user_id: int, year: int) -> Screen:
    """The table of a year with the years before, and its buttons."""
    words, plan = turn.office.words.iku, plans.of_year(turn.db, year)
    plans_button = (Button(words.plans(), to(routes.PLANS)),)
    papers = Button(turn.office.words.document.papers(), to(routes.PLANNING_PAPERS, value=year))
    turned = (
        Button(f"‹ {year - 1}", to(TABLE, value=year - 1)),
        Button(f"{year + 1} ›", to(TABLE, value=year + 1)),
    )
    if plan is None:
        return Screen(words.no_plan(year=year), (turned, plans_button))
    lines_by_year = table.of_years(turn.db, turn.office, range(year - EARLIER, year + 1))
    ends = ikus.targets(turn.db, [plan.head.last])
    lines = [
        _row(words, number, line, lines_by_year, plan.head, ends)
        for number, line in enumerate(lines_by_year[year], 1)
    ]
    text = words.table(
        office=office_facts.name(turn.db),
        year=year,
        lines=Html("\n".join(lines)),
        rules=rules(words, plan.head.rules),
    )
    rows: list[tuple[Button, ...]] = [
        turned,
        (
            Button(words.draw(), to("iku-gambar", value=year)),
            Button(words.progress(), to("iku-jalan", value=year)),
        ),
    ]
    if access.may(turn, user_id, ADMIN):
        rows.append((Button(words.set_target(), to(routes.TARGETS, value=year)),))
        rows.append((Button(words.set_entry(), to("iku-isi", value=year)),))
    return Screen(text, (*rows, (*plans_button, papers)))


def _row(
    words: IkuWords,
    number: int,
    line: Line,
    lines_by_year: dict[int, list[Line]],
    plan: PlanHead,
    ends: Mapping[tuple[int, int], Target],
) -> str:
    row, end = line.row, ends.get((line.indicator.id, plan.last))
    compared = table.compared(lines_by_year, line, end or Target())
    text = words.row(
        number=number,
        indikator=row.indikator,
        figures=beside_target(words, row, line.predikat),
        capaian=capaian(words, line.row, plan.rules.cap),
        note=Html(words.row_note(note=line.full_note) if line.full_note else ""),
    )
    for year, value in sorted(compared.earlier.items(), reverse=True):
        if value is not None:
            text += words.row_change(year=year, value=comma(value))
    if end is not None and plan.last != row.tahun and compared.progress.nilai is not None:
        progress = f"{comma(compared.progress.shown() or Decimal(0))} %"
        text += words.row_end(year=plan.last, target=target(words, end), progress=progress)
    return text


def on_draw(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The table as a picture: drawn and sent by the outbox."""
    if tap.value not in YEARS:
        return [Toast(press.callback_id, turn.office.words.iku.year_wrong())]
    if not press.again:
        outbox_bodies.put(turn.db, IkuPictureBody(tap.value), press.person.chat_id, turn.now)
    return [Toast(press.callback_id, turn.office.words.iku.drawing())]


def on_progress(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The progress of an indikator to its target as a picture, drawn by the outbox."""
    words, year = turn.office.words.iku, tap.value
    if year not in YEARS:
        return [Toast(press.callback_id, words.year_wrong())]
    if tap.response == 0:
        return edited(press, _which(turn, year))
    known = tap.response in ROW_IDS
    if not known or not table.course(turn.db, turn.office, year, tap.response):
        return [Toast(press.callback_id, words.progress_none())]
    if not press.again:
        body = IkuPictureBody(year, tap.response)
        outbox_bodies.put(turn.db, body, press.person.chat_id, turn.now)
    return [Toast(press.callback_id, words.drawing())]


def _which(turn: Turn, year: int) -> Screen:
    words = turn.office.words.iku
    rows = [
        (Button(indicator.indikator, to("iku-jalan", indicator.id, year)),)
        for indicator in ikus.of_year(turn.db, year)
    ]
    back = Button(words.back_to_table(), to(TABLE, value=year))
    return Screen(words.which_progress(year=year), (*rows, (back,)))


# --- targets and realisasi by hand ------------------------------------------------------------


def _opens(form: Callable[[], Form]) -> OnPress:
    def on_press(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
        if tap.value not in YEARS:
            return [Toast(press.callback_id, turn.office.words.iku.year_wrong())]
        if plans.of_year(turn.db, tap.value) is None:
            return edited(press, screen(turn, press.person.chat_id, tap.value))
        return forms.begin(turn, press.person, form(), {"year": tap.value}, press)

    return on_press


def _indicators(turn: Turn, values: Values) -> Sequence[Choice]:
    of_year = ikus.of_year(turn.db, values["year"])
    return [(indicator.indikator[:60], indicator.id) for indicator in of_year]


def _named(turn: Turn, iku_id: Any) -> str:
    return ikus.name_of(turn.db, iku_id) or str(iku_id)


def _known(turn: Turn, values: Values) -> Indicator | None:
    of_year = ikus.of_year(turn.db, values["year"])
    return next((indicator for indicator in of_year if indicator.id == values["iku"]), None)


def _number(turn: Turn, _values: Values, text: str) -> str:
    return str(fields.decimal(turn, text, LARGEST))


def _written(_turn: Turn, value: Any) -> str:
    return comma(Decimal(value))


def _question(turn: Turn, values: Values, ask: Callable[[IkuWords], Callable[..., str]]) -> str:
    named = _named(turn, values["iku"])
    return ask(turn.office.words.iku)(year=values["year"], indikator=named)


WHICH = Field(
    "iku",
    lambda words: words.iku.label_indikator.plain(),
    lambda turn, _values: turn.office.words.iku.which_indicator(),
    choices=_indicators,
    show=_named,
)


def _which_or_all(turn: Turn, values: Values) -> Sequence[Choice]:
    return [*_indicators(turn, values), (turn.office.words.plan.all_at_once.plain(), ALL)]


def _which_named(turn: Turn, iku_id: Any) -> str:
    return turn.office.words.plan.all_at_once.plain() if iku_id == ALL else _named(turn, iku_id)


def _ask_target(turn: Turn, values: Values) -> str:
    words = turn.office.words
    if values["iku"] == ALL:
        codes = [indicator.code for indicator in ikus.of_year(turn.db, values["year"])]
        return words.plan.ask_all_targets(codes=", ".join(codes), code=codes[-1])
    return _question(turn, values, lambda words: words.ask_target) + words.plan.many_targets()


def _typed_targets(turn: Turn, values: Values, text: str) -> targets.Typed:
    year = int(values["year"])
    plan = plans.of_year(turn.db, year)
    years = plan.head.years if plan else range(year, year + 1)
    if values["iku"] == ALL:
        indicators = ikus.of_year(turn.db, year)
        return targets.several(turn, text, indicators, years, year)
    return targets.one(turn, text, values["iku"], years, year)


def _shown_targets(turn: Turn, typed: Any) -> str:
    lines = []
    for iku_id, rows in targets.by_indikator(typed).items():
        each = "; ".join(f"{row[1]}: {written_target(targets.target(row))}" for row in rows)
        lines.append(f"{ikus.code_of(turn.db, int(str(iku_id)))} {each}")
    return "\n".join(lines)


def _save_target(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    """Set the targets of indikator and years that the plan still holds."""
    year, typed = int(values["year"]), values["target"]
    of_years = ikus.of_years(turn.db, {int(row[1]) for row in typed})
    saved = []
    for row in typed:
        of_year = int(row[1])
        known = (one for one in of_years[of_year] if one.id == row[0])
        indicator = next(known, None)
        if indicator is not None:
            _set_target(turn, person, indicator, of_year, targets.target(row))
            saved.append(row)
    text = turn.office.words.plan.targets_saved(lines=_shown_targets(turn, saved))
    shown = [Show(person.chat_id, Screen(text))] if saved else []
    return [*shown, Show(person.chat_id, screen(turn, person.chat_id, year))]


def _set_target(turn: Turn, person: Person, indicator: Indicator, year: int, aimed: Target) -> None:
    before = ikus.targets(turn.db, [year]).get((indicator.id, year))
    ikus.set_target(turn.db, indicator.id, year, aimed)
    audit.record(
        turn.db, turn.now, person.chat_id, "target_iku", f"{indicator.indikator[:80]} {year}",
        before=written_target(before) if before else None, after=written_target(aimed),
    )  # fmt: skip


TARGET = register(
    Form(
        routes.TARGETS,
        lambda turn, values: turn.office.words.iku.target_title(year=values["year"]),
        ADMIN,
        (
            replace(WHICH, choices=_which_or_all, show=_which_named),
            Field(
                "target",
                lambda words: words.iku.label_target.plain(),
                _ask_target,
                _typed_targets,
                show=_shown_targets,
            ),
        ),
        _save_target,
    )
)


def _before(turn: Turn, values: Values) -> ikus.EnteredRealisasi | None:
    year = int(values["year"])
    return ikus.entered_realisasi(turn.db, [year]).get((values.get("iku", 0), year))


def _by_hand(turn: Turn, values: Values, text: str) -> str:
    """Refuse a year for which the bot has computed a figure."""
    indicator, year = _known(turn, values), int(values["year"])
    of_year, sumber = ikus.rules(turn.db, year), indicator.sumber if indicator else ""
    own_figure = table.own(turn.db, turn.office, of_year, sumber, year)
    if indicator is not None and own_figure.nilai is not None:
        words = turn.office.words.iku
        raise InvalidInput(
            words.own_figure(indikator=indicator.indikator, year=year, note=own_figure.note)
        )
    return _number(turn, values, text)


def _save_entry(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    year, indicator = int(values["year"]), _known(turn, values)
    if indicator is None:
        raise NotSaved([Show(person.chat_id, screen(turn, person.chat_id, year))])
    before = _before(turn, values)
    reached = Decimal(values["realisasi"])
    reason = values.get("reason")
    ikus.enter_realisasi(
        turn.db, indicator.id, year, reached, values["source"], reason, person.chat_id, turn.now
    )
    audit.record(
        turn.db, turn.now, person.chat_id, "realisasi_iku", f"{indicator.indikator[:80]} {year}",
        before=str(before.realisasi) if before else None, after=values["realisasi"],
        reason=reason,
    )  # fmt: skip
    saved = turn.office.words.iku.entry_saved(
        year=year, indikator=indicator.indikator, realisasi=comma(reached)
    )
    return [
        Show(person.chat_id, Screen(saved)),
        Show(person.chat_id, screen(turn, person.chat_id, year)),
    ]


def _ask_reason(turn: Turn, values: Values) -> str:
    before = _before(turn, values)
    return turn.office.words.iku.ask_reason(before=comma(before.realisasi) if before else "")


ENTRY = register(
    Form(
        "iku-isi",
        lambda turn, values: turn.office.words.iku.entry_title(year=values["year"]),
        ADMIN,
        (
            WHICH,
            Field(
                "realisasi",
                lambda words: words.iku.label_realisasi.plain(),
                lambda turn, values: _question(turn, values, lambda words: words.ask_realisasi),
                _by_hand,
                show=_written,
            ),
            Field(
                "source",
                lambda words: words.iku.label_source.plain(),
                lambda turn, _values: turn.office.words.iku.ask_source(),
                partial(fields.typed, most=SOURCE),
            ),
            Field(
                "reason",
                lambda words: words.iku.label_reason.plain(),
                _ask_reason,
                partial(fields.typed, most=REASON),
                wanted=lambda turn, values: _before(turn, values) is not None,
                decided_by="iku",
            ),
        ),
        _save_entry,
    )
)

COMMANDS: tuple[CommandRoute[OfficeWords], ...] = (
    CommandRoute("iku", lambda words: words.cmd_iku, READERS, on_command),
)

BUTTONS: dict[str, Route] = {
    TABLE: Route(READERS, on_year),
    "iku-gambar": Route(READERS, on_draw),
    "iku-jalan": Route(READERS, on_progress),
    routes.TARGETS: Route(ADMIN, _opens(lambda: TARGET)),
    "iku-isi": Route(ADMIN, _opens(lambda: ENTRY)),
}
