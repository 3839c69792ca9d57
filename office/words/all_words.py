"""All words, from words/*.toml into typed models: a missing or misspelt one stops the start."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
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
from office.words.page import PageWords
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
    in_browser: Mapping[tuple[str, str], CitizenWords]  # by channel and language
    office: OfficeWords
    form: FormWords
    manage: ManageWords
    period: PeriodWords
    assist: AssistWords
    head: HeadWords
    iku: IkuWords
    paper: PaperWords
    summary: SummaryWords
    page: Mapping[str, PageWords]  # by language

    def of(self, language: str, kanal: str = "telegram") -> CitizenWords:
        """The citizens' words in this language, as this channel says them."""
        return self.in_browser.get((kanal, language)) or self.citizen[language]


@cache
def load(folder: Path = FOLDER) -> Words:
    """Read all words, once in a process.

    Raises:
        WordsError: one line for each text that is missing, unknown, or has other placeholders.
    """
    reader = _Reader(folder, [])
    words = Words(
        citizen={code: reader.part((code,), CitizenWords) for code in LANGUAGES},
        in_browser={
            (kanal, code): reader.part((code, *files), CitizenWords)
            for code in LANGUAGES
            for kanal, files in (
                ("web", (f"{code}-web",)),
                ("kios", (f"{code}-web", f"{code}-kios")),
            )
        },
        office=reader.part(("kantor",), OfficeWords),
        form=reader.part(("formulir",), FormWords),
        manage=reader.part(("kelola",), ManageWords),
        period=reader.part(("periode",), PeriodWords),
        assist=reader.part(("bantu",), AssistWords),
        head=reader.part(("kepala",), HeadWords),
        iku=reader.part(("iku",), IkuWords),
        paper=reader.part(("kertas",), PaperWords),
        summary=reader.part(("ringkasan",), SummaryWords),
        page={code: reader.part((f"halaman-{code}",), PageWords) for code in LANGUAGES},
    )
    if reader.problems:
        raise WordsError("\n".join(dict.fromkeys(reader.problems)))
    return words


@dataclass(frozen=True, slots=True)
class _Reader:
    folder: Path
    problems: list[str]

    def part(self, files: Sequence[str], model: type[P]) -> P:
        """One file, and those whose texts replace its own; problems are kept, to tell them all."""
        texts: dict[str, Any] = {}
        origin: dict[Any, str] = {}
        name = files[0]
        try:
            for name in files:
                read = tomllib.loads((self.folder / f"{name}.toml").read_text("utf-8"))
                texts |= read
                origin |= dict.fromkeys(read, name)
            return model.model_validate(texts)
        except ValidationError as error:
            self.problems.extend(
                f"{origin.get(problem['loc'][0], files[0])}.toml: {problem['loc'][0]}:"
                f" {_problem(problem)}"
                for problem in error.errors()
            )
        except (OSError, ValueError) as error:
            self.problems.append(f"{name}.toml: {type(error).__name__}")
        unread: Any = model.model_construct()  # never used: its problems stop the start
        return unread  # type: ignore[no-any-return] # as above


def _problem(problem: Any) -> str:
    kind = {"missing": "tidak ada", "extra_forbidden": "tidak dikenal"}.get(problem["type"])
    return kind or str(problem["ctx"]["error"])


def language_of(code: str | None) -> str:
    """The language to start with: English unless the phone speaks one of the islands' own."""
    return "id" if code is None or code.split("-")[0] in ("id", "ms", "jv", "su", "mad") else "en"
