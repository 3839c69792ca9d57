"""Files that people sent: their content, and what is wrong with them as lines of a message."""

from __future__ import annotations

from collections.abc import Sequence

from telegram import Bot

from office.office import Office
from office.words.text import escaped, length

SECONDS = 60  # for the download of a file
MOST = 3000  # UTF-16 units of problems in one message


async def downloaded(bot: Bot, file_id: str) -> bytes:
    """The content of a file that was sent."""
    file = await bot.get_file(file_id)
    return bytes(await file.download_as_bytearray(read_timeout=SECONDS))


def listed(office: Office, lines: Sequence[str]) -> str:
    """As many problems as a message holds, and how many more there are."""
    shown: list[str] = []
    room = MOST
    for line in lines:
        room -= length(line) + 1
        if room < 0:
            shown.append(office.words.paper.paper_more(count=len(lines) - len(shown)))
            break
        shown.append(escaped(line))
    return "\n".join(shown)
