"""*Saran warga* in /kelola: the Camat reads, sorts, marks done, and chooses what prints."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from office.papers import contents
from storage import people
from tests.bot.respondents import Respondent, rate
from tests.harness import BOTH_DATABASES, Actor, Harness

NINE = (3, 3, 3, 4, 3, 3, 4, 4, 3)
LOCKED = "2026-10-07 08:00"


@pytest.fixture
async def camat(office: Harness, person: Callable[..., Actor]) -> Actor:
    """The Camat, who reads suggestions and does not administer."""
    actor = person(9101, name="Camat")
    now = office.app.office.clock()
    give = partial(
        people.grant, user_id=actor.id, role="camat", title="Camat Pakong", granted_by=0, now=now
    )
    await office.app.turns.do(lambda db: give(db))
    await actor.says("/bantuan")
    return actor


async def opens(actor: Actor, *labels: str) -> None:
    """/kelola, *Saran warga*, the third quarter, and these buttons one after the other."""
    await actor.says("/kelola")
    await actor.taps("Saran", "Triwulan III 2026", *labels)


async def suggested(office: Harness, *texts: str, service: str = "ktp-el") -> None:
    """Each text came with a response of another person."""
    await rate(office, [Respondent(NINE, service, saran=text) for text in texts])


async def suggests(actor: Actor, text: str, code: str = "l_ktp-el") -> None:
    """Rate everything, and leave a suggestion."""
    await actor.begins(code)
    await actor.answers(*NINE)
    await actor.declines()
    await actor.taps("✍ Tulis saran")
    await actor.says(text)
    await actor.taps("✅")


@BOTH_DATABASES
@pytest.mark.slow
async def test_the_camat_reads_suggestions_by_service_from_the_next_day_on(
    camat: Actor, citizen: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    await suggests(citizen, "Tambah kursi <b>tunggu</b>")
    await suggests(person(102), "Antre terlalu lama", "l_kk")
    await opens(camat)
    camat.sees("Belum ada yang dapat dibaca", "mulai besok", "SP4N-LAPOR")
    await office.reaches("2026-07-07 09:00")
    await opens(camat)
    assert camat.labels() == [
        "Semua layanan (2)",
        "KTP-el (1)",
        "Kartu Keluarga (KK) (1)",
        "‹ Kembali",
    ]
    await camat.taps("KTP-el")
    camat.sees("1. Tambah kursi <b>tunggu</b>", "SP4N-LAPOR")
    camat.sees_not("Antre", "101", "07-2026")
    await opens(camat, "Semua layanan")
    camat.sees("1. Antre terlalu lama · Kartu Keluarga (KK)", "2. Tambah kursi")


@pytest.mark.slow
async def test_the_camat_reads_any_suggestion_as_it_was_typed(
    camat: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    wicked = '=HYPERLINK("x") <b>{nama}</b> & _*[x](y) \u202eمرحبا\u202c 👨\u200d👩\u200d👧'
    texts = [wicked, "&" * 1000, "<" * 1000, "🙂" * 500, "x" * 1000]
    for number, text in enumerate(texts):
        await suggests(person(101 + number), text)
    await office.reaches("2026-07-07 09:00")
    await opens(camat, "KTP-el (5)")
    camat.sees("x" * 200, "…")
    camat.sees_not("x" * 300)
    read = ""
    for number in range(1, 6):
        await camat.taps(str(number))
        read += camat.text
        await camat.taps("‹ Kembali")
    assert [text for text in texts if text not in read] == []


@pytest.mark.slow
async def test_suggestions_are_numbered_by_the_alphabet_and_paged(
    camat: Actor, office: Harness
) -> None:
    await suggested(office, *(f"Saran {letter}" for letter in "LKJIHGFEDCBA"))
    await office.reaches(LOCKED)
    await opens(camat, "KTP-el (12)")
    camat.sees("1. Saran A\n\n2. Saran B", "10. Saran J")
    await camat.taps("Berikutnya")
    camat.sees("11. Saran K\n\n12. Saran L")
    await camat.taps("12")
    camat.sees("Saran L", "Tentang unsur: Belum dikelompokkan", "Keadaan: Belum selesai")
    await camat.taps("‹ Kembali")
    camat.sees("12. Saran L")


@pytest.mark.slow
async def test_the_camat_puts_a_suggestion_under_an_unsur_and_finds_it_there(
    camat: Actor, office: Harness
) -> None:
    await suggested(office, "Antre lama", "Kursi kurang", "Terima kasih")
    await office.reaches("2026-07-07 09:00")
    await opens(camat, "Semua layanan", "1", "Tentang unsur", "U3 Waktu penyelesaian")
    camat.sees("Antre lama", "Tentang unsur: U3 Waktu penyelesaian")
    await camat.taps("‹ Kembali")
    camat.sees("1. Antre lama · KTP-el · U3")
    await camat.taps("3", "Tentang unsur", "Lain-lain", "‹ Kembali", "🔎 Saring")
    await camat.taps("Belum dikelompokkan (1)")
    camat.sees("Belum dikelompokkan: 1 saran", "1. Kursi kurang")
    await camat.taps("🔎 Saring", "U3 Waktu penyelesaian (1)")
    camat.sees("1. Antre lama")
    camat.sees_not("Kursi", "Terima kasih")


@pytest.mark.slow
async def test_done_is_marked_filtered_and_taken_back_and_a_second_tap_changes_nothing(
    camat: Actor, office: Harness
) -> None:
    await suggested(office, "Antre lama", "Kursi kurang")
    await office.reaches("2026-07-07 09:00")
    await opens(camat, "Semua layanan", "1")
    older = camat.screen
    await camat.taps("✅ Selesai")
    await camat.taps("✅ Selesai", on=older)
    camat.sees("Keadaan: Selesai")
    await opens(camat)
    camat.sees("2 saran: 1 selesai, 1 belum")
    await camat.taps("Semua layanan", "🔎 Saring", "Selesai (1)")
    camat.sees("1. Antre lama · KTP-el · ✅")
    await camat.taps("1", "Belum selesai")
    camat.sees("Keadaan: Belum selesai")
    await camat.taps("‹ Kembali")
    camat.sees("Selesai: 0 saran")


@pytest.mark.slow
async def test_only_what_the_camat_chose_is_printed_and_only_when_asked_for(
    camat: Actor, office: Harness
) -> None:
    await suggested(office, "Antre lama", "Kursi kurang", "Pak Budi kasar", "AC rusak", "Bagus")
    await office.reaches(LOCKED)
    await opens(camat, "Semua layanan", "2", "🖨 Cetak")
    camat.sees("Antre lama", "Dicetak dalam laporan: Ya")
    assert printed(office) == ("Antre lama",)
    assert printed(office, with_suggestions=False) == ()
    await camat.taps("Jangan cetak")
    assert printed(office) == ()


def printed(office: Harness, *, with_suggestions: bool = True) -> tuple[str, ...]:
    """The words of suggestions in the papers of the third quarter."""
    with office.app.office.database.read() as db:
        papers = contents.papers(
            db, office.app.office, "2026-TW3", with_suggestions=with_suggestions
        )
    return papers.suggestions


@pytest.mark.slow
async def test_officials_see_how_many_suggestions_there_are_but_no_word_and_no_small_number(
    camat: Actor, office: Harness
) -> None:
    await suggested(office, *(f"Antre {number}" for number in range(6)), "Kursi", "AC", "Kipas")
    await office.reaches(LOCKED)
    await opens(camat, "Semua layanan")
    for number in (2, 3, 4, 5, 6, 7):
        await camat.taps(str(number), "Tentang unsur", "U3 Waktu penyelesaian", "‹ Kembali")
    await camat.taps("1", "Tentang unsur", "U9 Sarana", "✅ Selesai")
    await camat.fills("/ringkasan 2026-TW3", "[Rincian]")
    while "Saran warga · " not in camat.text:
        await camat.taps("Berikutnya")
    camat.sees("9 saran: 1 selesai, 8 belum")
    camat.sees_not("U9 Sarana", "AC")  # of one; U3 has six, but the rest would be three


async def test_an_admin_who_is_not_the_camat_reads_no_suggestion(
    admin: Actor, camat: Actor, citizen: Actor, office: Harness
) -> None:
    await suggests(citizen, "Rahasia saya")
    await office.reaches("2026-07-07 09:00")
    await opens(camat)
    forged = camat.screen["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await admin.says("/kelola")
    office.world.tap(admin.id, admin.chat, admin.screen["message_id"], forged)
    await office.works()
    assert admin.toast == "Maaf, perintah itu tidak tersedia untuk Anda."
    assert "Rahasia" not in str(admin.messages)
