"""`./puas test`: lint, types, import contracts and every test; `--cepat`: the fast part of it."""

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
)
PYTEST = ["-m", "pytest", "--dist", "worksteal", "--durations", "10"]
FAST = ["-m", "not (postgres or browser or libreoffice or process or slow)"]
# Four on two cores: tests of processes and clocks wait for a third of their time. The fast ones do
# not wait, and every worker imports and collects all of them.
WHOLE = ["-n", "4", "-p", "tests.statements"]

MEMORY = Path("/dev/shm")  # noqa: S108 # each test has a folder of its own in it
ROOM = 4 << 30  # bytes


def main(arguments: list[str]) -> int:
    """Run what the arguments ask for; the exit code.

    Without arguments every test, and beside them the checks, which take one core for a minute;
    with `--cepat` the tests that are fast and need no PostgreSQL, browser, LibreOffice or other
    program. Any other argument goes to pytest, which then runs alone.
    """
    environment = os.environ | _in_memory()
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of programs are started
    for_pytest = [argument for argument in arguments if argument != "--cepat"]
    fast = "--cepat" in arguments
    if fast:
        environment["PUAS_TEST_FAST"] = "1"
    if for_pytest:
        return _run(["-m", "pytest", *(FAST if fast else []), *for_pytest], environment)
    return _checks_beside_tests([*PYTEST, *(["-n", "2", *FAST] if fast else WHOLE)], environment)


def _run(command: list[str], environment: dict[str, str]) -> int:
    return subprocess.call([sys.executable, *command], env=environment)


def _checks_beside_tests(tests: list[str], environment: dict[str, str]) -> int:
    """Run the tests and, meanwhile, each check; what failed is printed after the tests."""
    failed = []
    with subprocess.Popen([sys.executable, *tests], env=environment) as pytest:
        for name, command in CHECKS:
            check = subprocess.run(
                [sys.executable, *command],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
            )
            if check.returncode:
                failed.append((name, check.stdout))
    for name, output in failed:
        _say(name)
        sys.stderr.buffer.write(output)
    return pytest.returncode or bool(failed)


def _say(name: str) -> None:
    sys.stderr.write(f"== {name}\n")
    sys.stderr.flush()


def _in_memory() -> dict[str, str]:
    """Where files of tests stand: in memory if there is room, since thousands wait for a disk."""
    if "TMPDIR" in os.environ or not MEMORY.is_dir():
        return {}
    enough = shutil.disk_usage(MEMORY).free >= ROOM and os.access(MEMORY, os.W_OK)
    runs_programs = not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
    return {"TMPDIR": str(MEMORY)} if enough and runs_programs else {}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
