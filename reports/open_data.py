"""The public facts as data.json and data.csv; the keys stand in docs/how-to/publikasi.md."""

import csv
import json
from datetime import UTC, timedelta
from decimal import Decimal
from io import StringIO

from reports.public import Publication
from scoring import period

VERSION = 1
COLUMNS = ("bagian", "kode", "nama", "jumlah", "nilai", "mutu", "keterangan")
FORMULA = tuple("=+-@\t\r")  # what makes a spreadsheet calculate a cell


def data_json(facts: Publication) -> bytes:
    """The facts as JSON: decimals are texts with a dot, what is missing or hidden is null."""
    return (json.dumps(_values(facts), ensure_ascii=False, indent=2) + "\n").encode()


def _values(facts: Publication) -> dict[str, object]:
    zone = facts.period.zone
    last = facts.period.end - timedelta(microseconds=1)
    return {
        "versi": VERSION,
        "kantor": {
            "nama": facts.office.nama,
            "kabupaten": facts.office.kabupaten,
            "alamat": facts.office.alamat,
        },
        "periode": {
            "label": facts.period.label,
            "judul": period.title(facts.period),
            "mulai": facts.period.start.astimezone(zone).date().isoformat(),
            "sampai": last.astimezone(zone).date().isoformat(),
        },
        "terkunci": facts.locked_at and facts.locked_at.astimezone(UTC).isoformat(),
        "revisi": facts.revision,
        "sidik": facts.fingerprint or None,
        "mode": {
            "instrumen": facts.instrument,
            "bobot": facts.bobot,
            "pembulatan": facts.pembulatan,
        },
        "ikm": _text(facts.ikm),
        "mutu": facts.mutu,
        "kinerja": facts.kinerja,
        "galat": _text(facts.margin),
        "catatan": [*([facts.missing] if facts.missing else []), *facts.remarks],
        "responden": {
            "jumlah": facts.n,
            "populasi": facts.population,
            "sampel_diperlukan": facts.required,
            "kanal": dict(facts.channels),
            "rincian": {
                each.attribute: [{"kelompok": label, "jumlah": n} for label, n in each.rows]
                for each in facts.respondents
            },
        },
        "unsur": [
            {
                "kode": each.code,
                "nomor": each.number,
                "nama": each.name,
                "nrr": _text(each.nrr),
                "nik": _text(each.nik),
                "mutu": each.mutu,
            }
            for each in facts.unsur
        ],
        "layanan": [
            {"nama": each.name, "n": each.n, "ikm": _text(each.ikm), "mutu": each.mutu}
            for each in facts.services
        ],
        "tren": [
            {"periode": point.label, "ikm": _text(point.ikm), "mutu": point.mutu}
            for point in facts.trend
        ],
        "tindak_lanjut": [
            {
                "unsur": line.unsur,
                "kegiatan": line.kegiatan,
                "tenggat": line.due and line.due.isoformat(),
                "status": line.status,
                "deskripsi": line.description,
                "bukti": line.evidence,
                "hambatan": line.obstacle,
            }
            for line in facts.follow_up
        ],
    }


def data_csv(facts: Publication) -> bytes:
    """The same as rows: one a figure, its part of the page in `bagian`."""
    rows: list[tuple[object, ...]] = [
        ("indeks", "IKM", "Indeks Kepuasan Masyarakat", facts.n, facts.ikm, facts.mutu,
         facts.missing or facts.kinerja),
        ("indeks", "GALAT", "Galat (perkiraan)", None, facts.margin, None, None),
    ]  # fmt: skip
    rows += [("unsur", u.code, u.name, None, u.nrr, u.mutu, u.number) for u in facts.unsur]
    rows += [("layanan", None, s.name, s.n, s.ikm, s.mutu, None) for s in facts.services]
    rows += [
        ("responden", each.attribute, label, n, None, None, None)
        for each in facts.respondents
        for label, n in each.rows
    ]
    rows += [("tren", None, at.label, None, at.ikm, at.mutu, None) for at in facts.trend]
    rows += [
        ("tindak_lanjut", line.unsur, line.kegiatan, None, None, None, line.status)
        for line in facts.follow_up
    ]
    written = StringIO()
    sheet = csv.writer(written, lineterminator="\r\n")
    sheet.writerow(COLUMNS)
    sheet.writerows([_cell(value) for value in row] for row in rows)
    return written.getvalue().encode()


def _cell(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(value, str):
        return "'" + value if value.lstrip().startswith(FORMULA) else value
    return "" if value is None else str(value)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
