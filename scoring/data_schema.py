"""Schemas of data files: field types, the base model, and validation in Indonesian."""

import re
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from scoring.data_file import Problem, Problems
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

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


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
