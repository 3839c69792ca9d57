"""The registered bots: a bot is registered by the first call with its token."""

import re

from simulator.errors import ApiError, InvalidAction
from simulator.model import membership
from simulator.model.bots import Bot, BotName
from simulator.model.store import Store

_TOKEN = re.compile(r"(\d{6,12}):[\w-]{30,}", re.ASCII)


def register(store: Store, token: str) -> Bot:
    """The bot with this token; the first token of a number registers it.

    Raises:
        ApiError: 404 for a malformed token, 401 when the number has another token.
    """
    match = _TOKEN.fullmatch(token)
    if match is None:
        raise ApiError(404, "Not Found")
    number = int(match[1])
    bot = store.state.bots.get(number)
    if bot is None:
        bot = store.state.bots[number] = Bot(number, token)
        membership.join_waiting_groups(store, bot)
    elif bot.token != token:
        raise ApiError(401, "Unauthorized")
    return bot


def named(store: Store, name: BotName) -> Bot:
    """A bot by number, username or token; the only bot when `name` is None.

    Raises:
        InvalidAction: there is no such bot, or `name` is None and there is not exactly one bot.
    """
    bots = store.state.bots
    if name is None:
        if len(bots) != 1:
            raise InvalidAction("name the bot: there is none yet" if not bots else "name the bot")
        return next(iter(bots.values()))
    text = str(name).removeprefix("@")
    if ":" in text:
        try:
            return register(store, text)
        except ApiError as error:
            raise InvalidAction(error.description) from None
    for bot in bots.values():
        if text in (str(bot.id), bot.username):
            return bot
    raise InvalidAction(f"no such bot: {name}")
