"""Files of paper answers sent to the bot: checked, entered, undone, or refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from io import BytesIO
from typing import TypeVar

import pytest
import python_calamine

from office import outbox_bodies
from office.outbox_bodies import PaperAnswersBody
from office.papers import paper_import
from scoring.instrument_file import named
from storage import outbox, people
from storage.database import Db
from storage.survey import batches
from storage.survey.batches import SlipTaken
from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.harness import BOTH_DATABASES, Actor, Harness
from tests.scoring import files

R = TypeVar("R")

CODES = named("skm-2017").codes
HEAD = ",".join(("no_slip", "tanggal", "layanan", *CODES, "jenis_kelamin", "umur", "saran"))
NINE = "3,3,3,4,3,3,4,4,3"


def csv(*rows: str) -> bytes:
    """A CSV file of these rows."""
    return "\n".join((HEAD, *rows)).encode()


def row(number: int, day: str = "2026-07-06", service: str = "ktp-el", saran: str = "") -> str:
    """The row of one slip."""
    return f"{number},{day},{service},{NINE},P,34,{saran}"


GOOD = csv(row(1), row(2, service="KK", saran="Kursi ditambah"))


async def sends(actor: Actor, content: bytes, name: str = "kertas.csv") -> None:
    """Send a file through the form of *Isian kertas*, and let it be checked."""
    await actor.fills("/kelola", "[Isian kertas]", "[📄]")
    actor.office.world.send_file(actor.id, actor.chat, name, content)
    await actor.office.works()
    await taps_after_pause(actor, "✅ Simpan")


async def taps_after_pause(actor: Actor, label: str) -> None:
    """Press a button when the chat is not rate limited, so that the answer is sent at once."""
    actor.office.app.sender.rate_limiter.chats.clear()
    await actor.taps(label)


async def enters(actor: Actor, content: bytes = GOOD) -> None:
    """Send a valid file and enter it."""
    await sends(actor, content)
    await taps_after_pause(actor, "✅ Masukkan")


def paper_rows(office: Harness) -> list[tuple[object, ...]]:
    """The attributes of each counted paper response."""
    return office.stored.paper_attributes()


async def tallies_agree(office: Harness) -> None:
    """Fail unless the nightly recount finds no difference."""
    await office.reaches("2026-07-07 00:01")
    assert office.stored.audit_count("perbaiki_rekap") == 0


@BOTH_DATABASES
async def test_an_admin_sends_a_file_sees_it_checked_and_enters_it(
    admin: Actor, office: Harness
) -> None:
    await sends(admin, GOOD)
    admin.sees(
        "2 lembar dapat dimasukkan dari kertas.csv: Triwulan III 2026 (2)",
        "Belum ada yang disimpan",
    )
    assert paper_rows(office) == []
    await taps_after_pause(admin, "✅ Masukkan 2 lembar")
    admin.sees("2 lembar masuk dari kertas.csv", "isian kertas 1")
    assert [tuple(map(str, each)) for each in paper_rows(office)] == [("P", "26-35", "-")] * 2
    await tallies_agree(office)


async def test_what_people_wrote_on_paper_is_counted_as_a_clerk_would(
    admin: Actor, office: Harness
) -> None:
    await sends(
        admin,
        csv(f"3,6 Juli 2026,KK,{NINE},Pr.,26 s/d 35 th,-", f"4,06/07/26,KK,{NINE},pria,34 thn,"),
    )
    await taps_after_pause(admin, "✅ Masukkan 2 lembar")
    assert sorted(paper_rows(office)) == [("L", "26-35", "-"), ("P", "26-35", "-")]
    await tallies_agree(office)


async def test_a_file_with_one_wrong_row_changes_nothing(admin: Actor, office: Harness) -> None:
    await sends(
        admin, csv(row(1), row(2, "30/06/2026"), row(3, "07/07/2026"), row(4, service="<b>"))
    )
    admin.sees(
        "belum dapat dimasukkan",
        "Baris 3, kolom tanggal: 30/06/2026 sebelum periode pertama di sini, Triwulan III 2026.",
        "Baris 4, kolom tanggal: 07/07/2026 belum tiba; hari ini 06/07/2026.",
        'Baris 5, kolom layanan: layanan "<b>" tidak dikenal.',
    )
    assert admin.labels() == []
    assert office.stored.response_count() == 0
    assert office.stored.batch_count() == 0


async def test_the_answer_says_what_was_read_and_what_was_left_out(admin: Actor) -> None:
    prepared = f"3,2026-07-06,ktp-el{',' * 13}"
    await sends(admin, csv(f"{row(1)},", prepared).replace(b"saran", b"saran,<b>alamat"))
    admin.sees(
        "1 lembar dapat dimasukkan",
        "Dibaca: judul kolom di baris 1.",
        "Tidak dihitung: 1 baris yang disiapkan tetapi kosong (baris 3).",
        'Kolom yang tidak dipakai: "<b>alamat".',
    )


async def test_a_message_lists_as_many_mistakes_as_fit(admin: Actor) -> None:
    await sends(admin, csv(*[row(n, "besok") for n in range(300)]))
    admin.sees("Baris 2, kolom tanggal", "masalah lain.", "Perbaiki berkasnya")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "bukan teks CSV dan bukan lembar kerja"),
        (b"PK\x03\x04" + bytes(50), "berkas lembar kerja rusak"),
        (b"halo", "Judul kolom unsur skm-2017 tidak ditemukan"),
        (HEAD.encode(), "Tidak ada satu baris isian pun"),
    ],
)
async def test_a_file_that_is_no_sheet_is_answered_with_a_sentence(
    content: bytes, sentence: str, admin: Actor, office: Harness
) -> None:
    await sends(admin, content)
    admin.sees(sentence)
    assert office.stored.response_count() == 0


async def test_the_same_file_is_refused_the_second_time(admin: Actor, office: Harness) -> None:
    await enters(admin)
    await sends(admin, GOOD, "nama-lain.csv")
    admin.sees("sudah masuk sebagai isian kertas 1 (2 lembar)", "Tidak ada yang ditambahkan")
    assert len(paper_rows(office)) == 2


async def test_a_double_press_enters_a_file_once(admin: Actor, office: Harness) -> None:
    await sends(admin, GOOD)
    good = admin.screen
    admin.press("✅ Masukkan", on=good)
    admin.press("✅ Masukkan", on=good)
    await office.works()
    for _ in range(2):  # two messages, a second apart
        await office.waits(seconds=2)
        office.app.sender.rate_limiter.chats.clear()
        await office.works()
    admin.sees("sudah masuk sebagai isian kertas 1")
    assert len(paper_rows(office)) == 2


@pytest.mark.slow
async def test_a_file_is_undone_as_a_whole_and_may_be_sent_again(
    admin: Actor, office: Harness
) -> None:
    await enters(admin)
    await admin.taps("Isian kertas")
    admin.sees("Isian kertas 1", "Lembar: 2", "Triwulan III 2026 (2)")
    await admin.taps("Batalkan", "Ya, batalkan 2 lembar")
    admin.sees("Dibatalkan")
    assert paper_rows(office) == []
    await office.ticks()
    assert office.stored.response_count() == 0
    await enters(admin)
    assert len(paper_rows(office)) == 2
    await tallies_agree(office)


async def test_paper_answers_of_a_locked_period_cannot_be_undone(
    admin: Actor, office: Harness
) -> None:
    await respondents.rate(office, [Respondent((3, 3, 3, 4, 3, 3, 4, 4, 3))] * 3)
    await enters(admin)
    await admin.fills("/kelola", "[Isian kertas]", "[1 ·]", "[Batalkan]")
    asked = admin.screen
    await office.reaches("2026-10-07 08:00")
    await admin.taps("Ya, batalkan", on=asked)
    assert admin.toast == "Periodenya sudah dikunci; isian ini tidak dapat dibatalkan lagi."
    await sends(admin, csv(row(9, "2026-09-30")))
    admin.sees("Triwulan III 2026 (1), yang sudah dikunci", "diusulkan sebagai ralat")
    assert len(paper_rows(office)) == 2


async def test_late_paper_of_a_period_that_runs_on_is_filed_by_date_and_may_be_undone(
    admin: Actor, office: Harness
) -> None:
    await enters(admin)
    await office.reaches("2026-10-08 08:00")
    await enters(admin, csv(row(9, "2026-09-30")))
    admin.sees("Triwulan III 2026 (1)")
    assert office.stored.running_on() == [("2026-TW3", "2026-TW4")]
    await admin.fills("/kelola", "[Isian kertas]", "[1 ·]", "[Batalkan]", "[Ya, batalkan]")
    assert len(paper_rows(office)) == 1


async def test_paper_answers_of_a_closed_period_are_filed_by_date_and_make_a_revision(
    admin: Actor, office: Harness
) -> None:
    await office.reaches("2026-10-02 09:00")
    await enters(admin, csv(row(1, "2026-09-30"), row(2, "2026-10-01")))
    admin.sees("Triwulan III 2026 (1), Triwulan IV 2026 (1)")
    assert office.stored.revision_reasons() == [(1, "isian kertas 1 masuk")]


async def test_the_template_comes_as_a_file_that_can_be_sent_back(
    admin: Actor, office: Harness
) -> None:
    await admin.fills("/kelola", "[Isian kertas]", "[⬇]")
    document = admin.screen["document"]
    assert document["file_name"] == "templat-isian-kertas.xlsx"
    file = await office.app.bot.get_file(document["file_id"])
    content = bytes(await file.download_as_bytearray())
    book = python_calamine.load_workbook(BytesIO(content))
    assert book.sheet_names == ["Isian", "Kode"]
    await sends(admin, content, "templat.xlsx")
    admin.sees("Tidak ada satu baris isian pun")


@pytest.mark.slow
async def test_a_workbook_that_promises_four_billion_strings_is_refused_and_the_bot_goes_on(
    admin: Actor, citizen: Actor, office: Harness
) -> None:
    await sends(admin, files.four_billion_strings(), "jahat.xlsx")
    admin.sees("Berkas jahat.xlsx belum dapat dimasukkan", "berkas ini tidak dapat dibaca")
    assert office.stored.outbox_status("kertas") == ["sent"]
    await citizen.rates(3, 3, 3, 4, 3, 3, 4, 4, 3)
    assert office.stored.response_count() == 1


async def test_a_file_whose_check_ends_the_process_three_times_is_failed_and_its_sender_told(
    admin: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    """Of two files claimed together, the other one is checked."""
    other = person(9002)
    await other.says("/bantuan")
    await admin.sends("kertas.csv", GOOD)
    document = next(each["document"] for each in admin.messages if "document" in each)

    def two_files(db: Db) -> None:
        people.grant(db, other.id, "admin", "Admin", None, office.now)
        for name in ("mati.csv", "baik.csv"):
            body = PaperAnswersBody(document["file_id"], name, write=False)
            outbox_bodies.put(db, body, admin.id, office.now)

    def claims_and_dies(db: Db, minutes_ago: int) -> int:
        then = datetime.now(UTC) - timedelta(minutes=minutes_ago)
        return len(outbox.claim(db, office.now, then, "mati"))

    do = office.app.turns.do
    await do(two_files)
    assert [await do(partial(claims_and_dies, minutes_ago=n)) for n in (30, 20, 10)] == [2, 1, 1]
    for _ in range(3):  # a chat gets one message a second
        await office.waits(seconds=31)
        await office.ticks()
    assert office.stored.outbox_status("kertas") == ["failed", "sent"]
    texts = "\n".join(each.get("text", "") for each in admin.messages)
    assert "Berkas mati.csv tidak selesai diperiksa" in texts
    assert "2 lembar dapat dimasukkan dari baik.csv" in texts
    other.sees("Program berhenti tiga kali", "(kertas)")


async def test_only_admins_may_enter_paper_answers(
    citizen: Actor, admin: Actor, office: Harness
) -> None:
    await sends(admin, GOOD)
    data = admin.screen["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await citizen.says("/mulai")
    office.world.tap(citizen.id, citizen.chat, citizen.screen["message_id"], data)
    await office.works()
    assert citizen.toast == "Maaf, perintah itu tidak tersedia untuk Anda."
    assert paper_rows(office) == []


async def test_another_admins_file_is_not_entered_by_a_forged_button(
    admin: Actor, office: Harness
) -> None:
    await sends(admin, GOOD)
    data = admin.screen["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await office.app.turns.do(
        lambda db: (
            db.exec_driver_sql("UPDATE outbox SET chat_id = 9555 WHERE kind = 'kertas'") and None
        )
    )
    office.world.tap(admin.id, admin.chat, admin.screen["message_id"], data)
    await office.works()
    assert admin.toast is not None
    assert "sudah tidak ada" in admin.toast
    assert paper_rows(office) == []


async def test_a_file_too_large_is_refused_before_the_download(
    admin: Actor, office: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.officers.uploads.MAX_BYTES", 10)
    await sends(admin, GOOD)
    admin.sees("lebih besar dari")
    earlier = [str(message.get("text")) for message in admin.messages]
    assert any("Berkas isian: " in text and "Tidak disimpan" in text for text in earlier)
    assert "getFile" not in [call["method"] for call in office.world.requests()]


async def test_a_crash_during_entry_leaves_no_rows_and_the_file_can_be_entered_again(
    admin: Actor, office: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sends(admin, GOOD)

    def dies(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(batches, "finish", dies)
        await taps_after_pause(admin, "✅ Masukkan")
    assert paper_rows(office) == []
    await office.app.turns.do(
        lambda db: db.exec_driver_sql("UPDATE batch SET lease_until = at") and None
    )
    await office.ticks()
    assert office.stored.response_count() == 0
    await enters(admin)
    assert len(paper_rows(office)) == 2


async def test_a_slip_number_taken_meanwhile_stops_the_whole_file(
    admin: Actor, office: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sends(admin, GOOD)

    def taken(_db: object, slips: Sequence[object]) -> None:
        raise SlipTaken("0002")

    monkeypatch.setattr(batches, "_take_numbers", taken)
    await taps_after_pause(admin, "✅ Masukkan")
    admin.sees("nomor lembar 0002 baru saja tercatat")
    assert office.stored.batch_count() == 0


async def test_taps_are_handled_between_the_slices_of_a_large_file(
    admin: Actor, citizen: Actor, office: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "SLICE", 2)
    seen: list[int] = []

    async def do(work: Callable[[Db], R]) -> R:
        seen.append(len(paper_rows(office)))
        return await office.app.turns.do(work)

    office_parts = (office.app.office.database, office.app.office.calendar, 5)
    content = csv(*[row(n) for n in range(1, 10)])
    checked = paper_import.check(*office_parts, "besar.csv", content, office.now)
    await paper_import.enter(
        do, office.app.office, checked, admin.id, office.now, lambda: office.now
    )
    assert seen == [0] * 8  # clean-up, start, five slices, finish
    await citizen.rates(3, 3, 3, 4, 3, 3, 4, 4, 3)
    assert len(paper_rows(office)) == 9
    await tallies_agree(office)


async def test_a_file_left_by_a_dead_process_is_entered_by_another(
    admin: Actor, office: Harness
) -> None:
    """While another process may still enter it, the sender gets no final answer."""
    await sends(admin, GOOD)
    batch = ("kertas.csv", sha256(GOOD).digest(), 2, admin.id, office.app.office.clock())
    await office.app.turns.do(lambda db: batches.start(db, *batch, datetime.now(UTC)))
    await taps_after_pause(admin, "✅ Masukkan")
    admin.sees("Sedang dimasukkan; hasilnya menyusul.")
    await office.app.turns.do(
        lambda db: db.exec_driver_sql("UPDATE batch SET lease_until = at") and None
    )
    await office.waits(seconds=31)
    await office.works()
    admin.sees("2 lembar masuk dari kertas.csv")
    assert len(paper_rows(office)) == 2
