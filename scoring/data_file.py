"""Data files that an office may replace: TOML, refused with one Indonesian line a problem."""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

Problem = tuple[str, str]  # key in the file, reason in Indonesian


class Coded(Protocol):
    """What a file describes is known by its code."""

    @property
    def code(self) -> str: ...


Read = TypeVar("Read", bound=Coded)


class Problems(ValueError):
    """A file's mistakes, each with its key and reason."""

    def __init__(self, lines: Sequence[Problem]) -> None:
        super().__init__(lines)
        self.lines = list(lines)


@dataclass(frozen=True, slots=True)
class Kind(Generic[Read]):
    """One kind of data file: `what` people call it, where the shipped ones lie, what `built` makes
    of one, and the `refusal` that is raised with one Indonesian line a problem."""

    what: str
    shipped: Path
    built: Callable[[dict[str, Any]], Read]
    refusal: type[ValueError]

    def named(self, code: str, folder: Path | None = None) -> Read:
        """The one with this code: the office's file if its folder has one, else the shipped one.

        Reads the file at every call; hold on to the value.
        """
        path = self.file_of(code, folder)
        found = self.load(path)
        if found.code != code:
            reason = f'tertulis "{found.code}"; samakan dengan nama berkasnya'
            raise self.refusal(f"{path}: code: {reason}.")
        return found

    def file_of(self, code: str, folder: Path | None = None) -> Path:
        """Where the one with this code stands: the office's folder wins."""
        places = (self.shipped,) if folder is None else (self.shipped, folder)
        known = {path.stem: path for place in places for path in sorted(place.glob("*.toml"))}
        if code not in known:
            there = ", ".join(sorted(known))
            raise self.refusal(f'{self.what} "{code}" tidak ada; yang ada: {there}.')
        return known[code]

    def load(self, path: Path) -> Read:
        """The one in a file; a problem names file, key and reason."""
        try:
            return self.parse(path.read_bytes().decode("utf-8-sig"), str(path))
        except OSError as error:
            raise self.refusal(f"{path}: tidak dapat dibuka ({error.strerror}).") from error
        except UnicodeDecodeError as error:
            reason = "bukan teks UTF-8; simpan ulang sebagai UTF-8"
            raise self.refusal(f"{path}: {reason}.") from error

    def parse(self, content: str, place: str) -> Read:
        """The one in the text of a file; `place` is what the problems are said of."""
        try:
            return self.built(tomllib.loads(content))
        except tomllib.TOMLDecodeError as error:
            raise self.refusal(f"{place}: bukan TOML yang sah: {error}.") from error
        except Problems as problems:
            lines = (f"{place}: {key}: {reason}." for key, reason in problems.lines)
            raise self.refusal("\n".join(lines)) from problems


def repeated(key: str, values: Sequence[str]) -> Iterator[Problem]:
    """What stands more than once."""
    for value, count in Counter(values).items():
        if count > 1:
            yield key, f'"{value}" tertulis {count} kali; setiap isi harus berbeda'
