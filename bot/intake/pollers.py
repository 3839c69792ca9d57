"""Which processes of this database poll; any other program with our token is a stranger."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from bot.turn.queue import Turns
from office import notices
from office.office import Office
from storage.database import Db
from storage.settings import program_state

EVERY = 20.0  # seconds between two notes of a process that polls; a long poll takes 30
KNOWN = timedelta(seconds=90)  # how long a note is valid
GONE = timedelta(minutes=5)  # without a conflict: the stranger has stopped


@dataclass(slots=True)
class Pollers:
    """The processes that poll, as the database knows them; times are real ones."""

    office: Office
    turns: Turns
    name: str  # of this process
    stranger_seen: float | None = None  # the monotonic clock
    told: float | None = None  # when the admins were last to be told; the monotonic clock
    _noted: float | None = None

    async def note(self) -> None:
        """Note that this process polls; to be called before each poll."""
        if _is_due(self._noted):
            await self.turns.do(partial(self._note, real_now=datetime.now(UTC)))
            self._noted = time.monotonic()

    def _note(self, db: Db, real_now: datetime) -> None:
        program_state.note_poller(db, self.name, real_now, forget_before=real_now - KNOWN)

    async def meets_stranger(self) -> bool:
        """After another poll ended ours: whether no process of this database made it.

        The admins are notified once, until there was no conflict for five minutes.
        """
        real_now = datetime.now(UTC)
        others = partial(program_state.other_pollers, name=self.name, since=real_now - KNOWN)
        if await self.office.read(others):
            return False
        self.stranger_seen = time.monotonic()
        if _is_due(self.told):
            await self.turns.do(partial(self._tell, real_now=real_now))
            self.told = time.monotonic()
        return True

    def _tell(self, db: Db, real_now: datetime) -> None:
        before = program_state.note_stranger(db, real_now)
        if before is None or real_now - before > GONE:
            words = self.office.words.office
            notices.tell_admins(db, words.stranger_polls(), self.office.clock())

    def is_met(self, now: float) -> bool:
        """Whether a stranger polls at this moment of the monotonic clock."""
        seen = self.stranger_seen
        return seen is not None and now - seen <= GONE.total_seconds()


def _is_due(last: float | None) -> bool:
    return last is None or time.monotonic() - last >= EVERY
