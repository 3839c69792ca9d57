"""IKM: the citizen satisfaction index, a function of a tally.

Source: PermenPANRB 14/2017; for skm-2004, KEP/25/M.PAN/2/2004.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from scoring.instrument import Instrument, Questionnaire
from scoring.numbers import each_half_up, half_up, with_comma
from scoring.result_warnings import ResultWarning

__all__ = [
    "EXACT",
    "Indeks",
    "ItemScore",
    "Mode",
    "ModeError",
    "ResultWarning",
    "Score",
    "Tally",
    "UnsurScore",
    "filled",
    "filled_by_item",
    "half_up",
    "index_from_nrr",
    "mean_of_units",
    "merged",
    "nrr_by_unsur",
    "responses",
    "score",
    "score_of_nrr",
    "score_of_sums",
    "tally_of",
    "validate_tally",
    "weights",
]

# Item code -> nilai -> number of responses with that nilai. Nilai 0 counts skipped items, so the
# counts of every item sum to the number of responses. Tallies of services or channels may be added.
Tally: TypeAlias = Mapping[str, Mapping[int, int]]

ROUNDINGS = ("tanpa", "indeks2", "nrr2", "nrr2+indeks2")


class ModeError(ValueError):
    """A mode that the instrument does not allow; the message lists the allowed ones."""


@dataclass(frozen=True, slots=True)
class Mode:
    """How the index is calculated.

    `bobot` is "1/k" (the instrument's exact weights) or one of its compatibility weights;
    `pembulatan` is "tanpa", "indeks2" (index to 2 places before × 25), "nrr2" (each NRR to 2), or
    "nrr2+indeks2".
    """

    bobot: str = "1/k"
    pembulatan: str = "tanpa"

    def nrr(self, exact: Fraction | Decimal) -> Fraction:
        """An NRR, rounded as this mode requires."""
        return Fraction(half_up(exact, 2) if self.rounds_nrr else exact)

    def indeks(self, exact: Fraction) -> Fraction:
        """An index, rounded as this mode requires."""
        return Fraction(half_up(exact, 2)) if self.rounds_indeks else exact

    @property
    def rounds_nrr(self) -> bool:
        """Whether each NRR is rounded to 2 places."""
        return self.pembulatan.startswith("nrr2")

    @property
    def rounds_indeks(self) -> bool:
        """Whether the index is rounded to 2 places."""
        return self.pembulatan.endswith("indeks2")


EXACT = Mode()


@dataclass(frozen=True, slots=True)
class ItemScore:
    """One question: `n` answers given, `jumlah` their sum; `nrr` is None if nobody answered."""

    code: str
    n: int
    jumlah: int
    nrr: Fraction | None


@dataclass(frozen=True, slots=True)
class UnsurScore:
    """One unsur; nrr and what follows from it is None if nobody answered.

    `n` to `most` answers were given to each of its items, apart from an item that nobody answered;
    `jumlah` is the sum of all of them. Of an unsur with one item, `n` equals `most`.
    """

    code: str
    n: int
    most: int
    jumlah: int
    nrr: Fraction | None
    nrr_tertimbang: Fraction | None
    nik: Decimal | None
    mutu: str | None


@dataclass(frozen=True, slots=True)
class Indeks:
    """The index (1–4) and the IKM (25–100, 2 places) in one mode; None: not computable."""

    indeks: Fraction | None
    ikm: Decimal | None
    mutu: str | None
    kinerja: str | None


NOT_COMPUTABLE = Indeks(None, None, None, None)


@dataclass(frozen=True, slots=True)
class Score:
    """The result of one tally: `n` responses; `ikm` None means "belum dapat dihitung".

    `items` lacks those of an unsur of which only the printed NRR is known.
    """

    instrument: Instrument
    mode: Mode
    n: int
    items: dict[str, ItemScore]
    unsur: dict[str, UnsurScore]
    indeks: Fraction | None
    ikm: Decimal | None
    mutu: str | None
    kinerja: str | None
    warnings: tuple[ResultWarning, ...]


def weights(instrument: Instrument, mode: Mode = EXACT) -> dict[str, Fraction]:
    """Unsur code -> bobot in this mode.

    Raises:
        ModeError: for a weight or rounding that does not belong to this instrument.
    """
    if mode.pembulatan not in ROUNDINGS:
        known = ", ".join(ROUNDINGS)
        raise ModeError(f'pembulatan "{mode.pembulatan}" tidak dikenal; pilih: {known}.')
    if mode.bobot == "1/k":
        return instrument.weights
    if mode.bobot not in instrument.compatibility_weights:
        known = ", ".join(("1/k", *instrument.compatibility_weights))
        raise ModeError(
            f'bobot "{mode.bobot}" tidak berlaku untuk {instrument.code}'
            f" ({len(instrument.unsur)} unsur); pilih: {known}."
        )
    return dict.fromkeys(instrument.unsur_codes, Fraction(mode.bobot))


def nrr_by_unsur(
    instrument: Instrument, nrr: Mapping[str, Fraction | None]
) -> dict[str, Fraction | None]:
    """Unsur code -> the mean of the NRR of those of its items that somebody answered."""
    means: dict[str, Fraction | None] = {}
    for unsur in instrument.unsur:
        known = [value for code in unsur.items if (value := nrr.get(code)) is not None]
        if len(known) > 1:
            means[unsur.code] = sum(known, Fraction(0)) / len(known)
        else:
            means[unsur.code] = known[0] if known else None
    return means


def score(instrument: Instrument, tally: Tally, mode: Mode = EXACT) -> Score:
    """The IKM of a tally; each item is averaged over its own answers (rerata per unsur).

    Raises:
        ModeError: a mode that the instrument does not allow.
        ValueError: a tally with items or nilai that the instrument does not have.
    """
    validate_tally(instrument, tally)
    n, counted = responses(instrument, tally), filled_by_item(instrument, tally)
    return score_of_sums(instrument, n, counted, mode)


def score_of_sums(
    instrument: Instrument,
    n: int,
    counted: Mapping[str, tuple[int, int]],
    mode: Mode = EXACT,
) -> Score:
    """The same of `n` responses by the number of answers to each item and the sum of their nilai.

    Raises:
        ModeError: a mode that the instrument does not allow.
        ValueError: an item without sums or that the instrument does not have, or sums that no
            answers on the scale have.
    """
    lowest, highest = instrument.scale
    if counted.keys() != set(instrument.codes):
        raise ValueError(f"sums of {sorted(counted)} are not those of {instrument.code}")
    for code in instrument.codes:
        filled_n, jumlah = counted[code]
        if not (0 <= filled_n <= n and filled_n * lowest <= jumlah <= filled_n * highest):
            raise ValueError(f"{code}: no {filled_n} answers of {n} add up to {jumlah}")
    items = {
        code: ItemScore(code, answers, jumlah, Fraction(jumlah, answers) if answers else None)
        for code, (answers, jumlah) in counted.items()
    }
    nrr = nrr_by_unsur(instrument, {code: item.nrr for code, item in items.items()})
    return _score(instrument, n, items, _answers(instrument, items), nrr, mode)


def score_of_nrr(
    instrument: Instrument,
    n: int,
    filled_n: Mapping[str, int],
    nrr: Mapping[str, Decimal],
    mode: Mode = EXACT,
) -> Score:
    """The same by the printed NRR of each item, in which `jumlah` is the nearest whole sum.

    Args:
        filled_n: the number of answers to each item; of an unsur with several items that is printed
            as a whole, by the code of the unsur.

    Raises:
        ModeError: a mode that the instrument does not allow.
    """
    known = {
        code: ItemScore(
            code,
            filled_n[code],
            int(half_up(filled_n[code] * Fraction(value), 0)),
            Fraction(value) if filled_n[code] else None,
        )
        for code, value in nrr.items()
    }
    items = {code: known[code] for code in instrument.codes if code in known}
    means = nrr_by_unsur(instrument, {code: item.nrr for code, item in items.items()})
    answers = _answers(instrument, items)
    for code in known.keys() - items.keys():
        whole = known[code]
        means[code], answers[code] = whole.nrr, (whole.n, whole.n, whole.jumlah)
    return _score(instrument, n, items, answers, means, mode)


def _answers(
    instrument: Instrument, items: Mapping[str, ItemScore]
) -> dict[str, tuple[int, int, int]]:
    """Unsur code -> fewest and most answers to one of its answered items, and the sum of all."""
    answers = {}
    for unsur in instrument.unsur:
        own = [items[code] for code in unsur.items if code in items]
        counts = [item.n for item in own if item.n] or [0]
        answers[unsur.code] = (min(counts), max(counts), sum(item.jumlah for item in own))
    return answers


def _score(
    instrument: Instrument,
    n: int,
    items: dict[str, ItemScore],
    answers: Mapping[str, tuple[int, int, int]],
    exact: Mapping[str, Fraction | None],
    mode: Mode,
) -> Score:
    unsur = _unsur_scores(instrument, mode, answers, exact)
    total = index_from_nrr(instrument, exact, mode)
    warnings = (
        *_missing_answers(instrument, n, unsur, items),
        *_deviations(instrument, mode, exact, total),
    )
    return Score(
        instrument, mode, n, items, unsur,
        total.indeks, total.ikm, total.mutu, total.kinerja, warnings,
    )  # fmt: skip


def index_from_nrr(
    instrument: Instrument, nrr: Mapping[str, Fraction | Decimal | None], mode: Mode = EXACT
) -> Indeks:
    """The IKM of given NRR values, one for each unsur, as printed tabulations contain them.

    Raises:
        ModeError: a mode that the instrument does not allow.
        KeyError: an unsur without an entry; the entry of one that nobody answered is None.
    """
    shares = weights(instrument, mode)
    # One fraction, reduced once at the end: adding Fractions would reduce at every step.
    numerator, denominator = 0, 1
    for code in instrument.unsur_codes:
        value = nrr[code]
        if value is None:
            return NOT_COMPUTABLE
        jumlah, n = mode.nrr(value).as_integer_ratio()
        part, whole = shares[code].as_integer_ratio()
        numerator = numerator * n * whole + jumlah * part * denominator
        denominator *= n * whole
    indeks = mode.indeks(Fraction(numerator, denominator))
    ikm = half_up(indeks * instrument.conversion, 2)
    grade = instrument.grade(ikm)
    return Indeks(indeks, ikm, grade.mutu, grade.kinerja)


def tally_of(
    instrument: Questionnaire, rows: Iterable[Mapping[str, int | None]]
) -> dict[str, dict[int, int]]:
    """The tally of responses; in a row, a skipped item is None, 0 or absent."""
    tally = {code: dict.fromkeys((0, *instrument.steps), 0) for code in instrument.codes}
    for row in rows:
        for code, counts in tally.items():
            nilai = row.get(code) or 0
            if nilai not in counts:
                raise ValueError(f"{code}: {nilai!r} is not on the scale of {instrument.code}")
            counts[nilai] += 1
    return tally


def merged(*tallies: Tally) -> dict[str, dict[int, int]]:
    """The sum of tallies of services, channels or units."""
    total: dict[str, dict[int, int]] = {}
    for tally in tallies:
        for code, counts in tally.items():
            added = total.get(code)
            if added is None:
                total[code] = dict(counts)
                continue
            for nilai, count in counts.items():
                added[nilai] = added.get(nilai, 0) + count
    return total


def mean_of_units(ikm: Iterable[Decimal]) -> Decimal | None:
    """The unweighted mean of the IKM of several units, half-up to 2 places, as offices do it.

    The pooled figure, `score` of the merged tallies, is another number.
    """
    values = [Fraction(value) for value in ikm]
    return half_up(sum(values, Fraction(0)) / len(values), 2) if values else None


def validate_tally(instrument: Questionnaire, tally: Tally) -> None:
    """Raise ValueError for a tally with items or nilai that the instrument does not have."""
    codes, steps = set(instrument.codes), {0, *instrument.steps}
    for code, counts in tally.items():
        if code not in codes:
            raise ValueError(f"{code!r} is not an item of {instrument.code}")
        for nilai, count in counts.items():
            if nilai not in steps or count < 0:
                raise ValueError(f"{code}: {count} × {nilai!r} is not on {instrument.code}'s scale")


def responses(instrument: Questionnaire, tally: Tally) -> int:
    """The number of responses in a tally, skipped items included."""
    return max((sum(tally.get(code, {}).values()) for code in instrument.codes), default=0)


def filled(counts: Mapping[int, int]) -> tuple[int, int]:
    """The number of answers to one item that were not skipped, and their sum."""
    n = sum(count for nilai, count in counts.items() if nilai)
    return n, sum(nilai * count for nilai, count in counts.items())


def filled_by_item(instrument: Questionnaire, tally: Tally) -> dict[str, tuple[int, int]]:
    """`filled` of each item of a tally, by item code."""
    return {code: filled(tally.get(code, {})) for code in instrument.codes}


def _unsur_scores(
    instrument: Instrument,
    mode: Mode,
    answers: Mapping[str, tuple[int, int, int]],
    exact: Mapping[str, Fraction | None],
) -> dict[str, UnsurScore]:
    shares = weights(instrument, mode)
    nrr = {code: mode.nrr(value) for code, value in exact.items() if value is not None}
    niks = each_half_up([value * instrument.conversion for value in nrr.values()], 2)
    grades = instrument.grades_of(niks)
    scores = {
        code: UnsurScore(code, *answers[code], nrr[code], nrr[code] * shares[code], nik, grade.mutu)
        for code, nik, grade in zip(nrr, niks, grades, strict=True)
    }
    return {
        code: scores.get(code) or UnsurScore(code, *counts, None, None, None, None)
        for code, counts in answers.items()
    }


def _missing_answers(
    instrument: Instrument,
    n: int,
    unsur: Mapping[str, UnsurScore],
    items: Mapping[str, ItemScore],
) -> list[ResultWarning]:
    if not n:
        return [ResultWarning("belum_ada_jawaban", "Belum ada jawaban: IKM belum dapat dihitung.")]
    warnings = [
        ResultWarning(
            "unsur_kosong",
            f"Unsur {instrument.title(code)} belum dijawab seorang pun: IKM belum dapat dihitung.",
        )
        for code in instrument.unsur_codes
        if not unsur[code].n
    ]
    unanswered = (code for code, item in items.items() if not item.n)
    return warnings + [
        ResultWarning(
            "butir_kosong",
            f"Butir {instrument.title(code)} belum dijawab seorang pun: NRR unsur"
            f" {instrument.number(whole)} dihitung dari butir lainnya.",
        )
        for code in unanswered
        if unsur[whole := instrument.unsur_of(code).code].n
    ]


def _deviations(
    instrument: Instrument, mode: Mode, nrr: Mapping[str, Fraction | None], total: Indeks
) -> list[ResultWarning]:
    warnings = []
    if len(set(instrument.weights.values())) > 1:
        text = f"Bobot unsur menurut berkas instrumen {instrument.code}, tidak sama rata 1/k."
        warnings.append(ResultWarning("bobot_tidak_sama", text))
    if mode == EXACT:
        return warnings
    exact = index_from_nrr(instrument, nrr)
    if total.mutu != exact.mutu:
        warnings.append(
            _mutu_warning("mutu_berbeda", "Mutu", total.mutu, total.ikm, exact.mutu, exact.ikm)
        )
    for code, value in nrr.items():
        if value is None:
            continue
        nik = half_up(mode.nrr(value) * instrument.conversion, 2)
        exact_nik = half_up(value * instrument.conversion, 2)
        mutu, exact_mutu = instrument.grade(nik).mutu, instrument.grade(exact_nik).mutu
        if mutu != exact_mutu:
            label = f"Mutu unsur {instrument.title(code)}"
            warnings.append(
                _mutu_warning("mutu_unsur_berbeda", label, mutu, nik, exact_mutu, exact_nik)
            )
    return warnings


def _mutu_warning(kode: str, label: str, *figures: object) -> ResultWarning:
    mutu, nik, exact, exact_nik = (with_comma(figure) for figure in figures)
    return ResultWarning(
        kode,
        f"{label} menurut cara hitung ini {mutu} ({nik}),"
        f" sedangkan perhitungan tepat memberi {exact} ({exact_nik}).",
    )
