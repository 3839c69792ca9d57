"""Sheets as offices keep them: what a careful clerk would count, or a refusal by place."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

from scoring import ikm, instrument_file, sheet_file, tabulation
from scoring.answers import Answers
from scoring.sheet import Book
from scoring.table import TableError
from scoring.tabulation import Tabulation
from tests.reports.libreoffice import converted
from tests.scoring import files
from tests.scoring.files import Cell

Rows = Sequence[Sequence[Cell]]

SHEETS = Path(__file__).parents[1] / "data" / "sheets"
SKM = instrument_file.named("skm-2017")
CODES = list(SKM.codes)
NAMES = [item.name["id"] for item in SKM.items]
NUMBERS = [f"U{number}" for number in range(1, 10)]
SIX: list[tuple[int, ...]] = [
    (3, 3, 2, 4, 3, 3, 4, 3, 3),
    (4, 3, 3, 4, 3, 4, 4, 3, 2),
    (3, 2, 3, 4, 4, 3, 3, 4, 3),
    (3, 3, 3, 4, 3, 3, 4, 3, 3),
    (2, 3, 3, 3, 3, 3, 3, 3, 3),
    (4, 4, 3, 4, 4, 4, 4, 4, 4),
]
SUMS: list[Cell] = [sum(column) for column in zip(*SIX, strict=True)]
MEANS: list[Cell] = [f"{sum(column) / 6:.2f}" for column in zip(*SIX, strict=True)]


def numbered(rows: Sequence[Sequence[Cell]] = SIX, start: int = 1) -> Rows:
    """The rows with running numbers."""
    return [[number, *row] for number, row in enumerate(rows, start)]


def answered(
    rows: Sequence[Sequence[Cell]] = SIX, wording: str = "resmi", lang: str = "id"
) -> Rows:
    """The rows in words: the labels of the instrument."""
    items = [getattr(item, wording)[lang].labels for item in SKM.items]
    return [[items[i][int(str(n)) - 1] for i, n in enumerate(row)] for row in rows]


def questions(wording: str = "resmi", lang: str = "id") -> list[Cell]:
    return [getattr(item, wording)[lang].question for item in SKM.items]


def read(rows: Rows, order: str = "peraturan", sheet: str | None = None) -> Tabulation:
    """A workbook with these rows, read."""
    return tabulation.read(sheet_file.parse(files.xlsx(*rows)), SKM, order, sheet)


def refusal(rows: Rows) -> str:
    """The sentences with which these rows are refused."""
    with pytest.raises(TableError) as refused:
        read(rows)
    return str(refused.value)


def workbook(sheets: dict[str, Rows], hidden: str = "") -> Book:
    """The sheets of a workbook, one of them hidden."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        for name, rows in sheets.items():
            one = book.add_worksheet(name)
            for number, row in enumerate(rows):
                one.write_row(number, 0, row)
            if name == hidden:
                one.hide()
    return sheet_file.parse(buffer.getvalue())


def ikm_of(result: Tabulation) -> str:
    return str(ikm.score(SKM, ikm.tally_of(SKM, result.rows())).ikm)


def kinds(result: Tabulation) -> list[str]:
    return [warning.kode for warning in result.warnings]


# --- files -----------------------------------------------------------------------------------

FILES = {
    "04-lembar-kedua.xlsx": (6, "81.94", 'lembar "Data", judul kolom di baris 1.'),
    "07-baris-tersaring.xlsx": (6, "81.94", "3 baris tersembunyi atau tersaring ikut dihitung"),
    "11-cp1252.csv": (6, "81.94", "judul kolom di baris 1."),
    "16-html.xls": (6, "81.94", "judul kolom di baris 1."),
    "16-lama.xls": (6, "81.94", 'lembar "A", judul kolom di baris 1.'),
    "16-libreoffice.ods": (6, "81.94", 'lembar "A", judul kolom di baris 1.'),
    "31-tempel-dua-kali.csv": (6, "75.93", "3 baris bernomor sama dengan baris lain (baris 5–7)"),
    "32-kode-di-depan.xlsx": (3, "75.00", 'lembar "Isian", judul kolom di baris 1.'),
    "33-baris-bernomor-kosong.xlsx": (3, "75.00", "4 baris yang disiapkan tetapi kosong"),
    "34-baris-ditarik-kosong.xlsx": (3, "75.00", "4 baris tanpa satu pun nilai unsur"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_an_office_gives_what_a_clerk_counts(name: str) -> None:
    n, figure, sentence = FILES[name]
    result = tabulation.read(sheet_file.read(SHEETS / name), SKM)
    assert (len(result.responses), ikm_of(result)) == (n, figure)
    said = [*result.notes, *(warning.teks for warning in result.warnings)]
    assert any(sentence in each for each in said), said


def test_two_columns_of_an_item_are_refused_by_heading() -> None:
    with pytest.raises(TableError, match=r'Baris 1: Kolom PERSYARATAN ada 2 kali \("u1a", "u1b"\)'):
        tabulation.read(sheet_file.read(SHEETS / "09b-u1a.csv"), SKM)


# --- layouts that give the six responses -----------------------------------------------------

TITLE: Rows = [["TABULASI SKM"], ["Kecamatan Pakong"], ["Periode: Triwulan III"], []]
MERGED: list[Cell] = ["Nilai unsur pelayanan", *[None] * 8]
SHORT: list[Cell] = [
    *("Persyaratan", "Prosedur", "Waktu pelayanan", "Biaya", "Produk layanan"),
    *("Kompetensi petugas", "Perilaku petugas", "Penanganan pengaduan", "Sarana prasarana"),
]
JUMLAH: list[Cell] = ["Jumlah", *SUMS]
MAXIMA: list[Cell] = ["Skor maksimal", *[4] * 9]
COLUMN_NUMBERS: list[Cell] = [f"({number})" for number in range(1, 11)]
LEGEND: Rows = [
    ["Mutu pelayanan", "Kinerja", "Nilai IKM"],
    ["A", "Sangat baik", "88,31–100,00"],
    ["B", "Baik", "76,61–88,30"],
    [],
    [*[None] * 7, "Pakong, 1 Oktober 2026"],
    [*[None] * 7, "Camat Pakong"],
]
FORM_NAMES: list[Cell] = [f"U{number} {NAMES[i]}" for number, i in
                          enumerate((0, 1, 2, 3, 4, 5, 6, 8, 7), 1)]  # fmt: skip
SWAPPED: Rows = [[*row[:7], row[8], row[7]] for row in SIX]

LAYOUTS: dict[str, Rows] = {
    "titles above the headings": [*TITLE, ["No", *NUMBERS], *numbered()],
    "headings in two merged rows": [["No", *MERGED], [None, *NUMBERS], *numbered()],
    "bare numbers below a merged heading": [["No", *MERGED], [None, *range(1, 10)], *numbered()],
    "names above numbers": [["No", *NAMES], [None, *NUMBERS], *numbered()],
    "numbers above names": [["No", *NUMBERS], [None, *NAMES], *numbered()],
    "names": [["No.", *NAMES], *numbered()],
    "names in capitals": [["NO", *[name.upper() for name in NAMES]], *numbered()],
    "English names": [["No", *[item.name["en"] for item in SKM.items]], *numbered()],
    "shorter names": [["No", *SHORT], *numbered()],
    "numbers and names": [
        ["No", *[f"U{i} {name}" for i, name in enumerate(NAMES, 1)]], *numbered()
    ],
    "names and numbers": [
        ["No", *[f"{name} (U{i})" for i, name in enumerate(NAMES, 1)]], *numbered()
    ],
    "enumerated names": [["No", *[f"{i}. {name}" for i, name in enumerate(NAMES, 1)]], *numbered()],
    "lettered names": [
        ["No", *[f"{letter}. {name}" for letter, name in zip("abcdefghi", NAMES, strict=True)]],
        *numbered(),
    ],
    "the word unsur": [["No Res", *[f"Unsur {i}" for i in range(1, 10)]], *numbered()],
    "a hyphen in the number": [["No", *[f"U-{i}" for i in range(1, 10)]], *numbered()],
    "official questions": [["No", *questions()], *numbered()],
    "phone questions and labels": [
        ["Timestamp", *questions("mudah")],
        *[["2026-07-01", *row] for row in answered(wording="mudah")],
    ],
    "English questions and labels": [questions("mudah", "en"), *answered(SIX, "mudah", "en")],
    "official labels in capitals": [
        [*CODES], *[[str(cell).upper() for cell in row] for row in answered()]
    ],
    "numbers with their labels": [
        [*CODES],
        *[[f"{n}. {label}" for n, label in zip(row, labels, strict=True)]
          for row, labels in zip(SIX, answered(), strict=True)],
    ],
    "labels with their numbers": [
        [*CODES],
        *[[f"{label} ({n})" for n, label in zip(row, labels, strict=True)]
          for row, labels in zip(SIX, answered(), strict=True)],
    ],
    "a grid of Google Forms": [
        ["Cap waktu", *[f"Pendapat Anda [{name}]" for name in NAMES]],
        *[["2026-07-01", *row] for row in answered()],
    ],
    "numbers as text with spaces": [
        ["No", *CODES], *[[f"{number}\xa0", *[f"\xa0{n} " for n in row]]
                          for number, *row in numbered()]
    ],
    "decimals": [
        ["No", *CODES], *[[number, *[f"{n},00" for n in row]] for number, *row in numbered()]
    ],
    "columns about the respondent": [
        ["No", "Nama", "L/P", "Usia", "Bagian", *CODES, "Saran dan pengaduan"],
        *[[number, "Siti", "P", 30, "Umum", *row, "Jumlah kursi ditambah"]
          for number, *row in numbered()],
    ],
    "a column of totals at the right": [
        ["No", *NUMBERS, "Jumlah", "Rata-rata"],
        *[[*row, sum(int(str(n)) for n in row[1:]), 3.1] for row in numbered()],
    ],
    "numbers that are codes": [
        ["No. Responden", *NUMBERS], *[[f"R{number}", *row] for number, *row in numbered()]
    ],
    "a row of column numbers": [["No", *NUMBERS], list(range(1, 11)), *numbered()],
    "column numbers in brackets": [["No", *NUMBERS], COLUMN_NUMBERS, *numbered()],
    "footers": [
        ["No", *NUMBERS], *numbered(), JUMLAH, ["NRR per unsur", *MEANS],
        ["NRR tertimbang", *[0.35] * 9], ["*) Jumlah NRR tertimbang", 3.278],
        ["**) IKM unit pelayanan = *) × 25", 81.94],
    ],
    "footers above": [["No", *NUMBERS], JUMLAH, ["Rata-rata", *MEANS], *numbered()],
    "footers of whole numbers": [["No", *NUMBERS], *numbered(), MAXIMA, ["Rata-rata", *[3] * 9]],
    "a footer in the first unsur": [[*NUMBERS], *[[*row] for row in SIX], ["Jumlah", *SUMS[1:]]],
    "a footer in a column of names": [
        ["No", "Nama", *NUMBERS], *[[number, "Siti", *row] for number, *row in numbered()],
        [None, "Rata-rata", *[3] * 9],
    ],
    "a footer in a column without heading": [
        [None, *NUMBERS], *[[None, *row] for row in SIX], MAXIMA
    ],
    "a footer without a label": [["No", *NUMBERS], *numbered(), [None, *SUMS], [None, *MEANS]],
    "a legend and a signature": [["No", *NUMBERS], *numbered(), JUMLAH, [], *LEGEND],
    "a signature below a blank row": [["No", *NUMBERS], *numbered(), [], *LEGEND[-2:]],
    "blank rows between": [["No", *NUMBERS], *numbered(SIX[:2]), [], [], *numbered(SIX[2:], 3)],
    "prepared rows": [["No", *NUMBERS], *numbered(), [7], [8], [9], [None]],
    "subtotals of pages": [
        ["No", *NUMBERS], *numbered(SIX[:3]), ["Jumlah halaman 1", *[9] * 9],
        *numbered(SIX[3:], 4), JUMLAH,
    ],
    "headings on every page": [
        ["No", *NUMBERS], *numbered(SIX[:3]), ["Jumlah", *[9] * 9], ["No", *NUMBERS],
        COLUMN_NUMBERS, *numbered(SIX[3:], 4), JUMLAH,
    ],
    "the form's order by name": [["No", *FORM_NAMES], *numbered(SWAPPED)],
    "a late heading": [*[[f"catatan {i}"] for i in range(150)], ["No", *NUMBERS], *numbered()],
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_gives_the_six_responses(layout: str) -> None:
    result = read(LAYOUTS[layout])
    assert list(result.responses) == SIX
    assert ikm_of(result) == "81.94"


@pytest.mark.parametrize("layout", [name for name in LAYOUTS if "spaces" not in name])
@pytest.mark.parametrize(("delimiter", "encoding"), [(";", "utf-8-sig"), ("\t", "cp1252")])
def test_the_same_layout_as_csv_gives_the_same(layout: str, delimiter: str, encoding: str) -> None:
    rows = LAYOUTS[layout]
    width = max(map(len, rows))
    header, *others = [[*row, *[None] * (width - len(row))] for row in rows]
    written = files.csv(["" if c is None else str(c) for c in header], *others, delimiter=delimiter)
    data = written.decode().replace("×", "x").encode(encoding)
    assert list(tabulation.read(sheet_file.parse(data), SKM).responses) == SIX


SAVED_AS = ("ods", "xls", "xlsx:Calc MS Excel 2007 XML")


@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", SAVED_AS)
def test_a_layout_that_libreoffice_saved_gives_the_same(kind: str, tmp_path: Path) -> None:
    some = list(LAYOUTS)[SAVED_AS.index(kind) :: len(SAVED_AS)]
    written = {f"{name}.xlsx": files.xlsx(*LAYOUTS[name]) for name in some}
    for name, content in converted(written, kind, tmp_path).items():
        result = tabulation.read(sheet_file.parse(content), SKM)
        assert list(result.responses) == SIX, name


NOTES = {
    "footers": "Tidak dihitung: 5 baris jumlah, rata-rata, atau hitungan lain (baris 8–12).",
    "a row of column numbers": "Tidak dihitung: 1 baris nomor kolom (baris 2).",
    "prepared rows": "Tidak dihitung: 3 baris yang disiapkan tetapi kosong (baris 8–10).",
    "headings on every page": "Tidak dihitung: 1 judul kolom yang berulang (baris 6).",
    "a signature below a blank row": "Tidak dihitung: 2 baris tulisan tanpa jawaban (baris 9–10).",
    "headings in two merged rows": 'Dibaca: lembar "Tabulasi", judul kolom di baris 1–2.',
    "a late heading": 'Dibaca: lembar "Tabulasi", judul kolom di baris 151.',
    "columns about the respondent": (
        'Kolom yang tidak dipakai: "Nama", "L/P", "Usia", "Bagian", "Saran dan pengaduan".'
    ),
}


@pytest.mark.parametrize("layout", NOTES)
def test_what_is_left_out_is_counted_and_named(layout: str) -> None:
    assert NOTES[layout] in read(LAYOUTS[layout]).notes


def test_one_person_and_two_footers_are_one_person() -> None:
    rows: Rows = [["No", *NUMBERS], *numbered(SIX[:1]), ["Jumlah", *SIX[0]], ["NRR", *SIX[0]]]
    assert list(read(rows).responses) == SIX[:1]


# --- what nobody can know --------------------------------------------------------------------

REFUSED: dict[str, tuple[Rows, str]] = {
    "a total without a label that could be answers": (
        [["No", *NUMBERS], *numbered(SIX[:1]), [None, *SIX[0]]],
        'Lembar "Tabulasi", baris 3: tidak bernomor, dan isinya sama dengan jumlah',
    ),
    "answers without a number below the totals": (
        [["No", *NUMBERS], *numbered(), JUMLAH, [None, *SIX[0]]],
        'Lembar "Tabulasi", baris 9: di bawah baris jumlah dan tidak bernomor',
    ),
    "the label of another unsur": (
        [[*CODES], *answered(SIX[:1]), ["Sangat baik", *[3] * 8]],
        'Lembar "Tabulasi", baris 3, kolom A, PERSYARATAN: "Sangat baik" bukan nilai 1–4.',
    ),
    "words that are no labels": (
        [["No", *CODES], [1, *["Puas"] * 9]],
        'baris 2, kolom B, PERSYARATAN: "Puas" bukan nilai 1–4.',
    ),
    "a number and another label": ([[*CODES], ["3. Sangat sesuai", *[3] * 8]], "bukan nilai"),
    "letters": ([["No", *CODES], [1, *"abcdabcda"]], 'kolom B, PERSYARATAN: "a" bukan nilai'),
    "a scale of five": (
        [["No", *CODES], *numbered(SIX), [7, 5, *[4] * 8], [8, 5, 5, *[4] * 7]],
        "Nilai 5 ada di 3 sel: bila formulirnya berskala 1–5, hasilnya bukan IKM",
    ),
    "zero": ([["No", *CODES], [1, 0, *[3] * 8]], 'kolom B, PERSYARATAN: "0" bukan nilai 1–4.'),
    "an average of several answers": ([[*CODES], [3.5, *[3] * 8]], '"3.5" bukan nilai'),
    "a total without any number": (
        [[*NUMBERS], *[[*row] for row in SIX], SUMS], '"19" bukan nilai'
    ),
    "U8 with a name that is unknown": (
        [["No", *NUMBERS[:7], "U8 Sarpras", "U9 Aduan"], *numbered()],
        "Kolom unsur yang tidak ada: U8 Penanganan pengaduan, saran dan masukan, U9 Sarana",
    ),
    "a missing unsur": ([["No", *CODES[:8]], *numbered()], "Kolom unsur yang tidak ada: U9 Sarana"),
    "an unsur twice": ([[*CODES, "U3"], [*[3] * 10]], 'Kolom WAKTU ada 2 kali ("WAKTU", "U3")'),
    "answers and weighted figures side by side": (
        [["No", *NUMBERS, *NUMBERS], [1, *SIX[0], *[0.33] * 9]], "Kolom PERSYARATAN ada 2 kali"
    ),
    "a second table with other columns": (
        [["No", *CODES], *numbered(), ["No", "Nama", *CODES], [1, "Siti", *SIX[0]]],
        'Lembar "Tabulasi", baris 8: judul kolom kedua, dengan susunan lain daripada baris 1',
    ),
    "no headings": ([[*row] for row in SIX], "Judul kolom unsur skm-2017 tidak ditemukan"),
    "only totals": (
        [["No", *CODES], JUMLAH], "hanya ada baris jumlah, rata-rata, atau hitungan lain"
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_known_is_refused_with_its_place(kind: str) -> None:
    rows, sentence = REFUSED[kind]
    assert sentence in refusal(rows)


# --- sheets ----------------------------------------------------------------------------------

DATA: Rows = [["No", *CODES], *numbered()]


def test_the_sheet_with_the_headings_is_found_among_others() -> None:
    recap: Rows = [["Unsur", "NRR"], ["U1", 3.17]]
    book = workbook({"Sampul": [["SKM"]], "Rekap": recap, "Data": DATA, "Grafik": [["x"]]})
    result = tabulation.read(book, SKM)
    assert list(result.responses) == SIX
    assert result.notes[0] == 'Dibaca: lembar "Data", judul kolom di baris 1.'


def test_a_sheet_of_totals_beside_the_answers_is_not_read() -> None:
    book = workbook({"Rekap": [["No", *CODES], JUMLAH], "Data": DATA})
    assert list(tabulation.read(book, SKM).responses) == SIX


def test_two_sheets_with_answers_need_a_name() -> None:
    book = workbook({"TW1": DATA, "TW2": DATA[:3]})
    with pytest.raises(TableError, match='Lembar "TW1", "TW2" sama-sama berisi jawaban'):
        tabulation.read(book, SKM)
    assert len(tabulation.read(book, SKM, sheet="tw2").responses) == 2
    with pytest.raises(TableError, match=r'Tidak ada lembar bernama "TW3"\. Yang ada: "TW1"'):
        tabulation.read(book, SKM, sheet="TW3")


def test_a_hidden_sheet_is_read_only_by_its_name() -> None:
    book = workbook({"Data": DATA, "Lama": DATA}, hidden="Lama")
    assert list(tabulation.read(book, SKM).responses) == SIX
    assert list(tabulation.read(book, SKM, sheet="Lama").responses) == SIX


# --- warnings --------------------------------------------------------------------------------


def test_repeated_numbers_and_blocks_are_counted_with_a_warning() -> None:
    result = read([["No", *CODES], *numbered(), *numbered(SIX, 7)])
    assert (len(result.responses), kinds(result)) == (12, ["blok_berulang"])
    result = read([["No", *CODES], *numbered(), [6, *SIX[0]]])
    assert (len(result.responses), kinds(result)) == (7, ["nomor_berulang"])
    assert "1 baris bernomor sama dengan baris lain (baris 8)" in result.warnings[0].teks


def test_equal_answers_of_many_people_are_no_repeated_block() -> None:
    assert kinds(read([["No", *CODES], *numbered([[3] * 9] * 20)])) == []


def test_names_beside_u8_and_u9_leave_nothing_to_warn_about() -> None:
    assert kinds(read(LAYOUTS["the form's order by name"])) == []
    assert kinds(read(LAYOUTS["numbers above names"])) == []
    assert kinds(read(LAYOUTS["the word unsur"])) == ["urutan_u8_u9"]


def test_a_dash_is_no_answer() -> None:
    assert read([["No", *CODES], [1, "-", "–", *[3] * 7]]).responses == ((None, None, *[3] * 7),)


def test_answers_without_a_number_between_others_are_counted() -> None:
    rows: Rows = [["No", *CODES], *numbered(SIX[:2]), [None, *SIX[2]], *numbered(SIX[3:], 4)]
    assert list(read(rows).responses) == SIX


def test_the_last_answers_without_a_number_are_counted_unless_they_are_totals() -> None:
    last: Answers = (4, 3, 4, 3, 4, 3, 4, 3, 4)
    rows: Rows = [["No", *CODES], *numbered(), [None, *last]]
    assert list(read(rows).responses) == [*SIX, last]


# --- HTML and XML ----------------------------------------------------------------------------


def html(rows: Rows) -> bytes:
    lines = ["<tr>" + "".join(f"<td>{c or ''}</td>" for c in row) + "</tr>" for row in rows]
    title = "<tr><td colspan=10><b>SKM</b> &amp; IKM</td></tr>"
    return f"<html><head><title>x</title></head><table>{title}{''.join(lines)}</table>".encode()


def test_an_html_table_is_read_as_a_spreadsheet_program_shows_it() -> None:
    result = tabulation.read(sheet_file.parse(html([["No", *CODES], *numbered(), JUMLAH])), SKM)
    assert list(result.responses) == SIX
    assert result.notes[0] == "Dibaca: judul kolom di baris 2."


def test_merged_cells_of_an_html_table_cover_the_cells_beside_and_below() -> None:
    head = (
        "<tr><td rowspan=2>No<td colspan=9>Nilai unsur</tr>"
        f"<tr>{''.join(f'<td>{number}' for number in NUMBERS)}</tr>"
    )
    rows = "".join(f"<tr><td>{'<td>'.join(map(str, row))}</tr>" for row in numbered())
    book = sheet_file.parse(f"<table>{head}{rows}</table>".encode())
    assert list(tabulation.read(book, SKM).responses) == SIX


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<html><body>Halo</body></html>", "berkas HTML tanpa tabel"),
        (b'<?xml version="1.0"?><Workbook/>', "ini berkas XML, bukan lembar kerja"),
    ],
)
def test_another_markup_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        sheet_file.parse(data)
