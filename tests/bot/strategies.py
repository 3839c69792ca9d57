"""Hypothesis strategies of test_walk: people, texts, files, links, forged buttons."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import TypeAlias

from hypothesis import strategies as st

from bot import commands
from office.conversation import Kind, Tap, to, write_tap
from tests.bot.test_paper_entry import csv, row

CITIZENS = {"Siti": 730_000_101, "Budi": 730_000_102, "Mary": 730_000_103}
OFFICERS = {
    "admin": 740_000_001,
    "camat": 740_000_002,
    "pejabat": 740_000_003,
    "petugas": 740_000_004,
    "kepala_unit": 740_000_005,
}
NAME = "Zulaikha\u202e<b>Qw</b>"  # the name of everybody on Telegram; no row may contain it
COMMANDS = sorted({*commands.COMMANDS, "gubernur"})
TYPED = (
    "KTP baru",
    "12",
    "0",
    "71,35",
    "2026",
    "2026-TW3",
    "2026-Q3",
    "31-12-2026",
    "tidak ada alasan lain",
    "-999999999999",
    "9" * 40,
    "٣",
    "<b>tebal</b> & </b><a href='tg://user?id=1'>",
    "{office} {0} %s",
    '=HYPERLINK("http://x")',
    "\u202egnp.exe",
    "Кеcamatan",
    "\U0001d54f" * 60,
    "👩‍👩‍👧‍👦" * 30,
    "a" * 4096,
    "../../etc/passwd",
    "'; DROP TABLE response; --",
    "/tapi kursinya kurang",
    "/" * 50,
    "\0\x1b[2J",
)
LINKS = ("l_ktp-el", "l_kk", "l_kk_1", "l_tidak-ada", "r_hasil", "u_" + "A" * 30, "u_", "x" * 64)


def bomb() -> bytes:
    """A workbook of a few kilobytes whose sheet decompresses to 8 MB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 2**23)
    return packed.getvalue()


FILES: dict[str, bytes] = {
    "stiker": b"",
    "kosong.csv": b"",
    "kertas.xlsx": bomb(),
    "rusak.xlsx": b"PK\x03\x04",
    "../../puas.key": b"tanggal,jam\n1,2\n",
    "\u202exslx.exe": b"MZ\x90\0",
    "<b>.csv": b'"no_slip\n',
    "a" * 200 + ".pdf": b"%PDF-1.7",
    ".": b"\xff\xfe\0\0",
    "rumus.csv": csv(row(1, saran="=1+1"), row(2, service="tidak-ada"), row(3, day="1999-01-01")),
}

CLOCK_JUMPS = {
    "before the close": -timedelta(seconds=30),
    "close": timedelta(),
    "lock": timedelta(days=10),
}
citizens = st.sampled_from(list(CITIZENS))
anybody = st.sampled_from([*CITIZENS, *OFFICERS, "pemilik", "grup", "grup lain"])
officers = st.sampled_from([*OFFICERS, "pemilik"])
places = st.integers(0, 29)  # the index of a button, link or command, modulo their number
back = st.sampled_from((0, 0, 0, 0, 1, 2, 8))  # how many screens before the newest
nilai = st.sampled_from((3, 4, 2, 1, 0))  # 0 skips
messages = st.one_of(
    st.sampled_from(TYPED),
    st.builds(
        lambda name, words: f"/{name} {words}"[:4096].strip(),
        st.sampled_from(COMMANDS),
        st.sampled_from(("", "", *TYPED)),
    ),
    st.builds("/start {}".format, st.sampled_from(LINKS)),
)
numbers = st.sampled_from((0, 1, 2, 3, 7, 2**31, 2**62))
Rating: TypeAlias = tuple[str, str, list[int], str]
Work: TypeAlias = tuple[str, int, list[int], list[str]]
ratings = st.tuples(
    citizens,
    st.sampled_from(("l_ktp-el", "l_kk")),
    st.lists(nilai, min_size=9, max_size=13),
    st.sampled_from(("", "Kursi ditambah", "")),
)
work = st.tuples(
    officers,
    places,
    st.lists(places, min_size=4, max_size=14),
    st.lists(st.sampled_from(TYPED), min_size=3, max_size=3),
)
forgeries = st.one_of(
    st.builds(
        lambda route, number, value, revision: write_tap(to(route, number, value, revision)),
        st.sampled_from(sorted(commands.BUTTONS)),
        numbers,
        st.integers(0, 9),
        st.integers(0, 5),
    ),
    st.builds(
        lambda kind, number, item, value, revision: write_tap(
            Tap(kind, number, item, value, revision)
        ),
        st.sampled_from(Kind),
        numbers,
        st.sampled_from(("WAKTU", "ktp-el", "1", "3", "", "simpan", "batal", "setuju")),
        st.integers(0, 9),
        st.integers(0, 5),
    ),
    st.sampled_from(("a", "\0", "a.0.WAKTU.3", "y.zzzzzzzzzzzzz.kelola.0.0", "ک" * 32)),
)
