"""/riwayat and /status: the audit, the ledger of summaries, the state of the office."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from simulator.faults import Fault
from storage import audit, people, updates
from storage.database import Db
from storage.maintenance import schema
from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.bot.test_follow_up import LOW, plans
from tests.bot.test_message import users
from tests.harness import BOTH_DATABASES, CAMAT_GROUP, Actor, Harness

VERSIONS = schema.HERE / "versions"
NINE = (3, 3, 3, 4, 3, 3, 4, 4, 3)


async def write_audit_entries(office: Harness, times: int, **values: Any) -> None:
    """Write numbered entries into the audit."""
    now = office.app.office.clock()

    def write(db: Db) -> None:
        for number in range(1, times + 1):
            audit.record(db, now, 9001, "uji_coba", f"hal {number}", **values)

    await office.app.turns.do(write)


# --- the audit -------------------------------------------------------------------------------


async def test_the_history_says_who_changed_what_from_what_to_what_and_when(
    admin: Actor, office: Harness
) -> None:
    await admin.says("/riwayat")
    admin.sees("Belum ada catatan")
    await admin.fills("/kelola", "[Layanan]", "[SKTM]", "[Tandai gratis]", "/riwayat")
    admin.sees(
        "6 Jul 2026 09.00 WIB · Admin (9001)\nLayanan ditandai gratis · layanan SKTM\nTidak → Ya"
    )


async def test_closing_and_locking_by_the_program_are_in_the_history(
    admin: Actor, office: Harness
) -> None:
    await respondents.rate(office, [Respondent(NINE)] * 5)
    await office.reaches("2026-10-07 08:00")
    await admin.says("/riwayat")
    admin.sees(
        "program\nPeriode dikunci · Triwulan III 2026",
        "program\nPeriode ditutup · Triwulan III 2026",
    )


async def test_a_period_that_runs_on_is_in_the_history_with_the_one_that_counts_it(
    admin: Actor, office: Harness, citizen: Actor
) -> None:
    await citizen.rates(*NINE)
    await office.reaches("2026-10-07 08:00")
    await admin.says("/riwayat")
    admin.sees(
        "program\nPeriode berlanjut ke periode berikutnya · Triwulan III 2026",
        "– → Triwulan IV 2026",
    )


@pytest.mark.slow
async def test_the_history_has_pages_newest_first_that_new_entries_do_not_shift(
    admin: Actor, office: Harness
) -> None:
    await write_audit_entries(office, 7)
    await admin.says("/riwayat")
    admin.sees("7 catatan", "hal 7", "hal 3")
    admin.sees_not("hal 2")
    await write_audit_entries(office, 3)
    await admin.taps(admin.labels()[0])
    admin.sees("hal 2", "hal 1")
    admin.sees_not("hal 3")


async def test_a_person_whose_role_was_revoked_is_still_named(
    admin: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    now = office.app.office.clock()

    def grant_and_revoke(db: Db) -> None:
        people.grant(db, 77, "admin", "Sekretaris lama", None, now)
        audit.record(db, now, 77, "uji_coba", "hal lama")
        db.exec_driver_sql("UPDATE role SET revoked_at = granted_at WHERE user_id = 77")

    await office.app.turns.do(grant_and_revoke)
    await admin.says("/riwayat")
    admin.sees("Sekretaris lama (77)")


async def test_long_and_hostile_entries_fit_into_one_message(admin: Actor, office: Harness) -> None:
    long_value = {"nama": "<b>" * 900, "lama": "🙂" * 900}
    await write_audit_entries(
        office, 5, before=long_value, after=["_*[", long_value], reason="<i>" + "alasan " * 300
    )
    await admin.says("/riwayat")
    admin.sees("hal 5", "hal 1", "nama: <b><b>", "_*[", "Alasan: <i>alasan")


ENTRIES: list[tuple[str, str, Any, Any, str]] = [  # action, target, before, after, as it is read
    ("pengguna_layanan", "2026-TW3 kantor", None, 1250,
     "Jumlah pengguna layanan · Triwulan III 2026, Kecamatan Pakong\n– → 1.250"),
    ("pengguna_layanan", "2026-TW3", {"ktp-el": None}, {"ktp-el": 20},
     "Jumlah pengguna layanan · Triwulan III 2026\nKTP-el: – → KTP-el: 20"),
    ("ubah_data_kantor", "data kantor: nama", "A", "B", "Data kantor diubah · Nama kantor\nA → B"),
    ("ubah_nama_layanan", "layanan sktm", "SKTM", "Surat miskin",
     "Nama layanan diubah · layanan SKTM\nSKTM → Surat miskin"),
    ("undang", "undangan 3", None, {"role": "kepala_unit", "title": "Kasi", "unit": None},
     "Undangan dibuat · undangan no. 3\n– → peran: kepala unit kerja, sebutan: Kasi, unit: –"),
    ("cabut_peran", "kepala_unit 501", {"title": "Kasi"}, None,
     "Peran dicabut · kepala unit kerja (501)\nsebutan: Kasi → –"),
    ("lhe_sakip", "2026", "70.1", "71.35", "LHE SAKIP dicatat · 2026\n70,1 → 71,35"),
    ("target_iku", "Indeks 2026", None, "80.5 (BB)", "Target IKU · Indeks 2026\n– → 80,5 (BB)"),
    ("ubah_tindak_lanjut", "tindak lanjut 2026-TW3 no. 1", {"keadaan": "rencana"},
     {"keadaan": "selesai"}, "Kemajuan tindak lanjut · tindak lanjut Triwulan III 2026 no. 1"),
    ("gugurkan", "2026-TW3", {"layanan": "KTP-el", "tanggal": "2026-07-06", "kanal": "kertas"},
     {"revisi": 1}, "layanan: KTP-el, tanggal: 6 Juli 2026, kanal: kertas → revisi: 1"),
    ("usul_ralat", "2026-TW3", None, {"ralat": 1, "lembar": 1200, "layanan": 1},
     "Ralat diusulkan · Triwulan III 2026\n– → ralat: 1, lembar: 1.200, layanan: KTP-el"),
    ("kunci_periode", "unit 2026-S2", None, None,
     "Periode dikunci · penilaian unit kerja Semester II 2026"),
    ("ubah_arti_pembagi", "penilaian unit kerja", None, "jumlah_penilai",
     "Arti angka 7 pada rumus unit kerja · penilaian unit kerja"),
    ("isian_kertas", "isian kertas 2", None, {"berkas": "a.xlsx", "2026-TW3": 12},
     "– → berkas: a.xlsx, Triwulan III 2026: 12"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("action", "target", "before", "after", "read"), ENTRIES, ids=[each[0] for each in ENTRIES]
)
async def test_an_entry_is_read_in_words(  # one entry, column by column
    admin: Actor, office: Harness, action: str, target: str, before: Any, after: Any, read: str
) -> None:
    now = office.app.office.clock()
    await office.app.turns.do(
        lambda db: audit.record(db, now, None, action, target, before=before, after=after)
    )
    await admin.says("/riwayat")
    admin.sees(read)
    admin.sees_not("2026-TW3", "2026-S2", "jumlah_penilai", "kepala_unit")


# --- the ledger ------------------------------------------------------------------------------


async def test_the_ledger_shows_where_each_summary_was_sent(
    group: Actor, admin: Actor, office: Harness, citizen: Actor
) -> None:
    await citizen.rates(*NINE)
    await office.reaches("2026-10-07 08:00")
    await admin.fills("/riwayat", "[Kiriman ringkasan]")
    admin.sees("Triwulan III 2026 · ringkasan · Camat Pakong", "terkirim", "1 kali dicoba")
    assert admin.labels() == ["‹ Riwayat perubahan"]
    await admin.taps("‹ Riwayat perubahan")
    admin.sees("Riwayat perubahan")


@BOTH_DATABASES
@pytest.mark.slow
async def test_a_summary_without_a_group_is_in_the_ledger_with_its_reason(
    admin: Actor, office: Harness, citizen: Actor
) -> None:
    await citizen.rates(*NINE)
    await office.reaches("2026-10-07 08:00")
    await admin.fills("/riwayat", "[Kiriman ringkasan]")
    admin.sees("tidak dikirim", "Alasan: belum ada grup")


async def test_an_uncertain_summary_is_sent_again_from_the_ledger_once(
    group: Actor, admin: Actor, office: Harness, citizen: Actor
) -> None:
    await citizen.rates(*NINE)
    office.world.faults.add(Fault("sendMessage", "timeout_after", chat=CAMAT_GROUP))
    office.world.faults.add(Fault("sendPhoto", "timeout_after", chat=CAMAT_GROUP))
    await office.reaches("2026-10-07 08:00")
    await admin.fills("/riwayat", "[Kiriman ringkasan]")
    admin.sees("belum pasti terkirim")
    ledger = admin.screen
    office.app.sender.rate_limiter.chats.clear()
    admin.press("Kirim lagi Triwulan III 2026 ke Camat Pakong", ledger)
    admin.press("Kirim lagi Triwulan III 2026 ke Camat Pakong", ledger)
    await office.works()
    assert office.stored.outbox_attempts(-1001) == [("sent", 2)]
    assert office.stored.audit_count("kirim_lagi") == 1


# --- the status ------------------------------------------------------------------------------


async def test_the_status_shows_the_state_of_program_period_and_group(
    group: Actor, admin: Actor, citizen: Actor, office: Harness
) -> None:
    await citizen.rates(*NINE)
    await office.ticks()
    await admin.fills("/status", "[Rincian untuk operator]")
    database = "SQLite" if office.app.office.database.is_sqlite else "PostgreSQL"
    newest = max(path.name for path in VERSIONS.glob("0*.py"))
    admin.sees(f"· {database} · skema {newest[:4]}", "6 Jul 2026 09.00 WIB (Asia/Jakarta)")
    admin.sees("Triwulan III 2026 sedang berjalan", "Responden: 1", "Ditutup: 1 Okt 2026 00.00 WIB")
    admin.sees("Dikunci: 7 Okt 2026 08.00 WIB", "Hitungan ulang terakhir: 6 Jul 2026")
    admin.sees("Camat Pakong: terpasang", "detik yang lalu")
    admin.sees("Menunggu 0 · belum pasti terkirim 0 · gagal 0")
    admin.sees("Cadangan terakhir: belum pernah", "Tidak ada pesan yang gagal")


async def test_the_status_shows_the_closed_period_that_waits_for_its_lock(
    admin: Actor, office: Harness, citizen: Actor
) -> None:
    await citizen.rates(*NINE)
    await office.reaches("2026-10-02 09:00")
    await admin.fills("/status", "[Rincian untuk operator]")
    admin.sees(
        "Triwulan IV 2026",
        "Triwulan III 2026 sudah ditutup",
        "7 Okt 2026 08.00 WIB",
        "belum ada grup",
    )


async def test_the_status_shows_a_lost_group_and_updates_set_aside(
    group: Actor, admin: Actor, office: Harness
) -> None:
    office.world.kick(CAMAT_GROUP, office.app.office.bot_id)
    await office.works()
    now = office.app.office.clock()
    place = "ValueError: x.py:1 <module>"
    await office.app.turns.do(lambda db: updates.set_aside(db, 1, 1, {"chat": None}, place, now))
    await admin.fills("/status", "[Rincian untuk operator]")
    admin.sees("Camat Pakong: bot dikeluarkan", "1 pesan gagal diproses", place)


async def test_the_status_shows_no_figure_computed_from_answers(
    admin: Actor, citizen: Actor, office: Harness
) -> None:
    await citizen.rates(1, 1, 1, 1, 1, 1, 1, 1, 1)
    await admin.says("/status")
    admin.sees_not("25,00", "KTP-el")
    await admin.taps("Rincian untuk operator")
    admin.sees_not("25,00", "IKM", "KTP-el")
    await admin.taps("‹ Kembali")
    admin.sees("berakhir 30 Sep 2026")


async def test_the_status_is_a_checklist_with_a_button_for_what_is_not_done(
    admin: Actor, citizen: Actor, office: Harness
) -> None:
    await citizen.rates(*NINE)
    await admin.says("/status")
    admin.sees(
        "✗ Belum ada grup yang terpasang",
        "✗ Jumlah pengguna layanan belum diisi: Kecamatan Pakong",
        "◦ Responden di bawah 5; yang diperlukan belum diketahui",
        "✗ Kepala unit kerja belum diundang",
        "✗ Target IKU 2026 belum diisi untuk 3 dari 3 indikator",
        "◦ LHE SAKIP yang terbit tahun 2026 belum dicatat",
    )
    assert admin.labels() == [
        "Isi jumlah pengguna",
        "Undang kepala unit",
        "Isi target",
        "Rincian untuk operator",
    ]
    await users(office, "2026-TW3", 20)
    await admin.says("/status")
    admin.sees("✔ Jumlah pengguna layanan sudah diisi", "✗ Responden di bawah 5 dari 19")


async def test_after_the_lock_the_checklist_asks_for_the_plan_of_that_period(
    group: Actor, admin: Actor, office: Harness
) -> None:
    await respondents.rate(office, LOW)
    await office.reaches("2026-10-07 08:00")
    await admin.says("/status")
    admin.sees("✔ Grup Camat terpasang", "✔ Ringkasan Triwulan III 2026: dikirim ke grup")
    admin.sees("✗ Rencana tindak lanjut Triwulan III 2026 belum dibuat")
    await plans(admin, "Tambah loket", "30 Okt 2026")
    await office.reaches("2026-11-02 09:00")
    await admin.says("/status")
    admin.sees("✔ Rencana tindak lanjut Triwulan III 2026: 1 kegiatan")
    admin.sees("✗ 1 tindak lanjut Triwulan III 2026 lewat tenggat")
    await admin.taps("Tindak lanjut Triwulan III 2026")
    admin.sees("Tambah loket")


@pytest.mark.parametrize("typed", ["/status <b>", "/riwayat -1", "/kelola " + "x" * 300])
async def test_text_after_a_command_changes_nothing(
    typed: str, admin: Actor, office: Harness
) -> None:
    await admin.says(typed)
    assert admin.text
    assert office.stored.audit_count() == 0
