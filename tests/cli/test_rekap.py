"""`puas rekap`: locked periods of several offices in one table, each checked by recomputing."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Callable, Sequence
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from typer.testing import CliRunner

from cli import rekap
from cli.__main__ import app
from office.papers import period_file
from scoring import ikm, instrument_file, naming
from storage import catalogue
from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.harness import BOTH_DATABASES, Harness
from tests.scoring.cases import CASES
from tests.shell import CompletedCommand, puas

SKM = instrument_file.named("skm-2017")
NINE = (3, 3, 3, 4, 3, 3, 4, 4, 3)
Edit = Callable[[dict[str, Any]], None]


def period_file_of(name: str, threes: int, fours: int, label: str = "2026-TW3") -> dict[str, Any]:
    """The file of an office whose respondents gave 3 on every item, or 4 on every item."""
    mode = ikm.EXACT
    jumlah = dict.fromkeys(SKM.codes, (threes + fours, 3 * threes + 4 * fours))
    score = ikm.score(SKM, {code: {3: threes, 4: fours} for code in SKM.codes}, mode)
    return {
        "berkas": "puas-periode-2", "kantor": name, "kabupaten": "Jakarta Barat",
        "periode": label, "revisi": 0, "instrumen": "skm-2017/1",
        "mode": {"bobot": mode.bobot, "pembulatan": mode.pembulatan},
        "unit": [{
            "nama": name, "n": score.n, "pengguna": None,
            "jumlah": {code: list(sums) for code, sums in jumlah.items()},
            "nrr": {code: str(unsur.nrr) for code, unsur in score.unsur.items()},
            "ikm": str(score.ikm), "mutu": score.mutu,
            "terendah": list(naming.lowest_codes(score)),
            "sidik": period_file.sidik("skm-2017/1", mode, score.n, jumlah),
        }],
        "tindak_lanjut": {"rencana": 3, "selesai": 2},
    }  # fmt: skip


def run_rekap(
    folder: Path, files: Sequence[dict[str, Any]], *more: str, out: str = "rekap.csv"
) -> CompletedCommand:
    """Write these files and run `puas rekap` on them."""
    names = []
    for number, file in enumerate(files):
        path = folder / f"{number}.json"
        path.write_text(json.dumps(file), "utf-8")
        names.append(str(path))
    ended = CliRunner().invoke(app, ["rekap", *names, "--out", str(folder / out), *more])
    return CompletedCommand(ended.exit_code, ended.stdout, ended.stderr)


def table(folder: Path) -> list[dict[str, str]]:
    """The rows of the CSV."""
    return list(csv.DictReader(StringIO((folder / "rekap.csv").read_text("utf-8-sig"))))


def jakarta_barat() -> list[dict[str, Any]]:
    """Eight kecamatan of the published case, as files of 10,000 answers with their IKM."""
    with (CASES / "jakarta-barat-2021-rollup" / "units.csv").open(encoding="utf-8") as file:
        printed = {row["kecamatan"]: row["total_printed"] for row in csv.DictReader(file)}
    period_files = []
    for name, total in printed.items():
        fours = round((float(total) - 75) * 400)
        period_files.append(period_file_of(name, 10_000 - fours, fours))
    return period_files


def test_the_published_city_has_the_mean_it_printed(tmp_path: Path) -> None:
    assert run_rekap(tmp_path, jakarta_barat()).code == 0
    rows = table(tmp_path)
    assert len(rows) == 10
    assert [row["unit"] for row in rows[-2:]] == [
        "Rata-rata unit (tanpa bobot)", "Gabungan semua responden",
    ]  # fmt: skip
    assert (rows[-2]["IKM"], rows[-2]["mutu"], rows[-2]["keterangan"]) == (
        "90.62",
        "A",
        "dari 8 unit",
    )
    assert rows[0]["unit"] == "Cengkareng"
    assert (rows[0]["IKM"], rows[0]["sidik"], rows[0]["tindak lanjut"]) == (
        "88.17", "cocok", "2 dari 3",
    )  # fmt: skip


def test_the_mean_of_units_and_the_pooled_figure_are_two_numbers(tmp_path: Path) -> None:
    assert (
        run_rekap(tmp_path, [period_file_of("Kecil", 10, 0), period_file_of("Besar", 0, 90)]).code
        == 0
    )
    mean, pooled = table(tmp_path)[-2:]
    assert (mean["IKM"], mean["responden"]) == ("87.50", "")
    assert (pooled["IKM"], pooled["responden"]) == ("97.50", "100")
    assert pooled["U8 Penanganan pengaduan, saran dan masukan"] == "3.900"


def test_a_workbook_holds_figures_and_no_formula(tmp_path: Path) -> None:
    office = period_file_of('=HYPERLINK("http://x")', 10, 0)
    assert (
        run_rekap(tmp_path, [office, period_file_of("@SUM(A1)", 5, 5)], out="rekap.xlsx").code == 0
    )
    sheet = python_calamine.load_workbook(str(tmp_path / "rekap.xlsx")).get_sheet_by_index(0)
    rows = sheet.to_python()
    assert {row[1] for row in rows[1:3]} == {'=HYPERLINK("http://x")', "@SUM(A1)"}
    assert rows[1][rows[0].index("IKM")] in (75.0, 87.5)
    run_rekap(tmp_path, [office])
    assert table(tmp_path)[0]["unit"].startswith("'=")


def test_the_workbook_has_room_for_its_headings_and_prints_on_a4(tmp_path: Path) -> None:
    assert run_rekap(tmp_path, [period_file_of("Pakong", 10, 0)], out="rekap.xlsx").code == 0
    with zipfile.ZipFile(tmp_path / "rekap.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    height = re.search(r'<row r="1" ht="(\d+)', sheet)
    assert height is not None
    assert int(height[1]) >= 4 * 15  # Penanganan / pengaduan, / saran dan / masukan
    assert re.search(r'<pageSetup paperSize="9"[^>]* orientation="landscape"', sheet)


@pytest.mark.parametrize(
    "edit",
    [
        lambda unit: unit.update(ikm="99.99"),
        lambda unit: unit.update(n=11),
        lambda unit: unit.update(mutu="A"),
        lambda unit: unit["jumlah"].update(WAKTU=[10, 31]),
        lambda unit: unit["jumlah"].update(WAKTU=[10, 41]),
        lambda unit: unit["jumlah"].update(WAKTU=[11, 33]),
        lambda unit: unit["jumlah"].update(LAIN=[1, 4]),
        lambda unit: unit["nrr"].update(WAKTU="4"),
        lambda unit: unit.update(sidik="0" * 64),
    ],
)
def test_a_file_that_was_changed_is_marked_and_left_out(edit: Edit, tmp_path: Path) -> None:
    changed = period_file_of("Diubah", 10, 0)
    edit(changed["unit"][0])
    ended = run_rekap(tmp_path, [changed, period_file_of("Utuh", 0, 10)])
    rows = {row["unit"]: row for row in table(tmp_path)}
    assert (rows["Diubah"]["sidik"], rows["Diubah"]["IKM"]) == ("TIDAK COCOK", "")
    assert rows["Rata-rata unit (tanpa bobot)"]["IKM"] == "100.00"
    assert rows["Gabungan semua responden"]["responden"] == "10"
    assert "Diubah: angkanya tidak cocok dengan sidiknya" in ended.err


def test_expected_units_without_a_file_are_listed(tmp_path: Path) -> None:
    listed = tmp_path / "unit.txt"
    listed.write_text("Pakong\n\n  kecamatan   waru \nLarangan\n", "utf-8")
    files = [period_file_of("Pakong", 5, 5), period_file_of("Kecamatan Waru", 5, 5)]
    assert run_rekap(tmp_path, files, "--daftar", str(listed)).code == 0
    notes = {row["unit"]: row["keterangan"] for row in table(tmp_path)}
    assert notes["Larangan"] == "belum mengirim"
    assert [name for name, note in notes.items() if note == "belum mengirim"] == ["Larangan"]


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        (
            [period_file_of("A", 5, 5), period_file_of("B", 5, 5, "2026-TW4")],
            "periode tidak sama: 2026-TW3, 2026-TW4",
        ),
        (
            [period_file_of("A", 5, 5), period_file_of("B", 5, 5) | {"instrumen": "skm-2004/1"}],
            "instrumen tidak sama",
        ),
        (
            [
                period_file_of("A", 5, 5),
                period_file_of("B", 5, 5) | {"mode": {"bobot": "0.11", "pembulatan": "tanpa"}},
            ],
            "cara hitung tidak sama: 0.11 tanpa, 1/k tanpa",
        ),
        ([period_file_of("A", 5, 5), period_file_of("A", 6, 5)], "A (A) ada 2 kali"),
        ([period_file_of("A", 5, 5) | {"instrumen": "skm-2017/9"}], "di sini ada skm-2017/1"),
        ([period_file_of("A", 5, 5) | {"instrumen": "../x/1"}], "tidak ada; yang ada"),
        ([{"berkas": "lain"}], "bukan berkas periode"),
        ([period_file_of("A", 5, 5) | {"lebih": 1}], "bukan berkas periode"),
    ],
)
def test_files_that_do_not_belong_together_are_refused(
    files: list[dict[str, Any]], sentence: str, tmp_path: Path
) -> None:
    ended = run_rekap(tmp_path, files)
    assert ended.code == 2
    assert sentence in ended.err
    assert not (tmp_path / "rekap.csv").exists()


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"[" * 100_000, b'{"berkas":', b"x" * (2**20 + 1)]
)
def test_a_file_that_is_no_json_is_refused_with_one_sentence(
    content: bytes, tmp_path: Path
) -> None:
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(period_file.NotAPeriodFile, match="periode"):
        period_file.read(tmp_path / "a.json")
    assert rekap.run([tmp_path / "tidak-ada.json"], tmp_path / "b.csv", None, None) == 2


# --- files that `puas export` wrote -----------------------------------------------------------


async def _rate_and_lock(office: Harness, people: int) -> None:
    await respondents.rate(office, [Respondent(NINE)] * people)
    await office.reaches("2026-10-07 08:00")


@pytest.mark.process
@BOTH_DATABASES
@pytest.mark.http
async def test_the_file_of_a_locked_period_gives_the_same_figures_in_the_table(
    office: Harness,
) -> None:
    await _rate_and_lock(office, 5)
    done = await puas(office, "export", "2026-TW3", "--out", "a.json")
    assert (done.code, done.err) == (0, "")
    text = (office.folder / "a.json").read_text("utf-8")
    assert "telegram" not in text
    ended = await puas(office, "rekap", "a.json", "--out", "rekap.csv")
    assert ended.code == 0, ended.err
    figure = office.stored.office_ikm()[0]
    assert [row["IKM"] for row in table(office.folder)] == [figure] * 3
    assert table(office.folder)[0]["sidik"] == "cocok"


@pytest.mark.process
@pytest.mark.http
async def test_a_period_that_was_counted_but_not_locked_makes_no_file(office: Harness) -> None:
    await respondents.rate(office, [Respondent([3] * 9)] * 6)
    await office.reaches("2026-07-07 09:00")
    refused = await puas(office, "export", "2026-TW3", "--out", "a.json")
    assert (refused.code, "belum dikunci" in refused.err) == (2, True)
    assert not (office.folder / "a.json").exists()


@pytest.mark.process
@BOTH_DATABASES
@pytest.mark.http
async def test_a_period_of_few_people_makes_no_file_and_says_where_it_is_counted(
    office: Harness,
) -> None:
    refused = await puas(office, "export", "2026-TW3", "--out", "a.json")
    assert (refused.code, "belum dikunci" in refused.err) == (2, True)
    await _rate_and_lock(office, 4)
    refused = await puas(office, "export", "2026-TW3", "--out", "a.json")
    assert refused.code == 2
    assert "dihitung bersama Triwulan IV 2026" in refused.err
    unknown = await puas(office, "export", "2025-TW1", "--out", "b.json")
    assert (unknown.code, "2025-TW1" in unknown.err) == (2, True)


@pytest.mark.process
@pytest.mark.http
async def test_units_beside_the_office_are_sums_of_whole_blocks(office: Harness) -> None:
    with office.app.office.database.write() as db:
        catalogue.add_unit(db, "trantib", "Trantib", kerja=False)
        unit = catalogue.units(db)[-1].id
        catalogue.add_service(db, unit, "izin-baru", "Izin baru")
    people = [Respondent(NINE)] * 12 + [Respondent([4] * 9, "izin-baru")] * 3
    await respondents.rate(office, people)
    await office.reaches("2026-10-07 08:00")
    await puas(office, "export", "2026-TW3", "--out", "a.json")
    units = json.loads((office.folder / "a.json").read_text("utf-8"))["unit"]
    assert [unit["n"] for unit in units] == [15]  # the small unit joined the other one


def test_letters_of_the_mean_and_of_all_answers_that_differ_are_named(tmp_path: Path) -> None:
    files = [period_file_of("Kecil", 0, 10), period_file_of("Besar", 900, 100)]
    assert run_rekap(tmp_path, files).code == 0
    mean, pooled = table(tmp_path)[-2:]
    assert (mean["IKM"], mean["mutu"], pooled["IKM"], pooled["mutu"]) == (
        "88.75",
        "A",
        "77.72",
        "B",
    )
    assert "mutunya A menurut rata-rata unit, B menurut gabungan" in mean["keterangan"]


def test_the_mean_of_units_is_rounded_once(tmp_path: Path) -> None:
    """Of 2,999 answers, 76,50216… and 76,501…: their rounded mean would be another one."""
    one, two = period_file_of("A", 2819, 180), period_file_of("B", 2820, 181)
    assert run_rekap(tmp_path, [one, two]).code == 0
    exact = (Fraction(3 * 2819 + 4 * 180, 2999) + Fraction(3 * 2820 + 4 * 181, 3001)) * 25 / 2
    assert table(tmp_path)[-2]["IKM"] == str(ikm.half_up(exact, 2))
