"""What the chat page asks of `/sim/`: who is there, what stands around a chat, and files."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from simulator.server import Server
from simulator.world import World
from tests.simulator.conftest import BUDI, GROUP, SITI
from tests.simulator.doors import Telegram
from tests.simulator.pictures import png
from tests.simulator.test_sim import Sim, sim

__all__ = ["sim"]

pytestmark = pytest.mark.http


async def refusal(sim: Sim, view: str, **query: Any) -> Any:
    """Why a look is refused."""
    async with sim.session.get(f"{sim.url}/{view}", params=query) as answer:
        assert answer.status == 400
        return (await answer.json())["error"]


MENU = [{"command": "mulai", "description": "Mulai"}]
WIDE = [{"command": "hasil", "description": "Hasil"}]


async def test_who_looks_around_sees_bots_people_roles_and_groups(sim: Sim, world: World) -> None:
    await sim.post("people", id=SITI, first_name="Siti", role="Admin")
    world.group(GROUP, "Kantor", [SITI])
    found = await sim.get("world")
    assert [bot["username"] for bot in found["bots"]] == ["puas123456789bot"]
    assert [(one["first_name"], one["role"]) for one in found["people"]] == [
        ("Siti", "Admin"),
        ("Budi", ""),
    ]
    inside = [(member["user_id"], member["status"]) for member in found["groups"][0]["members"]]
    assert inside == [(SITI, "creator"), (123456789, "member")]


async def test_a_role_is_hidden_from_bots(sim: Sim, outside: Telegram) -> None:
    await sim.post("people", id=SITI, first_name="Siti", role="Admin")
    await sim.post("say", {"from": SITI, "chat": SITI, "text": "/start"})
    assert "role" not in (await outside.updates())[-1]["message"]["from"]


async def test_a_group_that_became_a_supergroup_is_seen_once(sim: Sim, world: World) -> None:
    world.group(GROUP, "Kantor", [SITI])
    new = world.migrate(GROUP)
    assert [group["id"] for group in (await sim.get("world"))["groups"]] == [new]


async def test_around_a_private_chat_stands_whether_it_is_known_or_blocked(sim: Sim) -> None:
    where = {"from": SITI, "chat": SITI}
    before = await sim.get("chat", **where)
    assert (before["known"], before["blocked"]) == (False, False)
    await sim.post("say", where | {"text": "/start"})
    await sim.post("block", where | {"blocked": True})
    after = await sim.get("chat", **where)
    assert (after["known"], after["blocked"]) == (True, True)


async def test_a_chat_is_closed_to_who_is_not_in_it(sim: Sim, world: World) -> None:
    world.group(GROUP, "Kantor", [SITI])
    why = await refusal(sim, "chat", **{"from": BUDI, "chat": GROUP})
    assert why == f"{BUDI} is not in {GROUP}"


@pytest.mark.parametrize(
    ("scope", "for_siti", "for_budi"),
    [
        ({"type": "default"}, MENU, MENU),
        ({"type": "all_group_chats"}, MENU, MENU),
        ({"type": "all_private_chats"}, WIDE, WIDE),
        ({"type": "all_chat_administrators"}, MENU, WIDE),
        ({"type": "chat", "chat_id": GROUP}, MENU, MENU),
        ({"type": "chat_administrators", "chat_id": GROUP}, MENU, WIDE),
        ({"type": "chat_member", "chat_id": GROUP, "user_id": BUDI}, WIDE, MENU),
    ],
)
async def test_the_narrowest_menu_is_offered(
    scope: dict[str, object], for_siti: object, for_budi: object,
    sim: Sim, outside: Telegram, world: World,
) -> None:  # fmt: skip
    world.group(GROUP, "Kantor", [SITI, BUDI])
    await outside("setMyCommands", commands=WIDE)
    await outside("setMyCommands", commands=MENU, scope=scope)
    for person, menu in ((SITI, for_siti), (BUDI, for_budi)):
        found = await sim.get("chat", **{"from": person, "chat": GROUP})
        assert found["menu"] == menu


async def test_a_menu_in_ones_language_comes_first(sim: Sim, outside: Telegram) -> None:
    await sim.post("people", id=SITI, language_code="en")
    await outside("setMyCommands", commands=WIDE)
    await outside("setMyCommands", commands=MENU, language_code="en")
    for person, menu in ((SITI, MENU), (BUDI, WIDE)):
        found = await sim.get("chat", **{"from": person, "chat": person})
        assert found["menu"] == menu


async def test_a_picture_is_looked_at_and_anything_else_taken_home(
    world: World, server: Server, session: aiohttp.ClientSession
) -> None:
    world.upload(SITI, SITI, "loket.png", png(4, 3), kind="photo")
    world.upload(SITI, SITI, "x.html", b"<script>", "text/html")
    kept = list(world.state.shelf.by_id.values())
    for file, kind, how in (
        (kept[0], "image/png", None),
        (kept[1], "application/octet-stream", "attachment"),
    ):
        async with session.get(f"{server.url}/sim/file", params={"id": file.id}) as answer:
            assert await answer.read() == file.content
            assert (answer.content_type, answer.headers.get("Content-Disposition")) == (kind, how)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_file_nobody_sent_is_refused(sim: Sim) -> None:
    assert await refusal(sim, "file", id="x") == "no such file"
