"""What old XLS files say of their rows, and that a broken one ends nothing."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import workbook
from scoring.archive import Facts

OLD = (Path(__file__).parents[1] / "data" / "sheets" / "16-lama.xls").read_bytes()


def test_the_worksheets_of_an_old_workbook_are_found() -> None:
    assert workbook.xls_facts(OLD) == {"A": Facts()}


def test_a_file_without_the_stream_has_no_facts() -> None:
    assert workbook.xls_facts(OLD[:300]) is None
    assert workbook.xls_facts(bytes(5000)) is None
    assert workbook.xls_facts(OLD.replace("Workbook".encode("utf-16-le"), bytes(16))) is None


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(OLD) - 1), st.integers(0, 255)), max_size=20))
def test_a_changed_file_gives_facts_or_none(changes: list[tuple[int, int]]) -> None:
    data = bytearray(OLD)
    for position, byte in changes:
        data[position] = byte
    workbook.xls_facts(bytes(data))


@settings(deadline=None)
@given(st.integers(0, 511), st.integers(0, 255))
def test_a_changed_header_gives_facts_or_none(position: int, byte: int) -> None:
    workbook.xls_facts(OLD[:position] + bytes([byte]) + OLD[position + 1 :])
