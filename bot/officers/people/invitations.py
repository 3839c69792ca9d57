"""/undang: invite somebody to a role; the open invitations."""

from __future__ import annotations

from collections.abc import Sequence

from bot.officers.forms import fields, forms
from bot.officers.forms.form import Choice, Field, Form, NotSaved, Values, register
from bot.officers.people import heads_invitation, roster
from bot.turn.effects import Effect, Show
from bot.turn.events import Command, Person, Press
from bot.turn.turn import CommandRoute, Route, edited, words_for
from office import head_invitations, routes
from office.conversation import Tap, to
from office.roles import ADMIN
from office.survey.screens import Button, Screen, paged
from office.turn import Turn
from office.words.all_words import OfficeWords
from scoring.period import day
from storage import audit, catalogue, invitations, people
from storage.invitations import Invitation
from storage.settings import office_facts
from storage.unit_index import unit_results

LIST = "undangan-daftar"
CARD = "undangan-satu"
REVOKE = "undangan-cabut"
LONGEST_TITLE = 120  # characters that the column holds
TITLED = frozenset({"admin", "pejabat", "petugas"})  # the titles of the others are derived


def on_command(turn: Turn, command: Command) -> Sequence[Effect]:
    """/undang."""
    return [Show(command.person.chat_id, _home(turn))]


def on_home(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """Back to the first screen."""
    return edited(press, _home(turn))


def _home(turn: Turn) -> Screen:
    words = turn.office.words.head
    roles, waiting = len(people.role_rows(turn.db)), len(invitations.open_ones(turn.db, turn.now))
    return Screen(
        words.roster(roles=roles, invitations=waiting),
        (
            (Button(words.invite(), to(routes.INVITE)),),
            (Button(words.invite_heads(), to(heads_invitation.NEW)),),
            (Button(words.heads_file(), to(heads_invitation.FROM_SHEET)),),
            (Button(words.invitations(count=waiting), to(LIST)),),
            (Button(words.roles(count=roles), to(roster.LIST)),),
        ),
    )


# --- a new one -------------------------------------------------------------------------------


def on_new(turn: Turn, press: Press, _tap: Tap) -> Sequence[Effect]:
    """*Undang orang*."""
    return forms.begin(turn, press.person, INVITING, {}, press)


def _roles(turn: Turn, _values: Values) -> Sequence[Choice]:
    return [(roster.role_name(turn.office.words.head, role), role) for role in roster.ROLES]


def _counters(turn: Turn, _values: Values) -> Sequence[Choice]:
    return [(name, number) for number, name in catalogue.counter_names(turn.db).items()]


def _save(turn: Turn, person: Person, values: Values) -> Sequence[Effect]:
    words = turn.office.words.head
    role, unit_id, counter_id = values["role"], values.get("unit"), values.get("counter")
    title = _titled(turn, values)
    if title is None:
        raise NotSaved([Show(person.chat_id, Screen(words.unit_gone()))])
    number, token = invitations.create(
        turn.db, role, title, person.chat_id, turn.now, unit_id=unit_id, counter_id=counter_id
    )
    after = {"role": role, "title": title, "unit": unit_id, "counter": counter_id}
    audit.record(turn.db, turn.now, person.chat_id, "undang", f"undangan {number}", after=after)
    text = words.invitation_made(
        title=title,
        until=day(turn.office.calendar.day(turn.now + invitations.LIFE)),
        link=head_invitations.link(turn.office, token),
    )
    revoke = Button(words.revoke(), to(REVOKE, number))
    return [Show(person.chat_id, Screen(text, ((revoke,),)))]


def _titled(turn: Turn, values: Values) -> str | None:
    """The title of the invited person; None when his unit does not exist."""
    words = turn.office.words.head
    match values["role"]:
        case "kepala_unit":
            unit = unit_results.kerja_by_id(turn.db, values["unit"])
            if unit is None:
                return None
            title = words.head_of.plain(unit=unit.name)
        case "camat":
            title = office_facts.read(turn.db).jabatan
        case _:
            title = values.get("title") or ""
    return (title or roster.role_name(words, values["role"]))[:LONGEST_TITLE]


INVITING = register(
    Form(
        "undangan",
        lambda turn, _values: turn.office.words.head.invite_title(),
        ADMIN,
        (
            Field(
                "role",
                lambda words: words.head.label_role.plain(),
                lambda turn, _values: turn.office.words.head.ask_role(),
                choices=_roles,
                show=lambda turn, role: roster.role_name(turn.office.words.head, role),
            ),
            Field(
                "unit",
                lambda words: words.head.label_unit.plain(),
                lambda turn, _values: turn.office.words.head.ask_unit(),
                choices=heads_invitation.active_units,
                show=lambda turn, unit_id: unit_results.unit_names(turn.db).get(unit_id, ""),
                wanted=lambda _turn, values: values.get("role") == "kepala_unit",
                decided_by="role",
            ),
            Field(
                "counter",
                lambda words: words.head.label_counter.plain(),
                lambda turn, _values: turn.office.words.head.ask_counter(),
                choices=_counters,
                show=lambda turn, counter_id: catalogue.counter_names(turn.db).get(counter_id, ""),
                optional=True,
                wanted=lambda turn, values: (
                    values.get("role") == "petugas" and bool(catalogue.counter_names(turn.db))
                ),
                decided_by="role",
            ),
            Field(
                "title",
                lambda words: words.head.label_title.plain(),
                lambda turn, _values: turn.office.words.head.ask_title(),
                read=fields.name,
                optional=True,
                wanted=lambda _turn, values: values.get("role") in TITLED,
                decided_by="role",
            ),
        ),
        _save,
    )
)


# --- open invitations ------------------------------------------------------------------------


def on_list(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """The open invitations, a page of them."""
    return edited(press, _list(turn, press, tap.value))


def _list(turn: Turn, press: Press, page: int) -> Screen:
    words = turn.office.words.head
    back = (Button(words.back(), to(roster.HOME)),)
    waiting = invitations.open_ones(turn.db, turn.now)
    if not waiting:
        return Screen(words.no_open_invitations(), (back,))
    rows = paged(
        words_for(turn, press.person),
        waiting,
        page,
        lambda invitation: Button(
            f"{invitation.title} – {_until(turn, invitation)}", to(CARD, invitation.id)
        ),
        lambda number: to(LIST, value=number),
    )
    return Screen(words.open_invitations(), (*rows, back))


def _until(turn: Turn, invitation: Invitation) -> str:
    return day(turn.office.calendar.day(invitation.expires_at))


def on_card(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """One invitation, and *Cabut*."""
    words = turn.office.words.head
    invitation = invitations.by_id(turn.db, tap.response)
    if invitation is None or not invitation.is_open(turn.now):
        return edited(press, _list(turn, press, 0), words.invitation_over())
    text = words.open_invitation(
        title=invitation.title,
        role=roster.role_name(words, invitation.role),
        until=_until(turn, invitation),
    )
    revoke = Button(words.revoke(), to(REVOKE, invitation.id))
    return edited(press, Screen(text, ((revoke,), (Button(words.back(), to(LIST)),))))


def on_revoke(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Cabut*: the link is no longer valid."""
    words = turn.office.words.head
    invitation = invitations.by_id(turn.db, tap.response)
    if invitation is None or invitation.used_by is not None:
        return edited(press, Screen(words.invitation_over()))
    if not press.again and invitations.revoke(turn.db, invitation.id, turn.now):
        target = f"undangan {invitation.id}"
        user = press.person.chat_id
        audit.record(turn.db, turn.now, user, "cabut_undangan", target, before=invitation.title)
    return edited(press, Screen(words.invitation_revoked(title=invitation.title)))


COMMANDS: tuple[CommandRoute[OfficeWords], ...] = (
    CommandRoute("undang", lambda words: words.cmd_undang, ADMIN, on_command),
)

BUTTONS: dict[str, Route] = {
    roster.HOME: Route(ADMIN, on_home),
    routes.INVITE: Route(ADMIN, on_new),
    LIST: Route(ADMIN, on_list),
    CARD: Route(ADMIN, on_card),
    REVOKE: Route(ADMIN, on_revoke),
    **heads_invitation.BUTTONS,
    **roster.BUTTONS,
}
