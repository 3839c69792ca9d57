"""`./puas test` itself: what its arguments select, and which tests may start a program."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from storage import catalogue
from storage.database import Database
from tests import __main__ as suite
from tests import statements
from tests.conftest import NEEDS

FAST = ["-m", "not (postgres or browser or libreoffice or process or slow)"]


def test_a_test_without_a_mark_cannot_start_a_program() -> None:
    with pytest.raises(AssertionError, match="mark it with `process`"):
        subprocess.run([sys.executable, "--version"], check=True)


def test_the_fast_tests_need_nothing_and_are_not_slow() -> None:
    assert suite.FAST == ["-m", f"not ({' or '.join([*NEEDS, 'slow'])})"] == FAST


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (["tests/scoring", "-x"], ["-m", "pytest", "tests/scoring", "-x"]),
        (["--cepat", "tests/scoring"], ["-m", "pytest", *FAST, "tests/scoring"]),
        (["-k", "ikm", "--cepat"], ["-m", "pytest", *FAST, "-k", "ikm"]),
    ],
)
def test_other_arguments_go_to_pytest_alone(
    arguments: list[str], command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = []

    def call(command: Sequence[str], env: Mapping[str, str]) -> int:
        ran.append(command)
        return 0

    monkeypatch.setattr(subprocess, "call", call)
    assert suite.main(arguments) == 0
    assert ran == [[sys.executable, *command]]


@pytest.mark.process
@pytest.mark.parametrize(
    ("tests", "check", "code"),
    [("", "", 0), ("", "raise SystemExit('E501')", 1), ("raise SystemExit(5)", "", 5)],
)
def test_the_fast_run_fails_when_a_check_or_a_test_fails(
    tests: str,
    check: str,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(suite, "CHECKS", (("ruff", ["-c", check]),))
    monkeypatch.setattr(suite, "PYTEST", ["-c", tests])
    monkeypatch.setattr(suite, "FAST", ["fast"])
    assert suite.main(["--cepat"]) == code
    assert ("== ruff\nE501\n" in capfd.readouterr().err) == bool(check)


def test_a_line_that_asked_one_database_alone_is_named(
    sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "asked", defaultdict(set))
    database = Database(f"sqlite:///{sqlite_template}")
    event.listen(Engine, "before_cursor_execute", statements.note)
    try:
        with database.read() as db:
            catalogue.active_services(db)
    finally:
        event.remove(Engine, "before_cursor_execute", statements.note)
        database.close()
    (place,) = statements.of_sqlite_alone()
    assert place.startswith("storage/catalogue.py:")
    statements.asked[statements.POSTGRES] |= statements.asked[statements.SQLITE]
    assert statements.of_sqlite_alone() == []
