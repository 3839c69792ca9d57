"""The content of papers: totals agree, nobody is identifiable, and the result is reproducible."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date

import pytest

from office.figures.spans import NoPapers
from office.papers import contents, files
from reports.papers import Papers, check_totals
from storage import catalogue, follow_ups
from storage.database import Db
from tests.bot.respondents import Respondent, random_respondents, rate, rate_and_lock
from tests.harness import BOTH_DATABASES, Actor, Harness

pytestmark = BOTH_DATABASES

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
    assert papers.score.n == len(papers.rows) == 40
    assert [sum(n for _, n in each.rows) for each in papers.respondents] == [40] * 4
    assert sum(each.score.n for each in papers.services) == 40
    assert papers.locked_at is not None
    assert len(papers.fingerprint) == 64


async def test_small_services_share_one_row(office: Harness) -> None:
    people = [Respondent([3] * 9, code) for code in ["ktp-el"] * 12 + ["kk"] * 6 + ["sktm"] * 3]
    await rate_and_lock(office, people)
    papers = await papers_of(office, "2026-TW3")
    assert {each.name: each.score.n for each in papers.services} == {"KTP-el": 12, "lainnya": 9}
    assert Counter(row.service for row in papers.rows) == {"KTP-el": 12, "lainnya": 9}


async def test_respondents_who_declined_or_were_not_asked_count_as_not_answering(
    office: Harness,
) -> None:
    asked = [Respondent([3] * 9, about={"jenis_kelamin": code}) for code in "LLLP-"]
    await rate_and_lock(office, [*asked, Respondent([4] * 9)])
    papers = await papers_of(office, "2026-TW3")
    gender = next(each for each in papers.respondents if each.attribute == "jenis_kelamin")
    assert gender.rows == (("Laki-laki", 3), ("Perempuan", 1), ("Tidak menjawab", 2))


async def test_rows_are_reproducible_and_not_in_the_order_of_arrival(
    office: Harness,
) -> None:
    people = random_respondents(30)
    await rate_and_lock(office, people)
    first, again = await papers_of(office, "2026-TW3"), await papers_of(office, "2026-TW3")
    given = [tuple(nilai or None for nilai in each.answers) for each in people]
    shown = [row.answers for row in first.rows]
    assert first == again
    assert shown != given
    assert Counter(shown) == Counter(given)


@pytest.mark.slow
async def test_a_different_order_of_arrival_gives_the_same_rows(
    office: Harness, admin: Actor
) -> None:
    people = random_respondents(12)
    await rate_and_lock(office, people)
    await rate(office, people[::-1])
    await office.reaches("2027-01-08 08:00")
    third, fourth = await papers_of(office, "2026-TW3"), await papers_of(office, "2026-TW4")
    assert third.fingerprint == fourth.fingerprint
    assert third.rows == fourth.rows


async def test_a_semester_is_joined_from_its_locked_quarters(office: Harness) -> None:
    await rate_and_lock(office, random_respondents(20, seed=1))
    await rate(office, random_respondents(10, seed=2))
    await office.reaches("2027-01-08 08:00")
    papers = await papers_of(office, "2026-S2")
    assert papers.score.n == len(papers.rows) == 30
    assert papers.rebuilt_from == "2026-TW3, 2026-TW4"
    assert papers.locked_at is not None
    assert papers.margin is not None


async def test_a_year_is_provisional_until_its_last_quarter_is_locked(office: Harness) -> None:
    await rate_and_lock(office, random_respondents(20))
    papers = await papers_of(office, "2026")
    assert papers.locked_at is None
    assert papers.fingerprint == ""
    assert papers.rebuilt_from == "2026-TW3"


async def test_before_the_lock_no_single_response_is_shown(office: Harness) -> None:
    await rate(office, random_respondents(20))
    await office.reaches("2026-10-01 08:00")
    papers = await papers_of(office, "2026-TW3")
    assert papers.locked_at is None
    assert papers.rows == ()
    assert "sesudah periode dikunci" in papers.rows_note
    assert papers.respondents


async def test_an_open_period_has_last_nights_figures_and_no_respondent_groups(
    office: Harness,
) -> None:
    await rate(office, random_respondents(20))
    await office.reaches("2026-07-07 08:00")
    await rate(office, random_respondents(1, seed=2))
    papers = await papers_of(office, "2026-TW3")
    assert papers.score.n == 20
    assert papers.respondents == ()
    assert papers.quality is None


async def test_totals_still_agree_after_an_erasure_after_the_close(
    office: Harness, citizen: Actor
) -> None:
    await rate(office, random_respondents(20))
    await citizen.rates(*[4] * 9)
    await office.reaches("2026-10-01 08:00")
    await citizen.says("/hapus_data")
    await citizen.taps("Ya, hapus")
    papers = await papers_of(office, "2026-TW3")
    assert papers.score.n == 20
    assert [sum(n for _, n in each.rows) for each in papers.respondents] == [20] * 4


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


async def test_the_required_sample_follows_from_the_number_of_users(office: Harness) -> None:
    await rate(office, random_respondents(20))
    await office.app.turns.do(lambda db: catalogue.set_users(db, 1, 1, 236))
    await office.reaches("2026-10-07 08:00")
    papers = await papers_of(office, "2026-TW3")
    assert (papers.population, papers.required) == (236, 146)  # 226,62 / 1,54775 = 146,4


async def test_suggestions_are_left_out_unless_requested(office: Harness) -> None:
    respondents = [
        Respondent([3] * 9, saran=saran) for saran in ("zebra", "antre", None, None, None)
    ]
    await rate_and_lock(office, respondents)
    assert (await papers_of(office, "2026-TW3")).suggestions == ()
    papers = await papers_of(office, "2026-TW3", with_suggestions=True)
    assert papers.suggestions == ("antre", "zebra")


@pytest.mark.parametrize(
    ("label", "sentence"),
    [
        ("2026-TW5", "tidak dikenal; tulis seperti"),
        ("<b>", 'periode "<b>" tidak dikenal'),
        ("2024-TW1", "Tidak ada periode 2024-TW1"),
        ("2026-S2", "Belum ada periode yang terkunci di dalam Semester II 2026"),
    ],
)
async def test_an_unknown_period_label_is_answered_with_a_sentence(
    label: str, sentence: str, office: Harness
) -> None:
    with pytest.raises(NoPapers, match=sentence):
        await papers_of(office, label)


async def test_fewer_than_five_respondents_get_no_report(office: Harness) -> None:
    await rate_and_lock(office, random_respondents(3))
    with office.app.office.database.read() as db:
        shelf = files.report_set(db, office.app.office, "2026-TW3")
    made = {file.name: file.make for file in files.files(shelf)}
    for name in ("laporan-2026-TW3.pdf", "laporan-2026-TW3.docx", "tabulasi-2026-TW3.xlsx"):
        with pytest.raises(NoPapers, match="mulai 5 responden"):
            made[name]()
    assert made["publikasi-2026-TW3.png"]().startswith(b"\x89PNG")


async def test_the_papers_of_a_period_without_respondents_have_no_rows(office: Harness) -> None:
    await rate_and_lock(office, [])
    papers = await papers_of(office, "2026-TW3")
    assert papers.score.n == 0
    assert papers.rows == ()


async def test_the_index_by_attribute_merges_small_groups(office: Harness) -> None:
    people = [Respondent([3] * 9, about={"umur": code}) for code in ["17-25"] * 9 + ["26-35"] * 6]
    people += [Respondent([4] * 9, about={"umur": "46-55"}) for _ in range(2)]
    await rate_and_lock(office, people)
    papers = await papers_of(office, "2026-TW3")
    assert papers.quality is not None
    age = next(each for each in papers.quality.by_attribute if each.title == "Umur")
    assert [(group.label, group.score.n) for group in age.groups] == [
        ("17–25 tahun", 9),
        ("Lainnya (digabung)", 8),
    ]


@pytest.mark.slow
async def test_uniform_responses_are_flagged_and_still_counted(office: Harness) -> None:
    await rate_and_lock(office, [*random_respondents(20), *(Respondent([2] * 9) for _ in range(6))])
    papers = await papers_of(office, "2026-TW3")
    assert papers.quality is not None
    assert papers.quality.uniform >= 6
    assert papers.score.n == 26
    assert papers.quality.without_uniform is not None
    assert papers.quality.without_uniform.n == 26 - papers.quality.uniform
