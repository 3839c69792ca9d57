"""Required sample sizes."""

from decimal import Decimal

import pytest

from scoring import sample
from tests.scoring import cases

TABLE = cases.table("krejcie_morgan_table.csv")


def test_the_whole_classic_table_is_the_formula_rounded_half_up() -> None:
    assert len(TABLE) == 82
    for row in TABLE:
        assert sample.krejcie_morgan(int(row["N"])) == int(row["n_table"]), row


def test_the_sample_size_may_be_rounded_up() -> None:
    for row in TABLE:
        assert sample.krejcie_morgan(int(row["N"]), "up") == int(row["formula_ceil"]), row
    assert (sample.krejcie_morgan(67, "up"), sample.krejcie_morgan(67)) == (58, 57)


def test_a_national_library_needs_384_and_printed_385() -> None:
    assert sample.krejcie_morgan(23_857_000) == 384
    assert sample.krejcie_morgan(23_857_000, "up") == 385


def test_a_sample_is_never_larger_than_its_population() -> None:
    assert all(sample.krejcie_morgan(users, "up") <= users for users in range(200))
    assert [sample.krejcie_morgan(users) for users in (0, 1, 2)] == [0, 1, 2]


def test_slovin_is_calculated_by_the_formula() -> None:
    assert sample.slovin(236, Decimal("0.05")) == 148
    assert sample.slovin(1000, Decimal("0.05"), "up") == 286


def test_invalid_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="kurang dari 0"):
        sample.krejcie_morgan(-1)
    with pytest.raises(ValueError, match="galat"):
        sample.slovin(10, Decimal(0))
    with pytest.raises(ValueError, match="tidak dikenal"):
        sample.krejcie_morgan(10, "down")  # type: ignore[arg-type]  # the mistake under test
