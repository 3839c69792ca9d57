"""A plan as the sheets of a workbook: their columns, their rows as texts, and what changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from scoring.numbers import with_comma
from scoring.period import long_day
from scoring.plan import NO_TARGET, QUARTERS, IkuQuarter, IkuYear, Plan, PlanHead, PlannedIku

Cell: TypeAlias = tuple[str, tuple[str, ...], str]  # sheet, key of the row, column
Row: TypeAlias = tuple[str, ...]
Own: TypeAlias = Mapping[tuple[str, int, int], str]  # by code, year and quarter
WHOLE_YEAR = 0  # in place of a quarter


@dataclass(frozen=True, slots=True)
class Shape:
    """A sheet: its columns, those that say which row it is, and those for people alone."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    beside: tuple[str, ...] = ()


GENERAL = Shape("Rencana", ("Keterangan", "Isi", "Petunjuk"), ("Keterangan",), ("Petunjuk",))
DUTIES = Shape("Tugas dan fungsi", ("Jenis", "No", "Uraian"), ("Jenis", "No"))
IKUS = Shape(
    "Sasaran dan IKU",
    (
        *("Sasaran strategis", "Kode", "Indikator", "Formulasi", "Satuan"),
        *("Arah", "Asal angka"),
    ),
    ("Kode",),
)
TARGETS = Shape(
    "Target",
    ("Kode", "Indikator", "Tahun", "Target", "Predikat", "Program", "Anggaran"),
    ("Kode", "Tahun"),
    ("Indikator",),
)
RESULTS = Shape(
    "Realisasi",
    ("Kode", "Indikator", "Tahun", "Realisasi", "Sumber", "Analisis", "Angka dari bot"),
    ("Kode", "Tahun"),
    ("Indikator", "Angka dari bot"),
)
ACTIONS = Shape(
    "Rencana aksi",
    (
        *("Kode", "Indikator", "Tahun", "Triwulan", "Target", "Rencana aksi", "Realisasi"),
        *("Penyebab", "Angka dari bot"),
    ),
    ("Kode", "Tahun", "Triwulan"),
    ("Indikator", "Angka dari bot"),
)
SHAPES = (GENERAL, DUTIES, IKUS, TARGETS, RESULTS, ACTIONS)
NUMBERS = ("No", "Tahun", "Triwulan", "Target", "Realisasi", "Angka dari bot")  # columns
COMPUTED = (RESULTS.name, ACTIONS.name)  # sheets whose realisasi the bot may have itself
REALISASI = "Realisasi"

NAME, FIRST, LAST = "Nama rencana", "Tahun pertama", "Tahun terakhir"
SK_NUMBER, SK_DATE, SOURCE = "Nomor SK", "Tanggal SK", "Naskah"
YEARLY, LHE, BOUNDARY, CAP = (
    *("Angka setahun", "LHE yang dipakai", "Batas predikat SAKIP"),
    "Batas capaian (%)",
)
TUGAS, FUNGSI = "Tugas", "Fungsi"

# The words of a choice, the usual one first; others are understood too.
YEARLY_WORDS = {"gabungan": "gabungan", "rerata periode": "rerata_periode"}
LHE_WORDS = {"terbit": "terbit", "dinilai": "dinilai"}
BOUNDARY_WORDS = {"lebih dari": "lebih dari", "paling sedikit": "paling sedikit"}
ARAH_WORDS = {"makin tinggi makin baik": "naik", "makin rendah makin baik": "turun"}
SUMBER_WORDS = {
    "survei warga": "ikm",
    "penilaian kepala unit": "unit",
    "LHE SAKIP": "sakip",
    "diisi tangan": "tangan",
}
HELP = {
    NAME: "Misalnya Renstra 2025–2029.",
    FIRST: "Satu tahun hanya dimuat satu rencana.",
    LAST: "Paling banyak 30 tahun.",
    SK_NUMBER: "SK yang menetapkan IKU; boleh kosong.",
    SK_DATE: "Misalnya 2 Januari 2025.",
    SOURCE: "Naskah asal rencana ini.",
    YEARLY: "gabungan: semua jawaban setahun dihitung bersama; atau rerata periode.",
    LHE: "terbit: LHE yang terbit tahun itu; dinilai: LHE yang menilai tahun itu.",
    BOUNDARY: "lebih dari: 80,00 masih BB; paling sedikit: 80,00 sudah A.",
    CAP: "Capaian yang ditampilkan paling tinggi sekian; kosong: apa adanya.",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that differs; `before` and `after` are texts, empty where there is nothing."""

    cell: Cell
    before: str
    after: str

    @property
    def sheet(self) -> str:
        """The sheet in which it stands."""
        return self.cell[0]

    @property
    def subject(self) -> str:
        """What changed: `Nomor SK`, `Tugas 3`, `IKM, satuan`, `IKM 2026 TW1, target`."""
        sheet, key, column = self.cell
        if sheet in (GENERAL.name, DUTIES.name):
            return " ".join(key)
        row = " ".join(f"TW{part}" if at == 2 else part for at, part in enumerate(key))
        return f"{row}, {column[0].lower()}{column[1:]}" if column else row


def number_text(number: Decimal | None) -> str:
    """A number as it was typed: `82,5`, or empty."""
    if number is None:
        return ""
    text = f"{number:f}"
    return with_comma(text.rstrip("0").rstrip(".") if "." in text else text)


def word_of(words: Mapping[str, str], value: str) -> str:
    """The usual word for a value."""
    return next(word for word, meant in words.items() if meant == value)


def sheets(plan: Plan, own: Own | None = None) -> dict[str, Sequence[Row]]:
    """The rows of each sheet, without headings; `own`: the figures that the bot has itself."""
    head = plan.head
    general = [(name, text, HELP[name]) for name, text in _general(head).items()]
    duties = [
        (kind, str(number), text)
        for kind, lines in ((TUGAS, head.tugas), (FUNGSI, head.fungsi))
        for number, text in enumerate(lines, 1)
    ]
    ikus = [
        (
            *(sasaran.name, iku.code, iku.name, iku.formulasi, iku.satuan),
            word_of(ARAH_WORDS, iku.arah), word_of(SUMBER_WORDS, iku.sumber),
        )
        for sasaran in plan.sasaran
        for iku in sasaran.iku
    ]  # fmt: skip
    years = [(iku, year) for iku in plan.iku for year in head.years]
    return {
        GENERAL.name: general,
        DUTIES.name: duties,
        IKUS.name: ikus,
        TARGETS.name: [_target(iku, year) for iku, year in years],
        RESULTS.name: [_result(iku, year, own or {}) for iku, year in years],
        ACTIONS.name: [
            _action(iku, year, each, own or {}) for iku, year in years for each in QUARTERS
        ],
    }


def _general(head: PlanHead) -> dict[str, str]:
    rules = head.rules
    return {
        NAME: head.name,
        FIRST: str(head.first),
        LAST: str(head.last),
        SK_NUMBER: head.sk_number,
        SK_DATE: "" if head.sk_date is None else long_day(head.sk_date),
        SOURCE: head.source,
        YEARLY: word_of(YEARLY_WORDS, rules.tahunan),
        LHE: word_of(LHE_WORDS, rules.feeding),
        BOUNDARY: word_of(BOUNDARY_WORDS, rules.at_boundary),
        CAP: number_text(rules.cap),
    }


def _target(iku: PlannedIku, year: int) -> Row:
    known = iku.years.get(year, IkuYear(NO_TARGET))
    return (
        iku.code, iku.name, str(year), number_text(known.target.nilai),
        known.target.predikat or "", known.program, known.anggaran,
    )  # fmt: skip


def _result(iku: PlannedIku, year: int, own: Own) -> Row:
    known, entry = iku.years.get(year), iku.entered.get(year)
    return (
        iku.code, iku.name, str(year), number_text(entry.realisasi if entry else None),
        entry.source if entry else "", known.analisis if known else "",
        own.get((iku.code, year, WHOLE_YEAR), ""),
    )  # fmt: skip


def _action(iku: PlannedIku, year: int, quarter: int, own: Own) -> Row:
    known = iku.quarters.get((year, quarter), IkuQuarter())
    return (
        iku.code, iku.name, str(year), str(quarter), number_text(known.target), known.aksi,
        number_text(known.realisasi), known.penyebab, own.get((iku.code, year, quarter), ""),
    )  # fmt: skip


def changes(before: Plan | None, after: Plan) -> list[Change]:
    """Every cell that differs, in the order of the sheets; a new or dropped indikator once."""
    old = {} if before is None else dict(_cells(before))
    new = dict(_cells(after))
    kept = {iku.code for iku in after.iku}
    known = set() if before is None else {iku.code for iku in before.iku}
    whole = (kept - known) | (known - kept)
    found = [
        Change(cell, old.get(cell, ""), new.get(cell, ""))
        for cell in _in_order(old, new)
        if old.get(cell, "") != new.get(cell, "")
    ]
    return [each for each in found if not _of_whole(each.cell, whole, known - kept)]


def _in_order(old: Mapping[Cell, str], new: Mapping[Cell, str]) -> Iterator[Cell]:
    for shape in SHAPES:
        yield from (cell for cell in new if cell[0] == shape.name)
        yield from (cell for cell in old if cell[0] == shape.name and cell not in new)


def _of_whole(cell: Cell, whole: set[str], gone: set[str]) -> bool:
    """Whether the name of a new or dropped indikator tells this change already."""
    sheet, key, column = cell
    if sheet == IKUS.name:
        return (key == ORDER and bool(whole)) or (key[0] in whole and column != "Indikator")
    return sheet in (TARGETS.name, RESULTS.name, ACTIONS.name) and key[0] in gone


ORDER = ("Urutan indikator",)


def _cells(plan: Plan) -> Iterator[tuple[Cell, str]]:
    rows = sheets(plan)
    for shape in SHAPES:
        for row in rows[shape.name]:
            yield from row_cells(shape, row)
    yield (IKUS.name, ORDER, ""), ", ".join(iku.code for iku in plan.iku)


def row_cells(shape: Shape, row: Sequence[str]) -> Iterator[tuple[Cell, str]]:
    """The cells of a row that hold something of the plan, with their texts."""
    by_title = dict(zip(shape.columns, row, strict=True))
    key = tuple(by_title[title] for title in shape.key)
    for title, text in by_title.items():
        if title not in (*shape.key, *shape.beside):
            yield (shape.name, key, title), text
