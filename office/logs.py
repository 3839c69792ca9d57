"""What the program logs, to a stream or a file; never a token, a password or the secret."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import threading
import traceback
from collections.abc import Iterable
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO
from urllib.parse import quote

import structlog
from structlog.typing import ExcInfo, Processor

from storage.database import DatabaseTrouble

QUIET = ("aiohttp", "alembic", "apscheduler", "asyncio", "httpcore", "httpx", "telegram")
HTTP_SERVER = "aiohttp.server"
PART, PARTS = 5_000_000, 5  # bytes of a log file, and how many older ones are kept
SHORTEST = 4  # what is shorter stands in ordinary words, and nothing could be read without it

SHAPES = (
    (re.compile(r"(?<!\d)\d{5,12}(?::|%3A)[A-Za-z0-9_-]{30,}", re.IGNORECASE), "<token>"),
    (re.compile(r"(://[^\s:/@]*):[^\s/]*@"), r"\1:<sandi>@"),
    (re.compile(r"(\bpassword=)[^\s&\"']+", re.IGNORECASE), r"\1<sandi>"),
)
# What SQLAlchemy and PostgreSQL quote of a row: answers and chats.
ROWS = re.compile(r"\[parameters: .*|^DETAIL: .*|Failing row contains .*", re.MULTILINE)


def redact(text: str) -> str:
    """The text without tokens, and without the passwords of addresses."""
    for shape, mark in SHAPES:
        text = shape.sub(mark, text)
    return text


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Redacts the finished line: whatever its message, arguments or traceback brought along."""

    def __init__(self, hidden: frozenset[str], renderer: Processor) -> None:
        super().__init__(
            foreign_pre_chain=SHARED,
            processors=[
                self.remove_processors_meta,
                structlog.processors.ExceptionRenderer(_traceback),
                renderer,
            ],
        )
        self._hidden = sorted(hidden, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """One line, or more when there is a traceback."""
        return self.redacted(super().format(record))

    def redacted(self, text: str) -> str:
        """Without what was named at the start either."""
        for value in self._hidden:
            text = text.replace(value, "<rahasia>")
        return redact(text)


class _Handler(logging.StreamHandler[TextIO]):
    """Says of a record that cannot be formatted where it stands; logging's own way quotes it."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 # logging's name
        """Instead of printing the record's arguments."""
        self.stream.write(f"unreadable log record at {record.pathname}:{record.lineno}\n")


class _FileHandler(RotatingFileHandler):
    """The same in a file that only its owner reads; the oldest of its parts is deleted."""

    handleError = _Handler.handleError  # noqa: N815 # logging's name

    def __init__(self, file: Path) -> None:
        super().__init__(file, maxBytes=PART, backupCount=PARTS, encoding="utf-8")

    def _open(self) -> TextIOWrapper:
        number = os.open(self.baseFilename, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        return TextIOWrapper(os.fdopen(number, "ab"), encoding="utf-8", line_buffering=True)


def _without_client(record: logging.LogRecord) -> bool:
    """Of the HTTP server's records without the client's address, and none of what is no HTTP.

    A traceback of the latter would quote the request, and anybody could fill the log with it.
    """
    error = record.exc_info[1] if record.exc_info else None
    if type(error).__module__.startswith("aiohttp.http"):
        return False
    record.msg, record.args = str(record.msg).removesuffix(" from %s"), ()
    return True


def _traceback(exc_info: ExcInfo) -> str:
    """As Python prints it, without the rows a database quotes; no local values."""
    return ROWS.sub("<baris>", "".join(traceback.format_exception(*exc_info)).rstrip())


SHARED: tuple[Processor, ...] = (
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
)


def set_up(
    hidden: Iterable[str | bytes] = (),
    *,
    stream: TextIO | None = None,
    human: bool | None = None,
    file: Path | None = None,
) -> None:
    """Send everything that is logged, warned of or not caught to one redacting handler.

    Args:
        hidden: passwords and secrets, wherever they might turn up.
        stream: standard error when it is not given.
        human: lines for people instead of JSON; by default on a terminal.
        file: JSON goes to this file, and nothing to the stream.

    Raises:
        OSError: the file cannot be written.
    """
    stream = stream or sys.stderr
    on_terminal = stream.isatty() and file is None
    human = on_terminal if human is None else human
    handler = _Handler(stream) if file is None else _FileHandler(file)
    handler.setFormatter(_Formatter(_spellings(hidden), _renderer(human, on_terminal)))
    logging.root.handlers = [handler]
    logging.root.setLevel(logging.INFO)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger(HTTP_SERVER).addFilter(_without_client)
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    _catch_the_uncaught()


def _renderer(human: bool, colors: bool) -> Processor:
    if human:
        return structlog.dev.ConsoleRenderer(
            colors=colors, exception_formatter=structlog.dev.plain_traceback
        )
    return structlog.processors.JSONRenderer(ensure_ascii=False)


def _spellings(hidden: Iterable[str | bytes]) -> frozenset[str]:
    """Each value as it stands, and as it is written in JSON, in Python, in an address, in hex."""
    found = set()
    for value in hidden:
        if isinstance(value, bytes):
            found |= {value.hex(), repr(value)[2:-1], json.dumps(repr(value)[2:-1])[1:-1]}
        else:
            found |= {value, json.dumps(value)[1:-1], repr(value)[1:-1], quote(value, safe="")}
            found.add(json.dumps(value, ensure_ascii=False)[1:-1])
    return frozenset(value for value in found if len(value) >= SHORTEST)


def _catch_the_uncaught() -> None:
    """asyncio tells its own logger; the interpreter's three hooks would print as they please."""
    log = logging.getLogger("puas")

    def uncaught(
        kind: type[BaseException], error: BaseException, place: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        log.critical("uncaught", exc_info=(kind, error, place))

    def in_thread(found: threading.ExceptHookArgs) -> None:
        if found.exc_value is not None:
            uncaught(found.exc_type, found.exc_value, found.exc_traceback)

    def unraisable(found: Any) -> None:
        if found.exc_value is not None:
            uncaught(found.exc_type, found.exc_value, found.exc_traceback)

    sys.excepthook = uncaught
    threading.excepthook = in_thread
    sys.unraisablehook = unraisable


def place_of(error: Exception) -> str:
    """What was raised and where, without a value anybody typed."""
    frames = traceback.extract_tb(error.__traceback__)
    steps = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames]
    name = type(error).__name__
    if isinstance(error, DatabaseTrouble):
        name += f" ({error.kind})"
    return f"{name}: {' > '.join(steps[-8:])}"
