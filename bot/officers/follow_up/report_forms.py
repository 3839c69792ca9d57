"""What the office writes for a report besides its plan: causes, photos, and that it is signed."""

from __future__ import annotations

from collections.abc import Sequence

from bot.officers import access
from bot.officers.follow_up import lines, plan_fields, plans
from bot.officers.forms import fields, forms
from bot.officers.forms.form import Field, Form, NotSaved, Values, register
from bot.turn.effects import Effect, Show
from bot.turn.events import Person, Press
from bot.turn.turn import Route, edited
from office import outbox_bodies
from office.conversation import Tap
from office.outbox_bodies import FollowUpPhotoBody
from office.papers import own_words
from office.roles import ADMIN
from office.survey.screens import Screen
from office.turn import Turn
from reports.rendering import EACH
from storage import audit, follow_ups

CAUSE = 500  # UTF-16 units
MAX_BYTES = 5 * 2**20  # of a photo as it was sent


def on_signed(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The report of a period is signed, or is opened again; `value`: which."""
    period, signed = lines.ended(turn, tap.response), bool(tap.value)
    if period is None or period.status != "locked":
        return access.gone(turn, press)
    before = follow_ups.report_signed(turn.db, period.id)
    if before != signed and not press.again:
        if signed:
            own_words.sign(turn.db, turn.office, period)
        else:
            follow_ups.note_report_signed(turn.db, period.id, None)
        action = "tanda_laporan" if signed else "buka_laporan"
        audit.record(turn.db, turn.now, press.person.chat_id, action, f"laporan {period.label}")
    return edited(press, plans.plan_screen(turn, press.person.chat_id, period))


# --- causes -----------------------------------------------------------------------------------


def on_explain(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Why an unsur is weak."""
    period = lines.ended(turn, tap.response)
    if period is None or period.status != "locked":
        return access.gone(turn, press)
    if follow_ups.report_signed(turn.db, period.id):
        return plans.refused_as_signed(turn, press, period)
    return forms.begin(turn, press.person, EXPLAINING, {"period": period.id}, press)


def _ask_cause(turn: Turn, values: Values) -> str:
    words, before = turn.office.words.paper, follow_ups.causes(turn.db, values["period"])
    now = before.get(values["unsur"])
    return words.ask_cause(most=CAUSE) + (words.cause_now(cause=now) if now else "")


def _explain(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    words, period = turn.office.words, lines.ended(turn, values["period"])
    if period is None:
        raise NotSaved([Show(person.chat_id, Screen(words.manage.gone()))])
    if follow_ups.report_signed(turn.db, period.id):
        raise NotSaved([Show(person.chat_id, Screen(words.paper.already_signed()))])
    unsur, after = values["unsur"], values["cause"] or ""
    before = follow_ups.causes(turn.db, period.id).get(unsur, "")
    if before != after:
        follow_ups.explain(turn.db, period.id, unsur, after, person.chat_id, turn.now)
        target = f"{lines.unsur(turn, period, unsur)} {period.label}"
        audit.record(
            turn.db, turn.now, person.chat_id, "tulis_sebab", target, before=before, after=after
        )
    return [Show(person.chat_id, plans.plan_screen(turn, person.chat_id, period))]


EXPLAINING = register(
    Form(
        "tindak-sebab",
        lambda turn, _values: turn.office.words.paper.cause_title(),
        ADMIN,
        (
            plan_fields.UNSUR,
            Field(
                "cause",
                lambda words: words.paper.label_cause.plain(),
                _ask_cause,
                lambda turn, _values, text: fields.line(turn, text, CAUSE),
                optional=True,
            ),
        ),
        _explain,
    )
)


# --- photos -----------------------------------------------------------------------------------


def on_photo(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Ask for a photo of what was done."""
    line = lines.known(turn, tap.response)
    if line is None or line.period_id is None:
        return access.gone(turn, press)
    return forms.begin(turn, press.person, SHOWING, {"line": line.id}, press)


def _photo(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    words, line = turn.office.words.paper, lines.known(turn, values["line"])
    if line is None:
        raise NotSaved([Show(person.chat_id, Screen(turn.office.words.manage.gone()))])
    photo = values["photo"]
    if photo["size"] > MAX_BYTES:
        raise NotSaved([Show(person.chat_id, Screen(words.photo_too_big()))])
    body = FollowUpPhotoBody(line.id, photo["file_id"])
    outbox_bodies.put(turn.db, body, person.chat_id, turn.now)
    return [Show(person.chat_id, lines.line_screen(turn, person.chat_id, line))]


def on_remove(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Delete the photo that was added last; `value`: how many there were.

    A photo that a signed report shows stays until that report is opened again.
    """
    line = lines.known(turn, tap.response)
    if line is None:
        return access.gone(turn, press)
    user, newest = press.person.chat_id, follow_ups.newest_photo(turn.db, line.id)
    same = follow_ups.photo_count(turn.db, line.id) == tap.value
    if newest is not None and same and not press.again:
        signed = own_words.signed_with_photo(turn.db, newest)
        if signed:
            refused = turn.office.words.paper.photo_is_signed(periods=lines.titles(turn, signed))
            return edited(press, lines.line_screen(turn, user, line), refused)
        if follow_ups.remove_photo(turn.db, newest):
            target = f"tindak lanjut no. {line.id}"
            audit.record(turn.db, turn.now, user, "hapus_foto", target)
    return edited(press, lines.line_screen(turn, user, line))


SHOWING = register(
    Form(
        "tindak-foto",
        lambda turn, _values: turn.office.words.paper.photo_title(),
        ADMIN,
        (
            Field(
                "photo",
                lambda words: words.paper.label_photo.plain(),
                lambda turn, _values: turn.office.words.paper.ask_photo(most=EACH),
                show=lambda turn, _value: turn.office.words.paper.one_photo.plain(),
                photo=True,
            ),
        ),
        _photo,
    )
)

BUTTONS: dict[str, Route] = {
    plans.SIGNED: Route(ADMIN, on_signed),
    plans.EXPLAIN: Route(ADMIN, on_explain),
    lines.ADD_PHOTO: Route(ADMIN, on_photo),
    lines.REMOVE_PHOTO: Route(ADMIN, on_remove),
}
