"""Accepting an invitation: from its link to the role."""

from __future__ import annotations

from collections.abc import Sequence

from bot.officers import access
from bot.officers.people import roster
from bot.turn.effects import Effect, Show
from bot.turn.events import Person, Press
from bot.turn.turn import edited
from office import conversation, notices
from office.conversation import Kind, Tap, to
from office.notices import RATE
from office.survey.screens import Button, Screen
from office.turn import Turn
from scoring import period
from storage import audit, invitations, people, periods
from storage.invitations import Invitation
from storage.people import RoleRow
from storage.settings import office_facts
from storage.unit_index import unit_results

YES, NO = 1, 0


def on_link(turn: Turn, person: Person, token: str) -> Sequence[Effect]:
    """The link of an invitation: ask whether he is the invited one; welcome him again if he was."""
    words = turn.office.words.head
    invitation = invitations.by_token(turn.db, token)
    if invitation is None:
        return [Show(person.chat_id, Screen(words.invitation_dead()))]
    if not invitation.is_open(turn.now):
        return [Show(person.chat_id, _settled(turn, person, invitation))]
    text = words.invited(
        office=office_facts.name(turn.db),
        role=roster.role_name(words, invitation.role),
        title=invitation.title,
    )
    yes = Button(words.yes_me(), Tap(Kind.INVITED, item=token, value=YES))
    no = Button(words.not_me(), Tap(Kind.INVITED, item=token, value=NO))
    return [Show(person.chat_id, Screen(text, ((yes,), (no,))))]


def on_press(turn: Turn, press: Press, tap: Tap) -> Sequence[Effect]:
    """*Ya, benar* or *Bukan saya*; the button carries the secret token of the link."""
    words = turn.office.words.head
    person = press.person
    invitation = invitations.by_token(turn.db, tap.item)
    if invitation is None:
        return edited(press, Screen(words.invitation_dead()))
    if tap.value == NO and invitation.is_open(turn.now):
        return edited(press, Screen(words.wrong_person()))
    if tap.value == NO or not invitations.accept(turn.db, invitation.id, person.chat_id, turn.now):
        after = invitations.by_id(turn.db, invitation.id) or invitation
        return edited(press, _settled(turn, person, after))
    effects = _join(turn, person, invitation)
    return [*edited(press, _welcome(turn, invitation)), *effects]


def _settled(turn: Turn, person: Person, invitation: Invitation) -> Screen:
    """The screen of a used invitation: welcome to its own person, invalid to everybody else."""
    if invitation.used_by == person.chat_id and _role_of(turn, person, invitation) is not None:
        return _welcome(turn, invitation)
    return Screen(turn.office.words.head.invitation_dead())


def _welcome(turn: Turn, invitation: Invitation) -> Screen:
    words = turn.office.words.head
    text = words.welcome(title=invitation.title, office=office_facts.name(turn.db))
    current = periods.current(turn.db, "unit") if invitation.role == "kepala_unit" else None
    if current is None:
        return Screen(text)
    opens = turn.office.calendar.rating_opens(current)
    if turn.now < opens:
        day = period.day(turn.office.calendar.day(opens))
        return Screen(text + words.welcome_early(opens=day))
    return Screen(text, ((Button(words.rate_now(), to(RATE)),),))


def _role_of(turn: Turn, person: Person, invitation: Invitation) -> RoleRow | None:
    held = people.role_rows_of(turn.db, person.chat_id)
    same = (
        role for role in held if (role.role, role.unit_id) == (invitation.role, invitation.unit_id)
    )
    return next(same, None)


def _join(turn: Turn, person: Person, invitation: Invitation) -> list[Effect]:
    """Grant the role; the former head of the unit loses his, and the admins get a notice."""
    user = person.chat_id
    effects: list[Effect] = []
    if invitation.unit_id is not None:
        unit_results.lock_unit(turn.db, invitation.unit_id)
        reason = turn.office.words.head.new_head.plain()
        for before in people.unit_heads(turn.db):
            if before.unit_id == invitation.unit_id and before.user_id != user:
                effects += roster.end_role(turn, before, user, reason)
    if invitation.role == "petugas":
        people.set_duty_counter(turn.db, user, invitation.counter_id)
    people.grant(
        turn.db,
        user,
        invitation.role,
        invitation.title,
        invitation.created_by,
        turn.now,
        invitation.unit_id,
    )
    after = {"role": invitation.role, "title": invitation.title, "unit": invitation.unit_id}
    audit.record(
        turn.db, turn.now, user, "terima_undangan", f"undangan {invitation.id}", after=after
    )
    _tell_admins(turn, person, invitation)
    return [*effects, access.menu(turn, user)]


def _tell_admins(turn: Turn, person: Person, invitation: Invitation) -> None:
    role = _role_of(turn, person, invitation)
    if role is None:
        raise LookupError("a role without its row right after its grant")
    words = turn.office.words.head
    revoke = (words.revoke(), conversation.write_tap(to(roster.REVOKE, role.id)))
    text = words.accepted(title=invitation.title, user=role.user_id)
    notices.tell_admins(turn.db, text, turn.now, revoke)
