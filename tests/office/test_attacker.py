"""What is published tells nothing about one to four people: random offices, and known ways in."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path

import pytest

from office.figures import figures
from office.figures.figures import Figures
from office.figures.spans import NoFigures
from storage.settings import period_marks
from storage.settings.period_marks import Standing
from tests.attacker import bounded, leaks, leaks_of, random_office
from tests.small_office import (
    FUNCTIONS,
    NILAI,
    NO_ANSWERS,
    ONE,
    PAID,
    STATEMENTS,
    SmallOffice,
    Statement,
)

THREES, FOURS, ONES = [3] * 9, [4] * 9, [1] * 9
BIAYA = 3  # its place in the instrument
Opens = Callable[..., SmallOffice]


@pytest.fixture
def opens(sqlite_template: Path, tmp_path: Path) -> Iterable[Opens]:
    """Opens a small office: for each unit how many services, none of them free."""
    opened: list[SmallOffice] = []

    def one(*services: int, first: str = "2026-TW1", gratis: bool = False) -> SmallOffice:
        path = Path(shutil.copy(sqlite_template, tmp_path / f"{len(opened)}.db"))
        opened.append(SmallOffice.at(path, [[gratis] * n for n in services], first))
        return opened[-1]

    yield one
    for office in opened:
        office.database.close()


def rate(
    office: SmallOffice,
    chats: Iterable[int],
    answers: Sequence[int] = THREES,
    service: int = 1,
    about: Mapping[str, str] | None = None,
    kanal: str = "telegram",
) -> list[int]:
    """Each of these phones rates a service."""
    return [office.rates(chat, answers, about, service, kanal) for chat in chats]


def lock(office: SmallOffice) -> bool:
    """The open period ends and is locked; False where it runs on."""
    return office.locks(office.turns_over().label)


def of(office: SmallOffice, label: str, *units: int) -> Figures:
    with office.database.read() as db:
        return figures.of(db, office.office, label, units)


# --- random offices -----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("first", range(1, 31, 6))
def test_nothing_about_one_to_four_people_follows_from_all_that_leaves(
    first: int, sqlite_template: Path, tmp_path: Path
) -> None:
    for seed in range(first, first + 6):
        path = Path(shutil.copy(sqlite_template, tmp_path / f"{seed}.db"))
        office = random_office(random.Random(seed), path)
        assert leaks(office) == [], f"office {seed}"


def test_the_attacker_knows_every_field_of_the_figures() -> None:
    known = [STATEMENTS, FUNCTIONS, NO_ANSWERS]
    assert set().union(*known) == {field.name for field in fields(Figures)}
    assert sum(map(len, known)) == len(set().union(*known))


# --- the attacker itself ------------------------------------------------------------------------


def sums(*members: range, subject: str = "WAKTU") -> list[Statement]:
    return [Statement(str(each), subject, frozenset(each), NILAI) for each in members]


def fewest(statements: Iterable[Statement]) -> list[int]:
    """About how many people each leak is, when everybody answered once."""
    people = {number: f"phone {number}" for number in range(100)}
    return [len(leak.people) for leak in leaks_of(statements, people)]


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (sums(range(30)), []),
        (sums(range(4)), [4]),
        (sums(range(30), range(25)), []),
        (sums(range(30), range(29)), [1]),
        (sums(range(30), range(26), range(28)), [2]),
        (sums(range(30), range(10), range(10, 20), range(20, 27)), [3]),
        (sums(range(30), range(27, 60), range(60)), [3]),
        (sums(range(30), range(29), subject="WAKTU") + sums(range(12), range(9), subject="BIAYA"),
         [1, 3]),
    ],
)  # fmt: skip
def test_a_difference_of_few_people_is_found(
    statements: list[Statement], expected: list[int]
) -> None:
    assert fewest(statements) == expected


def test_a_sum_and_a_count_of_the_same_answers_are_no_difference() -> None:
    paid = Statement("levy", "BIAYA", frozenset(range(29)), PAID)
    assert fewest([*sums(range(30), subject="BIAYA"), paid]) == []
    later = Statement("levy later", "BIAYA", frozenset(range(28)), PAID)
    assert fewest([*sums(range(30), subject="BIAYA"), paid, later]) == [1]


def test_a_phone_with_several_responses_is_one_person() -> None:
    phone = dict.fromkeys(range(8), "phone 1") | {8: "phone 2", 9: "phone 3"}
    (leak,) = leaks_of(sums(range(10)), phone)
    assert leak.people == {"phone 1", "phone 2", "phone 3"}


def test_a_count_of_an_option_is_about_those_who_gave_it() -> None:
    assert fewest([Statement("L", "jenis_kelamin", frozenset(range(4)), ONE)]) == [4]


# --- known ways in ------------------------------------------------------------------------------


def test_the_year_less_a_quarter_tells_nothing_of_another_quarter_of_four(opens: Opens) -> None:
    office = opens(2)
    rate(office, range(1, 7))
    assert lock(office)
    rate(office, range(11, 15), ONES)
    assert not lock(office)
    office.collects_longer()
    assert leaks(office) == []
    assert of(office, "2026").score.unsur == of(office, "2026-TW1").score.unsur
    with pytest.raises(NoFigures):
        of(office, "2026-TW2")
    rate(office, range(21, 23), FOURS)
    assert lock(office)
    office.collects_longer()
    assert leaks(office) == []
    assert of(office, "2026-TW3").n == 6


@pytest.mark.slow
def test_a_semester_beside_its_quarters_tells_nothing(opens: Opens) -> None:
    office = opens(3)
    for base, late in ((0, 2), (100, 3), (200, 1)):
        rate(office, range(base + 1, base + 8))
        rate(office, range(base + 11, base + 11 + late), ONES, service=2)
        rate(office, range(base + 21, base + 26), FOURS, service=3)
        assert lock(office)
    office.collects_longer()
    assert leaks(office) == []
    assert of(office, "2026-S1").n == of(office, "2026-TW1").n + of(office, "2026-TW2").n


def test_groups_of_two_units_and_of_one_of_them_tell_nothing_of_the_other(opens: Opens) -> None:
    office = opens(1, 1, 1)
    office.groups = [(1, 2), (1,), (2, 3)]
    rate(office, range(1, 10))
    rate(office, range(11, 14), ONES, service=2)
    rate(office, range(21, 35), FOURS, service=3)
    assert lock(office)
    assert leaks(office) == []
    assert (of(office, "2026-TW1", 1, 2).n, of(office, "2026-TW1", 1).n) == (12, 0)


def test_the_units_of_a_rekap_beside_the_office_tell_nothing_of_a_small_unit(opens: Opens) -> None:
    office = opens(1, 1, 1)
    for service, people in ((1, 20), (2, 9), (3, 2)):
        rate(office, range(service * 100, service * 100 + people), service=service)
    assert lock(office)
    assert leaks(office) == []
    by_unit = of(office, "2026-TW1").by_unit
    assert [(part.key, part.n) for part in by_unit] == [(1, 20), (None, 11)]


@pytest.mark.slow
def test_services_of_a_year_beside_those_of_its_quarters_tell_nothing(opens: Opens) -> None:
    office = opens(3)
    for base, people in ((0, (9, 6, 2)), (100, (9, 2, 6)), (200, (3, 7, 8)), (300, (2, 2, 8))):
        for service, n in enumerate(people, 1):
            rate(office, range(base + service * 20, base + service * 20 + n), service=service)
        assert lock(office)
    office.collects_longer()
    assert leaks(office) == []
    named = {part.key: part.n for part in of(office, "2026").services}
    assert named == {1: 18, 3: 8, None: 38}


def test_a_unit_less_its_one_service_tells_nothing_of_three_people(opens: Opens) -> None:
    office = opens(2, 1)
    rate(office, range(1, 31))
    rate(office, range(41, 44), ONES, service=2)
    rate(office, range(51, 59), FOURS, service=3)
    assert lock(office)
    assert leaks(office) == []
    whole = of(office, "2026-TW1")
    assert [(part.key, part.n) for part in whole.services] == [(3, 8), (None, 33)]


@pytest.mark.slow
def test_an_attribute_and_an_unsur_hidden_in_one_span_stay_hidden_in_the_next(
    opens: Opens,
) -> None:
    office = opens(1)
    rate(office, range(1, 9), about={"jenis_kelamin": "L"})
    rate(office, range(11, 13), about={"jenis_kelamin": "P"})
    assert lock(office)
    rate(office, range(21, 28), [0, *THREES[1:]], about={"jenis_kelamin": "-"})
    rate(office, range(31, 34), ONES, about={"jenis_kelamin": "P"})
    assert not lock(office), "three people alone answered the first unsur"
    rate(office, range(41, 43), FOURS, about={"jenis_kelamin": "L"})
    assert lock(office)
    office.collects_longer()
    assert leaks(office) == []
    assert of(office, "2026").attributes["jenis_kelamin"] == [(("L", "P"), 15)]


def test_an_attribute_that_few_people_gave_is_not_counted(opens: Opens) -> None:
    office = opens(1)
    rate(office, range(1, 20), about={"pekerjaan": "-"})
    rate(office, range(21, 24), about={"pekerjaan": "PNS"})
    assert lock(office)
    assert leaks(office) == []
    assert not of(office, "2026-TW1").attributes["pekerjaan"]


def test_a_channel_that_stands_at_one_service_tells_nothing(opens: Opens) -> None:
    office = opens(2)
    rate(office, range(1, 10))
    rate(office, range(11, 14), service=2, kanal="kios")
    rate(office, range(21, 29), service=2)
    assert lock(office)
    assert leaks(office) == []
    assert of(office, "2026-TW1").by_channel == {}


def test_a_burst_is_scored_apart_where_it_is_enough(opens: Opens) -> None:
    office = opens(1)
    rate(office, range(1, 10), kanal="web")
    rate(office, range(11, 17), ONES, kanal="web-beruntun")
    assert lock(office)
    assert leaks(office) == []
    whole = of(office, "2026-TW1")
    assert (whole.n, whole.channels) == (15, {"web": 9, "web-beruntun": 6})
    assert whole.by_channel["web-beruntun"].n == 6


def test_a_burst_of_few_people_is_counted_and_not_scored(opens: Opens) -> None:
    office = opens(1)
    rate(office, range(1, 10), kanal="web")
    rate(office, range(11, 14), ONES, kanal="web-beruntun")
    assert lock(office)
    assert leaks(office) == []
    whole = of(office, "2026-TW1")
    assert (whole.channels["web-beruntun"], whole.by_channel) == (3, {})


def test_one_phone_that_rated_five_services_is_not_five_people(opens: Opens) -> None:
    office = opens(5, 1)
    for service in range(1, 6):
        rate(office, [1], ONES, service=service)
    rate(office, range(2, 8), service=6)
    assert lock(office)
    assert leaks(office) == []
    assert of(office, "2026-TW1").services == ()


def test_an_erasure_before_the_lock_tells_nothing(opens: Opens) -> None:
    office = opens(1)
    rate(office, range(1, 41))
    rate(office, [41], ONES)
    office.night()
    label = office.turns_over().label
    office.night()
    before = _known(office, label)
    office.erases(41)
    office.night()
    assert _known(office, label) == before == Standing("C")
    assert office.locks(label)
    assert leaks(office) == []
    assert of(office, label).n == 40


@pytest.mark.parametrize("ended", [False, True])
def test_before_the_lock_nothing_exact_is_known_before_and_after_a_change(
    opens: Opens, ended: bool
) -> None:
    office = opens(1)
    receipts = rate(office, range(1, 13))
    label = office.turns_over().label if ended else office.open().label
    changes: list[Callable[[], None]] = [
        lambda: office.erases(1), lambda: office.voids(receipts[-1])
    ]  # fmt: skip
    for change in changes:
        office.night()
        assert _known(office, label) == Standing()
        change()
    with pytest.raises(NoFigures):
        of(office, label)
    with pytest.raises(NoFigures):
        of(office, "2026")


def _known(office: SmallOffice, label: str) -> Standing:
    with office.database.read() as db:
        return period_marks.standing(db, office.period(label).id)


# --- answers other than gratis ------------------------------------------------------------------

NOT_FREE = [3 if place == BIAYA else 4 for place in range(9)]


def test_answers_other_than_gratis_are_counted_once(opens: Opens) -> None:
    office = opens(1, gratis=True)
    rate(office, range(1, 6), NOT_FREE)
    office.night()
    rate(office, [11], NOT_FREE)
    office.night()
    assert lock(office)
    assert leaks(office) == []
    levy = of(office, "2026-TW1").levy
    assert levy is not None
    assert (levy.paid, levy.answered) == (5, 5)


def test_a_period_that_runs_on_is_not_counted_again_with_the_next_one(opens: Opens) -> None:
    office = opens(1, gratis=True)
    rate(office, range(1, 7), [0, *NOT_FREE[1:]])
    rate(office, [7], NOT_FREE)
    office.night()
    assert not lock(office), "one person alone answered the first unsur"
    rate(office, range(11, 15), NOT_FREE)
    office.night()
    assert lock(office)
    assert leaks(office) == []
    levy = of(office, "2026-TW2").levy
    assert levy is not None
    assert levy.answered == 7


def test_a_service_of_few_such_answers_is_not_named(opens: Opens) -> None:
    office = opens(2, gratis=True)
    rate(office, range(1, 6), NOT_FREE)
    rate(office, [11], NOT_FREE, service=2)
    assert lock(office)
    assert leaks(office) == []
    levy = of(office, "2026-TW1").levy
    assert levy is not None
    assert (levy.paid, levy.services) == (6, (1,))


# --- corrections --------------------------------------------------------------------------------

Slips = list[tuple[int, Sequence[int], dict[str, str]]]


def slips(n: int, answers: Sequence[int] = THREES, service: int = 1) -> Slips:
    return [(service, answers, {}) for _ in range(n)]


def test_late_slips_of_few_people_are_no_correction(opens: Opens) -> None:
    office = opens(1)
    rate(office, range(1, 9))
    assert lock(office)
    assert office.adds_late("2026-TW1", slips(4)) is None
    assert office.adds_late("2026-TW1", slips(7) + slips(3, [0, *ONES[1:]])) is not None
    assert office.adds_late("2026-TW1", slips(6, [0, *ONES[1:]]) + slips(2)) is None
    assert leaks(office) == []
    assert of(office, "2026-TW1").n == 18


def test_a_correction_that_leaves_an_unsur_of_few_slips_is_refused(opens: Opens) -> None:
    office = opens(2)
    rate(office, range(1, 9))
    moved = office.adds_paper(office.open(), slips(5))
    office.adds_paper(office.open(), slips(4, [0, *THREES[1:]]) + slips(2, ONES))
    assert lock(office)
    assert of(office, "2026-TW1").by_channel.keys() == {"kertas", "telegram"}
    assert not office.moves("2026-TW1", moved, 2)
    assert leaks(office) == []


def test_slips_are_moved_as_a_block_of_their_own(opens: Opens) -> None:
    office = opens(2)
    rate(office, range(1, 9))
    moved = office.adds_paper(office.open(), slips(5, FOURS))
    office.adds_paper(office.open(), slips(6, ONES))
    assert lock(office)
    assert office.moves("2026-TW1", moved, 2)
    assert leaks(office) == []
    named = {part.key: part.n for part in of(office, "2026-TW1").services}
    assert named == {1: 14, 2: 5}


def test_a_service_corrected_before_is_not_divided_again(opens: Opens) -> None:
    office = opens(2)
    rate(office, range(1, 9))
    assert lock(office)
    late = office.adds_late("2026-TW1", slips(6))
    assert late is not None
    assert not office.moves("2026-TW1", late, 2)
    assert of(office, "2026-TW1").n == 14


# --- bounds -------------------------------------------------------------------------------------


def test_when_all_gave_the_best_answer_bounds_tell_each_of_them(opens: Opens) -> None:
    office = opens(1)
    rate(office, range(1, 8), FOURS)
    assert lock(office)
    told = bounded(office)
    assert (told["answers"], told["known"]) == (63, 63)
    assert leaks(office) == []
