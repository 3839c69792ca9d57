"""What a link to a bot may carry."""

import re

from simulator.refusal import Refused

_START = re.compile(r"/start(?:@\w+)? (\S+)")
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


def check_start(text: str) -> None:
    """Refuse a start payload no link can carry; a sentence after /start was typed by hand.

    Raises:
        Refused: the payload is over 64 characters or has others than `A-Za-z0-9_-`.
    """
    found = _START.fullmatch(text)
    if found and not _PAYLOAD.fullmatch(found[1]):
        raise Refused("a start payload has 1 to 64 of A-Za-z0-9_-")
