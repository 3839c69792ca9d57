"""`./puas test`: lint, types, import contracts, then every test; arguments go to pytest alone."""

import subprocess
import sys

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


def main(arguments: list[str]) -> int:
    """Run the checks in turn and stop at the first that fails; with arguments, pytest only."""
    if arguments:
        return subprocess.call([sys.executable, "-m", "pytest", *arguments])
    for name, command in CHECKS:
        sys.stderr.write(f"== {name}\n")
        sys.stderr.flush()
        if code := subprocess.call([sys.executable, *command]):
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
