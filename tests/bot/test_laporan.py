"""/laporan: the papers arrive one by one in the private chat of the officer who asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from office.papers import files
from reports.rendering import PictureError
from tests.bot.respondents import (
    appoint,
    random_respondents,
    rate,
    rate_and_lock,
    rate_as_heads,
)
from tests.bot.test_manage import holder
from tests.bot.test_unit_index import UNITS
from tests.harness import BOTH_DATABASES, Actor, Harness
from tests.reports.rendered import text_of

FILES = [
    "laporan-2026-TW3.pdf",
    "laporan-2026-TW3.docx",
    "tabulasi-2026-TW3.xlsx",
    "publikasi-2026-TW3.pdf",
    "publikasi-2026-TW3.png",
    "halaman-2026-TW3.zip",
]


async def messages_go_out(office: Harness, count: int = 18) -> None:
    """Let time pass so that `count` messages per chat can be sent."""
    for _ in range(count):
        office.app.sender.rate_limiter.chats.clear()
        await office.waits(seconds=2)
        await office.works()


def documents(actor: Actor) -> list[str]:
    """The names of the files in the chat."""
    return [m["document"]["file_name"] for m in actor.messages if "document" in m]


async def content(office: Harness, actor: Actor) -> bytes:
    """The content of the last file in the chat."""
    sent = [m["document"] for m in actor.messages if "document" in m][-1]
    file = await office.app.bot.get_file(sent["file_id"])
    return bytes(await file.download_as_bytearray())


async def pdf_text(office: Harness, actor: Actor) -> str:
    """The text of the last file in the chat, on one line."""
    return text_of(await content(office, actor))


def texts(actor: Actor) -> list[str]:
    """The texts of the bot in the chat."""
    return [m.get("text", "") for m in actor.messages if m["from"]["is_bot"]]


@BOTH_DATABASES
@pytest.mark.slow
async def test_the_papers_arrive_in_order_and_the_first_message_becomes_the_final_one(
    admin: Actor, office: Harness
) -> None:
    await rate_and_lock(office, random_respondents(20))
    await admin.says("/laporan 2026-tw3")
    await messages_go_out(office)
    assert documents(admin) == FILES
    captions = [m["caption"] for m in admin.messages if "document" in m]
    assert all("Triwulan III 2026" in caption for caption in captions)
    assert "untuk pimpinan: dicetak, ditandatangani" in captions[0]
    assert "untuk umum: satu halaman" in captions[3]
    assert [text for text in texts(admin) if "Laporan Triwulan III 2026" in text] == [
        "✅ Laporan Triwulan III 2026 selesai."
    ]


@pytest.mark.slow
async def test_the_paper_of_the_heads_index_comes_with_the_period_that_ends_with_theirs(
    admin: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    await rate_and_lock(office, random_respondents(20))
    heads = [person(501 + number) for number in range(5)]
    for head, unit in zip(heads, UNITS, strict=False):
        await appoint(head, unit)
    await rate_as_heads(heads, (3, 3, 3, 4, 4))
    await rate(office, random_respondents(20))
    await office.reaches("2027-01-07 08:00")
    await admin.says("/laporan 2026-tw4")
    await messages_go_out(office)
    assert documents(admin)[-2:] == ["halaman-2026-TW4.zip", "indeks-unit-2026-S2.pdf"]
    assert "✅ Laporan Triwulan IV 2026 selesai." in texts(admin)
    text = await pdf_text(office, admin)
    for part in (
        "Indeks kepuasan unit kerja: 85,00 (rentang teoretis 25,00–100,00; seri baru",
        "5 dari 7 unit kerja mengisi.",
        "Seksi Pelayanan Umum belum mengisi",
        "1.1 Kejelasan target 17 5 3,4000",
        "Langkah 4. Nilai akhir = 3,4000 × 100 ÷ 4 = 85,00.",
        "jawabannya 1–4, bukan sampai 7",
        "Arti angka 7 belum dipastikan.",
    ):
        assert part in text, part
    await admin.says("/laporan 2026-tw3")
    await messages_go_out(office)
    assert documents(admin)[-1] == "halaman-2026-TW3.zip"


@pytest.mark.slow
async def test_few_heads_are_not_told_apart_in_the_paper(
    admin: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    heads = [person(501 + number) for number in range(4)]
    for head, unit in zip(heads, UNITS, strict=False):
        await appoint(head, unit)
    await rate_as_heads(heads, (1, 3, 4, 4))
    await office.reaches("2026-10-07 08:00")
    await rate(office, random_respondents(20))
    await office.reaches("2027-01-07 08:00")
    await admin.says("/laporan 2026-s2")
    await messages_go_out(office)
    assert documents(admin)[-1] == "indeks-unit-2026-S2.pdf"
    text = await pdf_text(office, admin)
    assert "Indeks kepuasan unit kerja: 75,00" in text
    assert "Angka tiap langkah tidak ditulis" in text
    assert "Langkah" not in text


@pytest.mark.slow
async def test_without_a_period_the_locked_ones_are_offered(admin: Actor, office: Harness) -> None:
    await rate_and_lock(office, random_respondents(20))
    await admin.says("/laporan")
    assert admin.labels() == ["Triwulan III 2026", "Tahun 2026"]
    await admin.taps("Tahun 2026")
    await messages_go_out(office)
    assert documents(admin)[-1] == "iku-2026.pdf"
    assert len(documents(admin)) == 7


@pytest.mark.slow
async def test_two_officers_ask_at_once_and_each_gets_all_papers(
    admin: Actor, office: Harness, person: Callable[..., Actor]
) -> None:
    camat = await holder(office, person(9101, name="Camat"), "camat", "Camat Pakong")
    await rate_and_lock(office, random_respondents(20))
    for actor in (admin, camat):
        office.world.say(actor.id, actor.chat, "/laporan 2026-TW3")
    await messages_go_out(office, 16)
    assert documents(admin) == documents(camat) == FILES


@pytest.mark.slow
async def test_an_admin_who_asks_again_meanwhile_gets_each_paper_once(
    admin: Actor, office: Harness
) -> None:
    await rate_and_lock(office, random_respondents(20))
    await admin.fills("/laporan 2026-TW3", "/laporan 2026-TW3")
    assert "Itu sedang dibuat; tunggu sebentar." in texts(admin)
    await messages_go_out(office)
    assert documents(admin) == FILES


async def test_a_label_with_markup_is_shown_as_it_was_typed(admin: Actor) -> None:
    await admin.says("/laporan <b>")
    admin.sees('periode "<b>" tidak dikenal')


@pytest.mark.slow
async def test_a_restart_in_the_middle_loses_no_paper(admin: Actor, office: Harness) -> None:
    await rate_and_lock(office, random_respondents(20))
    await admin.says("/laporan 2026-TW3")
    await messages_go_out(office, 3)
    assert 0 < len(documents(admin)) < len(FILES)
    await office.restarts()
    await messages_go_out(office)
    assert documents(admin) == FILES


@pytest.mark.slow
async def test_a_failing_paper_is_reported_and_the_others_still_arrive(
    admin: Actor, office: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> bytes:
        raise PictureError("typst: boom")

    await rate_and_lock(office, random_respondents(20))
    monkeypatch.setattr(files, "report_pdf", breaks)
    await admin.says("/laporan 2026-TW3")
    await messages_go_out(office)
    assert documents(admin) == FILES[1:]
    assert any("⚠ laporan-2026-TW3.pdf: Gambar" in text for text in texts(admin))
    assert not any("boom" in text for text in texts(admin))


@pytest.mark.slow
async def test_an_unexpected_error_in_a_paper_is_reported_too(
    admin: Actor, office: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> bytes:
        raise ZeroDivisionError

    await rate_and_lock(office, random_respondents(20))
    monkeypatch.setattr("reports.survey_report.report_docx.report_docx", breaks)
    await admin.says("/laporan 2026-TW3")
    await messages_go_out(office)
    assert documents(admin) == [FILES[0], *FILES[2:]]
    assert any("⚠ laporan-2026-TW3.docx: tidak dapat dibuat" in text for text in texts(admin))
    assert "✅ Laporan Triwulan III 2026 selesai." in texts(admin)


async def test_a_period_of_few_people_says_where_its_answers_are_counted(
    admin: Actor, office: Harness
) -> None:
    await rate_and_lock(office, random_respondents(3))
    await admin.says("/laporan 2026-TW3")
    admin.sees("terlalu sedikit respondennya", "dihitung bersama Triwulan IV 2026")
    assert office.stored.outbox_count("laporan") == 0


async def test_before_the_first_lock_the_admin_reads_when_figures_come(admin: Actor) -> None:
    await admin.says("/laporan")
    admin.sees("Belum ada periode yang terkunci", "Angka Triwulan III 2026 keluar 7 Okt 2026")
    assert admin.labels() == []


async def test_a_former_official_gets_no_papers(
    office: Harness, person: Callable[..., Actor]
) -> None:
    pejabat = await holder(office, person(9103), "pejabat", "Kasi")
    await rate_and_lock(office, random_respondents(20))
    office.world.say(pejabat.id, pejabat.chat, "/laporan 2026-TW3")
    await office.app.polling.once(0)
    await office.app.turns.do(
        lambda db: db.exec_driver_sql("UPDATE role SET revoked_at = granted_at") and None
    )
    await messages_go_out(office, 3)
    assert documents(pejabat) == []
    assert office.stored.outbox_status("laporan") == ["skipped"]


@pytest.mark.slow
async def test_no_paper_is_sent_to_a_group(group: Actor, office: Harness) -> None:
    await rate_and_lock(office, random_respondents(20))
    await group.says(f"/laporan@{office.app.office.username} 2026-TW3")
    await messages_go_out(office, 3)
    assert documents(group) == []
    group.sees("obrolan pribadi")


@pytest.mark.parametrize(
    ("argument", "sentence"),
    [
        ("2026-TW9", "tidak dikenal; tulis seperti 2026"),
        ("2019-TW1", "Tidak ada periode 2019-TW1"),
        ("2026-TW3 2026-TW4", "tidak dikenal"),
        ("x" * 4000, "tidak dikenal"),
        ("<b>_*[", 'periode "<b>_*[" tidak dikenal'),
        ("\u202e2026", "tidak dikenal"),
        ("2026-S2", "Belum ada periode yang terkunci di dalam Semester II 2026"),
        ("2026-TW3", "Triwulan III 2026 belum dikunci. Angkanya keluar 7 Okt 2026"),
    ],
)
async def test_a_period_without_papers_is_answered_with_one_sentence(
    argument: str, sentence: str, admin: Actor, office: Harness
) -> None:
    await admin.says(f"/laporan {argument}")
    admin.sees(sentence)
    assert office.stored.outbox_count("laporan") == 0


async def test_a_summary_does_not_wait_for_a_paper(admin: Actor, office: Harness) -> None:
    """Messages and papers have separate lanes of the sender."""
    await rate_and_lock(office, random_respondents(20))
    await admin.says("/laporan 2026-TW3")
    office.app.sender.rate_limiter.chats.clear()
    await office.waits(seconds=2)
    await admin.says("/ringkasan 2026-TW3")
    admin.sees("IKM Kecamatan Pakong – Triwulan III 2026", "20 responden")
