"""A third language is files: a folder of words and its wordings in the instrument, no code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bot.test_laporan import content, documents, messages_go_out
from tests.harness import BOTH_DATABASES, Actor, Harness
from tests.reports.rendered import text_of
from tests.third_language import CODE, MARK, instruments_folder, words_folder
from tests.web.browser import Browser

NINE = (4, 3, 4, 3, 4, 3, 4, 3, 4)


@pytest.fixture
async def trilingual(office: Harness, tmp_path: Path) -> Harness:
    """The office after a restart with three languages."""
    office.settings["survey"] = {
        "languages": ("id", "en", CODE),
        "words_dir": words_folder(tmp_path / "kata"),
        "instruments_dir": instruments_folder(tmp_path / "instrumen"),
    }
    await office.restarts()
    return office


@BOTH_DATABASES
async def test_the_consent_screen_offers_all_other_languages(
    trilingual: Harness, citizen: Actor
) -> None:
    await citizen.scans()
    assert citizen.labels()[-2:] == ["English", "Madurâ"]
    await citizen.taps("Madurâ")
    citizen.sees(f"{MARK}", "KTP-el")
    assert citizen.labels()[-2:] == ["Bahasa Indonesia", "English"]


async def test_bahasa_offers_every_language_of_the_config(
    trilingual: Harness, citizen: Actor
) -> None:
    await citizen.says("/bahasa")
    assert citizen.labels() == ["Bahasa Indonesia", "English", "Madurâ"]
    await citizen.taps("Madurâ")
    citizen.sees(f"{MARK}Baik")
    await citizen.says("/hasil")
    citizen.sees(f"{MARK}Belum ada hasil", f"{MARK} III 2026", f"{MARK}10 2026")


async def test_a_whole_survey_is_in_the_third_language(trilingual: Harness, citizen: Actor) -> None:
    await citizen.scans()
    await citizen.taps("Madurâ", f"{MARK}Setuju")
    for value in NINE:
        citizen.sees(f"{MARK}KTP-el", f"\n{MARK}")
        assert all(label.startswith(MARK) for label in citizen.labels())
        await citizen.taps(citizen.labels()[value - 1])
    for _ in range(4):
        assert all(label.startswith(MARK) for label in citizen.labels())
        await citizen.taps(f"{MARK}Tidak menjawab")
    await citizen.taps(f"{MARK}✅")
    citizen.sees(f"{MARK}Terima kasih")
    assert trilingual.stored.completed_count() == 1


@pytest.mark.parametrize(
    ("phone", "agree"),
    [("mad", f"{MARK}Setuju"), ("jv", "Setuju"), ("de", "I agree"), ("en-GB", "I agree")],
)
async def test_a_phone_begins_in_the_language_whose_file_names_it(
    phone: str, agree: str, trilingual: Harness, person: Callable[..., Actor]
) -> None:
    speaker = person(301, phone)
    await speaker.scans()
    assert speaker.labels()[0].startswith(agree)


async def test_a_language_that_is_offered_no_longer_becomes_the_first(
    trilingual: Harness, citizen: Actor
) -> None:
    await citizen.scans()
    await citizen.taps("Madurâ", f"{MARK}Setuju")
    trilingual.settings["survey"] = {}
    await trilingual.restarts()
    await citizen.scans()
    await citizen.taps("Lanjutkan")
    citizen.sees("Pertanyaan 1 dari 9")
    citizen.sees_not(MARK)


async def test_a_question_of_an_older_wording_stays_in_indonesian(
    office: Harness, citizen: Actor, tmp_path: Path
) -> None:
    await citizen.begins()
    office.settings["survey"] = {
        "languages": ("id", CODE),
        "words_dir": words_folder(tmp_path / "kata"),
        "instruments_dir": instruments_folder(tmp_path / "instrumen"),
    }
    await office.restarts()
    await citizen.fills("/bahasa", "[Madurâ]")
    citizen.sees("Pertanyaan 1 dari 9")
    citizen.sees_not(MARK)


async def test_the_pages_speak_the_third_language(trilingual: Harness) -> None:
    async with Browser(trilingual) as browser:
        await browser.opens("/l/ktp-el")
        await browser.presses("Madurâ")
        browser.sees(f"{MARK}", "cookie")
        await browser.presses(f"{MARK}Setuju")
        browser.sees(f"{MARK}Apakah syarat")
        await browser.opens("/bahasa")
        assert browser.labels == ["Bahasa Indonesia", "English", "Madurâ"]


@pytest.mark.process
@pytest.mark.slow
async def test_the_paper_form_is_printed_in_the_third_language(
    trilingual: Harness, admin: Actor
) -> None:
    await admin.fills("/poster", "[📄]", "1", "2", "[Madurâ]", "[✅ Simpan]")
    await messages_go_out(trilingual, 2)
    assert documents(admin) == [f"kuesioner-0001-0002-{CODE}.pdf"]
    printed = text_of(await content(trilingual, admin))
    assert f"{MARK}Kuesioner" in printed
    assert f"{MARK}Sangat sesuai" in printed
    assert f"{MARK}Perempuan" in printed
