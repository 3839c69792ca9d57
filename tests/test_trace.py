"""A summary and a paper run through few files, from the due row to the settled one.

Counted as `tests/trace.py` says, the same work changed files 1,322 times in 44 files (summary) and
4,064 times in 46 files (paper) before an index was rounded and graded in one call, then 645 and
1,286 times in 35 files. Since figures are sums of blocks, these have files of their own: blocks,
moments, the test of what is lowest, corrections, users of each service, channels, the target. A
paper counts suggestions too: their rows and their numbers are two files more; its signatory is two.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from storage import catalogue, follow_ups
from storage.database import Db
from tests import trace
from tests.bot.respondents import random_respondents, rate, rate_and_lock
from tests.harness import Actor, Harness, local
from tests.trace import Trace

SERVICES = ("ktp-el", "ktp-el", "ktp-el", "kk", "kk", "sktm")
SUMMARY_FILES, SUMMARY_CHANGES = 38, 645
PAPER_FILES, PAPER_CHANGES = 43, 1286


@pytest.fixture
def calls() -> Iterator[Trace]:
    """The trace, installed before the office starts its threads."""
    with trace.installed() as calls:
        yield calls


@pytest.fixture
async def year_end(calls: Trace, office: Harness, group: Actor) -> Harness:  # set up before
    """An office with two quarters of 40 responses, the second to be locked now."""

    def plan(db: Db) -> None:
        follow_ups.add(db, 1, "WAKTU", "Loket antrean", "Kasi", date(2026, 12, 1), 1, office.now)
        catalogue.set_users(db, 2, 1, 1000)

    await rate_and_lock(office, random_respondents(40, SERVICES))
    await rate(office, random_respondents(40, SERVICES, seed=2))
    await office.app.turns.do(plan)
    office.world.clock.set(local("2027-01-08 08:00"))
    await office.works()
    office.app.sender.rate_limiter.chats.clear()
    await office.app.ticks.tick(office.now)
    return office


@pytest.mark.slow
async def test_a_summary_runs_through_few_files(
    year_end: Harness, group: Actor, calls: Trace
) -> None:
    with calls.counting():
        assert await year_end.app.sender.send_due() == 1
    group.sees("IKM Kecamatan Pakong – Triwulan IV 2026", "Naik 2,04 dari Triwulan III", "IKU 2026")
    assert len(calls.files) <= SUMMARY_FILES, calls
    assert calls.changes.total() <= SUMMARY_CHANGES, calls


@pytest.mark.slow
async def test_a_paper_runs_through_few_files(
    year_end: Harness, admin: Actor, calls: Trace
) -> None:
    await year_end.works()
    year_end.world.say(admin.id, admin.chat, "/laporan 2026-TW4")
    await year_end.app.polling.once(0)
    await year_end.app.sender.send_due()
    year_end.app.sender.rate_limiter.chats.clear()
    with calls.counting():
        assert await year_end.app.sender.send_due() == 1
    assert admin.messages[-1]["document"]["file_name"] == "laporan-2026-TW4.pdf"
    assert len(calls.files) <= PAPER_FILES, calls
    assert calls.changes.total() <= PAPER_CHANGES, calls


def test_a_change_is_a_call_in_another_file_than_the_call_before() -> None:
    from scoring import instrument_file, numbers

    skm = instrument_file.named("skm-2017")
    with trace.installed() as calls, calls.counting():
        numbers.half_up(1, 2)
        numbers.comma(1)
        skm.number("WAKTU")
        numbers.half_up(1, 2)
    assert sorted(calls.files) == ["scoring/instrument.py", "scoring/numbers.py"]
    assert calls.changes.total() == 3
