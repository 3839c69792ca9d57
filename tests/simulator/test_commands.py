"""Bot commands, by scope and language."""

from typing import Any

import pytest

from simulator.world import World
from tests.simulator.clients import BotApiClient
from tests.simulator.conftest import GROUP, SITI

MULAI = {"command": "mulai", "description": "Mulai mengisi"}


async def test_every_scope_and_language_has_its_own_commands(
    world: World, started: BotApiClient
) -> None:
    world.add_group(GROUP, "Kantor", [SITI])
    scopes: list[dict[str, Any]] = [
        {},
        {"language_code": "en"},
        {"scope": {"type": "all_private_chats"}},
        {"scope": {"type": "chat", "chat_id": SITI}},
        {"scope": {"type": "chat_administrators", "chat_id": GROUP}},
        {"scope": {"type": "chat_member", "chat_id": GROUP, "user_id": SITI}},
    ]
    for number, scope in enumerate(scopes):
        command = {"command": f"c{number}", "description": "x"}
        assert await started("setMyCommands", commands=[command], **scope) is True
    for number, scope in enumerate(scopes):
        assert (await started("getMyCommands", **scope))[0]["command"] == f"c{number}"
    assert await started("deleteMyCommands", **scopes[1]) is True
    assert await started("getMyCommands", **scopes[1]) == []
    assert len(await started("getMyCommands")) == 1


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (MULAI | {"command": "Mulai"}, "BOT_COMMAND_INVALID"),
        (MULAI | {"command": "//mulai"}, "BOT_COMMAND_INVALID"),
        (MULAI | {"command": "/"}, "command must be non-empty"),
        (MULAI | {"command": "x" * 33}, "command length must not exceed 32"),
        (MULAI | {"description": " "}, "command description must be non-empty"),
        (
            MULAI | {"description": "x" * 257},
            "command description length must not exceed 256",
        ),
        ({"command": "x"}, "can't parse BotCommand: can't find field \"description\""),
    ],
)
async def test_an_invalid_command_is_refused(
    telegram: BotApiClient, command: dict[str, str], expected: str
) -> None:
    error = await telegram.refuses("setMyCommands", commands=[command])
    assert error == (400, f"Bad Request: {expected}")


async def test_a_command_loses_its_leading_slash(telegram: BotApiClient) -> None:
    given = {"command": " /mulai ", "description": " Mulai mengisi "}
    await telegram("setMyCommands", commands=[given])
    assert await telegram("getMyCommands") == [MULAI]


async def test_a_scope_has_at_most_100_commands(telegram: BotApiClient) -> None:
    commands = [MULAI | {"command": f"c{number}"} for number in range(101)]
    assert await telegram("setMyCommands", commands=commands[:100]) is True
    error = await telegram.refuses("setMyCommands", commands=commands)
    assert error == (400, "Bad Request: BOT_COMMANDS_TOO_MUCH")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"language_code": "indonesia"}, "invalid language code specified"),
        ({"scope": {"type": "everybody"}}, "unsupported type specified"),
        ({"scope": {"type": "chat", "chat_id": 99}}, "chat not found"),
        ({"scope": {"type": "chat_administrators", "chat_id": SITI}}, "in private chats"),
    ],
)
async def test_an_invalid_scope_or_language_is_refused(
    started: BotApiClient, values: dict[str, Any], expected: str
) -> None:
    code, description = await started.refuses("setMyCommands", commands=[MULAI], **values)
    assert (code, expected in description) == (400, True), description
