"""Sheets of unit heads: who would be invited, then one message with the links."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

from telegram.error import TelegramError

from bot.outbox.context import Context, Message
from bot.outbox.sent_files import downloaded, listed
from bot.turn.effects import Effect
from office import head_invitations, notices, routes, sheet_reader
from office.conversation import to
from office.head_invitations import HeadsSheetError, Listed
from office.office import Office
from office.outbox_bodies import HeadsFileBody
from office.survey.screens import Button, Screen
from office.words.all_words import Html
from office.words.text import cut
from scoring.period import day
from scoring.sheet import SheetError
from storage import invitations
from storage.database import Db
from storage.outbox import OutboxRow

NAME = 60  # UTF-16 units of a file's name


async def result(context: Context, row: OutboxRow, body: HeadsFileBody) -> Message:
    """Download the file and say who would be invited; or invite who was shown."""
    screen = await _result(context, row, body)
    return Message(screen.text, rows=screen.rows)


async def _result(context: Context, row: OutboxRow, body: HeadsFileBody) -> Screen:
    office, name = context.office, cut(body.name, NAME)
    try:
        data = await downloaded(context.bot, body.file)
    except TelegramError:
        return Screen(office.words.paper.paper_unreachable(file=name))
    try:
        book = await asyncio.to_thread(sheet_reader.parse, data)
        if body.shown is None:
            heads = await office.read(lambda db: head_invitations.listed(db, book))
            return _shown(office, row, heads)

        def invite(db: Db) -> Screen:
            found = head_invitations.listed(db, book)
            if head_invitations.fingerprint(found) != body.shown:  # the units were changed since
                return _shown(office, row, found)
            return _invited(db, office, found, row.chat_id)

        return await context.do(invite)
    except (HeadsSheetError, SheetError) as refusal:
        lines = refusal.lines if isinstance(refusal, HeadsSheetError) else [str(refusal)]
        text = office.words.head.heads_file_refused(file=name, lines=Html(listed(office, lines)))
        return Screen(text)


def _shown(office: Office, row: OutboxRow, heads: Sequence[Listed]) -> Screen:
    """Who would be invited, and the button that does it."""
    words = office.words.head
    lines = [
        words.heads_file_line.plain(title=_title(office, each))
        + (words.heads_file_led.plain() if each.led else "")
        for each in heads
    ]
    text = words.heads_file_shown(count=len(heads), lines=Html(listed(office, lines)))
    yes = Button(
        words.heads_file_yes(count=len(heads)),
        to(routes.INVITE_LISTED, row.id, head_invitations.fingerprint(heads)),
    )
    return Screen(text, ((yes,),))


def _invited(db: Db, office: Office, heads: Sequence[Listed], user_id: int) -> Screen:
    words = office.words.head
    until = day(office.calendar.day(office.clock() + invitations.LIFE))
    messages = "\n\n".join(_links(db, office, heads, user_id))
    return Screen(words.heads_invited(count=len(heads), until=until, links=Html(messages)))


def _links(db: Db, office: Office, heads: Sequence[Listed], user_id: int) -> Iterator[str]:
    words = office.words.head
    for each in heads:
        head_invitations.revoke_open(db, office, each.unit, user_id)
        title = words.head_of.plain(unit=each.unit.name)
        link = head_invitations.invite(db, office, each.unit, title, user_id)
        yield words.head_link(title=_title(office, each), link=link)


def _title(office: Office, head: Listed) -> str:
    title = office.words.head.head_of.plain(unit=head.unit.name)
    return f"{head.name} – {title}" if head.name else title


def not_sent(
    db: Db, office: Office, row: OutboxRow, body: HeadsFileBody | None
) -> Sequence[Effect]:
    """Tell the sender of a file that its result was not sent."""
    text = office.words.head.heads_file_not_sent(file=cut((body and body.name) or "", NAME))
    notices.tell(db, row.chat_id, text, office.clock())
    return ()
