"""*Rincian* and *Teks untuk WhatsApp*: what an official opens from the group's message."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from office.summary import caption, content
from scoring.numbers import comma
from storage import catalogue, periods
from storage.database import Db
from tests.bot import respondents
from tests.bot.respondents import Respondent, random_respondents
from tests.bot.test_manage import holder
from tests.harness import BOTH_DATABASES, Actor, Harness, buttons

LOCKED = "2026-10-07 08:00"


@pytest.fixture
async def pejabat(office: Harness, person: Callable[..., Actor]) -> Actor:
    """An official who may only read."""
    return await holder(office, person(9103, name="Kasi"), "pejabat", "Kasi Pelayanan")


@pytest.fixture
async def locked(office: Harness, group: Actor) -> None:
    """A locked quarter of 60 responses at two services, with 100 users."""
    await respondents.rate(office, random_respondents(60, ("ktp-el", "kk")))
    await respondents.rate(office, [Respondent([4] * 9, "sktm")] * 2)

    def note_users(db: Db) -> None:
        period = periods.by_label(db, "ikm", "2026-TW3")
        assert period is not None
        catalogue.set_users(db, period.id, 1, 100)

    await office.app.turns.do(note_users)
    await office.reaches(LOCKED)


def payload(group: Actor, label: str) -> str:
    """The start payload of a button under the newest message of the group."""
    (url,) = [each["url"] for each in buttons(group.screen) if each["text"] == label]
    return str(url).partition("?start=")[2]


async def opens_respondents(admin: Actor) -> None:
    """Open the details of the third quarter at the page of the respondents."""
    await admin.fills("/ringkasan 2026-TW3", "[Rincian]")
    while "Responden · " not in admin.text:
        await admin.taps("Berikutnya")


@BOTH_DATABASES
async def test_an_official_opens_the_details_from_the_group_and_turns_the_pages(
    locked: None, group: Actor, pejabat: Actor
) -> None:
    await pejabat.says(f"/start {payload(group, 'Rincian')}")
    pejabat.sees("Unsur · Kecamatan Pakong, Triwulan III 2026", "IKM ", "Perkiraan ", " (galat ± ")
    pejabat.sees(*(f"U{number} " for number in range(1, 10)))
    pejabat.sees("▼ ")
    await pejabat.taps("Berikutnya")
    pejabat.sees(
        "Layanan · ", "Kartu Keluarga (KK): ", "yang lain, digabung: ", "Belum dinilai siapa pun: "
    )
    pejabat.sees_not("SKTM", "KTP-el")  # of two people; KTP-el would be the rest of the rest
    await pejabat.taps("Berikutnya")
    pejabat.sees(
        "Responden · ", "62 responden dari 80 yang diperlukan", "isi sendiri (Telegram): 62"
    )
    pejabat.sees("Krejcie–Morgan 80, Slovin 5 % 80", "kurang 18", "menjawab 62 %")
    pejabat.sees("Jawaban 1 Jul–30 Sep 2026; dikunci 7 Okt 2026 08.00 WIB")
    await pejabat.taps("Berikutnya")
    pejabat.sees("IKU 2026 · ", "(IKM): realisasi ", ", target ")
    assert pejabat.labels() == ["‹ Sebelumnya", "Laporan PDF", "Rencana tindak lanjut"]


async def test_the_details_have_the_users_of_each_service(
    locked: None, group: Actor, office: Harness, pejabat: Actor
) -> None:
    def note_users(db: Db) -> None:
        period, service = periods.by_label(db, "ikm", "2026-TW3"), catalogue.by_slug(db, "sktm", "")
        assert period is not None
        assert service is not None
        catalogue.set_service_users(db, period.id, service[0].id, 8)

    await office.app.turns.do(note_users)
    await pejabat.fills(f"/start {payload(group, 'Rincian')}", "[Berikutnya]")
    pejabat.sees("Pengguna SKTM: 8; menjawab 25 %")


async def test_an_nrr_is_rounded_once_in_message_and_picture(group: Actor, office: Harness) -> None:
    """55 ÷ 19 is 2,8947: 2,89, though 2,895 would be rounded to 2,90."""
    low = [Respondent([4, 4, 3, 4, 4, 4, 4, 4, 4])] * 17 + [Respondent([4, 4, 2] + [4] * 6)] * 2
    await respondents.rate(office, low)
    await office.reaches(LOCKED)
    group.sees("Waktu penyelesaian 2,89 (C)")
    period = await office.app.office.read(lambda db: periods.by_label(db, "ikm", "2026-TW3"))
    assert period is not None
    summary = await office.app.office.read(
        lambda db: content.read(db, office.app.office, period, office.now)
    )
    assert isinstance(summary, content.PeriodSummary)
    picture = caption.ikm_picture(summary, office.app.office.words.summary)
    assert picture is not None
    assert comma(picture.bars[2].nrr or 0) == "2,89"


@pytest.mark.slow
async def test_the_report_and_the_plan_are_one_press_from_the_details(
    locked: None, group: Actor, pejabat: Actor
) -> None:
    await pejabat.fills(f"/start {payload(group, 'Rincian')}", "[Rencana tindak lanjut]")
    pejabat.sees("Triwulan III 2026")
    await pejabat.says(f"/start {payload(group, 'Rincian')}")
    pejabat.press("Laporan PDF")
    await pejabat.office.works()
    assert pejabat.office.stored.outbox_count("laporan") > 0


async def test_the_whatsapp_text_is_the_message_without_markup(
    locked: None, group: Actor, pejabat: Actor
) -> None:
    await pejabat.says(f"/start {payload(group, 'Teks untuk WhatsApp')}")
    assert pejabat.text == group.text
    assert "entities" not in pejabat.screen


@pytest.mark.parametrize("label", ["Rincian", "Teks untuk WhatsApp"])
async def test_a_citizen_in_the_group_is_told_that_details_are_for_officials(
    label: str, locked: None, group: Actor, citizen: Actor
) -> None:
    await citizen.says(f"/start {payload(group, label)}")
    citizen.sees("hanya untuk petugas dan pimpinan kantor", "/hasil")


async def test_a_citizen_cannot_press_the_officials_button(
    locked: None, citizen: Actor, office: Harness
) -> None:
    await citizen.says("/mulai")
    for route in ("rincian", "teks-wa"):
        office.world.tap(citizen.id, citizen.chat, citizen.screen["message_id"], f"y.1.{route}.0.0")
        await office.works()
        assert citizen.toast == "Maaf, perintah itu tidak tersedia untuk Anda."


@pytest.mark.parametrize(
    "start", ["r_rincian_999", "r_rincian_", "r_rincian_x", "r_teks_0", "r_teks_99999999999_-1"]
)
async def test_a_link_to_no_locked_period_says_so(start: str, pejabat: Actor) -> None:
    await pejabat.says(f"/start {start}")
    pejabat.sees("tidak ada lagi, atau belum dikunci")


async def test_before_the_lock_there_are_no_details(pejabat: Actor, office: Harness) -> None:
    await respondents.rate(office, random_respondents(40))
    await pejabat.says("/start r_rincian_1")
    pejabat.sees("belum dikunci")


async def test_under_the_preview_of_an_open_period_the_newest_summary_is_one_tap_away(
    group: Actor, pejabat: Actor, office: Harness
) -> None:
    await pejabat.says("/ringkasan")
    assert pejabat.labels() == []
    await respondents.rate_and_lock(office, random_respondents(40))
    await office.reaches("2026-10-08 08:00")
    await pejabat.says("/ringkasan")
    pejabat.sees("Triwulan IV 2026", "0 responden")
    office.app.sender.rate_limiter.chats.clear()
    await pejabat.taps("Ringkasan Triwulan III 2026")
    assert pejabat.text.splitlines()[1:] == group.text.splitlines()


@pytest.mark.slow
async def test_under_the_preview_of_a_locked_period_the_details_come_as_a_new_message(
    locked: None, group: Actor, pejabat: Actor
) -> None:
    await pejabat.says("/ringkasan 2026-TW3")
    assert pejabat.text.splitlines()[1:] == group.text.splitlines()
    preview = pejabat.screen
    await pejabat.taps("Rincian")
    pejabat.sees("Unsur · ")
    await pejabat.taps("Teks untuk WhatsApp", on=preview)
    assert pejabat.text == group.text
