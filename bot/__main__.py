"""`python -m bot`: the same as `puas run`."""

import argparse
import asyncio
import gc
import logging
import sys
from collections.abc import Iterable
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
    from bot import app, console
    from office import config, logs, secret

    gc.freeze()
    gc.enable()
    try:
        loaded = config.load(file)
        loaded.token()  # before anything is created
        hidden: tuple[str | bytes, ...] = (
            *loaded.secrets(),
            secret.of_office(loaded, new_office=new_office),
        )
        on_terminal = sys.stdout.isatty()
        if on_terminal:
            _log_to_file(console.log_file(loaded), hidden)
        else:
            logs.set_up(hidden, stream=sys.stdout)
        asyncio.run(app.until_stopped(loaded, _say, on_terminal=on_terminal))
    except app.STOPS as stop:
        sys.stderr.write(f"{app.sentence(stop)}\n")
        return REFUSED
    if on_terminal:
        _say("\nBot berhenti. Semua jawaban tersimpan; jalankan lagi kapan saja.")
    return 0


def _log_to_file(file: Path, hidden: Iterable[str | bytes]) -> None:
    """Log to this file, and say on the terminal what goes wrong; without the file log there."""
    from bot import console
    from office import logs
    from scoring import os_reasons

    try:
        logs.set_up(hidden, file=file)
    except OSError as error:
        why = os_reasons.reason(error)
        _say(f"{file}: tidak dapat ditulis ({why}); catatan program tampil di sini.")
        logs.set_up(hidden)
        return
    logging.root.addHandler(console.Screen(_say, file))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    parser.add_argument("command", nargs="?", choices=["run"])
    parser.add_argument("--config", metavar="FILE", type=Path)
    parser.add_argument("--kantor-baru", action="store_true")
    arguments = parser.parse_args()
    sys.exit(run_until_stopped(arguments.config, new_office=arguments.kantor_baru))
