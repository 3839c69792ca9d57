"""Installs the client libraries, and the sources with their examples and tests, into a folder."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import venv
from pathlib import Path

HERE = Path(__file__).parent
SOURCES = {"python-telegram-bot": "22.8", "aiogram": "3.31.0", "pyTelegramBotAPI": "4.37.1"}
OTHERS = ("python-telegram-bot[callback-data,job-queue]", "pytest==9.0.2")
NODE = {"grammy": "1.46.0", "@grammyjs/menu": "1.5.0", "telegraf": "4.16.3"}


def everything(folder: Path) -> None:
    """Install what the folder lacks; a second run finds all of it."""
    if not python(folder).exists():
        venv.create(folder / "venv", with_pip=True)
        pinned = [f"{name}=={version}" for name, version in SOURCES.items()]
        _run([python(folder), "-m", "pip", "install", "-q", *pinned, *OTHERS], folder)
    for name, version in SOURCES.items():
        if not source(folder, name).exists():
            _source(folder, f"{name}=={version}")
    if not (folder / "node_modules").exists():
        pinned = [f"{name}@{version}" for name, version in NODE.items()]
        npm = shutil.which("npm") or "npm"
        _run([npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", *pinned], folder)
    for script in HERE.glob("*.mjs"):
        shutil.copy(script, folder)


def python(folder: Path) -> Path:
    """The interpreter that has the client libraries."""
    return folder / "venv" / "bin" / "python"


def source(folder: Path, name: str) -> Path:
    """The unpacked source distribution of a library."""
    return folder / f"{name.replace('-', '_').lower()}-{SOURCES[name]}"


def _source(folder: Path, requirement: str) -> None:
    """Download and unpack a source distribution."""
    download = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:"]
    _run([*download, requirement], folder)
    for archive in folder.glob("*.tar.gz"):
        with tarfile.open(archive) as files:
            files.extractall(folder, filter="data")
        archive.unlink()


def _run(command: list[str | Path], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True)
