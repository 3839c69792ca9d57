"""The index of the unit heads, calculated by hand for the three meanings of the printed 7."""

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import ikm, unit_index, unit_instrument_file
from scoring.unit_instrument import NotReadable, UnitInstrument
from tests.scoring import units

DEFAULT = unit_instrument_file.named("unit-pakong-contoh")
TWO_BY_TWO = units.form(units.TWO_BY_TWO)
SEVEN_POINTS = units.form(units.SEVEN_POINTS)
THREE_AND_ONE = units.form(units.THREE_AND_ONE)
FORMS = [DEFAULT, TWO_BY_TWO, SEVEN_POINTS, THREE_AND_ONE]

Rating = dict[str, int | None]


def uniform_rating(instrument: UnitInstrument, nilai: int | None) -> Rating:
    return dict.fromkeys(instrument.codes, nilai)


def scored(instrument: UnitInstrument, heads: list[Rating]) -> unit_index.UnitScore:
    return unit_index.score(instrument, ikm.tally_of(instrument, heads))


def warning_codes(score: unit_index.UnitScore) -> list[str]:
    return [warning.kode for warning in score.warnings]


def test_seven_as_the_number_of_indikator_by_hand() -> None:
    """A: (mean of 4 3 2 = 3) + (mean of 3 4 = 3,5) over 2 = 3,25; B: (2 + 4) over 2 = 3.

    3,25 × 0,6 + 3 × 0,4 = 3,15; × 25 = 78,75. The divisor is the form's own, here 2.
    """
    heads: list[Rating] = [
        {"A_1": 4, "A_2": 3, "B_1": 2, "B_2": 4},
        {"A_1": 3, "A_2": 4, "B_1": 2, "B_2": None},
        {"A_1": 2, "A_2": None, "B_1": 2},
    ]
    result = scored(TWO_BY_TWO, heads)
    assert (result.n, result.indeks, result.nilai) == (3, Fraction("3.15"), Decimal("78.75"))
    assert (result.indikator["A_2"].n, result.indikator["A_2"].mean) == (2, Fraction(7, 2))
    a, b = result.aspek["A"], result.aspek["B"]
    assert (a.value, a.contribution, a.nilai) == (
        Fraction(13, 4),
        Fraction("1.95"),
        Decimal("81.25"),
    )
    assert (b.value, b.contribution, b.nilai) == (Fraction(3), Fraction("1.2"), Decimal(75))
    assert (result.formula, result.warnings) == ("unit-1 jumlah_indikator 2", ())


def test_seven_as_the_top_of_the_scale_by_hand() -> None:
    """A: 6/7 × 0,25 + 5/7 × 0,75 = 0,75; B: 7/7 × 1 = 1; 0,75 × 0,6 + 1 × 0,4 = 0,85."""
    heads: list[Rating] = [{"A_1": 7, "A_2": 4, "B_1": 7}, {"A_1": 5, "A_2": 6, "B_1": 7}]
    result = scored(SEVEN_POINTS, heads)
    assert (result.n, result.indeks, result.nilai) == (2, Fraction("0.85"), Decimal("85.00"))
    assert (result.aspek["A"].value, result.aspek["B"].contribution) == (
        Fraction(3, 4),
        Fraction("0.4"),
    )
    assert result.formula == "unit-1 skala_maks 7"


def test_seven_as_the_number_of_heads_by_hand() -> None:
    """A_1: (4 + 3 + 2) ÷ 3 = 3; A_2: (3 + 4) ÷ 2 = 3,5; A_3: 4 ÷ 1 = 4; B_1: (2 + 2 + 2) ÷ 3 = 2.

    A: 3 × 0,5 + 3,5 × 0,3 + 4 × 0,2 = 3,35; B: 2; 3,35 × 0,6 + 2 × 0,4 = 2,81; × 25 = 70,25. Three
    heads answered, so three divide, whatever number is printed.
    """
    heads: list[Rating] = [
        {"A_1": 4, "A_2": 3, "A_3": None, "B_1": 2},
        {"A_1": 3, "A_2": 4, "A_3": 4, "B_1": 2},
        {"A_1": 2, "B_1": 2},
    ]
    result = scored(THREE_AND_ONE, heads)
    assert (result.n, result.indeks, result.nilai) == (3, Fraction("2.81"), Decimal("70.25"))
    assert (result.aspek["A"].value, result.aspek["B"].value) == (Fraction("3.35"), Fraction(2))
    assert result.formula == "unit-1 jumlah_penilai 7"
    assert (THREE_AND_ONE.minimum, THREE_AND_ONE.maximum) == (Fraction(25), Fraction(100))


@pytest.mark.slow
@given(st.lists(st.lists(st.integers(1, 4), min_size=21, max_size=21), min_size=7, max_size=7))
def test_seven_heads_of_seven_equal_indikator_get_the_same_index_in_both_readings(
    rated: list[list[int]],
) -> None:
    by_heads = DEFAULT.read_as("jumlah_penilai")
    heads: list[Rating] = [dict(zip(DEFAULT.codes, row, strict=True)) for row in rated]
    assert by_heads.aspek[0].bobot_indikator["TARGET_JELAS"] == Fraction(1, 7)
    assert scored(by_heads, heads).nilai == scored(DEFAULT, heads).nilai
    assert by_heads.series != DEFAULT.series


def test_a_form_is_read_in_another_way_only_where_its_shape_allows_it() -> None:
    assert DEFAULT.read_as("jumlah_indikator") == DEFAULT
    with pytest.raises(NotReadable, match="jawabannya 1–4, bukan sampai 7"):
        DEFAULT.read_as("skala_maks")
    with pytest.raises(NotReadable, match="tidak setiap aspek memuat 7 indikator"):
        THREE_AND_ONE.read_as("jumlah_indikator")
    seven_points = SEVEN_POINTS.read_as("jumlah_penilai")
    assert (seven_points.conversion, seven_points.minimum) == (Fraction(100, 7), Fraction(100, 7))


def test_the_default_form_of_three_times_seven_by_hand() -> None:
    """(3 + 3 + 4) ÷ 3 = 10/3; × 25 = 83,333…"""
    support: Rating = {item.code: 4 for item in DEFAULT.aspek[2].items}
    result = scored(DEFAULT, [uniform_rating(DEFAULT, 3) | support] * 7)
    assert (result.indeks, result.nilai) == (Fraction(10, 3), Decimal("83.33"))
    assert [str(aspek.nilai) for aspek in result.aspek.values()] == ["75.00", "75.00", "100.00"]


def test_an_indikator_without_answers_gives_a_warning_and_no_index() -> None:
    heads = [uniform_rating(TWO_BY_TWO, 3) | {"B_2": None}] * 2
    result = scored(TWO_BY_TWO, heads)
    assert (result.indeks, result.nilai, result.aspek["B"].nilai) == (None, None, None)
    assert result.aspek["A"].nilai == 75
    assert warning_codes(result) == ["indikator_kosong"]
    assert result.warnings[0].teks == (
        "Belum dijawab seorang pun: 2.2 Indikator B_2. Indeks belum dapat dihitung."
    )


def test_a_single_head_gives_an_index_and_a_warning() -> None:
    result = scored(TWO_BY_TWO, [uniform_rating(TWO_BY_TWO, 3)])
    assert (result.n, result.nilai, warning_codes(result)) == (1, Decimal(75), ["satu_penilai"])


def test_no_head_at_all_gives_no_figure() -> None:
    result = scored(DEFAULT, [])
    assert (result.n, result.nilai, warning_codes(result)) == (0, None, ["belum_ada_penilai"])


def test_a_nilai_off_the_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="5 is not on the scale"):
        scored(DEFAULT, [uniform_rating(DEFAULT, 5)])
    with pytest.raises(ValueError, match="'WAKTU' is not an item"):
        unit_index.score(DEFAULT, {"WAKTU": {3: 1}})


A, B = {"A_1": "1", "A_2": "1"}, {"B_1": "1", "B_2": "1"}
ARTI_PEMBAGI = "jumlah_indikator"
OTHER_SERIES = {
    "code": units.TWO_BY_TWO.replace("unit-kecil", "unit-lain"),
    "scale": units.form_file(ARTI_PEMBAGI, 2, 5, {"A": ("0.6", A), "B": ("0.4", B)}),
    "bobot aspek": units.form_file(ARTI_PEMBAGI, 2, 4, {"A": ("0.5", A), "B": ("0.5", B)}),
    "bobot indikator": units.form_file(
        ARTI_PEMBAGI, 2, 4, {"A": ("0.6", {"A_1": "0.5", "A_2": "1.5"}), "B": ("0.4", B)}
    ),
    "arti_pembagi": units.SEVEN_POINTS,
    "another reading of the same questions": units.form_file(
        "jumlah_penilai",
        2,
        4,
        {
            "A": ("0.6", dict.fromkeys(A, "1/2")),
            "B": ("0.4", dict.fromkeys(B, "1/2")),
        },
    ),
}


@pytest.mark.parametrize("difference", OTHER_SERIES)
def test_another_form_or_weight_is_another_series(difference: str) -> None:
    other = units.form(OTHER_SERIES[difference])
    before = scored(TWO_BY_TWO, [uniform_rating(TWO_BY_TWO, 3)])
    after = scored(other, [uniform_rating(other, 4)])
    assert other.series != TWO_BY_TWO.series
    assert unit_index.change(before, after) is None


def test_texts_order_and_version_keep_the_series() -> None:
    for text in (
        units.TWO_BY_TWO.replace("version = 1", "version = 2"),
        units.form_file(ARTI_PEMBAGI, 2, 4, {"B": ("0.4", B), "A": ("0.6", A)}),
    ):
        other = units.form(text)
        assert other != TWO_BY_TWO
        assert other.series == TWO_BY_TWO.series


def test_within_a_series_the_change_is_computed() -> None:
    before, after, none = (
        scored(TWO_BY_TWO, [uniform_rating(TWO_BY_TWO, nilai)]) for nilai in (3, 4, None)
    )
    assert unit_index.change(before, after) == Decimal("25.00")
    assert unit_index.change(before, none) is None


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
def test_a_result_is_rebuilt_from_its_stored_inputs(form: UnitInstrument) -> None:
    tally = ikm.tally_of(form, [uniform_rating(form, 3), uniform_rating(form, None)])
    stored = json.loads(json.dumps(unit_index.inputs(form, tally)))
    assert unit_index.rebuilt(form, stored) == unit_index.score(form, tally)


def test_inputs_of_another_form_are_not_rebuilt() -> None:
    stored = unit_index.inputs(TWO_BY_TWO, ikm.tally_of(TWO_BY_TWO, []))
    with pytest.raises(unit_index.OtherInstrument, match="unit-kecil/1"):
        unit_index.rebuilt(DEFAULT, stored)


def ratings(form: UnitInstrument) -> st.SearchStrategy[list[Rating]]:
    nilai = st.sampled_from((None, *form.steps))
    return st.lists(st.fixed_dictionaries(dict.fromkeys(form.codes, nilai)), max_size=9)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
def test_everybody_answering_k_gives_100_times_k_over_the_highest_nilai(
    form: UnitInstrument,
) -> None:
    for k in form.steps:
        result = scored(form, [uniform_rating(form, k)] * 5)
        assert result.nilai == ikm.half_up(Fraction(100 * k, form.scale[1]), 2)
    assert (form.minimum, form.maximum) == (Fraction(100, form.scale[1]), Fraction(100))


@pytest.mark.slow
@given(st.sampled_from(FORMS).flatmap(lambda form: st.tuples(st.just(form), ratings(form))))
def test_every_index_lies_between_minimum_and_maximum(
    drawn: tuple[UnitInstrument, list[Rating]],
) -> None:
    form, heads = drawn
    result = scored(form, heads)
    answered = all(any(head[code] for head in heads) for code in form.codes)
    assert (result.indeks is not None) == answered
    if result.indeks is not None:
        assert form.minimum <= result.indeks * form.conversion <= form.maximum


@pytest.mark.slow
@given(
    st.sampled_from(FORMS).flatmap(
        lambda form: st.tuples(st.just(form), ratings(form), st.sampled_from(form.codes))
    )
)
def test_a_better_answer_never_lowers_the_index(
    drawn: tuple[UnitInstrument, list[Rating], str],
) -> None:
    form, heads, code = drawn
    heads = [uniform_rating(form, 2), *heads]
    better = [heads[0] | {code: 3}, *heads[1:]]
    before, after = (scored(form, each).indeks for each in (heads, better))
    assert before is not None
    assert after is not None
    assert after > before


@given(ratings(TWO_BY_TWO))
def test_the_order_of_heads_does_not_change_the_inputs(heads: list[Rating]) -> None:
    shuffled = sorted(heads, key=str)
    one, other = (
        unit_index.inputs(TWO_BY_TWO, ikm.tally_of(TWO_BY_TWO, each)) for each in (heads, shuffled)
    )
    assert json.dumps(one) == json.dumps(other)
