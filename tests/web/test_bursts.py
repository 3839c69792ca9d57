"""Many responses of one address within minutes: flagged and counted apart, never refused."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from office.config import Web
from tests.harness import BOTH_DATABASES, Harness
from tests.web.browser import Browser
from web import bursts, visitor
from web.bursts import UNFLAGGED, WITHIN, Bursts

NOW = datetime(2026, 7, 6, 2, 0, tzinfo=UTC)
HOME, OTHER = "203.0.113.7", "203.0.113.8"
SECOND = timedelta(seconds=1)


KEYS = count(1)


def noted(clients: Bursts, *addresses: str, now: datetime = NOW) -> list[bool]:
    return [clients.notes(address, next(KEYS), now) for address in addresses]


def test_a_response_whose_turn_is_tried_again_is_noted_once() -> None:
    clients = Bursts()
    noted(clients, *[HOME] * (UNFLAGGED - 1))
    again, last = next(KEYS), next(KEYS)
    assert [clients.notes(HOME, again, NOW) for _ in range(3)] == [False] * 3
    assert [clients.notes(HOME, last, NOW) for _ in range(3)] == [True] * 3


def test_the_eleventh_response_within_ten_minutes_is_flagged() -> None:
    clients = Bursts()
    assert noted(clients, *[HOME] * (UNFLAGGED + 2)) == [False] * UNFLAGGED + [True, True]


def test_what_is_ten_minutes_old_counts_no_more() -> None:
    clients = Bursts()
    noted(clients, *[HOME] * UNFLAGGED)
    assert noted(clients, HOME, now=NOW + WITHIN - SECOND) == [True]
    assert noted(clients, HOME, now=NOW + WITHIN) == [False]


def test_a_steady_stream_below_the_limit_is_never_flagged() -> None:
    clients = Bursts()
    every = WITHIN / UNFLAGGED
    assert not any(clients.notes(HOME, number, NOW + number * every) for number in range(100))


def test_another_address_is_another_client() -> None:
    clients = Bursts()
    noted(clients, *[HOME] * UNFLAGGED)
    assert noted(clients, OTHER) == [False]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:aaaa:bbbb:cccc:dddd"),  # one subscriber changes it
        ("::ffff:203.0.113.7", "203.0.113.7"),
    ],
)
def test_addresses_of_one_subscriber_are_one_client(first: str, second: str) -> None:
    clients = Bursts()
    noted(clients, *[first] * UNFLAGGED)
    assert noted(clients, second) == [True]


def test_the_clients_that_are_known_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bursts, "MOST_CLIENTS", 3)
    clients = Bursts()
    noted(clients, *[HOME] * UNFLAGGED, "a", "b", "not an address")
    assert len(clients) == 3
    assert noted(clients, HOME) == [False]


def test_who_sent_nothing_for_ten_minutes_is_forgotten() -> None:
    clients = Bursts()
    noted(clients, HOME, OTHER)
    noted(clients, OTHER, now=NOW + SECOND)
    noted(clients, "203.0.113.9", now=NOW + WITHIN)
    assert len(clients) == 2


def test_no_address_is_in_what_is_kept() -> None:
    clients = Bursts()
    noted(clients, HOME)
    assert HOME not in repr(clients)
    assert not any(HOME.encode() in key for key in clients._last)


# --- through the pages --------------------------------------------------------------------------


def channels(office: Harness) -> dict[str, int]:
    return dict(Counter(kanal for kanal, _ in office.stored.channels_and_status()))


async def crowd(browser: Browser, people: int, path: str = "/l/ktp-el") -> None:
    """So many people rate through one connection, each with a cookie of his own."""
    for _ in range(people):
        browser.session.cookie_jar.clear()
        await browser.rates(path=path)
        browser.sees("Terima kasih!", "Tanda terima: ")


@pytest.mark.slow
@BOTH_DATABASES
async def test_a_burst_of_one_address_is_counted_apart_and_none_is_refused(
    office: Harness,
) -> None:
    async with Browser(office) as browser:
        await crowd(browser, UNFLAGGED + 2)
        assert channels(office) == {"web": UNFLAGGED, "web-beruntun": 2}
        await office.waits(minutes=10)
        await crowd(browser, 1)
    assert channels(office) == {"web": UNFLAGGED + 1, "web-beruntun": 2}


@pytest.mark.slow
async def test_a_burst_at_a_counter_has_its_own_channel(office: Harness) -> None:
    async with Browser(office) as browser:
        await crowd(browser, UNFLAGGED + 1, path="/kios/ktp-el")
    assert channels(office) == {"kios": UNFLAGGED, "kios-beruntun": 1}


@pytest.mark.slow
async def test_addresses_that_our_proxy_names_are_different_clients(office: Harness) -> None:
    async with Browser(office, settings=Web(proxies=("127.0.0.1",))) as browser:
        for number in range(UNFLAGGED + 2):
            browser.headers["X-Forwarded-For"] = f"10.9.9.9, 203.0.113.{number}"
            await crowd(browser, 1)
    assert channels(office) == {"web": UNFLAGGED + 2}


@pytest.mark.slow
async def test_an_address_that_a_client_names_himself_is_not_believed(office: Harness) -> None:
    async with Browser(office) as browser:
        for number in range(UNFLAGGED + 2):
            browser.headers["X-Forwarded-For"] = f"203.0.113.{number}"
            await crowd(browser, 1)
    assert channels(office) == {"web": UNFLAGGED, "web-beruntun": 2}


@pytest.mark.parametrize("named", [["10.9.9.9", HOME], ["10.9.9.9, 10.9.9.8", f"10.9.9.7, {HOME}"]])
def test_of_two_headers_the_one_that_our_proxy_added_is_believed(named: list[str]) -> None:
    headers = CIMultiDict(("X-Forwarded-For", each) for each in named)
    request = make_mocked_request("GET", "/", headers=headers).clone(remote="127.0.0.1")
    assert visitor.address(request, ("127.0.0.1",)) == HOME


@pytest.mark.slow
async def test_what_is_never_sent_is_flagged_too(office: Harness) -> None:
    async with Browser(office) as browser:
        for _ in range(UNFLAGGED + 1):
            browser.session.cookie_jar.clear()
            await browser.begins()
            await browser.answers(*[4] * 9)
    await office.reaches("2026-07-14 09:00")
    assert channels(office) == {"web": UNFLAGGED, "web-beruntun": 1}
    assert office.stored.completed_count() == UNFLAGGED + 1


@pytest.mark.slow
async def test_going_back_does_not_count_a_response_twice(office: Harness) -> None:
    async with Browser(office) as browser:
        await crowd(browser, UNFLAGGED - 1)
        browser.session.cookie_jar.clear()
        await browser.begins()
        await browser.answers(*[4] * 9)
        await browser.presses("‹ Kembali")
        await browser.answers(1)
        await browser.answers(0, 0, 0, 0)
        await browser.presses("Kirim")
    assert channels(office) == {"web": UNFLAGGED}


@pytest.mark.slow
async def test_no_address_is_stored(office: Harness) -> None:
    address = "203.0.113.77"
    settings = Web(proxies=("127.0.0.1",))
    async with Browser(office, settings=settings, headers={"X-Forwarded-For": address}) as browser:
        await crowd(browser, UNFLAGGED + 1)
    assert address not in office.everything()
