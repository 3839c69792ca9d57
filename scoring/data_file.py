"""Data files that an office may replace: TOML, refused with one Indonesian line a problem."""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

Problem = tuple[str, str]  # key in the file, reason in Indonesian
Read = TypeVar("Read")


class Problems(ValueError):
    """A file's mistakes, each with its key and reason."""

    def __init__(self, lines: Sequence[Problem]) -> None:
        super().__init__(lines)
        self.lines = list(lines)


def load(path: Path, built: Callable[[dict[str, Any]], Read], refusal: type[ValueError]) -> Read:
    """What `built` makes of a TOML file; every problem is raised as one `refusal`."""
    try:
        return parse(path.read_bytes().decode("utf-8-sig"), str(path), built, refusal)
    except OSError as error:
        raise refusal(f"{path}: tidak dapat dibuka ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise refusal(f"{path}: bukan teks UTF-8; simpan ulang sebagai UTF-8.") from error


def parse(
    content: str, place: str, built: Callable[[dict[str, Any]], Read], refusal: type[ValueError]
) -> Read:
    """What `built` makes of TOML text; `place` is what the problems are said of."""
    try:
        return built(tomllib.loads(content))
    except tomllib.TOMLDecodeError as error:
        raise refusal(f"{place}: bukan TOML yang sah: {error}.") from error
    except Problems as problems:
        lines = (f"{place}: {key}: {reason}." for key, reason in problems.lines)
        raise refusal("\n".join(lines)) from problems


def repeated(key: str, values: Sequence[str]) -> Iterator[Problem]:
    """What stands more than once."""
    for value, count in Counter(values).items():
        if count > 1:
            yield key, f'"{value}" tertulis {count} kali; setiap isi harus berbeda'
