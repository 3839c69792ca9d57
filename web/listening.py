"""Opens an HTTP server of the program at an address of the config: the pages, a webhook, health."""

from __future__ import annotations

from aiohttp import web

from office.config import ConfigError
from scoring import os_reasons


async def listen(runner: web.AppRunner, host: str, port: int | None, key: str) -> web.AppRunner:
    """Start a server; the caller cleans up the runner.

    Args:
        key: of the port in the config, for the operator.

    Raises:
        ConfigError: the address is taken.
    """
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        problem = f"tidak dapat dipakai ({os_reasons.reason(error)}); pilih porta lain"
        raise ConfigError(f"{key}: {problem}.") from None
    return runner
