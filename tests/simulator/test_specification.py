"""The methods against Telegram's published specification, and the room against its own rules."""

import ast
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot

import simulator
from simulator import methods
from simulator.methods.call import names
from tests.simulator import specification

ACCEPTED = names(
    "getMe getUpdates setWebhook deleteWebhook getWebhookInfo sendMessage editMessageText",
    "editMessageReplyMarkup editMessageMedia deleteMessage answerCallbackQuery sendPhoto",
    "sendDocument getFile sendChatAction setMyCommands getMyCommands deleteMyCommands getChat",
    "getChatMember getChatAdministrators leaveChat pinChatMessage",
)
NAMES = sorted(method.name for method in methods.BY_NAME.values())


def test_every_method_of_the_acceptance_list_is_there() -> None:
    assert set(NAMES) >= ACCEPTED


@pytest.mark.parametrize("name", NAMES)
def test_every_argument_is_either_taken_or_refused(name: str) -> None:
    method = methods.BY_NAME[name.lower()]
    assert method.takes | method.refuses == set(specification.fields(name))
    assert not method.takes & method.refuses


@pytest.mark.parametrize("name", NAMES)
def test_nothing_required_is_refused(name: str) -> None:
    required = {field for field, known in specification.fields(name).items() if known["required"]}
    assert required <= methods.BY_NAME[name.lower()].takes


@pytest.mark.parametrize("name", NAMES)
def test_python_telegram_bot_has_every_method(name: str) -> None:
    assert callable(getattr(Bot, name))


@pytest.mark.parametrize(
    ("value", "types", "fine"),
    [
        ({"id": 1, "type": "private"}, ["Chat"], True),
        ({"id": 1}, ["Chat"], False),
        ({"id": "1", "type": "private"}, ["Chat"], False),
        ({"id": 1, "type": "private", "invented": 1}, ["Chat"], False),
        ([True], ["Array of Integer"], False),
        (True, ["Message", "Boolean"], True),
    ],
)
def test_the_check_itself_finds_fault(value: Any, types: list[str], fine: bool) -> None:
    assert bool(specification.complaints(value, types, "value")) is not fine


def test_the_world_knows_no_telegram_library() -> None:
    room = Path(simulator.__file__).parent
    importers = set()
    for path in room.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                found = [node.module or ""]
            if any(name.split(".")[0] in ("telegram", "aiogram") for name in found):
                importers.add(path.name)
    assert importers == {"inprocess.py"}
