"""All words, from words/*.toml into typed models: a missing or misspelt one stops the start."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from office.words.agenda import AgendaWords
from office.words.assist import AssistWords
from office.words.citizen import EVERY_OTHER, CitizenWords
from office.words.document import DocumentWords
from office.words.form import FormWords
from office.words.head import HeadWords
from office.words.history import HistoryWords
from office.words.iku import IkuWords
from office.words.manage import ManageWords
from office.words.office import OfficeWords
from office.words.page import PageWords
from office.words.paper import PaperWords
from office.words.period import PeriodWords
from office.words.plan import PlanWords
from office.words.summary import SummaryWords
from office.words.text import Html, Part, PartError, Text
from scoring import os_reasons
from scoring.instrument import LANGUAGES, OFFICE_LANGUAGE

__all__ = ["CitizenWords", "Html", "OfficeWords", "Text", "Words", "WordsError", "load"]

FOLDER = Path(__file__).parent

P = TypeVar("P", bound=Part)


class WordsError(Exception):
    """Berkas kata-kata tidak dapat dipakai; satu baris per masalah."""


@dataclass(frozen=True, slots=True)
class Words:
    """All words: the citizens' by language in the order of the config, the officers' by subject."""

    citizen: Mapping[str, CitizenWords]
    in_browser: Mapping[tuple[str, str], CitizenWords]  # by channel and language
    office: OfficeWords
    form: FormWords
    manage: ManageWords
    period: PeriodWords
    agenda: AgendaWords
    history: HistoryWords
    assist: AssistWords
    head: HeadWords
    iku: IkuWords
    plan: PlanWords
    document: DocumentWords
    paper: PaperWords
    summary: SummaryWords
    page: Mapping[str, PageWords]  # by language

    @property
    def languages(self) -> tuple[str, ...]:
        """What citizens may choose from; the first is that of the office's own screens."""
        return tuple(self.citizen)

    def language_of(self, code: str | None) -> str:
        """The language to start with on a phone of this one (`id`, `en-GB`), as the files say.

        A file of the phone's own language goes before those that name it among their `phones`.
        """
        phone = (code or "").split("-")[0]
        if phone in self.citizen:
            return phone
        for sought in (phone, EVERY_OTHER) if phone else ():
            for language, words in self.citizen.items():
                if sought in words.phones:
                    return language
        return self.languages[0]

    def offered(self, language: str) -> str:
        """This language, or the first one where the office offers it no longer."""
        return language if language in self.citizen else self.languages[0]

    def of(self, language: str, kanal: str = "telegram") -> CitizenWords:
        """The citizens' words in this language, as this channel says them."""
        offered = self.offered(language)
        return self.in_browser.get((kanal, offered)) or self.citizen[offered]


@cache
def load(
    languages: tuple[str, ...] = LANGUAGES, own: Path | None = None, pages: bool = True
) -> Words:
    """Read all words, once in a process.

    Args:
        languages: of citizens.
        own: the office's folder, whose files go before those of the program.
        pages: whether a language must have its files for the browser; without pages it may.

    Raises:
        WordsError: one line for each file that is missing, and for each text that is missing,
            unknown, or has other placeholders.
    """
    reader = _Reader((FOLDER,) if own is None else (own, FOLDER), [])
    words = Words(
        citizen={code: reader.citizen((code,)) for code in languages},
        in_browser={
            (kanal, code): reader.citizen((code, *files))
            for code in languages
            for kanal, files in (
                ("web", (f"{code}-web",)),
                ("kios", (f"{code}-web", f"{code}-kios")),
            )
            if pages or all(map(reader.has, files))
        },
        office=reader.part(("kantor",), OfficeWords),
        form=reader.part(("formulir",), FormWords),
        manage=reader.part(("kelola",), ManageWords),
        period=reader.part(("periode",), PeriodWords),
        agenda=reader.part(("agenda",), AgendaWords),
        history=reader.part(("riwayat",), HistoryWords),
        assist=reader.part(("bantu",), AssistWords),
        head=reader.part(("kepala",), HeadWords),
        iku=reader.part(("iku",), IkuWords),
        plan=reader.part(("rencana",), PlanWords),
        document=reader.part(("dokumen",), DocumentWords),
        paper=reader.part(("kertas",), PaperWords),
        summary=reader.part(("ringkasan",), SummaryWords),
        page={
            code: reader.part((f"halaman-{code}",), PageWords)
            for code in languages
            if pages or reader.has(f"halaman-{code}")
        },
    )
    if reader.problems:
        raise WordsError("\n".join(dict.fromkeys(reader.problems)))
    return words


@dataclass(frozen=True, slots=True)
class _Reader:
    folders: Sequence[Path]
    problems: list[str]

    def citizen(self, files: Sequence[str]) -> CitizenWords:
        """The words of a language; only Indonesian has its names of months in the program."""
        before = len(self.problems)
        words = self.part(files, CitizenWords)
        read = len(self.problems) == before
        if read and files[0] != OFFICE_LANGUAGE and "dates" not in vars(words):
            self.problems.append(f"{files[0]}.toml: dates: tidak ada")
        return words

    def part(self, files: Sequence[str], model: type[P]) -> P:
        """One file, and those whose texts replace its own; problems are kept, to tell them all."""
        texts: dict[str, Any] = {}
        origin: dict[str, str] = {}
        name = files[0]
        try:
            for name in files:
                read = tomllib.loads(self._path(name).read_text("utf-8-sig"))
                texts |= read
                origin |= dict.fromkeys(read, name)
            return model(texts)
        except PartError as error:
            self.problems.extend(
                f"{origin.get(text, files[0])}.toml: {text}: {problem}"
                for text, problem in error.problems.items()
            )
        except FileNotFoundError:
            folders = " atau ".join(str(folder) for folder in self.folders)
            self.problems.append(f"{name}.toml: berkas ini tidak ada di {folders}")
        except OSError as error:
            self.problems.append(f"{name}.toml: tidak terbaca ({os_reasons.reason(error)})")
        except ValueError as error:
            self.problems.append(f"{name}.toml: bukan TOML yang sah dalam UTF-8 ({error})")
        return model.__new__(model)  # never used: its problems stop the start

    def has(self, name: str) -> bool:
        """Whether there is a file of this name."""
        return self._path(name).exists()

    def _path(self, name: str) -> Path:
        paths = [folder / f"{name}.toml" for folder in self.folders]
        return next((path for path in paths if path.exists()), paths[-1])
