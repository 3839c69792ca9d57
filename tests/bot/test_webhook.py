"""The webhook: the secret, the size of a body, 200 after the commit, 503 on trouble."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.intake import webhook
from office.config import Telegram
from simulator.bot_api import webhook_sender
from simulator.control.operations import Spread
from simulator.faults import Fault
from storage.settings import program_state
from tests.harness import BOTH_DATABASES, Actor, Harness, locked_database
from tests.kills import free_port

pytestmark = pytest.mark.http

NINE = (3, 3, 3, 4, 3, 3, 4, 4, 3)
SECRET = "puas-webhook-secret"


@pytest.fixture
async def hook(office: Harness) -> AsyncIterator[str]:
    """Where the office listens, the simulator knowing of it."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/hook"
    config = Telegram(mode="webhook", webhook_url=url, webhook_port=port, webhook_secret=SECRET)
    app = office.app
    runner = await webhook.listen(config, app.bot, app.turns, app.office.secret)
    await webhook.announce(config, app.bot, app.office.secret)
    yield url
    await app.bot.delete_webhook()
    await webhook_sender.stop(office.world)
    await runner.cleanup()


def update(number: int = 1, text: str = "/mulai") -> dict[str, Any]:
    """A message as Telegram posts it."""
    who = {"id": 101, "is_bot": False, "first_name": "Siti"}
    chat = {"id": 101, "type": "private", "first_name": "Siti"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": who, "text": text}
    return {"update_id": number, "message": message}


async def posted(
    url: str, body: bytes, secret: str | None = SECRET, headers: dict[str, str] | None = None
) -> int:
    """The status of a post."""
    headers = {**(headers or {}), **({} if secret is None else {webhook.HEADER: secret})}
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=io.BytesIO(body), headers=headers) as answer,
    ):
        return answer.status


@BOTH_DATABASES
async def test_a_citizen_rates_a_service_by_webhook(
    hook: str, citizen: Actor, office: Harness
) -> None:
    office.delivered_by_webhook = True
    await citizen.rates(*NINE)
    citizen.sees("Tanda terima")
    assert office.stored.answer_count() == 9


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], "ä" * 20, "\udcff"])
async def test_a_wrong_secret_is_refused_and_changes_nothing(
    secret: str | None, hook: str, office: Harness
) -> None:
    body = json.dumps(update()).encode()
    if secret is not None and not secret.isascii():
        secret = secret.encode(errors="surrogateescape").decode("latin-1")
    assert await posted(hook, body, secret) == 403
    assert office.stored.handled_update_count() == 0


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"{}", b"{", b"\xff\xfe", b'{"update_id": "x"}', b"[" * 9999]
)
async def test_what_is_no_update_is_refused(body: bytes, hook: str, office: Harness) -> None:
    assert await posted(hook, body) == 400
    assert office.stored.set_aside_count() == 0


@pytest.mark.slow
async def test_an_unreadable_update_is_set_aside_and_answered_200(
    hook: str, citizen: Actor, office: Harness
) -> None:
    unreadable = update(7, "rahasia")
    del unreadable["message"]["date"]
    body = json.dumps(unreadable).encode()
    with locked_database(office):
        assert await posted(hook, body) == 503
    assert [await posted(hook, body), await posted(hook, body)] == [200, 200]
    assert office.stored.set_aside_payloads() == [{"chat": None, "kind": "message"}]
    assert "rahasia" not in str(office.stored.set_aside())
    assert office.stored.handled_updates() == [7]
    office.delivered_by_webhook = True
    await citizen.begins()
    citizen.sees("Pertanyaan 1 dari 9")


async def test_an_oversized_body_is_refused(hook: str) -> None:
    assert await posted(hook, b" " * (webhook.MOST_BYTES + 1)) == 413


async def test_the_same_update_posted_twice_is_handled_once(hook: str, office: Harness) -> None:
    body = json.dumps(update(7)).encode()
    assert [await posted(hook, body), await posted(hook, body)] == [200, 200]
    assert office.stored.handled_updates() == [7]


@pytest.mark.slow
async def test_database_trouble_is_answered_503_and_the_post_comes_again(
    hook: str, office: Harness
) -> None:
    body = json.dumps(update(8)).encode()
    with locked_database(office):
        assert await posted(hook, body) == 503
    assert await posted(hook, body) == 200


# --- whether posts come through --------------------------------------------------------------


@pytest.fixture
async def probe(hook: str, office: Harness) -> webhook.WebhookProbe:
    """What notes at each tick that posts come through; it has just done so."""
    app = office.app
    probe = webhook.WebhookProbe(app.bot, app.turns, app.liveness, app.office.clock)
    await probe.note()
    return probe


@pytest.mark.slow
async def test_behind_a_line_that_was_dead_for_long_the_question_is_shown_again(
    probe: webhook.WebhookProbe, citizen: Actor, office: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "FAILING", timedelta(hours=1))  # posts fail as the clock jumps
    office.delivered_by_webhook = True
    await citizen.begins()
    Spread(addresses=["http://127.0.0.1:9/"]).apply(office.world)
    await pressed_in_vain(citizen, office)
    for _ in range(10):
        await office.waits(seconds=20)
        await probe.note()
    assert not any("ada gangguan" in m.get("text", "") for m in citizen.messages)
    Spread(addresses=[]).apply(office.world)
    await citizen.says("/bantuan")
    await probe.note()
    await office.works()
    assert any("ada gangguan" in m.get("text", "") for m in citizen.messages)
    citizen.sees("Pertanyaan 1 dari 9")


async def test_a_quiet_office_is_not_taken_for_a_dead_line(
    probe: webhook.WebhookProbe, citizen: Actor, office: Harness
) -> None:
    office.delivered_by_webhook = True
    await citizen.begins()
    for _ in range(30):
        await office.waits(seconds=20)
        await probe.note()
    await citizen.answers(3)
    await probe.note()
    await office.works()
    assert not any("ada gangguan" in m.get("text", "") for m in citizen.messages)


async def test_telegram_out_of_reach_is_no_news_of_posts(
    probe: webhook.WebhookProbe, citizen: Actor, office: Harness
) -> None:
    noted = await office.app.office.read(program_state.alive_at)
    office.world.faults.add(Fault("getWebhookInfo", 500))
    await office.waits(seconds=60)
    await probe.note()
    assert noted is not None
    assert await office.app.office.read(program_state.alive_at) == noted


async def test_a_refused_token_is_noticed_until_telegram_accepts_it_again(
    probe: webhook.WebhookProbe, office: Harness
) -> None:
    for refusal in (401, 404):
        office.world.faults.add(Fault("getWebhookInfo", refusal))
        await probe.note()
        assert office.app.liveness.token_refused
    await probe.note()
    assert not office.app.liveness.token_refused


async def pressed_in_vain(citizen: Actor, office: Harness) -> None:
    """A tap that Telegram cannot hand over, and a message, which it keeps for a day."""
    citizen.press("Sesuai")
    office.world.say(citizen.id, citizen.chat, "halo?")
    async with asyncio.timeout(10):
        while not (await office.app.bot.get_webhook_info()).last_error_date:  # noqa: ASYNC110 # the posts are not ours
            await asyncio.sleep(0.02)
