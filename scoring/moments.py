"""Second moments of answers: what margins, comparisons and alpha need when no row exists any more.

Those of disjoint sets of responses add up, so a union of blocks has a margin of its own.
"""

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from math import lcm
from operator import add, sub
from typing import Any, TypeAlias

Matrix: TypeAlias = tuple[tuple[int, ...], ...]
Row: TypeAlias = Mapping[str, int | None]

LARGEST_NILAI = 99  # so that a sum of squares fits into the 64 bits of a packed field


@dataclass(frozen=True, slots=True)
class Moments:
    """Sums over clusters; a cluster is one phone's responses, or one response of nobody known.

    `products` is Σ v·vᵀ over the `clusters`, 2k × 2k for the k `codes`, where v holds, for a
    cluster, the number of answers to each item and then the sum of their nilai. The other three
    are of the `complete` responses alone: how many, the sum of each item, the products of items.
    """

    codes: tuple[str, ...]
    clusters: int
    products: Matrix
    complete: int
    complete_sums: tuple[int, ...]
    complete_products: Matrix

    def __add__(self, other: "Moments") -> "Moments":
        """The moments of both; ValueError for other codes."""
        return self._combined(other, 1)

    def __sub__(self, part: "Moments") -> "Moments":
        """The moments of what remains without a part; ValueError for other codes."""
        return self._combined(part, -1)

    def squares(self, coefficients: Sequence[Fraction]) -> Fraction:
        """Σ (coefficients · v)² over the clusters, exactly."""
        denominator = lcm(*(each.denominator for each in coefficients))
        whole = [int(each * denominator) for each in coefficients]
        total = sum(
            factor * sum(other * product for other, product in zip(whole, row, strict=True))
            for factor, row in zip(whole, self.products, strict=True)
        )
        return Fraction(total, denominator**2)

    def to_json(self) -> dict[str, Any]:
        """Codes and lists of integers; of the symmetric matrices, the upper triangles by row."""
        return {
            "codes": list(self.codes),
            "clusters": self.clusters,
            "products": _triangle(self.products),
            "complete": self.complete,
            "complete_sums": list(self.complete_sums),
            "complete_products": _triangle(self.complete_products),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Moments":
        """What `to_json` wrote.

        Raises:
            ValueError: other keys, a list of another length, or a value that is no natural number.
        """
        if set(stored) != set(cls.__slots__):
            raise ValueError(f"moments have the keys {', '.join(cls.__slots__)}, not {set(stored)}")
        codes = stored["codes"]
        if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
            raise ValueError("codes is not a list of texts")
        if not codes or len(set(codes)) < len(codes):
            raise ValueError("codes is empty or names an item twice")
        k = len(codes)
        return cls(
            tuple(codes),
            _natural_numbers("clusters", [stored["clusters"]], 1)[0],
            _matrix(_natural_numbers("products", stored["products"], k * (2 * k + 1)), 2 * k),
            _natural_numbers("complete", [stored["complete"]], 1)[0],
            tuple(_natural_numbers("complete_sums", stored["complete_sums"], k)),
            _matrix(
                _natural_numbers(
                    "complete_products", stored["complete_products"], k * (k + 1) // 2
                ),
                k,
            ),
        )

    def _combined(self, other: "Moments", sign: int) -> "Moments":
        if self.codes != other.codes:
            raise ValueError(f"moments of {self.codes} and of {other.codes} do not add up")
        return Moments(
            self.codes,
            self.clusters + sign * other.clusters,
            _sum(self.products, other.products, sign),
            self.complete + sign * other.complete,
            _sum((self.complete_sums,), (other.complete_sums,), sign)[0],
            _sum(self.complete_products, other.complete_products, sign),
        )


def variance(
    counts: Mapping[str, tuple[int, int]], weights: Mapping[str, Fraction], of: Moments
) -> Fraction | None:
    """The variance of Σ weight · NRR between clusters, linearised; None below two clusters.

    Args:
        counts: item code -> number of answers (not 0) and their sum, as in `answered`.
        weights: item code -> its weight in the sum, for some or all of `counts`.
    """
    m = of.clusters
    if m < 2:
        return None
    of_answers, of_sums = [], []
    for code in of.codes:
        weight = weights.get(code, Fraction(0))
        n, jumlah = counts[code] if weight else (1, 0)
        of_answers.append(-weight * jumlah / n**2)
        of_sums.append(weight / n)
    return Fraction(m, m - 1) * of.squares([*of_answers, *of_sums])


def nothing(codes: Sequence[str]) -> Moments:
    """The moments of no response."""
    return moments(codes, ())


def summed(codes: Sequence[str], parts: Iterable[Moments]) -> Moments:
    """The moments of disjoint parts together; ValueError for other codes."""
    total = nothing(codes)
    for part in parts:
        total += part
    return total


def moments(
    codes: Sequence[str],
    patterns: Iterable[tuple[Row, int]],
    repeated: Iterable[Sequence[Row]] = (),
) -> Moments:
    """The moments of responses; in a row, a skipped item is None, 0 or absent.

    Every vector is packed into one integer with a field of 64 bits for each entry, so that a row
    of the matrix grows by one multiplication and one addition.

    Args:
        patterns: equal responses counted together, (response, number of them); each response is a
            cluster of its own.
        repeated: the responses of each phone, one or more, which are one cluster.

    Raises:
        ValueError: a nilai that is not a whole number from 0 to 99.
    """
    k = len(codes)
    vector, answers_alone = struct.Struct(f"<{2 * k}Q"), struct.Struct(f"<{k}Q")
    products, complete_products = [0] * (2 * k), [0] * k
    clusters = complete = complete_sums = 0
    phones = ((rows, 1) for rows in repeated)
    for rows, times in chain((((row,), times) for row, times in patterns), phones):
        clusters += times
        vectors = []
        for row in rows:
            answers = [row.get(code) or 0 for code in codes]
            if min(answers) < 0 or max(answers) > LARGEST_NILAI:
                raise ValueError(f"a nilai of {answers} is not from 0 to {LARGEST_NILAI}")
            vectors.append([*map(bool, answers), *answers])
            if all(answers):
                complete += times
                packed = int.from_bytes(answers_alone.pack(*answers), "little") * times
                complete_sums += packed
                for item, nilai in enumerate(answers):
                    complete_products[item] += nilai * packed
        entries = vectors[0] if len(rows) == 1 else [sum(v) for v in zip(*vectors, strict=True)]
        packed = int.from_bytes(vector.pack(*entries), "little") * times
        for entry, value in enumerate(entries):
            if value:
                products[entry] += value * packed
    return Moments(
        tuple(codes),
        clusters,
        tuple(_unpacked(vector, row) for row in products),
        complete,
        _unpacked(answers_alone, complete_sums),
        tuple(_unpacked(answers_alone, row) for row in complete_products),
    )


def _unpacked(layout: struct.Struct, packed: int) -> tuple[int, ...]:
    return layout.unpack(packed.to_bytes(layout.size, "little"))


def _sum(first: Matrix, second: Matrix, sign: int) -> Matrix:
    combine = add if sign > 0 else sub
    return tuple(tuple(map(combine, row, added)) for row, added in zip(first, second, strict=True))


def _triangle(matrix: Matrix) -> list[int]:
    return [value for number, row in enumerate(matrix) for value in row[number:]]


def _matrix(triangle: Sequence[int], size: int) -> Matrix:
    rows: list[tuple[int, ...]] = []
    start = 0
    for number in range(size):
        end = start + size - number
        rows.append((*(row[number] for row in rows), *triangle[start:end]))
        start = end
    return tuple(rows)


def _natural_numbers(name: str, values: Any, length: int) -> list[int]:
    if not isinstance(values, list) or len(values) != length:
        raise ValueError(f"{name} is not a list of {length} integers")
    if set(map(type, values)) != {int} or min(values) < 0:
        raise ValueError(f"{name} holds a value that is no natural number")
    return values
