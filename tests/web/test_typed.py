"""What citizens type in a browser: nothing personal unasked, nothing after *Kirim* unsaid."""

from __future__ import annotations

import pytest

from office.words import all_words
from office.words.all_words import CitizenWords
from tests.harness import BOTH_DATABASES, Harness, plain
from tests.web.browser import Browser

pytestmark = pytest.mark.parametrize("language", ["id", "en"])
NINE = (4, 3, 4, 3, 4, 3, 4, 3, 4)
HELD = "Hubungi 0812-3456-7890 atau siti@surel.id"


@pytest.fixture
def words(browser: Browser, language: str) -> CitizenWords:
    """The words of the browser's language."""
    browser.language = language
    return all_words.load().of(language, "web")


async def reviews(browser: Browser) -> None:
    """Answer everything, up to the review."""
    await browser.begins()
    await browser.answers(*NINE, 0, 0, 0, 0)


async def writes(browser: Browser, words: CitizenWords, text: str) -> None:
    """Write a suggestion and save it."""
    await browser.presses(words.write())
    await browser.presses(words.save_suggestion(), text)


@BOTH_DATABASES
@pytest.mark.parametrize(
    ("choice", "stored"),
    [("save_without", "Hubungi … atau …"), ("save_as_is", HELD), ("do_not_write", None)],
)
async def test_what_tells_who_somebody_is_is_shown_back_before_it_is_stored(
    choice: str, stored: str | None, browser: Browser, words: CitizenWords, office: Harness
) -> None:
    await reviews(browser)
    await writes(browser, words, HELD)
    assert browser.status == 422
    browser.sees(words.personal_phone(), words.personal_email())
    assert browser.page.fields["teks"] == HELD
    assert office.stored.draft_suggestions() == [None]
    await browser.presses(getattr(words, choice)())
    assert office.stored.draft_suggestions() == [stored]
    browser.sees(plain(words.counted()).strip())
    await browser.presses(words.send())
    assert office.stored.suggestions() == ([stored] if stored else [])


async def test_a_text_without_the_number_is_saved_from_the_same_form(
    browser: Browser, words: CitizenWords, office: Harness
) -> None:
    await reviews(browser)
    await writes(browser, words, HELD)
    await browser.presses(words.save_suggestion(), "Hubungi kami")
    browser.sees("Hubungi kami")
    assert office.stored.draft_suggestions() == ["Hubungi kami"]


async def test_the_review_shows_the_suggestion_and_deletes_it(
    browser: Browser, words: CitizenWords, office: Harness
) -> None:
    await reviews(browser)
    await writes(browser, words, "Kursi <b>kurang</b>\n\n& panas")
    browser.sees("Kursi <b>kurang</b>", "& panas")
    await browser.presses(words.unsay())
    browser.sees_not("Kursi")
    assert office.stored.draft_suggestions() == [None]


async def test_the_form_has_one_text_that_is_replaced(
    browser: Browser, words: CitizenWords, office: Harness
) -> None:
    await reviews(browser)
    await writes(browser, words, "Kursi")
    await browser.presses(words.write_again())
    await browser.presses(words.save_suggestion(), "Loket")
    assert office.stored.draft_suggestions() == ["Loket"]


async def test_a_form_sent_after_the_response_is_answered_truthfully_and_can_be_added(
    browser: Browser, words: CitizenWords, office: Harness
) -> None:
    await reviews(browser)
    await browser.presses(words.write())
    writing = browser.page
    await browser.presses(words.do_not_write())
    await browser.presses(words.send())
    await browser.presses(words.save_suggestion(), "Kursi kurang", on=writing)
    browser.sees(plain(words.already_sent()).split("\n")[-1])
    assert browser.page.fields["teks"] == "Kursi kurang"
    assert "Kursi kurang" not in office.everything()
    unsent = browser.page
    for _ in range(2):
        await browser.presses(words.add_suggestion(), on=unsent)
        browser.sees(words.suggestion_added())
    assert office.stored.suggestions() == ["Kursi kurang"]
    await browser.presses(words.add_suggestion(), HELD, on=unsent)
    browser.sees(words.personal_phone())
    await browser.presses(words.save_without())
    assert office.stored.suggestions() == ["Kursi kurang\nHubungi … atau …"]


async def test_a_stranger_cannot_add_to_what_somebody_sent(
    browser: Browser, other: Browser, words: CitizenWords, language: str, office: Harness
) -> None:
    other.language = language
    await reviews(browser)
    await browser.presses(words.write())
    writing = browser.page
    await browser.presses(words.do_not_write())
    await browser.presses(words.send())
    await browser.presses(words.save_suggestion(), "Kursi kurang", on=writing)
    await other.opens("/l/ktp-el")
    await other.presses(words.add_suggestion(), on=browser.page)
    other.sees(words.too_late_to_add())
    assert office.stored.suggestion_count() == 0


async def test_the_review_shows_the_own_answers_on_request_and_hides_them(
    browser: Browser, words: CitizenWords, language: str
) -> None:
    await reviews(browser)
    name = {"id": "Persyaratan: ", "en": "Requirements: "}[language]
    browser.sees_not(name)
    await browser.presses(words.look())
    browser.sees(name, words.answer_declined())
    looked = browser.path
    await browser.presses(words.hide())
    browser.sees_not(name)
    await browser.presses(words.send())
    await browser.opens(looked)
    browser.sees_not(name)


async def test_a_counters_screen_never_shows_answers(
    browser: Browser, words: CitizenWords, language: str
) -> None:
    await browser.opens(f"/kios/ktp-el?bahasa={language}")
    await browser.presses(words.agree())
    await browser.answers(*NINE, 0, 0, 0, 0)
    assert words.look() not in browser.labels


async def test_a_greeting_in_the_search_shows_the_list(
    browser: Browser, words: CitizenWords
) -> None:
    await browser.opens("/")

    await browser.sends("d.0..0.0", "Assalamualaikum")
    browser.sees(words.choose_service.plain(office="Kecamatan Pakong").split("\n")[-1])
