"""A screen as a page: the markup of a chat message becomes headings and paragraphs."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from office.conversation import Kind, write_tap
from office.survey.screens import Screen
from office.words.page import PageWords

FOLDER = Path(__file__).parent
STYLE = (FOLDER / "static" / "puas.css").read_bytes()
STYLE_PATH = f"/gaya-{hashlib.sha256(STYLE).hexdigest()[:12]}.css"
TAG = re.compile(r"<[^>]+>")
ONWARD = (Kind.CONSENT, Kind.CONTINUE, Kind.REFILL, Kind.SEND)  # the buttons that stand out


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page's menu."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Countdown:
    """A counter's screen starts again for the next person when it is not touched.

    Args:
        address: where it starts again.
        label: of the button that starts again at once; None: no button.
    """

    seconds: int
    address: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows.

    Args:
        action: the address that its form is sent to.
        notice: a sentence above the screen.
        links: the menu at its end.
    """

    screen: Screen
    language: str
    words: PageWords
    office: str
    action: str = ""
    notice: str | None = None
    links: tuple[Link, ...] = ()
    telegram: str | None = None
    countdown: Countdown | None = None
    kiosk: bool = False


def page(shown: Page) -> str:
    """The HTML of a page."""
    title, content = structured(shown.screen.text)
    return _template().render(
        page=shown,
        words=shown.words,
        title=title,
        content=content,
        rows=shown.screen.rows,
        field=shown.screen.field,
        onward=ONWARD,
        write_tap=write_tap,
        style=STYLE_PATH,
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html")


def structured(text: str) -> tuple[Markup, Markup]:
    """The title of a screen, and its text with one heading.

    The heading is the first line that begins in bold, else the first line.
    """
    lines = text.split("\n")
    heading = next((n for n, line in enumerate(lines) if line.startswith("<b>")), 0)
    before = _paragraphs(lines[:heading])
    after = _paragraphs(lines[heading + 1 :])
    plain = Markup(TAG.sub("", lines[heading]))  # noqa: S704 # escaped by the words
    return plain, Markup(f"{before}<h1>{plain}</h1>\n{after}")  # noqa: S704 # as above


def _paragraphs(lines: list[str]) -> str:
    blocks = "\n".join(lines).strip("\n").split("\n\n")
    parts = (block.strip("\n").replace("\n", "<br>\n") for block in blocks if block.strip())
    return "".join(f"<p>{part}</p>\n" for part in parts)
