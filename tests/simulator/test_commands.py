"""The menu of commands, by scope and language."""

from typing import Any

import pytest

from simulator.world import World
from tests.simulator.conftest import GROUP, SITI
from tests.simulator.doors import Telegram

MULAI = {"command": "mulai", "description": "Mulai mengisi"}


async def test_every_scope_and_language_has_its_own_menu(world: World, started: Telegram) -> None:
    world.group(GROUP, "Kantor", [SITI])
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
    ("command", "words"),
    [
        (MULAI | {"command": "Mulai"}, "BOT_COMMAND_INVALID"),
        (MULAI | {"command": "x" * 33}, "BOT_COMMAND_INVALID"),
        (MULAI | {"command": "/mulai"}, "BOT_COMMAND_INVALID"),
        (MULAI | {"description": " "}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        (MULAI | {"description": "x" * 257}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"command": "x"}, "can't parse BotCommand: can't find field \"description\""),
    ],
)
async def test_a_wrong_command_is_refused(
    telegram: Telegram, command: dict[str, str], words: str
) -> None:
    refusal = await telegram.refuses("setMyCommands", commands=[command])
    assert refusal == (400, f"Bad Request: {words}")


async def test_a_menu_has_at_most_a_hundred_commands(telegram: Telegram) -> None:
    commands = [MULAI | {"command": f"c{number}"} for number in range(101)]
    assert await telegram("setMyCommands", commands=commands[:100]) is True
    refusal = await telegram.refuses("setMyCommands", commands=commands)
    assert refusal == (400, "Bad Request: BOT_COMMANDS_TOO_MUCH")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"language_code": "indonesia"}, "invalid language code specified"),
        ({"scope": {"type": "everybody"}}, "unsupported type specified"),
        ({"scope": {"type": "chat", "chat_id": 99}}, "chat not found"),
        ({"scope": {"type": "chat_administrators", "chat_id": SITI}}, "in private chats"),
    ],
)
async def test_a_menu_for_nobody_is_refused(
    started: Telegram, values: dict[str, Any], words: str
) -> None:
    code, said = await started.refuses("setMyCommands", commands=[MULAI], **values)
    assert (code, words in said) == (400, True), said
