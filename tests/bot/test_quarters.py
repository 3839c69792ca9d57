"""*Isi realisasi triwulan*: what an indikator reached in a quarter, as its paper prints it."""

from __future__ import annotations

from office.iku import papers
from office.iku.papers import Which
from reports.document import Table
from tests.bot.respondents import Respondent, rate
from tests.bot.test_iku import PLAIN, enters, records
from tests.bot.test_planning import SPAN, goes_out, sends
from tests.bot.test_planning_papers import dates, opens, signs
from tests.harness import BOTH_DATABASES, Actor, Harness
from tests.reports.test_plan_workbook import book

IKM, SAKIP = "Indeks Kepuasan Masyarakat", "Nilai hasil evaluasi SAKIP"
FILL = "[📈 Isi realisasi triwulan]"
HEAD = ["Kode", "Tahun", "Triwulan", "Realisasi"]


def measured(office: Harness, quarter: int) -> dict[str, tuple[str, str]]:
    """Realisasi and cause of each indikator, on the paper of a quarter of 2026."""
    with office.app.office.database.read() as db:
        paper = papers.current(db, office.app.office, Which("aksi", 2026, quarter))
    tables = [block for block in paper.content.blocks if isinstance(block, Table)]
    return {row[1]: (row[4], row[6]) for row in tables[1].rows}


def quarters(*rows: tuple[str, int, float]) -> bytes:
    """A workbook with realisasi of quarters of 2026: code, quarter, number."""
    typed = [[code, 2026, quarter, number] for code, quarter, number in rows]
    return book(Rencana=SPAN, Rencana_aksi=[HEAD, *typed])


async def locks_a_quarter(office: Harness) -> None:
    """Lock the third quarter of 2026, of which the IKM is 75."""
    await rate(office, [Respondent((3,) * 9)] * 6)
    await office.reaches("2026-10-07 08:00")


@BOTH_DATABASES
async def test_a_quarter_is_filled_in_though_the_year_has_its_figure(
    admin: Actor, office: Harness
) -> None:
    await records(admin, *PLAIN)
    await opens(admin, "Pengukuran Triwulan II")
    await admin.fills(FILL, f"[{SAKIP}]", "68,5", "Menunggu LHE", "[✅ Simpan]")
    admin.sees(f"Pengukuran Triwulan II 2026 disimpan: {SAKIP}")
    assert measured(office, 2)[SAKIP] == ("68,50", "Menunggu LHE")
    await admin.fills("[📈 Indikator lain]", f"[{SAKIP}]", "[Tetap: 68,5]", "Sudah terbit")
    await admin.fills("[✅ Simpan]", "[Lihat dokumennya]")
    admin.sees("Pengukuran Triwulan II 2026")
    assert measured(office, 2)[SAKIP] == ("68,50", "Sudah terbit")


async def test_of_a_locked_quarter_only_the_cause_is_asked(admin: Actor, office: Harness) -> None:
    await locks_a_quarter(office)
    await opens(admin, "Pengukuran Triwulan III")
    await admin.fills(FILL, f"[{IKM}]")
    admin.sees("Realisasinya sudah ada dari bot: 75,00", "Apa penyebabnya")
    await admin.fills("Loket bertambah", "[✅ Simpan]")
    assert ("75,00", "Loket bertambah") in measured(office, 3).values()


async def test_what_is_no_number_is_refused_in_words(admin: Actor, office: Harness) -> None:
    await opens(admin, "Pengukuran Triwulan I")
    await admin.fills(FILL, f"[{SAKIP}]", "tinggi")
    admin.sees('"tinggi"')
    assert measured(office, 1)[SAKIP] == ("n/a", "-")


async def test_a_signed_measurement_is_not_filled_in(admin: Actor) -> None:
    await dates(admin, paper="Pengukuran Triwulan I")
    await signs(admin)
    assert "📈 Isi realisasi triwulan" not in admin.labels()


async def test_a_file_may_tell_each_quarter_but_the_locked_ones(
    admin: Actor, office: Harness
) -> None:
    await locks_a_quarter(office)
    await records(admin, *PLAIN)
    await sends(admin, quarters(("IKM", 1, 80), ("IKM", 3, 90)))
    admin.sees("IKM 2026 TW3 sudah ada dari bot, 75 (Triwulan III 2026); kosongkan selnya")
    await sends(admin, quarters(("IKM", 1, 80), ("SAKIP", 3, 70)))
    admin.sees("2 perubahan", "IKM 2026 TW1, realisasi: kosong → 80")


async def test_a_file_of_the_office_goes_back_in_after_the_bot_has_the_figure(
    admin: Actor, office: Harness
) -> None:
    await enters(admin, 2026, IKM, "80")
    await opens(admin, "Pengukuran Triwulan III")
    await admin.fills(FILL, f"[{IKM}]", "79", "[Kosongkan]", "[✅ Simpan]")
    await locks_a_quarter(office)
    await admin.fills("/iku", "[📋]", "[IKU Periode 2024–2028]", "[📄]")
    await goes_out(office)
    file = await office.app.bot.get_file(admin.screen["document"]["file_id"])
    await sends(admin, bytes(await file.download_as_bytearray()))
    admin.sees("Isi berkas sama dengan rencana IKU Periode 2024–2028")
