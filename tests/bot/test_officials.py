"""/kelola → Pejabat penanda tangan: who signs on which day, and where the name is printed."""

from __future__ import annotations

from datetime import date

from office.papers import contents
from office.papers.own_words import office_data
from tests.bot.respondents import random_respondents, rate_and_lock
from tests.bot.test_manage import opens
from tests.harness import BOTH_DATABASES, Actor, Harness

CAMAT, NIP = "Drs. H. Ahmad, M.Si.", "19700101 199003 1 001"
SKIP = "[Kosongkan]"


async def names(admin: Actor, *answers: str) -> None:
    """Add a signatory by the form."""
    await opens(admin, "Pejabat penanda tangan", "➕")
    await admin.fills(*answers, "[✅ Simpan]")


async def heads(admin: Actor, name: str, acting: str, since: str, until: str = SKIP) -> None:
    """Add a head of the office."""
    await names(
        admin, "[pimpinan]", name, "[Camat Pakong]", f"[{acting}]", "Pembina (IV/a)", NIP,
        since, until,
    )  # fmt: skip


def signs(office: Harness, day: date) -> tuple[str, str]:
    """Who signs on a day, and as what."""
    with office.app.office.database.read() as db:
        data = office_data(db, day)
    return data.kepala, data.jabatan


async def test_a_new_camat_does_not_sign_papers_of_before(admin: Actor, office: Harness) -> None:
    await heads(admin, CAMAT, "Definitif", "[Kosongkan]", "31 Oktober 2026")
    await heads(admin, "Siti Aminah, S.Sos.", "Plt.", "1 November 2026", "30 November 2026")
    await heads(admin, "Ir. Budi", "Definitif", "1 Desember 2026")
    admin.sees(f"{CAMAT} – Camat Pakong", "sampai 31 Oktober 2026", "sejak 1 Desember 2026")
    assert signs(office, date(2026, 10, 31)) == (CAMAT, "Camat Pakong")
    assert signs(office, date(2026, 11, 1)) == ("Siti Aminah, S.Sos.", "Plt. Camat Pakong")
    assert signs(office, date(2026, 12, 1)) == ("Ir. Budi", "Camat Pakong")
    await admin.says("/profil")
    admin.sees(CAMAT)


async def test_a_camat_without_a_last_day_is_shown_until_the_next_one_begins(
    admin: Actor,
) -> None:
    await heads(admin, CAMAT, "Definitif", SKIP)
    await heads(admin, "Siti Aminah", "Plh.", "1 Juli 2026", "10 Juli 2026")
    admin.sees("pimpinan kantor (pihak pertama); sejak awal sampai sekarang")
    await heads(admin, "Ir. Budi", "Definitif", "1 Februari 2027")
    admin.sees("(pihak pertama); sampai 31 Januari 2027", "(pihak pertama); sejak 1 Februari 2027")
    await admin.taps(CAMAT)
    admin.sees("Masa jabatan: sampai 31 Januari 2027")


async def test_the_camat_signs_again_after_a_plh(admin: Actor, office: Harness) -> None:
    await heads(admin, CAMAT, "Definitif", "2 Januari 2026")
    await heads(admin, "Siti Aminah", "Plh.", "1 Juli 2026", "10 Juli 2026")
    assert signs(office, date(2026, 7, 10))[0] == "Siti Aminah"
    assert signs(office, date(2026, 7, 11))[0] == CAMAT
    assert signs(office, date(2026, 1, 1)) == ("", "Camat Pakong")


async def test_a_report_takes_the_signatory_of_its_lock(admin: Actor, office: Harness) -> None:
    await heads(admin, CAMAT, "Definitif", "[Kosongkan]", "31 Oktober 2026")
    await heads(admin, "Ir. Budi", "Definitif", "1 November 2026")
    await rate_and_lock(office, random_respondents(20))
    await office.reaches("2026-12-01 08:00")
    with office.app.office.database.read() as db:
        papers = contents.papers(db, office.app.office, "2026-TW3")
    assert (papers.office.kepala, papers.office.nip) == (CAMAT, NIP)
    assert papers.office.pangkat == "Pembina (IV/a)"


@BOTH_DATABASES
async def test_one_value_is_corrected_and_the_others_are_kept(
    admin: Actor, office: Harness
) -> None:
    await heads(admin, "Salah", "Definitif", "2 Januari 2026")
    await opens(admin, "Pejabat penanda tangan", "Salah", "Ubah")
    await admin.fills(
        "[pimpinan]", CAMAT, "[Tetap: Camat]", "[Definitif]", "[Tetap: Pembina]",
        "[Tetap: 1970]", "[Tetap: 2 Januari 2026]", SKIP, "[✅ Simpan]",
    )  # fmt: skip
    assert signs(office, date(2026, 7, 1))[0] == CAMAT
    assert [action for _, action, _ in office.stored.audit()][-2:] == [
        "tambah_pejabat", "ubah_pejabat",
    ]  # fmt: skip


async def test_a_nip_is_made_of_digits_and_nobody_ends_before_he_begins(admin: Actor) -> None:
    await opens(admin, "Pejabat penanda tangan", "➕")
    await admin.fills("[atasan]", "H. Bupati", "[Bupati]", "[Definitif]", SKIP, "sembilan belas")
    admin.sees("NIP hanya angka")
    await admin.fills(NIP, "2 Januari 2026", "1 Januari 2026")
    admin.sees("sebelum mulai menjabat")
