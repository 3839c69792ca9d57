"""The words: complete in both languages, used, within Telegram's limits, stopping a typo."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from office.words import all_words
from office.words.all_words import CitizenWords, Text
from office.words.text import Html, Part, Slots
from scoring.instrument import LANGUAGES

ROOT = Path(__file__).parents[2]


def copied(folder: Path) -> Path:
    """The words in a folder of their own."""
    for path in all_words.FOLDER.glob("*.toml"):
        (folder / path.name).write_text(path.read_text("utf-8"), "utf-8")
    return folder


@pytest.mark.slow
def test_every_word_is_used() -> None:
    folders = (ROOT / room for room in ("bot", "cli", "office", "web"))
    files = (path for folder in folders for path in folder.rglob("*.*"))
    code_files = (path for path in files if path.suffix in (".py", ".html"))
    paths = [path for path in code_files if path.parent.name != "words"]
    code = "\n".join(path.read_text("utf-8") for path in paths)
    for model in Part.__subclasses__():
        for name in model.names():
            built = name.startswith(("period_", "slip_"))
            used = re.search(rf"\.{name}\b|\"{name}\"", code)
            assert built or used, f"{model.__name__}.{name} is not used"


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("{office}", "{offce}", "bot_name: isian harus tepat: office"),
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
        all_words.load(own=tmp_path)


def text(template: str, *slots: str) -> Text:
    """A text as the words files are read."""
    return Slots(*slots)(template)


def test_html_escapes_the_values_and_keeps_the_markup_of_the_template() -> None:
    title = text("<b>{office}</b> &lt; 5", "office")
    assert title.html(office="A & <B>") == "<b>A &amp; &lt;B&gt;</b> &lt; 5"
    assert title(office=Html("<i>A</i>")) == "<b><i>A</i></b> &lt; 5"


def test_plain_text_has_no_markup_and_its_values_are_not_escaped() -> None:
    title = text('<b>{office}</b> &lt; <a href="tg://user?id={user}">{user}</a>', "office", "user")
    assert title.plain(office="A & <B> {x}", user=7) == "A & <B> {x} < 7"


def test_an_entity_of_a_brace_is_no_placeholder_in_plain_text() -> None:
    assert text("&#123;{n}&#125;", "n").plain(n=5) == "{5}"


def test_html_is_refused_as_a_value_of_plain_text() -> None:
    with pytest.raises(TypeError, match="n is HTML"):
        text("{n}", "n").plain(n=Html("<b>5</b>"))


def test_every_text_of_the_words_files_has_no_tag_and_no_entity_in_plain() -> None:
    words = all_words.load()
    values = (getattr(words, field.name) for field in fields(words))
    citizens = (*words.citizen.values(), *words.in_browser.values(), *words.page.values())
    parts = [*citizens, *(part for part in values if isinstance(part, Part))]
    for part in parts:
        for name, each in vars(part).items():
            if not isinstance(each, Text):
                continue
            shown = each.plain(**dict.fromkeys(each.slots, 7))
            assert not re.search(r"<[^>]+>|&\w+;", shown), f"{type(part).__name__}.{name}: {shown}"


def test_a_placeholder_with_a_format_of_its_own_stops_the_start() -> None:
    with pytest.raises(ValueError, match="isian harus tepat: n"):
        text("{n:02}", "n")


def test_only_the_module_of_texts_unescapes_html() -> None:
    rooms = ("bot", "cli", "office", "reports", "web")
    files = (path for room in rooms for path in (ROOT / room).rglob("*.py"))
    assert [path.name for path in files if "unescape" in path.read_text("utf-8")] == ["text.py"]


@pytest.mark.parametrize("render", ["html", "plain"])
def test_wrong_placeholders_are_refused_at_the_call(render: str) -> None:
    with pytest.raises(TypeError):
        getattr(all_words.load().of("id").cancelled, render)(servis="KTP")


@pytest.mark.parametrize("language", LANGUAGES)
def test_toasts_fit_in_200_characters(language: str) -> None:
    words = all_words.load().of(language)
    for name in CitizenWords.names():
        if name.startswith("toast_") or name in ("error", "private_only", "not_yours"):
            text: Text = getattr(words, name)
            assert len(text()) <= 200


def test_both_languages_ask_for_the_same_placeholders() -> None:
    words = all_words.load()
    for name, text in vars(words.of("id")).items():
        if isinstance(text, Text):
            assert text.slots == getattr(words.of("en"), name).slots
