"""`puas score`, run as a process like in an office, or in this process for speed."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest

from cli.__main__ import app
from scoring import instrument_file
from tests.scoring import cases, files

ROOT = Path(__file__).parents[2]
SHEETS = ROOT / "tests" / "data" / "sheets"
SEKADAU = str(cases.CASES / "kabupaten-sekadau-2019-s1" / "responses.csv")
SKM = instrument_file.named("skm-2017")
CODES = list(SKM.codes)

Puas = Callable[..., "subprocess.CompletedProcess[str]"]


class Write(Protocol):
    def __call__(self, data: bytes, name: str = "tabulasi.csv") -> str: ...


@pytest.fixture
def puas(tmp_path: Path) -> Puas:
    """Run the program from another folder, in a locale without UTF-8."""

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "cli", *arguments],
            cwd=tmp_path,
            env=os.environ
            | {"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1", "PYTHONIOENCODING": "latin-1"},
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def in_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Puas:
    """Run the program in this process, which is ten times faster."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        with pytest.raises(SystemExit) as end:
            app([*arguments], prog_name="puas")
        return subprocess.CompletedProcess(arguments, int(str(end.value)), *capsys.readouterr())

    return run


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file into the folder where the program runs."""

    def put(data: bytes, name: str = "tabulasi.csv") -> str:
        (tmp_path / name).write_bytes(data)
        return name

    return put


def json_output(done: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    output: dict[str, Any] = json.loads(done.stdout)
    return output


def error_output(done: "subprocess.CompletedProcess[str]") -> str:
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.process
def test_the_version_is_printed_in_well_under_a_second(puas: Puas) -> None:
    started = time.monotonic()
    done = puas("--version")
    assert re.fullmatch(r"puas \d+\.\d+\.\d+\n", done.stdout)
    assert time.monotonic() - started < 3  # generous for a loaded machine; usually a fifth of it


@pytest.mark.process
def test_the_json_has_exactly_the_shape_of_the_contract(puas: Puas) -> None:
    output = json_output(puas("score", SEKADAU, "--json"))
    assert list(output) == [
        *("n", "unsur", "indeks", "ikm", "mutu", "kinerja", "margin", "mode", "peringatan")
    ]
    assert list(output["unsur"]) == CODES
    assert output["unsur"]["PENGADUAN"] == {
        "n": 49,
        "jumlah": 143,
        "nrr": "2.918",
        "nrr_tertimbang": "0.324",
        "nik": "72.96",
        "mutu": "C",
    }
    assert (output["n"], output["indeks"], output["ikm"]) == (49, "3.150", "78.74")
    assert (output["mutu"], output["kinerja"], output["margin"]) == ("B", "Baik", "2.42")
    assert output["mode"] == {"bobot": "1/k", "pembulatan": "tanpa", "instrumen": "skm-2017"}
    assert [set(each) for each in output["peringatan"]] == [{"kode", "teks"}]


@pytest.mark.process
def test_the_table_has_indonesian_numbers_and_warnings(puas: Puas) -> None:
    done = puas("score", SEKADAU, "--populasi", "500")
    assert done.stdout.startswith(
        "IKM 78,74 – B (Baik)\n"
        "49 responden · indeks 3,150 · galat ± 2,42 (95 %, perkiraan: 76,32–81,16)\n"
        "Sampel: 49 responden (9,8 %), diperlukan 217 dari 500 pengguna layanan (Krejcie-Morgan)\n"
        "Cara hitung: skm-2017 · bobot 1/k (k = 9) · pembulatan tanpa · jawaban kosong:"
    )
    assert re.search(r"U8 Penanganan pengaduan, saran dan masukan +49 +143 +2,918 ", done.stdout)
    assert re.search(r"U9 Sarana dan prasarana +49 +159 +3,245 +0,361 +81,12 +B", done.stdout)
    assert "⚠ Kolom u8 dan u9 dibaca menurut urutan peraturan" in done.stdout
    assert "⚠ Responden 49 orang, kurang dari sampel yang diperlukan: 217" in done.stdout
    assert (done.returncode, done.stderr) == (0, "Dibaca: judul kolom di baris 1.\n")


def test_the_option_urutan_formulir_reads_u8_as_sarana(in_process: Puas) -> None:
    output = json_output(in_process("score", SEKADAU, "--urutan", "formulir", "--json"))
    assert (output["unsur"]["SARANA"]["jumlah"], output["unsur"]["PENGADUAN"]["jumlah"]) == (
        143,
        159,
    )
    assert output["ikm"] == "78.74"


def test_a_known_population_checks_the_sample_and_leaves_the_margin(
    in_process: Puas,
) -> None:
    output = json_output(in_process("score", SEKADAU, "--populasi", "55", "--json"))
    assert output["margin"] == "2.42"
    assert [each["kode"] for each in output["peringatan"]] == ["urutan_u8_u9"]
    assert "500" not in str(output["peringatan"])


@pytest.mark.parametrize("population", ["48", "0", "-3"])
def test_fewer_users_than_respondents_is_refused(in_process: Puas, population: str) -> None:
    complaint = error_output(in_process("score", SEKADAU, "--populasi", population))
    assert f"--populasi {population} lebih kecil daripada jumlah responden (49)" in complaint


def test_a_compatibility_mode_is_printed_beside_the_number(in_process: Puas, write: Write) -> None:
    name = write(files.uniform_csv(SKM, *[4] * 14, *[3] * 11))
    done = in_process("score", name, "--bobot", "0.11")
    assert done.stdout.startswith("IKM 88,11 – B (Baik)\n")
    assert "bobot 0.11 (k = 9)" in done.stdout
    assert "⚠ Mutu menurut cara hitung ini B (88,11), sedangkan perhitungan tepat" in done.stdout
    output = json_output(in_process("score", name, "--pembulatan", "indeks2", "--json"))
    assert output["mode"]["pembulatan"] == "indeks2"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--bobot", "0.071"), 'bobot "0.071" tidak berlaku untuk skm-2017 (9 unsur)'),
        (("--pembulatan", "ke atas"), 'pembulatan "ke atas" tidak dikenal; pilih: tanpa,'),
        (("--instrument", "skm-2099"), 'instrumen "skm-2099" tidak ada; yang ada: skm-2004'),
        (("--instrument", "kantor.toml"), "kantor.toml: tidak dapat dibuka"),
        (("--urutan", "abjad"), 'urutan "abjad" tidak dikenal; pilih: peraturan, formulir'),
    ],
)
def test_an_option_that_does_not_fit_is_refused(
    in_process: Puas, options: tuple[str, str], sentence: str
) -> None:
    assert sentence in error_output(in_process("score", SEKADAU, *options))


def test_the_older_instrument_has_its_own_limits(in_process: Puas, write: Write) -> None:
    header = [f"u{number}" for number in range(1, 15)]
    rows = [*[[4] * 14] * 48, *[[3] * 14] * 52]  # 3,48: 87,00
    name = write(files.csv(header, *rows))
    output = json_output(in_process("score", name, "--instrument", "skm-2004", "--json"))
    assert (output["ikm"], output["mutu"], output["mode"]["instrumen"]) == (
        "87.00",
        "A",
        "skm-2004",
    )
    assert output["peringatan"] == []


def test_an_instrument_of_the_office_may_be_given_as_a_file(in_process: Puas, write: Write) -> None:
    text = (instrument_file.SHIPPED / "skm-2017.toml").read_text(encoding="utf-8")
    own = write(text.replace('"88.31"', '"90.00"').encode(), "kantor.toml")
    name = write(files.uniform_csv(SKM, *[4] * 14, *[3] * 11))
    assert json_output(in_process("score", name, "--instrument", own, "--json"))["mutu"] == "B"


@pytest.mark.process
def test_a_workbook_and_a_semicolon_csv_give_the_same(puas: Puas, write: Write) -> None:
    rows: list[list[files.Cell]] = [["3,0", 4, 2, None, 1, 3, 3, 4, 2], [4, 4, 4, 4, 3, 3, 3, 3, 3]]
    csv = puas("score", write(b"\xef\xbb\xbf" + files.csv(CODES, *rows, delimiter=";")), "--json")
    book = puas("score", write(files.xlsx(CODES, *rows)), "--json")
    assert json_output(csv) == json_output(book)
    assert json_output(book)["unsur"]["BIAYA"]["n"] == 1


@pytest.mark.process
def test_invalid_cells_are_all_reported_and_nothing_is_printed(puas: Puas, write: Write) -> None:
    rows: list[list[files.Cell]] = [[3] * 9, [3, 3, 5, *[3] * 6], [3, 3, 3, "x", *[3] * 5]]
    lines = error_output(puas("score", write(files.csv(CODES, *rows)), "--json")).splitlines()
    assert lines[0] == "puas score: tabulasi.csv: tidak dihitung."
    assert lines[1] == 'Baris 3, kolom WAKTU: "5" bukan nilai 1–4.'
    assert lines[2] == 'Baris 4, kolom BIAYA: "x" bukan nilai 1–4.'


@pytest.mark.process
def test_a_file_with_only_headings_has_no_ikm(puas: Puas, write: Write) -> None:
    name = write(files.csv(CODES))
    output = json_output(puas("score", name, "--json"))
    assert (output["n"], output["ikm"], output["mutu"], output["margin"]) == (0, None, None, None)
    assert [each["kode"] for each in output["peringatan"]] == ["belum_ada_jawaban"]
    assert puas("score", name).stdout.startswith("IKM belum dapat dihitung\n0 responden\n")


def test_the_command_accepts_an_unsur_without_answers(in_process: Puas, write: Write) -> None:
    name = write(files.csv(CODES, [3, 3, 3, None, *[3] * 5], [4, 4, 4, None, *[4] * 5]))
    output = json_output(in_process("score", name, "--json"))
    assert (output["indeks"], output["ikm"], output["margin"]) == (None, None, None)
    assert output["unsur"]["BIAYA"] == {
        "n": 0,
        "jumlah": 0,
        "nrr": None,
        "nrr_tertimbang": None,
        "nik": None,
        "mutu": None,
    }
    assert "U4 Biaya/tarif belum dijawab seorang pun" in in_process("score", name).stdout


def test_without_variance_no_margin_is_printed(in_process: Puas, write: Write) -> None:
    name = write(files.uniform_csv(SKM, 4, 4, 4))
    assert json_output(in_process("score", name, "--json"))["margin"] is None
    assert "galat belum dapat dihitung" in in_process("score", name).stdout


def test_a_difference_between_rounded_columns_and_the_index_is_explained(
    in_process: Puas, write: Write
) -> None:
    done = in_process("score", write(files.uniform_csv(SKM, 3, 3, 4)))
    assert (
        "Kolom tertimbang yang tercetak berjumlah 3,330, indeks 3,333: selisih karena pembulatan."
        in done.stdout
    )


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "berkas kosong"),
        (b"\x00\x01\x02", "bukan teks CSV dan bukan lembar kerja"),
        (b"PK\x03\x04\x00", "berkas lembar kerja rusak"),
        (b"nama,umur\nSiti,30\n", "Judul kolom unsur skm-2017 tidak ditemukan"),
    ],
)
def test_a_file_of_another_type_is_refused(
    in_process: Puas, write: Write, data: bytes, sentence: str
) -> None:
    assert sentence in error_output(in_process("score", write(data)))


@pytest.mark.process
def test_a_missing_file_is_refused(puas: Puas, tmp_path: Path) -> None:
    assert "berkas tidak dapat dibuka" in error_output(puas("score", "tidak-ada.csv"))
    assert "berkas tidak dapat dibuka" in error_output(puas("score", str(tmp_path)))


def test_a_workbook_that_promises_four_billion_strings_is_refused(
    in_process: Puas, write: Write
) -> None:
    done = in_process("score", write(files.four_billion_strings(), "jahat.xlsx"))
    assert done.returncode == 2
    assert "jahat.xlsx: tidak dihitung.\nberkas ini tidak dapat dibaca" in done.stderr


@pytest.mark.process
def test_what_is_left_out_is_told_on_standard_error(puas: Puas, write: Write) -> None:
    """A file of one person and two rows of totals was once scored as three people."""
    rows: list[list[files.Cell]] = [[1, *[3] * 9], ["Jumlah", *[3] * 9], ["NRR", *[3] * 9], [2]]
    done = puas("score", write(files.xlsx(["No", *CODES], *rows)), "--json")
    assert json_output(done)["n"] == 1
    assert done.stderr.splitlines() == [
        'Dibaca: lembar "Tabulasi", judul kolom di baris 1.',
        "Tidak dihitung: 2 baris jumlah, rata-rata, atau hitungan lain (baris 3–4).",
        "Tidak dihitung: 1 baris yang disiapkan tetapi kosong (baris 5).",
    ]


def test_one_of_several_sheets_is_read_by_its_name(in_process: Puas) -> None:
    name = str(SHEETS / "04-lembar-kedua.xlsx")
    assert json_output(in_process("score", name, "--json"))["ikm"] == "81.94"
    assert json_output(in_process("score", name, "--json", "--lembar", "data"))["n"] == 6
    assert "Judul kolom unsur skm-2017 tidak ditemukan di lembar" in error_output(
        in_process("score", name, "--lembar", "Petunjuk")
    )
    assert 'Tidak ada lembar bernama "TW1"' in error_output(
        in_process("score", name, "--lembar", "TW1")
    )


def test_printed_nrr_is_scored_without_sums_and_margin(in_process: Puas, write: Write) -> None:
    rows: list[list[files.Cell]] = [[code, "3,345", 20] for code in CODES]
    name = write(files.csv(["unsur", "nrr", "n"], *rows, delimiter=";"))
    options = ("--bobot", "0.111", "--pembulatan", "indeks2+nrr2")
    output = json_output(in_process("score", name, "--json", *options))
    assert (output["ikm"], output["margin"]) == ("83.75", None)
    assert output["mode"] == {
        "bobot": "0.111", "pembulatan": "nrr2+indeks2", "instrumen": "skm-2017"
    }  # fmt: skip
    assert (output["unsur"]["WAKTU"]["n"], output["unsur"]["WAKTU"]["jumlah"]) == (20, None)
    assert re.search(r"U3 Waktu penyelesaian +20 +– +3,345 ", in_process("score", name).stdout)


def test_frequencies_are_scored_with_sums(in_process: Puas) -> None:
    name = str(cases.CASES / "perpusnas-2023" / "frequencies.csv")
    output = json_output(in_process("score", name, "--json", "--populasi", "500"))
    assert (output["n"], output["ikm"], output["unsur"]["WAKTU"]["jumlah"]) == (187, "87.64", 636)
    assert [each["kode"] for each in output["peringatan"]][-2:] == [
        "dari_frekuensi", "sampel_kurang"
    ]  # fmt: skip


def test_an_unsur_of_two_columns_is_shown_with_its_items(in_process: Puas) -> None:
    sheet = str(SHEETS / "09b-u1a.csv")
    output = json_output(in_process("score", sheet, "--json"))
    assert list(output["unsur"]) == CODES
    assert output["unsur"]["PERSYARATAN"] == {
        "n": 1,
        "jumlah": None,
        "nrr": "3.500",
        "nrr_tertimbang": "0.389",
        "nik": "87.50",
        "mutu": "B",
        "n_terbesar": 1,
        "butir": {
            "PERSYARATAN_A": {"n": 1, "jumlah": 4, "nrr": "4.000"},
            "PERSYARATAN_B": {"n": 1, "jumlah": 3, "nrr": "3.000"},
        },
    }
    assert "butir" not in output["unsur"]["WAKTU"]
    assert output["ikm"] == "81.94"
    assert [each["kode"] for each in output["peringatan"]] == ["unsur_berbutir", "urutan_u8_u9"]
    table = in_process("score", sheet).stdout
    assert re.search(r"U1 Persyaratan +1 +– +3,500 +0,389 +87,50 +B", table)
    assert re.search(r"  U1b Persyaratan \(b\) +1 +3 +3,000", table)
    assert "NRR-nya rata-rata NRR kolom-kolom itu." in table


def test_an_instrument_of_items_scores_a_sheet_with_a_column_an_item(
    in_process: Puas, write: Write
) -> None:
    own = ROOT / "tests" / "data" / "instruments" / "skm-berbutir.toml"
    items = instrument_file.load(own)
    name = write(files.uniform_csv(items, 3, 4))
    done = in_process("score", name, "--instrument", str(own))
    assert "IKM 87,50 – B (Baik)" in done.stdout
    assert "bobot 1/k (k = 8)" in done.stdout
    assert re.search(r"U8 Sarana dan prasarana +2 +– +3,500", done.stdout)
