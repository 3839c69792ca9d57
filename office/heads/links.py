"""Invitations of unit heads, and the link of any invitation."""

from __future__ import annotations

from office.office import Office
from storage import audit, invitations
from storage.catalogue import Unit
from storage.database import Db

ROLE = "kepala_unit"
LINK = "u_"  # prefix of the payload of an invitation's link


def invite(db: Db, office: Office, unit: Unit, title: str, user_id: int) -> str:
    """Invite the head of a unit; the link, which is not stored."""
    now = office.clock()
    number, token = invitations.create(db, ROLE, title, user_id, now, unit_id=unit.id)
    after = {"role": ROLE, "title": title, "unit": unit.id, "counter": None}
    audit.record(db, now, user_id, "undang", f"undangan {number}", after=after)
    return link(office, token)


def revoke_open(db: Db, office: Office, unit: Unit, user_id: int) -> None:
    """Revoke the open invitations of a unit's head: a list that is sent again replaces them."""
    now = office.clock()
    for each in invitations.open_ones(db, now):
        if (each.role, each.unit_id) == (ROLE, unit.id) and invitations.revoke(db, each.id, now):
            target = f"undangan {each.id}"
            audit.record(db, now, user_id, "cabut_undangan", target, before=each.title)


def link(office: Office, token: str) -> str:
    """The address that accepts an invitation."""
    return f"https://t.me/{office.username}?start={LINK}{token}"
