"""/kelola: services, counters, units, users of a period, the office's facts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from bot.officers import kelola
from storage import people
from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.harness import BOTH_DATABASES, Actor, Harness

NINE = (3, 3, 3, 4, 3, 3, 4, 4, 3)
HOSTILE = [
    pytest.param("Loket\nkedua", "satu baris", id="two lines"),
    pytest.param("x" * 4000, "paling panjang 60 huruf", id="4000 letters"),
    pytest.param("\u202eTPK", "satu baris", id="turned right to left"),
    pytest.param("🙂🙂", "huruf atau angka", id="emoji alone"),
    pytest.param("... !", "huruf atau angka", id="no letters"),
    pytest.param("kTp-El", "sudah dipakai", id="somebody else's name"),
]
STRANGE = ["<b>Tebal</b> & _*[", "خدمة السكان", "KTP 🙂 cepat", "𝕏" * 30]


@pytest.fixture
async def camat(office: Harness, person: Callable[..., Actor]) -> Actor:
    """The Camat, who reads suggestions and does not administer."""
    return await holder(office, person(9101, name="Camat"), "camat", "Camat Pakong")


async def holder(office: Harness, actor: Actor, role: str, title: str) -> Actor:
    """Somebody with a role, who has spoken to the bot."""
    now = office.app.office.clock()
    give = partial(people.grant, user_id=actor.id, role=role, title=title, granted_by=0, now=now)
    await office.app.turns.do(lambda db: give(db))
    await actor.says("/bantuan")
    return actor


async def opens(actor: Actor, *labels: str) -> None:
    """/kelola, and these buttons one after the other."""
    await actor.says("/kelola")
    await actor.taps(*labels)


async def types(actor: Actor, *answers: str) -> None:
    """Type these answers into a form, and save."""
    for answer in answers:
        await actor.says(answer)
    await actor.taps("✅ Simpan")


def audit(office: Harness) -> list[tuple[object, ...]]:
    """What the audit holds: who, what, about what."""
    return office.stored.audit()


# --- who -------------------------------------------------------------------------------------


async def test_the_menu_shows_each_what_his_roles_open(admin: Actor, camat: Actor) -> None:
    await admin.says("/kelola")
    await camat.says("/kelola")
    assert admin.labels() == [
        "Layanan dan loket",
        "Unit pelayanan dan unit kerja",
        "Orang, peran dan undangan",
        "Penilaian unit kerja",
        "Grup",
        "Pengguna layanan per periode",
        "Isian kertas",
        "Tindak lanjut",
        "Data kantor",
        "Pejabat penanda tangan",
    ]
    assert camat.labels() == ["Tindak lanjut", "Saran warga"]


@pytest.mark.parametrize("role", ["kepala_unit", "petugas"])
async def test_other_officers_and_citizens_do_not_manage(
    role: str, citizen: Actor, office: Harness, person: Callable[..., Actor]
) -> None:
    other = await holder(office, person(9102), role, "Kasi Pelayanan")
    for command in ("/kelola", "/riwayat", "/status"):
        for actor in (citizen, other):
            await actor.says(command)
            actor.sees("tidak tersedia untuk Anda")


async def test_a_button_of_the_menu_asks_for_the_role_when_it_is_pressed(
    admin: Actor, office: Harness
) -> None:
    await opens(admin, "Layanan", "KTP-el")
    await office.app.turns.do(
        lambda db: db.exec_driver_sql("UPDATE role SET revoked_at = granted_at") and None
    )
    await admin.taps("Nonaktifkan")
    assert admin.toast == "Maaf, perintah itu tidak tersedia untuk Anda."
    assert office.stored.service_count(active=False) == 0


@pytest.mark.slow
async def test_kelola_in_a_group_leads_to_the_private_chat(group: Actor, office: Harness) -> None:
    await group.says(f"/kelola@{office.app.office.username}")
    group.sees("obrolan pribadi")
    assert group.labels() == [f"@{office.app.office.username}"]


# --- services --------------------------------------------------------------------------------


async def test_an_admin_adds_a_service_and_citizens_rate_it(
    admin: Actor, citizen: Actor, office: Harness
) -> None:
    await opens(admin, "Layanan", "➕")
    await admin.says("Izin  Usaha Mikro")
    assert "izin-usaha-mikro" in admin.labels()
    await admin.taps("izin-usaha-mikro")
    admin.sees("Izin Usaha Mikro", "Sudah benar?")
    await admin.taps("✅ Simpan")
    admin.sees("Kode: izin-usaha-mikro", "start=l_izin-usaha-mikro", "Urutan: 15 dari 15")
    assert audit(office) == [(admin.id, "tambah_layanan", "layanan izin-usaha-mikro")]
    await citizen.rates(*NINE, code="l_izin-usaha-mikro")
    citizen.sees("Izin Usaha Mikro")


async def test_a_taken_code_is_neither_proposed_nor_accepted(admin: Actor) -> None:
    await opens(admin, "Layanan", "➕")
    await admin.says("KTP el")
    assert "ktp-el-2" in admin.labels()
    await admin.says("ktp-el")
    admin.sees("sudah dipakai")
    await admin.says("KTP.EL")
    admin.sees("Kode hanya boleh")
    await types(admin, "ktp-cepat")
    admin.sees("Kode: ktp-cepat")


async def test_with_several_units_a_new_service_names_its_own(admin: Actor) -> None:
    await opens(admin, "Unit", "➕")
    await admin.fills("Kelurahan Barat", "[kelurahan-barat]", "[Tidak]", "[✅ Simpan]")
    await opens(admin, "Layanan", "➕")
    await admin.fills("Surat kematian", "[surat-kematian]", "[Kelurahan Barat]", "[✅ Simpan]")
    admin.sees("Unit: Kelurahan Barat")


async def test_a_renamed_service_has_its_new_name_everywhere(
    admin: Actor, citizen: Actor, office: Harness
) -> None:
    await opens(admin, "Layanan", "KTP-el", "Ubah nama")
    admin.sees("Nama sekarang: KTP-el")
    await types(admin, "KTP elektronik")
    admin.sees("KTP elektronik", "Kode: ktp-el")
    await citizen.scans()
    citizen.sees("KTP elektronik")
    changed = office.stored.audit_changes()
    assert [tuple(str(v).strip('"') for v in row) for row in changed] == [
        ("ubah_nama_layanan", "KTP-el", "KTP elektronik")
    ]


async def test_an_inactive_service_leaves_the_citizens_list_and_keeps_its_answers(
    admin: Actor, citizen: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    await citizen.begins()
    await opens(admin, "Layanan", "KTP-el", "Nonaktifkan")
    admin.sees("nonaktif")
    late = person(102)
    await late.scans()
    assert "KTP-el" not in late.labels()
    await citizen.answers(*NINE)
    await citizen.declines()
    await citizen.taps("✅")
    citizen.sees("Terima kasih")
    assert office.stored.completed_count() == 1
    await admin.taps("Aktifkan")
    await late.scans()
    late.sees("KTP-el")


async def test_a_service_is_marked_gratis_and_unmarked(admin: Actor, office: Harness) -> None:
    await opens(admin, "Layanan", "SKTM", "Tandai gratis")
    admin.sees("Biaya: gratis")
    await admin.taps("Cabut tanda gratis")
    admin.sees("tidak ditandai gratis")
    both = [(admin.id, "gratis_layanan", "layanan sktm")] * 2
    assert audit(office) == both


async def test_a_service_moves_in_the_list_citizens_see(admin: Actor, citizen: Actor) -> None:
    await opens(admin, "Layanan", "Kartu Keluarga", "▲ Naik")
    admin.sees("Urutan: 1 dari 14")
    await admin.taps("▲ Naik")
    assert admin.toast == "Sudah paling atas atau paling bawah."
    await citizen.says("/mulai")
    assert citizen.labels()[:2] == ["Kartu Keluarga (KK)", "KTP-el"]


@pytest.mark.parametrize("label", ["Nonaktifkan", "Tandai gratis", "▼ Turun"])
async def test_a_second_press_of_the_same_button_changes_nothing(
    label: str, admin: Actor, office: Harness
) -> None:
    await opens(admin, "Layanan", "SKTM")
    screen = admin.screen
    admin.press(label, screen)
    admin.press(label, screen)
    await office.works()
    assert len(audit(office)) == 1
    assert admin.toast == "Layar ini sudah lama; ini yang terbaru."


async def test_an_older_screen_of_another_admin_does_not_undo_a_change(
    admin: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    other = await holder(office, person(9002), "admin", "Sekcam")
    await opens(admin, "Layanan", "SKTM")
    await opens(other, "Layanan", "SKTM", "Nonaktifkan")
    await other.taps("Aktifkan")
    await admin.taps("Nonaktifkan")
    assert admin.toast == "Layar ini sudah lama; ini yang terbaru."
    assert office.stored.service_is_active("sktm")


@pytest.mark.parametrize(("name", "told"), HOSTILE)
async def test_a_name_nobody_can_read_is_refused_in_one_sentence(
    name: str, told: str, admin: Actor, office: Harness
) -> None:
    await opens(admin, "Layanan", "SKTM", "Ubah nama")
    await admin.says(name)
    admin.sees(told)
    assert office.stored.service_name("sktm") == "SKTM"
    assert audit(office) == []


@pytest.mark.parametrize("name", STRANGE)
async def test_a_strange_name_is_shown_as_it_was_typed(
    name: str, admin: Actor, citizen: Actor
) -> None:
    await opens(admin, "Layanan", "KTP-el", "Ubah nama")
    await types(admin, name)
    admin.sees(name)
    await admin.taps("‹ Kembali")
    assert name in admin.labels()
    await citizen.scans()
    citizen.sees(name)
    await admin.says("/riwayat")
    admin.sees(f"KTP-el → {name}")


@pytest.mark.parametrize("office", [{"office": {"nama": "Kecamatan " * 12}}], indirect=True)
async def test_a_long_name_of_the_config_is_cut_on_buttons(admin: Actor) -> None:
    await opens(admin, "Unit")
    assert admin.labels()[0] == "Kecamatan " * 6 + "Kec…"


async def test_a_command_gives_up_a_form_and_nothing_is_added(
    admin: Actor, office: Harness
) -> None:
    await opens(admin, "Layanan", "➕")
    await admin.fills("Layanan setengah jadi", "/kelola", "setengah-jadi")
    assert office.stored.service_count() == 14
    assert audit(office) == []


# --- counters --------------------------------------------------------------------------------


async def test_an_admin_adds_a_counter_and_its_link_is_shown(
    admin: Actor, citizen: Actor, office: Harness
) -> None:
    await opens(admin, "Layanan", "KTP-el", "Loket (0)", "➕")
    await admin.fills("Loket 2", "[loket-2]", "[✅ Simpan]")
    admin.sees(f"https://t.me/{office.app.office.username}?start=l_ktp-el_loket-2")
    assert audit(office) == [(admin.id, "tambah_loket", "loket ktp-el_loket-2")]
    await citizen.scans("l_ktp-el_loket-2")
    citizen.sees("KTP-el · Loket 2")


async def test_a_counter_is_renamed_and_put_away(
    admin: Actor, citizen: Actor, office: Harness
) -> None:
    await opens(admin, "Layanan", "KTP-el", "Loket (0)", "➕")
    await types(admin, "Loket 2", "2")
    await admin.taps("Ubah nama")
    await types(admin, "Loket depan")
    await citizen.scans("l_ktp-el_2")
    citizen.sees("Loket depan")
    await admin.taps("Nonaktifkan")
    await citizen.scans("l_ktp-el_2")
    citizen.sees_not("Loket depan")
    assert office.stored.counter_count() == 1


@BOTH_DATABASES
async def test_two_services_may_have_a_counter_of_the_same_code(admin: Actor) -> None:
    for service in ("KTP-el", "SKTM"):
        await opens(admin, "Layanan", service, "Loket (0)", "➕")
        await types(admin, "Loket 1", "1")
        admin.sees("Kode: 1")


# --- units -----------------------------------------------------------------------------------


async def test_a_unit_kerja_is_added_and_marked(admin: Actor, office: Harness) -> None:
    await opens(admin, "Unit", "➕")
    await admin.fills("Seksi Kebersihan", "[seksi-kebersihan]", "[Ya]", "[✅ Simpan]")
    admin.sees("Kepalanya menilai kantor: Ya")
    await admin.taps("Bukan unit kerja lagi")
    admin.sees("Kepalanya menilai kantor: Tidak")
    assert [row[1] for row in audit(office)] == ["tambah_unit", "kerja_unit"]


async def test_a_unit_kerja_is_not_asked_about_for_a_new_service(admin: Actor) -> None:
    await opens(admin, "Unit", "➕")
    await admin.fills("Seksi Kebersihan", "[seksi-kebersihan]", "[Ya]", "[✅ Simpan]")
    await opens(admin, "Layanan", "➕")
    await types(admin, "Surat kematian", "kematian")
    admin.sees("Unit: Kecamatan Pakong")


async def test_a_unit_with_active_services_is_not_put_away(admin: Actor, office: Harness) -> None:
    await opens(admin, "Unit", "Kecamatan Pakong", "Nonaktifkan")
    assert admin.toast is not None
    assert "masih punya layanan aktif" in admin.toast
    assert audit(office) == []


async def test_a_service_of_a_closed_unit_stays_closed(admin: Actor, office: Harness) -> None:
    await office.app.turns.do(
        lambda db: db.exec_driver_sql("UPDATE service SET active = (1 = 0)") and None
    )
    await opens(admin, "Unit", "Kecamatan Pakong", "Nonaktifkan")
    await opens(admin, "Layanan", "🚫 KTP-el", "Aktifkan")
    assert admin.toast == "Unit pelayanan ini nonaktif. Aktifkan unitnya dulu."
    await opens(admin, "Layanan", "➕")
    assert admin.toast is not None
    assert "Belum ada unit pelayanan" in admin.toast


# --- users of a period -----------------------------------------------------------------------


async def test_an_admin_tells_how_many_used_the_services(admin: Actor, office: Harness) -> None:
    await opens(admin, "Pengguna", "Triwulan III 2026", "Kecamatan Pakong")
    await types(admin, "1.236")
    # by hand: S = 292,8; 1.236 / 4,09 = 302,2
    admin.sees(
        "Kecamatan Pakong: 1.236 · sampel yang diperlukan: 293 (Krejcie–Morgan)", "Slovin 5 %: 302"
    )
    assert office.stored.population() == [1236]
    assert audit(office) == [(admin.id, "pengguna_layanan", "2026-TW3 kantor")]


@pytest.mark.slow
@pytest.mark.parametrize("typed", ["-5", "2,5", "dua ratus", "12.34", "99999999", "<b>1</b>"])
async def test_a_number_that_is_none_is_refused(typed: str, admin: Actor, office: Harness) -> None:
    await opens(admin, "Pengguna", "Triwulan III 2026", "Kecamatan Pakong")
    await admin.says(typed)
    admin.sees("bilangan bulat dari 0 sampai 9.999.999")
    assert office.stored.population_count() == 0


async def test_users_are_corrected_after_the_lock_with_an_audit_row_and_no_other_index(
    admin: Actor, office: Harness
) -> None:
    await respondents.rate(office, [Respondent((3, 3, 3, 4, 3, 3, 4, 4, 3))] * 6)
    await office.reaches("2026-10-02 09:00")
    await opens(admin, "Pengguna", "Triwulan III 2026", "Kecamatan Pakong")
    await types(admin, "236")
    await office.reaches("2026-10-07 08:00")
    before = office.stored.office_ikm()
    await opens(admin, "Pengguna", "🔒 Triwulan III 2026")
    admin.sees("236", "masih dapat dibetulkan")
    await admin.taps("Kecamatan Pakong")
    await types(admin, "240")
    admin.sees("240")
    assert office.stored.population() == [240]
    assert audit(office)[-1] == (admin.id, "pengguna_layanan", "2026-TW3 kantor")
    assert office.stored.office_ikm() == before
    await admin.says("/ringkasan 2026-TW3")
    admin.sees("6 responden dari 148 yang diperlukan")


async def test_fewer_users_than_respondents_are_asked_about_and_kept_when_confirmed(
    admin: Actor, office: Harness
) -> None:
    await respondents.rate(office, [Respondent([3] * 9)] * 7)
    await opens(admin, "Pengguna", "Triwulan III 2026", "Kecamatan Pakong")
    await admin.says("4")
    admin.sees("4 pengguna, padahal sedikitnya 5 orang menilainya. Benar?")
    await admin.taps("✅ Simpan")
    assert office.stored.population() == [4]
    await opens(admin, "Pengguna", "Triwulan III 2026", "Kecamatan Pakong")
    await admin.says("6")  # officials see how many rated in steps of five
    admin.sees_not("Benar? Bila")


# --- users of each service -------------------------------------------------------------------


async def sheet(admin: Actor, **changed: str) -> str:
    """The list of the form's question, with these numbers by code instead of `?`."""
    await opens(admin, "Pengguna", "Triwulan III 2026", "Isi per layanan")
    lines = [line for line in admin.text.splitlines() if line.endswith(" ?")]
    assert lines
    return "\n".join(f"{line[:-1]}{changed.get(str(n), '10')}" for n, line in enumerate(lines))


async def test_the_users_of_all_services_are_entered_as_one_list(
    admin: Actor, office: Harness
) -> None:
    typed = await sheet(admin, **{"0": "1.120"})
    await types(admin, typed)
    total = 1120 + 10 * typed.count("\n")
    shown = f"{total:,}".replace(",", ".")
    admin.sees(f"Kecamatan Pakong: {shown}, jumlah layanannya", "Slovin 5 %")
    assert audit(office) == [(admin.id, "pengguna_layanan", "2026-TW3")]
    await admin.taps("Isi per layanan")
    assert typed.splitlines()[0].replace("1.120", "1120") in admin.text


async def test_one_line_corrects_one_service_and_leaves_the_others(admin: Actor) -> None:
    await types(admin, await sheet(admin))
    await admin.taps("Isi per layanan")
    await types(admin, "ktp-el = 30")
    await admin.taps("Isi per layanan")
    admin.sees("KTP-el 30", "Kartu Keluarga (KK) 10")


async def test_a_units_own_number_goes_before_the_sum_of_its_services(admin: Actor) -> None:
    await types(admin, await sheet(admin))
    await admin.taps("Kecamatan Pakong")
    await types(admin, "500")
    admin.sees("Kecamatan Pakong: 500 · sampel")
    await admin.taps("Kecamatan Pakong")
    await types(admin, "0")
    admin.sees("jumlah layanannya")


async def test_a_unit_with_some_services_unknown_is_refused_and_they_are_named(
    admin: Actor, office: Harness
) -> None:
    await opens(admin, "Pengguna", "Triwulan III 2026", "Isi per layanan")
    await admin.says("KTP-el 120")
    admin.sees("Belum ada jumlah untuk", "Kartu Keluarga (KK)", "isi semuanya")
    await admin.taps("Batal", on=[m for m in admin.messages if "Berapa orang" in m["text"]][-1])
    await opens(admin, "Pengguna", "Triwulan III 2026", "Kecamatan Pakong")
    await types(admin, "500")
    await admin.taps("Isi per layanan")
    await types(admin, "KTP-el 120")
    await admin.fills("[Kecamatan Pakong]", "0")
    admin.sees("Belum ada jumlah untuk", "Kartu Keluarga (KK)")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("Paspor 3", 'Baris "Paspor 3" tidak dimengerti'),
        ("KTP-el", "tidak dimengerti"),
        ("120", "tidak dimengerti"),
        ("KTP-el <b>9</b>", "bilangan bulat"),
        ("KTP-el -4", "bilangan bulat"),
        ("KTP-el 4\nktp-el 5", "sudah ditulis di atasnya"),
    ],
)
async def test_a_line_that_says_nothing_clear_is_refused(
    typed: str, answer: str, admin: Actor
) -> None:
    await opens(admin, "Pengguna", "Triwulan III 2026", "Isi per layanan")
    await admin.says(typed)
    admin.sees(answer)


async def test_fewer_users_of_a_service_than_rated_it_are_asked_about(
    admin: Actor, office: Harness
) -> None:
    await respondents.rate(office, [Respondent([3] * 9)] * 12)
    await admin.says(await sheet(admin, **{"0": "3"}))
    admin.sees("KTP-el: 3 pengguna, padahal sedikitnya 10 orang menilainya. Benar?")
    await admin.taps("✅ Simpan", "Isi per layanan")
    admin.sees("KTP-el 3")


async def test_a_wrong_number_is_taken_back_with_0(admin: Actor) -> None:
    await opens(admin, "Pengguna", "Triwulan III 2026", "Kecamatan Pakong")
    await types(admin, "236")
    await admin.taps("Kecamatan Pakong")
    await types(admin, "0")
    admin.sees("belum diisi")


# --- the office's facts ----------------------------------------------------------------------


async def test_a_new_name_of_the_office_is_shown_at_once(
    admin: Actor, citizen: Actor, office: Harness
) -> None:
    await opens(admin, "Data kantor", "Nama kantor")
    await types(admin, "Kecamatan <Pakong> & Waru")
    admin.sees("Nama kantor: Kecamatan <Pakong> & Waru")
    await citizen.says("/mulai")
    citizen.sees("Kecamatan <Pakong> & Waru")
    assert audit(office) == [(admin.id, "ubah_data_kantor", "data kantor: nama")]


async def test_the_change_of_the_office_survives_a_restart(admin: Actor, office: Harness) -> None:
    await opens(admin, "Data kantor", "Alamat")
    await types(admin, "Jl. Raya Pakong 1")
    await office.restarts()
    await opens(admin, "Data kantor")
    admin.sees("Jl. Raya Pakong 1")


async def test_a_fact_may_be_emptied_but_not_the_name(admin: Actor) -> None:
    await opens(admin, "Data kantor", "Nama kantor")
    assert "Kosongkan ›" not in admin.labels()
    await opens(admin, "Data kantor", "Kabupaten", "Kosongkan", "✅ Simpan")
    admin.sees("Kabupaten/kota: –")


async def test_the_survey_team_is_typed_a_line_for_each_member(admin: Actor) -> None:
    await opens(admin, "Data kantor", "Tim survei")
    await admin.says("\n".join(["Anggota: Kasi"] * 21))
    admin.sees("Ada 21 baris; paling banyak 20.")
    await types(admin, "Ketua: Sekretaris\n\n  Kasi   Pelayanan  ")
    admin.sees("Tim survei: Ketua: Sekretaris\nKasi Pelayanan")


# --- pressed anyhow --------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("subject", ["0", "zz", "1y2p0ij32e8e7"])
async def test_a_button_about_nothing_changes_nothing(
    subject: str, admin: Actor, camat: Actor, office: Harness
) -> None:
    for route in kelola.BUTTONS:
        for actor in (admin, camat):
            await actor.says("/kelola")
            data = f"y.{subject}.{route}.999999999.99999"
            office.world.tap(actor.id, actor.chat, actor.screen["message_id"], data)
            await office.works()
        assert (audit(office), office.raised) == ([], []), route


async def test_a_form_left_for_seven_days_is_forgotten(admin: Actor, office: Harness) -> None:
    await opens(admin, "Data kantor")
    await admin.taps(admin.labels()[0])
    await admin.says("Kecamatan Setengah Jadi")
    await office.reaches("2026-07-13 08:00")
    assert "Setengah Jadi" in office.everything()
    await office.reaches("2026-07-13 10:01")
    assert "Setengah Jadi" not in office.everything()
    await admin.taps("✅ Simpan")
    assert admin.toast is not None
    assert "sudah selesai" in admin.toast
