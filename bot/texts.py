"""The words people read, from words/*.toml. A text knows its placeholders: typos stop the start."""

from __future__ import annotations

import html
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

FOLDER = Path(__file__).parent / "words"
LANGUAGES = ("id", "en")


class WordsError(Exception):
    """Berkas kata-kata tidak dapat dipakai; satu baris per masalah."""


@dataclass(frozen=True, slots=True)
class Html:
    """Text that is markup already and is not escaped again."""

    markup: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its placeholders; what is filled in is escaped."""

    template: str
    slots: frozenset[str]

    def __call__(self, **values: object) -> str:
        """Fill it in; exactly its placeholders must be given."""
        if values.keys() != self.slots:
            raise TypeError(f"this text takes {sorted(self.slots)}, not {sorted(values)}")
        return self.template.format_map({name: _shown(value) for name, value in values.items()})


def _shown(value: object) -> str:
    return value.markup if isinstance(value, Html) else html.escape(str(value), quote=False)


def Slots(*names: str) -> BeforeValidator:  # noqa: N802 # it stands where a type's mark stands
    """The placeholders a text must have, no more and no fewer."""
    slots = frozenset(names)

    def read(value: object) -> Text:
        if not isinstance(value, str) or not value:
            raise ValueError("harus teks")
        found = {name for _, name, _, _ in string.Formatter().parse(value) if name is not None}
        if found != slots:
            raise ValueError(f"isian harus tepat: {', '.join(sorted(slots)) or 'tanpa isian'}")
        return Text(value, slots)

    return BeforeValidator(read)


Plain = Annotated[Text, Slots()]


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class CitizenWords(_Words):
    """What citizens read, in one language."""

    choose_service: Annotated[Text, Slots("office")]
    no_services: Plain
    unknown_service: Plain
    consent: Annotated[Text, Slots("about", "counter", "office", "questions", "service")]
    agree: Plain
    other_service: Plain
    already_rated: Annotated[Text, Slots("service")]
    rated_enough: Annotated[Text, Slots("service", "times")]
    for_somebody_else: Plain
    unfinished: Annotated[Text, Slots("filled", "other", "service", "total")]
    unfinished_same: Annotated[Text, Slots("filled", "service", "total")]
    unfinished_list: Annotated[Text, Slots("filled", "service", "total")]
    resume: Annotated[Text, Slots("filled", "total")]
    replace: Plain
    restart: Plain
    question: Annotated[Text, Slots("number", "question", "service", "total")]
    about_you: Annotated[Text, Slots("number", "question", "service", "total")]
    back: Plain
    skip: Plain
    decline: Plain
    review: Annotated[Text, Slots("filled", "saran", "service", "total")]
    review_short: Annotated[Text, Slots("filled", "least", "saran", "service", "total")]
    with_suggestion: Plain
    write: Plain
    write_again: Plain
    fill_skipped: Plain
    send: Plain
    write_now: Annotated[Text, Slots("most")]
    do_not_write: Plain
    suggestion_too_long: Annotated[Text, Slots("length", "most")]
    thanks: Annotated[Text, Slots("receipt", "service")]
    use_buttons: Plain
    nothing_open: Plain
    cancelled: Annotated[Text, Slots("service")]
    cancelled_writing: Plain
    again_after_outage: Plain
    toast_stale: Plain
    toast_done: Plain
    toast_foreign: Plain
    toast_expired: Plain
    toast_unknown: Plain
    expired: Plain
    choose_language: Plain
    language_name: Plain
    language_chosen: Plain
    help: Annotated[Text, Slots("office")]
    privacy: Plain
    erase_ask: Plain
    erase_yes: Plain
    erase_no: Plain
    erased: Plain
    kept: Plain
    no_result: Plain
    result: Annotated[Text, Slots("ikm", "kinerja", "mutu", "n", "office", "period", "unsur")]
    result_too_few: Annotated[Text, Slots("n", "office", "period")]
    result_line: Annotated[Text, Slots("mutu", "nrr", "unsur")]
    not_computable: Plain
    private_only: Plain
    not_yours: Plain
    unknown_command: Plain
    error: Plain
    next_page: Plain
    previous_page: Plain
    cmd_mulai: Plain
    cmd_hasil: Plain
    cmd_bahasa: Plain
    cmd_privasi: Plain
    cmd_hapus_data: Plain
    cmd_batal: Plain
    cmd_bantuan: Plain


class OfficeWords(_Words):
    """What officers read, in Indonesian."""

    claim_console: Annotated[Text, Slots("code", "username")]
    claimed: Annotated[Text, Slots("office")]
    claim_wrong: Plain
    admin_title: Plain
    help_admin: Plain
    cmd_ringkasan: Plain
    cmd_pasang_grup: Plain
    link_in_group: Annotated[Text, Slots("username")]
    linked: Annotated[Text, Slots("office", "period")]
    linked_owed: Annotated[Text, Slots("count")]
    anonymous: Plain
    no_period: Plain
    preview_coming: Plain
    preview: Plain
    group_lost: Annotated[Text, Slots("title")]
    group_moved: Annotated[Text, Slots("title")]
    uncertain: Annotated[Text, Slots("period", "reason", "title")]
    failed: Annotated[Text, Slots("period", "reason", "title")]
    send_again: Plain
    sent_again: Plain
    settled_already: Plain
    recount_differs: Annotated[Text, Slots("cells", "period")]
    summary_title: Annotated[Text, Slots("office", "period")]
    summary_locked: Annotated[Text, Slots("span")]
    summary_late: Annotated[Text, Slots("span")]
    summary_open: Annotated[Text, Slots("span")]
    summary_ikm: Annotated[Text, Slots("ikm", "kinerja", "mutu")]
    summary_up: Annotated[Text, Slots("delta", "earlier", "value", "verdict")]
    summary_down: Annotated[Text, Slots("delta", "earlier", "value", "verdict")]
    summary_same: Annotated[Text, Slots("earlier", "value")]
    summary_n: Annotated[Text, Slots("n")]
    summary_margin: Annotated[Text, Slots("margin")]
    channel_telegram: Annotated[Text, Slots("n")]
    channel_dibantu: Annotated[Text, Slots("n")]
    channel_kertas: Annotated[Text, Slots("n")]
    summary_repeats: Annotated[Text, Slots("ikm", "n")]
    summary_repeats_few: Annotated[Text, Slots("n")]
    summary_worst: Annotated[Text, Slots("worst")]
    worst_item: Annotated[Text, Slots("mutu", "nrr", "unsur")]
    worst_at: Annotated[Text, Slots("nrr", "service")]
    summary_gratis: Annotated[Text, Slots("n", "services", "total")]
    summary_services: Annotated[Text, Slots("services")]
    service_item: Annotated[Text, Slots("ikm", "n", "service")]
    service_item_few: Annotated[Text, Slots("ikm", "n", "service")]
    other_services: Plain
    other_gratis: Plain
    summary_too_few: Annotated[Text, Slots("least", "n")]
    summary_not_yet: Plain
    summary_none: Plain
    summary_not_computable: Annotated[Text, Slots("unsur")]
    period_tahun: Plain
    period_semester: Plain
    period_triwulan: Plain
    period_bulan: Plain
    picture_note_open: Plain
    picture_margin: Annotated[Text, Slots("margin")]
    not_comparable: Plain
    not_computable: Plain
    to_private: Plain


@dataclass(frozen=True, slots=True)
class Words:
    """All words: the citizens' by language, the officers'."""

    citizen: Mapping[str, CitizenWords]
    office: OfficeWords

    def of(self, language: str) -> CitizenWords:
        """The citizens' words in this language."""
        return self.citizen[language]


def load(folder: Path = FOLDER) -> Words:
    """Read all words.

    Raises:
        WordsError: one line for each text that is missing, unknown, or has other placeholders.
    """
    problems: list[str] = []
    found: dict[str, _Words] = {}
    for name, model in (("id", CitizenWords), ("en", CitizenWords), ("kantor", OfficeWords)):
        path = folder / f"{name}.toml"
        try:
            found[name] = model.model_validate(tomllib.loads(path.read_text("utf-8")))
        except ValidationError as error:
            problems += [
                f"{path.name}: {problem['loc'][0]}: {_problem(problem)}"
                for problem in error.errors()
            ]
        except (OSError, ValueError) as error:
            problems.append(f"{path.name}: {type(error).__name__}")
    if problems:
        raise WordsError("\n".join(problems))
    office = found.pop("kantor")
    assert isinstance(office, OfficeWords)  # noqa: S101 # for the type checker
    return Words({k: v for k, v in found.items() if isinstance(v, CitizenWords)}, office)


def _problem(problem: Any) -> str:
    kind = {"missing": "tidak ada", "extra_forbidden": "tidak dikenal"}.get(problem["type"])
    return kind or str(problem["ctx"]["error"])


def language_of(code: str | None) -> str:
    """The language to start with: English unless the phone speaks one of the islands' own."""
    return "id" if code is None or code.split("-")[0] in ("id", "ms", "jv", "su", "mad") else "en"
