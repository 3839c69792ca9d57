"""Updates that were set aside are handled again once the program is mended: `puas replay`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from telegram import Update

from bot import router
from bot.turn.effects import Effect
from cli import replay
from office.conversation import read_tap
from office.turn import Turn
from storage import updates
from storage.updates import SetAsideUpdate
from tests.harness import BOTH_DATABASES, Actor, Harness, invited
from tests.web.browser import Browser

pytestmark = BOTH_DATABASES


def broken(turn: Turn, update: Update, again: bool) -> Sequence[Effect]:
    """A program with a defect after its work is done."""
    router.on_update(turn, update, again)
    raise ZeroDivisionError


def aside(office: Harness) -> list[SetAsideUpdate]:
    """What is set aside."""
    with office.app.office.database.read() as db:
        return updates.all_set_aside(db)


async def replayed(office: Harness) -> list[str]:
    """What the operator reads when all is handled again."""
    said: list[str] = []
    for each in aside(office):
        await replay.replay_one(office.app, each, said.append)
    await office.app.display.drained()
    return said


async def fails(office: Harness, citizen: Actor, label: str) -> None:
    """The citizen taps, and the program has a defect."""
    mended = office.app.writer.handler
    office.app.writer.handler = broken
    await citizen.taps(label)
    office.app.writer.handler = mended


async def test_a_tap_set_aside_counts_once_the_program_is_mended(
    citizen: Actor, office: Harness
) -> None:
    await citizen.begins()
    await fails(office, citizen, "Sesuai")
    citizen.sees("Pertanyaan 1 dari 9")
    (told,) = await replayed(office)
    assert told.endswith("sudah diproses, layarnya dikirim.")
    citizen.sees("Pertanyaan 2 dari 9")
    assert (aside(office), office.stored.answers()) == ([], [3])
    assert office.stored.audit_users("putar_ulang") == [None]


async def test_a_text_set_aside_becomes_the_suggestion_it_was(
    citizen: Actor, office: Harness
) -> None:
    await citizen.begins()
    await citizen.answers(*[3] * 9)
    await citizen.declines()
    await citizen.taps("✍")
    mended, office.app.writer.handler = office.app.writer.handler, broken
    await citizen.says("Tambah kursi")
    office.app.writer.handler = mended
    await replayed(office)
    citizen.sees("Saran Anda:", "Tambah kursi")
    assert office.stored.draft_suggestions() == ["Tambah kursi"]


async def test_a_tap_that_was_overtaken_meanwhile_changes_nothing(
    citizen: Actor, office: Harness
) -> None:
    await citizen.begins()
    await fails(office, citizen, "Sesuai")
    await citizen.taps("Kurang sesuai")
    await replayed(office)
    assert aside(office) == []
    assert office.stored.answers() == [2]
    citizen.sees("Pertanyaan 2 dari 9")


async def test_what_fails_again_stays_aside_with_its_newest_error(
    citizen: Actor, office: Harness
) -> None:
    await citizen.begins()
    await fails(office, citizen, "Sesuai")
    mended, office.app.writer.handler = office.app.writer.handler, lambda *_: [][0]
    (told,) = await replayed(office)
    office.app.writer.handler = mended
    assert "masih gagal" in told
    assert aside(office)[0].error.startswith("IndexError")
    assert office.stored.answer_count() == 0


@pytest.mark.parametrize(
    "payload", [{"chat": None, "kind": "message", "text": "/x"}, {"chat": 5, "kind": "my_chat"}]
)
async def test_what_cannot_be_replayed_is_told_and_kept(
    payload: dict[str, Any], office: Harness
) -> None:
    with office.app.office.database.write() as db:
        updates.set_aside(db, office.app.office.bot_id, 7, payload, "ValueError: x", office.now)
    (told,) = await replayed(office)
    assert "perlu mengulang sendiri" in told
    assert len(aside(office)) == 1


@pytest.mark.parametrize("said", ["/start u_{}", "/start@puas_bot  u_{}", "/klaim {}"])
async def test_a_link_that_opens_a_door_is_not_kept_when_it_fails(
    said: str, citizen: Actor, office: Harness
) -> None:
    mended, office.app.writer.handler = office.app.writer.handler, broken
    office.world.say(citizen.id, citizen.chat, said.format("Rahasia-123"), typed=True)
    await office.works()
    office.app.writer.handler = mended
    assert aside(office)[0].payload == {"chat": citizen.id, "kind": "undangan"}
    assert "Rahasia-123" not in office.everything()
    (told,) = await replayed(office)
    assert "perlu mengulang sendiri" in told


async def test_an_invited_person_whose_press_failed_presses_once_more(
    admin: Actor, citizen: Actor, office: Harness
) -> None:
    token = await invited(admin, "camat")
    await citizen.scans(token)
    await fails(office, citizen, "Ya, benar")
    assert token.removeprefix("u_") not in office.everything()
    await citizen.taps("Ya, benar")
    assert "camat" in office.stored.roles()


async def test_of_a_text_in_a_group_nothing_is_kept(group: Actor, office: Harness) -> None:
    mended, office.app.writer.handler = office.app.writer.handler, broken
    await group.says(f"/hasil@{office.app.office.username} siapa")
    office.app.writer.handler = mended
    assert [each.payload for each in aside(office)] == [{"chat": None, "kind": "message"}]


async def test_two_operators_at_once_replay_it_once(citizen: Actor, office: Harness) -> None:
    await citizen.begins()
    await fails(office, citizen, "Sesuai")
    (kept,) = aside(office)
    for _ in range(2):
        await replay.replay_one(office.app, kept, print)
    assert office.stored.audit_count("putar_ulang") == 1


async def test_a_tap_on_the_response_of_a_browser_has_no_chat(office: Harness) -> None:
    async with Browser(office) as browser:
        await browser.begins()
        tap = read_tap(browser.tap("Sesuai"))
    assert tap is not None
    payload = {"chat": None, "response": tap.response, "kind": "callback_query"}
    forged = SetAsideUpdate(1, 1, payload, "", office.now)
    with office.app.office.database.read() as db:
        assert replay.chat_of(db, forged) is None
