"""No log of the pages holds the address of a visitor, whatever he sends."""

from __future__ import annotations

import asyncio
import logging

import pytest

from office.config import Web
from tests.harness import Harness
from tests.kills import free_port
from web import server

HALF_A_FORM = (
    b"POST /isi HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\nContent-Length: 99\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\ntap="
)
NO_HTTP = b"\x16\x03\x01 GET / HTTP/9\r\n\r\n%s%s"
HALF_A_LINE = b"GET / HT%.0s%.0s"


@pytest.mark.slow
@pytest.mark.parametrize("sent", [HALF_A_FORM, NO_HTTP, HALF_A_LINE])
async def test_a_visitor_who_leaves_or_sends_nonsense_is_not_logged_with_his_address(
    sent: bytes, office: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    port = free_port()
    runner = await server.listen(Web(port=port), office.app.office, office.app.turns.answer)
    host = f"127.0.0.1:{port}".encode()
    with caplog.at_level(logging.INFO):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent % (host, host))
        await writer.drain()
        await asyncio.sleep(0.2)
        writer.close()
        await asyncio.sleep(0.2)
        await runner.cleanup()
    assert "127.0.0.1" not in caplog.text
