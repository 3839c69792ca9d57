"""CPU per answer and the wait for the next page, beside a tap of the chat, in the same process.

One command, from the project's folder:

    PYTHONPATH=. .venv/bin/python -m benchmarks.pages [--people 64] [--repeats 3] [--quick]

Simulator, people and browsers run in this process, Puas in its own, all over HTTP on loopback. In
turn, `--repeats` times each, everybody rates a service in the chat, then everybody rates one in the
pages, all at once. An answer in a browser is a form and the page that its redirect leads to; both
have every answer on disk before the next screen. CPU is user + sys of the program, per answer.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import statistics
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import aiohttp

from benchmarks.figures import Figure, show
from benchmarks.people import FIRST, SERVICES, Telegram, complete_survey, percentiles, telegram
from benchmarks.processes import PROGRAM, Process, started
from tests.kills import buttons_of, free_port


@dataclass(frozen=True)
class Run:
    """One crowd; times in seconds, CPU in seconds per answer."""

    cpu: float
    rate: float
    waits: dict[str, float]


async def in_chat(there: Telegram, bot: Process, people: int, service: str) -> Run:
    """Everybody rates a service in the chat."""
    crowd = [there.phones.add(FIRST + number) for number in range(people)]
    there.timings.begin()
    began, cpu = time.perf_counter(), bot.cpu
    taps = sum(
        await asyncio.gather(*(complete_survey(phone, service, there.timings) for phone in crowd))
    )
    seconds, spent = time.perf_counter() - began, bot.cpu - cpu
    return Run(spent / taps, taps / seconds, percentiles(there.timings.tap))


async def in_browsers(
    sessions: Sequence[aiohttp.ClientSession], root: str, bot: Process, service: str
) -> Run:
    """Everybody rates a service in a browser."""
    waits: list[float] = []
    began, cpu = time.perf_counter(), bot.cpu
    await asyncio.gather(*(_rate(session, root, service, waits) for session in sessions))
    seconds, spent = time.perf_counter() - began, bot.cpu - cpu
    return Run(spent / len(waits), len(waits) / seconds, percentiles(waits))


async def _rate(
    session: aiohttp.ClientSession, root: str, service: str, waits: list[float]
) -> None:
    headers = {"Origin": root, "Accept-Language": "id"}
    async with session.get(f"{root}/l/{service}", headers=headers) as answer:
        page = await answer.text()
    while "Tanda terima" not in page:
        began = time.perf_counter()
        data = {"tap": _pressed(page)}
        async with session.post(f"{root}/isi", data=data, headers=headers) as answer:
            page = await answer.text()
        waits.append(time.perf_counter() - began)


def _pressed(page: str) -> str:
    buttons = buttons_of(page)
    return next((tap for tap, label in buttons if label == "Kirim"), buttons[0][0])


async def measure(people: int, repeats: int) -> tuple[list[Run], list[Run]]:
    """Both crowds in turn: the runs of the chat, and of the pages."""
    chat, pages, port = [], [], free_port()
    root = f"http://127.0.0.1:{port}"
    async with telegram() as there, AsyncExitStack() as opened:
        settings = {"PUAS_WEB__PORT": str(port)}
        bot = opened.enter_context(started(PROGRAM, there.url, settings=settings))
        await there.polled()
        for number in range(repeats + 1):  # the first one is not measured
            service = SERVICES[number]
            sessions = [
                await opened.enter_async_context(
                    aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
                )
                for _ in range(people)
            ]
            chat.append(await in_chat(there, bot, people, service))
            pages.append(await in_browsers(sessions, root, bot, service))
    return chat[1:], pages[1:]


def figures(chat: Sequence[Run], pages: Sequence[Run]) -> list[Figure]:
    """The medians, and the ratio of the pages to the chat."""
    cpu = [statistics.median(run.cpu for run in runs) for runs in (chat, pages)]
    p99 = [statistics.median(run.waits["p99"] for run in runs) for runs in (chat, pages)]
    rate = [statistics.median(run.rate for run in runs) for runs in (chat, pages)]
    return [
        Figure("CPU per tap of the chat", cpu[0] * 1000, "ms"),
        Figure("CPU per answer in the pages", cpu[1] * 1000, "ms"),
        Figure("CPU per answer in the pages ÷ per tap of the chat", cpu[1] / cpu[0]),
        Figure("answers/s in the pages ÷ taps/s in the chat", rate[1] / rate[0]),
        Figure("tap → screen p99", p99[0] * 1000, "ms"),
        Figure("form → next page p99", p99[1] * 1000, "ms"),
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=64)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="16 people, one run")
    chosen = parser.parse_args(arguments)
    people, repeats = (16, 1) if chosen.quick else (chosen.people, chosen.repeats)
    gc.disable()  # a collection over the simulator's messages would delay every screen
    show(figures(*asyncio.run(measure(people, min(repeats, len(SERVICES) - 1)))))


if __name__ == "__main__":
    main()
