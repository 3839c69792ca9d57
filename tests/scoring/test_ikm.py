"""The index: exact, and in the named calculation modes."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from scoring import ikm
from scoring.instrument import Instrument


def same(instrument: Instrument, nilai: int | None) -> dict[str, int | None]:
    """A response with the same nilai for every item."""
    return dict.fromkeys(instrument.codes, nilai)


def scored(
    instrument: Instrument, *rows: dict[str, int | None], mode: ikm.Mode = ikm.EXACT
) -> ikm.Score:
    return ikm.score(instrument, ikm.tally_of(instrument, rows), mode)


def warning_codes(score: ikm.Score) -> list[str]:
    return [warning.kode for warning in score.warnings]


def test_an_unsur_is_averaged_over_its_own_filled_answers(skm: Instrument) -> None:
    result = scored(skm, same(skm, 4), same(skm, 4) | {"WAKTU": None}, same(skm, 4) | {"WAKTU": 1})
    waktu = result.unsur["WAKTU"]
    assert (result.n, waktu.n, waktu.jumlah, waktu.nrr) == (3, 2, 5, Fraction(5, 2))
    assert waktu.nrr_tertimbang == Fraction(5, 18)
    assert (waktu.nik, waktu.mutu) == (Decimal("62.50"), "D")
    assert result.indeks == Fraction(4 * 8, 9) + Fraction(5, 18)
    assert (result.ikm, result.mutu, result.kinerja) == (Decimal("95.83"), "A", "Sangat baik")


def test_an_unsur_without_answers_gives_a_warning_and_no_ikm(skm: Instrument) -> None:
    result = scored(skm, same(skm, 3) | {"BIAYA": None}, same(skm, 4) | {"BIAYA": None})
    biaya = result.unsur["BIAYA"]
    assert (result.indeks, result.ikm, result.mutu, result.kinerja) == (None, None, None, None)
    assert (biaya.n, biaya.jumlah, biaya.nrr, biaya.nik, biaya.mutu) == (0, 0, None, None, None)
    assert result.unsur["WAKTU"].nrr == Fraction(7, 2)
    assert result.n == 2
    assert warning_codes(result) == ["unsur_kosong"]
    assert "U4 Biaya/tarif belum dijawab seorang pun" in result.warnings[0].teks


def test_without_any_answer_there_is_a_warning_and_no_ikm(skm: Instrument) -> None:
    for result in (scored(skm), ikm.score(skm, {})):
        assert (result.n, result.ikm) == (0, None)
        assert warning_codes(result) == ["belum_ada_jawaban"]


def test_channels_are_merged_by_adding(skm: Instrument) -> None:
    telegram = ikm.tally_of(skm, [same(skm, 4), same(skm, 3) | {"WAKTU": None}])
    paper = ikm.tally_of(skm, [same(skm, 2)])
    whole = ikm.tally_of(skm, [same(skm, 4), same(skm, 3) | {"WAKTU": None}, same(skm, 2)])
    assert ikm.merged(telegram, paper) == whole
    assert ikm.score(skm, ikm.merged(telegram, paper, {})) == ikm.score(skm, whole)


def test_a_tally_of_another_instrument_is_refused(skm: Instrument) -> None:
    with pytest.raises(ValueError, match="KESOPANAN"):
        ikm.score(skm, {"KESOPANAN": {3: 1}})
    with pytest.raises(ValueError, match="scale"):
        ikm.score(skm, {"WAKTU": {5: 1}})
    with pytest.raises(ValueError, match="scale"):
        ikm.score(skm, {"WAKTU": {3: -1}})
    with pytest.raises(ValueError, match="scale"):
        ikm.tally_of(skm, [same(skm, 5)])


@pytest.mark.parametrize(
    ("bobot", "pembulatan"),
    [("0.071", "tanpa"), ("0.1", "tanpa"), ("1/9", "tanpa"), ("1/k", "indeks3")],
)
def test_a_mode_that_the_instrument_does_not_know_is_refused(
    skm: Instrument, bobot: str, pembulatan: str
) -> None:
    with pytest.raises(ikm.ModeError, match="pilih: "):
        scored(skm, same(skm, 4), mode=ikm.Mode(bobot, pembulatan))


def test_weights_of_nine_unsur_are_refused_for_fourteen(skm_2004: Instrument) -> None:
    with pytest.raises(
        ikm.ModeError, match=r'bobot "0.11" tidak berlaku untuk skm-2004 \(14 unsur\)'
    ):
        scored(skm_2004, same(skm_2004, 4), mode=ikm.Mode("0.11"))
    allowed = scored(skm_2004, same(skm_2004, 4), mode=ikm.Mode("0.071"))
    assert allowed.ikm == Decimal("99.40")


def test_an_exact_89_changes_from_a_to_b_with_the_weight_011(skm: Instrument) -> None:
    nrr = dict.fromkeys(skm.codes, Fraction(89, 25))
    assert ikm.index_from_nrr(skm, nrr) == ikm.Indeks(
        Fraction(89, 25), Decimal("89.00"), "A", "Sangat baik"
    )
    assert ikm.index_from_nrr(skm, nrr, ikm.Mode("0.11")).ikm == Decimal("88.11")
    rows = [same(skm, 4)] * 14 + [same(skm, 3)] * 11  # 3,56 for each unsur
    result = scored(skm, *rows, mode=ikm.Mode("0.11"))
    assert (result.ikm, result.mutu) == (Decimal("88.11"), "B")
    assert warning_codes(result) == ["mutu_berbeda"]
    assert result.warnings[0].teks == (
        "Mutu menurut cara hitung ini B (88,11), sedangkan perhitungan tepat memberi A (89,00)."
    )


def test_the_weight_011_cannot_reach_a_hundred(skm: Instrument) -> None:
    assert scored(skm, same(skm, 4), mode=ikm.Mode("0.11")).ikm == Decimal("99.00")


@pytest.mark.parametrize(
    ("nrr", "exact", "rounded"),
    [
        ("3.5324", "A", "B"),  # 88,31 against 3,53 × 25 = 88,25
        ("3.5351", "A", "A"),  # 88,38 against 3,54 × 25 = 88,50
        ("3.0643", "B", "C"),  # 76,61 against 3,06 × 25 = 76,50
        ("2.595", "D", "C"),  # 64,88 against 2,60 × 25 = 65,00
    ],
)
def test_rounding_the_index_first_can_lower_or_raise_the_mutu(
    skm: Instrument, nrr: str, exact: str, rounded: str
) -> None:
    given = dict.fromkeys(skm.codes, Fraction(nrr))
    assert ikm.index_from_nrr(skm, given).mutu == exact
    assert ikm.index_from_nrr(skm, given, ikm.Mode(pembulatan="indeks2")).mutu == rounded


def test_rounding_each_nrr_warns_when_the_mutu_of_an_unsur_differs(skm: Instrument) -> None:
    mode = ikm.Mode(pembulatan="nrr2")
    # WAKTU is 219/62 = 3,5323, so 88,31 and A; 3,53 makes it 88,25 and B.
    rows = [same(skm, 4)] * 33 + [same(skm, 4) | {"WAKTU": 3}] * 29
    result = scored(skm, *rows, mode=mode)
    assert result.unsur["WAKTU"].nrr == Fraction("3.53")
    assert warning_codes(result) == ["mutu_unsur_berbeda"]
    assert "U3 Waktu penyelesaian menurut cara hitung ini B (88,25)" in result.warnings[0].teks
    assert scored(skm, *rows[:40], mode=mode).warnings == ()


def test_unequal_weights_are_used_and_give_a_warning(skm: Instrument) -> None:
    shares = dict(skm.weights) | {"WAKTU": Fraction(2, 9), "BIAYA": Fraction(0)}
    unequal = replace(skm, weights=shares, compatibility_weights=())
    result = scored(unequal, same(skm, 4) | {"WAKTU": 1})
    assert result.indeks == 4 - 3 * Fraction(2, 9)
    assert warning_codes(result) == ["bobot_tidak_sama"]


def test_a_mean_of_units_is_not_the_pooled_figure(skm: Instrument) -> None:
    small = ikm.tally_of(skm, [same(skm, 1)])
    large = ikm.tally_of(skm, [same(skm, 4)] * 3)
    units = [ikm.score(skm, tally).ikm or Decimal(0) for tally in (small, large)]
    assert ikm.mean_of_units(units) == Decimal("62.50")
    assert ikm.score(skm, ikm.merged(small, large)).ikm == Decimal("81.25")
    assert ikm.mean_of_units([]) is None
