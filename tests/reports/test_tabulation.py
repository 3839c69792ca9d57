"""The tabulation: its layout and its formulas, with which a spreadsheet gives the same figures."""

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
from reports.papers import Breakdown, Papers, PapersError, PartFigures
from reports.tabulation import recomputes, tabulation_xlsx
from scoring import ikm
from scoring.ikm import Mode, Score, half_up
from tests.reports import sample
from tests.reports.libreoffice import converted, without_values
from tests.reports.sample import ITEMS, SKM, SKM_2004, ResponseRow

IKM = "**) IKM unit pelayanan = *) × 25"
ALL_MODES = (
    ikm.EXACT,
    Mode("1/k", "indeks2"),
    Mode("1/k", "nrr2"),
    Mode("0.11", "tanpa"),
    Mode("0.111", "indeks2"),
)


def sheets(xlsx: bytes) -> dict[str, list[list[Any]]]:
    """The values of each sheet, by its name."""
    book = CalamineWorkbook.from_filelike(BytesIO(xlsx))
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }


def by_first_cell(rows: Sequence[Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """The other cells of each row, by its first cell."""
    return {str(row[0]): row[1:] for row in rows}


def formulas(xlsx: bytes, sheet: int = 1) -> dict[str, str]:
    """The formulas of one sheet, by their cells."""
    with zipfile.ZipFile(BytesIO(xlsx)) as archive:
        xml = archive.read(f"xl/worksheets/sheet{sheet}.xml").decode()
    pairs = re.findall(r'<c r="([A-Z]+\d+)"[^>]*><f>([^<]*)</f>', xml)
    return {cell: text.replace("&gt;", ">").replace("&quot;", '"') for cell, text in pairs}


def rows_with_sum(n: int, jumlah: int) -> list[ResponseRow]:
    """`n` responses; the nilai of all nine unsur together sum to `jumlah`."""
    low, rest = divmod(jumlah, 9 * n)
    nilai = [low + 1] * rest + [low] * (9 * n - rest)
    return [ResponseRow("", "kertas", tuple(nilai[i : i + 9])) for i in range(0, 9 * n, 9)]


def papers_of(rows: dict[str, list[ResponseRow]], mode: Mode = ikm.EXACT) -> Papers:
    """Papers with these services, calculated in this mode."""
    empty = sample.papers([])
    all_rows = [replace(row, service=name) for name, own in rows.items() for row in own]

    def score(own: Sequence[ResponseRow]) -> Score:
        return ikm.score(SKM, ikm.tally_of(SKM, sample.answers_of(SKM, own)), mode)

    total = score(all_rows)
    return replace(
        empty,
        score=total,
        ikm=total.ikm,
        received=total.n,
        services=tuple(
            PartFigures(name, score(own), len(own), provisional=True) for name, own in rows.items()
        ),
        respondents=unanswered(total.n),
        channels={"kertas": len(all_rows)},
        rows=tuple(row.answers for row in all_rows),
    )


def unanswered(n: int) -> tuple[Breakdown, ...]:
    """Breakdowns of so many respondents who all declined."""
    return tuple(
        Breakdown(each.code, each.name["id"], (("Tidak menjawab", n),)) for each in SKM.attributes
    )


def test_the_totals_are_the_figures_of_the_score() -> None:
    papers = sample.papers()

    totals = by_first_cell(sheets(tabulation_xlsx(papers))["Tabulasi"])

    unsur = papers.score.unsur.values()
    assert totals["Jumlah nilai per unsur"] == [each.jumlah for each in unsur]
    assert totals["Jumlah jawaban terisi per unsur"] == [each.n for each in unsur]
    assert totals["NRR per unsur"] == [float(each.nrr or 0) for each in unsur]
    assert totals["NRR tertimbang per unsur"] == [float(each.nrr_tertimbang or 0) for each in unsur]
    assert totals["Mutu per unsur"] == [each.mutu for each in unsur]
    assert totals[IKM][0] == float(papers.score.ikm or 0)
    assert (totals["Mutu"][0], totals["Kinerja"][0]) == (papers.score.mutu, papers.score.kinerja)


@pytest.mark.slow
def test_a_row_has_the_answers_of_one_response_and_a_skipped_answer_is_empty() -> None:
    papers = sample.papers()

    rows = sheets(tabulation_xlsx(papers))["Tabulasi"]

    start = [row[0] for row in rows].index("No") + 1
    written = [tuple(row) for row in rows[start : start + 142]]
    expected = [
        (number, *(nilai or "" for nilai in row)) for number, row in enumerate(papers.rows, 1)
    ]
    assert written == expected


def test_the_columns_of_u8_and_u9_have_their_names() -> None:
    rows = sheets(tabulation_xlsx(sample.papers()))["Tabulasi"]
    head = next(row for row in rows if row[0] == "No")
    assert head[8:10] == ["U8 Penanganan pengaduan, saran dan masukan", "U9 Sarana dan prasarana"]


def test_every_total_is_a_formula_of_the_answers() -> None:
    cells = formulas(tabulation_xlsx(sample.papers()))

    assert cells["B150"] == "SUM(B8:B149)"
    assert cells["B151"] == "COUNT(B8:B149)"
    assert cells["B152"] == 'IF(B151=0,"–",B150/B151)'
    assert cells["B153"] == 'IF(ISNUMBER(B152),B152*1/9,"–")'
    assert cells["B155"] == 'IF(COUNT(B153:J153)=9,SUM(B153:J153),"belum dapat dihitung")'
    assert cells["B156"] == 'IF(ISNUMBER(B155),ROUND(ROUND(B155*25,10),2),"belum dapat dihitung")'
    assert '>=88.31,"A",IF(' in cells["B157"]


def test_a_service_has_a_sheet_of_its_totals_without_a_single_answer() -> None:
    papers = sample.papers()

    made = sheets(tabulation_xlsx(papers))

    assert list(made) == [
        *("Tabulasi", "KTP-el", "Kartu Keluarga (KK)", "Surat keterangan tidak mampu (S"),
        *("Pindah datang", "Legalisasi", "digabung"),
        *("Responden", "Kualitas data", "Tindak lanjut", "Metode"),
    ]
    for service, rows in zip(papers.services, list(made.values())[1:], strict=False):
        totals = by_first_cell(rows)
        assert totals["Jumlah nilai per unsur"] == [u.jumlah for u in service.score.unsur.values()]
        assert totals[IKM][0] == float(service.score.ikm or 0)
        assert rows[[row[0] for row in rows].index("No") + 1][0] == "Jumlah nilai per unsur"


def test_the_reason_stands_in_the_place_of_rows_that_may_not_be_shown() -> None:
    papers = replace(sample.papers(), rows=(), rows_note="Jawaban satu per satu tidak dimuat.")

    made = sheets(tabulation_xlsx(papers))

    assert ["Jawaban satu per satu tidak dimuat." in row for row in made["Tabulasi"]].count(True)
    assert not any("tidak dimuat." in str(row[0]) for row in made["KTP-el"])


def test_the_mean_of_periods_stands_beside_the_ikm_of_all_answers() -> None:
    papers = replace(sample.papers(), method="rerata_periode", ikm=Decimal("79.50"), mutu="B")

    totals = by_first_cell(sheets(tabulation_xlsx(papers))["Tabulasi"])

    assert totals[IKM.replace("IKM", "IKM gabungan")][0] == 85.72
    assert totals["IKM rerata periode"][0] == 79.5
    assert totals["Mutu IKM rerata periode"][0] == "B"


def test_services_and_units_are_listed_with_how_many_of_their_responses_count() -> None:
    papers = sample.papers()
    first, *others = papers.services
    parts = (replace(first, received=first.score.n + 3), *others)
    papers = replace(papers, services=parts, units=(replace(first, name="Desa Bandungan"), *others))

    rows = by_first_cell(sheets(tabulation_xlsx(papers))["Responden"])

    assert rows["KTP-el"][0] == f"{first.score.n} dari {first.score.n + 3}"
    assert rows["Desa Bandungan"][:3] == [first.score.n, float(first.score.ikm or 0), "B"]
    assert rows["Legalisasi"][3] == "responden sedikit"


def test_the_data_quality_has_its_own_sheet() -> None:
    papers = sample.papers(
        sample.random_rows() + sample.uniform_rows(n=6)
    )  # three of the random rows are uniform, too
    rows = sheets(tabulation_xlsx(papers))["Kualitas data"]
    values = {row[0]: row[1] for row in rows}
    assert values["Cronbach's alpha (andal mulai 0,70)"] == tables.alpha_text(papers)
    assert values["Memberi nilai yang sama untuk semua unsur"] == 9
    assert -1 <= values["U3 Waktu penyelesaian"] <= 1
    assert "Kualitas data" not in sheets(tabulation_xlsx(replace(papers, quality=None)))


def test_every_breakdown_sums_to_the_number_of_respondents() -> None:
    rows = sheets(tabulation_xlsx(sample.papers()))["Responden"]
    totals = [row[1] for row in rows if row[0] == "Jumlah"]
    assert totals == [142] * 5


def test_the_method_has_the_data_to_check_the_ikm() -> None:
    method = by_first_cell(sheets(tabulation_xlsx(sample.papers()))["Metode"])

    assert method["Bobot"][0] == "1/9"
    assert method["Jawaban kosong"][0].startswith("rerata_per_unsur")
    assert method["Sidik masukan"][0] == sample.papers().fingerprint
    assert method["Terkunci"][0] == "8 Oktober 2026"
    assert "selisih karena pembulatan" in method["Catatan"][0]


def test_the_follow_up_has_the_plan_and_its_realisation() -> None:
    rows = sheets(tabulation_xlsx(sample.papers()))["Tindak lanjut"]
    assert ["1", "U3 Waktu penyelesaian"] in [row[:2] for row in rows]
    assert rows[-1][0] == "Terlaksana: 2 dari 3 (66,7\u00a0%)"


@pytest.mark.parametrize("n", [0, 1])
def test_a_tabulation_of_few_responses_is_made(n: int) -> None:
    papers = sample.papers(sample.random_rows(n=n))

    totals = by_first_cell(sheets(tabulation_xlsx(papers))["Tabulasi"])

    expected = papers.score.ikm
    assert totals[IKM][0] == ("belum dapat dihitung" if expected is None else float(expected))


def test_there_is_no_ikm_when_nobody_answered_an_unsur() -> None:
    rows = [replace(row, answers=(None, *row.answers[1:])) for row in sample.random_rows()]

    totals = by_first_cell(sheets(tabulation_xlsx(sample.papers(rows)))["Tabulasi"])

    assert totals["NRR per unsur"][0] == totals["Mutu per unsur"][0] == "–"
    assert totals[IKM][0] == "belum dapat dihitung"


def test_the_weight_of_each_of_fourteen_unsur_is_a_fourteenth() -> None:
    papers = sample.papers(used=SKM_2004)
    xlsx = tabulation_xlsx(papers)

    assert formulas(xlsx)["O153"] == 'IF(ISNUMBER(O152),O152*1/14,"–")'
    assert by_first_cell(sheets(xlsx)["Tabulasi"])[IKM][0] == float(papers.score.ikm or 0)


def test_without_rows_the_sums_are_numbers_and_the_rest_are_formulas() -> None:
    papers = sample.papers()
    xlsx = tabulation_xlsx(replace(papers, rows=()))

    assert by_first_cell(sheets(xlsx)["Tabulasi"])["Jumlah nilai per unsur"][0] == 497
    assert formulas(xlsx)["B10"] == 'IF(B9=0,"–",B8/B9)'


@pytest.mark.slow
@pytest.mark.parametrize("text", sample.HOSTILE)
def test_typed_text_is_kept_and_is_never_a_formula(text: str) -> None:
    xlsx = tabulation_xlsx(sample.hostile(text))

    own = formulas(tabulation_xlsx(sample.papers()))
    assert formulas(xlsx) == own
    cells = {cell for rows in sheets(xlsx).values() for row in rows for cell in row}
    kept = re.sub("[\x00\x07\ud800]", "\ufffd", text)
    assert kept in cells
    with zipfile.ZipFile(BytesIO(xlsx)) as archive:
        assert not [name for name in archive.namelist() if "rels" in name and "sheet" in name]


def test_papers_with_totals_that_differ_are_refused() -> None:
    papers = sample.papers()
    other = sample.score(SKM, sample.with_joined_services(sample.random_rows())[:-1])

    with pytest.raises(PapersError, match="Jenis kelamin: 142, padahal 141 responden"):
        tabulation_xlsx(replace(papers, score=other))
    with pytest.raises(PapersError, match="nilai U1 Persyaratan pada baris jawaban"):
        tabulation_xlsx(replace(papers, rows=papers.rows[:-1]))


@pytest.mark.slow
def test_the_same_papers_give_the_same_bytes() -> None:
    assert tabulation_xlsx(sample.papers()) == tabulation_xlsx(sample.papers())


def spreadsheet_ikm(score: Score) -> Decimal:
    """The IKM in binary fractions, with the rounding of the formulas and of spreadsheets."""

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
def test_a_spreadsheet_gives_the_exact_ikm_where_the_formula_is_used(
    n: int, rng: random.Random, mode: Mode
) -> None:
    tally = {code: {k: rng.randint(1, n) for k in (0, 1, 2, 3, 4)} for code in SKM.codes}

    score = ikm.score(SKM, tally, mode)

    assert not recomputes(score) or spreadsheet_ikm(score) == score.ikm


HALVES = range(369, 1441, 54)  # with 40 responses, each sum gives an IKM that is exactly a half


@pytest.mark.parametrize("jumlah", HALVES)
def test_a_spreadsheet_rounds_an_exact_half_up(jumlah: int) -> None:
    score = sample.score(SKM, rows_with_sum(40, jumlah))

    assert Fraction(jumlah, 360) * 2500 % 1 == Fraction(1, 2)
    assert recomputes(score)
    assert spreadsheet_ikm(score) == score.ikm


def test_an_ikm_too_close_to_a_half_is_written_as_a_number() -> None:
    score = close_to_a_half()
    papers = replace(
        sample.papers([]),
        score=score,
        received=score.n,
        respondents=unanswered(score.n),
        channels={"telegram": score.n},
    )

    xlsx = tabulation_xlsx(papers)

    assert not recomputes(score)
    assert by_first_cell(sheets(xlsx)["Tabulasi"])[IKM][0] == float(score.ikm or 0)
    assert "B14" not in formulas(xlsx)
    assert any("terlalu dekat" in str(row[0]) for row in sheets(xlsx)["Tabulasi"])


def close_to_a_half() -> Score:
    """An IKM very close to a half: two unsur have prime numbers of answers and chosen sums."""
    first, second = 100_003, 99_991
    target = Fraction(9 * 14_723, 5_000) - 21  # gives (target + 7 × 3) ÷ 9 × 25 = 73,615
    product = round(target * first * second)
    upper = 3 * first + product * pow(second, -1, first) % first
    lower = (product - upper * second) // first
    tally = {code: {0: 3, 3: 100_000} for code in SKM.codes}
    tally |= {
        "PERSYARATAN": answers_with_sum(first, upper),
        "PROSEDUR": {0: 12, **answers_with_sum(second, lower)},
    }
    return ikm.score(SKM, tally)


def answers_with_sum(n: int, jumlah: int) -> dict[int, int]:
    """A tally of `n` answers with this sum, of two neighbouring nilai."""
    nilai, rest = divmod(jumlah, n)
    return {nilai: n - rest, nilai + 1: rest}


@pytest.mark.libreoffice
def test_libreoffice_calculates_the_same_figures(tmp_path: Path) -> None:
    halves = {f"setengah {jumlah}": rows_with_sum(40, jumlah) for jumlah in HALVES}
    random_services = {f"acak {n}": list(sample.random_rows(n=n, seed=n)) for n in (5, 37, 142)}
    books = {
        f"mode{number}.xlsx": tabulation_xlsx(papers_of(halves | random_services, mode))
        for number, mode in enumerate(ALL_MODES)
    }
    books |= {"2004.xlsx": tabulation_xlsx(sample.papers(used=SKM_2004))}
    books |= {"butir.xlsx": tabulation_xlsx(sample.papers(used=ITEMS))}
    books |= {"kosong.xlsx": tabulation_xlsx(sample.papers([]))}
    stripped = {name: without_values(xlsx) for name, xlsx in books.items()}

    recomputed = converted(stripped, "xlsx", tmp_path)

    assert recomputed.keys() == {name.removesuffix(".xlsx") for name in books}
    for name, xlsx in books.items():
        assert_same(sheets(xlsx), sheets(recomputed[name.removesuffix(".xlsx")]))


def assert_same(ours: dict[str, list[list[Any]]], theirs: dict[str, list[list[Any]]]) -> None:
    """Every value is the same; only NRR and shares may differ in the last digits."""
    assert ours.keys() == theirs.keys()
    for name, rows in ours.items():
        for row, other in zip(rows, theirs[name], strict=True):
            approximate = "NRR" in str(row[0]) or name == "Responden"
            expected = pytest.approx(row, abs=1e-9) if approximate else row
            assert other[: len(row)] == expected, f"{name}: {row[0]}"
