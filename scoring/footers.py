"""Footers: rows of sums, means and figures computed from the answers, known by their label."""

import re

from scoring.headings import plain

HEAD_WORDS = """
    jumlah jml total sum nrr rata rerata mean average skor score nilai ikm skm indeks index mutu
    kinerja bobot maks maksimal maksimum max min minimal minimum persentase persen keterangan ket
    catatan n nik median modus standar tertimbang interval predikat kategori konversi kesimpulan
    penimbang
"""
# Words that follow one of them in a label that has nothing else in it.
REST_WORDS = """
    per unsur setiap tiap responden pelayanan unit layanan yang terisi jawaban persepsi sama dengan
    seluruh semua keseluruhan akhir dan x dasar deviasi hasil survei kepuasan masyarakat tertinggi
    terendah kumulatif butir
"""
HEADS = frozenset(HEAD_WORDS.split())
REST = HEADS.union(REST_WORDS.split())
CODE = re.compile(r"\s*[A-Za-z]+-\d+\s*")  # "skm-2017": the instrument, in a column of our export
SERIAL = re.compile(r"[a-z]+ ?\d+")  # "min-01": the number of a respondent


def begins(text: str) -> bool:
    """Whether a text in the column of running numbers is the label of a computed row."""
    words = plain(text)
    if text.lstrip("*) (").startswith(("Σ", "∑")):
        return True
    return words.split(" ")[0] in HEADS and not SERIAL.fullmatch(words)


def is_label(text: str) -> bool:
    """Whether a text has only words of such a label; in other columns it may be a name."""
    words = plain(text).split()
    if not words or words[0] not in HEADS or len(words[0]) < 2 or CODE.fullmatch(text):
        return False
    return all(word in REST or word.isdecimal() for word in words)
