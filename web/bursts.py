"""Bursts: of many responses of one client within minutes the later ones are flagged, none refused.

A whole village may share the address of its mobile operator, so a burst is only counted apart.
What it takes is in the memory of this process alone, and is neither stored nor logged: for each
address a hash under a key of the process, and the times of its last responses.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

UNFLAGGED = 10  # responses of one client within this time; from the next one on they are flagged
WITHIN = timedelta(minutes=10)
MOST_CLIENTS = 10_000  # the one that was seen the longest ago is forgotten
SUBSCRIBER = 64  # bits of an IPv6 address that a provider gives to one subscriber


class Noted(NamedTuple):
    """A response of a client: since when it counts, its key, and whether it was flagged."""

    at: datetime
    key: int
    flagged: bool


@dataclass(slots=True)
class Bursts:
    """The clients of the last minutes; used in the writer thread alone."""

    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    _last: OrderedDict[bytes, deque[Noted]] = field(default_factory=OrderedDict, repr=False)

    def notes(self, address: str, key: int, now: datetime) -> bool:
        """Note that a response of this address counts from now on; whether it is of a burst.

        A turn that is tried again notes the response of this key once.
        """
        self._forget_old(now)
        client = hmac.digest(self._key, _network(address).encode(), "sha256")
        noted = self._last.setdefault(client, deque(maxlen=UNFLAGGED))
        for each in noted:
            if each.key == key:
                return each.flagged
        flagged = len(noted) == UNFLAGGED and now - noted[0].at < WITHIN
        noted.append(Noted(now, key, flagged))
        self._last.move_to_end(client)
        if len(self._last) > MOST_CLIENTS:
            self._last.popitem(last=False)
        return flagged

    def _forget_old(self, now: datetime) -> None:
        """Forget who sent nothing within the time; the clients stand in the order of their last."""
        while self._last:
            client, noted = next(iter(self._last.items()))
            if now - noted[-1].at < WITHIN:
                return
            del self._last[client]

    def __len__(self) -> int:
        """How many clients are known."""
        return len(self._last)


def _network(address: str) -> str:
    """What one subscriber cannot change: an IPv4 address, the network of an IPv6 address."""
    try:
        given = ipaddress.ip_address(address)
    except ValueError:
        return address
    if given.version == 4:
        return str(given)
    if given.ipv4_mapped is not None:
        return str(given.ipv4_mapped)
    return str(ipaddress.ip_network((int(given), SUBSCRIBER), strict=False))
