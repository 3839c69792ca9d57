"""Published results in tests/data, by name."""

import csv
import json
from pathlib import Path
from typing import Any

from scoring.instrument import Instrument

CASES = Path(__file__).parents[1] / "data" / "cases"


def case(name: str, file: str = "case.json") -> dict[str, Any]:
    """The printed values of a case, with their source."""
    loaded: dict[str, Any] = json.loads((CASES / name / file).read_text(encoding="utf-8"))
    return loaded


def table(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file, such as `perpusnas-2023/frequencies.csv`."""
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def codes(instrument: Instrument, *, form: bool = False) -> dict[str, str]:
    """U1, U2, … -> item code, in the regulation's order or in that of common forms."""
    order = instrument.form_order if form else instrument.codes
    return {f"U{number}": code for number, code in enumerate(order, 1)}
