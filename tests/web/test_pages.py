"""The pages around the survey: the list, results, privacy, languages, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from office.words.all_words import load
from office.words.text import Text
from storage import catalogue
from storage.database import Db
from tests.harness import Actor, Harness
from tests.web.browser import Browser

NINE = (4, 3, 4, 3, 4, 3, 4, 3, 4)


async def adds(office: Harness, *names: str) -> None:
    """Add services of these names to the office's first unit."""

    def add(db: Db) -> None:
        for number, name in enumerate(names):
            assert catalogue.add_service(db, 1, f"baru-{number}", name)

    await office.app.turns.do(add)


# --- the list -----------------------------------------------------------------------------------


async def test_the_list_has_pages_and_leads_to_a_service(browser: Browser) -> None:
    await browser.opens("/")
    assert browser.labels[0] == "KTP-el"
    assert browser.labels[-1] == "Berikutnya ›"
    await browser.presses("Berikutnya")
    assert browser.labels[-1] == "‹ Sebelumnya"
    await browser.presses("Pengaduan")
    browser.sees("Pengaduan", "anonim")
    await browser.presses("Layanan lain")
    assert browser.labels[0] == "KTP-el"


@pytest.mark.parametrize("number", ["999", "-1", "1e9", "²", "99999999999999999999"])
async def test_a_page_of_the_list_that_does_not_exist_is_the_last_or_the_first(
    browser: Browser, number: str
) -> None:
    await browser.opens(f"/?hal={number}")
    assert browser.status == 200
    assert browser.labels


async def test_in_a_long_list_a_service_is_searched(browser: Browser, office: Harness) -> None:
    await adds(office, *(f"Surat keterangan {number}" for number in range(20)))
    await browser.opens("/")
    browser.sees("Daftarnya panjang")
    await browser.presses("Cari", "keterangan 1")
    browser.sees("layanan cocok dengan “keterangan 1”")
    assert browser.page.fields["teks"] == "keterangan 1"
    await browser.presses("Cari", "Paspor <b>")
    browser.sees("Tidak ada layanan yang cocok dengan “Paspor <b>”")
    assert "Berikutnya ›" in browser.labels
    await browser.presses("Cari", "x" * 5000)
    browser.sees("“" + "x" * 60 + "”")


async def test_an_address_of_no_service_leads_to_the_list(browser: Browser) -> None:
    for path in ("/l/tidak-ada", "/l/%3Cb%3E", "/kabar/tidak-ada"):
        await browser.opens(path)
        browser.sees("Layanan pada tautan itu tidak ditemukan", "Layanan apa")


async def test_an_address_of_no_counter_is_that_of_its_service(browser: Browser) -> None:
    await browser.opens("/l/ktp-el/tidak-ada")
    browser.sees("KTP-el", "anonim")


async def test_the_same_service_can_be_opened_in_telegram(browser: Browser) -> None:
    await browser.opens("/l/ktp-el")
    link = browser.page.links["Buka di Telegram"]
    assert link == f"https://t.me/{browser.program.office.username}?start=l_ktp-el"


# --- results, privacy, languages ----------------------------------------------------------------


@pytest.mark.slow
async def test_the_results_are_of_the_newest_locked_period(
    browser: Browser, office: Harness, person: Callable[..., Actor]
) -> None:
    await browser.opens("/hasil")
    browser.sees("Belum ada hasil yang dikunci.")
    for number in range(5):
        await person(200 + number).rates(*NINE)
    await office.reaches("2026-10-07 08:00")
    await browser.opens("/hasil")
    browser.sees("IKM Kecamatan Pakong", "Triwulan III 2026", "5 responden", "Persyaratan: 4,000")
    await browser.opens("/hasil?bahasa=en")
    browser.sees("5 respondents")


async def test_privacy_is_explained_before_any_cookie(browser: Browser) -> None:
    await browser.opens("/privasi")
    browser.sees("Hanya ada satu cookie", "setelah 90 hari", "alamat internet Anda")
    assert browser.cookies == {}
    await browser.follows("Hapus data saya")
    browser.sees("Ini tidak dapat dibatalkan.")


async def test_the_language_is_the_browsers_until_another_is_chosen(browser: Browser) -> None:
    for accepted, seen in (
        ("en-US,en;q=0.9", "Welcome"),
        ("jv", "Selamat datang"),
        ("", "Selamat"),
    ):
        browser.language = accepted
        await browser.opens("/")
        browser.sees(seen)
    await browser.opens("/bahasa")
    await browser.presses("English")
    browser.sees("All right, in English")
    await browser.follows("list of services")


async def test_a_language_chosen_before_the_survey_stays_without_a_cookie(
    browser: Browser,
) -> None:
    await browser.opens("/l/ktp-el")
    await browser.presses("English")
    browser.sees("anonymous")
    assert browser.cookies == {}
    await browser.presses("I agree")
    browser.sees("Question 1 of 9")
    await browser.opens("/isi")
    browser.sees("Question 1 of 9")
    assert 'lang="en"' in browser.body


async def test_a_language_chosen_during_the_survey_keeps_the_answers(
    browser: Browser, office: Harness
) -> None:
    await browser.begins()
    await browser.answers(4)
    await browser.follows("Bahasa / Language")
    await browser.presses("English")
    browser.sees("Question 2 of 9")
    browser.language = "en"
    await browser.answers(*NINE[1:], 0, 0, 0, 0)
    await browser.presses("Send")
    browser.sees("Thank you!", "Receipt: ")
    assert office.stored.answers_and_sum() == (9, sum(NINE))


def test_no_link_stands_in_a_heading() -> None:
    for (kanal, code), words in load().in_browser.items():
        for name, text in vars(words).items():
            if not isinstance(text, Text):
                continue
            lines = text.template.split("\n")
            heading = next((line for line in lines if line.startswith("<b>")), lines[0])
            assert "<a" not in heading, (kanal, code, name)


# --- refusals -----------------------------------------------------------------------------------


async def test_what_is_refused_says_so_and_leads_back(browser: Browser) -> None:
    for method, path, status in (
        ("GET", "/tidak-ada", 404),
        ("GET", "/kios/tidak-ada", 404),
        ("GET", "/../etc/passwd", 404),
        ("GET", "/static/puas.css", 404),
        ("POST", "/tidak-ada", 404),
        ("PUT", "/isi", 405),
        ("DELETE", "/hapus", 405),
    ):
        await browser.asks(method, path, {} if method == "POST" else None)
        assert browser.status == status, path
        await browser.follows("Daftar layanan")
        browser.sees("Layanan apa")


async def test_a_form_too_large_is_refused(browser: Browser, office: Harness) -> None:
    await browser.begins()
    await browser.answers(*NINE, 0, 0, 0, 0)
    await browser.presses("Tulis saran")
    await browser.presses("Simpan saran", "x" * 17_000)
    assert browser.status == 413
    browser.sees("Kiriman itu terlalu besar")
    assert office.stored.draft_suggestions() == [None]


TAPS = [
    "", "x", "a", "a.0", "a.0...", "a.zzzzzzzzzzzzz.x.1.1", "a.0.bogus.4.0", "q.0..0.0",
    "f.0..0.0", "s.0..0.0", "m.0.1.0.2", "m.0.999.0.1", "b.0.xx.0.0",
    "p.0.x.0.1", "p.0.99999999.0.1", "d.0..999999999.0", "a.0.u1.4.0\x00", "é.0..0.0",
    "y.0.peran.0.0", "t.0.simpan.0.0", "v.0.u_abc.1.0", "h.0.setuju.0.0",
]  # fmt: skip


@pytest.mark.parametrize("at", ["/isi", "/", "/l/ktp-el", "/selesai/0", "/kios/ktp-el"])
async def test_forged_taps_are_answered_and_change_nothing(
    browser: Browser, office: Harness, at: str
) -> None:
    before = office.rows()
    for tap in TAPS:
        await browser.asks("POST", at, {"tap": tap, "teks": "x"})
        assert browser.status == 200, tap
        browser.sees("Kecamatan Pakong")
    assert office.rows() == before


async def test_a_forged_answer_of_an_open_survey_changes_nothing(
    browser: Browser, office: Harness
) -> None:
    await browser.begins()
    tap, before = browser.tap("Sangat sesuai"), office.stored.open_revisions()
    for wrong in (
        tap.replace(".4.", ".5."),
        tap.replace(".4.", ".0."),
        tap.replace(".4.", ".999999999."),
        tap + "1",
        "f" + tap[1:],
        "s" + tap[1:],
        "w" + tap[1:],
    ):
        await browser.sends(wrong, "x")
        browser.sees("Pertanyaan 1 dari 9")
    assert office.stored.answers() == []
    assert office.stored.open_revisions() == before


FORM = "application/x-www-form-urlencoded"
BODIES = [
    (FORM, b"\xff\xfe"),
    (FORM, b"tap=%ff&tap=%00"),
    (FORM, b"=&=&=;;;&tap"),
    (FORM, b"tap=x&" * 500),
    (f"{FORM}; charset=lain", b"tap=x"),
    (f"{FORM}; charset=utf-16", b"tap=x"),
    ("multipart/form-data; boundary=x", b"--x\r\nrusak"),
    ("multipart/form-data", b"tap=x"),
    ("text/plain", b"tap=x"),
    ("application/json", b"[" * 9999),
    ("", b"tap=x"),
]


@pytest.mark.parametrize("page", ["/isi", "/kios/ktp-el"])
async def test_a_body_that_is_no_form_of_ours_is_answered_and_changes_nothing(
    browser: Browser, office: Harness, page: str, capfd: pytest.CaptureFixture[str]
) -> None:
    await browser.begins()
    for kind, body in BODIES:
        browser.headers = {"Content-Type": kind}
        await browser.asks("POST", page, body)
        assert browser.status == 200, kind
        browser.sees("Kecamatan Pakong")
    assert office.stored.answers() == []
    assert "error" not in capfd.readouterr().out
