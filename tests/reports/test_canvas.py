"""The canvas: what a PDF must be, whatever is drawn on it."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from reports import canvas
from tests.reports.looked import made

TEMPLATE = """
#set document(title: "Uji")
#set text(font: "Inter", fallback: false)
#json(bytes(sys.inputs.data)).words
#pagebreak()
Halaman dua
"""
LOCKED = datetime(2026, 10, 8, 1, tzinfo=UTC)


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "paper.typ").write_text(TEMPLATE)
    monkeypatch.setattr(canvas, "ROOM", tmp_path)
    return tmp_path


def pdf(**options: object) -> bytes:
    return canvas.compiled("paper.typ", {"words": "*Halo* #panic()"}, "pdf", **options)  # type: ignore[arg-type] # a test's shorthand


def test_a_pdf_has_its_pages_and_the_words_as_they_were_typed(room: Path) -> None:
    pages = PdfReader(BytesIO(pdf(timestamp=LOCKED))).pages

    assert len(pages) == 2
    assert "*Halo* #panic()" in pages[0].extract_text()


def test_a_pdf_says_when_it_was_made_and_is_the_same_again(room: Path) -> None:
    first = pdf(timestamp=LOCKED, standards=["a-2b"])

    assert first == pdf(timestamp=LOCKED, standards=["a-2b"])
    assert made(first) == LOCKED
    assert b"pdfaid:part" in first


def test_a_moment_of_the_real_clock_is_dated_to_the_second(room: Path) -> None:
    assert made(pdf(timestamp=LOCKED.replace(microsecond=123_456))) == LOCKED


def test_an_archived_pdf_without_a_date_is_refused(room: Path) -> None:
    (room / "paper.typ").write_text("#set document(date: none)\n" + TEMPLATE)

    with pytest.raises(canvas.PictureError, match="missing document date"):
        pdf(standards=["a-2b"])


def test_a_long_text_may_be_kept_whole(room: Path) -> None:
    data = {"words": "kata " * 200}

    short, whole = (
        canvas.compiled("paper.typ", data, "pdf", timestamp=LOCKED, longest=longest)
        for longest in (canvas.LONGEST, 2000)
    )

    assert PdfReader(BytesIO(short)).pages[0].extract_text().count("kata") == 80
    assert PdfReader(BytesIO(whole)).pages[0].extract_text().count("kata") == 200


def test_every_template_is_drawn_or_imported_by_another() -> None:
    here = Path(canvas.__file__).parent
    told = " ".join(path.read_text() for path in (*here.glob("*.py"), *here.glob("*.typ")))
    assert [path.name for path in here.glob("*.typ") if f'"{path.name}"' not in told] == []
