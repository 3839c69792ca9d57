"""Bot commands, by scope and language."""

import re
from typing import Any

from simulator.bot_api.methods.call import Call, Method, names
from simulator.errors import Json, bad_request

MAX_COMMANDS = 100
MAX_COMMAND_LENGTH = 32
MAX_DESCRIPTION_LENGTH = 256
_COMMAND = re.compile(r"[a-z0-9_]+")
_LANGUAGE = re.compile(r"[a-z]{2}|")
_CHAT_TYPE_SCOPES = frozenset(
    {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
)
_SINGLE_CHAT_SCOPES = frozenset({"chat", "chat_administrators", "chat_member"})


def set_my_commands(call: Call) -> bool:
    """Set the commands of one scope and language."""
    given = call.arguments.structure("commands", "can't parse commands JSON object")
    if given is None:
        given = []
    if not isinstance(given, list):
        raise bad_request("expected an Array of BotCommand")
    if len(given) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    call.bot.commands[_scope_key(call)] = [_command(command) for command in given]
    return True


def get_my_commands(call: Call) -> list[Json]:
    """The commands of exactly this scope and language."""
    return call.bot.commands.get(_scope_key(call), [])


def delete_my_commands(call: Call) -> bool:
    """Delete the commands of one scope and language."""
    call.bot.commands.pop(_scope_key(call), None)
    return True


def language_code(call: Call) -> str:
    """The language that the call names; empty for everybody else's."""
    language = call.arguments.text("language_code")
    if not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language


def _command(command: Any) -> Json:
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name, description = command.get("command"), command.get("description")
    if not isinstance(name, str):
        raise bad_request("can't parse BotCommand: can't find field \"command\"")
    if not isinstance(description, str):
        raise bad_request("can't parse BotCommand: can't find field \"description\"")
    name, description = name.strip().removeprefix("/"), description.strip()
    for what, text, longest in (
        ("command", name, MAX_COMMAND_LENGTH),
        ("command description", description, MAX_DESCRIPTION_LENGTH),
    ):
        if not text:
            raise bad_request(f"{what} must be non-empty")
        if len(text) > longest:
            raise bad_request(f"{what} length must not exceed {longest}")
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": name, "description": description}


def _scope_key(call: Call) -> str:
    """Scope and language as one key of `Bot.commands`."""
    language = language_code(call)
    scope = call.arguments.structure("scope", "can't parse BotCommandScope JSON object")
    if scope is None:
        scope = {"type": "default"}
    if not isinstance(scope, dict):
        raise bad_request("can't parse BotCommandScope: expected an Object")
    kind = scope.get("type")
    if kind in _CHAT_TYPE_SCOPES:
        return f"{kind} {language}"
    if kind not in _SINGLE_CHAT_SCOPES:
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


_SCOPE = names("scope language_code")

METHODS = (
    Method("setMyCommands", set_my_commands, _SCOPE | names("commands")),
    Method("getMyCommands", get_my_commands, _SCOPE),
    Method("deleteMyCommands", delete_my_commands, _SCOPE),
)
