"""The picture in the summary message: its size, its fonts, and unusual data."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import typst
from PIL import ImageFont

from reports import rendering
from reports.pictures import ikm_picture
from reports.pictures.ikm_picture import Bar, IkmPicture, PictureError, ikm_png
from tests.reports.rendered import decoded, edges_are_white, templates_with_min_text_size

UNSUR = (
    ("Persyaratan", "3.474", "B"),
    ("Sistem, mekanisme, dan prosedur", "3.380", "B"),
    ("Waktu penyelesaian", "2.990", "C"),
    ("Biaya/tarif", "3.710", "A"),
    ("Produk spesifikasi jenis pelayanan", "3.460", "B"),
    ("Kompetensi pelaksana", "3.570", "A"),
    ("Perilaku pelaksana", "3.760", "A"),
    ("Penanganan pengaduan, saran dan masukan", "3.060", "C"),
    ("Sarana dan prasarana", "3.110", "B"),
)
PAKONG = IkmPicture(
    office="Kecamatan Pakong",
    period="Triwulan III 2026",
    span="1 Jul–30 Sep 2026",
    ikm=Decimal("84.76"),
    mutu="B",
    kinerja="Baik",
    bars=tuple(
        Bar(label, f"U{number}", Decimal(nrr), mutu)
        for number, (label, nrr, mutu) in enumerate(UNSUR, 1)
    ),
    respondents="142 responden dari 146 yang diperlukan; perkiraan 83,3–86,3",
    change="Naik 2,86 dari Triwulan II (81,90); kenaikannya nyata",
    trend=(
        ("TW III 2025", Decimal("79.12")),
        ("TW IV 2025", Decimal("80.35")),
        ("TW I 2026", Decimal("83.02")),
        ("TW II 2026", Decimal("81.90")),
    ),
    target=Decimal(83),
    target_text="target 83 tercapai",
)
HOSTILE = (
    "#panic()",
    '#read("/etc/passwd")',
    "*_$ `x` = - + / @a <b> \\u{41} //",
    "<b>tebal</b>",
    "\u202eكيامتن\u202c مرحبا",
    "😀👨\u200d👩\u200d👧🇮🇩 ⚠\ufe0f",
    '"}],"bars":[',
    "\x00\x07\ud800",
    "baris\nkedua\tdan tab",
    "漢字",
    "",
)


def with_text(text: str) -> IkmPicture:
    """Pakong's picture with this text in place of every text."""
    return replace(
        PAKONG,
        office=text,
        period=text,
        span=text,
        mutu=text,
        kinerja=text,
        respondents=text,
        change=text,
        target_text=text,
        bars=tuple(Bar(text, text, bar.nrr, text) for bar in PAKONG.bars),
        trend=tuple((text, ikm) for _, ikm in PAKONG.trend),
    )


def with_bars(change: Callable[[int, Bar], Bar]) -> IkmPicture:
    return replace(PAKONG, bars=tuple(change(index, bar) for index, bar in enumerate(PAKONG.bars)))


def test_the_picture_is_1080_pixels_wide_and_small_for_a_slow_network() -> None:
    png = ikm_png(PAKONG)

    width, height = decoded(png).size
    assert width == 1080
    assert 1200 <= height <= 1600
    assert len(png) < 300_000


def test_no_text_is_smaller_than_28_pixels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rendering.PIXELS_PER_INCH == 72  # one typst point is one pixel

    monkeypatch.setattr(rendering, "FOLDER", templates_with_min_text_size("28pt", tmp_path / "28"))
    ikm_png(PAKONG)
    monkeypatch.setattr(
        rendering, "FOLDER", templates_with_min_text_size("28.1pt", tmp_path / "more")
    )
    with pytest.raises(PictureError, match="too small"):
        ikm_png(PAKONG)


def test_the_shipped_fonts_are_the_only_ones() -> None:
    fonts = rendering._fonts(rendering.FONTS).fonts()

    assert {Path(face.path or "").parent for face in fonts} == {rendering.FONTS}
    assert {(face.family, face.style, face.weight) for face in fonts} == rendering.FACES
    assert "SIL OPEN FONT LICENSE" in (rendering.FONTS / "OFL.txt").read_text()


def test_a_missing_font_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(rendering.FONTS / "Inter-Regular.otf", tmp_path)
    monkeypatch.setattr(rendering, "FONTS", tmp_path)

    with pytest.raises(PictureError, match="fonts"):
        ikm_png(PAKONG)


def test_a_warning_of_typst_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ikm.typ").write_text('#set text(font: "Comic Neue")\nIKM')
    monkeypatch.setattr(rendering, "FOLDER", tmp_path)

    with pytest.raises(PictureError, match="unknown font family: comic neue"):
        ikm_png(PAKONG)


def test_a_second_page_or_a_missing_template_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "FOLDER", tmp_path)

    with pytest.raises(PictureError):
        ikm_png(PAKONG)
    (tmp_path / "ikm.typ").write_text("#pagebreak()")
    with pytest.raises(PictureError, match="more than one page"):
        ikm_png(PAKONG)


def test_a_crash_inside_typst_is_an_error_too(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):  # the name of the exception in PyO3
        pass

    def crashes(*_: object, **__: object) -> None:
        raise PanicException("index out of bounds")

    monkeypatch.setattr(typst, "compile_with_warnings", crashes)

    with pytest.raises(PictureError, match="index out of bounds"):
        ikm_png(PAKONG)


@pytest.mark.parametrize("text", HOSTILE)
def test_typed_text_is_never_run_as_code(text: str) -> None:
    image = decoded(ikm_png(with_text(text)))

    assert image.width == 1080
    assert 1000 <= image.height <= 2000


def test_typed_markup_is_printed_unchanged() -> None:
    starred = replace(PAKONG, office="*Kecamatan* #emph[Pakong]")

    assert rendering.printable(starred.office) == starred.office
    assert ikm_png(starred) != ikm_png(PAKONG)


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("Pelayanan 😀 cepat", "Pelayanan cepat"),
        ("⚠\ufe0f Biaya", "⚠ Biaya"),
        ("Kantor \u202eمرحبا\u202c Pakong", "Kantor ? Pakong"),
        ("satu\n\ndua\u00ad", "satu dua"),
        ("60\u00a0% ± 1,5 × ▲▼", "60\u00a0% ± 1,5 × ▲▼"),
        ("Se\u0301leraan", "Séleraan"),
    ],
)
def test_characters_without_a_glyph_are_left_out(typed: str, drawn: str) -> None:
    assert rendering.printable(typed) == drawn


@pytest.mark.slow
@pytest.mark.parametrize("file", ["Inter-Regular.otf", "Inter-SemiBold.otf"])
def test_every_printable_character_has_a_glyph(file: str) -> None:
    font = ImageFont.truetype(rendering.FONTS / file, 28)
    missing = bytes(font.getmask("\u0378"))  # an unassigned code point
    printable = [each for each in map(chr, range(0x10000)) if rendering.printable(each) == each]

    assert bytes(font.getmask("漢")) == missing
    assert set("▲▼±×–·%⚠áé") < set(printable)
    assert not [each for each in printable if bytes(font.getmask(each)) == missing]


def test_an_unsur_that_nobody_answered_is_drawn_and_not_marked_as_lowest() -> None:
    missing = with_bars(lambda index, bar: replace(bar, nrr=None, mutu=None) if index == 2 else bar)

    data = ikm_picture._data(missing)

    assert [bar["lowest"] for bar in data["bars"]].index(True) == 7  # type: ignore[attr-defined] # a list
    assert decoded(ikm_png(missing)).size == decoded(ikm_png(PAKONG)).size


def test_a_picture_without_answers_and_without_optional_lines_is_drawn() -> None:
    bare = with_bars(lambda _, bar: replace(bar, nrr=None, mutu=None))
    bare = replace(bare, change=None, trend=(), target=None, target_text=None)

    assert decoded(ikm_png(bare)).height < decoded(ikm_png(PAKONG)).height


def test_without_an_earlier_period_the_rule_is_drawn_below_the_comma_of_the_figure() -> None:
    """The rule is the first full row of one colour; the ink of the comma ends above it."""
    first = replace(PAKONG, change=None, trend=(), target=None, target_text=None)
    grey = decoded(ikm_png(first)).convert("L")
    bright, width = grey.tobytes(), grey.width
    rows = [bright[y * width + 60 : y * width + 1020] for y in range(300, 560)]

    rule = next(y for y, row in enumerate(rows) if max(row) < 255 and min(row) > 150)
    comma = max(y for y, row in enumerate(rows[:rule]) if min(row) < 60)

    assert rule - comma > 15


def test_the_target_is_a_dashed_line_through_the_trend() -> None:
    without = replace(PAKONG, target=None, target_text=None)

    assert ikm_png(without) != ikm_png(replace(PAKONG, target_text=None))
    assert decoded(ikm_png(without)).size == decoded(ikm_png(PAKONG)).size


@pytest.mark.parametrize("target", ["0", "83", "1000"])
def test_a_target_off_the_scale_of_the_trend_stays_in_the_picture(target: str) -> None:
    image = decoded(ikm_png(replace(PAKONG, target=Decimal(target))))

    assert image.size == decoded(ikm_png(PAKONG)).size
    assert edges_are_white(image, 40)


def test_the_lowest_unsur_is_marked_unless_all_are_equal() -> None:
    equal = with_bars(lambda _, bar: replace(bar, nrr=Decimal(3), mutu="C"))

    assert ikm_picture._lowest(PAKONG.bars) == Decimal("2.990")
    assert ikm_picture._lowest(equal.bars) is None


def test_the_fourteen_unsur_of_2004_fit_in_the_picture() -> None:
    fourteen = tuple(
        Bar("Kedisiplinan petugas pelayanan", f"U{number}", 1 + Decimal(number * 3) / 14, "B")
        for number in range(1, 15)
    )

    width, height = decoded(ikm_png(replace(PAKONG, bars=fourteen))).size

    assert width == 1080
    assert height < 2000


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Kantor Penanganan " * 90, "W" * 2000, "kata-kata/" * 99])
def test_a_very_long_name_stays_inside_the_margins(name: str) -> None:
    image = decoded(ikm_png(with_text(name)))

    assert image.height < 2000
    assert edges_are_white(image, 40)


@pytest.mark.parametrize("wrong", ["0.99", "4.01", "NaN", "Infinity"])
def test_a_value_outside_the_scale_is_refused(wrong: str) -> None:
    with pytest.raises(PictureError):
        ikm_png(with_bars(lambda _, bar: replace(bar, nrr=Decimal(wrong))))
    with pytest.raises(PictureError):
        ikm_png(replace(PAKONG, ikm=Decimal(wrong)))


@pytest.mark.process
def test_the_same_input_gives_the_same_bytes_in_another_process() -> None:
    code = (
        "import sys; from tests.reports.test_ikm_picture import PAKONG, ikm_png; "
        "sys.stdout.buffer.write(ikm_png(PAKONG))"
    )
    root = str(rendering.FOLDER.parents[1])

    process = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": root},
    )

    assert process.stdout == ikm_png(PAKONG)
