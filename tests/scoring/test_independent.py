"""Every statistic twice: as the project computes it, and by `tests.independent`."""

import random
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import ikm, iku, instrument_file, naming, precision, reliability, unit_index
from scoring.ikm import Score
from scoring.moments import Moments, moments
from scoring.precision import Measurement
from scoring.unit_instrument import READINGS, UnitInstrument
from tests import independent as twin
from tests.independent import Phones
from tests.scoring import units

SKM = instrument_file.named("skm-2017")
K = len(SKM.codes)
CASES = 1000


@dataclass(frozen=True)
class Case:
    """Phones of one random survey, with what the project makes of them."""

    phones: Phones
    score: Score
    moments: Moments


def drawn(rng: random.Random, most: int = 12, *, alike: bool = True) -> Case:
    """A random survey: few or many answers, skipped or not, of moods or of one mind."""
    skipped = rng.choice((0, 0, 0.05, 0.4))
    usual = [rng.choice((2, 3, 3, 4)) for _ in range(K)]
    spread = rng.choice((0, 0.2, 0.6) if alike else (0.2, 0.6))
    low = rng.randrange(K) if rng.random() < 0.5 else None

    def response() -> list[int | None]:
        return [
            None
            if rng.random() < skipped
            else max(
                1,
                min(
                    4,
                    usual[u] + (rng.choice((-1, 1)) if rng.random() < spread else 0) - (u == low),
                ),
            )
            for u in range(K)
        ]

    phones = [
        [response() for _ in range(rng.choice((1, 1, 1, 2, 3)))]
        for _ in range(rng.randint(0, most))
    ]
    rows = [named(row) for row in twin.all_rows(phones)]
    alone = [(named(phone[0]), 1) for phone in phones if len(phone) == 1]
    repeated = [[named(row) for row in phone] for phone in phones if len(phone) > 1]
    return Case(
        phones,
        ikm.score(SKM, ikm.tally_of(SKM, rows)),
        moments(SKM.codes, alone, repeated),
    )


def named(row: twin.Response) -> dict[str, int | None]:
    """A response by item code."""
    return dict(zip(SKM.codes, row, strict=True))


def cases(seed: int, count: int = CASES, most: int = 12) -> list[Case]:
    """Random surveys of up to so many phones."""
    rng = random.Random(seed)
    return [drawn(rng, most) for _ in range(count)]


def close(ours: Decimal | None, theirs: float | None) -> bool:
    """Whether both are None, or equal to nine digits."""
    if ours is None or theirs is None:
        return ours is None and theirs is None
    return float(ours) == pytest.approx(theirs, rel=1e-9, abs=1e-12)


@pytest.mark.slow
def test_the_ikm_and_its_mutu_are_those_of_the_twin() -> None:
    for case in cases(1):
        expected = twin.ikm(twin.all_rows(case.phones), K)
        assert case.score.ikm == expected
        assert case.score.mutu == (None if expected is None else twin.letter(expected))


@pytest.mark.slow
def test_the_margin_and_its_letters_are_those_of_the_twin() -> None:
    computed = 0
    for case in cases(2):
        margin = precision.margin(case.score, case.moments)
        expected = twin.margin(case.phones, K)
        assert close(margin, expected)
        if case.score.ikm is not None:
            stored = None if margin is None else precision.stored_margin(margin)
            reached = precision.letters(SKM, case.score.ikm, stored)
            own, among = twin.letter(case.score.ikm), twin.letters(case.score.ikm, expected)
            assert reached == (own, *sorted(among - {own}))
            computed += margin is not None
    assert computed > CASES // 4


@pytest.mark.slow
def test_the_margin_of_a_larger_survey_uses_the_normal_quantile_in_both() -> None:
    for case in cases(3, count=20, most=70):
        margin = precision.margin(case.score, case.moments)
        assert close(margin, twin.margin(case.phones, K))


def test_a_change_has_the_verdict_of_the_twin() -> None:
    rng = random.Random(4)
    seen = set()
    for _ in range(CASES):
        figures = [
            (Decimal(rng.randint(7000, 7600)) / 100, Decimal(rng.randint(1, 300)) / 100)
            for _ in range(2)
        ]
        ours = precision.significant_change(
            *(Measurement(value, margin, "skm-2017", ikm.EXACT) for value, margin in figures)
        )
        assert ours == twin.verdict(*figures)
        seen.add(ours)
    assert len(seen) == 3


@pytest.mark.slow
def test_the_unsur_called_lower_are_those_of_the_twin() -> None:
    called = 0
    for case in cases(5, count=300):
        lower = naming.lower_unsur(case.score, case.moments)
        assert list(lower.values()) == twin.lower_unsur(case.phones, K)
        called += any(lower.values())
        lowest, _ = naming.priorities(case.score, case.moments)
        expected = twin.lowest(twin.all_rows(case.phones), K)
        assert [SKM.codes.index(each.code) for each in lowest] == expected
        assert all(each.clearly_lower == lower[each.code] for each in lowest)
    assert called > 10


@pytest.mark.slow
def test_the_services_called_lower_are_those_of_the_twin() -> None:
    rng = random.Random(6)
    called = 0
    for _ in range(150):
        drawn_groups = [drawn(rng, 9, alike=False) for _ in range(rng.randint(2, 4))]
        lower = naming.lower_groups(
            {number: (case.score, case.moments) for number, case in enumerate(drawn_groups)}
        )
        expected = twin.lower_groups([case.phones for case in drawn_groups], K)
        assert lower == {number for number, is_lower in enumerate(expected) if is_lower}
        called += bool(lower)
    assert called > 10


@pytest.mark.slow
def test_alpha_and_correlations_are_those_of_the_twin() -> None:
    rng = random.Random(7)
    analysed = 0
    for _ in range(200):
        case = drawn(rng, most=40)
        rows = twin.all_rows(case.phones)
        result = reliability.analysis(case.moments, case.score.n)
        assert result.alpha == twin.alpha(rows, K)
        assert result.n == len(twin.complete_rows(rows))
        assert result.n + result.incomplete == len(rows)
        for unsur, item in enumerate(result.items.values()):
            assert close(item.r, twin.item_total(rows, unsur))
        analysed += result.alpha is not None
    assert analysed > 30


@pytest.mark.slow
def test_the_roll_up_of_units_is_that_of_the_twin() -> None:
    rng = random.Random(8)
    for _ in range(300):
        units = [drawn(rng, 6) for _ in range(rng.randint(1, 5))]
        rows = [twin.all_rows(case.phones) for case in units]
        known = [case.score.ikm for case in units if case.score.ikm is not None]
        assert ikm.mean_of_units(known) == twin.mean_of_units(rows, K)
        tally = ikm.merged(*(ikm.tally_of(SKM, map(named, each)) for each in rows))
        assert ikm.score(SKM, tally).ikm == twin.pooled(rows, K)


def test_capaian_and_category_are_those_of_the_twin() -> None:
    rng = random.Random(9)
    for _ in range(CASES):
        target, realisasi = (Decimal(rng.randint(0, 12000)) / 100 for _ in range(2))
        for arah in ("naik", "turun"):
            ours = iku.capaian(iku.Target(target), realisasi, arah)
            expected = twin.capaian(target, realisasi, higher_is_better=arah == "naik")
            assert ours.nilai == expected
            if ours.nilai is not None and expected is not None:
                assert iku.kategori(ours.nilai).name == twin.category(expected)


@st.composite
def rated_forms(draw: st.DrawFn) -> tuple[UnitInstrument, list[list[int | None]]]:
    """A valid form of any of the three readings, and what up to nine heads answered."""
    arti = draw(st.sampled_from(READINGS))
    printed, top = draw(st.integers(2, 7)), draw(st.integers(2, 7))
    top = printed if arti == "skala_maks" else top
    parts = draw(st.lists(st.integers(1, 9), min_size=1, max_size=4))
    aspek: dict[str, tuple[str, dict[str, str]]] = {}
    for number, part in enumerate(parts):
        size = printed if arti == "jumlah_indikator" else draw(st.integers(1, 6))
        shares = draw(st.lists(st.integers(1, 9), min_size=size, max_size=size))
        whole = printed if arti == "jumlah_indikator" else 1
        weights = (Fraction(share * whole, sum(shares)) for share in shares)
        named_weights = {f"I{number}_{at}": str(weight) for at, weight in enumerate(weights)}
        aspek[f"ASPEK_{number}"] = (str(Fraction(part, sum(parts))), named_weights)
    form = units.form(units.form_file(arti, printed, top, aspek))
    nilai = st.none() | st.integers(1, top)
    row = st.lists(nilai, min_size=len(form.codes), max_size=len(form.codes))
    return form, draw(st.lists(row, max_size=9))


@pytest.mark.slow
@given(rated_forms())
def test_the_unit_heads_index_is_that_of_the_twin_in_every_reading(
    rated: tuple[UnitInstrument, list[list[int | None]]],
) -> None:
    form, heads = rated
    rows = [dict(zip(form.codes, head, strict=True)) for head in heads]
    ours = unit_index.score(form, ikm.tally_of(form, rows)).nilai
    weights = [(each.bobot, list(each.bobot_indikator.values())) for each in form.aspek]
    theirs = twin.unit_index(heads, weights, form.arti_pembagi, form.pembagi, form.scale[1])
    assert ours == theirs


def test_the_twin_imports_nothing_of_scoring() -> None:
    assert twin.__file__ is not None
    source = Path(twin.__file__).read_text("utf-8")
    assert not re.search(r"^\s*(import|from) scoring", source, re.MULTILINE)
