"""Kills bot processes while people answer, and counts which acknowledged answers were lost.

An answer is acknowledged once the next screen is shown. A person who waits longer than `IMPATIENT`
taps again; in a browser he presses the button again. At the end every acknowledged answer must be
in the database exactly once.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

import aiohttp
from sqlalchemy import select, text

from storage import tables as t
from storage.database import Database
from tests.forks import Fork

ROOT = Path(__file__).parents[1]
TOKEN = "700000001:" + "puas-kill-token-" * 3
IMPATIENT = 1.0  # seconds until a person taps again
GIVES_UP = 180.0  # a failing post is repeated every minute in the end
SERVICES = (
    "ktp-el", "kk", "pindah-datang", "domisili", "sktm", "skck", "usaha",
    "keramaian", "ahli-waris", "nikah", "legalisasi", "add-dd", "pengaduan", "lainnya",
)  # fmt: skip


RatingTasks: TypeAlias = Sequence[asyncio.Task[None]]


def free_port() -> int:
    """A TCP port that is not in use."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@dataclass
class Deployment:
    """The simulator and one bot, each a process; people act through the simulator over HTTP."""

    folder: Path
    url: str
    webhook: bool
    in_browser: bool = False  # people answer in the pages instead of the chat
    port: int = field(default_factory=free_port)
    hook: int = field(default_factory=free_port)
    pages: int = field(default_factory=free_port)
    bot: Fork | None = None
    simulator: subprocess.Popen[bytes] | None = None
    kills: int = 0
    seen: int = 0  # number of the newest API call that was read
    seen_answers: int = 0  # acknowledged ones
    crowd: list[Person] = field(default_factory=list)

    @property
    def root(self) -> str:
        """The URL of the simulator."""
        return f"http://127.0.0.1:{self.port}"

    def start_simulator(self) -> None:
        """Start the simulator from its state file."""
        command = ["-m", "simulator", "--port", str(self.port), "--state"]
        with (self.folder / "log.txt").open("ab") as log:
            self.simulator = subprocess.Popen(
                [sys.executable, *command, str(self.folder / "world.json")],
                cwd=self.folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=log, stderr=log,
            )  # fmt: skip

    def stop_simulator(self) -> None:
        """Stop the simulator; it writes its state file."""
        if self.simulator is not None:
            self.simulator.send_signal(signal.SIGTERM)
            self.simulator.wait(20)

    async def opens(self, session: aiohttp.ClientSession) -> None:
        """Start the bot and wait until it asks for updates."""
        self.start_bot()
        await _ready(self, session)

    async def ends(self, session: aiohttp.ClientSession) -> None:
        """Called when everybody has finished; does nothing here."""

    def start_bot(self) -> None:
        """Start the program as an operator would."""
        self.bot = self.program(self.settings())

    def settings(self) -> dict[str, str]:
        """The bot's settings, without the prefix `PUAS_`."""
        settings = {
            "TELEGRAM__TOKEN": TOKEN,
            "TELEGRAM__API_ROOT": self.root,
            "DATABASE__URL": self.url,
            "SECRET_FILE": str(self.folder / "puas.key"),
        }
        if self.in_browser:
            settings["WEB__PORT"] = str(self.pages)
        if self.webhook:
            settings |= {
                "TELEGRAM__MODE": "webhook",
                "TELEGRAM__WEBHOOK_URL": f"http://127.0.0.1:{self.hook}/hook",
                "TELEGRAM__WEBHOOK_PORT": str(self.hook),
            }
        return settings

    def program(self, settings: Mapping[str, str]) -> Fork:
        """Start the program with these settings; its output goes to the log."""
        environ = {**os.environ, **{f"PUAS_{key}": value for key, value in settings.items()}}
        with (self.folder / "log.txt").open("ab") as log:
            return Fork(["run"], self.folder, environ, log.fileno(), log.fileno())

    def kill_bot(self) -> None:
        """Kill the bot with SIGKILL and start another."""
        assert self.bot is not None
        self.bot.kill()
        self.bot.wait()
        self.kills += 1
        self.start_bot()

    def answers_of(self, chat: int) -> int | None:
        """The number of answers in the open response of a chat; None without a response."""
        query = select(t.open_response.c.answers).where(t.open_response.c.person == chat)
        with closing(Database(self.url)) as database, database.read() as db:
            answers = db.execute(query).scalar_one_or_none()
            return None if answers is None else len(answers)

    def close(self) -> None:
        """Kill every process that still runs."""
        for process in (self.bot, self.simulator):
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()

    def log(self) -> str:
        """The output of all processes."""
        return (self.folder / "log.txt").read_text(errors="replace")


@dataclass
class Person:
    """A person whose nine answers are random, so that each response can be recognised."""

    deployment: Deployment
    session: aiohttp.ClientSession
    id: int
    rounds: int
    draw: random.Random
    given: list[tuple[int, ...]] = field(default_factory=list)  # the answers of each sent response
    acknowledged: int = 0
    asked_again: int = 0
    updates: list[int] = field(default_factory=list)
    retaps: int = 0

    async def rate(self) -> None:
        """Rate as many services as there are rounds."""
        await self._sim("people", id=self.id, first_name="Warga")
        for number in range(self.rounds):
            await self._one(SERVICES[number])

    async def _one(self, service: str) -> None:
        pattern = tuple(self.draw.randint(1, 4) for _ in range(9))
        shown = await self._say(f"/start l_{service}", "Setuju")
        reached = 0
        while "Tanda terima" not in shown["text"]:
            question = re.search(r"Pertanyaan (\d+) dari", shown["text"])
            number = int(question[1]) if question else reached
            if number < reached:  # an older screen arrived late, or an answer was lost
                stored = self.deployment.answers_of(self.id)
                self.asked_again += stored is not None and stored < reached - 1
            reached = max(reached, number)
            label = self._label(shown, pattern[int(question[1]) - 1] if question else None)
            shown = await self._tap(shown, label)
            if question:
                self.acknowledged += 1
        self.given.append(pattern)

    def _label(self, shown: Any, nilai: int | None) -> str:
        buttons = _buttons(shown)
        if nilai is not None:
            return str(buttons[nilai - 1]["text"])
        for wanted in ("✅", "Setuju", "Lanjutkan", "Tidak menjawab"):
            for button in buttons:
                if str(button["text"]).startswith(wanted):
                    return str(button["text"])
        raise AssertionError(f"nothing to press under: {shown['text']}")

    async def _say(self, words: str, wanted: str) -> Any:
        began = time.monotonic()
        newest = await self._newest()
        while time.monotonic() - began < GIVES_UP:
            await self._send("say", text=words)
            # After a repeated /start, screens of the previous service may still be in the chat.
            shown = await self._waits(
                lambda m: m["message_id"] > newest and any(wanted in b["text"] for b in _buttons(m))
            )
            if shown:
                return shown
            self.retaps += 1
        raise AssertionError(f"{self.id} was never answered:\n{self.deployment.log()[-3000:]}")

    async def _tap(self, shown: Any, label: str) -> Any:
        newest = max(shown["message_id"], await self._newest())
        data = next(b["callback_data"] for b in _buttons(shown) if b["text"] == label)
        began = time.monotonic()
        while time.monotonic() - began < GIVES_UP:
            await self._send("tap", message_id=shown["message_id"], data=data)
            changed = await self._waits(
                lambda m: (
                    m["message_id"] > newest
                    or (m["message_id"] == shown["message_id"] and m["text"] != shown["text"])
                )
            )
            if changed:
                return changed
            self.retaps += 1
        raise AssertionError(
            f"{self.id} taps {label!r} without an answer:\n{shown['text']}\n"
            f"{self.deployment.log()[-3000:]}"
        )

    async def _waits(self, ready: Any) -> Any:
        """The first message of the bot that is `ready`; None after `IMPATIENT` seconds."""
        until = time.monotonic() + IMPATIENT
        while time.monotonic() < until:
            for shown in await self._screens():
                if "sudah menilai" in shown["text"]:
                    continue  # the late answer to a repeated /start
                if (_buttons(shown) or "Tanda terima" in shown["text"]) and ready(shown):
                    return shown
            await asyncio.sleep(0.08)
        return None

    async def _newest(self) -> int:
        return max((int(m["message_id"]) for m in await self._screens()), default=0)

    async def _screens(self) -> list[Any]:
        try:
            address = f"{self.deployment.root}/sim/transcript"
            async with self.session.get(address, params={"chat": str(self.id)}) as answer:
                messages = await answer.json()
        except (aiohttp.ClientError, OSError, ValueError):
            return []
        return [m for m in messages if m["from"]["is_bot"]] if isinstance(messages, list) else []

    async def _send(self, what: str, **values: Any) -> None:
        answer = await self._sim(what, **{"from": self.id, "chat": self.id}, **values)
        if answer and isinstance(answer.get("update_id"), int):
            self.updates.append(answer["update_id"])

    async def _sim(self, what: str, **values: Any) -> Any:
        began = time.monotonic()
        while time.monotonic() - began < GIVES_UP:
            try:
                address = f"{self.deployment.root}/sim/{what}"
                async with self.session.post(address, json=values) as answer:
                    return await answer.json()
            except (aiohttp.ClientError, OSError):
                await asyncio.sleep(0.2)
        raise AssertionError("the simulator does not answer")


@dataclass
class Visitor(Person):
    """A person who answers in a browser: a form that gets no answer is sent again."""

    async def _one(self, service: str) -> None:
        pattern = tuple(self.draw.randint(1, 4) for _ in range(9))
        page = await self._page("GET", f"/l/{service}")
        reached = 0
        while "Tanda terima" not in page:
            question = re.search(r"Pertanyaan (\d+) dari", page)
            number = int(question[1]) if question else reached
            self.asked_again += number < reached
            reached = max(reached, number)
            page = await self._page("POST", "/isi", self._pressed(page, question, pattern))
            if question:
                self.acknowledged += 1
        self.given.append(pattern)

    def _pressed(self, page: str, question: re.Match[str] | None, pattern: Sequence[int]) -> str:
        buttons = buttons_of(page)
        if question:
            return str(buttons[pattern[int(question[1]) - 1] - 1][0])
        for wanted in ("Kirim", "Setuju", "Lanjutkan", "Tidak menjawab"):
            for tap, label in buttons:
                if label.startswith(wanted):
                    return str(tap)
        raise AssertionError(f"nothing to press on: {page}")

    async def _page(self, method: str, path: str, tap: str = "") -> str:
        origin = f"http://127.0.0.1:{self.deployment.pages}"
        headers, data = {"Origin": origin, "Accept-Language": "id"}, {"tap": tap}
        began = time.monotonic()
        while time.monotonic() - began < GIVES_UP:
            try:
                async with self.session.request(
                    method, origin + path, data=data if tap else None, headers=headers
                ) as answer:
                    if answer.status == 200:
                        return await answer.text()
            except (aiohttp.ClientError, OSError, TimeoutError):
                await asyncio.sleep(0.1)
            self.retaps += 1
        raise AssertionError(f"no page at {path}:\n{self.deployment.log()[-3000:]}")


def buttons_of(page: str) -> list[tuple[str, str]]:
    """What each button of a page for a browser says, and its label."""
    return re.findall(r'<button[^>]* value="([^"]+)">([^<]+)</button>', page)


def _buttons(message: Any) -> list[Any]:
    return [b for row in message.get("reply_markup", {}).get("inline_keyboard", []) for b in row]


@dataclass(frozen=True)
class Report:
    """What the database holds after the kills, compared with what the people acknowledged."""

    kills: int
    simulator_restarts: int
    people: int
    acknowledged: int
    retaps: int
    lost: int
    doubled: int
    unhandled: int
    unfinished: int
    set_aside: int
    seconds: float


async def run_with_kills(
    deployment: Deployment,
    *,
    people: int,
    rounds: int,
    kills: int,
    simulator_restarts: int,
    seed: int,
) -> Report:
    """Kill the bot at random moments while people tap; then compare and count."""
    draw = random.Random(seed)

    async def killing(session: aiohttp.ClientSession, walks: RatingTasks) -> None:
        await _kill(deployment, session, draw, kills, simulator_restarts, walks)

    report = await run_under_trouble(deployment, people, rounds, seed, killing)
    return replace(report, simulator_restarts=simulator_restarts)


async def run_under_trouble(
    deployment: Deployment,
    people: int,
    rounds: int,
    seed: int,
    trouble: Callable[[aiohttp.ClientSession, RatingTasks], Awaitable[None]],
) -> Report:
    """Let people tap while `trouble` runs; then compare and count."""
    began = time.monotonic()
    deployment.start_simulator()
    timeout = aiohttp.ClientTimeout(total=10)
    try:
        async with AsyncExitStack() as opened:
            session = await opened.enter_async_context(aiohttp.ClientSession(timeout=timeout))
            await deployment.opens(session)
            crowd = deployment.crowd = [
                await _person(
                    deployment, opened, session, 1000 + number, rounds, f"{seed}/{number}"
                )
                for number in range(people)
            ]
            walks = [asyncio.create_task(person.rate()) for person in crowd]
            await trouble(session, walks)
            await asyncio.gather(*walks)
            await _confirmed(deployment, session)
            report = _counted(deployment, crowd, time.monotonic() - began)
            await deployment.ends(session)
            return report
    finally:
        deployment.close()


async def _person(
    deployment: Deployment,
    opened: AsyncExitStack,
    session: aiohttp.ClientSession,
    number: int,
    rounds: int,
    seed: str,
) -> Person:
    """Somebody who rates; in a browser with cookies of his own."""
    draw = random.Random(seed)
    if not deployment.in_browser:
        return Person(deployment, session, number, rounds, draw)
    jar, timeout = aiohttp.CookieJar(unsafe=True), aiohttp.ClientTimeout(total=10)
    own = aiohttp.ClientSession(cookie_jar=jar, timeout=timeout)
    return Visitor(deployment, await opened.enter_async_context(own), number, rounds, draw)


async def _ready(deployment: Deployment, session: aiohttp.ClientSession) -> None:
    """Wait until the bot asks for updates."""
    for _ in range(600):
        try:
            async with session.get(f"{deployment.root}/sim/requests") as answer:
                methods = {call["method"] for call in await answer.json()}
            if methods & {"getUpdates", "setWebhook"}:
                return
        except (aiohttp.ClientError, OSError):
            pass
        await asyncio.sleep(0.05)
    raise AssertionError(f"the bot did not start:\n{deployment.log()[-3000:]}")


async def _kill(
    deployment: Deployment,
    session: aiohttp.ClientSession,
    draw: random.Random,
    kills: int,
    simulator_restarts: int,
    walks: RatingTasks,
) -> None:
    restarts = set(draw.sample(range(kills), simulator_restarts)) if simulator_restarts else set()
    for number in range(kills):
        for _ in range(600):
            if await _at_work(deployment, session) or all(walk.done() for walk in walks):
                break
            await asyncio.sleep(0.05)
        await asyncio.sleep(draw.uniform(0.0, 0.5))
        if number in restarts:
            await asyncio.to_thread(deployment.stop_simulator)
            deployment.start_simulator()
            await simulator_is_ready(deployment, session)
        await asyncio.to_thread(deployment.kill_bot)


async def _at_work(deployment: Deployment, session: aiohttp.ClientSession) -> bool:
    """Whether the bot showed a screen since the last call of this function."""
    before, now = deployment.seen_answers, sum(each.acknowledged for each in deployment.crowd)
    deployment.seen_answers = now
    if deployment.in_browser:
        return now > before
    address = f"{deployment.root}/sim/requests"
    try:
        async with session.get(address, params={"since": str(deployment.seen)}) as answer:
            calls = await answer.json()
    except (aiohttp.ClientError, OSError):
        return False
    deployment.seen = max((call["number"] for call in calls), default=deployment.seen)
    return any(call["method"] in ("editMessageText", "sendMessage") for call in calls)


async def simulator_is_ready(deployment: Deployment, session: aiohttp.ClientSession) -> None:
    """Wait until the simulator answers."""
    for _ in range(200):
        try:
            async with session.get(f"{deployment.root}/sim/clock"):
                return
        except (aiohttp.ClientError, OSError):
            await asyncio.sleep(0.05)
    raise AssertionError("the simulator did not come back")


async def _confirmed(deployment: Deployment, session: aiohttp.ClientSession) -> None:
    """Wait until no update is pending."""
    for _ in range(400):
        address = f"{deployment.root}/bot{TOKEN}/getWebhookInfo"
        async with session.get(address) as answer:
            if not (await answer.json())["result"]["pending_update_count"]:
                return
        await asyncio.sleep(0.05)
    raise AssertionError("updates are still waiting")


def _counted(deployment: Deployment, crowd: Sequence[Person], seconds: float) -> Report:
    database = Database(deployment.url)
    with database.read() as db:
        rows = db.execute(
            text(
                "SELECT r.id, a.nilai FROM response r JOIN answer a ON a.response_id = r.id"
                " WHERE r.status = 1 ORDER BY r.id, a.item_id"
            )
        ).all()
        handled = set(db.execute(text("SELECT update_id FROM handled_update")).scalars())
        # Killed before the cookie arrived, a browser leaves an open response without answers.
        left = db.execute(select(t.open_response.c.door, t.open_response.c.answers)).all()
        aside = db.execute(text("SELECT count(*) FROM set_aside")).scalar_one()
    database.close()
    answers: dict[int, list[int]] = {}
    for response, nilai in rows:
        answers.setdefault(response, []).append(nilai)
    stored = Counter(tuple(nilai) for nilai in answers.values())
    given = Counter(pattern for person in crowd for pattern in person.given)
    sent = {update for person in crowd for update in person.updates}
    return Report(
        kills=deployment.kills,
        simulator_restarts=0,
        people=len(crowd),
        acknowledged=sum(person.acknowledged for person in crowd),
        retaps=sum(person.retaps for person in crowd),
        lost=sum((given - stored).values()) + sum(person.asked_again for person in crowd),
        doubled=sum((stored - given).values()),
        unhandled=len(sent - handled),
        unfinished=sum(row.door == t.Door.TELEGRAM or bool(row.answers) for row in left),
        set_aside=int(aside),
        seconds=round(seconds, 1),
    )
