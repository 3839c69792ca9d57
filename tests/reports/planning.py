"""A year of a plan for tests of the papers of planning."""

from __future__ import annotations

from reports.document import Signature
from reports.planning.planning_papers import (
    PlannedLine,
    QuarterTexts,
    Recommendation,
    YearPaper,
)
from tests.reports import sample

QUARTERS = (
    QuarterTexts("80,00", "Sosialisasi standar pelayanan kepada semua petugas loket dan desa",
                 "81,25", "101,56 %", "Antrean KTP-el pindah ke pagi hari, dua petugas loket"),
    QuarterTexts("82,00", "Penambahan satu loket KTP-el dan KK", "80,10", "97,68 %",
                 "Jaringan putus tiga hari; sudah ada cadangan dari penyedia lain"),
    QuarterTexts("82,50", "Evaluasi waktu penyelesaian setiap layanan", "", "", ""),
    QuarterTexts("83,00", "", "", "", ""),
)  # fmt: skip
EMPTY = tuple(QuarterTexts("", "", "", "", "") for _ in range(4))
AKUNTABILITAS = "Meningkatnya akuntabilitas kinerja kecamatan"
PROGRAM = "Program Penunjang Urusan Pemerintahan Daerah Kabupaten/Kota"
LINES = (
    PlannedLine(
        AKUNTABILITAS, "Indeks kepuasan unit kerja", "Indeks", "80,00", "77,56", "96,95 %",
        "Sangat tinggi", "76,02", "82,00", "94,59 %", PROGRAM, "Rp 2.845.600.000",
        "Koordinasi antarseksi membaik sejak rapat dua mingguan; dukungan sarana masih kurang.",
        "gabungan 2026-S1, 2026-S2", EMPTY,
    ),
    PlannedLine(
        AKUNTABILITAS, "Nilai hasil evaluasi SAKIP", "Nilai", "70,00 (BB)", "71,35 (BB)",
        "101,93 %", "Sangat tinggi", "68,90", "74,00", "96,42 %", PROGRAM, "Rp 2.845.600.000", "",
        "LHE 700/12/2026", EMPTY,
    ),
    PlannedLine(
        "Meningkatnya kualitas pelayanan kecamatan", "Indeks Kepuasan Masyarakat (IKM)", "Indeks",
        "83,00", "84,76", "102,12 %", "Sangat tinggi", "81,90", "85,00", "99,72 %",
        "Program Penyelenggaraan Pemerintahan dan Pelayanan Publik", "Rp 184.250.000",
        "Naik karena waktu penyelesaian KTP-el dan KK lebih singkat. Terendah tetap waktu"
        " penyelesaian; tahun depan antrean dibagi menurut layanan.",
        "gabungan 2026-TW1, 2026-TW2, 2026-TW3, 2026-TW4", QUARTERS,
    ),
)  # fmt: skip
RECOMMENDATIONS = (
    Recommendation(
        "2025", "Menyelaraskan rencana kerja tahunan dengan sasaran strategis dalam Renstra",
        "Rapat penyelarasan Renja dengan semua seksi", "Kasubbag Perencanaan dan Keuangan",
        "30 April 2026", "selesai", "Rapat dua kali, Renja 2026 diperbaiki; notula 12 Maret 2026",
    ),
    Recommendation(
        "2026", "Memantau rencana aksi setiap triwulan dan mencatat hasilnya", "", "", "",
        "belum direncanakan", "",
    ),
)  # fmt: skip
YEAR = YearPaper(
    office=sample.OFFICE,
    period="Periode 2025–2029",
    last=2029,
    year=2026,
    lines=LINES,
    notes=("IKM setahun: gabungan · LHE menurut tahun terbit",),
    final=True,
    number="100.3.3/14/432.503/2026",
    day="5 Januari 2026",
    version=1,
    first=Signature("", "Plt. Camat Pakong", "Siti Aminah, S.Sos., M.Si.",
                    "NIP 19700101 199003 2 001", "Pembina Tk. I (IV/b)"),
    second=Signature("", "Bupati Pamekasan", "H. Nama Bupati, S.E.", ""),
    recommendations=RECOMMENDATIONS,
)  # fmt: skip
