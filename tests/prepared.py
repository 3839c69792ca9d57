"""The database of an office that has started once, with its key: where most scenarios begin."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from office import secret as master_secret
from office.bootstrap import open_periods, prepare
from storage.database import Database
from tests.harness import START, Harness
from tests.planning import plan_the_years
from tests.postgres import TEMPLATE, Server

ADMIN = 9001
SETTINGS = {"telegram": {"admins": [ADMIN]}}
KEY = "puas.key"
PREPARED = "prepared"


@pytest.fixture(scope="session")
def sqlite_prepared(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A prepared file to copy, with its key beside it."""
    path = tmp_path_factory.mktemp("prepared") / "puas.db"
    shutil.copy(sqlite_template, path)
    _prepare(path.parent, f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_prepared(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The key of the database PREPARED."""
    folder = tmp_path_factory.mktemp("prepared")
    copied = "CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"
    postgres.run(copied, name=PREPARED, template=TEMPLATE)
    _prepare(folder, postgres.url(PREPARED))
    return folder / KEY


def _prepare(folder: Path, url: str) -> None:
    config = Harness(folder, url, settings=SETTINGS).config
    with closing(Database(url)) as database:
        secret = master_secret.of_database(database, config.secret_file)
        open_periods(prepare(config, lambda: START, database, secret))
        database.turn(plan_the_years)
        database.scrub()


@contextmanager
def copied(where: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The URL of a copy for one scenario, with its key in this folder."""
    if where == "sqlite":
        template: Path = request.getfixturevalue("sqlite_prepared")
        for path in (template, template.with_name(KEY)):
            shutil.copy(path, folder)
        yield f"sqlite:///{folder / template.name}"
        return
    shutil.copy(request.getfixturevalue("postgres_prepared"), folder)
    with request.getfixturevalue("postgres").database(PREPARED) as url:
        yield url
