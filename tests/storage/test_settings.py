"""Settings with a rule of their own: the slip numbers that were printed."""

from __future__ import annotations

from functools import partial

import pytest

from storage.settings import period_marks, rows
from tests.storage.office_fixture import OfficeFixture, together


@pytest.mark.parametrize(("printed", "highest"), [((10, 4), 10), ((4, 10), 10), ((4, 4), 4)])
def test_the_highest_printed_number_is_kept(
    printed: tuple[int, ...], highest: int, office: OfficeFixture
) -> None:
    with office.database.write() as db:
        for number in printed:
            period_marks.note_printed_slip(db, 1, number)
        assert period_marks.printed_slip(db, 1) == highest


def test_a_period_goes_on_from_the_one_before(office: OfficeFixture) -> None:
    with office.database.write() as db:
        period_marks.note_printed_slip(db, 2, 10)
        period_marks.note_printed_slip(db, 12, 4)
        found = [period_marks.printed_slip(db, period) for period in (1, 2, 3, 12)]
    assert found == [0, 10, 10, 10]


def test_numbers_printed_before_an_upgrade_are_known(office: OfficeFixture) -> None:
    with office.database.write() as db:
        rows.put(db, period_marks.PRINTED_LAST, 40)
        assert period_marks.printed_slip(db, 3) == 40
        period_marks.note_printed_slip(db, 3, 4)
        assert period_marks.printed_slip(db, 3) == 40


def test_numbers_may_begin_again_after_the_last(office: OfficeFixture) -> None:
    with office.database.write() as db:
        period_marks.note_printed_slip(db, 1, 9999)
        period_marks.restart_printed_slips(db, 1, 4)
        assert period_marks.printed_slip(db, 1) == 4


@pytest.mark.slow
def test_of_processes_that_print_together_the_highest_number_is_kept(
    office: OfficeFixture,
) -> None:
    def prints(number: int) -> None:
        with office.another_process() as other:
            other.database.turn(lambda db: period_marks.note_printed_slip(db, 1, number))

    together(*(partial(prints, number) for number in (10, 4, 7)))
    with office.database.read() as db:
        assert period_marks.printed_slip(db, 1) == 10
