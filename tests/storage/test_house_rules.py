"""Rules that hold for the code of every room."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "cli", "office", "reports", "scoring", "storage")
# `forms.begin` asks a form's first question.
COMMITS = re.compile(r"(?<!\bforms)\.(begin|begin_nested|commit|rollback)\(")
# SQLAlchemy's and raw SQL, and a table handed on under another name.
CHANGES_AUDIT = re.compile(
    r"\b(update|delete)\(\s*(t\.|tables\.)?audit\b|\baudit\.(update|delete)\(|"
    r"(UPDATE|DELETE\s+FROM|TRUNCATE|DROP\s+TABLE)\s+\"?audit\b|=\s*t\.audit\s*$",
    re.IGNORECASE | re.MULTILINE,
)
# A constant as the default of a new column is no clock.
CONSTANT = r'(sa\.)?(text\()?("(\d*|\{\})"|false\(\))'
SERVER_CLOCK = re.compile(
    rf"func\.now|server_default=(?!{CONSTANT})|CURRENT_TIMESTAMP|\bnow\(\)", re.IGNORECASE
)


def lines(room: str) -> Iterator[tuple[str, str]]:
    """Every line of code of a room, with its location."""
    for path in sorted((ROOT / room).rglob("*.py")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            yield f"{path.relative_to(ROOT)}:{number}", line


@pytest.mark.slow
def test_nothing_outside_the_door_to_the_database_begins_or_commits() -> None:
    found = [where for room in ROOMS for where, line in lines(room) if COMMITS.search(line)]
    assert found
    assert [where for where in found if not where.startswith("storage/database.py:")] == []


def test_the_clock_is_a_parameter_of_storage() -> None:
    own = re.compile(r"datetime\.(now|utcnow|today)|date\.today|time\.time")
    found = [
        where
        for where, line in lines("storage")
        if SERVER_CLOCK.search(line.partition("#")[0]) or own.search(line)
    ]
    assert found == []


def test_row_objects_and_sqlalchemy_stay_in_storage() -> None:
    others = [room for room in ROOMS if room != "storage"]
    found = [where for room in others for where, line in lines(room) if "sqlalchemy" in line]
    assert found == []


@pytest.mark.slow
def test_nothing_ever_changes_or_deletes_a_row_of_the_audit() -> None:
    texts = {
        path.relative_to(ROOT): path.read_text("utf-8")
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
    }
    assert [str(path) for path, text in texts.items() if CHANGES_AUDIT.search(text)] == []
    written = [str(path) for path, text in texts.items() if "insert(db, t.audit)" in text]
    assert written == ["storage/audit.py"]


@pytest.mark.parametrize(
    "code",
    [
        "db.execute(update(t.audit).where(c.id == 1))",
        "delete(\n    t.audit\n)",
        "t.audit.delete()",
        'text("DELETE FROM audit WHERE id = 1")',
        "table = t.audit\n",
    ],
)
def test_the_rule_about_the_audit_finds_each_violation(code: str) -> None:
    assert CHANGES_AUDIT.search(code)
