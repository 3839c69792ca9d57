"""The bot is killed at ten random moments while people tap: no answer is lost or doubled."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness import BOTH_DATABASES
from tests.kills import Deployment, run_with_kills

pytestmark = pytest.mark.process


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("where", "webhook"),
    [
        pytest.param("sqlite", False, id="polling-sqlite"),
        pytest.param("postgres", True, marks=pytest.mark.postgres, id="webhook-postgres"),
    ],
    indirect=["where"],
)
async def test_killed_bots_lose_no_answer_and_store_none_twice(
    webhook: bool, database_url: str, tmp_path: Path
) -> None:
    deployment = Deployment(tmp_path, database_url, webhook)
    report = await run_with_kills(
        deployment, people=6, rounds=3, kills=10, simulator_restarts=0, seed=5
    )
    assert (report.lost, report.doubled, report.unhandled) == (0, 0, 0), report
    assert (report.unfinished, report.set_aside) == (0, 0), report
    assert report.kills == 10
    assert report.acknowledged == 6 * 3 * 9


@BOTH_DATABASES
@pytest.mark.timeout(400)
async def test_killed_pages_lose_no_answer_and_store_none_twice(
    database_url: str, tmp_path: Path
) -> None:
    deployment = Deployment(tmp_path, database_url, webhook=False, in_browser=True)
    report = await run_with_kills(
        deployment, people=6, rounds=3, kills=10, simulator_restarts=0, seed=7
    )
    assert (report.lost, report.doubled, report.unfinished) == (0, 0, 0), report
    assert report.kills == 10
    assert report.acknowledged == 6 * 3 * 9


@pytest.mark.timeout(400)
@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_people_continue_after_the_simulator_restarts_from_its_state_file(
    webhook: bool, database_url: str, tmp_path: Path
) -> None:
    deployment = Deployment(tmp_path, database_url, webhook)
    report = await run_with_kills(
        deployment, people=4, rounds=2, kills=4, simulator_restarts=2, seed=6
    )
    assert (report.lost, report.doubled, report.unhandled) == (0, 0, 0), report
    assert (report.unfinished, report.set_aside) == (0, 0), report
