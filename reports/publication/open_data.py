"""The public figures as data.json and data.csv; docs/how-to/publikasi.md explains the keys."""

import csv
import json
from datetime import UTC, timedelta
from decimal import Decimal
from io import StringIO

from reports import tables
from reports.publication.public_figures import Publication
from scoring import period

VERSION = 2
COLUMNS = ("bagian", "kode", "nama", "jumlah", "nilai", "mutu", "keterangan")
FORMULA = tuple("=+-@\t\r")  # a cell that starts with one of these is calculated


def data_json(publication: Publication) -> bytes:
    """The figures as JSON: decimals are texts with a dot; missing ones are null."""
    return (json.dumps(_values(publication), ensure_ascii=False, indent=2) + "\n").encode()


def _values(publication: Publication) -> dict[str, object]:
    zone = publication.period.zone
    covers, change = publication.covers, publication.change
    last = covers.end - timedelta(microseconds=1)
    return {
        "versi": VERSION,
        "kantor": {
            "nama": publication.office.nama,
            "kabupaten": publication.office.kabupaten,
            "alamat": publication.office.alamat,
        },
        "periode": {
            "label": publication.period.label,
            "judul": period.title(publication.period),
            "mulai": covers.start.astimezone(zone).date().isoformat(),
            "sampai": last.astimezone(zone).date().isoformat(),
        },
        "lengkap": publication.complete,
        "terkunci": publication.locked_at and publication.locked_at.astimezone(UTC).isoformat(),
        "revisi": publication.revision,
        "sidik": publication.fingerprint or None,
        "mode": {
            "instrumen": publication.instrument,
            "bobot": publication.bobot,
            "pembulatan": publication.pembulatan,
        },
        "ikm": _text(publication.ikm),
        "mutu": publication.mutu,
        "kinerja": publication.kinerja,
        "galat": _text(publication.margin),
        "catatan": [*([publication.missing] if publication.missing else []), *publication.remarks],
        "responden": {
            "jumlah": publication.n,
            "diterima": publication.received,
            "populasi": publication.population,
            "sampel_diperlukan": publication.required,
            "kanal": dict(publication.channels),
            "rincian": {
                each.attribute: [{"kelompok": label, "jumlah": n} for label, n in each.rows]
                for each in publication.respondents
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
            for each in publication.unsur
        ],
        "layanan": [
            {
                "nama": each.name,
                "n": each.n,
                "diterima": each.received,
                "ikm": _text(each.ikm),
                "mutu": each.mutu,
            }
            for each in publication.services
        ],
        "tren": [
            {
                "periode": point.label,
                "ikm": _text(point.ikm),
                "mutu": point.mutu,
                "keterangan": tables.trend_note(point),
            }
            for point in publication.trend
        ],
        "perubahan": change
        and {
            "sejak": change.since.label,
            "selisih": _text(change.delta),
            "keterangan": tables.verdict(change),
        },
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
            for line in publication.follow_up
        ],
    }


def data_csv(publication: Publication) -> bytes:
    """The figures as CSV, one in each row; `bagian` is the part of the page."""
    rows: list[tuple[object, ...]] = [
        ("indeks", "IKM", "Indeks Kepuasan Masyarakat", publication.n, publication.ikm,
         publication.mutu, publication.missing or publication.kinerja),
        ("indeks", "GALAT", "Galat (perkiraan)", None, publication.margin, None, None),
    ]  # fmt: skip
    rows += [
        ("unsur", each.code, each.name, None, each.nrr, each.mutu, each.number)
        for each in publication.unsur
    ]
    rows += [
        ("layanan", None, each.name, each.n, each.ikm, each.mutu, None)
        for each in publication.services
    ]
    rows += [
        ("responden", each.attribute, label, n, None, None, None)
        for each in publication.respondents
        for label, n in each.rows
    ]
    rows += [
        ("tren", None, point.label, None, point.ikm, point.mutu, tables.trend_note(point))
        for point in publication.trend
    ]
    if (change := publication.change) is not None:
        since, verdict = change.since.label, tables.verdict(change)
        rows.append(("perubahan", None, since, None, change.delta, None, verdict))
    rows += [
        ("tindak_lanjut", line.unsur, line.kegiatan, None, None, None, line.status)
        for line in publication.follow_up
    ]
    file = StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return file.getvalue().encode()


def _cell(value: object) -> str:
    """Return a cell that no spreadsheet program calculates as a formula."""
    if isinstance(value, str):
        return "'" + value if value.lstrip().startswith(FORMULA) else value
    return "" if value is None else str(value)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
