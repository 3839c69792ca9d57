"""Reads tables that come from outside: workbooks and HTML in a child with limits, CSV here.

The workbook reader allocates what a file promises, and a failed allocation aborts its process: no
exception reports it. The child answers in JSON, so that nothing of the file is executed here.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path

from scoring import sheet_file
from scoring.result_warnings import ResultWarning
from scoring.sheet import Book, Sheet, SheetError

MODULE = "office.sheet_reader"
CPU_SECONDS = 60
SECONDS = 100  # of wall time; shorter than the lease of an outbox row
SECONDS_OF_A_COMMAND = 600
MEMORY = 2**30  # bytes of address space
MAX_OUTPUT = 128 * 2**20  # bytes of all cells, as JSON
ROOT = str(Path(__file__).parents[1])


def read(path: Path) -> Book:
    """The sheets of a file, for a command, which may wait longer; raises like `parse`."""
    return parse(sheet_file.content(path), SECONDS_OF_A_COMMAND)


def parse(data: bytes, seconds: float = SECONDS) -> Book:
    """The sheets in the content of a file; blocks for as long as a workbook is read.

    Raises:
        SheetError: not a readable table, or a workbook that exceeds the limits.
    """
    if sheet_file.is_csv(data):
        return sheet_file.parse(data)
    answer = json.loads(_read_in_child(data, seconds))
    if "error" in answer:
        raise SheetError(answer["error"])
    sheets = tuple(
        Sheet(
            each["name"],
            [(number, tuple(cells)) for number, cells in each["rows"]],
            each["hidden"],
            frozenset(each["hidden_rows"]),
        )
        for each in answer["sheets"]
    )
    return Book(sheets, tuple(ResultWarning(kode, teks) for kode, teks in answer["warnings"]))


def _read_in_child(data: bytes, seconds: float) -> bytes:
    import subprocess  # only here, so that the child need not load it

    try:
        done = subprocess.run(  # noqa: S603 # our own module; the file is its standard input
            [sys.executable, "-m", MODULE],
            env=child_environment(),
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise SheetError(
            f"berkas ini tidak dapat dibaca: belum selesai dalam {seconds:g} detik. Simpan sebagai"
            " CSV, atau bagi menjadi beberapa berkas."
        ) from None
    except (subprocess.CalledProcessError, OSError):
        raise SheetError(
            "berkas ini tidak dapat dibaca: isinya rusak, atau memerlukan memori terlalu banyak."
            " Buka dengan aplikasi lembar kerja, lalu simpan ulang sebagai .xlsx atau CSV."
        ) from None
    return done.stdout


def child_environment() -> dict[str, str]:
    """The environment without this office's settings; only this project is importable."""
    others = {key: value for key, value in os.environ.items() if not key.startswith("PUAS_")}
    return {**others, "PYTHONPATH": ROOT, "PYTHONSAFEPATH": "1"}


def main() -> None:
    """The child: a workbook from standard input, its sheets or an error to standard output."""
    _limit()
    try:
        book = sheet_file.parse(sys.stdin.buffer.read())
        answer = {
            "sheets": [
                {
                    "name": each.name,
                    "hidden": each.hidden,
                    "hidden_rows": sorted(each.hidden_rows),
                    "rows": list(each.rows),
                }
                for each in book.sheets
            ],
            "warnings": [(each.kode, each.teks) for each in book.warnings],
        }
    except SheetError as error:
        answer = {"error": str(error)}
    written = json.dumps(answer).encode()
    if len(written) > MAX_OUTPUT:
        raise MemoryError
    sys.stdout.buffer.write(written)


def _limit() -> None:
    """Limit memory and CPU time."""
    try:
        import resource
    except ImportError:
        return  # Windows: the parent's time limit alone
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(OSError, ValueError):  # a stricter limit is set, or none can be
            resource.setrlimit(limit, (most, most))


if __name__ == "__main__":
    main()
