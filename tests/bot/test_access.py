"""Who may do what: every role at every command and button, in every kind of chat."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot import commands
from office.conversation import to, write_tap
from storage import people
from tests.harness import BOTH_DATABASES, CAMAT_GROUP, Actor, Harness

ROLES = ("admin", "camat", "pejabat", "petugas", "kepala_unit")
REFUSED = "Maaf, perintah itu tidak tersedia untuk Anda."
FOREIGN_GROUP = -1002


COMMANDS = {route.name: route.roles for route in commands.OFFICERS if route.roles is not None}


async def holder(office: Harness, person: Callable[..., Actor], role: str | None) -> Actor:
    """Somebody who holds this role alone."""
    somebody = person(500, name="Pejabat")
    if role is not None:
        await office.app.turns.do(
            lambda db: people.grant(db, somebody.id, role, "Uji", None, office.now)
        )
    await somebody.says("/bantuan")
    return somebody


def changes(office: Harness) -> list[int]:
    """What an officer's command would add to: audit, outbox, awaited texts, roles, settings."""
    return office.stored.row_counts("audit", "outbox", "awaited_text", "role", "setting")


@pytest.mark.slow
@pytest.mark.parametrize("role", [None, *ROLES])
async def test_a_command_opens_for_its_roles_alone(
    role: str | None, office: Harness, person: Callable[..., Actor]
) -> None:
    somebody = await holder(office, person, role)
    for command, roles in COMMANDS.items():
        before = changes(office)
        await somebody.says(f"/{command}")
        refused = somebody.text == REFUSED
        assert refused == (role not in roles), command
        assert not refused or changes(office) == before, command


@pytest.mark.slow
@pytest.mark.parametrize("role", [None, *ROLES])
async def test_a_forged_button_opens_for_its_roles_alone(
    role: str | None, office: Harness, person: Callable[..., Actor]
) -> None:
    somebody = await holder(office, person, role)
    for name, route in commands.BUTTONS.items():
        if role in route.roles:
            continue
        before = changes(office)
        office.world.tap(
            somebody.id, somebody.chat, somebody.screen["message_id"], write_tap(to(name, 1, 1, 1))
        )
        await office.works()
        assert somebody.toast == REFUSED, name
        assert changes(office) == before, name


@BOTH_DATABASES
@pytest.mark.slow
@pytest.mark.parametrize("role", [None, *ROLES])
async def test_whoever_may_press_a_button_with_nonsense_breaks_nothing(
    role: str | None, office: Harness, person: Callable[..., Actor]
) -> None:
    somebody = await holder(office, person, role)
    for name, route in commands.BUTTONS.items():
        if role not in route.roles:
            continue
        for tap in (to(name), to(name, 2), to(name, 2**62, 999_999_999, 99_999)):
            data = write_tap(tap)
            office.world.tap(somebody.id, somebody.chat, somebody.screen["message_id"], data)
            await office.works()
    assert office.stored.set_aside_count() == 0


@pytest.mark.slow
@pytest.mark.parametrize("role", [None, *ROLES])
@pytest.mark.parametrize("chat", [CAMAT_GROUP, FOREIGN_GROUP])
async def test_no_command_shows_anything_official_in_a_group(
    role: str | None, chat: int, group: Actor, office: Harness, person: Callable[..., Actor]
) -> None:
    somebody = await holder(office, person, role)
    if chat == CAMAT_GROUP:
        office.world.add_member(chat, somebody.id)
    else:
        office.world.add_group(chat, "Grup lain", [somebody.id])
    here = Actor(office, somebody.id, name=somebody.name, chat=chat)
    await office.works()
    for command in COMMANDS:
        if command == "pasang_grup":
            continue  # it belongs there; its own scenarios tell
        before = changes(office)
        await here.says(f"/{command}@{office.app.office.username}")
        assert here.text == "Silakan buka obrolan pribadi dengan bot ini.", command
        assert changes(office) == before, command


@pytest.mark.slow
async def test_an_anonymous_admin_of_a_group_is_nobody(group: Actor, office: Harness) -> None:
    office.world.promote(CAMAT_GROUP, group.id)
    for command in COMMANDS:
        before = changes(office)
        text = f"/{command}@{office.app.office.username}"
        office.world.say(group.id, CAMAT_GROUP, text, anonymous=True)
        await office.works()
        assert "pribadi" in group.text or "anonim" in group.text, command
        assert changes(office) == before, command


@pytest.mark.slow
async def test_bantuan_lists_the_commands_of_the_roles(
    office: Harness, person: Callable[..., Actor]
) -> None:
    for role in ROLES:
        somebody = await holder(office, person, role)
        named = {f"/{name}" for name, roles in COMMANDS.items() if role in roles}
        assert {line.split()[0] for line in somebody.text.splitlines() if " – " in line} >= named
