"""The invited: from the link to a role of their own."""

from __future__ import annotations

from collections.abc import Sequence

from bot.officers import access
from bot.officers.people import roster
from bot.turn.effects import Effect, Show
from bot.turn.events import Person, Press
from bot.turn.turn import Turn, edited
from office import conversation, notices
from office.conversation import Kind, Tap, to
from office.notices import RATE
from office.survey.screens import Button, Screen
from storage import audit, invitations, people, units
from storage.invitations import Invitation
from storage.people import RoleRow
from storage.settings import office_facts

LINK = "u_"  # the payload of an invitation's link begins so
YES, NO = 1, 0


def on_link(turn: Turn, person: Person, token: str) -> Sequence[Effect]:
    """START on an invitation's link: who is meant; whoever accepted it before is welcome again."""
    spoken = turn.office.words.head
    found = invitations.by_token(turn.db, token)
    if found is None:
        return [Show(person.chat_id, Screen(spoken.invitation_dead()))]
    if not found.is_open(turn.now):
        return [Show(person.chat_id, _settled(turn, person, found))]
    text = spoken.invited(
        office=office_facts.name(turn.db),
        role=roster.role_name(spoken, found.role),
        title=found.title,
    )
    yes = Button(spoken.yes_me(), Tap(Kind.INVITED, item=token, value=YES))
    no = Button(spoken.not_me(), Tap(Kind.INVITED, item=token, value=NO))
    return [Show(person.chat_id, Screen(text, ((yes,), (no,))))]


def on_press(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Ya, benar* or *Bukan saya*; the button carries the link's token, so it cannot be guessed."""
    spoken = turn.office.words.head
    person = press.person
    found = invitations.by_token(turn.db, tap.item)
    if found is None:
        return edited(press, Screen(spoken.invitation_dead()))
    if tap.value == NO and found.is_open(turn.now):
        return edited(press, Screen(spoken.wrong_person()))
    if tap.value == NO or not invitations.accept(turn.db, found.id, person.chat_id, turn.now):
        after = invitations.by_id(turn.db, found.id) or found
        return edited(press, _settled(turn, person, after))
    effects = _join(turn, person, found)
    return [*edited(press, _welcome(turn, found)), *effects]


def _settled(turn: Turn, person: Person, found: Invitation) -> Screen:
    """What a used invitation says: to its own person success, to everybody else nothing."""
    if found.used_by == person.chat_id and _role_of(turn, person, found) is not None:
        return _welcome(turn, found)
    return Screen(turn.office.words.head.invitation_dead())


def _welcome(turn: Turn, found: Invitation) -> Screen:
    spoken = turn.office.words.head
    text = spoken.welcome(title=found.title, office=office_facts.name(turn.db))
    rows = ((Button(spoken.rate_now(), to(RATE)),),) if found.role == "kepala_unit" else ()
    return Screen(text, rows)


def _role_of(turn: Turn, person: Person, found: Invitation) -> RoleRow | None:
    held = people.role_rows_of(turn.db, person.chat_id)
    same = (role for role in held if (role.role, role.unit_id) == (found.role, found.unit_id))
    return next(same, None)


def _join(turn: Turn, person: Person, found: Invitation) -> list[Effect]:
    """Grant what was accepted; the head before loses the unit, and admins are told."""
    user = person.chat_id
    effects: list[Effect] = []
    if found.unit_id is not None:
        units.lock_row(turn.db, found.unit_id)
        reason = turn.office.words.head.new_head.plain()
        for before in people.unit_heads(turn.db):
            if before.unit_id == found.unit_id and before.user_id != user:
                effects += roster.end_role(turn, before, user, reason)
    if found.role == "petugas":
        people.set_duty_counter(turn.db, user, found.counter_id)
    people.grant(turn.db, user, found.role, found.title, found.created_by, turn.now, found.unit_id)
    after = {"role": found.role, "title": found.title, "unit": found.unit_id}
    audit.record(turn.db, turn.now, user, "terima_undangan", f"undangan {found.id}", after=after)
    _tell_admins(turn, person, found)
    return [*effects, access.menu(turn, user)]


def _tell_admins(turn: Turn, person: Person, found: Invitation) -> None:
    role = _role_of(turn, person, found)
    if role is None:
        raise LookupError("a role that was just granted is gone")
    spoken = turn.office.words.head
    revoke = (spoken.revoke(), conversation.write_tap(to(roster.REVOKE, role.id)))
    text = spoken.accepted(title=found.title, user=role.user_id)
    notices.tell_admins(turn.db, text, turn.now, revoke)
