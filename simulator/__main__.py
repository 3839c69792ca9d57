"""`python -m simulator --port N [--state FILE]`: serve until interrupted."""

import argparse
import asyncio
import signal
import sys
from contextlib import suppress
from pathlib import Path

from simulator.errors import PortUnavailable
from simulator.http.server import serve
from simulator.world import World

SAVE_INTERVAL_SECONDS = 2.0


async def run(world: World, port: int, state: Path | None = None) -> None:
    """Serve until SIGINT or SIGTERM.

    Args:
        world: the simulated Telegram.
        port: 0 for any free port.
        state: the file in which the world is saved: after a change, and at the end.
    """
    server = await serve(world, port)
    sys.stdout.write(f"{server.url}\n")
    sys.stdout.flush()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    with suppress(NotImplementedError):  # Windows; there asyncio.run cancels at Ctrl-C
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
    if state is None:
        await stop.wait()
    else:
        await _save_changes(world, state, stop)
    await server.close()
    if state is not None:
        world.save(state)


async def _save_changes(world: World, state: Path, stop: asyncio.Event) -> None:
    """Save the world after changes, at most every two seconds, until `stop` is set."""
    changed = asyncio.Event()
    world.listen(lambda _: changed.set())
    while not stop.is_set():
        try:
            await asyncio.wait_for(stop.wait(), SAVE_INTERVAL_SECONDS)
        except TimeoutError:
            if changed.is_set():
                changed.clear()
                world.save(state)


def main() -> None:
    """Parse the arguments and serve."""
    parser = argparse.ArgumentParser(prog="simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=8081, help="0 for any free port")
    parser.add_argument("--state", type=Path, help="file in which the world is saved")
    arguments = parser.parse_args()
    state = arguments.state
    world = World.load(state) if state is not None and state.exists() else World()
    try:
        asyncio.run(run(world, arguments.port, state))
    except PortUnavailable as error:
        sys.stderr.write(f"puas simulate: {error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
