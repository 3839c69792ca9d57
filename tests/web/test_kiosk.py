"""The screen at a counter: one person after the other, and nobody sees another's answers."""

from __future__ import annotations

import re

import pytest

from office.config import Web
from tests.harness import BOTH_DATABASES, Harness
from tests.web.browser import Browser

NINE = (4, 3, 4, 3, 4, 3, 4, 3, 4)
COUNTER = "/kios/ktp-el"
CLOSED = "Isian sebelumnya sudah ditutup. Silakan mulai dari sini."


def starts_again_after(browser: Browser) -> int | None:
    """The seconds after which the screen starts again by itself."""
    header = browser.answered.headers.get("Refresh")
    if header is None:
        assert 'class="idle"' not in browser.body
        return None
    seconds, address = header.split(";url=")
    assert re.fullmatch(r"/kios/[a-z0-9/-]+\?ulang=1", address)
    assert f"bila selama {seconds} detik" in browser.page.text or browser.language == "en"
    return int(seconds)


async def reviews(browser: Browser) -> None:
    """Answer everything but the last screen."""
    await browser.begins(COUNTER)
    await browser.answers(*NINE, 0, 0, 0, 0)


@pytest.mark.slow
@BOTH_DATABASES
async def test_each_sending_begins_a_new_person(browser: Browser, office: Harness) -> None:
    await browser.opens(COUNTER)
    browser.sees("KTP-el", "tidak tersimpan di layar ini")
    assert starts_again_after(browser) is None
    assert browser.cookies == {}
    for _ in range(4):  # more often than from one browser at home
        await reviews(browser)
        assert starts_again_after(browser) == 120
        await browser.presses("Kirim")
        browser.sees("Terima kasih!", "Tanda terima: ")
        assert starts_again_after(browser) == 20
        assert browser.cookies == {}
    assert office.stored.channels_urutan_and_status() == [("kios", 1, 1)] * 4
    assert len({owner for owner, _ in office.stored.owners()}) == 4
    await browser.opens(browser.path)
    browser.sees_not("Tanda terima")
    browser.sees("Bagaimana pelayanan kami?")


async def test_the_counter_has_no_way_to_other_pages(browser: Browser) -> None:
    await browser.opens(COUNTER)
    assert browser.labels == ["Setuju, mulai", "English"]
    assert browser.page.links == {}
    await reviews(browser)
    assert browser.page.links == {"Bukan Anda? Mulai dari awal": f"{COUNTER}?ulang=1"}
    await browser.presses("Kirim")
    assert browser.labels == []
    assert browser.page.links == {"Selesai, orang berikutnya": f"{COUNTER}?ulang=1"}


async def test_after_two_idle_minutes_a_form_is_not_taken(
    browser: Browser, office: Harness
) -> None:
    await browser.begins(COUNTER)
    await office.waits(seconds=119)
    await browser.answers(4)
    browser.sees("Pertanyaan 2 dari 9")
    await office.waits(seconds=131)
    await browser.answers(1)
    browser.sees(CLOSED, "Bagaimana pelayanan kami?")
    assert browser.cookies == {}
    assert starts_again_after(browser) == 120
    assert office.stored.answers() == [4]


async def test_after_two_idle_minutes_the_page_shows_the_start(
    browser: Browser, office: Harness
) -> None:
    await browser.begins(COUNTER)
    await browser.answers(4)
    await office.waits(seconds=131)
    await browser.opens(COUNTER)
    browser.sees("Bagaimana pelayanan kami?")
    assert browser.cookies == {}


async def test_who_writes_a_suggestion_has_five_minutes(browser: Browser, office: Harness) -> None:
    await reviews(browser)
    await browser.presses("Tulis saran")
    assert starts_again_after(browser) == 300
    await office.waits(seconds=290)
    await browser.presses("Simpan saran", "Kursi kurang")
    browser.sees("Saran Anda:", "Kursi kurang")
    await browser.presses("Ubah saran")
    await office.waits(seconds=311)
    await browser.opens(COUNTER)
    assert browser.page.fields == {}
    assert "Kursi kurang" not in browser.body


async def test_a_suggestion_too_long_does_not_stay_on_the_screen_for_ever(
    browser: Browser,
) -> None:
    await reviews(browser)
    await browser.presses("Tulis saran")
    await browser.presses("Simpan saran", "x" * 1001)
    browser.sees("Saran terlalu panjang (1001 huruf)")
    assert browser.page.fields["teks"] == "x" * 1001
    assert starts_again_after(browser) == 300


async def test_an_error_at_a_counter_starts_again_by_itself(browser: Browser) -> None:
    await reviews(browser)
    await browser.presses("Tulis saran")
    browser.trouble = True
    await browser.presses("Simpan saran", "Kursi kurang")
    assert (browser.status, starts_again_after(browser)) == (503, 120)
    await browser.asks("POST", COUNTER, {"teks": "x" * 17_000})
    assert (browser.status, starts_again_after(browser)) == (413, 120)
    await browser.asks("PUT", COUNTER)
    assert (browser.status, starts_again_after(browser)) == (405, 120)


async def test_the_next_person_starts_over_a_survey_that_was_left(
    browser: Browser, office: Harness
) -> None:
    await browser.begins(COUNTER)
    await browser.answers(4)
    left = browser.page
    await browser.follows("Bukan Anda?")
    browser.sees("Bagaimana pelayanan kami?")
    assert browser.cookies == {}
    await browser.presses("Sangat mudah", on=left)
    browser.sees(CLOSED)
    assert office.stored.answers() == [4]


async def test_going_back_after_sending_shows_nobodys_answers(
    browser: Browser, office: Harness
) -> None:
    await reviews(browser)
    await browser.presses("Tulis saran")
    writing = browser.page
    await browser.presses("Simpan saran", "Kursi kurang")
    review = browser.page
    await browser.presses("Kirim")
    thanks = browser.path
    for path in (COUNTER, thanks, thanks.replace("selesai", "pesan")):
        await browser.opens(path)
        browser.sees("Bagaimana pelayanan kami?")
        browser.sees_not("Tanda terima")
        assert "Kursi" not in browser.body
    for label, page in (("Kirim", review), ("Ubah saran", review), ("Simpan saran", writing)):
        await browser.presses(label, on=page)
        browser.sees(CLOSED, "Bagaimana pelayanan kami?")
    assert office.stored.completed_count() == 1


async def test_an_old_form_under_the_next_persons_survey_is_stale(
    browser: Browser, office: Harness
) -> None:
    await browser.begins(COUNTER)
    old = browser.page
    await browser.follows("Bukan Anda?")
    await browser.presses("Setuju")
    await browser.presses("Sangat sesuai", on=old)
    assert office.stored.answers() == []


async def test_a_language_is_one_persons(browser: Browser, office: Harness) -> None:
    await browser.opens(COUNTER)
    await browser.presses("English")
    browser.language = "en"
    browser.sees("anonymous")
    assert starts_again_after(browser) == 120
    await browser.presses("I agree")
    browser.sees("Question 1 of 9")
    browser.language = "id"
    await browser.follows("Not you?")
    browser.sees("Bagaimana pelayanan kami?")
    await browser.presses("Setuju")
    browser.sees("Pertanyaan 1 dari 9")


@BOTH_DATABASES
async def test_a_counter_goes_on_after_a_restart(browser: Browser, office: Harness) -> None:
    await reviews(browser)
    await office.restarts()
    await browser.presses("Kirim")
    await office.restarts()
    browser.sees("Tanda terima: ")
    await browser.follows("Selesai, orang berikutnya")
    browser.sees("Bagaimana pelayanan kami?")


@pytest.mark.parametrize("tap", ["x.0..0.0", "z.0..0.0", "d.0..0.0", "p.0.2.0.1"])
async def test_a_tap_of_the_pages_at_home_only_starts_again(
    browser: Browser, office: Harness, tap: str
) -> None:
    await browser.begins(COUNTER)
    await browser.sends(tap)
    browser.sees("Bagaimana pelayanan kami?")
    assert browser.cookies == {}
    assert office.stored.open_count() == 1


async def test_the_counter_and_the_pages_at_home_know_different_people(
    browser: Browser, office: Harness
) -> None:
    await browser.begins("/l/ktp-el")
    await browser.begins(COUNTER)
    assert sorted(browser.cookies) == ["puas", "puas-kios"]
    await browser.answers(4)
    await browser.opens("/isi")
    browser.sees("Pertanyaan 1 dari 9")
    token = browser.cookies["puas-kios"]
    browser.forgets()
    browser.headers = {"Cookie": f"puas={token}"}
    await browser.opens("/isi")
    browser.sees("Tidak ada survei yang sedang diisi")


PUBLIC = Web(public_url="https://survei.pakong.example", proxies=("127.0.0.1",))


@pytest.mark.parametrize(
    ("settings", "headers"),
    [
        (Web(public_url="https://survei.pakong.example"), {"Host": "survei.pakong.example"}),
        (Web(public_url="https://survei.pakong.example"), {"Host": "Survei.Pakong.Example.:443"}),
        (PUBLIC, {}),
        (PUBLIC, {"Host": "192.168.1.5", "X-Forwarded-For": "192.168.1.7"}),
        (Web(), {"X-Forwarded-For": "192.168.1.7"}),
        (Web(), {"Forwarded": "for=192.168.1.7"}),
    ],
    ids=[
        "the public host",
        "it written in another way",
        "the proxy",
        "the proxy, another host",
        "any proxy",
        "any proxy's",
    ],
)
async def test_a_counter_is_not_reached_from_the_public_address(
    office: Harness, settings: Web, headers: dict[str, str]
) -> None:
    async with Browser(office, settings=settings, headers=headers) as outside:
        for method, data in (("GET", None), ("POST", {"tap": "m.0.1.0.1"})):
            await outside.asks(method, COUNTER, data)
            assert outside.status == 404
            outside.sees("Halaman itu tidak ada")
    assert office.stored.open_count() == 0
