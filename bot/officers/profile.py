"""/profil: what the office is there for, from data."""

from __future__ import annotations

from collections.abc import Sequence

from bot.acts import Command
from bot.screens import Screen
from bot.texts import Html
from bot.turn import Effect, Show, Turn
from scoring.profile import Profile
from storage import offices
from storage.database import Db

SETTING = "profil"


def seed(db: Db, profile: Profile) -> None:
    """Keep the profile of an office that has none yet."""
    values = {
        f"{SETTING}.periode": list(profile.periode),
        f"{SETTING}.tugas": list(profile.tugas),
        f"{SETTING}.fungsi": list(profile.fungsi),
        f"{SETTING}.source": profile.source,
    }
    offices.seed_settings(db, values)


def on_command(turn: Turn, command: Command) -> Sequence[Effect]:
    """/profil."""
    spoken = turn.office.words.iku
    told = offices.settings(turn.db, f"{SETTING}.")
    office = offices.settings(turn.db, "office.")
    kepala = office.get("kepala")
    text = spoken.profile(
        office=office["nama"],
        jabatan=office["jabatan"],
        kabupaten=office["kabupaten"],
        kepala=Html(spoken.profile_kepala(kepala=kepala) if kepala else ""),
        tugas=Html(_numbered(turn, told["tugas"])),
        fungsi=Html(_numbered(turn, told["fungsi"])),
        source=told["source"],
    )
    return [Show(command.person.chat_id, Screen(text))]


def _numbered(turn: Turn, lines: Sequence[str]) -> str:
    spoken = turn.office.words.iku
    return "\n".join(spoken.profile_line(number=n, text=text) for n, text in enumerate(lines, 1))
