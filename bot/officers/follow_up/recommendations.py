"""*Tindak lanjut rekomendasi*: what an LHE recommends, and what the office does about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.officers import access
from bot.officers.follow_up import lines, plan_fields
from bot.officers.follow_up.lines import DELETE, LINE, PLAN
from bot.officers.forms import fields, forms
from bot.officers.forms.form import Choice, Field, Form, NotSaved, Values, register
from bot.turn.effects import Effect, Show
from bot.turn.events import Person, Press
from bot.turn.turn import Route, edited
from office import routes
from office.conversation import Tap, to
from office.roles import ADMIN, READERS
from office.survey.screens import PAGE, Button, Screen, on_page, paged
from office.turn import Turn
from office.words.all_words import Html
from office.words.text import cut
from storage import audit, follow_ups
from storage.follow_ups import FollowUp
from storage.planning import ikus
from storage.planning.ikus import LheRow

ADD = "lhe-rekomendasi"
COUNT, EACH = 20, 400  # recommendations of one message, UTF-16 units of each
SHOWN = 150  # UTF-16 units: eight fit on the list, with what is planned for them


def button(turn: Turn, user_id: int, tahun: int) -> tuple[Button, ...]:
    """The button on the screen of an LHE; none for a reader where nothing is followed up."""
    words, counted = turn.office.words.paper, _counted(turn, tahun)
    done = sum(line.status == "selesai" for line in counted)
    if counted:
        return (
            Button(
                words.rec_button(done=done, count=len(counted)), to(routes.RECOMMENDATIONS, tahun)
            ),
        )
    shown = access.may(turn, user_id, ADMIN)
    return (Button(words.rec_button_none(), to(routes.RECOMMENDATIONS, tahun)),) if shown else ()


def _counted(turn: Turn, tahun: int) -> list[FollowUp]:
    return [line for line in follow_ups.of_lhe(turn.db, tahun) if line.counts]


def _known(turn: Turn, tahun: int) -> LheRow | None:
    return next((row for row in ikus.newest_lhe(turn.db) if row.lhe.tahun_evaluasi == tahun), None)


def on_list(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The recommendations of a year's LHE; `value`: the page."""
    if _known(turn, tap.response) is None:
        return access.gone(turn, press)
    return edited(press, _listed(turn, press.person.chat_id, tap.response, tap.value))


def _listed(turn: Turn, user_id: int, tahun: int, page: int = 0) -> Screen:
    words, found = turn.office.words.paper, follow_ups.of_lhe(turn.db, tahun)
    numbered = {line.id: number for number, line in enumerate(found, 1)}
    rows = paged(
        turn.office.words.of("id"),
        found,
        page,
        lambda line: Button(f"{numbered[line.id]}. {line.rekomendasi}", to(LINE, line.id)),
        lambda number: to(routes.RECOMMENDATIONS, tahun, number),
    )
    first = on_page(page, len(found), PAGE) * PAGE
    shown = [_line(turn, numbered[line.id], line) for line in found[first : first + PAGE]]
    text = words.rec_list(tahun=tahun, lines=Html("\n\n".join(shown) or words.rec_none()))
    last = [Button(turn.office.words.manage.back(), to(routes.LHE, value=tahun))]
    if access.may(turn, user_id, ADMIN):
        last.insert(0, Button(words.rec_add(), to(ADD, tahun)))
    return Screen(text, (*rows, *((one,) for one in last)))


def _line(turn: Turn, number: int, line: FollowUp) -> str:
    words, planned = turn.office.words.paper, ""
    if line.kegiatan:
        planned = words.rec_kegiatan(
            kegiatan=cut(line.kegiatan, SHOWN), responsible=line.responsible
        )
    return words.rec_line(
        number=number,
        status=lines.standing(turn, line),
        rekomendasi=cut(line.rekomendasi, SHOWN),
        kegiatan=Html(planned),
        when=Html(lines.when(turn, line)),
    )


# --- recommendations as the LHE has them ------------------------------------------------------


def typed(turn: Turn, _values: Values, text: str) -> str:
    """Recommendations, one a line; raises InvalidInput."""
    return fields.lines(turn, text, COUNT, EACH)


def on_add(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Ask for recommendations."""
    if _known(turn, tap.response) is None:
        return access.gone(turn, press)
    return forms.begin(turn, press.person, ADDING, {"tahun": tap.response}, press)


def _of_lhe(turn: Turn, values: Values) -> Sequence[Choice]:
    """Those in the text of the LHE that are not followed up yet."""
    row = _known(turn, values["tahun"])
    missing = _missing(turn, values["tahun"], row.rekomendasi if row else "")
    if not missing:
        return ()
    label = turn.office.words.paper.rec_from_lhe.plain(count=len(missing))
    return [(label, "\n".join(missing))]


def _missing(turn: Turn, tahun: int, text: str) -> list[str]:
    """The lines of a text that are no recommendation of this LHE yet, each once."""
    known = {line.rekomendasi for line in follow_ups.of_lhe(turn.db, tahun)}
    return [line for line in dict.fromkeys(text.splitlines()) if line and line not in known]


def add(turn: Turn, user_id: int, tahun: int, text: str) -> None:
    """Add the lines of a text that are no recommendation of this LHE yet."""
    missing = _missing(turn, tahun, text)
    if missing:
        follow_ups.add_recommendations(turn.db, tahun, missing, user_id, turn.now)
        audit.record(
            turn.db, turn.now, user_id, "tambah_rekomendasi", f"LHE {tahun}", after=missing
        )


def _add(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    tahun = values["tahun"]
    add(turn, person.chat_id, tahun, values["recommendations"])
    return [Show(person.chat_id, _listed(turn, person.chat_id, tahun))]


ADDING = register(
    Form(
        ADD,
        lambda turn, values: turn.office.words.paper.rec_add_title.plain(tahun=values["tahun"]),
        ADMIN,
        (
            Field(
                "recommendations",
                lambda words: words.paper.rec_label.plain(),
                lambda turn, _values: turn.office.words.paper.rec_ask(count=COUNT, most=EACH),
                typed,
                _of_lhe,
            ),
        ),
        _add,
    )
)


def on_delete(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Delete a recommendation for which nothing was planned or done."""
    line = lines.known(turn, tap.response)
    if line is None or line.tahun_evaluasi is None:
        return access.gone(turn, press)
    words, user, tahun = turn.office.words.paper, press.person.chat_id, line.tahun_evaluasi
    if not line.is_untouched:
        return edited(press, lines.line_screen(turn, user, line), words.rec_not_deleted.plain())
    follow_ups.delete_untouched(turn.db, line)
    audit.record(
        turn.db, turn.now, user, "hapus_rekomendasi", lines.audit_target(turn, line),
        before=line.rekomendasi,
    )  # fmt: skip
    return edited(press, _listed(turn, user, tahun), words.rec_deleted.plain())


# --- what is planned for one ------------------------------------------------------------------


def on_plan(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Ask what will be done about a recommendation, by whom, until when."""
    line = lines.known(turn, tap.response)
    if line is None or line.tahun_evaluasi is None:
        return access.gone(turn, press)
    given = {"line": line.id, "tahun": line.tahun_evaluasi}
    return forms.begin(turn, press.person, PLANNING, given, press)


def _ask_kegiatan(turn: Turn, values: Values) -> str:
    line = lines.known(turn, values["line"])
    return turn.office.words.paper.rec_ask_kegiatan(
        rekomendasi=line.rekomendasi if line else "", most=lines.KEGIATAN
    )


def _plan(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    line = lines.known(turn, values["line"])
    if line is None:
        raise NotSaved([Show(person.chat_id, Screen(turn.office.words.manage.gone()))])
    due = date.fromisoformat(values["due"]) if values["due"] else None
    after = {"kegiatan": values["kegiatan"], "responsible": values["responsible"], "due": due}
    before = {name: getattr(line, name) for name in after}
    if before != after:
        follow_ups.change(turn.db, line.id, person.chat_id, turn.now, **after)
        audit.record(
            turn.db, turn.now, person.chat_id, "rencana_rekomendasi",
            lines.audit_target(turn, line), before=line.kegiatan or None, after=values["kegiatan"],
        )  # fmt: skip
    changed = lines.known(turn, line.id) or line
    return [Show(person.chat_id, lines.line_screen(turn, person.chat_id, changed))]


KEGIATAN, *REST = plan_fields.PLANNED
PLANNING = register(
    Form(
        PLAN,
        lambda turn, values: turn.office.words.paper.rec_plan_title.plain(tahun=values["tahun"]),
        ADMIN,
        (replace(KEGIATAN, ask=_ask_kegiatan), *REST),
        _plan,
        notes=plan_fields.past,
    )
)

BUTTONS: dict[str, Route] = {
    routes.RECOMMENDATIONS: Route(READERS, on_list),
    ADD: Route(ADMIN, on_add),
    DELETE: Route(ADMIN, on_delete),
    PLAN: Route(ADMIN, on_plan),
}
