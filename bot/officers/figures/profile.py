"""/profil: the tugas and fungsi of the office, from the settings."""

from __future__ import annotations

from collections.abc import Sequence

from bot.turn.effects import Effect, Show
from bot.turn.events import Command
from bot.turn.routes import CommandRoute
from office.roles import READERS
from office.survey.screens import Screen
from office.turn import Turn
from office.words.all_words import Html, OfficeWords
from storage.settings import office_facts


def on_command(turn: Turn, command: Command) -> Sequence[Effect]:
    """/profil."""
    words = turn.office.words.iku
    profile = office_facts.profile(turn.db)
    office = office_facts.read(turn.db)
    text = words.profile(
        office=office.nama,
        jabatan=office.jabatan,
        kabupaten=office.kabupaten,
        kepala=Html(words.profile_kepala(kepala=office.kepala) if office.kepala else ""),
        tugas=Html(_numbered(turn, profile.tugas)),
        fungsi=Html(_numbered(turn, profile.fungsi)),
        source=profile.source,
    )
    return [Show(command.person.chat_id, Screen(text))]


def _numbered(turn: Turn, lines: Sequence[str]) -> str:
    words = turn.office.words.iku
    return "\n".join(words.profile_line(number=n, text=text) for n, text in enumerate(lines, 1))


COMMANDS: tuple[CommandRoute[OfficeWords], ...] = (
    CommandRoute("profil", lambda words: words.cmd_profil, READERS, on_command),
)
