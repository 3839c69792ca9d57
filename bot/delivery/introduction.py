"""What the bot says of itself where a chat is empty: its name and descriptions, from the office's.

Telegram allows few changes of the name a day, so only what differs from the last one is set.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from telegram import Bot
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.delivery import menus, refusals
from office.office import Do, Office
from office.words.all_words import CitizenWords
from office.words.text import Text, cut
from storage.database import Db
from storage.settings import office_facts, program_state

log = structlog.get_logger()

LEASE = timedelta(minutes=10)  # for the calls of one process
PAUSE = timedelta(minutes=10)  # after a call that failed without a wait of its own

# The method's argument, its most UTF-16 units, its text; the name is last, its limit is hardest.
TEXTS: tuple[tuple[str, int, Callable[[CitizenWords], Text]], ...] = (
    ("description", 512, lambda words: words.bot_description),
    ("short_description", 120, lambda words: words.bot_short_description),
    ("name", 64, lambda words: words.bot_name),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One text in one language; an empty language is that of everybody else."""

    what: str
    language: str
    text: str

    @property
    def key(self) -> str:
        """Its key among the marks."""
        return f"{self.what}:{self.language}"

    @property
    def mark(self) -> str:
        """A digest of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Introduction:
    """Keeps the bot's own texts; `do` runs one transaction."""

    office: Office
    bot: Bot
    do: Do

    async def keep(self) -> None:
        """Set what differs from what was set last; wait as long as Telegram asks."""
        now = datetime.now(UTC)
        if not await self.office.read(partial(self._due, now=now)):
            return
        lines = await self.do(partial(self._claimed, now=now))
        marks, wait = {}, None
        for line in lines:
            wait = await self._refusal(line)
            if wait is not None:
                break
            marks[line.key] = line.mark
        until = None if wait is None else datetime.now(UTC) + wait
        bot_id = self.office.bot_id
        await self.do(lambda db: program_state.note_introduction(db, bot_id, marks, until))

    def _due(self, db: Db, now: datetime) -> list[Line]:
        """The lines to set now."""
        known = program_state.introduction(db, self.office.bot_id)
        if known.wait_until is not None and now < known.wait_until:
            return []
        lines = _lines(self.office, office_facts.name(db), known.marks)
        return [line for line in lines if known.marks.get(line.key) != line.mark]

    def _claimed(self, db: Db, now: datetime) -> list[Line]:
        """The same, and until the lease ends no other process sets them."""
        program_state.lock_introduction(db, self.office.bot_id)
        lines = self._due(db, now)
        if lines:
            program_state.note_introduction(db, self.office.bot_id, {}, now + LEASE)
        return lines

    async def _refusal(self, line: Line) -> timedelta | None:
        """Set one line; how long to wait when Telegram does not take it now.

        A text that Telegram refuses for good is noted like one it took: it would refuse it again.
        """
        method = getattr(self.bot, f"set_my_{line.what}")
        try:
            await method(line.text, language_code=line.language or None)
        except RetryAfter as error:
            return refusals.wait(error)
        except BadRequest as error:
            log.warning("introduction refused", what=line.what, error=error.message)
        except TelegramError as error:
            log.warning("introduction waits", what=line.what, error=type(error).__name__)
            return PAUSE
        return None


def _lines(office: Office, name: str, known: Iterable[str]) -> Iterator[Line]:
    """Every line; an empty one for a language that is offered no more."""
    kept = menus.languages(office.words.languages)
    for what, most, text in TEXTS:
        for language, code in kept.items():
            written = text(office.words.of(code)).plain(office=name)
            yield Line(what, language, cut(written, most))
    for key in known:
        what, _, language = key.partition(":")
        if language not in kept:
            yield Line(what, language, "")
