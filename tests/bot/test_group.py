"""The Camat's group and the admin: linking, previews, refusals, trouble on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.outbox.kinds import Lane
from office import bootstrap
from simulator.faults import Fault
from storage import outbox
from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.harness import BOTH_DATABASES, CAMAT_GROUP, Actor, Harness, local

NINE = (3, 3, 3, 4, 3, 3, 4, 4, 3)


@pytest.fixture
async def rated(office: Harness) -> None:
    """Six citizens rated KTP-el."""
    await respondents.rate(office, [Respondent(NINE)] * 6)


def told(group: Actor) -> list[str]:
    """Everything the bot wrote into the group."""
    return [m.get("caption") or m.get("text", "") for m in group.messages if m["from"]["is_bot"]]


@pytest.mark.parametrize("office", [{"telegram": {"admins": []}}], indirect=True)
async def test_the_first_admin_claims_the_office_with_the_code_of_the_console(
    citizen: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    clock = office.app.office.clock
    code = await office.app.turns.do(lambda db: bootstrap.first_code(db, clock()))
    await citizen.says("/klaim SALAH-KODE")
    citizen.sees("Kode itu tidak cocok", "masih berlaku")
    await citizen.says(f"/klaim {code}")
    citizen.sees("Anda sekarang admin")
    await citizen.says("/klaim")
    citizen.sees("Anda sudah admin")
    late = person(102)
    await late.says(f"/klaim {code}")
    late.sees("sudah punya admin", "tidak berlaku")
    assert await office.app.turns.do(lambda db: bootstrap.first_code(db, clock())) is None


@pytest.mark.parametrize("office", [{"telegram": {"admins": []}}], indirect=True)
async def test_a_stranger_who_guesses_at_the_claim_code_spoils_it_for_nobody(
    citizen: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    await citizen.says("/klaim SALAH-KODE")
    citizen.sees("Tidak ada kode yang berlaku", "Jalankan ulang program")
    code = await office.app.turns.do(lambda db: bootstrap.first_code(db, office.now))
    for _ in range(21):
        await citizen.says("/klaim SALAH-KODE")
    citizen.sees("Anda terlalu sering mengirim kode yang salah", "setelah pukul 10.00")
    operator = person(102)
    await operator.says(f"/klaim {code}")
    operator.sees("Anda sekarang admin")


async def test_only_an_admin_may_link_a_group(citizen: Actor, office: Harness) -> None:
    office.world.add_group(CAMAT_GROUP, "Camat Pakong", [citizen.id])
    here = Actor(office, citizen.id, chat=CAMAT_GROUP)
    await here.says(f"/pasang_grup@{office.app.office.username}")
    here.sees("tidak tersedia untuk Anda")
    assert office.stored.group_count() == 0


async def test_an_anonymous_admin_is_asked_to_show_himself(admin: Actor, office: Harness) -> None:
    office.world.add_group(CAMAT_GROUP, "Camat Pakong", [admin.id])
    office.world.promote(CAMAT_GROUP, admin.id)
    name = office.app.office.username
    office.world.say(admin.id, CAMAT_GROUP, f"/pasang_grup@{name}", anonymous=True)
    await office.works()
    here = Actor(office, admin.id, chat=CAMAT_GROUP)
    here.sees("tidak menyebut siapa pengirimnya")
    assert office.stored.group_count() == 0
    await here.taps("Pasang di sini")
    here.sees("Grup ini sekarang menerima ringkasan")


async def test_citizens_commands_in_a_group_lead_to_the_private_chat(
    group: Actor, office: Harness
) -> None:
    await group.says(f"/mulai@{office.app.office.username}")
    group.sees("obrolan pribadi")


async def test_a_summary_without_a_group_is_sent_on_linking(
    rated: None, admin: Actor, office: Harness
) -> None:
    await office.reaches("2026-10-07 08:00")
    assert office.stored.outbox_reasons() == [("skipped", "belum ada grup")]
    office.world.add_group(CAMAT_GROUP, "Camat Pakong", [admin.id])
    here = Actor(office, admin.id, chat=CAMAT_GROUP)
    await here.says(f"/pasang_grup@{office.app.office.username}")
    office.app.sender.rate_limiter.chats.clear()
    await office.works()
    assert sum("📊" in text for text in told(here)) == 1
    here.sees("terlambat dikirim")


async def test_a_preview_goes_to_the_asker_alone(
    rated: None, group: Actor, admin: Actor, office: Harness
) -> None:
    await office.reaches("2026-07-07 09:00")
    await admin.says("/ringkasan")
    admin.sees("Pratinjau", "6 responden sejauh ini", "angka disebut sesudah dikunci, 7 Okt 2026")
    assert "photo" not in admin.screen
    assert not any("📊" in text for text in told(group))


async def test_a_preview_of_an_unknown_period_names_the_form(admin: Actor) -> None:
    await admin.says("/ringkasan 2031-TW9")
    admin.sees("Contoh: /ringkasan 2026-TW3")


@pytest.mark.parametrize("command", ["/ringkasan", "/pasang_grup"])
async def test_the_unauthorised_get_one_neutral_sentence(command: str, citizen: Actor) -> None:
    await citizen.says(command)
    assert citizen.text == "Maaf, perintah itu tidak tersedia untuk Anda."


async def test_the_admins_commands_stand_in_his_menu_alone(
    admin: Actor, citizen: Actor, office: Harness
) -> None:
    await admin.says("/bantuan")
    admin.sees("/ringkasan")
    await citizen.says("/bantuan")
    citizen.sees_not("/ringkasan")


@pytest.mark.slow
async def test_a_refused_connection_is_tried_again(
    rated: None, group: Actor, office: Harness
) -> None:
    office.world.faults.add(Fault("sendPhoto", "refuse", times=1))
    await office.reaches("2026-10-07 08:00")
    assert not any("📊" in text for text in told(group))
    await office.reaches("2026-10-07 08:01")
    assert sum("📊" in text for text in told(group)) == 1


@pytest.mark.slow
async def test_an_answer_that_never_came_is_uncertain_and_an_admin_decides(
    rated: None, group: Actor, admin: Actor, office: Harness
) -> None:
    office.world.faults.add(Fault("sendPhoto", "timeout_after", times=1))
    await office.reaches("2026-10-07 08:00")
    await office.reaches("2026-10-07 09:00")
    assert sum("📊" in text for text in told(group)) == 1  # it had arrived: nothing sent by itself
    assert office.stored.outbox_status("ringkasan") == ["uncertain"]
    admin.sees("belum pasti terkirim", "Camat Pakong")
    notice = admin.screen
    await admin.taps("Kirim lagi")
    await admin.taps("Kirim lagi", on=notice)
    await office.reaches("2026-10-07 09:02")
    assert sum("📊" in text for text in told(group)) == 2


async def test_only_an_admin_may_send_again(
    rated: None, group: Actor, admin: Actor, citizen: Actor, office: Harness
) -> None:
    await citizen.says("/mulai")
    office.world.faults.add(Fault("sendPhoto", "timeout_after", times=1))
    await office.reaches("2026-10-07 08:00")
    data = admin.screen["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    office.world.tap(citizen.id, citizen.chat, citizen.screen["message_id"], data)
    await office.works()
    assert citizen.toast == "Maaf, perintah itu tidak tersedia untuk Anda."
    assert office.stored.outbox_status("ringkasan") == ["uncertain"]


async def test_a_sender_that_died_while_sending_leaves_an_uncertain_row(
    rated: None, group: Actor, admin: Actor, office: Harness
) -> None:
    await office.app.turns.do(
        lambda db: db.exec_driver_sql(
            "INSERT INTO outbox (kind, chat_id, period_id, body, status, due_at, late, attempts,"
            " claimed_by, lease_until) SELECT 'ringkasan', -1001, id, '{\"period\": 1}', 'sending',"
            " '2026-07-06', false, 1, 'dead', '2026-01-01' FROM period WHERE kind = 'ikm'"
        )
    )
    await office.works()
    admin.sees("belum pasti terkirim", "proses berhenti saat mengirim")


async def test_a_kicked_bot_tells_an_admin_how_to_mend_it(
    rated: None, group: Actor, admin: Actor, office: Harness
) -> None:
    office.world.kick(CAMAT_GROUP, office.app.office.bot_id)
    await office.works()
    admin.sees("dikeluarkan", "Masukkan lagi bot itu", "Pasang di sini")
    await office.reaches("2026-10-07 08:00")
    assert office.stored.outbox_status("ringkasan") == ["skipped"]


async def test_a_group_that_becomes_a_supergroup_is_followed(
    rated: None, group: Actor, admin: Actor, office: Harness
) -> None:
    new = office.world.migrate(CAMAT_GROUP)
    await office.works()
    await office.reaches("2026-10-07 08:00")
    there = Actor(office, admin.id, chat=new)
    assert sum("📊" in text for text in told(there)) == 1


async def test_a_picture_that_fails_lets_the_text_go_alone(
    rated: None, group: Actor, office: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reports import rendering

    monkeypatch.setattr(rendering, "FONTS", office.folder)
    await office.reaches("2026-10-07 08:00")
    group.sees("📊 IKM Kecamatan Pakong", "83,33 – mutu B (Baik)")
    assert "photo" not in group.screen


async def test_a_summary_is_sent_into_the_topic_it_was_linked_in(
    rated: None, admin: Actor, office: Harness
) -> None:
    office.world.add_group(CAMAT_GROUP, "Camat Pakong", [admin.id])
    forum = office.world.migrate(CAMAT_GROUP)
    office.world.open_topic(forum, 7)
    name = office.app.office.username
    office.world.say(admin.id, forum, f"/pasang_grup@{name}", topic=7)
    await office.works()
    await office.reaches("2026-10-07 08:00")
    here = Actor(office, admin.id, chat=forum)
    here.sees("📊")
    assert here.screen["message_thread_id"] == 7


async def test_before_the_lock_a_preview_counts_in_steps_of_five_and_has_no_index(
    rated: None, admin: Actor, office: Harness
) -> None:
    await office.reaches("2026-07-07 09:00")
    for more, n, steps in ((3, 9, 5), (1, 10, 10)):
        await respondents.rate(office, [Respondent([1] * 9)] * more)
        office.app.sender.rate_limiter.chats.clear()
        await admin.says("/ringkasan")
        admin.sees(f"{n} responden", f"isi sendiri (Telegram) {steps}+", f"KTP-el {steps}+")
        admin.sees_not("83,33", "utu", "sementara")


async def test_a_row_that_cannot_be_composed_holds_up_no_other(
    rated: None, group: Actor, admin: Actor, office: Harness
) -> None:
    office.world.clock.set(local("2026-10-07 08:00"))
    await office.app.ticks.tick(office.world.clock.now())
    with office.app.office.database.write() as db:
        db.exec_driver_sql("UPDATE result SET n = 99")
    with office.app.office.database.write() as db:
        outbox.put(db, "kabar", admin.id, {"text": "Selamat pagi"}, office.app.office.clock())
    await office.works()
    assert any(m.get("text") == "Selamat pagi" for m in admin.messages)
    assert office.stored.outbox_status("ringkasan") == ["failed"]
    await office.reaches("2026-10-07 08:01")
    assert any("gagal dikirim (Differs)" in m.get("text", "") for m in admin.messages)


class FirstPause(Exception):
    """The sender waits for the next second."""


async def test_all_that_is_due_leaves_before_the_outbox_pauses(
    person: Callable[..., Actor], office: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [person(200 + number) for number in range(7)]
    for each in people:
        await each.says("/bantuan")
    with office.app.office.database.write() as db:
        for each in people:
            outbox.put(db, "kabar", each.id, {"text": "Selamat pagi"}, office.app.office.clock())
    office.app.sender.rate_limiter.chats.clear()

    async def pause(seconds: float) -> None:
        if seconds == 1.0:
            raise FirstPause

    monkeypatch.setattr(asyncio, "sleep", pause)
    with pytest.raises(FirstPause):
        await office.app.sender._poll(Lane.MESSAGES)
    assert office.stored.outbox_status("kabar") == ["sent"] * 7


async def test_an_admin_hears_of_an_uncertain_summary_even_in_an_outage(
    rated: None, group: Actor, admin: Actor, office: Harness
) -> None:
    office.world.faults.add(Fault("sendPhoto", "timeout_after"))
    office.world.faults.add(Fault("sendMessage", 500, chat=admin.id))
    for when in ("08:00", "09:00"):
        await office.reaches(f"2026-10-07 {when}")
    admin.sees("belum pasti terkirim")


@BOTH_DATABASES
@pytest.mark.parametrize(
    "office", [{"telegram": {"admins": [9001], "group": CAMAT_GROUP}}], indirect=True
)
async def test_the_group_of_the_config_gets_the_summary(admin: Actor, office: Harness) -> None:
    office.world.add_group(CAMAT_GROUP, "Camat Pakong", [admin.id])
    await respondents.rate(office, [Respondent(NINE)] * 6)
    await office.reaches("2026-10-07 08:00")
    assert any("📊" in text for text in told(Actor(office, admin.id, chat=CAMAT_GROUP)))


@pytest.mark.slow
async def test_a_failed_summary_goes_to_the_group_linked_next(
    rated: None, group: Actor, admin: Actor, office: Harness
) -> None:
    office.world.faults.add(Fault("sendPhoto", 403))
    await office.reaches("2026-10-07 08:00")
    office.world.add_group(-1002, "Grup baru", [admin.id])
    here = Actor(office, admin.id, chat=-1002)
    await here.says(f"/pasang_grup@{office.app.office.username}")
    await office.reaches("2026-10-07 09:00")
    assert any("📊" in text for text in told(here))


@pytest.mark.slow
async def test_a_failed_summary_goes_to_the_same_group_linked_again(
    rated: None, group: Actor, admin: Actor, office: Harness
) -> None:
    office.world.faults.add(Fault("sendPhoto", 403))
    await office.reaches("2026-10-07 08:00")
    await group.says(f"/pasang_grup@{office.app.office.username}")
    await office.reaches("2026-10-07 09:00")
    assert sum("📊" in text for text in told(group)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("times", [1, 3])
async def test_a_summary_refused_for_haste_comes_later(
    times: int, rated: None, group: Actor, office: Harness
) -> None:
    office.world.faults.add(Fault("sendPhoto", 429, times=times, retry_after=2))
    for second in range(0, 12, 3):
        await office.reaches(f"2026-10-07 08:00:{second:02}")
    assert sum("📊" in text for text in told(group)) == 1


async def test_a_lost_claim_postpones_nothing(office: Harness) -> None:
    now, real = office.app.office.clock(), datetime.now(UTC)
    late = real + timedelta(minutes=3)
    with office.app.office.database.write() as db:
        outbox.put(db, "kabar", 5, {"text": "x"}, now)
        (first,) = outbox.claim(db, now, real, "A")
        (second,) = outbox.claim(db, now, late, "B")
        outbox.mark_sending(db, second, "B", late)
        outbox.postpone(db, first.id, now, "A")
    assert office.stored.outbox_status() == ["sending"]


async def test_send_again_pressed_too_late_says_so(
    rated: None, group: Actor, admin: Actor, office: Harness
) -> None:
    office.world.faults.add(Fault("sendPhoto", "timeout_after"))
    await office.reaches("2026-10-07 08:00")
    notice = admin.screen
    await admin.taps("Kirim lagi")
    await office.reaches("2026-10-07 08:02")
    await admin.taps("Kirim lagi", on=notice)
    assert admin.toast == "Ringkasan itu sudah diurus; tidak ada yang dikirim lagi."


async def test_a_word_to_a_group_that_moved_meanwhile_is_no_refusal(
    group: Actor, office: Harness
) -> None:
    office.world.say(group.id, CAMAT_GROUP, f"/hasil@{office.app.office.username}")
    office.world.migrate(CAMAT_GROUP)
    await office.works()
    fates = office.app.display.fates
    assert (fates["gone"], fates["refused"]) == (1, 0)
