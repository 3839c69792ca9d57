"""The command menus of Telegram: a convenience; roles are checked at each command."""

from __future__ import annotations

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat

from office.words.all_words import CitizenWords, OfficeWords, Words

CITIZEN = ("mulai", "hasil", "bahasa", "privasi", "hapus_data", "batal", "bantuan")


def _described(words: CitizenWords | OfficeWords, names: tuple[str, ...]) -> list[BotCommand]:
    return [BotCommand(name, getattr(words, f"cmd_{name}")()) for name in names]


async def publish(bot: Bot, words: Words) -> None:
    """The citizens' menu, in both languages."""
    scope = BotCommandScopeAllPrivateChats()
    await bot.set_my_commands(_described(words.of("id"), CITIZEN), scope=scope)
    await bot.set_my_commands(_described(words.of("en"), CITIZEN), scope=scope, language_code="en")


async def menu_of(bot: Bot, words: Words, chat_id: int, commands: tuple[str, ...]) -> None:
    """A person's menu in his own chat: the citizens' commands and these officers' commands."""
    scope = BotCommandScopeChat(chat_id)
    if not commands:
        await bot.delete_my_commands(scope)
        return
    described = _described(words.of("id"), CITIZEN) + _described(words.office, commands)
    await bot.set_my_commands(described, scope=scope)
