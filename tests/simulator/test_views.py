"""What the chat page reads from `/sim/` besides messages: all chats, one chat's menu, files."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from simulator.http.server import Server
from simulator.world import World
from tests.simulator.clients import BotApiClient, Sim
from tests.simulator.conftest import BUDI, GROUP, SITI
from tests.simulator.images import png

pytestmark = pytest.mark.http


async def error_of(sim: Sim, view: str, **query: Any) -> Any:
    """The reason why a view is refused."""
    async with sim.session.get(f"{sim.url}/{view}", params=query) as answer:
        assert answer.status == 400
        return (await answer.json())["error"]


MENU = [{"command": "mulai", "description": "Mulai"}]
DEFAULT_MENU = [{"command": "hasil", "description": "Hasil"}]


async def test_the_overview_lists_bots_people_with_roles_and_groups(sim: Sim, world: World) -> None:
    await sim.post("people", id=SITI, first_name="Siti", role="Admin")
    world.add_group(GROUP, "Kantor", [SITI])
    overview = await sim.get("world")
    assert [bot["username"] for bot in overview["bots"]] == ["puas123456789bot"]
    assert [(person["first_name"], person["role"]) for person in overview["people"]] == [
        ("Siti", "Admin"),
        ("Budi", ""),
    ]
    members = [(member["user_id"], member["status"]) for member in overview["groups"][0]["members"]]
    assert members == [(SITI, "creator"), (123456789, "member")]


async def test_a_role_is_never_sent_to_a_bot(sim: Sim, over_http: BotApiClient) -> None:
    await sim.post("people", id=SITI, first_name="Siti", role="Admin")
    await sim.post("say", {"from": SITI, "chat": SITI, "text": "/start"})
    assert "role" not in (await over_http.updates())[-1]["message"]["from"]


async def test_a_group_that_became_a_supergroup_is_listed_once(sim: Sim, world: World) -> None:
    world.add_group(GROUP, "Kantor", [SITI])
    new = world.migrate(GROUP)
    assert [group["id"] for group in (await sim.get("world"))["groups"]] == [new]


async def test_a_private_chat_says_whether_it_is_known_or_blocked(sim: Sim) -> None:
    where = {"from": SITI, "chat": SITI}
    before = await sim.get("chat", **where)
    assert (before["known"], before["blocked"]) == (False, False)
    await sim.post("say", where | {"text": "/start"})
    await sim.post("block", where | {"blocked": True})
    after = await sim.get("chat", **where)
    assert (after["known"], after["blocked"]) == (True, True)


async def test_a_group_is_hidden_from_a_person_outside_it(sim: Sim, world: World) -> None:
    world.add_group(GROUP, "Kantor", [SITI])
    reason = await error_of(sim, "chat", **{"from": BUDI, "chat": GROUP})
    assert reason == f"{BUDI} is not in {GROUP}"


@pytest.mark.parametrize(
    ("scope", "for_siti", "for_budi"),
    [
        ({"type": "default"}, MENU, MENU),
        ({"type": "all_group_chats"}, MENU, MENU),
        ({"type": "all_private_chats"}, DEFAULT_MENU, DEFAULT_MENU),
        ({"type": "all_chat_administrators"}, MENU, DEFAULT_MENU),
        ({"type": "chat", "chat_id": GROUP}, MENU, MENU),
        ({"type": "chat_administrators", "chat_id": GROUP}, MENU, DEFAULT_MENU),
        ({"type": "chat_member", "chat_id": GROUP, "user_id": BUDI}, DEFAULT_MENU, MENU),
    ],
)
async def test_the_menu_shows_the_commands_of_the_narrowest_scope(
    scope: dict[str, object], for_siti: object, for_budi: object,
    sim: Sim, over_http: BotApiClient, world: World,
) -> None:  # fmt: skip
    world.add_group(GROUP, "Kantor", [SITI, BUDI])
    await over_http("setMyCommands", commands=DEFAULT_MENU)
    await over_http("setMyCommands", commands=MENU, scope=scope)
    for person, menu in ((SITI, for_siti), (BUDI, for_budi)):
        chat = await sim.get("chat", **{"from": person, "chat": GROUP})
        assert chat["menu"] == menu


async def test_commands_in_the_persons_language_come_first(
    sim: Sim, over_http: BotApiClient
) -> None:
    await sim.post("people", id=SITI, language_code="en")
    await over_http("setMyCommands", commands=DEFAULT_MENU)
    await over_http("setMyCommands", commands=MENU, language_code="en")
    for person, menu in ((SITI, MENU), (BUDI, DEFAULT_MENU)):
        chat = await sim.get("chat", **{"from": person, "chat": person})
        assert chat["menu"] == menu


async def test_a_photo_is_displayed_and_any_other_file_is_an_attachment(
    world: World, server: Server, session: aiohttp.ClientSession
) -> None:
    world.send_file(SITI, SITI, "loket.png", png(4, 3), kind="photo")
    world.send_file(SITI, SITI, "x.html", b"<script>", "text/html")
    files = list(world.state.files.by_id.values())
    for file, content_type, disposition in (
        (files[0], "image/png", None),
        (files[1], "application/octet-stream", "attachment"),
    ):
        async with session.get(f"{server.url}/sim/file", params={"id": file.id}) as answer:
            assert await answer.read() == file.content
            assert (answer.content_type, answer.headers.get("Content-Disposition")) == (
                content_type,
                disposition,
            )
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_an_unknown_file_is_refused(sim: Sim) -> None:
    assert await error_of(sim, "file", id="x") == "no such file"
