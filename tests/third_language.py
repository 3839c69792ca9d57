"""A third language, made of the Indonesian one: each text of a citizen begins with a mark."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from office.words import all_words
from scoring import instrument_file

CODE, MARK = "mad", "¤"
FILES = ("id", "id-web", "id-kios", "halaman-id")
DATES = """
[dates]
months = ["m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9", "m10", "m11", "m12"]
short = ["¤1", "¤2", "¤3", "¤4", "¤5", "¤6", "¤7", "¤8", "¤9", "¤10", "¤11", "¤12"]
year = "¤ {year}"
semester = "¤ {part} {year}"
quarter = "¤ {part} {year}"
month = "¤ {part} {year}"
week = "¤ {part} {year}"
"""


def words_folder(folder: Path) -> Path:
    """A folder with the files of the language."""
    folder.mkdir()
    for name in FILES:
        content = (all_words.FOLDER / f"{name}.toml").read_text("utf-8")
        content = re.sub(r"^phones = .*$", "", content, flags=re.MULTILINE)
        content = re.sub(r'^(\w+ = ")', rf"\1{MARK}", content, flags=re.MULTILINE)
        content = content.replace(f"{MARK}Bahasa Indonesia", "Madurâ")
        dates = DATES if name == "id" else ""
        (folder / f"{name.replace('id', CODE)}.toml").write_text(content + dates, "utf-8")
    return folder


def instruments_folder(folder: Path, code: str = "skm-2017") -> Path:
    """A folder with the shipped instrument in this language too."""
    folder.mkdir()
    content = instrument_file.path_of(code).read_text("utf-8")
    content = re.sub(r'(\{ id = "([^"]*)")', rf'\1, {CODE} = "{MARK}\2"', content)
    wording = r"^\[(items\.\w+)\.id\]\n(question = .*)\n(labels = .*)\n"
    for table, question, labels in re.findall(wording, content, re.MULTILINE):
        marked = tomllib.loads(f"{question}\n{labels}")
        asked = f'question = "{MARK}{marked["question"]}"'
        listed = ", ".join(f'"{MARK}{label}"' for label in marked["labels"])
        own = f"[{table}.{CODE}]\n{asked}\nlabels = [{listed}]\n\n"
        indonesian = f"[{table}.id]\n{question}\n{labels}\n"
        content = content.replace(indonesian, own + indonesian, 1)
    (folder / f"{code}.toml").write_text(content, "utf-8")
    return folder
