"""/profil: the tugas and fungsi of the office, from the plan of this year, or the newest."""

from __future__ import annotations

from collections.abc import Sequence

from bot.turn.effects import Effect, Show
from bot.turn.events import Command
from bot.turn.turn import CommandRoute
from office.roles import READERS
from office.survey.screens import Screen
from office.turn import Turn
from office.words.all_words import Html, OfficeWords
from storage.planning import plans
from storage.settings import office_facts


def on_command(turn: Turn, command: Command) -> Sequence[Effect]:
    """/profil."""
    words = turn.office.words.iku
    year = turn.office.calendar.day(turn.now).year
    plan = plans.of_year(turn.db, year) or plans.newest(turn.db)
    office = office_facts.read(turn.db)
    head = office_facts.signatory(turn.db, "kepala", turn.office.calendar.day(turn.now))
    text = words.profile(
        office=office.nama,
        jabatan=office.jabatan,
        kabupaten=office.kabupaten,
        kepala=Html(words.profile_kepala(kepala=head.name) if head else ""),
        tugas=Html(_numbered(turn, plan.head.tugas)),
        fungsi=Html(_numbered(turn, plan.head.fungsi)),
        source=plan.head.source,
    )
    return [Show(command.person.chat_id, Screen(text))]


def _numbered(turn: Turn, lines: Sequence[str]) -> str:
    words = turn.office.words.iku
    return "\n".join(words.profile_line(number=n, text=text) for n, text in enumerate(lines, 1))


COMMANDS: tuple[CommandRoute[OfficeWords], ...] = (
    CommandRoute("profil", lambda words: words.cmd_profil, READERS, on_command),
)
