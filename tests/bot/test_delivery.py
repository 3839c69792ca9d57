"""Confirm after commit: restarts, redeliveries, failures; nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from telegram import Update
from telegram.error import NetworkError

from bot import router
from bot.turn import writer
from bot.turn.effects import Effect
from office.turn import Turn
from simulator.faults import Fault
from simulator.rate_limiter import Limits
from storage.database import DatabaseTrouble
from tests.harness import BOTH_DATABASES, Actor, Harness, locked_database

pytestmark = BOTH_DATABASES

NINE = (3, 3, 3, 4, 3, 3, 4, 4, 3)


@pytest.mark.slow
@pytest.mark.parametrize("over", ["in process", pytest.param("http", marks=pytest.mark.http)])
async def test_a_restart_between_any_two_taps_is_not_noticed(
    over: str, citizen: Actor, office: Harness
) -> None:
    await citizen.scans()
    await office.restarts()
    await citizen.taps("Setuju")
    for number in range(1, 10):
        await office.restarts()
        citizen.sees(f"Pertanyaan {number} dari 9")
        await citizen.answers(3)
    for _ in range(4):
        await office.restarts()
        await citizen.declines(1)
    await office.restarts()
    await citizen.taps("✅")
    citizen.sees("Tanda terima")
    assert office.stored.answer_count(nilai=3) == 9


async def crash_after_commit(office: Harness) -> None:
    """The batch is committed, then the process dies: nothing confirmed, no screen shown."""
    app = office.app
    batch = await app.bot.get_updates(offset=app.polling.offset, timeout=0)
    app.writer.handle(batch)


@pytest.mark.slow
@pytest.mark.parametrize("step", range(16))
async def test_a_crash_after_the_commit_of_any_tap_loses_and_doubles_nothing(
    step: int, citizen: Actor, office: Harness
) -> None:
    labels = ["Setuju", *["Sesuai"] * 9, *["Tidak menjawab"] * 4, "✅"]
    office.world.say(citizen.id, citizen.chat, "/start l_ktp-el")
    for number, _ in enumerate(range(16)):
        if number == step:
            await crash_after_commit(office)
            await office.restarts()
        await office.works()
        if number < len(labels):
            wanted = labels[number]
            citizen.press(citizen.labels()[2] if wanted == "Sesuai" else wanted)
    citizen.sees("Tanda terima")
    assert office.stored.answers_and_sum() == (9, 27)
    assert office.stored.responses_by_status() == [(1, 1)]


async def test_a_redelivered_batch_changes_nothing_and_shows_the_screen_again(
    citizen: Actor, office: Harness
) -> None:
    await citizen.begins()
    citizen.press("Sesuai")
    batch = await office.app.bot.get_updates(offset=office.app.polling.offset, timeout=0)
    before = office.stored.open_revisions()
    for _ in range(3):
        office.app.display.show(office.app.writer.handle(batch))
        await office.app.display.drained()
        citizen.sees("Pertanyaan 2 dari 9")
    assert office.stored.open_revisions() == [before[0] + 1]
    assert office.stored.answer_count() == 1


async def test_a_redelivered_suggestion_is_kept_once(citizen: Actor, office: Harness) -> None:
    await citizen.reaches_review(*NINE)
    await citizen.taps("✍")
    office.world.say(citizen.id, citizen.chat, "Tambah kursi")
    batch = await office.app.bot.get_updates(offset=office.app.polling.offset, timeout=0)
    office.app.writer.handle(batch)
    await office.works()
    citizen.sees("Saran Anda:")
    assert office.stored.draft_suggestions() == ["Tambah kursi"]


@pytest.mark.slow
async def test_an_update_is_confirmed_only_after_its_commit(
    citizen: Actor, office: Harness
) -> None:
    await citizen.begins()
    citizen.press("Sesuai")
    offset = office.app.polling.offset
    with locked_database(office), pytest.raises(DatabaseTrouble):
        await asyncio.wait_for(office.app.polling.once(0), 20)
    assert office.app.polling.offset == offset
    assert not office.app.turns.healthy
    await office.works()
    citizen.sees("Pertanyaan 2 dari 9")


def raising(who: int) -> Callable[[Turn, Update, bool], Sequence[Effect]]:
    """A handler with a defect that one person meets."""

    def handle(turn: Turn, update: Update, again: bool) -> Sequence[Effect]:
        shown = router.on_update(turn, update, again)
        if update.effective_user and update.effective_user.id == who:
            raise ZeroDivisionError("a secret that somebody typed")
        return shown

    return handle


async def test_one_persons_update_that_raises_is_set_aside_and_the_others_go_on(
    office: Harness, person: Callable[..., Actor]
) -> None:
    people = [person(number, name="Siti") for number in range(101, 111)]
    office.app.writer.handler = raising(105)
    for somebody in people:
        office.world.say(somebody.id, somebody.chat, "/start l_ktp-el")
    await office.works()
    for somebody in people:
        somebody.sees("ada gangguan di pihak kami" if somebody.id == 105 else "anonim")
    assert office.app.writer.failures == 1
    aside: list[tuple[Any, ...]] = office.stored.set_aside()
    assert len(aside) == 1
    kept = aside[0][0] if isinstance(aside[0][0], dict) else json.loads(aside[0][0])
    assert kept == {"chat": 105, "kind": "message", "text": "/start l_ktp-el"}
    assert aside[0][1].startswith("ZeroDivisionError")
    assert "secret" not in aside[0][1]


async def test_what_a_raising_update_had_written_is_rolled_back(
    citizen: Actor, office: Harness
) -> None:
    await citizen.begins()
    office.app.writer.handler = raising(citizen.id)
    await citizen.taps("Sesuai")
    assert office.stored.answer_count() == 0
    await office.works()  # it is confirmed and does not come again
    assert office.app.writer.failures == 1


@pytest.mark.slow
async def test_many_people_at_once_each_get_their_own_screen(
    office: Harness, person: Callable[..., Actor]
) -> None:
    people = [person(number) for number in range(200, 260)]
    for somebody in people:
        office.world.say(somebody.id, somebody.chat, "/start l_sktm")
    await office.works()
    for somebody in people:
        somebody.press("Setuju")
    await office.works()
    for number, somebody in enumerate(people):
        somebody.press(somebody.labels()[number % 4])
    await office.works()
    for somebody in people:
        somebody.sees("Pertanyaan 2 dari 9")
    assert office.stored.answers_by_value() == [
        (1, 15), (2, 15), (3, 15), (4, 15),
    ]  # fmt: skip


async def test_a_tap_and_its_double_in_one_batch_show_one_screen(
    citizen: Actor, office: Harness
) -> None:
    await citizen.begins()
    calls = office.world.api_calls["editMessageText"]
    first = citizen.screen
    for _ in range(5):
        citizen.press("Sesuai", on=first)
    await office.works()
    assert office.world.api_calls["editMessageText"] - calls <= 2  # edits of one message coalesce
    citizen.sees("Pertanyaan 2 dari 9")


async def test_after_a_long_outage_the_question_is_shown_again(
    citizen: Actor, person: Callable[..., Actor], office: Harness
) -> None:
    idle = person(102)
    await idle.begins()
    await office.works()
    await office.waits(hours=3)
    await office.works()
    before = len(idle.messages)
    await citizen.begins()
    await office.waits(minutes=10)
    await office.restarts()
    await office.works()
    assert any("ada gangguan" in m.get("text", "") for m in citizen.messages)
    citizen.sees("Pertanyaan 1 dari 9")
    assert len(idle.messages) == before


async def test_after_a_network_outage_the_question_is_shown_again(
    citizen: Actor, office: Harness
) -> None:
    await citizen.begins()
    office.world.faults.add(Fault("getUpdates", "refuse", times=3))
    citizen.press("Sesuai")
    for _ in range(3):
        with pytest.raises(NetworkError):
            await office.app.polling.once(0)
        await office.waits(seconds=100)
        await office.app.tick()
    await office.works()
    assert any("ada gangguan" in m.get("text", "") for m in citizen.messages)
    citizen.sees("Pertanyaan 1 dari 9")


async def test_after_a_short_restart_nobody_is_disturbed(citizen: Actor, office: Harness) -> None:
    await citizen.begins()
    await office.waits(seconds=100)
    await office.restarts()
    await office.works()
    assert not any("ada gangguan" in m.get("text", "") for m in citizen.messages)


async def test_a_message_too_old_to_edit_is_shown_anew(citizen: Actor, office: Harness) -> None:
    await citizen.begins()
    office.world.forget(citizen.chat, citizen.screen["message_id"])
    citizen.press("Sesuai")
    await office.works()
    citizen.sees("Pertanyaan 2 dari 9")


async def test_a_calendar_that_raises_loses_no_update(
    citizen: Actor, office: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await citizen.begins()
    with monkeypatch.context() as broken:
        broken.setattr(writer, "turn_over", lambda *_, **__: 1 / 0)
        office.app.writer.period_ends = None
        citizen.press("Sesuai")
        with pytest.raises(ZeroDivisionError):
            await office.app.polling.once(0)
    assert office.stored.set_aside_count() == 0
    await office.works()
    citizen.sees("Pertanyaan 2 dari 9")


async def test_an_erase_redelivered_erases_nothing_new(citizen: Actor, office: Harness) -> None:
    await citizen.scans()
    consent = citizen.screen
    await citizen.says("/hapus_data")
    citizen.press("Ya, hapus")
    citizen.press("Setuju", on=consent)
    await crash_after_commit(office)
    await office.restarts()
    await office.works()
    assert office.stored.response_count() == 1


@pytest.mark.slow
@pytest.mark.parametrize("answer", [429, 500])
async def test_a_screen_telegram_refused_comes_later(
    answer: Any, citizen: Actor, office: Harness
) -> None:
    office.world.faults.add(Fault("sendMessage", answer, times=2, retry_after=1))
    await citizen.says("/mulai")
    citizen.sees("Layanan apa")


@pytest.mark.slow
async def test_with_telegrams_limits_on_everybody_gets_through(
    office: Harness, person: Callable[..., Actor]
) -> None:
    office.world.limits = Limits(per_chat=5.0, overall=40)
    people = [person(number) for number in range(301, 321)]
    for somebody in people:
        office.world.say(somebody.id, somebody.chat, "/start l_sktm")
    await office.works()
    for _ in range(4):
        for somebody in people:
            somebody.press(somebody.labels()[0])
        await office.works()
    for somebody in people:
        somebody.sees("Pertanyaan 4 dari 9")
