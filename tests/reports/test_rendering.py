"""Rendering: properties of every PDF, for any template."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from reports import rendering
from tests.reports.rendered import creation_date, rendered_anew

TEMPLATE = """
#set document(title: "Uji")
#set text(font: "Inter", fallback: false)
#json(bytes(sys.inputs.data)).words
#pagebreak()
Halaman dua
"""
LOCKED = datetime(2026, 10, 8, 1, tzinfo=UTC)


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "paper.typ").write_text(TEMPLATE)
    monkeypatch.setattr(rendering, "FOLDER", tmp_path)
    return tmp_path


def pdf(**options: object) -> bytes:
    return rendering.rendered("paper.typ", {"words": "*Halo* #panic()"}, "pdf", **options)  # type: ignore[arg-type] # a test's shorthand


def test_a_pdf_has_several_pages_and_the_text_as_it_was_typed(templates: Path) -> None:
    pages = PdfReader(BytesIO(pdf(timestamp=LOCKED))).pages

    assert len(pages) == 2
    assert "*Halo* #panic()" in pages[0].extract_text()


def test_a_pdf_has_its_creation_date_and_the_same_bytes_each_time(templates: Path) -> None:
    first = pdf(timestamp=LOCKED, standards=["a-2b"])

    assert first == rendered_anew(lambda: pdf(timestamp=LOCKED, standards=["a-2b"]))
    assert creation_date(first) == LOCKED
    assert b"pdfaid:part" in first


def test_a_timestamp_is_cut_to_whole_seconds(templates: Path) -> None:
    assert creation_date(pdf(timestamp=LOCKED.replace(microsecond=123_456))) == LOCKED


def test_an_archived_pdf_without_a_date_is_refused(templates: Path) -> None:
    (templates / "paper.typ").write_text("#set document(date: none)\n" + TEMPLATE)

    with pytest.raises(rendering.PictureError, match="missing document date"):
        pdf(standards=["a-2b"])


def test_a_text_is_cut_at_the_maximum_that_the_caller_sets(templates: Path) -> None:
    data = {"words": "kata " * 200}

    short, complete = (
        rendering.rendered("paper.typ", data, "pdf", timestamp=LOCKED, max_characters=limit)
        for limit in (rendering.MAX_CHARACTERS, 2000)
    )

    assert PdfReader(BytesIO(short)).pages[0].extract_text().count("kata") == 80
    assert PdfReader(BytesIO(complete)).pages[0].extract_text().count("kata") == 200


def test_every_template_is_used_by_a_module_or_by_another_template() -> None:
    templates = list(rendering.FOLDER.glob("*.typ"))
    modules = rendering.FOLDER.parent.rglob("*.py")
    sources = " ".join(path.read_text() for path in (*modules, *templates))
    assert [path.name for path in templates if f'"{path.name}"' not in sources] == []
