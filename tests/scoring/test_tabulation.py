"""Tabulations: recognition of columns, and parsing of cells."""

from collections.abc import Callable

import pytest

from scoring import ikm, sheet_file, tabulation
from scoring.instrument import Instrument
from scoring.table import TableError
from scoring.tabulation import Tabulation
from tests.scoring import files

NUMBERED = [f"u{number}" for number in range(1, 10)]
EXPORTED = (
    "instrumen,periode,unit,layanan,loket,kanal,urutan,tanggal,jam,jenis_kelamin,umur,pendidikan,"
    "pekerjaan"
)


def read(skm: Instrument, data: bytes, order: str = "peraturan") -> Tabulation:
    return tabulation.read(sheet_file.parse(data), skm, order)


def warning_codes(result: Tabulation) -> list[str]:
    return [warning.kode for warning in result.warnings]


def error_lines(skm: Instrument, data: bytes) -> list[str]:
    with pytest.raises(TableError) as refusal:
        read(skm, data)
    return str(refusal.value).splitlines()


@pytest.mark.parametrize("change", [str.upper, str.lower, str.title])
def test_codes_may_be_written_in_any_case(skm: Instrument, change: Callable[[str], str]) -> None:
    data = files.csv([change(code) for code in skm.codes], [1, 2, 3, 4, 1, 2, 3, 4, 1])
    assert read(skm, data).responses == ((1, 2, 3, 4, 1, 2, 3, 4, 1),)


def test_columns_may_be_in_any_order(skm: Instrument) -> None:
    header = [*reversed(skm.codes)]
    result = next(read(skm, files.csv(header, [1, 2, 3, 4, 1, 2, 3, 4, 1])).rows())
    assert result["SARANA"] == 1
    assert result["PENGADUAN"] == 2
    assert result["PERSYARATAN"] == 1


@pytest.mark.parametrize(
    ("cell", "nilai"),
    [
        *(("3", 3), ("3.0", 3), ("3,0", 3), ("3.", 3), ("3,000", 3), (" 4 ", 4)),
        *(("", None), ("  ", None)),
    ],
)
def test_a_nilai_may_be_written_with_zero_decimals_and_spaces(
    skm: Instrument, cell: str, nilai: int | None
) -> None:
    data = files.csv(skm.codes, [cell, *[2] * 8], delimiter=";")
    assert read(skm, data).responses[0][0] == nilai


@pytest.mark.parametrize(
    "cell",
    [
        *("0", "5", "-1", "2.5", "2,5", "tiga", "3 orang", "33", "03", "+3", "3e0", "#DIV/0!"),
        *("TRUE", "٣", "3.0.0", ".", "1.000,0", "="),
    ],
)
def test_an_invalid_cell_is_reported_with_row_column_and_value(skm: Instrument, cell: str) -> None:
    data = files.csv(["no", *skm.codes], [1, *[3] * 9], [2, 3, 3, cell, *[3] * 6], delimiter=";")
    lines = error_lines(skm, data)
    assert lines[0] == f'Baris 3, kolom WAKTU: "{cell}" bukan nilai 1–4.'
    assert "kosongkan bila tidak dijawab" in lines[-1]


def test_an_invalid_cell_under_a_numbered_heading_is_reported_with_its_unsur(
    skm: Instrument,
) -> None:
    lines = error_lines(skm, files.csv(NUMBERED, [3, 3, 3, 3, 3, 3, 3, 9, 3]))
    assert lines[0] == 'Baris 2, kolom u8 (PENGADUAN): "9" bukan nilai 1–4.'


def test_invalid_cells_are_listed_up_to_a_limit(skm: Instrument) -> None:
    lines = error_lines(skm, files.uniform_csv(skm, 3, 7, 3, 8))
    assert len([line for line in lines if "bukan nilai" in line]) == 18
    lines = error_lines(skm, files.uniform_csv(skm, *[7] * 1000))
    assert len(lines) == tabulation.MAX_LISTED + 2
    assert lines[-2] == f"… dan {9000 - tabulation.MAX_LISTED} masalah lain."


def test_every_column_of_an_export_is_known(skm: Instrument) -> None:
    header = ["No.", *EXPORTED.split(","), *skm.codes]
    row = "1,skm-2017,2026-TW3,pakong,ktp,1,telegram,1,2026-07-01,08-12,L,17-25,SMA,petani"
    result = read(skm, files.csv(header, [*row.split(","), *[3] * 9]))
    assert result.responses == ((3,) * 9,)
    assert result.warnings == ()


def test_other_columns_are_listed_by_name_and_not_used(skm: Instrument) -> None:
    result = read(skm, files.csv([*skm.codes, "waktuu", "hobi"], [3] * 11))
    assert result.notes[-1] == 'Kolom yang tidak dipakai: "waktuu", "hobi".'
    header = [*skm.codes, *[f"kolom {number}" for number in range(30)]]
    assert read(skm, files.csv(header, [3] * 39)).notes[-1].endswith('"kolom 19", dan 10 lagi.')


def test_a_column_that_resembles_a_missing_one_is_named(skm: Instrument) -> None:
    header = [code.replace("WAKTU", "waktuu") for code in skm.codes]
    lines = error_lines(skm, files.csv(header, [3] * 9))
    assert lines[0] == "Baris 1: Kolom unsur yang tidak ada: U3 Waktu penyelesaian."
    assert lines[1] == 'Kolom "waktuu" mungkin maksudnya WAKTU.'


def test_a_missing_column_is_refused_by_number_and_name(skm: Instrument) -> None:
    lines = error_lines(skm, files.csv(skm.codes[:-2], [3] * 7))
    assert lines[0] == (
        "Baris 1: Kolom unsur yang tidak ada: U8 Penanganan pengaduan, saran dan masukan,"
        " U9 Sarana dan prasarana."
    )


def test_a_duplicate_column_is_refused_also_under_another_heading(skm: Instrument) -> None:
    for heading in ("waktu", "u3", "Waktu penyelesaian", "3. Waktu penyelesaian"):
        assert error_lines(skm, files.csv([*skm.codes, heading], [3] * 10))[0] == (
            f'Baris 1: Kolom WAKTU ada 2 kali ("WAKTU", "{heading}"); sisakan satu.'
        )


def test_a_file_without_headings_is_refused(skm: Instrument) -> None:
    lines = error_lines(skm, b"3,3,3,3,3,3,3,3,3\n4,4,4,4,4,4,4,4,4\n")
    assert lines[0] == "Judul kolom unsur skm-2017 tidak ditemukan."
    assert lines[1].startswith("Judul kolom berisi kode unsur (PERSYARATAN,")


def test_a_file_with_only_headings_has_no_responses(skm: Instrument) -> None:
    result = read(skm, files.csv(skm.codes))
    assert result.responses == ()
    assert ikm.score(skm, ikm.tally_of(skm, result.rows())).ikm is None


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        ("peraturan", "u8 = Penanganan pengaduan, saran dan masukan, u9 = Sarana dan prasarana"),
        ("formulir", "u8 = Sarana dan prasarana, u9 = Penanganan pengaduan, saran dan masukan"),
    ],
)
def test_the_headings_u8_and_u9_always_give_a_warning(
    skm: Instrument, order: str, sentence: str
) -> None:
    result = read(skm, files.csv(NUMBERED, [3] * 9), order)
    assert warning_codes(result) == ["urutan_u8_u9"]
    assert sentence in result.warnings[0].teks
    assert "--urutan formulir" in result.warnings[0].teks


def test_headings_with_codes_need_no_order_and_give_no_warning(skm: Instrument) -> None:
    data = files.csv(skm.codes, [1, 2, 3, 4, 1, 2, 3, 4, 1])
    assert read(skm, data).responses == read(skm, data, "formulir").responses
    assert warning_codes(read(skm, data)) == []


def test_numbered_headings_of_the_2004_instrument_give_no_warning(skm_2004: Instrument) -> None:
    header = [f"U{number}" for number in range(1, 15)]
    assert warning_codes(read(skm_2004, files.csv(header, [3] * 14))) == []


def test_a_decimal_comma_that_splits_cells_is_refused(skm: Instrument) -> None:
    lines = error_lines(skm, f"{','.join(skm.codes)}\n{','.join(['3,0'] * 9)}\n".encode())
    assert lines[0].startswith("Baris 2: 18 sel, padahal ada 9 kolom; angka berkoma desimal")


def test_a_row_with_too_few_cells_is_refused(skm: Instrument) -> None:
    assert error_lines(skm, files.uniform_csv(skm, 3) + b"3,3,3\n")[0] == (
        "Baris 3: hanya 3 sel dari 9 kolom."
    )


def test_a_column_without_heading_is_listed_if_it_has_content(skm: Instrument) -> None:
    empty = read(skm, files.csv([*skm.codes, ""], [*[3] * 9, ""]))
    filled = read(skm, files.csv([*skm.codes, ""], [*[3] * 9, "x"]))
    assert empty.responses == filled.responses == ((3,) * 9,)
    assert empty.notes == ("Dibaca: judul kolom di baris 1.",)
    assert filled.notes[1] == "Kolom yang tidak dipakai: kolom ke-10 (tanpa judul)."


def test_prepared_rows_are_left_out_and_counted(skm: Instrument) -> None:
    rows = [[number, *([3] * 9 if number < 3 else [None] * 9)] for number in range(1, 9)]
    result = read(skm, files.csv(["no", *skm.codes], *rows))
    assert len(result.responses) == 2
    assert result.notes[1] == ("Tidak dihitung: 6 baris yang disiapkan tetapi kosong (baris 4–9).")


def test_a_respondent_without_any_answer_is_left_out_with_a_warning(skm: Instrument) -> None:
    result = read(
        skm, files.csv(["no", "umur", *skm.codes], [1, 30, *[3] * 9], [2, 40, *[None] * 9])
    )
    assert len(result.responses) == 1
    warning = result.warnings[0].teks
    assert warning == "1 baris tanpa satu pun nilai unsur tidak dihitung (baris 3)."


def test_a_response_with_few_answers_is_counted_with_a_warning(skm: Instrument) -> None:
    result = read(skm, files.csv(skm.codes, [3] * 9, [4, 4, 4, 4, *[None] * 5]))
    assert len(result.responses) == 2
    assert warning_codes(result) == ["isian_kurang"]
    assert "1 responden mengisi kurang dari 5 unsur (baris 3); tetap dihitung" in (
        result.warnings[0].teks
    )


def test_a_workbook_reads_as_the_same_csv(skm: Instrument) -> None:
    rows: list[list[files.Cell]] = [[1, 2.0, "3", "4,0", None, 3, 3, 3, 4.0], [4] * 9]
    book = read(skm, files.xlsx(skm.codes, *rows))
    assert book.responses == read(skm, files.csv(skm.codes, *rows, delimiter=";")).responses


def test_a_tabulation_has_the_notes_of_its_sheet(skm: Instrument) -> None:
    data = (
        files.uniform_csv(skm, 3)
        .replace(b"\n", b",unit\n", 1)
        .replace(b"3\n", "3,café\n".encode("cp1252"))
    )
    assert warning_codes(read(skm, data)) == ["pengodean"]
