"""Who holds which role; taking one away ends its access at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.officers import access
from bot.turn.effects import Effect
from bot.turn.events import Press
from bot.turn.language import words_for
from bot.turn.routes import Route
from bot.turn.turn import Turn, edited
from office import notices
from office.conversation import Tap, to
from office.roles import ADMIN
from office.survey.screens import Button, Screen, paged
from office.words.head import HeadWords
from office.words.text import Text
from scoring.period import day
from storage import audit, invitations, outbox, people, ratings
from storage.people import RoleRow
from storage.settings import office_facts

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
    """What people call a role."""
    return ROLES[role](words)()


def end_role(turn: Turn, role: RoleRow, by: int, reason: str | None = None) -> list[Effect]:
    """Take a role away with all that hangs on it; its person is told, and his menu shrinks.

    Raises:
        LastAdmin: it is the only admin's.
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
                outbox.withdraw(turn.db, role.user_id, notices.HARMLESS_TWICE, turn.now)
        case "petugas":
            people.set_duty_counter(turn.db, role.user_id, None)
        case "admin":
            _revoke_invitations(turn, role.user_id, by)
    told = turn.office.words.head.lost(title=role.title, office=office_facts.name(turn.db))
    notices.tell(turn.db, role.user_id, told, turn.now)
    return [access.menu(turn, role.user_id)]


def _revoke_invitations(turn: Turn, admin: int, by: int) -> None:
    """Whoever is no admin any more cannot come back by a link of his own."""
    for each in invitations.open_from(turn.db, admin, turn.now):
        invitations.revoke(turn.db, each.id, turn.now)
        target = f"undangan {each.id}"
        audit.record(turn.db, turn.now, by, "cabut_undangan", target, before=each.title)


def on_list(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """Everybody with a role, a page of them."""
    return edited(press, _list(turn, press, tap.value))


def _list(turn: Turn, press: Press, page: int) -> Screen:
    spoken = turn.office.words.head
    rows = paged(
        words_for(turn, press.person),
        people.role_rows(turn.db),
        page,
        lambda role: Button(f"{role.title} ({role_name(spoken, role.role)})", to(CARD, role.id)),
        lambda number: to(LIST, value=number),
    )
    return Screen(spoken.held_roles(), (*rows, (Button(spoken.back(), to(HOME)),)))


def on_card(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """One person's role, and *Cabut*."""
    spoken = turn.office.words.head
    role = people.role_by_id(turn.db, tap.response)
    if role is None or role.revoked_at is not None:
        return edited(press, _list(turn, press, 0), spoken.role_over())
    text = spoken.held_role(
        title=role.title,
        role=role_name(spoken, role.role),
        since=day(turn.office.calendar.day(role.granted_at)),
        user=role.user_id,
    )
    revoke = Button(spoken.revoke(), to(REVOKE, role.id))
    return edited(press, Screen(text, ((revoke,), (Button(spoken.back(), to(LIST)),))))


def on_revoke(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Cabut*, in the list or under the news that somebody accepted; pressed twice, it is over."""
    spoken = turn.office.words.head
    role = people.role_by_id(turn.db, tap.response)
    if role is None:
        return edited(press, Screen(spoken.role_over()))
    told = Screen(spoken.role_revoked(title=role.title))
    if role.revoked_at is not None or press.again:
        return edited(press, told)
    try:
        effects = end_role(turn, role, press.person.chat_id)
    except people.LastAdmin:
        return edited(press, _list(turn, press, 0), spoken.last_admin())
    return [*edited(press, told), *effects]


BUTTONS: dict[str, Route] = {
    LIST: Route(ADMIN, on_list),
    CARD: Route(ADMIN, on_card),
    REVOKE: Route(ADMIN, on_revoke),
}
