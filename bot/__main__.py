"""`python -m bot`: the same as `puas run`."""

import argparse
import asyncio
import gc
import sys
from pathlib import Path

from office.exit_codes import REFUSED


def _say(line: str) -> None:
    """Tell the operator."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def run_until_stopped(file: Path | None, *, new_office: bool = False) -> int:
    """Run the bot of a config file until SIGINT or SIGTERM; the exit code."""
    # Imported modules live until the end. Garbage collection over them takes a seventh of the
    # start, and later a tenth of a second each time, in which every tap waits.
    gc.disable()
    from bot import app
    from office import config, logs, secret

    gc.freeze()
    gc.enable()
    try:
        loaded = config.load(file)
        loaded.token()  # before anything is created
        logs.set_up((*loaded.secrets(), secret.of_office(loaded, new_office=new_office)))
        asyncio.run(app.until_stopped(loaded, _say))
    except app.STOPS as stop:
        sys.stderr.write(f"{app.sentence(stop)}\n")
        return REFUSED
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    parser.add_argument("command", nargs="?", choices=["run"])
    parser.add_argument("--config", metavar="FILE", type=Path)
    parser.add_argument("--kantor-baru", action="store_true")
    arguments = parser.parse_args()
    sys.exit(run_until_stopped(arguments.config, new_office=arguments.kantor_baru))
