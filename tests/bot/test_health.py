"""`/healthz`, `/readyz`, `/metrics`: what an operator's monitor is told, and what it is not."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.monitoring import endpoints, health
from bot.monitoring.durations import Durations
from bot.monitoring.health import Health
from office.config import ConfigError
from office.config import Health as Place
from simulator.faults import Fault
from storage import outbox
from storage.database import DatabaseTrouble
from tests.harness import BOTH_DATABASES, TOKEN, Actor, Harness, locked_database
from tests.kills import free_port

NINE = (3, 3, 3, 4, 3, 3, 4, 4, 3)


@dataclass
class Monitor:
    """Whoever asks over HTTP."""

    url: str
    health: Health

    async def asks(self, path: str) -> tuple[int, str]:
        """The status and the text."""
        async with aiohttp.ClientSession() as session, session.get(self.url + path) as answer:
            return answer.status, await answer.text()

    async def is_well(self) -> bool:
        """What /healthz says."""
        status, text = await self.asks("/healthz")
        assert (status == 200) == (text == "sehat\n"), text
        return status == 200

    async def reads(self) -> dict[str, float]:
        """Every sample of /metrics, by its name and labels."""
        _, text = await self.asks("/metrics")
        return {
            sample.name + "".join(f",{value}" for value in sample.labels.values()): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }


@pytest.fixture
async def monitor(office: Harness) -> AsyncIterator[Monitor]:
    """A monitor of the running office."""
    place = Place(port=free_port())
    state = Health(app=office.app)
    runner = await endpoints.listen(place, state)
    yield Monitor(f"http://{place.listen}:{place.port}", state)
    await runner.cleanup()


async def test_an_office_that_works_is_well_and_ready(monitor: Monitor, office: Harness) -> None:
    assert await monitor.asks("/readyz") == (503, "program sedang mulai\n")
    await office.app.tick()
    assert await monitor.asks("/readyz") == (200, "siap\n")
    assert await monitor.is_well()


async def test_a_program_that_starts_is_not_ready_and_a_slow_start_is_told(
    monitor: Monitor,
) -> None:
    monitor.health.app = None
    assert (await monitor.asks("/readyz"))[0] == 503
    assert await monitor.is_well()
    monitor.health.began -= 200
    assert not await monitor.is_well()


@pytest.mark.slow
@BOTH_DATABASES
async def test_a_locked_database_is_told_until_the_next_tick_succeeds(
    monitor: Monitor, citizen: Actor, office: Harness
) -> None:
    await citizen.begins()
    citizen.press("Sesuai")
    with locked_database(office), pytest.raises(DatabaseTrouble):
        await office.app.polling.once(0)
    assert (await monitor.asks("/healthz"))[1].startswith("basis data: ")
    await office.app.tick()
    assert await monitor.is_well()


async def test_a_tick_that_fails_is_told_until_one_ends_well(
    monitor: Monitor, office: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("bot.clock.end_idle_responses", lambda *_: 1 / 0)
        await office.app.tick()
    assert "jam: pekerjaan berkala gagal" in (await monitor.asks("/healthz"))[1]
    await office.app.tick()
    assert await monitor.is_well()


async def test_a_clock_that_stands_still_is_told(monitor: Monitor, office: Harness) -> None:
    await office.app.tick()
    assert monitor.health.troubles(time.monotonic() + health.LATE_TICK + 1)


async def test_an_intake_without_an_answer_is_told_and_one_that_waits_for_another_is_not(
    monitor: Monitor, office: Harness
) -> None:
    await office.app.tick()
    office.app.polling.answered -= health.STALLED + 1
    assert "pesan masuk" in (await monitor.asks("/healthz"))[1]
    await office.works()
    assert await monitor.is_well()


async def test_health_reports_a_row_that_is_not_sent(monitor: Monitor, office: Harness) -> None:
    now = office.now
    with office.app.office.database.write() as db:
        outbox.put(db, "kabar", 101, {"text": "Selamat pagi"}, now)
    await office.app.tick()
    assert await monitor.is_well()
    assert office.app.ticks.overdue_since is not None
    office.app.ticks.overdue_since -= health.STUCK + 1
    await office.app.tick()
    assert "kotak keluar" in (await monitor.asks("/healthz"))[1]
    await office.works()
    await office.app.tick()
    assert await monitor.is_well()


async def test_one_survey_is_counted_and_nobody_is_named(
    monitor: Monitor, citizen: Actor, office: Harness, person: Callable[..., Actor]
) -> None:
    await citizen.rates(*NINE)
    office.world.faults.add(Fault("sendMessage", 403, chat=102))
    await person(102, name="Sumiati").says("/mulai")
    await office.app.tick()
    found = await monitor.reads()
    assert found["puas_updates_total"] == found["puas_turn_seconds_count"] == 17
    assert found["puas_screens_total,shown"] == 16
    assert found["puas_screens_total,gone"] == 1
    assert found["puas_tick_seconds_count"] == found["puas_up"] == found["puas_ready"] == 1
    _, text = await monitor.asks("/metrics")
    said = set(re.split(r"[^\w.]+", text))  # "102" may be part of a figure
    assert not said & {"101", "102", "Sumiati", TOKEN.split(":")[0]}


@pytest.mark.slow
async def test_troubles_and_updates_set_aside_are_counted(
    monitor: Monitor, citizen: Actor, office: Harness
) -> None:
    with locked_database(office), pytest.raises(DatabaseTrouble):
        await office.app.turns.do(lambda _: None)
    found = await monitor.reads()
    assert (found["puas_database_troubles_total,locked"], found["puas_database_up"]) == (1, 0)
    office.app.writer.handler = lambda *_: [1 / 0]
    await citizen.says("/mulai")
    found = await monitor.reads()
    assert (found["puas_updates_set_aside_total"], found["puas_database_up"]) == (1, 1)


async def test_what_waits_in_the_outbox_is_counted_by_its_status(
    monitor: Monitor, office: Harness
) -> None:
    with office.app.office.database.write() as db:
        outbox.put(db, "kabar", 101, {"text": "Selamat pagi"}, office.now)
        outbox.put(db, "kabar", 0, {"text": "x"}, office.now, skipped="belum ada grup")
    await office.app.tick()
    found = await monitor.reads()
    assert [found[f"puas_outbox,{status}"] for status in ("due", "skipped", "sent")] == [1, 1, 0]


def test_durations_are_counted_up_to_each_bound() -> None:
    noted = Durations()
    for seconds in (0.001, 0.003, 0.003, 60.0):
        noted.note(seconds)
    found = dict(noted.cumulative())
    assert [found[bound] for bound in ("0.001", "0.0025", "0.005", "10.0", "+Inf")] == [
        1, 1, 3, 3, 4,
    ]  # fmt: skip
    assert noted.total == pytest.approx(60.007)


@pytest.mark.parametrize("path", ["/", "/healthz/../metrics2", "/sim/clock"])
async def test_nothing_else_is_answered(path: str, monitor: Monitor) -> None:
    assert (await monitor.asks(path))[0] == 404


async def test_a_port_that_is_taken_stops_the_start_with_a_sentence(monitor: Monitor) -> None:
    port = int(monitor.url.rpartition(":")[2])
    with pytest.raises(ConfigError, match=r"health\.port: tidak dapat dipakai"):
        await endpoints.listen(Place(port=port), Health())


async def test_many_who_ask_at_once_do_not_disturb(monitor: Monitor, office: Harness) -> None:
    await office.app.tick()
    told = await asyncio.gather(*(monitor.asks("/healthz") for _ in range(50)))
    assert {status for status, _ in told} == {200}
