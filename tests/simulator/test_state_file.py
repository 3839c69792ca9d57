"""The state file: a restarted simulator continues with the saved state."""

import asyncio
import json
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from simulator.clock import Clock
from simulator.in_process import InProcessRequest
from simulator.rate_limiter import Limits
from simulator.world import World
from tests.simulator.clients import TOKEN, BotApiClient, InProcessTransport
from tests.simulator.conftest import GROUP, SITI, SUPERGROUP
from tests.simulator.images import png


async def test_a_loaded_world_equals_the_saved_one(
    world: World, in_process: BotApiClient, tmp_path: Path
) -> None:
    world.add_group(GROUP, "Kantor", [SITI])
    world.add_group(SUPERGROUP, "Dinas", [SITI])
    world.open_topic(SUPERGROUP, 9)
    world.promote(SUPERGROUP, world.bot().id)
    world.start(SITI, "l_ktp")
    sent = await in_process("sendPhoto", {"photo": ("a.png", png(3, 2))}, chat_id=SITI)
    await in_process("setMyCommands", commands=[{"command": "mulai", "description": "x"}])
    world.tap(SITI, SITI, sent["message_id"], "y")
    world.limits = Limits(per_chat=5)
    world.save(tmp_path / "dunia.json")

    loaded = World.load(tmp_path / "dunia.json")

    assert loaded.state == world.state
    assert (loaded.clock.now(), loaded.limits) == (world.clock.now(), world.limits)
    again = BotApiClient(InProcessTransport(InProcessRequest(loaded)))
    before, after = await in_process.updates(), await again.updates()
    assert before == after
    query = after[-1]["callback_query"]["id"]
    assert await again("answerCallbackQuery", callback_query_id=query)
    file = await again("getFile", file_id=sent["photo"][0]["file_id"])
    assert loaded.state.files.at_path(file["file_path"]) == world.state.files.at_path(
        file["file_path"]
    )
    assert (await again("sendMessage", chat_id=SITI, text="x"))["message_id"] == 3


def test_a_running_clock_went_on_since_it_was_saved(tmp_path: Path) -> None:
    start = datetime(2026, 3, 1, tzinfo=UTC)
    world = World(Clock(start))
    world.save(tmp_path / "dunia.json")
    loaded = World.load(tmp_path / "dunia.json")
    assert 0 <= (loaded.clock.now() - start).total_seconds() < 5
    assert not loaded.clock.frozen


@pytest.mark.process
@pytest.mark.http
async def test_a_restarted_simulator_continues_with_the_saved_state(tmp_path: Path) -> None:
    state = tmp_path / "dunia.json"
    async with aiohttp.ClientSession() as session:

        async def post(url: str, body: dict[str, Any]) -> Any:
            async with session.post(url, json=body) as answer:
                return await answer.json()

        process, url = await _started(state)
        await post(f"{url}/bot{TOKEN}/getMe", {})
        await post(f"{url}/sim/people", {"id": SITI})
        await post(f"{url}/sim/say", {"from": SITI, "chat": SITI, "text": "/start"})
        await _stopped(process)
        assert json.loads(state.read_text())["state"]["people"]

        process, url = await _started(state)
        updates = (await post(f"{url}/bot{TOKEN}/getUpdates", {}))["result"]
        assert [update["message"]["text"] for update in updates] == ["/start"]
        await _stopped(process)


async def _started(state: Path) -> tuple[asyncio.subprocess.Process, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "simulator", "--port", "0", "--state", str(state)),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    return process, (await process.stdout.readline()).decode().strip()


async def _stopped(process: asyncio.subprocess.Process) -> None:
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 10) == 0
