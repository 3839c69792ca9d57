"""Files that people sent: their content, what is wrong with them, and photos of a follow-up."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from telegram import Bot
from telegram.error import TelegramError

from bot.outbox.context import Context, Message
from bot.turn.effects import Effect
from office import notices
from office.office import Office
from office.outbox_bodies import FollowUpPhotoBody
from office.words.text import escaped, length
from reports import photos
from reports.rendering import PictureError
from storage import audit, follow_ups
from storage.database import Db
from storage.outbox import OutboxRow

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


async def photo(context: Context, row: OutboxRow, body: FollowUpPhotoBody) -> Message:
    """Download the photo and store it; whether the report shows it now."""
    words = context.office.words.paper
    try:
        content = await downloaded(context.bot, body.file)
        png = await asyncio.to_thread(photos.redrawn, content)
    except (TelegramError, PictureError):
        return Message(words.photo_not_stored())
    now = context.office.clock()

    def add(db: Db) -> bool:
        line = follow_ups.by_id(db, body.line)
        if line is None or follow_ups.photo_count(db, line.id) >= photos.EACH:
            return False
        follow_ups.add_photo(db, line.id, png, row.chat_id, now)
        audit.record(db, now, row.chat_id, "tambah_foto", f"tindak lanjut no. {line.id}")
        return True

    return Message(words.photo_stored() if await context.do(add) else words.photo_not_added())


def photo_not_sent(
    db: Db, office: Office, row: OutboxRow, _body: FollowUpPhotoBody | None
) -> Sequence[Effect]:
    """Tell the sender of a photo that its result was not sent."""
    notices.tell(db, row.chat_id, office.words.paper.photo_not_stored(), office.clock())
    return ()
