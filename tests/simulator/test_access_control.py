"""Access control: programs on this computer, and no web page but the simulator's own."""

from __future__ import annotations

import aiohttp
import pytest

from simulator.http.server import Server, serve
from simulator.world import World
from tests.simulator.clients import TOKEN

pytestmark = pytest.mark.http

PATHS = ["/", "/page/app.js", "/sim/clock", f"/bot{TOKEN}/getMe"]


async def status(
    session: aiohttp.ClientSession, url: str, method: str = "GET", **headers: str
) -> int:
    """The status of the response to a request with these headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with session.request(method, url, headers=named) as answer:
        return answer.status


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "host", ["puas.contoh.id", "127.0.0.1.contoh.id:80", "192.168.1.9", "", "["]
)
async def test_a_host_that_is_not_loopback_is_refused(
    server: Server, session: aiohttp.ClientSession, path: str, host: str
) -> None:
    assert await status(session, server.url + path, Host=host) == 403


@pytest.mark.parametrize("host", ["localhost", "localhost:8081", "127.0.0.1:1", "[::1]:8081"])
async def test_a_loopback_host_is_served(
    server: Server, session: aiohttp.ClientSession, host: str
) -> None:
    assert await status(session, f"{server.url}/sim/clock", Host=host) == 200


@pytest.mark.parametrize("origin", ["https://contoh.id", "http://127.0.0.1:1", "null"])
async def test_a_request_from_another_origin_is_refused(
    server: Server, session: aiohttp.ClientSession, world: World, origin: str
) -> None:
    world.add_person(77)
    for method, path in (
        ("POST", "/sim/reset"),
        ("GET", "/sim/events"),
        ("POST", f"/bot{TOKEN}/getMe"),
    ):
        assert await status(session, server.url + path, method, Origin=origin) == 403
    assert 77 in world.state.people


async def test_a_cross_site_request_to_the_bot_api_is_refused(
    server: Server, session: aiohttp.ClientSession
) -> None:
    url = f"{server.url}/bot{TOKEN}/getMe"
    assert await status(session, url, Sec_Fetch_Site="cross-site") == 403
    assert await status(session, url, Sec_Fetch_Site="same-site") == 403


async def test_another_site_may_link_to_the_page(
    server: Server, session: aiohttp.ClientSession
) -> None:
    url = f"{server.url}/?start=l_ktp-el"
    assert await status(session, url, Sec_Fetch_Site="cross-site") == 200


async def test_the_page_itself_and_programs_may_use_the_sim_interface(
    server: Server, session: aiohttp.ClientSession
) -> None:
    url = f"{server.url}/sim/reset"
    assert (
        await status(session, url, "POST", Origin=server.url, Sec_Fetch_Site="same-origin") == 200
    )
    assert await status(session, url, "POST") == 200


async def test_the_page_loads_nothing_from_other_servers(
    server: Server, session: aiohttp.ClientSession
) -> None:
    async with session.get(server.url) as answer:
        policy = answer.headers["Content-Security-Policy"]
        text = await answer.text()
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert "//" not in text


async def test_every_file_of_the_page_is_served_with_its_content_type(
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
    assert await status(session, f"{server.url}/page/../chat_page.py") == 404


async def test_the_page_is_served_on_the_ipv6_loopback_address(
    world: World, session: aiohttp.ClientSession
) -> None:
    server = await serve(world, host="::1")
    assert await status(session, server.url) == 200
    await server.close()
