"""Three processes behind a webhook on one PostgreSQL; one is killed and one added under load."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import pytest

from tests.cluster import Cluster, locked_score, score_of_given_answers
from tests.kills import RatingTasks, run_under_trouble

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.timeout(300),
    pytest.mark.parametrize("where", ["postgres"], indirect=True),
]


async def test_people_rate_while_one_of_three_processes_dies_and_another_starts(
    database_url: str, tmp_path: Path
) -> None:
    deployment = Cluster(tmp_path, database_url, webhook=True, limits=False)

    async def replace_one(session: aiohttp.ClientSession, walks: RatingTasks) -> None:
        await asyncio.sleep(0.7)
        await deployment.replace_one(session)
        assert not all(walk.done() for walk in walks)

    report = await run_under_trouble(deployment, 6, 2, 3, replace_one)
    assert (report.lost, report.doubled, report.unhandled) == (0, 0, 0), report
    assert (report.unfinished, report.set_aside, report.kills) == (0, 0, 1), report
    assert report.acknowledged == 6 * 2 * 9
    assert deployment.summary_count == 1
    locked = locked_score(deployment)
    assert locked == score_of_given_answers(deployment.crowd, locked)
    assert locked.n == 6 * 2
