"""The one source of figures: sums of whole blocks, the same in every span and scope."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from office.config import Schedule
from office.figures import figures, parts
from office.figures.figures import Figures
from office.figures.spans import NoFigures
from office.office import Office
from office.periods import division, recount
from scoring import ikm, precision
from scoring.period import WIB, parse
from storage import catalogue, periods, results
from tests.planning import plan_the_years
from tests.small_office import office_without_bot
from tests.storage.office_fixture import NOW, OfficeFixture

THREES, FOURS = [3] * 9, [4] * 9


def office_of(fixture: OfficeFixture) -> Office:
    """The running office of a fixture, without a bot."""
    instrument_id = fixture.period.instrument_id
    return office_without_bot(fixture.database, fixture.known, instrument_id, Schedule())


def locks(fixture: OfficeFixture, following: str | None = None) -> OfficeFixture:
    """Close and lock the open period, and open the following one."""
    with fixture.database.write() as db:
        period, registered = fixture.period, fixture.registered
        together = [*periods.running_into(db, period.id), period]
        read = recount.together([recount.of_period(db, registered, p.id).read for p in together])
        blocks = division.divided(registered, read, catalogue.services_by_id(db))
        periods.close(db, period.id, NOW)
        if following is not None:
            named = parse(following, WIB)
            periods.open_period(db, "ikm", named, period.instrument_id, NOW)
        if any(block.published for block in blocks):
            attributes = division.attributes(read)
            for each in together:
                periods.close(db, each.id, NOW)
                periods.lock(db, each.id, NOW)
            results.store(db, registered, period.id, blocks, attributes, None, NOW)
        else:
            later = periods.next_unlocked(db, period)
            assert later is not None
            periods.run_into(db, period, later)
    return OfficeFixture.reopened(fixture.database) if following is not None else fixture


def of(fixture: OfficeFixture, label: str, units: Sequence[int] = ()) -> Figures:
    """The figures of a label."""
    with fixture.database.read() as db:
        return figures.of(db, office_of(fixture), label, units)


def rated(
    fixture: OfficeFixture, chats: range, values: Sequence[int], service: int = 0, **more: Any
) -> None:
    """Each of these chats rates a service."""
    for chat in chats:
        fixture.rates(chat, *values, service=service, **more)


def test_a_quarter_of_too_few_people_is_counted_by_the_next_one(fixture: OfficeFixture) -> None:
    rated(fixture, range(1, 7), THREES)
    fourth = locks(fixture, "2026-TW4")
    rated(fourth, range(11, 15), [1] * 9)
    first = locks(fourth, "2027-TW1")
    year = of(fixture, "2026")
    assert (year.ikm, year.mutu, year.n) == (Decimal("75.00"), "C", 6)
    assert year.span.final is not None
    with pytest.raises(NoFigures, match="dihitung bersama Triwulan I 2027"):
        of(fixture, "2026-TW4")
    rated(first, range(21, 23), FOURS)
    locks(first, "2027-TW2")
    joined = of(fixture, "2027-TW1")
    assert (joined.n, joined.people) == (6, 6)
    assert joined.ikm == Decimal("50.00")
    assert joined.span.covers.start == fourth.period.starts_at
    assert of(fixture, "2026").ikm == Decimal("75.00")


def test_a_year_is_the_sum_of_its_quarters_in_every_part(fixture: OfficeFixture) -> None:
    current = fixture
    for quarter, following in (("2026-TW3", "2026-TW4"), ("2026-TW4", "2027-TW1")):
        base = 100 if quarter == "2026-TW3" else 200
        rated(current, range(base, base + 9), THREES, about={"jenis_kelamin": "L"})
        rated(current, range(base + 10, base + 16), FOURS, 1, about={"jenis_kelamin": "P"})
        rated(current, range(base + 20, base + 27), [2] * 9, 2)
        current = locks(current, following)
    quarters = [of(fixture, label) for label in ("2026-TW3", "2026-TW4")]
    year = of(fixture, "2026")
    assert year.n == sum(each.n for each in quarters) == 44
    assert year.score == ikm.score_of_sums(
        year.score.instrument,
        year.n,
        {
            code: (sum(q.score.unsur[code].n for q in quarters),
                   sum(q.score.unsur[code].jumlah for q in quarters))
            for code in year.score.unsur
        },
    )  # fmt: skip
    assert [(part.name, part.n) for part in year.services] == [("KTP", 18), ("KK", 12),
                                                              ("IZIN", 14)]  # fmt: skip
    assert [(part.name, part.n) for part in year.by_unit] == [("pelayanan", 30), ("trantib", 14)]
    assert year.attributes["jenis_kelamin"] == [(("L",), 18), (("P",), 12)]
    assert year.margin == precision.stored_margin(
        precision.margin(year.score, quarters[0].moments + quarters[1].moments) or Decimal(0)
    )
    assert [(each.label, each.part) for each in year.earlier] == [
        ("TW IV 2026", True),
        ("TW III 2026", True),
    ]


def test_joined_services_are_never_told_alone_in_a_longer_span(fixture: OfficeFixture) -> None:
    rated(fixture, range(1, 4), THREES, 0)
    rated(fixture, range(4, 11), FOURS, 1)
    fourth = locks(fixture, "2026-TW4")
    rated(fourth, range(1, 10), THREES, 0)
    rated(fourth, range(10, 20), FOURS, 1)
    locks(fourth, "2027-TW1")
    third, year = of(fixture, "2026-TW3"), of(fixture, "2026")
    assert third.services == ()
    assert [(part.name, part.n, part.received) for part in year.services] == [
        ("KTP", 9, 12),
        ("KK", 10, 17),
        ("digabung", 10, 10),
    ]


def test_a_group_gets_whole_blocks_or_nothing(fixture: OfficeFixture) -> None:
    rated(fixture, range(1, 11), THREES, 0)
    rated(fixture, range(11, 14), FOURS, 2)  # the other unit is too small and joins
    locks(fixture, "2026-TW4")
    with fixture.database.read() as db:
        counter, order = (unit.id for unit in catalogue.units(db))
    alone, both = of(fixture, "2026-TW3", [order]), of(fixture, "2026-TW3", [counter, order])
    assert (alone.n, alone.received, alone.ikm) == (0, 3, None)
    assert (both.n, both.received) == (13, 13)
    assert of(fixture, "2026-TW3").ikm == both.ikm


def test_repeats_are_scored_apart_only_where_both_parts_are_people_enough(
    fixture: OfficeFixture,
) -> None:
    rated(fixture, range(1, 9), THREES)
    rated(fixture, range(1, 5), FOURS)  # four phones rate again
    fourth = locks(fixture, "2026-TW4")
    third = of(fixture, "2026-TW3")
    assert (third.repeats, third.without_repeats) == (4, None)
    rated(fourth, range(1, 9), THREES)
    rated(fourth, range(1, 7), FOURS)
    locks(fourth, "2027-TW1")
    last = of(fixture, "2026-TW4")
    assert last.repeats == 6
    assert last.without_repeats is not None
    assert (last.without_repeats.n, last.without_repeats.ikm) == (8, Decimal("75.00"))
    assert of(fixture, "2026").without_repeats is None


def test_options_of_few_people_are_joined_and_never_told_apart_later(
    fixture: OfficeFixture,
) -> None:
    rated(fixture, range(1, 9), THREES, about={"jenis_kelamin": "L"})
    rated(fixture, range(9, 12), THREES, about={"jenis_kelamin": "P"})
    fourth = locks(fixture, "2026-TW4")
    rated(fourth, range(1, 9), THREES, about={"jenis_kelamin": "L"})
    rated(fourth, range(9, 19), THREES, about={"jenis_kelamin": "P"})
    locks(fourth, "2027-TW1")
    assert of(fixture, "2026-TW3").attributes["jenis_kelamin"] == [(("L", "P"), 11)]
    assert of(fixture, "2026-TW4").attributes["jenis_kelamin"] == [(("L",), 8), (("P",), 10)]
    assert of(fixture, "2026").attributes["jenis_kelamin"] == [(("L", "P"), 29)]


@pytest.mark.slow
def test_the_mean_of_periods_is_the_figure_of_the_year_where_the_office_says_so(
    fixture: OfficeFixture,
) -> None:
    rated(fixture, range(1, 7), THREES)
    fourth = locks(fixture, "2026-TW4")
    rated(fourth, range(1, 31), FOURS)
    locks(fourth, "2027-TW1")
    assert of(fixture, "2026").method == "gabungan"
    with fixture.database.write() as db:
        plan_the_years(db, tahunan="rerata_periode")
    year = of(fixture, "2026")
    assert (year.method, year.ikm, year.mutu) == ("rerata_periode", Decimal("87.50"), "B")
    assert year.score.ikm == Decimal("95.83")
    assert of(fixture, "2026-TW4").method is None


def test_users_of_the_known_quarters_give_the_response_rate(fixture: OfficeFixture) -> None:
    rated(fixture, range(1, 11), THREES)
    with fixture.database.write() as db:
        unit = catalogue.units(db)[0].id
        catalogue.set_users(db, fixture.period.id, unit, 40)
    fourth = locks(fixture, "2026-TW4")
    rated(fourth, range(1, 21), THREES)
    locks(fourth, "2027-TW1")
    year = of(fixture, "2026")
    assert (year.users, year.users_known, year.received_of_users) == (40, 1, 10)
    assert year.response_rate == Fraction(1, 4)
    assert of(fixture, "2026-TW4").users is None


def test_each_service_has_its_users_and_those_that_nobody_rated_are_named(
    fixture: OfficeFixture,
) -> None:
    rated(fixture, range(1, 11), THREES)
    rated(fixture, range(11, 13), THREES, 1)
    with fixture.database.write() as db:
        ktp, kk, izin = (each.id for each in catalogue.services(db))
        for service, users in ((ktp, 40), (kk, 8), (izin, 0)):
            catalogue.set_service_users(db, fixture.period.id, service, users)
    fourth = locks(fixture, "2026-TW4")
    rated(fourth, range(1, 21), THREES)
    locks(fourth, "2027-TW1")
    third, year = of(fixture, "2026-TW3"), of(fixture, "2026")
    assert [(each.name, each.received, each.users) for each in third.service_users] == [
        ("KTP", 10, 40), ("KK", 2, 8), ("IZIN", 0, 0),
    ]  # fmt: skip
    assert third.unrated == ()  # nobody used it either
    assert year.unrated == ("IZIN",)
    first = year.service_users[0]
    assert (first.received, first.users, first.users_known) == (30, 40, 1)
    assert (first.received_of_users, first.response_rate) == (10, Fraction(1, 4))
    assert [each.name for each in of(fixture, "2026", (1,)).service_users] == ["KTP", "KK"]
    with fixture.database.write() as db:
        catalogue.change(db, catalogue.Noun.SERVICE, izin, active=False)
    assert of(fixture, "2026").unrated == ()


def test_a_service_is_called_low_only_where_the_test_says_so(fixture: OfficeFixture) -> None:
    for chat in range(1, 31):
        fixture.rates(chat, *[3 + (chat + n) % 2 for n in range(9)])
    for chat in range(31, 41):
        fixture.rates(chat, *[1 + chat % 2] * 9, service=1)
    for chat in range(41, 47):
        fixture.rates(chat, *[3 + (chat + n) % 2 for n in range(8)], 3, service=2)
    locks(fixture, "2026-TW4")
    given = of(fixture, "2026-TW3")
    ktp, kk, _ = (part.key for part in given.services)
    assert parts.lower(given.services) == {kk}
    assert ktp is not None


def test_the_letters_are_those_that_the_interval_reaches(fixture: OfficeFixture) -> None:
    for chat in range(1, 13):
        fixture.rates(chat, *[3 + (chat % 2) for _ in range(9)])
    locks(fixture, "2026-TW4")
    given = of(fixture, "2026-TW3")
    assert (given.mutu, given.letters) == ("B", ("B", "A"))


def test_users_of_a_period_that_runs_on_are_users_of_the_one_that_counts_it(
    fixture: OfficeFixture,
) -> None:
    rated(fixture, range(1, 4), THREES)
    with fixture.database.write() as db:
        unit = catalogue.units(db)[0].id
        catalogue.set_users(db, fixture.period.id, unit, 10)
    fourth = locks(fixture, "2026-TW4")
    rated(fourth, range(1, 21), THREES)
    with fixture.database.write() as db:
        catalogue.set_users(db, fourth.period.id, unit, 36)
    locks(fourth, "2027-TW1")
    given = of(fixture, "2026-TW4")
    assert (given.users, given.received_of_users) == (46, 23)
    assert given.response_rate == Fraction(1, 2)
    with fixture.database.write() as db:
        catalogue.set_users(db, fixture.period.id, unit, 0)  # not known
    assert of(fixture, "2026-TW4").users is None


def test_a_change_is_told_against_the_figure_before(fixture: OfficeFixture) -> None:
    for chat in range(1, 41):
        fixture.rates(chat, *[2 + (chat + n) % 2 for n in range(9)])
    fourth = locks(fixture, "2026-TW4")
    for chat in range(1, 41):
        fourth.rates(chat, *[3 + (chat + n) % 2 for n in range(9)])
    locks(fourth, "2027-TW1")
    given = of(fixture, "2026-TW4")
    assert given.compared is not None
    assert (given.compared.label, given.delta) == ("TW III 2026", Decimal("25.00"))
    assert given.change == "naik nyata"


def test_what_is_not_locked_has_no_figures_and_says_when(fixture: OfficeFixture) -> None:
    rated(fixture, range(1, 20), THREES)
    with pytest.raises(NoFigures, match="Angkanya keluar 7 Okt 2026"):
        of(fixture, "2026-TW3")
    with pytest.raises(NoFigures, match="Belum ada periode yang terkunci"):
        of(fixture, "2026")
    with pytest.raises(NoFigures, match="tidak dapat dibaca"):
        of(fixture, "besok")
    with pytest.raises(NoFigures, match="Tidak ada periode 2031"):
        of(fixture, "2031")


def test_an_old_database_keeps_its_small_quarters_out_of_every_figure(
    fixture: OfficeFixture,
) -> None:
    """An older version locked periods of fewer than five people."""
    rated(fixture, range(1, 4), FOURS)
    with fixture.database.write() as db:
        periods.close(db, fixture.period.id, NOW)
        periods.lock(db, fixture.period.id, NOW)
        read = recount.of_period(db, fixture.registered, fixture.period.id).read
        blocks = division.divided(fixture.registered, read, catalogue.services_by_id(db))
        results.store(db, fixture.registered, fixture.period.id, blocks,
                      division.attributes(read), None, NOW)  # fmt: skip
    third = of(fixture, "2026-TW3")
    assert (third.n, third.received, third.ikm, third.attributes) == (0, 3, None, {})
