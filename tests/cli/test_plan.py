"""`puas plan`: a plan as a workbook, out and in again."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli import plan
from storage.planning import ikus
from tests.bot import respondents
from tests.bot.respondents import Respondent
from tests.harness import BOTH_DATABASES, Harness
from tests.reports.test_plan_workbook import Rows, book

YEARS: Rows = [["Keterangan", "Isi"], ["Tahun pertama", 2024], ["Tahun terakhir", 2028]]


@pytest.fixture
def config(office: Harness, tmp_path: Path) -> Path:
    """The config file of the scenario's office."""
    path = tmp_path / "config.toml"
    path.write_text(f'[database]\nurl = "{office.url}"\n', "utf-8")
    return path


def written(path: Path, **sheets: Rows) -> Path:
    """A workbook for the plan of these years."""
    path.write_bytes(book(Rencana=YEARS, **sheets))
    return path


@BOTH_DATABASES
async def test_a_plan_goes_out_and_in_again_unchanged(
    office: Harness, config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "rencana.xlsx"
    assert plan.export(out, 2026, config) == 0
    assert plan.export(out, 2026, config) == 2
    assert plan.enter(out, config, dry=False) == 0
    said = capsys.readouterr()
    assert "rencana IKU Periode 2024–2028 ditulis" in said.out
    assert "tidak ada yang berubah" in said.out
    assert "sudah ada; pilih nama lain" in said.err
    assert plan.export(tmp_path / "lain.xlsx", 2040, config) == 2
    assert "Belum ada rencana yang memuat tahun 2040" in capsys.readouterr().err


async def test_targets_of_five_years_come_from_one_file(
    office: Harness, config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows: Rows = [
        ["Kode", "Tahun", "Target"],
        *(["IKM", year, year - 1942] for year in range(2024, 2029)),
    ]
    file = written(tmp_path / "target.xlsx", Target=rows)
    assert plan.enter(file, config, dry=True) == 0
    assert "IKM 2026, target: kosong → 84" in capsys.readouterr().out
    assert office.stored.iku_target_count() == 0
    assert plan.enter(file, config, dry=False) == 0
    assert office.stored.iku_target_count() == 5
    assert office.stored.audit_count("ubah_rencana") == 5


async def test_a_file_with_a_mistake_changes_nothing(
    office: Harness, config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows: Rows = [["Kode", "Tahun", "Target"], ["IKM", 2024, 82], ["IKM", 2025, "banyak"]]
    assert plan.enter(written(tmp_path / "t.xlsx", Target=rows), config, dry=False) == 2
    assert 'Lembar "Target", baris 3, kolom C (Target): "banyak"' in capsys.readouterr().err
    assert office.stored.iku_target_count() == 0


@pytest.mark.slow
async def test_a_figure_of_locked_results_is_not_imported(
    office: Harness, config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await respondents.rate(office, [Respondent((3,) * 9)] * 6)
    await office.reaches("2026-10-07 08:00")
    rows: Rows = [["Kode", "Tahun", "Realisasi", "Sumber"], ["IKM", 2026, 90, "LKIP"]]
    assert plan.enter(written(tmp_path / "r.xlsx", Realisasi=rows), config, dry=False) == 2
    error = capsys.readouterr().err
    assert 'Lembar "Realisasi", baris 2, kolom C (Realisasi): IKM 2026 sudah ada dari bot' in error
    assert "75 (gabungan Triwulan III 2026); kosongkan selnya" in error
    rows[1][1] = 2025
    assert plan.enter(written(tmp_path / "r2.xlsx", Realisasi=rows), config, dry=False) == 0
    assert office.stored.iku_entries() == [(1, "90", "lembar kerja r2.xlsx")]


async def test_years_of_two_plans_are_refused_and_free_ones_make_a_plan(
    office: Harness, config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    heads = ["Sasaran strategis", "Kode", "Indikator", "Formulasi", "Satuan"]
    ikus_rows: Rows = [heads, ["Meningkatnya pelayanan", "IKM", "IKM", "NRR × 25", "Indeks"]]
    for first, last, code in ((2020, 2026, 2), (2029, 2033, 0)):
        years: Rows = [["Keterangan", "Isi"], ["Tahun pertama", first], ["Tahun terakhir", last]]
        file = tmp_path / f"{first}.xlsx"
        file.write_bytes(book(Rencana=years, Sasaran_dan_IKU=ikus_rows))
        assert plan.enter(file, config, dry=False) == code
    said = capsys.readouterr()
    assert "IKU Periode 2018–2023 dan IKU Periode 2024–2028" in said.err
    assert "rencana baru IKU Periode 2029–2033 (2029–2033)" in said.out
    with office.app.office.database.read() as db:
        assert [one.code for one in ikus.of_year(db, 2030)] == ["IKM"]
    assert office.stored.audit_count("rencana_baru") == 1
