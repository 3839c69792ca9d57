"""Help and usage errors speak Indonesian, whatever typer's own words are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup
from typer.testing import CliRunner

from cli.__main__ import app

ENGLISH = re.compile(
    r"\b(Usage|Options?|Arguments?|Commands?|Args|Error|Missing|Invalid|Try|Show|default|required"
    r"|should|No such|Got|Did you|Aborted|bool|int|path|range|help for)\b",
    re.IGNORECASE,
)


def commands(command: Any, *path: str) -> Iterator[list[str]]:
    """The path of each command of the app, of the app itself too."""
    yield [*path]
    if isinstance(command, TyperGroup):
        for name, each in command.commands.items():
            yield from commands(each, *path, name)


def run(*arguments: str) -> tuple[int, str, str]:
    """The exit code, output and errors of `puas` with these arguments, on 80 columns."""
    ended = CliRunner().invoke(app, arguments, prog_name="puas", env={"COLUMNS": "80"})
    return ended.exit_code, ended.stdout, ended.stderr


@pytest.mark.parametrize("path", list(commands(typer.main.get_command(app))), ids=" ".join)
def test_the_help_of_each_command_is_indonesian(path: list[str]) -> None:
    code, out, err = run(*path, "--help")
    assert (code, err) == (0, "")
    assert out.startswith(" ".join(["Cara pakai: puas", *path]))
    assert "--help" in out.rpartition("Opsi:\n")[2]
    assert not ENGLISH.findall(out)
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("scoer", "puas: tidak ada perintah 'scoer'. Maksud Anda 'score'?"),
        ("plan impor x.xlsx", "puas plan: tidak ada perintah 'impor'. Maksud Anda 'import'?"),
        ("--", "puas: perintahnya belum disebut."),
        ("score", "puas score: belum disebut: 'FILE'."),
        ("export 2026", "puas export: belum disebut: '--out'."),
        ("export 2026 --outt x", "puas export: tidak ada opsi --outt (mungkin: --out)."),
        ("run -x", "puas run: tidak ada opsi -x."),
        ("export 2026 --out", "puas: opsi '--out' memerlukan nilai."),
        ("demo --headless=1", "puas: opsi '--headless' tidak memakai nilai."),
        ("replay 1 2 3", "puas replay: terlalu banyak argumen: (2 3)."),
        ("replay a", "puas replay: nilai yang salah untuk 'NOMOR': bukan bilangan bulat."),
        (f"replay {'9' * 5000}", "puas replay: nilai yang salah untuk 'NOMOR': terlalu panjang."),
        ("import --undo 0", "puas import: nilai yang salah untuk '--undo': paling sedikit 1."),
        (
            "import --undo 2147483648",
            "puas import: nilai yang salah untuk '--undo': paling banyak 2147483647.",
        ),
        ("import", "puas import: sebut satu saja: FILE, --template FILE, atau --undo N."),
        ("score gone.csv", "berkas tidak dapat dibuka (tidak ada)."),
        ("score gone.csv --urutan x", 'urutan "x" tidak dikenal; pilih: peraturan, formulir.'),
        ("restore gone.db", "berkas itu tidak ada."),
    ],
)
def test_a_mistake_is_told_in_indonesian(
    arguments: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*arguments.split())
    assert (code, out) == (2, "")
    assert sentence in err.splitlines()
    assert not ENGLISH.findall(err)


def test_an_empty_call_shows_the_help_and_fails() -> None:
    assert run() == (2, "", run("--help")[1])
