"""What a bot's token looks like."""

import re

_TOKEN = re.compile(r"(\d{6,12}):[\w-]{30,}", re.ASCII)


def parse(token: str) -> int | None:
    """The bot's number; None when that is no token."""
    found = _TOKEN.fullmatch(token)
    return int(found[1]) if found else None
