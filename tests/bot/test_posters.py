"""/poster: the PDF of a counter's code, and paper slips whose numbers go on."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from storage import catalogue
from tests.stage import Actor, Stage


async def delivered(admin: Actor, office: Stage) -> tuple[dict[str, Any], bytes]:
    """The document that came last, and its content."""
    office.app.post.pace.chats.clear()
    await office.works()
    document = admin.screen["document"]
    found = await office.app.bot.get_file(document["file_id"])
    return document, bytes(await found.download_as_bytearray())


def pages(content: bytes) -> list[str]:
    """What each page says."""
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


async def test_an_admin_prints_the_poster_of_a_service(admin: Actor, office: Stage) -> None:
    await admin.says("/poster")
    await admin.taps("KTP-el")
    admin.sees("Poster KTP-el pada kertas apa?")
    await admin.taps("A5")
    document, content = await delivered(admin, office)
    assert document["file_name"] == "poster-ktp-el-a5.pdf"
    assert "KTP-el" in pages(content)[0]


async def test_every_counter_in_use_has_its_own_page(admin: Actor, office: Stage) -> None:
    for slug in ("loket-1", "loket-2"):
        await office.app.turns.do(
            partial(catalogue.add_counter, service_id=1, slug=slug, name=slug.title())
        )
    await admin.says("/poster")
    await admin.taps("KTP-el")
    await admin.taps("A4")
    _, content = await delivered(admin, office)
    assert [f"Loket-{n}" in text for n, text in enumerate(pages(content), 1)] == [True, True]


async def test_all_services_come_in_one_file(admin: Actor, office: Stage) -> None:
    await admin.says("/poster")
    await admin.taps("Semua layanan")
    await admin.taps("A5")
    document, content = await delivered(admin, office)
    assert document["file_name"] == "poster-semua-a5.pdf"
    assert len(pages(content)) == 14


async def test_the_numbers_of_slips_go_on_after_the_last(admin: Actor, office: Stage) -> None:
    for count, named in (("4", "kuesioner-0001-0004.pdf"), ("2", "kuesioner-0005-0006.pdf")):
        await admin.says("/poster")
        await admin.taps("📝")
        await admin.says(count)
        await admin.taps("✅")
        document, _ = await delivered(admin, office)
        assert document["file_name"] == named


@pytest.mark.parametrize("count", ["0", "501", "-2", "dua", "<b>"])
async def test_a_number_of_slips_that_is_none_is_refused(
    count: str, admin: Actor, office: Stage
) -> None:
    await admin.says("/poster")
    await admin.taps("📝")
    await admin.says(count)
    await office.works()
    assert office.rows("SELECT count(*) FROM outbox WHERE kind = 'kuesioner'") == [(0,)]
    await admin.says("2")
    admin.sees("Sudah benar?")
