"""`puas demo` on the command line: progress on standard error, figures on standard output."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import threading
import webbrowser
from collections.abc import Mapping
from typing import Any

import structlog

from cli.demo import live, year


def say(line: str) -> None:
    """Progress, for people."""
    sys.stderr.write(f"puas demo: {line}\n")
    sys.stderr.flush()


def look(url: str) -> threading.Thread | None:
    """Open the page where somebody sits in front of a screen; nothing waits for it."""
    if not _has_screen():
        return None
    opening = threading.Thread(target=_open, args=(url,), daemon=True)
    opening.start()
    return opening


def _has_screen() -> bool:
    windows = sys.platform in ("darwin", "win32")
    screen = windows or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(screen) and sys.stderr.isatty()


def _open(url: str) -> None:
    try:
        opened = webbrowser.open(url)
    except (webbrowser.Error, OSError):
        opened = False
    if not opened:
        say("peramban tidak terbuka sendiri; buka alamat di atas.")


def _quiet() -> None:
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def headless(citizens: int, seed: int, *, as_json: bool) -> int:
    """Run one period; exit code 0 when the demonstration kept its promises, else 1."""
    _quiet()
    told = asyncio.run(year.headless(citizens, seed, say))
    if as_json:
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write(_readable(told))
    return 0 if year.sound(told) else 1


def _readable(told: Mapping[str, Any]) -> str:
    summary = told["summary"]["text"] if told["summary"] else "tidak ada pesan di grup"
    return (
        f"{summary}\n\n"
        f"{told['citizens']} warga, {told['responses']} penilaian, IKM {told['ikm']};"
        f" hitungan dari ingatan warga sendiri: {told['recount']}\n"
        f"{sum(told['api_calls'].values())} panggilan Bot API dalam {told['seconds']} detik,"
        f" kesalahan bot: {told['handler_errors']}\n"
    )


def interactive(citizens: int, seed: int, port: int) -> int:
    """Run until interrupted."""
    _quiet()
    try:
        asyncio.run(live.interactive(citizens, seed, port, say, look))
    except KeyboardInterrupt:
        say("selesai.")
    return 0
