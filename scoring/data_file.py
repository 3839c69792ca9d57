"""TOML files that an office may replace; an invalid one is refused, one line for each problem."""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from scoring import os_reasons

Problem = tuple[str, str]  # key in the file, reason in Indonesian


class HasCode(Protocol):
    """A value that is identified by its code."""

    @property
    def code(self) -> str: ...


Value = TypeVar("Value", bound=HasCode)


class Problems(ValueError):
    """Everything that is wrong with a file, each problem with its key and reason."""

    def __init__(self, lines: Sequence[Problem]) -> None:
        super().__init__(lines)
        self.lines = list(lines)


@dataclass(frozen=True, slots=True)
class FileType(Generic[Value]):
    """One type of data file.

    `noun` names it in messages; `shipped` is the folder of the files that come with the program;
    `from_table` makes the value of a parsed TOML file, or raises `Problems`; `error` is raised for
    an invalid file, with one Indonesian line for each problem.
    """

    noun: str
    shipped: Path
    from_table: Callable[[dict[str, Any]], Value]
    error: type[ValueError]

    def named(self, code: str, folder: Path | None = None) -> Value:
        """The value with this code, from the office's folder if it has such a file.

        Reads the file at every call; a content that was read before is not parsed again.
        """
        path = self.path_of(code, folder)
        value = self.load(path)
        if value.code != code:
            reason = f'tertulis "{value.code}"; samakan dengan nama berkasnya'
            raise self.error(f"{path}: code: {reason}.")
        return value

    def path_of(self, code: str, folder: Path | None = None) -> Path:
        """The path of the file with this code; the office's folder comes before the shipped one."""
        folders = (self.shipped,) if folder is None else (self.shipped, folder)
        paths = {path.stem: path for each in folders for path in sorted(each.glob("*.toml"))}
        if code not in paths:
            existing = ", ".join(sorted(paths))
            raise self.error(f'{self.noun} "{code}" tidak ada; yang ada: {existing}.')
        return paths[code]

    def load(self, path: Path) -> Value:
        """The value in a file; the error names the file, the key and the reason."""
        try:
            return self.parse(path.read_bytes().decode("utf-8-sig"), str(path))
        except OSError as error:
            raise self.error(f"{path}: tidak dapat dibuka ({os_reasons.reason(error)}).") from error
        except UnicodeDecodeError as error:
            reason = "bukan teks UTF-8; simpan ulang sebagai UTF-8"
            raise self.error(f"{path}: {reason}.") from error

    def parse(self, content: str, source: str) -> Value:
        """The value in the text of a file; every line of the error begins with `source`."""
        try:
            value: Value = _parsed(self.from_table, content)
        except tomllib.TOMLDecodeError as error:
            raise self.error(f"{source}: bukan TOML yang sah: {error}.") from error
        except Problems as problems:
            lines = (f"{source}: {key}: {reason}." for key, reason in problems.lines)
            raise self.error("\n".join(lines)) from problems
        return value


@lru_cache(maxsize=32)  # a start reads the same few files several times
def _parsed(from_table: Callable[[dict[str, Any]], Value], content: str) -> Value:
    return from_table(tomllib.loads(content))


def duplicates(key: str, values: Sequence[str]) -> Iterator[Problem]:
    """A problem for each value that occurs more than once."""
    for value, count in Counter(values).items():
        if count > 1:
            yield key, f'"{value}" tertulis {count} kali; setiap isi harus berbeda'
