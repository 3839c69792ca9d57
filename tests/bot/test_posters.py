"""/poster: posters link to their service and counter, and slip numbers continue."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from storage.survey.owners import RECEIPT
from tests.bot.test_laporan import content, documents, messages_go_out
from tests.harness import BOTH_DATABASES, Actor, Harness
from tests.reports.rendered import page_image, poppler_pages
from tests.reports.test_poster import qr_text, qr_texts


async def opens_counter(admin: Actor) -> None:
    """Add a counter to KTP-el."""
    await admin.fills("/kelola", "[Layanan dan loket]", "[KTP-el]", "[Loket]", "[➕]", "Loket 1")
    await admin.fills("[loket-1]", "[✅ Simpan]")


@pytest.mark.process
async def test_the_poster_of_a_counter_links_to_that_counter(
    admin: Actor, office: Harness, tmp_path: Path
) -> None:
    await opens_counter(admin)
    await admin.fills("/poster", "[KTP-el]", "[Loket 1 · A5]")
    await messages_go_out(office, 2)
    assert documents(admin) == ["poster-ktp-el-loket-1-a5.pdf"]
    admin.sees("Poster A5: KTP-el · Loket 1")
    link = f"https://t.me/{office.app.office.username}?start=l_ktp-el_loket-1"
    assert qr_text(page_image(await content(office, admin), tmp_path)) == link


SITE = "https://survei.pakong.go.id"


async def opens_pages(office: Harness) -> None:
    """Restart with an address of the pages for a browser."""
    office.settings["web"] = {"public_url": SITE}
    await office.restarts()


async def codes(office: Harness, admin: Actor, folder: Path) -> list[str]:
    """The addresses in the QR codes of the poster of KTP-el."""
    await admin.fills("/poster", "[KTP-el]", "[Poster · A5]")
    await messages_go_out(office, 2)
    return qr_texts(page_image(await content(office, admin), folder))


@pytest.mark.process
async def test_an_office_with_pages_offers_both_ways_or_the_pages_alone_as_its_admin_chooses(
    admin: Actor, office: Harness, tmp_path: Path
) -> None:
    await opens_pages(office)
    chat = f"https://t.me/{office.app.office.username}?start=l_ktp-el"
    page = f"{SITE}/l/ktp-el"
    assert await codes(office, admin, tmp_path) == [chat, page]
    await admin.says("/poster")
    admin.sees("satu untuk warga yang punya Telegram")
    before = admin.screen
    await admin.taps("Ganti: satu QR")
    admin.sees("Buka di Telegram")
    await office.restarts()
    assert await codes(office, admin, tmp_path) == [page]
    await admin.taps("Ganti: satu QR", on=before)
    assert office.stored.audit_count("ubah_poster") == 1
    await admin.fills("/poster", "[Ganti: dua QR]")
    assert await codes(office, admin, tmp_path) == [chat, page]


async def test_an_office_without_pages_is_not_asked_which_codes_it_wants(admin: Actor) -> None:
    await admin.says("/poster")
    admin.sees_not("browser")
    assert not [label for label in admin.labels() if "QR" in label]


@pytest.mark.slow
@pytest.mark.process
async def test_all_posters_come_in_one_file(admin: Actor, office: Harness) -> None:
    await opens_counter(admin)
    await admin.fills("/poster", "[Semua layanan]", "[Poster · A4]")
    await messages_go_out(office, 2)
    services = office.stored.service_count(active=True)
    assert len(poppler_pages(await content(office, admin))) == services + 1


@pytest.mark.process
@pytest.mark.slow
async def test_slip_numbers_continue_after_the_last_printed_one(
    admin: Actor, office: Harness
) -> None:
    for first, last in (("0001", "0020"), ("0021", "0040")):
        await admin.says("/poster")
        await admin.fills("[📄]", f"[{first}]", "[20]", "[Bahasa Indonesia]", "[✅ Simpan]")
        await messages_go_out(office, 2)
        assert documents(admin)[-1] == f"kuesioner-{first}-{last}.pdf"
    numbers = re.findall(r"\b00[234]\d\b", " ".join(poppler_pages(await content(office, admin))))
    assert {*numbers} == {f"{number:04}" for number in range(21, 41)}
    assert office.stored.audit_count("cetak_kuesioner") == 2


async def prints(admin: Actor, first: str, count: str) -> None:
    """Have some numbered slips printed."""
    await admin.fills("/poster", "[📄]", first, count, "[Bahasa Indonesia]", "[✅ Simpan]")


async def offered(admin: Actor) -> str:
    """The first number that the next sheet of slips is offered."""
    await admin.fills("/poster", "[📄]")
    return admin.labels()[0]


@pytest.mark.slow
async def test_slips_printed_again_do_not_lower_the_next_number(
    admin: Actor, office: Harness
) -> None:
    await prints(admin, "1", "10")
    await prints(admin, "1", "4")
    assert await offered(admin) == "0011"
    await prints(admin, "11", "2")
    assert await offered(admin) == "0013"
    assert office.stored.audit_count("cetak_kuesioner") == 3


@pytest.mark.slow
async def test_slip_numbers_go_on_in_the_next_period(admin: Actor, office: Harness) -> None:
    await prints(admin, "1", "10")
    await office.reaches("2026-10-01 08:00")
    assert await offered(admin) == "0011"
    await prints(admin, "1", "4")
    assert await offered(admin) == "0011"


@BOTH_DATABASES
@pytest.mark.slow
async def test_slip_numbers_begin_again_after_the_last(admin: Actor) -> None:
    await prints(admin, "9998", "2")
    assert await offered(admin) == "0001"
    await prints(admin, "1", "4")
    assert await offered(admin) == "0005"


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        (["0"], "Nomornya melewati 9999"),
        (["10000"], "Nomornya melewati 9999"),
        (["<b>"], "Tulis bilangan bulat"),
        (["9990", "20x"], "Tulis bilangan bulat"),
        (["9990", "11"], "Nomornya melewati 9999"),
        (["1", "501"], "lebih dari 500 lembar"),
    ],
)
async def test_invalid_slip_numbers_are_asked_again(
    answers: list[str], sentence: str, admin: Actor, office: Harness
) -> None:
    await admin.fills("/poster", "[📄]", *answers)
    admin.sees(sentence)
    assert office.stored.outbox_count("kuesioner") == 0


async def test_a_service_deactivated_meanwhile_gets_no_poster(
    admin: Actor, office: Harness
) -> None:
    await admin.fills("/poster", "[KTP-el]")
    sizes = admin.screen
    await office.app.turns.do(
        lambda db: db.exec_driver_sql("UPDATE service SET active = (1 = 0)") and None
    )
    await admin.taps("Poster · A5", on=sizes)
    assert admin.toast == "Itu sudah tidak ada. Buka lagi lewat /kelola."
    assert office.stored.outbox_count("poster") == 0


WITH_CODES = pytest.mark.parametrize(
    "office",
    [{"web": {"visit_codes": True, "public_url": "https://survei.contoh.go.id"}}],
    indirect=True,
)


@WITH_CODES
@pytest.mark.slow
@pytest.mark.process
async def test_codes_of_a_visit_continue_after_the_last_printed_one(
    admin: Actor, office: Harness
) -> None:
    codes: list[str] = []
    for first, last in ((1, 48), (49, 96)):
        await admin.fills("/poster", "[🎟]", "[48]", "[✅ Simpan]")
        await messages_go_out(office, 2)
        assert documents(admin)[-1] == f"kode-kunjungan-2026-TW3-{first}-{last}.pdf"
        printed = poppler_pages(await content(office, admin))
        assert len(printed) == 2
        codes += re.findall(rf"\b{RECEIPT.pattern}\b", " ".join(printed))
    assert len(set(codes)) == 96
    assert office.stored.audit_count("cetak_kode_kunjungan") == 2


@WITH_CODES
async def test_more_codes_than_fit_are_asked_again(admin: Actor) -> None:
    await admin.fills("/poster", "[🎟]", "481")
    admin.sees("Paling banyak 480 kode")


async def test_without_the_setting_no_codes_are_printed(admin: Actor) -> None:
    await admin.says("/poster")
    assert not any("Kode kunjungan" in label for label in admin.labels())
