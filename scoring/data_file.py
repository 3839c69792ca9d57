"""TOML files that an office may replace; an invalid one is refused, one line for each problem."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Generic, Protocol, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from scoring import os_reasons
from scoring.instrument import OFFICE_LANGUAGE

Model = TypeVar("Model", bound=BaseModel)
# Error type of pydantic -> message.
REASONS = {
    "missing": "kunci ini wajib ada",
    "extra_forbidden": "kunci ini tidak dikenal; hapus, atau perbaiki ejaannya",
    "string_type": "harus teks dalam tanda kutip",
    "string_too_short": "tidak boleh kosong",
    "string_too_long": "terlalu panjang (paling banyak {max_length} huruf)",
    "int_type": "harus bilangan bulat tanpa tanda kutip",
    "list_type": "harus daftar di antara [ dan ]",
    "tuple_type": "harus daftar di antara [ dan ]",
    "too_short": "isinya kurang (paling sedikit {min_length})",
    "too_long": "isinya berlebih (paling banyak {max_length})",
    "dict_type": "harus tabel { … } dengan satu isi untuk tiap bahasa",
    "model_type": "harus tabel { … } dengan kuncinya",
    "literal_error": "pilihannya: {expected}",
    "greater_than_equal": "tidak boleh kurang dari {ge}",
    "less_than_equal": "tidak boleh lebih dari {le}",
}
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


def matching(pattern: str, reason: str) -> AfterValidator:
    """Require a text of this pattern; `reason` says how to write it."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text, re.ASCII):
            raise ValueError(f'"{text}" tidak sah: {reason}')
        return text

    return AfterValidator(check)


Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
LongProse = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Key = Annotated[
    str,
    matching(
        r"[a-z0-9][a-z0-9-]{0,39}", "pakai huruf kecil, angka dan tanda hubung, paling banyak 40"
    ),
]


class StrictModel(BaseModel):
    """A TOML table: unknown keys are refused and no type is converted."""

    # Built with the first file that is read: a start needs none.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


Language = Annotated[
    str, matching(r"[a-z]{2,3}", 'bahasa ditulis dengan 2 atau 3 huruf kecil, seperti "mad"')
]
L = TypeVar("L")


def _has_office_language(texts: dict[str, L]) -> dict[str, L]:
    if OFFICE_LANGUAGE not in texts:
        raise ValueError(f'bahasa "{OFFICE_LANGUAGE}" wajib ada')
    return texts


ByLanguage = Annotated[dict[Language, L], AfterValidator(_has_office_language)]
LocalText = ByLanguage[Prose]  # a text in each of its languages
LongText = ByLanguage[LongProse]


def validated(model: type[Model], table: dict[str, Any]) -> Model:
    """A parsed TOML file as an instance of its model.

    Raises:
        Problems: keys that are missing, unknown or of the wrong type.
    """
    try:
        return model.model_validate(table)
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise Problems([_problem(detail, table) for detail in details]) from None


def _problem(detail: ErrorDetails, table: dict[str, Any]) -> Problem:
    if detail["type"] == "value_error":
        return _key(detail["loc"], table), str(detail["ctx"]["error"])
    template = REASONS.get(detail["type"], detail["msg"])
    reason = template.format_map(detail.get("ctx", {})).replace(" or ", " atau ")
    return _key(detail["loc"], table), reason


def _key(location: tuple[int | str, ...], value: object) -> str:
    """`items.BIAYA.mudah.id.labels`: a list entry is named by its code, else by its number."""
    steps = []
    for step in location:
        value = _child(value, step)
        code = value.get("code") if isinstance(step, int) and isinstance(value, dict) else None
        steps.append(str(code or (step + 1 if isinstance(step, int) else step)))
    return ".".join(steps)


def _child(value: object, step: int | str) -> object:
    match value, step:
        case dict(), str():
            return value.get(step)
        case list(), int() if step < len(value):
            return value[step]
    return None
