"""What strangers may try at the pages: the lines of docs/explanation/security.md."""

from __future__ import annotations

import asyncio
import gzip
import io
import logging
import re
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
import structlog

from office import logs
from office.config import Web
from office.survey import views
from storage import catalogue
from tests.harness import Harness
from tests.kills import free_port
from tests.web.browser import Browser
from web import server, site, visitor

NINE = (4, 3, 4, 3, 4, 3, 4, 3, 4)
PUBLIC = "https://survei.pakong.example"
CLIENT = "203.0.113.77"

# --- another site -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://lain.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1"},
        {"Origin": PUBLIC},
        {"Origin": "", "Referer": "https://lain.example/isi"},
        {"Origin": "null", "Referer": "http://127.0.0.1/"},
        {"Origin": "", "Referer": "/isi"},
        {"Origin": "http://["},
        {"Origin": "", "Referer": "http://[/isi"},
    ],
    ids=lambda headers: " ".join(f"{key}={value}" for key, value in headers.items()),
)
@pytest.mark.parametrize("page", ["/isi", "/kios/ktp-el"])
async def test_a_form_that_another_site_sends_is_refused(
    browser: Browser, office: Harness, page: str, headers: dict[str, str]
) -> None:
    await browser.begins(page.replace("/isi", "/l/ktp-el"))
    browser.headers = headers
    await browser.answers(4)
    assert browser.status == 403
    browser.sees("Tombol itu tidak dapat dipakai dari sini")
    assert office.stored.answers() == []


async def test_a_form_of_an_old_browser_that_names_its_page_alone_is_taken(
    browser: Browser, office: Harness
) -> None:
    await browser.begins()
    browser.headers = {"Origin": "", "Referer": f"{browser.origin}/isi?bahasa=id"}
    await browser.answers(4)
    assert office.stored.answers() == [4]


async def test_no_other_site_may_show_the_pages_in_a_frame_or_run_a_script_in_them(
    browser: Browser,
) -> None:
    for path in ("/", "/l/ktp-el", "/isi", "/hasil", "/kios/ktp-el", "/tidak-ada", "/hapus"):
        await browser.opens(path)
        headers = browser.answered.headers
        assert headers["Cache-Control"] == "no-store"
        policy = dict(
            part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
        )
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert "script-src" not in policy
        assert "unsafe" not in str(policy)
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in headers


# --- the cookie ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "name", "place"), [("/l/ktp-el", "puas", "/"), ("/kios/ktp-el", "puas-kios", "/kios")]
)
async def test_no_cookie_is_set_before_a_person_agrees(
    browser: Browser, path: str, name: str, place: str
) -> None:
    for each in ("/", "/hasil", "/privasi", "/bahasa", "/isi", path):
        await browser.opens(each)
        assert browser.cookies == {}
    await browser.presses("English")
    assert browser.cookies == {}
    await browser.opens(path)
    async with browser.session.post(
        browser.origin + path,
        data={"tap": browser.tap("Setuju")},
        headers={"Origin": browser.origin},
        allow_redirects=False,
    ) as answered:
        cookie = answered.cookies[name]
    assert (cookie["path"], cookie["max-age"]) == (place, str(90 * 24 * 3600))
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", "")
    assert (cookie["domain"], answered.headers["Cache-Control"]) == ("", "no-store")
    assert re.fullmatch("[A-Za-z0-9_-]{24}", cookie.value)


async def test_over_https_the_cookie_is_for_https_alone(office: Harness) -> None:
    settings = Web(public_url=PUBLIC, proxies=("127.0.0.1",))
    async with Browser(office, settings=settings, headers={"Origin": PUBLIC}) as browser:
        await browser.opens("/l/ktp-el")
        async with browser.session.post(
            browser.origin + "/l/ktp-el",
            data={"tap": browser.tap("Setuju")},
            headers={"Origin": PUBLIC},
            allow_redirects=False,
        ) as answered:
            assert answered.cookies["puas"]["secure"] is True


async def test_a_cookie_that_we_never_set_is_nobodys(browser: Browser, office: Harness) -> None:
    for forged in ("x", "a" * 24 + "b", "a" * 23 + "é", "'; DROP TABLE response; --", "a" * 24):
        browser.headers = {"Cookie": f"puas={forged}"}
        await browser.opens("/isi")
        browser.sees("Tidak ada survei yang sedang diisi")
    assert office.stored.open_count() == 0


async def test_from_the_database_nobody_can_make_a_cookie(
    browser: Browser, office: Harness
) -> None:
    await browser.begins()
    await browser.answers(4)
    token, stored = browser.cookies["puas"], office.everything()
    person = visitor.person(office.app.office.secret, visitor.HOME, token)
    assert str(person) in stored
    assert token not in stored
    browser.forgets()
    browser.headers = {"Cookie": f"puas={person}"}
    await browser.opens("/isi")
    browser.sees("Tidak ada survei yang sedang diisi")


# --- what is typed ------------------------------------------------------------------------------

HOSTILE = (
    "</textarea></b><script>alert(1)</script><img src=x onerror=alert(1)> & \"kutip\" 'k' {saran}"
)


async def test_what_is_typed_and_named_is_text_on_every_page(
    browser: Browser, office: Harness
) -> None:
    await office.app.turns.do(lambda db: catalogue.add_service(db, 1, "aneh", HOSTILE))
    await browser.opens("/?hal=1")
    assert HOSTILE in browser.labels
    await browser.presses(HOSTILE)
    browser.sees(HOSTILE)
    await browser.presses("Setuju")
    browser.sees(HOSTILE)
    await browser.opens("/l/kk")
    browser.sees(HOSTILE)
    await browser.presses("Lanjutkan")
    await browser.answers(*NINE, 0, 0, 0, 0)
    await browser.presses("Tulis saran")
    await browser.presses("Simpan saran", HOSTILE)
    await browser.presses("Ubah saran")
    assert browser.page.fields["teks"] == HOSTILE
    await browser.presses("Simpan saran", HOSTILE * 20)
    assert browser.page.fields["teks"] == HOSTILE * 20
    await browser.presses("Tidak jadi")
    await browser.presses("Kirim")
    browser.sees(HOSTILE, "Tanda terima")
    assert office.stored.suggestions() == [HOSTILE]


async def test_what_an_address_says_is_shown_only_as_one_of_our_sentences(
    browser: Browser,
) -> None:
    for query in ("pesan=__class__", "pesan=consent", "pesan=%3Cscript%3E", "bahasa=../id"):
        await browser.opens(f"/?{query}")
        assert browser.status == 200
        assert 'class="notice"' not in browser.body
        assert "%3C" not in browser.body
    await browser.opens("/?cari=%3Cscript%3Ealert(1)%3C/script%3E")
    browser.sees("<script>alert(1)</script>")
    await browser.opens("/l/ktp-el?bahasa=%22%3E%3Cscript%3E&ke=%22%3E")
    assert "<script" not in browser.body
    for path in ("/kabar/privacy", "/kabar/error", "/kabar/__init__"):
        await browser.opens(path)
        browser.sees("Layanan pada tautan itu tidak ditemukan")


# --- the connection -----------------------------------------------------------------------------


@pytest.fixture
async def port(office: Harness, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """Where the real server listens, with short limits of time."""
    monkeypatch.setattr(server, "FIRST_REQUEST", 0.2)
    monkeypatch.setattr(server, "KEEP_ALIVE", 0.2)
    monkeypatch.setattr(server, "LINGERING", 0.1)
    monkeypatch.setattr(site, "BODY_SECONDS", 0.2)
    chosen = free_port()
    config = Web(port=chosen)
    runner = await server.listen(config, office.app.office, office.app.turns.answer)
    yield chosen
    await runner.cleanup()


async def said(port: int, request: bytes, then: bytes = b"", every: float = 0.0) -> bytes:
    """What the server answers until it closes the connection; `then` is sent again and again."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)

    async def trickles() -> None:
        while then:
            await asyncio.sleep(every)
            writer.write(then)
            await writer.drain()

    trickling = asyncio.create_task(trickles())
    try:
        async with asyncio.timeout(5):
            answer = b""
            with suppress(ConnectionError):
                while part := await reader.read(65536):
                    answer += part
            return answer
    finally:
        trickling.cancel()
        with suppress(asyncio.CancelledError, ConnectionError):
            await trickling
        writer.close()


def get(path: str, *headers: str, close: bool = True) -> bytes:
    """A request for a page."""
    lines = [f"GET {path} HTTP/1.1", "Host: kantor", *headers, *(["Connection: close"] * close)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def post(body: bytes, *headers: str, length: int | None = None) -> bytes:
    """A form."""
    lines = [
        "POST /isi HTTP/1.1", "Host: kantor", "Origin: http://kantor", "Connection: close",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body) if length is None else length}", *headers,
    ]  # fmt: skip
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


async def test_a_connection_that_sends_nothing_is_closed(port: int) -> None:
    assert await said(port, b"") == b""


async def test_headers_that_never_end_are_cut(port: int) -> None:
    assert await said(port, b"GET / HTTP/1.1\r\n", b"X-A: 1\r\n", every=0.05) == b""


async def test_headers_that_never_end_after_a_first_page_are_cut(port: int) -> None:
    first = get("/", close=False) + b"GET / HTTP/1.1\r\n"
    answer = await said(port, first, b"X-A: 1\r\n", every=0.05)
    assert answer.count(b"HTTP/1.1 200 OK") == 1


async def test_a_body_that_never_ends_is_cut(port: int, office: Harness) -> None:
    answer = await said(port, post(b"tap=", length=9000), b"x", every=0.05)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert "Kiriman terputus" in answer.decode()


@pytest.mark.parametrize(
    "request_",
    [
        get("/" + "x" * 5000),
        get("/", "X-A: " + "x" * 5000),
        get("/", *(f"X-{n}: 1" for n in range(100))),
        get("/", "Content-Length: x"),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
    ids=["a long line", "a long header", "many headers", "a wrong length", "TLS"],
)
async def test_a_request_beyond_the_limits_is_refused(port: int, request_: bytes) -> None:
    answer = await said(port, request_)
    assert re.match(rb"HTTP/1.[01] 400 ", answer)
    assert b"Traceback" not in answer


async def test_a_body_too_large_is_refused_before_it_is_read(port: int) -> None:
    answer = await said(port, post(b"tap=" + b"x" * 20_000, length=10**9))
    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_a_compressed_body_is_not_unpacked(port: int, office: Harness) -> None:
    bomb = gzip.compress(b"tap=" + b"x" * 20_000_000)[:16_000]
    answer = await said(port, post(bomb, "Content-Encoding: gzip"))
    assert answer.startswith(b"HTTP/1.1 303 ")
    assert b"toast_unknown" in answer


@pytest.mark.slow
async def test_slow_clients_keep_nobody_else_waiting(port: int) -> None:
    slow = [asyncio.create_task(said(port, post(b"t", length=9000))) for _ in range(200)]
    await asyncio.sleep(0.05)
    async with asyncio.timeout(2):
        assert (await said(port, get("/privasi"))).startswith(b"HTTP/1.1 200 OK")
    await asyncio.gather(*slow)


# --- the client's address -----------------------------------------------------------------------


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the program logs."""
    stream, configured = io.StringIO(), structlog.get_config()
    for name in ("handlers", "level"):
        monkeypatch.setattr(logging.root, name, getattr(logging.root, name))
    monkeypatch.setattr(structlog._config._CONFIG, "default_processors", configured["processors"])
    logs.set_up(stream=stream)
    return stream


async def test_neither_log_nor_database_has_an_address_of_a_client(
    port: int, office: Harness, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = f"X-Forwarded-For: {CLIENT}"
    await said(port, get("/l/ktp-el", seen))
    await said(port, get("/tidak-ada", seen))
    await said(port, get("/", seen, close=False) + get("/", "rusak " + CLIENT))
    await said(port, get("/", seen, f"Cookie: puas={CLIENT}" + "x" * 5000))
    taken = await said(port, post(b"tap=m.0.1.0.1", seen))
    assert b"Set-Cookie: puas=" in taken
    monkeypatch.setattr(views, "screen", None)
    assert (await said(port, get("/", seen))).startswith(b"HTTP/1.1 500 ")
    lines = logged.getvalue()
    assert "page failed" in lines
    for address in (CLIENT, "127.0.0.1"):
        assert address not in lines
        assert address not in office.everything()
    assert len(lines.splitlines()) == 1
