"""`python -m simulator --port N [--state FILE]`: serve a world until interrupted."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from simulator.server import serve
from simulator.world import World

SAVE_SECONDS = 2.0


async def run(world: World, port: int, state: Path | None = None) -> None:
    """Serve until SIGINT or SIGTERM.

    Args:
        world: what to serve.
        port: 0 for any free one.
        state: a file the world is kept in, every two seconds and at the end.
    """
    server = await serve(world, port)
    sys.stdout.write(f"{server.url}\n")
    sys.stdout.flush()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if state is None:
        await stop.wait()
    else:
        await _keep(world, state, stop)
    await server.close()
    if state is not None:
        world.save(state)


async def _keep(world: World, state: Path, stop: asyncio.Event) -> None:
    """Save the world whenever something happened, until told to stop."""
    changed = asyncio.Event()
    world.listen(lambda _: changed.set())
    while not stop.is_set():
        try:
            await asyncio.wait_for(stop.wait(), SAVE_SECONDS)
        except TimeoutError:
            if changed.is_set():
                changed.clear()
                world.save(state)


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=8081, help="0 for any free port")
    parser.add_argument("--state", type=Path, help="file the world is kept in")
    arguments = parser.parse_args()
    state = arguments.state
    world = World.load(state) if state is not None and state.exists() else World()
    asyncio.run(run(world, arguments.port, state))


if __name__ == "__main__":
    main()
