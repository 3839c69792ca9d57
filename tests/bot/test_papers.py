"""The content of papers: totals agree, nobody is identifiable, and the result is reproducible."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date, datetime

import pytest

from office.figures.spans import NoFigures
from office.papers import contents
from reports import tables
from reports.papers import Papers, check_totals
from scoring.period import WIB
from storage import catalogue, follow_ups, periods
from storage.database import Db
from tests.bot.respondents import Respondent, random_respondents, rate, rate_and_lock
from tests.harness import BOTH_DATABASES, Actor, Harness

SERVICES = ("ktp-el", "ktp-el", "ktp-el", "kk", "kk", "sktm")


async def papers_of(office: Harness, label: str, **options: bool) -> Papers:
    """The papers of a period as of now, with checked totals."""

    def read() -> Papers:
        with office.app.office.database.read() as db:
            return contents.papers(db, office.app.office, label, **options)

    papers = await asyncio.to_thread(read)
    check_totals(papers)
    return papers


@pytest.mark.slow
async def test_every_total_of_the_papers_is_the_number_of_respondents(office: Harness) -> None:
    await rate_and_lock(office, random_respondents(40, SERVICES))
    papers = await papers_of(office, "2026-TW3")
    assert papers.score.n == papers.received == len(papers.rows) == 40
    assert [sum(n for _, n in each.rows) for each in papers.respondents] == [40] * 4
    assert sum(each.score.n for each in papers.services) == 40
    assert papers.complete
    assert len(papers.fingerprint) == 64


async def test_a_small_service_is_joined_with_the_smallest_other_one(office: Harness) -> None:
    people = [Respondent([3] * 9, code) for code in ["ktp-el"] * 12 + ["kk"] * 6 + ["sktm"] * 3]
    await rate_and_lock(office, people)
    papers = await papers_of(office, "2026-TW3")
    assert {each.name: each.score.n for each in papers.services} == {
        "KTP-el": 12,
        "Layanan kecil (digabung)": 9,
    }
    assert all(each.provisional for each in papers.services)


async def test_a_service_of_a_year_says_how_many_of_its_responses_its_figure_holds(
    office: Harness,
) -> None:
    await rate_and_lock(office, [Respondent([3] * 9, s) for s in ["ktp-el"] * 9 + ["kk"] * 6])
    await rate(office, [Respondent([4] * 9, s) for s in ["ktp-el"] * 9 + ["kk"] * 2])
    await office.reaches("2027-01-08 08:00")
    papers = await papers_of(office, "2026")
    assert [(each.name, each.score.n, each.received) for each in papers.services] == [
        ("KTP-el", 9, 18), ("Kartu Keluarga (KK)", 6, 8), ("Layanan kecil (digabung)", 11, 11),
    ]  # fmt: skip


async def test_respondents_who_declined_or_were_not_asked_count_as_not_answering(
    office: Harness,
) -> None:
    asked = [Respondent([3] * 9, about={"jenis_kelamin": code}) for code in "LLLLLPPPPP-"]
    await rate_and_lock(office, [*asked, Respondent([4] * 9)])
    papers = await papers_of(office, "2026-TW3")
    gender = next(each for each in papers.respondents if each.attribute == "jenis_kelamin")
    assert gender.rows == (("Laki-laki", 5), ("Perempuan", 5), ("Tidak menjawab", 2))


async def test_an_answer_of_few_people_is_joined_and_called_so(office: Harness) -> None:
    people = [Respondent([3] * 9, about={"pendidikan": code}) for code in ["SD"] * 9 + ["S1"] * 6]
    people += [Respondent([4] * 9, about={"pendidikan": "S3"}), Respondent([4] * 9)]
    await rate_and_lock(office, people)
    papers = await papers_of(office, "2026-TW3")
    school = next(each for each in papers.respondents if each.attribute == "pendidikan")
    assert {label: n for label, n in school.rows if n} == {
        "SD": 9, "S1 / S3 (digabung)": 7, "Tidak menjawab": 1,
    }  # fmt: skip


async def test_rows_are_reproducible_and_not_in_the_order_of_arrival(
    office: Harness,
) -> None:
    people = random_respondents(30)
    await rate_and_lock(office, people)
    first, again = await papers_of(office, "2026-TW3"), await papers_of(office, "2026-TW3")
    given = [tuple(nilai or None for nilai in each.answers) for each in people]
    shown = list(first.rows)
    assert first == again
    assert shown != given
    assert Counter(shown) == Counter(given)


@pytest.mark.slow
async def test_rows_have_one_order_whenever_they_are_made_and_it_is_not_that_of_arrival(
    office: Harness, admin: Actor
) -> None:
    people = random_respondents(12)
    await rate_and_lock(office, people)
    await rate(office, people[::-1])
    await office.reaches("2027-01-08 08:00")
    third, fourth = await papers_of(office, "2026-TW3"), await papers_of(office, "2026-TW4")
    assert third.fingerprint != fourth.fingerprint  # it confirms no guess of the answers
    assert Counter(third.rows) == Counter(fourth.rows)
    assert third.rows not in (fourth.rows, fourth.rows[::-1])
    assert (await papers_of(office, "2026-TW3")).rows == third.rows


async def test_a_semester_is_joined_from_its_locked_quarters(office: Harness) -> None:
    await rate_and_lock(office, random_respondents(20, seed=1))
    await rate(office, random_respondents(10, seed=2))
    await office.reaches("2027-01-08 08:00")
    papers = await papers_of(office, "2026-S2")
    assert papers.score.n == len(papers.rows) == 30
    assert papers.joined_from == "Triwulan III 2026, Triwulan IV 2026"
    assert papers.method == "gabungan"
    assert papers.complete
    assert papers.margin is not None
    assert [(p.label, p.part) for p in papers.trend] == [
        ("TW III 2026", True), ("TW IV 2026", True), ("Sem. II 2026", False),
    ]  # fmt: skip


async def test_a_year_is_incomplete_until_its_last_quarter_is_locked(office: Harness) -> None:
    await rate_and_lock(office, random_respondents(20))
    papers = await papers_of(office, "2026")
    assert not papers.complete
    assert papers.joined_from == "Triwulan III 2026"
    assert short_day(papers.covers.start) == (1, 7)


def short_day(moment: datetime) -> tuple[int, int]:
    """Day and month in the office."""
    local = moment.astimezone(WIB)
    return local.day, local.month


async def test_a_quarter_of_few_people_runs_on_into_the_next_one(office: Harness) -> None:
    await rate_and_lock(office, random_respondents(3))
    with pytest.raises(NoFigures, match="dihitung bersama Triwulan IV 2026"):
        await papers_of(office, "2026-TW3")
    await rate(office, random_respondents(20, seed=2))
    await office.reaches("2027-01-08 08:00")
    papers = await papers_of(office, "2026-TW4")
    assert papers.score.n == len(papers.rows) == 23
    assert [each.label for each in papers.run_in] == ["2026-TW3"]
    assert short_day(papers.covers.start) == (1, 7)


async def test_a_draft_has_the_number_of_responses_and_no_figure(office: Harness) -> None:
    await rate(office, random_respondents(20))

    def read() -> Papers:
        with office.app.office.database.read() as db:
            return contents.draft(db, office.app.office, "2026-TW3")

    papers = await asyncio.to_thread(read)
    assert papers.draft
    assert papers.n == 20
    assert papers.ikm is None
    assert {unsur.n for unsur in papers.score.unsur.values()} == {0}
    assert {n for each in papers.respondents for _, n in each.rows} == {0}


async def test_the_change_is_that_of_the_figures(office: Harness) -> None:
    await rate_and_lock(office, [Respondent([4] * 8 + [3]), *[Respondent([4] * 9)] * 29])
    await rate(office, [Respondent([2] * 8 + [3]), *[Respondent([2] * 9)] * 29])
    await office.reaches("2027-01-08 08:00")
    change = (await papers_of(office, "2026-TW4")).change
    assert change is not None
    assert (change.since.label, change.verdict) == ("TW III 2026", "turun nyata")


async def test_totals_still_agree_after_an_erasure_after_the_close(
    office: Harness, citizen: Actor
) -> None:
    await rate(office, random_respondents(20))
    await citizen.rates(*[4] * 9)
    await office.reaches("2026-10-01 08:00")
    await citizen.fills("/hapus_data", "[Ya, hapus]")
    await office.reaches("2026-10-07 08:00")
    papers = await papers_of(office, "2026-TW3")
    assert papers.score.n == papers.received == 20
    assert [sum(n for _, n in each.rows) for each in papers.respondents] == [20] * 4


@BOTH_DATABASES
@pytest.mark.slow
async def test_the_papers_have_the_plan_and_the_outcome_of_the_previous_plan(
    office: Harness,
) -> None:
    await rate_and_lock(office, random_respondents(20))
    await rate(office, random_respondents(20, seed=2))

    def plan(db: Db) -> None:
        first = follow_ups.add(db, 1, "WAKTU", "loket", "Kasi", date(2026, 11, 1), 1, office.now)
        follow_ups.change(db, first, 1, office.now, status="selesai", evidence="foto")
        gone = follow_ups.add(db, 1, "SARANA", "kursi", "Kasi", None, 1, office.now)
        follow_ups.change(db, gone, 1, office.now, status="batal")

    await office.app.turns.do(plan)
    await office.reaches("2027-01-08 08:00")
    third, fourth = await papers_of(office, "2026-TW3"), await papers_of(office, "2026-TW4")
    assert [line.kegiatan for line in third.follow_up] == ["loket"]
    assert [(line.kegiatan, line.done) for line in fourth.last_follow_up] == [
        ("loket", True),
        ("kursi", False),
    ]
    assert [point.label for point in fourth.trend] == ["TW III 2026", "TW IV 2026"]


async def test_a_year_tells_the_realisation_of_the_plans_of_all_its_quarters(
    office: Harness,
) -> None:
    await rate_and_lock(office, random_respondents(20))
    await rate(office, random_respondents(20, seed=2))
    await office.reaches("2027-01-08 08:00")

    def plan(db: Db) -> None:
        first = follow_ups.add(db, 1, "WAKTU", "loket", "Kasi", date(2026, 11, 1), 1, office.now)
        follow_ups.change(db, first, 1, office.now, status="selesai", evidence="foto")
        last = periods.by_label(db, "ikm", "2026-TW4")
        assert last is not None
        follow_ups.add(db, last.id, "SARANA", "kursi", "Kasi", date(2027, 3, 1), 1, office.now)

    await office.app.turns.do(plan)
    year, quarter = await papers_of(office, "2026"), await papers_of(office, "2026-TW4")
    assert [line.kegiatan for line in year.follow_up] == ["loket", "kursi"]
    assert [line.kegiatan for line in year.last_follow_up] == ["loket", "kursi"]
    assert tables.realised_share(year) == "1 dari 2 (50,0\u00a0%); 1 belum sampai waktunya"
    assert tables.planned_after(year) == "TW III 2026, TW IV 2026"
    assert [line.kegiatan for line in quarter.last_follow_up] == ["loket"]


async def test_the_required_sample_follows_from_the_number_of_users(office: Harness) -> None:
    await rate(office, random_respondents(20))
    await office.app.turns.do(lambda db: catalogue.set_users(db, 1, 1, 236))
    await office.reaches("2026-10-07 08:00")
    papers = await papers_of(office, "2026-TW3")
    assert (papers.population, papers.required) == (236, 146)  # 226,62 / 1,54775 = 146,4
    assert (papers.population_known, papers.population_received) == (1, 20)


@pytest.mark.parametrize(
    ("label", "sentence"),
    [
        ("2026-TW5", "tidak dikenal; tulis seperti"),
        ("<b>", 'periode "<b>" tidak dikenal'),
        ("2024-TW1", "Tidak ada periode 2024-TW1"),
        ("2026-S2", "Belum ada periode yang terkunci di dalam Semester II 2026"),
        ("2026-TW3", "Triwulan III 2026 belum dikunci. Angkanya keluar 7 Okt 2026"),
    ],
)
async def test_an_unknown_period_label_is_answered_with_a_sentence(
    label: str, sentence: str, office: Harness
) -> None:
    with pytest.raises(NoFigures, match=sentence):
        await papers_of(office, label)


@pytest.mark.slow
async def test_uniform_responses_are_flagged_and_still_counted(office: Harness) -> None:
    await rate_and_lock(office, [*random_respondents(20), *(Respondent([2] * 9) for _ in range(6))])
    papers = await papers_of(office, "2026-TW3")
    assert papers.quality is not None
    assert papers.quality.uniform >= 6
    assert papers.score.n == 26
