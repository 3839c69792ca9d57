"""Who may come in: programs on this computer, and no web page but the simulator's own."""

from __future__ import annotations

import aiohttp
import pytest

from simulator.server import Server, serve
from simulator.world import World
from tests.simulator.doors import TOKEN

pytestmark = pytest.mark.http

EVERYWHERE = ["/", "/page/app.js", "/sim/clock", f"/bot{TOKEN}/getMe"]


async def status(
    session: aiohttp.ClientSession, url: str, method: str = "GET", **headers: str
) -> int:
    """What a caller with these headers is answered."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with session.request(method, url, headers=named) as answer:
        return answer.status


@pytest.mark.parametrize("path", EVERYWHERE)
@pytest.mark.parametrize(
    "host", ["puas.contoh.id", "127.0.0.1.contoh.id:80", "192.168.1.9", "", "["]
)
async def test_another_name_of_this_computer_is_refused(
    server: Server, session: aiohttp.ClientSession, path: str, host: str
) -> None:
    assert await status(session, server.url + path, Host=host) == 403


@pytest.mark.parametrize("host", ["localhost", "localhost:8081", "127.0.0.1:1", "[::1]:8081"])
async def test_the_names_of_loopback_are_served(
    server: Server, session: aiohttp.ClientSession, host: str
) -> None:
    assert await status(session, f"{server.url}/sim/clock", Host=host) == 200


@pytest.mark.parametrize("origin", ["https://contoh.id", "http://127.0.0.1:1", "null"])
async def test_a_foreign_page_may_not_call(
    server: Server, session: aiohttp.ClientSession, world: World, origin: str
) -> None:
    world.person(77)
    for method, path in (
        ("POST", "/sim/reset"),
        ("GET", "/sim/events"),
        ("POST", f"/bot{TOKEN}/getMe"),
    ):
        assert await status(session, server.url + path, method, Origin=origin) == 403
    assert 77 in world.state.people


async def test_a_picture_tag_elsewhere_may_not_call_a_method(
    server: Server, session: aiohttp.ClientSession
) -> None:
    url = f"{server.url}/bot{TOKEN}/getMe"
    assert await status(session, url, Sec_Fetch_Site="cross-site") == 403
    assert await status(session, url, Sec_Fetch_Site="same-site") == 403


async def test_a_link_elsewhere_may_lead_to_the_page(
    server: Server, session: aiohttp.ClientSession
) -> None:
    url = f"{server.url}/?start=l_ktp-el"
    assert await status(session, url, Sec_Fetch_Site="cross-site") == 200


async def test_the_page_itself_and_programs_may_order(
    server: Server, session: aiohttp.ClientSession
) -> None:
    url = f"{server.url}/sim/reset"
    assert (
        await status(session, url, "POST", Origin=server.url, Sec_Fetch_Site="same-origin") == 200
    )
    assert await status(session, url, "POST") == 200


async def test_the_page_loads_nothing_from_elsewhere(
    server: Server, session: aiohttp.ClientSession
) -> None:
    async with session.get(server.url) as answer:
        policy = answer.headers["Content-Security-Policy"]
        text = await answer.text()
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert "//" not in text


async def test_every_file_of_the_page_is_served_with_its_kind(
    server: Server, session: aiohttp.ClientSession
) -> None:
    for name, kind in (
        ("app.js", "text/javascript"),
        ("page.css", "text/css"),
        ("icon.svg", "image/svg+xml"),
        ("index.html", "text/html"),
    ):
        async with session.get(f"{server.url}/page/{name}") as answer:
            assert (answer.status, answer.content_type) == (200, kind)
    assert await status(session, f"{server.url}/page/../front.py") == 404


async def test_loopback_of_the_sixth_version_has_its_page_too(
    world: World, session: aiohttp.ClientSession
) -> None:
    server = await serve(world, host="::1")
    assert await status(session, server.url) == 200
    await server.close()
