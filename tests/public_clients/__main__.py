"""Runs public client libraries against `puas simulate`: `python -m tests.public_clients FOLDER`.

Installs them into the folder, starts each example bot as its own process, talks to it through
`/sim/` as `dialogues.txt` says, and runs pyTelegramBotAPI's live tests. Prints what each gave, and
exits 1 when a bot gave a wrong answer, a call was refused, or a live test failed on a simulated
method. It needs npm and the package registries, so `./puas test` does not run it.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from tests.kills import free_port
from tests.public_clients import install
from tests.public_clients.conversation import PERSON, Conversation, Dialogue, Problem, dialogues
from tests.simulator.clients import Sim

ROOT = Path(__file__).parents[2]
FIRST_BOT = 700000001
GROUP = -1000000000500
LIVE = "pyTelegramBotAPI"
# What a test says when it needs a method or an argument that the simulator does not have.
NOT_SIMULATED = re.compile(
    r"Not Found|simulator does not know|unsupported parse_mode|HTTP URL content"
)


@asynccontextmanager
async def process(
    command: list[str | Path], folder: Path, log: Path, environment: dict[str, str]
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a program until the block ends; its output goes into the log."""
    with log.open("wb") as written:
        running = await asyncio.create_subprocess_exec(
            *map(str, command),
            cwd=folder,
            env=os.environ | environment,
            stdout=written,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            yield running
        finally:
            if running.returncode is None:
                running.kill()
            await running.wait()


def environment(client: str, url: str, token: str) -> dict[str, str]:
    """What a client's process is told: the simulator's address and the token."""
    told = {"API_ROOT": url, "TOKEN": token, "BOT_TOKEN": token, "CLIENT": client}
    return told | {"PYTHONPATH": str(install.HERE)}


async def hold(dialogue: Dialogue, sim: Sim, url: str, number: int, folder: Path) -> str | None:
    """Hold a dialogue with an example bot; the problem, if any."""
    folder = folder / "work" / dialogue.name
    folder.mkdir(parents=True, exist_ok=True)
    installed = folder.parents[1]
    if dialogue.client == "node":
        command: list[str | Path] = ["node", installed / dialogue.name]
    else:
        example = install.source(installed, dialogue.client) / "examples" / f"{dialogue.name}.py"
        command = [install.python(installed), "-m", "redirected", example]
    for left in folder.iterdir():
        left.unlink()  # what the bot kept of an earlier run
    await sim.post("reset")
    told = environment(dialogue.client, url, f"{number}:{'public-clients-' * 3}")
    async with process(command, folder, folder.with_suffix(".log"), told) as running:
        conversation = Conversation(sim, number, running)
        try:
            await conversation.hold(dialogue.steps)
        except Problem as problem:
            return str(problem)
        return await conversation.refused()


async def live_tests(sim: Sim, url: str, number: int, folder: Path) -> dict[str, list[str]]:
    """Run pyTelegramBotAPI's own live tests; their names by result."""
    await sim.post("reset")
    token = f"{number}:{'public-clients-' * 3}"
    async with sim.session.get(f"{url}/bot{token}/getMe") as response:
        assert response.ok
    for name, fields in (
        ("limits", {"per_chat": None, "per_group_minute": None, "overall": None}),
        ("people", {"id": PERSON, "first_name": "Siti", "username": "siti"}),
        ("groups", {"id": GROUP, "title": "Kantor", "members": [PERSON]}),
        ("promote", {"chat": GROUP, "by": PERSON}),
        ("say", {"from": PERSON, "chat": PERSON, "text": "/start"}),
    ):
        answer = await sim.post(name, fields | {"bot": number})
        assert answer["status"] == 200, answer
    told = environment(LIVE, url, token) | {"CHAT_ID": str(PERSON), "GROUP_ID": str(GROUP)}
    results = folder / "work" / "live.xml"
    command: list[str | Path] = [install.python(folder), "-m", "pytest", "-q", "-p", "redirected"]
    command += ["--junitxml", results, "test_telebot.py"]
    tests = install.source(folder, LIVE) / "tests"
    async with process(command, tests, results.with_suffix(".log"), told) as running:
        await running.wait()
    return _by_result(results)


def _by_result(results: Path) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {"passed": [], "not simulated": [], "failed": [], "skipped": []}
    for case in ET.parse(results).getroot().iter("testcase"):  # noqa: S314 # pytest wrote it
        problem = case.find("failure")
        if problem is not None:
            is_ours = NOT_SIMULATED.search(problem.get("message", ""))
            kind = "not simulated" if is_ours else "failed"
        else:
            kind = "skipped" if case.find("skipped") is not None else "passed"
        names[kind].append(case.get("name", ""))
    return names


async def run(folder: Path, only: str) -> int:
    """Hold all dialogues and run the live tests; how many failed."""
    port = free_port()
    url, failed = f"http://127.0.0.1:{port}", 0
    (folder / "work").mkdir(exist_ok=True)
    command: list[str | Path] = [sys.executable, "-m", "cli", "simulate", "--port", str(port)]
    async with (
        process(command, ROOT, folder / "work" / "simulate.log", {}),
        aiohttp.ClientSession() as session,
    ):
        sim = Sim(url, session)
        await _answers(sim)
        for number, dialogue in enumerate(dialogues(), FIRST_BOT):
            if only not in f"{dialogue.client} {dialogue.name}":
                continue
            problem = await hold(dialogue, sim, url, number, folder)
            failed += problem is not None
            _print(dialogue.client, dialogue.name, problem or "passed")
        if only in f"{LIVE} live":
            found = await live_tests(sim, url, FIRST_BOT - 1, folder)
            failed += len(found["failed"])
            counts = [f"{len(names)} {kind}" for kind, names in found.items()]
            _print(LIVE, "live tests", ", ".join([*counts, *found["failed"]]))
    return failed


def _print(client: str, name: str, result: str) -> None:
    sys.stdout.write(f"{client:20} {name:26} {result}\n")
    sys.stdout.flush()


async def _answers(sim: Sim) -> None:
    """Wait until the simulator listens."""
    async with asyncio.timeout(30):
        while True:
            try:
                await sim.get("clock")
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)
            else:
                return


def main() -> None:
    """Install and run."""
    parser = argparse.ArgumentParser(prog="tests.public_clients", description=__doc__)
    parser.add_argument("folder", type=Path, help="for the libraries; kept for the next run")
    parser.add_argument("--only", default="", help="a part of the client's or the bot's name")
    arguments = parser.parse_args()
    folder = arguments.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    install.everything(folder)
    sys.exit(1 if asyncio.run(run(folder, arguments.only)) else 0)


if __name__ == "__main__":
    main()
