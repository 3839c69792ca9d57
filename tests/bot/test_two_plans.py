"""One office from an empty database over two planning periods, by chat and by workbook.

The plan 2024–2026 has two years before the bot; the plan 2027–2031 is copied from it. Each job of
the admin costs the messages and taps that docs/how-to/admin.md says.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from office import bootstrap
from tests.bot.respondents import Respondent, rate, rate_as_heads
from tests.bot.test_heads import begins
from tests.bot.test_laporan import messages_go_out
from tests.bot.test_manage import opens
from tests.bot.test_officials import names
from tests.bot.test_unit_index import all_messages_go_out
from tests.counted import CountedActor
from tests.harness import CAMAT_GROUP, Actor, Harness
from tests.reports.rendered import poppler_text
from tests.reports.test_plan_workbook import book

pytestmark = [pytest.mark.process, pytest.mark.slow]

AS_SHIPPED = {"preview_days": 1, "rating_days": 30, "reminders": True}
DOCS = Path(__file__).parents[2] / "docs" / "how-to" / "admin.md"
AHMAD, BUDI, BUPATI = "Drs. H. Ahmad, M.Si.", "Ir. Budi Santoso", "H. Abdul Karim"
SKIP, SAVE = "[Kosongkan]", "[✅ Simpan]"
LINK = re.compile(r"start=(u_[A-Za-z0-9_-]+)")
UNITS, HEADS = ("Seksi Data", "Seksi Kebersihan"), 9

# Per quarter: how many citizens answer all 3, and how many all 4.
OPINIONS = {
    "2026-TW3": (20, 20), "2026-TW4": (10, 30),
    "2027-TW1": (30, 10), "2027-TW2": (20, 20), "2027-TW3": (10, 30), "2027-TW4": (20, 20),
}  # fmt: skip
PAST = book(
    Rencana=[["Keterangan", "Isi"], ["Tahun pertama", 2024], ["Tahun terakhir", 2026]],
    Target=[
        ["Kode", "Tahun", "Target"],
        ["UNIT_KERJA", 2024, 76], ["UNIT_KERJA", 2025, 78], ["UNIT_KERJA", 2026, 80],
        ["SAKIP", 2024, 68], ["SAKIP", 2025, 69], ["SAKIP", 2026, 70],
        ["IKM", 2024, 81], ["IKM", 2025, 82], ["IKM", 2026, 83],
    ],
    Realisasi=[
        ["Kode", "Tahun", "Realisasi", "Sumber"],
        ["UNIT_KERJA", 2024, "74,10", "LKjIP 2024"], ["UNIT_KERJA", 2025, 75, "LKjIP 2025"],
        ["SAKIP", 2024, "66,80", "LKjIP 2024"], ["SAKIP", 2025, "69,40", "LKjIP 2025"],
        ["IKM", 2024, "80,25", "LKjIP 2024"], ["IKM", 2025, "81,90", "LKjIP 2025"],
    ],
)  # fmt: skip
ACTIONS = book(
    Rencana=[
        ["Keterangan", "Isi"], ["Tahun pertama", 2027], ["Tahun terakhir", 2031],
        ["Nomor SK", "188/21/432.300/2027"], ["Tanggal SK", "2 Februari 2027"],
    ],
    Target=[["Kode", "Tahun", "Program", "Anggaran"], ["IKM", 2027, "Pelayanan", "Rp150.000.000"]],
    Rencana_aksi=[
        ["Kode", "Tahun", "Triwulan", "Target", "Rencana aksi"],
        *(["IKM", 2027, quarter, 84, f"Loket {quarter} dibuka"] for quarter in range(1, 5)),
    ],
)  # fmt: skip
TARGETS = (
    "UNIT_KERJA 2027: 82; 2028: 83; 2029: 84; 2030: 85; 2031: 86\n"
    "SAKIP 2027: 72; 2028: 73; 2029: 74; 2030: 75; 2031: 76 (BB)\n"
    "IKM 2027: 84; 2028: 85; 2029: 86; 2030: 87; 2031: 88"
)

# What each paper says: its period, its figures, its day. IKM 2026: (30 × 3 + 50 × 4) ÷ 80 × 25;
# heads: (6 × 3 + 2 × 4) ÷ 8 × 25; 2027: 80 of 3 and 80 of 4; heads 15 × 3 + 3 × 4 of 18.
OF_2026 = {
    "iku-2026.pdf": ("Periode 2024–2026", "69,40", "90,63 109,19 %", "29 Januari 2027"),
    "pk-2026.pdf": ("PERJANJIAN KINERJA TAHUN 2026", BUPATI, "83,00", "5 Januari 2026"),
    "aksi-2026.pdf": ("RENCANA AKSI", "2026", "29 Januari 2027"),
    "aksi-2026-TW4.pdf": ("TRIWULAN IV TAHUN 2026", "93,75", "87,50", "29 Januari 2027"),
    "lkjip-2026.pdf": ("CAPAIAN KINERJA TAHUN 2026", "75,00 81,25", "90,63", "29 Januari 2027"),
    "laporan-2026.pdf": ("Tahun 2026", "adalah 90,63, mutu pelayanan A", "80 responden"),
    "publikasi-2026.pdf": ("90,63", "80"),
    "indeks-unit-2026-S2.pdf": ("Semester II 2026", "unit kerja: 81,25", "8 dari 9 unit kerja"),
}
OF_2027 = {
    "iku-2027.pdf": ("Periode 2027–2031", "188/21/432.300/2027", "87,50 104,17 %", "90,63"),
    "pk-2027.pdf": ("PERJANJIAN KINERJA TAHUN 2027", BUPATI, "Rp150.000.000", "84,00"),
    "aksi-2027.pdf": ("RENCANA AKSI", "2027", "Loket 3 dibuka", "8 Februari 2027"),
    "aksi-2027-TW4.pdf": ("TRIWULAN IV TAHUN 2027", "81,25", "93,75", "28 Januari 2028"),
    "lkjip-2027.pdf": ("CAPAIAN KINERJA TAHUN 2027", "81,25 79,17 86,00", "28 Januari 2028"),
    "laporan-2027.pdf": ("Tahun 2027", "adalah 87,50, mutu pelayanan B", "160 responden"),
    "publikasi-2027.pdf": ("87,50", "160"),
    "indeks-unit-2027-S1.pdf": ("Semester I 2027", "unit kerja: 75,00"),
    "indeks-unit-2027-S2.pdf": ("Semester II 2027", "unit kerja: 83,33"),
}


@pytest.fixture
async def office(tmp_path: Path, database_url: str) -> AsyncIterator[Harness]:
    """An office that starts for the first time: no plan of these years, no admin."""
    harness = Harness(tmp_path, database_url, settings={"schedule": AS_SHIPPED})
    await harness.open()
    yield harness
    await harness.close()


@pytest.fixture
async def admin(office: Harness) -> CountedActor:
    """Who claims the office with the code that `puas run` prints."""
    code = await office.app.turns.do(lambda db: bootstrap.first_code(db, office.now))
    admin = CountedActor(office, 9001, name="Admin")
    await admin.says(f"/klaim {code}")
    admin.sees("Anda sekarang admin Kecamatan Pakong")
    return admin


# --- what is set up once ----------------------------------------------------------------------


async def sets_up(admin: CountedActor) -> None:
    """Nine unit kerja, the two who sign, and how many used the services."""
    for unit in UNITS:
        await opens(admin, "Unit pelayanan", "➕")
        slug = unit.lower().replace(" ", "-")
        await admin.fills(unit, f"[{slug}]", "[Ya]", SAVE)
    await signatory(admin, "[pimpinan]", AHMAD, SKIP)
    await signatory(admin, "[atasan]", BUPATI, SKIP)
    with admin.job("Jumlah pengguna layanan satu triwulan"):
        await opens(admin, "Pengguna", "Triwulan III", "Kecamatan Pakong")
        await admin.fills("236", SAVE)
    admin.sees("146 (Krejcie–Morgan)")


async def signatory(admin: Actor, seat: str, name: str, since: str) -> None:
    """Add somebody who signs."""
    jabatan = "[Bupati]" if name == BUPATI else "[Camat Pakong]"
    answers = (seat, name, jabatan, "[Definitif]", "Pembina (IV/a)", "19700101 199003 1 001")
    await names(admin, *answers, since, SKIP)


async def invites(admin: CountedActor, person: Callable[..., Actor]) -> list[Actor]:
    """Invite the heads of all units in one message; each accepts."""
    with admin.job("Undangan untuk sembilan kepala unit kerja"):
        await admin.fills("/undang", "[👥]", "[Lanjut]", SAVE)
    heads = [person(number, name="Kasi") for number in range(501, 501 + HEADS)]
    for head, link in zip(heads, LINK.findall(admin.text), strict=True):
        await head.scans(link)
        await head.taps("Ya, benar")
    await messages_go_out(admin.office, HEADS)  # each acceptance is told to the admin
    return heads


async def links(admin: Actor) -> Actor:
    """Add the bot to the Camat's group and press its button."""
    admin.office.world.add_group(CAMAT_GROUP, "Camat Pakong", [admin.id])
    await admin.office.works()
    group = Actor(admin.office, admin.id, chat=CAMAT_GROUP)
    await group.taps("Pasang di sini")
    group.sees("sekarang menerima ringkasan Kecamatan Pakong")
    return group


# --- plans ------------------------------------------------------------------------------------


async def copies(admin: CountedActor, plan: str, years: str) -> None:
    """Copy a plan to the next period."""
    with admin.job("Rencana periode berikutnya, disalin"):
        await admin.fills("/iku", "[📋]", f"[IKU Periode {plan}]", "[➕]", years, SAVE)
    admin.sees(f"IKU Periode {years}", "sudah dibuat")


async def applies(admin: CountedActor, file: bytes, changes: str) -> None:
    """Send a workbook, read what it changes, and apply it."""
    await admin.sends("rencana.xlsx", file)
    await messages_go_out(admin.office, 2)
    admin.sees(changes, "Terapkan?")
    await admin.taps("✅ Terapkan")
    await messages_go_out(admin.office, 2)
    admin.sees("sudah diperbarui")


async def enters_the_past(admin: CountedActor) -> None:
    """Targets of three years, and what was reached in two of them, by one workbook."""
    with admin.job("Target tiga tahun dan realisasi dua tahun yang lalu, lewat lembar kerja"):
        await admin.fills("/iku", "[📋]", "[IKU Periode 2024–2026]", "[📄]")
        await messages_go_out(admin.office, 2)
        await applies(admin, PAST, "21 perubahan")
    await admin.says("/iku 2025")
    admin.sees("81,90 dari target 82,00", "diisi tangan: LKjIP 2025", "2024 80,25")


async def aims(admin: CountedActor) -> None:
    """Targets of five years of every indikator in one message."""
    with admin.job("Target lima tahun untuk tiga IKU"):
        await admin.fills("/iku 2027", "[🎯]", "[Semua indikator]", TARGETS, SAVE)
    admin.sees("target 84,00", "2026 90,63")


async def records(admin: CountedActor, year: int, nilai: str) -> None:
    """Record the LHE of a year."""
    with admin.job("LHE SAKIP tanpa nilai komponen"):
        await admin.says("/sakip")
        head = ("[➕]", f"[{year}]", f"[{year - 1}]", "[PermenPANRB 88/2021]", f"700/12/{year}")
        await admin.fills(*head, f"5 Juli {year}", nilai, "[BB", *[SKIP] * 6, SAVE)
    admin.sees(f"Nilai {nilai} – BB")


# --- papers -----------------------------------------------------------------------------------


async def signs(admin: CountedActor, year: int, name: str, day: str) -> None:
    """Number and date a paper, mark it as signed, and get it in three formats."""
    with admin.job("Nomor, tanggal, tanda tangan, dan berkas satu dokumen"):
        await admin.fills(f"/iku {year}", "[📑]", f"[{name}]", "[✍]", f"{name}/{year}", day, SAVE)
        await admin.fills("[✅ Tandai]", "[Ya, sudah]")
        admin.sees("isinya tidak berubah lagi")
        await admin.taps("⬇")
    await messages_go_out(admin.office, 4)


async def asks(admin: CountedActor, label: str) -> None:
    """Get the report of a year and what belongs to it."""
    with admin.job("Laporan setahun dengan semua berkasnya"):
        await admin.says(f"/laporan {label}")
    await messages_go_out(admin.office, 12)


async def received(admin: Actor) -> dict[str, bytes]:
    """The newest file of each name that the bot sent."""
    sent = [each for each in admin.messages if "document" in each and each["from"]["is_bot"]]
    newest = {each["document"]["file_name"]: each["document"]["file_id"] for each in sent}
    bot = admin.office.app.bot
    return {
        name: bytes(await (await bot.get_file(file)).download_as_bytearray())
        for name, file in newest.items()
    }


def wrong(
    papers: Mapping[str, bytes], expected: Mapping[str, Sequence[str]], camat: str
) -> list[str]:
    """What these papers do not say as expected, or who signs them beside this Camat."""
    (other,) = {AHMAD, BUDI} - {camat}
    texts = {name: poppler_text(papers[name]) for name in expected}
    unsaid = [
        f"{name}: {part}\n{texts[name]}"
        for name, parts in expected.items()
        for part in (*parts, camat)
        if part not in texts[name]
    ]
    return unsaid + [f"{name}: {other}" for name, text in texts.items() if other in text]


# --- what happens meanwhile -------------------------------------------------------------------


async def goes_by(office: Harness, label: str) -> None:
    """Citizens answer in a quarter; it is closed, locked, and sent to the group."""
    of_three, of_four = OPINIONS[label]
    people = [Respondent([3] * 9)] * of_three + [Respondent([4] * 9, "kk")] * of_four
    await rate(office, people)
    calendar = office.app.office.calendar
    locked = calendar.lock_at(calendar.parse(label).end)
    for moment in (locked, calendar.group_at(locked)):
        office.world.clock.set(moment + timedelta(seconds=5))
        await office.ticks()
        await all_messages_go_out(office)


async def heads_rate(office: Harness, moment: str, heads: Sequence[Actor], fours: int) -> None:
    """The heads are told that they may rate; the first by taps; the last ones answer all 4."""
    await heads[0].says("/nilai")
    assert heads[0].labels() == []
    await office.reaches(moment)
    await all_messages_go_out(office)
    await begins(heads[0])
    await heads[0].answers(*[3] * 21)
    await heads[0].taps("✅")
    heads[0].sees("sudah terkirim")
    values = [3] * (len(heads) - 1 - fours) + [4] * fours
    await rate_as_heads(heads[1:], values)


def documented() -> dict[str, int]:
    """What each job costs by the table of the docs."""
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| (\d+) \|$", DOCS.read_text("utf-8"), re.MULTILINE)
    return {name: int(cost) for name, cost in rows}


async def test_an_office_goes_through_two_planning_periods(
    admin: CountedActor, person: Callable[..., Actor], office: Harness
) -> None:
    group = await links(admin)
    await sets_up(admin)
    heads = await invites(admin, person)
    await copies(admin, "2018–2023", "2024–2026")
    await enters_the_past(admin)
    await records(admin, 2026, "71,35")
    await signs(admin, 2026, "Perjanjian Kinerja", "5 Januari 2026")
    await goes_by(office, "2026-TW3")
    group.sees("87,50 – mutu B (Baik); target 83 tercapai", "40 responden dari 146")
    await heads_rate(office, "2026-12-02 09:00", heads[:8], fours=2)
    await goes_by(office, "2026-TW4")
    group.sees("IKU 2026: unit kerja 81,25/80", "SAKIP 71,35/70 · IKM 90,63/83")
    await office.reaches("2027-01-29 09:00")
    for name in ("Lembar IKU", "Rencana Aksi", "Pengukuran Triwulan IV", "Tabel LKjIP"):
        await signs(admin, 2026, name, "29 Januari 2027")
    await asks(admin, "2026")
    of_first = await received(admin)
    assert wrong(of_first, OF_2026, AHMAD) == []

    await signatory(admin, "[pimpinan]", BUDI, "1 Februari 2027")
    await copies(admin, "2024–2026", "2027–2031")
    await aims(admin)
    await office.reaches("2027-02-08 09:00")
    await applies(admin, ACTIONS, "12 perubahan")
    for name in ("Perjanjian Kinerja", "Rencana Aksi"):
        await signs(admin, 2027, name, "8 Februari 2027")
    await goes_by(office, "2027-TW1")
    await heads_rate(office, "2027-06-02 09:00", heads, fours=0)
    await goes_by(office, "2027-TW2")
    await records(admin, 2027, "73,10")
    await goes_by(office, "2027-TW3")
    await heads_rate(office, "2027-12-02 09:00", heads, fours=3)
    await goes_by(office, "2027-TW4")
    group.sees("IKU 2027: unit kerja 79,17/82", "SAKIP 73,10/72 · IKM 87,50/84")
    await office.reaches("2028-01-28 09:00")
    for name in ("Lembar IKU", "Pengukuran Triwulan IV", "Tabel LKjIP"):
        await signs(admin, 2027, name, "28 Januari 2028")
    await asks(admin, "2027")
    assert wrong(await received(admin), OF_2027, BUDI) == []

    await asks(admin, "2026")
    again = await received(admin)
    assert [name for name, file in of_first.items() if again[name] != file] == []
    assert admin.jobs == documented()
