"""Fixtures of the scenarios: the stage, its people, the Camat's group."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.stage import CAMAT_GROUP, Actor, Stage

ADMIN = 9001


@pytest.fixture
async def office(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """An office of the starter list, its admin known; `http` in the test's marks: over HTTP."""
    http = request.node.get_closest_marker("http") is not None
    settings = {"telegram": {"admins": [ADMIN]}} | getattr(request, "param", {})
    stage = Stage(tmp_path, http=http, settings=settings)
    await stage.open()
    yield stage
    await stage.close()


@pytest.fixture
def person(office: Stage) -> Callable[..., Actor]:
    """Somebody at a phone."""

    def make(number: int, language: str = "id", name: str = "Warga") -> Actor:
        return Actor(office, number, language, name)

    return make


@pytest.fixture
def citizen(person: Callable[..., Actor]) -> Actor:
    """A citizen at a phone."""
    return person(101)


@pytest.fixture
async def admin(person: Callable[..., Actor]) -> Actor:
    """The office's admin, who has spoken to the bot before."""
    admin = person(ADMIN, name="Admin")
    await admin.says("/bantuan")
    return admin


@pytest.fixture
async def group(office: Stage, admin: Actor) -> Actor:
    """The Camat's group, linked; seen with the admin's eyes."""
    office.world.group(CAMAT_GROUP, "Camat Pakong", [admin.id])
    await office.works()
    here = Actor(office, admin.id, name="Admin", chat=CAMAT_GROUP)
    await here.says(f"/pasang_grup@{office.app.office.username}")
    return here
