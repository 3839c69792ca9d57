"""The unit heads' index: fixed at the lock, sent to the group, and disclosing no single head."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scoring import unit_instrument_file
from storage.periods import Differs
from storage.unit_index import unit_results
from tests.bot import respondents
from tests.harness import BOTH_DATABASES, CAMAT_GROUP, Actor, Harness, leads, local

LOCK = "2027-01-07 08:00"  # five working days after 31 December 2026
UNITS = (
    "Subbag Umum",
    "Subbag Perencanaan",
    "Seksi Pemerintahan",
    "Seksi Ketenteraman",
    "Seksi Pemberdayaan",
    "Seksi Kesejahteraan",
    "Seksi Pelayanan",
)


@pytest.fixture
async def heads(admin: Actor, person: Callable[..., Actor]) -> list[Actor]:
    """Six heads of the seven units."""
    heads = [person(501 + number) for number in range(6)]
    for head, unit in zip(heads, UNITS, strict=False):
        await respondents.appoint(head, unit)
    return heads


async def reaches(office: Harness, moment: str) -> None:
    """Set the clock, tick, and let all messages be sent."""
    await office.reaches(moment)
    await all_messages_go_out(office)


async def all_messages_go_out(office: Harness) -> None:
    """Let time pass so that messages that wait for the rate limit are sent."""
    for _ in range(2):
        office.app.sender.rate_limiter.chats.clear()
        await office.waits(seconds=2)
        await office.works()


async def rate(heads: list[Actor], *values: int) -> None:
    """Each head answers one nilai throughout, and sends."""
    await respondents.rate_as_heads(heads, values)


async def answers_all(head: Actor, nilai: int) -> None:
    """Answer all indikator, without sending."""
    await head.fills("/nilai", "[Setuju]")
    await head.answers(*[nilai] * 21)


def summaries(group: Actor) -> list[str]:
    """The texts of the unit heads' index in the group."""
    texts = [message.get("caption") or message.get("text", "") for message in group.messages]
    return [text for text in texts if "Indeks kepuasan unit kerja" in text]


@BOTH_DATABASES
@pytest.mark.slow
async def test_the_group_gets_the_index_at_the_lock(
    admin: Actor, person: Callable[..., Actor], group: Actor, office: Harness
) -> None:
    for number, (unit, nilai) in enumerate(zip(UNITS, (3, 3, 4, 2, 3, 3), strict=False)):
        head = person(501 + number)
        await leads(admin, head, unit)
        await answers_all(head, nilai)
        await head.taps("✅")
    await office.reaches("2027-01-07 07:59")
    assert summaries(group) == []
    await reaches(office, LOCK)
    # (3+3+4+2+3+3) / 6 = 3; every aspek 3; 3 × 100 / 4 = 75
    (summary,) = summaries(group)
    assert summary.splitlines() == [
        "📊 Indeks kepuasan unit kerja Kecamatan Pakong – Semester II 2026",
        "1 Jul–31 Des 2026 · terjadwal · angka terkunci",
        "75,00 (rentang teoretis 25,00–100,00) · seri baru, belum ada pembanding",
        "6 dari 7 unit kerja mengisi",
        f"Aspek (nilai 1–4): {' · '.join(f'{name} 3,00' for name in aspek())}",
        "Rumus: arti angka 7 belum dipastikan",
        "Formulir: contoh, ganti dengan formulir kantor",
    ]
    assert sum("photo" in message and "caption" in message for message in group.messages) == 1


def aspek() -> list[str]:
    """The three aspek of the shipped form."""
    return [each.name["id"] for each in unit_instrument_file.named("unit-pakong-contoh").aspek]


@pytest.mark.slow
async def test_aspek_are_shown_from_five_heads_on(
    heads: list[Actor], group: Actor, office: Harness
) -> None:
    await rate(heads[:4], 3, 3, 3, 3)
    await reaches(office, LOCK)
    (summary,) = summaries(group)
    assert "4 dari 7 unit kerja mengisi" in summary
    assert "Aspek" not in summary


@pytest.mark.slow
async def test_fewer_than_three_heads_give_no_figure(
    heads: list[Actor], group: Actor, office: Harness
) -> None:
    await rate(heads[:2], 1, 4)
    await reaches(office, LOCK)
    (summary,) = summaries(group)
    assert "2 dari 7 unit kerja mengisi" in summary
    assert "Indeks baru disebut bila paling sedikit 3 kepala unit mengisi." in summary
    assert "62,50" not in summary


@pytest.mark.slow
async def test_an_indikator_without_answers_is_named(
    heads: list[Actor], group: Actor, office: Harness
) -> None:
    for head in heads[:3]:
        await head.fills("/nilai", "[Setuju]")
        await head.answers(0, *[3] * 20)
        await head.taps("✅")
    await reaches(office, LOCK)
    (summary,) = summaries(group)
    assert "Belum dapat dihitung: tidak ada yang menjawab 1.1 Kejelasan target." in summary


@pytest.mark.slow
async def test_the_next_period_is_compared_with_this_one(
    heads: list[Actor], group: Actor, office: Harness
) -> None:
    await rate(heads, 3, 3, 3, 3, 3, 3)
    await reaches(office, LOCK)
    await rate(heads, 3, 3, 3, 3, 3, 4)
    await reaches(office, "2027-07-07 08:00")
    # 19 / 6 × 25 = 79,1666…; 79,17 − 75,00
    assert (
        "79,17 (rentang teoretis 25,00–100,00) · ▲ 4,17 dari Sem. II 2026 (75,00)"
        in (summaries(group)[-1])
    )


@pytest.mark.slow
async def test_a_withheld_figure_is_not_disclosed_by_the_next_comparison(
    heads: list[Actor], group: Actor, office: Harness
) -> None:
    await rate(heads[:2], 1, 4)
    await reaches(office, LOCK)
    await rate(heads[:3], 3, 3, 3)
    await reaches(office, "2027-07-07 08:00")
    assert "· belum ada pembanding" in summaries(group)[-1]
    assert "62,50" not in summaries(group)[-1]


@pytest.mark.slow
async def test_another_weighting_begins_a_new_series(
    admin: Actor, heads: list[Actor], group: Actor, office: Harness, tmp_path: Path
) -> None:
    await rate(heads, 3, 3, 3, 3, 3, 3)
    await reaches(office, LOCK)
    shipped = unit_instrument_file.path_of("unit-pakong-contoh").read_text("utf-8")
    changed = shipped.replace('bobot = "1/3"', 'bobot = "1/2"', 1)
    changed = changed.replace('bobot = "1/3"', 'bobot = "1/6"', 1)
    (tmp_path / "unit-pakong-contoh.toml").write_text(changed, "utf-8")
    office.settings["survey"] = {"instruments_dir": str(tmp_path)}
    await office.restarts()
    await office.works()
    admin.sees("Formulir kepala unit berubah", "memulai seri baru", "Semester I 2027")
    await office.reaches("2027-07-01 00:00")  # from the period on that begins after it
    await rate(heads, 4, 4, 4, 4, 4, 4)
    await reaches(office, "2028-01-07 08:00")
    summary = next(text for text in summaries(group) if "Semester II 2027" in text)
    assert "100,00 (rentang teoretis 25,00–100,00) · seri baru" in summary


@pytest.mark.slow
async def test_a_corrected_form_is_asked_from_the_next_rating_on_and_keeps_the_series(
    heads: list[Actor], group: Actor, office: Harness, tmp_path: Path
) -> None:
    await rate(heads, 3, 3, 3)
    await reaches(office, LOCK)
    await heads[0].says("/nilai")
    await heads[0].taps("Setuju")
    heads[0].sees("Target kinerja kecamatan jelas bagi unit kerja saya.")
    shipped = unit_instrument_file.path_of("unit-pakong-contoh").read_text("utf-8")
    corrected = shipped.replace("kecamatan jelas bagi", "kecamatan ini jelas bagi")
    (tmp_path / "unit-pakong-contoh.toml").write_text(corrected, "utf-8")
    office.settings["survey"] = {"instruments_dir": str(tmp_path)}
    await office.restarts()
    await heads[0].says("/nilai")
    heads[0].sees("Target kinerja kecamatan jelas bagi unit kerja saya.")
    await heads[0].answers(*[4] * 21)
    await heads[0].taps("✅")
    await heads[1].says("/nilai")
    await heads[1].taps("Setuju")
    heads[1].sees("Target kinerja kecamatan ini jelas bagi unit kerja saya.")
    await heads[1].answers(*[4] * 21)
    await heads[1].taps("✅")
    await rate(heads[2:3], 4)
    await reaches(office, "2027-07-07 08:00")
    assert "100,00" in summaries(group)[-1]
    assert "▲ 25,00 dari Sem. II 2026 (75,00)" in summaries(group)[-1]


@pytest.mark.slow
async def test_the_meaning_of_the_divisor_is_open_until_an_admin_confirms_it(
    heads: list[Actor], admin: Actor, office: Harness
) -> None:
    await rate(heads, 3, 3, 3)
    await reaches(office, LOCK)
    await admin.says("/iku 2026")
    admin.sees("gabungan Semester II 2026; arti angka 7 belum dipastikan")
    await admin.fills("/kelola", "[Penilaian unit kerja]")
    admin.sees("unit-pakong-contoh (contoh", "25,00–100,00", "Menurut kantor, 7 itu: belum dip")
    await admin.taps("nilai tertinggi pada skala")
    admin.sees("Formulirnya belum mengikuti", "seri baru")
    await admin.says("/iku 2026")
    admin.sees("menurut kantor angka 7 adalah nilai tertinggi pada skala jawaban, tetapi formulir")
    await admin.fills("/kelola", "[Penilaian unit kerja]", "[banyaknya indikator]")
    assert "✓ banyaknya indikator setiap aspek" in admin.labels()
    assert office.stored.audit_count("ubah_arti_pembagi") == 2
    await admin.says("/iku 2026")
    admin.sees_not("arti angka 7", "menurut kantor angka 7")
    await admin.says("/nilai")
    assert any("75,00 (rentang" in message["text"] for message in admin.messages)
    assert not any("Rumus:" in message["text"] for message in admin.messages)


@pytest.mark.slow
async def test_two_ticks_at_once_send_the_index_once(
    heads: list[Actor], group: Actor, office: Harness
) -> None:
    await rate(heads, 3, 3, 3)
    office.world.clock.set(local(LOCK))
    now = office.world.clock.now()
    await asyncio.gather(*(office.app.ticks.tick(now) for _ in range(4)))
    for _ in range(4):
        office.app.sender.rate_limiter.chats.clear()
        await asyncio.gather(*(office.app.sender.send_due() for _ in range(3)))
    await office.restarts()
    await reaches(office, "2027-01-11 08:00")
    assert len(summaries(group)) == 1


@pytest.mark.slow
async def test_without_a_group_the_index_waits_for_one(
    heads: list[Actor], admin: Actor, office: Harness
) -> None:
    await rate(heads, 3, 3, 3)
    await reaches(office, LOCK)
    office.world.add_group(CAMAT_GROUP, "Camat Pakong", [admin.id])
    group = Actor(office, admin.id, chat=CAMAT_GROUP)
    await group.says(f"/pasang_grup@{office.app.office.username}")
    await all_messages_go_out(office)
    (summary,) = summaries(group)
    assert "terlambat dikirim" in summary


async def test_an_office_without_heads_gets_no_index(
    citizen: Actor, group: Actor, office: Harness
) -> None:
    await citizen.rates(*[3] * 9)
    await reaches(office, LOCK)
    assert summaries(group) == []
    assert ("unit", "2026-S2", "locked") in office.stored.all_periods()


@pytest.mark.slow
async def test_at_the_close_a_complete_rating_counts_and_the_others_are_deleted(
    heads: list[Actor], group: Actor, office: Harness
) -> None:
    await rate(heads[:3], 3, 3, 3)
    await answers_all(heads[3], 4)  # at the review, not sent
    await heads[4].says("/nilai")
    await heads[4].taps("Setuju")
    await heads[4].answers(*[1] * 20)
    question = heads[4].screen
    await office.reaches("2027-01-01 00:00")
    assert len(office.stored.rating_ids()) == 4
    assert office.stored.open_ratings() == []
    await heads[4].taps("Sesuai", on=question)
    assert heads[4].toast == "Isian itu sudah selesai atau tidak berlaku lagi."
    await reaches(office, LOCK)
    (summary,) = summaries(group)
    assert "81,25" in summary  # (3 + 3 + 3 + 4) / 4 × 25
    assert "4 dari 7 unit kerja mengisi" in summary


@pytest.mark.slow
async def test_officials_see_the_index_after_the_lock(
    heads: list[Actor], admin: Actor, office: Harness
) -> None:
    await rate(heads, 3, 3, 3)
    await office.reaches("2027-01-06 08:00")
    await admin.says("/nilai")
    texts = [message["text"] for message in admin.messages]
    assert "Belum ada hasil penilaian unit kerja yang dikunci." in texts
    await reaches(office, LOCK)
    await admin.says("/nilai")
    assert any("75,00 (rentang" in message["text"] for message in admin.messages)


@pytest.mark.slow
async def test_a_tampered_result_is_detected(heads: list[Actor], office: Harness) -> None:
    await rate(heads, 3, 3, 3)
    await reaches(office, LOCK)
    known = office.app.office.unit_instruments

    def latest(db: Any) -> Any:
        return unit_results.latest(db, known)

    locked, result = await office.app.turns.do(latest)
    assert (locked.label, result.score.n, result.units) == ("2026-S2", 3, 7)
    with office.app.office.database.write() as db:
        db.exec_driver_sql("UPDATE unit_result SET nilai = '99.00'")
    with pytest.raises(Differs, match="nilai"):
        await office.app.turns.do(latest)


@pytest.mark.slow
async def test_the_stored_inputs_are_counts_that_name_no_head(
    heads: list[Actor], office: Harness
) -> None:
    await rate(heads, 3, 3, 4)
    await reaches(office, LOCK)
    ((formula, n, figure),) = office.stored.unit_results()
    assert (formula, n, figure) == ("unit-1 jumlah_indikator 7", 3, "83.33")
    known = office.app.office.unit_instruments
    latest = await office.app.turns.do(lambda db: unit_results.latest(db, known))
    assert latest is not None
    result = latest[1]
    assert result.inputs["tally"]["TARGET_JELAS"] == {"3": 2, "4": 1}
    assert set(result.inputs) == {"instrument", "formula", "tally", "unit_kerja"}


@pytest.mark.slow
async def test_the_iku_of_a_year_is_the_published_index_of_its_heads(
    heads: list[Actor], admin: Actor, office: Harness
) -> None:
    await rate(heads, 3, 3, 3, 3, 3, 4)
    await reaches(office, LOCK)
    await admin.says("/iku 2026")
    admin.sees("79,17")
    await rate(heads[:2], 1, 1)
    await reaches(office, "2027-07-07 08:00")
    await admin.says("/iku 2027")
    admin.sees_not("25,00")
