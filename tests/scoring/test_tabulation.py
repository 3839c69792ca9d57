"""Tabulations: recognition of columns, and parsing of cells."""

from collections.abc import Callable

import pytest

from scoring import ikm, sheet, tabulation
from scoring.instrument import Instrument
from scoring.tabulation import Tabulation, TabulationError
from tests.scoring import files

NUMBERED = [f"u{number}" for number in range(1, 10)]
EXPORTED = (
    "instrumen,periode,unit,layanan,loket,kanal,urutan,tanggal,jam,jenis_kelamin,umur,pendidikan,"
    "pekerjaan"
)


def read(skm: Instrument, data: bytes, order: str = "peraturan") -> Tabulation:
    return tabulation.read(sheet.parse(data), skm, order)


def warning_codes(result: Tabulation) -> list[str]:
    return [warning.kode for warning in result.warnings]


def error_lines(skm: Instrument, data: bytes) -> list[str]:
    with pytest.raises(TabulationError) as refusal:
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


def test_an_unknown_column_is_refused_with_a_suggestion(skm: Instrument) -> None:
    lines = error_lines(skm, files.csv([*skm.codes, "waktuu", "hobi"], [3] * 11))
    assert lines[0] == 'Kolom "waktuu" tidak dikenal, mungkin maksudnya WAKTU.'
    assert lines[1] == 'Kolom "hobi" tidak dikenal.'
    assert lines[2].startswith("Baris pertama harus berisi judul kolom: kode unsur (PERSYARATAN,")


def test_the_list_of_unknown_columns_is_limited(skm: Instrument) -> None:
    lines = error_lines(skm, files.csv([f"kolom {number}" for number in range(300)]))
    assert len(lines) == tabulation.MAX_LISTED + 3
    assert lines[tabulation.MAX_LISTED] == "… dan 280 kolom lain yang tidak dikenal."


def test_a_missing_column_is_refused_by_number_and_name(skm: Instrument) -> None:
    lines = error_lines(skm, files.csv(skm.codes[:-2], [3] * 7))
    assert lines[0] == (
        "Kolom unsur yang tidak ada: U8 Penanganan pengaduan, saran dan masukan,"
        " U9 Sarana dan prasarana."
    )


def test_a_duplicate_column_is_refused_also_under_another_heading(skm: Instrument) -> None:
    assert error_lines(skm, files.csv([*skm.codes, "waktu"], [3] * 10))[0] == (
        "Kolom WAKTU ada 2 kali; sisakan satu."
    )
    assert "Kolom WAKTU ada 2 kali" in error_lines(skm, files.csv([*skm.codes, "u3"], [3] * 10))[0]
    assert (
        "Kolom no ada 2 kali" in error_lines(skm, files.csv(["no", "No", *skm.codes], [3] * 11))[0]
    )


def test_a_file_without_headings_is_refused(skm: Instrument) -> None:
    assert 'Kolom "3" tidak dikenal.' in error_lines(skm, b"3,3,3,3,3,3,3,3,3\n4,4,4,4,4,4,4,4,4\n")


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


def test_another_order_is_refused(skm: Instrument) -> None:
    with pytest.raises(TabulationError, match="pilih: peraturan, formulir"):
        read(skm, files.csv(NUMBERED, [3] * 9), "abjad")


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


def test_a_column_without_heading_must_be_empty(skm: Instrument) -> None:
    assert read(skm, files.csv([*skm.codes, ""], [*[3] * 9, ""])).responses == ((3,) * 9,)
    assert error_lines(skm, files.csv([*skm.codes, ""], [*[3] * 9, "x"]))[0] == (
        'Baris 2: "x" ada di kolom ke-10 yang tidak berjudul.'
    )


def test_rows_with_only_a_number_are_skipped_with_a_warning(skm: Instrument) -> None:
    rows = [[number, *([3] * 9 if number < 3 else [None] * 9)] for number in range(1, 9)]
    result = read(skm, files.csv(["no", *skm.codes], *rows))
    assert len(result.responses) == 2
    assert warning_codes(result) == ["baris_tanpa_nilai"]
    assert "6 baris tanpa satu pun nilai unsur dilewati (baris 4, 5, 6, 7, 8, …)" in (
        result.warnings[0].teks
    )


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
    assert book == read(skm, files.csv(skm.codes, *rows, delimiter=";"))


def test_a_tabulation_has_the_notes_of_its_sheet(skm: Instrument) -> None:
    data = (
        files.uniform_csv(skm, 3)
        .replace(b"\n", b",unit\n", 1)
        .replace(b"3\n", "3,café\n".encode("cp1252"))
    )
    assert warning_codes(read(skm, data)) == ["pengodean"]
