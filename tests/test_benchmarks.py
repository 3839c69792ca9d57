"""Every benchmark runs with small sizes; its limits are not checked here."""

from __future__ import annotations

import pytest

from benchmarks import capacity, crowd, disk, index, papers, precision, scale, taps
from benchmarks.figures import Figure
from benchmarks.taps import Load


def named(figures: list[Figure]) -> dict[str, float]:
    """The measured values by their names."""
    return {figure.work: figure.value for figure in figures}


def test_a_figure_meets_its_limit_up_to_the_bound() -> None:
    assert Figure("a", 1.5, most=1.5).kept
    assert not Figure("a", 1.51, most=1.5).kept
    assert Figure("a", 0.65, least=0.65).kept
    assert not Figure("a", 0.64, least=0.65).kept


@pytest.mark.slow
def test_disk_compares_a_response_with_nine_integers() -> None:
    figures = named(disk.disk(500))
    assert figures["bytes a response"] > figures["bytes a row of nine integers"] > 0


@pytest.mark.slow
def test_an_index_is_read_from_a_filled_database() -> None:
    figures = named(index.index([300], repeats=1))
    assert figures["300 responses: index read"] > 0
    assert figures["300 responses: recount ÷ index read"] > 0


@pytest.mark.slow
def test_quarters_are_simulated_alike_from_the_same_seed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for _ in range(2):
        precision.main(["--repeats", "1", "--seed", "3", "--crowd", "500"])
    lines = capsys.readouterr().out.splitlines()
    half = len(lines) // 2
    assert lines[:half] == lines[half:]
    assert "fall alarmed in a quarter, nothing changed" in lines[7]


@pytest.mark.slow
async def test_every_command_of_a_regency_answers_and_breaks_no_limit() -> None:
    regency = ["--responses", "300", "--units", "110", "--services", "120", "--brief"]
    figures = named(await scale.scale(scale.parse_arguments(regency)))
    assert figures["without an answer"] == 0
    assert figures["refused by Telegram: too long, too many buttons"] == 0


@pytest.mark.slow
def test_picture_report_and_spreadsheet_are_made() -> None:
    figures = named(papers.papers(rows=50, repeats=1))
    assert {"picture: CPU", "pdf: CPU", "xlsx: CPU"} <= figures.keys()


def test_a_days_people_wait_only_when_more_come_than_the_rate_limit_lets_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    quiet = capacity.day(800, screens=16, seed=3, check=True)
    assert (max(quiet.waits), quiet.refused, len(quiet.waits)) == (0, 0, 800 * 16)
    assert quiet == capacity.day(800, screens=16, seed=3, check=True)
    monkeypatch.setattr(capacity, "PER_SECOND", 3)
    flood = capacity.day(3_000, screens=16, seed=3)
    assert max(flood.waits) > capacity.SLOWEST
    assert flood.busiest <= 3 * 60


def test_the_bill_of_many_offices_adds_up_one_offices_measures() -> None:
    cost = capacity.Cost(screens=16, calls=31.0, cpu=0.02, memory=80, idle=0.1, notices=15)
    measures = capacity.Measures(cost, most=24_000, response=330, picture=0.04)
    apart = capacity.bill(13, 13, measures)
    assert (apart.people, apart.memory, apart.summaries) == (650, 1.04, 1 / 15)
    assert apart.cpu == pytest.approx((650 * 0.02 + 13 * 144) / 3600)
    together = capacity.bill(13, 1, measures)
    assert (together.disk, together.memory) == (apart.disk, 0.08)
    assert together.load == pytest.approx(13 * apart.load)
    assert capacity.bill(600, 1, measures).load > 1


@pytest.mark.process
async def test_taps_on_a_bot_in_its_own_process_are_measured() -> None:
    run = await taps.measure("ours", Load(2, 0.0), rounds=1)
    assert run.taps == 2 * 15
    assert run.cpu > 0
    assert run.delivery["p99"] <= run.tap["p99"]


@pytest.mark.process
async def test_a_crowd_finishes_within_the_limits() -> None:
    figures = named(await crowd.crowd(minutes=0.01, people=3, pause=(0.0, 0.01)))
    assert figures["people who did not finish"] == 0
    assert figures["limits broken"] == 0
