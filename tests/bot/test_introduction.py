"""The bot says what it is where a chat is empty: its name and descriptions, from the office's."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.faults import Fault
from tests.harness import BOTH_DATABASES, Actor, Harness
from tests.third_language import CODE, instruments_folder, words_folder

METHODS = ("setMyName", "setMyDescription", "setMyShortDescription")


def calls(office: Harness) -> list[int]:
    """How often each of the methods was called."""
    return [office.world.api_calls[method] for method in METHODS]


async def renamed(admin: Actor, name: str) -> None:
    """The admin changes the name of the office in /kelola."""
    await admin.fills("/kelola", "[Data kantor]", "[Nama]")
    await admin.says(name)
    await admin.taps("✅ Simpan")


@BOTH_DATABASES
async def test_an_empty_chat_says_what_the_bot_is(office: Harness) -> None:
    await office.app.introduction.keep()
    bot = office.app.bot
    assert (await bot.get_my_name()).name == "Survei Kecamatan Pakong"
    assert (await bot.get_my_name("en")).name == "Kecamatan Pakong survey"
    assert "tanpa nama dan tanpa NIK" in (await bot.get_my_description()).description
    assert "without your name" in (await bot.get_my_description("en")).description
    short = (await bot.get_my_short_description()).short_description
    assert short.startswith("Survei kepuasan masyarakat Kecamatan Pakong")


@BOTH_DATABASES
async def test_a_restart_sets_nothing_again(office: Harness) -> None:
    await office.app.introduction.keep()
    assert calls(office) == [2, 2, 2]
    await office.restarts()
    await office.app.introduction.keep()
    assert calls(office) == [2, 2, 2]


@BOTH_DATABASES
async def test_a_new_name_of_the_office_is_the_bots_name(admin: Actor, office: Harness) -> None:
    await office.app.introduction.keep()
    await renamed(admin, "Kecamatan Waru")
    await office.app.introduction.keep()
    assert (await office.app.bot.get_my_name()).name == "Survei Kecamatan Waru"
    assert calls(office) == [4, 4, 4]


async def test_a_name_of_120_letters_is_cut_to_what_telegram_takes(
    admin: Actor, office: Harness
) -> None:
    await renamed(admin, "Kecamatan " + "A" * 110)
    await office.app.introduction.keep()
    name = (await office.app.bot.get_my_name()).name
    short = (await office.app.bot.get_my_short_description()).short_description
    assert (len(name), name[-1]) == (64, "…")
    assert len(short) == 120


@BOTH_DATABASES
async def test_a_429_of_the_name_is_waited_out_also_after_a_restart(office: Harness) -> None:
    office.world.faults.add(Fault("setMyName", 429, retry_after=80_000))
    await office.app.introduction.keep()
    assert calls(office) == [1, 2, 2]
    await office.app.introduction.keep()
    await office.restarts()
    await office.app.introduction.keep()
    assert calls(office) == [1, 2, 2]


async def test_after_an_error_of_telegram_it_waits(office: Harness) -> None:
    office.world.faults.add(Fault("setMyDescription", 500))
    await office.app.introduction.keep()
    await office.app.introduction.keep()
    assert calls(office) == [0, 1, 0]


async def test_trouble_with_it_ends_no_job(office: Harness) -> None:
    office.world.faults.add(Fault("setMyDescription", "refuse", times=3))
    await office.app.introduce()
    assert (await office.app.bot.get_my_description()).description == ""


@pytest.mark.slow
async def test_a_language_that_is_offered_no_more_loses_its_texts(
    office: Harness,
) -> None:
    two = {"survey": {"languages": ("id", "en")}}
    await office.app.introduction.keep()
    office.settings["survey"] = {"languages": ("id",)}
    await office.restarts()
    await office.app.introduction.keep()
    assert (await office.app.bot.get_my_name("en")).name == "Survei Kecamatan Pakong"
    office.settings.update(two)
    await office.restarts()
    await office.app.introduction.keep()
    assert (await office.app.bot.get_my_name("en")).name == "Kecamatan Pakong survey"


@pytest.mark.slow
async def test_a_language_of_three_letters_has_none_on_telegram(
    office: Harness, tmp_path: Path
) -> None:
    office.settings["survey"] = {
        "languages": ("id", CODE),
        "words_dir": words_folder(tmp_path / "kata"),
        "instruments_dir": instruments_folder(tmp_path / "instrumen"),
    }
    await office.restarts()
    await office.app.introduction.keep()
    assert calls(office) == [1, 1, 1]
