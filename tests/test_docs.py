"""Links and paths in the documents point at files that exist; decisions have an index."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DECISIONS = ROOT / "docs/decisions"
LINK = re.compile(r"\]\(([^)\s]+)\)")
PATH = re.compile(
    r"`((?:bot|cli|office|reports|scoring|simulator|storage|tests|benchmarks|docs)/[\w./-]*)`"
)
TEST = re.compile(r"`(test_\w+)(…?)`")  # with …, the beginning of its name
PLACEHOLDER = re.compile(r"XX|NAME")  # what a reader of a recipe replaces
FORMER = re.compile(r"\bformer(?:ly)?\b")  # a line with this word may name a path of that time


def pages() -> list[str]:
    """The Markdown files of the repository, hidden folders left out."""
    folders = [folder for folder in ROOT.iterdir() if folder.is_dir()]
    searched = [folder for folder in folders if not folder.name.startswith(".")]
    files = [*ROOT.glob("*.md"), *(page for folder in searched for page in folder.rglob("*.md"))]
    return sorted(page.relative_to(ROOT).as_posix() for page in files)


def missing_links(page: Path) -> list[str]:
    """The relative links of a page whose file does not exist."""
    targets = [
        target.partition("#")[0]
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not re.match(r"[a-z]+:", target)
    ]
    return [target for target in targets if target and not (page.parent / target).exists()]


def missing_paths(text: str) -> list[str]:
    """The paths in backticks that do not exist: not placeholders, nor in lines that say former."""
    lines = [line for line in text.splitlines() if not FORMER.search(line)]
    paths = [path for line in lines for path in PATH.findall(line) if not PLACEHOLDER.search(path)]
    return [path for path in paths if not (ROOT / path).exists()]


def missing_tests(text: str, tests: str) -> list[str]:
    """The tests named in a page, or the beginnings of their names, that `tests` does not define."""
    named = [name if more else f"{name}(" for name, more in TEST.findall(text)]
    return [name for name in named if f"def {name}" not in tests]


@pytest.mark.parametrize("name", pages())
def test_every_relative_link_points_at_a_file(name: str) -> None:
    assert missing_links(ROOT / name) == []


@pytest.mark.parametrize("name", [name for name in pages() if name != "CHANGELOG.md"])
def test_every_path_in_the_documents_exists(name: str) -> None:
    assert missing_paths((ROOT / name).read_text(encoding="utf-8")) == []


def test_every_test_named_in_the_documents_exists() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    for name in pages():
        assert missing_tests((ROOT / name).read_text(encoding="utf-8"), tests) == [], name


def test_missing_links_paths_and_tests_are_named(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("[a](page.md#part) [b](gone.md) [c](https://example.org) [d](#part)")
    assert missing_links(page) == ["gone.md"]
    text = "`bot/app.py` `bot/gone.py` `bot/NAME.py`\nThe former `bot/older.py`."
    assert missing_paths(text) == ["bot/gone.py"]
    text = "`test_it` `test_i…` `test_gone` `test_gone…` `test_i`"
    assert missing_tests(text, "def test_it(") == ["test_gone(", "test_gone", "test_i("]


def test_the_index_of_decisions_has_every_record_and_every_gap() -> None:
    index = (DECISIONS / "README.md").read_text("utf-8")
    titles = {
        path.name: path.read_text("utf-8").split("\n")[0]
        for path in sorted(DECISIONS.glob("[0-9]*.md"))
    }
    rows = re.findall(r"^\| \[(\d+)\]\((.+?)\) \| (.+?) \| .+ \|", index, re.MULTILINE)
    assert {file: f"# {number} {title}" for number, file, title in rows} == titles
    numbers = [int(name[:4]) for name in titles]
    gaps = [f"{number:04}" for number in range(1, max(numbers)) if number not in numbers]
    assert re.findall(r"\b\d{4}\b", index.rpartition("Missing")[2]) == gaps


def test_the_index_has_every_page() -> None:
    linked = LINK.findall((ROOT / "README.id.md").read_text(encoding="utf-8"))
    of_docs = [page for page in pages() if page.startswith("docs/")]
    assert [page for page in of_docs if page not in linked and "/decisions/0" not in page] == []
