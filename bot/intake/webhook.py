"""Updates by webhook: 200 only after the commit, 503 while the database is in trouble."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from datetime import timedelta

import structlog
from aiohttp import web
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.intake import updates
from bot.intake.liveness import Liveness
from bot.turn.queue import Turns
from office.config import Telegram
from office.logs import place_of
from office.office import Clock
from web import listening

log = structlog.get_logger()

MOST_BYTES = 1 << 20  # an update is a few kilobytes
CONNECTIONS = 40
FAILING = timedelta(seconds=90)  # a post that failed is tried again within about a minute
HEADER = "X-Telegram-Bot-Api-Secret-Token"


def secret_token(config: Telegram, secret: bytes) -> str:
    """What Telegram must send along: configured, or the same for every process of this office."""
    if config.webhook_secret is not None:
        return config.webhook_secret.get_secret_value()
    return hmac.digest(secret, b"webhook", "sha256").hex()


def application(bot: Bot, turns: Turns, token: str) -> web.Application:
    """The one route that Telegram posts to, whatever the path of the address."""

    async def post(request: web.Request) -> web.Response:
        given = request.headers.get(HEADER, "")
        if not hmac.compare_digest(given.encode(errors="surrogateescape"), token.encode()):
            return web.Response(status=403)
        try:
            update = updates.parsed(json.loads(await request.read()), bot)
        except (ValueError, RecursionError):
            return web.Response(status=400)
        try:
            await turns.handle([update])
        except Exception as error:  # noqa: BLE001 # the edge of the intake: Telegram posts it again
            log.warning("update not taken", error=place_of(error))
            return web.Response(status=503)
        return web.Response()

    app = web.Application(client_max_size=MOST_BYTES)
    app.router.add_post("/{path:.*}", post)
    return app


async def listen(config: Telegram, bot: Bot, turns: Turns, secret: bytes) -> web.AppRunner:
    """Start the webhook server; the caller cleans up the runner."""
    app = application(bot, turns, secret_token(config, secret))
    # Telegram compresses nothing; decompression would be open to zip bombs.
    runner = web.AppRunner(app, access_log=None, auto_decompress=False)
    key = "telegram.webhook_port"
    return await listening.listen(runner, config.webhook_listen, config.webhook_port, key)


async def announce(config: Telegram, bot: Bot, secret: bytes) -> None:
    """Tell Telegram where to post."""
    await bot.set_webhook(
        config.webhook_url,
        secret_token=secret_token(config, secret),
        allowed_updates=updates.ALLOWED,
        max_connections=CONNECTIONS,
    )


@dataclass(slots=True)
class WebhookProbe:
    """Records that webhook posts arrive; while Telegram cannot reach the process, none does."""

    bot: Bot
    turns: Turns
    liveness: Liveness
    clock: Clock
    taken: int = 0

    async def note(self) -> None:
        """Record it if posts arrived since the last call, or no pending one has failed."""
        before, self.taken = self.taken, self.turns.updates
        if self.taken > before or await self._none_failed():
            await self.liveness.note()

    async def _none_failed(self) -> bool:
        try:
            info = await self.bot.get_webhook_info()
        except TelegramError as error:
            self.liveness.token_refused = isinstance(error, InvalidToken)
            return False
        self.liveness.token_refused = False
        failed = info.last_error_date
        return not info.pending_update_count or failed is None or self.clock() - failed > FAILING
