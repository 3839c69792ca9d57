"""*Kabari saya*: asked after *Kirim*, kept apart from answers, told once, forgotten."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from storage import outbox
from storage import tables as t
from storage.database import Db
from storage.maintenance import backup
from tests.bot.respondents import Respondent, rate
from tests.bot.test_assist import appointed, assists
from tests.bot.test_deleted import BUDI, NINE, holders, number
from tests.bot.test_follow_up import plans, updates_progress
from tests.bot.test_manage import opens
from tests.harness import BOTH_DATABASES, Actor, Harness

LOCKED = "2026-10-07 08:00"
QUARTER = "Triwulan III 2026"
SOME = [Respondent((4, 4, 2, 4, 4, 4, 4, 3, 3)) for _ in range(6)]


async def asks(person: Actor) -> None:
    """Rate, and ask for the news."""
    await person.rates(*NINE)
    yes = ("🔔 Kabari", "Ya, kabari") if person.language == "id" else ("🔔 Keep", "Yes, keep")
    await person.taps(*yes)


async def publishes(admin: Actor) -> None:
    """Tell the citizens what was done after the quarter."""
    await opens(admin, "Tindak lanjut", QUARTER, "📣 Kabari warga")
    await admin.taps("Ya, kirim")


async def planned(office: Harness, admin: Actor) -> None:
    """The quarter is locked, with a plan whose one measure is done."""
    await rate(office, SOME)
    await office.reaches(LOCKED)
    await plans(admin, "Tambah loket KK")
    await updates_progress(admin, "[✅ selesai]", "Foto loket 3", "[Kosongkan]")


def waiting(office: Harness) -> int:
    """How many chats wait for news, in the list or in the outbox."""
    (listed,) = office.stored.row_counts("news_request")
    return listed + office.stored.outbox_count(outbox.NEWS)


def told(person: Actor) -> int:
    """How often the person was told."""
    return sum("minta dikabari setelah" in m.get("text", "") for m in person.messages)


async def test_the_thanks_offer_news_and_keep_the_receipt(citizen: Actor) -> None:
    await citizen.rates(*NINE)
    thanks = citizen.screen
    assert citizen.labels() == ["Isi untuk orang lain / kunjungan lain", "🔔 Kabari saya"]
    await citizen.taps("🔔")
    citizen.sees("apa yang kami perbaiki", QUARTER, "nomor obrolan ini", "terpisah dari jawaban")
    citizen.sees("satu pesan", "paling lambat enam bulan", "/hapus_data")
    assert citizen.labels() == ["Ya, kabari saya", "Tidak"]
    (kept,) = [m for m in citizen.messages if m["message_id"] == thanks["message_id"]]
    assert "Tanda terima" in kept["text"]


async def test_nothing_is_kept_before_the_consent(citizen: Actor, office: Harness) -> None:
    await citizen.rates(*NINE)
    await citizen.taps("🔔")
    assert waiting(office) == 0
    await citizen.taps("Tidak")
    citizen.sees("tidak disimpan")
    assert waiting(office) == 0


async def test_after_the_consent_the_chat_waits_and_can_take_it_back(
    citizen: Actor, office: Harness
) -> None:
    await asks(citizen)
    citizen.sees("kami kabari satu kali")
    assert waiting(office) == 1
    await citizen.taps("Batalkan")
    citizen.sees("tidak disimpan")
    assert waiting(office) == 0


async def test_asking_twice_waits_for_one_message(citizen: Actor, office: Harness) -> None:
    await asks(citizen)
    await citizen.rates(*NINE, code="l_kk")
    await citizen.taps("🔔")
    citizen.press("Ya, kabari")
    citizen.press("Ya, kabari")
    await office.works()
    assert waiting(office) == 1


@pytest.mark.slow
async def test_who_asked_is_told_once_what_was_done(
    citizen: Actor, admin: Actor, office: Harness
) -> None:
    await asks(citizen)
    await planned(office, admin)
    assert told(citizen) == 0
    await publishes(admin)
    admin.sees("sudah dikirimi kabar")
    citizen.sees("Kabar dari", QUARTER, "Waktu penyelesaian: Tambah loket KK (sudah selesai)")
    citizen.sees("/hasil", "tidak lagi kami simpan")
    assert waiting(office) == 0
    await office.ticks()
    await office.restarts()
    await office.ticks()
    assert told(citizen) == 1


@pytest.mark.slow
async def test_only_who_asked_is_told(
    citizen: Actor, person: Callable[..., Actor], admin: Actor, office: Harness
) -> None:
    other = person(777)
    await other.rates(*NINE)
    await asks(citizen)
    await planned(office, admin)
    await publishes(admin)
    assert (told(citizen), told(other)) == (1, 0)


async def test_the_news_is_in_the_language_in_which_it_was_asked_for(
    person: Callable[..., Actor], admin: Actor, office: Harness
) -> None:
    tourist = person(104, "en")
    await tourist.rates(*NINE)
    await tourist.taps("🔔 Keep me posted")
    tourist.sees("what we improve", "apart from your answers", "one message", "six months")
    assert tourist.labels() == ["Yes, keep me posted", "No"]
    await tourist.taps("Yes")
    tourist.sees("hear from us once")
    await planned(office, admin)
    await publishes(admin)
    tourist.sees("News from", "Tambah loket KK (done)", "/hasil", "no longer keep")


@BOTH_DATABASES
async def test_english_words_for_no_and_cancel(person: Callable[..., Actor]) -> None:
    tourist = person(104, "en")
    await tourist.rates(*NINE)
    await tourist.taps("🔔 Keep me posted", "Yes", "Cancel")
    tourist.sees("is not kept")


@pytest.mark.slow
async def test_measures_that_are_planned_or_given_up_are_told_truthfully(
    citizen: Actor, admin: Actor, office: Harness
) -> None:
    await asks(citizen)
    await planned(office, admin)
    await plans(admin, "Pelatihan petugas")
    await plans(admin, "Beli kursi")
    await opens(admin, "Tindak lanjut", QUARTER, "3.", "Catat kemajuan", "✖ dibatalkan")
    await admin.taps("Kosongkan", "Kosongkan", "Kosongkan", "✅ Simpan")
    await publishes(admin)
    citizen.sees("Tambah loket KK (sudah selesai)", "Pelatihan petugas (direncanakan)")
    citizen.sees_not("kursi")


async def test_what_the_office_typed_is_escaped(
    citizen: Actor, admin: Actor, office: Harness
) -> None:
    await asks(citizen)
    await rate(office, SOME)
    await office.reaches(LOCKED)
    await plans(admin, "Loket <b>A & B</b>")
    await publishes(admin)
    citizen.sees("Loket <b>A & B</b> (direncanakan)")


async def test_before_the_lock_and_without_a_plan_nobody_can_be_told(
    citizen: Actor, admin: Actor, office: Harness
) -> None:
    await asks(citizen)
    await rate(office, SOME)
    await office.reaches("2026-10-02 08:00")
    await opens(admin, "Tindak lanjut", QUARTER, "➕")
    await admin.fills("[U3]", "Tambah loket", "Kasi Pelayanan", "30 Nov 2026", "[✅ Simpan]")
    assert not [label for label in admin.labels() if label.startswith("📣")]
    await office.reaches(LOCKED)
    await opens(admin, "Tindak lanjut", QUARTER)
    assert [label for label in admin.labels() if label.startswith("📣")]


@pytest.mark.slow
async def test_fewer_than_five_are_not_counted_and_more_are_in_steps_of_five(
    person: Callable[..., Actor], admin: Actor, office: Harness
) -> None:
    people = [person(300 + each) for each in range(7)]
    for one in people[:4]:
        await asks(one)
    await planned(office, admin)
    await opens(admin, "Tindak lanjut", QUARTER, "📣")
    admin.sees("baru disebut mulai lima orang", "Tambah loket KK")
    admin.sees_not("4")
    await office.reaches("2026-10-07 09:00")
    for one in people[4:]:
        await _asks_late(one, office)
    await opens(admin, "Tindak lanjut", QUARTER, "📣")
    admin.sees("5+ warga menunggu")


async def _asks_late(one: Actor, office: Harness) -> None:
    """Press the buttons of a thanks that is still on the phone, for the quarter before."""
    (period,) = office.stored.rows("SELECT id FROM period WHERE label = '2026-TW3'")
    await one.says("/mulai")
    for value in (0, 1):
        data = f"n.{period[0]}..{value}.0"
        office.world.tap(one.id, one.chat, one.screen["message_id"], data)
        await office.works()


@BOTH_DATABASES
async def test_who_asks_after_the_news_is_told_at_the_next_tick(
    person: Callable[..., Actor], admin: Actor, office: Harness
) -> None:
    await planned(office, admin)
    await publishes(admin)
    late = person(401)
    await _asks_late(late, office)
    await office.ticks()
    assert (told(late), waiting(office)) == (1, 0)


async def test_the_news_of_a_period_of_long_ago_cannot_be_asked_for(
    person: Callable[..., Actor], office: Harness
) -> None:
    await office.reaches("2027-05-03 09:00")
    late = person(401)
    await _asks_late(late, office)
    assert (
        late.toast
        == "Kabar untuk periode itu tidak dapat diminta lagi. Lihat hasilnya dengan /hasil."
    )
    assert waiting(office) == 0


async def test_what_is_not_told_within_six_months_is_forgotten(
    citizen: Actor, office: Harness
) -> None:
    await asks(citizen)
    await office.reaches("2027-03-29 09:00")
    assert waiting(office) == 1
    await office.reaches("2027-03-31 09:00")
    assert waiting(office) == 0


async def test_out_of_office_hours_the_news_waits_for_the_morning(
    citizen: Actor, admin: Actor, office: Harness
) -> None:
    await asks(citizen)
    await planned(office, admin)
    await office.reaches("2026-10-07 21:00")
    await publishes(admin)
    assert (told(citizen), waiting(office)) == (0, 1)
    await office.reaches("2026-10-08 08:00")
    assert (told(citizen), waiting(office)) == (1, 0)


@pytest.mark.parametrize("when", ["on the list", "in the outbox"])
async def test_an_erasure_forgets_who_waits(
    when: str, citizen: Actor, admin: Actor, office: Harness
) -> None:
    await asks(citizen)
    if when == "in the outbox":
        await planned(office, admin)
        await office.reaches("2026-10-07 21:00")
        await publishes(admin)
    await citizen.says("/hapus_data")
    citizen.sees("permintaan kabar")
    await citizen.taps("Ya, hapus")
    citizen.sees("permintaan kabar Anda sudah dihapus")
    assert waiting(office) == 0


@pytest.mark.parametrize("when", ["before", "at the send"])
async def test_who_blocked_the_bot_is_forgotten(
    when: str, citizen: Actor, admin: Actor, office: Harness
) -> None:
    await asks(citizen)
    if when == "before":
        office.world.block(citizen.id)
        await office.works()
        assert waiting(office) == 0
        return
    await planned(office, admin)
    await office.reaches("2026-10-07 21:00")
    await publishes(admin)
    office.world.block(citizen.id)
    await office.reaches("2026-10-08 08:00")
    assert waiting(office) == 0


@BOTH_DATABASES
async def test_privasi_says_that_the_chat_is_kept(citizen: Actor) -> None:
    await citizen.says("/privasi")
    citizen.sees("Bila Anda menekan Kabari saya")
    citizen.sees_not("sekarang tersimpan")
    await asks(citizen)
    await citizen.says("/privasi")
    citizen.sees("sekarang tersimpan", QUARTER)


async def test_privasi_says_it_in_english(person: Callable[..., Actor]) -> None:
    tourist = person(104, "en")
    await asks(tourist)
    await tourist.says("/privasi")
    tourist.sees("If you press Keep me posted", "is kept now for one message", "Quarter III 2026")


async def test_an_assisted_response_offers_no_news(
    person: Callable[..., Actor], office: Harness
) -> None:
    petugas = await appointed(office, person(5001), "Budi, Loket 1")
    await assists(petugas)
    assert petugas.labels() == ["Isi berikutnya"]


async def test_a_repeated_update_asks_for_nothing(citizen: Actor, office: Harness) -> None:
    await asks(citizen)
    await citizen.taps("Batalkan")
    await office.restarts()  # the offset is lost: the updates come again
    await office.works()
    assert waiting(office) == 0


async def test_an_uncertain_send_is_not_repeated_and_the_chat_is_forgotten(
    citizen: Actor, admin: Actor, office: Harness
) -> None:
    await asks(citizen)
    await planned(office, admin)
    await office.reaches("2026-10-07 21:00")
    await publishes(admin)
    await office.app.turns.do(_mark_sending)  # the process ends during the call
    await office.restarts()
    await office.reaches("2026-10-08 08:00")
    assert (told(citizen), waiting(office)) == (0, 0)


def _mark_sending(db: Db) -> None:
    db.exec_driver_sql(
        "UPDATE outbox SET status = 'sending', attempts = 1, claimed_by = 'dead',"
        " lease_until = '2020-01-01' WHERE kind = 'kabar_warga'"
    )


async def test_only_an_admin_tells_citizens(
    citizen: Actor, admin: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    await asks(citizen)
    await planned(office, admin)
    (period,) = office.stored.rows("SELECT id FROM period WHERE label = '2026-TW3'")
    stranger = person(777)
    await stranger.says("/mulai")
    for route in ("tindak-kabari", "tindak-kabari-ya"):
        data = f"y.{period[0]}.{route}.0.0"
        office.world.tap(stranger.id, stranger.chat, stranger.screen["message_id"], data)
        await office.works()
    assert (told(citizen), waiting(office)) == (0, 1)


@pytest.mark.slow
async def test_two_presses_tell_once(citizen: Actor, admin: Actor, office: Harness) -> None:
    await asks(citizen)
    await planned(office, admin)
    await opens(admin, "Tindak lanjut", QUARTER, "📣 Kabari warga")
    admin.press("Ya, kirim")
    admin.press("Ya, kirim")
    await office.works()
    assert told(citizen) == 1
    assert office.stored.audit_count("kabari_warga") == 1


@pytest.mark.slow
async def test_no_backup_holds_who_waits(
    person: Callable[..., Actor], admin: Actor, office: Harness, tmp_path: Path
) -> None:
    await asks(person(BUDI))
    _holds_nothing(office, tmp_path / "satu.db")
    await planned(office, admin)
    await office.reaches("2026-10-07 21:00")
    await publishes(admin)
    assert waiting(office) == 1
    _holds_nothing(office, tmp_path / "dua.db")


def _holds_nothing(office: Harness, copy: Path) -> None:
    backup.take(office.app.office.database, copy)
    assert [one for one in number(BUDI) if one in copy.read_bytes()] == []
    backup.check(copy)


@pytest.mark.slow
async def test_after_the_news_and_its_night_no_file_holds_who_asked(
    person: Callable[..., Actor], admin: Actor, office: Harness
) -> None:
    await asks(person(BUDI))
    await office.waits(minutes=61)
    await office.ticks()
    assert holders(office, *number(BUDI)) != []  # he waits
    await planned(office, admin)
    await publishes(admin)
    assert waiting(office) == 0
    await office.reaches("2026-10-08 01:30")
    with office.app.office.database.outside_transaction() as db:
        db.exec_driver_sql("ANALYZE")
    assert holders(office, *number(BUDI)) == []


@pytest.mark.slow
async def test_within_the_hour_no_transaction_and_no_order_joins_who_waits_and_a_response(
    person: Callable[..., Actor], office: Harness
) -> None:
    for chat in (930, 910, 920):
        await asks(person(chat))
    await office.waits(minutes=61)
    await office.ticks()
    assert t.news_request.c.keys() == ["period_id", "chat_id", "language"]
    if office.app.office.database.is_sqlite:
        return
    rows = office.stored.rows("SELECT xmin::text, chat_id FROM news_request ORDER BY ctid")
    assert len({xmin for xmin, _ in rows}) == 1
    assert [chat for _, chat in rows] == [910, 920, 930]
