"""The tabulation: its layout, its formulas, and that any spreadsheet comes to the bot's figures."""

import random
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from reports import tables
from reports.papers import Papers, PapersError, ResponseRow, ServiceFigures
from reports.tabulation import recomputes, tabulation_xlsx
from scoring import ikm
from scoring.ikm import Mode, Score, half_up
from tests.reports import sample
from tests.reports.libreoffice import converted, without_values
from tests.reports.sample import SKM, SKM_2004

IKM = "**) IKM unit pelayanan = *) × 25"
ALL_MODES = (
    ikm.EXACT,
    Mode("1/k", "indeks2"),
    Mode("1/k", "nrr2"),
    Mode("0.11", "tanpa"),
    Mode("0.111", "indeks2"),
)


def sheets(xlsx: bytes) -> dict[str, list[list[Any]]]:
    """Name of each sheet -> its rows of values."""
    book = CalamineWorkbook.from_filelike(BytesIO(xlsx))
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }


def footer(rows: Sequence[Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """First cell of each row -> its other cells."""
    return {str(row[0]): row[1:] for row in rows}


def formulas(xlsx: bytes, sheet: int = 1) -> dict[str, str]:
    """Cell -> formula of one sheet, unescaped."""
    with zipfile.ZipFile(BytesIO(xlsx)) as archive:
        xml = archive.read(f"xl/worksheets/sheet{sheet}.xml").decode()
    found = re.findall(r'<c r="([A-Z]+\d+)"[^>]*><f>([^<]*)</f>', xml)
    return {cell: text.replace("&gt;", ">").replace("&quot;", '"') for cell, text in found}


def all_four(n: int, jumlah: int) -> list[ResponseRow]:
    """So many responses whose nilai of all nine unsur sum to `jumlah`."""
    cells, over = divmod(jumlah, 9 * n)
    nilai = [cells + 1] * over + [cells] * (9 * n - over)
    return [ResponseRow("", "kertas", tuple(nilai[at : at + 9])) for at in range(0, 9 * n, 9)]


def of_services(rows: dict[str, list[ResponseRow]], mode: Mode = ikm.EXACT) -> Papers:
    """Papers of these services, calculated in a mode."""
    base = sample.papers([])
    named = [replace(row, service=name) for name, own in rows.items() for row in own]

    def score(own: Sequence[ResponseRow]) -> Score:
        return ikm.score(SKM, ikm.tally_of(SKM, sample.mappings(SKM, own)), mode)

    return replace(
        base,
        score=score(named),
        services=tuple(ServiceFigures(name, False, score(own), True) for name, own in rows.items()),
        respondents=(),
        channels={"kertas": len(named)},
        rows=tuple(named),
    )


def test_the_footer_gives_the_bots_own_figures() -> None:
    papers = sample.papers()

    found = footer(sheets(tabulation_xlsx(papers))["Tabulasi"])

    unsur = papers.score.unsur.values()
    assert found["Jumlah nilai per unsur"] == [each.jumlah for each in unsur]
    assert found["Jumlah jawaban terisi per unsur"] == [each.n for each in unsur]
    assert found["NRR per unsur"] == [float(each.nrr or 0) for each in unsur]
    assert found["NRR tertimbang per unsur"] == [float(each.nrr_tertimbang or 0) for each in unsur]
    assert found["Mutu per unsur"] == [each.mutu for each in unsur]
    assert found[IKM][0] == float(papers.score.ikm or 0)
    assert (found["Mutu"][0], found["Kinerja"][0]) == (papers.score.mutu, papers.score.kinerja)


def test_a_row_is_one_persons_answers_and_a_skipped_one_stays_empty() -> None:
    papers = sample.papers()

    rows = sheets(tabulation_xlsx(papers))["Tabulasi"]

    start = next(at for at, row in enumerate(rows) if row[0] == "No") + 1
    written = [tuple(row) for row in rows[start : start + 142]]
    expected = [
        (number, *(nilai or "" for nilai in row.answers))
        for number, row in enumerate(papers.rows, 1)
    ]
    assert written == expected


def test_u8_and_u9_carry_their_names() -> None:
    rows = sheets(tabulation_xlsx(sample.papers()))["Tabulasi"]
    head = next(row for row in rows if row[0] == "No")
    assert head[8:10] == ["U8 Penanganan pengaduan, saran dan masukan", "U9 Sarana dan prasarana"]


def test_every_figure_of_the_footer_is_a_formula_over_the_answers() -> None:
    found = formulas(tabulation_xlsx(sample.papers()))

    assert found["B150"] == "SUM(B8:B149)"
    assert found["B151"] == "COUNT(B8:B149)"
    assert found["B152"] == 'IF(B151=0,"–",B150/B151)'
    assert found["B153"] == 'IF(ISNUMBER(B152),B152*1/9,"–")'
    assert found["B155"] == 'IF(COUNT(B153:J153)=9,SUM(B153:J153),"belum dapat dihitung")'
    assert found["B156"] == 'IF(ISNUMBER(B155),ROUND(ROUND(B155*25,10),2),"belum dapat dihitung")'
    assert '>=88.31,"A",IF(' in found["B157"]


def test_each_service_shown_has_a_sheet_and_no_other() -> None:
    papers = sample.papers()
    hidden = replace(papers.services[0], shown=False)

    names = list(sheets(tabulation_xlsx(replace(papers, services=(hidden, *papers.services[1:])))))

    assert names == [
        *("Tabulasi", "Kartu Keluarga (KK)", "Surat keterangan tidak mampu (S", "Pindah datang"),
        *("Legalisasi", "lainnya", "Responden", "Kualitas data", "Tindak lanjut", "Metode"),
    ]


def test_the_study_of_the_questionnaire_has_a_sheet_of_its_own() -> None:
    papers = sample.papers(sample.drawn() + sample.alike(n=6))  # three of the drawn are, too
    rows = sheets(tabulation_xlsx(papers))["Kualitas data"]
    told = {row[0]: row[1] for row in rows}
    assert told["Cronbach's alpha (andal mulai 0,70)"] == tables.alpha(papers)
    assert told["Memberi nilai yang sama untuk semua unsur"] == 9
    assert told["Laki-laki"] == 74
    assert -1 <= told["U3 Waktu penyelesaian"] <= 1
    assert "Kualitas data" not in sheets(tabulation_xlsx(replace(papers, quality=None)))


def test_the_respondents_of_each_block_are_as_many_as_answered() -> None:
    rows = sheets(tabulation_xlsx(sample.papers()))["Responden"]
    totals = [row[1] for row in rows if row[0] == "Jumlah"]
    assert totals == [142] * 5


def test_the_method_names_what_a_reader_needs_to_check_the_figure() -> None:
    told = footer(sheets(tabulation_xlsx(sample.papers()))["Metode"])

    assert told["Bobot"][0] == "1/9"
    assert told["Jawaban kosong"][0].startswith("rerata_per_unsur")
    assert told["Sidik masukan"][0] == sample.papers().fingerprint
    assert told["Keadaan angka"][0] == "terkunci 8 Oktober 2026"
    assert "selisih karena pembulatan" in told["Catatan"][0]


def test_follow_up_is_told_as_planned_and_as_done() -> None:
    rows = sheets(tabulation_xlsx(sample.papers()))["Tindak lanjut"]
    assert ["1", "U3 Waktu penyelesaian"] in [row[:2] for row in rows]
    assert rows[-1][0] == "Terlaksana: 2 dari 3 (66,7\u00a0%)"


@pytest.mark.parametrize("n", [0, 1, 4])
def test_few_answers_make_a_sheet_too(n: int) -> None:
    papers = sample.papers(sample.drawn(n=n))

    found = footer(sheets(tabulation_xlsx(papers))["Tabulasi"])

    told = papers.score.ikm
    assert found[IKM][0] == ("belum dapat dihitung" if told is None else float(told))


def test_an_unsur_that_nobody_answered_leaves_the_index_uncomputed() -> None:
    rows = [replace(row, answers=(None, *row.answers[1:])) for row in sample.drawn()]

    found = footer(sheets(tabulation_xlsx(sample.papers(rows)))["Tabulasi"])

    assert found["NRR per unsur"][0] == found["Mutu per unsur"][0] == "–"
    assert found[IKM][0] == "belum dapat dihitung"


def test_fourteen_unsur_are_weighed_with_a_fourteenth() -> None:
    papers = sample.papers(used=SKM_2004)
    xlsx = tabulation_xlsx(papers)

    assert formulas(xlsx)["O153"] == 'IF(ISNUMBER(O152),O152*1/14,"–")'
    assert footer(sheets(xlsx)["Tabulasi"])[IKM][0] == float(papers.score.ikm or 0)


def test_without_rows_the_sums_are_given_and_the_rest_is_calculated() -> None:
    papers = sample.papers()
    xlsx = tabulation_xlsx(replace(papers, rows=()))

    assert footer(sheets(xlsx)["Tabulasi"])["Jumlah nilai per unsur"][0] == 497
    assert formulas(xlsx)["B10"] == 'IF(B9=0,"–",B8/B9)'


@pytest.mark.parametrize("text", sample.HOSTILE)
def test_what_somebody_typed_is_kept_and_is_never_a_formula(text: str) -> None:
    xlsx = tabulation_xlsx(sample.hostile(text))

    own = formulas(tabulation_xlsx(sample.papers()))
    assert formulas(xlsx) == own
    cells = {cell for rows in sheets(xlsx).values() for row in rows for cell in row}
    kept = re.sub("[\x00\x07\ud800]", "\ufffd", text)
    assert kept in cells
    with zipfile.ZipFile(BytesIO(xlsx)) as archive:
        assert not [name for name in archive.namelist() if "rels" in name and "sheet" in name]


def test_papers_that_contradict_themselves_are_refused() -> None:
    papers = sample.papers()
    other = sample.score(SKM, papers.rows[:-1])

    with pytest.raises(PapersError, match="Jenis kelamin: 142, padahal 141 responden"):
        tabulation_xlsx(replace(papers, score=other))
    with pytest.raises(PapersError, match="semua layanan: nilai U1"):
        tabulation_xlsx(replace(papers, rows=papers.rows[:-1]))


def test_the_same_papers_give_the_same_bytes() -> None:
    assert tabulation_xlsx(sample.papers()) == tabulation_xlsx(sample.papers())


def as_a_spreadsheet_would(score: Score) -> Decimal:
    """The IKM in binary fractions, rounded as spreadsheets do: by the decimal that is meant."""

    def rounded(value: float, places: int) -> float:
        return float(half_up(Decimal(repr(value)), places))

    weights = ikm.weights(score.instrument, score.mode)
    total = 0.0
    for code, unsur in score.unsur.items():
        nrr = unsur.jumlah / unsur.n
        if score.mode.pembulatan == "nrr2":
            nrr = rounded(rounded(nrr, 10), 2)
        total += nrr * weights[code].numerator / weights[code].denominator
    if score.mode.pembulatan == "indeks2":
        total = rounded(rounded(total, 10), 2)
    return half_up(Decimal(repr(rounded(rounded(total * 25, 10), 2))), 2)


@given(st.integers(1, 400), st.randoms(use_true_random=False), st.sampled_from(ALL_MODES))
def test_binary_fractions_come_to_the_exact_figure(
    n: int, chance: random.Random, mode: Mode
) -> None:
    tally = {code: {k: chance.randint(1, n) for k in (0, 1, 2, 3, 4)} for code in SKM.codes}

    score = ikm.score(SKM, tally, mode)

    assert not recomputes(score) or as_a_spreadsheet_would(score) == score.ikm


HALVES = range(369, 1441, 54)  # of 40 responses, each sum makes an IKM that is an exact half


@pytest.mark.parametrize("jumlah", HALVES)
def test_an_exact_half_goes_up_in_binary_fractions_too(jumlah: int) -> None:
    score = sample.score(SKM, all_four(40, jumlah))

    assert Fraction(jumlah, 360) * 2500 % 1 == Fraction(1, 2)
    assert recomputes(score)
    assert as_a_spreadsheet_would(score) == score.ikm


def test_a_figure_too_close_to_a_half_to_recompute_is_written_as_a_number() -> None:
    score = close_to_a_half()
    papers = replace(sample.papers([]), score=score, respondents=(), channels={"telegram": score.n})

    xlsx = tabulation_xlsx(papers)

    assert not recomputes(score)
    assert footer(sheets(xlsx)["Tabulasi"])[IKM][0] == float(score.ikm or 0)
    assert "B14" not in formulas(xlsx)
    assert any("terlalu dekat" in str(row[0]) for row in sheets(xlsx)["Tabulasi"])


def close_to_a_half() -> Score:
    """Two unsur of a prime number of answers each, so chosen that the sum all but hits a half."""
    first, second = 100_003, 99_991
    wanted = Fraction(9 * 14_723, 5_000) - 21  # makes (wanted + 7 × 3) ÷ 9 × 25 = 73,615
    whole = round(wanted * first * second)
    upper = 3 * first + whole * pow(second, -1, first) % first
    lower = (whole - upper * second) // first
    tally = {code: {0: 3, 3: 100_000} for code in SKM.codes}
    tally |= {"PERSYARATAN": evenly(first, upper), "PROSEDUR": {0: 12, **evenly(second, lower)}}
    return ikm.score(SKM, tally)


def evenly(n: int, jumlah: int) -> dict[int, int]:
    """So many answers with that sum, of two neighbouring nilai."""
    nilai, over = divmod(jumlah, n)
    return {nilai: n - over, nilai + 1: over}


@pytest.mark.libreoffice
def test_libreoffice_comes_to_the_same_figures(tmp_path: Path) -> None:
    halves = {f"setengah {jumlah}": all_four(40, jumlah) for jumlah in HALVES}
    drawn = {f"acak {n}": list(sample.drawn(n=n, seed=n)) for n in (5, 37, 142)}
    books = {
        f"mode{at}.xlsx": tabulation_xlsx(of_services(halves | drawn, mode))
        for at, mode in enumerate(ALL_MODES)
    }
    books |= {"2004.xlsx": tabulation_xlsx(sample.papers(used=SKM_2004))}
    books |= {"kosong.xlsx": tabulation_xlsx(sample.papers([]))}
    stripped = {name: without_values(xlsx) for name, xlsx in books.items()}

    recomputed = converted(stripped, "xlsx", tmp_path)

    assert recomputed.keys() == {name.removesuffix(".xlsx") for name in books}
    for name, xlsx in books.items():
        assert_same(sheets(xlsx), sheets(recomputed[name.removesuffix(".xlsx")]))


def assert_same(ours: dict[str, list[list[Any]]], theirs: dict[str, list[list[Any]]]) -> None:
    """Every value is the same, an IKM and every sum to the last digit."""
    assert ours.keys() == theirs.keys()
    for name, rows in ours.items():
        for row, other in zip(rows, theirs[name], strict=True):
            loose = "NRR" in str(row[0]) or name == "Responden"
            expected = pytest.approx(row, abs=1e-9) if loose else row
            assert other[: len(row)] == expected, f"{name}: {row[0]}"
