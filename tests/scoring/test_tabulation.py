"""Tabulations: which column is which, and what a cell says."""

from collections.abc import Callable

import pytest

from scoring import ikm, sheet, tabulation
from scoring.instrument import Instrument
from scoring.tabulation import Tabulation, TabulationError
from tests.scoring import files

BARE = [f"u{number}" for number in range(1, 10)]
EXPORTED = (
    "instrumen,periode,unit,layanan,loket,kanal,urutan,tanggal,jam,jenis_kelamin,umur,pendidikan,"
    "pekerjaan"
)


def read(skm: Instrument, data: bytes, order: str = "peraturan") -> Tabulation:
    return tabulation.read(sheet.parse(data), skm, order)


def kinds(found: Tabulation) -> list[str]:
    return [warning.kode for warning in found.warnings]


def complaint(skm: Instrument, data: bytes) -> list[str]:
    with pytest.raises(TabulationError) as refusal:
        read(skm, data)
    return str(refusal.value).splitlines()


@pytest.mark.parametrize("change", [str.upper, str.lower, str.title])
def test_codes_may_be_written_in_any_case(skm: Instrument, change: Callable[[str], str]) -> None:
    data = files.csv([change(code) for code in skm.codes], [1, 2, 3, 4, 1, 2, 3, 4, 1])
    assert read(skm, data).responses == ((1, 2, 3, 4, 1, 2, 3, 4, 1),)


def test_columns_are_found_by_code_wherever_they_stand(skm: Instrument) -> None:
    header = [*reversed(skm.codes)]
    found = next(read(skm, files.csv(header, [1, 2, 3, 4, 1, 2, 3, 4, 1])).rows())
    assert found["SARANA"] == 1
    assert found["PENGADUAN"] == 2
    assert found["PERSYARATAN"] == 1


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *(("3", 3), ("3.0", 3), ("3,0", 3), ("3.", 3), ("3,000", 3), (" 4 ", 4)),
        *(("", None), ("  ", None)),
    ],
)
def test_a_cell_says_what_a_person_meant(skm: Instrument, written: str, meant: int | None) -> None:
    data = files.csv(skm.codes, [written, *[2] * 8], sign=";")
    assert read(skm, data).responses[0][0] == meant


@pytest.mark.parametrize(
    "cell",
    [
        *("0", "5", "-1", "2.5", "2,5", "tiga", "3 orang", "33", "03", "+3", "3e0", "#DIV/0!"),
        *("TRUE", "٣", "3.0.0", ".", "1.000,0", "="),
    ],
)
def test_a_bad_cell_is_named_by_row_column_and_value(skm: Instrument, cell: str) -> None:
    data = files.csv(["no", *skm.codes], [1, *[3] * 9], [2, 3, 3, cell, *[3] * 6], sign=";")
    lines = complaint(skm, data)
    assert lines[0] == f'Baris 3, kolom WAKTU: "{cell}" bukan nilai 1–4.'
    assert "kosongkan bila tidak dijawab" in lines[-1]


def test_a_bad_cell_under_a_bare_heading_names_its_unsur_too(skm: Instrument) -> None:
    lines = complaint(skm, files.csv(BARE, [3, 3, 3, 3, 3, 3, 3, 9, 3]))
    assert lines[0] == 'Baris 2, kolom u8 (PENGADUAN): "9" bukan nilai 1–4.'


def test_all_bad_cells_are_told_but_not_endlessly(skm: Instrument) -> None:
    lines = complaint(skm, files.full(skm, 3, 7, 3, 8))
    assert len([line for line in lines if "bukan nilai" in line]) == 18
    lines = complaint(skm, files.full(skm, *[7] * 1000))
    assert len(lines) == tabulation.MAX_LISTED + 2
    assert lines[-2] == f"… dan {9000 - tabulation.MAX_LISTED} masalah lain."


def test_every_column_of_an_export_is_known(skm: Instrument) -> None:
    header = ["No.", *EXPORTED.split(","), *skm.codes]
    row = "1,skm-2017,2026-TW3,pakong,ktp,1,telegram,1,2026-07-01,08-12,L,17-25,SMA,petani"
    found = read(skm, files.csv(header, [*row.split(","), *[3] * 9]))
    assert found.responses == ((3,) * 9,)
    assert found.warnings == ()


def test_an_unknown_column_is_refused_with_a_guess(skm: Instrument) -> None:
    lines = complaint(skm, files.csv([*skm.codes, "waktuu", "hobi"], [3] * 11))
    assert lines[0] == 'Kolom "waktuu" tidak dikenal, mungkin maksudnya WAKTU.'
    assert lines[1] == 'Kolom "hobi" tidak dikenal.'
    assert lines[2].startswith("Baris pertama harus berisi judul kolom: kode unsur (PERSYARATAN,")


def test_a_table_of_something_else_is_not_listed_column_by_column(skm: Instrument) -> None:
    lines = complaint(skm, files.csv([f"kolom {number}" for number in range(300)]))
    assert len(lines) == tabulation.MAX_LISTED + 3
    assert lines[tabulation.MAX_LISTED] == "… dan 280 kolom lain yang tidak dikenal."


def test_a_missing_column_is_refused_by_number_and_name(skm: Instrument) -> None:
    lines = complaint(skm, files.csv(skm.codes[:-2], [3] * 7))
    assert lines[0] == (
        "Kolom unsur yang tidak ada: U8 Penanganan pengaduan, saran dan masukan,"
        " U9 Sarana dan prasarana."
    )


def test_a_column_twice_is_refused_under_either_heading(skm: Instrument) -> None:
    assert complaint(skm, files.csv([*skm.codes, "waktu"], [3] * 10))[0] == (
        "Kolom WAKTU ada 2 kali; sisakan satu."
    )
    assert "Kolom WAKTU ada 2 kali" in complaint(skm, files.csv([*skm.codes, "u3"], [3] * 10))[0]
    assert "Kolom no ada 2 kali" in complaint(skm, files.csv(["no", "No", *skm.codes], [3] * 11))[0]


def test_a_file_without_headings_is_told_what_is_missing(skm: Instrument) -> None:
    assert 'Kolom "3" tidak dikenal.' in complaint(skm, b"3,3,3,3,3,3,3,3,3\n4,4,4,4,4,4,4,4,4\n")


def test_a_heading_alone_is_no_answers_yet(skm: Instrument) -> None:
    found = read(skm, files.csv(skm.codes))
    assert found.responses == ()
    assert ikm.score(skm, ikm.tally_of(skm, found.rows())).ikm is None


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        ("peraturan", "u8 = Penanganan pengaduan, saran dan masukan, u9 = Sarana dan prasarana"),
        ("formulir", "u8 = Sarana dan prasarana, u9 = Penanganan pengaduan, saran dan masukan"),
    ],
)
def test_bare_u8_and_u9_are_always_warned_about(skm: Instrument, order: str, sentence: str) -> None:
    found = read(skm, files.csv(BARE, [3] * 9), order)
    assert kinds(found) == ["urutan_u8_u9"]
    assert sentence in found.warnings[0].teks
    assert "--urutan formulir" in found.warnings[0].teks


def test_codes_need_no_warning_and_no_order(skm: Instrument) -> None:
    data = files.csv(skm.codes, [1, 2, 3, 4, 1, 2, 3, 4, 1])
    assert read(skm, data).responses == read(skm, data, "formulir").responses
    assert kinds(read(skm, data)) == []


def test_another_order_is_refused(skm: Instrument) -> None:
    with pytest.raises(TabulationError, match="pilih: peraturan, formulir"):
        read(skm, files.csv(BARE, [3] * 9), "abjad")


def test_the_fourteen_of_2004_are_not_ambiguous(skm_2004: Instrument) -> None:
    header = [f"U{number}" for number in range(1, 15)]
    assert kinds(read(skm_2004, files.csv(header, [3] * 14))) == []


def test_a_decimal_comma_that_parts_the_cells_is_refused(skm: Instrument) -> None:
    lines = complaint(skm, f"{','.join(skm.codes)}\n{','.join(['3,0'] * 9)}\n".encode())
    assert lines[0].startswith("Baris 2: 18 sel, padahal ada 9 kolom; angka berkoma desimal")


def test_a_row_cut_off_is_refused(skm: Instrument) -> None:
    assert complaint(skm, files.full(skm, 3) + b"3,3,3\n")[0] == (
        "Baris 3: hanya 3 sel dari 9 kolom."
    )


def test_a_column_without_heading_must_be_empty(skm: Instrument) -> None:
    assert read(skm, files.csv([*skm.codes, ""], [*[3] * 9, ""])).responses == ((3,) * 9,)
    assert complaint(skm, files.csv([*skm.codes, ""], [*[3] * 9, "x"]))[0] == (
        'Baris 2: "x" ada di kolom ke-10 yang tidak berjudul.'
    )


def test_numbered_but_unfilled_rows_are_no_respondents(skm: Instrument) -> None:
    rows = [[number, *([3] * 9 if number < 3 else [None] * 9)] for number in range(1, 9)]
    found = read(skm, files.csv(["no", *skm.codes], *rows))
    assert len(found.responses) == 2
    assert kinds(found) == ["baris_tanpa_nilai"]
    assert "6 baris tanpa satu pun nilai unsur dilewati (baris 4, 5, 6, 7, 8, …)" in (
        found.warnings[0].teks
    )


def test_a_respondent_who_filled_little_is_counted_and_named(skm: Instrument) -> None:
    found = read(skm, files.csv(skm.codes, [3] * 9, [4, 4, 4, 4, *[None] * 5]))
    assert len(found.responses) == 2
    assert kinds(found) == ["isian_kurang"]
    assert "1 responden mengisi kurang dari 5 unsur (baris 3); tetap dihitung" in (
        found.warnings[0].teks
    )


def test_a_workbook_reads_as_the_same_csv(skm: Instrument) -> None:
    rows: list[list[files.Cell]] = [[1, 2.0, "3", "4,0", None, 3, 3, 3, 4.0], [4] * 9]
    book = read(skm, files.xlsx(skm.codes, *rows))
    assert book == read(skm, files.csv(skm.codes, *rows, sign=";"))


def test_notes_of_the_file_come_along(skm: Instrument) -> None:
    data = (
        files.full(skm, 3)
        .replace(b"\n", b",unit\n", 1)
        .replace(b"3\n", "3,café\n".encode("cp1252"))
    )
    assert kinds(read(skm, data)) == ["pengodean"]
