"""Roles: who holds which; revoking one ends its access at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.officers import access
from bot.turn.effects import Effect
from bot.turn.events import Press
from bot.turn.turn import Route, edited, words_for
from office import notices
from office.conversation import Tap, to
from office.roles import ADMIN
from office.survey.screens import Button, Screen, paged
from office.turn import Turn
from office.words.head import HeadWords
from office.words.text import Text
from scoring.period import day
from storage import audit, invitations, people
from storage.people import RoleRow
from storage.settings import office_facts
from storage.unit_index import ratings

HOME = "peran"
REVOKE = "peran-cabut"
LIST = "peran-daftar"
CARD = "peran-satu"

ROLES: Mapping[str, Callable[[HeadWords], Text]] = {
    "kepala_unit": lambda words: words.role_kepala_unit,
    "petugas": lambda words: words.role_petugas,
    "pejabat": lambda words: words.role_pejabat,
    "camat": lambda words: words.role_camat,
    "admin": lambda words: words.role_admin,
}


def role_name(words: HeadWords, role: str) -> str:
    """The name of a role."""
    return ROLES[role](words)()


def end_role(turn: Turn, role: RoleRow, by: int, reason: str | None = None) -> list[Effect]:
    """Revoke a role and what depends on it; its holder gets a notice and a smaller menu.

    Raises:
        LastAdmin: its holder is the only admin.
    """
    if not people.revoke(turn.db, role.id, turn.now):
        return []
    target = f"{role.role} {role.user_id}"
    audit.record(
        turn.db, turn.now, by, "cabut_peran", target, before={"title": role.title}, reason=reason
    )
    match role.role:
        case "kepala_unit" if role.unit_id is not None:
            ratings.delete_of_unit(turn.db, role.unit_id, role.user_id)
            if "kepala_unit" not in people.roles(turn.db, role.user_id):
                notices.withdraw_rating_notices(turn.db, role.user_id, turn.now)
        case "petugas":
            people.set_duty_counter(turn.db, role.user_id, None)
        case "admin":
            _revoke_invitations(turn, role.user_id, by)
    text = turn.office.words.head.lost(title=role.title, office=office_facts.name(turn.db))
    notices.tell(turn.db, role.user_id, text, turn.now)
    return [access.menu(turn, role.user_id)]


def _revoke_invitations(turn: Turn, admin: int, by: int) -> None:
    """Revoke the open invitations of a former admin: he could use one himself."""
    for each in invitations.open_from(turn.db, admin, turn.now):
        invitations.revoke(turn.db, each.id, turn.now)
        target = f"undangan {each.id}"
        audit.record(turn.db, turn.now, by, "cabut_undangan", target, before=each.title)


def on_list(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """All roles and their holders, a page of them."""
    return edited(press, _list(turn, press, tap.value))


def _list(turn: Turn, press: Press, page: int) -> Screen:
    words = turn.office.words.head
    rows = paged(
        words_for(turn, press.person),
        people.role_rows(turn.db),
        page,
        lambda role: Button(f"{role.title} ({role_name(words, role.role)})", to(CARD, role.id)),
        lambda number: to(LIST, value=number),
    )
    return Screen(words.held_roles(), (*rows, (Button(words.back(), to(HOME)),)))


def on_card(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """One person's role, and *Cabut*."""
    words = turn.office.words.head
    role = people.role_by_id(turn.db, tap.response)
    if role is None or role.revoked_at is not None:
        return edited(press, _list(turn, press, 0), words.role_over())
    text = words.held_role(
        title=role.title,
        role=role_name(words, role.role),
        since=day(turn.office.calendar.day(role.granted_at)),
        user=role.user_id,
    )
    revoke = Button(words.revoke(), to(REVOKE, role.id))
    return edited(press, Screen(text, ((revoke,), (Button(words.back(), to(LIST)),))))


def on_revoke(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Cabut*, in the list or under the notice of an acceptance; a second press changes nothing."""
    words = turn.office.words.head
    role = people.role_by_id(turn.db, tap.response)
    if role is None:
        return edited(press, Screen(words.role_over()))
    revoked = Screen(words.role_revoked(title=role.title))
    if role.revoked_at is not None or press.again:
        return edited(press, revoked)
    try:
        effects = end_role(turn, role, press.person.chat_id)
    except people.LastAdmin:
        return edited(press, _list(turn, press, 0), words.last_admin())
    return [*edited(press, revoked), *effects]


BUTTONS: dict[str, Route] = {
    LIST: Route(ADMIN, on_list),
    CARD: Route(ADMIN, on_card),
    REVOKE: Route(ADMIN, on_revoke),
}
