"""`puas check` of the ports that `puas run` opens: health, and the pages for a browser."""

from __future__ import annotations

import errno
import ipaddress
import re
import socket
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

from bot.monitoring import endpoints
from office.config import Config
from scoring import os_reasons

SECONDS = 10  # that anything asked over the network may take
OK, BAD, HINT = "✓", "✗", "–"
HEALTH, PAGES = "Kesehatan", "Halaman survei"
OURS = re.compile(r'<link rel="stylesheet" href="/gaya-[0-9a-f]+\.css">')  # on every page
RUNNING = "puas run sedang berjalan dan menjawab."
MOST = 65536  # bytes read of an answer


@dataclass(frozen=True, slots=True)
class Line:
    """What is said of one part, and how it stands."""

    mark: str
    part: str
    text: str

    def __str__(self) -> str:
        return f"{self.mark} {self.part}: {self.text}"


Standing = Callable[[HTTPStatus, str], Line | None]  # None: something else answers


def health(config: Config) -> Iterator[Line]:
    """Where health is told."""
    place = config.health
    if place.port is None:
        yield Line(HINT, HEALTH, "tidak dibuka; isi health.port bila program ini dipantau.")
        return
    if config.telegram.mode == "webhook" and place.port == config.telegram.webhook_port:
        yield Line(BAD, HEALTH, "health.port sama dengan telegram.webhook_port; pilih porta lain.")
        return
    yield _standing(HEALTH, "health", place.listen, place.port, "/healthz", _health_says)
    if not _is_loopback(place.listen):
        told = f"terbaca dari luar komputer ini ({place.listen}); batasi dengan firewall."
        yield Line(HINT, HEALTH, told)


def pages(config: Config) -> Iterator[Line]:
    """Where the survey's pages are opened, and who can open them."""
    place = config.web
    if place.port is None:
        if place.public_url:
            told = (
                "web.public_url terisi, jadi poster memuatnya, tetapi web.port kosong; isi porta."
            )
            yield Line(BAD, PAGES, told)
            return
        told = "tidak dibuka; isi web.port supaya survei dapat diisi di browser dan di loket."
        yield Line(HINT, PAGES, told)
        return
    if place.port in _other_ports(config):
        yield Line(BAD, PAGES, "web.port sama dengan porta lain di pengaturan; pilih porta lain.")
        return
    standing = _standing(PAGES, "web", place.listen, place.port, "/", _pages_say)
    yield standing
    in_office = not _is_loopback(place.listen)
    if in_office:
        address = f"http://{_own_address(place.listen)}:{place.port}/kios/LAYANAN"
        told = f"layar loket dibuka dengan {address} dari jaringan kantor; batasi dengan firewall."
        yield Line(OK, PAGES, told)
    if place.public_url:
        yield from _public(place.public_url, running=standing.text == RUNNING)
        if not place.proxies:
            told = 'web.proxies kosong; isi alamat server web di depannya, misalnya ["127.0.0.1"].'
            yield Line(HINT, PAGES, told)
    elif not in_office:
        told = (
            "hanya terbuka di komputer ini: isi web.public_url untuk warga, web.listen untuk loket."
        )
        yield Line(HINT, PAGES, told)


def _other_ports(config: Config) -> set[int | None]:
    webhook = config.telegram.webhook_port if config.telegram.mode == "webhook" else None
    return {config.health.port, webhook}


def _public(address: str, *, running: bool) -> Iterator[Line]:
    """Whether the address of the citizens leads to these pages."""
    if not address.startswith("https://"):
        told = "web.public_url bukan https://; jawaban warga terbaca di tengah jalan."
        yield Line(HINT, PAGES, told)
    if not running:
        yield Line(OK, PAGES, f"warga membuka {address}.")
    elif _shows_pages(address):
        yield Line(OK, PAGES, f"warga membuka {address}; alamat itu menjawab.")
    else:
        told = (
            f"{address} tidak menjawab dari komputer ini; periksa nama, sertifikat dan server web."
        )
        yield Line(HINT, PAGES, told)


def _shows_pages(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/", timeout=SECONDS) as answer:  # noqa: S310 # http(s), by the config
            return OURS.search(answer.read(MOST).decode("utf-8", "replace")) is not None
    except (OSError, HTTPException):
        return False


def _own_address(listen: str) -> str:
    """The address of this computer in its network; nothing is sent to find it."""
    if listen not in ("0.0.0.0", "::"):  # noqa: S104 # nothing is opened here
        return f"[{listen}]" if ":" in listen else listen
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "ALAMAT-KOMPUTER-INI"
        return str(probe.getsockname()[0])


def _health_says(status: HTTPStatus, answer: str) -> Line | None:
    first = answer.split("\n")[0]
    if status == HTTPStatus.OK and first == endpoints.WELL:
        return Line(OK, HEALTH, "puas run sedang berjalan dan sehat.")
    if status == HTTPStatus.SERVICE_UNAVAILABLE and first:
        return Line(HINT, HEALTH, f"puas run sedang berjalan; {first}.")
    return None


def _pages_say(status: HTTPStatus, answer: str) -> Line | None:
    if OURS.search(answer) is None:
        return None
    if status == HTTPStatus.OK:
        return Line(OK, PAGES, RUNNING)
    return Line(HINT, PAGES, f"puas run sedang berjalan, tetapi menjawab {status}.")


def _standing(part: str, section: str, listen: str, port: int, path: str, says: Standing) -> Line:
    """Whether a port is free, ours already, or taken."""
    family = socket.AF_INET6 if ":" in listen else socket.AF_INET
    try:
        socket.create_server((listen, port), family=family).close()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            why = os_reasons.reason(error)
            return Line(
                BAD, part, f"{listen}:{port} tidak dapat dipakai ({why}); periksa {section}."
            )
        taken = f"porta {port} dipakai program lain; pilih {section}.port lain."
        return _answered(listen, port, path, says) or Line(BAD, part, taken)
    return Line(OK, part, f"{listen}:{port} bebas; dibuka saat puas run.")


def _answered(listen: str, port: int, path: str, says: Standing) -> Line | None:
    """What the running program says of itself; None: something else has the port."""
    with closing(HTTPConnection(listen, port, timeout=SECONDS)) as connection:
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return says(HTTPStatus(answer.status), answer.read(MOST).decode("utf-8", "replace"))
        except (OSError, HTTPException, ValueError):
            return None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
