"""All words, from words/*.toml into typed models: a missing or misspelt one stops the start."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from office.words.assist import AssistWords
from office.words.citizen import CitizenWords
from office.words.form import FormWords
from office.words.head import HeadWords
from office.words.iku import IkuWords
from office.words.manage import ManageWords
from office.words.office import OfficeWords
from office.words.paper import PaperWords
from office.words.period import PeriodWords
from office.words.summary import SummaryWords
from office.words.text import Html, Part, Text

__all__ = ["CitizenWords", "Html", "OfficeWords", "Text", "Words", "WordsError", "load"]

FOLDER = Path(__file__).parent
LANGUAGES = ("id", "en")

P = TypeVar("P", bound=Part)


class WordsError(Exception):
    """Berkas kata-kata tidak dapat dipakai; satu baris per masalah."""


@dataclass(frozen=True, slots=True)
class Words:
    """All words: the citizens' by language, the officers' by subject."""

    citizen: Mapping[str, CitizenWords]
    office: OfficeWords
    form: FormWords
    manage: ManageWords
    period: PeriodWords
    assist: AssistWords
    head: HeadWords
    iku: IkuWords
    paper: PaperWords
    summary: SummaryWords

    def of(self, language: str) -> CitizenWords:
        """The citizens' words in this language."""
        return self.citizen[language]


@cache
def load(folder: Path = FOLDER) -> Words:
    """Read all words, once in a process.

    Raises:
        WordsError: one line for each text that is missing, unknown, or has other placeholders.
    """
    reader = _Reader(folder, [])
    words = Words(
        citizen={code: reader.part(code, CitizenWords) for code in LANGUAGES},
        office=reader.part("kantor", OfficeWords),
        form=reader.part("formulir", FormWords),
        manage=reader.part("kelola", ManageWords),
        period=reader.part("periode", PeriodWords),
        assist=reader.part("bantu", AssistWords),
        head=reader.part("kepala", HeadWords),
        iku=reader.part("iku", IkuWords),
        paper=reader.part("kertas", PaperWords),
        summary=reader.part("ringkasan", SummaryWords),
    )
    if reader.problems:
        raise WordsError("\n".join(reader.problems))
    return words


@dataclass(frozen=True, slots=True)
class _Reader:
    folder: Path
    problems: list[str]

    def part(self, name: str, model: type[P]) -> P:
        """One file; its problems are kept, so that all are told at once."""
        path = self.folder / f"{name}.toml"
        try:
            return model.model_validate(tomllib.loads(path.read_text("utf-8")))
        except ValidationError as error:
            self.problems.extend(
                f"{path.name}: {problem['loc'][0]}: {_problem(problem)}"
                for problem in error.errors()
            )
        except (OSError, ValueError) as error:
            self.problems.append(f"{path.name}: {type(error).__name__}")
        unread: Any = model.model_construct()  # never used: its problems stop the start
        return unread  # type: ignore[no-any-return] # as above


def _problem(problem: Any) -> str:
    kind = {"missing": "tidak ada", "extra_forbidden": "tidak dikenal"}.get(problem["type"])
    return kind or str(problem["ctx"]["error"])


def language_of(code: str | None) -> str:
    """The language to start with: English unless the phone speaks one of the islands' own."""
    return "id" if code is None or code.split("-")[0] in ("id", "ms", "jv", "su", "mad") else "en"
