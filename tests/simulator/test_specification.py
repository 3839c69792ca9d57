"""The methods agree with Telegram's published specification."""

import ast
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot

import simulator
from simulator.bot_api import methods
from simulator.bot_api.methods.call import names
from tests.simulator import specification

REQUIRED = names(
    "getMe getUpdates setWebhook deleteWebhook getWebhookInfo sendMessage editMessageText",
    "editMessageReplyMarkup editMessageMedia deleteMessage answerCallbackQuery sendPhoto",
    "sendDocument getFile sendChatAction setMyCommands getMyCommands deleteMyCommands getChat",
    "getChatMember getChatAdministrators leaveChat pinChatMessage setMyName getMyName",
    "setMyDescription getMyDescription setMyShortDescription getMyShortDescription",
)
NAMES = sorted(method.name for method in methods.BY_NAME.values())


def test_every_required_method_exists() -> None:
    assert set(NAMES) >= REQUIRED


@pytest.mark.parametrize("name", NAMES)
def test_every_argument_is_either_accepted_or_refused(name: str) -> None:
    method = methods.BY_NAME[name.lower()]
    assert method.takes | method.refuses == set(specification.fields(name))
    assert not method.takes & method.refuses


@pytest.mark.parametrize("name", NAMES)
def test_no_required_argument_is_refused(name: str) -> None:
    required = {field for field, known in specification.fields(name).items() if known["required"]}
    assert required <= methods.BY_NAME[name.lower()].takes


@pytest.mark.parametrize("name", NAMES)
def test_python_telegram_bot_has_every_method(name: str) -> None:
    assert callable(getattr(Bot, name))


@pytest.mark.parametrize(
    ("value", "types", "valid"),
    [
        ({"id": 1, "type": "private"}, ["Chat"], True),
        ({"id": 1}, ["Chat"], False),
        ({"id": "1", "type": "private"}, ["Chat"], False),
        ({"id": 1, "type": "private", "invented": 1}, ["Chat"], False),
        ([True], ["Array of Integer"], False),
        (True, ["Message", "Boolean"], True),
    ],
)
def test_the_specification_check_finds_errors(value: Any, types: list[str], valid: bool) -> None:
    assert bool(specification.errors(value, types, "value")) is not valid


def test_only_the_in_process_request_imports_a_telegram_library() -> None:
    folder = Path(simulator.__file__).parent
    importers = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names_imported = (
                [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            )
            if isinstance(node, ast.ImportFrom):
                names_imported = [node.module or ""]
            if any(name.split(".")[0] in ("telegram", "aiogram") for name in names_imported):
                importers.add(path.name)
    assert importers == {"in_process.py"}
