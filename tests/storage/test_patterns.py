"""Responses counted together by the database, against the same counted by hand."""

from __future__ import annotations

from collections import Counter

from storage.survey import patterns
from tests.storage.office_fixture import OfficeFixture


def test_equal_responses_are_counted_together(office: OfficeFixture) -> None:
    for chat, values in enumerate([(4,) * 9, (4,) * 9, (4, 0, *[3] * 7)], 101):
        office.rates(chat, *values)
    with office.database.read() as db:
        found = patterns.grouped_answers(db, office.registered, [office.period.id])
    assert {(tuple(row.values()), n) for row, n in found} == {
        ((4,) * 9, 2),
        ((4, None, *[3] * 7), 1),
    }


def test_each_answer_about_oneself_is_counted_and_silence_is_not(office: OfficeFixture) -> None:
    for nilai, umur in enumerate(("26-35", "26-35", "-", None), 1):
        about = {} if umur is None else {"umur": umur}
        office.rates(100 + nilai, *[nilai] * 8, 0, about=about)
    with office.database.read() as db:
        assert patterns.counts_by_option(db, office.period.id) == {"umur": {"26-35": 2}}


def test_rows_come_in_an_order_of_what_they_say_alone(office: OfficeFixture) -> None:
    given_in_this_order = [(4, 3), (1, 2), (4, 0), (3, 3), (1, 2)]
    for chat, (nilai, other) in enumerate(given_in_this_order, 101):
        office.rates(chat, *[nilai] * 8, other, service=chat % 2)
    with office.database.read() as db:
        found = patterns.rows(db, office.registered, [office.period.id])
    assert found == sorted(
        found, key=lambda row: (row.service_id, row.kanal, [n or 0 for n in row.answers])
    )
    assert Counter((row.answers[0], row.answers[8]) for row in found) == Counter(
        (nilai, other or None) for nilai, other in given_in_this_order
    )


def test_an_open_response_counts_nowhere(office: OfficeFixture) -> None:
    with office.turn(101) as open_responses:
        office.begins(open_responses, 101)
    with office.database.read() as db:
        assert patterns.rows(db, office.registered, [office.period.id]) == []
        assert patterns.counts_by_option(db, office.period.id) == {}
