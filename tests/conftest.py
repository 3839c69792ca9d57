"""Fixtures of the scenarios: an office on a simulated Telegram, its people, the Camat's group."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import ExitStack
from itertools import chain, groupby
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from office import sheet_reader
from reports import rendering
from tests.harness import CAMAT_GROUP, Actor, Harness
from tests.planning import plan_the_years
from tests.postgres import postgres, postgres_template, sqlite_template
from tests.prepared import (
    ADMIN,
    SETTINGS,
    copied,
    postgres_prepared,
    sqlite_prepared,
)

__all__ = [
    "postgres",
    "postgres_prepared",
    "postgres_template",
    "sqlite_prepared",
    "sqlite_template",
]

NEEDS = ("postgres", "browser", "libreoffice", "process")  # `--cepat` leaves these out

READER = f"'-m', '{sheet_reader.MODULE}'"  # a tenth of a second, in the course of a scenario

# A busy machine fails no random case.
settings.register_profile("puas", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("puas")

_unmarked: list[str] = []  # the running test, when it has none of these marks


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each worker its share of the tests that start programs, and those first: they wait.

    A worker begins with one of as many equal parts of the list, and takes over from others later.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    waiting = [item for item in items if item.get_closest_marker("process")]
    files = [list(tests) for _, tests in groupby(waiting, key=lambda item: item.path)]
    others = [item for item in items if not item.get_closest_marker("process")]
    parts = [list(chain(*files[number::workers])) for number in range(workers)]
    size = -(-len(items) // workers)
    for part in parts:
        take = max(size - len(part), 0)
        part += others[:take]
        del others[:take]
    items[:] = [*chain(*parts), *others]


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Keep what was imported out of garbage collection, which takes an eighth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """A test without a mark of `NEEDS` fails when it starts a program other than READER."""
    on_postgres = os.environ.get("PUAS_TEST_DATABASE", "sqlite") != "sqlite"  # every scenario
    if not on_postgres and not any(item.get_closest_marker(name) for name in NEEDS):
        _unmarked.append(item.nodeid)
    try:
        return (yield)
    finally:
        _unmarked.clear()


def _refuse_programs(event: str, arguments: tuple[object, ...]) -> None:
    if event == "subprocess.Popen" and _unmarked and READER not in str(arguments[1]):
        raise AssertionError(f"{_unmarked[0]} starts a program: mark it with `process`")


sys.addaudithook(_refuse_programs)


@pytest.fixture(scope="session", autouse=True)
def _typst_keeps_its_results() -> Iterator[None]:
    """Papers of tests are much alike, so typst's last ten results take most of the work away.

    A test that compares two renderings calls `rendered_anew`.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rendering, "evict_cache", lambda: None)
        yield


@pytest.fixture
def where(request: pytest.FixtureRequest) -> str:
    """The database of the scenario: of `BOTH_DATABASES`, PUAS_TEST_DATABASE, or else SQLite."""
    chosen = os.environ.get("PUAS_TEST_DATABASE", "sqlite")
    return str(getattr(request, "param", chosen))


@pytest.fixture
def database_url(where: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated database for one scenario."""
    if where == "sqlite":
        path = tmp_path / "puas.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    template = request.getfixturevalue("postgres_template")
    with request.getfixturevalue("postgres").database(template) as url:
        yield url


@pytest.fixture
async def office(
    tmp_path: Path, where: str, request: pytest.FixtureRequest
) -> AsyncIterator[Harness]:
    """An office with the starter list and one admin; with the mark `http`, over HTTP.

    One with settings of its own starts for the first time, others for the second.
    """
    http = request.node.get_closest_marker("http") is not None
    settings = getattr(request, "param", None)
    with ExitStack() as stack:
        if settings is None:
            url = stack.enter_context(copied(where, request, tmp_path))
        else:
            url = request.getfixturevalue("database_url")
        harness = Harness(tmp_path, url, http, SETTINGS | (settings or {}))
        await harness.open()
        if settings is not None:
            await harness.app.turns.do(plan_the_years)
        yield harness
        await harness.close()


@pytest.fixture
def person(office: Harness) -> Callable[..., Actor]:
    """Makes a person with a phone."""

    def make(number: int, language: str = "id", name: str = "Warga") -> Actor:
        return Actor(office, number, language, name)

    return make


@pytest.fixture
def citizen(person: Callable[..., Actor]) -> Actor:
    """A citizen with a phone."""
    return person(101)


@pytest.fixture
async def admin(person: Callable[..., Actor]) -> Actor:
    """The admin of the office, who has written to the bot before."""
    admin = person(ADMIN, name="Admin")
    await admin.says("/bantuan")
    return admin


@pytest.fixture
async def group(office: Harness, admin: Actor) -> Actor:
    """The Camat's group, linked to the office; the admin writes and reads there."""
    office.world.add_group(CAMAT_GROUP, "Camat Pakong", [admin.id])
    await office.works()
    group = Actor(office, admin.id, name="Admin", chat=CAMAT_GROUP)
    await group.says(f"/pasang_grup@{office.app.office.username}")
    return group
