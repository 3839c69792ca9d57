"""The words: complete in both languages, used, within Telegram's limits, stopping a typo."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from office.words import all_words
from office.words.all_words import CitizenWords, Text
from office.words.text import Part

ROOT = Path(__file__).parents[2]


def copied(folder: Path) -> Path:
    """The words in a folder of their own."""
    for path in all_words.FOLDER.glob("*.toml"):
        (folder / path.name).write_text(path.read_text("utf-8"), "utf-8")
    return folder


def test_every_word_is_used() -> None:
    folders = (ROOT / room for room in ("bot", "cli", "office"))
    files = (path for folder in folders for path in folder.rglob("*.py"))
    paths = [path for path in files if path.parent.name != "words"]
    code = "\n".join(path.read_text("utf-8") for path in paths)
    for model in Part.__subclasses__():
        for name in model.model_fields:
            built = name.startswith(("cmd_", "period_"))
            assert built or re.search(rf"\.{name}\b", code), f"{model.__name__}.{name} is not used"


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("{office}", "{offce}", "choose_service: isian harus tepat: office"),
        ('agree = "Setuju, mulai"', "", "agree: tidak ada"),
        ("agree =", "agre =", "agre: tidak dikenal"),
        ('agree = "Setuju, mulai"', 'agree = ""', "agree: harus teks"),
    ],
)
def test_a_typo_stops_the_start_with_its_line(
    before: str, after: str, problem: str, tmp_path: Path
) -> None:
    path = copied(tmp_path) / "id.toml"
    path.write_text(path.read_text("utf-8").replace(before, after, 1), "utf-8")
    with pytest.raises(all_words.WordsError, match=re.escape(problem)):
        all_words.load(tmp_path)


def test_what_is_filled_in_is_escaped() -> None:
    words = all_words.load().of("id")
    assert "&lt;b&gt;" in words.cancelled(service="<b>")


def test_wrong_placeholders_are_refused_at_the_call() -> None:
    with pytest.raises(TypeError):
        all_words.load().of("id").cancelled(servis="KTP")


@pytest.mark.parametrize("language", all_words.LANGUAGES)
def test_toasts_fit_in_200_characters(language: str) -> None:
    words = all_words.load().of(language)
    for name in CitizenWords.model_fields:
        if name.startswith("toast_") or name in ("error", "private_only", "not_yours"):
            text: Text = getattr(words, name)
            assert len(text()) <= 200


def test_both_languages_ask_for_the_same_placeholders() -> None:
    words = all_words.load()
    for name in CitizenWords.model_fields:
        assert getattr(words.of("id"), name).slots == getattr(words.of("en"), name).slots
