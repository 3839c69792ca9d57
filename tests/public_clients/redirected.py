"""Redirects a client library to the simulator; imported in its process before the example.

As a program it runs the file of its argument, as a pytest plugin (`-p redirected`) only redirects.
The environment has the library's name (`CLIENT`), the simulator's address and a token.
"""

import importlib
import os
import runpy
import sys
from typing import Any

ROOT, TOKEN = os.environ["API_ROOT"], os.environ["TOKEN"]


def _python_telegram_bot() -> None:
    bot: Any = importlib.import_module("telegram").Bot
    original = bot.__init__

    def init(self: Any, token: str, *_: Any, **options: Any) -> None:
        """The examples write their token, and the address of Telegram, into the code."""
        addresses = {"base_url": f"{ROOT}/bot", "base_file_url": f"{ROOT}/file/bot"}
        original(self, TOKEN, **(options | addresses))

    bot.__init__ = init


def _aiogram() -> None:
    server: Any = importlib.import_module("aiogram.client.telegram").PRODUCTION
    object.__setattr__(server, "base", f"{ROOT}/bot{{token}}/{{method}}")
    object.__setattr__(server, "file", f"{ROOT}/file/bot{{token}}/{{path}}")


def _telebot() -> None:
    helper: Any = importlib.import_module("telebot.apihelper")
    helper.API_URL = f"{ROOT}/bot{{0}}/{{1}}"
    helper.FILE_URL = f"{ROOT}/file/bot{{0}}/{{1}}"


{
    "python-telegram-bot": _python_telegram_bot,
    "aiogram": _aiogram,
    "pyTelegramBotAPI": _telebot,
}[os.environ["CLIENT"]]()

if __name__ == "__main__":
    sys.argv = sys.argv[1:]
    runpy.run_path(sys.argv[0], run_name="__main__")
