"""`./puas test`: lint, types, import contracts, then every test; arguments go to pytest alone."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

CHECKS = (
    ("ruff", ["-m", "ruff", "check", "."]),
    ("ruff format", ["-m", "ruff", "format", "--check", "."]),
    ("mypy", ["-m", "mypy"]),
    (
        "import-linter",
        ["-c", "from importlinter.cli import lint_imports_command as c; c(['--no-cache'])"],
    ),
    ("pytest", ["-m", "pytest", "-n", "2", "--dist", "worksteal"]),
)

MEMORY = Path("/dev/shm")  # noqa: S108 # each test has a folder of its own in it
ROOM = 4 << 30  # bytes


def main(arguments: list[str]) -> int:
    """Run the checks in turn and stop at the first that fails; with arguments, pytest only."""
    environment = os.environ | _in_memory()
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of programs are started
    if arguments:
        return subprocess.call([sys.executable, "-m", "pytest", *arguments], env=environment)
    for name, command in CHECKS:
        sys.stderr.write(f"== {name}\n")
        sys.stderr.flush()
        if code := subprocess.call([sys.executable, *command], env=environment):
            return code
    return 0


def _in_memory() -> dict[str, str]:
    """Where files of tests stand: in memory if there is room, since thousands wait for a disk."""
    if "TMPDIR" in os.environ or not MEMORY.is_dir():
        return {}
    enough = shutil.disk_usage(MEMORY).free >= ROOM and os.access(MEMORY, os.W_OK)
    runs_programs = not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
    return {"TMPDIR": str(MEMORY)} if enough and runs_programs else {}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
