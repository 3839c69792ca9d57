"""Updates: long polling and webhooks."""

import asyncio
import re
from typing import Any
from urllib.parse import urlsplit

from simulator.bot_api.methods.call import Call, Method, ResultWithDescription, names
from simulator.errors import OTHER_POLL, Json, bad_request, conflict, too_many_requests
from simulator.loopback import is_loopback
from simulator.model.bots import Bot, Webhook
from simulator.world import World

_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook "
    "first"
)


class _LongPoll:
    """A getUpdates call that waits for an update; `ended_by` says what terminated it."""

    def __init__(self) -> None:
        self.event = asyncio.Event()
        self.ended_by: str | None = None

    def __call__(self) -> None:
        self.event.set()

    def end(self, reason: str) -> None:
        self.ended_by = reason
        self.event.set()


async def get_updates(call: Call) -> list[Json]:
    """The unconfirmed updates; waits for one up to `timeout` seconds.

    Only a call that waits ends another one that waits.
    """
    world, bot, arguments = call.world, call.bot, call.arguments
    if bot.webhook is not None:
        raise conflict(_WEBHOOK_ACTIVE)
    if offset := arguments.integer("offset"):
        bot.confirm(offset)
    _set_allowed_updates(call)
    limit = arguments.clamped("limit", 100, 1, 100)
    timeout: float = arguments.clamped("timeout", 0, 0, 50)
    if world.limits is not None:
        timeout, limit = world.rate_limiter.poll(bot.id, offset, int(timeout), limit)
    updates = bot.ready(limit, world.clock.timestamp())
    if updates or not timeout:
        return updates
    _end_long_poll(world, bot, OTHER_POLL)
    poll = world.waiters[bot.id] = _LongPoll()
    try:
        await asyncio.wait_for(poll.event.wait(), timeout)
    except TimeoutError:
        return []
    finally:
        if world.waiters.get(bot.id) is poll:
            del world.waiters[bot.id]
    if poll.ended_by:
        raise conflict(poll.ended_by)
    return bot.ready(limit, world.clock.timestamp())


def _end_long_poll(world: World, bot: Bot, reason: str) -> None:
    poll = world.waiters.get(bot.id)
    if isinstance(poll, _LongPoll):
        del world.waiters[bot.id]
        poll.end(reason)


def set_webhook(call: Call) -> ResultWithDescription:
    """Set the webhook; without a URL delete it."""
    url = call.arguments.text("url").strip()
    if not url:
        return delete_webhook(call)
    limits, limiter = call.world.limits, call.world.rate_limiter
    if limits is not None and (seconds := limiter.acquire_webhook(call.bot.id)):
        raise too_many_requests(seconds)
    _check_address(url)
    secret = call.arguments.text("secret_token")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    webhook = Webhook(url, secret, call.arguments.clamped("max_connections", 40, 1, 100))
    old = call.bot.webhook
    _end_long_poll(call.world, call.bot, "terminated by setWebhook request")
    _set_allowed_updates(call)
    drops = _drop_pending(call)
    is_same = old is not None and (old.url, old.secret, old.max_connections) == (
        webhook.url,
        webhook.secret,
        webhook.max_connections,
    )
    if is_same and not drops:
        return ResultWithDescription(True, "Webhook is already set")
    call.bot.webhook = webhook
    _wake(call)
    return ResultWithDescription(True, "Webhook was set")


def delete_webhook(call: Call) -> ResultWithDescription:
    """Delete the webhook."""
    if not _drop_pending(call) and call.bot.webhook is None:
        return ResultWithDescription(True, "Webhook is already deleted")
    call.bot.webhook = None
    _wake(call)
    return ResultWithDescription(True, "Webhook was deleted")


def get_webhook_info(call: Call) -> Json:
    """The webhook and the number of pending updates."""
    bot = call.bot
    now = call.world.clock.timestamp()
    webhook = bot.webhook
    info: Json = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": sum(update.expires >= now for update in bot.updates.values()),
    }
    if webhook is not None:
        info["max_connections"] = webhook.max_connections
        info["ip_address"] = "127.0.0.1"
        if webhook.last_error:
            info["last_error_date"] = webhook.last_error_date
            info["last_error_message"] = webhook.last_error
    if bot.allowed:
        info["allowed_updates"] = bot.allowed
    return info


def _wake(call: Call) -> None:
    if wake := call.world.waiters.get(call.bot.id):
        wake()


def _drop_pending(call: Call) -> bool:
    """Delete the pending updates if the call says so; whether it does."""
    drops = call.arguments.flag("drop_pending_updates")
    if drops:
        call.bot.updates.clear()
    return drops


def _set_allowed_updates(call: Call) -> None:
    kinds: Any = call.arguments.structure("allowed_updates", "can't parse allowed updates")
    if kinds is None:
        return
    if not isinstance(kinds, list):
        raise bad_request("can't parse allowed updates: expected an Array of String")
    call.bot.allowed = [str(kind) for kind in kinds] or None


def _check_address(url: str) -> None:
    """Accept only `http://` on loopback, which Telegram itself would refuse."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not is_loopback(parts.netloc):
        raise bad_request(
            "bad webhook: An HTTPS URL must be provided for webhook"
            if parts.scheme == "http"
            else "bad webhook: Failed to resolve host: Name or service not known"
        )
    if parts.scheme == "https":
        raise bad_request("bad webhook: the simulator reaches http:// on loopback only")


METHODS = (
    Method("getUpdates", get_updates, names("offset limit timeout allowed_updates")),
    Method(
        "setWebhook",
        set_webhook,
        names("url max_connections allowed_updates drop_pending_updates secret_token"),
        names("certificate ip_address"),
    ),
    Method("deleteWebhook", delete_webhook, names("drop_pending_updates")),
    Method("getWebhookInfo", get_webhook_info),
)
