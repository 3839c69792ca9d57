"""Helpers for tests of rendered pictures and papers: decode them, and try long texts."""

import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image
from pypdf import PdfReader

from reports import rendering
from reports.rendering import evict_cache  # the tests' own `rendering.evict_cache` does nothing

SHIPPED = rendering.FOLDER  # a test may set another one
LONG = "Kantor Penanganan " * 90
WIDE = "W" * 2000
WHITE = (255, 255, 255)


def rendered_anew(render: Callable[[], bytes]) -> bytes:
    """The bytes of a paper that typst renders without its earlier results."""
    evict_cache()
    return render()


def decoded(png: bytes) -> Image.Image:
    """The decoded picture, in RGB."""
    with Image.open(BytesIO(png)) as image:
        image.load()
        assert image.format == "PNG"
        return image.convert("RGB")


def page_image(pdf: bytes, folder: Path, page: int = 1, dpi: int = 100) -> Image.Image:
    """A page of a PDF as an image, rendered by poppler and not by typst."""
    (folder / "paper.pdf").write_bytes(pdf)
    pages = ("-f", str(page), "-l", str(page), "-r", str(dpi), "-png", "-singlefile")
    subprocess.run(["pdftoppm", *pages, "paper.pdf", "page"], cwd=folder, check=True)  # noqa: S607 # Debian's
    return decoded((folder / "page.png").read_bytes())


def poppler_text(pdf: bytes) -> str:
    """As `text_of`, read by poppler in a fraction of the time; the order in a table may differ."""
    return " ".join(poppler_pages(pdf))


def poppler_pages(pdf: bytes, *options: str) -> list[str]:
    """The text of each page, as `poppler_text`; with `-raw`, rotated text too."""
    command = ["pdftotext", *options, "-", "-"]
    read = subprocess.run(command, input=pdf, capture_output=True, check=True)
    return [" ".join(page.split()) for page in read.stdout.decode().split("\f")[:-1]]


@lru_cache(maxsize=8)  # several tests read the sample's report
def text_of(pdf: bytes) -> str:
    """The text of a PDF on one line, with single spaces."""
    pages = PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def creation_date(pdf: bytes) -> datetime | None:
    """The creation date in a PDF."""
    metadata = PdfReader(BytesIO(pdf)).metadata
    return metadata.creation_date if metadata else None


def edges_are_white(image: Image.Image, margin: int) -> bool:
    """Whether the left and right margins are empty."""
    strips = ((0, 0, margin, image.height), (image.width - margin, 0, image.width, image.height))
    return all(
        image.crop(strip).getcolors() == [(margin * image.height, WHITE)] for strip in strips
    )


def templates_with_min_text_size(size: str, folder: Path) -> Path:
    """A copy of the templates that fails at a text below this size in a picture."""
    copy = shutil.copytree(SHIPPED, folder / "templates")
    style = copy / "style.typ"
    rule = f"""
      show text: it => context {{
        assert(text.size >= {size}, message: "too small: " + it.text)
        it
      }}
      set par("""
    assert "\n  set par(" in style.read_text()
    style.write_text(style.read_text().replace("\n  set par(", rule, 1))
    return copy
