"""The bot's own name and descriptions, by language."""

from __future__ import annotations

import pytest

from simulator.world import World
from tests.simulator.clients import BotApiClient
from tests.simulator.conftest import SITI

LIMITS = {
    "setMyName": ("name", 64),
    "setMyDescription": ("description", 512),
    "setMyShortDescription": ("short_description", 120),
}


@pytest.mark.parametrize("method", LIMITS)
async def test_a_text_has_a_language_and_one_for_everybody_else(
    method: str, telegram: BotApiClient
) -> None:
    what, _ = LIMITS[method]
    read = method.replace("set", "get")
    assert await telegram(method, **{what: "Survei"}) is True
    assert await telegram(method, **{what: "Survey"}, language_code="en") is True
    assert await telegram(read) == {what: "Survei"}
    assert await telegram(read, language_code="en") == {what: "Survey"}
    assert await telegram(read, language_code="fr") == {what: "Survei"}
    assert await telegram(method, language_code="en") is True
    assert await telegram(read, language_code="en") == {what: "Survei"}


@pytest.mark.parametrize("method", LIMITS)
async def test_a_text_that_is_too_long_or_of_no_language_is_refused(
    method: str, telegram: BotApiClient
) -> None:
    what, most = LIMITS[method]
    assert await telegram(method, **{what: "x" * most}) is True
    assert (await telegram.refuses(method, **{what: "x" * (most + 1)}))[0] == 400
    error = await telegram.refuses(method, **{what: "x"}, language_code="indonesia")
    assert error == (400, "Bad Request: invalid language code specified")


async def test_the_name_is_the_bots_in_every_message(
    world: World, telegram: BotApiClient, started: BotApiClient
) -> None:
    await telegram("setMyName", name="Survei Kecamatan Pakong")
    assert (await telegram("getMe"))["first_name"] == "Survei Kecamatan Pakong"
    message = await started("sendMessage", chat_id=SITI, text="Halo")
    assert message["from"]["first_name"] == "Survei Kecamatan Pakong"
