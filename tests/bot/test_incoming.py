"""Updates as they come in: of a press only what is looked at; an unreadable one is set aside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from telegram import Update

from bot.intake import updates
from bot.turn.turn import message_of, private_chat
from tests.harness import BOTH_DATABASES, Actor, Harness


async def pressed(office: Harness, citizen: Actor) -> dict[str, Any]:
    """What Telegram writes when a citizen agrees, before anybody has read it."""
    await citizen.scans()
    citizen.press("Setuju")
    found: Any = await office.app.bot.request.post(f"{office.app.bot.base_url}/getUpdates")
    return dict(found[-1])


async def test_a_press_is_read_as_the_library_reads_it(office: Harness, citizen: Actor) -> None:
    raw = await pressed(office, citizen)
    ours, theirs = updates.read(raw, office.app.bot), Update.de_json(raw, office.app.bot)
    assert ours.update_id == theirs.update_id
    assert ours.callback_query
    assert theirs.callback_query
    for what in ("id", "data"):
        assert getattr(ours.callback_query, what) == getattr(theirs.callback_query, what)
    for what in ("id", "is_bot", "language_code"):
        sender = ours.callback_query.from_user
        assert getattr(sender, what) == getattr(theirs.callback_query.from_user, what)
    here, there = message_of(ours), message_of(theirs)
    assert here
    assert there
    assert (here.message_id, here.date) == (there.message_id, there.date)
    assert (here.chat.id, here.chat.type) == (there.chat.id, there.chat.type)
    assert private_chat(ours) == private_chat(theirs) == citizen.id


async def test_a_message_too_old_to_be_edited_is_read_as_none(
    office: Harness, citizen: Actor
) -> None:
    raw = await pressed(office, citizen)
    raw["callback_query"]["message"]["date"] = 0
    assert message_of(updates.read(raw, office.app.bot)) is None


BREAKS: dict[str, Callable[[dict[str, Any]], object]] = {
    "no sender": lambda press: press.pop("from"),
    "no query": lambda press: press.pop("id"),
    "a sender that is a list": lambda press: press.update({"from": []}),
    "a message without its chat": lambda press: press["message"].pop("chat"),
    "a day beyond the calendar": lambda press: press["message"].update(date=10**30),
}


@pytest.mark.slow
@pytest.mark.parametrize("breaks", BREAKS.values(), ids=BREAKS.keys())
async def test_what_is_no_press_is_not_read(
    office: Harness, citizen: Actor, breaks: Callable[[dict[str, Any]], object]
) -> None:
    raw = await pressed(office, citizen)
    breaks(raw["callback_query"])
    with pytest.raises((ValueError, TypeError, KeyError, ArithmeticError)):
        updates.read(raw, office.app.bot)


UNREADABLE: dict[str, Callable[[dict[str, Any]], object]] = {
    "a message without date": lambda update: update["message"].pop("date"),
    "a message whose chat is a number": lambda update: update["message"].update(chat=5),
    "a sender without is_bot": lambda update: update["message"]["from"].pop("is_bot"),
    "a sticker without its size": lambda update: update["message"].update(sticker={"file_id": "x"}),
    "a story without its chat": lambda update: update["message"].update(story={"id": 1}),
    "a message that is a list": lambda update: update.update(message=[1]),
}


def breaks_last_update(office: Harness, breaks: Callable[[dict[str, Any]], object]) -> int:
    """Let the newest pending update lack something; its number."""
    number, update = next(reversed(office.world.bot().updates.items()))
    breaks(update.body)
    return number


@BOTH_DATABASES
@pytest.mark.parametrize("breaks", UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_an_unreadable_message_is_set_aside_and_the_others_of_its_batch_are_handled(
    office: Harness,
    citizen: Actor,
    person: Callable[..., Actor],
    breaks: Callable[[dict[str, Any]], object],
) -> None:
    other = person(102, name="Sumiati")
    office.world.say(citizen.id, citizen.chat, "/start l_ktp-el")
    office.world.say(other.id, other.chat, "rahasia Sumiati")
    number = breaks_last_update(office, breaks)
    await citizen.says("/bantuan")
    citizen.sees("/hasil")
    assert office.stored.set_aside_payloads() == [{"chat": None, "kind": "message"}]
    assert "rahasia" not in str(office.stored.set_aside())
    assert "102" not in str(office.stored.set_aside())
    assert office.stored.handled_update_count(number) == 1
    assert not office.world.bot().updates
    assert office.app.writer.failures == 1


@BOTH_DATABASES
async def test_a_press_without_is_bot_is_set_aside_and_the_citizen_goes_on(
    office: Harness, citizen: Actor
) -> None:
    await citizen.begins()
    citizen.press("Sesuai")
    breaks_last_update(office, lambda update: update["callback_query"]["from"].pop("is_bot"))
    await office.works()
    citizen.sees("Pertanyaan 1 dari 9")
    await citizen.taps("Sesuai")
    citizen.sees("Pertanyaan 2 dari 9")
    assert office.stored.set_aside_count() == 1


@BOTH_DATABASES
async def test_an_unreadable_update_delivered_again_is_set_aside_once(
    office: Harness, citizen: Actor
) -> None:
    office.world.say(citizen.id, citizen.chat, "halo")
    breaks_last_update(office, UNREADABLE["a message without date"])
    batch = await updates.ask(office.app.bot, 0, 0)
    for _ in range(3):
        await office.app.turns.handle(batch)
    assert office.stored.set_aside_count() == 1
    assert office.app.writer.failures == 1


@pytest.mark.parametrize("number", [None, "5", True, -1, 2**63])
def test_an_update_without_a_number_cannot_be_confirmed(number: object, office: Harness) -> None:
    with pytest.raises(updates.NotAnUpdate):
        updates.parsed({"update_id": number, "message": {}}, office.app.bot)
