"""/sakip: the LHE SAKIP, entered by a form; inconsistent figures are marked, never refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from bot.officers import access
from bot.officers.follow_up import recommendations
from bot.officers.forms import fields, forms
from bot.officers.forms.form import Choice, Field, Form, InvalidInput, Values, register
from bot.turn.effects import Effect, Show, Toast
from bot.turn.events import Command, Person, Press
from bot.turn.turn import CommandRoute, Route, edited
from office import outbox_bodies, routes
from office.conversation import Tap, to
from office.outbox_bodies import StoredFileBody
from office.roles import ADMIN, READERS
from office.survey.screens import Button, Screen
from office.turn import Turn
from office.words.all_words import Html, OfficeWords
from office.words.text import length
from scoring import sakip
from scoring.numbers import comma
from scoring.period import long_day
from scoring.sakip import AtBoundary, Komponen, Lhe, NilaiOutOfRange
from storage import audit
from storage.planning import ikus
from storage.planning.ikus import LheRow

LIST, CORRECT, FILE = "lhe", "lhe-perbaiki", "lhe-berkas"
NUMBER, REASON, RECOMMENDATIONS = 80, 300, 1500
LARGEST_FILE = 20_000_000  # bytes; the largest file that a bot may download
MOST = Decimal(1000)  # an official document is accepted as it is; inconsistent figures are marked


def on_command(turn: Turn, command: Command) -> Sequence[Effect]:
    """/sakip."""
    chat = command.person.chat_id
    return [Show(chat, _list(turn, chat))]


def on_list(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """The LHE of every year."""
    return edited(press, _list(turn, press.person.chat_id))


def _list(turn: Turn, user_id: int) -> Screen:
    words = turn.office.words.iku
    kept = ikus.newest_lhe(turn.db)
    lines = [
        words.lhe_line(
            tahun=row.lhe.tahun_evaluasi,
            nilai=comma(row.lhe.nilai),
            predikat=_predikat(turn, row.lhe),
            nomor=row.lhe.nomor,
            tanggal=long_day(row.lhe.tanggal),
            marked=Html(words.lhe_marked() if _warnings(turn, row.lhe) else ""),
        )
        for row in kept
    ]
    text = words.lhe_list(lines=Html("\n".join(lines))) if lines else words.lhe_none()
    rows = [
        (Button(words.lhe_open(tahun=year), to(routes.LHE, value=year)),)
        for row in kept[:8]
        if (year := row.lhe.tahun_evaluasi)
    ]
    if access.may(turn, user_id, ADMIN):
        rows.append((Button(words.lhe_new(), to(routes.NEW_LHE)),))
    return Screen(text, tuple(rows))


def _predikat(turn: Turn, evaluation: Lhe) -> str:
    return (
        evaluation.predikat or sakip.predikat(evaluation.nilai, _at_boundary(turn, evaluation)).code
    )


def _at_boundary(turn: Turn, evaluation: Lhe) -> AtBoundary:
    """By the plan that holds the year of the evaluation."""
    return ikus.rules(turn.db, evaluation.tahun_evaluasi).at_boundary


def _warnings(turn: Turn, evaluation: Lhe) -> list[str]:
    return [warning.teks for warning in sakip.check(evaluation, _at_boundary(turn, evaluation))]


def on_open(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The whole LHE of one year."""
    row = _known(turn, tap.value)
    if row is None:
        return [Toast(press.callback_id, turn.office.words.iku.lhe_gone())]
    return edited(press, _screen(turn, press.person.chat_id, row))


def _known(turn: Turn, tahun: int) -> LheRow | None:
    return next((row for row in ikus.newest_lhe(turn.db) if row.lhe.tahun_evaluasi == tahun), None)


def _screen(turn: Turn, user_id: int, row: LheRow) -> Screen:
    words = turn.office.words.iku
    evaluation = row.lhe
    text = words.lhe_screen(
        tahun=evaluation.tahun_evaluasi,
        dinilai=evaluation.tahun_dinilai,
        nomor=evaluation.nomor,
        tanggal=long_day(evaluation.tanggal),
        regulasi=_regulation(turn, evaluation.regulasi),
        nilai=comma(evaluation.nilai),
        predikat=_predikat(turn, evaluation),
        komponen=Html(
            "".join(
                _komponen_line(turn, each, evaluation) for each in _komponen(evaluation.regulasi)
            )
        ),
        warnings=Html(
            "".join(words.lhe_warning(text=warning) for warning in _warnings(turn, evaluation))
        ),
        rekomendasi=Html(words.lhe_rekomendasi(text=row.rekomendasi) if row.rekomendasi else ""),
        revision=Html(
            words.lhe_revision(number=row.revision - 1, reason=row.reason or "")
            if row.revision > 1
            else ""
        ),
    )
    year = evaluation.tahun_evaluasi
    rows = [(one,) for one in recommendations.button(turn, user_id, year)]
    if row.file:
        rows.append((Button(words.lhe_file(), to(FILE, value=year)),))
    if access.may(turn, user_id, ADMIN):
        rows.append((Button(words.lhe_correct(), to(CORRECT, value=year)),))
    return Screen(text, (*rows, (Button(words.lhe_back.plain(), to(LIST)),)))


def _komponen_line(turn: Turn, komponen: Komponen, evaluation: Lhe) -> str:
    if komponen.code not in evaluation.komponen:
        return ""
    nilai = comma(evaluation.komponen[komponen.code])
    return turn.office.words.iku.lhe_komponen(
        name=komponen.name, nilai=nilai, maximum=komponen.maximum
    )


def on_file(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The stored PDF, sent to the private chat by the outbox."""
    row = _known(turn, tap.value)
    if row is None or row.file is None:
        return [Toast(press.callback_id, turn.office.words.iku.lhe_gone())]
    if not press.again:
        body = StoredFileBody(row.file["file_id"])
        outbox_bodies.put(turn.db, body, press.person.chat_id, turn.now)
    return [Toast(press.callback_id, turn.office.words.iku.lhe_file_coming())]


# --- the form ---------------------------------------------------------------------------------


def on_new(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """A new LHE."""
    return forms.begin(turn, press.person, FORM, {}, press)


def on_correct(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Correct an LHE: all its fields again, then the reason."""
    if _known(turn, tap.value) is None:
        return [Toast(press.callback_id, turn.office.words.iku.lhe_gone())]
    return forms.begin(turn, press.person, FORM, {"tahun": tap.value, "correct": True}, press)


def _komponen(regulasi: str) -> tuple[Komponen, ...]:
    known = sakip.regulations().get(regulasi)
    return known.komponen if known else ()


def _years(turn: Turn, _values: Values) -> Sequence[Choice]:
    this = turn.office.calendar.day(turn.now).year
    return [(str(year), year) for year in (this, this - 1)]


def _evaluated(_turn: Turn, values: Values) -> Sequence[Choice]:
    return [(str(values["tahun"] - 1), values["tahun"] - 1)]


def _regulations(_turn: Turn, _values: Values) -> Sequence[Choice]:
    return [(each.name, each.code) for each in reversed(sakip.regulations().values())]


def _regulation(_turn: Turn, code: str) -> str:
    """The name of a regulation; its code where it is not known."""
    known = sakip.regulations().get(code)
    return known.name if known else code


def _predicates(_turn: Turn, _values: Values) -> Sequence[Choice]:
    return [(f"{each.code} – {each.name}", each.code) for each in sakip.predicates()]


def _year(turn: Turn, _values: Values, text: str) -> int:
    return fields.year(turn, text)


def _total(turn: Turn, _values: Values, text: str) -> str:
    nilai = fields.decimal(turn, text, MOST)
    try:
        sakip.predikat(nilai)
    except NilaiOutOfRange:
        raise InvalidInput(turn.office.words.iku.nilai_outside()) from None
    return str(nilai)


def _part(turn: Turn, _values: Values, text: str) -> str:
    return str(fields.decimal(turn, text, MOST))


def _day(turn: Turn, _values: Values, text: str) -> str:
    tanggal = fields.day(turn, text)
    if tanggal > turn.office.calendar.day(turn.now):
        raise InvalidInput(turn.office.words.iku.tanggal_ahead(day=long_day(tanggal)))
    return tanggal.isoformat()


def _recommended(turn: Turn, values: Values, text: str) -> str:
    """Recommendations, one a line, that fit on the screen of the LHE together."""
    written = recommendations.typed(turn, values, text)
    if length(written) > RECOMMENDATIONS:
        words = turn.office.words.manage
        raise InvalidInput(words.too_long(length=length(written), most=RECOMMENDATIONS))
    return written


def _as_decimal(_turn: Turn, value: Any) -> str:
    return comma(Decimal(value))


def _pdf(turn: Turn, value: Any) -> Any:
    if value["mime"] != "application/pdf" or value["size"] > LARGEST_FILE:
        raise InvalidInput(turn.office.words.iku.not_pdf())
    return value


def _corrects(turn: Turn, values: Values) -> bool:
    return "tahun" in values and _known(turn, values["tahun"]) is not None


def _component_fields() -> tuple[Field, ...]:
    """One field for each component of all regulations; only those of the chosen one are asked."""
    fields: dict[str, Field] = {}
    for regulasi in sakip.regulations().values():
        for each in regulasi.komponen:
            fields.setdefault(each.code, _component_field(each))
    return tuple(fields.values())


def _component_field(komponen: Komponen) -> Field:
    def chosen_komponen(values: Values) -> Komponen | None:
        chosen = _komponen(values.get("regulasi", ""))
        return next((one for one in chosen if one.code == komponen.code), None)

    def ask(turn: Turn, values: Values) -> str:
        one = chosen_komponen(values) or komponen
        return turn.office.words.iku.ask_komponen(name=one.name, maximum=one.maximum)

    return Field(
        f"komponen:{komponen.code}",
        lambda _words: komponen.name,
        ask,
        _part,
        show=_as_decimal,
        optional=True,
        wanted=lambda _turn, values: chosen_komponen(values) is not None,
        decided_by="regulasi",
    )


def _written(values: Values) -> Lhe:
    prefix = "komponen:"
    return Lhe(
        nomor=values["nomor"],
        tanggal=date.fromisoformat(values["tanggal"]),
        tahun_evaluasi=values["tahun"],
        tahun_dinilai=values["dinilai"],
        regulasi=values["regulasi"],
        nilai=Decimal(values["nilai"]),
        predikat=values["predikat"],
        komponen={
            name.removeprefix(prefix): Decimal(value)
            for name, value in values.items()
            if name.startswith(prefix) and value is not None
        },
    )


def _save(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    evaluation = _written(values)
    before = _known(turn, evaluation.tahun_evaluasi)
    reason = values.get("reason")
    ikus.add_lhe(
        turn.db, evaluation, values["rekomendasi"] or "", values["file"], reason,
        person.chat_id, turn.now,
    )  # fmt: skip
    audit.record(
        turn.db, turn.now, person.chat_id, "lhe_sakip", str(evaluation.tahun_evaluasi),
        before=str(before.lhe.nilai) if before else None, after=str(evaluation.nilai),
        reason=reason,
    )  # fmt: skip
    recommendations.add(
        turn, person.chat_id, evaluation.tahun_evaluasi, values["rekomendasi"] or ""
    )
    saved = Screen(turn.office.words.iku.lhe_saved(tahun=evaluation.tahun_evaluasi))
    row = _known(turn, evaluation.tahun_evaluasi)
    shown = [Show(person.chat_id, _screen(turn, person.chat_id, row))] if row else []
    return [Show(person.chat_id, saved), *shown]


def _title(turn: Turn, values: Values) -> str:
    words = turn.office.words.iku
    return words.lhe_title(tahun=values["tahun"]) if "tahun" in values else words.lhe_title_new()


FORM = register(
    Form(
        "lhe",
        _title,
        ADMIN,
        (
            Field(
                "tahun",
                lambda words: words.iku.label_tahun.plain(),
                lambda turn, _values: turn.office.words.iku.ask_tahun(),
                _year,
                _years,
                wanted=lambda _turn, values: not values.get("correct"),
            ),
            Field(
                "dinilai",
                lambda words: words.iku.label_dinilai.plain(),
                lambda turn, _values: turn.office.words.iku.ask_dinilai(),
                _year,
                _evaluated,
            ),
            Field(
                "regulasi",
                lambda words: words.iku.label_regulasi.plain(),
                lambda turn, _values: turn.office.words.iku.ask_regulasi(),
                choices=_regulations,
                show=_regulation,
            ),
            Field(
                "nomor",
                lambda words: words.iku.label_nomor.plain(),
                lambda turn, _values: turn.office.words.iku.ask_nomor(),
                partial(fields.typed, most=NUMBER),
            ),
            Field(
                "tanggal",
                lambda words: words.iku.label_tanggal.plain(),
                lambda turn, _values: turn.office.words.iku.ask_tanggal(),
                _day,
                show=fields.shown_day,
            ),
            Field(
                "nilai",
                lambda words: words.iku.label_nilai.plain(),
                lambda turn, _values: turn.office.words.iku.ask_nilai(),
                _total,
                show=_as_decimal,
            ),
            Field(
                "predikat",
                lambda words: words.iku.label_predikat.plain(),
                lambda turn, _values: turn.office.words.iku.ask_predikat(),
                choices=_predicates,
                optional=True,
            ),
            *_component_fields(),
            Field(
                "rekomendasi",
                lambda words: words.iku.label_rekomendasi.plain(),
                lambda turn, _values: turn.office.words.iku.ask_rekomendasi(most=RECOMMENDATIONS),
                _recommended,
                optional=True,
            ),
            Field(
                "file",
                lambda words: words.iku.label_file.plain(),
                lambda turn, _values: turn.office.words.iku.ask_file(),
                optional=True,
                file=True,
                check=_pdf,
            ),
            Field(
                "reason",
                lambda words: words.iku.label_why.plain(),
                lambda turn, values: turn.office.words.iku.ask_why(tahun=values["tahun"]),
                partial(fields.typed, most=REASON),
                wanted=_corrects,
                decided_by="tahun",
            ),
        ),
        _save,
        notes=lambda turn, values: [
            f"⚠ {warning}" for warning in _warnings(turn, _written(values))
        ],
    )
)

COMMANDS: tuple[CommandRoute[OfficeWords], ...] = (
    CommandRoute("sakip", lambda words: words.cmd_sakip, READERS, on_command),
)

BUTTONS: dict[str, Route] = {
    LIST: Route(READERS, on_list),
    routes.LHE: Route(READERS, on_open),
    FILE: Route(READERS, on_file),
    routes.NEW_LHE: Route(ADMIN, on_new),
    CORRECT: Route(ADMIN, on_correct),
}
