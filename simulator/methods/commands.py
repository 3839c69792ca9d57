"""The menu of commands, by scope and language."""

import re
from typing import Any

from simulator.arguments import Json
from simulator.methods.call import Call, Method, names
from simulator.refusal import bad_request

MOST = 100
DESCRIPTION_LENGTH = 256
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}|")
_WIDE = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})
_OF_CHAT = frozenset({"chat", "chat_administrators", "chat_member"})


def set_my_commands(call: Call) -> bool:
    """Set the menu of one scope and language."""
    given = call.arguments.structure("commands", "can't parse commands JSON object")
    if given is None:
        given = []
    if not isinstance(given, list):
        raise bad_request("expected an Array of BotCommand")
    if len(given) > MOST:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    call.bot.commands[_place(call)] = [_command(command) for command in given]
    return True


def get_my_commands(call: Call) -> list[Json]:
    """The menu of exactly that scope and language."""
    return call.bot.commands.get(_place(call), [])


def delete_my_commands(call: Call) -> bool:
    """Clear the menu of one scope and language."""
    call.bot.commands.pop(_place(call), None)
    return True


def _command(command: Any) -> Json:
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name, description = command.get("command"), command.get("description")
    if not isinstance(name, str):
        raise bad_request("can't parse BotCommand: can't find field \"command\"")
    if not isinstance(description, str):
        raise bad_request("can't parse BotCommand: can't find field \"description\"")
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description.strip()) <= DESCRIPTION_LENGTH:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description.strip()}


def _place(call: Call) -> str:
    """Scope and language as one key."""
    language = call.arguments.text("language_code")
    if not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    scope = call.arguments.structure("scope", "can't parse BotCommandScope JSON object")
    if scope is None:
        scope = {"type": "default"}
    if not isinstance(scope, dict):
        raise bad_request("can't parse BotCommandScope: expected an Object")
    kind = scope.get("type")
    if kind in _WIDE:
        return f"{kind} {language}"
    if kind not in _OF_CHAT:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    values = {"chat_id": scope.get("chat_id")}
    chat = Call(call.world, call.bot, type(call.arguments)(values)).chat()
    if kind == "chat":
        return f"chat {chat.id} {language}"
    if chat.is_private:
        raise bad_request("can't change commands in private chats for administrators or members")
    if kind == "chat_administrators":
        return f"chat_administrators {chat.id} {language}"
    if not isinstance(scope.get("user_id"), int) or scope["user_id"] <= 0:
        raise bad_request("invalid user_id specified")
    return f"chat_member {chat.id} {scope['user_id']} {language}"


_WHERE = names("scope language_code")

METHODS = (
    Method("setMyCommands", set_my_commands, _WHERE | names("commands")),
    Method("getMyCommands", get_my_commands, _WHERE),
    Method("deleteMyCommands", delete_my_commands, _WHERE),
)
