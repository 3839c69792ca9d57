"""The statistics of the project once more, from its definitions alone, slowly and row by row.

Nothing of `scoring` is imported here. Figures are Fractions, errors and probabilities floats. A
response is a list of nilai in the order of the unsur, None where skipped; a phone is a list of
responses.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

Response = Sequence[int | None]
Phones = Sequence[Sequence[Response]]

T_TABLE = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160),
    *(2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056),
    *(2.052, 2.048),
)


def rounded(value: Fraction) -> Decimal:
    """Half-up to two places."""
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def all_rows(phones: Phones) -> list[Response]:
    """The responses of all phones."""
    return [row for phone in phones for row in phone]


def nrr(rows: Sequence[Response], unsur: int) -> Fraction | None:
    """Σ nilai ÷ the number of filled answers; None if there is none."""
    total = count = 0
    for row in rows:
        nilai = row[unsur]
        if nilai is not None:
            total += nilai
            count += 1
    return Fraction(total, count) if count else None


def exact_ikm(rows: Sequence[Response], k: int) -> Fraction | None:
    """Σ NRR × 1/k × 25, not rounded."""
    total = Fraction(0)
    for unsur in range(k):
        value = nrr(rows, unsur)
        if value is None:
            return None
        total += value * Fraction(1, k) * 25
    return total


def ikm(rows: Sequence[Response], k: int) -> Decimal | None:
    """The IKM, rounded once."""
    value = exact_ikm(rows, k)
    return None if value is None else rounded(value)


def letter(nik: Decimal) -> str:
    """The mutu of 2017."""
    if nik >= Decimal("88.31"):
        return "A"
    if nik >= Decimal("76.61"):
        return "B"
    return "C" if nik >= Decimal(65) else "D"


def squares_of_sum(phones: Phones, shares: Sequence[Fraction]) -> Fraction | None:
    """m ÷ (m − 1) × Σ Z² ÷ n², where Z sums share · (x − NRR) · n ÷ n_u over a phone."""
    rows = all_rows(phones)
    n, m = len(rows), len(phones)
    if m < 2:
        return None
    answered = [sum(row[unsur] is not None for row in rows) for unsur in range(len(shares))]
    means = [nrr(rows, unsur) or Fraction(0) for unsur in range(len(shares))]
    total = Fraction(0)
    for phone in phones:
        z = Fraction(0)
        for row in phone:
            for unsur, share in enumerate(shares):
                nilai = row[unsur]
                if nilai is not None and share:
                    z += share * (nilai - means[unsur]) * n / answered[unsur]
        total += z * z
    return Fraction(m, m - 1) * total / n / n


def margin(phones: Phones, k: int) -> float | None:
    """Half the 95 % interval of the IKM; None where it is not computable."""
    if exact_ikm(all_rows(phones), k) is None:
        return None
    squared = squares_of_sum(phones, [Fraction(1, k)] * k)
    if not squared:
        return None
    t = T_TABLE[len(phones) - 2] if len(phones) < 30 else 1.96
    return 25 * t * math.sqrt(squared)


def letters(figure: Decimal, error: float | None) -> set[str]:
    """The mutu of every hundredth of the interval, which stays on 25–100."""
    hundredths = int(figure * 100)
    reach = int(Decimal(error or 0) * 100 + Decimal("0.5"))
    reached = range(max(2500, hundredths - reach), min(10000, hundredths + reach) + 1)
    return {letter(Decimal(each) / 100) for each in reached}


def verdict(
    earlier: tuple[Decimal | None, Decimal | None], later: tuple[Decimal | None, Decimal | None]
) -> str | None:
    """Whether the second (IKM, margin) differs from the first by more than both margins."""
    (before, m1), (after, m2) = earlier, later
    if before is None or after is None or m1 is None or m2 is None:
        return None
    a, b, c = Fraction(after) - Fraction(before), Fraction(m1), Fraction(m2)
    if a * a <= b * b + c * c:
        return "belum ada perubahan nyata"
    return "naik nyata" if a > 0 else "turun nyata"


def beyond(t: float, degrees: int) -> float:
    """The probability that Student's t is larger, by Simpson's rule on the angle atan(t ÷ √ν)."""
    steps = 400
    start = math.atan(t / math.sqrt(degrees))
    width = (math.pi / 2 - start) / steps
    total = 0.0
    for step in range(steps + 1):
        weight = 1 if step in (0, steps) else 4 if step % 2 else 2
        total += weight * abs(math.cos(start + step * width)) ** (degrees - 1)
    constant = math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)
    return math.exp(constant) / math.sqrt(math.pi) * total * width / 3


def holm(probabilities: Sequence[float]) -> list[bool]:
    """Which hypotheses are rejected at 5 % in all."""
    adjusted = [1.0] * len(probabilities)
    worst = 0.0
    for rank, place in enumerate(sorted(range(len(adjusted)), key=lambda i: probabilities[i])):
        worst = max(worst, probabilities[place] * (len(adjusted) - rank))
        adjusted[place] = worst
    return [each <= 0.05 for each in adjusted]


def one_sided(shortfall: Fraction, squared: Fraction | None, degrees: int) -> float:
    """The probability of a shortfall; 1 where it cannot be tested."""
    if shortfall <= 0 or not squared:
        return 1.0
    return beyond(float(shortfall) / math.sqrt(squared), degrees)


def lower_unsur(phones: Phones, k: int) -> list[bool]:
    """Whether each unsur is below the mean of the others; only answered unsur are compared."""
    rows = all_rows(phones)
    means = [nrr(rows, unsur) for unsur in range(k)]
    known = [unsur for unsur in range(k) if means[unsur] is not None]
    chances = []
    for unsur in range(k):
        if unsur not in known or len(known) < 2:
            chances.append(1.0)
            continue
        shares = [Fraction(0)] * k
        for other in known:
            shares[other] = Fraction(-1, len(known) - 1)
        shares[unsur] = Fraction(1)
        gap = sum((shares[u] * (means[u] or 0) for u in known), Fraction(0))
        chances.append(one_sided(-gap, squares_of_sum(phones, shares), len(phones) - 1))
    return holm(chances)


def lower_groups(groups: Sequence[Phones], k: int) -> list[bool]:
    """Whether the index of each group is below that of all the others together."""
    chances = []
    for number, own in enumerate(groups):
        others = [phone for i, group in enumerate(groups) if i != number for phone in group]
        here, there = exact_ikm(all_rows(own), k), exact_ikm(all_rows(others), k)
        of_own = squares_of_sum(own, [Fraction(25, k)] * k) if here is not None else None
        of_others = squares_of_sum(others, [Fraction(25, k)] * k) if there is not None else None
        if here is None or there is None or not of_own or of_others is None:
            chances.append(1.0)
        else:
            degrees = min(len(own), len(others)) - 1
            chances.append(one_sided(there - here, of_own + of_others, degrees))
    return holm(chances)


def lowest(rows: Sequence[Response], k: int) -> list[int]:
    """The three unsur with the lowest NRR, the first one where equal; none if all are equal."""
    left = {u: value for u in range(k) if (value := nrr(rows, u)) is not None}
    if len(set(left.values())) < 2:
        return []
    found: list[int] = []
    while left and len(found) < 3:
        smallest = min(left.values())
        first = min(u for u, value in left.items() if value == smallest)
        found.append(first)
        del left[first]
    return found


def _variance(values: Sequence[int]) -> Fraction:
    mean = Fraction(sum(values), len(values))
    return sum(((value - mean) ** 2 for value in values), Fraction(0)) / len(values)


def complete_rows(rows: Sequence[Response]) -> list[list[int]]:
    """The responses without a skipped unsur."""
    return [[nilai for nilai in row if nilai] for row in rows if all(row)]


def alpha(rows: Sequence[Response], k: int) -> Fraction | None:
    """Cronbach's alpha, from 30 complete responses."""
    complete = complete_rows(rows)
    if len(complete) < 30:
        return None
    of_sums = _variance([sum(row) for row in complete])
    of_items = sum((_variance([row[u] for row in complete]) for u in range(k)), Fraction(0))
    return Fraction(k, k - 1) * (1 - of_items / of_sums) if of_sums else None


def item_total(rows: Sequence[Response], unsur: int) -> float | None:
    """The correlation of an unsur with the sum of the others, from 30 complete responses."""
    complete = complete_rows(rows)
    if len(complete) < 30:
        return None
    xs = [row[unsur] for row in complete]
    ys = [sum(row) - row[unsur] for row in complete]
    if not _variance(xs) or not _variance(ys):
        return None
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    together = sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True))
    apart = sum((a - x) ** 2 for a in xs) * sum((b - y) ** 2 for b in ys)
    return together / math.sqrt(apart)


def mean_of_units(units: Sequence[Sequence[Response]], k: int) -> Decimal | None:
    """The unweighted mean of the rounded IKM of the units that have one."""
    known = [value for rows in units if (value := ikm(rows, k)) is not None]
    return rounded(sum(map(Fraction, known), Fraction(0)) / len(known)) if known else None


def pooled(units: Sequence[Sequence[Response]], k: int) -> Decimal | None:
    """The IKM of all their responses."""
    return ikm([row for rows in units for row in rows], k)


def capaian(target: Decimal, realisasi: Decimal, *, higher_is_better: bool) -> Fraction | None:
    """R ÷ T × 100, or (2T − R) ÷ T × 100; None for a target of 0."""
    t, r = Fraction(target), Fraction(realisasi)
    if t == 0:
        return None
    return r / t * 100 if higher_is_better else (t + t - r) / t * 100


def category(percent: Fraction) -> str:
    """The category of a capaian, rounded to two places."""
    value = rounded(percent)
    for name, bound in (("Sangat tinggi", 91), ("Tinggi", 76), ("Sedang", 66), ("Rendah", 51)):
        if value >= bound:
            return name
    return "Sangat rendah"


Weights = Sequence[tuple[Fraction, Sequence[Fraction]]]  # bobot aspek, and those of its indikator


def unit_index(
    heads: Sequence[Response], weights: Weights, arti: str, printed: int, top: int
) -> Decimal | None:
    """The index of unit heads under one meaning of the printed number; None if one is unanswered.

    A head's nilai stand aspek by aspek. By number of indikator: Σ (mean × bobot) ÷ printed, × 100 ÷
    top. By the scale: Σ (mean ÷ printed × bobot), × 100. By heads: each indikator's nilai are added
    up and divided by the heads who answered, Σ (that × bobot), × 100 ÷ top.
    """
    total, place = Fraction(0), 0
    for bobot_aspek, bobot_indikator in weights:
        of_aspek = Fraction(0)
        for bobot in bobot_indikator:
            answers = [head[place] for head in heads if head[place] is not None]
            place += 1
            if not answers:
                return None
            received = Fraction(0)
            for nilai in answers:
                received += nilai or 0
            received /= len(answers)
            of_aspek += (received / printed if arti == "skala_maks" else received) * bobot
        if arti == "jumlah_indikator":
            of_aspek /= printed
        total += of_aspek * bobot_aspek
    return rounded(total * (100 if arti == "skala_maks" else Fraction(100, top)))


# --- several questions an unsur --------------------------------------------------------------

Groups = Sequence[Sequence[int]]  # the places of the items of each unsur


def nrr_of_group(rows: Sequence[Response], items: Sequence[int]) -> Fraction | None:
    """The mean of the NRR of those items that somebody answered."""
    known = [value for item in items if (value := nrr(rows, item)) is not None]
    return sum(known, Fraction(0)) / len(known) if known else None


def exact_ikm_of_groups(rows: Sequence[Response], groups: Groups) -> Fraction | None:
    """Σ NRR of unsur × 1/k × 25, not rounded."""
    means = [nrr_of_group(rows, items) for items in groups]
    if None in means:
        return None
    return sum((mean or Fraction(0) for mean in means), Fraction(0)) / len(groups) * 25


def item_shares(
    rows: Sequence[Response], groups: Groups, of_unsur: Sequence[Fraction]
) -> list[Fraction]:
    """What each item weighs: the share of its unsur, in equal parts over its answered items."""
    shares = [Fraction(0)] * sum(map(len, groups))
    for items, share in zip(groups, of_unsur, strict=True):
        known = [item for item in items if nrr(rows, item) is not None]
        for item in known:
            shares[item] = share / len(known)
    return shares


def margin_of_groups(phones: Phones, groups: Groups) -> float | None:
    """Half the 95 % interval of the IKM; None where it is not computable."""
    rows = all_rows(phones)
    if exact_ikm_of_groups(rows, groups) is None:
        return None
    shares = item_shares(rows, groups, [Fraction(1, len(groups))] * len(groups))
    squared = squares_of_sum(phones, shares)
    if not squared:
        return None
    t = T_TABLE[len(phones) - 2] if len(phones) < 30 else 1.96
    return 25 * t * math.sqrt(squared)


def lower_among_groups(phones: Phones, groups: Groups) -> list[bool]:
    """Whether each unsur is below the mean of the others; only answered unsur are compared."""
    rows = all_rows(phones)
    means = [nrr_of_group(rows, items) for items in groups]
    known = [place for place, mean in enumerate(means) if mean is not None]
    chances = []
    for place in range(len(groups)):
        if place not in known or len(known) < 2:
            chances.append(1.0)
            continue
        of_unsur = [Fraction(-1, len(known) - 1) if u in known else Fraction(0) for u in
                    range(len(groups))]  # fmt: skip
        of_unsur[place] = Fraction(1)
        gap = sum((of_unsur[u] * (means[u] or 0) for u in known), Fraction(0))
        squared = squares_of_sum(phones, item_shares(rows, groups, of_unsur))
        chances.append(one_sided(-gap, squared, len(phones) - 1))
    return holm(chances)


def lower_services_of_groups(services: Sequence[Phones], groups: Groups) -> list[bool]:
    """Whether the index of each service is below that of all the others together."""
    chances = []
    equal = [Fraction(25, len(groups))] * len(groups)
    for number, own in enumerate(services):
        others = [phone for i, each in enumerate(services) if i != number for phone in each]
        sides = [(side, all_rows(side)) for side in (own, others)]
        here, there = (exact_ikm_of_groups(rows, groups) for _, rows in sides)
        errors = [squares_of_sum(side, item_shares(rows, groups, equal)) for side, rows in sides]
        if here is None or there is None or not errors[0] or errors[1] is None:
            chances.append(1.0)
        else:
            degrees = min(len(own), len(others)) - 1
            chances.append(one_sided(there - here, errors[0] + errors[1], degrees))
    return holm(chances)
