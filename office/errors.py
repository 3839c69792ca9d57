"""Errors that stop a command or the start: the sentence an operator reads of each."""

from __future__ import annotations

from office.config import ConfigError
from office.secret import DatabaseMissing, KeyMissing, SecretChanged
from office.words.all_words import WordsError
from scoring.instrument_file import InstrumentError
from storage.database import DatabaseTrouble, TroubleKind
from storage.maintenance.schema import NewerSchema

# Each of these is told by its docstring, behind the config's key that it concerns.
KEYS: dict[type[Exception], str] = {
    NewerSchema: "database.url",
    DatabaseTrouble: "database.url",
    DatabaseMissing: "database.url",
    KeyMissing: "secret_file",
    SecretChanged: "secret_file",
}
# What an operator reads of a kind of trouble.
CAUSES: dict[TroubleKind, str] = {
    "locked": "terkunci program lain",
    "disk full": "disk penuh",
    "read-only": "hanya-baca",
    "permission denied": "izin ditolak",
    "input/output error": "disk gagal dibaca atau ditulis",
    "damaged": "berkas rusak, atau bukan basis data",
    "cannot be opened": "tidak dapat dibuka",
    "missing": "berkas basis data tidak ada di tempatnya",
    "exchanged": "basis data ditukar; hentikan program, kembalikan yang benar, lalu jalankan lagi",
    "disconnected": "terputus dari server",
    "no free connection": "sambungan habis",
    "timed out": "terlalu lama menjawab",
    "overtaken": "terus didahului proses lain",
    "unknown": "lihat catatan",
}
STOPS: tuple[type[Exception], ...] = (ConfigError, InstrumentError, WordsError, *KEYS)


def sentence(stop: Exception) -> str:
    """What the operator reads of one of the `STOPS`."""
    for kind, key in KEYS.items():
        if isinstance(stop, kind):
            cause = f" ({CAUSES[stop.kind]})" if isinstance(stop, DatabaseTrouble) else ""
            return f"{key}: {' '.join(str(kind.__doc__).split())}{cause}"
    return str(stop)
