"""The command menus of Telegram: a convenience; roles are checked at each command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from telegram import Bot, BotCommandScopeAllPrivateChats, BotCommandScopeChat

LETTERS = 2  # of a language that Telegram keeps a text for


def languages(offered: Sequence[str]) -> Mapping[str, str]:
    """Telegram's language of a text -> the office's; an empty one is that of everybody else."""
    first, *others = offered
    return {"": first} | {code: code for code in others if len(code) == LETTERS}


async def publish(bot: Bot, menu: Sequence[tuple[str, str]], language: str = "") -> None:
    """Set everybody's menu: each command's name and line; per phone language where given."""
    scope = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands(menu, scope=scope, language_code=language or None)


async def set_menu(bot: Bot, chat_id: int, menu: Sequence[tuple[str, str]]) -> None:
    """Set the menu of one private chat; an empty one is reset to everybody's."""
    scope = BotCommandScopeChat(chat_id)
    if menu:
        await bot.set_my_commands(menu, scope=scope)
    else:
        await bot.delete_my_commands(scope)
