"""The survey in a browser at home, without JavaScript, in fair and rough conditions."""

from __future__ import annotations

import pytest

from tests.harness import BOTH_DATABASES, Actor, Harness, local
from tests.web.browser import Browser

NINE = (4, 3, 4, 3, 4, 3, 4, 3, 4)
OLD = "Layar ini sudah lama; ini yang terbaru."
START_AGAIN = "Survei itu sudah berakhir. Silakan mulai lagi."
NOT_HERE = "Isian itu tidak dapat dilanjutkan di browser ini."


@BOTH_DATABASES
async def test_a_visitor_rates_a_service_from_its_address_to_the_receipt(
    browser: Browser, office: Harness
) -> None:
    await browser.opens("/l/ktp-el")
    browser.sees("KTP", "Kecamatan Pakong", "satu cookie")
    assert browser.cookies == {}
    await browser.presses("Setuju")
    browser.sees("Pertanyaan 1 dari 9")
    assert list(browser.cookies) == ["puas"]
    await browser.answers(*NINE)
    browser.sees("Tentang Anda 1 dari 4")
    await browser.answers(1, 0, 2, 0)
    browser.sees("Sudah selesai?", "Terjawab 9 dari 9.")
    await browser.presses("Tulis saran")
    await browser.presses("Simpan saran", "Kursi <b>kurang</b> & panas")
    browser.sees("Saran Anda:", "Kursi <b>kurang</b> & panas")
    await browser.presses("Kirim")
    browser.sees("Terima kasih!", "Penilaian Anda untuk", "Tanda terima: ")
    assert office.stored.channels_urutan_and_status() == [("web", 1, 1)]
    assert office.stored.suggestions() == ["Kursi <b>kurang</b> & panas"]
    assert office.stored.open_count() == 0


@BOTH_DATABASES
async def test_every_form_sent_twice_counts_once(browser: Browser, office: Harness) -> None:
    await browser.begins()
    for label in ("Sangat", *["Lewati"] * 2, *["Sangat"] * 6, *["Tidak menjawab"] * 4):
        page = browser.page
        if label == "Sangat":
            label = browser.labels[3]
        await browser.presses(label)
        shown = browser.page.buttons
        await browser.presses(label, on=page)
        browser.sees(OLD)
        assert browser.page.buttons == shown
    for label, text in (("Tulis saran", None), ("Simpan saran", "Kursi kurang")):
        page = browser.page
        await browser.presses(label, text)
        await browser.presses(label, "lain", on=page)
        browser.sees(OLD)
    page = browser.page
    await browser.presses("Kirim")
    await browser.presses("Kirim", on=page)
    browser.sees("Penilaian ini sudah terkirim.", "Tanda terima: ")
    assert office.stored.channels_and_status() == [("web", 1)]
    assert office.stored.suggestions() == ["Kursi kurang"]
    assert office.stored.answers_and_sum() == (9, 28)


async def test_agreeing_twice_begins_once(browser: Browser, office: Harness) -> None:
    await browser.opens("/l/ktp-el")
    consent = browser.page
    await browser.presses("Setuju")
    await browser.answers(4)
    await browser.presses("Setuju", on=consent)
    browser.sees("Pertanyaan 2 dari 9")
    assert office.stored.open_count() == 1


async def test_in_two_tabs_the_older_one_shows_where_the_newer_one_stands(
    browser: Browser, office: Harness
) -> None:
    await browser.begins()
    first_tab = browser.page
    await browser.opens("/isi")
    await browser.answers(4, 4)
    await browser.presses("Tidak sesuai", on=first_tab)
    browser.sees(OLD, "Pertanyaan 3 dari 9")
    assert office.stored.answers() == [4, 4]


async def test_going_back_asks_the_same_question_without_the_answer(browser: Browser) -> None:
    await browser.begins()
    question = browser.page
    await browser.answers(4)
    await browser.presses("‹ Kembali")
    browser.sees("Pertanyaan 1 dari 9")
    assert browser.page.text == question.text
    assert "checked" not in browser.body


@pytest.mark.slow
@BOTH_DATABASES
async def test_a_restart_between_any_two_pages_changes_nothing(
    browser: Browser, office: Harness
) -> None:
    await browser.opens("/l/ktp-el")
    for label in ("Setuju", *["Lewati"] * 4, *["Sangat"] * 5, *["Tidak menjawab"] * 4):
        await office.restarts()
        await browser.presses(label if label != "Sangat" else browser.labels[3])
    for label, text in (("Tulis saran", None), ("Simpan saran", "Kursi kurang"), ("Kirim", None)):
        await office.restarts()
        await browser.presses(label, text)
    browser.sees("Tanda terima: ")
    await office.restarts()
    await browser.opens(browser.path)
    browser.sees("Tanda terima: ")
    assert office.stored.answers_and_sum() == (9, 20)
    assert office.stored.suggestions() == ["Kursi kurang"]


async def test_without_its_cookie_an_open_survey_is_nobodys(
    browser: Browser, office: Harness
) -> None:
    await browser.begins()
    await browser.answers(4)
    browser.forgets()
    await browser.answers(4)
    browser.sees(NOT_HERE, "Layanan apa")
    await browser.opens("/isi")
    browser.sees("Tidak ada survei yang sedang diisi")
    assert office.stored.answers() == [4]


async def test_in_another_browser_neither_form_nor_thanks_show_anything(
    browser: Browser, other: Browser, office: Harness
) -> None:
    await browser.begins()
    await other.begins("/l/kk")
    await other.presses("Sangat sesuai", on=browser.page)
    other.sees(NOT_HERE)
    await browser.answers(*NINE, 0, 0, 0, 0)
    review = browser.page
    await browser.presses("Kirim")
    await other.opens(browser.path)
    other.sees_not("Tanda terima")
    await other.presses("Kirim", on=review)
    other.sees(NOT_HERE)
    assert office.stored.answers_and_sum() == (9, sum(NINE))


@BOTH_DATABASES
async def test_a_period_that_closes_under_the_form_counts_a_given_opinion(
    browser: Browser, other: Browser, office: Harness
) -> None:
    await office.reaches("2026-09-30 23:55")
    await browser.begins()
    await browser.answers(*NINE)
    await other.begins("/l/kk")
    await other.answers(4, 4)
    office.world.clock.set(local("2026-10-01 00:00"))
    await browser.answers(1)
    browser.sees("Penilaian ini sudah terkirim.", "Tanda terima: ")
    await other.answers(1)
    other.sees("Survei ini sudah berakhir", START_AGAIN)
    assert office.stored.channels_and_status() == [("web", 1)]
    assert office.stored.response_periods() == ["2026-TW3"]
    await browser.begins()
    browser.sees("Pertanyaan 1 dari 9")


async def test_a_survey_left_for_seven_days_has_ended(browser: Browser, office: Harness) -> None:
    await browser.begins()
    await browser.answers(4)
    await office.reaches("2026-07-13 09:01")
    await browser.answers(4)
    browser.sees("Survei ini sudah berakhir", START_AGAIN)
    await browser.opens("/isi")
    browser.sees("Tidak ada survei yang sedang diisi")


async def test_a_second_service_offers_to_go_on_or_to_change(
    browser: Browser, office: Harness
) -> None:
    await browser.begins()
    await browser.answers(4)
    await browser.opens("/l/kk")
    browser.sees("Survei belum selesai", "KTP-el (1/9)", "Kartu Keluarga")
    choice = browser.page
    await browser.presses("Lanjutkan (1/9)")
    browser.sees("Pertanyaan 2 dari 9")
    await browser.presses("Ganti", on=choice)
    browser.sees("Kartu Keluarga", "anonim")
    await browser.presses("Setuju")
    await browser.presses("Ganti", on=choice)
    browser.sees("Kartu Keluarga", "Pertanyaan 1 dari 9")
    assert office.stored.answers() == []


async def test_going_on_at_the_list_and_starting_over(browser: Browser, office: Harness) -> None:
    await browser.begins()
    await browser.answers(4)
    await browser.opens("/")
    browser.sees("Survei belum selesai", "layanan lain?")
    await browser.opens("/l/ktp-el")
    await browser.presses("Mulai dari awal")
    browser.sees("anonim")
    assert office.stored.open_count() == 0
    await browser.begins()
    await browser.opens("/")
    await browser.presses("Ganti")
    browser.sees("Layanan apa")


@BOTH_DATABASES
async def test_from_one_browser_a_service_is_rated_three_times_a_period(
    browser: Browser, office: Harness
) -> None:
    await browser.rates()
    await browser.presses("Isi untuk orang lain")
    await browser.presses("Setuju")
    await browser.answers(*NINE, 0, 0, 0, 0)
    await browser.presses("Kirim")
    await browser.opens("/l/ktp-el")
    browser.sees("Sudah dinilai", "untuk orang lain")
    again = browser.page
    await browser.presses("Isi untuk orang lain")
    await browser.presses("Setuju")
    await browser.answers(*NINE, 0, 0, 0, 0)
    await browser.presses("Kirim")
    browser.sees("Tanda terima")
    assert browser.labels == []
    await browser.presses("Isi untuk orang lain", on=again)
    browser.sees("Dari browser ini KTP-el sudah dinilai 3 kali")
    assert office.stored.urutan() == [1, 2, 3]


async def test_too_few_answers_cannot_be_sent(browser: Browser, office: Harness) -> None:
    await browser.begins()
    await browser.answers(4, 4, 0, 0, 0, 0, 0, 4, 4, 0, 0, 0, 0)
    browser.sees("Terjawab baru 4 dari 9; paling sedikit 5")
    assert "Kirim" not in browser.labels
    await browser.presses("Isi yang dilewati")
    browser.sees("Pertanyaan 3 dari 9")
    await browser.answers(4, 0, 0, 0, 0)
    await browser.presses("Kirim")
    browser.sees("Tanda terima")
    assert office.stored.answers_and_sum() == (9, 20)


async def test_a_suggestion_too_long_stays_in_the_form(browser: Browser, office: Harness) -> None:
    await browser.begins()
    await browser.answers(*NINE, 0, 0, 0, 0)
    await browser.presses("Tulis saran")
    long = ("Kursi kurang & panas. " * 50).strip()
    await browser.presses("Simpan saran", long)
    assert browser.status == 422
    browser.sees("Saran terlalu panjang (1099 huruf)", "paling panjang 1000 huruf")
    assert browser.page.fields["teks"] == long
    await browser.presses("Simpan saran", long[:1000])
    browser.sees("Saran Anda:")
    await browser.presses("Ubah saran")
    assert browser.page.fields["teks"] == long[:1000].strip()
    await browser.presses("Simpan saran", "  ")
    browser.sees_not("Saran Anda:")
    await browser.presses("Kirim")
    assert office.stored.suggestion_count() == 0


async def test_a_database_in_trouble_keeps_the_answer_for_another_press(
    browser: Browser, office: Harness
) -> None:
    await browser.begins()
    browser.trouble = True
    await browser.answers(4)
    assert browser.status == 503
    browser.sees("Jawaban terakhir belum tersimpan")
    browser.trouble = False
    await browser.presses("Coba lagi")
    browser.sees("Pertanyaan 2 dari 9")
    await browser.answers(*NINE[1:], 0, 0, 0, 0)
    await browser.presses("Tulis saran")
    browser.trouble = True
    await browser.presses("Simpan saran", "Kursi kurang")
    assert browser.page.fields["teks"] == "Kursi kurang"
    browser.trouble = False
    await browser.presses("Coba lagi")
    await browser.presses("Kirim")
    assert office.stored.suggestions() == ["Kursi kurang"]


@BOTH_DATABASES
async def test_erasing_takes_everything_back_and_the_cookie(
    browser: Browser, other: Browser, office: Harness
) -> None:
    await other.rates()
    tallies = office.stored.tally_sum()
    await browser.rates(path="/l/ktp-el?bahasa=id")
    await browser.begins("/l/kk")
    await browser.follows("Hapus data saya")
    browser.sees("Ini tidak dapat dibatalkan.")
    await browser.presses("Tidak")
    browser.sees("Tidak ada yang dihapus")
    assert office.stored.response_count() == 3
    await browser.opens("/hapus")
    await browser.presses("Ya, hapus")
    browser.sees("Sudah dihapus")
    assert browser.cookies == {}
    assert office.stored.channels_and_status() == [("web", 1)]
    assert office.stored.tally_sum() == tallies
    assert office.stored.language_count() == 0
    await browser.opens("/isi")
    browser.sees("Tidak ada survei yang sedang diisi")


async def test_erasing_without_a_cookie_changes_nothing(browser: Browser, other: Browser) -> None:
    await other.begins()
    await browser.opens("/hapus")
    await browser.presses("Ya, hapus")
    browser.sees("Sudah dihapus")
    await other.opens("/isi")
    other.sees("Pertanyaan 1 dari 9")


async def test_a_person_in_the_chat_and_one_in_a_browser_are_two(
    browser: Browser, citizen: Actor, office: Harness
) -> None:
    await citizen.begins()
    await browser.begins()
    await citizen.answers(4)
    await browser.answers(1)
    browser.sees("Pertanyaan 2 dari 9")
    assert office.stored.open_count() == 2
