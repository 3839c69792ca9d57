"""Several questions under one unsur: its NRR is the mean of theirs."""

import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given

from scoring import ikm, instrument_file, naming, precision
from scoring.ikm import Mode, Score
from scoring.instrument import Instrument, Unsur
from scoring.instrument_file import InstrumentError
from scoring.moments import Moments, moments
from tests import independent as twin
from tests.scoring.test_properties import Row, rows_of

SKM = instrument_file.named("skm-2017")
FILE = Path(__file__).parents[1] / "data" / "instruments" / "skm-berbutir.toml"
ITEMS = instrument_file.load(FILE)
GROUPS = [[ITEMS.codes.index(code) for code in unsur.items] for unsur in ITEMS.unsur]


def scored(instrument: Instrument, rows: list[Row], mode: Mode = ikm.EXACT) -> Score:
    return ikm.score(instrument, ikm.tally_of(instrument, rows), mode)


def of(instrument: Instrument, rows: list[Row]) -> Moments:
    return moments(instrument.codes, ((row, 1) for row in rows))


def everybody(nilai: int, **others: int | None) -> Row:
    """A response with this nilai everywhere but in the items named."""
    return dict.fromkeys(ITEMS.codes, nilai) | others


def divided(instrument: Instrument, code: str) -> Instrument:
    """The instrument with an unsur asked twice."""
    halves = [replace(instrument.item(code), code=f"{code}_{end}") for end in "AB"]
    items = [
        each for item in instrument.items for each in (halves if item.code == code else [item])
    ]
    grouped = (
        replace(unsur, items=tuple(each.code for each in halves)) if unsur.code == code else unsur
        for unsur in instrument.unsur
    )
    order = tuple(item.code for item in items)
    return replace(instrument, items=tuple(items), grouped=tuple(grouped), form_order=order)


# --- the mean of the items -------------------------------------------------------------------


def test_the_nrr_of_an_unsur_is_the_mean_of_its_items() -> None:
    score = scored(
        ITEMS,
        [
            everybody(3, PERSYARATAN_KEJELASAN=4, PERSYARATAN_KESESUAIAN=1),
            everybody(3, PERSYARATAN_KEJELASAN=3, PERSYARATAN_KESESUAIAN=None),
        ],
    )
    unsur = score.unsur["PERSYARATAN"]
    # (7/2 + 1/1 + 6/2) ÷ 3 = 2,5; the other seven unsur have 3: (2,5 + 21) ÷ 8 × 25 = 73,4375.
    assert (unsur.nrr, unsur.nrr_tertimbang) == (Fraction(5, 2), Fraction(5, 16))
    assert (unsur.n, unsur.most, unsur.jumlah) == (1, 2, 14)
    assert (unsur.nik, unsur.mutu, score.ikm) == (Decimal("62.50"), "D", Decimal("73.44"))
    assert score.items["PERSYARATAN_KEJELASAN"].nrr == Fraction(7, 2)


def test_an_item_that_nobody_answered_leaves_the_unsur_to_the_others_and_is_told() -> None:
    score = scored(ITEMS, [everybody(3, WAKTU_TUNGGU=None, WAKTU_SELESAI=4, WAKTU_JANJI=1)] * 2)
    assert score.items["WAKTU_TUNGGU"].nrr is None
    assert (score.unsur["WAKTU"].nrr, score.unsur["WAKTU"].n) == (Fraction(5, 2), 2)
    (warning,) = score.warnings
    assert warning.kode == "butir_kosong"
    assert warning.teks == (
        "Butir U3a Waktu menunggu belum dijawab seorang pun: NRR unsur U3 dihitung dari butir"
        " lainnya."
    )


def test_an_unsur_of_which_no_item_is_answered_leaves_the_ikm_uncomputable() -> None:
    nothing = dict.fromkeys((code for code in ITEMS.codes if code.startswith("SARANA")), None)
    score = scored(ITEMS, [everybody(3) | nothing])
    assert (score.ikm, score.unsur["SARANA"].n, score.unsur["SARANA"].nrr) == (None, 0, None)
    assert [each.kode for each in score.warnings] == ["unsur_kosong"]


def test_rounding_and_weights_of_a_mode_are_those_of_the_unsur() -> None:
    rows = [everybody(3, PERSYARATAN_KEJELASAN=4), everybody(3), everybody(3)]
    # U1 = (10/3 + 3 + 3) ÷ 3 = 28/9 = 3,11 after rounding; IKM = 3,11 + 7 × 3 = 24,11 × 25 ÷ 8.
    score = scored(ITEMS, rows, Mode("0.125", "nrr2"))
    assert score.unsur["PERSYARATAN"].nrr == Fraction("3.11")
    assert score.items["PERSYARATAN_KEJELASAN"].nrr == Fraction(10, 3)
    assert score.ikm == Decimal("75.34")
    assert {*ikm.weights(ITEMS).values()} == {Fraction(1, 8)}


@pytest.mark.slow
@given(rows_of(SKM))
def test_an_instrument_that_names_an_unsur_for_each_item_gives_todays_figures(
    rows: list[Row],
) -> None:
    own = tuple(Unsur(each.code, each.name, each.source, (each.code,)) for each in SKM.items)
    named = replace(SKM, grouped=own)
    assert named.series == SKM.series
    before, after = scored(SKM, rows), scored(named, rows)
    assert (after.unsur, after.ikm, after.warnings) == (before.unsur, before.ikm, before.warnings)
    sums = of(SKM, rows)
    assert precision.margin(after, sums) == precision.margin(before, sums)
    assert naming.lower_unsur(after, sums) == naming.lower_unsur(before, sums)


@pytest.mark.slow
@given(rows_of(SKM))
def test_an_unsur_asked_twice_with_equal_answers_changes_no_figure(rows: list[Row]) -> None:
    twice = divided(SKM, "WAKTU")
    doubled = [row | {"WAKTU_A": row["WAKTU"], "WAKTU_B": row["WAKTU"]} for row in rows]
    before, after = scored(SKM, rows), scored(twice, doubled)
    figures = [(each.code, each.n, each.nrr, each.nik, each.mutu) for each in before.unsur.values()]
    assert figures == [
        (each.code, each.n, each.nrr, each.nik, each.mutu) for each in after.unsur.values()
    ]
    assert (before.indeks, before.ikm) == (after.indeks, after.ikm)
    assert precision.margin(before, of(SKM, rows)) == precision.margin(after, of(twice, doubled))
    assert naming.lower_unsur(before, of(SKM, rows)) == naming.lower_unsur(
        after, of(twice, doubled)
    )


# --- files -----------------------------------------------------------------------------------


def test_the_file_gives_numbers_titles_and_sources_to_unsur_and_items() -> None:
    assert len(ITEMS.unsur) == 8
    assert [ITEMS.number(code) for code in ITEMS.codes[:4]] == ["U1a", "U1b", "U1c", "U2a"]
    assert (ITEMS.number("BIAYA"), ITEMS.number("SARANA")) == ("U4", "U8")
    assert ITEMS.title("SARANA_RUANG") == "U8a Ruang tunggu"
    assert ITEMS.title("SARANA") == "U8 Sarana dan prasarana"
    assert ITEMS.item("SARANA_RUANG").source == "Contoh untuk pengujian"


def test_the_items_of_each_unsur_are_part_of_the_series() -> None:
    content = FILE.read_text("utf-8")
    moved = content.replace(
        'code = "WAKTU_JANJI"\nunsur = "WAKTU"', 'code = "WAKTU_LAIN"\nunsur = "WAKTU"'
    )
    reworded = content.replace("Apakah kantornya bersih?", "Bersihkah kantornya?")
    of_file = [instrument_file.parse(text, "x").series for text in (content, moved, reworded)]
    assert of_file[0] != of_file[1]
    assert of_file[0] == of_file[2]


def test_an_unsur_of_one_item_may_give_it_another_code() -> None:
    content = FILE.read_text("utf-8").replace('code = "BIAYA"\nunsur', 'code = "TARIF"\nunsur')
    read = instrument_file.parse(content, "x")
    assert (read.number("TARIF"), read.number("BIAYA"), read.unsur_of("TARIF").code) == (
        *("U4", "U4", "BIAYA"),
    )
    assert scored(read, [dict.fromkeys(read.codes, 3)]).unsur["BIAYA"].nrr == 3


LAIN = """[[unsur]]
code = "LAIN"
name = { id = "Lain" }
weight = "1"
source = "x"

"""


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('unsur = "BIAYA"\n', "", "items.BIAYA.unsur: kunci ini wajib ada"),
        (
            'unsur = "BIAYA"\n',
            'unsur = "TARIF"\n',
            'items.BIAYA.unsur: "TARIF" tidak ada di antara [[unsur]]',
        ),
        (
            'unsur = "BIAYA"\n',
            'unsur = "BIAYA"\nweight = "1/8"\n',
            "items.BIAYA.weight: ditulis pada [[unsur]]",
        ),
        ('weight = "1/8"', 'weight = "1/9"', "unsur: jumlah weight 71/72, harus tepat 1"),
        ("0.125", "0.11", 'compatibility_weights: "0.11" bukan 1/8 yang dibulatkan'),
        (
            'code = "WAKTU_TUNGGU"\nunsur = "WAKTU"',
            'code = "WAKTU_TUNGGU"\nunsur = "SARANA"',
            "items: butir satu unsur harus berurutan",
        ),
        (
            'code = "WAKTU_TUNGGU"',
            'code = "WAKTU"',
            "items.WAKTU.code: sama dengan kode unsur; hanya boleh bagi satu-satunya butir",
        ),
        ("min_filled = 11", "min_filled = 23", "min_filled: lebih banyak daripada butirnya (22)"),
        (
            "[[unsur]]",
            f"{LAIN}[[unsur]]",
            "unsur.LAIN: belum ada satu butir pun ([[items]]) yang menyebutnya",
        ),
    ],
)
def test_a_file_whose_items_and_unsur_do_not_fit_is_refused(
    before: str, after: str, problem: str
) -> None:
    with pytest.raises(InstrumentError) as refused:
        instrument_file.parse(FILE.read_text("utf-8").replace(before, after, 1), "x.toml")
    assert f"x.toml: {problem}" in str(refused.value)


def test_without_unsur_an_item_needs_its_weight_and_names_none() -> None:
    content = (instrument_file.SHIPPED / "skm-2017.toml").read_text("utf-8")
    wrong = content.replace('weight = "1/9"\n', 'unsur = "PERSYARATAN"\n', 1)
    with pytest.raises(InstrumentError) as refused:
        instrument_file.parse(wrong, "x.toml")
    assert str(refused.value).splitlines() == [
        "x.toml: items.PERSYARATAN.weight: kunci ini wajib ada.",
        "x.toml: items.PERSYARATAN.unsur: tidak ada [[unsur]] dalam berkas ini.",
    ]


# --- the same by tests.independent -----------------------------------------------------------


def drawn(rng: random.Random, most: int) -> twin.Phones:
    """A random survey of the 22 items; sometimes a whole item or unsur is left out by all."""
    skipped = rng.choice((0, 0.1, 0.5))
    usual = [rng.choice((2, 3, 3, 4)) for _ in ITEMS.codes]
    without = set(rng.sample(range(len(ITEMS.codes)), rng.choice((0, 0, 1, 3))))
    without |= set(rng.choice(GROUPS) if rng.random() < 0.1 else [])
    spread = rng.choice((0, 0.3, 0.6))

    def response() -> list[int | None]:
        return [
            None
            if item in without or rng.random() < skipped
            else max(1, min(4, mean + (rng.choice((-1, 1)) if rng.random() < spread else 0)))
            for item, mean in enumerate(usual)
        ]

    number = rng.randint(0, most)
    return [[response() for _ in range(rng.choice((1, 1, 2)))] for _ in range(number)]


def figures_of(phones: twin.Phones) -> tuple[Score, Moments]:
    """What the project makes of some phones."""
    named = [[dict(zip(ITEMS.codes, row, strict=True)) for row in phone] for phone in phones]
    rows = [row for phone in named for row in phone]
    return scored(ITEMS, rows), moments(ITEMS.codes, (), named)


def close(ours: Decimal | None, theirs: float | None) -> bool:
    """Whether both are None, or equal to nine digits."""
    if ours is None or theirs is None:
        return ours is None and theirs is None
    return float(ours) == pytest.approx(theirs, rel=1e-9, abs=1e-12)


@pytest.mark.slow
def test_figures_of_items_are_those_of_the_twin() -> None:
    rng = random.Random(1)
    computed = named_low = 0
    for case in range(200):
        phones = drawn(rng, 40 if case % 10 == 0 else 8)
        (score, sums), rows = figures_of(phones), twin.all_rows(phones)
        nrr = [twin.nrr_of_group(rows, items) for items in GROUPS]
        assert [each.nrr for each in score.unsur.values()] == nrr
        exact = twin.exact_ikm_of_groups(rows, GROUPS)
        assert score.ikm == (None if exact is None else twin.rounded(exact))
        margin = precision.margin(score, sums)
        assert close(margin, twin.margin_of_groups(phones, GROUPS))
        lower = [*naming.lower_unsur(score, sums).values()]
        assert lower == twin.lower_among_groups(phones, GROUPS)
        computed += margin is not None
        named_low += sum(lower)
    assert computed > 80
    assert named_low > 20


@pytest.mark.slow
def test_services_called_lower_are_those_of_the_twin() -> None:
    rng = random.Random(2)
    named_low = 0
    for _ in range(100):
        services = [drawn(rng, 8) for _ in range(3)]
        ours = naming.lower_groups({i: figures_of(each) for i, each in enumerate(services)})
        theirs = twin.lower_services_of_groups(services, GROUPS)
        assert ours == {i for i, low in enumerate(theirs) if low}
        named_low += len(ours)
    assert named_low > 5
