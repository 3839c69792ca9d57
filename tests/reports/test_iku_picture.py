"""The pictures of the IKU and of the unit heads' index: size, text size, and unusual data."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from reports import rendering
from reports.pictures.iku_picture import (
    IkuPicture,
    IkuRow,
    ProgressPicture,
    YearPoint,
    iku_png,
    progress_png,
)
from reports.pictures.unit_picture import AspekBar, UnitPicture, unit_png
from reports.rendering import PictureError
from tests.reports.rendered import (
    LONG,
    WIDE,
    decoded,
    edges_are_white,
    templates_with_min_text_size,
)
from tests.reports.sample import HOSTILE

UNITS = UnitPicture(
    office="Kecamatan Pakong",
    period="Semester I 2026",
    days="1 Jan–30 Jun 2026",
    indeks=Decimal("76.19"),
    span=(Decimal(25), Decimal(100)),
    scale=(1, 4),
    bars=(
        AspekBar("Perencanaan dan pengukuran kinerja", Decimal("3.10")),
        AspekBar("Pelaporan dan evaluasi kinerja", Decimal("2.86")),
        AspekBar("Dukungan kepada unit kerja", Decimal("3.18")),
    ),
    filled="6 dari 7 unit mengisi",
    change="▲ 2,10 dari Semester II 2025 (74,09)",
)
IKM = IkuRow(
    "Indeks Kepuasan Masyarakat (IKM)", "83", "83,43", Decimal("100.518"), "Sangat tinggi",
    note="gabungan TW I–TW IV 2026",
)  # fmt: skip
NO_TARGET = IkuRow("Desa tertib administrasi", "0", "8,33 %", None, None, reason="target 0")
TABLE = IkuPicture(
    "Kecamatan Pakong",
    "Tahun 2026",
    (
        IKM,
        IkuRow("Indeks kepuasan unit kerja", "80", "76,19", Decimal("95.24"), "Sangat tinggi"),
        IkuRow("Nilai hasil evaluasi SAKIP", "70 (BB)", "71,35 BB", Decimal("101.93"), "Tinggi"),
        NO_TARGET,
        IkuRow("Lama pengaduan", "3 hari", "9 hari", Decimal(-100), "Sangat rendah"),
    ),
    "Capaian tidak dibatasi 100 %.",
)
PROGRESS = ProgressPicture(
    "Kecamatan Pakong",
    "Indeks Kepuasan Masyarakat (IKM)",
    "83,43",
    "83",
    "Capaian 100,52 % · Sangat tinggi",
    (
        YearPoint("2023", Decimal("79.95"), Decimal(80), marked=True),
        YearPoint("2024", None, Decimal(81)),
        YearPoint("2025", Decimal("82.02"), None),
        YearPoint("2026", Decimal("83.43"), Decimal(83)),
    ),
    "Angka 2023 dari LKjIP.",
)


def draw_all(text: str | None = None) -> list[bytes]:
    """The three pictures, with this text in place of every text."""
    if text is None:
        return [unit_png(UNITS), iku_png(TABLE), progress_png(PROGRESS)]
    bars = tuple(replace(bar, label=text) for bar in UNITS.bars)
    unit = replace(
        UNITS, office=text, period=text, days=text, bars=bars, filled=text, change=text, note=text
    )
    row = IkuRow(text, text, text, Decimal(90), text, note=text)
    progress = ProgressPicture(
        text,
        text,
        text,
        text,
        text,
        tuple(replace(point, label=text) for point in PROGRESS.points),
        text,
    )
    table = IkuPicture(text, text, (row, replace(row, capaian=None, reason=text or "-")), text)
    return [unit_png(unit), iku_png(table), progress_png(progress)]


def test_every_picture_is_1080_pixels_wide_and_small_for_a_slow_network() -> None:
    for png in draw_all():
        width, height = decoded(png).size

        assert width == 1080
        assert 900 <= height <= 1700
        assert len(png) < 200_000


def test_no_text_is_smaller_than_28_pixels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "FOLDER", templates_with_min_text_size("28pt", tmp_path / "28"))
    draw_all()

    monkeypatch.setattr(
        rendering, "FOLDER", templates_with_min_text_size("28.1pt", tmp_path / "more")
    )
    with pytest.raises(PictureError, match="too small"):
        unit_png(UNITS)
    with pytest.raises(PictureError, match="too small"):
        iku_png(TABLE)
    with pytest.raises(PictureError, match="too small"):
        progress_png(PROGRESS)


@pytest.mark.slow
@pytest.mark.parametrize("text", [*HOSTILE, LONG, WIDE, ""])
def test_typed_text_is_never_run_as_code_and_stays_inside_the_margins(text: str) -> None:
    for png in draw_all(text):
        image = decoded(png)

        assert image.width == 1080
        assert image.height < 2200
        assert edges_are_white(image, 40)


def test_a_unit_index_without_aspek_is_drawn_with_a_note() -> None:
    few = replace(UNITS, bars=(), filled="3 dari 7 unit mengisi", note="Aspek mulai 5 pengisi.")

    assert decoded(unit_png(few)).height < decoded(unit_png(UNITS)).height


def test_an_aspek_that_nobody_answered_is_drawn_without_a_bar() -> None:
    unanswered = replace(UNITS, bars=tuple(replace(bar, nilai=None) for bar in UNITS.bars))

    assert decoded(unit_png(unanswered)).height == decoded(unit_png(UNITS)).height


@pytest.mark.parametrize("indeks", ["24.99", "100.01", "NaN", "Infinity"])
def test_an_index_outside_its_range_is_refused(indeks: str) -> None:
    with pytest.raises(PictureError):
        unit_png(replace(UNITS, indeks=Decimal(indeks)))


def test_a_missing_capaian_needs_its_reason() -> None:
    with pytest.raises(PictureError, match="without a reason"):
        iku_png(replace(TABLE, rows=(replace(NO_TARGET, reason=None),)))


@pytest.mark.parametrize("count", [0, 8, 30])
def test_a_table_of_any_length_fits_in_one_picture(count: int) -> None:
    image = decoded(iku_png(replace(TABLE, rows=(IKM,) * count)))

    assert image.width == 1080
    assert image.height < 2200


def test_an_indicator_without_any_figure_has_no_picture() -> None:
    with pytest.raises(PictureError, match="no figures"):
        progress_png(replace(PROGRESS, points=(YearPoint("2026", None, None),)))


def test_one_year_and_twenty_years_are_drawn() -> None:
    year = YearPoint("2026", Decimal(83), Decimal(83))

    for count in (1, 20):
        assert decoded(progress_png(replace(PROGRESS, points=(year,) * count))).width == 1080


def test_the_same_figures_give_the_same_bytes() -> None:
    assert draw_all() == draw_all()
