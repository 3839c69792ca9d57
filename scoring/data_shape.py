"""What the models of data files share: their kinds of text, and the names of mistakes."""

import re
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from scoring.data_file import Problem, Problems

Shape = TypeVar("Shape", bound=BaseModel)

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
    "model_type": "harus tabel { … } dengan kuncinya",
    "literal_error": "pilihannya: {expected}",
    "greater_than_equal": "tidak boleh kurang dari {ge}",
    "less_than_equal": "tidak boleh lebih dari {le}",
}


def matching(pattern: str, reason: str) -> AfterValidator:
    """A text of this pattern; `reason` says how to write it."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text, re.ASCII):
            raise ValueError(f'"{text}" tidak sah: {reason}')
        return text

    return AfterValidator(check)


Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Key = Annotated[
    str,
    matching(
        r"[a-z0-9][a-z0-9-]{0,39}", "pakai huruf kecil, angka dan tanda hubung, paling banyak 40"
    ),
]


class Strict(BaseModel):
    """A table of a file: every key known, nothing converted silently."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ProseFile(Strict):
    """A text in both languages."""

    id: Prose
    en: Prose


def shaped(shape: type[Shape], raw: dict[str, Any]) -> Shape:
    """The file as its model.

    Raises:
        Problems: every key that is missing, unknown or of the wrong kind.
    """
    try:
        return shape.model_validate(raw)
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise Problems([_problem(detail, raw) for detail in found]) from None


def _problem(detail: ErrorDetails, raw: dict[str, Any]) -> Problem:
    if detail["type"] == "value_error":
        return _key(detail["loc"], raw), str(detail["ctx"]["error"])
    reason = REASONS.get(detail["type"], detail["msg"])
    said = reason.format_map(detail.get("ctx", {})).replace(" or ", " atau ")
    return _key(detail["loc"], raw), said


def _key(location: tuple[int | str, ...], raw: object) -> str:
    """`items.BIAYA.mudah.id.labels`: an entry with a code goes by it, another by its place."""
    steps = []
    for step in location:
        raw = _inside(raw, step)
        code = raw.get("code") if isinstance(step, int) and isinstance(raw, dict) else None
        steps.append(str(code or (step + 1 if isinstance(step, int) else step)))
    return ".".join(steps)


def _inside(raw: object, step: int | str) -> object:
    match raw, step:
        case dict(), str():
            return raw.get(step)
        case list(), int() if step < len(raw):
            return raw[step]
    return None
