"""/isi_bantu: people without Telegram rate on the phone of a petugas, under a slip's number."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import insert

from storage import catalogue, people
from storage import tables as t
from storage.database import Db
from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.bot.test_details import opens_respondents
from tests.harness import BOTH_DATABASES, Actor, Harness

NINE = (3, 3, 3, 4, 3, 3, 4, 4, 3)


@pytest.fixture
async def petugas(office: Harness, person: Callable[..., Actor]) -> Actor:
    """A petugas who serves at no counter."""
    return await appointed(office, person(5001), "Budi, Loket 1")


async def appointed(office: Harness, petugas: Actor, title: str) -> Actor:
    """Give the role, as an admin does."""
    now = office.app.office.clock()
    with office.app.office.database.write() as db:
        people.grant(db, petugas.id, "petugas", title, None, now)
    return petugas


async def on_duty(office: Harness, petugas: Actor) -> None:
    """The petugas serves at the counter of KTP-el."""

    def put(db: Db) -> None:
        found = catalogue.by_slug(db, "ktp-el", None)
        assert found is not None
        row = {"service_id": found[0].id, "slug": "1", "name": "Loket 1", "active": True}
        made = db.execute(insert(t.counter).values(row).returning(t.counter.c.id))
        people.set_duty_counter(db, petugas.id, made.scalar_one())
        assert people.duty_counter(db, petugas.id) is not None

    await office.app.turns.do(put)


async def hands_over(petugas: Actor, slip: str = "A-0123", service: str = "KTP-el") -> None:
    """The petugas' part: the slip's number, the service, and the phone goes to the citizen."""
    await petugas.says("/isi_bantu")
    await petugas.says(slip)
    await petugas.taps(service, "✅ Simpan")


async def assists(petugas: Actor, slip: str = "A-0123", *values: int) -> None:
    """The whole way."""
    await hands_over(petugas, slip)
    await answers_alone(petugas, *values)


async def answers_alone(petugas: Actor, *values: int) -> None:
    """The citizen's part on the phone of the petugas."""
    await petugas.taps("Mulai", "Setuju")
    await petugas.answers(*(values or NINE))
    await petugas.declines()
    await petugas.taps("✅ Kirim")


async def test_a_citizen_without_telegram_rates_on_the_phone_of_a_petugas(
    petugas: Actor, office: Harness
) -> None:
    await hands_over(petugas)
    petugas.sees("KTP-el", "Serahkan HP kepada warga")
    await petugas.taps("Mulai")
    petugas.sees("anonim", "9 pertanyaan", "nomor slip")
    petugas.sees_not("/hapus_data")
    assert petugas.labels() == ["Setuju, mulai"]
    await petugas.taps("Setuju")
    petugas.sees("Pertanyaan 1 dari 9")
    await petugas.answers(*NINE)
    await petugas.declines()
    await petugas.taps("✅ Kirim")
    petugas.sees("Terima kasih", "Kembalikan HP kepada petugas")
    assert office.stored.channels_urutan_and_status() == [("dibantu", 1, 1)]


async def test_a_service_that_went_while_the_list_was_shown_lets_nobody_pick_its_neighbour(
    petugas: Actor, office: Harness
) -> None:
    await petugas.fills("/isi_bantu", "A-0123")
    chosen = petugas.labels()[2]
    gone = t.service.update().where(t.service.c.name == petugas.labels()[0]).values(active=False)
    await office.app.turns.do(lambda db: db.execute(gone))
    await petugas.taps(chosen)
    petugas.sees("Pilih salah satu")
    await petugas.taps(chosen)
    petugas.sees("Sudah benar?", chosen)


async def test_the_thanks_show_neither_answers_nor_a_receipt_and_lead_to_the_next(
    petugas: Actor,
) -> None:
    await assists(petugas)
    petugas.sees_not("Tanda terima")
    assert petugas.labels() == ["Isi berikutnya"]
    shown = " ".join(m.get("text", "") for m in petugas.messages)
    assert "Pertanyaan" not in shown
    await petugas.taps("Isi berikutnya")
    petugas.sees("Nomor slip warga?")


async def test_a_suggestion_does_not_stay_on_the_phone_of_the_petugas(
    petugas: Actor, office: Harness
) -> None:
    await hands_over(petugas)
    await petugas.taps("Mulai", "Setuju")
    await petugas.answers(*NINE)
    await petugas.declines()
    await petugas.fills("[✍]", "Loketnya judes")
    petugas.sees("Saran Anda sudah tercatat")
    assert not any("judes" in m.get("text", "") for m in petugas.messages)
    await petugas.taps("✅ Kirim")
    assert office.stored.suggestions() == ["Loketnya judes"]


async def test_a_suggestion_on_ones_own_phone_stays_where_it_was_written(citizen: Actor) -> None:
    await citizen.reaches_review(*NINE)
    await citizen.fills("[✍]", "Kursinya kurang")
    assert any("Kursinya kurang" in m.get("text", "") for m in citizen.messages)


@pytest.mark.slow
async def test_a_slip_is_used_once_a_period(petugas: Actor, office: Harness) -> None:
    await assists(petugas, "A-0123")
    await petugas.fills("/isi_bantu", "a-0123")
    petugas.sees("sudah dipakai pada periode ini")
    await petugas.says("A-0124")
    petugas.sees("Layanan apa")
    await office.reaches("2026-10-01 00:00")
    await assists(petugas, "A-0123")
    assert office.stored.completed_count() == 2


async def test_a_slip_taken_by_another_petugas_meanwhile_is_refused(
    petugas: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    other = await appointed(office, person(5002), "Siti, Loket 2")
    await petugas.fills("/isi_bantu", "A-0123", "[KTP-el]")
    await hands_over(other, "A-0123")
    await petugas.taps("✅ Simpan")
    petugas.sees("baru saja dipakai petugas lain")
    assert office.stored.response_count() == 1


@pytest.mark.parametrize(
    "slip", ["", "A 1", "A_1", "X" * 21, "<b>", "'; --", "Slip nomor satu", "💥"]
)
async def test_a_number_no_slip_bears_gets_one_helpful_sentence(
    slip: str, petugas: Actor, office: Harness
) -> None:
    await petugas.says("/isi_bantu A-0123 dan lain-lain")
    petugas.sees("Nomor slip warga?")
    if not slip:
        office.world.send_sticker(petugas.id, petugas.chat)
        await office.works()
        petugas.sees("Jawab dengan mengetik")
        return
    await petugas.says(slip)
    petugas.sees("huruf, angka, dan tanda hubung")
    assert office.stored.response_count() == 0


@BOTH_DATABASES
async def test_the_service_of_ones_own_counter_is_counted_apart(
    petugas: Actor, office: Harness
) -> None:
    await on_duty(office, petugas)
    await petugas.fills("/isi_bantu", "A-0123", "[KTP-el]")
    petugas.sees("loket Anda sendiri", "Serahkan HP kepada warga", "dibantu, loket sendiri")
    await petugas.taps("✅ Simpan")
    await answers_alone(petugas)
    petugas.sees("Kembalikan HP kepada petugas")
    assert office.stored.channels_urutan_and_status() == [("dibantu-loket", 1, 1)]


async def test_another_service_than_that_of_ones_counter_is_assisted_as_ever(
    petugas: Actor, office: Harness
) -> None:
    await on_duty(office, petugas)
    await petugas.fills("/isi_bantu", "A-0123", "[SKTM]")
    petugas.sees_not("loket sendiri")
    await petugas.taps("✅ Simpan")
    await answers_alone(petugas)
    assert office.stored.channels_and_status() == [("dibantu", 1)]


async def test_who_is_put_at_a_counter_meanwhile_assists_at_his_own(
    petugas: Actor, office: Harness
) -> None:
    await petugas.fills("/isi_bantu", "A-0123", "[KTP-el]")
    await on_duty(office, petugas)
    await petugas.taps("✅ Simpan")
    await answers_alone(petugas)
    assert office.stored.channels_and_status() == [("dibantu-loket", 1)]


async def test_a_suggestion_at_ones_own_counter_does_not_stay_on_the_phone_either(
    petugas: Actor, office: Harness
) -> None:
    await on_duty(office, petugas)
    await hands_over(petugas)
    await petugas.taps("Mulai", "Setuju")
    await petugas.answers(*NINE)
    await petugas.declines()
    await petugas.fills("[✍]", "Loketnya judes")
    assert not any("judes" in m.get("text", "") for m in petugas.messages)
    await petugas.fills("/hapus_data", "[Ya, hapus]")
    assert office.stored.open_count() == 1


async def test_a_service_that_went_before_the_hand_over_is_refused(
    petugas: Actor, office: Harness
) -> None:
    await petugas.fills("/isi_bantu", "A-0123", "[KTP-el]")
    gone = t.service.update().where(t.service.c.name == "KTP-el").values(active=False)
    await office.app.turns.do(lambda db: db.execute(gone))
    await petugas.taps("✅ Simpan")
    petugas.sees("sudah tidak ada")
    assert office.stored.response_count() == 0


async def test_a_petugas_may_rate_as_a_citizen_too(petugas: Actor, office: Harness) -> None:
    await assists(petugas)
    await petugas.scans("l_ktp-el")
    petugas.sees_not("sudah menilai")
    await petugas.rates(*NINE)
    petugas.sees("Tanda terima")
    assert office.stored.response_count(kanal="telegram") == 1


async def test_a_petugas_who_is_rating_himself_ends_that_first(petugas: Actor) -> None:
    await petugas.begins()
    await petugas.answers(3, 3)
    await petugas.says("/isi_bantu")
    petugas.sees("masih mengisi survei sendiri")
    assert petugas.labels() == ["Lanjutkan (2/9)"]
    await petugas.taps("Lanjutkan")
    petugas.sees("Pertanyaan 3 dari 9")


async def test_what_a_petugas_takes_back_is_only_his_own(petugas: Actor, office: Harness) -> None:
    await assists(petugas, "A-1")
    await petugas.rates(*NINE)
    await hands_over(petugas, "A-2")
    await petugas.fills("/hapus_data", "[Ya, hapus]")
    assert office.stored.channels_and_status() == [
        ("dibantu", 0),
        ("dibantu", 1),
    ]


async def test_an_assisted_survey_given_up_frees_its_slip(petugas: Actor, office: Harness) -> None:
    await hands_over(petugas)
    await petugas.taps("Mulai", "Setuju")
    await petugas.answers(3, 3)
    await petugas.says("/batal")
    petugas.sees("sudah dihapus", "/isi_bantu")
    assert office.stored.answer_count() == 0
    await assists(petugas)
    assert office.stored.completed_count() == 1


@pytest.mark.parametrize("way", ["/isi_bantu", "/mulai", "/start l_sktm"])
async def test_nothing_else_begins_while_an_assisted_survey_is_open(
    way: str, petugas: Actor, office: Harness
) -> None:
    await hands_over(petugas)
    await petugas.taps("Mulai", "Setuju")
    await petugas.answers(3)
    await petugas.says(way)
    petugas.sees("belum selesai (1/9)", "/batal")
    await petugas.taps("Lanjutkan")
    petugas.sees("Pertanyaan 2 dari 9")


@pytest.mark.parametrize("taps", [[], ["Mulai"]])
async def test_before_the_citizen_agrees_no_question_is_shown(
    taps: list[str], petugas: Actor, office: Harness
) -> None:
    await hands_over(petugas)
    await petugas.taps(*taps)
    before = petugas.text
    office.world.send_sticker(petugas.id, petugas.chat)
    await office.works()
    assert petugas.text == before
    await petugas.fills("/mulai", "[Lanjutkan]")
    assert petugas.text == before


async def test_begin_pressed_twice_asks_for_consent_all_the_same(
    petugas: Actor, office: Harness
) -> None:
    await hands_over(petugas)
    petugas.press("Mulai")
    petugas.press("Mulai")
    await office.works()
    petugas.sees("anonim")


async def test_sent_twice_counts_once_and_says_so(petugas: Actor, office: Harness) -> None:
    await hands_over(petugas)
    await petugas.taps("Mulai", "Setuju")
    await petugas.answers(*NINE)
    await petugas.declines()
    petugas.press("✅ Kirim")
    petugas.press("✅ Kirim")
    await office.works()
    petugas.sees("Kembalikan HP")
    assert petugas.toast == "Penilaian ini sudah terkirim. Terima kasih!"
    assert office.stored.completed_count() == 1


@BOTH_DATABASES
async def test_another_language_for_one_citizen_is_not_the_petugas_language(
    petugas: Actor,
) -> None:
    await hands_over(petugas)
    await petugas.fills("/bahasa", "[English]")
    petugas.sees("Hand the phone to the citizen")
    await petugas.fills("/batal", "/mulai")
    petugas.sees("Layanan apa")


@pytest.mark.slow
async def test_assisted_responses_are_counted_by_petugas_in_steps_of_five(
    petugas: Actor, person: Callable[..., Actor], admin: Actor, office: Harness
) -> None:
    other = await appointed(office, person(5002), "Siti, Loket 2")
    await person(101).rates(*NINE)
    for number in range(6):
        await assists(petugas, f"A-{number}")
    await assists(other, "B-1")
    await hands_over(other, "B-2")
    await admin.says("/periode")
    admin.sees("8 responden · dibantu 5+\nDibantu, menurut petugas: Budi, Loket 1 5+")
    admin.sees_not("Siti", "isi sendiri (Telegram)")


@pytest.mark.slow
async def test_the_details_count_the_assisted_apart(
    petugas: Actor, admin: Actor, office: Harness
) -> None:
    await respondents.rate(office, [Respondent(NINE)] * 4)
    await assists(petugas, "A-1")
    await assists(petugas, "A-2")
    await office.reaches("2026-10-07 08:00")
    await opens_respondents(admin)
    admin.sees(
        "6 responden", "isi sendiri (Telegram): 4\n", "dibantu: 2\n"
    )  # of two people no index


async def test_an_assisted_opinion_left_open_counts_under_its_slip_at_the_close(
    petugas: Actor, office: Harness
) -> None:
    await hands_over(petugas)
    await petugas.taps("Mulai", "Setuju")
    await petugas.answers(*NINE)
    await office.reaches("2026-10-01 00:00")
    await petugas.fills("/hapus_data", "[Ya, hapus]")
    assert office.stored.channels_and_status() == [("dibantu", 1)]


async def test_an_assisted_response_is_voided_by_its_slip_and_the_slip_is_free_again(
    petugas: Actor, admin: Actor, office: Harness
) -> None:
    await assists(petugas)
    await admin.fills("/gugurkan", "a-0123")
    admin.sees("KTP-el · 6 Jul 2026 · dibantu · Triwulan III 2026")
    await admin.fills("Diisi petugas sendiri", "[✅ Simpan]")
    assert office.stored.response_status() == [2]
    await assists(petugas)
    assert office.stored.response_status() == [1, 2]


@BOTH_DATABASES
async def test_one_slip_in_two_periods_is_asked_about(
    petugas: Actor, admin: Actor, office: Harness
) -> None:
    await assists(petugas)
    await office.reaches("2026-10-01 09:00")
    await assists(petugas)
    await admin.fills("/gugurkan", "A-0123", "[KTP-el · 1 Okt 2026]", "Diisi petugas sendiri")
    await admin.taps("✅ Simpan")
    admin.sees("Digugurkan", "Triwulan IV 2026")
    assert office.stored.completed_count() == 1
    assert office.stored.revision_count() == 0


async def test_after_the_lock_no_slip_leads_to_a_response(petugas: Actor, office: Harness) -> None:
    await respondents.rate(office, [Respondent(NINE)] * 4)
    await assists(petugas)
    await office.reaches("2026-10-07 08:00")
    assert office.stored.slip_numbers() == []
    assert office.stored.petugas() == [petugas.id]
    assert "A-0123" not in office.everything()


async def test_an_outage_at_the_hand_over_shows_it_again(petugas: Actor, office: Harness) -> None:
    await hands_over(petugas)
    await office.waits(minutes=5)
    await office.ticks()
    petugas.sees("Serahkan HP kepada warga")


async def test_who_lost_the_role_cannot_go_on(
    petugas: Actor, citizen: Actor, office: Harness
) -> None:
    await citizen.says("/isi_bantu")
    assert citizen.text == "Maaf, perintah itu tidak tersedia untuk Anda."
    await petugas.says("/isi_bantu")
    with office.app.office.database.write() as db:
        db.exec_driver_sql("UPDATE role SET revoked_at = granted_at WHERE role = 'petugas'")
    await petugas.says("A-0123")
    assert petugas.text == "Maaf, perintah itu tidak tersedia untuk Anda."
