"""How updates reach a bot: it polls for them, or names a webhook."""

import asyncio
import ipaddress
import re
from typing import Any
from urllib.parse import urlsplit

from simulator.arguments import Json
from simulator.bots import Bot, Webhook
from simulator.methods.call import Call, Method, Said, names
from simulator.refusal import bad_request, conflict
from simulator.world import World

_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_OTHER_POLL = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
_WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook "
    "first"
)


class _Wait:
    """A getUpdates that waits; `ended` says why it must not go on."""

    def __init__(self) -> None:
        self.event = asyncio.Event()
        self.ended: str | None = None

    def __call__(self) -> None:
        self.event.set()

    def end(self, why: str) -> None:
        self.ended = why
        self.event.set()


async def get_updates(call: Call) -> list[Json]:
    """The unconfirmed updates, waiting for one if asked to."""
    world, bot, arguments = call.world, call.bot, call.arguments
    if bot.webhook is not None:
        raise conflict(_WEBHOOK_ACTIVE)
    _end_wait(world, bot, _OTHER_POLL)
    if offset := arguments.integer("offset"):
        bot.confirm(offset)
    _choose_kinds(call)
    limit = arguments.within("limit", 100, 1, 100)
    timeout = arguments.within("timeout", 0, 0, 50)
    found = bot.ready(limit, world.clock.timestamp())
    if found or not timeout:
        return found
    wait = world.wakers[bot.id] = _Wait()
    try:
        await asyncio.wait_for(wait.event.wait(), timeout)
    except TimeoutError:
        return []
    finally:
        if world.wakers.get(bot.id) is wait:
            del world.wakers[bot.id]
    if wait.ended:
        raise conflict(wait.ended)
    return bot.ready(limit, world.clock.timestamp())


def _end_wait(world: World, bot: Bot, why: str) -> None:
    wait = world.wakers.get(bot.id)
    if isinstance(wait, _Wait):
        del world.wakers[bot.id]
        wait.end(why)


def set_webhook(call: Call) -> Said:
    """Have updates posted to an address from now on."""
    url = call.arguments.text("url").strip()
    if not url:
        return delete_webhook(call)
    _check_address(url)
    secret = call.arguments.text("secret_token")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    webhook = Webhook(url, secret, call.arguments.within("max_connections", 40, 1, 100))
    old = call.bot.webhook
    _end_wait(call.world, call.bot, "terminated by setWebhook request")
    _choose_kinds(call)
    _drop_pending(call)
    if old is not None and (old.url, old.secret, old.max_connections) == (
        webhook.url,
        webhook.secret,
        webhook.max_connections,
    ):
        return Said(True, "Webhook is already set")
    call.bot.webhook = webhook
    _wake(call)
    return Said(True, "Webhook was set")


def delete_webhook(call: Call) -> Said:
    """Go back to polling."""
    _drop_pending(call)
    if call.bot.webhook is None:
        return Said(True, "Webhook is already deleted")
    call.bot.webhook = None
    _wake(call)
    return Said(True, "Webhook was deleted")


def get_webhook_info(call: Call) -> Json:
    """Where updates go, and how many wait."""
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
    if wake := call.world.wakers.get(call.bot.id):
        wake()


def _drop_pending(call: Call) -> None:
    if call.arguments.flag("drop_pending_updates"):
        call.bot.updates.clear()


def _choose_kinds(call: Call) -> None:
    kinds: Any = call.arguments.structure("allowed_updates", "can't parse allowed updates")
    if kinds is None:
        return
    if not isinstance(kinds, list):
        raise bad_request("can't parse allowed updates: expected an Array of String")
    call.bot.allowed = [str(kind) for kind in kinds] or None


def _check_address(url: str) -> None:
    """Only plain HTTP on loopback is reached: the one exception from Telegram's rule."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not _is_loopback(parts.hostname):
        raise bad_request(
            "bad webhook: An HTTPS URL must be provided for webhook"
            if parts.scheme == "http"
            else "bad webhook: Failed to resolve host: Name or service not known"
        )
    if parts.scheme == "https":
        raise bad_request("bad webhook: the simulator reaches http:// on loopback only")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


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
