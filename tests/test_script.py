"""`./puas` before there is an environment: a folder that takes no file, and Ctrl-C."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
# Started so that SIGINT ends it, whatever the caller ignores.
STARTED = "import os, sys, signal as s; s.signal(2, s.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
# A Python whose venv module takes a minute, and which answers a Ctrl-C as Python does.
SLOW_PYTHON = f"""#!/bin/sh
[ "$1" = -c ] && exit 0
exec {sys.executable} -c 'print("begun", flush=True); import time; time.sleep(60)'
"""

pytestmark = pytest.mark.process


@pytest.fixture
def folder() -> Iterator[Path]:
    """A copy of the script and its pins, in a folder that everybody may enter."""
    made = Path(tempfile.mkdtemp(prefix="puas-script-"))
    for name in ("puas", "requirements.txt"):
        shutil.copy(ROOT / name, made)
    made.chmod(0o755)
    yield made
    made.chmod(0o755)
    shutil.rmtree(made)


def test_a_folder_that_takes_no_file_is_named_at_once(folder: Path) -> None:
    account: dict[str, Any] = {}
    if os.geteuid() == 0:  # who may write everywhere
        nobody = pwd.getpwnam("nobody")
        account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    folder.chmod(0o555)
    done = subprocess.run(
        ["/bin/sh", str(folder / "puas"), "check"],
        capture_output=True, text=True, timeout=20, check=False, cwd="/", **account,
    )  # fmt: skip
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"puas: folder {folder} tidak dapat ditulisi")


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_ctrl_c_while_it_sets_itself_up_is_one_sentence(shell: str, folder: Path) -> None:
    found = shutil.which(shell)
    assert found is not None
    python = folder / "slow-python"
    python.write_text(SLOW_PYTHON)
    python.chmod(0o755)
    with subprocess.Popen(
        [sys.executable, "-c", STARTED, found, str(folder / "puas"), "check"],
        env=os.environ | {"PUAS_PYTHON": str(python)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        log = folder / ".venv.lock" / "log"
        while running.poll() is None and not (log.exists() and "begun" in log.read_text()):
            time.sleep(0.05)
        os.killpg(running.pid, signal.SIGINT)
        _, told = running.communicate(timeout=20)
    assert running.returncode == 130, told
    assert "Traceback" not in told
    assert told.splitlines()[-1].startswith("puas: dihentikan; jalankan lagi")
    assert not log.parent.exists()
