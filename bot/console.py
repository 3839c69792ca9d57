"""What `puas run` says on a terminal; what is logged goes to a file beside the office's key."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from office.config import Config
from office.office import Office
from storage import groups
from storage.database import Db
from storage.settings import office_facts

FILE = "catatan.log"
QUIET_SECONDS = 600.0  # in which the same trouble is said once
TROUBLE = "Ada gangguan; rinciannya di {file}."
KNOWN = {  # the events of the log that an operator can do something about
    "telegram is out of reach": "Telegram belum terjangkau; dicoba lagi sampai tersambung."
    " Periksa sambungan internet.",
    "telegram refuses the token": "Telegram menolak token; dicoba lagi sampai dua menit.",
    "another process polls": "Proses lain kantor ini juga memakai token ini;"
    " hentikan salah satunya.",
    "a program of another database polls with our token": "Program lain memakai token bot ini;"
    " hentikan program itu, atau ganti tokennya di @BotFather.",
    "clock not confirmed": "Jam komputer tidak cocok dengan jam Telegram; periksa dengan"
    " ./puas check.",
    "first admin claimed": "Kode klaim sudah dipakai: kantor ini sekarang punya admin.",
}


def log_file(config: Config) -> Path:
    """Where the log of a program on a terminal goes: the folder of the office."""
    return config.secret_file.absolute().with_name(FILE)


class Screen(logging.Handler):
    """Says in one sentence what an operator should know; its details are in the file."""

    def __init__(self, tell: Callable[[str], None], file: Path) -> None:
        super().__init__()
        self._tell, self._file = tell, file
        self._told: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Say it, unless it was said a moment ago; what is neither known nor an error is not."""
        event = record.msg.get("event") if isinstance(record.msg, dict) else None
        sentence = KNOWN.get(str(event))
        if sentence is None:
            if record.levelno < logging.ERROR:
                return
            sentence = TROUBLE.format(file=self._file)
        now = time.monotonic()
        if now - self._told.get(sentence, -QUIET_SECONDS) >= QUIET_SECONDS:
            self._told[sentence] = now
            self._tell(sentence)


def started(
    db: Db, office: Office, config: Config, code: str | None, overruled: Iterable[object]
) -> Iterator[str]:
    """What to know when the bot runs: who it is, where, what comes next, how to stop it.

    Args:
        code: of the first admin, while there is none.
        overruled: the keys of the config that do not apply, each as a sentence.
    """
    words = office.words.office
    name = office_facts.name(db)
    yield words.console_bot.plain(office=name, username=office.username)
    linked = groups.linked(db)
    if linked:
        titles = ", ".join(group.title or str(group.chat_id) for group in linked)
        yield words.console_groups.plain(groups=titles)
    else:
        yield words.console_no_group.plain()
    if config.web.port is not None:
        local = f"http://{config.web.listen}:{config.web.port}"
        yield words.console_pages.plain(address=config.web.public_url or local)
    for each in overruled:
        yield f"– {each}"
    yield words.console_log.plain(file=log_file(config))
    if code is not None:
        yield words.claim_console.plain(username=office.username, code=code)
    else:
        yield words.console_next.plain()
    yield words.console_stop.plain()
