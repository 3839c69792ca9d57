"""Updates as they come in: of a press only what is looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from telegram import Update

from bot.intake import updates
from bot.turn.turn import message_of, private_chat
from tests.harness import Actor, Harness


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


@pytest.mark.parametrize("breaks", BREAKS.values(), ids=BREAKS.keys())
async def test_what_is_no_press_is_not_read(
    office: Harness, citizen: Actor, breaks: Callable[[dict[str, Any]], object]
) -> None:
    raw = await pressed(office, citizen)
    breaks(raw["callback_query"])
    with pytest.raises((ValueError, TypeError, KeyError, ArithmeticError)):
        updates.read(raw, office.app.bot)
