"""The table of channels, and that nothing names a channel beside it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scoring.channels import BROWSER, BURSTS, CHANNELS, in_order, of_counts
from storage import tables as t
from storage.survey import batches, slips
from tests.small_office import KANAL
from web import visitor

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "cli", "office", "reports", "scoring", "storage", "web")
OF_EVERY_CODE = ("docs/reference/export.md", "docs/reference/database.md")


def test_every_channel_that_a_door_stores_is_in_the_table() -> None:
    stored = {visitor.HOME.kanal, visitor.KIOSK.kanal, batches.CHANNEL, slips.ASSISTED, "telegram"}
    others = {code for each in CHANNELS.values() for code in (each.burst, each.visited, each.own)}
    assert (stored | others) - {None} == CHANNELS.keys()


def test_the_channels_of_bursts_and_codes_are_of_browsers() -> None:
    assert {"web-beruntun", "kios-beruntun"} == BURSTS
    assert {"web", "web-kode", "web-beruntun", "kios", "kios-beruntun"} == BROWSER


def test_the_attacker_tries_every_channel() -> None:
    assert {*KANAL, batches.CHANNEL} == CHANNELS.keys()


@pytest.mark.parametrize("table", [t.open_response, t.response, t.tally], ids=str)
def test_the_columns_hold_every_code(table: object) -> None:
    length = t.metadata.tables[str(table)].c.kanal.type.length  # type: ignore[attr-defined] # its type is a String
    assert max(map(len, CHANNELS)) <= length


@pytest.mark.parametrize("page", OF_EVERY_CODE)
def test_the_reference_lists_every_code(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    rows = [line for line in text.splitlines() if "`kanal`" in line and "`telegram`" in line]
    assert len(rows) == 1
    assert set(re.findall(r"`([a-z-]+)`", rows[0])) >= CHANNELS.keys()


def test_no_other_file_has_a_table_of_channels() -> None:
    named = re.compile("|".join(f'"{code}"' for code in CHANNELS if "-" in code))
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    others = [path for path in files if named.search(path.read_text("utf-8"))]
    assert others == []


def test_lists_have_the_order_of_the_table() -> None:
    assert in_order({"kertas": 1, "web": 2, "telegram": 3}) == ["telegram", "web", "kertas"]


def test_counts_of_some_channels_are_added() -> None:
    assert of_counts({"web": 3, "kios": 2, "kertas": 9}, BROWSER) == 5
