"""Which network locations are loopback addresses of this computer."""

import ipaddress
from functools import lru_cache
from urllib.parse import urlsplit


@lru_cache(maxsize=64)
def is_loopback(location: str) -> bool:
    """Whether `host` or `host:port` names a loopback address."""
    try:
        name = urlsplit(f"//{location}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
