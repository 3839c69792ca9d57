"""Several bot processes on one PostgreSQL: any may handle an update, and only one does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from functools import partial
from itertools import cycle

import pytest
from sqlalchemy import Table, create_engine, select

from bot import app as program
from bot.app import App
from storage import outbox, tables
from storage.tables import Scope
from tests.bot import respondents
from tests.bot.respondents import Respondent, random_respondents, rate_and_lock
from tests.bot.test_laporan import FILES, documents, messages_go_out, texts
from tests.harness import Actor, Harness, invited, leads, local

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("where", ["postgres"], indirect=True),
]

PELAYANAN = "Seksi Pelayanan Umum"
NINE = (3, 3, 3, 4, 3, 3, 4, 4, 3)


@pytest.fixture
async def apps(office: Harness) -> AsyncIterator[list[App]]:
    """Three bots with connections and writers of their own, as in three processes."""
    more = [
        await program.build(office.config, office.world.clock.now, office.request) for _ in range(2)
    ]
    first = office.app
    yield [first, *more]
    office.app = first
    for app in more:
        await app.close()


def use_process(office: Harness, app: App) -> None:
    """Let this process handle updates, tick and send from now on."""
    app.polling.offset = office.app.polling.offset
    office.app = app


@pytest.fixture
def alternating(apps: list[App], office: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each message and tap be handled by another process than the one before."""
    works, following = office.works, cycle([*apps[1:], apps[0]])

    async def works_in_next_process() -> None:
        use_process(office, next(following))
        await works()

    monkeypatch.setattr(office, "works", works_in_next_process)


async def deliver(apps: list[App], *, twice: bool) -> None:
    """Deliver pending updates to one process after the other; with `twice`, each to all at once."""
    first = apps[0]
    while batch := await first.bot.get_updates(offset=first.polling.offset, timeout=0):
        work = [
            app.turns.handle([update])
            for number, update in enumerate(batch)
            for app in (apps if twice else [apps[number % len(apps)]])
        ]
        await asyncio.gather(*work)
        for app in apps:
            await app.display.drained()
        first.polling.offset = batch[-1].update_id + 1


@pytest.mark.parametrize("twice", [False, True], ids=["spread", "everything to everybody"])
async def test_people_rate_while_three_processes_share_their_updates(
    twice: bool, apps: list[App], office: Harness, person: Callable[..., Actor]
) -> None:
    people = [person(number) for number in range(101, 113)]
    for citizen in people:
        office.world.say(citizen.id, citizen.chat, "/start l_ktp-el")
    await deliver(apps, twice=twice)
    for step in range(15):
        for citizen in people:
            screen = next(m for m in reversed(citizen.messages) if m["from"]["is_bot"])
            wanted = {0: "Setuju", 14: "✅"}.get(step)
            labels = citizen.labels(screen)
            citizen.press(wanted or (labels[2] if step < 10 else labels[0]), on=screen)
        await deliver(apps, twice=twice)
    assert office.stored.completed_count() == 12
    assert office.stored.answers_by_value() == [(3, 108)]
    assert office.stored.tally_sum(scope=Scope.OFFICE) == 108
    assert sum(app.writer.failures for app in apps) == 0


async def test_three_processes_tick_and_send_and_one_summary_arrives(
    apps: list[App], group: Actor, office: Harness
) -> None:
    await respondents.rate(office, [Respondent(NINE)] * 6)
    office.world.clock.set(local("2026-10-07 08:00"))
    now = office.world.clock.now()
    await asyncio.gather(*(app.ticks.tick(now) for app in apps for _ in range(2)))
    await asyncio.gather(*(app.sender.send_due() for app in apps for _ in range(2)))
    assert sum("caption" in message for message in group.messages) == 1
    assert office.stored.ledger_status() == ["sent"]
    assert office.stored.open_period_kinds() == ["ikm", "unit"]


# --- one conversation in many processes ------------------------------------------------------


@pytest.mark.usefixtures("alternating")
async def test_each_tap_of_a_survey_may_go_to_another_process(
    citizen: Actor, office: Harness
) -> None:
    await citizen.rates(*NINE)
    citizen.sees("Tanda terima")
    assert office.stored.answers_by_value() == [
        (3, 6),
        (4, 3),
    ]


@pytest.mark.usefixtures("alternating")
async def test_a_form_begun_in_one_process_continues_in_the_others(
    admin: Actor, citizen: Actor
) -> None:
    await admin.fills("/kelola", "[Layanan]", "[➕]", "Izin Usaha Mikro")
    await admin.taps("izin-usaha-mikro", "✅ Simpan")
    admin.sees("Kode: izin-usaha-mikro")
    await citizen.scans("l_izin-usaha-mikro")
    citizen.sees("Izin Usaha Mikro")


@pytest.mark.usefixtures("alternating")
async def test_a_name_changed_in_one_process_appears_in_the_others(
    admin: Actor, citizen: Actor
) -> None:
    await citizen.scans()
    citizen.sees("KTP-el")
    await admin.fills("/kelola", "[Layanan]", "[KTP-el]", "[Ubah nama]", "KTP elektronik")
    await admin.taps("✅ Simpan")
    await citizen.scans()
    citizen.sees("KTP elektronik")


async def test_a_head_revoked_in_one_process_is_refused_by_the_others_at_once(
    apps: list[App], admin: Actor, office: Harness, person: Callable[..., Actor]
) -> None:
    head = person(501, name="Kasi")
    await leads(admin, head, PELAYANAN)
    use_process(office, apps[1])
    await head.says("/nilai")
    question = head.screen
    use_process(office, apps[0])
    await admin.taps("Cabut")
    for app in apps[1:]:
        use_process(office, app)
        await head.taps("Setuju", on=question)
        assert head.toast == "Maaf, perintah itu tidak tersedia untuk Anda."
    assert office.stored.rating_count() == 0


async def test_a_process_uses_an_instrument_that_another_registered_later(
    citizen: Actor, office: Harness
) -> None:
    """Configs are changed in one process after the other; a quarter may end in between."""
    survey = office.config.survey.model_copy(update={"instrument": "skm-2004"})
    changed = office.config.model_copy(update={"survey": survey})
    clock = office.world.clock
    newer = await program.build(changed, clock.now, office.request)
    clock.set(local("2026-10-01 08:00"))
    await newer.ticks.tick(clock.now())
    await newer.close()
    await citizen.begins()
    citizen.sees("Pertanyaan 1 dari 14")
    await citizen.answers(3)
    citizen.sees("Pertanyaan 2 dari 14")


async def handle_at_once(office: Harness, apps: list[App], table: Table) -> None:
    """Deliver one pending update to each process while a table is locked, so that they compete."""
    batch = await apps[0].bot.get_updates(offset=office.app.polling.offset, timeout=0)
    other = create_engine(office.app.office.database.url)
    with other.begin() as held:
        held.execute(select(table).with_for_update())
        work = [
            asyncio.ensure_future(app.turns.handle([update]))
            for app, update in zip(apps, batch, strict=False)
        ]
        await asyncio.sleep(0.3)
    await asyncio.gather(*work)
    other.dispose()
    office.app.polling.offset = batch[-1].update_id + 1


async def test_a_form_saved_in_two_processes_at_the_same_moment_is_saved_once(
    apps: list[App], admin: Actor, office: Harness
) -> None:
    await admin.says("/undang")
    await admin.taps("➕", "kepala unit kerja", PELAYANAN)
    last = admin.screen
    for _ in range(2):
        admin.press("✅ Simpan", on=last)
    await handle_at_once(office, apps, tables.awaited_text)
    assert office.stored.invitation_count() == 1
    assert office.stored.set_aside_count() == 0


async def test_an_invitation_accepted_in_two_processes_at_the_same_moment_is_used_once(
    apps: list[App], admin: Actor, office: Harness, person: Callable[..., Actor]
) -> None:
    code = await invited(admin, "kepala unit kerja", PELAYANAN)
    heads = [person(501), person(502)]
    for head in heads:
        await head.scans(code)
    for head in heads:
        head.press("Ya, benar")
    await handle_at_once(office, apps, tables.invitation)
    assert office.stored.role_count(role="kepala_unit") == 1


# --- a process that dies while it works -------------------------------------------------------


async def expire_leases(office: Harness) -> None:
    """Expire the leases of rows that a dead process has claimed."""
    past = "UPDATE outbox SET lease_until = lease_until - interval '3 minutes'"
    await office.app.turns.do(lambda db: db.exec_driver_sql(past) and None)


async def test_a_report_whose_process_died_is_made_by_another(
    apps: list[App], admin: Actor, office: Harness
) -> None:
    await rate_and_lock(office, random_respondents(20))
    await admin.says("/laporan 2026-TW3")
    await messages_go_out(office, 3)
    await office.waits(seconds=2)
    now = office.app.office.clock()
    claim = partial(outbox.claim, now=now, real_now=datetime.now(UTC), who="dead")
    assert await apps[2].turns.do(lambda db: len(claim(db))) == 1
    use_process(office, apps[1])
    before = documents(admin)
    await messages_go_out(office, 2)
    assert documents(admin) == before
    await expire_leases(office)
    await messages_go_out(office)
    assert documents(admin) == FILES
    assert "✅ Laporan Triwulan III 2026 selesai." in texts(admin)


async def test_a_report_whose_process_died_after_the_last_file_is_reported_as_done(
    apps: list[App], admin: Actor, office: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rate_and_lock(office, random_respondents(20))
    await admin.says("/laporan 2026-TW3")
    monkeypatch.setattr(
        office.app.turns, "show", lambda _: None
    )  # it dies before it shows the result
    while documents(admin) != FILES:
        await messages_go_out(office, 1)
    use_process(office, apps[1])
    await messages_go_out(office)
    assert documents(admin) == FILES
    assert "✅ Laporan Triwulan III 2026 selesai." in texts(admin)
