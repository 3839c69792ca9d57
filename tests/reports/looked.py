"""What the tests of pictures and papers share: opening them, and hostile texts."""

import shutil
import subprocess
from datetime import datetime
from io import BytesIO
from pathlib import Path

from PIL import Image
from pypdf import PdfReader

from reports import canvas

LONG = "Kantor Penanganan " * 90
WIDE = "W" * 2000
WHITE = (255, 255, 255)


def opened(png: bytes) -> Image.Image:
    """The decoded picture, in RGB."""
    with Image.open(BytesIO(png)) as image:
        image.load()
        assert image.format == "PNG"
        return image.convert("RGB")


def page_of(pdf: bytes, place: Path, page: int = 1, dpi: int = 100) -> Image.Image:
    """A page of a PDF, as poppler paints it: not the program that drew it."""
    (place / "paper.pdf").write_bytes(pdf)
    pages = ("-f", str(page), "-l", str(page), "-r", str(dpi), "-png", "-singlefile")
    subprocess.run(["pdftoppm", *pages, "paper.pdf", "page"], cwd=place, check=True)  # noqa: S607 # Debian's
    return opened((place / "page.png").read_bytes())


def words_of(pdf: bytes) -> str:
    """The text of a PDF, every run of white one space."""
    pages = PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def made(pdf: bytes) -> datetime | None:
    """When a PDF says it was made."""
    metadata = PdfReader(BytesIO(pdf)).metadata
    return metadata.creation_date if metadata else None


def edges_are_white(image: Image.Image, margin: int) -> bool:
    """Whether nothing was drawn on the left and right margin."""
    strips = ((0, 0, margin, image.height), (image.width - margin, 0, image.width, image.height))
    return all(
        image.crop(strip).getcolors() == [(margin * image.height, WHITE)] for strip in strips
    )


def refuse_texts_below(size: str, place: Path) -> Path:
    """A copy of the templates under a rule that fails at any smaller text of a picture."""
    room = shutil.copytree(Path(canvas.__file__).parent, place / "room")
    look = room / "look.typ"
    rule = f"""
      show text: it => context {{
        assert(text.size >= {size}, message: "too small: " + it.text)
        it
      }}
      set par("""
    assert "\n  set par(" in look.read_text()
    look.write_text(look.read_text().replace("\n  set par(", rule, 1))
    return room
